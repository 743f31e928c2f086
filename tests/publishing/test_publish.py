"""From working copy to edition: the one way to the public."""

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.db import IntegrityError, connection, transaction

from articles.models import Article, Desk, Edition, EditionText, Listing, Outbox, Publication, User
from articles.publishing import (
    KindMissing,
    NotAllowed,
    NoteMissing,
    NoteUnusable,
    NothingChanged,
    NotReady,
    StaleDraft,
    issue_as_of,
    publish,
    records,
)
from articles.publishing.clock import database_now
from articles.publishing.freeze import fingerprint, freeze
from tests import factories
from tests.factories import change, make_article, notices, public, publish_again


def test_the_first_publication_makes_edition_1_with_its_lists_and_its_outbox_row(article: Article, editor: User):
    edition = publish(article, seen=article.version, by=editor)

    assert (edition.number, edition.kind, edition.previous_digest) == (1, Edition.Kind.INITIAL, "")
    assert public(article).edition == edition
    assert Listing.objects.filter(publication__article=article, kind="site").count() == 1
    assert Outbox.objects.get(edition=edition).done_at
    article.refresh_from_db()
    assert article.stage == Article.Stage.PUBLISHED


def test_an_edition_holds_every_word_of_the_story(editor: User, desk: Desk):
    article = factories.publish_article(
        editor,
        kicker="上朗縣",
        standfirst="比去年早五天。",
        tags=["青稞", "秋收"],
        topic=factories.make_topic("青稞秋收"),
    )
    content = public(article).edition.text.read()

    assert content["headline"] == "青稞開鐮"
    assert content["kicker"] == "上朗縣"
    assert content["standfirst"] == "比去年早五天。"
    assert content["body"].startswith("<p>上朗縣的青稞開鐮了。</p>")
    assert [tag["name"] for tag in content["tags"]] == ["青稞", "秋收"]
    assert content["topic"]["name"] == "青稞秋收"
    assert [credit["name"] for credit in content["credits"]] == ["達珍"]
    assert content["code"] == article.code


def test_the_digest_can_be_computed_anew_from_content_and_salt(published: Article, editor: User):
    second = publish_again(published, by=editor, headline="青稞開鐮了")
    first = Edition.objects.get(article=published, number=1)

    for edition, previous in ((first, ""), (second, first.digest)):
        text = EditionText.objects.get(edition=edition)
        assert edition.content_digest == records.salted(text.content, text.salt)
        assert edition.digest == records.digest(records.of_edition(edition, code=published.code, notices=[]))
        assert edition.previous_digest == previous


def test_a_second_edition_needs_a_kind(published: Article, editor: User):
    changed = change(published, by=editor, headline="青稞開鐮了")
    with pytest.raises(KindMissing):
        publish(changed, seen=changed.version, by=editor)
    with pytest.raises(KindMissing):
        publish(changed, seen=changed.version, by=editor, kind="initial")
    assert Edition.objects.filter(article=published).count() == 1


def test_an_update_needs_a_public_note(published: Article, editor: User):
    changed = change(published, by=editor, headline="青稞開鐮了")
    with pytest.raises(NoteMissing):
        publish(changed, seen=changed.version, by=editor, kind="update", note="  \n ")

    edition = publish(changed, seen=changed.version, by=editor, kind="update", note="補入收成。")
    assert notices(edition) == ["補入收成。"]


@pytest.mark.parametrize("note", ["更\x00新", "更\u202e新", "長" * 1001])
def test_a_note_that_cannot_be_shown_is_refused(note: str, published: Article, editor: User):
    changed = change(published, by=editor, headline="青稞開鐮了")
    with pytest.raises(NoteUnusable):
        publish(changed, seen=changed.version, by=editor, kind="update", note=note)


def test_two_library_entries_of_one_image_keep_their_own_words(editor: User, desk: Desk):
    upload = factories.image_bytes()
    lead = factories.make_picture(editor, upload=upload, alt="甲", credit="甲攝")
    inside = factories.make_picture(editor, upload=upload, alt="乙", credit="乙攝")
    body = f'<p>正文。</p><figure data-picture="{inside.pk}"><figcaption>田裡。</figcaption></figure>'
    article = factories.publish_article(editor, lead_picture=lead, body=body)
    pictures = public(article).edition.text.read()["pictures"]
    assert {(picture["alt"], picture["credit"]) for picture in pictures.values()} == {("甲", "甲攝"), ("乙", "乙攝")}


def test_a_typo_needs_no_note_and_shows_none(published: Article, editor: User):
    edition = publish_again(published, by=editor, kind="typo", note="不該出現", headline="青稞開鐮了")
    assert edition.text.read()["notices"] == []


def test_notices_never_disappear(published: Article, editor: User):
    publish_again(published, by=editor, kind="update", note="第一次更新。", headline="青稞開鐮了")
    edition = publish_again(published, by=editor, kind="typo", headline="青稞今天開鐮了")
    assert notices(edition) == ["第一次更新。"]


def test_the_same_words_make_no_second_edition(published: Article, editor: User):
    with pytest.raises(NothingChanged):
        publish(published, seen=published.version, by=editor, kind="update", note="什麼都沒變。")


@pytest.mark.parametrize("part", ["body", "channel", "source", "credits"])
def test_an_incomplete_story_is_not_published_and_the_editor_is_told_what_is_missing(
    part: str, editor: User, desk: Desk
):
    article = make_article(editor, **{part: {"body": "", "credits": []}.get(part)})
    with pytest.raises(NotReady) as refused:
        publish(article, seen=article.version, by=editor)
    assert len(refused.value.missing) == 1
    assert not Publication.objects.filter(article=article).exists()


def test_a_reporter_does_not_publish(article: Article, reporter: User):
    with pytest.raises(NotAllowed):
        publish(article, seen=article.version, by=reporter)


def test_an_editor_of_another_desk_does_not_publish(article: Article, stranger: User):
    with pytest.raises(NotAllowed):
        publish(article, seen=article.version, by=stranger)


def test_somebody_disabled_does_not_publish(article: Article, editor: User):
    editor.is_active = False
    with pytest.raises(NotAllowed):
        publish(article, seen=article.version, by=editor)


@pytest.mark.parametrize("seen", [0, -1, 2, 99])
def test_a_version_that_does_not_stand_is_not_published(seen: int, article: Article, editor: User):
    with pytest.raises(StaleDraft):
        publish(article, seen=seen, by=editor)
    assert not Edition.objects.filter(article=article).exists()


def test_words_that_changed_since_the_editor_saw_them_are_not_published(article: Article, editor: User):
    """A name or a picture's text changes without a new version of the story."""
    shown = fingerprint(freeze(Article.objects.with_parts().get(pk=article.pk)))
    article.channel.name = "改了名的頻道"
    article.channel.save()
    with pytest.raises(StaleDraft):
        publish(article, seen=article.version, by=editor, words=shown)
    assert not Edition.objects.filter(article=article).exists()


def test_what_failed_halfway_has_not_happened(article: Article, editor: User, monkeypatch: pytest.MonkeyPatch):
    def break_off(*_args: object, **_values: object) -> None:
        raise RuntimeError("the power failed")

    monkeypatch.setattr(Outbox.objects, "create", break_off)
    with pytest.raises(RuntimeError), transaction.atomic():
        publish(article, seen=article.version, by=editor)
    assert not Edition.objects.filter(article=article).exists()
    assert not Publication.objects.filter(article=article).exists()


def test_changing_every_part_of_the_working_copy_changes_nothing_public(published: Article, editor: User):
    before = public(published)
    listed = list(Listing.objects.filter(publication=before).values_list("kind", "target"))
    change(
        published,
        by=editor,
        headline="別的標題",
        body="<p>別的正文。</p>",
        kicker="別的",
        channel=factories.make_channel("別的頻道"),
        source=factories.make_source("別的來源"),
        topic=factories.make_topic("別的專題"),
        tags=["別的"],
        credits=[(factories.make_person("別人").pk, "editor")],
        lead_picture=factories.make_picture(editor),
    )
    after = public(published)

    assert after.edition.text.content == before.edition.text.content
    assert after.card == before.card
    assert (after.channel_id, after.source_id, after.topic_id) == (before.channel_id, before.source_id, before.topic_id)
    assert list(Listing.objects.filter(publication=after).values_list("kind", "target")) == listed


def test_a_story_that_moves_to_another_channel_keeps_its_code_and_leaves_the_old_list(published: Article, editor: User):
    old, new = published.channel, factories.make_channel("天氣")
    publish_again(published, by=editor, channel=new)

    assert public(published).code == published.code
    on = set(Listing.objects.filter(kind="channel").values_list("target", flat=True))
    assert new.pk in on
    assert old.pk not in on


def test_a_story_stands_on_the_lists_of_all_channels_above_its_own(editor: User, desk: Desk):
    top = factories.make_channel("農牧")
    below = factories.make_channel("青稞", parent=top)
    article = factories.publish_article(editor, channel=below)
    on = set(Listing.objects.filter(publication__article=article, kind="channel").values_list("target", flat=True))
    assert on == {top.pk, below.pk}


def test_renaming_what_a_story_names_leaves_its_words(published: Article):
    published.channel.name = "改了名的頻道"
    published.channel.save()
    content = public(published).edition.text.read()
    assert content["trail"][-1]["name"] == "農牧"


def test_first_publication_stands_while_editions_follow(published: Article, editor: User):
    first = public(published).first_published_at
    publish_again(published, by=editor, headline="青稞開鐮了")
    now = public(published)
    assert now.first_published_at == first
    assert now.published_at > first


class TestWhatTheDatabaseRefuses:
    """Also to whoever goes around the code."""

    def refused(self, statement: str, *values: object) -> None:
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)

    def test_changing_an_edition(self, published: Article):
        self.refused("UPDATE articles_edition SET kind = 'typo'")
        self.refused("UPDATE articles_edition SET published_at = published_at")

    def test_changing_the_text_of_an_edition(self, published: Article):
        self.refused("UPDATE articles_editiontext SET content = '{}'")

    def test_deleting_an_edition_or_its_text(self, published: Article):
        self.refused("DELETE FROM articles_editiontext")
        self.refused("DELETE FROM articles_edition")

    def test_emptying_the_tables(self, published: Article):
        if connection.vendor == "postgresql":  # SQLite has no TRUNCATE
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            self.refused("TRUNCATE articles_editiontext")
            self.refused("TRUNCATE articles_edition CASCADE")

    def test_deleting_a_story(self, article: Article):
        self.refused("DELETE FROM articles_article WHERE id = %s", article.pk)

    def test_changing_a_content_code(self, article: Article):
        self.refused("UPDATE articles_article SET code = 'zzzzzzzzzz' WHERE id = %s", article.pk)

    def test_two_editions_of_one_number(self, published: Article, editor: User):
        with pytest.raises(IntegrityError), transaction.atomic():
            Edition.objects.create(
                article=published, number=1, kind="initial", by=editor, published_at=database_now(), digest="0" * 64
            )

    def test_a_first_edition_that_is_not_initial_and_a_later_one_that_is(self, article: Article, editor: User):
        for number, kind, previous in ((1, "typo", ""), (2, "initial", "a" * 64), (2, "typo", "")):
            with pytest.raises(IntegrityError), transaction.atomic():
                Edition.objects.create(
                    article=article,
                    number=number,
                    kind=kind,
                    by=editor,
                    published_at=database_now(),
                    digest="1" * 64,
                    previous_digest=previous,
                )

    def test_two_editions_after_the_same_one(self, published: Article, editor: User):
        publish_again(published, by=editor, headline="青稞開鐮了")
        first = Edition.objects.get(article=published, number=1)
        with pytest.raises(IntegrityError), transaction.atomic():
            Edition.objects.create(
                article=published,
                number=3,
                kind="typo",
                by=editor,
                published_at=database_now(),
                digest="2" * 64,
                previous_digest=first.digest,
            )


class TestArchivesBroughtIn:
    """Loaders give stories the time that they had elsewhere; nobody rewrites history that way."""

    def test_keep_their_time(self, administrator: User, desk: Desk):
        then = database_now() - timedelta(days=400)
        article = factories.publish_article(administrator, at=then)
        assert public(article).first_published_at == then

    def test_do_not_come_from_the_future_or_before_the_last_edition(self, published: Article, administrator: User):
        changed = change(published, by=administrator, headline="青稞開鐮了")
        for at in (database_now() + timedelta(minutes=5), database_now() - timedelta(days=1)):
            with pytest.raises(ValueError, match="not between"):
                issue_as_of(changed, at=at, by=administrator, loaded_by=administrator, kind="typo")

    def test_are_for_administrators_alone(self, article: Article, chief: User):
        with pytest.raises(NotAllowed):
            issue_as_of(article, at=database_now(), by=chief, loaded_by=chief)


def test_a_picture_described_in_the_other_script_is_read_in_that_of_the_story(editor: User, desk: Desk):
    lead = factories.make_picture(
        editor, language="zh-Hans", alt="收获后的面粉", caption="磨面粉。", credit="白玛拉姆摄"
    )
    frozen = freeze(make_article(editor, lead_picture=lead, language="zh-Hant"))
    assert frozen["lead"]["caption"] == "磨麵粉。"
    [picture] = frozen["pictures"].values()
    assert (picture["alt"], picture["credit"]) == ("收穫後的麵粉", "白瑪拉姆攝")
    assert picture["language"] == "zh-Hant"


def test_pictures_are_public_only_once_a_story_shows_them(editor: User, desk: Desk, settings: LazySettings):
    from articles.models import private_store, public_store

    lead, inside = factories.make_picture(editor), factories.make_picture(editor)
    body = f'<p>正文。</p><figure data-picture="{inside.pk}"><figcaption>田裡。</figcaption></figure>'
    article = make_article(editor, lead_picture=lead, body=body)
    names = [*lead.files, *inside.files]
    assert all(private_store().exists(name) for name in names)
    assert not any(public_store().exists(name) for name in names)

    publish(article, seen=article.version, by=editor)
    assert all(public_store().exists(name) for name in names)
