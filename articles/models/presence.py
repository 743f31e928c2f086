from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Presence(models.Model):
    """That somebody has a story's form open: one row for each window, kept alive by it (publishing/presence.py).

    `holds` is the advisory lock: who is writing. It lapses with the row, and a colleague may take it over. What guards
    the text is the version in save_draft, not this.
    """

    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="present")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    tab = models.CharField(max_length=32)  # made up by the window
    since = models.DateTimeField()
    seen_at = models.DateTimeField()
    holds = models.BooleanField(default=False)
    taken_by = models.ForeignKey(  # who took the lock over from this window, until it has been told
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("presence")
        constraints = [
            models.UniqueConstraint(fields=["article", "tab"], name="one_presence_per_window"),
            models.UniqueConstraint(fields=["article"], condition=models.Q(holds=True), name="one_writer_at_a_time"),
        ]
        indexes = [models.Index(fields=["seen_at"], name="presence_by_time")]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.article_id}"
