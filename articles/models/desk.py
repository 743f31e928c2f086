import zoneinfo

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.checks import check_zone
from articles.models.names import Named, slug_field


class Desk(Named):
    """A regional desk: its people, and the zone in which its stories tell the time."""

    class Approval(models.TextChoices):
        """Which publications need somebody other than who submitted them to approve them first."""

        NONE = "none", _("not needed")
        FIRST = "first", _("for a first publication")
        EVERY = "every", _("for every publication")

    slug = slug_field(unique=True)
    time_zone = models.CharField(_("time zone"), max_length=60, validators=[check_zone])
    # The desk's own rules (publishing/rights.py, publishing/stages.py).
    approval = models.CharField(
        _("approval by a second person"),
        max_length=5,
        choices=Approval.choices,
        default=Approval.NONE,
        help_text=_("Who approves is somebody other than who submitted."),
    )
    editors_publish = models.BooleanField(
        _("editors may publish"), default=True, help_text=_("Otherwise only the chief does.")
    )
    editors_correct = models.BooleanField(
        _("editors may correct"), default=True, help_text=_("Otherwise only the chief does.")
    )
    editors_launch = models.BooleanField(
        _("editors may launch fronts"), default=True, help_text=_("Otherwise only the chief does.")
    )
    demands_second_factor = models.BooleanField(
        _("a second factor is demanded"),
        default=False,
        help_text=_("Whoever works here must set up a code by app, or a passkey, before anything else."),
    )

    class Meta:
        verbose_name = _("desk")
        verbose_name_plural = _("desks")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(approval__in=["none", "first", "every"]), name="known_rule_of_approval"
            )
        ]

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)


class Membership(models.Model):
    """One person's role at one desk."""

    class Role(models.TextChoices):
        REPORTER = "reporter", _("reporter")
        EDITOR = "editor", _("editor")
        CHIEF = "chief", _("chief")

    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("desk"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=10, choices=Role.choices)

    class Meta:
        verbose_name = _("role at a desk")
        verbose_name_plural = _("roles at desks")
        constraints = [
            models.UniqueConstraint(fields=["user", "desk"], name="one_membership_per_person_and_desk"),
            models.CheckConstraint(condition=models.Q(role__in=["reporter", "editor", "chief"]), name="known_role"),
        ]

    def __str__(self) -> str:
        return f"{self.desk}: {self.get_role_display()}"
