"""For the worker: launches whose time has come, each exactly once, whatever the number of workers (see run_due.py)."""

import logging
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext, override

from articles.models import Alert, Front, FrontSchedule, FrontVersion, Membership, User
from articles.publishing import events
from articles.publishing.after_launch import deliver_front
from articles.publishing.alerts import tell
from articles.publishing.clock import database_now
from articles.publishing.errors import LaterLaunched, PublishingError, SlotUnfit
from articles.publishing.front_schedules import State, when
from articles.publishing.fronts import locked, note
from articles.publishing.launch_front import put_live
from articles.publishing.rights import Right, require
from articles.publishing.run_due import AT_A_TIME, MOST_ATTEMPTS, RETRY

log = logging.getLogger(__name__)


def launch_due() -> int:
    """Do what is due, oldest first, each in a transaction of its own; the number of fronts that were launched.

    What another worker, or somebody at the desk, has locked just now is left for the next round, and with it what was
    to follow it on the same front. One that fails is tried again later, MOST_ATTEMPTS times at most; it holds none of
    the others, and is over when one of them went out. An attempt counts before it is made.
    """
    done = 0
    after = Q()
    while True:
        now = database_now()
        due = FrontSchedule.objects.filter(after, state=State.PENDING, due_at__lte=now, try_at__lte=now)
        rows = list(due.order_by("due_at", "pk").select_related("by", "front")[:AT_A_TIME])
        for row in rows:
            if _run(row):
                deliver_front(row.front)
                done += 1
        if len(rows) < AT_A_TIME:
            return done
        last = rows[-1]
        after = Q(due_at__gt=last.due_at) | Q(due_at=last.due_at, pk__gt=last.pk)


def _run(row: FrontSchedule) -> bool:
    with override(row.by.language or settings.LANGUAGE_CODE):  # of the sentence that tells why it failed
        with transaction.atomic(durable=True):
            begun = _begin(row)
        if not begun:
            return False
        try:
            with transaction.atomic(durable=True):
                return _do(begun)
        except Exception as error:
            if not isinstance(error, PublishingError):
                log.exception("scheduled launch %s of front %s failed", row.pk, row.front_id)
            _put_off(begun, error)
            return False


def _claimed(row: FrontSchedule, **stands: Any) -> FrontSchedule | None:
    """The row, it and its front locked, the front first as every verb does it; None where it is not to be done now."""
    front = Front.objects.select_for_update(no_key=True, skip_locked=True).filter(pk=row.front_id)
    if not front.values_list("place").first():
        return None
    mine = FrontSchedule.objects.select_for_update(of=("self",), skip_locked=True)
    return mine.filter(pk=row.pk, state=State.PENDING, **stands).select_related("by", "version").first()


def _begin(row: FrontSchedule) -> FrontSchedule | None:
    """Count the attempt: nobody else makes it before the next one's time. The row, or None where it is not to be."""
    now = database_now()
    begun = _claimed(row, try_at__lte=now)
    if not begun or _has_its_turn_to_come(begun, now):
        return None
    if begun.attempts >= MOST_ATTEMPTS:  # and nothing came of the last one, not even a failure
        begun.error = gettext("Each attempt was broken off: the worker’s process ended in it.")
        _fail(begun)
        return None
    begun.attempts += 1
    begun.try_at = now + RETRY[begun.attempts - 1]
    begun.save(update_fields=["attempts", "try_at"])
    return begun


def _has_its_turn_to_come(row: FrontSchedule, now: datetime) -> bool:
    """Whether an earlier one of the same front is to be tried now, or is being tried for the first time."""
    earlier = FrontSchedule.objects.filter(front=row.front_id, state=State.PENDING, due_at__lt=row.due_at)
    return earlier.filter(Q(try_at__lte=now) | Q(attempts=1, error="")).exists()


def _require_to_be_the_latest(schedule: FrontSchedule, live: FrontVersion | None) -> None:
    """Raises LaterLaunched where readers see what somebody launched after its time, or what was to follow it."""
    if not live:
        return
    followed = FrontSchedule.objects.filter(version=live).values_list("due_at", flat=True).first()
    if (followed or live.launched_at) > schedule.due_at:  # type: ignore[operator]
        raise LaterLaunched


def _do(begun: FrontSchedule) -> bool:
    """Inside the transaction: the launch, and that it is done. What cannot be shown is left out, and told."""
    schedule = _claimed(begun, try_at=begun.try_at)
    if not schedule:  # somebody at the desk came in between: this was no attempt
        same = FrontSchedule.objects.filter(pk=begun.pk, state=State.PENDING, try_at=begun.try_at)
        same.update(attempts=begun.attempts - 1, try_at=begun.due_at)
        return False
    require(schedule.by, Right.LAUNCH)
    front, at = locked(Front(place=schedule.front_id)), database_now()
    _require_to_be_the_latest(schedule, front.live)
    _version, left_out = put_live(front, schedule.version, by=schedule.by, at=at)
    schedule.state, schedule.closed_at = State.DONE, at
    schedule.error = " ".join(str(SlotUnfit(one.position, "", one.why)) for one in left_out)  # no word of a story
    schedule.save(update_fields=["state", "closed_at", "error"])
    if left_out:
        _tell(Alert.Kind.LEFT_OUT, front, schedule)
    return True


def _put_off(begun: FrontSchedule, error: Exception) -> None:
    """After a failure: when it is tried again; or that it is over. What a verb refuses in words, no waiting mends."""
    with transaction.atomic(durable=True):
        Front.objects.select_for_update(no_key=True).get(pk=begun.front_id)
        waits = FrontSchedule.objects.select_for_update(of=("self",)).filter(
            pk=begun.pk, state=State.PENDING, try_at=begun.try_at
        )
        schedule = waits.select_related("by").first()
        if not schedule:
            return  # cancelled in between
        refused = isinstance(error, PublishingError)
        schedule.error = str(error) if refused else f"{type(error).__name__}: {error}"[:2000]
        if refused or schedule.attempts >= MOST_ATTEMPTS:
            _fail(schedule)
        else:
            schedule.try_at = database_now() + RETRY[schedule.attempts - 1]
            schedule.save(update_fields=["try_at", "error"])


def _fail(schedule: FrontSchedule) -> None:
    """It will not be: written down, and told."""
    schedule.state, schedule.closed_at = State.FAILED, database_now()
    schedule.save(update_fields=["state", "closed_at", "error"])
    front = Front.objects.get(place=schedule.front_id)
    note(events.Verb.SCHEDULE_FAILED, front, by=None, before=when(schedule))
    _tell(Alert.Kind.SCHEDULE_FAILED, front, schedule)


def _tell(kind: str, front: Front, schedule: FrontSchedule) -> None:
    """Whoever scheduled it, and the chiefs of the desks where they work."""
    chiefs = User.objects.filter(memberships__role=Membership.Role.CHIEF, is_active=True)
    theirs = chiefs.filter(memberships__desk__in=schedule.by.memberships.values("desk")).distinct().order_by("pk")
    tell(kind, front, [*theirs, schedule.by], by=None, target=schedule.pk)
