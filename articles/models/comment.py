from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Comment(models.Model):
    """What a colleague says of a story, to the desk alone; at a passage of the body, or of the story as a whole."""

    article = models.ForeignKey("articles.Article", on_delete=models.PROTECT, related_name="comments")
    reply_to = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="replies")
    version = models.PositiveIntegerField()  # of the working copy that it was written on
    passage = models.TextField(blank=True)  # JSON: articles.language.passages selectors into that version's body
    text = models.TextField(_("comment"))
    at = models.DateTimeField(_("time"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(reply_to=models.F("id")), name="answers_another_comment"),
            models.CheckConstraint(
                condition=models.Q(resolved_at=None, resolved_by=None)
                | models.Q(resolved_at__isnull=False, resolved_by__isnull=False),
                name="who_resolved_a_comment_is_named",
            ),
        ]
        indexes = [
            models.Index(fields=["article", "at"], name="comment_by_story"),
            models.Index(fields=["article"], condition=models.Q(resolved_at=None, reply_to=None), name="comment_open"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"
