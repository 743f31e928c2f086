"""What readers will see of a working copy: the reader's own page, made by the same builder, for those who may edit.

The one place in this room that reads a working copy; its answer is never kept and never public.
"""

from datetime import datetime

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import translation

from articles.language.words import one_line
from articles.models import Edition, Language, Publication
from articles.publishing import freeze
from articles.publishing.clock import database_now, stamp
from articles.publishing.issue import SILENT_KINDS
from articles.publishing.notes import MAX_NOTE
from articles.publishing.rights import articles_of
from articles.site.frame import Surroundings, frame
from articles.site.story import build, summary
from newsroom.delivery.public import READER_POLICY


def private_address(digest: str, width: int, kind: str) -> str:
    return reverse("admin:articles_picture_file", args=[digest, width, kind])


def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The working copy as its next edition would look. 404 for whoever may not see it."""
    article = articles_of(request.user).with_parts().filter(pk=pk).first()  # type: ignore[arg-type]
    if not article:
        raise Http404
    # The publish page may send along, by POST, the note that is being written; nothing is kept of it.
    kind = request.POST.get("kind", "")
    kind = kind if kind in Edition.Kind.values else Edition.Kind.UPDATE.value
    note = one_line(request.POST.get("note", ""))[:MAX_NOTE]
    at = database_now()
    publication = Publication.objects.select_related("edition__text").filter(article=article).first()
    before = publication.edition.text.read() if publication else None
    number = before["number"] + 1 if before else 1
    entries = list(before["notices"]) if before else []
    if before and note and kind not in SILENT_KINDS:
        entries.insert(0, {"number": number, "kind": kind, "at": stamp(at), "text": note})
    content = freeze.as_edition(
        freeze.freeze(article),
        number=number,
        kind=kind if before else Edition.Kind.INITIAL.value,
        at=at,
        first=datetime.fromisoformat(before["first_published_at"]) if before else at,
        notices=entries,
    )
    with translation.override(Language(article.language).interface):
        around = Surroundings()
        response = TemplateResponse(
            request,
            "site/article.html",
            frame(
                request,
                around,
                current=around.channels.get(article.channel_id or 0),
                robots="noindex",
                description=summary(content),
            )
            | {
                "story": build(content, around, address=private_address),
                "related": [],
                "json_ld": "",
                "preview": True,
            },
        )
        response.render()
    response["Cache-Control"] = "no-store"
    response["X-Frame-Options"] = "SAMEORIGIN"
    response._csp_replace = READER_POLICY | {"frame-ancestors": ["'self'"]}  # type: ignore[attr-defined]
    return response


preview_view = admin.site.admin_view(preview)
