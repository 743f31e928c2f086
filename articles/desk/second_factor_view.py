"""One's own second factor: what is set up, and how to add and remove it."""

import qrcode  # type: ignore[import-untyped]
from django import forms
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from articles.desk import sessions
from articles.desk.base import desk_page, short_time
from articles.desk.known_browser import remember
from articles.desk.login import inside, origin_of, read_answer
from articles.desk.proof import ProvedForm
from articles.models import Site, User
from articles.publishing.door import passkeys, totp
from articles.publishing.door.second_factor import (
    WrongPasskey,
    add_app,
    add_passkey,
    new_recovery_codes,
    remove_app,
    remove_passkey,
    standing,
)
from articles.publishing.errors import PublishingError


def newspaper() -> str:
    site = Site.objects.first()
    return str(site.name) if site else now("Newsroom")


def me(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def overview(request: HttpRequest) -> HttpResponse:
    """What there is. GET only looks."""
    user = me(request)
    return _overview(request, ProvedForm(request), owes=standing(user).owes)


def _overview(request: HttpRequest, form: ProvedForm, *, owes: bool, failed: str = "") -> HttpResponse:
    user = me(request)
    app = getattr(user, "authenticator_app", None)
    keys = [(key, short_time(key.added_at), key.used_at and short_time(key.used_at)) for key in
            user.passkeys.order_by("pk")]  # fmt: skip
    return desk_page(
        request,
        "desk/second_factor.html",
        title=now("Second factor"),
        form=form,
        failed=failed,
        app_since=app and short_time(app.added_at),
        keys=keys,
        codes_left=user.recovery_codes.filter(used_at=None).count(),
        any_factor=bool(app or keys),
        owes=owes,
        next=request.GET.get("next", ""),
    )


# --- Adding -------------------------------------------------------------------------------------------------------
class AppForm(ProvedForm):
    code = forms.CharField(
        label=_("The code that the app shows now"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class PasskeyForm(ProvedForm):
    name = forms.CharField(
        label=_("What you call it"), max_length=60, required=False, help_text=_("For example “laptop” or “blue key”.")
    )
    passkey = forms.CharField(required=False, max_length=20_000, widget=forms.HiddenInput)


@sensitive_post_parameters()
def app_page(request: HttpRequest) -> HttpResponse:
    """The square for the app, and the code that shows it has been taken."""
    user, form = me(request), AppForm(request, request.POST or None)
    secret = request.session.setdefault("app-secret", totp.new_secret())
    if request.method == "POST" and form.is_valid():
        try:
            codes = add_app(user, secret=secret, code=form.cleaned_data["code"])
        except PublishingError as error:
            form.add_error("code", str(error))
        else:
            del request.session["app-secret"]
            return _added(request, user, codes)
    address = totp.address(secret, account=user.username, issuer=newspaper())
    groups = [secret[start : start + 4] for start in range(0, len(secret), 4)]
    return desk_page(
        request, "desk/second_factor_app.html", title=now("Authenticator app"), form=form, square=square(address),
        secret=" ".join(groups), address=address, next=_next(request),
    )  # fmt: skip


@sensitive_post_parameters()
def passkey_page(request: HttpRequest) -> HttpResponse:
    user, form = me(request), PasskeyForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        state, answer = request.session.pop("new-passkey", None), read_answer(form.cleaned_data["passkey"])
        try:
            if not state or not answer:
                raise WrongPasskey
            name = form.cleaned_data["name"]
            codes = add_passkey(user, answer=answer, state=state, origin=origin_of(request), name=name)
        except PublishingError as error:
            form.add_error(None, str(error))
        else:
            return _added(request, user, codes)
    known = list(user.passkeys.values_list("public_key", flat=True))
    asked, request.session["new-passkey"] = passkeys.ask_for_new(
        origin=origin_of(request), site=newspaper(), user=str(user.pk), name=user.username, known=known
    )
    return desk_page(
        request, "desk/second_factor_passkey.html", title=now("Passkey"), form=form, asked=asked, next=_next(request)
    )


def _next(request: HttpRequest) -> str:
    return request.POST.get("next", "") or request.GET.get("next", "")


def _added(request: HttpRequest, user: User, codes: list[str]) -> HttpResponse:
    """Every other session has ended; this one goes on, and has proved the factor by setting it up."""
    sessions.keep(request, user)
    sessions.prove(request, by_second_factor=True)
    messages.success(request, now("Your second factor is set up. You are logged out everywhere else."))
    to = _next(request)
    response: HttpResponse = HttpResponseRedirect(inside(request, to) if to else reverse("second-factor"))
    if codes:
        response = _codes_page(request, codes, to)
    remember(request, response, user)
    return response


def _codes_page(request: HttpRequest, codes: list[str], to: str = "") -> HttpResponse:
    """Recovery codes: here, and never again."""
    go_on = inside(request, to) if to else reverse("second-factor")
    response = desk_page(
        request, "desk/recovery_codes.html", title=now("Recovery codes"), codes=codes, go_on=go_on, site=newspaper()
    )
    response["Cache-Control"] = "no-store"
    return response


# --- Removing, and new codes --------------------------------------------------------------------------------------
@require_POST
@sensitive_post_parameters()
def act(request: HttpRequest, act: str) -> HttpResponse:
    """A button of the overview: each wants a fresh proof."""
    user, form = me(request), ProvedForm(request, request.POST)
    if act not in {"remove-app", "remove-passkey", "codes"}:
        raise Http404
    if not form.is_valid():
        return _overview(request, form, owes=standing(user).owes, failed=act)
    key = request.POST.get("passkey", "")
    try:
        if act == "remove-app":
            remove_app(user)
        elif act == "remove-passkey":
            remove_passkey(user, int(key) if key.isascii() and key.isdigit() and len(key) < 19 else 0)
        elif standing(user).has:
            return _codes_page(request, new_recovery_codes(user))
    except PublishingError as error:
        messages.error(request, str(error))
    else:
        if not standing(user).has:
            request.session["second"] = False
        if act != "codes":
            messages.success(request, now("Removed."))
    return HttpResponseRedirect(reverse("second-factor"))


def square(text: str) -> SafeString:
    """A QR code as SVG, black on white with its quiet edge: one path, no style of its own."""
    code = qrcode.QRCode(border=4, error_correction=qrcode.ERROR_CORRECT_M)
    code.add_data(text)
    rows = code.get_matrix()
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    size = len(rows)
    return mark_safe(  # noqa: S308 - made of numbers alone
        f'<svg viewBox="0 0 {size} {size}" shape-rendering="crispEdges" aria-hidden="true">'
        f'<path fill="#fff" d="M0 0h{size}v{size}H0z"/><path fill="#000" d="{path}"/></svg>'
    )


wrap = admin.site.admin_view
overview_view, app_view, passkey_view, act_view = wrap(overview), wrap(app_page), wrap(passkey_page), wrap(act)
