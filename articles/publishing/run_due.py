"""For the worker: what is due goes out, exactly once, whatever the number of workers and whatever befalls them."""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext, override

from articles.models import (
    Alert,
    Article,
    Decision,
    Edition,
    Membership,
    Publication,
    Schedule,
    User,
    article_with_parts,
)
from articles.publishing import events, versions, waiting
from articles.publishing.alerts import tell
from articles.publishing.clock import database_now
from articles.publishing.errors import NothingChanged, PublishingError, VersionPassed, Withdrawn, WrongEdition
from articles.publishing.issue import issue
from articles.publishing.outbox import deliver
from articles.publishing.publish import require_to_publish
from articles.publishing.withdraw import STATES, carry_out

log = logging.getLogger(__name__)
MOST_ATTEMPTS = 5
RETRY = [timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 600)]  # after the 1st, 2nd … attempt
AT_A_TIME = 10  # rows that are looked up at once, and whose editions are then delivered together
# What nobody has to be told of: readers see already what was meant, or what was decided since.
OVERTAKEN = (NothingChanged, VersionPassed, Withdrawn, WrongEdition)
Act = Schedule.Act
State = Schedule.State


def run_due() -> int:
    """Do what is due, oldest first, each in a transaction of its own; the number of editions that came of it.

    What another worker, or somebody at the desk, has locked just now is left for the next round. One that fails is
    tried again later, MOST_ATTEMPTS times at most; it holds none of the others. An attempt counts before it is made,
    so that one which ends the process is no exception.
    """
    done = 0
    after = Q()
    while True:
        due = Schedule.objects.filter(after, state=State.PENDING, try_at__lte=database_now()).order_by("try_at", "pk")
        rows = list(due.select_related("by", "decision__by")[:AT_A_TIME])
        editions = [edition for row in rows if (edition := _run(row))]
        for edition in editions:
            deliver(edition.outbox)
        done += len(editions)
        if len(rows) < AT_A_TIME:
            return done
        last = rows[-1]
        after = Q(try_at__gt=last.try_at) | Q(try_at=last.try_at, pk__gt=last.pk)


def _run(row: Schedule) -> Edition | None:
    with override(row.by.language or settings.LANGUAGE_CODE):  # of the sentence that tells why it failed
        with transaction.atomic(durable=True):
            begun = _begin(row)
        if not begun:
            return None
        try:
            with transaction.atomic(durable=True):
                return _do(begun)
        except Exception as error:
            if not isinstance(error, PublishingError):
                log.exception("schedule %s of story %s failed", row.pk, row.article_id)
            _put_off(begun, error)
            return None


def _claimed(row: Schedule, *parts: str, **stands: Any) -> Schedule | None:
    """The row with its `parts`, it and its story locked, the story first as every verb does it; None where it is not
    to be done now.

    SQLite ignores the locks: its transactions are IMMEDIATE, one writer at a time, so that the state that is read here
    stays as it is.
    """
    story = Article.objects.select_for_update(no_key=True, skip_locked=True).filter(pk=row.article_id)
    if not story.values_list("pk", flat=True).first():
        return None
    mine = (
        Schedule.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(pk=row.pk, state=State.PENDING, **stands)
        .select_related(*parts)
    )
    return mine.first()


def _begin(row: Schedule) -> Schedule | None:
    """Count the attempt: nobody else makes it before the next one's time. The row, or None where it is not to be."""
    now = database_now()
    begun = _claimed(row, try_at__lte=now)
    if not begun:
        return None
    if begun.attempts >= MOST_ATTEMPTS:  # and nothing came of the last one, not even a failure
        begun.error = gettext("Each attempt was broken off: the worker’s process ended in it.")
        _end(begun, State.FAILED, now)
        return None
    begun.attempts += 1
    begun.try_at = now + RETRY[begun.attempts - 1]
    begun.save(update_fields=["attempts", "try_at"])
    return begun


def _do(begun: Schedule) -> Edition | None:
    """Inside the transaction: the edition, and that it is done."""
    parts = ["by", "version", "decision__by", "decision__second"]
    schedule = _claimed(begun, *parts, try_at=begun.try_at)
    if not schedule:  # somebody at the desk came in between, and may have ended it: this was no attempt
        same = Schedule.objects.filter(pk=begun.pk, state=State.PENDING, try_at=begun.try_at)
        same.update(attempts=begun.attempts - 1, try_at=begun.due_at)
        return None
    schedule.article = article_with_parts(begun.article_id)
    at = schedule.closed_at = database_now()
    schedule.save(update_fields=["closed_at"])  # so that its own edition does not end it as overtaken
    edition = _publish(schedule, at) if schedule.act == Act.PUBLISH else _take_down(schedule, at)
    schedule.state, schedule.edition, schedule.error = State.DONE, edition, ""
    schedule.save(update_fields=["state", "edition", "error"])
    if schedule.act == Act.PUBLISH:
        tell(Alert.Kind.PUBLISHED, schedule.article, [schedule.by], by=None, target=schedule.pk)
    return edition


def _publish(schedule: Schedule, at: datetime) -> Edition:
    article, version = schedule.article, schedule.version
    assert version
    kind, noted = waiting.read_terms(schedule)
    require_to_publish(article, by=schedule.by, noted=noted)
    public = Publication.objects.filter(article=article).values_list("draft_version", flat=True).first()
    if public and version.number < public:
        raise VersionPassed
    then = versions.article_at(article, version)
    waiting.require_approved_as(schedule, then)
    return issue(then, kind=kind, noted=noted, by=schedule.by, at=at)


def _take_down(schedule: Schedule, at: datetime) -> Edition:
    """Two agreed on it when they had the right to; that is not asked again."""
    publication = Publication.objects.filter(article=schedule.article).first()
    if not publication or publication.state not in STATES[Decision.Act.TAKEDOWN]:
        raise WrongEdition
    assert schedule.decision
    return carry_out(schedule.article, schedule.decision, at=at)


def _put_off(begun: Schedule, error: Exception) -> None:
    """After a failure: when it is tried again; or that it is over, which whoever has to see to it is told.

    What a verb refuses in words, no waiting mends.
    """
    with transaction.atomic(durable=True):
        Article.objects.select_for_update(no_key=True).get(pk=begun.article_id)
        waits = Schedule.objects.select_for_update(of=("self",)).filter(
            pk=begun.pk, state=State.PENDING, try_at=begun.try_at
        )
        schedule = waits.select_related("article", "by", "version").first()
        if not schedule:
            return  # cancelled or moved in between
        now = database_now()
        refused = isinstance(error, PublishingError)
        schedule.error = str(error) if refused else f"{type(error).__name__}: {error}"[:2000]
        if isinstance(error, OVERTAKEN):
            _end(schedule, State.CANCELLED, now)
        elif refused or schedule.attempts >= MOST_ATTEMPTS:
            _end(schedule, State.FAILED, now)
        else:
            schedule.try_at = now + RETRY[schedule.attempts - 1]
            schedule.save(update_fields=["try_at", "error"])


def _end(schedule: Schedule, state: Schedule.State, at: datetime) -> None:
    """It will not be: written down, and told."""
    schedule.state, schedule.closed_at = state, at
    schedule.save(update_fields=["state", "closed_at", "error"])
    article = schedule.article
    waiting.leave_stage(article)
    if state == State.CANCELLED:
        waiting.tell_ended(schedule, article, by=None, at=at)
        return
    events.note(
        events.Verb.SCHEDULE_FAILED, by=None, article=article, thing=waiting.name_of(schedule),
        before=waiting.when(schedule), at=at,
    )  # fmt: skip
    chiefs = User.objects.filter(memberships__desk=article.desk_id, memberships__role=Membership.Role.CHIEF)
    people = {user.pk: user for user in [*chiefs.order_by("pk"), schedule.by]}
    tell(Alert.Kind.SCHEDULE_FAILED, article, people.values(), by=None, target=schedule.pk)
