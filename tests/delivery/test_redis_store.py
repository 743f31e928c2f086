"""Kept answers in a Redis that several machines share: what it does beyond test_stores.py."""

import multiprocessing
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from newsroom.delivery import redis_link
from newsroom.delivery.redis_link import Wire
from newsroom.delivery.redis_store import LEASE, RedisStore
from newsroom.delivery.store import PurgeUnconfirmed
from newsroom.environ import Misconfigured, page_store, release
from tests.delivery.pages import page, put
from tests.harness.redis_server import RedisServer


def opened(server: RedisServer, *, of: str = "this newsroom", release: str = "this release") -> RedisStore:
    return RedisStore(server.url, of=of, made_for=f"{of} {release}")


def let_answer(store: RedisStore) -> bool:
    return store.renew(lambda: -3600.0)  # for an hour


@pytest.fixture
def store(redis_server: RedisServer) -> RedisStore:
    store = opened(redis_server)
    assert let_answer(store)
    return store


@pytest.fixture
def other(redis_server: RedisServer) -> RedisStore:
    """Another process's."""
    return opened(redis_server)


def at_once(store: RedisStore) -> RedisStore:
    """Not only when it is time to ask again."""
    store._link._again = None
    return store


class TestWhateverIsEvicted:
    def keys(self, server: RedisServer) -> list[bytes]:
        with server.client() as client:
            return sorted(client.keys("*"))

    def test_no_purge_misses_what_stands(self, store: RedisStore, other: RedisStore, redis_server: RedisServer):
        kinds = set()
        for number in range(20):
            put(store, "/a/1/", page(str(number), "story:1", "list:0"))
            assert other.get("/a/1/")
            with redis_server.client() as client:
                evictable = [key for key in self.keys(redis_server) if not key.endswith(b":lease")]
                gone = evictable[number % len(evictable)]
                kinds.add(gone.split(b":", 3)[3])
                client.delete(gone)
            store.purge(["story:1"])
            assert (store.get("/a/1/"), other.get("/a/1/")) == (None, None)
        assert kinds == {b"now", b"k:", b"k:story:1", b"k:list:0", b"e:/a/1/"}

    def test_a_key_that_was_lost_is_not_the_one_that_comes_after(self, store: RedisStore, redis_server: RedisServer):
        put(store, "/a/1/", page("1"))
        with redis_server.client() as client:
            (word,) = client.keys("*:k:story:1")
            client.delete(word)
        put(store, "/a/2/", page("2"))
        assert opened(redis_server).get("/a/1/") is None
        assert opened(redis_server).get("/a/2/")

    def test_nothing_is_kept_that_was_begun_before_the_generation_was_lost(
        self, store: RedisStore, other: RedisStore, redis_server: RedisServer
    ):
        seen = store.now()
        with redis_server.client() as client:
            client.delete(*client.keys("*:now"))
        assert not store.put("/a/1/", page(), seen=seen)
        assert other.now() != seen
        assert not store.put("/a/1/", page(), seen=seen)

    def test_all_that_was_flushed_is_gone_and_all_can_be_kept_anew(self, store: RedisStore, redis_server: RedisServer):
        put(store, "/a/1/", page())
        with redis_server.client() as client:
            client.flushall()
        let_answer(store)
        assert store.get("/a/1/") is None
        assert put(store, "/a/1/", page())
        assert store.get("/a/1/")

    def test_a_full_server_keeps_nothing_more_and_is_purged(self, store: RedisStore, redis_server: RedisServer):
        put(store, "/a/1/", page())
        with redis_server.client() as client:
            client.config_set("maxmemory", 1)  # and evicts nothing
        assert not put(store, "/a/2/", page())
        store.purge(["story:1"])
        assert store.get("/a/1/") is None


class TestAServerThatIsStartedAnew:
    def test_gives_nothing_of_a_snapshot_that_is_older_than_the_last_purge(
        self, store: RedisStore, other: RedisStore, redis_server: RedisServer
    ):
        put(store, "/a/1/", page())
        assert other.get("/a/1/")
        with redis_server.client() as client:
            client.save()
        store.purge(["story:1"])
        redis_server.kill()
        redis_server.start()
        with redis_server.client() as client:
            assert client.keys("*:e:/a/1/")
            assert client.keys("*:lease")
        assert other.get("/a/1/") is None
        let_answer(store)
        assert other.get("/a/1/") is None
        assert put(store, "/a/1/", page("2"))
        assert other.get("/a/1/")

    def test_takes_no_lease_by_the_clock_of_the_one_before(self, store: RedisStore, redis_server: RedisServer):
        def started_anew() -> None:
            redis_server.kill()
            redis_server.start()

        assert not store.renew(started_anew)
        assert let_answer(store)


class TestAServerThatIsAway:
    @contextmanager
    def away(self, server: RedisServer, how: str) -> Iterator[None]:
        if how == "stopped":
            server.kill()
            yield
            server.start()
        else:
            server.process.send_signal(signal.SIGSTOP)
            yield
            server.process.send_signal(signal.SIGCONT)

    @pytest.mark.parametrize("how", ["stopped", "silent"])
    def test_answers_nothing_keeps_nothing_and_comes_back_by_itself(
        self, store: RedisStore, redis_server: RedisServer, how: str, monkeypatch: pytest.MonkeyPatch
    ):
        put(store, "/a/1/", page())
        seen = store.now()
        with self.away(redis_server, how):
            assert store.get("/a/1/") is None
            assert not store.put("/a/2/", page(), seen=seen)
            with pytest.raises(PurgeUnconfirmed) as told:
                at_once(store).purge(["story:1"])
            assert told.value.silent_in > LEASE
            assert not store.renew(lambda: None)
            with store.alone("/a/1/"):  # everybody makes it for themselves
                pass
            assert store.wanted() == []
        let_answer(at_once(store))
        assert (store.get("/a/1/") is not None) == (how == "silent")
        assert put(store, "/a/2/", page())
        store.purge(["story:1"])
        assert store.get("/a/2/") is None

    def test_is_waited_for_by_one_of_many(
        self, store: RedisStore, redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
    ):
        put(store, "/a/1/", page())
        with self.away(redis_server, "silent"):
            assert store.get("/a/1/") is None
            asked = []

            def ask(question: object) -> None:
                asked.append(question)
                store.get("/a/1/")  # as another thread, meanwhile
                raise TimeoutError

            monkeypatch.setattr(redis_link, "PAUSE", 1000.0)
            monkeypatch.setattr(store._link, "_answer", ask)
            store._link._again = 0.0  # long ago: it is time to try
            assert [store.get("/a/1/"), store.get("/a/1/")] == [None, None]
            assert len(asked) == 1


class TestTheLease:
    def test_without_it_nothing_is_answered_not_even_from_memory(self, redis_server: RedisServer):
        store = opened(redis_server)
        assert put(store, "/a/1/", page())
        assert store.get("/a/1/") is None
        let_answer(store)
        assert store.get("/a/1/")
        with redis_server.client() as client:
            client.delete(*client.keys("*:lease"))
        assert store.get("/a/1/") is None

    def test_nobody_waits_for_others_where_nothing_is_answered(self, redis_server: RedisServer, other: RedisStore):
        store = opened(redis_server)
        with store.alone("/a/1/"), other.alone("/a/1/"):
            pass

    @pytest.mark.parametrize(("age", "most"), [(None, LEASE), (0.0, LEASE), (2.0, LEASE - 2), (LEASE, 0), (9.0, 0)])
    def test_ends_before_whoever_could_not_purge_goes_on(
        self, redis_server: RedisServer, age: float | None, most: float
    ):
        store = opened(redis_server)
        assert store.renew(lambda: age) == (most > 0)
        with redis_server.client() as client:
            assert [0 < client.pttl(key) <= most * 1000 for key in client.keys("*:lease")] == [True] * (most > 0)

    def test_is_one_of_before_the_question(self, redis_server: RedisServer):
        """Else a purge could be committed between the question and the moment that the lease is counted from."""
        store = opened(redis_server)
        before = store._link.moment()[1]
        moments = []
        store.renew(lambda: moments.append(store._link.moment()[1]))
        with redis_server.client() as client:
            ends = client.execute_command("PEXPIRETIME", *client.keys("*:lease"))
        assert before <= ends - LEASE * 1000 <= moments[0]

    def test_ends_at_once_where_a_purge_is_owed_for_long(self, store: RedisStore, other: RedisStore):
        put(store, "/a/1/", page())
        assert other.get("/a/1/")
        store.renew(lambda: 4.0)
        assert other.get("/a/1/") is None

    def test_who_cannot_be_asked_whether_one_is_owed_renews_nothing(self, redis_server: RedisServer):
        store = opened(redis_server)
        with pytest.raises(ZeroDivisionError):
            store.renew(lambda: 1 / 0)
        assert put(store, "/a/1/", page())
        assert store.get("/a/1/") is None


class TestReleasesAndNewsrooms:
    def test_another_release_answers_and_keeps_nothing_until_the_worker_is_of_it(
        self, store: RedisStore, redis_server: RedisServer
    ):
        put(store, "/a/1/", page())
        newer = opened(redis_server, release="the next")
        assert newer.get("/a/1/") is None
        assert not put(newer, "/a/1/", page("2"))
        let_answer(newer)
        assert store.get("/a/1/") is None
        assert newer.get("/a/1/") is None
        assert put(newer, "/a/1/", page("2"))
        assert newer.get("/a/1/")

    def test_what_another_release_purges_may_have_other_names(self, store: RedisStore, redis_server: RedisServer):
        newer = opened(redis_server, release="the next")
        put(store, "/a/1/", page())
        newer.purge(["s:1"])
        assert store.get("/a/1/") is None
        let_answer(newer)
        put(newer, "/a/1/", page("2", "s:1"))
        store.purge(["story:1"])
        assert newer.get("/a/1/") is None

    def test_newsrooms_that_share_a_server_do_not_meet(self, store: RedisStore, redis_server: RedisServer):
        neighbour = opened(redis_server, of="the neighbours")
        put(store, "/a/1/", page())
        assert neighbour.get("/a/1/") is None
        let_answer(neighbour)
        assert put(neighbour, "/a/1/", page("2"))
        neighbour.clear()
        assert neighbour.get("/a/1/") is None
        assert store.get("/a/1/")


def _purge_and_die(url: str, before: bool) -> None:
    """A process that is killed when it is about to purge, or when it has asked for it and does not know the answer."""
    store = RedisStore(url, of="this newsroom", made_for="this newsroom this release")
    store.now()

    def die(wire: Wire, *words: object) -> None:
        if not before:
            wire._connection.send_command(*words)
        os.kill(os.getpid(), signal.SIGKILL)

    Wire.ask = die  # type: ignore[method-assign]
    store.purge(["story:1"])


@pytest.mark.parametrize("before", [True, False])
def test_a_process_that_is_killed_leaves_a_purge_made_or_to_be_made(
    store: RedisStore, other: RedisStore, redis_server: RedisServer, before: bool
):
    put(store, "/a/1/", page())
    assert other.get("/a/1/")
    store.purge(["story:2"])  # so that the server knows the script
    process = multiprocessing.get_context("spawn").Process(target=_purge_and_die, args=[redis_server.url, before])
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    assert (other.get("/a/1/") is None) == (
        not before
    )  # until it is done the lease runs out: nobody was told that it is
    other.purge(["story:1"])
    assert (store.get("/a/1/"), other.get("/a/1/")) == (None, None)
    assert put(store, "/a/1/", page("2"))


def test_caches_in_front_are_held_where_nobody_knows_whether_they_were_purged(
    store: RedisStore, other: RedisStore, redis_server: RedisServer
):
    assert store.held()  # it is not known yet
    store.release(store.held())
    assert store.held() == other.held() == 0
    since = store.hold()
    later = other.hold()
    assert since < later < since + 1
    store.release(since)
    assert other.held() == later
    store.release(later)
    assert other.held() == 0
    with redis_server.client() as client:
        client.delete(*client.keys("*:front"))
    assert store.held()
    redis_server.kill()
    assert store.held()
    with pytest.raises(PurgeUnconfirmed):
        store.hold()


@pytest.mark.parametrize(
    "value", ["", "/var/pages", "redis://h:6379/0", "rediss://:p%40@h/1", "unix:///run/redis.sock?db=1"]
)
def test_a_store_is_a_whole_path_or_a_redis(value: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PAGE_STORE", value)
    assert page_store("PAGE_STORE", "/default") == value


@pytest.mark.parametrize(
    "value",
    ["pages", "redis:", "redis:///0", "redis://h:0", "redis://h:x", "http://h/secret", "unix://", "redis://[secret"],
)
def test_anything_else_is_refused_without_being_repeated(value: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PAGE_STORE", value)
    with pytest.raises(Misconfigured, match="PAGE_STORE cannot be used; write the whole path") as refused:
        page_store("PAGE_STORE", "/default")
    assert "secret" not in str(refused.value)


def test_a_release_is_the_same_wherever_it_was_installed_and_whenever(tmp_path: Path):
    for name, text in {"one": "é", "two": "é", "next": "è"}.items():
        file = tmp_path / name / "articles" / "site" / "page.html"
        file.parent.mkdir(parents=True)
        file.write_text(text)
        os.utime(file, (len(name), len(name)))
    one, two, following = (release(tmp_path / name, shared=True) for name in ("one", "two", "next"))
    assert one == two != following
