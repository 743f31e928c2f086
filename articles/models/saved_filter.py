from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.checks import check_line


class SavedFilter(models.Model):
    """A question to the list of stories that one person asks often, under a name of theirs."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_filters")
    name = models.CharField(_("name"), max_length=60, validators=[check_line])
    query = models.CharField(max_length=1000)  # the part of the list's address after the question mark
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="one_saved_filter_per_name")]

    def __str__(self) -> str:
        return self.name
