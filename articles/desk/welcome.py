"""Where a new colleague sets their password, by the link that an administrator gave them, or that they were sent."""

from typing import Any

from django.contrib.auth.views import PasswordResetConfirmView
from django.http import HttpResponse
from django.urls import reverse

from articles.desk.login import come_in
from articles.models import User
from articles.publishing.colleagues import welcome_tokens
from articles.publishing.events import Verb, note


class Welcome(PasswordResetConfirmView):
    template_name = "desk/welcome.html"
    token_generator = welcome_tokens

    def get_user(self, uidb64: str) -> User | None:
        """Nobody who has been disabled comes back in by an old link."""
        user: Any = super().get_user(uidb64)
        return user if user and user.is_active else None

    def form_valid(self, form: Any) -> HttpResponse:
        """The link stands for the password alone: who has a second factor is asked for it."""
        user = form.save()
        note(Verb.PASSWORD_CHANGED, by=user, article=None, thing=f"user {user.pk}")
        return come_in(self.request, user, to=reverse("admin:index"))


welcome = Welcome.as_view()
