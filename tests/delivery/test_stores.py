"""What every store of kept answers does (newsroom/delivery/store.py)."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from newsroom.delivery.disk import DiskStore
from newsroom.delivery.redis_store import RedisStore
from newsroom.delivery.store import Store
from tests.delivery.pages import page, put
from tests.harness.redis_server import RedisServer

Open = Callable[..., Store]


@pytest.fixture(params=["disk", "redis"])
def another(request: pytest.FixtureRequest, tmp_path: Path) -> Open:
    """Opens the store of this test as another process does."""
    if request.param == "disk":
        return lambda **options: DiskStore(tmp_path / "pages", made_for="this release", **options)
    server: RedisServer = request.getfixturevalue("redis_server")

    def open_store(**options: int) -> Store:
        store = RedisStore(server.url, of="this newsroom", made_for="this release", **options)
        assert store.renew(lambda: -3600.0)  # for an hour
        return store

    return open_store


@pytest.fixture
def store(another: Open) -> Store:
    return another()


class TestKeeping:
    @pytest.mark.parametrize(
        "address", ["/", "/a/abc/", "/zh-hans/", "/feed.xml", "/頻道/", "/a/?all=1", "/" + "長" * 200]
    )
    def test_what_was_put_is_given_back_also_to_others(self, store: Store, another: Open, address: str):
        entry = page()
        assert put(store, address, entry)
        assert store.get(address) == entry
        assert another().get(address) == entry
        assert store.get(address + "x") is None

    @pytest.mark.parametrize("status", [200, 301, 410])
    def test_the_later_of_two_stands_everywhere(self, store: Store, another: Open, status: int):
        other = another()
        put(store, "/a/1/", page("前"))
        assert other.get("/a/1/") == store.get("/a/1/")
        after = page("後", "story:2", status=status)
        put(store, "/a/1/", after)
        store.purge(["story:3"])  # what a process holds may stand as long as nothing is purged
        assert other.get("/a/1/") == store.get("/a/1/") == after

    def test_what_ends_is_not_given_after_its_time(self, store: Store, another: Open):
        put(store, "/soon/", page(until=time.time() + 60))
        put(store, "/past/", page(until=time.time() - 1))
        for one in (store, another()):
            assert one.get("/soon/")
            assert one.get("/past/") is None

    def test_memory_is_bounded(self, another: Open):
        store = another(memory=20_000)
        for number in range(40):
            put(store, f"/{number}/", page(str(number)))
        assert 0 < store._memory.held <= 20_000  # type: ignore[attr-defined]
        assert store.get("/0/")


class TestPurging:
    def test_all_that_stands_on_a_key_is_gone_everywhere_and_nothing_else(self, store: Store, another: Open):
        other = another()
        for address, keys in {"/": ["story:1", "list:0"], "/a/1/": ["story:1"], "/a/2/": ["story:2"]}.items():
            put(store, address, page(address, *keys))
            assert other.get(address)
        store.purge(["story:1"])
        for one in (other, store, another()):
            assert [address for address in ("/", "/a/1/", "/a/2/") if one.get(address)] == ["/a/2/"]

    def test_of_many_keys_one_is_enough(self, store: Store):
        keys = [f"story:{number}" for number in range(2500)]
        for key in (keys[0], keys[1000], keys[-1]):
            assert put(store, "/archive/", page("月", *keys))
            store.purge([key])
            assert store.get("/archive/") is None

    def test_what_was_begun_before_it_is_not_stored(self, store: Store, another: Open):
        seen = store.now()
        another().purge(["anything"])
        assert not store.put("/a/1/", page(), seen=seen)
        assert store.get("/a/1/") is None

    def test_what_is_kept_after_it_stands(self, store: Store, another: Open):
        for text in "一二三":
            store.purge(["story:1"])
            entry = page(text)
            assert put(store, "/a/1/", entry)
            assert another().get("/a/1/") == entry

    def test_everything_can_be_cleared(self, store: Store, another: Open):
        put(store, "/", page())
        other = another()
        assert other.get("/")
        store.clear()
        assert other.get("/") is None
        assert put(other, "/", page())

    def test_nobody_who_asks_after_a_purge_is_given_what_was_there_before(self, another: Open):
        """Four processes, as far as the store can tell, and one that publishes."""
        public = acknowledged = given = 0
        stale = list[tuple[int, int]]()
        over, counted = threading.Event(), threading.Lock()

        def read() -> None:
            nonlocal given
            store = another()
            while not over.is_set():
                least = acknowledged
                found = store.get("/")
                if not found:
                    with store.alone("/"):
                        seen = store.now()
                        store.put("/", page(f" {public} ", "story:1"), seen=seen)
                    continue
                number = int(found.forms[""].split()[1])
                with counted:
                    given += 1
                    if number < least:
                        stale.append((number, least))

        readers = [threading.Thread(target=read) for _ in range(4)]
        for reader in readers:
            reader.start()
        writer = another()
        for number in range(1, 61):
            wanted = given + 3
            public = number
            writer.purge(["story:1"])
            acknowledged = number
            while given < wanted and any(reader.is_alive() for reader in readers):
                time.sleep(0.001)
        over.set()
        for reader in readers:
            reader.join()
        assert given >= 180
        assert stale == []


def test_one_makes_what_many_ask_for(another: Open):
    inside, most = 0, 0

    def make() -> None:
        nonlocal inside, most
        with another().alone("/"):
            inside += 1
            most = max(most, inside)
            time.sleep(0.01)
            inside -= 1

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1


def test_what_is_wanted_again_is_told_once(store: Store, another: Open):
    store.want(["story:1", "story:2"])
    store.want(["story:1"])
    assert sorted(another().wanted()) == ["story:1", "story:2"]
    assert store.wanted() == []
