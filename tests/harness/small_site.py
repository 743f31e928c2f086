"""A newsroom of a few lines behind the real door, for tests of what stands around it: no Django, no database.

Its pages are texts by path; each stands on the key of its path. It is served by threads of the test's own process, so
that a test can hold a rendering where it wants.
"""

import http.client
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from newsroom.delivery.entry import Headers
from newsroom.delivery.kept import Kept
from newsroom.delivery.outer import Orders
from newsroom.delivery.store import Store

HOST = "news.example"
HTML: Headers = (("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "public, max-age=0, must-revalidate"))


@dataclass
class SmallSite:
    """headers: of every page. until: of those paths, when they end. before, after: run around the reading of a text."""

    store: Store
    orders: Orders | None = None
    headers: Headers = HTML
    texts: dict[str, str] = field(default_factory=dict)
    until: dict[str, float] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    door_asked: list[dict[str, Any]] = field(default_factory=list)
    before: Callable[[], object] = bool
    after: Callable[[], object] = bool
    port: int = 0

    def __post_init__(self) -> None:
        self.door = Kept(self.application, lambda: self.store, site=HOST, hosts=frozenset({HOST}), secure=False,
                         allowed=lambda path: None if path.startswith("/admin/") else frozenset(),
                         orders=self.orders)  # fmt: skip

    def application(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        path = environ["PATH_INFO"].encode("latin-1").decode()
        self.asked.append((environ["REQUEST_METHOD"], path))
        self.before()
        text = self.texts.get(path)
        self.after()
        headers = [*self.headers]
        if text is not None and not path.startswith("/admin/"):
            headers += [("Surrogate-Control", "max-age=31536000"), ("Surrogate-Key", f"p:{path} all-pages")]
        if path in self.until:
            headers.append(("X-Kept-Until", repr(self.until[path])))
        start_response("200 OK" if text is not None else "404 Not Found", headers)
        return [(text or "nothing").encode()]

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        self.door_asked.append(environ)
        return self.door(environ, start_response)

    def change(self, path: str, text: str, *purged: Any) -> None:
        """As an act does it: the truth first, then what is purged."""
        self.texts[path] = text
        for one in purged:
            one.purge([f"p:{path}"])


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 128


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def served(site: SmallSite) -> Iterator[SmallSite]:
    with _Server(("127.0.0.1", 0), _Quiet) as server:
        server.set_app(site)
        site.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, args=[0.05])
        thread.start()
        try:
            yield site
        finally:
            server.shutdown()
            thread.join()


@dataclass
class Answer:
    status: int
    headers: dict[str, str]  # by lower-case name
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


def ask(port: int, target: str, method: str = "GET", *, host: str = HOST, **headers: str) -> Answer:
    """headers: by name, with _ for -. The target is sent as it is written."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
        for name, value in {"Host": host, "Connection": "close", **headers}.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders()
        answer = connection.getresponse()
        found = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, found, answer.read())
    finally:
        connection.close()
