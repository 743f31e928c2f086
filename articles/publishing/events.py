"""The audit trail: every verb that decides something notes it here, in its own transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from articles.models import Article, Event, User
from articles.publishing.clock import database_now


class Verb(TextChoices):
    PUBLISHED = "published", _("published an edition")
    PROPOSED = "proposed", _("proposed a decision of two")
    AGREED = "agreed", _("agreed to a decision")
    REFUSED = "refused", _("refused a decision")
    WITHDREW = "withdrew", _("withdrew a decision")
    ERASED = "erased", _("erased texts")
    REPORTED = "reported", _("a reader reported an error")
    REPLIED = "replied", _("a person concerned replied")
    ACKNOWLEDGED = "acknowledged", _("took up a report")
    ACCEPTED = "accepted", _("upheld a report")
    DECLINED = "declined", _("declined a report")
    MERGED = "merged", _("merged a report with another")
    CORRECTED = "corrected", _("closed a report with a correction")
    PUT_RIGHT = "put-right", _("closed a report that was put right without a notice")
    MOVED = "moved", _("moved a report to another desk")
    TAKEN_BACK = "taken-back", _("the reader took the report back")
    SPAM = "spam", _("set a report aside as spam")
    REOPENED = "reopened", _("opened a report again")
    APPEALED = "appealed", _("the reader appealed")
    APPEAL_UPHELD = "appeal-upheld", _("upheld an appeal")
    APPEAL_DISMISSED = "appeal-dismissed", _("dismissed an appeal")
    FORGOTTEN = "forgotten", _("erased a reporter’s contact data")
    DUTY_DONE = "duty-done", _("closed a duty")
    DUTY_WAIVED = "duty-waived", _("waived a duty")
    RENAMED = "renamed", _("renamed")
    TOPIC_CHANGED = "topic-changed", _("changed what a topic’s page says")
    PERSON_CHANGED = "person-changed", _("changed what a person’s page says")
    READDRESSED = "readdressed", _("gave another address")
    REWORDED = "reworded", _("changed the words of a picture")
    BEGUN = "begun", _("began a story")
    COMMENT_RESOLVED = "comment-resolved", _("resolved a comment")
    COMMENT_REOPENED = "comment-reopened", _("opened a comment again")
    SUBMITTED = "submitted", _("submitted for review")
    TOOK_BACK = "took-back", _("took out of review")
    RETURNED = "returned", _("returned to the writer")
    APPROVED = "approved", _("approved")
    SPIKED = "spiked", _("spiked")
    RESTORED = "restored", _("restored from the spike")
    ASSIGNED = "assigned", _("assigned")
    BROUGHT_BACK = "brought-back", _("brought an earlier version back")
    TAKEN_OVER = "taken-over", _("took the writing over")
    SCHEDULED = "scheduled", _("scheduled")
    UNSCHEDULED = "unscheduled", _("cancelled a schedule")
    SCHEDULE_FAILED = "schedule-failed", _("a schedule failed")
    EMBARGOED = "embargoed", _("set an embargo")
    EMBARGO_LIFTED = "embargo-lifted", _("lifted an embargo")
    LINKED = "linked", _("made a preview link")
    UNLINKED = "unlinked", _("took a preview link back")
    MOVED_DESK = "moved-desk", _("moved to another desk")
    ROLE_CHANGED = "role-changed", _("changed a role")
    RULE_CHANGED = "rule-changed", _("changed a rule of the desk")
    FACTOR_SET = "factor-set", _("set up a second factor")
    FACTOR_REMOVED = "factor-removed", _("removed a second factor")
    FACTOR_USED = "factor-used", _("used a recovery code")
    FACTOR_FORGOTTEN = "factor-forgotten", _("took a lost second factor away")
    PASSWORD_CHANGED = "password-changed", _("changed a password")
    LOGGED_IN = "logged-in", _("logged in")
    WELCOME_LINK = "welcome-link", _("made a welcome link")
    EMAIL_CHANGED = "email-changed", _("changed a colleague’s e-mail address")
    DISABLED = "disabled", _("shut a colleague out")
    ENABLED = "enabled", _("let a colleague in again")
    ARRANGED = "arranged", _("arranged a front")
    LAUNCHED = "launched", _("launched a front")
    CONFIRMED = "confirmed", _("confirmed what a front says of a story")
    EXPORTED = "exported", _("exported")


class Door(TextChoices):
    """Where a decision came from."""

    DESK = "desk", _("the desk")
    SITE = "site", _("the readers’ site")
    WORKER = "worker", _("the worker")
    COMMAND = "command", _("the command line")


@dataclass(frozen=True)
class Origin:
    door: str = Door.COMMAND
    address: str = ""  # of the network, of the desk's own people alone: readers' are never kept


_origin: ContextVar[Origin] = ContextVar("origin", default=Origin())  # noqa: B039 - frozen


@contextmanager
def coming_from(door: Door, address: str = "") -> Iterator[None]:
    """Have every event that is noted meanwhile say where it came from."""
    token = _origin.set(Origin(door, address[:45]))
    try:
        yield
    finally:
        _origin.reset(token)


def note(
    verb: Verb,
    *,
    by: User | None,
    article: Article | None,
    thing: str = "",
    before: str = "",
    after: str = "",
    desk: int | None = None,
    at: datetime | None = None,
) -> None:
    """Append to the audit trail.

    `thing`, `before` and `after` name by number, reference, state or role, never by words of a story: an erasure leaves
    the trail whole. desk: where there is no article.
    """
    origin = _origin.get()
    Event.objects.create(
        at=at or database_now(),
        by=by,
        verb=verb,
        article=article,
        desk_id=article.desk_id if article else desk,
        thing=thing,
        before=before,
        after=after,
        door=origin.door,
        address=origin.address,
    )
