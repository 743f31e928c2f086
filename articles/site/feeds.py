"""The newest stories of a list, as a feed, in three forms (feed_forms.py)."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet, Subquery
from django.db.models.functions import Now
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect

from articles.models import Erasure, Language, Listing, Publication, Site
from articles.models.prepared import prepared, told
from articles.site import addresses, keys
from articles.site.errors import gone
from articles.site.feed_forms import Feed, answer
from articles.site.feed_items import told_item
from articles.site.frame import Surroundings
from articles.site.notices import text_rows
from articles.site.public_lists import Gone, Moved, find_here
from articles.site.renderings import content_in, frozen
from newsroom.delivery import standing
from newsroom.delivery.public import public_page

LENGTH = 30
STUB = timedelta(days=30)  # how long feeds tell that a story was taken down, so that readers' copies are overwritten

_Story = tuple[int, datetime, str]  # its key, when it was last published, and its content as JSON


@public_page
def feed(request: HttpRequest, kind: str, form: str, word: str = "") -> HttpResponse:
    """The newest stories of a list. A list without a public story has no feed, but for the site and channels, and for
    as long as it has to tell that its stories were taken down."""
    around = Surroundings()
    try:
        the_list = find_here(request, kind, word, around)
    except Moved as moved:
        return HttpResponsePermanentRedirect(moved.url)
    except Gone:
        standing.passing()
        return gone(request)
    latest, now = clocks()
    readers = around.language.readers
    shown = _shown(kind, readers, around.language)(target=the_list.target)
    stubs = _stubs(kind, readers, around.language)(target=the_list.target)
    ends = {story: published_at + STUB for story, published_at, _ in stubs}
    due = [stub for stub in stubs if now and ends[stub[0]] > now][:LENGTH]
    keys.on_newest(*the_list.key)
    stories = [*due, *shown]
    keys.on_stories(story for story, *_ in stories)
    for story, *_ in due:
        standing.until(ends[story])
    if not stories and kind != "site" and not the_list.is_open(readers):
        if stubs:
            return gone(request)
        raise Http404
    contents = [content for *_, content in stories]
    read = [frozen(content) for content in contents]
    rows = {row[0]: row for row in text_rows(read)}
    items = [
        told_item(content, tuple(rows[one["digest"]] for one in story["notices"] if one.get("digest") in rows))
        for content, story in zip(contents, read, strict=True)
    ]
    site_name = around.site.name_in(around.language)
    # A list that only its stubs are left of is gone: its name may be what had to go.
    nameless = kind == "site" or (not shown and the_list.must_have_stories)
    title = site_name if nameless else f"{the_list.page.title} - {site_name}"
    standfirst = "" if nameless else the_list.page.standfirst
    changed = [published_at for _, published_at, _ in stories] + [item.updated for item in items]
    made = Feed(
        guid=f"newsroom:{kind}:{the_list.target}:{around.language.value}",
        title=title,
        link=addresses.absolute(the_list.url),
        address=addresses.absolute(request.path),
        description=standfirst or around.words(around.site.tagline) or title,
        language=around.language.value,
        items=sorted(items, key=lambda one: one.published, reverse=True),
        built=max(changed, default=None),
    )
    # A stub leaves its feed without a publication.
    changes = [latest, *(end for end in ends.values() if end <= now)] if latest and now else []
    return answer(made, form, modified(max(changes, default=None), now))


def clocks() -> tuple[datetime, datetime] | tuple[None, None]:
    """When anything was last published, erased or renamed, and the moment, by the database's clock; asked before what
    it dates.

    Anything: a list may also change because a story left it, so its own stories do not tell.
    """
    newest = _clocks().first()
    if not newest:
        return None, None
    *changes, now = newest
    return max(one for one in changes if one), now


def modified(latest: datetime | None, now: datetime | None) -> datetime | None:
    """For Last-Modified. None for two seconds, because another change may follow in the same second."""
    return latest if latest and now and now - latest > timedelta(seconds=2) else None


@prepared
def _clocks() -> QuerySet[Any, Any]:
    erased = Subquery(Erasure.objects.order_by("-at").values("at")[:1])
    furniture = Subquery(Site.objects.values("furniture_moved_at")[:1])
    return Publication.objects.order_by("-published_at").values_list("published_at", erased, furniture, Now())[:1]


@prepared
def _shown(kind: str, readers: str, language: Language) -> "QuerySet[Listing, _Story]":
    found = Listing.objects.on(Listing.Kind(kind), told("target"), readers).shown_in(language)
    return _with_stories(found[:LENGTH], language)


@prepared
def _stubs(kind: str, readers: str, language: Language) -> "QuerySet[Listing, _Story]":
    found = Listing.objects.taken_down(Listing.Kind(kind), told("target"), readers)
    return _with_stories(found.order_by("-publication__published_at")[: LENGTH + 1], language)


def _with_stories(listings: QuerySet[Listing], language: Language) -> "QuerySet[Listing, _Story]":
    found = listings.annotate(content=content_in(language, "publication__edition"))
    return found.values_list("publication_id", "publication__published_at", "content")
