"""Browsers that a colleague has come in by before: what others try elsewhere in their name shuts none of these.

A cookie for the desk alone names the browser by chance, and each account that came in by it by a keyed digest, bound to
the account's password and its ended sessions: a new password, a new second factor and a disabled account end it. It
opens nothing by itself; whose tries are counted apart (publishing/door/tries.py) is all that it says.
"""

import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

from articles.models import User
from newsroom.delivery.sender import sender

NAME = "__Secure-known" if settings.SECURE_TLS else "known"
SALT = "newsroom.known-browser"
LASTS = 365 * 24 * 3600  # seconds since somebody last came in
MOST = 8  # colleagues at one machine; who came in longest ago goes first


def tries_of(request: HttpRequest, account: str) -> dict[str, str]:
    """By what the tries of this request for this account are counted."""
    return {"account": account, "address": sender(request), "browser": known_browser(request, account)}


def known_browser(request: HttpRequest, account: str) -> str:
    """The name of this browser, if this account has come in by it before. account: as it was typed."""
    browser, marks = _read(request)
    mark = marks.get(_named(account))
    user = User.objects.filter(username=User.normalize_username(account), is_active=True).first() if mark else None
    return browser if mark and user and constant_time_compare(mark, _mark(user, browser)) else ""


def remember(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Have the browser keep that this colleague has come in by it."""
    browser, marks = _read(request)
    named = _named(user.username)
    others = [(name, mark) for name, mark in marks.items() if name != named]
    kept = dict([*others, (named, _mark(user, browser))][-MOST:])
    response.set_cookie(
        NAME,
        signing.dumps([browser, kept], salt=SALT),
        max_age=LASTS,
        path="/admin/",
        secure=settings.SECURE_TLS,
        httponly=True,
        samesite="Lax",
    )


def _read(request: HttpRequest) -> tuple[str, dict[str, str]]:
    """What this browser is called, and who came in by it; a new name for one that says nothing of ours."""
    try:
        browser, marks = signing.loads(request.COOKIES.get(NAME, ""), salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        return secrets.token_hex(16), {}
    return browser, marks


def _named(account: str) -> str:
    return salted_hmac(SALT, f"account {User.normalize_username(account)}", algorithm="sha256").hexdigest()[:32]


def _mark(user: User, browser: str) -> str:
    told = f"{browser} {user.pk} {user.get_session_auth_hash()}"
    return salted_hmac(SALT, told, algorithm="sha256").hexdigest()[:32]
