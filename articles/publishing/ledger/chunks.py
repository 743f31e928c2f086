"""Walking through tables of any size: one moment of the database, a bounded number of rows at a time."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from django.db import connection, transaction
from django.db.models import Model, Q, QuerySet

Row = TypeVar("Row", bound=Model)


def in_chunks(rows: "QuerySet[Row]", by: str | tuple[str, ...], size: int) -> Iterator[list[Row]]:
    """All rows in the order of `by`, columns that together are unique and have an index; prefetching works."""
    names = (by,) if isinstance(by, str) else by
    rows, after = rows.order_by(*names), Q()
    while chunk := list(rows.filter(after)[:size]):
        yield chunk
        if len(chunk) < size:
            return
        after = _after(names, [getattr(chunk[-1], name) for name in names])


def _after(names: Sequence[str], values: Sequence[object]) -> Q:
    """(a, b) > (1, 2), as both databases' indexes understand it."""
    condition = Q(**{f"{names[-1]}__gt": values[-1]})
    for name, value in reversed(list(zip(names[:-1], values[:-1], strict=True))):
        condition = Q(**{f"{name}__gte": value}) & (Q(**{f"{name}__gt": value}) | condition)
    return condition


@contextmanager
def one_moment() -> Iterator[None]:
    """While this lasts, the database shows one moment, however long it takes, and nobody waits for the reader."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")  # atomic() would be IMMEDIATE, and hold up all who write
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
