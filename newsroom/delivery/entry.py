"""A kept answer: what the application said once, in every form that it can be sent in.

Validators are those that nginx makes of a file, its time and its size in hexadecimal digits (ngx_http_set_etag), so
that an answer has the same one whoever sends it. The time of a kept file is therefore no time: it is made of the
content.
"""

import gzip
import hashlib
import json
import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from http import HTTPStatus
from typing import Any, TypeVar

import brotli
from django.utils.http import parse_http_date_safe

Headers = tuple[tuple[str, str], ...]
Read = TypeVar("Read")

PLAIN, GZIP, BROTLI = "", "gzip", "br"
SUFFIX = {PLAIN: "", GZIP: ".gz", BROTLI: ".br"}  # as nginx looks for them (gzip_static, brotli_static)
LEAST_TO_PACK = 256  # bytes
SHORT = 200  # characters of a header
PACKED_TYPES = ("text/", "application/json", "application/ld+json", "application/xml", "application/rss+xml",
                "application/atom+xml", "application/feed+json", "image/svg+xml")  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """headers: all but those that depend on the form. keys: what it stands on. until: the time, in seconds since 1970,
    from which it is wrong. nonce: tells two entries of one address apart."""

    status: int
    headers: Headers
    forms: Mapping[str, bytes]
    keys: frozenset[str] = frozenset()
    until: float | None = None
    nonce: str = field(default_factory=lambda: secrets.token_hex(8))

    @cached_property
    def moment(self) -> int:
        return moment_of(self.forms[PLAIN])

    @cached_property
    def size(self) -> int:
        """Bytes that it takes in memory, about."""
        return sum(map(len, self.forms.values())) + len(self.described) + 1_000

    @cached_property
    def sent(self) -> dict[str, tuple[str, list[tuple[str, str]]]]:
        """Of each form: its ETag, and all headers of the answer."""
        packed = len(self.forms) > 1
        found = {}
        for form, body in self.forms.items():
            headers = [*self.headers, ("ETag", etag(self.moment, len(body))), ("Content-Length", str(len(body)))]
            if packed:
                headers.append(("Vary", "Accept-Encoding"))
            if form:
                headers.append(("Content-Encoding", form))
            found[form] = (etag(self.moment, len(body)), headers)
        return found

    @cached_property
    def unchanged(self) -> dict[str, list[tuple[str, str]]]:
        """Of each form: the headers of a 304 (RFC 9110, 15.4.5)."""
        left = {"etag", "cache-control", "vary", "content-location"}
        return {form: [one for one in headers if one[0].lower() in left] for form, (_, headers) in self.sent.items()}

    @cached_property
    def modified(self) -> int | None:
        """Seconds since 1970 of its Last-Modified, if it has one."""
        said = next((value for name, value in self.headers if name.lower() == "last-modified"), "")
        return parse_http_date_safe(said)

    @cached_property
    def line(self) -> str:
        return f"{self.status} {HTTPStatus(self.status).phrase}"

    def is_page(self, like: Headers) -> bool:
        """Whether another server may send it by its class alone, which has these headers: no other one, no other value,
        and nothing that ends."""
        return self.status == HTTPStatus.OK and self.until is None and _written(self.headers) == _written(like)

    @cached_property
    def described(self) -> bytes:
        """All but the bytes, as JSON."""
        sizes = {form: len(body) for form, body in sorted(self.forms.items())}
        said = {"status": self.status, "headers": self.headers, "keys": sorted(self.keys), "until": self.until}
        return json.dumps(said | {"nonce": self.nonce, "moment": self.moment, "sizes": sizes}).encode()


# What all HTML pages say alike; Content-Language follows from the address, Surrogate-* are for caches we purge.
def _written(headers: Headers) -> list[tuple[str, str]]:
    return sorted((name.lower(), value) for name, value in headers)


def moment_of(body: bytes) -> int:
    """The time that nginx is to take for that of the file: 32 bits of the content's digest, 2004 to 2140."""
    return 2**30 + int.from_bytes(hashlib.sha256(body).digest()[:4], "big")


def etag(moment: int, length: int) -> str:
    return f'"{moment:x}-{length:x}"'


def made(
    status: int, headers: Headers, body: bytes, *, keys: Collection[str] = (), until: float | None = None
) -> Entry:
    """An entry, packed where that is worth it."""
    kind = next((value for name, value in headers if name.lower() == "content-type"), "")
    forms = {PLAIN: body}
    if len(body) >= LEAST_TO_PACK and kind.startswith(PACKED_TYPES):
        forms[GZIP] = gzip.compress(body, 6, mtime=0)
        forms[BROTLI] = brotli.compress(body, quality=5)
    return Entry(status, headers, forms, frozenset(keys), until)


def read(described: bytes, fetch: Callable[[str], bytes]) -> Entry | None:
    """The entry that was described; fetch: gives the bytes of a form. None where they are not those of it."""
    said: dict[str, Any] = json.loads(described)
    forms = {form: fetch(form) for form in said["sizes"]}
    if {form: len(body) for form, body in forms.items()} != said["sizes"] or moment_of(forms[PLAIN]) != said["moment"]:
        return None
    headers = tuple((name, value) for name, value in said["headers"])
    return Entry(said["status"], headers, forms, frozenset(said["keys"]), said["until"], said["nonce"])


def remembered_if_short(read: Callable[[str], Read]) -> Callable[[str], Read]:
    """Of a header that a client wrote: a bounded number, none of them long."""
    known = lru_cache(maxsize=1024)(read)
    return lambda header: known(header) if len(header) <= SHORT else read(header)


@remembered_if_short
def accepted(header: str) -> tuple[str, ...]:
    """The forms that a client takes, the best first, of its Accept-Encoding (RFC 9110, 12.5.3)."""
    weights: dict[str, float] = {}
    for part in header.lower().split(","):
        name, *parameters = part.strip().split(";")
        weight = 1.0
        for parameter in parameters:
            key, _, value = parameter.strip().partition("=")
            if key == "q":
                try:
                    weight = float(value)
                except ValueError:
                    weight = 0.0
        weights[name.strip()] = weight
    rest = weights.get("*", 0.0)
    wanted = [form for form in (BROTLI, GZIP) if weights.get(form, rest) > 0]
    return (*wanted, PLAIN)


@remembered_if_short
def asked(header: str) -> frozenset[str]:
    """The validators of an If-None-Match; weak ones count as strong here (RFC 9110, 13.1.2)."""
    return frozenset(part.strip().removeprefix("W/") for part in header.split(","))
