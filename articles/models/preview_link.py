from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class PreviewLink(models.Model):
    """A secret address that shows one version of one story to whoever has it, until it ends or is taken back."""

    article = models.ForeignKey("articles.Article", on_delete=models.PROTECT, related_name="preview_links")
    version = models.ForeignKey("articles.DraftVersion", on_delete=models.CASCADE, related_name="preview_links")
    key_digest = models.CharField(max_length=64, unique=True)  # SHA-256 of the secret in the address; it is not kept
    name = models.CharField(_("for whom"), max_length=100, blank=True)
    at = models.DateTimeField(_("made"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    expires_at = models.DateTimeField(_("ends"))
    revoked_at = models.DateTimeField(_("taken back"), null=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("preview link")
        verbose_name_plural = _("preview links")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(expires_at__gt=models.F("at")), name="a_preview_link_ends"),
        ]

    def __str__(self) -> str:
        return f"{self.article_id}: {self.name or self.pk}"
