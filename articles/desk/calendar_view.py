"""The planning calendar: what goes out, what is held back, what is due and what was published, by day."""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet, Window
from django.db.models.functions import RowNumber, TruncDate
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as now

from articles.desk.base import desk_page
from articles.desk.front_view import editor_url
from articles.desk.timing_view import page_of
from articles.desk.today import zone_of
from articles.models import Article, Channel, Desk, FrontSchedule, Publication, Schedule, User
from articles.publishing.clock import database_now
from articles.publishing.rights import Right, desks_where, may, seen_by
from articles.publishing.schedules import may_change

YEARS = range(1990, 2101)
CAP = {"month": 4, "week": 20, "day": 200}  # entries of one kind and day
VIEWS = list(CAP)


@dataclass
class Item:
    at: datetime
    kind: str  # scheduled, published, overdue, embargo, due: the shape
    word: str
    headline: str
    lang: str  # of the headline; empty: of the desk
    url: str
    move: str = ""  # where it is given another time


@dataclass
class Day:
    date: date
    today: bool
    outside: bool  # of the month that is shown
    url: str
    items: list[Item] = field(default_factory=list)
    more: bool = False


@dataclass(frozen=True)
class Asked:
    """What the calendar is to show; of an address that makes no sense, as much as does."""

    view: str
    day: date
    desk: Desk | None
    channel: Channel | None
    mine: bool
    zone: ZoneInfo
    today: date

    @property
    def first(self) -> date:
        if self.view == "month":
            return _monday(self.day.replace(day=1))
        return _monday(self.day) if self.view == "week" else self.day

    @property
    def last(self) -> date:
        if self.view == "month":
            end = calendar.monthrange(self.day.year, self.day.month)[1]
            return _monday(self.day.replace(day=end)) + timedelta(days=6)
        return self.first + timedelta(days=6 if self.view == "week" else 0)

    def step(self, forth: int) -> date:
        if self.view != "month":
            return self.day + timedelta(days=forth * (7 if self.view == "week" else 1))
        return (self.day.replace(day=15) + timedelta(days=forth * 30)).replace(day=1)

    def url(self, **changes: Any) -> str:
        said = {"view": self.view, "date": self.day.isoformat(), "desk": self.desk and self.desk.pk,
                "channel": self.channel and self.channel.pk, "mine": 1 if self.mine else None} | changes  # fmt: skip
        return "?" + urlencode({name: value for name, value in said.items() if value})


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def asked(request: HttpRequest) -> Asked:
    user: Any = request.user
    desk = _chosen(desks_where(user, Right.WRITE), request.GET.get("desk", ""))
    zone = desk.zone if desk else zone_of(user)
    today = database_now().astimezone(zone).date()
    try:
        day = date.fromisoformat(request.GET.get("date", ""))
    except ValueError:
        day = today
    view = request.GET.get("view", "")
    return Asked(
        view=view if view in VIEWS else "month",
        day=day if day.year in YEARS else today,
        desk=desk,
        channel=_chosen(Channel.objects.all(), request.GET.get("channel", "")),
        mine=bool(request.GET.get("mine")),
        zone=zone,
        today=today,
    )


def _chosen(rows: "QuerySet[Any]", key: str) -> Any:
    return rows.filter(pk=int(key)).first() if key.isascii() and key.isdecimal() and len(key) < 19 else None


class Days:
    """Fills the days that are shown. Every query is bounded by them, and by CAP for each day."""

    def __init__(self, ask: Asked, user: User) -> None:
        self.ask, self.user = ask, user
        self.start = datetime.combine(ask.first, time(), ask.zone)
        self.end = datetime.combine(ask.last + timedelta(days=1), time(), ask.zone)
        number = (ask.last - ask.first).days + 1
        dates = [ask.first + timedelta(days=place) for place in range(number)]
        self.days = {
            one: Day(
                date=one, today=one == ask.today, outside=ask.view == "month" and one.month != ask.day.month,
                url=ask.url(view="day", date=one.isoformat()),
            )
            for one in dates
        }  # fmt: skip
        for items in (self._schedules(), self._embargoes(), self._due(), self._published(), self._launches()):
            for place, item in items:
                day = self.days[item.at.date()]
                if place > CAP[ask.view]:
                    day.more = True
                else:
                    day.items.append(item)
        for day in self.days.values():
            day.items.sort(key=lambda item: item.at)

    def _of(self, rows: Any, at: str, story: str = "") -> Any:
        """Of these, what falls on each day, with its place on it; one more than CAP, to know of it."""
        rows = rows.filter(seen_by(self.user, story), **{f"{at}__gte": self.start, f"{at}__lt": self.end})
        if self.ask.desk:
            rows = rows.filter(**{f"{story}desk": self.ask.desk})
        if self.ask.channel:
            rows = rows.filter(**{f"{story}channel": self.ask.channel})
        if self.ask.mine:
            rows = rows.filter(Q(**{f"{story}created_by": self.user}) | Q(**{f"{story}assignee": self.user}))
        by_day = Window(RowNumber(), partition_by=TruncDate(at, tzinfo=self.ask.zone), order_by=[at, "pk"])
        rows = rows.annotate(place=by_day).filter(place__lte=CAP[self.ask.view] + 1)
        return (rows.select_related("article") if story else rows).defer(f"{story}body").order_by(at, "pk")

    def _item(self, at: datetime, kind: str, word: str, article: Article, **said: Any) -> Item:
        url = reverse("admin:articles_article_change", args=[article.pk])
        return Item(at.astimezone(self.ask.zone), kind, word, article.headline, article.language, url, **said)

    def _schedules(self) -> Iterator[tuple[int, Item]]:
        marks = {
            Schedule.State.PENDING: ("scheduled", now("scheduled")),
            Schedule.State.FAILED: ("overdue", now("did not go out")),
            Schedule.State.DONE: ("published", now("went out")),
        }
        for row in self._of(Schedule.objects.filter(state__in=marks), "due_at", "article__"):
            kind, word = marks[row.state]
            if row.act == Schedule.Act.TAKEDOWN:
                word = f"{word}: {row.get_act_display()}"
            free = row.state == Schedule.State.PENDING and may_change(self.user, row)
            move = f"{page_of(row)}?{urlencode({'from': self.ask.url()})}" if free else ""
            yield row.place, self._item(row.due_at, kind, word, row.article, move=move)

    def _embargoes(self) -> Iterator[tuple[int, Item]]:
        for row in self._of(Article.objects.all(), "embargo_until"):
            yield row.place, self._item(row.embargo_until, "embargo", now("embargo ends"), row)

    def _due(self) -> Iterator[tuple[int, Item]]:
        moment = database_now()
        in_hand = Article.objects.exclude(stage__in=[Article.Stage.PUBLISHED, Article.Stage.SPIKED])
        for row in self._of(in_hand, "due_at"):
            late = row.due_at < moment
            yield row.place, self._item(row.due_at, "overdue" if late else "due",
                                        now("overdue") if late else now("due"), row)  # fmt: skip

    def _published(self) -> Iterator[tuple[int, Item]]:
        by_itself = Q(article__schedules__state="done", article__schedules__edition__number=1)
        found = Publication.objects.exclude(by_itself)
        for row in self._of(found, "first_published_at", "article__"):
            yield row.place, self._item(row.first_published_at, "published", now("published"), row.article)

    def _launches(self) -> Iterator[tuple[int, Item]]:
        """Fronts that wait for their time, for those who arrange them. They belong to no desk."""
        if self.ask.desk or not may(self.user, Right.FRONT):
            return
        rows = FrontSchedule.objects.filter(state=FrontSchedule.State.PENDING, due_at__gte=self.start,
                                            due_at__lt=self.end)  # fmt: skip
        rows = rows.filter(front=self.ask.channel.pk) if self.ask.channel else rows
        rows = rows.filter(by=self.user) if self.ask.mine else rows
        by_day = Window(RowNumber(), partition_by=TruncDate("due_at", tzinfo=self.ask.zone), order_by=["due_at", "pk"])
        found: QuerySet[Any] = rows.annotate(place=by_day).filter(place__lte=CAP[self.ask.view] + 1)
        for row in found.select_related("front__channel").order_by("due_at", "pk"):
            at = row.due_at.astimezone(self.ask.zone)
            yield row.place, Item(at, "scheduled", now("scheduled"), now("Front: %(name)s") % {"name": row.front}, "",
                                  editor_url(row.front))  # fmt: skip


def calendar_page(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    if not may(user, Right.WRITE):
        raise PermissionDenied
    ask = asked(request)
    days = list(Days(ask, user).days.values())
    forms = {"month": "YEAR_MONTH_FORMAT", "week": "DATE_FORMAT", "day": "DATE_FORMAT"}
    return desk_page(
        request,
        "desk/calendar.html",
        title=now("Calendar"),
        ask=ask,
        name=date_format(ask.first if ask.view == "week" else ask.day, forms[ask.view]),
        until=date_format(ask.last, "DATE_FORMAT") if ask.view == "week" else "",
        weeks=[days[start : start + 7] for start in range(0, len(days), 7)],
        views=[(view, label, ask.url(view=view), view == ask.view) for view, label in
               (("month", now("Month")), ("week", now("Week")), ("day", now("Day")))],
        before=ask.url(date=ask.step(-1).isoformat()),
        after=ask.url(date=ask.step(1).isoformat()),
        today=ask.url(date=ask.today.isoformat()),
        desks=desks_where(user, Right.WRITE).order_by("name"),
        channels=Channel.objects.select_related("parent__parent"),
        empty=not any(day.items for day in days),
    )  # fmt: skip
