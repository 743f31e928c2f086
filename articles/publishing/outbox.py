"""What must still happen because of an edition: tried at once, and again by the worker until it is done."""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError
from django.utils.module_loading import import_string

from articles.models import Outbox
from articles.publishing.clock import database_now
from newsroom.durability import may_be_lost

log = logging.getLogger(__name__)
RETRY = [timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 3600)]  # after the 1st, 2nd … failed attempt
CLAIM = timedelta(seconds=60)  # how long one worker has a row for itself
AT_A_TIME = 50  # rows that are looked up at once


def deliver(row: Outbox) -> bool:
    """Run every step of settings.AFTER_COMMIT for the row's edition; each is safe to run twice.

    The attempt was counted before, with the row or by whoever claimed it. A step that fails does not hold the others.
    Never raises: a failure is logged, kept in the row, and tried again.
    """
    failures = []
    for path in settings.AFTER_COMMIT:
        try:
            import_string(path)(row.edition)
        except Exception as error:
            log.exception("%s failed for edition %s", path, row.edition_id)
            failures.append(f"{path}: {type(error).__name__}: {error}")
    try:
        now = database_now()
        row.error = "\n".join(failures)[:2000]
        if failures:
            row.claimed_until = now + _wait_after(row.attempts)
        else:
            row.done_at = now
        changed = {name: getattr(row, name) for name in ("error", "claimed_until", "done_at")}
        with may_be_lost():  # the steps are safe to run twice
            Outbox.objects.filter(pk=row.pk, done_at=None).update(**changed)
    except DatabaseError:  # the edition stands; the row is still due, and the worker will find it
        log.exception("the outbox row of edition %s could not be written", row.edition_id)
        return False
    return not failures


def deliver_due() -> int:
    """Take over what is due and nobody is at, what was tried least first; the number of rows tried.

    Each row is claimed by a conditional update, so any number of workers share the work on both databases. That counts
    the attempt before it is made: one that ends the process waits as long as one that fails, and holds no other.
    """
    tried = 0
    while True:
        due = Outbox.objects.filter(done_at=None, claimed_until__lte=database_now())
        rows = list(due.select_related("edition").order_by("attempts", "claimed_until")[:AT_A_TIME])
        if not rows:
            return tried
        for row in rows:
            if _claim(row):
                deliver(row)
                tried += 1


def _claim(row: Outbox) -> bool:
    """Count an attempt and keep the row from other workers for a while; whether it is ours."""
    mine = Outbox.objects.filter(pk=row.pk, done_at=None, claimed_until=row.claimed_until)
    row.attempts += 1
    row.claimed_until = database_now() + max(CLAIM, _wait_after(row.attempts))
    return bool(mine.update(attempts=row.attempts, claimed_until=row.claimed_until))


def _wait_after(attempts: int) -> timedelta:
    return RETRY[min(attempts, len(RETRY)) - 1]
