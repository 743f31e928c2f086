"""Pages for what cannot be shown: what happened, and what one can do."""

import logging
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from articles.site.frame import Surroundings, frame
from articles.site.things import Link
from newsroom.delivery.public import READER_POLICY

log = logging.getLogger(__name__)


def message(request: HttpRequest, status: int, title: str, text: str, *, bare: bool = False) -> HttpResponse:
    """A page that says one thing. `bare` leaves out what would need the database."""
    context: dict[str, object] = {
        "message": {
            "status": status,
            "title": title,
            "text": text,
            "links": [Link(name=_("Front page"), url=reverse("site:front"))],
        }
    }
    if not bare:
        try:
            context |= frame(request, Surroundings(), canonical="", robots="noindex")
        except Exception:  # a page that reports a fault must not fail of it
            log.exception("no frame for the error page")
    response = HttpResponse(render_to_string("site/message.html", context, request), status=status)
    response["Cache-Control"] = "no-store"
    response["X-Frame-Options"] = "DENY"  # also where a wrong Host ends the request before the middleware that says it
    response._csp_replace = READER_POLICY  # type: ignore[attr-defined]
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return message(request, 400, _("This request cannot be understood"),
                   _("The address or the form contains something unusable. Go back, and try again."),
                   bare=True)  # fmt: skip


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return message(request, 403, _("This is not open to you"),
                   _("Your role at the desk does not allow this. Ask the chief of your desk."), bare=True)  # fmt: skip


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's CSRF failure."""
    response = message(request, 403, _("The form has expired"),
                       _("For safety, a form must be sent from a page of this site, opened not too long ago. "
                         "Go back: your text is still there. Open the same page in a second window, and send again."),
                       bare=True)  # fmt: skip
    response.forged = True  # type: ignore[attr-defined]  # the desk gives back what was typed (desk/kept_posts.py)
    return response


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return message(request, 404, _("There is no page here"),
                   _("The address may be mistyped, or the page never existed."))  # fmt: skip


def gone(request: HttpRequest) -> HttpResponse:
    return message(request, 410, _("This page has been withdrawn"),
                   _("What stood here was taken down for good."))  # fmt: skip


def fault(request: HttpRequest) -> HttpResponse:
    """Our own fault; or the database's, which comes back: then the answer says so to machines, too."""
    if isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        response = message(request, 503, _("The newsroom is out of reach for a moment"),
                           _("Its database does not answer. Please try again in a few minutes."),
                           bare=True)  # fmt: skip
        response["Retry-After"] = "30"
        return response
    return message(request, 500, _("Something went wrong on our side"),
                   _("It has been noted. Please try again in a few minutes."), bare=True)  # fmt: skip
