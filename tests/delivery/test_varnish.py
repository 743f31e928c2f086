"""A real Varnish of deploy/varnish.vcl: what it keeps, that it forgets in time, and that it is silent in doubt."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from newsroom.delivery import outer
from newsroom.delivery.disk import DiskStore
from newsroom.delivery.outer import LEASE, Outer
from newsroom.delivery.purgers import Varnish
from newsroom.delivery.store import PurgeUnconfirmed
from newsroom.environ import OuterCache
from tests.harness import front
from tests.harness.small_site import Answer, SmallSite, ask, served
from tests.harness.threads import at_once, read_while_written

TEXT = "雪" * 400


@dataclass
class Front:
    """A small site, and Varnish before it."""

    site: SmallSite
    store: DiskStore
    port: int
    purged: Outer

    def ask(self, target: str = "/a/", method: str = "GET", **headers: str) -> Answer:
        return ask(self.port, target, method, **headers)

    def change(self, text: str, path: str = "/a/") -> None:
        self.site.change(path, text, self.store, self.purged)

    def asks(self, *targets: str, **headers: str) -> int:
        """How many of these questions Varnish hands on to the newsroom."""
        before = self.seen()
        for target in targets:
            self.ask(target, **headers)
        return self.seen() - before

    def seen(self) -> int:
        return sum(1 for one in self.site.door_asked if one["PATH_INFO"] != "/health/kept/")

    def wait_for(self, what: Callable[[], bool], seconds: float = 30) -> None:
        until = time.monotonic() + seconds
        while not what():
            assert time.monotonic() < until
            time.sleep(0.02)

    def answers_itself(self, target: str = "/a/") -> bool:
        """Whether it does so now, of an address that it has been asked for."""
        return self.asks(target, target) < 2


def purger(port: int) -> Varnish:
    return Varnish(OuterCache("varnish", f"127.0.0.1:{port}"))


def site_at(folder: Path) -> SmallSite:
    store = DiskStore(folder, made_for="this")
    site = SmallSite(store, orders=outer.orders([OuterCache("varnish", "x:1")]))
    site.texts |= {"/a/": TEXT, "/b/": TEXT, "/admin/": "desk"}
    return site


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    site = site_at(tmp_path_factory.mktemp("varnish") / "pages")
    assert isinstance(site.store, DiskStore)
    with served(site), front.varnish(site.port) as port:
        yield Front(site, site.store, port, Outer((purger(port),), site.store, LEASE))


@pytest.fixture
def before(running: Front) -> Front:
    """As new: nothing kept, nothing held."""
    running.site.texts = {"/a/": TEXT, "/b/": TEXT, "/admin/": "desk"}
    running.site.before = running.site.after = bool
    running.site.until = {}
    running.store.clear()
    running.purged.clear()
    running.wait_for(running.answers_itself)
    running.purged.clear()
    running.store.clear()
    return running


class TestKeeping:
    def test_what_may_be_kept_is_asked_for_once(self, before: Front):
        assert before.asks("/a/", "/a/", "/a/") == 1
        assert before.ask().text == TEXT

    @pytest.mark.parametrize(
        ("accepts", "form"),
        [("br, gzip", "br"), ("gzip, deflate, br;q=0.5", "br"), ("gzip", "gzip"), ("br;q=0, gzip;q=1.0", "gzip"),
         ("identity", ""), ("gzip;q=0", ""), ("xbr", "")],
    )  # fmt: skip
    def test_each_form_is_kept_as_the_newsroom_sends_it(self, before: Front, accepts: str, form: str):
        here = ask(before.site.port, "/a/", Accept_Encoding=form)
        for _ in range(2):
            found = before.ask(Accept_Encoding=accepts)
            assert (found.status, found.body) == (200, here.body)
            for name in ("etag", "content-encoding", "vary", "content-type", "cache-control", "content-length"):
                assert found.headers.get(name) == here.headers.get(name), name
            known = before.ask(Accept_Encoding=accepts, If_None_Match=here.headers["etag"])
            assert (known.status, known.body, known.headers["etag"]) == (304, b"", here.headers["etag"])
        head = before.ask(method="HEAD", Accept_Encoding=accepts)
        assert (head.status, head.body, head.headers["etag"]) == (200, b"", here.headers["etag"])
        assert before.asks("/a/", Accept_Encoding=accepts) == 0

    def test_readers_are_told_none_of_what_is_for_caches(self, before: Front):
        assert {"surrogate-control", "surrogate-key"} <= ask(before.site.port, "/a/").headers.keys()
        for found in (before.ask(), before.ask(), before.ask("/a/?x=1"), before.ask("/none/")):
            hidden = {
                "surrogate-control",
                "surrogate-key",
                "xkey",
                "kept-fetch",
                "kept-generation",
                "via",
                "x-varnish",
                "age",
            }
            assert not hidden & found.headers.keys()
            assert "accept-ranges" not in found.headers
        assert before.ask().headers["cache-control"] == "public, max-age=0, must-revalidate"

    def test_questions_make_no_entries(self, before: Front):
        targets = [f"/a/?utm_source={number}" for number in range(20)]
        assert before.asks(*targets, *targets) == 40
        assert before.asks("/a/", "/a/?utm_source=1", "/a/") == 2

    @pytest.mark.parametrize("target", ["/none/", "/admin/"])
    def test_what_may_not_be_kept_is_asked_for_each_time(self, before: Front, target: str):
        assert before.asks(target, target, target) == 3

    def test_the_desk_gets_its_cookies_and_pages_get_none(self, before: Front):
        before.ask("/admin/", Cookie="desk=secret")
        assert before.site.door_asked[-1]["HTTP_COOKIE"] == "desk=secret"
        before.ask("/a/", Cookie="desk=secret")
        assert "HTTP_COOKIE" not in before.site.door_asked[-1]

    def test_a_change_goes_to_the_newsroom(self, before: Front):
        before.ask()
        before.ask(method="POST")
        assert before.site.asked[-1] == ("POST", "/a/")

    def test_another_host_is_refused_and_is_no_entry(self, before: Front):
        for _ in range(2):
            assert before.ask(host="evil.example").status == 400
        assert before.ask().status == 200
        assert before.ask(host="evil.example").status == 400

    def test_who_asks_is_who_nginx_says(self, before: Front):
        before.ask("/admin/", X_Forwarded_For="203.0.113.7")
        assert before.site.door_asked[-1]["HTTP_X_FORWARDED_FOR"] == "203.0.113.7"

    def test_what_ends_is_not_answered_after_its_time(self, before: Front):
        before.site.until["/a/"] = time.time() + 2.5
        assert before.asks("/a/", "/a/") == 1
        assert ask(before.site.port, "/a/").headers["surrogate-control"] in {"max-age=1", "max-age=2"}
        before.site.texts["/a/"] = "after"
        before.wait_for(lambda: time.time() > before.site.until["/a/"])
        del before.site.until["/a/"]
        assert before.ask().text == "after"

    def test_a_newsroom_that_is_away_is_no_success(self, before: Front):
        with front.varnish(front.free_port()) as port:
            found = ask(port, "/a/")
        assert (found.status, found.headers["cache-control"]) == (502, "no-store")


class TestPurging:
    def test_all_that_stands_on_a_key_is_gone_and_nothing_else(self, before: Front):
        for form in ("br", "gzip", ""):
            before.asks("/a/", "/b/", Accept_Encoding=form)
        before.change("after")
        assert [before.ask(Accept_Encoding=form).text for form in ("br", "gzip", "")] == ["after"] * 3
        assert (
            before.asks("/b/", Accept_Encoding="br") == 1
        )  # it is young, and something was purged: asked for, and kept
        assert before.ask("/b/").text == TEXT

    def test_everything_can_be_cleared(self, before: Front):
        assert before.asks("/a/", "/b/") == 2
        before.purged.clear()
        assert before.asks("/a/", "/b/") == 2

    def test_many_keys_are_purged_in_several_requests(self, before: Front):
        before.ask()
        before.site.texts["/a/"] = "after"
        keys = [f"s:{number:06}" for number in range(3_000)] + ["p:/a/"]
        before.store.purge(keys)
        before.purged.purge(keys)
        assert before.ask().text == "after"

    def test_nobody_else_may_purge(self, before: Front):
        before.ask()
        token = {"Purge_Token": "x", "Surrogate_Key": "*"}
        assert before.ask("/", "PURGE", X_Forwarded_For="127.0.0.1", **token).status == 403  # by way of nginx
        assert before.ask("/", "PURGE").status == 400
        assert before.asks("/a/") == 0

    def test_an_answer_that_proves_nothing_is_no_confirmation(self, before: Front):
        with pytest.raises(PurgeUnconfirmed, match="without saying"):
            purger(before.site.port).purge(["p:/a/"])  # no Varnish: the newsroom itself


class TestRaces:
    def test_what_was_fetched_before_a_purge_is_not_kept_after_it(self, before: Front):
        """The newsroom has read the old text when the purge comes; its answer comes after."""
        read, purged = threading.Event(), threading.Event()

        def hold() -> None:
            read.set()
            assert purged.wait(30)

        def change() -> None:
            assert read.wait(30)
            before.site.after = bool
            before.change("after")
            purged.set()

        before.site.after = hold
        first, error = at_once(before.ask, change)
        assert error is None
        assert isinstance(first, Answer)
        assert first.text == TEXT  # it was begun before
        assert before.ask().text == "after"
        assert before.asks("/a/") == 0

    def test_what_the_store_has_kept_and_sent_before_a_purge_is_not_kept_after_it(self, before: Front):
        """The old answer, which may be kept, is on its way from the store's door while both are purged."""
        ask(before.site.port, "/a/")  # now it stands in the store
        found, purged = threading.Event(), threading.Event()
        orders = before.site.door.orders
        assert orders

        def slow(entry: object) -> object:
            said = orders(entry)  # type: ignore[arg-type]
            found.set()
            assert purged.wait(30)
            return said

        def change() -> None:
            assert found.wait(30)
            before.site.door.orders = orders
            before.change("after")
            purged.set()

        before.site.door.orders = slow  # type: ignore[assignment]
        first, error = at_once(before.ask, change)
        assert error is None
        assert isinstance(first, Answer)
        assert first.text == TEXT
        assert before.ask().text == "after"
        assert before.asks("/a/") == 0  # that is what is kept now: the old one is not even there to be passed by

    def test_readers_never_get_what_is_older_than_the_last_purge(self, before: Front):
        """Readers of all forms, and purges one after the other."""

        def read(form: str) -> int:
            return front_text(before.ask(Accept_Encoding=form))

        before.change("0")
        readers = [partial(read, form) for form in ("br", "gzip", "", "br")]
        stale, reads = read_while_written(lambda number: before.change(str(number)), *readers, writes=60, each=8)
        assert stale == []
        assert reads >= 480


def front_text(answer: Answer) -> int:
    assert answer.status == 200
    return int(answer.text)


def fails(caches: Outer) -> float:
    """Purge them in vain, and wait for as long as it is said that they may still answer; how long that was."""
    begun = time.monotonic()
    with pytest.raises(PurgeUnconfirmed, match="does not answer") as error:
        caches.purge(["p:/a/"])
    time.sleep(max(0.0, begun + error.value.silent_in - time.monotonic()))
    return time.monotonic() - begun


class TestWherePurgesFail:
    def test_it_is_silent_until_it_was_purged(self, before: Front):
        """A purge does not reach it. When that is known, it answers nothing any more; and all is gone when one does."""
        before.ask()
        before.ask("/b/")
        nowhere = Outer((purger(front.free_port()),), before.store, LEASE)
        before.site.texts["/a/"] = "after"
        before.store.purge(["p:/a/"])
        assert 0 < fails(nowhere) <= LEASE + 0.5
        assert before.ask().text == "after"
        assert before.asks("/a/", "/b/", "/b/") == 3
        assert "surrogate-control" not in ask(before.site.port, "/b/").headers
        assert fails(nowhere) < 0.1  # it has been silent for long

        before.purged.purge(["p:/something-else/"])
        before.wait_for(before.answers_itself)
        assert before.ask().text == "after"
        assert "surrogate-control" in ask(before.site.port, "/b/").headers

    def test_one_that_failed_meanwhile_is_not_forgotten(self, before: Front):
        """While all is being cleared, another purge fails: they stay silent."""
        since = before.store.hold()
        before.store.hold()
        before.store.release(since)
        assert before.store.held() > since
        before.purged.purge([])
        assert before.store.held() == 0

    def test_one_of_two_that_is_away_makes_both_silent(self, before: Front):
        before.ask()
        both = Outer((purger(front.free_port()), purger(before.port)), before.store, LEASE)
        before.site.texts["/a/"] = "after"
        before.store.purge(["p:/a/"])
        fails(both)
        assert before.ask().text == "after"
        assert before.asks("/a/", "/a/") == 2
        before.purged.clear()
