"""Taking away kept pages (newsroom/delivery): before the act that changes them is acknowledged, and surely after it.

The row is written in the act's transaction, so that a process that is killed behind the commit leaves it to the worker.
"""

import json
import logging
import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils.module_loading import import_string

from articles.models import Publication, Purge
from articles.publishing.clock import database_now
from newsroom.delivery import stores
from newsroom.delivery.store import Purged, PurgeUnconfirmed
from newsroom.durability import may_be_lost

log = logging.getLogger(__name__)
AGAIN = 0.5  # seconds between two attempts, while nobody knows yet that a store answers nothing
LATE = timedelta(minutes=1)
NOTHING = Purge(keys="[]")
EVERYTHING = json.dumps(None)
_missed: ContextVar[list[Purge] | None] = ContextVar("missed", default=None)


def purge(keys: Collection[str] | None) -> None:
    """In the transaction of an act: what stands on these keys is gone when the transaction's block has been left. None:
    everything."""
    if not settings.PAGE_STORE:  # one that is switched on again is emptied before it answers
        if not Purge.objects.filter(keys=EVERYTHING).exists():
            Purge.objects.create(keys=EVERYTHING, at=database_now())
        return
    if keys is None and _everything_goes():
        return
    row = Purge.objects.create(keys=json.dumps(sorted(keys) if keys is not None else None), at=database_now())
    transaction.on_commit(partial(carry_out, row))


def _everything_goes() -> bool:
    """Whether this transaction has said so before: a form saves many things that all pages may show."""
    calls = [call for _, call, *_ in connection.run_on_commit if isinstance(call, partial) and call.func is carry_out]
    return any(call.args[0].keys == EVERYTHING for call in calls)


def carry_out(row: Purge) -> bool:
    """Never raises: where it cannot be confirmed the act stands, that store answers nothing by the time this returns,
    and the worker tries again."""
    try:
        left = silent = _purged([row], stores.all_of_them())
        while left and (wait := max(silent[name] for name in left) - time.monotonic()) > 0:
            time.sleep(min(wait, AGAIN))
            left = _purged([row], [one for one in stores.all_of_them() if one.name in left])
        if left and (missed := _missed.get()) is not None:
            missed.append(row)
        _settle([row], left)
    except DatabaseError:
        log.exception("it is not noted which kept pages were purged")  # they are purged once more
        return False
    return not left


def purge_due() -> int:
    """For the worker: what a killed process or a failure left; the number of rows tried."""
    rows = list(Purge.objects.order_by("pk")[:100]) if settings.PAGE_STORE else []
    if rows:
        _settle(rows, _purged(rows, stores.all_of_them()))
    elif settings.OUTER_CACHES:  # no purge is owed: where these are held all the same, they are let go, emptied
        _purged([NOTHING], stores.all_of_them()[1:])
    return len(rows)


def _purged(rows: Collection[Purge], of: Iterable[Purged]) -> dict[str, float]:
    """Each store once, of all keys that it has not confirmed yet. The names of those that failed, each with the moment
    (time.monotonic) from which it answers nothing."""
    left = {}
    for store in of:
        begun = time.monotonic()
        keys = [json.loads(row.keys) for row in rows if row.concerns(store.name)]
        try:
            if None in keys:
                store.clear()
            elif keys:
                store.purge({key for some in keys for key in some})
        except PurgeUnconfirmed as trouble:
            log.warning("kept pages could not be purged (%s): %s", store.name, trouble)
            left[store.name] = begun + trouble.silent_in
    return left


def _settle(rows: Collection[Purge], left: Collection[str]) -> None:
    """Note which stores have not confirmed; forget what all have."""
    open_rows = defaultdict(list)
    for row in rows:
        open_rows[" ".join(sorted(name for name in left if row.concerns(name)))].append(row)
    for names, some in open_rows.items():
        found = Purge.objects.filter(pk__in=[row.pk for row in some])
        if names:
            found.update(left=names)
            continue
        stores.store().want({key for row in some for key in json.loads(row.keys) or []})
        with may_be_lost():  # they are purged once more
            found.delete()


@contextmanager
def missed() -> Iterator[list[Purge]]:
    """Whoever acts meanwhile wants to know which purges could not be confirmed."""
    found: list[Purge] = []
    token = _missed.set(found)
    try:
        yield found
    finally:
        _missed.reset(token)


def overdue() -> bool:
    """Whether pages that should be gone have been kept for longer than a minute: some store answers nothing."""
    return bool(settings.PAGE_STORE) and Purge.objects.filter(at__lt=database_now() - LATE).exists()


def watch(publication: Publication | None) -> Any:
    """Before a story's public rows are written: who is asked, behind that, what the act has changed."""
    return import_string(settings.WATCH)(publication) if settings.PAGE_STORE else None


def after(watching: Any, publication: Publication) -> None:
    purge(watching.changed(publication) if watching else None)


def launched(place: int) -> None:
    """After a launch, in its transaction."""
    purge(import_string(settings.LAUNCHED)(place) if settings.PAGE_STORE else None)
