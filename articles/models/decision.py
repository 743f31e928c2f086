from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Decision(models.Model):
    """What takes two persons: a retraction, a takedown, a return to the public, an erasure. The desk's own."""

    class Act(models.TextChoices):
        RETRACTION = "retraction", _("retraction")
        TAKEDOWN = "takedown", _("takedown")
        RESTORATION = "restoration", _("return to the public")
        ERASURE = "erasure", _("erasure")

    class State(models.TextChoices):
        OPEN = "open", _("waits for a second person")
        AGREED = "agreed", _("agreed and done")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")

    article = models.ForeignKey("articles.Article", on_delete=models.PROTECT, related_name="decisions")
    act = models.CharField(_("act"), max_length=12, choices=Act.choices)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    edition = models.ForeignKey("articles.Edition", on_delete=models.PROTECT, related_name="+")  # the one before them
    terms = models.TextField()  # JSON: what is to be done; see publishing/withdraw.py and publishing/erase.py
    reason = models.TextField(_("reason, kept at the desk"), blank=True)  # the legal or safety reason
    due_at = models.DateTimeField(_("takes effect"), null=True)  # of a takedown agreed on beforehand; empty: at once
    at = models.DateTimeField(_("proposed"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(_("decided"), null=True)
    second = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    answer = models.TextField(_("answer"), blank=True)  # of the second person, where they refused

    class Meta:
        verbose_name = _("decision of two")
        verbose_name_plural = _("decisions of two")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["article"], condition=models.Q(state="open"), name="one_open_decision_per_story"
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["agreed"])
                | (models.Q(second__isnull=False) & ~models.Q(second=models.F("by"))),
                name="agreed_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=~models.Q(act__in=["takedown", "erasure"]) | ~models.Q(reason=""),
                name="takedown_and_erasure_have_a_stored_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(due_at=None) | models.Q(act="takedown"), name="only_a_takedown_is_agreed_beforehand"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_act_display()}: {self.article}"
