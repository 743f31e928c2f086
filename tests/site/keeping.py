"""Readers who come through the door that keeps pages, within a test's own process."""

import io
import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.wsgi import get_wsgi_application
from django.test import Client

from newsroom.delivery import stores
from newsroom.delivery.kept import Kept

LINK = re.compile(r'(?:href|src|<loc)="?>?([^"<>]+)')
MOST = 90  # pages


@dataclass
class Readers:
    """They read everything that they find, through the store."""

    app: Kept = field(default_factory=lambda: stores.door(get_wsgi_application()))
    read: set[str] = field(default_factory=set)

    def get(self, path: str, host: str = "") -> tuple[int, bytes]:
        said: list[Any] = []
        path, _, question = path.partition("?")
        environ = {"REQUEST_METHOD": "GET", "PATH_INFO": unquote(path).encode().decode("latin-1"),
                   "QUERY_STRING": question, "HTTP_HOST": host or self.app.site, "SERVER_NAME": "127.0.0.1",
                   "SERVER_PORT": "8000", "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(),
                   "wsgi.errors": io.StringIO(), "REMOTE_ADDR": "127.0.0.1", "SERVER_PROTOCOL": "HTTP/1.1"}  # fmt: skip
        body = b"".join(self.app(environ, lambda status, headers, exc=None: said.append(status)))
        return int(said[-1].split()[0]), body

    def read_all(self, *starts: str) -> None:
        self.read, queue = set(), [*starts]
        while queue and len(self.read) < MOST:
            path = queue.pop(0)
            if path in self.read or self.app.allowed(path) is None:
                continue
            self.read.add(path)
            status, body = self.get(path)
            assert status != 500, path
            for link in LINK.findall(body.decode(errors="replace")):
                parts = urlsplit(unescape(link))
                if parts.path.startswith("/") and not parts.query and parts.netloc in {"", self.app.site}:
                    queue.append(unquote(parts.path))

    def stale(self) -> list[str]:
        """The addresses under which something else is kept than would be said now."""
        found = []
        for path in sorted(self.read):
            kept = stores.store().get(path)
            if kept:
                now = Client().get(path, headers={"host": self.app.site})
                if (kept.status, kept.forms[""]) != (now.status_code, now.content):
                    found.append(path)
        return found
