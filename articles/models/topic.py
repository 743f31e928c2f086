from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.checks import check_line
from articles.models.names import Named, slug_field


class Topic(Named):
    """專題: special coverage; its banner stands above each of its stories."""

    slug = slug_field(unique=True)
    banner = models.CharField(
        _("banner"),
        max_length=100,
        validators=[check_line],
        blank=True,
        help_text=_("The line above each story; if empty, the name."),
    )
    standfirst = models.CharField(_("standfirst"), max_length=300, validators=[check_line], blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0, validators=[MaxValueValidator(9999)])

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["order", "pk"]
