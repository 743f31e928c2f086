"""One's own new password, for who knows the old one. Every other session of theirs ends."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.forms import AdminPasswordChangeForm
from django.contrib.auth.views import PasswordChangeView
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy
from django.utils.translation import gettext as now

from articles.desk.known_browser import remember
from articles.desk.proof import Kind, counted
from articles.desk.sessions import prove
from articles.publishing.events import Verb, note


class CountedForm(AdminPasswordChangeForm):
    """Guesses at the old password are counted, as at the door."""

    request: HttpRequest

    def clean_old_password(self) -> str:
        old = str(self.cleaned_data["old_password"])
        if not counted(self.request, self.user, Kind.PASSWORD, lambda: self.user.check_password(old)):
            raise ValidationError(self.error_messages["password_incorrect"], code="password_incorrect")
        return old


class OwnPassword(PasswordChangeView):
    form_class = CountedForm
    template_name = "desk/password.html"
    success_url = reverse_lazy("admin:password_change_done")

    def get_form(self, form_class: Any = None) -> Any:
        form: Any = super().get_form(form_class)
        form.request = self.request
        return form

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        prove(self.request)
        remember(self.request, response, form.user)
        note(Verb.PASSWORD_CHANGED, by=form.user, article=None, thing=f"user {form.user.pk}")
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), **admin.site.each_context(self.request),
                "title": now("Change password")}  # fmt: skip


own_password = admin.site.admin_view(OwnPassword.as_view())
