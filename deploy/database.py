"""What backup.sh and restore.sh ask of the database that the settings name: where, dump FILE, empty, load FILE, check.

The password reaches pg_dump and pg_restore in a file that only this user can read, never on a command line.
"""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NoReturn

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")


def stop(sentence: str) -> NoReturn:
    sys.exit(sentence)


class SQLite:
    vendor = "sqlite"

    def __init__(self, name: str) -> None:
        self.path = Path(name)

    def describe(self) -> str:
        return str(self.path)

    def dump(self, target: Path) -> None:
        """One snapshot, also while the desk writes: all pages in one step, under one read lock."""
        if not self.path.exists():
            stop(f"There is no database at {self.path}.")
        with closing(sqlite3.connect(self.path, timeout=60)) as source, closing(sqlite3.connect(target)) as copy:
            source.backup(copy, pages=-1)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a journal beside it
        check_file(target)

    def is_empty(self) -> bool:
        return not any(self.path.with_name(self.path.name + end).exists() for end in ("", "-wal", "-journal"))

    def load(self, source: Path) -> None:
        check_file(source)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        part = self.path.with_name(self.path.name + ".part")
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file, open(source, "rb") as copy:
            shutil.copyfileobj(copy, file)
            file.flush()
            os.fsync(file.fileno())
        part.rename(self.path)


def check_file(path: Path) -> None:
    with closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as connection:
        try:
            found = [row[0] for row in connection.execute("PRAGMA integrity_check(5)")]
            orphans = connection.execute("PRAGMA foreign_key_check").fetchone()
        except sqlite3.DatabaseError as error:
            stop(f"{path} is no sound database: {error}.")
    if found != ["ok"] or orphans:
        stop(f"{path} is damaged: {'; '.join(found) if found != ['ok'] else f'orphaned rows in {orphans[0]}'}.")


class PostgreSQL:
    vendor = "postgresql"
    HAS_ANYTHING = """
        SELECT EXISTS (SELECT FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
                       WHERE nspname NOT IN ('pg_catalog', 'information_schema') AND nspname NOT LIKE 'pg\\_t%'
                       AND relkind IN ('r', 'p', 'v', 'm', 'S', 'f'))
    """

    def __init__(self, parameters: dict[str, object]) -> None:
        from psycopg import pq

        known = {option.keyword.decode() for option in pq.Conninfo.get_defaults()}
        self.parameters = {key: str(value) for key, value in parameters.items() if key in known and value is not None}

    def describe(self) -> str:
        at = self.parameters.get("host") or "this machine"
        return f"database {self.parameters.get('dbname')} at {at}"

    @contextmanager
    def environment(self) -> Iterator[dict[str, str]]:
        """As libpq reads it: a service file of our own, gone afterwards."""
        with tempfile.TemporaryDirectory() as folder:
            service = Path(folder) / "service"
            service.touch(0o600)
            service.write_text("[newsroom]\n" + "".join(f"{key}={value}\n" for key, value in self.parameters.items()))
            yield os.environ | {"PGSERVICEFILE": str(service), "PGSERVICE": "newsroom"}

    def run(self, program: str, *arguments: str) -> None:
        with self.environment() as environment:
            try:
                done = subprocess.run([program, *arguments], env=environment, check=False)
            except FileNotFoundError:
                stop(f"{program} is missing; install it: apt install postgresql-client.")
        if done.returncode:
            stop(f"{program} failed for {self.describe()}; its own words are above.")

    def dump(self, target: Path) -> None:
        self.run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")

    def is_empty(self) -> bool:
        import psycopg

        try:
            with psycopg.connect(**self.parameters) as connection:  # type: ignore[arg-type]
                row = connection.execute(self.HAS_ANYTHING).fetchone()
        except psycopg.OperationalError as error:
            stop(f"The {self.describe()} does not answer: {' '.join(str(error).split())}")
        return not (row and row[0])

    def load(self, source: Path) -> None:
        """All or nothing: in one transaction."""
        self.run("pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction",
                 "--dbname=service=newsroom", str(source))  # fmt: skip


def the_database() -> SQLite | PostgreSQL:
    from newsroom.environ import Misconfigured

    try:
        from django.db import connection

        if connection.vendor == "sqlite":
            return SQLite(str(connection.settings_dict["NAME"]))
        return PostgreSQL(connection.get_connection_params())
    except Misconfigured as error:
        stop(f"Newsroom's configuration cannot be read: {error}")


def main(arguments: list[str]) -> None:
    database = the_database()
    match arguments:
        case ["where"]:
            from django.conf import settings

            print(database.vendor, settings.DATA_DIR, database.describe(), sep="\n")
        case ["dump", file]:
            database.dump(Path(file))
        case ["empty"]:
            if not database.is_empty():
                stop(f"The {database.describe()} is not empty; nothing was restored. Name an empty one.")
        case ["load", file]:
            database.load(Path(file))
        case _:
            stop(f"usage: {Path(__file__).name} where | dump FILE | empty | load FILE")


if __name__ == "__main__":
    main(sys.argv[1:])
