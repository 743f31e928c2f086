"""What is decided at the desk is noted as coming from there, and from which address (publishing/events.py)."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from articles.publishing.events import Door, coming_from
from newsroom.delivery.sender import sender

Answer = Callable[[HttpRequest], HttpResponse]


def origin(get_response: Answer) -> Answer:
    """Middleware. Readers are never named: what comes from their pages has a door and no address."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith("/admin/"):
            with coming_from(Door.DESK, sender(request)):
                return get_response(request)
        with coming_from(Door.SITE):
            return get_response(request)

    return answer
