"""Fill an empty database with N published stories, fast, as publish() would have made them.

    DJANGO_SETTINGS_MODULE=newsroom.settings python -m benchmarks.seed 1000000

A tenth has five editions, two of which bring a notice; bodies have 300 characters, every fiftieth 2,000; one of 19 is
English, one of 53 Tibetan, and what is Chinese is converted to the other script. Thirty a day, at every size, so that a
month is as long. All rows are made by the very functions that publish() uses, and stories that were taken at random are
compared with what the newsroom makes of them (--checked), so a seeded story verifies like any other.

Processes make the rows, and on PostgreSQL write them, each its own part, by COPY; SQLite has one writer. A run that was
broken off leaves a database without indexes: begin anew with an empty one.
"""

import argparse
import multiprocessing
import os
import random
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any

import django
from django.db import connection, connections, transaction

from benchmarks.seeding import ledger, tables
from benchmarks.seeding.asked_once import asking_once
from benchmarks.seeding.reference import ORDER, Reference, model_of
from benchmarks.seeding.stories import BETWEEN, EDITIONS, Rows, Stories
from benchmarks.seeding.texts import Texts

CHUNK = 500  # stories a transaction
STORIES_A_DAY = 30


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int, nargs="?", default=1000)
    parser.add_argument("--processes", type=int, default=max(os.cpu_count() or 1, 1))
    parser.add_argument("--checked", type=int, default=100, help="stories that are compared afterwards (100)")
    options = parser.parse_args()
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    if model_of("Article").objects.exists():
        sys.exit(f"The database {connection.settings_dict['NAME']} has stories already; give an empty one.")
    started = time.perf_counter()
    seed(options.count, options.processes)
    took = time.perf_counter() - started
    checked(options.checked)
    print(f"{options.count} stories in {took:.1f} s ({took / 60:.1f} minutes): {options.count / took:,.0f} a second; "
          f"{tables.bytes_taken() / 1e9:.2f} GB")  # fmt: skip


def seed(count: int, processes: int) -> None:
    from articles.management.progress import bar

    vendor = connection.vendor
    reference = Reference(count)
    sealing = ledger.Sealing()
    newest = datetime.now(UTC).replace(microsecond=0) - EDITIONS * BETWEEN
    tables.hasten()
    indexes = tables.without_indexes([*(model_of(name)._meta.db_table for name in ORDER), "articles_ledgerentry"])
    connections.close_all()  # nothing that is open may be handed down to another process
    parts = [(first, min(first + CHUNK, count + 1)) for first in range(1, count + 1, CHUNK)]
    with ExitStack() as stack:
        progress: Any = stack.enter_context(bar((), "stories", count))  # type: ignore[attr-defined]
        results: Iterator[Any]
        if processes > 1 and len(parts) > 1:
            context = multiprocessing.get_context("spawn")
            pool = stack.enter_context(context.Pool(min(processes, len(parts)), begin, (count, newest)))
            results = pool.imap(make, parts)
        else:
            begin(count, newest)
            results = map(make, parts)
        tables.hasten()
        for (first, behind), (rows, acts) in zip(parts, results, strict=True):
            with transaction.atomic():
                if rows:
                    tables.write(rows, reference)
                sealing.add(acts, vendor)
            progress.update(behind - first)
    with connection.cursor() as cursor:
        for definition in bar(indexes, "indexes"):
            cursor.execute(definition)
    tables.behind([*ORDER, "LedgerEntry"])
    connection.close()  # with all that was hastened
    names_of(reference)
    sealing.close()
    tables.analyse()


# --- In each process ------------------------------------------------------------------------------------------------
_mine: dict[str, Any] = {}


def begin(count: int, newest: datetime) -> None:
    django.setup()
    texts, reference = Texts(), Reference(count)
    asking = asking_once({*chain.from_iterable(texts.pieces.values()), *reference.names()})
    asking.__enter__()  # for as long as the process lives
    tables.hasten()
    _mine.update(stories=Stories(reference, texts), reference=reference, count=count, newest=newest, asking=asking)


def make(part: tuple[int, int]) -> tuple[Any, list[tuple[str, int, str]]]:
    """The stories of a part: written, or on SQLite their rows; and what the ledger is to seal of them."""
    found: Rows = defaultdict(list)
    sealed: list[tuple[str, int, str]] = []
    for number in range(*part):
        at = _mine["newest"] - timedelta(days=(_mine["count"] - number) / STORIES_A_DAY)
        rows, acts = _mine["stories"].rows(number, at.replace(microsecond=0))
        for name, some in rows.items():
            found[name] += some
        sealed += acts
    made = tables.prepared(found, _mine["reference"], connection.vendor)
    if connection.vendor != "postgresql":
        return made, sealed
    with transaction.atomic():
        tables.write(made, _mine["reference"])
    return None, sealed


# --- Afterwards -----------------------------------------------------------------------------------------------------
def names_of(reference: Reference) -> None:
    """What is suggested to who types, of all that stories name."""
    from articles.models import Listing, Suggestion
    from articles.search import names

    kinds = {kind: model for kind, model in names.MODELS.items() if kind != Suggestion.Kind.HEADLINE}
    things = {kind: Listing.objects.filter(kind=kind).order_by().values("target").distinct() for kind in kinds}
    names.keep_names({kind: model.objects.filter(pk__in=things[kind]) for kind, model in kinds.items()})


def checked(count: int) -> None:
    """Compare stories, taken at random, with what the newsroom makes of them. Raises AssertionError."""
    from articles.models import Article, ConversionText, PublicTokens, SearchEntry
    from articles.publishing import freeze
    from articles.publishing.clock import database_now
    from articles.publishing.ledger.check_stories import StoriesCheck, Story
    from articles.publishing.ledger.faults import Seen
    from articles.search import indexing, public_entry

    last = Article.objects.order_by("-pk").values_list("pk", flat=True)[0]
    chosen = random.Random(1).sample(range(1, last + 1), min(count, last))
    check = StoriesCheck(Seen(), database_now())
    stories = Article.objects.with_parts().filter(pk__in=chosen).prefetch_related("tags", "credits__person")
    for article in stories.select_related("publication__edition__text", "publication__found_as"):
        public = article.publication
        says = public.edition.text.read()
        assert freeze.same_words(freeze.freeze(article), says), article.code
        faults = list(check._chunk({article.pk: Story(article.code)}, defaultdict(int)))
        assert not faults, [str(fault) for fault in faults]
        assert _is_indexed(SearchEntry, article.pk, indexing.entry(article)), article.code
        other = ConversionText.objects.filter(conversion__edition=public.edition).first()
        moment = public.found_as.moment
        words, anywhere = public_entry.words_of(public, says, other.read() if other else None, moment)
        assert _is_indexed(PublicTokens, moment, words, anywhere), article.code


def _is_indexed(model: Any, key: int, words: list[str], anywhere: list[str] = []) -> bool:  # noqa: B006
    """Whether the entry has these tokens; in which order the database gives the tags of a story, it does not say."""
    from articles.search.tables import vector

    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            wanted = vector(words, anywhere)
            cursor.execute(f"SELECT strip(tokens) = strip(%s::tsvector) FROM {table} WHERE rowid = %s", [wanted, key])
            return bool(cursor.fetchone()[0])
        cursor.execute(f"SELECT tokens FROM {table} WHERE rowid = %s", [key])
        return sorted(cursor.fetchone()[0].split(" ")) == sorted([*words, *anywhere])


if __name__ == "__main__":
    main()
