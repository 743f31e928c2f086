"""Closing a report of an error by what is public already: a notice that did not name it, or a typo that was mended."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from articles.models import Correction, Edition, ErrorReport, Publication, User
from articles.publishing import purging
from articles.publishing.clock import database_now
from articles.publishing.errors import PublishingError
from articles.publishing.issue import SILENT_KINDS
from articles.publishing.triage import Act, State, Verb, merged_into, note, taken


class NoAnswer(PublishingError):
    def __init__(self) -> None:
        super().__init__(_("Choose what answers it: a notice of this story, or a later edition that mended a typo."))


def notices_for(report: ErrorReport) -> QuerySet[Correction]:
    """The notices that can answer it, newest first."""
    return Correction.objects.filter(article=report.article_id).select_related("right", "text")


def typos_mended(report: ErrorReport) -> QuerySet[Edition]:
    """The editions without a notice since the one that was read, newest first."""
    later = Edition.objects.filter(article=report.article_id, number__gt=report.edition.number)
    return later.filter(kind__in=SILENT_KINDS).order_by("-number")


@transaction.atomic
def answer(report: ErrorReport, *, notice: Correction, by: User, seen: str = "") -> ErrorReport:
    """Uphold it, and close it by a notice of its story that stands already, with those merged into it.

    seen: as in triage.py. Raises NotAllowed, ReportMoved or NoAnswer.
    """
    report = taken(report, Act.ANSWER, by=by, seen=seen)
    if not notices_for(report).filter(pk=notice.pk).exists():
        raise NoAnswer
    return _close(report, by=by, notice=notice)


@transaction.atomic
def put_right(report: ErrorReport, *, edition: Edition, by: User, seen: str = "") -> ErrorReport:
    """Uphold it, and close it by a typo edition of its story: right, but too small for a notice.

    Raises NotAllowed, ReportMoved or NoAnswer.
    """
    report = taken(report, Act.PUT_RIGHT, by=by, seen=seen)
    if not typos_mended(report).filter(pk=edition.pk).exists():
        raise NoAnswer
    return _close(report, by=by, edition=edition)


def _close(
    report: ErrorReport, *, by: User, notice: Correction | None = None, edition: Edition | None = None
) -> ErrorReport:
    at = database_now()
    if notice:
        at = max(at, notice.at)
    for one in [report, *merged_into(report)]:
        if one is report:
            one.state = State.CORRECTED
        if not one.acknowledged_at:
            one.acknowledged_at, one.acknowledged_by = at, by
        if not one.decided_at:
            one.decided_at, one.decided_by = at, by
        one.correction, one.right_edition, one.corrected_at = notice, edition, at
        one.save()
        note(one, Verb.CORRECTED if notice else Verb.PUT_RIGHT, by)
    if notice:  # which tells now that a reader found it
        publication = Publication.objects.get(article=report.article_id)
        purging.after(purging.watch(publication), publication)
    return report
