"""Keeping a shared page store answering, while it owes no purge."""

import os
import socket
import subprocess
import sys
import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import OperationalError, connection

from articles.models import Purge
from articles.publishing import page_lease
from articles.publishing.clock import database_now
from newsroom.delivery import stores
from newsroom.delivery.store import Store
from tests.conftest import CommittedDatabase
from tests.delivery.pages import page, put
from tests.harness.once import on_one_database, on_postgresql
from tests.harness.redis_server import RedisServer


@pytest.fixture
def shared(redis_server: RedisServer, settings: LazySettings) -> Store:
    """The newsroom's store, with a page in it."""
    settings.PAGE_STORE = redis_server.url
    put(stores.store(), "/a/1/", page())
    return stores.store()


def owe(seconds: float, left: str = "") -> None:
    Purge.objects.create(keys='["s:1"]', at=database_now() - timedelta(seconds=seconds), left=left)


def test_while_nothing_is_owed_it_answers(db: None, shared: Store):
    assert shared.get("/a/1/") is None
    assert page_lease.renew()
    assert shared.get("/a/1/")


@pytest.mark.parametrize(
    ("seconds", "left", "answers"),
    [(4.0, "", False), (4.0, "redis", False), (4.0, "outer redis", False), (4.0, "outer", True), (0.0, "", True)],
)
def test_while_it_owes_a_purge_for_long_it_answers_nothing(
    db: None, shared: Store, seconds: float, left: str, answers: bool
):
    page_lease.renew()
    owe(0.0)
    owe(seconds, left)
    assert page_lease.renew() == answers
    assert (shared.get("/a/1/") is not None) == answers


class TestWithoutTheDatabase:
    @pytest.fixture
    def elsewhere(self, committed_db: CommittedDatabase, monkeypatch: pytest.MonkeyPatch) -> Any:
        """Have this thread look for its database where another port is, and take it for the same newsroom."""
        made_for = stores.made_for()

        def look(port: int) -> None:
            connection.close()
            monkeypatch.setattr(stores, "made_for", lambda: made_for)
            monkeypatch.setitem(connection.settings_dict, "HOST", "127.0.0.1")
            monkeypatch.setitem(connection.settings_dict, "PORT", str(port))
            monkeypatch.setitem(connection.settings_dict["OPTIONS"], "connect_timeout", 2)

        yield look
        connection.close()

    @on_postgresql
    def test_that_is_stopped_it_answers(self, elsewhere: Any, shared: Store):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
        elsewhere(port)
        assert page_lease.renew()
        assert shared.get("/a/1/")

    @on_postgresql
    def test_that_is_silent_it_answers_nothing(self, elsewhere: Any, shared: Store):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            elsewhere(listener.getsockname()[1])
            with pytest.raises(OperationalError):
                page_lease.renew()
        assert shared.get("/a/1/") is None


@on_one_database
def test_a_worker_keeps_it_answering_until_it_ends(
    committed_db: CommittedDatabase, redis_server: RedisServer, shared: Store
):
    environment = os.environ | committed_db.environment | {"PAGE_STORE": redis_server.url}
    worker = subprocess.Popen([sys.executable, "manage.py", "worker"], env=environment, stderr=subprocess.DEVNULL)
    with redis_server.client() as client:
        while not client.keys("*:lease"):
            assert worker.poll() is None
            time.sleep(0.05)
        (lease,) = client.keys("*:lease")
        first = client.execute_command("PEXPIRETIME", lease)
        while client.execute_command("PEXPIRETIME", lease) == first:  # and again
            time.sleep(0.05)
        worker.terminate()
        assert worker.wait(30) == 0
        while client.exists(lease):
            time.sleep(0.05)


def test_trouble_is_told_once_and_it_goes_on(
    committed_db: CommittedDatabase, shared: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    rounds, stop = 0, threading.Event()

    def renew() -> bool:
        nonlocal rounds
        rounds += 1
        if rounds == 5:
            stop.set()
        raise OperationalError("gone")

    monkeypatch.setattr(page_lease, "renew", renew)
    monkeypatch.setattr(page_lease, "EVERY", 0.001)
    page_lease.hold(stop)
    assert rounds == 5
    assert [record.getMessage() for record in caplog.records] == [
        "the page store's lease cannot be renewed (OperationalError: gone)"
    ]
