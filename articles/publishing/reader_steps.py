"""What the reader who made a report can still do with it, by the secret of its status address."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from articles.models import ErrorReport, Site
from articles.publishing.clock import database_now
from articles.publishing.errors import PublishingError
from articles.publishing.triage import Appeal, ReportMoved, State, Track, Verb, hand_on, locked_report, note, worded

APPEAL_DAYS = 30  # after the decision


class AppealMissing(PublishingError):
    def __init__(self) -> None:
        super().__init__(_("Say why the decision is wrong, in 2,000 characters at most."))


class AppealClosed(PublishingError):
    def __init__(self) -> None:
        super().__init__(_("An appeal can be made once, within 30 days after the decision."))


def may_take_back(report: ErrorReport) -> bool:
    return report.state in ErrorReport.OPEN_STATES


def may_appeal(report: ErrorReport) -> bool:
    decided = report.decided_at
    return (
        report.state == State.DECLINED
        and report.appeal == Appeal.NONE
        and decided is not None
        and database_now() <= decided + timedelta(days=APPEAL_DAYS)
    )


@transaction.atomic
def withdraw_by_reader(report: ErrorReport) -> ErrorReport:
    """Take it back; how to reach the reader is forgotten at once. Raises ReportMoved."""
    report = locked_report(report)
    if not may_take_back(report):
        raise ReportMoved
    hand_on(report)
    report.state, report.contact = State.WITHDRAWN, ""
    report.save()
    note(report, Verb.TAKEN_BACK, None)
    return report


@transaction.atomic
def appeal(report: ErrorReport, *, text: str) -> ErrorReport:
    """Ask somebody else to decide, in the same term. Raises AppealClosed or AppealMissing."""
    text = worded(text, AppealMissing)
    report = locked_report(report)
    if not may_appeal(report):
        raise AppealClosed
    site = Site.objects.first() or Site()
    term = timedelta(hours=site.reply_hours if report.track == Track.REPLY else site.decide_hours)
    report.appeal, report.appeal_text, report.appealed_at = Appeal.OPEN, text, database_now()
    report.decide_by = report.appealed_at + term
    report.desk_id = report.article.desk_id  # the story may have moved since the refusal
    report.save()
    note(report, Verb.APPEALED, None)
    return report
