"""The end of a story, agreed on by two before its time: for example where the right to publish it runs out."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from articles.models import Article, Decision, Edition, Publication, Schedule, Site, User
from articles.publishing import (
    AgreedTime,
    DuePassed,
    MinuteTaken,
    NotAllowed,
    Note,
    Told,
    accept,
    agree,
    cancel_schedule,
    decline,
    disable,
    move_schedule,
    propose,
    publish,
    report_error,
    run_due,
)
from articles.publishing.clock import database_now
from articles.publishing.ledger.verify import verify
from tests import factories
from tests.publishing.test_schedules import ZONE, again, make_due, minute, scheduled

TERMS: dict[str, Any] = {"text": "刊載權到期。", "reason": "合約第三條", "ground": "rights"}
State = Schedule.State


def proposed(article: Article, by: User, due_at: datetime | None = None, **terms: Any) -> Decision:
    return propose(article, act="takedown", by=by, due_at=due_at or minute(days=30), zone=ZONE, **TERMS | terms)


@pytest.fixture
def row(published: Article, chief: User, editor: User) -> Schedule:
    """A takedown that two agreed on, and that waits."""
    assert agree(proposed(published, chief), by=editor) is None
    return Schedule.objects.get()


class TestAgreedOnBeforehand:
    def test_it_waits_for_its_time(self, row: Schedule, published: Article, chief: User, editor: User):
        decision = Decision.objects.get()
        assert (decision.state, decision.by, decision.second) == (Decision.State.AGREED, chief, editor)
        assert (row.act, row.state, row.decision, row.due_at, row.zone) == (
            "takedown", State.PENDING, decision, decision.due_at, ZONE,
        )  # fmt: skip
        assert factories.public(published).state == Publication.State.STANDING
        assert again(published).stage == "published"

    def test_then_the_story_is_down_with_both_names_and_the_ground(
        self, row: Schedule, published: Article, chief: User, editor: User, site: Site
    ):
        make_due()
        assert run_due() == 1
        edition = published.editions.get(number=2)
        assert (edition.kind, edition.by, edition.second) == ("takedown", chief, editor)
        assert edition.corrections.get().ground == "rights"
        assert (again(row).state, again(row).edition) == (State.DONE, edition)
        answer = Client().get(f"/a/{published.code}/", follow=True)
        assert answer.status_code == 410
        assert "刊載權到期。" in answer.content.decode()
        assert list(verify()) == []

    def test_its_time_is_to_come_when_it_is_proposed(self, published: Article, chief: User):
        with pytest.raises(DuePassed):
            proposed(published, chief, minute())

    def test_it_is_done_at_once_where_its_time_passed_before_the_second_agreed(
        self, published: Article, chief: User, editor: User
    ):
        decision = proposed(published, chief)
        Decision.objects.update(due_at=database_now() - timedelta(seconds=1))
        edition = agree(again(decision), by=editor)
        assert edition
        assert edition.kind == "takedown"
        assert not Schedule.objects.exists()

    def test_it_needs_a_minute_of_its_own(self, published: Article, chief: User, editor: User):
        factories.change(published, by=editor, headline="改了")
        due = minute(days=1)
        decision = proposed(published, chief, due)
        scheduled(published, editor, due, kind="typo")
        with pytest.raises(MinuteTaken):
            agree(decision, by=editor)
        assert again(decision).state == Decision.State.OPEN

    def test_it_stands_whatever_was_corrected_since(self, row: Schedule, published: Article, editor: User):
        factories.correct(published, by=editor)
        make_due()
        assert run_due() == 1
        assert factories.public(published).state == Publication.State.DOWN

    def test_it_follows_a_retraction(self, row: Schedule, published: Article, chief: User, editor: User):
        factories.withdraw(published, by=chief, second=editor)
        assert again(row).state == State.PENDING
        make_due()
        assert run_due() == 1
        assert factories.public(published).state == Publication.State.DOWN

    def test_it_was_agreed_on_when_both_had_the_right(
        self, row: Schedule, published: Article, chief: User, administrator: User
    ):
        disable(chief, by=administrator)
        make_due()
        assert run_due() == 1
        assert published.editions.count() == 2

    def test_it_ends_publications_that_wait(self, row: Schedule, published: Article, editor: User):
        factories.change(published, by=editor, headline="改了")
        later = scheduled(published, editor, minute(days=40), kind="typo")
        make_due(row)
        run_due()
        assert (again(later).state, again(later).error) == (State.CANCELLED, "withdrawn")

    def test_a_report_that_was_declined_since_is_not_answered_by_it(
        self, published: Article, chief: User, editor: User
    ):
        reports = []
        for sender in ("192.0.2.1", "192.0.2.2"):
            told = Told(wrong=f"不是今天。{sender}")
            reports.append(report_error(published, number=1, told=told, sender=sender, language="en").report)
            accept(reports[-1], by=editor)
        agree(proposed(published, chief, reports=tuple(report.pk for report in reports)), by=editor)
        decline(reports[0], by=chief, reason="沒有錯。")
        make_due()
        assert run_due() == 1
        assert [again(report).state for report in reports] == ["declined", "corrected"]


class TestItIsOff:
    def test_where_the_story_is_down_by_then(self, row: Schedule, published: Article, chief: User, editor: User):
        factories.withdraw(published, by=chief, second=editor, act="takedown")
        assert (again(row).state, again(row).error) == (State.CANCELLED, "withdrawn")
        make_due(row)
        assert run_due() == 0
        assert published.editions.count() == 2

    def test_where_the_story_was_brought_back_by_two(
        self, row: Schedule, published: Article, chief: User, editor: User
    ):
        factories.withdraw(published, by=chief, second=editor)
        published.refresh_from_db()
        factories.withdraw(published, by=chief, second=editor, act="restoration", text="重新刊出。")
        assert (again(row).state, again(row).error) == (State.CANCELLED, "edition 3")

    def test_where_something_of_it_was_erased(self, row: Schedule, published: Article, chief: User, editor: User):
        factories.publish_again(published, by=editor, headline="改了")
        erase = {"editions": [1], "notices": []}
        agree(propose(published, act="erasure", by=chief, text="依法刪除。", reason="判決", erase=erase), by=editor)
        assert (again(row).state, again(row).error) == (State.CANCELLED, "erasure")

    def test_where_a_chief_cancels_it(self, row: Schedule, published: Article, chief: User, editor: User):
        with pytest.raises(NotAllowed):
            cancel_schedule(row, by=editor)
        cancel_schedule(row, by=chief)
        make_due(row)
        assert run_due() == 0
        assert published.editions.count() == 1

    def test_and_its_time_is_not_moved_by_one_alone(self, row: Schedule, chief: User):
        with pytest.raises(AgreedTime):
            move_schedule(row, by=chief, due_at=minute(days=2), zone=ZONE)


def test_the_terms_keep_the_zone_in_which_the_time_was_named(published: Article, chief: User):
    assert json.loads(proposed(published, chief).terms)["zone"] == ZONE


def test_a_publication_by_hand_leaves_it_waiting(row: Schedule, published: Article, chief: User):
    published.refresh_from_db()
    publish(published, seen=1, by=chief, noted=[Note(kind="clarification", text="指上朗縣。")])
    assert again(row).state == State.PENDING
    assert Edition.objects.count() == 2
