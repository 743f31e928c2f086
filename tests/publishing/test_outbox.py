"""What follows a publication: at once, once more after a failure, and by the worker after a crash."""

import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.db import OperationalError
from django.db.models import F

from articles.models import Article, Edition, Outbox, User, public_store
from articles.publishing import outbox, publish
from articles.publishing.clock import database_now
from articles.publishing.outbox import deliver_due
from articles.publishing.put_out_pictures import settle_pictures
from tests import factories
from tests.conftest import CommittedDatabase

done: list[tuple[str, int]] = []


def first(edition: Edition) -> None:
    done.append(("first", edition.pk))


def failing(edition: Edition) -> None:
    raise RuntimeError("the disk is full")


def second(edition: Edition) -> None:
    done.append(("second", edition.pk))


@pytest.fixture(autouse=True)
def nothing_done() -> None:
    done.clear()


def steps(settings: LazySettings, *names: str) -> None:
    settings.AFTER_COMMIT = [f"{__name__}.{name}" for name in names]


def make_due() -> None:
    Outbox.objects.filter(done_at=None).update(claimed_until=database_now())


def test_every_step_runs_in_order_before_publish_returns(article: Article, editor: User, settings: LazySettings):
    steps(settings, "first", "second")
    edition = publish(article, seen=1, by=editor)
    assert done == [("first", edition.pk), ("second", edition.pk)]
    assert Outbox.objects.get().done_at


def test_a_step_that_fails_holds_neither_the_edition_nor_the_other_steps(
    article: Article, editor: User, settings: LazySettings
):
    steps(settings, "failing", "second")
    edition = publish(article, seen=1, by=editor)
    row = Outbox.objects.get()
    assert done == [("second", edition.pk)]
    assert row.done_at is None
    assert "the disk is full" in row.error
    assert row.claimed_until > database_now()


def test_the_worker_tries_again_what_failed_once_it_is_due(article: Article, editor: User, settings: LazySettings):
    steps(settings, "failing")
    publish(article, seen=1, by=editor)
    assert deliver_due() == 0

    make_due()
    steps(settings, "first")
    assert deliver_due() == 1
    row = Outbox.objects.get()
    assert row.done_at
    assert (row.attempts, row.error) == (2, "")


def test_a_database_that_goes_away_after_the_commit_does_not_unsay_the_publication(
    article: Article, editor: User, monkeypatch: pytest.MonkeyPatch
):
    def gone() -> None:
        raise OperationalError("the connection was closed")

    monkeypatch.setattr(outbox, "database_now", gone)
    assert publish(article, seen=1, by=editor).number == 1
    assert Outbox.objects.get().done_at is None


def test_what_is_done_is_not_done_again(article: Article, editor: User, settings: LazySettings):
    steps(settings, "first")
    publish(article, seen=1, by=editor)
    Outbox.objects.update(claimed_until=F("created_at"))
    assert deliver_due() == 0
    assert len(done) == 1


def test_the_waits_between_attempts_grow_and_end(article: Article, editor: User, settings: LazySettings):
    steps(settings, "failing")
    publish(article, seen=1, by=editor)
    row = Outbox.objects.get()
    waits = []
    for attempt in range(1, 8):
        now = database_now()
        row.refresh_from_db()
        assert row.attempts == attempt
        waits.append(round((row.claimed_until - now).total_seconds()))
        make_due()
        assert deliver_due() == 1
    assert waits == sorted(waits)
    assert waits[-1] == pytest.approx(outbox.RETRY[-1].total_seconds(), abs=5)


class Killed(BaseException):
    """What no `except Exception` sees, as little as the end of the process."""


def killing(edition: Edition) -> None:
    if edition.number == 1:
        raise Killed
    done.append(("killing", edition.pk))


def test_what_ends_the_workers_process_is_counted_and_holds_no_other(
    article: Article, editor: User, settings: LazySettings
):
    steps(settings, "failing")
    poison = publish(article, seen=1, by=editor).outbox
    others = [factories.publish_again(article, by=editor, headline=name).outbox for name in ("甲", "乙")]
    make_due()
    Outbox.objects.filter(pk=poison.pk).update(claimed_until=database_now() - timedelta(hours=1))
    steps(settings, "killing")
    waits = []
    for attempt in range(2, 8):
        with pytest.raises(Killed):
            deliver_due()
        poison.refresh_from_db()
        assert (poison.attempts, poison.done_at) == (attempt, None)
        waits.append(round((poison.claimed_until - database_now()).total_seconds(), -1))
        deliver_due()
        assert [edition for _, edition in done] == [row.edition_id for row in others]
        Outbox.objects.filter(pk=poison.pk).update(claimed_until=database_now() - timedelta(hours=1))
    assert waits == [60, 120, 600, 3600, 3600, 3600]


def test_what_was_tried_least_goes_first(article: Article, editor: User, settings: LazySettings):
    steps(settings, "failing")
    poison = publish(article, seen=1, by=editor)
    new = factories.publish_again(article, by=editor, headline="甲")
    make_due()
    Outbox.objects.filter(edition=poison).update(claimed_until=F("created_at") - timedelta(days=1), attempts=3)
    steps(settings, "first")
    assert deliver_due() == 2
    assert [edition for _, edition in done] == [new.pk, poison.pk]


def contents(name: str) -> bytes:
    with public_store().open(name) as file:
        return file.read()


def test_putting_out_pictures_twice_changes_nothing(editor: User, desk: object):
    picture = factories.make_picture(editor)
    article = factories.publish_article(editor, lead_picture=picture)
    before = {name: contents(name) for name in picture.files}
    settle_pictures(article.editions.get())
    assert {name: contents(name) for name in picture.files} == before


KILLED = """
import importlib, os, signal
import django
django.setup()
from articles.models import Article, User
verb = importlib.import_module("articles.publishing.publish")
verb.deliver = lambda row: os.kill(os.getpid(), signal.SIGKILL)
article = Article.objects.get()
verb.publish(article, seen=article.version, by=User.objects.get(username="yinxiaoyan"))
"""


def test_the_worker_completes_a_publication_whose_process_was_killed_after_the_commit(
    committed_db: CommittedDatabase, article: Article, editor: User
):
    picture = factories.make_picture(editor)
    factories.change(article, by=editor, lead_picture=picture)
    killed = subprocess.run([sys.executable, "-c", KILLED], env=os.environ | committed_db.environment, check=False)
    assert killed.returncode == -signal.SIGKILL

    assert Edition.objects.get().number == 1  # committed
    assert not public_store().exists(picture.files[0])  # but not followed up
    make_due()
    subprocess.run([sys.executable, "manage.py", "worker", "--once"], env=os.environ | committed_db.environment,
                   check=True)  # fmt: skip
    assert Outbox.objects.get().done_at
    assert all(public_store().exists(name) for name in picture.files)
