"""Answers that anybody may have and any cache may keep, as long as it asks again."""

import functools
from collections.abc import Callable
from datetime import datetime
from email.utils import format_datetime
from typing import Any

from csp.constants import NONE, SELF
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.cache import get_conditional_response

from newsroom.delivery import standing
from newsroom.delivery.entry import etag, moment_of

ALWAYS_ASK = "public, max-age=0, must-revalidate"
READER_POLICY = {
    "default-src": [NONE],
    "script-src": [SELF],
    "style-src": [SELF],
    "img-src": [SELF],
    "font-src": [SELF],
    "connect-src": [SELF],
    "form-action": [SELF],
    "frame-ancestors": [NONE],
    "base-uri": [NONE],
}
# The same, in an order that stays: kept pages have it, and deploy/nginx.conf says it (page_headers.py).
READER_POLICY_LINE = "; ".join(f"{name} {' '.join(values)}" for name, values in READER_POLICY.items())

View = Callable[..., HttpResponse]


KEPT_STATUS = {200, 410, 451}


def public_page(view: View) -> View:
    """GET and HEAD only, no cookie, a strict content policy, an ETag from the bytes, and 304 where they are known.

    Stores may keep the answer for as long as what it was made of stands (standing.py). A view may set `last_modified`
    on its answer (an aware datetime).
    """
    return _public(view, kept=True)


def passing_page(view: View) -> View:
    """The same of an answer that no store may keep: it depends on what was asked, or on the moment."""
    return _public(view, kept=False)


def _public(view: View, *, kept: bool) -> View:
    @functools.wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            refused = HttpResponse(status=405)
            refused["Allow"] = "GET, HEAD"
            return refused
        with standing.collecting() as found:
            response = view(request, *args, **kwargs)
            if isinstance(response, TemplateResponse):
                response.render()
        if kept and response.status_code in KEPT_STATUS:
            found.told(response)
        return as_public(request, response)

    answer.csrf_exempt = True  # type: ignore[attr-defined]  # it changes nothing; a POST is told 405, not 403
    return answer


def as_public(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = ALWAYS_ASK
    response["Content-Security-Policy"] = READER_POLICY_LINE
    modified: datetime | None = getattr(response, "last_modified", None)
    if modified:
        response["Last-Modified"] = format_datetime(modified, usegmt=True)
    if response.status_code == 200:
        response["ETag"] = etag(moment_of(response.content), len(response.content))
        seconds = int(modified.timestamp()) if modified else None
        kept = get_conditional_response(request, etag=response["ETag"], last_modified=seconds, response=response)
        if kept and kept is not response:  # 304 or 412
            kept["Content-Security-Policy"] = READER_POLICY_LINE
            return kept
    return response
