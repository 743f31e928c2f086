from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Event(models.Model):
    """The audit trail: who did what to what, when. Never changed or deleted (by trigger).

    It names things by their keys and holds no text of a story or a reader, so that an erasure leaves it whole.
    """

    at = models.DateTimeField(_("time"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    verb = models.CharField(_("what happened"), max_length=40)  # publishing/events.py lists them
    article = models.ForeignKey(
        "articles.Article", on_delete=models.PROTECT, null=True, related_name="events", db_index=False
    )
    desk = models.ForeignKey(
        "articles.Desk", on_delete=models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("desk")
    )
    thing = models.CharField(max_length=60, blank=True)  # "edition 3", "report K7M2…"
    before = models.CharField(_("before"), max_length=200, blank=True)  # states, numbers, roles; never words of a story
    after = models.CharField(_("after"), max_length=200, blank=True)
    door = models.CharField(_("from where"), max_length=20, blank=True)  # "desk", "worker", "command": events.Door
    address = models.CharField(_("network address"), max_length=45, blank=True)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("audit trail")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["article", "-id"], name="event_by_story"),
            models.Index(fields=["desk", "-id"], name="event_by_desk"),
            models.Index(fields=["by", "-id"], name="event_by_person"),
            models.Index(fields=["verb", "-id"], name="event_by_verb"),
            models.Index(fields=["at"], name="event_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.thing}"
