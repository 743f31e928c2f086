"""Scheduling: what is to become public by itself, in which version, and when."""

import zoneinfo
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from articles.models import Article, DraftVersion, Publication, Schedule, User
from articles.publishing import events, house_style, stages, versions, waiting
from articles.publishing.clock import database_now
from articles.publishing.errors import (
    AgreedTime,
    DuePassed,
    DueTooFar,
    Embargoed,
    KindMissing,
    MinuteTaken,
    NotAllowed,
    NothingChanged,
    ScheduleClosed,
    StaleDraft,
)
from articles.publishing.freeze import fingerprint, freeze
from articles.publishing.issue import SILENT_KINDS, issue, locked
from articles.publishing.notes import Note
from articles.publishing.publish import require_to_publish
from articles.publishing.rights import Right, may
from articles.publishing.waiting import name_of, when

FURTHEST = timedelta(days=731)  # two years
LATE = timedelta(seconds=60)  # after its time, a person is told
Act = Schedule.Act
State = Schedule.State


@transaction.atomic
def schedule(
    article: Article,
    *,
    seen: int,
    by: User,
    due_at: datetime,
    zone: str,
    kind: str | None = None,
    noted: Sequence[Note] = (),
    words: str = "",
) -> Schedule:
    """Have the working copy, in the version `seen`, published at `due_at` by the worker (run_due.py).

    due_at: aware, to the minute; zone: the IANA name of the one in which it was named. kind, noted and words are
    publish()'s. Everything that publish() would refuse is refused now: the edition is made, and undone. What is changed
    afterwards in the working copy does not go out with it; who scheduled must still have the right then.

    Raises what publish() raises (Embargoed by the time it is due), DuePassed, DueTooFar, or MinuteTaken; ValueError for
    a time that is not as told.
    """
    article = locked(article)
    require_to_publish(article, by=by, noted=noted)
    if article.version != seen:
        raise StaleDraft(seen=seen, now=article.version)
    check_due(due_at, zone)
    stages.require_approved(article)
    house_style.require(article)
    _require_free(article, due_at)
    public = Publication.objects.filter(article=article).values_list("edition__number", flat=True).first()
    noted = [replace(note.checked(), wrong=note.wrong or public) for note in noted]
    _rehearse(article, kind=kind, noted=noted, words=words, by=by, due_at=due_at, public=bool(public))
    versions.keep_found(article)
    approved = fingerprint(freeze(article)) if article.approved_version == seen else ""
    at = database_now()
    made = Schedule.objects.create(
        article=article, desk=article.desk, act=Act.PUBLISH, due_at=due_at, try_at=due_at, zone=zone, at=at, by=by,
        version=DraftVersion.objects.get(article=article, number=seen),
        terms=waiting.write_terms(kind, noted, approved),
    )  # fmt: skip
    waiting.enter_stage(article, seen)
    events.note(events.Verb.SCHEDULED, by=by, article=article, thing=name_of(made), after=when(made), at=at)
    return made


def _rehearse(
    article: Article,
    *,
    kind: str | None,
    noted: Sequence[Note],
    words: str,
    by: User,
    due_at: datetime,
    public: bool,
) -> None:
    """Make the edition, and undo it: what it would be refused for is said now, and not when nobody is there.

    Something else may go out before it. Then this edition is not the first, and its words may differ from what will be
    public, though not from what is.
    """
    earlier = waiting.pending(article).filter(act=Act.PUBLISH, due_at__lt=due_at).exists()
    if earlier and not public and not noted and kind not in SILENT_KINDS:
        raise KindMissing
    try:
        with transaction.atomic():
            issue(article, kind=kind, noted=noted, by=by, at=due_at, words=words)
            transaction.set_rollback(True)
    except NothingChanged:
        if not earlier:
            raise


def check_due(due_at: datetime, zone: str) -> None:
    """Raises DuePassed or DueTooFar by the database's clock; ValueError for what no form lets through."""
    if due_at.tzinfo is None or due_at.second or due_at.microsecond or zone not in zoneinfo.available_timezones():
        raise ValueError(f"{due_at} in {zone} is no minute of a zone")
    now = database_now()
    if due_at <= now:
        raise DuePassed
    if due_at > now + FURTHEST:
        raise DueTooFar


def _require_free(article: Article, due_at: datetime) -> None:
    if waiting.pending(article).filter(due_at=due_at).exists():
        raise MinuteTaken


@transaction.atomic
def cancel_schedule(schedule: Schedule, *, by: User) -> None:
    """Let it not happen. Raises NotAllowed, or ScheduleClosed when it does not wait any more."""
    schedule = _held(schedule, by)
    schedule.state, schedule.closed_at, schedule.closed_by = State.CANCELLED, database_now(), by
    schedule.save()
    waiting.leave_stage(schedule.article)
    events.note(events.Verb.UNSCHEDULED, by=by, article=schedule.article, thing=name_of(schedule),
                before=when(schedule))  # fmt: skip


@transaction.atomic
def move_schedule(schedule: Schedule, *, by: User, due_at: datetime, zone: str) -> Schedule:
    """Give it another time; who scheduled it stays the one who answers for it.

    Raises NotAllowed, ScheduleClosed, AgreedTime (of a takedown), DuePassed, DueTooFar, Embargoed, or MinuteTaken.
    """
    schedule = _held(schedule, by)
    article = schedule.article
    if schedule.act == Act.TAKEDOWN:
        raise AgreedTime
    check_due(due_at, zone)
    if due_at != schedule.due_at:
        _require_free(article, due_at)
    floor = article.embargo_until
    if floor and due_at < floor and not stages.is_public(article):
        raise Embargoed(floor.astimezone(zoneinfo.ZoneInfo(article.embargo_zone)))
    before = when(schedule)
    schedule.due_at = schedule.try_at = due_at
    schedule.zone, schedule.attempts, schedule.error = zone, 0, ""
    schedule.save()
    events.note(events.Verb.SCHEDULED, by=by, article=article, thing=name_of(schedule), before=before,
                after=when(schedule))  # fmt: skip
    return schedule


def may_change(user: User, schedule: Schedule) -> bool:
    """Whether this person may cancel it: an end that two agreed on is the chief's."""
    right = Right.DECIDE if schedule.act == Act.TAKEDOWN else Right.PUBLISH
    return may(user, right, schedule.desk_id)


def _held(schedule: Schedule, by: User) -> Schedule:
    """The schedule as it stands now, with the story's row locked, and then its own: the order of every verb."""
    article = locked(schedule.article)
    schedule = Schedule.objects.select_for_update(of=("self",)).select_related("version").get(pk=schedule.pk)
    schedule.article = article
    if not may_change(by, schedule):
        raise NotAllowed
    if schedule.state != State.PENDING:
        raise ScheduleClosed
    if schedule.act == Act.PUBLISH:
        require_to_publish(article, by=by, noted=waiting.read_terms(schedule)[1])
    return schedule


def late() -> "QuerySet[Schedule]":
    """What waits still, more than a minute after its time: no worker runs, or something is wrong."""
    return Schedule.objects.filter(state=State.PENDING, due_at__lt=database_now() - LATE).order_by("due_at", "pk")


def overdue() -> bool:
    """For the health page."""
    return late().exists()
