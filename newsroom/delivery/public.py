"""Answers that anybody may have and any cache may keep, as long as it asks again."""

import functools
from collections.abc import Callable
from datetime import datetime
from email.utils import format_datetime
from typing import Any

from csp.constants import NONE, SELF
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.cache import get_conditional_response, set_response_etag

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

View = Callable[..., HttpResponse]


def public_page(view: View) -> View:
    """GET and HEAD only, no cookie, a strict content policy, an ETag from the bytes, and 304 where they are known.

    A view may set `last_modified` on its answer (an aware datetime).
    """

    @functools.wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            refused = HttpResponse(status=405)
            refused["Allow"] = "GET, HEAD"
            return refused
        response = view(request, *args, **kwargs)
        if isinstance(response, TemplateResponse):
            response.render()
        return as_public(request, response)

    answer.csrf_exempt = True  # type: ignore[attr-defined]  # it changes nothing; a POST is told 405, not 403
    return answer


def as_public(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = ALWAYS_ASK
    response._csp_replace = READER_POLICY  # type: ignore[attr-defined]
    modified: datetime | None = getattr(response, "last_modified", None)
    if modified:
        response["Last-Modified"] = format_datetime(modified, usegmt=True)
    if response.status_code == 200:
        set_response_etag(response)
        seconds = int(modified.timestamp()) if modified else None
        kept = get_conditional_response(request, etag=response["ETag"], last_modified=seconds, response=response)
        if kept and kept is not response:  # 304 or 412
            kept._csp_replace = READER_POLICY  # type: ignore[attr-defined]
            return kept
    return response
