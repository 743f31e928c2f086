"""A colleague's session: how long it lasts, what it has proved, and what it still owes.

Times here are the server's own, as Django's of when a session ends: a question to the database at every click would
tell nothing better.
"""

import time
from collections.abc import Callable
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth import HASH_SESSION_KEY, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as now

from articles.models import User
from articles.publishing.door.second_factor import standing

IDLE = 8 * 3600  # seconds without a click
WHOLE = 24 * 3600  # seconds since coming in
FRESH = 15 * 60  # seconds for which a proof counts
NOTED_EVERY = 60  # seconds; a click within them is not written down
OPEN_TO_WHO_OWES = {
    "second-factor", "second-factor-app", "second-factor-passkey", "second-factor-act", "second-step", "welcome",
    "password-letter", "desk-language", "admin:login", "admin:logout", "admin:jsi18n",
}  # fmt: skip

NO_CLICK = {"admin:articles_article_here"}  # what an open window sends by itself

Answer = Callable[[HttpRequest], HttpResponse]


def begin(request: HttpRequest, *, by_second_factor: bool) -> None:
    """A session has just begun, by a proof."""
    moment = time.time()
    request.session.update({"began": moment, "seen": moment, "proved": moment, "second": by_second_factor})


def prove(request: HttpRequest, *, by_second_factor: bool = False) -> None:
    """Its owner has just proved again who they are."""
    request.session["proved"] = time.time()
    if by_second_factor:
        request.session["second"] = True


def lately_proved(request: HttpRequest) -> bool:
    return 0 <= time.time() - request.session.get("proved", 0) < FRESH


def keep(request: HttpRequest, user: User) -> None:
    """Let this session go on, where all others of its owner have just been ended."""
    request.session.cycle_key()
    request.session[HASH_SESSION_KEY] = user.get_session_auth_hash()


def sessions(get_response: Answer) -> Answer:
    """Middleware: end what has lasted too long, and lead who owes a second factor to where it is set up."""

    def answer(request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith("/admin/") or not isinstance(request.user, User):
            return get_response(request)
        if "began" not in request.session:  # begun by other means than the desk's door, and seen for the first time
            begin(request, by_second_factor=False)
        if _too_long(request):
            logout(request)
            return get_response(request)
        owing = None if request.session.get("second") else _what_is_owed(request, request.user)
        return owing or get_response(request)

    return answer


def _too_long(request: HttpRequest) -> bool:
    moment = time.time()
    since_began, since_seen = moment - request.session["began"], moment - request.session["seen"]
    if not (0 <= since_began < WHOLE and 0 <= since_seen < IDLE):
        return True
    if since_seen >= NOTED_EVERY and _name_of(request) not in NO_CLICK:
        request.session["seen"] = moment
    return False


def _what_is_owed(request: HttpRequest, user: User) -> HttpResponse | None:
    found = standing(user)
    if found.has:  # set up elsewhere, and not asked of this session
        logout(request)
        return None
    if not found.owes or _name_of(request) in OPEN_TO_WHO_OWES:
        return None
    messages.warning(request, now("Your desk demands a second factor. Set one up, then go on."))
    to = request.get_full_path() if request.method == "GET" else reverse("admin:index")
    return HttpResponseRedirect(f"{reverse('second-factor')}?{urlencode({'next': to})}")


def _name_of(request: HttpRequest) -> str:
    try:
        return resolve(request.path_info).view_name
    except Resolver404:
        return ""
