"""“Your password”: a field that a form shows where its sender has not proved lately who they are.

It stands in the form that it is about, so that nothing typed is ever lost over it.
"""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from articles.desk.known_browser import tries_of
from articles.desk.sessions import lately_proved, prove
from articles.models import Try, User
from articles.publishing.door.second_factor import WrongCode, take_code
from articles.publishing.door.tries import TooManyTries, count_try, forgive_tries

Kind = Try.Kind


class ProofField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("Your password"),
            required=False,
            strip=False,
            max_length=4096,
            widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
            help_text=_("Your own, or a code of your authenticator app: you have not typed it for a while."),
        )


class ProvedForm(forms.Form):
    """A form that wants a fresh proof of who sends it; `request` is its first argument."""

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        if not lately_proved(request):
            self.fields["proof"] = ProofField()

    def clean_proof(self) -> str:
        check(self.request, self.cleaned_data["proof"])
        return ""


class ProvedModelForm(forms.ModelForm):
    """The same for something that is kept. A form of this kind is made for each `request`."""

    request: HttpRequest
    proof = ProofField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if lately_proved(self.request):
            self.fields.pop("proof", None)

    def clean_proof(self) -> str:
        check(self.request, self.cleaned_data["proof"])
        return ""


def check(request: HttpRequest, said: str) -> None:
    """Raises ValidationError unless this is the password of whoever is logged in, or a code of theirs."""
    user = request.user
    if not isinstance(user, User) or not said:
        raise ValidationError(now("Type your password, so that we know that it is you."))
    if re.fullmatch(r"\s*\d{3}\s?\d{3}\s*", said):
        if not counted(request, user, Kind.CODE, lambda: _is_code(user, said)):
            raise ValidationError(str(WrongCode()))
    elif not counted(request, user, Kind.PASSWORD, lambda: user.check_password(said)):
        raise ValidationError(now("This is not your password."))
    prove(request)


def counted(request: HttpRequest, user: User, kind: Try.Kind, right: Any) -> bool:
    who = tries_of(request, user.username)
    try:
        count_try(kind, **who)
    except TooManyTries as error:
        raise ValidationError(str(error)) from error
    if not right():
        return False
    forgive_tries(kind, **who)
    return True


def _is_code(user: User, said: str) -> bool:
    try:
        take_code(user, said)
    except WrongCode:
        return False
    return True
