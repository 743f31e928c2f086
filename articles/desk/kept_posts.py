"""No text is lost by a form that came too late: where a session has ended or owes a second factor, or its form was
opened before another log-in, the page that says so holds all that was typed, and sends it again.

Only what one of our own pages sent is given back: nobody else can have somebody sign and send what they prepared.
"""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import UnreadablePostError
from django.urls import reverse
from django.utils.translation import gettext as now

from articles.desk.base import desk_page
from articles.models import Article
from newsroom.delivery.sender import from_our_page

Answer = Callable[[HttpRequest], HttpResponse]
KEPT_BELOW = "/admin/articles/"  # not where passwords are typed
SECRET = ("csrfmiddlewaretoken", "password", "otp", "token", "secret")
SHOWN = 20  # characters from which a field is shown, not only carried


def kept_posts(get_response: Answer) -> Answer:
    """Middleware, inside that of sessions, and of languages."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.method != "POST" or not request.path_info.startswith(KEPT_BELOW):
            return response
        ended = _leads_to(response, "admin:login") and not request.user.is_authenticated
        owed = _leads_to(response, "second-factor")
        forged = getattr(response, "forged", False)
        if not (ended or owed or forged):
            return response
        if "application/json" in request.headers.get("Accept", ""):  # a script of ours, which keeps the text itself
            return JsonResponse({"ended": ended or owed, "forged": bool(forged)}, status=403 if forged else 401)
        try:
            fields = _fields(request) if from_our_page(request) else []
        except UnreadablePostError:
            return response
        way_in = response["Location"] if ended or owed else ""
        return _page(request, fields, ended=ended, way_in=way_in) if fields else response

    return answer


def _leads_to(response: HttpResponse, name: str) -> bool:
    return response.status_code == 302 and response["Location"].partition("?")[0] == reverse(name)


def _fields(request: HttpRequest) -> list[tuple[str, str]]:
    return [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if isinstance(value, str) and not any(word in name.lower() for word in SECRET)
    ]


def _page(request: HttpRequest, fields: list[tuple[str, str]], *, ended: bool, way_in: str) -> HttpResponse:
    shown = [(_label(name), value) for name, value in fields if _is_text(name, value)]
    page = desk_page(
        request, "desk/kept.html", title=now("Your text is here"), fields=fields, shown=shown, ended=ended,
        address=request.get_full_path(), way_in=way_in and f"{way_in.partition('?')[0]}?next={reverse('admin:index')}",
        lost_files=bool(request.FILES),
    )  # fmt: skip
    page.status_code = 403
    page["Cache-Control"] = "no-store"
    page.render()
    return page


def _is_text(name: str, value: str) -> bool:
    if name.startswith("merge_"):
        return False
    return (name in {"headline", "kicker"} and bool(value)) or (len(value) > SHOWN and not value.isalnum())


def _label(name: str) -> str:
    try:
        field: Any = Article._meta.get_field(name)
    except FieldDoesNotExist:
        return name
    return str(getattr(field, "verbose_name", name))
