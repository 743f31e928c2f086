"""What a store of kept answers must do."""

from collections.abc import Callable, Collection
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol, runtime_checkable

from newsroom.delivery.entry import Entry


class PurgeUnconfirmed(Exception):
    """What should be gone may still be there. The store answers nothing until a later purge has succeeded.

    silent_in: seconds from the beginning of the purge after which that is so, on all machines.
    """

    def __init__(self, trouble: str, *, silent_in: float = 0.0) -> None:
        super().__init__(trouble)
        self.silent_in = silent_in


class Purged(Protocol):
    """What an act purges before it is acknowledged: the store, and caches in front of the newsroom."""

    @property
    def name(self) -> str:
        """Another one for each of those of a newsroom."""

    def purge(self, keys: Collection[str]) -> None:
        """Everything that stands on one of these is gone when this returns. Raises PurgeUnconfirmed."""

    def clear(self) -> None:
        """Everything is gone when this returns. Raises PurgeUnconfirmed."""


class Store(Purged, Protocol):
    """Answers by address, each standing on keys. What was purged is never answered again: not by a process that holds
    it in memory, and not because somebody began to make it before the purge and stored it after."""

    def now(self) -> bytes:
        """To be asked for before the first thing is read that an answer is made of, and given to `put`."""

    def get(self, address: str) -> Entry | None: ...

    def put(self, address: str, entry: Entry, *, seen: bytes) -> bool:
        """Whether it was kept: not where anything was purged since `seen`."""

    def alone(self, address: str) -> AbstractContextManager[None]:
        """Within it nobody else makes this answer, in any process that shares the store."""

    def want(self, keys: Collection[str]) -> None:
        """What readers will ask for of that which stands on these is to be made anew soon (refill.py). May be
        forgotten."""

    def wanted(self) -> list[str]:
        """Each key is told once."""

    def close(self) -> None:
        """Let go of what this process has opened."""

    # --- Caches in front that could not be purged (outer.py) ------------------------------------------------------
    def hold(self) -> float:
        """From now on the newsroom tells caches in front, by all its processes, that they may answer nothing. Gives
        back what `held` says now: hardly later than before where they were held already, and never the same. Raises
        PurgeUnconfirmed."""

    def held(self) -> float:
        """Since when, in seconds since 1970; 0 where they are not held."""

    def release(self, since: float) -> None:
        """Let them answer again, if nobody held them anew: `held` is still the same."""


class Closed:
    """In the place of one that cannot be opened: it has nothing, keeps nothing, and confirms no purge."""

    name = "closed"

    def __init__(self, trouble: str) -> None:
        self._trouble = trouble

    def now(self) -> bytes:
        return b""

    def get(self, address: str) -> Entry | None:
        return None

    def put(self, address: str, entry: Entry, *, seen: bytes) -> bool:
        return False

    def alone(self, address: str) -> AbstractContextManager[None]:
        return nullcontext()

    def purge(self, keys: Collection[str]) -> None:
        raise PurgeUnconfirmed(self._trouble)

    def clear(self) -> None:
        raise PurgeUnconfirmed(self._trouble)

    def want(self, keys: Collection[str]) -> None: ...

    def wanted(self) -> list[str]:
        return []

    def hold(self) -> float:
        raise PurgeUnconfirmed(self._trouble)

    def held(self) -> float:
        return 1.0

    def release(self, since: float) -> None: ...

    def close(self) -> None: ...


@runtime_checkable
class Leased(Protocol):
    """A store that answers only while a worker says that it may (redis_store.py)."""

    name: str

    def renew(self, oldest: Callable[[], float | None]) -> bool: ...
