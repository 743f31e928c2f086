"""Kept answers in the memory of a process, no more bytes than there is room for."""

import threading
from collections import OrderedDict

from newsroom.delivery.entry import Entry

ROOM = 64 * 2**20  # bytes


class Memory:
    """By address, each with what was seen of the store when the answer was known to be fresh."""

    def __init__(self, room: int) -> None:
        self._room, self.held = room, 0
        self._entries = OrderedDict[str, tuple[bytes, Entry]]()
        self._thread = threading.Lock()

    def get(self, address: str) -> tuple[bytes, Entry] | None:
        return self._entries.get(address)

    def put(self, address: str, seen: bytes, entry: Entry) -> None:
        with self._thread:
            self._drop(address)
            self._entries[address] = (seen, entry)
            self.held += entry.size
            while self.held > self._room:
                self._drop(next(iter(self._entries)))

    def drop(self, address: str) -> None:
        with self._thread:
            self._drop(address)

    def _drop(self, address: str) -> None:
        before = self._entries.pop(address, None)
        if before:
            self.held -= before[1].size
