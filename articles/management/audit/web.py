"""Asking a site as any reader's browser does."""

import http.client
import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

MOST = 50_000_000  # bytes of one answer
PATIENCE = 30  # seconds


class Unreachable(Exception):
    """The site does not answer as a site does."""


@dataclass(frozen=True)
class Answer:
    status: int
    url: str
    body: bytes
    link: str  # the header Link

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        """Raises Unreachable where it holds none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise Unreachable(f"{self.url} does not answer with JSON") from error


class Web:
    def __init__(self, site: str) -> None:
        try:
            known = urlsplit(site).scheme in {"http", "https"}
        except ValueError:
            known = False
        if not known:
            raise Unreachable(f"{site} is no address of a site; write it with https://")
        self.site = site.rstrip("/") + "/"
        self.opener = urllib.request.build_opener()
        self.opener.addheaders = [("User-Agent", "newsroom-self-audit")]

    def get(self, path: str) -> Answer:
        """The answer, whatever its status. `path` may be a whole address: only its path and question are used."""
        parts = urlsplit(path)
        asked = urljoin(self.site, parts.path.lstrip("/")) + (f"?{parts.query}" if parts.query else "")
        try:
            with self.opener.open(asked, timeout=PATIENCE) as response:
                return Answer(response.status, response.url, response.read(MOST), response.headers.get("Link", ""))
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, asked, error.read(MOST), error.headers.get("Link", ""))
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise Unreachable(f"{asked}: {error}") from error
