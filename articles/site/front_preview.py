"""An arrangement of a front as readers would see it, made by the builders of their own pages, for those who arrange.

Beside the previews of stories (preview.py, preview_link.py) it is all that this room reads of what is not public.
"""

import copy
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import translation

from articles.language.words import one_line, unusable_characters
from articles.models import Correction, Front, Language, Picture, Publication, Slot, site_language
from articles.models.front import FrontVersion
from articles.publishing.clock import database_now
from articles.publishing.duties import OF_ERRORS
from articles.publishing.front_duties import asking
from articles.publishing.fronts import MOST, draft_of, front_at, in_other_script, pictures_gone, slots_of
from articles.publishing.rights import Right, may
from articles.site import curated, list_pages, pages
from articles.site.frame import Surroundings
from articles.site.preview import private_address
from newsroom.delivery.public import READER_POLICY


def preview(request: HttpRequest, which: str) -> HttpResponse:
    """The draft; with POST what is being arranged just now, as the front editor names its fields. `language`: of the
    page; `version`: the number of a launched one."""
    front = _front(which) if may(request.user, Right.FRONT) else None
    if not front:
        raise Http404
    language = request.GET.get("language", "")
    page = Language(language) if language in Language.values else site_language()
    with translation.override(page.interface):
        around = Surroundings(page)
        typed = "arranged" in request.POST
        slots = list(_typed(front, request.POST)) if typed else _kept(front, request.GET.get("version"))
        response = _page(request, front, around, curated.pinned(slots, around, address=private_address))
        response.render()
    response["Cache-Control"] = "no-store"
    response["X-Frame-Options"] = "SAMEORIGIN"
    response._csp_replace = READER_POLICY | {"frame-ancestors": ["'self'"]}  # type: ignore[attr-defined]
    return response


def _front(which: str) -> Front | None:
    if which == "site":
        return front_at(0)
    return front_at(_key(which)) if _key(which) else None


def _page(request: HttpRequest, front: Front, around: Surroundings, pinned: curated.Pinned) -> TemplateResponse:
    readers = copy.copy(request)  # what the page says of its own address is said of the reader's
    if front.channel:
        readers.path = reverse("site:channel", args=[front.channel.path])
        response = list_pages.channel_page(readers, around, front.channel.path, pinned)
    else:
        readers.path = reverse("site:front")
        response = pages.front_page(readers, around, pinned)
    context: dict[str, Any] = response.context_data or {}
    context["frame"] = replace(context["frame"], canonical="", robots="noindex")
    editor = reverse("admin:articles_front_editor", args=[front.place or "site"])
    response.context_data = context | {"preview": True, "preview_editor": editor}
    return response


def _kept(front: Front, number: str | None) -> list[Slot]:
    version: FrontVersion | None = draft_of(front) or front.live
    if number:
        known = number.isascii() and number.isdecimal() and len(number) < 10
        version = front.versions.filter(number=int(number)).first() if known else None
        if not version:
            raise Http404
    return list(curated.slots_of(version=version)) if version else []


def _typed(front: Front, posted: QueryDict) -> Iterator[Any]:
    """What is being arranged, as far as it makes sense by now; what stands as it was saved still asks as it did."""
    saved = {slot.publication_id: slot for slot in slots_of(draft_of(front))}
    rows = [row for row in posted.getlist("slot")[:MOST] if row.isascii() and row.isalnum()]
    keys = {row: _key(posted.get(f"slot-{row}-story", "")) for row in rows}
    stories = Publication.objects.select_related("article").in_bulk([key for key in keys.values() if key])
    chosen = {row: _key(posted.get(f"slot-{row}-picture", "")) for row in rows}
    library = Picture.objects.in_bulk([key for key in chosen.values() if key])
    zone, now = posted.get("zone", ""), database_now()
    slots = [
        _slot(row, posted, story, library.get(chosen[row]), zone)
        for row in rows
        if (story := stories.pop(keys[row], None))
    ]
    for slot in slots:
        old = saved.get(slot.publication_id)
        if old and (old.headline, old.language, old.picture_id) == (slot.headline, slot.language, slot.picture_id):
            slot.seen = old.seen
    asked = asking(slots)
    gone = pictures_gone({slot.picture.digest for slot in slots if slot.picture})
    for slot in slots:
        wrong = [one for one in asked.get(slot.publication_id, []) if one.kind in OF_ERRORS]
        slot.now, slot.wrong, slot.gone = now, bool(wrong), bool(slot.picture and slot.picture.digest in gone)
        slot.wrong_picture = any(one.field == Correction.Field.PICTURE for one in wrong)
        yield slot


def _slot(row: str, posted: Mapping[str, str], story: Publication, picture: Picture | None, zone: str) -> Any:
    def said(name: str) -> str:
        return posted.get(f"slot-{row}-{name}", "")

    until = _moment(said("until"), zone)
    language = Language(said("language") if said("language") in Language.values else story.language)
    headline = one_line(said("headline"))[:200]
    return Slot(
        publication=story,
        headline=headline,
        language=language.value,
        other_script=in_other_script(headline, language, story.article) if not unusable_characters(headline) else "",
        picture=picture,
        mark=said("mark") if said("mark") in Slot.Mark.values and until else "",
        until=until,
        seen=_key(said("seen")),
    )


def _moment(text: str, zone: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    except (ValueError, OverflowError, OSError, KeyError):
        return None


def _key(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


preview_view = admin.site.admin_view(preview)
