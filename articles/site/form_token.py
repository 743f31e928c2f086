"""Forms for readers without a cookie: a POST must come from a page of ours, with a token that the page was given.

Django's own protection needs a cookie. Here the browser itself says where a form stood (Fetch Metadata, or `Origin` in
browsers without it), and the token says which form it was, for what, and when.
"""

import functools
import time
from collections.abc import Callable
from enum import Enum
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from articles.site.errors import message
from newsroom.delivery.public import READER_POLICY
from newsroom.delivery.sender import from_our_page as from_our_page

LIFE = 24 * 3600  # seconds that a form can be sent
HASTE = 3  # seconds in which nobody has read and filled in a form
MOST_BYTES = 256 * 1024  # of a form as it is sent

View = Callable[..., HttpResponse]


class Token(Enum):
    GOOD = "good"
    HASTY = "hasty"
    EXPIRED = "expired"
    FORGED = "forged"


def issue(*about: object, at: float | None = None) -> str:
    """A token for the form about these things, given out at `at` (seconds; now, if left out)."""
    return _signer(about).sign(str(int(time.time() if at is None else at)))


def check(token: str, *about: object, haste: int = HASTE) -> Token:
    """What a token that came back is worth. haste: the seconds before which it counts as sent by a machine."""
    try:
        age = time.time() - int(_signer(about).unsign(token))
    except (signing.BadSignature, ValueError):
        return Token.FORGED
    return Token.EXPIRED if age > LIFE else Token.HASTY if age < haste else Token.GOOD


def _signer(about: tuple[object, ...]) -> signing.Signer:
    return signing.Signer(salt="newsroom.form." + "/".join(map(str, about)))


def private_page(view: View) -> View:
    """GET, HEAD and POST; kept by nobody, indexed by nobody, and its address is told to no other site."""

    @functools.wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request.encoding = "utf-8"  # whatever it claims: other codecs can fail at any character, and our form is UTF-8
        if request.method not in {"GET", "HEAD", "POST"}:
            response = HttpResponse(status=405, headers={"Allow": "GET, HEAD, POST"})
        elif request.method == "POST" and not sendable(request):
            response = message(request, 413, _("This is too much"),
                               _("What was sent is larger than this form can be. Go back, and shorten your text."),
                               bare=True)  # fmt: skip
        else:
            response = view(request, *args, **kwargs)
        if isinstance(response, TemplateResponse):
            response.render()
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex"
        response["Referrer-Policy"] = "same-origin"  # under no-referrer the forms would say Origin: null
        response._csp_replace = READER_POLICY  # type: ignore[attr-defined]
        return response

    answer.csrf_exempt = True  # type: ignore[attr-defined]  # see from_our_page and check
    return answer


def sendable(request: HttpRequest) -> bool:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return length.isdecimal() and len(length) < 10 and int(length) <= MOST_BYTES
