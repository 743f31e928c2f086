import zoneinfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.names import Named, slug_field


def check_zone(value: str) -> None:
    if value not in zoneinfo.available_timezones():
        raise ValidationError(_("“%(zone)s” is no time zone; write for example Asia/Shanghai."), params={"zone": value})


class Desk(Named):
    """A regional desk: its people, and the zone in which its stories tell the time."""

    slug = slug_field(unique=True)
    time_zone = models.CharField(_("time zone"), max_length=60, validators=[check_zone])

    class Meta:
        verbose_name = _("desk")
        verbose_name_plural = _("desks")
        ordering = ["name"]

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
