from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Alert(models.Model):
    """A notice to one colleague: something waits for them, or happened to what is theirs; of a story, or of a front.

    It holds no word of a story. Who has no right to the story any more is not shown it, and it is not mailed to them.
    """

    class Kind(models.TextChoices):
        ASSIGNED = "assigned", _("was assigned to you")
        SUBMITTED = "submitted", _("waits for review")
        RETURNED = "returned", _("was returned")
        APPROVED = "approved", _("was approved")
        COMMENTED = "commented", _("was commented on")
        TAKEN_OVER = "taken-over", _("was taken over while you were writing")
        REPORTED = "reported", _("has a reader’s report waiting")
        OVERDUE = "overdue", _("is overdue")
        PUBLISHED = "published", _("was published")
        SCHEDULE_FAILED = "schedule-failed", _("did not go out at its time")
        LEFT_OUT = "left-out", _("went out without one of its stories")  # a front

    class Mail(models.TextChoices):
        NOT_WANTED = "", "-"
        WAITING = "waiting", "waiting"
        SENT = "sent", "sent"
        DROPPED = "dropped", "dropped"  # no right any more, no address, or refused for good

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="alerts")
    kind = models.CharField(_("what"), max_length=16, choices=Kind.choices)
    article = models.ForeignKey("articles.Article", on_delete=models.PROTECT, null=True, related_name="+")
    front = models.ForeignKey("articles.Front", on_delete=models.PROTECT, null=True, related_name="+")  # or the story
    target = models.BigIntegerField(default=0)  # key of the comment, report or schedule that it is about
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("time"))
    read_at = models.DateTimeField(null=True)
    mail = models.CharField(max_length=8, choices=Mail.choices, blank=True, default=Mail.NOT_WANTED)
    mail_at = models.DateTimeField(null=True)  # when it may be tried (again), or was sent
    mail_attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("notice to a colleague")
        verbose_name_plural = _("notices to colleagues")
        ordering = ["-at", "-pk"]
        constraints = [
            # What waits is told once, until it has been read.
            models.UniqueConstraint(
                fields=["user", "kind", "article", "target"],
                condition=models.Q(read_at=None),
                name="one_unread_alert_per_thing",
            ),
            models.UniqueConstraint(
                fields=["user", "kind", "front", "target"],
                condition=models.Q(read_at=None),
                name="one_unread_alert_per_thing_of_a_front",
            ),
            models.CheckConstraint(
                condition=models.Q(article=None, front__isnull=False) | models.Q(article__isnull=False, front=None),
                name="an_alert_is_about_a_story_or_a_front",
            ),
            models.CheckConstraint(
                condition=models.Q(mail__in=["", "waiting", "sent", "dropped"]), name="known_state_of_mail"
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-at", "-id"], name="alert_by_person"),
            models.Index(fields=["user", "-at"], condition=models.Q(read_at=None), name="alert_unread"),
            models.Index(fields=["mail_at"], condition=models.Q(mail="waiting"), name="alert_to_mail"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.article_id or self.front_id}"
