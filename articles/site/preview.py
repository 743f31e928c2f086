"""What readers will see of a working copy: the reader's own page, made by the same builder, for those who may edit.

The one place in this room that reads a working copy; its answer is never kept and never public.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import translation

from articles.language.words import one_line
from articles.models import Correction, Edition, EditionText, Language, Publication
from articles.publishing import freeze
from articles.publishing.clock import database_now, stamp
from articles.publishing.errors import PassageNotFound
from articles.publishing.freeze import Content
from articles.publishing.issue import WITHDRAWING, standing_notices
from articles.publishing.notes import ALWAYS_ON_TOP, MAX_NOTE, anchored
from articles.publishing.rights import articles_of
from articles.site.frame import Surroundings, frame
from articles.site.story import build, summary
from articles.site.withdrawn import taken_down
from newsroom.delivery.public import READER_POLICY

WORDS = {"text": "note", "was": "was", "now": "now"}


def private_address(digest: str, width: int, kind: str) -> str:
    return reverse("admin:articles_picture_file", args=[digest, width, kind])


def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The working copy as its next edition would look. 404 for whoever may not see it.

    The publish page may send along, by POST, the notice that is being written (kind, note, was, now, weight, field,
    passage); nothing is kept of it.
    """
    article = articles_of(request.user).with_parts().filter(pk=pk).first()  # type: ignore[arg-type]
    if not article:
        raise Http404
    at = database_now()
    publication = Publication.objects.select_related("edition__text").filter(article=article).first()
    before = publication.edition.text.read() if publication else None
    kind = request.POST.get("kind", "")
    kind = kind if kind in Correction.Kind.values else ""
    words = freeze.freeze(article)
    if before and kind in WITHDRAWING:
        words = freeze.withdrawn(before, kind, keep_headline=request.POST.get("keep_headline", "on") != "")
    number = before["number"] + 1 if before else 1
    entries = list(before["notices"]) if before else []
    if before and before["kind"] == Edition.Kind.TAKEDOWN:  # back from there, a story has its earlier notices again
        entries = [freeze.entry(one, number=one.right.number) for one in standing_notices(article)]
    if publication and kind:
        told = entry(request.POST, kind, before=_wrong(publication, request.POST), after=words["body"])
        entries = [] if kind == Correction.Kind.TAKEDOWN else entries
        entries = [*([told | {"number": number, "at": stamp(at)}] if told else []), *entries]
    content = freeze.as_edition(
        words,
        number=number,
        kind=(kind or Edition.Kind.UPDATE.value) if before else Edition.Kind.INITIAL.value,
        at=at,
        first=datetime.fromisoformat(before["first_published_at"]) if before else at,
        notices=entries,
    )
    with translation.override(Language(article.language).interface):
        is_stub = before and kind == Correction.Kind.TAKEDOWN
        response = taken_down(request, content) if is_stub else _page(request, content)
        response.render()
    response.status_code = 200
    response["Cache-Control"] = "no-store"
    response["X-Frame-Options"] = "SAMEORIGIN"
    response._csp_replace = READER_POLICY | {"frame-ancestors": ["'self'"]}  # type: ignore[attr-defined]
    return response


def _wrong(publication: Publication, asked: Mapping[str, str]) -> str:
    """The body of the edition that was wrong, as far as it still stands."""
    number = asked.get("wrong", "")
    known = number.isascii() and number.isdecimal() and len(number) < 10
    if not known or int(number) >= publication.edition.number:
        return str(publication.edition.text.read()["body"])
    text = EditionText.objects.filter(edition__article=publication.article_id, edition__number=int(number)).first()
    return str(text.read()["body"]) if text else ""


def _page(request: HttpRequest, content: Content) -> TemplateResponse:
    around = Surroundings()
    channel = content["trail"][-1]["id"] if content["trail"] else 0
    return TemplateResponse(
        request,
        "site/article.html",
        frame(request, around, current=around.channels.get(channel), robots="noindex", description=summary(content))
        | {"story": build(content, around, address=private_address), "preview": True},
    )


def entry(asked: Mapping[str, str], kind: str, *, before: str, after: str) -> dict[str, Any] | None:
    """The notice being written, with its words in it; None while it has none. before, after: bodies as HTML."""
    words = {name: one_line(asked.get(field, ""))[:MAX_NOTE] for name, field in WORDS.items()}
    if not any(words.values()):
        return None
    field, weight = asked.get("field", ""), asked.get("weight", "")
    try:
        stood, stands = anchored(asked.get("passage", ""), before, after)
    except PassageNotFound:
        stood = stands = None
    return words | {
        "kind": kind,
        "weight": Correction.Weight.SERIOUS.value if kind in ALWAYS_ON_TOP else weight,
        "field": field if field in Correction.Field.values else Correction.Field.BODY.value,
        "ground": asked.get("ground", "") if asked.get("ground", "") in Correction.Ground.values else "",
        "supersedes": "",
        "passage": stood.as_selectors() if stood else None,
        "passage_now": stands.as_selectors() if stands else None,
    }


preview_view = admin.site.admin_view(preview)
