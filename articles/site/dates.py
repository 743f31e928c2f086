"""Dates as readers of each language write them. Moments are shown in the zone that they carry."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

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


def month(when: date) -> str:
    if _chinese():
        return f"{when.year}年{when.month}月"
    if _english():
        return f"{MONTHS[when.month - 1]} {when.year}"
    return f"{when:%Y-%m}"


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
