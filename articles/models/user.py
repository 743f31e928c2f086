from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """Somebody who works at a desk. What they may do follows from their memberships (publishing/rights.py)."""

    LANGUAGES = [(code, name) for code, name in settings.LANGUAGES if code in settings.DESK_LANGUAGES]

    language = models.CharField(_("interface language"), max_length=10, choices=LANGUAGES, blank=True)
    person = models.OneToOneField(
        "articles.Person",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="user",
        verbose_name=_("public person"),
        help_text=_("The author or editor whom readers see, if this colleague is one."),
    )

    mail_alerts = models.BooleanField(
        _("notices by e-mail too"),
        default=False,
        help_text=_("What is assigned to you, returned, approved, commented: also to your e-mail address."),
    )

    sessions_ended = models.PositiveIntegerField(default=0, editable=False)  # one more ends every session there is

    class Meta(AbstractUser.Meta):
        verbose_name = _("colleague")  # type: ignore[assignment]
        verbose_name_plural = _("colleagues")  # type: ignore[assignment]

    def __str__(self) -> str:
        return self.person.name if self.person else self.get_full_name() or self.username

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session must hold to count: another one after a new password, and after `sessions_ended` has grown."""
        told = f"{self.password} {self.sessions_ended}"
        return salted_hmac("newsroom.session", told, secret=secret, algorithm="sha256").hexdigest()
