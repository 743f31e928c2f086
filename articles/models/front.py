"""The curated front of the site, or of a channel: stories pinned by hand above those that follow by themselves."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.checks import check_line
from articles.models.languages import Language


class Front(models.Model):
    """One front. Which arrangement readers see is `live`; what is being arranged is its draft."""

    place = models.BigIntegerField(primary_key=True)  # the key of its channel; 0: the site
    channel = models.OneToOneField("articles.Channel", on_delete=models.PROTECT, null=True, related_name="front")
    live = models.OneToOneField(
        "articles.FrontVersion", on_delete=models.PROTECT, null=True, related_name="live_on"
    )  # of its own launched ones (by trigger)
    # What follows a launch has been done for the version of this number; and from when on the worker does it.
    settled = models.PositiveIntegerField(default=0)
    settle_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("front")
        verbose_name_plural = _("fronts")
        ordering = ["place"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(place=0, channel=None) | models.Q(place=models.F("channel")),
                name="a_front_stands_at_its_place",
            ),
        ]

    def __str__(self) -> str:
        return str(self.channel) if self.channel else str(_("Front of the site"))


class FrontVersion(models.Model):
    """One arrangement of a front: its draft, one that waits for its time, or a launched one, which is never changed or
    deleted (by trigger)."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        WAITING = "waiting", _("waits for its time")
        LAUNCHED = "launched", _("launched")

    front = models.ForeignKey(Front, on_delete=models.PROTECT, related_name="versions")
    state = models.CharField(max_length=8, choices=State.choices)
    number = models.PositiveIntegerField(null=True)  # of the launched ones
    saves = models.PositiveIntegerField(default=0)  # of the draft: how often it was saved
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    launched_at = models.DateTimeField(_("launched"), null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    back_to = models.PositiveIntegerField(null=True)  # the number of the earlier one that it brought back

    class Meta:
        verbose_name = _("version of a front")
        verbose_name_plural = _("versions of fronts")
        ordering = ["front", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["front", "number"], name="one_front_version_per_number"),
            models.UniqueConstraint(fields=["front"], condition=models.Q(state="draft"), name="one_draft_of_a_front"),
            models.CheckConstraint(
                condition=models.Q(state__in=["draft", "waiting", "launched"]), name="known_front_state"
            ),
            models.CheckConstraint(
                condition=models.Q(state="launched", number__gte=1, launched_at__isnull=False, by__isnull=False)
                | (~models.Q(state="launched") & models.Q(number=None, launched_at=None, by=None)),
                name="what_is_launched_says_when_and_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.front_id}/{self.number or self.state}"


class Slot(models.Model):
    """A story in its place on a front, with what the front says of it in its own words."""

    class Mark(models.TextChoices):
        BREAKING = "breaking", _("Breaking")
        LIVE = "live", _("Live")

    version = models.ForeignKey(FrontVersion, on_delete=models.PROTECT, related_name="slots")
    position = models.PositiveSmallIntegerField()  # from 1
    publication = models.ForeignKey("articles.Publication", on_delete=models.PROTECT, related_name="slots")
    headline = models.CharField(_("headline here"), max_length=200, blank=True, validators=[check_line])
    language = models.CharField(_("its language"), max_length=10, choices=Language.choices)
    other_script = models.CharField(max_length=400, blank=True)  # the headline in the other Chinese script
    picture = models.ForeignKey(
        "articles.Picture", on_delete=models.PROTECT, null=True, blank=True, related_name="slots",
        verbose_name=_("picture here"),
    )  # fmt: skip
    mark = models.CharField(_("mark"), max_length=8, choices=Mark.choices, blank=True)
    until = models.DateTimeField(_("until"), null=True, blank=True)  # when the mark ends
    # The edition of the story with which somebody compared headline and picture last: a later notice asks for them.
    seen = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("slot")
        verbose_name_plural = _("slots")
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="one_slot_per_position"),
            models.UniqueConstraint(fields=["version", "publication"], name="a_story_once_on_a_front"),
            models.CheckConstraint(condition=models.Q(position__gte=1), name="slots_are_counted_from_one"),
            models.CheckConstraint(condition=models.Q(language__in=Language.values), name="known_slot_language"),
            models.CheckConstraint(
                condition=models.Q(mark="", until=None) | models.Q(mark__in=["breaking", "live"], until__isnull=False),
                name="a_mark_has_its_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}: {self.publication_id}"

    @property
    def own_words(self) -> bool:
        """Whether the front says something of its own, which a correction of the story may concern."""
        return bool(self.headline or self.picture_id)


class FrontSchedule(models.Model):
    """A launch that waits for its time. Claimed, done and marked done in one transaction (publishing/launch_due.py)."""

    class State(models.TextChoices):
        PENDING = "pending", _("waits for its time")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    front = models.ForeignKey(Front, on_delete=models.PROTECT, related_name="schedules")
    version = models.OneToOneField(FrontVersion, on_delete=models.PROTECT, related_name="schedule")
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.PENDING)
    due_at = models.DateTimeField(_("due"))  # to the minute
    zone = models.CharField(_("time zone"), max_length=60)  # in which the time was named
    at = models.DateTimeField(_("scheduled"))  # when it was scheduled
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    try_at = models.DateTimeField()  # due_at, and after a failure when it is tried again
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)  # why it failed; or what was left out, in a sentence
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("scheduled launch")
        verbose_name_plural = _("scheduled launches")
        ordering = ["due_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["front", "due_at"],
                condition=models.Q(state="pending"),
                name="one_pending_launch_per_front_and_minute",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["pending", "done", "failed", "cancelled"]), name="known_launch_state"
            ),
        ]
        indexes = [
            models.Index(fields=["try_at", "id"], condition=models.Q(state="pending"), name="launch_to_do"),
            models.Index(fields=["due_at", "id"], condition=models.Q(state="pending"), name="launch_by_due"),
        ]

    def __str__(self) -> str:
        return f"{self.front_id} {self.due_at:%Y-%m-%d %H:%M}"
