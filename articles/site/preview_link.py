"""A working copy as its next edition would look, for whoever has the secret address of a preview link.

Beside the preview the one place in this room that reads a working copy. What is not opened by a link answers like any
wrong address, and takes the same work.
"""

import functools
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from articles.models import (
    RENDITION_KINDS,
    Article,
    Language,
    Picture,
    PreviewLink,
    article_with_parts,
    private_store,
    rendition_name,
)
from articles.publishing import freeze, versions
from articles.publishing.preview_links import opened
from articles.site.preview import in_script_asked, next_edition, page_of
from newsroom.delivery.public import READER_POLICY

View = Callable[..., Any]


def _secret(view: View) -> View:
    """Looked at, and nothing else; kept by nobody, indexed by nobody, and told to no other site."""

    @csrf_exempt
    @require_safe
    @functools.wraps(view)
    def answer(request: HttpRequest, key: str, **kwargs: Any) -> Any:
        link = opened(key)
        if not link:
            raise Http404
        response = view(request, link, key=key, **kwargs)
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Referrer-Policy"] = "no-referrer"
        return response

    return answer


@_secret
def page(request: HttpRequest, link: PreviewLink, *, key: str) -> HttpResponse:
    then = _story(link)

    def address(digest: str, width: int, kind: str) -> str:
        return reverse("preview-link-picture", args=[key, digest, width, kind])

    content, _stub = next_edition(then, {})
    content = in_script_asked(request, then, content)
    with translation.override(Language(content["language"]).interface):
        response = page_of(request, content, address=address, robots="noindex, nofollow", told=_told(link))
        response.render()
    response._csp_replace = READER_POLICY  # type: ignore[attr-defined]
    return response


@_secret
def picture(request: HttpRequest, link: PreviewLink, *, key: str, digest: str, width: int, kind: str) -> FileResponse:
    """A picture of the version that the link shows, and no other one."""
    found = Picture.objects.filter(digest=digest, erased_at=None).first()
    shown = freeze.freeze(_story(link))["pictures"].values() if found else ()
    if not found or digest not in {one["digest"] for one in shown}:
        raise Http404
    if kind not in RENDITION_KINDS or width not in found.all_widths:
        raise Http404
    try:
        response = FileResponse(private_store().open(rendition_name(digest, width, kind)),
                                content_type=RENDITION_KINDS[kind])  # fmt: skip
    except OSError as error:
        raise Http404 from error
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _story(link: PreviewLink) -> Article:
    article = article_with_parts(link.article_id)
    return versions.article_at(article, link.version)


def _told(link: PreviewLink) -> list[str]:
    """What the bar says: of which version, until when, and that the story is under embargo."""
    zone = link.article.desk.zone

    def local(at: Any, zone: Any = zone) -> str:
        return date_format(at.astimezone(zone), "Y-m-d H:i")

    told = [
        _("Version %(number)d of %(time)s.") % {"number": link.version.number, "time": local(link.version.saved_at)},
        _("This link ends at %(time)s. Please do not pass it on.") % {"time": local(link.expires_at)},
    ]
    if until := link.article.embargo_until:
        zone_name = link.article.embargo_zone
        when = local(until, ZoneInfo(zone_name))
        told.append(_("Under embargo until %(time)s (%(zone)s).") % {"time": when, "zone": zone_name})
    return told
