"""What every request passes through: no cookie on public pages, and the language that its address asks for."""

from collections.abc import Callable

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation

Answer = Callable[[HttpRequest], HttpResponse]


def language_of(path: str) -> str | None:
    """The language whose prefix stands before an address.

    Exactly: Django's own function takes the channel /en-route/ for a kind of English, and knows no language that it
    has no catalogue of.
    """
    word = path.split("/", 2)[1] if path.startswith("/") else ""
    return word if word in dict(settings.LANGUAGES) else None


class NoBodyForHead:
    """Answer HEAD with the headers of GET alone, as RFC 9110 demands; Django leaves that to the server."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "HEAD":
            if isinstance(response, StreamingHttpResponse):
                response.streaming_content = []
            else:
                response.headers.setdefault("Content-Length", str(len(response.content)))
                response.content = b""
        return response


class AnonymousPages:
    """Take every cookie, and what varies by cookie, off all answers outside the desk.

    Outermost, because a malformed CSRF or session cookie makes Django answer with one on any page: also on a public
    one, which a shared cache may keep, and on those that say 404.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.path_info.startswith("/admin/") or "public" in response.get("Cache-Control", ""):
            response.cookies.clear()
            kept = [name for name in response.get("Vary", "").split(", ") if name and name.lower() != "cookie"]
            del response["Vary"]
            if kept:
                response["Vary"] = ", ".join(kept)
        return response


class ContentPolicy(CSPMiddleware):
    """As the library's, which builds its policy also for answers that have one already."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        return response if HEADER in response else super().process_response(request, response)


class LanguageByAddress:
    """Readers get the language that the address names; the desk gets the language that the person chose."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with translation.override(self.language(request)):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
            return response

    def language(self, request: HttpRequest) -> str:
        if not request.path_info.startswith("/admin/"):
            return language_of(request.path_info) or settings.LANGUAGE_CODE
        chosen = getattr(request.user, "language", "") or translation.get_language_from_request(request)
        return chosen if chosen in settings.DESK_LANGUAGES else settings.DESK_LANGUAGES[0]
