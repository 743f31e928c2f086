"""Where a reader's report stands, and how its clock runs: words and shapes that the queue and its pages share."""

import datetime

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as now

from articles.desk.base import short_time
from articles.models import ErrorReport

State, Appeal = ErrorReport.State, ErrorReport.Appeal


def due_at(report: ErrorReport) -> datetime.datetime | None:
    """By when the next step is owed; None of a report that waits for nothing."""
    if report.state == State.RECEIVED:
        return report.acknowledge_by
    if report.state in ErrorReport.OPEN_STATES or report.appeal == Appeal.OPEN:
        return report.decide_by
    return None


def clock(report: ErrorReport) -> SafeString | str:
    """How long there still is, or for how long it has been overdue, in words; what is overdue stands out."""
    due = due_at(report)
    if not due:
        return ""
    left = due - timezone.now()
    late = left < datetime.timedelta(0)
    hours = int(abs(left).total_seconds() // 3600)
    if hours >= 48:
        words = now("overdue by %(count)d days") if late else now("due in %(count)d days")
        words %= {"count": hours // 24}
    else:
        words = now("overdue by %(count)d h") if late else now("due in %(count)d h")
        words %= {"count": hours}
    whole = short_time(due, report.desk.zone)
    return format_html('<span class="clock{}">{}</span> {}', " overdue" if late else "", words, whole)


def state_mark(report: ErrorReport) -> SafeString:
    word = report.get_state_display()
    if report.appeal == Appeal.OPEN:
        word = now("appealed: waits for somebody else")
    shape = {"received": "draft", "acknowledged": "changed", "accepted": "changed", "corrected": "published"}
    css = "changed" if report.appeal == Appeal.OPEN else shape.get(report.state, "off")
    return format_html('<span class="stage {}">{}</span>', css, word)
