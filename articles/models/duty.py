from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Duty(models.Model):
    """Another place that carries what a correction put right: open until somebody has seen to it there."""

    class Place(models.TextChoices):
        TRANSLATION = "translation", _("a translation")  # target: the key of the other article
        ORIGINAL = "original", _("the story that this one translates")
        TOPIC = "topic", _("the page of a topic")
        FRONT = "front", _("a front")  # target: Front.place
        RELATED = "related", _("lists and related stories")  # target: 0

    class State(models.TextChoices):
        OPEN = "open", _("open")
        DONE = "done", _("done")
        WAIVED = "waived", _("not needed there")

    correction = models.ForeignKey("articles.Correction", on_delete=models.PROTECT, related_name="duties")
    desk = models.ForeignKey("articles.Desk", on_delete=models.PROTECT, related_name="+")  # whose duty it is
    place = models.CharField(_("place"), max_length=12, choices=Place.choices)
    target = models.BigIntegerField()
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.OPEN)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    # The edition that put it right there, where it is another story.
    done_by = models.ForeignKey("articles.Edition", on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("since"))
    closed_at = models.DateTimeField(_("closed"), null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("duty")
        verbose_name_plural = _("duties")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["correction", "place", "target"], name="one_duty_per_place"),
            models.CheckConstraint(
                condition=~models.Q(state="waived") | ~models.Q(reason=""), name="waived_with_a_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["desk", "-at"], condition=models.Q(state="open"), name="open_duty_by_desk"),
            models.Index(fields=["target", "place", "state"], name="duty_by_target"),
        ]

    def __str__(self) -> str:
        return f"{self.get_place_display()} {self.target}"
