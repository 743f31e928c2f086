"""An end to questions that would take too long, on either database."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction

STEPS = 1_000  # of SQLite's machine between two looks at the clock; its full-text index takes few for much work
CANCELED = "57014"  # PostgreSQL's code of a statement that took too long


class TooLong(Exception):
    """What was asked of the database was not done in time."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Break off what the database is asked within this block after so many seconds, by raising TooLong. On PostgreSQL
    every statement may take as long. Nothing may be written within."""
    limit = _on_postgresql(seconds) if connection.vendor == "postgresql" else _on_sqlite(seconds)
    with limit:
        yield


@contextmanager
def _on_postgresql(seconds: float) -> Iterator[None]:
    within = connection.in_atomic_block
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = %s", [int(seconds * 1000)])
            yield
            if within:  # else it ends with the transaction
                cursor.execute("SET LOCAL statement_timeout TO DEFAULT")
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") != CANCELED:
            raise
        raise TooLong from error


@contextmanager
def _on_sqlite(seconds: float) -> Iterator[None]:
    connection.ensure_connection()
    end = time.monotonic() + seconds
    connection.connection.set_progress_handler(lambda: time.monotonic() > end, STEPS)
    try:
        yield
    except OperationalError as error:
        if "interrupted" not in str(error):
            raise
        raise TooLong from error
    finally:
        connection.connection.set_progress_handler(None, STEPS)
