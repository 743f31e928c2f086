"""The figures of the accuracy page, from rows alone: reports of errors, the terms they were dealt with in, corrections.

Nothing about persons, neither readers nor colleagues. What is counted: reports of errors (not replies of persons
concerned, not spam), by the month in which they came in; corrections, clarifications and retractions, by the month in
which they were published; stories by that of their first edition. Channels are the top ones.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import median
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, IntegerField, OuterRef, Value

from articles.models import Channel, Correction, ErrorReport, Language, Publication

MONTHS = 12
State = ErrorReport.State
UPHELD = {State.ACCEPTED, State.CORRECTED}
DECIDED = {*UPHELD, State.DECLINED}
ERRORS = [Correction.Kind.CORRECTION, Correction.Kind.CLARIFICATION, Correction.Kind.RETRACTION]


@dataclass(frozen=True)
class Report:
    """A report as the figures see it; state: of a duplicate, that of the report that it repeats."""

    state: str
    at: datetime  # when it came in
    acknowledged: datetime | None = None
    decided: datetime | None = None
    corrected: datetime | None = None
    channel: int | None = None


@dataclass(frozen=True)
class Errors:
    """A notice that says that something was wrong."""

    at: datetime
    by_reader: bool
    channel: int | None = None


@dataclass(frozen=True)
class Term:
    """How long something took, in hours; None where it never happened."""

    median: float | None
    p90: float | None


@dataclass(frozen=True)
class Figures:
    received: int
    decided: int
    upheld: int
    acknowledge: Term
    decide: Term
    correct: Term
    stories: int
    corrections: int
    by_readers: int

    @property
    def upheld_share(self) -> float | None:
        return self.upheld / self.decided if self.decided else None

    @property
    def per_thousand(self) -> float | None:
        """Corrections for every 1,000 stories published."""
        return 1000 * self.corrections / self.stories if self.stories else None

    @property
    def readers_share(self) -> float | None:
        return self.by_readers / self.corrections if self.corrections else None


@dataclass(frozen=True)
class Year:
    whole: Figures
    months: Sequence[tuple[date, Figures]]  # by their first day, the oldest first
    channels: Sequence[tuple[int, Figures]]  # by the key of a top channel, in the order of channels


def p90(hours: Sequence[float]) -> float:
    """What nine of ten stayed within: the smallest value that at least 90 % do not exceed (nearest rank)."""
    return sorted(hours)[math.ceil(0.9 * len(hours)) - 1]


def term(spans: Iterable[timedelta]) -> Term:
    hours = [span / timedelta(hours=1) for span in spans]
    return Term(median(hours), p90(hours)) if hours else Term(None, None)


def figures(reports: Sequence[Report], errors: Sequence[Errors], stories: int) -> Figures:
    return Figures(
        received=len(reports),
        decided=sum(report.state in DECIDED for report in reports),
        upheld=sum(report.state in UPHELD for report in reports),
        acknowledge=term(one.acknowledged - one.at for one in reports if one.acknowledged),
        decide=term(one.decided - one.at for one in reports if one.decided and one.state in DECIDED),
        correct=term(one.corrected - one.at for one in reports if one.corrected),
        stories=stories,
        corrections=len(errors),
        by_readers=sum(one.by_reader for one in errors),
    )


def months_until(today: date) -> list[date]:
    """The first days of the twelve months that end with this one."""
    last = today.year * 12 + today.month - 1
    return [date(number // 12, number % 12 + 1, 1) for number in range(last - MONTHS + 1, last + 1)]


def year(now: datetime, zone: ZoneInfo) -> Year:
    """The last twelve months, this one included, by the calendar of `zone`: four queries, within indexes by time."""
    months = months_until(now.astimezone(zone).date())
    starts = [datetime(month.year, month.month, 1, tzinfo=zone) for month in months]
    channels = {channel.pk: channel for channel in Channel.objects.all()}
    top: dict[int, int] = {}
    for key, channel in channels.items():
        for _level in range(3):
            channel = channels[channel.parent_id] if channel.parent_id else channel
        top[key] = channel.pk
    reports = reports_since(starts[0], now, top)
    errors = errors_since(starts[0], now, top)
    stories = stories_between([*starts, now], top)

    def figures_by(key: Callable[[Report | Errors], object], counted: Mapping[object, int]) -> dict[object, Figures]:
        grouped: dict[object, tuple[list[Report], list[Errors]]] = defaultdict(lambda: ([], []))
        for report in reports:
            grouped[key(report)][0].append(report)
        for error in errors:
            grouped[key(error)][1].append(error)
        return {each: figures(*grouped[each], counted.get(each, 0)) for each in {*grouped, *counted}}

    def month_of(row: Report | Errors) -> date:
        return row.at.astimezone(zone).date().replace(day=1)

    by_month = figures_by(month_of, _summed((months[span], number) for (span, _top), number in stories.items()))
    by_channel = figures_by(lambda row: row.channel, _summed((key, number) for (_span, key), number in stories.items()))
    nothing = figures([], [], 0)
    return Year(
        whole=figures(reports, errors, sum(stories.values())),
        months=[(month, by_month.get(month, nothing)) for month in months],
        channels=[(key, by_channel.get(key, nothing)) for key in channels if channels[key].parent_id is None],
    )


def _summed(numbers: Iterable[tuple[object, int]]) -> dict[object, int]:
    sums: dict[object, int] = defaultdict(int)
    for key, number in numbers:
        sums[key] += number
    return sums


def reports_since(start: datetime, now: datetime, top: dict[int, int]) -> list[Report]:
    found = ErrorReport.objects.filter(
        received_at__gte=start, received_at__lte=now, track=ErrorReport.Track.ERROR
    ).exclude(state=State.SPAM)
    rows = found.order_by().values_list(
        "state", "duplicate_of__state", "received_at", "acknowledged_at", "decided_at", "duplicate_of__decided_at",
        "corrected_at", "duplicate_of__corrected_at", "article__publication__channel",
    )  # fmt: skip
    return [
        Report(
            state=(original or State.RECEIVED) if state == State.DUPLICATE else state,
            at=received,
            acknowledged=acknowledged,
            decided=_later(received, decided, original_decided) if state == State.DUPLICATE else decided,
            corrected=_later(received, corrected, original_corrected) if state == State.DUPLICATE else corrected,
            channel=top.get(channel),
        )
        for (state, original, received, acknowledged, decided, original_decided, corrected, original_corrected,
             channel) in rows.iterator()
    ]  # fmt: skip


def _later(received: datetime, own: datetime | None, original: datetime | None) -> datetime | None:
    """When a duplicate was dealt with: with its original, or at once where that was over before it came."""
    return max(received, original) if original else own


def errors_since(start: datetime, now: datetime, top: dict[int, int]) -> list[Errors]:
    readers = {language.readers for language in Language}
    led = ErrorReport.objects.filter(correction=OuterRef("pk"), track=ErrorReport.Track.ERROR)
    found = Correction.objects.filter(readers__in=readers, kind__in=ERRORS, at__gte=start, at__lte=now).order_by()
    return [
        Errors(at=at, by_reader=by_reader, channel=top.get(channel))
        for at, channel, by_reader in found.values_list("at", "channel", Exists(led)).iterator()
    ]


def stories_between(bounds: Sequence[datetime], top: dict[int, int]) -> dict[tuple[int, int], int]:
    """How many stories were first published in each span, by (number of the span, top channel); one query."""
    parts = [
        Publication.objects.filter(first_published_at__gte=start, first_published_at__lt=end)
        .order_by()
        .values("channel")
        .annotate(span=Value(index, output_field=IntegerField()), number=Count("pk"))
        .values_list("span", "channel", "number")
        for index, (start, end) in enumerate(pairwise(bounds))
    ]
    counted: dict[tuple[int, int], int] = defaultdict(int)
    for span, channel, number in parts[0].union(*parts[1:], all=True):
        counted[span, top[channel]] += number
    return counted
