"""The pages of a list: the newest one, and its archives."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from articles.models import Language
from articles.publishing.clock import database_now
from articles.site import addresses, archives, curated, dates, lists, topic_page
from articles.site.errors import gone
from articles.site.frame import Surroundings, frame
from articles.site.public_lists import Gone, Moved, PublicList, a_channel, find_here, right_below
from articles.site.things import Link, ListPage
from newsroom.delivery import standing
from newsroom.delivery.public import public_page


@public_page
def list_page(request: HttpRequest, kind: str, word: str = "") -> HttpResponse:
    def make(the_list: PublicList, around: Surroundings) -> ListPage:
        pinned = curated.live(the_list.target, around) if the_list.channel else curated.Pinned()
        return _newest(the_list, around, pinned)

    return _page(request, kind, word, make)


@public_page
def years_page(request: HttpRequest, kind: str, word: str = "") -> HttpResponse:
    return _page(request, kind, word, archives.years)


@public_page
def archive_page(
    request: HttpRequest, kind: str, word: str = "", year: str = "", month: str = "", day: str = ""
) -> HttpResponse:
    def make(the_list: PublicList, around: Surroundings) -> ListPage:
        if not month:
            return archives.year(the_list, around, year)
        return archives.period(the_list, around, year, month, day)

    return _page(request, kind, word, make, (year, month, day))


def _page(
    request: HttpRequest, kind: str, word: str, make: archives.Make, when: tuple[str, str, str] | None = None
) -> HttpResponse:
    around = Surroundings()
    try:
        the_list = find_here(request, kind, word, around)
        page = make(the_list, around)
    except Moved as moved:
        return HttpResponsePermanentRedirect(moved.url)
    except Gone:
        standing.passing()
        return gone(request)
    return _answer(request, around, the_list, page, when)


def channel_page(request: HttpRequest, around: Surroundings, path: str, pinned: curated.Pinned) -> TemplateResponse:
    """The newest page of a channel with these stories at its top."""
    the_list = a_channel(around, path)
    return _answer(request, around, the_list, _newest(the_list, around, pinned))


def _answer(
    request: HttpRequest,
    around: Surroundings,
    the_list: PublicList,
    page: ListPage,
    when: tuple[str, str, str] | None = None,
) -> TemplateResponse:
    """when: the year, month and day of an archive, as far as it has them."""
    languages = the_list.languages(archive=bool(page.period), span=archives.span(*when) if when else None)
    everywhere = the_list.channel is not None and not page.period
    feed = Link(name=page.title, url=f"{the_list.url}feed.rss")
    return TemplateResponse(
        request,
        "site/topic.html" if page.topic else "site/list.html",
        frame(
            request,
            around,
            current=the_list.channel,
            feeds=[feed],
            stands=addresses.in_languages(request.path, Language if everywhere else languages),
            found_in=[*languages, around.language]
            if page.cards
            else languages,  # of a front what is pinned counts, too
            robots="noindex" if everywhere and not page.cards else "",
            description=page.standfirst,
        )
        | {"listing": replace(page, feed=feed)},
    )


def _newest(the_list: PublicList, around: Surroundings, pinned: curated.Pinned) -> ListPage:
    is_front = the_list.channel is not None
    topic = topic_page.told(the_list.topic, around) if the_list.topic else None
    rows = lists.newest(
        *the_list.key,
        around.language.readers,
        limit=lists.LENGTH + 1,
        standing=is_front,
        without=topic_page.not_below(the_list.topic, topic) if the_list.topic and topic else None,
    )
    older = None
    if len(rows) > lists.LENGTH:
        month = rows[-1].first_published_at.astimezone(dates.site_zone()).date()
        older = Link(name=dates.month(month), url=the_list.month_url(month))
    elif rows:
        month = rows[0].first_published_at.astimezone(dates.site_zone()).date()
        older = Link(name=_("Archive by month"), url=the_list.month_url(month))
    elif latest := lists.nearest(*the_list.key, around.language.readers, before=database_now()):
        older = Link(name=_("Archive by month"), url=the_list.month_url(latest.astimezone(dates.site_zone()).date()))
    elif the_list.must_have_stories and not (topic and topic.sections):
        raise the_list.nothing(around.language.readers)
    return replace(
        the_list.page,
        cards=[*pinned.cards, *lists.cards(pinned.without(rows[: lists.LENGTH]), around)],
        older=older,
        topic=topic,
        children=right_below(the_list.place, around) if the_list.place else the_list.page.children,
        archive=Link(name=_("All years"), url=the_list.archive_url) if older else None,
        until=pinned.until,
    )
