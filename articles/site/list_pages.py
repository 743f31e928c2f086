"""Channels, topics, tags, people and the whole site as lists: the newest page, then archives by month and day."""

import calendar
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from articles.models import Channel, Listing, Person, Tag, Topic
from articles.publishing.clock import database_now
from articles.publishing.freeze import freeze_picture
from articles.site import curated, dates, lists, pictures
from articles.site.frame import Surroundings, frame
from articles.site.things import Calendar, Day, Link, ListPage
from newsroom.delivery.public import public_page


@dataclass(frozen=True)
class PublicList:
    """A list that readers may open: its key, its words, its address."""

    kind: str
    target: int
    url: str
    page: ListPage
    channel: Channel | None = None
    has_feed: bool = True
    must_have_stories: bool = True

    @property
    def key(self) -> lists.Key:
        return self.kind, self.target

    def month_url(self, when: date) -> str:
        return f"{self.url}archive/{when:%Y}/{when:%m}/"

    def day_url(self, when: date) -> str:
        return f"{self.month_url(when)}{when:%d}/"


class Gone(Exception):
    """What was public here has been withdrawn."""


def the_site(around: Surroundings) -> PublicList:
    page = ListPage(kind="site", title=_("All stories"), cards=())
    return PublicList(Listing.Kind.SITE, 0, reverse("site:front"), page)


def a_channel(around: Surroundings, path: str) -> PublicList:
    channel = next((channel for channel in around.channels.values() if channel.path == path), None)
    if not channel:
        raise Http404
    link = around.channel_link(channel)
    page = ListPage(
        kind="channel",
        title=link.name,
        lang=link.lang,
        cards=(),
        trail=[around.channel_link(above) for above in channel.trail()[:-1]],
        standfirst=around.words(channel.description),
        children=[around.channel_link(child) for child in around.channels.values() if child.parent_id == channel.pk],
        empty=_("No story stands in this channel yet."),
    )
    return PublicList(Listing.Kind.CHANNEL, channel.pk, link.url, page, channel=channel, must_have_stories=False)


def a_topic(around: Surroundings, slug: str) -> PublicList:
    topic = Topic.objects.filter(slug=slug).first()
    if not topic:
        raise Http404
    name, lang = topic.named(around.language)
    page = ListPage(
        kind="topic",
        title=name,
        lang="" if lang == around.language else lang,
        standfirst=around.words(topic.standfirst),
        cards=(),
    )
    return PublicList(Listing.Kind.TOPIC, topic.pk, reverse("site:topic", args=[slug]), page)


def a_tag(around: Surroundings, slug: str) -> PublicList:
    tag = Tag.objects.filter(slug=slug).first()
    if not tag:
        raise Http404
    page = ListPage(kind="tag", title=around.words(tag.name) or tag.name, cards=())
    return PublicList(Listing.Kind.TAG, tag.pk, reverse("site:tag", args=[slug]), page)


def a_person(around: Surroundings, slug: str) -> PublicList:
    person = Person.objects.select_related("portrait").filter(slug=slug).first()
    if not person:
        raise Http404
    if not person.has_page:
        if Listing.objects.filter(kind=Listing.Kind.PERSON, target=person.pk).exists():
            raise Gone
        raise Http404  # nobody whom only drafts name is told apart from nobody at all
    name, lang = person.named(around.language)
    portrait = person.portrait
    page = ListPage(
        kind="person",
        title=name,
        lang="" if lang == around.language else lang,
        standfirst=around.words(person.biography),
        portrait=pictures.shown(freeze_picture(portrait), lang=around.language) if portrait else None,
        cards=(),
    )
    url = reverse("site:person", args=[slug])
    return PublicList(Listing.Kind.PERSON, person.pk, url, page, has_feed=False)


FIND = {"channel": a_channel, "topic": a_topic, "tag": a_tag, "person": a_person}


def find(kind: str, word: str, around: Surroundings) -> PublicList:
    return the_site(around) if kind == "site" else FIND[kind](around, word)


@public_page
def list_page(
    request: HttpRequest, kind: str, word: str = "", year: str = "", month: str = "", day: str = ""
) -> HttpResponse:
    around = Surroundings()
    try:
        the_list = find(kind, word, around)
    except Gone:
        from articles.site.errors import gone

        return gone(request)
    if year:
        page = _archive(the_list, around, year, month, day)
    else:
        pinned = curated.live(the_list.target, around) if the_list.channel else curated.Pinned()
        page = _newest(the_list, around, pinned)
    return _answer(request, around, the_list, page)


def channel_page(request: HttpRequest, around: Surroundings, path: str, pinned: curated.Pinned) -> TemplateResponse:
    """The newest page of a channel with these stories at its top."""
    the_list = a_channel(around, path)
    return _answer(request, around, the_list, _newest(the_list, around, pinned))


def _answer(request: HttpRequest, around: Surroundings, the_list: PublicList, page: ListPage) -> TemplateResponse:
    feed = Link(name=page.title, url=f"{the_list.url}feed.rss") if the_list.has_feed else None
    return TemplateResponse(
        request,
        "site/list.html",
        frame(
            request,
            around,
            current=the_list.channel,
            feeds=[feed] if feed else [],
            everywhere=the_list.channel is not None and not page.period,
            description=page.standfirst,
        )
        | {"listing": replace(page, feed=feed)},
    )


def _newest(the_list: PublicList, around: Surroundings, pinned: curated.Pinned) -> ListPage:
    is_front = the_list.channel is not None
    rows = lists.newest(*the_list.key, around.language.readers, limit=lists.LENGTH + 1, standing=is_front)
    if not rows and the_list.must_have_stories:
        raise Http404
    older = None
    if len(rows) > lists.LENGTH:
        month = rows[-1].first_published_at.astimezone(dates.site_zone()).date()
        older = Link(name=dates.month(month), url=the_list.month_url(month))
    elif rows:
        month = rows[0].first_published_at.astimezone(dates.site_zone()).date()
        older = Link(name=_("Archive by month"), url=the_list.month_url(month))
    elif latest := lists.nearest(*the_list.key, around.language.readers, before=database_now()):
        older = Link(name=_("Archive by month"), url=the_list.month_url(latest.astimezone(dates.site_zone()).date()))
    cards = [*pinned.cards, *lists.cards(pinned.without(rows[: lists.LENGTH]), around)]
    return replace(the_list.page, cards=cards, older=older, until=pinned.until)


def _archive(the_list: PublicList, around: Surroundings, year: str, month: str, day: str) -> ListPage:
    try:
        asked = dates.period(year, month, day)
    except ValueError as error:
        raise Http404 from error
    readers, zone, first = around.language.readers, dates.site_zone(), asked.first
    rows = lists.between(*the_list.key, readers, asked.start, asked.until)
    if not rows:
        raise Http404
    whole_month = not day and len(rows) < lists.MONTH
    days = (
        {row.first_published_at.astimezone(zone).date() for row in rows}
        if whole_month
        else lists.days_between(*the_list.key, readers, asked.month_start, asked.month_until, zone)
    )
    return replace(
        the_list.page,
        cards=lists.cards(rows, around),
        period=dates.day(first) if day else dates.month(first),
        calendar=_calendar(the_list, first.replace(day=1), days, current=first if day else None),
        newer=_neighbour(the_list, lists.nearest(*the_list.key, readers, since=asked.until), day=bool(day)),
        older=_neighbour(the_list, lists.nearest(*the_list.key, readers, before=asked.start), day=bool(day)),
    )


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
