"""A save that comes too late is refused with the text kept: mine, theirs, and both as one, to look through and save."""

import itertools
from typing import Any

import pytest
from django.test import Client

from articles.models import Article, Desk, User
from articles.publishing import StaleDraft, save_draft
from tests import factories
from tests.conftest import Case, CommittedDatabase, Size
from tests.desk.forms import Form, at_the_desk, open_form, shown_again
from tests.harness.once import on_postgresql
from tests.harness.threads import at_once

BODY = "<p>上朗縣的青稞開鐮了。</p><h2>收成</h2><p>比去年多兩成。</p>"
MINE = BODY.replace("比去年多兩成", "比去年多三成")
THEIRS = BODY.replace("青稞開鐮了", "青稞昨天開鐮了")
BOTH = MINE.replace("青稞開鐮了", "青稞昨天開鐮了")


@pytest.fixture
def form(editor: User, article: Article) -> Form:
    return open_form(at_the_desk(editor), f"/admin/articles/article/{article.pk}/change/", "article_form")


def late(form: Form, article: Article, chief: User, theirs: dict[str, Any], **mine: Any) -> Form:
    """The form as it comes back after somebody saved `theirs` meanwhile."""
    factories.change(article, by=chief, **theirs)
    return shown_again(form, form.send("_continue", **mine))


def test_changes_that_do_not_meet_are_one_save_away(form: Form, article: Article, chief: User):
    again = late(form, article, chief, {"body": THEIRS, "tags": ["收成"]}, body=MINE, kicker="農牧", tags="青稞")
    assert "dazhen saved at" in again.page.one("section.merge").words
    assert again["body"] == BOTH
    assert again["kicker"] == "農牧"
    assert again["tags"] == "青稞, 收成"
    assert not [name for name in again.values if name.startswith("pick-")]
    article.refresh_from_db()
    assert article.version == 2
    assert again.send("_continue").status_code == 302
    article.refresh_from_db()
    assert (article.version, article.body, article.kicker) == (3, BOTH, "農牧")
    assert article.versions.first().how == "merged"


def test_both_texts_are_shown_and_can_be_copied_whole(form: Form, article: Article, chief: User):
    again = late(form, article, chief, {"body": THEIRS, "headline": "她的標題"}, body=MINE, headline="我的標題")
    merge = again.page.one("section.merge")
    texts = [area.element.text.strip() for area in merge.all("textarea")]
    assert texts == ["我的標題", "她的標題", MINE, THEIRS]
    assert "我" in "".join(part.words for part in merge.all("ins"))
    assert again["headline"] == "我的標題"  # a line stays as it was typed, until somebody chooses


class TestAPlaceThatBothChanged:
    @pytest.fixture
    def again(self, form: Form, article: Article, chief: User, desk: Desk) -> Form:
        channel = factories.make_channel("體育")
        other = factories.make_channel("文化")
        return late(form, article, chief, {"headline": "青稞昨天開鐮", "channel": channel},
                    headline="青稞明天開鐮", channel=other.pk)  # fmt: skip

    def test_is_asked_for_before_anything_is_saved(self, again: Form, article: Article):
        refused = shown_again(again, again.send("_continue"))
        assert "You both changed the same place" in refused.page.one(".error-summary").words
        article.refresh_from_db()
        assert article.version == 2

    def test_is_what_was_picked(self, again: Form, article: Article):
        assert again.send("_continue", **{"pick-headline-0": "theirs", "pick-channel-0": "mine"}).status_code == 302
        article.refresh_from_db()
        assert (article.headline, article.channel.name, article.version) == ("青稞昨天開鐮", "文化", 3)

    def test_can_be_looked_at_first(self, again: Form, article: Article):
        picks = {"pick-headline-0": "theirs", "pick-channel-0": "theirs"}
        shown = shown_again(again, again.send("_pick", **picks))
        assert shown["headline"] == "青稞昨天開鐮"
        article.refresh_from_db()
        assert shown["channel"] == str(article.channel_id)
        assert shown["pick-headline-0"] == "theirs"
        other = shown_again(shown, shown.send("_pick", **{"pick-headline-0": "mine"}))
        assert other["headline"] == "青稞明天開鐮"
        article.refresh_from_db()
        assert article.version == 2

    def test_what_is_typed_while_choosing_stays(self, again: Form, article: Article):
        picks = {"pick-headline-0": "theirs", "pick-channel-0": "mine"}
        assert again.send("_continue", headline="青稞明天開鐮了！", **picks).status_code == 302
        article.refresh_from_db()
        assert article.headline == "青稞昨天開鐮了！"


def test_if_it_comes_too_late_again_the_same_happens_again(form: Form, article: Article, chief: User):
    again = late(form, article, chief, {"body": THEIRS}, body=MINE)
    third = late(again, article, chief, {"kicker": "她的"})
    assert (third["body"], third["kicker"], third["seen"]) == (BOTH, "她的", "3")
    assert third.send("_continue").status_code == 302
    article.refresh_from_db()
    assert (article.body, article.kicker, article.version) == (BOTH, "她的", 4)


def test_where_the_base_was_thinned_out_the_nearest_earlier_one_serves(form: Form, article: Article, chief: User):
    factories.change(article, by=chief, headline="青稞今天開鐮")
    form = open_form(form.client, form.path, "article_form")
    article.versions.filter(number=2).delete()
    again = late(form, article, chief, {"body": THEIRS}, body=MINE)
    assert (again["headline"], again["body"]) == ("青稞今天開鐮", BOTH)


@on_postgresql
def test_no_other_version_than_the_one_that_stands_is_taken(case: Case, form: Form, article: Article, chief: User):
    factories.change(article, by=chief, headline="她的標題")
    for seen in (None, "", "0", "1", "3", "-2", "99999999999999999999", "two", "2 ", "２", "\x00"):
        with case(seen=seen):
            again = shown_again(form, form.send("_continue", seen=seen, headline="我打的字"))
            assert "我打的字" in again.response.content.decode()
            assert "她的標題" in again.response.content.decode()
            article.refresh_from_db()
            assert (article.headline, article.version) == ("她的標題", 2)


@on_postgresql
def test_what_comes_along_may_be_anything(case: Case, form: Form, article: Article, chief: User):
    again = late(form, article, chief, {"headline": "青稞昨天開鐮"}, headline="青稞明天開鐮")
    values = ["", "{", "[]", "null", '{"headline": 1}', "\x00", "9" * 40, '{"headline": [1]}']
    for name, value in itertools.product(("merge_mine", "merge_shown", "merge_base", "pick-headline-0"), values):
        with case(name=name, value=value):
            assert again.send("_continue", **{name: value}).status_code in {200, 302}


def test_credits_of_both_are_kept(form: Form, article: Article, chief: User):
    mine, theirs = factories.make_person("尼瑪"), factories.make_person("白瑪")
    stands = [(one.person_id, one.role) for one in article.credits.all()]
    row = {"credits-1-person": mine.pk, "credits-1-role": "author", "credits-1-order": "2"}
    again = late(form, article, chief, {"credits": [*stands, (theirs.pk, "author")]}, **row)
    assert again.send("_continue").status_code == 302
    names = [one.person.name for one in article.credits.all()]
    assert names == ["達珍", "尼瑪", "白瑪"]


def test_of_many_saves_of_one_version_one_is_taken_and_none_is_lost(
    committed_db: CommittedDatabase, article: Article, editor: User, desk: Desk, size: Size
):
    """L1, L4: whoever saves, the history holds each accepted text, and every refused one was refused."""
    sessions, rounds = size(small=6, full=20), size(small=4, full=50)
    clients: list[Client] = [at_the_desk(factories.make_user(role="editor", desk=desk)) for _ in range(sessions)]
    path = f"/admin/articles/article/{article.pk}/change/"
    accepted: list[str] = []
    for round_ in range(rounds):
        forms = [open_form(client, path, "article_form") for client in clients]

        def send(number: int, form: Form, round_: int = round_) -> tuple[str, int]:
            text = f"<p>第{round_}輪{number}號。</p>"
            if number % 3 == 2:
                values = form.values | {"body": text, "tab": "x"}
                answer = form.client.post(path.replace("change", "autosave"), values)
                return text, 302 if answer.status_code == 200 and "version" in answer.json() else 200
            return text, form.send("_continue", body=text).status_code

        answers = at_once(*(lambda number=number, form=form: send(number, form) for number, form in enumerate(forms)))
        assert [one for one in answers if isinstance(one, Exception)] == []
        taken = [text for text, status in answers if status == 302]  # type: ignore[misc]
        assert len(taken) == 1
        accepted += taken
    kept = [version.read()["body"] for version in article.versions.order_by("number")]
    assert kept[1:] == accepted


def test_a_bulk_door_without_the_version_is_refused_too(article: Article, editor: User, chief: User):
    factories.change(article, by=chief, headline="她的標題")
    for seen in (0, 1, 3, -1, 10**12):
        with pytest.raises(StaleDraft):
            save_draft(article, seen=seen, by=editor, draft=factories.draft_of(article))
