"""Writing the working copy: nobody's text is overwritten, and nothing unusable is stored."""

import json
from dataclasses import replace
from functools import partial

import pytest
from django.core.exceptions import ValidationError

from articles.models import Article, Desk, User
from articles.publishing import NotAllowed, StaleDraft, begin_draft, publish, save_draft, versions
from tests import factories
from tests.conftest import Size
from tests.factories import change, draft_of, make_article, make_draft
from tests.harness.threads import at_once


def test_a_saved_draft_is_exactly_what_was_typed(reporter: User, desk: Desk):
    people = [(factories.make_person("達珍").pk, "editor"), (factories.make_person("尼瑪").pk, "author")]
    article = make_article(reporter, kicker="上朗縣", standfirst="導語。", tags=["青稞", "秋收"], credits=people)
    article = Article.objects.get(pk=article.pk)

    assert (article.headline, article.kicker, article.standfirst) == ("青稞開鐮", "上朗縣", "導語。")
    assert {tag.name for tag in article.tags.all()} == {"青稞", "秋收"}
    assert list(article.credits.values_list("person_id", "role")) == people
    assert (article.version, article.created_by, article.stage) == (1, reporter, Article.Stage.DRAFT)


def test_every_save_raises_the_version(article: Article, editor: User):
    assert change(article, by=editor, headline="甲").version == 2
    assert change(article, by=editor, headline="乙").version == 3


@pytest.mark.parametrize("seen", [0, -1, 2, 10**9])
def test_a_save_over_a_version_that_does_not_stand_is_refused(seen: int, article: Article, editor: User):
    with pytest.raises(StaleDraft):
        save_draft(article, seen=seen, by=editor, draft=replace(draft_of(article), headline="別的標題"))
    article.refresh_from_db()
    assert article.headline == "青稞開鐮"


def test_the_second_of_two_editors_is_refused_and_the_first_ones_text_stands(
    article: Article, editor: User, chief: User
):
    mine, theirs = replace(draft_of(article), headline="我的"), replace(draft_of(article), headline="她的")
    save_draft(article, seen=1, by=editor, draft=mine)
    with pytest.raises(StaleDraft) as refused:
        save_draft(article, seen=1, by=chief, draft=theirs)
    assert (refused.value.seen, refused.value.now) == (1, 2)
    article.refresh_from_db()
    assert article.headline == "我的"


def test_saving_a_public_story_marks_it_as_changed(published: Article, editor: User):
    assert change(published, by=editor, headline="改過的").stage == Article.Stage.CHANGED


def test_nobody_writes_at_a_desk_that_is_not_theirs(article: Article, stranger: User, desk: Desk):
    with pytest.raises(NotAllowed):
        begin_draft(by=stranger, draft=make_draft(desk=desk))
    with pytest.raises(NotAllowed):
        save_draft(article, seen=1, by=stranger, draft=draft_of(article))


def test_a_story_is_not_carried_to_a_desk_that_is_not_ones_own(article: Article, editor: User, stranger: User):
    theirs = stranger.memberships.get().desk
    with pytest.raises(NotAllowed):
        save_draft(article, seen=1, by=editor, draft=replace(draft_of(article), desk=theirs))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("headline", ""),
        ("headline", "   \n "),
        ("headline", "長" * 10_000),
        ("headline", "青\x00稞"),
        ("headline", "青\x7f稞"),
        ("headline", "青\ud800稞"),
        ("headline", "青\u202e稞"),
        ("kicker", "長" * 61),
        ("kicker", "\x00"),
        ("standfirst", "長" * 501),
        ("standfirst", "\u2066"),
        ("lead_caption", "\ud800"),
        ("language", "xx"),
        ("body", "<p>" + "長" * 2_000_000 + "</p>"),
        ("tags", ["長" * 300]),
        ("tags", ["青\x00稞"]),
        ("tags", ["😀"]),
        ("tags", [f"標籤{number}" for number in range(13)]),
    ],
)
def test_what_cannot_be_stored_is_refused_at_its_field(
    field: str, value: object, article: Article, editor: User, desk: Desk
):
    with pytest.raises(ValidationError) as refused:
        save_draft(article, seen=1, by=editor, draft=replace(draft_of(article), **{field: value}))
    assert list(refused.value.message_dict) == [field]
    assert all(refused.value.message_dict[field])
    article.refresh_from_db()
    assert article.version == 1


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  青稞　開鐮\n了 ", "青稞 開鐮 了"),
        ("好消息😀", "好消息😀"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("e\u0301", "é"),
    ],
)
def test_headlines_are_one_line_of_plain_text(typed: str, stored: str, article: Article, editor: User):
    assert change(article, by=editor, headline=typed).headline == stored


def test_the_body_is_sanitised_when_it_is_written(article: Article, editor: User):
    body = "<p onclick=x>字\x00\ud800</p><script>alert(1)</script><p><a href='javascript:x'>連</a></p>"
    assert change(article, by=editor, body=body).body == "<p>字</p><p><a>連</a></p>"


def test_tags_that_differ_only_in_vowel_signs_keep_addresses_of_their_own(article: Article, editor: User):
    change(article, by=editor, tags=["བོད", "བི་དུ"])
    assert {tag.slug for tag in Article.objects.get(pk=article.pk).tags.all()} == {"བོད", "བི་དུ"}


def test_of_many_who_save_at_once_exactly_one_is_accepted_each_round(
    committed_db: object, article: Article, editor: User, size: Size
):
    draft, sessions = draft_of(article), size(small=6, full=20)
    contents: list[str] = []
    for seen in range(1, 1 + size(small=5, full=50)):
        results = at_once(
            *(
                partial(
                    save_draft, article, seen=seen, by=editor, draft=replace(draft, headline=f"第{seen}輪第{number}人")
                )
                for number in range(sessions)
            )
        )
        accepted = [result for result in results if isinstance(result, Article)]
        refused = [result for result in results if isinstance(result, StaleDraft)]
        assert (len(accepted), len(refused)) == (1, sessions - 1), results
        article.refresh_from_db()
        assert article.headline == accepted[0].headline
        kept = article.versions.get(number=seen + 1)
        assert versions.article_at(article, kept).headline == accepted[0].headline
        assert json.loads(kept.content)["body"] == article.body
        contents.append(kept.content)
    assert list(article.versions.order_by("number").values_list("content", flat=True))[1:] == contents


def test_of_many_who_publish_at_once_exactly_one_makes_the_edition(
    committed_db: object, article: Article, editor: User, size: Size
):
    for round_ in range(1, 1 + size(small=4, full=40)):
        results = at_once(*[partial(publish, article, seen=article.version, by=editor, kind="typo")] * 6)
        made = [result for result in results if not isinstance(result, Exception)]
        assert len(made) == 1, results
        assert article.editions.count() == round_
        article = change(article, by=editor, headline=f"第{round_}次改")


def test_tags_that_differ_only_in_case_share_one_list(article: Article, editor: User):
    change(article, by=editor, tags=["Barley"])
    other = make_article(editor, tags=["BARLEY"])
    assert other.tags.get() == article.tags.get()


def test_a_body_that_grows_too_long_by_cleaning_is_refused(article: Article, editor: User):
    with pytest.raises(ValidationError) as refused:
        change(article, by=editor, body="<" * 199_000)
    assert list(refused.value.message_dict) == ["body"]
