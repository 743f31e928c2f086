"""Fronts: arranged by who may, launched once, gone back to, and never left with what a story has withdrawn."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from articles.models import (
    Alert,
    Article,
    Desk,
    Duty,
    Event,
    Front,
    FrontSchedule,
    FrontVersion,
    Membership,
    Picture,
    Slot,
    User,
    private_store,
    public_store,
)
from articles.publishing import (
    DuePassed,
    FrontUnchanged,
    LaunchMinuteTaken,
    NoSuchFront,
    NotAllowed,
    ScheduleClosed,
    SeenToAtFront,
    SlotUnfit,
    StaleFront,
    TooManySlots,
    Wanted,
    agree,
    arrange,
    cancel_launch,
    close_duty,
    confirm,
    go_back,
    launch,
    launch_due,
    propose,
    publish,
    schedule_launch,
)
from articles.publishing.after_launch import deliver_fronts
from articles.publishing.clock import database_now
from articles.publishing.erase import after_erasure
from articles.publishing.front_duties import asking
from articles.publishing.front_schedules import overdue
from articles.publishing.fronts import MOST, draft_of, front_at
from tests import factories
from tests.conftest import CommittedDatabase
from tests.harness.threads import at_once
from tests.publishing.test_schedules import minute


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Refusals are read in the words of the code."""
    with translation.override("en"):
        yield


ZONE = "Asia/Shanghai"


def site_front() -> Front:
    found = front_at(0)
    assert found
    return found


def saves(front: Front | None = None) -> int:
    draft = draft_of(front or site_front())
    return draft.saves if draft else 0


def arranged(by: User, *slots: Wanted | Article, front: Front | None = None) -> FrontVersion:
    """Save the draft with these slots, as somebody who has just opened it."""
    front = front or site_front()
    wanted = [slot if isinstance(slot, Wanted) else Wanted(slot.pk) for slot in slots]
    return arrange(front, seen=saves(front), slots=wanted, by=by)


def launched(by: User, *slots: Wanted | Article, front: Front | None = None) -> FrontVersion:
    front = front or site_front()
    arranged(by, *slots, front=front)
    return launch(front, seen=saves(front), by=by)


def shown(version: FrontVersion | None) -> list[tuple[int, str]]:
    assert version
    return list(version.slots.order_by("position").values_list("publication", "headline"))


def live(front: Front | None = None) -> FrontVersion:
    version = (front or site_front()).live
    assert version
    return version


def scheduled(by: User, due_at: datetime | None = None, **said: Any) -> FrontSchedule:
    said = {"seen": saves(), "due_at": due_at or minute(hours=1), "zone": ZONE} | said
    return schedule_launch(site_front(), by=by, **said)


def make_due(row: FrontSchedule, ago: timedelta = timedelta(seconds=1)) -> None:
    at = database_now() - ago
    FrontSchedule.objects.filter(pk=row.pk).update(due_at=at, try_at=at)


@pytest.fixture
def three(editor: User, desk: Desk) -> list[Article]:
    return [factories.publish_article(editor, desk=desk, headline=name) for name in ("甲", "乙", "丙")]


class TestArranging:
    def test_changes_nothing_that_readers_see(self, three: list[Article], editor: User):
        draft = arranged(editor, *three)
        assert shown(draft) == [(one.pk, "") for one in three]
        assert site_front().live is None
        event = Event.objects.get(verb="arranged")
        assert (event.by, event.thing, event.after) == (editor, "front 0", "arrangement 1")

    def test_goes_on_in_the_same_draft(self, three: list[Article], editor: User, chief: User):
        arranged(editor, *three)
        draft = arranged(chief, *three[::-1])
        assert (draft.saves, draft.changed_by) == (2, chief)
        assert FrontVersion.objects.count() == 1
        assert [story for story, _ in shown(draft)] == [one.pk for one in three[::-1]]

    def test_is_refused_to_the_second_of_two_who_is_told_of_the_first(
        self, three: list[Article], editor: User, chief: User
    ):
        seen = saves()
        arranged(editor, three[0])
        with pytest.raises(StaleFront, match="yinxiaoyan") as refused:
            arrange(site_front(), seen=seen, slots=[Wanted(three[1].pk)], by=chief)
        assert refused.value.at
        assert shown(draft_of(site_front())) == [(three[0].pk, "")]

    @pytest.mark.parametrize("who", ["reporter", "nobody"])
    def test_takes_an_editor(self, who: str, three: list[Article], reporter: User):
        by = reporter if who == "reporter" else factories.make_user()
        with pytest.raises(NotAllowed):
            arranged(by, *three)
        assert not Front.objects.exists()

    def test_names_the_slot_of_a_story_that_was_never_published(self, three: list[Article], article: Article,
                                                                editor: User):  # fmt: skip
        with pytest.raises(SlotUnfit, match="Slot 2: this story was never published") as refused:
            arranged(editor, three[0], article)
        assert refused.value.position == 2

    @pytest.mark.parametrize(
        "said",
        [
            {"headline": "長" * 201}, {"headline": "a\x00b"}, {"mark": "breaking"}, {"picture": 987654},
            {"mark": "loud"},
        ],
    )  # fmt: skip
    def test_refuses_what_no_slot_takes(self, said: dict[str, Any], three: list[Article], editor: User):
        with pytest.raises(SlotUnfit, match="Slot 1"):
            arranged(editor, Wanted(three[0].pk, **said))

    def test_refuses_a_story_twice_and_too_many(self, three: list[Article], editor: User):
        with pytest.raises(SlotUnfit, match="Slot 2, “甲”: this story stands in another slot"):
            arranged(editor, three[0], three[0])
        with pytest.raises(TooManySlots):
            arranged(editor, *(Wanted(number) for number in range(1, MOST + 2)))

    def test_takes_a_headline_in_another_script_but_in_no_other_language(self, three: list[Article], editor: User):
        draft = arranged(editor, Wanted(three[0].pk, headline="简", language="zh-Hans"),
                         Wanted(three[1].pk, headline="x", language="en"))  # fmt: skip
        assert list(draft.slots.values_list("language", flat=True)) == ["zh-Hans", "zh-Hant"]

    def test_is_done_for_each_channel_by_itself(self, three: list[Article], editor: User):
        channel = front_at(factories.make_channel("天氣").pk)
        assert channel
        arranged(editor, three[0], front=channel)
        assert front_at(channel.place)
        assert saves() == 0
        assert front_at(987654321) is None


class TestLaunching:
    def test_freezes_the_draft_and_shows_it(self, three: list[Article], editor: User):
        version = launched(editor, Wanted(three[1].pk, headline="自擬"), three[0])
        assert (version.number, version.by, version.state) == (1, editor, "launched")
        assert live() == version
        arranged(editor, *three)
        assert shown(live()) == [(three[1].pk, "自擬"), (three[0].pk, "")]
        event = Event.objects.get(verb="launched")
        assert (event.thing, event.before, event.after) == ("front 0", "", "version 1")

    def test_is_counted(self, three: list[Article], editor: User):
        assert [launched(editor, one).number for one in three] == [1, 2, 3]
        assert Event.objects.filter(verb="launched").first().before == "version 2"  # type: ignore[union-attr]

    def test_is_refused_when_the_draft_has_gone_on(self, three: list[Article], editor: User, chief: User):
        arranged(editor, three[0])
        arranged(chief, three[1])
        with pytest.raises(StaleFront, match="dazhen"):
            launch(site_front(), seen=1, by=editor)
        assert site_front().live is None

    def test_happens_once(self, three: list[Article], editor: User):
        launched(editor, *three)
        with pytest.raises(FrontUnchanged):
            launch(site_front(), seen=saves(), by=editor)
        assert live().number == 1

    def test_of_nothing_brings_back_what_follows_by_itself(self, three: list[Article], editor: User):
        with pytest.raises(FrontUnchanged):
            launched(editor)
        launched(editor, *three)
        assert shown(launched(editor)) == []

    def test_can_be_the_chiefs_alone_by_the_rule_of_the_desk(
        self, three: list[Article], editor: User, chief: User, desk: Desk
    ):
        Desk.objects.filter(pk=desk.pk).update(editors_launch=False)
        editor = User.objects.get(pk=editor.pk)
        arranged(editor, *three)
        with pytest.raises(NotAllowed):
            launch(site_front(), seen=1, by=editor)
        assert launch(site_front(), seen=1, by=chief).number == 1

    @pytest.mark.parametrize(("act", "why"), [("retraction", "was retracted"), ("takedown", "was taken down")])
    def test_names_the_slot_of_a_story_that_was_withdrawn(
        self, act: str, why: str, three: list[Article], editor: User, chief: User
    ):
        arranged(editor, *three)
        factories.withdraw(three[1], by=chief, second=editor, act=act)
        with pytest.raises(SlotUnfit, match=f"Slot 2, “乙”: this story {why}"):
            launch(site_front(), seen=1, by=editor)
        assert site_front().live is None

    def test_shows_one_of_its_own_launched_versions(self, three: list[Article], editor: User):
        draft = arranged(editor, *three)
        other = front_at(factories.make_channel().pk)
        version = launched(editor, *three, front=other)
        for wrong in (draft, version):
            with pytest.raises(IntegrityError), transaction.atomic():
                Front.objects.filter(place=0).update(live=wrong)

    def test_is_for_good(self, three: list[Article], editor: User):
        version = launched(editor, *three)
        slot = version.slots.first()
        assert slot
        changes = [
            lambda: FrontVersion.objects.filter(pk=version.pk).update(number=9),
            lambda: FrontVersion.objects.filter(pk=version.pk).delete(),
            lambda: version.slots.update(headline="別的"),
            lambda: version.slots.update(seen=0),
            lambda: slot.delete(),
            lambda: Slot.objects.create(version=version, position=9, publication_id=three[0].pk, language="en", seen=1),
        ]  # fmt: skip
        for change in changes:
            with pytest.raises(IntegrityError), transaction.atomic():
                change()

    def test_of_two_at_once_happens_once(self, committed_db: CommittedDatabase, three: list[Article], editor: User):
        arranged(editor, *three)
        answers = at_once(*[lambda: launch(site_front(), seen=1, by=editor)] * 2)
        assert sorted(type(answer).__name__ for answer in answers) == ["FrontUnchanged", "FrontVersion"]
        assert FrontVersion.objects.filter(state="launched").count() == 1


class TestGoingBack:
    def test_makes_a_new_version_equal_to_the_earlier_one(self, three: list[Article], editor: User):
        first = launched(editor, Wanted(three[0].pk, headline="自擬"), three[1])
        launched(editor, three[2])
        version, left_out = go_back(site_front(), number=1, seen=2, by=editor)
        assert (version.number, version.back_to, left_out) == (3, 1, [])
        assert shown(live()) == shown(first)
        assert shown(draft_of(site_front())) == shown(first)
        assert FrontVersion.objects.filter(state="launched").count() == 3

    def test_leaves_a_colleagues_work_in_the_draft(self, three: list[Article], editor: User, chief: User):
        launched(editor, three[0])
        launched(editor, three[1])
        arranged(chief, *three)
        go_back(site_front(), number=1, seen=2, by=editor)
        assert len(shown(draft_of(site_front()))) == 3

    def test_leaves_out_what_was_withdrawn_and_says_so(self, three: list[Article], editor: User, chief: User):
        launched(editor, *three)
        launched(editor, three[2])
        factories.withdraw(three[0], by=chief, second=editor)
        version, left_out = go_back(site_front(), number=1, seen=2, by=editor)
        assert [story for story, _ in shown(version)] == [three[1].pk, three[2].pk]
        assert "Slot 1, “甲”: this story was retracted" in str(left_out[0])

    def test_is_refused_when_another_one_was_launched_meanwhile(self, three: list[Article], editor: User, chief: User):
        launched(editor, three[0])
        launched(chief, three[1])
        with pytest.raises(StaleFront, match="dazhen"):
            go_back(site_front(), number=1, seen=1, by=editor)
        with pytest.raises(FrontUnchanged):
            go_back(site_front(), number=2, seen=2, by=editor)
        with pytest.raises(NoSuchFront):
            go_back(site_front(), number=9, seen=2, by=editor)

    def test_takes_who_may_launch(self, three: list[Article], editor: User, reporter: User):
        launched(editor, three[0])
        launched(editor, three[1])
        with pytest.raises(NotAllowed):
            go_back(site_front(), number=1, seen=2, by=reporter)


class TestScheduling:
    def test_keeps_the_arrangement_and_launches_it_at_its_time(self, three: list[Article], editor: User):
        arranged(editor, three[0])
        row = scheduled(editor)
        arranged(editor, three[1])
        assert launch_due() == 0
        make_due(row)
        assert launch_due() == 1
        assert launch_due() == 0
        assert shown(live()) == [(three[0].pk, "")]
        assert shown(draft_of(site_front())) == [(three[1].pk, "")]
        row.refresh_from_db()
        assert (row.state, row.version, row.error) == ("done", live(), "")

    def test_several_may_wait_and_go_out_in_their_order(self, three: list[Article], editor: User):
        rows = []
        for place, article in enumerate(three, start=1):
            arranged(editor, article)
            rows.append(scheduled(editor, minute(hours=place)))
        for place, row in enumerate(rows):
            make_due(row, timedelta(minutes=9 - place))
        assert launch_due() == 3
        assert shown(live()) == [(three[2].pk, "")]
        assert live().number == 3

    def test_is_refused_for_what_launch_refuses(self, three: list[Article], editor: User, chief: User, reporter: User):
        arranged(editor, *three)
        due = scheduled(editor).due_at
        with pytest.raises(LaunchMinuteTaken):
            scheduled(editor, due)
        with pytest.raises(DuePassed):
            scheduled(editor, minute(hours=-1))
        with pytest.raises(NotAllowed):
            scheduled(reporter, minute(hours=2))
        with pytest.raises(StaleFront):
            scheduled(editor, minute(hours=2), seen=0)
        factories.withdraw(three[0], by=chief, second=editor)
        with pytest.raises(SlotUnfit, match="Slot 1"):
            scheduled(editor, minute(hours=2))

    def test_can_be_cancelled_once(self, three: list[Article], editor: User, chief: User, reporter: User):
        arranged(editor, *three)
        row = scheduled(editor)
        with pytest.raises(NotAllowed):
            cancel_launch(row, by=reporter)
        cancel_launch(row, by=chief)
        with pytest.raises(ScheduleClosed):
            cancel_launch(row, by=chief)
        make_due(row)
        assert launch_due() == 0
        assert [event.verb for event in Event.objects.filter(thing="front 0")][:2] == ["unscheduled", "scheduled"]

    def test_leaves_out_what_was_withdrawn_meanwhile_and_tells_people(
        self, three: list[Article], editor: User, chief: User
    ):
        arranged(editor, *three)
        row = scheduled(editor)
        factories.withdraw(three[1], by=chief, second=editor)
        make_due(row)
        assert launch_due() == 1
        assert [story for story, _ in shown(live())] == [three[0].pk, three[2].pk]
        row.refresh_from_db()
        assert row.error
        told = Alert.objects.filter(kind="left-out", front=0)
        assert set(told.values_list("user", flat=True)) == {editor.pk, chief.pk}

    def test_fails_for_whoever_may_not_any_more_and_tells_them(self, three: list[Article], editor: User, chief: User):
        arranged(editor, *three)
        row = scheduled(editor)
        Membership.objects.filter(user=editor).update(role="reporter")
        make_due(row)
        assert launch_due() == 0
        row.refresh_from_db()
        assert (row.state, site_front().live) == ("failed", None)
        assert set(Alert.objects.values_list("user", "kind")) == {
            (editor.pk, "schedule-failed"), (chief.pk, "schedule-failed")}  # fmt: skip
        assert Event.objects.get(verb="schedule-failed").thing == "front 0"

    def test_is_tried_again_and_ends_where_nothing_comes_of_it(self, three: list[Article], editor: User):
        arranged(editor, *three)
        row = scheduled(editor)
        FrontSchedule.objects.filter(pk=row.pk).update(attempts=5)
        make_due(row)
        assert launch_due() == 0
        row.refresh_from_db()
        assert row.state == "failed"
        assert row.error

    def two_due(self, three: list[Article], editor: User) -> list[FrontSchedule]:
        """Of 甲, and of 乙 to follow it; the time of both has come."""
        rows = []
        for place, article in enumerate(three[:2], start=1):
            arranged(editor, article)
            rows.append(scheduled(editor, minute(hours=place)))
        for row, minutes in zip(rows, (9, 5), strict=True):
            make_due(row, timedelta(minutes=minutes))
        return rows

    def test_that_failed_for_a_moment_does_not_come_over_what_was_to_follow_it(
        self, three: list[Article], editor: User
    ):
        editor.language = "en"
        editor.save()
        first, second = self.two_due(three, editor)
        later = database_now() + timedelta(hours=1)
        FrontSchedule.objects.filter(pk=first.pk).update(attempts=1, error="OperationalError: away", try_at=later)
        assert launch_due() == 1
        FrontSchedule.objects.filter(pk=first.pk).update(try_at=database_now())
        assert launch_due() == 0
        assert (shown(live()), live()) == ([(three[1].pk, "")], second.version)
        first.refresh_from_db()
        assert (first.state, first.attempts) == ("failed", 2)
        assert "later arrangement" in first.error
        assert Alert.objects.filter(kind="schedule-failed", front=0, user=editor, target=first.pk).exists()

    def test_that_is_late_gives_way_to_what_somebody_launched_after_its_time(
        self, three: list[Article], editor: User, chief: User
    ):
        self.two_due(three, editor)
        launched(chief, three[2])
        assert launch_due() == 0
        assert shown(live()) == [(three[2].pk, "")]
        assert set(FrontSchedule.objects.values_list("state", flat=True)) == {"failed"}

    def test_waits_for_an_earlier_one_that_another_worker_is_about_to_launch(self, three: list[Article], editor: User):
        first, _second = self.two_due(three, editor)
        soon = database_now() + timedelta(hours=1)
        FrontSchedule.objects.filter(pk=first.pk).update(attempts=1, try_at=soon)  # as an attempt is begun
        assert launch_due() == 0
        FrontSchedule.objects.filter(pk=first.pk).update(try_at=database_now())
        assert launch_due() == 2
        assert shown(live()) == [(three[1].pk, "")]

    def test_that_is_late_is_told_by_the_health_page(self, three: list[Article], editor: User, client: Any):
        arranged(editor, *three)
        row = scheduled(editor)
        assert not overdue()
        make_due(row, timedelta(seconds=61))
        assert overdue()
        assert client.get("/health/ready/").json()["launches_overdue"] is True

    def test_goes_out_once_with_two_workers(self, committed_db: CommittedDatabase, three: list[Article], editor: User):
        rows = []
        for place, article in enumerate([*three, *three], start=1):
            arranged(editor, article)
            rows.append(scheduled(editor, minute(hours=place)))
        for place, row in enumerate(rows):
            make_due(row, timedelta(minutes=20 - place))

        def work() -> int:
            done = 0
            while FrontSchedule.objects.filter(state="pending", try_at__lte=database_now()).exists():
                done += launch_due()
            return done

        answers = at_once(work, work)
        assert sum(answers) == 6  # type: ignore[arg-type]
        assert FrontVersion.objects.filter(state="launched").count() == 6
        assert FrontSchedule.objects.filter(state="done").count() == 6
        assert Event.objects.filter(verb="launched").count() == 6


class TestACorrection:
    def open_ones(self) -> list[tuple[str, int]]:
        return list(Duty.objects.filter(place="front", state="open").values_list("correction__kind", "target"))

    def test_asks_for_the_words_of_a_live_slot(self, three: list[Article], editor: User):
        launched(editor, Wanted(three[0].pk, headline="自擬"), three[1])
        factories.correct(three[0], by=editor)
        factories.correct(three[1], by=editor)
        assert self.open_ones() == [("correction", 0)]
        assert list(asking(live().slots.all())) == [three[0].pk]

    def test_asks_with_every_kind_of_notice_and_not_with_a_typo(self, three: list[Article], editor: User, chief: User):
        launched(editor, Wanted(three[0].pk, headline="自擬"))
        factories.publish_again(three[0], by=editor, kind="typo", body="<p>一</p>")
        assert self.open_ones() == []
        factories.publish_again(three[0], by=editor, kind="update", note="新", body="<p>二</p>")
        assert self.open_ones() == [("update", 0)]

    def test_asks_for_a_picture_of_its_own_too(self, three: list[Article], editor: User):
        launched(editor, Wanted(three[0].pk, picture=factories.make_picture(editor).pk))
        factories.correct(three[0], by=editor)
        assert self.open_ones() == [("correction", 0)]

    def test_is_answered_by_confirming(self, three: list[Article], editor: User, reporter: User):
        launched(editor, Wanted(three[0].pk, headline="自擬"))
        edition = factories.correct(three[0], by=editor)
        slot = live().slots.select_related("version__front").get()
        with pytest.raises(NotAllowed):
            confirm(slot, edition=edition.number, by=reporter)
        confirm(slot, edition=edition.number, by=editor)
        assert self.open_ones() == []
        assert Duty.objects.get(place="front").closed_by == editor
        assert not asking(live().slots.all())
        assert not asking(draft_of(site_front()).slots.all())  # type: ignore[union-attr]
        assert live().number == 1

    def test_is_not_answered_by_confirming_an_edition_before_it(self, three: list[Article], editor: User):
        launched(editor, Wanted(three[0].pk, headline="自擬"))
        factories.correct(three[0], by=editor)
        confirm(live().slots.select_related("version__front").get(), edition=1, by=editor)
        assert self.open_ones() == [("correction", 0)]

    def test_is_answered_by_launching_other_words(self, three: list[Article], editor: User):
        launched(editor, Wanted(three[0].pk, headline="自擬"))
        factories.correct(three[0], by=editor)
        launched(editor, Wanted(three[0].pk, headline="自擬"), three[1])  # the same words: it still asks
        assert self.open_ones() == [("correction", 0)]
        launched(editor, Wanted(three[0].pk, headline="改了", seen=2), three[1])
        assert self.open_ones() == []

    def test_is_answered_by_launching_without_the_story(self, three: list[Article], editor: User):
        launched(editor, Wanted(three[0].pk, headline="自擬"))
        factories.correct(three[0], by=editor)
        launched(editor, three[1])
        assert self.open_ones() == []

    def test_asks_of_what_was_arranged_before_it_and_launched_after(self, three: list[Article], editor: User):
        arranged(editor, Wanted(three[0].pk, headline="自擬"))
        row = scheduled(editor)
        factories.correct(three[0], by=editor)
        assert self.open_ones() == []
        make_due(row)
        launch_due()
        assert self.open_ones() == [("correction", 0)]

    def test_is_seen_to_at_the_front_and_not_by_closing_it(self, three: list[Article], editor: User):
        launched(editor, Wanted(three[0].pk, headline="自擬"))
        factories.correct(three[0], by=editor)
        with pytest.raises(SeenToAtFront):
            close_duty(Duty.objects.get(place="front"), by=editor, waived=True, reason="無須")

    def test_that_withdraws_the_story_leaves_nothing_to_ask(self, three: list[Article], editor: User, chief: User):
        launched(editor, Wanted(three[0].pk, headline="自擬"))
        factories.correct(three[0], by=editor)
        factories.withdraw(three[0], by=chief, second=editor)
        assert self.open_ones() == []
        factories.withdraw(three[0], by=chief, second=editor, act="restoration", text="重新刊出。")
        assert self.open_ones() == [("editors-note", 0)]

    def test_and_a_launch_at_once_never_miss_each_other(
        self, committed_db: CommittedDatabase, three: list[Article], editor: User
    ):
        arranged(editor, Wanted(three[0].pk, headline="自擬"))
        article = factories.change(three[0], by=editor, body="<p>昨天開鐮了。</p>")
        from articles.publishing import Note

        note = Note(kind="correction", text="日期有誤。", was="今天", now="昨天")
        answers = at_once(
            lambda: launch(site_front(), seen=1, by=editor),
            lambda: publish(article, seen=article.version, by=editor, noted=[note]),  # type: ignore[arg-type, return-value]
        )
        assert [answer for answer in answers if isinstance(answer, Exception)] == []
        assert self.open_ones() == [("correction", 0)]


def test_an_erasure_takes_away_what_fronts_said_of_the_story(three: list[Article], editor: User, chief: User):
    launched(editor, Wanted(three[0].pk, headline="秘密"), Wanted(three[1].pk, headline="別的"))
    launched(editor, Wanted(three[0].pk, headline="秘密二"), Wanted(three[1].pk, headline="別的"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Slot.objects.filter(publication=three[0].pk).update(headline="", other_script="")
    factories.publish_again(three[0], by=editor, headline="剩下的")
    terms = {"erase": {"editions": [1]}, "reason": "法院", "text": "依法刪除。"}
    agree(propose(three[0], act="erasure", by=chief, **terms), by=editor)  # type: ignore[arg-type]
    said = set(Slot.objects.values_list("publication", "headline", "other_script"))
    assert said == {(three[0].pk, "", ""), (three[1].pk, "別的", "别的")}


def out(picture: Picture) -> bool:
    """Whether readers can fetch it."""
    return all(public_store().exists(name) for name in picture.files)


class TestPictures:
    def test_are_put_out_by_the_launch_and_not_before(self, three: list[Article], editor: User):
        picture = factories.make_picture(editor)
        arranged(editor, Wanted(three[0].pk, picture=picture.pk))
        assert not out(picture)
        launch(site_front(), seen=1, by=editor)
        assert out(picture)
        assert site_front().settled == 1

    def test_are_put_out_by_the_worker_where_the_caller_ended(self, three: list[Article], editor: User):
        picture = factories.make_picture(editor)
        launched(editor, Wanted(three[0].pk, picture=picture.pk))
        for name in picture.files:
            public_store().delete(name)
        Front.objects.update(settled=0, settle_at=database_now())
        assert deliver_fronts() == 1
        assert out(picture)
        assert deliver_fronts() == 0

    def test_are_taken_in_when_no_front_shows_them_any_more(self, three: list[Article], editor: User):
        alone, also = factories.make_picture(editor), factories.make_picture(editor)
        factories.publish_article(editor, lead_picture=also)
        launched(editor, Wanted(three[0].pk, picture=alone.pk), Wanted(three[1].pk, picture=also.pk))
        launched(editor, *three)
        assert not out(alone)
        assert out(also)

    @pytest.mark.parametrize("act", ["retraction", "takedown"])
    def test_go_with_the_story_that_they_stand_beside(self, act: str, three: list[Article], editor: User, chief: User):
        picture = factories.make_picture(editor)
        launched(editor, Wanted(three[0].pk, picture=picture.pk))
        factories.withdraw(three[0], by=chief, second=editor, act=act)
        assert not out(picture)
        factories.withdraw(three[0], by=chief, second=editor, act="restoration", text="重新刊出。")
        assert out(picture)

    def test_that_were_taken_down_with_another_story_are_refused(self, three: list[Article], editor: User, chief: User):
        picture = factories.make_picture(editor)
        other = factories.publish_article(editor, lead_picture=picture)
        launched(editor, Wanted(three[0].pk, picture=picture.pk))
        factories.withdraw(other, by=chief, second=editor, act="takedown")
        assert not out(picture)
        arranged(editor, Wanted(three[0].pk, picture=picture.pk), three[1])
        with pytest.raises(SlotUnfit, match="Slot 1, “甲”: its picture was erased or taken down"):
            launch(site_front(), seen=saves(), by=editor)

    def test_that_a_live_front_shows_are_held_from_erasure(self, three: list[Article], editor: User, chief: User):
        picture = factories.make_picture(editor)
        story = factories.publish_article(editor, lead_picture=picture)
        factories.publish_again(story, by=editor, lead_picture=None)
        launched(editor, Wanted(three[0].pk, picture=picture.pk))
        terms = {"erase": {"editions": [1]}, "reason": "法院", "text": "依法刪除。"}
        agree(propose(story, act="erasure", by=chief, **terms), by=editor)  # type: ignore[arg-type]
        picture.refresh_from_db()
        assert picture.erased_at is None
        assert out(picture)
        assert all(private_store().exists(name) for name in picture.files)

    @pytest.mark.parametrize("how", ["cancelled", "failed"])
    def test_that_only_a_launch_holds_which_never_was_are_erased(
        self, how: str, three: list[Article], editor: User, chief: User
    ):
        picture = factories.make_picture(editor)
        story = factories.publish_article(editor, lead_picture=picture)
        factories.publish_again(story, by=editor, lead_picture=None)
        arranged(editor, Wanted(three[0].pk, picture=picture.pk))
        row = scheduled(editor)
        arranged(editor, three[0])
        terms = {"erase": {"editions": [1]}, "reason": "法院", "text": "依法刪除。"}
        held = propose(story, act="erasure", by=chief, **terms)  # type: ignore[arg-type]
        if how == "cancelled":
            cancel_launch(row, by=editor)
        else:
            FrontSchedule.objects.filter(pk=row.pk).update(attempts=5)
            make_due(row)
            launch_due()
        row.refresh_from_db()
        assert row.state == how
        agree(held, by=editor)
        picture.refresh_from_db()
        assert picture.erased_at

    def test_that_only_an_earlier_front_showed_are_erased_and_left_out_on_going_back(
        self, three: list[Article], editor: User, chief: User
    ):
        picture = factories.make_picture(editor)
        story = factories.publish_article(editor, lead_picture=picture)
        factories.publish_again(story, by=editor, lead_picture=None)
        launched(editor, Wanted(three[0].pk, picture=picture.pk))
        launched(editor, three[1])
        terms = {"erase": {"editions": [1]}, "reason": "法院", "text": "依法刪除。"}
        agree(propose(story, act="erasure", by=chief, **terms), by=editor)  # type: ignore[arg-type]
        after_erasure(story)
        assert Picture.objects.get(pk=picture.pk).erased_at
        version, left_out = go_back(site_front(), number=1, seen=2, by=editor)
        assert version.slots.get().picture is None
        assert len(left_out) == 1
