"""The door before the application: what it answers itself, what it asks the application for, and what it keeps."""

import gzip
import io
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import brotli
import pytest

from newsroom.delivery.disk import DiskStore
from newsroom.delivery.kept import Kept
from tests.harness.threads import at_once

SITE = "news.example:8443"
TEXT = ("雪" * 400).encode()
KEPT = [("Surrogate-Control", "max-age=31536000"), ("Surrogate-Key", "s:1")]


@dataclass
class Application:
    """Says the same every time, and remembers what it was asked."""

    status: str = "200 OK"
    headers: list[tuple[str, str]] = field(default_factory=lambda: [*KEPT])
    body: bytes = TEXT
    before: Callable[[], object] = bool
    asked: list[dict[str, Any]] = field(default_factory=list)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        self.asked.append(environ)
        self.before()
        kind = [("Content-Type", "text/html; charset=utf-8")]
        start_response(self.status, [*kind, ("Cache-Control", "public, max-age=0, must-revalidate"), *self.headers])
        return [self.body]


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class Door:
    application: Application
    store: DiskStore
    kept: Kept

    def get(self, target: str = "/a/one/", method: str = "GET", scheme: str = "https", **headers: str) -> Answer:
        path, _, question = target.partition("?")
        said: list[Any] = []
        named = {f"HTTP_{name.upper()}": value for name, value in ({"host": SITE} | headers).items()}
        environ = named | {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": question,
                           "wsgi.url_scheme": scheme, "wsgi.input": io.BytesIO(b"typed")}  # fmt: skip
        body = b"".join(self.kept(environ, lambda *what: said.append(what)))
        status, sent = said[-1][:2]
        assert len({name.lower() for name, _ in sent}) == len(sent), sent
        return Answer(int(status.split()[0]), dict(sent), body)

    def count(self, *paths: str) -> int:
        return sum(1 for path in paths if self.store.get(path))


def allowed(path: str) -> frozenset[str] | None:
    return None if path.startswith("/desk/") else frozenset({"page"}) if path == "/list/" else frozenset()


@pytest.fixture
def door(tmp_path: Path) -> Door:
    application, store = Application(), DiskStore(tmp_path / "pages", made_for="this")
    hosts = frozenset({SITE, "news.example"})
    return Door(application, store, Kept(
        application, lambda: store, site=SITE, hosts=hosts, secure=True, allowed=allowed))  # fmt: skip


class TestOnceMade:
    def test_the_application_is_asked_once(self, door: Door):
        answers = [door.get(), door.get(), door.get(method="HEAD")]
        assert len(door.application.asked) == 1
        assert [answer.body for answer in answers] == [TEXT, TEXT, b""]
        assert answers[2].headers == answers[0].headers

    @pytest.mark.parametrize(
        ("accepts", "form"),
        [
            ("gzip, deflate, br", "br"),
            ("gzip", "gzip"),
            ("gzip;q=0.5", "gzip"),
            ("GZIP", "gzip"),
            ("br;q=0, gzip", "gzip"),
            ("gzip;q=0", ""),
            ("*", "br"),
            ("*;q=0", ""),
            ("identity", ""),
            ("", ""),
            ("xgzip", ""),
            ("gzip;q=zero", ""),
        ],
    )
    def test_it_is_sent_in_the_best_form_that_the_client_takes(self, door: Door, accepts: str, form: str):
        for _ in range(2):
            answer = door.get(accept_encoding=accepts)
            assert answer.headers.get("Content-Encoding", "") == form
            assert answer.headers["Vary"] == "Accept-Encoding"
            assert int(answer.headers["Content-Length"]) == len(answer.body)
            unpack: dict[str, Callable[[bytes], bytes]] = {"": bytes, "gzip": gzip.decompress, "br": brotli.decompress}
            assert unpack[form](answer.body) == TEXT

    def test_who_has_it_is_told_so(self, door: Door):
        tags = {form: door.get(accept_encoding=form).headers["ETag"] for form in ("", "gzip", "br")}
        assert len(set(tags.values())) == 3
        for form, tag in tags.items():
            for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
                answer = door.get(accept_encoding=form, if_none_match=known)
                assert (answer.status, answer.body, answer.headers["ETag"]) == (304, b"", tag)
                assert answer.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
                assert not {"Content-Length", "Content-Type", "Content-Encoding"} & set(answer.headers)
            assert door.get(accept_encoding=form, if_none_match=f'"x{tag[1:]}').status == 200
        assert door.get(accept_encoding="gzip", if_none_match=tags["br"]).status == 200

    def test_what_is_short_is_not_packed(self, door: Door):
        door.application.body = b"short"
        answer = door.get(accept_encoding="br")
        assert (answer.body, answer.headers.get("Content-Encoding"), answer.headers.get("Vary")) == (
            b"short",
            None,
            None,
        )


class TestUnderWhichAddress:
    def test_questions_that_do_not_matter_make_nothing_new(self, door: Door):
        for number in range(200):
            assert door.get(f"/a/one/?utm_{number}=x&fbclid={number}").status == 200
        assert len(door.application.asked) == 1
        assert door.application.asked[0]["QUERY_STRING"] == ""

    def test_those_that_do_are_kept_apart_in_any_order(self, door: Door):
        door.get("/list/?page=2&utm=1")
        door.get("/list/?utm=2&page=2")
        door.get("/list/?page=3")
        door.get("/list/")
        assert [one["QUERY_STRING"] for one in door.application.asked] == ["page=2", "page=3", ""]

    @pytest.mark.parametrize(
        "host", ["evil.example", "", "news.example.evil.example", "news.example:80", "evil@news.example"]
    )
    def test_another_host_is_refused_unasked(self, door: Door, host: str):
        assert door.get(host=host).status == 400
        assert door.application.asked == []

    def test_all_names_of_the_site_are_one(self, door: Door):
        assert [door.get(host=host).status for host in (SITE, "news.example", "NEWS.example")] == [200] * 3
        assert len(door.application.asked) == 1

    def test_over_the_other_scheme_the_application_answers(self, door: Door):
        door.get(scheme="http")
        door.get(scheme="http")
        assert len(door.application.asked) == 2
        assert door.count("/a/one/") == 0


class TestNothingPrivate:
    def test_who_asks_is_not_told_to_the_application(self, door: Door):
        door.get(cookie="desk=secret", authorization="Basic x", user_agent="me", if_modified_since="then",
                 accept_language="bo", range="bytes=0-1")  # fmt: skip
        assert [name for name in door.application.asked[0] if name.startswith("HTTP_")] == ["HTTP_HOST"]
        assert door.application.asked[0]["wsgi.input"].read() == b""

    @pytest.mark.parametrize("headers", [[], [("Surrogate-Control", "no-store")], [("Surrogate-Control", "max-age=0")]])
    def test_what_does_not_say_so_is_not_kept(self, door: Door, headers: list[tuple[str, str]]):
        door.application.headers = headers
        assert [door.get().status, door.get().status] == [200, 200]
        assert len(door.application.asked) == 2

    def test_an_answer_with_a_cookie_is_not_kept(self, door: Door):
        door.application.headers.append(("Set-Cookie", "desk=secret"))
        door.get()
        assert door.count("/a/one/") == 0

    @pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
    def test_what_changes_something_goes_to_the_application_as_it_is(self, door: Door, method: str):
        door.get(method=method, cookie="desk=secret")
        assert door.application.asked[0]["HTTP_COOKIE"] == "desk=secret"
        assert door.application.asked[0]["wsgi.input"].read() == b"typed"

    def test_the_desk_goes_to_the_application_as_it_is(self, door: Door):
        door.get("/desk/", cookie="desk=secret")
        assert door.application.asked[0]["HTTP_COOKIE"] == "desk=secret"
        assert door.count("/desk/") == 0


class TestMaking:
    def test_many_who_come_at_once_have_it_made_once(self, door: Door):
        door.application.before = lambda: time.sleep(0.05)  # long enough for all of them to be there
        answers = at_once(*[door.get] * 8)
        assert [answer.body for answer in answers if isinstance(answer, Answer)] == [TEXT] * 8
        assert len(door.application.asked) == 1

    def test_what_was_begun_before_a_purge_is_sent_and_not_kept(self, door: Door):
        door.application.before = lambda: door.store.purge(["s:1"])
        assert door.get().body == TEXT
        assert door.count("/a/one/") == 0

    def test_who_waited_while_it_was_purged_gets_what_is_made_after(self, door: Door):
        """The second one comes after the purge was acknowledged; the answer that is in the making is of before."""
        begun, purged = threading.Event(), threading.Event()

        def once() -> None:
            if len(door.application.asked) == 1:
                begun.set()
                purged.wait(10)

        def second() -> Answer:
            begun.wait(10)
            door.store.purge(["s:1"])
            door.application.body = b"after"
            purged.set()
            return door.get()

        door.application.before = once
        answers = at_once(door.get, second)
        assert [answer.body for answer in answers[1:] if isinstance(answer, Answer)] == [b"after"]

    def test_it_is_made_again_when_its_time_has_come(self, door: Door):
        door.application.headers.append(("X-Kept-Until", repr(time.time() + 3600)))
        assert "X-Kept-Until" not in door.get().headers
        door.get()
        assert len(door.application.asked) == 1
        door.store.purge(["s:1"])
        door.application.headers[-1] = ("X-Kept-Until", repr(time.time() - 1))
        door.get()
        door.get()
        assert len(door.application.asked) == 3

    def test_a_fault_is_sent_and_not_kept(self, door: Door):
        door.application.status, door.application.headers = "503 Service Unavailable", [("Retry-After", "30")]
        assert door.get().status == 503
        door.application.status, door.application.headers = "200 OK", KEPT
        assert door.get().status == 200

    def test_a_worker_may_have_it_made_without_anybody_asking(self, door: Door):
        assert door.kept.fill("/a/one/")
        assert door.get().body == TEXT
        assert len(door.application.asked) == 1
        assert door.application.asked[0]["HTTP_HOST"] == SITE
