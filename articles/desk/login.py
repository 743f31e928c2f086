"""The desk's one door: name and password, then the second factor, if there is one."""

import json
import time
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import login as begin_session
from django.contrib.auth.views import LoginView
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from articles.desk import sessions
from articles.desk.known_browser import remember, tries_of
from articles.models import Try, User
from articles.publishing.door import passkeys
from articles.publishing.door.password_letters import LONGEST, ask_for_password_letter, letters_are_sent
from articles.publishing.door.second_factor import WrongCode, WrongPasskey, standing, take_code, take_passkey
from articles.publishing.door.tries import TooManyTries, count_try, forgive_tries
from articles.publishing.events import Verb, note
from newsroom.delivery.sender import sender

Kind = Try.Kind
HALFWAY = 10 * 60  # seconds between the password and the second factor
BACKEND = "django.contrib.auth.backends.ModelBackend"


def origin_of(request: HttpRequest) -> str:
    """As a browser writes it; the host is one that this newsroom answers to."""
    return f"{request.scheme}://{request.get_host()}"


def inside(request: HttpRequest, to: str) -> str:
    """Where to go on: never to another site."""
    good = url_has_allowed_host_and_scheme(to, {request.get_host()}, require_https=request.is_secure())
    return to if good and to.startswith("/") else reverse("admin:index")


def too_many(response: HttpResponse, error: TooManyTries) -> HttpResponse:
    response.status_code = 429
    response["Retry-After"] = str(error.seconds)
    return response


# --- Name and password --------------------------------------------------------------------------------------------
class CountedForm(AdminAuthenticationForm):
    """Asks the hasher only while there are tries left."""

    refused: TooManyTries | None = None

    def clean(self) -> dict[str, Any]:
        username = self.cleaned_data.get("username")
        if not username or not self.cleaned_data.get("password"):
            return self.cleaned_data
        who = tries_of(self.request, username)  # type: ignore[arg-type]
        try:
            count_try(Kind.PASSWORD, **who)
        except TooManyTries as error:
            self.refused = error
            raise ValidationError(str(error)) from error
        cleaned = super().clean()
        forgive_tries(Kind.PASSWORD, **who)
        return cleaned


class DeskLogin(LoginView):
    template_name = "admin/login.html"
    authentication_form = CountedForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if admin.site.has_permission(request):
            return HttpResponseRedirect(inside(request, self.get_success_url()))
        return super().get(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        return come_in(self.request, form.get_user(), to=self.get_success_url())

    def form_invalid(self, form: Any) -> HttpResponse:
        response = super().form_invalid(form)
        return too_many(response, form.refused) if form.refused else response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        around = {**admin.site.each_context(self.request), "title": now("Log in"), "app_path": self.request.path}
        return {**super().get_context_data(**kwargs), **around, "next": self.get_redirect_url()}


def come_in(request: HttpRequest, user: User, *, to: str) -> HttpResponse:
    """Somebody has proved one thing: that is enough, or the second one is asked for."""
    if not standing(user).has:
        return _let_in(request, user, to=to, by_second_factor=False)
    request.session.flush()  # nothing of an earlier session goes on
    request.session["halfway"] = {
        "user": user.pk, "hash": user.get_session_auth_hash(), "at": time.time(), "to": to
    }  # fmt: skip
    return HttpResponseRedirect(reverse("second-step"))


def _let_in(request: HttpRequest, user: User, *, to: str, by_second_factor: bool) -> HttpResponse:
    begin_session(request, user, backend=BACKEND)
    sessions.begin(request, by_second_factor=by_second_factor)
    note(Verb.LOGGED_IN, by=user, article=None, thing=f"user {user.pk}", after="by two" if by_second_factor else "")
    response = HttpResponseRedirect(inside(request, to))
    remember(request, response, user)
    return response


# --- The second factor --------------------------------------------------------------------------------------------
class SecondStepForm(forms.Form):
    code = forms.CharField(
        label=_("Code of your authenticator app, or a recovery code"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false", "autofocus": True}),
    )
    passkey = forms.CharField(required=False, max_length=20_000, widget=forms.HiddenInput)


def _halfway(request: HttpRequest) -> tuple[User, str] | None:
    """Who has given the right password a moment ago, and where they want to go."""
    kept = request.session.get("halfway")
    if not kept or not 0 <= time.time() - kept["at"] < HALFWAY:
        return None
    user = User.objects.filter(pk=kept["user"], is_active=True, is_staff=True).first()
    return (user, kept["to"]) if user and user.get_session_auth_hash() == kept["hash"] else None


@never_cache
@sensitive_post_parameters()
def second_step(request: HttpRequest) -> HttpResponse:
    halfway = _halfway(request)
    if not halfway:
        return HttpResponseRedirect(reverse("admin:login"))
    user, to = halfway
    form = SecondStepForm(request.POST or None)
    refused: TooManyTries | None = None
    if request.method == "POST" and form.is_valid():
        who = tries_of(request, user.username)
        kind = Kind.PASSKEY if form.cleaned_data["passkey"] else Kind.CODE
        try:
            count_try(kind, **who)
            _take(request, user, form)
        except TooManyTries as error:
            refused = error
            form.add_error(None, str(error))
        except (WrongCode, WrongPasskey) as error:
            form.add_error("code" if isinstance(error, WrongCode) else None, str(error))
        else:
            forgive_tries(kind, **who)
            del request.session["halfway"]
            return _let_in(request, user, to=to, by_second_factor=True)
    response = door_page(request, "desk/second_step.html", title=now("Second step"), form=form, **_ask(request, user))
    return too_many(response, refused) if refused else response


def _take(request: HttpRequest, user: User, form: SecondStepForm) -> None:
    answered = form.cleaned_data["passkey"]
    if not answered:
        take_code(user, form.cleaned_data["code"])
        return
    answer, state = read_answer(answered), request.session.pop("passkey", None)
    if not answer or not state:
        raise WrongPasskey
    take_passkey(user, answer=answer, state=state, origin=origin_of(request))


def read_answer(text: str) -> dict[str, Any] | None:
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) else None


def _ask(request: HttpRequest, user: User) -> dict[str, Any]:
    """What the page needs to ask for a passkey, where there is one."""
    known = list(user.passkeys.values_list("public_key", flat=True))
    if not known:
        return {"has_app": True}
    asked, request.session["passkey"] = passkeys.ask_for_one(origin=origin_of(request), known=known)
    return {"asked": asked, "has_app": hasattr(user, "authenticator_app")}


# --- A new password by e-mail -------------------------------------------------------------------------------------
class PasswordLetterForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"), max_length=LONGEST, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )


@never_cache
def password_letter(request: HttpRequest) -> HttpResponse:
    form = PasswordLetterForm(request.POST or None)
    asked, refused = False, None
    if letters_are_sent() and request.method == "POST" and form.is_valid():
        try:
            ask_for_password_letter(
                form.cleaned_data["email"],
                address=sender(request),
                language=translation.get_language() or settings.LANGUAGE_CODE,
            )
            asked = True
        except TooManyTries as error:
            refused = error
            form.add_error(None, str(error))
    title = now("Forgotten password")
    response = door_page(
        request, "desk/password_letter.html", title=title, form=form, asked=asked, possible=letters_are_sent()
    )
    return too_many(response, refused) if refused else response


def door_page(request: HttpRequest, template: str, *, title: str, **context: Any) -> HttpResponse:
    return render(request, template, {**admin.site.each_context(request), "title": title, **context})


login = DeskLogin.as_view()
