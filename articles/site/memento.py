"""A story as it stood at a time, for machines: Memento (RFC 7089) and links between versions (RFC 5829).

The story's page is the original; every edition's own page is a memento of it. An edition that was erased stays on the
map, because it is what readers saw then; its page says that it was erased.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.http import http_date, parse_http_date

from articles.models import Edition, Language, Publication
from articles.site import addresses, errors
from articles.site.past import EDITIONS, before_of, past_page
from articles.site.remembered import remembered
from newsroom.converters import Code
from newsroom.middleware import language_of

STORY = re.compile(rf"/a/(?P<code>{Code.regex})/")
LINK_FORMAT = "application/link-format"
_RFC_1123 = re.compile(r"[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT")


class Version(NamedTuple):
    number: int
    at: datetime


class Addresses:
    """The absolute addresses of one story and of its past, in its own language."""

    def __init__(self, code: str, language: str) -> None:
        self.code, self.language = code, Language(language)
        self.original = addresses.absolute(addresses.story_path(code, language))
        self.history, self.timegate, self.timemap = map(self._at, ("history", "timegate", "timemap"))

    def _at(self, name: str, *args: int) -> str:
        with translation.override(self.language.interface):
            return addresses.absolute(reverse(f"site:{name}", args=[self.code, *args]))

    def edition(self, number: int) -> str:
        return self._at("edition", number)


def link(url: str, rel: str, **attributes: str) -> str:
    """One link, as RFC 8288 writes it. Values hold no quote: they are ours."""
    return "; ".join([f"<{url}>", f'rel="{rel}"', *(f'{name}="{value}"' for name, value in attributes.items())])


@remembered(1024)
def of_story(code: str, language: str) -> str:
    """The Link header of a story's page in a language; where it was converted to it, the timegate there leads to the
    story's own."""
    there = Addresses(code, language)
    return ", ".join([link(there.timegate, "timegate"), _map(there), link(there.history, "version-history")])


def link_of_page(path: str) -> str:
    """The Link header that the page at this address has if it is a story's; empty at all other addresses.

    A web server in front makes the same of the address alone (newsroom/delivery/page_headers.py).
    """
    own = STORY.fullmatch(addresses.bare(path))
    language = Language.of_interface(language_of(path) or settings.LANGUAGE_CODE)
    return of_story(own["code"], language) if own else ""


def of_edition(there: Addresses, number: int, known: Iterable[Version]) -> str:
    """The Link header of an edition's page; known: the editions around it, and the story's first and last."""
    versions = list(known)
    numbers = {version.number for version in versions}
    parts = [
        link(there.original, "original latest-version"),
        link(there.timegate, "timegate"),
        _map(there),
        link(there.history, "version-history"),
    ]
    if number - 1 in numbers:
        parts.append(link(there.edition(number - 1), "predecessor-version"))
    if number + 1 in numbers:
        parts.append(link(there.edition(number + 1), "successor-version"))
    return ", ".join(parts + _mementos(there, number, versions))


def around(publication: Publication, number: int) -> list[Version]:
    """An edition, the ones beside it, and the story's first and last, as far as they exist: by one query."""
    wanted = {1, number - 1, number, number + 1, publication.edition.number}
    found = Edition.objects.filter(article=publication.article_id, number__in=wanted).order_by("number")
    return [Version(*row) for row in found.values_list("number", "published_at")]


def _map(there: Addresses) -> str:
    return link(there.timemap, "timemap", type=LINK_FORMAT)


def _mementos(there: Addresses, number: int, versions: list[Version]) -> list[str]:
    places = {"first": 1, "prev": number - 1, "next": number + 1, "last": versions[-1].number}
    return [_memento(there, version, places) for version in versions]


def _memento(there: Addresses, version: Version, places: Mapping[str, int]) -> str:
    rel = " ".join([*(name for name, place in places.items() if place == version.number), "memento"])
    return link(there.edition(version.number), rel, datetime=_date(version))


def _date(version: Version) -> str:
    return http_date(version.at.timestamp())


@past_page()
def timegate(request: HttpRequest, publication: Publication) -> HttpResponse:
    """Lead to the edition that stood at the time of Accept-Datetime; to the newest without one."""
    editions = Edition.objects.filter(article=publication.article_id)
    number = publication.edition.number
    asked = request.headers.get("Accept-Datetime")
    if asked is not None:
        try:
            moment = _moment(asked)
        except ValueError:
            refused = errors.bad_request(request)
            refused["Vary"] = "accept-datetime"
            return refused
        stood = editions.filter(published_at__lte=moment).order_by("-number").values_list("number", flat=True).first()
        number = stood or 1
    there = Addresses(publication.code, publication.language)
    response = HttpResponseRedirect(reverse("site:edition", args=[publication.code, number]))
    response["Vary"] = "accept-datetime"
    response["Link"] = ", ".join(
        [link(there.original, "original"), _map(there), *_mementos(there, number, around(publication, number))]
    )
    return response


def _moment(text: str) -> datetime:
    """The end of the second that an HTTP date names: what was published within it stood then. Raises ValueError."""
    if not _RFC_1123.fullmatch(text.strip()):
        raise ValueError(text)
    try:
        return datetime.fromtimestamp(parse_http_date(text.strip()), UTC).replace(microsecond=999_999)
    except (OverflowError, OSError) as error:
        raise ValueError(text) from error


@past_page()
def timemap(request: HttpRequest, publication: Publication) -> HttpResponse:
    """All editions with their times; EDITIONS at once, older ones on a map of their own."""
    before = before_of(request, publication)
    there = Addresses(publication.code, publication.language)
    found = Edition.objects.filter(article=publication.article_id).order_by("-number")
    if before:
        found = found.filter(number__lt=before)
    rows = [Version(*row) for row in found.values_list("number", "published_at")[: EDITIONS + 1]]
    listed = rows[:EDITIONS][::-1]
    lines = [link(there.original, "original"), link(there.timegate, "timegate")]
    own = there.timemap + (f"?before={before}" if before else "")
    span = {"from": _date(listed[0]), "until": _date(listed[-1])} if listed else {}
    lines.append(link(own, "self", type=LINK_FORMAT, **span))
    if len(rows) > EDITIONS:
        older = f"{there.timemap}?before={listed[0].number}"
        lines.append(link(older, "timemap", type=LINK_FORMAT, until=_date(rows[EDITIONS])))
    places = {"first": 1, "last": publication.edition.number}
    lines += [_memento(there, version, places) for version in listed]
    return HttpResponse(",\n".join(lines) + "\n", content_type=LINK_FORMAT)
