"""The corrections page: every notice there ever was, newest first, by kind, channel and month; and its feeds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import translation
from django.utils.encoding import iri_to_uri
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from articles.models import Channel, Language, Site
from articles.site import addresses, correction_log, dates
from articles.site.correction_log import KINDS, LENGTH, MONTH, Entry, Kind, Rows, Wanted
from articles.site.feed_forms import Feed, answer
from articles.site.feed_items import Item, notice_guid, notice_html, notice_lines
from articles.site.feeds import LENGTH as FEED_LENGTH
from articles.site.feeds import clocks, modified
from articles.site.frame import Surroundings, frame
from articles.site.notices import kind_label, marked
from articles.site.public_lists import moved_to
from articles.site.things import Link
from newsroom.delivery.public import public_page


@dataclass(frozen=True)
class LogPage:
    title: str
    about: str  # to which kind, channel and time it is restricted
    entries: Sequence[Entry]
    kinds: Sequence[Link]
    channels: Sequence[Link]
    days: Sequence[Link]  # of a month with more notices than fit on its page
    newer: Link | None
    older: Link | None
    feed: Link
    policy_url: str
    accuracy_url: str
    updates: bool  # whether updates are what is shown


@dataclass(frozen=True)
class Filter:
    """What a page of the log is restricted to, and the address that says so."""

    kind: str = ""
    channel: Channel | None = None

    @property
    def url(self) -> str:
        kind = f"kind/{self.kind}/" if self.kind else ""
        channel = f"channel/{self.channel.path}/" if self.channel else ""
        return f"{reverse('site:corrections')}{kind}{channel}"

    def month_url(self, when: date) -> str:
        return f"{self.url}archive/{when:%Y}/{when:%m}/"

    def wanted(self, around: Surroundings) -> Wanted:
        below = [one.pk for one in around.channels.values() if self.channel and self.channel in one.trail()]
        return Wanted(around.language.readers, [self.kind] if self.kind else KINDS, below)


@public_page
def log(
    request: HttpRequest, kind: str = "", word: str = "", year: str = "", month: str = "", day: str = ""
) -> HttpResponse:
    around = Surroundings()
    channel = next((one for one in around.channels.values() if one.path == word), None)
    if kind and kind not in Kind.values:
        raise Http404
    if word and not channel:
        return _moved(request, word, around)
    chosen = Filter(kind, channel)
    wanted = chosen.wanted(around)
    period, days, newer, older = "", [], None, None
    if year:
        try:
            asked = dates.period(year, month, day)
        except ValueError as error:
            raise Http404 from error
        first = asked.first
        keys = correction_log.newest(wanted, since=asked.start, before=asked.until, limit=MONTH + 1)
        if not keys:
            raise Http404
        period = dates.day(first) if day else dates.month(first)
        if day or len(keys) > MONTH:
            days = [
                Link(
                    name=dates.shortday(one),
                    url=f"{chosen.month_url(one)}{one:%d}/",
                    current=bool(day) and one == first,
                )
                for one in correction_log.days_with(wanted, asked.month_start, asked.month_until, dates.site_zone())
            ]
        newer = _neighbour(chosen, correction_log.nearest(wanted, since=asked.month_until))
        older = _neighbour(chosen, correction_log.nearest(wanted, before=asked.month_start))
        keys = keys[:MONTH]
    else:
        keys = correction_log.newest(wanted, limit=LENGTH + 1)
    rows = Rows(keys, around)
    if not year and rows.found:
        more = len(keys) > LENGTH
        last = rows.found[-1 if more else 0].at.astimezone(dates.site_zone()).date()
        older = Link(name=dates.month(last) if more else _("Archive by month"), url=chosen.month_url(last))
    feed = Link(name=_("Corrections"), url=reverse("site:corrections-feed", args=["rss"]))
    context = frame(request, around, feeds=[feed], everywhere=not (year or word), current=channel)
    context["log"] = LogPage(
        title=_("Corrections"),
        about=" · ".join(part for part in (*_named(chosen, around), period) if part),
        entries=rows.entries() if year else rows.entries()[:LENGTH],
        kinds=_kinds(chosen),
        channels=_channels(chosen, around),
        days=days,
        newer=newer,
        older=older,
        feed=feed,
        policy_url=reverse("site:page", args=["policy"]),
        accuracy_url=reverse("site:accuracy"),
        updates=kind == Kind.UPDATE,
    )
    return TemplateResponse(request, "site/corrections.html", context)


def _named(chosen: Filter, around: Surroundings) -> list[str]:
    kind = kind_label(chosen.kind) if chosen.kind else ""
    return [kind, chosen.channel.named(around.language)[0] if chosen.channel else ""]


def _neighbour(chosen: Filter, at: datetime | None) -> Link | None:
    if not at:
        return None
    when = at.astimezone(dates.site_zone()).date()
    return Link(name=dates.month(when), url=chosen.month_url(when))


def _kinds(chosen: Filter) -> list[Link]:
    everything = Link(name=_("All"), url=Filter("", chosen.channel).url, current=not chosen.kind)
    return [everything] + [
        Link(name=kind_label(kind), url=Filter(kind, chosen.channel).url, current=kind == chosen.kind)
        for kind in [*KINDS, Kind.UPDATE]
    ]


def _channels(chosen: Filter, around: Surroundings) -> list[Link]:
    shown = [one for one in around.channels.values() if one.parent_id is None or one == chosen.channel]
    everything = Link(name=_("All channels"), url=Filter(chosen.kind).url, current=not chosen.channel)
    links = [everything]
    for one in shown:
        name, lang = one.named(around.language)
        links.append(around.link(name, lang, Filter(chosen.kind, one).url, current=one == chosen.channel))
    return links


def _moved(request: HttpRequest, word: str, around: Surroundings) -> HttpResponse:
    """Where the log of a channel stands that has another address by now."""
    moved = moved_to("channel", word, around)
    if not moved or not moved.channel:
        raise Http404
    path = request.path.replace(f"channel/{word}/", f"channel/{moved.channel.path}/", 1)
    return HttpResponsePermanentRedirect(iri_to_uri(path))


@public_page
def feed(request: HttpRequest, form: str) -> HttpResponse:
    """The newest notices, each an item of its own: a story's own item may long have left its feeds."""
    around = Surroundings()
    latest, now = clocks()
    rows = Rows(correction_log.newest(Filter().wanted(around), limit=FEED_LENGTH), around)
    site_name = around.site.name_in(around.language)
    name = _("Corrections")
    title = f"{name} - {site_name}"
    items = [_item(entry, around.site) for entry in rows.entries(own_language=True)]
    told = Feed(
        guid=f"newsroom:corrections:{around.language.value}",
        title=title,
        link=addresses.absolute(reverse("site:corrections")),
        address=addresses.absolute(request.path),
        description=title,
        language=around.language.value,
        items=items,
        built=max((item.updated for item in items), default=None),
    )
    return answer(told, form, modified(latest, now))


def _item(entry: Entry, site: Site) -> Item:
    """In the language of its story, so that one notice is the same item in every feed."""
    language = Language(entry.lang)
    with translation.override(language.interface):
        return _told(entry, site.name_in(language))


def _told(entry: Entry, site_name: str) -> Item:
    told, link = entry.notice, addresses.absolute(entry.url)
    story_url = link.partition("#")[0]
    story = format_html('<p><a href="{}">{}</a></p>', link, entry.headline or entry.code)
    words = notice_html(told, story_url) if entry.says else SafeString("")
    return Item(
        guid=notice_guid(entry.code, told.number, told.place),
        link=link,
        title=marked(told.label, entry.headline or entry.code),
        summary=" ".join(notice_lines(told)) if entry.says else told.label,
        html=words + story,
        published=entry.published,
        updated=entry.updated,
        language=entry.lang,
        authors=[site_name],
        categories=[entry.channel.name] if entry.channel.name else [],
        notices=[told] if entry.says else [],
    )
