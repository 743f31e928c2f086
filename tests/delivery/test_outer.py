"""What caches in front are told, how Fastly and Cloudflare are purged, and what counts as done.

The real two were never asked: a server on loopback writes down the requests, and answers as their documentation says.
"""

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from newsroom import environ
from newsroom.delivery import outer
from newsroom.delivery.disk import DiskStore
from newsroom.delivery.entry import Entry, made
from newsroom.delivery.outer import Outer
from newsroom.delivery.purgers import Cloudflare, Fastly, in_batches
from newsroom.delivery.store import PurgeUnconfirmed
from newsroom.environ import Misconfigured, OuterCache
from tests.harness.front import free_port
from tests.harness.small_site import SmallSite, ask, served

FASTLY, ZONE, TOKEN = "SU1Z0isxPaozGVKXdv0eY", "023e105f4ecef8ad9ca31a8372d0c353", "it-is-a-secret"
Said = tuple[int, dict[str, str], object]


# --- What is configured --------------------------------------------------------------------------------------------
@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[OuterCache, ...]]:
    def read(value: str, **others: str) -> tuple[OuterCache, ...]:
        for name, one in {"OUTER_CACHES": value, **others}.items():
            monkeypatch.setenv(name, one)
        return environ.outer_caches("OUTER_CACHES")

    return read


class TestConfiguration:
    def test_none_by_default(self):
        assert environ.outer_caches("OUTER_CACHES") == ()

    def test_each_kind_is_read(self, configured: Callable[..., tuple[OuterCache, ...]], tmp_path: Path):
        assert configured("varnish+http://127.0.0.1:6081, varnish+http://cache.example:80") == (
            OuterCache("varnish", "127.0.0.1:6081"), OuterCache("varnish", "cache.example:80"),
        )  # fmt: skip
        assert configured(f"fastly://{FASTLY}", FASTLY_TOKEN=TOKEN) == (
            OuterCache("fastly", FASTLY, "https://api.fastly.com", TOKEN),
        )
        (tmp_path / "token").write_text(f"{TOKEN}\n")
        assert configured(
            f"cloudflare://{ZONE}", CLOUDFLARE_TOKEN_FILE=str(tmp_path / "token"), CLOUDFLARE_API="http://127.0.0.1:9"
        ) == (OuterCache("cloudflare", ZONE, "http://127.0.0.1:9", TOKEN),)

    @pytest.mark.parametrize(
        ("value", "others", "message"),
        [
            ("127.0.0.1:6081", {}, "write varnish"),
            ("varnish+http://127.0.0.1", {}, "write varnish"),
            ("varnish+http://127.0.0.1:99999", {}, "write varnish"),
            ("varnish+http://a@127.0.0.1:80", {}, "write varnish"),
            ("varnish+http://127.0.0.1:80/x", {}, "write varnish"),
            ("fastly://../x", {"FASTLY_TOKEN": TOKEN}, "write varnish"),
            (f"fastly://{FASTLY}", {}, "FASTLY_TOKEN is missing"),
            (f"cloudflare://{ZONE}", {"CLOUDFLARE_TOKEN": "two words"}, "CLOUDFLARE_TOKEN is missing, or has a space"),
            (f"fastly://{FASTLY}", {"FASTLY_TOKEN": TOKEN, "FASTLY_API": "api.fastly.com"}, "FASTLY_API is"),
            (f"varnish+http://127.0.0.1:80,fastly://{FASTLY}", {"FASTLY_TOKEN": TOKEN}, "several kinds"),
            ("varnish+http://127.0.0.1:80,varnish+http://127.0.0.1:80", {}, "twice"),
        ],
    )
    def test_what_cannot_be_is_refused_by_name(
        self, configured: Callable[..., object], value: str, others: dict[str, str], message: str
    ):
        with pytest.raises(Misconfigured, match=message):
            configured(value, **others)

    def test_a_token_is_shown_nowhere(self):
        assert TOKEN not in repr(OuterCache("fastly", FASTLY, "https://api.fastly.com", TOKEN))


# --- What they are told --------------------------------------------------------------------------------------------
def entry(*keys: str, until: float | None = None) -> Entry:
    return made(
        200, (("Content-Type", "text/html; charset=utf-8"),), b"<p>", keys=keys or ("s:1", "n:site:0"), until=until
    )


def told(kind: str, one: Entry) -> dict[str, str]:
    orders = outer.orders([OuterCache(kind, "x")])
    assert orders
    return dict(orders(one))


class TestOrders:
    def test_each_kind_is_told_in_its_own_words(self):
        assert told("varnish", entry()) == {"Surrogate-Control": "max-age=31536000", "Surrogate-Key": "n:site:0 s:1"}
        assert told("fastly", entry()) == {"Surrogate-Control": "max-age=3600", "Surrogate-Key": "n:site:0 s:1"}
        assert told("cloudflare", entry()) == {"CDN-Cache-Control": "max-age=3600", "Cache-Tag": "n:site:0,s:1"}

    def test_none_where_there_is_none(self):
        assert outer.orders([]) is None

    @pytest.mark.parametrize("kind", ["varnish", "fastly", "cloudflare"])
    def test_what_ends_is_kept_no_longer(self, kind: str):
        (control, _) = told(kind, entry(until=time.time() + 100)).values()
        assert control in {"max-age=99", "max-age=100"}
        assert told(kind, entry(until=time.time() + 0.9)) == {}
        assert told(kind, entry(until=time.time() - 5)) == {}

    @pytest.mark.parametrize("kind", ["varnish", "fastly", "cloudflare"])
    def test_what_stands_on_more_keys_than_can_be_told_is_not_kept(self, kind: str):
        assert told(kind, entry(*(f"s:{number}" for number in range(900))))
        assert told(kind, entry(*(f"s:{number:06}" for number in range(1_001)))) == {}
        assert told(kind, entry(*(f"s:{number:020}" for number in range(400)))) == {}


class TestTheDoor:
    @pytest.fixture
    def site(self, tmp_path: Path) -> Iterator[SmallSite]:
        store = DiskStore(tmp_path / "pages", made_for="this")
        site = SmallSite(store, texts={"/a/": "雪", "/admin/": "desk"}, until={"/a/": time.time() + 5_000})
        with served(site):
            yield site

    def test_without_caches_in_front_nobody_is_told_anything(self, site: SmallSite):
        for target in ("/a/", "/a/", "/none/"):
            assert not {"surrogate-control", "surrogate-key", "x-kept-until"} & ask(site.port, target).headers.keys()
        assert ask(site.port, "/health/kept/").status == 404

    def test_with_one_it_is_told_of_what_stands_in_the_store_alone(self, site: SmallSite):
        site.door.orders = outer.orders([OuterCache("varnish", "x:1")])
        for _ in range(2):
            found = ask(site.port, "/a/").headers
            assert 4_900 < int(found["surrogate-control"].removeprefix("max-age=")) < 5_000
            assert found["surrogate-key"] == "all-pages p:/a/"
            assert found["cache-control"] == "public, max-age=0, must-revalidate"
            assert "x-kept-until" not in found
        known = ask(site.port, "/a/", If_None_Match="*")
        assert (known.status, known.headers["surrogate-key"]) == (304, "all-pages p:/a/")
        assert "surrogate-control" not in ask(site.port, "/none/").headers

    def test_an_answer_that_could_not_be_stored_is_kept_by_nobody(self, site: SmallSite):
        site.door.orders = outer.orders([OuterCache("varnish", "x:1")])
        site.after = lambda: site.store.purge(["p:/other/"])
        found = ask(site.port, "/a/")
        assert (found.text, "surrogate-control" in found.headers) == ("雪", False)

    def test_while_they_are_held_they_are_told_to_keep_nothing(self, site: SmallSite):
        site.door.orders = outer.orders([OuterCache("varnish", "x:1")])
        assert ask(site.port, "/health/kept/", host="localhost").status == 200
        since = site.store.hold()
        assert ask(site.port, "/health/kept/", host="localhost").status == 503
        assert "surrogate-control" not in ask(site.port, "/a/").headers
        site.store.release(since)
        assert ask(site.port, "/health/kept/", host="localhost").status == 200
        assert "surrogate-control" in ask(site.port, "/a/").headers

    def test_the_answers_that_pass_the_door_by_tell_nothing_either(self, site: SmallSite):
        site.headers = (*site.headers, ("Surrogate-Control", "max-age=9"), ("Surrogate-Key", "x"))
        for method, target in (("GET", "/admin/"), ("POST", "/a/")):
            assert not {"surrogate-control", "surrogate-key"} & ask(site.port, target, method).headers.keys()

    def test_what_was_modified_is_told_and_asked_for(self, site: SmallSite):
        """A feed's Last-Modified comes through; If-Modified-Since counts where there is no If-None-Match."""
        site.headers = (*site.headers, ("Last-Modified", "Sun, 22 Nov 2026 08:00:00 GMT"))
        first = ask(site.port, "/a/")
        assert first.headers["last-modified"] == "Sun, 22 Nov 2026 08:00:00 GMT"
        since = {"before": "Sun, 22 Nov 2026 07:59:59 GMT", "then": "Sun, 22 Nov 2026 08:00:00 GMT",
                 "after": "Sun, 22 Nov 2026 08:00:01 GMT", "never": "yesterday"}  # fmt: skip
        found = {name: ask(site.port, "/a/", If_Modified_Since=moment).status for name, moment in since.items()}
        assert found == {"before": 200, "then": 304, "after": 304, "never": 200}
        assert ask(site.port, "/a/", If_Modified_Since=since["after"], If_None_Match='"other"').status == 200
        assert len(site.asked) == 1


# --- How they are purged -------------------------------------------------------------------------------------------
@dataclass
class Api:
    """Writes down what it is asked, and answers as told, or that all is done."""

    port: int = 0
    asked: list[tuple[str, str, dict[str, str], str]] = field(default_factory=list)
    answers: list[Said] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def answer(self, path: str, headers: dict[str, str]) -> Said:
        if self.answers:
            return self.answers.pop(0)
        if path.endswith("/purge_cache"):
            return 200, {}, {"success": True, "errors": [], "messages": [], "result": {"id": "1"}}
        if path.endswith("/purge_all"):
            return 200, {}, {"status": "ok"}
        return 200, {}, {key: f"108-{place}" for place, key in enumerate(headers["surrogate-key"].split())}


@pytest.fixture
def api() -> Iterator[Api]:
    api = Api()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(int(headers["content-length"])).decode()
            api.asked.append(("POST", self.path, headers, body))
            status, more, said = api.answer(self.path, headers)
            content = (said if isinstance(said, str) else json.dumps(said)).encode()
            self.send_response(status)
            for name, value in {"Content-Length": str(len(content)), **more}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        api.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, args=[0.05])
        thread.start()
        yield api
        server.shutdown()
        thread.join()


@pytest.fixture
def fastly(api: Api) -> Fastly:
    return Fastly(OuterCache("fastly", FASTLY, api.address, TOKEN))


@pytest.fixture
def cloudflare(api: Api) -> Cloudflare:
    return Cloudflare(OuterCache("cloudflare", ZONE, api.address, TOKEN))


class TestFastly:
    def test_keys_are_purged_256_at_a_time(self, fastly: Fastly, api: Api):
        fastly.purge({f"s:{number}" for number in range(300)})
        asked = [(method, path, headers["fastly-key"], body) for method, path, headers, body in api.asked]
        assert asked == [("POST", f"/service/{FASTLY}/purge", TOKEN, "")] * 2
        batches = [headers["surrogate-key"].split() for _, _, headers, _ in api.asked]
        assert [len(batch) for batch in batches] == [256, 44]
        assert {key for batch in batches for key in batch} == {f"s:{number}" for number in range(300)}

    def test_everything_is_purged_by_one_request(self, fastly: Fastly, api: Api):
        fastly.clear()
        assert [(path, headers["fastly-key"]) for _, path, headers, _ in api.asked] == [
            (f"/service/{FASTLY}/purge_all", TOKEN)
        ]

    @pytest.mark.parametrize(
        "said",
        [(200, {}, {"s:1": "x"}), (200, {}, {}), (200, {}, ["s:1", "s:2"]), (200, {}, "ok"), (401, {}, {"msg": "no"}),
         (500, {}, {}), (302, {"Location": "/"}, {})],
    )  # fmt: skip
    def test_anything_but_an_id_for_each_key_confirms_nothing(self, fastly: Fastly, api: Api, said: Said):
        api.answers = [said]
        with pytest.raises(PurgeUnconfirmed, match="Fastly") as error:
            fastly.purge(["s:1", "s:2"])
        assert TOKEN not in str(error.value)

    def test_all_must_be_said_to_be_purged(self, fastly: Fastly, api: Api):
        api.answers = [(200, {}, {"status": "later"})]
        with pytest.raises(PurgeUnconfirmed):
            fastly.clear()


class TestCloudflare:
    def test_tags_are_purged_100_at_a_time(self, cloudflare: Cloudflare, api: Api):
        cloudflare.purge({f"s:{number}" for number in range(250)})
        asked = [(method, path, headers["authorization"], headers["content-type"])
                 for method, path, headers, _ in api.asked]  # fmt: skip
        expected = ("POST", f"/client/v4/zones/{ZONE}/purge_cache", f"Bearer {TOKEN}", "application/json")
        assert asked == [expected] * 3
        tags = [json.loads(body)["tags"] for *_, body in api.asked]
        assert [len(some) for some in tags] == [100, 100, 50]
        assert {tag for some in tags for tag in some} == {f"s:{number}" for number in range(250)}

    def test_everything_is_purged_by_one_request(self, cloudflare: Cloudflare, api: Api):
        cloudflare.clear()
        assert [json.loads(body) for *_, body in api.asked] == [{"purge_everything": True}]

    @pytest.mark.parametrize(
        "said",
        [(200, {}, {"success": False, "errors": [{"code": 1}]}), (200, {}, {}), (200, {}, "<p>"),
         (200, {}, {"success": "true"}), (403, {}, {"success": True}), (500, {}, {"success": True})],
    )  # fmt: skip
    def test_anything_but_success_confirms_nothing(self, cloudflare: Cloudflare, api: Api, said: Said):
        api.answers = [said]
        with pytest.raises(PurgeUnconfirmed, match="Cloudflare"):
            cloudflare.purge(["s:1"])


class TestAsking:
    @pytest.mark.parametrize("status", [429, 503])
    def test_once_more_where_it_says_that_this_soon_helps(self, cloudflare: Cloudflare, api: Api, status: int):
        api.answers = [(status, {"Retry-After": "0"}, {})]
        cloudflare.purge(["s:1"])
        assert len(api.asked) == 2

    @pytest.mark.parametrize(
        ("status", "wait", "asked"), [(429, "0", 2), (429, "60", 1), (429, "soon", 1), (400, "0", 1)]
    )
    def test_but_not_for_ever(self, cloudflare: Cloudflare, api: Api, status: int, wait: str, asked: int):
        api.answers = [(status, {"Retry-After": wait}, {})] * 2
        with pytest.raises(PurgeUnconfirmed):
            cloudflare.purge(["s:1"])
        assert len(api.asked) == asked

    def test_nobody_there_confirms_nothing(self):
        with pytest.raises(PurgeUnconfirmed, match="Fastly does not answer"):
            Fastly(OuterCache("fastly", FASTLY, f"http://127.0.0.1:{free_port()}", TOKEN)).purge(["s:1"])

    def test_a_batch_fits_into_a_header(self):
        keys = [f"m:topic:{number:01000}" for number in range(50)]
        batches = list(in_batches(keys, 1_000))
        assert sorted(key for batch in batches for key in batch) == sorted(keys)
        assert max(len(" ".join(batch)) for batch in batches) <= 7_000


def test_where_one_fails_the_next_that_succeeds_clears_all(cloudflare: Cloudflare, api: Api, tmp_path: Path):
    store = DiskStore(tmp_path / "pages", made_for="this")
    caches = Outer((cloudflare,), store, lease=0.0)
    api.answers = [(500, {}, {})]
    with pytest.raises(PurgeUnconfirmed):
        caches.purge(["s:1"])
    assert store.held()
    assert DiskStore(tmp_path / "pages", made_for="this").held() == store.held()  # for other processes as well
    caches.purge(["s:2"])
    assert json.loads(api.asked[-1][3]) == {"purge_everything": True}
    assert not store.held()
    caches.purge(["s:3"])
    assert json.loads(api.asked[-1][3]) == {"tags": ["s:3"]}
