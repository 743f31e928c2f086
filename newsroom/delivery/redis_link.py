"""One Redis or Valkey server, asked without ever being waited for long.

Each connection knows which run of the server it leads to, and all keys are named after that run: what a server was
started with (a snapshot, which may be older than the last purge) is never read, and neither is what a replica holds
that has taken over. A connection is never reused after an error.

While the server is away nobody waits for it: once a second one caller tries, the others are told at once.
"""

import hashlib
import logging
import re
import time
from collections import deque
from collections.abc import Callable
from typing import Any

import redis

log = logging.getLogger(__name__)
CONNECTING, ANSWERING = 0.5, 1.0  # seconds
PAUSE = 1.0  # seconds for which a server that was away is not asked
QUIET = 60.0  # seconds before the same trouble is told again


class Away(Exception):
    """The server does not answer, or refuses."""


class Script:
    """What the server does as a whole or not at all; KEYS[1] is what all its keys begin with."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.digest = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


class Wire:
    """A connection. base: what all keys begin with, the run of the server included."""

    def __init__(self, connection: Any, name: str) -> None:
        self._connection = connection
        connection.connect()
        found = re.search(rb"run_id:(\w+)", self.ask("INFO", "server"))
        if not found:
            raise redis.ConnectionError("it does not say which run of it this is")
        self.base = f"{name}:{found[1].decode()[:16]}:"
        self._standing = connection.pack_command("MGET", f"{self.base}lease", f"{self.base}now")

    def ask(self, *words: Any) -> Any:
        self._connection.send_command(*words)
        return self._connection.read_response()

    def run(self, script: Script, *words: Any) -> Any:
        try:
            return self.ask("EVALSHA", script.digest, 1, self.base, *words)
        except redis.exceptions.NoScriptError:
            return self.ask("EVAL", script.text, 1, self.base, *words)

    def standing(self) -> list[bytes | None]:
        """The lease and the generation; packed beforehand, as it is asked at every hit."""
        self._connection.send_packed_command(self._standing)
        return self._connection.read_response()

    def close(self) -> None:
        self._connection.disconnect()


class Link:
    """To be used by any number of threads. name: what all keys begin with. All methods raise Away."""

    def __init__(self, url: str, name: str) -> None:
        self._connections = redis.ConnectionPool.from_url(
            url, socket_connect_timeout=CONNECTING, socket_timeout=ANSWERING, protocol=2
        )
        self._name = name
        self._free = deque[Wire]()
        self._again: float | None = None  # while it is away: when it is to be asked again
        self._told: dict[str, float] = {}

    def standing(self) -> list[bytes | None]:
        return self._asked(Wire.standing)

    def run(self, script: Script, *words: Any, insist: bool = False) -> Any:
        """insist: ask even where it was away a moment ago. May be run twice, where a connection was lost."""
        return self._asked(lambda wire: wire.run(script, *words), insist=insist)

    def moment(self) -> tuple[str, int]:
        """What keys begin with now, and the server's time in milliseconds."""

        def ask(wire: Wire) -> tuple[str, int]:
            seconds, micro = wire.ask("TIME")
            return wire.base, int(seconds) * 1000 + int(micro) // 1000

        return self._asked(ask, insist=True)

    def close(self) -> None:
        while self._free:
            self._free.pop().close()

    def tell(self, trouble: str) -> None:
        now = time.monotonic()
        if now - self._told.get(trouble, -QUIET) >= QUIET:
            self._told = {trouble: now} | {said: at for said, at in self._told.items() if now - at < QUIET}
            log.warning(trouble)

    def _asked(self, question: Callable[[Wire], Any], *, insist: bool = False) -> Any:
        if self._again is not None and not insist:
            now = time.monotonic()
            if now < self._again:
                raise Away("It was away a moment ago.")
            self._again = now + PAUSE  # this caller tries, the others go on without it
        try:
            answer = self._answer(question)
        except (redis.ConnectionError, redis.TimeoutError, OSError) as error:
            self._again = time.monotonic() + PAUSE
            self.tell(f"The page store is away: {error}")
            raise Away(str(error)) from error
        except redis.RedisError as error:
            self.tell(f"The page store refuses: {error}")
            raise Away(str(error)) from error
        self._again = None
        return answer

    def _answer(self, question: Callable[[Wire], Any]) -> Any:
        try:
            wire = self._free.pop()
        except IndexError:
            return self._answer_by(Wire(self._connections.make_connection(), self._name), question)
        try:
            return self._answer_by(wire, question)
        except (redis.ConnectionError, OSError):  # it was closed while it lay there, as by a server that was restarted
            return self._answer_by(Wire(self._connections.make_connection(), self._name), question)

    def _answer_by(self, wire: Wire, question: Callable[[Wire], Any]) -> Any:
        try:
            answer = question(wire)
        except redis.ResponseError:
            self._free.append(wire)
            raise
        except BaseException:
            wire.close()
            raise
        self._free.append(wire)
        return answer
