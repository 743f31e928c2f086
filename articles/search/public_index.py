"""Keeping the readers' index in step with what is public: after every edition, and by a command for all stories."""

import time
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from articles.models import Edition, Publication, PublicEntry, PublicTokens
from articles.search import names
from articles.search.engine import engine
from articles.search.indexing import PAUSE
from newsroom.durability import may_be_lost

BATCH = 100  # stories a transaction of a rebuild


def update(edition: Edition) -> None:
    """A step of settings.AFTER_COMMIT: let a story be found as it stands now. Safe to run twice, late, and beside
    another: what stands is read behind a lock that the next edition waits for, so nothing older overwrites it."""
    with may_be_lost():  # the outbox row is done behind it, and is open again where this is lost
        _update([edition.article_id])


def _update(publications: list[int]) -> None:
    # Without a lock on the key: rows that only refer to a publication need not wait.
    locked = Publication.objects.select_for_update(no_key=True).order_by("pk")
    engine().update(list(locked.filter(pk__in=publications)))


def rebuild(publications: "QuerySet[Publication]", *, after: int = 0) -> Iterator[tuple[int, int]]:
    """Make entries anew, batch by batch, while readers search and editors publish; yields the last key of each batch,
    and how many stories it had.

    Every batch is a transaction of its own, and an old entry stands until the new one takes its place; a story that is
    taken down meanwhile is gone, whoever comes first. after: where an earlier run was broken off.
    """
    if not after:
        names.keep_all()
    while keys := list(publications.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            _update(keys)
        after = keys[-1]
        yield after, len(keys)
        time.sleep(PAUSE)


def astray() -> "QuerySet[Publication]":
    """Stories that are not in the index as they stand: missing, of an earlier edition, or down but still there."""
    entries = PublicEntry.objects.filter(publication=OuterRef("pk"))
    down = Q(state=Publication.State.DOWN)
    tokens = PublicTokens.objects.filter(moment=OuterRef("moment"))
    stale = ~down & ~Exists(entries.filter(Exists(tokens), edition=OuterRef("edition")))
    return Publication.objects.filter(stale | (down & Exists(entries)))


def scrub(article: Any = None) -> None:
    """A step of settings.AFTER_ERASURE: leave nothing of earlier editions in the index. Safe to run twice."""
    engine().scrub()
