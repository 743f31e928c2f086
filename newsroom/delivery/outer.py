"""Caches in front of the newsroom that keep what it tells them to: what they are told, and what when a purge fails.

They are told in headers of their own (`orders`) to keep an answer that stands in the store until it is purged, or until
its own time. Browsers, and caches that nobody purges, are told to ask each time (`public, max-age=0, must-revalidate`).

An act purges the store first and then these: whatever they fetch after their purge comes from a store that was purged
before. What they had fetched before it, and keep after it, is theirs to refuse (deploy/varnish.vcl).

**When a purge cannot be confirmed** the newsroom holds them. It tells them to keep nothing, and says at /health/kept/
that they may answer nothing; Varnish asks there each second and believes no silence. Whoever could not purge waits
until that is surely heard (PurgeUnconfirmed.silent_in). The next purge that succeeds, the worker's at the latest,
empties them as a whole, because it is not known what they missed. Fastly and Cloudflare keep no such promise: what
they have stays for LIFE seconds at most.
"""

import functools
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from newsroom.delivery.entry import Entry, Headers
from newsroom.delivery.purgers import Cloudflare, Fastly, Varnish
from newsroom.delivery.store import Purged, PurgeUnconfirmed, Store
from newsroom.environ import OuterCache

LEASE = 3.0  # seconds until Varnish has surely asked, and heard no: its interval and its patience are one each
LIFE = {
    "varnish": 31_536_000,
    "fastly": 3_600,
    "cloudflare": 3_600,
}  # seconds; Varnish has the lease besides
MOST = 7_000  # bytes of keys: Varnish and Fastly refuse longer headers, and with them the answer or the keys behind
MOST_KEYS = 1_000  # of Cloudflare

PURGERS: dict[str, Callable[[OuterCache], Purged]] = {"varnish": Varnish, "fastly": Fastly, "cloudflare": Cloudflare}
Orders = Callable[[Entry], Headers]


def orders(caches: Collection[OuterCache]) -> Orders | None:
    """What these caches are told of an entry that stands in the store; None where there are none."""
    kinds = {cache.kind for cache in caches}
    if not kinds:
        return None
    (kind,) = kinds
    return functools.partial(_ordered, "CDN-Cache-Control" if kind == "cloudflare" else "Surrogate-Control", LIFE[kind])


def _ordered(control: str, life: int, entry: Entry) -> Headers:
    """Surrogate-Control: W3C Edge Architecture; CDN-Cache-Control: RFC 9213. Nothing where they may not keep it."""
    seconds = life if entry.until is None else min(life, int(entry.until - time.time()))
    keys = sorted(entry.keys)
    if seconds < 1 or not 0 < len(keys) <= MOST_KEYS or sum(map(len, keys)) + len(keys) > MOST:
        return ()
    if control == "CDN-Cache-Control":
        return (control, f"max-age={seconds}"), ("Cache-Tag", ",".join(keys))
    return (control, f"max-age={seconds}"), ("Surrogate-Key", " ".join(keys))


@dataclass(frozen=True)
class Outer:
    """All of them, as one thing to purge. store: where it is written down for all processes that they are held. lease:
    seconds from then until they surely answer nothing."""

    caches: tuple[Purged, ...]
    store: Store
    lease: float
    name: str = "outer"

    def purge(self, keys: Collection[str]) -> None:
        self._all([functools.partial(cache.purge, keys) for cache in self.caches if keys])

    def clear(self) -> None:
        self._all([cache.clear for cache in self.caches])

    def _all(self, acts: Iterable[Callable[[], None]]) -> None:
        begun, held, troubles = time.time(), self.store.held(), []
        for act in [cache.clear for cache in self.caches] if held else acts:
            try:
                act()
            except PurgeUnconfirmed as trouble:
                troubles.append(str(trouble))
        if troubles:
            silent = self.store.hold() + self.lease
            raise PurgeUnconfirmed("; ".join(troubles), silent_in=max(0.0, silent - begun))
        if held:
            self.store.release(held)


def opened(caches: Collection[OuterCache], store: Store) -> list[Purged]:
    lease = LEASE if any(cache.kind == "varnish" for cache in caches) else 0.0
    return [Outer(tuple(PURGERS[cache.kind](cache) for cache in caches), store, lease)] if caches else []
