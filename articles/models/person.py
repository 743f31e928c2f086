from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.checks import check_line
from articles.models.names import Named, slug_field


class Person(Named):
    """An author or editor as the public sees them."""

    slug = slug_field(unique=True)
    biography = models.TextField(_("biography"), max_length=2000, validators=[check_line], blank=True)
    portrait = models.ForeignKey(
        "articles.Picture", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("portrait"),
    )  # fmt: skip
    has_page = models.BooleanField(
        _("has a public page"),
        default=True,
        help_text=_("Without it, the name stays on stories but leads nowhere, and the old address says so."),
    )

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name"]
