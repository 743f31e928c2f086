"""Schedules and everybody else on one story: whoever comes first, each version goes out once, and nothing is lost."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db.models import F

from articles.models import Desk, Edition, Event, LedgerEntry, Outbox, Publication, Schedule, User
from articles.publishing import PublishingError, agree, cancel_schedule, propose, publish, run_due
from articles.publishing.clock import database_now
from articles.publishing.ledger.verify import verify
from articles.publishing.outbox import deliver_due
from tests import factories
from tests.conftest import CommittedDatabase, Size
from tests.harness.threads import at_once
from tests.publishing.test_schedules import again, make_due, minute, scheduled

PATIENCE = 1800.0  # seconds after which a race that does not end is a failure
State = Schedule.State


def only_refusals(answers: list[object]) -> None:
    faults = [answer for answer in answers if isinstance(answer, Exception) and not isinstance(answer, PublishingError)]
    assert faults == []


def run_out() -> None:
    """What was locked while the worker looked is done in its next round."""
    while Schedule.objects.filter(state=State.PENDING, try_at__lte=database_now()).exists():
        run_due()


class Workers:
    """Real worker processes on a test's database."""

    def __init__(self, environment: dict[str, str], number: int) -> None:
        self.environment = os.environ | environment
        self.running = [self._start() for _ in range(number)]

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "manage.py", "worker"], env=self.environment)

    def kill_one(self, chance: random.Random) -> None:
        place = chance.randrange(len(self.running))
        self.running[place].kill()
        self.running[place].wait()
        self.running[place] = self._start()

    def stop(self) -> None:
        for worker in self.running:
            worker.kill()
        for worker in self.running:
            worker.wait()


def wait_until(reached: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not reached():
        assert time.monotonic() < end, "the workers do not come to an end"
        time.sleep(0.02)


def test_four_workers_that_are_killed_again_and_again_publish_each_story_once(
    committed_db: CommittedDatabase, editor: User, desk: Desk, size: Size
):
    number, kills = size(small=40, full=1000), size(small=5, full=60)
    stories = [factories.make_article(editor, desk=desk, headline=f"第{one}篇") for one in range(number)]
    due = minute(hours=1)
    for article in stories:
        scheduled(article, editor, due)
    at = database_now() - timedelta(seconds=1)
    Schedule.objects.update(due_at=at, try_at=at)
    chance = random.Random(20261128)
    workers = Workers(committed_db.environment, 4)
    try:
        for mark in sorted(chance.sample(range(number - 4), kills)):
            wait_until(lambda: Edition.objects.count() > mark)  # noqa: B023 - asked at once
            workers.kill_one(chance)
        wait_until(lambda: not Schedule.objects.filter(state=State.PENDING).exists())
    finally:
        workers.stop()

    assert sorted(Edition.objects.values_list("article", "number")) == sorted((one.pk, 1) for one in stories)
    done = Schedule.objects.filter(state=State.DONE, edition__article=F("article"))
    assert done.count() == number
    assert Publication.objects.count() == number
    assert Event.objects.filter(verb="published", door="worker").count() == number
    Outbox.objects.filter(done_at=None).update(claimed_until=database_now())
    deliver_due()
    assert not Outbox.objects.filter(done_at=None).exists()
    assert LedgerEntry.objects.filter(kind=LedgerEntry.Kind.EDITION).count() == number
    assert list(verify()) == []


@pytest.mark.parametrize("first", ["hand", "worker"])
def test_a_story_that_is_published_by_hand_at_its_time_goes_out_once(
    first: str, committed_db: CommittedDatabase, editor: User, desk: Desk, size: Size
):
    for _ in range(size(small=5, full=100)):
        article = factories.make_article(editor, desk=desk)
        row = scheduled(article, editor)
        make_due(row)
        calls: list[Callable[[], object]] = [lambda: publish(article, seen=1, by=editor), run_due]  # noqa: B023
        only_refusals(at_once(*(calls if first == "hand" else calls[::-1])))
        run_out()
        assert article.editions.count() == 1
        row = again(row)
        assert (row.state, row.edition_id is None) in [(State.DONE, False), (State.CANCELLED, True)]
        assert again(article).stage == "published"


@pytest.mark.parametrize("first", ["save", "worker"])
def test_a_save_at_its_time_is_kept_and_does_not_go_out_with_it(
    first: str, committed_db: CommittedDatabase, editor: User, desk: Desk, size: Size
):
    for _ in range(size(small=5, full=100)):
        article = factories.make_article(editor, desk=desk)
        make_due(scheduled(article, editor))
        calls: list[Callable[[], object]] = [
            lambda: factories.change(article, by=editor, headline="最後一刻的改動"),  # noqa: B023
            run_due,
        ]
        answers = at_once(*(calls if first == "save" else calls[::-1]))
        assert [answer for answer in answers if isinstance(answer, Exception)] == []
        run_out()
        assert article.editions.get().text.read()["headline"] == "青稞開鐮"
        article = again(article)
        assert (article.headline, article.version, article.stage) == ("最後一刻的改動", 2, "changed")


@pytest.mark.parametrize("act", ["retraction", "takedown"])
def test_nothing_goes_out_after_a_withdrawal_at_its_time(
    act: str, committed_db: CommittedDatabase, editor: User, chief: User, desk: Desk, size: Size
):
    for round_ in range(size(small=5, full=250)):
        article = factories.publish_article(editor, desk=desk)
        decision = propose(article, act=act, by=chief, text="不成立。", reason="判決", ground="legal")
        factories.change(article, by=editor, headline="改了")
        row = scheduled(article, editor, kind="typo")
        make_due(row)
        calls: list[Callable[[], object]] = [lambda: agree(decision, by=editor), run_due]  # noqa: B023
        only_refusals(at_once(*(calls if round_ % 2 else calls[::-1])))
        run_out()
        kinds = list(article.editions.order_by("number").values_list("kind", flat=True))
        decision.refresh_from_db()
        if decision.state == "agreed":
            assert kinds[-1] == act
            assert factories.public(article).state != Publication.State.STANDING
            assert again(row).state == (State.DONE if "typo" in kinds else State.CANCELLED)
        else:  # it was proposed of the edition before, and the second person is told so
            assert kinds == ["initial", "typo"]


def test_who_cancels_at_its_time_is_told_whether_they_came_too_late(
    committed_db: CommittedDatabase, editor: User, desk: Desk, size: Size
):
    for _ in range(size(small=5, full=100)):
        article = factories.make_article(editor, desk=desk)
        row = scheduled(article, editor)
        make_due(row)
        answers = at_once(lambda: cancel_schedule(row, by=editor), run_due)  # noqa: B023
        only_refusals(answers)
        run_out()
        cancelled = answers[0] is None
        assert again(row).state == (State.CANCELLED if cancelled else State.DONE)
        assert article.editions.exists() != cancelled
