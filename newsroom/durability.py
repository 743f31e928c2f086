"""Transactions that need not wait for the disk."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def may_be_lost() -> Iterator[None]:
    """A transaction that a power failure may undo, whole, with all that was committed behind it and no earlier: for
    what is done again where it is missing. Within another transaction it is as durable as that one.

    A killed process loses nothing. PostgreSQL: asynchronous commit; SQLite's write-ahead log: synchronous = NORMAL.
    """
    if connection.in_atomic_block:
        with transaction.atomic():
            yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit = off")  # of this transaction alone, also behind a pooler
            yield
    else:
        with _sqlite_synchronous("NORMAL"), transaction.atomic():
            yield


@contextmanager
def _sqlite_synchronous(wanted: str) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous")
        (before,) = cursor.fetchone()
        cursor.execute(f"PRAGMA synchronous = {wanted}")
    try:
        yield
    finally:
        try:
            with connection.cursor() as cursor:
                cursor.execute(f"PRAGMA synchronous = {before}")
        except BaseException:
            connection.close()  # a new connection begins with what the settings say
            raise
