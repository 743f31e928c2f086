"""The embargo: a moment before which a story may not be public, whatever is pressed or scheduled.

It is no part of the words. What holds it stands in issue(), and as a trigger in the database.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from articles.models import Article, Schedule, User
from articles.publishing import events, stages, waiting
from articles.publishing.errors import AlreadyPublic, NotAllowed, ScheduledBefore
from articles.publishing.issue import locked
from articles.publishing.rights import Right, may, require_on
from articles.publishing.schedules import check_due


@transaction.atomic
def set_embargo(article: Article, *, by: User, until: datetime, zone: str) -> Article:
    """Let the story not be public before `until`: aware, to the minute, named in `zone` (an IANA name).

    Whoever writes the story may set it, or put it later; to make it end earlier is an editor's.

    Raises NotAllowed, AlreadyPublic, DuePassed, DueTooFar, or ScheduledBefore when something is scheduled before it.
    """
    article = locked(article)
    require_on(by, Right.WRITE, article)
    if article.embargo_until and until < article.embargo_until and not may(by, Right.PUBLISH, article.desk_id):
        raise NotAllowed
    if stages.is_public(article):
        raise AlreadyPublic
    check_due(until, zone)
    first = waiting.pending(article).filter(act=Schedule.Act.PUBLISH, due_at__lt=until).order_by("due_at").first()
    if first:
        raise ScheduledBefore(first.due_at.astimezone(ZoneInfo(first.zone)))
    _write(article, until, zone, by, events.Verb.EMBARGOED)
    return article


@transaction.atomic
def lift_embargo(article: Article, *, by: User) -> Article:
    """Let it be published at any time. Raises NotAllowed for all but those who may publish."""
    article = locked(article)
    if not may(by, Right.PUBLISH, article.desk_id):
        raise NotAllowed
    if article.embargo_until:
        _write(article, None, "", by, events.Verb.EMBARGO_LIFTED)
    return article


def _write(article: Article, until: datetime | None, zone: str, by: User, verb: events.Verb) -> None:
    before = said(article)
    article.embargo_until, article.embargo_zone = until, zone
    article.save(update_fields=["embargo_until", "embargo_zone"])
    events.note(verb, by=by, article=article, before=before, after=said(article))


def said(article: Article) -> str:
    """The embargo as the audit trail writes it."""
    if not article.embargo_until:
        return ""
    local = article.embargo_until.astimezone(ZoneInfo(article.embargo_zone))
    return f"{local:%Y-%m-%d %H:%M} {article.embargo_zone}"
