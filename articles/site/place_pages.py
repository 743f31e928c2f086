"""All places with a page, as a tree. The page of one place is a list like every other (list_pages.py)."""

from dataclasses import dataclass, field

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from articles.models import Language, Listing, Place, nearest_above
from articles.models.place import PlaceQuerySet
from articles.site import addresses, keys, lists
from articles.site.frame import Surroundings, frame
from articles.site.public_lists import place_link
from articles.site.things import Link
from newsroom.delivery.public import public_page

MOST = 1000  # places of one page; what is left out is found below those that are shown


@dataclass(frozen=True)
class Branch:
    link: Link
    below: list["Branch"] = field(default_factory=list)


@public_page
def places(request: HttpRequest) -> HttpResponse:
    around = Surroundings()
    keys.on_newest(Listing.Kind.SITE, 0)
    found = with_pages(around.language.readers)
    if not found:
        raise Http404
    there = lists.any_of([[_with_pages(language.readers)] for language in Language])
    languages = [language for language, is_there in zip(Language, there, strict=True) if is_there]
    return TemplateResponse(
        request,
        "site/places.html",
        frame(request, around, stands=addresses.in_languages(request.path, languages))
        | {"title": _("Places"), "branches": tree(found, around)},
    )


def with_pages(readers: str, most: int = MOST) -> list[Place]:
    """The places that these readers find a page of, by their codes; of too many the upper ones."""
    return sorted(_with_pages(readers).upper_first()[:most], key=lambda one: one.code)


def _with_pages(readers: str) -> PlaceQuerySet:
    return Place.objects.filter(pk__in=lists.targets(Listing.Kind.PLACE, readers))


def tree(found: list[Place], around: Surroundings) -> list[Branch]:
    """Each place below the nearest one that it lies in; the others on top."""
    known = {place.code: place for place in found}
    branches = {code: Branch(place_link(place, around)) for code, place in known.items()}
    top: list[Branch] = []
    for code, branch in branches.items():
        above = nearest_above(code, known)
        (branches[above.code].below if above else top).append(branch)
    return top
