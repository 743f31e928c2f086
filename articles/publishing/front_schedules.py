"""Launches that wait for their time. launch_due.py does them."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import QuerySet

from articles.models import Front, FrontSchedule, User
from articles.publishing import events
from articles.publishing.clock import database_now
from articles.publishing.errors import LaunchMinuteTaken, ScheduleClosed
from articles.publishing.fronts import draft_of, locked, note, require_fresh, slots_of
from articles.publishing.launch_front import kept, require_fit
from articles.publishing.rights import Right, require
from articles.publishing.schedules import LATE, check_due

State = FrontSchedule.State


@transaction.atomic
def schedule_launch(front: Front, *, seen: int, by: User, due_at: datetime, zone: str) -> FrontSchedule:
    """Have the draft, as it was when it had been saved `seen` times, launched at `due_at` by the worker.

    due_at: aware, to the minute; zone: the IANA name of the one in which it was named. What is arranged afterwards does
    not go out with it. Whoever scheduled it must still have the right then. Several may wait.

    Raises what launch() raises but FrontUnchanged; DuePassed, DueTooFar, or LaunchMinuteTaken.
    """
    require(by, Right.LAUNCH)
    front = locked(front)
    draft = draft_of(front)
    require_fresh(draft, seen)
    check_due(due_at, zone)
    if pending(front).filter(due_at=due_at).exists():
        raise LaunchMinuteTaken
    slots = list(slots_of(draft))
    require_fit(slots)
    at = database_now()
    made = FrontSchedule.objects.create(
        front=front, version=kept(front, slots, by=by, at=at), due_at=due_at, try_at=due_at, zone=zone, at=at, by=by
    )
    note(events.Verb.SCHEDULED, front, by=by, after=when(made), at=at)
    return made


@transaction.atomic
def cancel_launch(schedule: FrontSchedule, *, by: User) -> None:
    """Let it not happen. Raises NotAllowed, or ScheduleClosed when it does not wait any more."""
    require(by, Right.LAUNCH)
    front = locked(schedule.front)
    schedule = FrontSchedule.objects.select_for_update(of=("self",)).get(pk=schedule.pk)
    if schedule.state != State.PENDING:
        raise ScheduleClosed
    schedule.state, schedule.closed_at, schedule.closed_by = State.CANCELLED, database_now(), by
    schedule.save(update_fields=["state", "closed_at", "closed_by"])
    note(events.Verb.UNSCHEDULED, front, by=by, before=when(schedule))


def pending(front: Front) -> "QuerySet[FrontSchedule]":
    return FrontSchedule.objects.filter(front=front.place, state=State.PENDING)


def when(schedule: FrontSchedule) -> str:
    return f"{schedule.due_at.astimezone(ZoneInfo(schedule.zone)):%Y-%m-%d %H:%M} {schedule.zone}"


def late() -> "QuerySet[FrontSchedule]":
    """What waits still, more than a minute after its time: no worker runs, or something is wrong."""
    return FrontSchedule.objects.filter(state=State.PENDING, due_at__lt=database_now() - LATE).order_by("due_at", "pk")


def overdue() -> bool:
    """For the health page."""
    return late().exists()
