"""Writing what a working copy can be found by, in the transaction that writes it (settings.AFTER_SAVE)."""

import time
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from articles.language import tokens
from articles.models import NAME_FIELDS, Article, Person, SearchEntry
from articles.search import tables
from articles.search.scope import marks_of

BATCH = 200  # stories a transaction of a rebuild
PAUSE = 0.01  # seconds between two: on SQLite, who waits to write looks only now and then whether they can


def index(article: Article) -> None:
    """Make an article's entry anew. Safe to run twice."""
    write([(article.pk, entry(article))])


def index_stories_of(person: Person) -> None:
    """After a person was renamed: the entries of all their stories."""
    for _ in rebuild(Article.objects.filter(credits__person=person).distinct()):
        pass


def entry(article: Article) -> list[str]:
    """The tokens of a working copy: whose it is, its code, its words, and the names of those who are credited."""
    people = [credit.person for credit in article.credits.all()]
    texts = [
        article.code,
        article.headline,
        article.kicker,
        article.standfirst,
        article.lead_caption,
        article.lead_credit,
        *(tag.name for tag in article.tags.all()),
        *dict.fromkeys(name for person in people for name in names_of(person)),
        tokens.plain(article.body),
    ]
    return [*marks_of(article), *tokens.tokens("\n".join(texts))]


def names_of(person: Person) -> list[str]:
    return [name for name in (getattr(person, field) for field in NAME_FIELDS) if name]


def rebuild(articles: "QuerySet[Article]") -> Iterator[tuple[int, int]]:
    """Make the entries of `articles` anew, batch by batch, while editors go on; yields the last key of each batch, and
    how many stories it had.

    Every batch is a transaction of its own that locks its stories, and an old entry stands until the new one takes its
    place: so searches are answered all the time, no save is overwritten, and a broken run is simply begun again.
    """
    last = 0
    while True:
        with transaction.atomic():
            found = articles.filter(pk__gt=last).order_by("pk")
            keys = list(found.values_list("pk", flat=True)[:BATCH])
            if not keys:
                return
            batch: Any = Article.objects.filter(pk__in=keys).order_by("pk").select_for_update(no_key=True)
            stories = list(batch.prefetch_related("tags", "credits__person"))
            write([(article.pk, entry(article)) for article in stories])
        last = keys[-1]
        yield last, len(keys)
        time.sleep(PAUSE)


def write(entries: Sequence[tuple[int, list[str]]]) -> None:
    """Put entries in the place of those that stand under the same keys."""
    tables.write(SearchEntry._meta.db_table, [(key, words, ()) for key, words in entries])


def scrub(article: Any = None) -> None:
    """After an erasure: nothing of an old entry is left in the index. Safe to run twice."""
    tables.scrub(SearchEntry._meta.db_table)
