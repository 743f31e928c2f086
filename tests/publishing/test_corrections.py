"""Editions after the first: their kinds, who may make them, the notices they bring, and what keeps them as they are."""

import importlib
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from articles.models import Article, Correction, Duty, Edition, ErrorReport, Event, Publication, User
from articles.publishing import (
    EditionPassed,
    KindMissing,
    NotAllowed,
    Note,
    NoteMissing,
    NoteUnusable,
    NothingChanged,
    PassageNotFound,
    RightMissing,
    StaleDraft,
    Told,
    Withdrawn,
    WrongEdition,
    WrongMissing,
    accept,
    publish,
    records,
    report_error,
)
from articles.publishing.ledger.seal import seal
from tests import factories

CORRECTION: dict[str, Any] = {"kind": "correction", "was": "今天開鐮", "now": "昨天開鐮"}


def give(article: Article, *notes: dict[str, Any], by: User, **changed: Any) -> Edition:
    """Change the working copy and publish it with notices."""
    article = factories.change(article, by=by, **({"body": "<p>上朗縣的青稞昨天開鐮了。</p>"} | changed))
    return publish(article, seen=article.version, by=by, noted=[Note(**note) for note in notes])


def notice(edition: Edition, place: int = 1) -> Correction:
    return edition.corrections.select_related("text").get(place=place)


class TestWhoMayDoWhat:
    TABLE = {
        "typo": {"editor", "chief", "administrator"},
        "update": {"editor", "chief", "administrator"},
        "correction": {"editor", "chief", "administrator"},
        "clarification": {"chief", "administrator"},
        "editors-note": {"chief", "administrator"},
        "retraction": set(),  # those take two: withdraw.py
        "takedown": set(),
    }

    @pytest.mark.parametrize("who", ["reporter", "editor", "chief", "administrator", "stranger"])
    @pytest.mark.parametrize("kind", TABLE)
    def test_by_kind_and_role(self, kind: str, who: str, published: Article, editor: User, request: Any):
        user = request.getfixturevalue(who)
        article = factories.change(published, by=editor, headline="青稞昨天開鐮")
        note = {"kind": kind, "text": "說明。", "was": "今天", "now": "昨天"}
        told = {"kind": "typo"} if kind == "typo" else {"noted": [Note(**note, ground="legal" * (kind == "takedown"))]}
        if who in self.TABLE[kind]:
            assert publish(article, seen=article.version, by=user, **told).kind == kind
        else:
            with pytest.raises(NotAllowed):
                publish(article, seen=article.version, by=user, **told)
            assert published.editions.count() == 1

    def test_one_notice_that_takes_a_chief_makes_the_whole_edition_take_one(self, published: Article, editor: User):
        with pytest.raises(NotAllowed):
            give(published, CORRECTION, {"kind": "clarification", "text": "說明。"}, by=editor)
        assert published.editions.count() == 1


class TestWhatIsDemanded:
    @pytest.mark.parametrize(
        ("note", "refusal"),
        [
            ({"kind": "update"}, NoteMissing),
            ({"kind": "clarification", "text": " \n "}, NoteMissing),
            ({"kind": "editors-note"}, NoteMissing),
            ({"kind": "correction", "now": "昨天"}, WrongMissing),
            ({"kind": "correction", "was": "今天", "now": " "}, RightMissing),
            (CORRECTION | {"text": "長" * 1001}, NoteUnusable),
            (CORRECTION | {"was": "今\u202e天"}, NoteUnusable),
            (CORRECTION | {"passage": "不在文中的話"}, PassageNotFound),
            (CORRECTION | {"wrong": 7}, WrongEdition),
        ],
    )
    def test_of_each_kind(self, note: dict[str, Any], refusal: type[Exception], published: Article, chief: User):
        with pytest.raises(refusal):
            give(published, note, by=chief)
        assert published.editions.count() == 1
        assert not Correction.objects.exists()

    def test_a_correction_may_do_without_a_note(self, published: Article, editor: User):
        words = notice(give(published, CORRECTION, by=editor)).text.read()
        assert (words["was"], words["now"], words["text"]) == ("今天開鐮", "昨天開鐮", "")

    def test_a_kind_but_initial(self, published: Article, editor: User):
        article = factories.change(published, by=editor, headline="青稞昨天開鐮")
        for kind in (None, "", "initial", "nonsense"):
            with pytest.raises((KindMissing, ValueError)):
                publish(article, seen=article.version, by=editor, kind=kind, note="說明。")
        assert published.editions.count() == 1

    @pytest.mark.parametrize("kind", ["typo", "update"])
    def test_new_words_where_the_kind_says_that_there_are(self, kind: str, published: Article, editor: User):
        with pytest.raises(NothingChanged):
            publish(published, seen=published.version, by=editor, kind=kind, note="什麼都沒變。")

    def test_no_new_words_of_a_clarification(self, published: Article, chief: User):
        note = Note(kind="clarification", text="指的是上朗縣。")
        assert publish(published, seen=published.version, by=chief, noted=[note]).number == 2


class TestSeveralNotices:
    def test_stand_in_their_order_and_the_edition_is_of_the_gravest_kind(self, published: Article, chief: User):
        update = {"kind": "update", "text": "補入收成。"}
        edition = give(published, update, CORRECTION, {"kind": "clarification", "text": "指上朗縣。"}, by=chief)
        assert edition.kind == "correction"
        kinds = list(edition.corrections.order_by("place").values_list("place", "kind"))
        assert kinds == [(1, "update"), (2, "correction"), (3, "clarification")]
        entries = edition.text.read()["notices"]
        assert [(one["number"], one["place"], one["kind"]) for one in entries] == [(2, *one) for one in kinds]

    @pytest.mark.parametrize(
        ("kinds", "gravest"),
        [
            (["update", "clarification"], "clarification"),
            (["correction", "update"], "correction"),
            (["clarification", "correction"], "correction"),
            (["editors-note", "correction"], "editors-note"),
        ],
    )
    def test_the_gravest_of_each_pair(self, kinds: list[str], gravest: str, published: Article, chief: User):
        notes = [{"kind": kind, "text": "說明。", "was": "甲", "now": "乙"} for kind in kinds]
        assert give(published, *notes, by=chief).kind == gravest

    def test_one_that_is_refused_holds_them_all(self, published: Article, chief: User):
        with pytest.raises(RightMissing):
            give(published, {"kind": "update", "text": "補入。"}, CORRECTION | {"now": ""}, by=chief)
        assert not Correction.objects.exists()
        assert published.editions.count() == 1


class TestANotice:
    def test_ties_the_wrong_edition_to_the_right_one_with_its_passage(self, published: Article, editor: User):
        body = "<p>上朗縣的青稞昨天開鐮了。</p><h2>收成</h2><p>比去年多兩成。</p>"
        edition = give(published, CORRECTION | {"passage": "青稞開鐮了"}, by=editor, body=body)
        one = notice(edition)
        assert (one.wrong.number, one.right, one.article) == (1, edition, published)
        quoted, position = one.text.read()["passage"]
        assert quoted["exact"] == "青稞開鐮了"
        assert position == {"type": "TextPositionSelector", "start": 4, "end": 9}
        assert one.text.read()["passage_now"][0]["exact"] == "青稞昨天開鐮了"

    def test_may_be_about_an_earlier_edition_than_the_standing_one(self, published: Article, editor: User):
        factories.publish_again(published, by=editor, body="<p>青稞還沒有開鐮。</p>")
        edition = give(published, CORRECTION | {"wrong": 1, "passage": "上朗縣的青稞開鐮了"}, by=editor)
        assert (notice(edition).wrong.number, edition.number) == (1, 3)

    def test_stands_on_top_where_its_kind_says_so(self, published: Article, chief: User):
        edition = give(published, {"kind": "editors-note", "text": "說明。"}, CORRECTION, by=chief)
        assert [one.weight for one in edition.corrections.order_by("place")] == ["serious", "ordinary"]

    def test_supersedes_an_earlier_one_which_stays(self, published: Article, editor: User):
        first = notice(give(published, CORRECTION, by=editor))
        again = CORRECTION | {"now": "前天開鐮", "supersedes": first}
        edition = give(published, again, by=editor, body="<p>上朗縣的青稞前天開鐮了。</p>")
        assert notice(edition).supersedes == first
        entries = edition.text.read()["notices"]
        assert [one["supersedes"] for one in entries] == [first.digest, ""]
        assert Correction.objects.filter(pk=first.pk).exists()

    def test_of_another_story_is_not_superseded(self, published: Article, editor: User):
        other = factories.publish_article(editor, headline="別的稿子")
        foreign = notice(give(other, CORRECTION, by=editor))
        with pytest.raises(WrongEdition):
            give(published, CORRECTION | {"supersedes": foreign}, by=editor)

    def test_keeps_its_words_apart_from_its_digest(self, published: Article, editor: User):
        one = notice(give(published, CORRECTION | {"text": "謹此更正。"}, by=editor))
        assert one.text_digest == records.salted(one.text.content, one.text.salt)
        assert "謹此更正" not in one.right.text.content

    def test_moves_the_time_of_the_last_public_change_and_a_typo_does_not(self, published: Article, editor: User):
        factories.publish_again(published, by=editor, kind="typo", headline="青稞開鐮了")
        before = factories.public(published)
        assert before.changed_at == before.first_published_at
        edition = give(published, CORRECTION, by=editor)
        after = factories.public(published)
        assert (after.changed_at, after.notice) == (edition.published_at, notice(edition))

    def test_is_in_the_audit_trail(self, published: Article, editor: User):
        give(published, CORRECTION, by=editor)
        event = Event.objects.filter(article=published).first()
        assert event
        assert (event.verb, event.thing, event.by) == ("published", "edition 2 correction", editor)


class TestTheReportsThatLedToIt:
    @pytest.fixture
    def report(self, published: Article, editor: User) -> ErrorReport:
        told = Told(wrong="不是今天。", right="是昨天。")
        sent = report_error(published, number=1, told=told, sender="192.0.2.1", language="zh-hant").report
        accept(sent, by=editor)
        return sent

    def test_are_closed_by_it(self, report: ErrorReport, published: Article, editor: User):
        edition = give(published, CORRECTION | {"reports": [report]}, by=editor)
        report.refresh_from_db()
        assert (report.state, report.correction) == ("corrected", notice(edition))
        assert report.corrected_at == edition.published_at
        assert Event.objects.filter(verb="corrected", thing=f"report {report.reference}").exists()

    def test_of_another_story_are_refused(self, report: ErrorReport, editor: User):
        other = factories.publish_article(editor, headline="別的稿子")
        with pytest.raises(WrongEdition):
            give(other, CORRECTION | {"reports": [report]}, by=editor)
        report.refresh_from_db()
        assert report.state == "accepted"


class TestASecondClick:
    """A notice needs no new words, so only the edition that was seen tells a second click from a second notice."""

    def test_publishes_nothing(self, published: Article, editor: User):
        given = {"seen": published.version, "by": editor, "noted": [Note(kind="correction", was="錯", now="對")]}
        publish(published, after=1, **given)
        with pytest.raises(EditionPassed):
            publish(published, after=1, **given)
        assert published.editions.count() == 2
        publish(published, after=2, **given)
        assert published.editions.count() == 3

    def test_of_a_first_edition_neither(self, article: Article, editor: User):
        publish(article, seen=article.version, by=editor, after=0)
        with pytest.raises(EditionPassed):
            publish(article, seen=article.version, by=editor, after=0)


def test_an_edition_is_later_than_the_one_before_also_when_the_clock_was_put_back(
    published: Article, editor: User, monkeypatch: pytest.MonkeyPatch
):
    first = published.editions.get()
    verb = importlib.import_module("articles.publishing.publish")
    monkeypatch.setattr(verb, "database_now", lambda: first.published_at - timedelta(hours=1))
    second = factories.publish_again(published, by=editor, headline="青稞開鐮啦")
    assert second.published_at > first.published_at


class TestAWithdrawnStory:
    @pytest.mark.parametrize("act", ["retraction", "takedown"])
    @pytest.mark.parametrize("kind", ["typo", "update", "correction", "clarification", "editors-note"])
    def test_is_not_published_by_one_alone(self, kind: str, act: str, published: Article, editor: User, chief: User):
        factories.withdraw(published, by=chief, second=editor, act=act)
        note = {} if kind == "typo" else {"noted": [Note(kind=kind, text="說明。", was="甲", now="乙")]}
        article = factories.change(published, by=chief, headline="又來了")
        with pytest.raises(Withdrawn):
            publish(article, seen=article.version, by=chief, kind="typo" if kind == "typo" else None, **note)
        assert factories.public(published).state != Publication.State.STANDING


class TestWhatTheDatabaseRefuses:
    """Also to whoever goes around the code."""

    def refused(self, statement: str, *values: object) -> None:
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)

    @pytest.fixture
    def edition(self, published: Article, editor: User) -> Edition:
        return give(published, CORRECTION, by=editor)

    def test_changing_a_notice_or_its_words(self, edition: Edition):
        self.refused("UPDATE articles_correction SET kind = 'update'")
        self.refused("UPDATE articles_correction SET at = at")
        self.refused("UPDATE articles_correctiontext SET content = '{}'")

    def test_deleting_a_notice_or_its_words(self, edition: Edition):
        self.refused("DELETE FROM articles_correctiontext")
        self.refused("DELETE FROM articles_correction")

    def test_emptying_the_tables(self, edition: Edition):
        if connection.vendor == "postgresql":  # SQLite has no TRUNCATE
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            self.refused("TRUNCATE articles_correctiontext")
            self.refused("TRUNCATE articles_correction CASCADE")

    def test_deleting_what_others_rely_on(self, edition: Edition):
        assert Duty.objects.exists()
        assert Event.objects.exists()
        self.refused("DELETE FROM articles_duty")
        self.refused("DELETE FROM articles_event")
        self.refused("UPDATE articles_event SET verb = 'x'")

    def another(self, edition: Edition, **values: Any) -> None:
        like = notice(edition)
        columns = {
            name: getattr(like, name)
            for name in (
                "article",
                "right",
                "wrong",
                "kind",
                "weight",
                "field",
                "readers",
                "channel",
                "at",
                "by",
                "text_digest",
            )
        }
        with pytest.raises(IntegrityError), transaction.atomic():
            Correction.objects.create(**columns | {"place": 2, "digest": "0" * 64} | values)  # fmt: skip

    def test_a_notice_that_does_not_tie_two_editions_of_its_story_in_order(self, edition: Edition, editor: User):
        other = factories.publish_article(editor, headline="別的稿子")
        foreign = Edition.objects.get(article=other)
        self.another(edition, wrong=edition)
        self.another(edition, wrong=edition, right=Edition.objects.get(article=edition.article, number=1))
        self.another(edition, wrong=foreign)
        self.another(edition, article=other)

    def test_two_notices_in_one_place_unknown_kinds_and_takedowns_without_a_ground(self, edition: Edition):
        self.another(edition, place=1)
        self.another(edition, kind="typo")
        self.another(edition, kind="takedown", ground="")
        self.another(edition, ground="legal")

    @pytest.mark.parametrize("kind", ["retraction", "takedown"])
    def test_withdrawing_alone(self, kind: str, edition: Edition, editor: User):
        seal()
        for second in (None, edition.by_id):
            with pytest.raises(IntegrityError), transaction.atomic():
                Edition.objects.create(
                    article=edition.article, number=3, kind=kind, by=edition.by, second_id=second,
                    published_at=edition.published_at, digest="3" * 64, previous_digest=edition.digest,
                )  # fmt: skip


def test_a_notice_on_a_text_that_was_changed_meanwhile_is_refused(published: Article, editor: User, chief: User):
    seen = published.version
    factories.change(published, by=chief, headline="她的標題")
    with pytest.raises(StaleDraft):
        publish(published, seen=seen, by=editor, noted=[Note(**CORRECTION)])
