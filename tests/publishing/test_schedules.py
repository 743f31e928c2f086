"""What goes out by itself: in the version that was scheduled, once, at its time, and only if it still may."""

import importlib
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import IntegrityError, connection, transaction

from articles.models import Alert, Article, Desk, Edition, Event, Membership, Publication, Schedule, User
from articles.publishing import (
    DuePassed,
    DueTooFar,
    Embargoed,
    KindMissing,
    MinuteTaken,
    NotAllowed,
    NotApproved,
    Note,
    NothingChanged,
    NotReady,
    PassageNotFound,
    ScheduleClosed,
    StaleDraft,
    WrongMissing,
    cancel_schedule,
    disable,
    move_schedule,
    publish,
    run_due,
    schedule,
    set_embargo,
)
from articles.publishing.clock import database_now
from articles.publishing.schedules import FURTHEST, late, overdue
from tests import factories

ZONE = "Asia/Shanghai"
Stage = Article.Stage
State = Schedule.State


def minute(**ahead: float) -> datetime:
    """A whole minute from now; `minutes=1` is the next one but one at the latest."""
    return (database_now() + timedelta(**ahead)).replace(second=0, microsecond=0)


def scheduled(article: Article, by: User, due_at: datetime | None = None, **said: Any) -> Schedule:
    article.refresh_from_db()
    return schedule(article, seen=article.version, by=by, due_at=due_at or minute(hours=1), zone=ZONE, **said)


def make_due(*rows: Schedule, ago: timedelta = timedelta(seconds=1)) -> None:
    """As if the time had come: these, or all that wait, in their order."""
    waiting = (
        Schedule.objects.filter(pk__in=[row.pk for row in rows]) if rows else Schedule.objects.filter(state="pending")
    )
    for place, row in enumerate(waiting.order_by("-due_at")):
        at = database_now() - ago - timedelta(minutes=place)
        Schedule.objects.filter(pk=row.pk).update(due_at=at, try_at=at)


def again(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


class TestScheduling:
    def test_keeps_the_version_the_time_and_who(self, article: Article, editor: User):
        due = minute(hours=2)
        row = scheduled(article, editor, due)
        assert (row.version.number, row.due_at, row.try_at, row.zone, row.by) == (1, due, due, ZONE, editor)
        assert again(article).stage == Stage.SCHEDULED
        event = Event.objects.filter(article=article).first()
        assert event
        assert (event.verb, event.thing, event.by) == ("scheduled", "version 1", editor)
        assert event.after.endswith(f" {ZONE}")

    def test_changes_nothing_public(self, article: Article, editor: User):
        scheduled(article, editor)
        assert not Edition.objects.exists()
        assert not Publication.objects.exists()
        assert not Event.objects.filter(verb="published").exists()

    @pytest.mark.parametrize("who", ["reporter", "stranger"])
    def test_takes_who_may_publish(self, who: str, article: Article, request: pytest.FixtureRequest):
        with pytest.raises(NotAllowed):
            scheduled(article, request.getfixturevalue(who))

    def test_takes_the_right_to_each_of_its_notices(self, published: Article, editor: User, chief: User):
        note = Note(kind="clarification", text="指上朗縣。")
        with pytest.raises(NotAllowed):
            scheduled(published, editor, noted=[note])
        with pytest.raises(NotAllowed):
            scheduled(published, chief, noted=[Note(kind="retraction", text="不成立。")])
        assert scheduled(published, chief, noted=[note]).by == chief

    def test_takes_an_approval_where_the_desk_wants_one(self, article: Article, editor: User):
        Desk.objects.update(approval=Desk.Approval.FIRST)
        with pytest.raises(NotApproved):
            scheduled(article, editor)
        Article.objects.update(stage=Stage.APPROVED, approved_by=editor, approved_version=1)
        assert scheduled(article, editor)

    def test_takes_the_version_that_stands(self, article: Article, editor: User):
        factories.change(article, by=editor, headline="改了")
        with pytest.raises(StaleDraft):
            schedule(article, seen=1, by=editor, due_at=minute(hours=1), zone=ZONE)

    @pytest.mark.parametrize(("ahead", "refusal"), [
        (timedelta(minutes=-1), DuePassed),
        (timedelta(0), DuePassed),
        (FURTHEST + timedelta(minutes=1), DueTooFar),
    ])  # fmt: skip
    def test_takes_a_time_to_come_and_not_too_far(
        self, ahead: timedelta, refusal: type[Exception], article: Article, editor: User
    ):
        with pytest.raises(refusal):
            scheduled(article, editor, minute() + ahead)
        assert not Schedule.objects.exists()

    @pytest.mark.parametrize("due", [datetime(2030, 1, 1, 12, 0), minute, "seconds"])
    def test_takes_a_minute_in_a_zone(self, due: Any, article: Article, editor: User):
        zone = "Asia/Nowhere" if due is minute else ZONE
        moment = due if isinstance(due, datetime) else minute(hours=1) + timedelta(seconds=due == "seconds")
        with pytest.raises(ValueError, match="minute of a zone"):
            schedule(article, seen=1, by=editor, due_at=moment, zone=zone)

    def test_refuses_what_publishing_would_refuse_then(self, article: Article, published: Article, editor: User):
        begun = factories.make_article(editor, desk=article.desk, body="")
        with pytest.raises(NotReady):
            scheduled(begun, editor)
        with pytest.raises(NothingChanged):
            scheduled(published, editor, kind="typo")
        with pytest.raises(KindMissing):
            scheduled(published, editor)
        with pytest.raises(WrongMissing):
            scheduled(published, editor, noted=[Note(kind="correction", now="對")])
        with pytest.raises(PassageNotFound):
            scheduled(published, editor, noted=[Note(kind="correction", was="錯", now="對", passage="不在文中")])
        with pytest.raises(StaleDraft):
            scheduled(article, editor, words="0" * 64)
        assert not Schedule.objects.exists()
        assert published.editions.count() == 1

    def test_refuses_a_time_before_the_embargo(self, article: Article, editor: User):
        until = minute(hours=2)
        set_embargo(article, by=editor, until=until, zone=ZONE)
        with pytest.raises(Embargoed, match=ZONE):
            scheduled(article, editor, until - timedelta(minutes=1))
        assert scheduled(article, editor, until)

    def test_happens_once_a_minute_on_one_story(self, article: Article, editor: User):
        due = minute(hours=1)
        scheduled(article, editor, due)
        factories.change(article, by=editor, headline="改了")
        with pytest.raises(MinuteTaken):
            scheduled(article, editor, due, kind="typo")
        assert scheduled(article, editor, due + timedelta(minutes=1), kind="typo")

    def test_of_a_second_one_before_the_first_edition_says_what_kind_it_will_be(self, article: Article, editor: User):
        scheduled(article, editor)
        factories.change(article, by=editor, headline="改了")
        with pytest.raises(KindMissing):
            scheduled(article, editor, minute(hours=2))
        scheduled(article, editor, minute(hours=2), kind="typo")
        make_due()
        assert run_due() == 2
        assert list(article.editions.order_by("number").values_list("kind", flat=True)) == ["initial", "typo"]


class TestCancelling:
    def test_lets_it_not_happen(self, article: Article, editor: User):
        row = scheduled(article, editor)
        cancel_schedule(row, by=editor)
        assert (again(row).state, again(row).closed_by) == (State.CANCELLED, editor)
        make_due(row)
        assert run_due() == 0
        assert not Edition.objects.exists()
        assert Event.objects.filter(verb="unscheduled", article=article).exists()

    def test_happens_once(self, article: Article, editor: User):
        row = scheduled(article, editor)
        cancel_schedule(row, by=editor)
        with pytest.raises(ScheduleClosed):
            cancel_schedule(row, by=editor)
        with pytest.raises(ScheduleClosed):
            move_schedule(row, by=editor, due_at=minute(hours=3), zone=ZONE)

    @pytest.mark.parametrize("who", ["reporter", "stranger"])
    def test_takes_who_may_publish(self, who: str, article: Article, editor: User, request: pytest.FixtureRequest):
        row = scheduled(article, editor)
        for step in (cancel_schedule, lambda row, by: move_schedule(row, by=by, due_at=minute(hours=3), zone=ZONE)):
            with pytest.raises(NotAllowed):
                step(row, by=request.getfixturevalue(who))

    @pytest.mark.parametrize(("before", "values"), [
        (Stage.DRAFT, {}),
        (Stage.REVIEW, {"submitted_by": True}),
        (Stage.APPROVED, {"submitted_by": True, "approved_by": True, "approved_version": 1}),
    ])  # fmt: skip
    def test_puts_the_story_back_where_it_stood(
        self, before: str, values: dict[str, Any], article: Article, editor: User
    ):
        people = {name: editor if value is True else value for name, value in values.items()}
        Article.objects.update(stage=before, **people)
        row = scheduled(article, editor)
        assert again(article).stage == Stage.SCHEDULED
        cancel_schedule(row, by=editor)
        assert again(article).stage == before

    def test_puts_a_public_story_back_where_it_stood(self, published: Article, editor: User, chief: User):
        row = scheduled(published, chief, noted=[Note(kind="clarification", text="指上朗縣。")])
        cancel_schedule(row, by=chief)
        assert again(published).stage == Stage.PUBLISHED
        factories.change(published, by=editor, headline="改了")
        cancel_schedule(scheduled(published, editor, kind="typo"), by=editor)
        assert again(published).stage == Stage.CHANGED

    def test_leaves_it_scheduled_while_the_same_version_waits_for_another_time(self, article: Article, editor: User):
        row = scheduled(article, editor)
        scheduled(article, editor, minute(hours=2), kind="typo")
        cancel_schedule(row, by=editor)
        assert again(article).stage == Stage.SCHEDULED


class TestMoving:
    def test_gives_it_another_time(self, article: Article, editor: User, chief: User):
        row = scheduled(article, editor)
        due = minute(hours=5)
        move_schedule(row, by=chief, due_at=due, zone="Asia/Kathmandu")
        row = again(row)
        assert (row.due_at, row.try_at, row.zone, row.by) == (due, due, "Asia/Kathmandu", editor)
        event = Event.objects.filter(article=article).first()
        assert event
        assert (event.before[-len(ZONE) :], event.after[-len("Asia/Kathmandu") :]) == (ZONE, "Asia/Kathmandu")

    def test_keeps_to_what_scheduling_keeps_to(self, article: Article, editor: User):
        row, other = scheduled(article, editor), scheduled(article, editor, minute(hours=2), kind="typo")
        with pytest.raises(MinuteTaken):
            move_schedule(row, by=editor, due_at=other.due_at, zone=ZONE)
        with pytest.raises(DuePassed):
            move_schedule(row, by=editor, due_at=minute(), zone=ZONE)
        with pytest.raises(DueTooFar):
            move_schedule(row, by=editor, due_at=minute(days=800), zone=ZONE)
        cancel_schedule(other, by=editor)
        Article.objects.update(embargo_until=row.due_at, embargo_zone=ZONE)
        with pytest.raises(Embargoed):
            move_schedule(row, by=editor, due_at=row.due_at - timedelta(minutes=1), zone=ZONE)
        assert move_schedule(row, by=editor, due_at=row.due_at, zone="UTC").zone == "UTC"


class TestAtItsTime:
    def test_it_goes_out_as_the_one_who_scheduled_it(self, article: Article, editor: User):
        row = scheduled(article, editor)
        make_due()
        assert run_due() == 1
        edition = article.editions.get()
        assert (edition.kind, edition.by, edition.outbox.done_at is not None) == ("initial", editor, True)
        row = again(row)
        assert (row.state, row.edition, row.error, row.closed_at is not None) == (State.DONE, edition, "", True)
        assert again(article).stage == Stage.PUBLISHED

    def test_and_not_before(self, article: Article, editor: User):
        row = scheduled(article, editor)
        soon = database_now() + timedelta(seconds=30)
        Schedule.objects.filter(pk=row.pk).update(due_at=soon, try_at=soon)
        assert run_due() == 0
        assert not Edition.objects.exists()

    def test_and_not_again(self, article: Article, editor: User):
        scheduled(article, editor)
        make_due()
        assert [run_due(), run_due()] == [1, 0]
        assert article.editions.count() == 1

    def test_it_goes_out_in_the_version_that_was_scheduled(self, article: Article, editor: User):
        people = [(factories.make_person("尼瑪").pk, "author"), (factories.make_person("達珍").pk, "editor")]
        factories.change(article, by=editor, headline="定時的標題", tags=["青稞"], credits=people)
        scheduled(article, editor)
        factories.change(article, by=editor, headline="後來的標題", tags=[], credits=people[:1], channel=None)
        make_due()
        run_due()
        content = article.editions.get().text.read()
        assert content["headline"] == "定時的標題"
        assert [tag["name"] for tag in content["tags"]] == ["青稞"]
        assert len(content["credits"]) == 2
        now = again(article)
        assert (now.headline, now.stage) == ("後來的標題", Stage.CHANGED)
        assert factories.public(article).draft_version == 2

    def test_it_is_the_same_edition_as_if_it_were_published_by_hand(self, editor: User, desk: Desk):
        picture = factories.make_picture(editor)
        people = [(factories.make_person().pk, role) for role in ("author", "editor")]
        parts = {"kicker": "上朗縣", "tags": ["青稞", "秋收"], "lead_picture": picture, "lead_caption": "開鐮。",
                 "topic": factories.make_topic(), "desk": desk, "credits": people,
                 "channel": factories.make_channel(parent=factories.make_channel())}  # fmt: skip
        by_hand, by_itself = (factories.make_article(editor, **parts) for _ in range(2))
        publish(by_hand, seen=1, by=editor)
        scheduled(by_itself, editor)
        make_due()
        run_due()
        first, second = (article.editions.get().text.read() for article in (by_hand, by_itself))
        own = {"code", "published_at", "first_published_at", "number"}
        assert {name: value for name, value in first.items() if name not in own} == {
            name: value for name, value in second.items() if name not in own
        }

    def test_several_changes_go_out_one_after_the_other(self, published: Article, editor: User):
        for number in range(3):
            factories.change(published, by=editor, headline=f"第{number}次改")
            note = Note(kind="update", text=f"第{number}次。")
            scheduled(
                published, editor, minute(hours=number + 1), **({"noted": [note]} if number else {"kind": "typo"})
            )
        make_due()
        assert run_due() == 3
        said = [edition.text.read()["headline"] for edition in published.editions.order_by("number")]
        assert said[1:] == ["第0次改", "第1次改", "第2次改"]
        assert factories.notices(published.editions.get(number=4)) == ["第2次。", "第1次。"]

    def test_its_notices_say_what_was_said_of_the_edition_that_stood_then(self, published: Article, editor: User):
        factories.change(published, by=editor, body="<p>上朗縣的青稞昨天開鐮了。</p>")
        note = Note(kind="correction", was="今天", now="昨天", passage="上朗縣的青稞開鐮了。", cause="numbers",
                    weight="serious")  # fmt: skip
        row = scheduled(published, editor, minute(hours=2), noted=[note])
        factories.change(published, by=editor, headline="另改")
        publish(published, seen=3, by=editor, kind="typo")
        assert again(row).error == "edition 2"  # an older version does not go out after a newer one
        scheduled(published, editor, minute(hours=2), noted=[replace(note, wrong=1)])
        make_due()
        assert run_due() == 1
        notice = published.corrections.get()
        assert (notice.wrong.number, notice.weight, notice.cause, notice.right.number) == (1, "serious", "numbers", 3)
        assert notice.text.read()["passage"][0]["exact"] == "上朗縣的青稞開鐮了。"

    def test_a_newer_version_published_by_hand_ends_the_wait_of_an_older_one(self, article: Article, editor: User):
        row = scheduled(article, editor)
        factories.change(article, by=editor, headline="更新的標題")
        publish(article, seen=2, by=editor)
        assert (again(row).state, again(row).error) == (State.CANCELLED, "edition 1")
        assert again(article).stage == Stage.PUBLISHED

    def test_an_older_version_published_first_leaves_the_newer_one_waiting(self, article: Article, editor: User):
        scheduled(article, editor, minute(hours=1))
        factories.change(article, by=editor, headline="更新的標題")
        later = scheduled(article, editor, minute(hours=2), kind="typo")
        make_due(Schedule.objects.earliest("due_at"))
        assert run_due() == 1
        assert again(later).state == State.PENDING
        assert again(article).stage == Stage.SCHEDULED

    def test_the_scheduler_is_told(self, article: Article, editor: User):
        row = scheduled(article, editor)
        make_due()
        run_due()
        alert = Alert.objects.get(user=editor)
        assert (alert.kind, alert.target) == ("published", row.pk)


class TestWhatCannotBe:
    def test_who_was_shut_out_meanwhile_publishes_nothing_and_the_chiefs_are_told(
        self, article: Article, editor: User, chief: User, administrator: User
    ):
        row = scheduled(article, editor)
        disable(editor, by=administrator)
        make_due()
        assert run_due() == 0
        row = again(row)
        assert (row.state, bool(row.error), Edition.objects.exists()) == (State.FAILED, True, False)
        assert again(article).stage == Stage.DRAFT
        assert Event.objects.filter(verb="schedule-failed", article=article).exists()
        told = Alert.objects.get()
        assert (told.user, told.kind, told.target) == (chief, "schedule-failed", row.pk)

    def test_who_lost_the_right_to_publish_publishes_nothing(self, article: Article, editor: User):
        row = scheduled(article, editor)
        Membership.objects.filter(user=editor).update(role="reporter")
        make_due()
        assert run_due() == 0
        assert again(row).state == State.FAILED

    def test_the_sentence_is_in_the_language_of_who_scheduled_it(self, article: Article, editor: User):
        editor.language = "en"
        editor.save()
        row = scheduled(article, editor)
        Membership.objects.filter(user=editor).update(role="reporter")
        make_due()
        run_due()
        assert again(row).error.startswith("Your role at this desk does not allow this.")

    def test_what_readers_see_already_is_not_published_again(self, published: Article, editor: User):
        factories.change(published, by=editor, headline="改了")
        scheduled(published, editor, minute(hours=1), kind="typo")
        factories.change(published, by=editor, headline="青稞開鐮")
        later = scheduled(published, editor, minute(hours=2), kind="typo")
        cancel_schedule(Schedule.objects.earliest("due_at"), by=editor)
        make_due(later)
        assert run_due() == 0
        assert again(later).state == State.CANCELLED
        assert published.editions.count() == 1

    @pytest.mark.parametrize("act", ["retraction", "takedown"])
    def test_a_withdrawal_ends_every_publication_that_waits(
        self, act: str, published: Article, editor: User, chief: User
    ):
        factories.change(published, by=editor, headline="改了")
        row = scheduled(published, editor, kind="typo")
        factories.withdraw(published, by=chief, second=editor, act=act)
        assert (again(row).state, again(row).error) == (State.CANCELLED, "withdrawn")
        assert again(published).stage == Stage.CHANGED
        make_due(row)
        assert run_due() == 0

    def test_what_lies_under_embargo_by_then_fails(self, article: Article, editor: User):
        row = scheduled(article, editor)
        make_due()
        Article.objects.update(embargo_until=database_now() + timedelta(hours=1), embargo_zone=ZONE)
        assert run_due() == 0
        assert (again(row).state, ZONE in again(row).error) == (State.FAILED, True)
        assert not Edition.objects.exists()

    def test_an_erasure_ends_the_wait_and_takes_its_words(self, published: Article, editor: User, chief: User):
        factories.publish_again(published, by=editor, headline="改了")
        factories.change(published, by=editor, headline="又改")
        row = scheduled(published, editor, noted=[Note(kind="update", text="秘密")])
        factories.agree(factories.propose(published, act="erasure", by=chief, text="依法刪除。", reason="判決",
                                          erase={"editions": [1], "notices": []}), by=editor)  # fmt: skip
        row = again(row)
        assert (row.state, row.error, row.version, row.terms) == (State.CANCELLED, "erasure", None, "{}")


class TestWhatIsOvertaken:
    """By an edition that came before it."""

    @pytest.fixture
    def row(self, published: Article, chief: User) -> Schedule:
        factories.change(published, by=chief, body="<p>上朗縣的青稞昨天開鐮了。</p>")
        return scheduled(published, chief, noted=[Note(kind="correction", text="日期有誤。", was="今天", now="昨天")])

    def test_is_in_the_trail_and_told_where_readers_should_have_been_told(
        self, row: Schedule, published: Article, editor: User, chief: User
    ):
        factories.publish_again(published, by=editor, headline="青稞開鐮了")
        assert (again(row).state, again(row).error) == (State.CANCELLED, "edition 2")
        event = Event.objects.get(article=published, verb="unscheduled")
        assert (event.by, event.thing) == (editor, "version 2")
        assert [alert.user for alert in Alert.objects.filter(kind="schedule-failed")] == [chief]

    def test_without_a_notice_is_told_to_nobody(self, article: Article, editor: User, chief: User):
        scheduled(article, chief)
        publish(article, seen=1, by=editor)
        assert Event.objects.filter(article=article, verb="unscheduled").count() == 1
        assert not Alert.objects.filter(kind="schedule-failed").exists()

    def test_is_not_what_goes_out_just_then(self, article: Article, editor: User):
        scheduled(article, editor)
        make_due()
        assert run_due() == 1
        assert not Event.objects.filter(article=article, verb="unscheduled").exists()


def failing(*args: object, **kwargs: object) -> None:
    raise RuntimeError("the disk is full")


class Killed(BaseException):
    """What no `except Exception` sees, as little as the end of the process."""


class TestAFault:
    """Of the newsroom, not of the story."""

    @pytest.fixture
    def poisoned(self, article: Article, editor: User, monkeypatch: pytest.MonkeyPatch) -> Schedule:
        row = scheduled(article, editor)
        module = importlib.import_module("articles.publishing.run_due")
        whole = module.issue

        def issue(article: Article, **said: Any) -> Edition:
            if article.pk == row.article_id:
                raise RuntimeError("the disk is full")
            return whole(article, **said)

        monkeypatch.setattr(module, "issue", issue)
        return row

    def test_does_not_hold_the_others(self, poisoned: Schedule, editor: User):
        other = factories.make_article(editor, headline="另一篇")
        scheduled(other, editor, minute(hours=2))
        make_due()
        assert run_due() == 1
        assert other.editions.count() == 1
        row = again(poisoned)
        assert (row.state, row.attempts, "the disk is full" in row.error) == (State.PENDING, 1, True)
        assert row.try_at > database_now()

    def test_is_tried_five_times_with_growing_waits_and_then_told(
        self, poisoned: Schedule, article: Article, editor: User, chief: User
    ):
        make_due()
        waits = []
        for attempt in range(1, 6):
            assert run_due() == 0
            row = again(poisoned)
            assert row.attempts == attempt
            waits.append((row.try_at - database_now()).total_seconds())
            Schedule.objects.filter(pk=row.pk).update(try_at=database_now())
        assert waits[:4] == sorted(waits[:4])
        assert again(poisoned).state == State.FAILED
        assert {alert.user for alert in Alert.objects.filter(kind="schedule-failed")} == {editor, chief}
        assert again(article).stage == Stage.DRAFT
        assert run_due() == 0
        assert again(poisoned).attempts == 5

    def test_that_ends_the_workers_process_holds_no_other_and_ends_too(
        self, article: Article, editor: User, chief: User, monkeypatch: pytest.MonkeyPatch
    ):
        User.objects.filter(pk=editor.pk).update(language="en")
        row, other = scheduled(article, editor), factories.make_article(editor, headline="另一篇")
        module = importlib.import_module("articles.publishing.run_due")
        whole = module.issue

        def issue(story: Article, **said: Any) -> Edition:
            if story.pk == article.pk:
                raise Killed
            return whole(story, **said)

        monkeypatch.setattr(module, "issue", issue)
        make_due()
        with pytest.raises(Killed):
            run_due()
        scheduled(other, editor, minute(hours=2))
        make_due(Schedule.objects.get(article=other))
        assert run_due() == 1
        assert other.editions.count() == 1
        for attempt in range(2, 6):
            Schedule.objects.filter(pk=row.pk).update(try_at=database_now())
            with pytest.raises(Killed):
                run_due()
            assert (again(row).state, again(row).attempts) == (State.PENDING, attempt)
        Schedule.objects.filter(pk=row.pk).update(try_at=database_now())
        assert run_due() == 0
        assert (again(row).state, again(row).attempts) == (State.FAILED, 5)
        assert "process" in again(row).error
        assert {alert.user for alert in Alert.objects.filter(kind="schedule-failed")} == {editor, chief}
        assert run_due() == 0

    def test_is_not_what_somebody_at_the_desk_does_just_then(
        self, article: Article, editor: User, monkeypatch: pytest.MonkeyPatch
    ):
        row, later = scheduled(article, editor), minute(hours=9)
        module = importlib.import_module("articles.publishing.run_due")
        whole = module._do

        def moved(begun: Schedule) -> Edition | None:
            Schedule.objects.filter(pk=begun.pk).update(due_at=later, try_at=later, attempts=0)
            return whole(begun)

        monkeypatch.setattr(module, "_do", moved)
        make_due()
        assert run_due() == 0
        assert (again(row).state, again(row).attempts, again(row).try_at) == (State.PENDING, 0, later)

    def test_that_passes_lets_it_go_out(self, poisoned: Schedule, monkeypatch: pytest.MonkeyPatch, article: Article):
        make_due()
        run_due()
        monkeypatch.undo()
        Schedule.objects.update(try_at=database_now())
        assert run_due() == 1
        assert (again(poisoned).state, again(poisoned).error) == (State.DONE, "")
        assert article.editions.count() == 1

    def test_of_what_follows_a_publication_leaves_it_done(self, article: Article, editor: User, settings: LazySettings):
        settings.AFTER_COMMIT = [f"{__name__}.failing"]
        row = scheduled(article, editor)
        make_due()
        assert run_due() == 1
        assert again(row).state == State.DONE
        assert article.editions.get().outbox.done_at is None

    def test_is_overdue_after_a_minute(self, poisoned: Schedule):
        make_due(ago=timedelta(seconds=50))
        assert not overdue()
        make_due(ago=timedelta(seconds=62))
        assert overdue()
        assert [row.pk for row in late()] == [poisoned.pk]


class TestWhatTheDatabaseRefuses:
    def refused(self, statement: str) -> None:
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)

    def test_what_is_done_without_its_edition_and_what_waits_without_a_version(self, article: Article, editor: User):
        scheduled(article, editor)
        self.refused("UPDATE articles_schedule SET state = 'done'")
        self.refused("UPDATE articles_schedule SET version_id = NULL")

    def test_deleting_a_schedule(self, article: Article, editor: User):
        scheduled(article, editor)
        self.refused("DELETE FROM articles_schedule")
