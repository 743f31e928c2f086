"""How rows come into the database: by COPY or executemany, with the plain indexes made in one go behind them."""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from django.core.management.color import no_style
from django.db import connection

from benchmarks.seeding.reference import ORDER, Reference, model_of
from benchmarks.seeding.stories import Rows

SECONDARY = {
    "postgresql": "SELECT i.indexname, i.indexdef FROM pg_indexes i WHERE i.tablename = ANY(%s) AND NOT EXISTS "
    "(SELECT 1 FROM pg_constraint c WHERE c.conname = i.indexname)",
    # Those of full-text tables are no indexes to SQLite.
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql NOT LIKE 'CREATE UNIQUE%' "
    "AND tbl_name IN (SELECT value FROM json_each(%s))",
}


def written(value: Any, vendor: str) -> Any:
    """As the driver takes it: what Django would give it."""
    if vendor == "sqlite":
        return str(value.astimezone(UTC).replace(tzinfo=None)) if isinstance(value, datetime) else value
    if value is None:
        return r"\N"
    if isinstance(value, bytes):
        return f"\\\\x{value.hex()}"
    text = str(value)  # holds no tab and no line break; canonical JSON may hold a backslash
    return text.replace("\\", "\\\\") if "\\" in text else text


def prepared(rows: Rows, reference: Reference, vendor: str) -> dict[str, Any]:
    """By model: what `write` takes. Of PostgreSQL the lines of COPY, of SQLite the rows."""
    found: dict[str, Any] = {}
    for name in ORDER:
        rest = tuple(reference.defaults[name])
        values = [[written(value, vendor) for value in (*row, *rest)] for row in rows.get(name, ())]
        found[name] = "".join("\t".join(row) + "\n" for row in values) if vendor == "postgresql" else values
    return found


def write(made: dict[str, Any], reference: Reference) -> None:
    for name in ORDER:
        if made[name]:
            add(model_of(name)._meta.db_table, reference.columns[name], made[name])


def add(table: str, columns: Sequence[str], rows: Any) -> None:
    quoted = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({quoted}) FROM STDIN") as copy:
                copy.write(rows)
        else:  # the driver's own cursor, whose question marks need no rewriting
            marks = ", ".join("?" * len(columns))
            connection.connection.executemany(f"INSERT INTO {table} ({quoted}) VALUES ({marks})", rows)


def hasten() -> None:
    """For this session alone: nothing waits for the disk, and keys that are right by making are not looked up."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET synchronous_commit = off")
            cursor.execute("SET maintenance_work_mem = '1GB'")
            cursor.execute("SET session_replication_role = replica")
        else:
            cursor.execute("PRAGMA foreign_keys = OFF")
            cursor.execute("PRAGMA synchronous = OFF")
            cursor.execute("PRAGMA cache_size = -400000")  # kB


def without_indexes(tables: Iterable[str]) -> list[str]:
    """Take the plain indexes off, to be built in one go at the end; the statements that do so."""
    names: Any = list(tables)
    with connection.cursor() as cursor:
        given = names if connection.vendor == "postgresql" else json.dumps(names)
        cursor.execute(SECONDARY[connection.vendor], [given])
        found = cursor.fetchall()
        for name, _ in found:
            cursor.execute(f'DROP INDEX "{name}"')
    return [definition for _, definition in found]


def behind(names: Iterable[str]) -> None:
    """Put sequences behind the keys that were given."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [model_of(name) for name in names]):
            cursor.execute(statement)


def analyse() -> None:
    """Let the planner know what there is, and clean up as it would be after some time."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)" if connection.vendor == "postgresql" else "ANALYZE")


def bytes_taken() -> int:
    """Of the database, on the disk."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
        else:
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
        return int(cursor.fetchone()[0])
