"""Taking pages away: by the act, or by the worker where the act could not."""

import json
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import transaction
from django.test import Client

from articles.models import Purge
from articles.publishing import page_lease, purging
from articles.publishing.clock import database_now
from newsroom.delivery import outer, redis_store, stores
from newsroom.delivery.redis_store import RedisStore
from newsroom.delivery.store import PurgeUnconfirmed, Store
from newsroom.environ import OuterCache
from tests.conftest import CommittedDatabase
from tests.delivery.pages import page, put
from tests.harness.front import free_port
from tests.harness.once import on_one_database
from tests.harness.redis_server import RedisServer


@pytest.fixture
def shared(redis_server: RedisServer, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> RedisStore:
    """The newsroom's store, which answers for an hour; whoever cannot purge it waits hardly at all."""
    settings.PAGE_STORE = redis_server.url
    monkeypatch.setattr(redis_store, "MARGIN", 0.01 - redis_store.LEASE)
    store = stores.store()
    assert isinstance(store, RedisStore)
    assert store.renew(lambda: -3600.0)
    return store


def act(*keys: str, everything: bool = False) -> None:
    with transaction.atomic():
        purging.purge(None if everything else keys)


@pytest.mark.parametrize("everything", [False, True])
def test_what_an_act_changes_is_gone_when_it_returns(committed_db: CommittedDatabase, shared: Store, everything: bool):
    put(shared, "/a/1/", page("1", "s:1"))
    put(shared, "/a/2/", page("2", "s:2"))
    act("s:1", everything=everything)
    assert shared.get("/a/1/") is None
    assert (shared.get("/a/2/") is None) == everything
    assert not Purge.objects.exists()


def test_where_the_store_is_away_the_worker_does_it_and_whoever_acted_knows(
    committed_db: CommittedDatabase, shared: RedisStore, redis_server: RedisServer
):
    put(shared, "/a/1/", page("1", "s:1"))
    redis_server.kill()
    with purging.missed() as missed:
        act("s:1")
        act("s:2")
    assert [json.loads(row.keys) for row in missed] == [["s:1"], ["s:2"]]
    assert [row.left for row in Purge.objects.all()] == ["redis"] * 2
    assert purging.purge_due() == 2
    assert Purge.objects.count() == 2
    redis_server.start()
    assert purging.purge_due() == 2
    assert not Purge.objects.exists()
    assert sorted(shared.wanted()) == ["s:1", "s:2"]


def test_who_could_not_purge_goes_on_when_the_lease_has_run_out(
    committed_db: CommittedDatabase, shared: RedisStore, redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
):
    """A store that is back before that is purged meanwhile, and nobody needs to be told."""
    monkeypatch.setattr(redis_store, "MARGIN", 60.0)
    monkeypatch.setattr(purging, "AGAIN", 0.05)
    redis_server.kill()
    acting = threading.Thread(target=act_elsewhere)
    acting.start()
    while not Purge.objects.exists():
        time.sleep(0.01)
    redis_server.start()
    acting.join(30)
    assert not acting.is_alive()
    assert not Purge.objects.exists()


def act_elsewhere() -> None:
    from django.db import connection

    act("s:1")
    connection.close()


class Beside:
    """Another thing to purge."""

    name = "beside"

    def __init__(self, *, fails: bool = False) -> None:
        self.fails = fails
        self.purged: list[set[str]] = []

    def purge(self, keys: set[str]) -> None:
        if self.fails:
            raise PurgeUnconfirmed("no")
        self.purged.append(keys)

    def clear(self) -> None:
        self.purge({"everything"})


def test_one_that_fails_holds_up_none_of_the_others_and_is_tried_alone(
    committed_db: CommittedDatabase, shared: RedisStore, monkeypatch: pytest.MonkeyPatch
):
    beside = Beside(fails=True)
    monkeypatch.setattr(stores, "all_of_them", lambda: [beside, shared])
    put(shared, "/a/1/", page("1", "s:1"))
    act("s:1")
    assert shared.get("/a/1/") is None
    assert [row.left for row in Purge.objects.all()] == ["beside"]
    assert page_lease.oldest("redis") is None  # this one may go on answering
    assert page_lease.oldest("beside") is not None
    put(shared, "/a/1/", page("2", "s:1"))
    act("s:2")
    beside.fails = False
    purging.purge_due()
    assert beside.purged == [{"s:1", "s:2"}]  # as one
    assert shared.get("/a/1/")
    assert not Purge.objects.exists()


@on_one_database
def test_caches_in_front_that_are_away_are_held_until_the_worker_has_emptied_them(
    committed_db: CommittedDatabase, settings: LazySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(outer, "LEASE", 0.2)
    monkeypatch.setattr(purging, "AGAIN", 0.05)
    settings.PAGE_STORE = str(tmp_path / "pages")
    settings.OUTER_CACHES = (OuterCache("varnish", f"127.0.0.1:{free_port()}"),)
    began = time.monotonic()
    act("s:1")
    assert time.monotonic() - began >= 0.2
    assert [row.left for row in Purge.objects.all()] == ["outer"]
    assert stores.store().held()
    settings.OUTER_CACHES = (OuterCache("fastly", "a" * 20, "http://nowhere.invalid", "token"),)
    monkeypatch.setattr(outer, "PURGERS", {"fastly": lambda _: Beside()})
    assert purging.purge_due() == 1
    assert not stores.store().held()
    stores.store().hold()  # as a process that was killed at the wrong moment would leave it
    assert purging.purge_due() == 0
    assert not stores.store().held()


@on_one_database
def test_a_form_that_saves_many_things_empties_the_store_once(
    committed_db: CommittedDatabase, settings: LazySettings, tmp_path: Path
):
    settings.PAGE_STORE = str(tmp_path / "pages")
    with transaction.atomic():
        with suppress(RuntimeError), transaction.atomic():
            purging.purge(None)
            raise RuntimeError("this part is undone, and what it would have purged with it")
        purging.purge(None)
        purging.purge(None)
        purging.purge({"s:1"})
        assert sorted(Purge.objects.values_list("keys", flat=True)) == ['["s:1"]', "null"]
    assert not Purge.objects.exists()


def test_a_purge_that_is_owed_for_a_minute_is_told_by_the_health_page(db: None, settings: LazySettings):
    settings.PAGE_STORE = "/nowhere"

    def told() -> bool:
        return Client().get("/health/ready/").json()["purges_overdue"]

    row = Purge.objects.create(keys="[]", at=database_now() - timedelta(seconds=50))
    assert told() is False
    Purge.objects.filter(pk=row.pk).update(at=database_now() - timedelta(seconds=61))
    assert told() is True
    row.delete()
    assert told() is False


def test_by_default_pages_are_files(settings: LazySettings, tmp_path: Path, redis_server: RedisServer):
    settings.PAGE_STORE = str(tmp_path / "pages")
    assert (stores.store().name, stores.leased()) == ("disk", None)
    settings.PAGE_STORE = redis_server.url
    found: Callable[[], object] = stores.leased
    assert (stores.store().name, found()) == ("redis", stores.store())
