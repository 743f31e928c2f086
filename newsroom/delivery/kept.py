"""The door before the application: what is kept is answered here, without Django; what is not is made once.

An application says in the headers of an answer that it may be kept (the language of surrogates, W3C Edge Architecture):

    Surrogate-Control: max-age=31536000      keep it until it is purged
    Surrogate-Key: story:7 list:site:0       what it stands on
    X-Kept-Until: 1790000000.5               and no longer than until then

These are orders for the store alone, and go no further. What caches in front of the newsroom are told, where there are
any that every act purges, is made anew (outer.py), and only of what stands in the store: an answer that was begun
before a purge is sent to whoever asked before it, and to be kept by nobody.

An answer is kept under its path and an allow-list of its question, of the one site whose address is configured; whoever
asks for another host is refused. What is made to be kept is made for nobody: without cookies and conditions.
"""

import io
import re
import sys
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.utils.http import parse_http_date_safe

from newsroom.delivery import entry as entries
from newsroom.delivery.entry import PLAIN, Entry, Headers
from newsroom.delivery.store import Store

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]
Allowed = Callable[[str], frozenset[str] | None]
Orders = Callable[[Entry], Headers]

KEEP = "surrogate-control"
KEYS = "surrogate-key"
LIFE = re.compile(r"max-age=0*[1-9]")
UNTIL = "x-kept-until"
ORDERS = {KEEP, KEYS, UNTIL}
LEASE_PATH = "/health/kept/"
FOR_NOBODY = {"HTTP_COOKIE", "HTTP_AUTHORIZATION", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_MATCH",
              "HTTP_IF_UNMODIFIED_SINCE", "HTTP_IF_RANGE", "HTTP_RANGE", "HTTP_ACCEPT_ENCODING", "HTTP_REFERER",
              "HTTP_USER_AGENT", "HTTP_ACCEPT_LANGUAGE", "HTTP_ACCEPT"}  # fmt: skip


class Kept:
    """site: the site's own host, as a request names it. hosts: all that are answered. allowed: of a path, the names in
    its question that matter; None where its answers are not to be kept. orders: what caches in front are told of an
    entry; None where there are none. proxied: whether the header that says how a reader came is the proxy's own
    (settings.BEHIND_PROXY), which else anybody may write."""

    def __init__(
        self,
        application: Application,
        store: Callable[[], Store],
        *,
        site: str,
        hosts: frozenset[str],
        secure: bool,
        allowed: Allowed,
        orders: Orders | None = None,
        proxied: bool = False,
    ) -> None:
        self.application, self.store, self.allowed = without_orders(application), store, allowed
        self.ordering, self.orders = application, orders
        self.site, self.hosts = site, hosts
        self.scheme, self.proxied = "https" if secure else "http", proxied

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if self.orders and environ.get("PATH_INFO") == LEASE_PATH:
            return _lease(self.store(), start_response)
        if environ.get("HTTP_HOST", "").lower() not in self.hosts:
            return _refuse(start_response)
        address = self.address_of(environ)
        if address is None:
            return self.application(environ, start_response)
        store = self.store()
        found = store.get(address)
        if found is None:
            return self._make(address, store, environ, start_response)
        return answer(found, environ, start_response, self._ordered(found, store))

    def _ordered(self, entry: Entry, store: Store) -> Headers:
        """What caches in front are told of an entry that stands in the store."""
        return self.orders(entry) if self.orders and not store.held() else ()

    def scheme_of(self, environ: Environ) -> str:
        """How the reader came: as the proxy in front says, where there is one; as Django reads it."""
        told: str | None = environ.get("HTTP_X_FORWARDED_PROTO") if self.proxied else None
        if told is None:
            return str(environ.get("wsgi.url_scheme"))
        return "https" if told.partition(",")[0].strip() == "https" else "http"

    def address_of(self, environ: Environ) -> str | None:
        """Under what the answer is kept; None where it is none of ours to keep."""
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or self.scheme_of(environ) != self.scheme:
            return None
        try:
            path: str = environ.get("PATH_INFO", "/").encode("latin-1").decode()
        except UnicodeError:
            return None
        allowed = self.allowed(path)
        if allowed is None:
            return None
        question = environ.get("QUERY_STRING")
        if not question or not allowed:
            return path
        asked = dict(parse_qsl(question, keep_blank_values=True))  # of two, the last, as Django has it
        kept = sorted((name, value) for name, value in asked.items() if name in allowed)
        return f"{path}?{urlencode(kept)}" if kept else path

    def fill(self, address: str) -> bool:
        """Have an answer made and kept, if it is not; whether it stands."""
        path, _, question = address.partition("?")
        environ: Environ = {
            "REQUEST_METHOD": "GET", "SCRIPT_NAME": "", "PATH_INFO": path.encode().decode("latin-1"),
            "QUERY_STRING": question, "SERVER_NAME": self.site, "SERVER_PORT": "80", "HTTP_HOST": self.site,
            "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1", "wsgi.url_scheme": self.scheme,
            "wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr, "wsgi.version": (1, 0), "wsgi.multithread": True,
            "wsgi.multiprocess": True, "wsgi.run_once": False,
        }  # fmt: skip
        list(self._make(address, self.store(), environ, lambda *_: None))
        return self.store().get(address) is not None

    def _make(self, address: str, store: Store, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Have the application make it; once, whoever else asks for it meanwhile."""
        with store.alone(address):
            found = store.get(address)
            stands = found is not None
            if found is None:
                seen = store.now()
                made = _Answer(self.ordering, _for_nobody(environ, address))
                keep, found = made.to_keep()
                stands = keep and store.put(address, found, seen=seen)
        return answer(found, environ, start_response, self._ordered(found, store) if stands else ())


class _Answer:
    """What the application says, as a whole."""

    def __init__(self, application: Application, environ: Environ) -> None:
        self.status, self.headers = 500, list[tuple[str, str]]()
        written: list[bytes] = []

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], None]:
            self.status, self.headers = int(status.split(" ", 1)[0]), headers
            return written.append

        parts = application(environ, start)
        try:
            written.extend(parts)
        finally:
            if hasattr(parts, "close"):
                parts.close()
        self.body = b"".join(written)

    def to_keep(self) -> tuple[bool, Entry]:
        """Whether it may be kept, and as what."""
        said = {name.lower(): value for name, value in self.headers}
        by_form = said.get("vary", "accept-encoding").lower() == "accept-encoding"  # which is for the entry to say
        keep = bool(LIFE.search(said.get(KEEP, ""))) and "set-cookie" not in said and by_form
        left = {"content-length", "etag", *ORDERS, "vary" if by_form else ""}
        headers = tuple((name, value) for name, value in self.headers if name.lower() not in left)
        until = float(said[UNTIL]) if UNTIL in said else None
        made = entries.made(self.status, headers, self.body, keys=said.get(KEYS, "").split(), until=until)
        return keep, made


def _for_nobody(environ: Environ, address: str) -> Environ:
    question = address.partition("?")[2]
    plain = {name: value for name, value in environ.items() if name not in FOR_NOBODY}
    return plain | {"REQUEST_METHOD": "GET", "QUERY_STRING": question, "wsgi.input": io.BytesIO(), "CONTENT_LENGTH": ""}


def answer(entry: Entry, environ: Environ, start_response: StartResponse, orders: Headers = ()) -> list[bytes]:
    """Send an entry in the best form that the client takes, or 304 where they have it (RFC 9110, 13.2.2). orders: for
    caches in front."""
    for form in entries.accepted(environ.get("HTTP_ACCEPT_ENCODING", "")):
        if form in entry.forms:
            break
    else:
        form = PLAIN
    tag, headers = entry.sent[form]
    if entry.status == HTTPStatus.OK and _is_known(entry, tag, environ):
        start_response("304 Not Modified", [*entry.unchanged[form], *orders])
        return []
    start_response(entry.line, [*headers, *orders])
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [entry.forms[form]]


def _is_known(entry: Entry, tag: str, environ: Environ) -> bool:
    known = environ.get("HTTP_IF_NONE_MATCH")
    if known:
        tags = entries.asked(known)
        return tag in tags or "*" in tags
    since = environ.get("HTTP_IF_MODIFIED_SINCE")
    if not since or entry.modified is None:
        return False
    moment = parse_http_date_safe(since)
    return moment is not None and entry.modified <= moment


def without_orders(application: Application) -> Application:
    """What is not to be kept is told to nobody: a cache that nobody purges must not take an order for its own."""

    def silenced(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            return start_response(status, [one for one in headers if one[0].lower() not in ORDERS], *more)

        return application(environ, start)

    return silenced


def _lease(store: Store, start_response: StartResponse) -> list[bytes]:
    """Whether caches in front may answer from what they keep (outer.py). It needs no database."""
    held = store.held()
    status, body = ("503 Service Unavailable", b"Held.\n") if held else ("200 OK", b"Kept.\n")
    kind = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))]
    start_response(status, [*kind, ("Cache-Control", "no-store")])
    return [body]


def _refuse(start_response: StartResponse) -> list[bytes]:
    body = b"Bad Request: this host is not served here.\n"
    start_response(
        "400 Bad Request", [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))]
    )
    return [body]
