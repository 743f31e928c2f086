"""A number in shared memory that says whether anything was purged: read in no time by every process of the machine.

While a purge is under way the number is odd. What was looked up then is not known to be fresh, and nothing is kept.
"""

import mmap
import os
import secrets
import struct
import weakref
from pathlib import Path

SIZE = 32  # bytes: the epoch, the number, whether the store is shut, since when outer caches are held
EPOCH, NUMBER, SHUT, HELD = slice(0, 8), slice(8, 16), slice(16, 17), slice(24, 32)
LOST = b"\xff" * 16  # never settled


class Generation:
    """The epoch is by chance, so that a file that was lost and made anew never says what an earlier one said."""

    def __init__(self, path: Path) -> None:
        self._path = str(path)
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        weakref.finalize(self, os.close, self._file)
        self._node = os.fstat(self._file)
        self.is_new = self._node.st_size < SIZE
        if self.is_new:
            os.ftruncate(self._file, SIZE)
        self._map = mmap.mmap(self._file, SIZE)

    def now(self) -> bytes:
        """Epoch and number, to be compared. Where the file is gone, nobody else writes what is read here, and nothing
        is known to be fresh."""
        return LOST if self.is_lost else self._map[0:16]

    @property
    def is_lost(self) -> bool:
        """Whether the file that others find is no longer this one: taken away, or moved with its folder."""
        try:
            return not os.path.samestat(os.stat(self._path), self._node)
        except OSError:
            return True

    @property
    def is_broken_off(self) -> bool:
        """Behind the store's lock: whoever made the number odd has died, and did not shut the store."""
        return not self.is_shut and not self.is_settled(self.now())

    @staticmethod
    def is_settled(seen: bytes) -> bool:
        return not seen[8] & 1  # little-endian: the lowest byte of the number

    @property
    def is_shut(self) -> bool:
        return self._map[16] != 0

    @property
    def held(self) -> float:
        """Seconds since 1970; 0 where outer caches are not held."""
        since: float = struct.unpack("<d", self._map[HELD])[0]
        return since

    # --- Behind the store's lock ---------------------------------------------------------------------------------
    def begin(self) -> None:
        """From now on nothing that is looked up is known to be fresh."""
        self._write(self._number() | 1)

    def end(self) -> None:
        self._write((self._number() | 1) + 1)

    def anew(self) -> None:
        self._map[EPOCH] = secrets.token_bytes(8)

    def shut(self, shut: bool) -> None:
        self._map[SHUT] = b"\1" if shut else b"\0"

    def hold(self, since: float) -> None:
        self._map[HELD] = struct.pack("<d", since)

    def _number(self) -> int:
        number: int = struct.unpack("<Q", self._map[NUMBER])[0]
        return number

    def _write(self, number: int) -> None:
        self._map[NUMBER] = struct.pack("<Q", number)
