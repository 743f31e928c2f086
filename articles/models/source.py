from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.checks import check_line
from articles.models.names import Named, slug_field


class Source(Named):
    """來源: whose report this is."""

    class Kind(models.TextChoices):
        OWN = "own", _("our own desk")
        AGENCY = "agency", _("agency")
        PARTNER = "partner", _("partner")

    slug = slug_field(unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.OWN)
    url = models.URLField(_("link"), blank=True)
    licence = models.CharField(_("licence"), max_length=200, validators=[check_line], blank=True)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=["own", "agency", "partner"]), name="known_source_kind")
        ]
