"""What readers will see of a working copy: the reader's own page, made by the same builder, for those who may edit.

The one place in this room that reads a working copy; its answer is never kept and never public.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import translation

from articles.language.words import one_line
from articles.models import Article, Correction, Edition, EditionText, Language, Publication
from articles.publishing import freeze
from articles.publishing.clock import database_now, stamp
from articles.publishing.convert import converter_for
from articles.publishing.errors import PassageNotFound
from articles.publishing.freeze import Content
from articles.publishing.issue import standing_notices
from articles.publishing.notes import ALWAYS_ON_TOP, GRAVITY, MAX_NOTE, anchored
from articles.publishing.rights import articles_of
from articles.site import addresses
from articles.site.frame import Surroundings, frame
from articles.site.story import build, summary
from articles.site.things import Link, PictureAddress
from articles.site.typed import typed
from articles.site.withdrawn import taken_down
from newsroom.delivery.public import READER_POLICY

WORDS = {"text": "note", "was": "was", "now": "now"}
FURTHER = ["n2-", "n3-"]  # how the form names the fields of a second and a third notice
# What a notice of each kind says; what else stands in the form, its edition will not have either.
_ANCHORED = {"note", "weight", "field", "passage", "wrong", "supersedes"}
SAYS: dict[str, set[str]] = {
    Correction.Kind.CORRECTION: _ANCHORED | {"was", "now"},
    Correction.Kind.CLARIFICATION: _ANCHORED,
    Correction.Kind.UPDATE: {"note", "weight"},
    Correction.Kind.EDITORS_NOTE: {"note", "supersedes"},
    Correction.Kind.RETRACTION: {"note"},
    Correction.Kind.TAKEDOWN: {"note", "ground"},
}


def private_address(digest: str, width: int, kind: str) -> str:
    return reverse("admin:articles_picture_file", args=[digest, width, kind])


def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The working copy as its next edition would look. 404 for whoever may not see it.

    The publish page may send along, by POST, the notices that are being written, and the story form what is typed in
    it, as those forms name their fields; nothing is kept of them.
    """
    article = articles_of(request.user).with_parts().filter(pk=pk).first()  # type: ignore[arg-type]
    if not article:
        raise Http404
    if "headline" in request.POST:  # the story form, with what is typed in it
        article = typed(article, request.POST)
    content, is_stub = next_edition(article, request.POST)
    content = in_script_asked(request, article, content)
    with translation.override(Language(content["language"]).interface):
        response = taken_down(request, content) if is_stub else page_of(request, content, address=private_address)
        response.render()
    response.status_code = 200
    response["Cache-Control"] = "no-store"
    response["X-Frame-Options"] = "SAMEORIGIN"
    response._csp_replace = READER_POLICY | {"frame-ancestors": ["'self'"]}  # type: ignore[attr-defined]
    return response


def in_script_asked(request: HttpRequest, article: Article, content: Content) -> Content:
    """The content in the other Chinese script, where that is asked for (`?script=zh-Hans`), as it would be frozen."""
    asked = request.GET.get("script", "")
    if asked in {"", content["language"]}:
        return content
    converter = converter_for(content, article, own=article.script_forms)
    return converter.content(content) if converter and converter.target == asked else content


def scripts_of(request: HttpRequest, content: Content) -> list[Link]:
    """The same preview in both Chinese scripts; nothing of what was typed in a form can be asked for by a link."""
    here = Language(content["language"])
    other = here.other_script
    if not other or request.method != "GET":
        return []
    own = Language(content.get("converted_from") or here)
    return [
        Link(name=dict(settings.LANGUAGES)[one.interface], lang=one, current=one == here,
             url="?" if one == own else f"?script={one}")
        for one in (own, here if own != here else other)
    ]  # fmt: skip


def next_edition(article: Article, posted: Mapping[str, str]) -> tuple[Content, bool]:
    """What the next edition of a working copy would hold, with the notices that are being written; and whether only
    the notice of a takedown would be shown of it."""
    at = database_now()
    publication = Publication.objects.select_related("edition__text").filter(article=article.pk).first()
    before = publication.edition.text.read() if publication else None
    kind = posted.get("kind", "")
    kind = kind if kind in Correction.Kind.values else ""
    words = freeze.freeze(article)
    if before and kind in Edition.WITHDRAWING:
        words = freeze.withdrawn(before, kind, keep_headline=posted.get("keep_headline", "on") != "")
    number = before["number"] + 1 if before else 1
    entries = list(before["notices"]) if before else []
    if before and before["kind"] == Edition.Kind.TAKEDOWN:  # back from there, a story has its earlier notices again
        entries = [freeze.entry(one, number=one.right.number) for one in standing_notices(article)]
    if publication and kind:
        told = _told(posted, kind, publication, words)
        kind = max([kind, *(one["kind"] for one in told)], key=lambda one: GRAVITY.index(Correction.Kind(one)))
        entries = [] if kind == Correction.Kind.TAKEDOWN else entries
        new = [one | {"number": number, "place": place, "at": stamp(at)} for place, one in enumerate(told, start=1)]
        entries = new + entries
    content = freeze.as_edition(
        words,
        number=number,
        kind=(kind or Edition.Kind.UPDATE.value) if before else Edition.Kind.INITIAL.value,
        at=at,
        first=datetime.fromisoformat(before["first_published_at"]) if before else at,
        notices=entries,
    )
    return content, bool(before) and kind == Correction.Kind.TAKEDOWN


def _told(posted: Mapping[str, str], kind: str, publication: Publication, words: Content) -> list[dict[str, Any]]:
    """The notices being written, in the order of the form; of a withdrawal there is one."""
    kinds = {"": kind}
    if kind not in Edition.WITHDRAWING:
        kinds |= {prefix: posted.get(f"{prefix}kind", "") for prefix in FURTHER}
    found = []
    for prefix, its in kinds.items():
        if its not in SAYS or (prefix and its in Edition.WITHDRAWING):
            continue
        asked = {name: posted.get(prefix + name, "") for name in SAYS[its]}
        superseded = _superseded(publication, asked.get("supersedes", ""))
        if told := entry(asked, its, before=_wrong(publication, asked), after=words["body"], supersedes=superseded):
            found.append(told)
    return found


def _superseded(publication: Publication, key: str) -> str:
    """The digest of the notice of this story that the new one takes the place of."""
    known = key.isascii() and key.isdecimal() and len(key) < 19
    notices = Correction.objects.filter(article=publication.article_id, pk=int(key)) if known else None
    return (notices.values_list("digest", flat=True).first() or "") if notices is not None else ""


def _wrong(publication: Publication, asked: Mapping[str, str]) -> str:
    """The body of the edition that was wrong, as far as it still stands."""
    number = asked.get("wrong", "")
    known = number.isascii() and number.isdecimal() and len(number) < 10
    if not known or int(number) >= publication.edition.number:
        return str(publication.edition.text.read()["body"])
    text = EditionText.objects.filter(edition__article=publication.article_id, edition__number=int(number)).first()
    return str(text.read()["body"]) if text else ""


def page_of(
    request: HttpRequest,
    content: Content,
    *,
    address: PictureAddress,
    robots: str = "noindex",
    told: Sequence[str] = (),
) -> TemplateResponse:
    """The reader's page of this content, with the preview bar on it. told: what the bar says beside that it is one."""
    around = Surroundings()
    channel = content["trail"][-1]["id"] if content["trail"] else 0
    own = Language(content.get("converted_from") or content["language"])
    both = [own, own.other_script] if own.other_script else [own]
    stands = {one: addresses.story_path(content["code"], one) for one in both}
    context = frame(request, around, current=around.channels.get(channel), robots=robots, stands=stands,
                    description=summary(content))  # fmt: skip
    context["frame"] = replace(context["frame"], canonical="")  # type: ignore[type-var]
    return TemplateResponse(
        request,
        "site/article.html",
        context
        | {
            "story": build(content, around, address=address),
            "preview": True,
            "preview_told": told,
            "preview_scripts": scripts_of(request, content),
        },
    )


def entry(
    asked: Mapping[str, str], kind: str, *, before: str, after: str, supersedes: str = ""
) -> dict[str, Any] | None:
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
        "supersedes": supersedes,
        "passage": stood.as_selectors() if stood else None,
        "passage_now": stands.as_selectors() if stands else None,
    }


preview_view = admin.site.admin_view(preview)
