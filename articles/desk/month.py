"""Corrections of this month and of those before it, at one's desks: drawn, and the newest by name."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.urls import reverse

from articles.desk.base import short_time
from articles.models import Correction, Language, User
from articles.publishing.clock import database_now
from articles.publishing.rights import Right, may_on, seen_by

MONTHS = 6
MOST = 2000  # notices that are counted
SHOWN = 4
COLUMN, BASE, TOP = 48, 74, 16  # of the drawing
COUNTED = [Correction.Kind.CORRECTION, Correction.Kind.CLARIFICATION, Correction.Kind.RETRACTION,
           Correction.Kind.TAKEDOWN, Correction.Kind.EDITORS_NOTE]  # fmt: skip


@dataclass
class Bar:
    x: int
    y: int
    height: int
    middle: int
    count: int
    month: str
    current: bool


def corrections(user: User, zone: ZoneInfo) -> dict[str, object]:
    """Empty for who has never seen one. Updates correct nothing and are not counted."""
    today = database_now().astimezone(zone).date()
    months = _months(today)
    since = datetime.combine(months[0], time(), zone)
    found = Correction.objects.filter(
        seen_by(user, "article__"), readers__in={language.readers for language in Language}, at__gte=since,
        kind__in=COUNTED,
    ).order_by("-at", "-pk")  # fmt: skip
    counted = Counter(at.astimezone(zone).date().replace(day=1) for at in found.values_list("at", flat=True)[:MOST])
    if not counted:
        return {}
    most = max(counted.values())
    bars = []
    for place, month in enumerate(months):
        height = round(counted[month] / most * (BASE - TOP))
        bars.append(
            Bar(place * COLUMN + 8, BASE - height, height, place * COLUMN + COLUMN // 2, counted[month],
                f"{month.month}", month == months[-1])
        )  # fmt: skip
    first = datetime.combine(months[-1], time(), zone)
    newest = found.filter(at__gte=first).select_related("article__publication").defer("article__body")[:SHOWN]
    return {
        "count": counted[months[-1]],
        "bars": bars,
        "width": MONTHS * COLUMN,
        "words": "; ".join(f"{month:%Y-%m}: {counted[month]}" for month in months),
        "newest": [_line(notice, user, zone) for notice in newest],
        "url": reverse("site:corrections"),
    }


def _months(today: date) -> list[date]:
    """The first days of the last MONTHS months, the oldest first."""
    first, months = today.replace(day=1), []
    for _ in range(MONTHS):
        months.append(first)
        first = (first - timedelta(days=1)).replace(day=1)
    return months[::-1]


def _line(notice: Correction, user: User, zone: ZoneInfo) -> dict[str, object]:
    article = notice.article
    mine = may_on(user, Right.WRITE, article)
    return {
        "headline": article.headline if mine else article.publication.read_card()["headline"],
        "language": article.language,
        "kind": notice.get_kind_display(),
        "url": reverse("admin:articles_article_change", args=[article.pk]),
        "when": short_time(notice.at, zone),
    }
