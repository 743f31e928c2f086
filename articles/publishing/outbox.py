"""What must still happen because of an edition: tried at once, and again by the worker until it is done."""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError
from django.utils.module_loading import import_string

from articles.models import Outbox
from articles.publishing.clock import database_now

log = logging.getLogger(__name__)
RETRY = [timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 3600)]  # after the 1st, 2nd … failed attempt
CLAIM = timedelta(seconds=60)


def deliver(row: Outbox) -> bool:
    """Run every step of settings.AFTER_COMMIT for the row's edition; each is safe to run twice.

    A step that fails does not hold the others. Never raises: a failure is logged, kept in the row, and tried again.
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
        row.attempts += 1
        row.error = "\n".join(failures)[:2000]
        if failures:
            row.claimed_until = now + RETRY[min(row.attempts, len(RETRY)) - 1]
        else:
            row.done_at = now
        changed = {name: getattr(row, name) for name in ("attempts", "error", "claimed_until", "done_at")}
        Outbox.objects.filter(pk=row.pk, done_at=None).update(**changed)
    except DatabaseError:  # the edition stands; the row is still due, and the worker will find it
        log.exception("the outbox row of edition %s could not be written", row.edition_id)
        return False
    return not failures


def deliver_due() -> int:
    """Take over what is due and nobody is at, one row at a time; the number of rows tried.

    Each row is claimed by a conditional update, so any number of workers share the work on both databases.
    """
    tried = 0
    while True:
        now = database_now()
        row = Outbox.objects.filter(done_at=None, claimed_until__lte=now).order_by("claimed_until").first()
        if row is None:
            return tried
        mine = Outbox.objects.filter(pk=row.pk, done_at=None, claimed_until=row.claimed_until)
        if mine.update(claimed_until=now + CLAIM):
            deliver(row)
            tried += 1
