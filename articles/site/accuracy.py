"""How accurate we are, by our own figures (publishing/figures.py): a page with charts and tables, and a CSV."""

import csv
import io
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from articles.publishing.clock import database_now
from articles.publishing.figures import Figures, Term, Year, year
from articles.site import dates
from articles.site.frame import Surroundings, frame
from articles.site.things import Link
from newsroom.delivery.public import passing_page

# A chart, in units of its drawing: twelve columns that stay legible at the width of a phone.
COLUMN, HEIGHT, TOP, BASE = 29, 116, 18, 98


@dataclass(frozen=True)
class Bar:
    x: int
    y: float
    height: float
    middle: float
    label_y: float
    value: str
    month: int
    width: int = COLUMN - 10


@dataclass(frozen=True)
class Chart:
    key: str
    title: str
    description: str  # the same numbers in words
    bars: Sequence[Bar]
    base: int = BASE
    width: int = COLUMN * 12
    height: int = HEIGHT


@dataclass(frozen=True)
class Row:
    """One line of a table, every cell as it is shown."""

    name: str
    lang: str
    received: int
    cells: Sequence[str]  # of what was reported; empty where nothing was
    last: Sequence[str]  # of what was published


@dataclass(frozen=True)
class AccuracyPage:
    title: str
    whole: Row
    facts: Sequence[tuple[str, str]]
    charts: Sequence[Chart]
    months: Sequence[Row]
    channels: Sequence[Row]
    heads: Sequence[str]
    last_heads: Sequence[str]
    month_table: str
    channel_table: str
    month_head: str
    channel_head: str
    csv_url: str
    policy_url: str
    log_url: str


def number(value: float | None) -> str:
    """Short: 3, 3.5, 0.4; a dash where there is nothing to count."""
    return "–" if value is None else f"{value:.1f}".removesuffix(".0")


def percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.0f} %"


@passing_page
def page(request: HttpRequest) -> HttpResponse:
    around = Surroundings()
    found = year(database_now(), dates.site_zone())
    context = frame(request, around, everywhere=True)
    context["accuracy"] = AccuracyPage(
        title=_("Accuracy"),
        whole=_row(_("Twelve months"), found.whole),
        facts=_facts(found.whole),
        charts=_charts(found),
        months=[_row(dates.month(month), figures) for month, figures in reversed(found.months)],
        channels=[_channel_row(around, key, figures) for key, figures in found.channels],
        heads=[
            _("Decided"), _("Upheld"), _("Hours to acknowledge: median, 90 %"), _("Hours to decide: median, 90 %"),
            _("Hours to correct: median, 90 %"),
        ],
        last_heads=[_("Stories"), _("Corrections"), _("For every 1,000 stories"), _("Found by readers")],
        month_table=_("By month"),
        channel_table=_("By channel"),
        month_head=_("Month"),
        channel_head=_("Channel"),
        csv_url=reverse("site:accuracy-csv"),
        policy_url=reverse("site:page", args=["policy"]),
        log_url=reverse("site:corrections"),
    )  # fmt: skip
    return TemplateResponse(request, "site/accuracy.html", context)


def _channel_row(around: Surroundings, key: int, figures: Figures) -> Row:
    link = around.channel_link(around.channels[key]) if key in around.channels else Link(name=str(key))
    return _row(link.name, figures, link.lang)


def _row(name: str, figures: Figures, lang: str = "") -> Row:
    reported = [
        number(figures.decided),
        f"{figures.upheld} ({percent(figures.upheld_share)})" if figures.decided else "0",
        *(f"{number(one.median)}, {number(one.p90)}" for one in (figures.acknowledge, figures.decide, figures.correct)),
    ]
    return Row(
        name=name,
        lang=lang,
        received=figures.received,
        cells=[cell if cell != "–, –" else "–" for cell in reported] if figures.received else [],
        last=[
            number(figures.stories),
            number(figures.corrections),
            number(figures.per_thousand),
            f"{figures.by_readers} ({percent(figures.readers_share)})" if figures.corrections else "–",
        ],
    )


def _facts(whole: Figures) -> list[tuple[str, str]]:
    def hours(one: Term) -> str:
        return _("%(hours)s hours") % {"hours": number(one.median)} if one.median is not None else "–"

    return [
        (_("Reports received"), number(whole.received)),
        (_("Upheld, of those decided"), percent(whole.upheld_share)),
        (_("Median time to acknowledge"), hours(whole.acknowledge)),
        (_("Median time to decide"), hours(whole.decide)),
        (_("Median time to correct"), hours(whole.correct)),
        (_("Corrections for every 1,000 stories"), number(whole.per_thousand)),
        (_("Corrections that readers led to"), percent(whole.readers_share)),
    ]


def _charts(found: Year) -> list[Chart]:
    def chart(
        key: str, title: str, value: Callable[[Figures], float | None], show: Callable[[float | None], str]
    ) -> Chart:
        months = [(month, value(figures)) for month, figures in found.months]
        return Chart(
            key=key,
            title=title,
            description="; ".join(f"{dates.month(month)}: {show(one)}" for month, one in months),
            bars=_bars(months, show),
        )

    def plain(value: float | None) -> str:
        return "–" if value is None else f"{value:.0f}" if value >= 10 else number(value)

    def share(value: float | None) -> str:
        return "–" if value is None else f"{100 * value:.0f}"

    return [
        chart("received", _("Reports received"), lambda one: one.received, plain),
        chart("upheld", _("Upheld, of those decided, in per cent"), lambda one: one.upheld_share, share),
        chart("acknowledge", _("Median hours to acknowledge"), lambda one: one.acknowledge.median, plain),
        chart("decide", _("Median hours to decide"), lambda one: one.decide.median, plain),
        chart("correct", _("Median hours to correct"), lambda one: one.correct.median, plain),
        chart("rate", _("Corrections for every 1,000 stories"), lambda one: one.per_thousand, plain),
    ]


def _bars(months: Iterable[tuple[date, float | None]], show: Callable[[float | None], str]) -> list[Bar]:
    listed = list(months)
    most = max((value or 0 for _month, value in listed), default=0) or 1
    bars = []
    for index, (month, value) in enumerate(listed):
        height = round((value or 0) / most * (BASE - TOP), 1)
        bars.append(
            Bar(
                x=index * COLUMN + 5,
                y=round(BASE - height, 1),
                height=height,
                middle=index * COLUMN + COLUMN / 2,
                label_y=round(BASE - height - 4, 1),
                value=show(value),
                month=month.month,
            )
        )
    return bars


COLUMNS = [
    "period", "channel", "reports_received", "reports_decided", "reports_upheld", "upheld_share",
    "acknowledge_median_hours", "acknowledge_p90_hours", "decide_median_hours", "decide_p90_hours",
    "correct_median_hours", "correct_p90_hours", "stories_published", "corrections", "corrections_per_1000_stories",
    "corrections_by_readers", "corrections_by_readers_share",
]  # fmt: skip


@passing_page
def csv_file(request: HttpRequest) -> HttpResponse:
    """The same numbers for a spreadsheet: RFC 4180, UTF-8 with a mark for programmes that would guess otherwise."""
    around = Surroundings()
    now = database_now()
    found = year(now, dates.site_zone())
    first, last = found.months[0][0], found.months[-1][0]
    span = f"{first:%Y-%m}/{last:%Y-%m}"
    rows = [_csv_row(span, "", found.whole)]
    rows += [_csv_row(f"{month:%Y-%m}", "", figures) for month, figures in found.months]
    rows += [
        _csv_row(span, around.channel_link(around.channels[key]).name, figures)
        for key, figures in found.channels
        if key in around.channels
    ]
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([COLUMNS, *rows])
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="accuracy-{last:%Y-%m}.csv"'
    return response


def _csv_row(period: str, channel: str, figures: Figures) -> list[str]:
    def cell(value: float | None) -> str:
        return "" if value is None else f"{value:.3f}".rstrip("0").rstrip(".")

    terms = (figures.acknowledge, figures.decide, figures.correct)
    numbers = [
        figures.received, figures.decided, figures.upheld, figures.upheld_share,
        *(value for one in terms for value in (one.median, one.p90)),
        figures.stories, figures.corrections, figures.per_thousand, figures.by_readers, figures.readers_share,
    ]  # fmt: skip
    return [harmless(period), harmless(channel), *map(cell, numbers)]


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: not behind blanks or what nobody sees, not in full width."""
    seen = (char for char in unicodedata.normalize("NFKC", cell) if unicodedata.category(char)[0] not in "ZC")
    runs = next(seen, "") in {"=", "+", "-", "@", "|"} or cell[:1] in {"\t", "\r", "\n"}
    return f"'{cell}" if runs else cell
