"""Past editions at their permanent addresses: the page as readers saw it then, and its text with what it changed."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import http_date
from django.utils.translation import gettext as _

from articles.models import Correction, Edition, EditionText, Language, Publication
from articles.publishing.freeze import Content
from articles.site import addresses, changes, memento
from articles.site.frame import Surroundings, frame
from articles.site.notices import kind_label
from articles.site.past import Erased, erased, past_page, zone_of
from articles.site.renderings import languages_of, stored, words_in
from articles.site.story import build
from articles.site.things import Link


@dataclass(frozen=True)
class Retracted:
    time: datetime
    text: str
    lang: str


@dataclass(frozen=True)
class Banner:
    """What stands above a past edition: which one it is, and what became of it."""

    code: str
    number: int
    kind: str
    label: str
    time: datetime
    digest: str
    current: bool
    newest: int  # the number of the current edition
    story_url: str
    edition_url: str
    address: str  # the same, whole: for paper
    history_url: str
    changes_url: str
    previous_url: str
    next_url: str
    lang: str
    retracted: Retracted | None
    corrected: Sequence[Link]  # by which later notices
    erased: Erased | None


@past_page(both_scripts=True)
def edition(request: HttpRequest, publication: Publication, number: int) -> HttpResponse:
    """An edition as readers saw it, with a banner that says what became of it; 410 where it was erased."""
    found = _edition(publication, number)
    versions = memento.around(publication, number)
    around = Surroundings()
    content = _contents([found.pk], around).get(found.pk)
    if content and content["language"] != around.language:  # older than its conversion
        return _to_own(request, publication)
    context = _frame(request, around, publication) | {"banner": _banner(publication, found, around)}
    if content:
        story = build(content, around)
        context |= {"story": story, "title": story.headline}
    response = TemplateResponse(request, "site/edition.html", context, status=200 if content else 410)
    if publication.language != around.language:
        return response  # mementos are of the story as it was written
    there = memento.Addresses(publication.code, publication.language)
    response["Link"] = memento.of_edition(there, number, versions)
    if content:
        response["Memento-Datetime"] = http_date(found.published_at.timestamp())
    return response


@past_page(both_scripts=True)
def changed(request: HttpRequest, publication: Publication, number: int) -> HttpResponse:
    """The whole text of an edition with the changes against the one before marked in it."""
    found = _edition(publication, number)
    around = Surroundings()
    former = Edition.objects.filter(article=publication.article_id, number=number - 1).values_list("pk", flat=True)
    texts = _contents([found.pk, *former], around)
    if any(content["language"] != around.language for content in texts.values()):
        return _to_own(request, publication)
    context = _frame(request, around, publication) | {"banner": _banner(publication, found, around)}
    content, before = texts.pop(found.pk, None), next(iter(texts.values()), None)
    if not content:
        return TemplateResponse(request, "site/edition.html", context, status=410)
    remark = ""
    if not before:
        remark = _("This is the first edition.") if number == 1 else \
            _("The edition before was erased, so that nothing can be compared.")  # fmt: skip
    context |= {
        "whole": changes.whole(before, content),
        "remark": remark,
        "title": content["headline"],
    }
    return TemplateResponse(request, "site/changes.html", context)


def _contents(keys: Sequence[int], around: Surroundings) -> dict[int, Content]:
    found = stored(keys, around.language)
    return {key: json.loads(found[key]) for key in keys if key in found}


def _to_own(request: HttpRequest, publication: Publication) -> HttpResponse:
    return HttpResponseRedirect(addresses.in_language(request.get_full_path(), Language(publication.language)))


def _edition(publication: Publication, number: int) -> Edition:
    found = Edition.objects.select_related("text").filter(article=publication.article_id, number=number).first()
    if not found:
        raise Http404
    return found


def _text(edition: Edition) -> EditionText | None:
    try:
        return edition.text
    except EditionText.DoesNotExist:
        return None


def _frame(request: HttpRequest, around: Surroundings, publication: Publication) -> dict[str, Any]:
    """As of every page, but for the canonical address: the story itself is what should be found."""
    context = frame(request, around, current=around.channels.get(publication.channel_id), robots="noindex",
                    stands=addresses.in_languages(request.path, languages_of(publication)))  # fmt: skip
    story = addresses.absolute(addresses.story_path(publication.code, around.language))
    return context | {"frame": replace(context["frame"], canonical=story)}  # type: ignore[type-var]


def _banner(publication: Publication, found: Edition, around: Surroundings) -> Banner:
    zone, code, number = zone_of(publication), publication.code, found.number
    here = reverse("site:edition", args=[code, number])
    newest = publication.edition.number
    later = Correction.objects.filter(wrong=found).select_related("right").order_by("right__number", "place")[:20]
    corrected = [(notice.right.number, notice.kind) for notice in later]
    return Banner(
        code=code,
        number=number,
        kind=found.kind,
        label=kind_label(found.kind),
        time=found.published_at.astimezone(zone),
        digest=found.digest,
        current=number == newest,
        newest=newest,
        story_url=addresses.story_path(code, around.language),
        edition_url=here,
        address=addresses.absolute(here),
        history_url=reverse("site:history", args=[code]),
        changes_url=reverse("site:changes", args=[code, number]) if number > 1 and _text(found) else "",
        previous_url=reverse("site:edition", args=[code, number - 1]) if number > 1 else "",
        next_url=reverse("site:edition", args=[code, number + 1]) if number < newest else "",
        lang=around.language,
        retracted=_retracted(publication, around) if number != newest else None,
        corrected=[
            Link(
                name=_("%(kind)s, edition %(number)s") % {"kind": kind_label(kind), "number": right},
                url=f"{reverse('site:history', args=[code])}#edition-{right}",
            )
            for right, kind in dict.fromkeys(corrected)
        ],
        erased=None if _text(found) else erased(publication, editions=[found.pk]).get(("edition", found.pk)),
    )


def _retracted(publication: Publication, around: Surroundings) -> Retracted | None:
    if publication.state != Publication.State.RETRACTED:
        return None
    notices = Correction.objects.filter(right=publication.edition_id, place=1)
    words = notices.annotate(words=words_in(around.language)).values_list("words", flat=True).first()
    return Retracted(
        time=publication.edition.published_at.astimezone(zone_of(publication)),
        text=json.loads(words)["text"] if words else "",
        lang=around.language,
    )
