"""What an answer stands on: noted while it is made, by whoever reads it, and told to stores by its headers.

with collecting() as standing:
    …  on("story:7")  …  until(moment)
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime

from django.http import HttpResponse

from newsroom.delivery.kept import KEEP, KEYS, UNTIL

FOREVER = "max-age=31536000"  # until it is purged


@dataclass
class Standing:
    keys: set[str] = field(default_factory=set)
    until: datetime | None = None
    passes: bool = False

    def told(self, response: HttpResponse) -> None:
        """Say in the headers of a response that it may be kept, if so, and what it stands on."""
        if self.passes:
            return
        response[KEEP] = FOREVER
        response[KEYS] = " ".join(sorted(self.keys))
        if self.until:
            response[UNTIL] = repr(self.until.timestamp())


_now: ContextVar[Standing | None] = ContextVar("standing", default=None)


@contextmanager
def collecting() -> Iterator[Standing]:
    standing = Standing()
    token = _now.set(standing)
    try:
        yield standing
    finally:
        _now.reset(token)


def on(*keys: str) -> None:
    """What is being made stands on these. Nothing where nobody collects."""
    standing = _now.get()
    if standing:
        standing.keys.update(keys)


def passing() -> None:
    """What is being made is about to change by something that purges nothing: nobody may keep it."""
    standing = _now.get()
    if standing:
        standing.passes = True


def until(moment: datetime | None) -> None:
    """What is being made is wrong from this moment on; the earliest one counts."""
    standing = _now.get()
    if standing and moment and (standing.until is None or moment < standing.until):
        standing.until = moment
