import json
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class DraftVersion(models.Model):
    """The working copy as one save left it: the desk's own history, which no reader sees.

    Written with every save (publishing/versions.py); never changed. Autosaves are thinned out after an hour, unless a
    schedule, a preview link or a comment stands on one; an erasure removes all of a story.
    """

    class How(models.TextChoices):
        SAVED = "saved", _("saved")
        AUTOSAVED = "autosaved", _("saved by itself")
        MERGED = "merged", _("merged")
        RESTORED = "restored", _("brought back")
        FOUND = "found", _("as it was found")  # the state before the first save that kept versions

    article = models.ForeignKey("articles.Article", on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))  # Article.version
    content = models.TextField()  # canonical JSON of a publishing.save_draft.Draft; things by their keys
    how = models.CharField(_("how"), max_length=9, choices=How.choices, default=How.SAVED)
    saved_at = models.DateTimeField(_("saved"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))

    class Meta:
        verbose_name = _("version of a working copy")
        verbose_name_plural = _("versions of working copies")
        ordering = ["article", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="one_draft_version_per_number"),
            models.CheckConstraint(
                condition=models.Q(how__in=["saved", "autosaved", "merged", "restored", "found"]),
                name="known_way_of_saving",
            ),
        ]
        indexes = [
            models.Index(fields=["saved_at"], condition=models.Q(how="autosaved"), name="autosaves_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} v{self.number}"

    def read(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self.content)
        return content
