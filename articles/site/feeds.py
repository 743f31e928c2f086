"""The newest stories of a list, as a feed, in three forms (feed_forms.py)."""

import json
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet, Subquery
from django.db.models.functions import Now
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect

from articles.models import Erasure, Listing, Publication
from articles.site import addresses, lists
from articles.site.errors import gone
from articles.site.feed_forms import Feed, answer
from articles.site.feed_items import story_item
from articles.site.frame import Surroundings
from articles.site.notices import texts_of
from articles.site.public_lists import Gone, Moved, find_here
from articles.site.renderings import content_in
from newsroom.delivery.public import public_page

LENGTH = 30
STUB = timedelta(days=30)  # how long feeds tell that a story was taken down, so that readers' copies are overwritten


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
        return gone(request)
    latest, now = clocks()
    readers = around.language.readers
    shown: list[Any] = list(_with_stories(lists.on(kind, the_list.target, readers)[:LENGTH]))
    taken_down = Listing.objects.taken_down(Listing.Kind(kind), the_list.target, readers)
    stubs: list[Any] = list(_with_stories(taken_down.order_by("-publication__published_at")[: LENGTH + 1]))
    ends = {stub.pk: stub.publication.published_at + STUB for stub in stubs}
    due = [stub for stub in stubs if now and ends[stub.pk] > now][:LENGTH]
    publications = [listing.publication for listing in (*due, *shown)]
    if not publications and kind != "site" and not the_list.is_open(readers):
        if stubs:
            return gone(request)
        raise Http404
    contents = [json.loads(listing.content) for listing in (*due, *shown)]
    texts = texts_of(contents)
    site_name = around.site.name_in(around.language)
    # A list that only its stubs are left of is gone: its name may be what had to go.
    nameless = kind == "site" or (not shown and the_list.must_have_stories)
    title = site_name if nameless else f"{the_list.page.title} - {site_name}"
    standfirst = "" if nameless else the_list.page.standfirst
    items = [story_item(content, texts) for content in contents]
    changed = [publication.published_at for publication in publications] + [item.updated for item in items]
    told = Feed(
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
    return answer(told, form, modified(max(changes, default=None), now))


def clocks() -> tuple[datetime, datetime] | tuple[None, None]:
    """When anything was last published or erased, and the moment, by the database's clock; asked before what it dates.

    Anything: a list may also change because a story left it, so its own stories do not tell.
    """
    erased = Subquery(Erasure.objects.order_by("-at").values("at")[:1])
    newest = Publication.objects.order_by("-published_at").values_list("published_at", erased, Now()).first()
    return (max(newest[0], newest[1] or newest[0]), newest[2]) if newest else (None, None)


def modified(latest: datetime | None, now: datetime | None) -> datetime | None:
    """For Last-Modified. None for two seconds, because another change may follow in the same second."""
    return latest if latest and now and now - latest > timedelta(seconds=2) else None


def _with_stories(listings: QuerySet[Listing]) -> QuerySet[Listing]:
    content = content_in(addresses.page_language(), "publication__edition")
    return listings.select_related("publication").annotate(content=content)
