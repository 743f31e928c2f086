"""Kept answers in a Redis or Valkey that several machines share.

**Every key may be missing.** Each key that answers stand on has a word by chance; an answer holds the words that its
keys had when it was kept, and counts while each is still the same. A purge deletes words, and the generation with them:
one short script, whatever stands on the keys, done as a whole or not at all. So what is evicted, expired, flushed or
lost is what a purge would have left: an answer without all its words is none, and a new word is never an old one. There
are no sets of addresses to be gone through, and none that could be lost while what they list lives on. Purges only
delete, which a full server still does.

Hits ask once, for lease and generation; while the generation is the one at which a process last saw all words of an
answer it holds, they are the same still. If it has moved a script looks at the words, and gives the bytes only where
they are others. Keeping is refused unless the generation is the one asked for before anything was read.

**The lease.** A machine that cannot reach Redis may publish while another one still can. So nothing is answered from
here but for as long as the lease lives. Workers renew it: they ask Redis for its time, *then* the database for the age
of the oldest purge that Redis has not confirmed, and let the lease end LEASE seconds after that moment or after that
purge was written, whichever is earlier. Who cannot purge waits LEASE and a margin from when its act was committed
(PurgeUnconfirmed.silent_in); by then nothing is answered:

- A renewal that did not see the purge asked the database before the commit, and Redis for the time before that. The
  lease it sets ends less than LEASE after the commit, also if it is set late: its end is a moment, not a span.
- One that sees it sets an end that is less than LEASE after the purge was written, which was before the commit.
- The lease of a server that was started anew is not that of its earlier run (redis_link.py), and a moment by the clock
  of one run is not used for another.

This relies on one thing: that the clock of Redis' machine is neither set back nor stands still in these seconds.

**Releases.** The lease names the release and the settings that answers are for: the worker's. Processes of others
answer and keep nothing. Where both purge, as while machines are brought up to date, the first purge or answer of
another release than the last takes all away, since they may name keys differently.

**One server.** A replica that takes over starts empty; but while it and the old one are both taken for the one by
somebody, a purge reaches only one of them: no automatic failover, no cluster. Nothing in it
must not be lost. Eviction may be any; `allkeys-lru` keeps what readers ask for.
"""

import hashlib
import secrets
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import Any

from newsroom.delivery import entry as entries
from newsroom.delivery import redis_scripts as scripts
from newsroom.delivery.entry import Entry
from newsroom.delivery.memory import ROOM, Memory
from newsroom.delivery.redis_link import Away, Link, Script
from newsroom.delivery.store import PurgeUnconfirmed

LEASE = 3.0  # seconds
MARGIN = 0.3  # seconds, for clocks that do not run alike
UNKNOWN = 1.0  # since when caches in front are held, where nobody knows
MAKING = 5.0  # seconds after which whoever makes an answer is not waited for any longer
FIRST_LOOK, LATER_LOOKS = 0.01, 0.1  # seconds between two looks whether it is made


class RedisStore:
    """of: the newsroom, as all its machines name it. made_for: that, and all else that its answers depend on."""

    name = "redis"

    def __init__(self, url: str, *, of: str, made_for: str, memory: int = ROOM) -> None:
        self._link = Link(url, f"pages:{_digest(of)}")
        self._release = _digest(made_for)
        self._lease = self._release.encode()
        self._memory = Memory(memory)

    # --- Reading -------------------------------------------------------------------------------------------------
    def now(self) -> bytes:
        try:
            _, now = self._link.standing()
            return now or self._run(scripts.NOW, secrets.token_hex(8))
        except Away:
            return b""

    def get(self, address: str) -> Entry | None:
        held = self._memory.get(address)
        try:
            if held:
                lease, now = self._link.standing()
                if lease != self._lease:
                    return None
            if not held or now != held[0]:
                held = self._look(address, held[1] if held else None)
        except Away:
            return None
        if not held or (held[1].until is not None and held[1].until <= time.time()):
            return None
        return held[1]

    def _look(self, address: str, held: Entry | None) -> tuple[bytes, Entry] | None:
        found = self._run(scripts.LOOK, address, secrets.token_hex(8), held.nonce if held else "")
        if not isinstance(found, list):
            if found:
                self._link.tell("The worker keeps pages of another release, or with other settings, than this process.")
            self._memory.drop(address)
            return None
        now, *fields = found
        entry = held
        if fields:
            values = dict(zip(fields[::2], fields[1::2], strict=True))
            entry = entries.read(values[b"said"], lambda form: values[b"form:" + form.encode()])
        if not entry:
            return None
        self._memory.put(address, now, entry)
        return now, entry

    # --- Writing -------------------------------------------------------------------------------------------------
    def put(self, address: str, entry: Entry, *, seen: bytes) -> bool:
        if not seen:
            return False
        fields: list[str | bytes] = ["nonce", entry.nonce, "said", entry.described]
        for form, body in entry.forms.items():
            fields += [f"form:{form}", body]
        try:
            kept = self._run(
                scripts.PUT, address, seen, secrets.token_hex(8), len(fields), *fields, *sorted(entry.keys)
            )
        except Away:
            return False
        if kept:
            self._memory.put(address, seen, entry)
        return bool(kept)

    @contextmanager
    def alone(self, address: str) -> Iterator[None]:
        """Where nothing is answered from here, or Redis is away, everybody makes it for themselves."""
        token, pause, until = secrets.token_hex(8), FIRST_LOOK, time.monotonic() + MAKING
        try:
            while not self._run(scripts.BEGIN, address, token, int(MAKING * 1000)) and time.monotonic() < until:
                time.sleep(pause)
                pause = min(pause * 1.5, LATER_LOOKS)
        except Away:
            token = ""
        try:
            yield
        finally:
            if token:
                self._try(scripts.END, address, token)

    def purge(self, keys: Collection[str]) -> None:
        try:
            self._run(scripts.PURGE, *keys, insist=True)
        except Away as error:
            raise PurgeUnconfirmed(str(error), silent_in=LEASE + MARGIN) from error

    def clear(self) -> None:
        self.purge([""])

    def want(self, keys: Collection[str]) -> None:
        if keys:
            self._try(scripts.WANT, *keys)

    def wanted(self) -> list[str]:
        return [key.decode() for key in self._try(scripts.WANTED) or []]

    # --- Caches in front that could not be purged ----------------------------------------------------------------
    # That they may answer is what is written down: they are held where it was lost, and where nothing is answered here.
    def hold(self) -> float:
        try:
            return float(self._run(scripts.HOLD, repr(time.time()), insist=True))
        except Away as error:  # the lease holds them, and they have heard of it as much later again
            raise PurgeUnconfirmed(str(error), silent_in=2 * (LEASE + MARGIN)) from error

    def held(self) -> float:
        return float(self._try(scripts.HELD, str(UNKNOWN)) or UNKNOWN)

    def release(self, since: float) -> None:
        self._try(scripts.RELEASE, str(UNKNOWN), repr(since))

    # --- The lease -----------------------------------------------------------------------------------------------
    def renew(self, oldest: Callable[[], float | None]) -> bool:
        """Let answers be given from here for LEASE seconds more; whether they are.

        oldest: tells how many seconds ago the oldest purge that may not have been made here was written; None where
        there is none. What it raises is passed on, and then nothing is renewed.
        """
        try:
            base, now = self._link.moment()
            age = oldest() or 0.0
            return bool(self._run(scripts.RENEW, base, now + int((LEASE - age) * 1000)))
        except Away:
            return False

    def close(self) -> None:
        self._link.close()

    def _run(self, script: Script, *words: str | bytes | int, insist: bool = False) -> Any:
        return self._link.run(script, self._release, *words, insist=insist)

    def _try(self, script: Script, *words: str) -> Any:
        try:
            return self._run(script, *words)
        except Away:
            return None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
