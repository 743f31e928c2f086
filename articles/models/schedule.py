from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Schedule(models.Model):
    """What is to become public by itself at a time: a version of the working copy, or the end of a story.

    Claimed, done and marked done in one transaction (publishing/schedules.py), so that any number of workers do it
    once. A takedown was agreed on by two beforehand: `decision` names them and the reason.
    """

    class Act(models.TextChoices):
        PUBLISH = "publish", _("publish")
        TAKEDOWN = "takedown", _("take down")

    class State(models.TextChoices):
        PENDING = "pending", _("waits for its time")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    article = models.ForeignKey("articles.Article", on_delete=models.PROTECT, related_name="schedules")
    desk = models.ForeignKey("articles.Desk", on_delete=models.PROTECT, related_name="+")  # the story's, for lists
    act = models.CharField(_("act"), max_length=8, choices=Act.choices)
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.PENDING)
    due_at = models.DateTimeField(_("due"))  # to the minute
    zone = models.CharField(_("time zone"), max_length=60)  # in which the time was named
    version = models.ForeignKey(  # what is to be published; none of a takedown, or after an erasure
        "articles.DraftVersion", on_delete=models.PROTECT, null=True, related_name="schedules"
    )
    terms = models.TextField(default="{}")  # JSON: kind and notes, as publish() takes them
    decision = models.OneToOneField(  # of a takedown
        "articles.Decision", on_delete=models.PROTECT, null=True, related_name="schedule"
    )
    at = models.DateTimeField(_("scheduled"))  # when it was scheduled
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    try_at = models.DateTimeField()  # due_at, and after a failure when it is tried again
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    edition = models.OneToOneField(  # what came of it
        "articles.Edition", on_delete=models.PROTECT, null=True, related_name="schedule"
    )

    class Meta:
        verbose_name = _("schedule")
        verbose_name_plural = _("schedules")
        ordering = ["due_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "due_at"],
                condition=models.Q(state="pending"),
                name="one_pending_schedule_per_story_and_minute",
            ),
            models.CheckConstraint(condition=models.Q(act__in=["publish", "takedown"]), name="known_scheduled_act"),
            models.CheckConstraint(
                condition=models.Q(state__in=["pending", "done", "failed", "cancelled"]), name="known_schedule_state"
            ),
            models.CheckConstraint(
                condition=~models.Q(act="takedown") | models.Q(decision__isnull=False),
                name="a_scheduled_takedown_was_decided",
            ),
            models.CheckConstraint(
                condition=~models.Q(act="publish", state="pending") | models.Q(version__isnull=False),
                name="a_pending_publication_names_its_version",
            ),
            models.CheckConstraint(
                condition=models.Q(state="done", edition__isnull=False)
                | (~models.Q(state="done") & models.Q(edition=None)),
                name="what_is_done_names_its_edition",
            ),
        ]
        indexes = [
            models.Index(fields=["try_at", "id"], condition=models.Q(state="pending"), name="schedule_to_do"),
            models.Index(fields=["desk", "due_at"], name="schedule_by_desk"),
            models.Index(fields=["due_at", "id"], condition=models.Q(state="pending"), name="schedule_by_due"),
            models.Index(fields=["due_at", "id"], condition=models.Q(state="failed"), name="schedule_failed"),
        ]

    def __str__(self) -> str:
        return f"{self.get_act_display()} {self.due_at:%Y-%m-%d %H:%M}"
