"""Dates as readers of each language write them. Moments are shown in the zone that they carry."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext, gettext_noop


def moment(text: str, zone: ZoneInfo) -> datetime:
    """A moment of frozen content, in the zone in which its page tells the time."""
    return datetime.fromisoformat(text).astimezone(zone)


MONTHS = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
]  # fmt: skip
WEEKDAYS = [
    gettext_noop("Monday"), gettext_noop("Tuesday"), gettext_noop("Wednesday"), gettext_noop("Thursday"),
    gettext_noop("Friday"), gettext_noop("Saturday"), gettext_noop("Sunday"),
]  # fmt: skip


FIRST_YEAR, LAST_YEAR = 1900, 9998


def site_zone() -> ZoneInfo:
    """The zone in which the site itself tells the time: of archives, months and pages about the site."""
    return ZoneInfo(settings.TIME_ZONE)


def next_midnight() -> datetime:
    """When the day that the site's zone has now is over."""
    zone = site_zone()
    tomorrow = datetime.now(zone).date() + timedelta(days=1)
    return datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=zone)


@dataclass(frozen=True)
class Period:
    """A month or a day of an archive, in the site's zone; `until` and `month_until` do not belong to it."""

    first: date
    start: datetime
    until: datetime
    month_start: datetime
    month_until: datetime


def period(year: str, month: str, day: str = "") -> Period:
    """What the words of an archive's address name. Raises ValueError for what no archive has."""
    first = date(int(year), int(month), int(day or 1))
    if not FIRST_YEAR <= first.year <= LAST_YEAR:
        raise ValueError(year)
    month_start = first.replace(day=1)
    next_month = (month_start + timedelta(days=32)).replace(day=1)
    after = first + timedelta(days=1) if day else next_month
    zone = site_zone()
    return Period(first, *(datetime(when.year, when.month, when.day, tzinfo=zone)
                           for when in (first, after, month_start, next_month)))  # fmt: skip


def year_span(number: int) -> tuple[datetime, datetime]:
    """The beginning of a year and that of the next one, in the site's zone."""
    start, until = (datetime(one, 1, 1, tzinfo=site_zone()) for one in (number, number + 1))
    return start, until


def _chinese() -> bool:
    return (translation.get_language() or "").startswith("zh")


def _english() -> bool:
    return (translation.get_language() or "").startswith("en")


def day(when: date) -> str:
    if _chinese():
        return f"{when.year}年{when.month}月{when.day}日"
    if _english():
        return f"{when.day} {MONTHS[when.month - 1]} {when.year}"
    return f"{when:%Y-%m-%d}"


def year(number: int) -> str:
    return f"{number}年" if _chinese() else str(number)


def month(when: date) -> str:
    if _chinese():
        return f"{when.year}年{when.month}月"
    if _english():
        return f"{MONTHS[when.month - 1]} {when.year}"
    return f"{when:%Y-%m}"


def month_alone(when: date) -> str:
    """A month where the year is said elsewhere."""
    if _chinese():
        return f"{when.month}月"
    return MONTHS[when.month - 1] if _english() else f"{when:%m}"


def shortday(when: date) -> str:
    if _chinese():
        return f"{when.month}月{when.day}日"
    if _english():
        return f"{when.day} {MONTHS[when.month - 1][:3]}"
    return f"{when:%m-%d}"


def longday(when: date) -> str:
    """With the day of the week, in words."""
    weekday = gettext(WEEKDAYS[when.weekday()])
    return f"{weekday}, {day(when)}" if _english() else f"{day(when)} {weekday}"


def clock(moment: datetime) -> str:
    return f"{moment:%H:%M}"


def minute(moment: datetime) -> str:
    return f"{day(moment)}{', ' if _english() else ' '}{clock(moment)}"


def iso(moment: datetime) -> str:
    """For <time datetime>: with the offset, to the second."""
    return moment.isoformat(timespec="seconds")
