"""Kept answers as files, shared by all processes of a machine; a web server in front may send them itself.

    open/<path>/.page, .page.gz, .page.br   pages that any server can send by their class (deploy/nginx.conf)
    closed/<digest of the address>/.page …  all others, for the application alone
    …/.entry                                what belongs to them: status, headers, keys
    keys.sqlite3                            which addresses stand on a key, and which keys are wanted again
    generation                              whether anything was purged (generation.py)
    made-for                                the newsroom that all this was made for

**Never stale.** Whoever makes an answer asks for the generation before they read anything; it is stored, behind the
lock, only if nothing was purged since. A purge, behind the same lock, makes the number odd, takes the files away, and
makes it even again. Who finds an answer in the memory of their process looks at the number first; if it has moved, at
the file, and only an even number is remembered as proof. The keys are written before the files: after a crash there may
be keys without files, never the reverse.

**When a purge fails** the store is shut: it answers nothing until a later purge has emptied it, and open/ is gone, as
far as the file system lets it go, so that no other server finds a page there either.

The folder is not to be survived by a power failure, which may lose what was purged last: it is emptied when the machine
has started anew, and when the newsroom is another one than it was made for (another address, database or release).
"""

import contextlib
import fcntl
import hashlib
import json
import logging
import math
import os
import secrets
import shutil
import sqlite3
import threading
import time
import zlib
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

from newsroom.delivery import entry as entries
from newsroom.delivery.entry import SUFFIX, Entry, Headers
from newsroom.delivery.generation import LOST, Generation
from newsroom.delivery.memory import ROOM, Memory
from newsroom.delivery.store import PurgeUnconfirmed

log = logging.getLogger(__name__)
LEAST_LEFT = 0.05  # of the disk's bytes, and of its files
STRIPES = 256  # locks for all addresses
LONGEST_NAME = 200  # bytes of one part of a path: file systems hold 255
BOOT = Path("/proc/sys/kernel/random/boot_id")


class DiskStore:
    """pages: the headers that another server sends with the page of an address, which decide what lies in open/; None
    where nothing is to lie there."""

    name = "disk"

    def __init__(
        self,
        folder: Path,
        *,
        made_for: str,
        memory: int = ROOM,
        pages: Callable[[str], Headers] | None = None,
    ) -> None:
        self.folder, self._pages = folder, pages
        self._made_for = hashlib.sha256(f"{made_for}\n{_boot()}".encode()).hexdigest()
        self._memory = Memory(memory)
        self._ours = b""  # the generation in which that was looked up
        self._thread = threading.RLock()
        self._begin()
        self._forget()

    def _begin(self) -> None:
        for part in ("open", "closed", "making"):
            (self.folder / part).mkdir(parents=True, exist_ok=True)
        with self._thread, _flocked(self.folder / "lock"):
            self._generation = Generation(self.folder / "generation")
            self._index = _index(self.folder / "keys.sqlite3")  # two at once would find it locked, and not wait
            if self._is_for() != self._made_for or self._generation.is_new or self._generation.is_broken_off:
                self._empty()
                self._generation.begin()  # whoever looks what it was made for while this is written looks again
                try:
                    _write(self.folder / "made-for", self._made_for.encode())
                finally:
                    self._generation.end()

    # --- Reading -------------------------------------------------------------------------------------------------
    def now(self) -> bytes:
        if self._generation.is_lost:
            with contextlib.suppress(OSError, sqlite3.Error), self._locked():
                log.warning("%s was taken away and is made anew", self.folder)
        return self._generation.now()

    def get(self, address: str) -> Entry | None:
        now = self._generation.now()
        held = self._memory.get(address)
        if held and held[0] == now:
            found = held[1]
        else:
            if now == LOST:
                now = self.now()
            if now == LOST or self._generation.is_shut or not self._is_ours(now):
                return None
            here = self._read(address, held[1] if held else None)
            self._remember(address, here, now)
            if not here:
                return None
            found = here
        if found.until is not None and found.until <= time.time():
            return None
        return found

    def _read(self, address: str, held: Entry | None) -> Entry | None:
        """What stands in the files now, if anything. held: taken where it is the same."""
        for place in self._places(address):
            try:
                described = _bytes_of(f"{place}/.entry")
                if held and held.described == described:
                    return held
                found = entries.read(described, partial(_form, place))
            except (FileNotFoundError, NotADirectoryError):
                continue
            except (OSError, ValueError):
                log.exception("%s cannot be read", place)
                continue
            if found:
                return found
        return None

    def _remember(self, address: str, found: Entry | None, now: bytes) -> None:
        if found and Generation.is_settled(now):
            self._memory.put(address, now, found)
        else:
            self._memory.drop(address)

    # --- Writing -------------------------------------------------------------------------------------------------
    def put(self, address: str, entry: Entry, *, seen: bytes) -> bool:
        if not Generation.is_settled(seen):
            return False
        place = self._place(address, entry)
        try:
            if self._is_full():
                return False
            with self._locked():
                if self._generation.now() != seen or self._generation.is_shut or self._is_for() != self._made_for:
                    return False
                self._index.executemany(
                    "INSERT OR IGNORE INTO stands (key, address) VALUES (?, ?)",
                    [(key, address) for key in sorted(entry.keys)],
                )
                self._take_away(address)  # first: nobody is to read half of one and half of another
                place.mkdir(parents=True, exist_ok=True)
                moment = entry.moment
                _write(place / ".entry", entry.described, moment)
                for form in sorted(entry.forms, reverse=True):  # the plain one last: it makes the others count
                    _write(place / f".page{SUFFIX[form]}", entry.forms[form], moment)
        except (OSError, sqlite3.Error):
            log.exception("%s could not be kept", address)
            with contextlib.suppress(OSError):
                self._take_away(address)
            return False
        self._remember(address, entry, seen)
        return True

    def _is_full(self) -> bool:
        """Whether what is left of the disk had better be left to the database."""
        disk = os.statvfs(self.folder)
        return disk.f_bavail < disk.f_blocks * LEAST_LEFT or disk.f_favail < disk.f_files * LEAST_LEFT

    @contextmanager
    def alone(self, address: str) -> Iterator[None]:
        """Where that cannot be had (the disk is full, the folder is gone), whoever comes makes it for themselves."""
        with ExitStack() as stack:
            try:
                stack.enter_context(_flocked(self.folder / "making" / str(zlib.crc32(address.encode()) % STRIPES)))
            except OSError as error:
                log.warning("nobody can be kept from making %s as well: %s", address, error)
            yield

    def purge(self, keys: Collection[str]) -> None:
        listed = [json.dumps(list(keys))]
        on_them = "WHERE key IN (SELECT value FROM json_each(?))"
        with self._purging():
            rows = self._index.execute(f"SELECT DISTINCT address FROM stands {on_them}", listed).fetchall()  # noqa: S608
            for (address,) in rows:
                self._take_away(address)
            if rows:
                self._index.execute(f"DELETE FROM stands {on_them}", listed)  # noqa: S608

    def clear(self) -> None:
        with self._purging():
            self._empty()
        self._forget()

    def _forget(self) -> None:
        """What was moved away, when nobody waits for it."""
        for away in self.folder.glob("away-*"):
            shutil.rmtree(away, ignore_errors=True)

    def close(self) -> None:
        self._index.close()

    def want(self, keys: Collection[str]) -> None:
        with contextlib.suppress(sqlite3.Error), self._thread:
            self._index.execute("INSERT OR IGNORE INTO wanted SELECT value FROM json_each(?)", [json.dumps(list(keys))])

    def wanted(self) -> list[str]:
        with self._thread:
            rows = self._index.execute("DELETE FROM wanted RETURNING key").fetchall()
        return [key for (key,) in rows]

    def hold(self) -> float:
        with contextlib.suppress(OSError), self._locked():
            before = self._generation.held
            self._generation.hold(math.nextafter(before, math.inf) if before else time.time())
            return self._generation.held
        self._generation.hold(time.time())  # without the lock, which cannot be had, better than not at all
        return self._generation.held

    def held(self) -> float:
        return self._generation.held

    def release(self, since: float) -> None:
        with self._locked():
            if self._generation.held == since:
                self._generation.hold(0.0)

    @contextmanager
    def _purging(self) -> Iterator[None]:
        try:
            with self._locked():
                try:
                    self._generation.begin()
                    if self._generation.is_shut:  # what an earlier one left is not known
                        self._empty()
                    yield
                    self._generation.shut(False)
                    self._generation.end()
                except (OSError, sqlite3.Error):  # behind the lock: nobody opens it again meanwhile
                    self._shut()
                    raise
        except (OSError, sqlite3.Error) as error:
            self._shut()  # also where the lock could not be had
            raise PurgeUnconfirmed(str(error)) from error

    def _shut(self) -> None:
        self._generation.shut(True)
        self._generation.begin()  # so that nobody trusts their memory
        try:
            (self.folder / "open").rename(self.folder / f"away-{secrets.token_hex(4)}")
        except FileNotFoundError:
            pass
        except OSError:
            log.exception(
                "%s cannot be taken away: a web server in front may still send old pages", self.folder / "open"
            )

    def _take_away(self, address: str) -> None:
        for place in map(Path, self._places(address)):
            for suffix in SUFFIX.values():  # the plain one first
                (place / f".page{suffix}").unlink(missing_ok=True)
            (place / ".entry").unlink(missing_ok=True)

    def _empty(self) -> None:
        """Behind the lock."""
        self._generation.begin()
        for part in ("open", "closed"):
            with contextlib.suppress(FileNotFoundError):
                (self.folder / part).rename(self.folder / f"away-{secrets.token_hex(4)}")
            (self.folder / part).mkdir()
        self._index.execute("DELETE FROM stands")
        self._generation.anew()
        self._generation.shut(False)
        self._generation.end()

    # --- Where things are ----------------------------------------------------------------------------------------
    def _places(self, address: str) -> list[str]:
        """Folders, as text: a reader's request has no time for more."""
        digest = hashlib.sha256(address.encode()).hexdigest()
        closed = f"{self.folder}/closed/{digest[:2]}/{digest[2:]}"
        return [closed, f"{self.folder}/open/{address.strip('/')}"] if fits(address) else [closed]

    def _place(self, address: str, entry: Entry) -> Path:
        open_to_all = self._pages and fits(address) and entry.is_page(self._pages(address))
        return Path(self._places(address)[-1 if open_to_all else 0])

    def _is_ours(self, now: bytes) -> bool:
        """Whether the store was made for this newsroom, looked up once in each generation."""
        if self._ours == now:
            return True
        ours = self._is_for() == self._made_for
        if ours and Generation.is_settled(now):
            self._ours = now
        return ours

    def _is_for(self) -> str:
        try:
            return (self.folder / "made-for").read_text(encoding="ascii")
        except OSError:
            return ""

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with self._thread:
            if self._generation.is_lost:  # a purge of what lies elsewhere by now would be none
                self._begin()
            with _flocked(self.folder / "lock"):
                yield


@contextmanager
def _flocked(path: Path) -> Iterator[None]:
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)  # of this opening of the file: threads keep each other out as well
        yield
    finally:
        os.close(handle)


def fits(address: str) -> bool:
    """Whether an address can be a path below open/: one with a slash at both ends (without the last one it is another
    address), no question, nothing hidden, no part too long for a file."""
    if not (address.startswith("/") and address.endswith("/")) or any(one in address for one in ("?", "//", "\0")):
        return False
    parts = address.strip("/").split("/")
    return all(not part.startswith(".") and len(part.encode()) <= LONGEST_NAME for part in parts)


def _index(path: Path) -> sqlite3.Connection:
    index = sqlite3.connect(path, timeout=20, isolation_level=None, check_same_thread=False)
    # Not to be survived by a power failure (see above), so nothing waits for the disk.
    index.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;")
    columns = "key TEXT, address TEXT, PRIMARY KEY (key, address)"
    index.execute(f"CREATE TABLE IF NOT EXISTS stands ({columns}) WITHOUT ROWID")
    index.execute("CREATE TABLE IF NOT EXISTS wanted (key TEXT PRIMARY KEY) WITHOUT ROWID")
    return index


def _form(place: str, form: str) -> bytes:
    return _bytes_of(f"{place}/.page{SUFFIX[form]}")


def _bytes_of(path: str) -> bytes:
    with open(path, "rb", buffering=0) as file:
        return file.read()


def _write(path: Path, content: bytes, moment: int | None = None) -> None:
    """Whole or not at all; moment: what its time is to be, in seconds."""
    part = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    with open(part, "wb") as file:
        file.write(content)
    if moment is not None:
        os.utime(part, (moment, moment))
    part.replace(path)


def _boot() -> str:
    try:
        return BOOT.read_text(encoding="ascii").strip()
    except OSError:
        return ""
