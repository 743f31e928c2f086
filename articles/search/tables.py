"""Writing tokens into an index of either database, and taking them out."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress

from django.db import OperationalError, connection, transaction

from articles.models import PublicTokens, SearchEntry

MOST_PLACES = 256  # of one token in a tsvector, and the last place that it knows: PostgreSQL's own limits
LAST_PLACE = 16_383
PAGES = 200  # of an index that are merged in one transaction
MOST_BYTES = 800_000  # of a tsvector, which may hold 1 MB
WAITING = """
    SELECT coalesce(sum(gin_clean_pending_list(pg_index.indexrelid)), 0)
    FROM pg_index
    JOIN pg_class ON pg_class.oid = pg_index.indexrelid AND pg_has_role(pg_class.relowner, 'USAGE')
    JOIN pg_am ON pg_am.oid = pg_class.relam AND pg_am.amname = 'gin'
    WHERE pg_index.indrelid = ANY (%s::regclass[])
"""

# A key, the tokens in order, and tokens that stand anywhere: they help to find the others.
Entry = tuple[int, Sequence[str], Sequence[str]]


def write(table: str, entries: Sequence[Entry]) -> None:
    """Put entries in the place of those that stand under the same keys. table: one of our own."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.executemany(
                f"INSERT INTO {table} (rowid, tokens) VALUES (%s, %s::tsvector) "  # noqa: S608 - our own table
                "ON CONFLICT (rowid) DO UPDATE SET tokens = EXCLUDED.tokens",
                [(key, vector(words, anywhere)) for key, words, anywhere in entries],
            )
        else:
            cursor.executemany(
                f"INSERT OR REPLACE INTO {table} (rowid, tokens) VALUES (%s, %s)",  # noqa: S608 - our own table
                [(key, " ".join([*words, *anywhere])) for key, words, anywhere in entries],
            )


def sort_in() -> int:
    """For the worker: what was written to PostgreSQL's indexes lately, and waits beside them (searches read it there,
    too), is sorted in, so that it never becomes long; how many of its pages there were. Where the indexes are another
    role's, its vacuum does it (https://www.postgresql.org/docs/current/gin.html#GIN-FAST-UPDATE)."""
    if connection.vendor != "postgresql":
        return 0
    tables = [model._meta.db_table for model in (SearchEntry, PublicTokens)]
    with suppress(OperationalError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '200ms'")  # while somebody rebuilds an index, it can wait
        cursor.execute(WAITING, [tables])
        return int(cursor.fetchone()[0])
    return 0


def vector(words: Iterable[str], anywhere: Iterable[str] = ()) -> str:
    """A tsvector as PostgreSQL reads it. Behind its last place (some 16,000 characters of Chinese) words are still
    found, but phrases of several tokens are not."""
    places: dict[str, list[str]] = defaultdict(list)
    size = 0
    for place, word in enumerate(words, start=1):
        if word not in places:
            size += len(word.encode()) + 8
        if len(places[word]) < MOST_PLACES:
            places[word].append(str(min(place, LAST_PLACE)))
            size += 2
        if size > MOST_BYTES:
            break
    parts = [f"'{word}':{','.join(found)}" for word, found in places.items()]
    for word in anywhere:
        size += len(word.encode()) + 8
        if size > MOST_BYTES:
            break
        if word not in places:
            parts.append(f"'{word}'")
    return " ".join(parts)


def scrub(table: str) -> None:
    """After an erasure: nothing of an old entry is left in an index. Safe to run twice.

    SQLite's index keeps what was deleted until its parts are merged (https://sqlite.org/fts5.html#the_merge_command);
    PostgreSQL keeps it in pages that are free, until it is rebuilt (docs/corrections.md). Merged a few pages at a time,
    so that nobody who writes waits for long.
    """
    if connection.vendor == "sqlite":
        step = f"INSERT INTO {table} ({table}, rank) VALUES ('merge', %s)"  # noqa: S608 - our own table
        with connection.cursor() as cursor:
            cursor.execute(step, [-PAGES])  # all parts into one, from now on
            while True:
                cursor.execute("SELECT total_changes()")
                (before,) = cursor.fetchone()
                cursor.execute(step, [PAGES])
                cursor.execute("SELECT total_changes()")
                if cursor.fetchone()[0] - before < 2:  # only the command itself
                    return
