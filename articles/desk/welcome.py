"""Where a new colleague sets their password, by the link that an administrator gave them."""

from typing import Any

from django.contrib.auth.views import PasswordResetConfirmView
from django.urls import reverse_lazy

from articles.models import User


class Welcome(PasswordResetConfirmView):
    template_name = "desk/welcome.html"
    success_url = reverse_lazy("admin:index")
    post_reset_login = True
    post_reset_login_backend = "django.contrib.auth.backends.ModelBackend"

    def get_user(self, uidb64: str) -> User | None:
        """Nobody who has been disabled comes back in by an old link."""
        user: Any = super().get_user(uidb64)
        return user if user and user.is_active else None


welcome = Welcome.as_view()
