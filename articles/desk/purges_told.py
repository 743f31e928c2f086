"""An act that is done, but whose pages are not away yet, is told as such (publishing/purging.py)."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as now

from articles.publishing import purging

Answer = Callable[[HttpRequest], HttpResponse]


def purges_told(get_response: Answer) -> Answer:
    """Middleware, inside that of messages."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.method != "POST" or not request.path_info.startswith("/admin/"):
            return get_response(request)
        with purging.missed() as missed:
            response = get_response(request)
        if missed:
            messages.warning(request, now(
                "What you did stands. But pages made before it are kept for readers, and could not be taken away yet: "
                "they are shown to nobody until that has succeeded, and it is tried again by itself."
            ))  # fmt: skip
        return response

    return answer
