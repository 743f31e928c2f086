"""What the pages of a story's past share: finding the story, and what of it was erased."""

import functools
import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Max, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from articles.models import Edition, ErasedPart, Language, Publication
from articles.models.names import other_script
from articles.site import addresses, keys
from articles.site.renderings import is_here
from articles.site.withdrawn import gone_or_none
from newsroom.delivery import standing
from newsroom.delivery.public import View, public_page

EDITIONS = 500  # on one page of a history; older ones stand on the next
_NUMBER = re.compile(r"[1-9][0-9]{0,8}")


def past_page(*, even_down: bool = False, both_scripts: bool = False) -> Callable[[Callable[..., HttpResponse]], View]:
    """A public page on the past of a story: its view is given the Publication in place of the code.

    A draft's code is answered as one that does not exist; a story in another language leads there; one that was taken
    down is gone with all its past, unless the view itself knows what may still be said (`even_down`). both_scripts: the
    page also exists where the story was converted.
    """

    def wrap(view: Callable[..., HttpResponse]) -> View:
        @public_page
        @functools.wraps(view)
        def answer(request: HttpRequest, code: str, **kwargs: Any) -> HttpResponse:
            publication = Publication.objects.select_related("edition").filter(code=code).first()
            if not publication:
                raise Http404
            keys.on_stories([publication.pk])
            keys.on_family(publication.original_id)
            here = addresses.page_language()
            if publication.language != here and not (both_scripts and is_here(publication, here)):
                there = addresses.in_language(request.get_full_path(), Language(publication.language))
                return HttpResponseRedirect(there)
            if kwargs.get("number", 1) > publication.edition.number:
                standing.passing()  # there are as many as there are numbers
            gone = None if even_down else gone_or_none(request, publication)
            return gone or view(request, publication, **kwargs)

        return answer

    return wrap


def before_of(request: HttpRequest, publication: Publication) -> int | None:
    """The key of a further page: only editions with a lower number. Raises Http404 where there are none."""
    asked = request.GET.get("before")
    if asked is None:
        return None
    if not _NUMBER.fullmatch(asked):
        raise Http404
    newest = Edition.objects.filter(article=publication.article_id).aggregate(Max("number"))["number__max"]
    if not 1 < int(asked) <= newest:
        raise Http404
    return int(asked)


@dataclass(frozen=True)
class Erased:
    """That something was erased by law: when, and what the public is told of it."""

    time: datetime
    note: str
    digest: str  # of the erasure's record


Erasures = dict[tuple[str, int], Erased]  # by ErasedPart.kind and key


def erased(publication: Publication, *, editions: Iterable[int] = (), notices: Iterable[int] = ()) -> Erasures:
    """What was erased of these editions and notices (by their keys), by one query; told in the script of the page."""
    zone, own, here = zone_of(publication), Language(publication.language), addresses.page_language()
    parts = ErasedPart.objects.filter(
        Q(kind=ErasedPart.Kind.EDITION, target__in=list(editions))
        | Q(kind=ErasedPart.Kind.NOTICE, target__in=list(notices))
    ).select_related("erasure")

    def said(note: str) -> str:
        return other_script(note, own, here) if own.other_script == here else note

    return {
        (part.kind, part.target): Erased(part.erasure.at.astimezone(zone), said(part.erasure.note), part.erasure.digest)
        for part in parts
    }


def passing_until_sealed(sealed: Collection[object], told: Collection[object]) -> None:
    """No store may keep what tells of acts that are not all in the ledger yet: their places in it are told, too."""
    if len(sealed) < len(told):
        standing.passing()


def as_gone(response: HttpResponse, gone: HttpResponse | None) -> HttpResponse:
    """What may still be said of a story that was taken down, answered as its own address is."""
    if gone:
        response.status_code = gone.status_code
        if gone.has_header("Link"):  # of a 451: who blocks it
            response["Link"] = gone["Link"]
    return response


def zone_of(publication: Publication) -> ZoneInfo:
    return ZoneInfo(publication.read_card()["zone"])
