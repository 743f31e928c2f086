"""Both databases: a migrated template of each, made once per run, and copies of it.

With TEST_TEMPLATES, the path of a folder, the template of SQLite is kept there for later runs, and that of the server
of TEST_DATABASE_URL on that server, as long as nothing changes that makes it: for who runs small parts often.
"""

import hashlib
import itertools
import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import dj_database_url
import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import load_backend
from psycopg import sql

from tests.harness import run


class SQLite:
    """Databases as files in one folder."""

    vendor = "sqlite"

    def __init__(self) -> None:
        self.folder = run.folder() / "sqlite"
        self.folder.mkdir(exist_ok=True)

    def url(self, name: str) -> str:
        return f"sqlite:///{self.folder / name}.sqlite3"

    def create(self, name: str, *, template: str | None = None) -> None:
        if template:  # nobody is connected to it, so that its file is whole, without a journal beside it
            shutil.copyfile(self.folder / f"{template}.sqlite3", self.folder / f"{name}.sqlite3")

    def keep(self, key: str) -> None:
        file = Path(os.environ["TEST_TEMPLATES"]) / f"{key}.sqlite3"
        shutil.copyfile(self.folder / "template.sqlite3", file.with_suffix(f".{os.getpid()}"))
        file.with_suffix(f".{os.getpid()}").rename(file)

    def fetch(self, key: str) -> bool:
        file = Path(os.environ["TEST_TEMPLATES"]) / f"{key}.sqlite3"
        if file.exists():
            shutil.copyfile(file, self.folder / "template.sqlite3")
        return file.exists()

    def drop(self, name: str) -> None:
        for end in ("", "-wal", "-shm"):
            (self.folder / f"{name}.sqlite3{end}").unlink(missing_ok=True)


class PostgreSQL:
    """Databases of one server: TEST_DATABASE_URL's, or the guardian's. Without either, the test is skipped."""

    vendor = "postgresql"

    def __init__(self) -> None:
        folder = run.folder()
        (folder / "postgresql-wanted").touch()
        found, missing = folder / "postgresql-url", folder / "postgresql-missing"
        until = time.monotonic() + 60
        while not found.exists():
            if missing.exists():
                run.unavailable(missing.read_text(encoding="utf-8"))
            if time.monotonic() > until:
                run.unavailable("no PostgreSQL: it did not start within a minute")
            time.sleep(0.02)
        self.server = urlsplit(found.read_text(encoding="utf-8"))
        self.prefix = f"newsroom_{folder.name.rpartition('-')[2]}_"

    def url(self, name: str) -> str:
        return urlunsplit(self.server._replace(path=f"/{self.prefix}{name}"))

    def create(self, name: str, *, template: str | None = None) -> None:
        source = self.prefix + template if template else "template0"
        # Copying files is twice as fast here as writing all to the log, which is PostgreSQL's first choice since 15.
        self._run("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY", self.prefix + name, source)

    def keep(self, key: str) -> None:
        with suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
            self._run("CREATE DATABASE {} TEMPLATE {}", f"newsroom_kept_{key}", f"{self.prefix}template")

    def fetch(self, key: str) -> bool:
        try:
            self._run("CREATE DATABASE {} TEMPLATE {}", f"{self.prefix}template", f"newsroom_kept_{key}")
        except psycopg.errors.InvalidCatalogName:  # there is none of this key yet
            return False
        return True

    def drop(self, name: str) -> None:
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.prefix + name)

    def _run(self, statement: str, *names: str) -> None:
        with psycopg.connect(urlunsplit(self.server), autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


ENGINES = {engine.vendor: engine for engine in (SQLite, PostgreSQL)}


class Engine:
    """One of the two databases, as this process uses it."""

    def __init__(self, vendor: str, *, migrated: bool = True) -> None:
        self.vendor = vendor
        self.migrated = migrated
        self.databases = ENGINES[vendor]()
        self.process = f"{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"
        self._numbers = itertools.count(1)
        run.once(f"{vendor}-template", self._make_template)
        # Tests that roll back share one copy and one connection. Not with other processes: a test's transaction
        # locks all of SQLite's file, and rows of the other.
        self._shared = connection_to(self._copy()[1])

    def _make_template(self) -> None:
        self.databases.drop("template")
        if not self.migrated:
            self.databases.create("template")
            return
        kept = "TEST_TEMPLATES" in os.environ and (self.vendor == "sqlite" or "TEST_DATABASE_URL" in os.environ)
        if kept and self.databases.fetch(what_migrates()):
            return
        self.databases.create("template")
        with connected(self.databases.url("template")) as connection, default(connection):
            call_command("migrate", verbosity=0)  # the real one: triggers are made by what follows it
        if kept:
            self.databases.keep(what_migrates())

    def _copy(self) -> tuple[str, str]:
        name = f"{self.process}_{next(self._numbers)}"
        self.databases.create(name, template="template")
        return name, self.databases.url(name)

    def shared(self) -> AbstractContextManager[None]:
        """The copy for tests that change nothing for good, with the connection that they share."""
        return default(self._shared)

    @contextmanager
    def copy(self) -> Iterator[str]:
        """A fresh copy, dropped afterwards; yields its address."""
        name, url = self._copy()
        try:
            with connected(url) as connection, default(connection):
                yield url
        finally:
            self.databases.drop(name)

    def close(self) -> None:
        self._shared.close()


def what_migrates() -> str:
    """A digest of all that `migrate` could run: the code of ours, and the versions of libraries."""
    digest = hashlib.sha256()
    ours = [*run.ROOT.glob("articles/migrations/*.py"), *run.ROOT.glob("articles/models/*.py")]
    ours += [*run.ROOT.glob("articles/search/*.py"), *run.ROOT.glob("articles/language/*.py")]
    for file in sorted([*ours, run.ROOT / "newsroom" / "settings.py", run.ROOT / "uv.lock"]):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:20]


def connection_to(url: str) -> BaseDatabaseWrapper:
    """Configured as newsroom/settings.py does it for DATABASE_URL."""
    found: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True))
    if found["ENGINE"].endswith("sqlite3"):
        found["OPTIONS"] = settings.SQLITE_OPTIONS
    complete = connections.configure_settings({"default": found})["default"]
    connection: BaseDatabaseWrapper = load_backend(found["ENGINE"]).DatabaseWrapper(complete, "default")
    return connection


def connected(url: str) -> AbstractContextManager[BaseDatabaseWrapper]:
    return closing(connection_to(url))


@contextmanager
def default(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Make this connection the default one of this thread, and its database that of every thread."""
    before = connections.settings["default"], connections["default"]
    connections.settings["default"], connections["default"] = connection.settings_dict, connection
    try:
        yield
    finally:
        connections.settings["default"], connections["default"] = before


def forget_event_loops() -> None:
    """Keep Django's connections by thread only.

    Django looks for them by event loop, too; and Playwright leaves a loop running between its calls, so that a
    browser test would change connections in its midst.
    """
    connections._connections = threading.local()  # type: ignore[attr-defined]
