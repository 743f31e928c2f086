"""Today at the desk, on a line: what goes out when, which embargo ends, what is due, what has gone out."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as now

from articles.models import Article, Publication, Schedule, User
from articles.publishing.clock import database_now
from articles.publishing.rights import Right, articles_of, desks_where, seen_by

MOST = 40  # entries of one kind
HOUR = 40  # units of the drawing
WIDTH = 24 * HOUR
ROW = 24
AXIS = 22  # the height of the hours
LETTER = 13  # the width of one Han character of a label
SHOWN = 12  # characters of a label
ROWS = 6  # labels above each other; what finds no place stands in the list alone


@dataclass
class Entry:
    """One thing that happens today; x and row: where it is drawn, label: what stands there, empty where no room is."""

    at: datetime
    kind: str  # scheduled, done, failed, embargo, due, overdue, published
    word: str
    headline: str
    language: str
    url: str
    x: int = 0
    row: int = 0
    label: str = ""
    before: bool = False  # the label stands to the left, because the day ends to the right

    @property
    def y(self) -> int:
        return AXIS + self.row * ROW + ROW // 2


@dataclass
class Day:
    date: datetime
    zone: str
    now_x: int
    entries: list[Entry] = field(default_factory=list)
    height: int = 0

    @property
    def hours(self) -> list[tuple[int, str]]:
        return [(hour * HOUR, f"{hour:02d}") for hour in range(0, 25, 3)]


def zone_of(user: User) -> ZoneInfo:
    """The zone of the person's desk; of the first by name where they have several."""
    desk = desks_where(user, Right.WRITE).order_by("name").first()
    return desk.zone if desk else ZoneInfo(settings.TIME_ZONE)


def today(user: User) -> Day:
    """The day of this person, by the clock of their desk. Every query is bounded by the day and by MOST."""
    zone = zone_of(user)
    moment = database_now().astimezone(zone)
    start = datetime.combine(moment.date(), time(), zone)
    end = datetime.combine(moment.date() + timedelta(days=1), time(), zone)
    entries = [*_scheduled(user, start, end), *_desk_times(user, start, end, moment), *_published(user, start, end)]
    entries.sort(key=lambda entry: entry.at)
    for entry in entries:
        entry.at = entry.at.astimezone(zone)
    day = Day(moment, str(zone), _x(moment), entries)
    _place(day)
    return day


def _scheduled(user: User, start: datetime, end: datetime) -> Iterator[Entry]:
    words = {
        Schedule.State.PENDING: ("scheduled", now("scheduled")),
        Schedule.State.DONE: ("done", now("went out")),
        Schedule.State.FAILED: ("failed", now("did not go out")),
    }
    found = Schedule.objects.filter(seen_by(user, "article__"), due_at__gte=start, due_at__lt=end, state__in=words)
    for schedule in found.select_related("article").defer("article__body").order_by("due_at")[:MOST]:
        kind, word = words[Schedule.State(schedule.state)]
        if schedule.act == Schedule.Act.TAKEDOWN:
            word = f"{word}: {schedule.get_act_display()}"
        yield _entry(schedule.article, schedule.due_at, kind, word)


def _desk_times(user: User, start: datetime, end: datetime, moment: datetime) -> Iterator[Entry]:
    stories = articles_of(user).defer("body")
    for article in stories.filter(embargo_until__gte=start, embargo_until__lt=end).order_by("embargo_until")[:MOST]:
        if article.embargo_until:
            yield _entry(article, article.embargo_until, "embargo", now("embargo ends"))
    in_hand = ~Q(stage__in=[Article.Stage.PUBLISHED, Article.Stage.SPIKED])
    for article in stories.filter(in_hand, due_at__gte=start, due_at__lt=end).order_by("due_at")[:MOST]:
        if article.due_at:
            late = article.due_at < moment
            yield _entry(article, article.due_at, "overdue" if late else "due", now("overdue") if late else now("due"))


def _published(user: User, start: datetime, end: datetime) -> Iterator[Entry]:
    found = Publication.objects.filter(
        seen_by(user, "article__"), first_published_at__gte=start, first_published_at__lt=end
    )
    scheduled = Q(article__schedules__state="done", article__schedules__edition__number=1)
    for publication in found.exclude(scheduled).select_related("article").order_by("-first_published_at")[:MOST]:
        yield _entry(publication.article, publication.first_published_at, "published", now("published"))


def _entry(article: Article, at: datetime, kind: str, word: str) -> Entry:
    url = reverse("admin:articles_article_change", args=[article.pk])
    return Entry(at, kind, word, article.headline, article.language, url)


def _x(at: datetime) -> int:
    """Where a moment of the day stands; by the clock on the wall, also on a day of 23 or 25 hours."""
    return round((at.hour + at.minute / 60) * HOUR)


def _place(day: Day) -> None:
    """Each label in the first row in which it touches none before it."""
    ends = [0] * ROWS  # up to where each row is taken
    used = 0
    for entry in day.entries:
        entry.x = _x(entry.at)
        label = entry.headline[:SHOWN] + ("…" if len(entry.headline) > SHOWN else "")
        width = len(label) * LETTER + 20
        entry.before = entry.x + width > WIDTH
        left, right = (entry.x - width, entry.x + 10) if entry.before else (entry.x - 10, entry.x + width)
        for row, end in enumerate(ends):
            if left >= end:
                entry.row, entry.label, ends[row] = row, label, right + 8
                used = max(used, row + 1)
                break
    day.height = AXIS + max(used, 1) * ROW + 6
