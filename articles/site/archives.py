"""The archive of a list: its years, the months of one, and the stories of a month or a day. Addresses never shift."""

import calendar
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

from django.http import Http404
from django.utils.translation import gettext as _

from articles.site import dates, lists
from articles.site.frame import Surroundings
from articles.site.public_lists import PublicList
from articles.site.things import Calendar, Day, Link, ListPage

Make = Callable[[PublicList, Surroundings], ListPage]


def years(the_list: PublicList, around: Surroundings) -> ListPage:
    """The years in which the list has a story, the newest first; one look into the index a year."""
    readers = around.language.readers
    bounds = lists.span(*the_list.key, readers)
    if not bounds:
        raise the_list.nothing(readers)
    first, last = (moment.astimezone(dates.site_zone()).year for moment in bounds)
    found = range(last, first - 1, -1)
    filled = lists.filled(*the_list.key, readers, [dates.year_span(one) for one in found])
    return replace(
        the_list.page,
        trail=_trail(the_list),
        period=_("Archive"),
        periods=[
            Link(name=dates.year(one), url=the_list.year_url(one))
            for one, has_story in zip(found, filled, strict=True)
            if has_story
        ],
        periods_label=_("Years"),
        children=(),
    )


def year(the_list: PublicList, around: Surroundings, asked: str) -> ListPage:
    """The months of a year, those that have a story as links: twelve looks into the index, by one query."""
    number = int(asked)
    if not dates.FIRST_YEAR <= number <= dates.LAST_YEAR:
        raise Http404
    readers = around.language.readers
    months = [date(number, month, 1) for month in range(1, 13)]
    spans = [dates.period(f"{one:%Y}", f"{one:%m}") for one in months]
    filled = lists.filled(*the_list.key, readers, [(span.start, span.until) for span in spans])
    start, until = spans[0].start, spans[-1].until
    if not any(filled):
        raise the_list.nothing(readers, start, until)
    return replace(
        the_list.page,
        trail=_trail(the_list, archive=True),
        period=dates.year(number),
        periods=[
            Link(name=dates.month_alone(one), url=the_list.month_url(one) if has_story else "")
            for one, has_story in zip(months, filled, strict=True)
        ],
        periods_label=_("Months"),
        newer=_year(the_list, lists.nearest(*the_list.key, readers, since=until)),
        older=_year(the_list, lists.nearest(*the_list.key, readers, before=start)),
        children=(),
    )


def period(the_list: PublicList, around: Surroundings, year: str, month: str, day: str) -> ListPage:
    """The stories of a month, or of a day."""
    try:
        asked = dates.period(year, month, day)
    except ValueError as error:
        raise Http404 from error
    readers, zone, first = around.language.readers, dates.site_zone(), asked.first
    rows = lists.between(*the_list.key, readers, asked.start, asked.until)
    if not rows:
        raise the_list.nothing(readers, asked.start, asked.until)
    whole_month = not day and len(rows) < lists.MONTH
    days = (
        {row.first_published_at.astimezone(zone).date() for row in rows}
        if whole_month
        else lists.days_between(*the_list.key, readers, asked.month_start, asked.month_until, zone)
    )
    above = [Link(name=dates.year(first.year), url=the_list.year_url(first.year))]
    above += [Link(name=dates.month(first), url=the_list.month_url(first))] if day else []
    return replace(
        the_list.page,
        cards=lists.cards(rows, around),
        trail=[*_trail(the_list, archive=True), *above],
        period=dates.day(first) if day else dates.month(first),
        calendar=_calendar(the_list, first.replace(day=1), days, current=first if day else None),
        newer=_neighbour(the_list, lists.nearest(*the_list.key, readers, since=asked.until), day=bool(day)),
        older=_neighbour(the_list, lists.nearest(*the_list.key, readers, before=asked.start), day=bool(day)),
        children=(),
    )


def span(year: str, month: str, day: str) -> tuple[datetime, datetime]:
    """When a year, month or day of an archive begins, and when it is over."""
    if month:
        asked = dates.period(year, month, day)
        return asked.start, asked.until
    return dates.year_span(int(year))


def _trail(the_list: PublicList, *, archive: bool = False) -> list[Link]:
    """From the top down to the list itself, and to its years."""
    page = the_list.page
    own = [Link(name=page.title, url=the_list.url, lang=page.lang)]
    return [*page.trail, *own, *([Link(name=_("Archive"), url=the_list.archive_url)] if archive else [])]


def _year(the_list: PublicList, moment: datetime | None) -> Link | None:
    if not moment:
        return None
    when = moment.astimezone(dates.site_zone()).year
    return Link(name=dates.year(when), url=the_list.year_url(when))


def _neighbour(the_list: PublicList, moment: datetime | None, *, day: bool) -> Link | None:
    if not moment:
        return None
    when = moment.astimezone(dates.site_zone()).date()
    if day:
        return Link(name=dates.day(when), url=the_list.day_url(when))
    return Link(name=dates.month(when), url=the_list.month_url(when))


def _calendar(the_list: PublicList, month: date, days: set[date], *, current: date | None) -> Calendar:
    weekdays = [_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")]
    weeks = [
        [
            Day(number=when.day, url=the_list.day_url(when) if when in days else "", current=when == current)
            if when.month == month.month
            else None
            for when in week
        ]
        for week in calendar.Calendar().monthdatescalendar(month.year, month.month)
    ]
    return Calendar(title=dates.month(month), weekdays=weekdays, weeks=weeks)
