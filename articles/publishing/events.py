"""The audit trail: every verb that decides something notes it here, in its own transaction."""

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


def note(verb: Verb, *, by: User | None, article: Article | None, thing: str = "", at: datetime | None = None) -> None:
    """Append to the audit trail. `thing` names by number or reference, never by words."""
    Event.objects.create(
        at=at or database_now(),
        by=by,
        verb=verb,
        article=article,
        desk_id=article.desk_id if article else None,
        thing=thing,
    )
