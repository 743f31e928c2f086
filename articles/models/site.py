from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.checks import check_line
from articles.models.languages import Language
from articles.models.names import Named


class Site(Named):
    """The newspaper itself: one row. Its address, language and zone are configuration (newsroom/settings.py)."""

    tagline = models.CharField(_("tagline"), max_length=200, validators=[check_line], blank=True)
    logo = models.ForeignKey(
        "articles.Picture", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("logo")
    )
    contact_email = models.EmailField(_("address for readers' mail"), blank=True)
    # The terms of readers' reports, in hours and days (docs/corrections.md).
    acknowledge_hours = models.PositiveSmallIntegerField(
        _("hours until a report is acknowledged"), default=24, validators=[MinValueValidator(1), MaxValueValidator(720)]
    )
    decide_hours = models.PositiveSmallIntegerField(
        _("hours until a report is decided"), default=72, validators=[MinValueValidator(1), MaxValueValidator(2160)]
    )
    reply_hours = models.PositiveSmallIntegerField(
        _("hours until a reply is decided"), default=120, validators=[MinValueValidator(1), MaxValueValidator(2160)]
    )
    contact_days = models.PositiveSmallIntegerField(
        _("days until a reporter's contact data is erased"),
        default=90,
        validators=[MinValueValidator(1), MaxValueValidator(3650)],
        help_text=_("Counted from the decision."),
    )
    # When something last changed that every page may show (site/keys.py), for Last-Modified.
    furniture_moved_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("site")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="only_one_site")]


class Page(models.Model):
    """A page of the site about itself. What readers see is its newest version; all versions stay public."""

    class Slug(models.TextChoices):
        ABOUT = "about", _("About us")
        CONTACT = "contact", _("Contact")
        IMPRINT = "imprint", _("Imprint")
        PRIVACY = "privacy", _("Privacy")
        POLICY = "policy", _("Corrections policy")  # below /corrections/

    slug = models.CharField(_("page"), max_length=20, choices=Slug.choices, unique=True)

    class Meta:
        verbose_name = _("page about us")
        verbose_name_plural = _("pages about us")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(slug__in=["about", "contact", "imprint", "privacy", "policy"]), name="known_page"
            )
        ]

    def __str__(self) -> str:
        return str(self.get_slug_display())


class PageVersion(models.Model):
    """One version of a page; never changed or deleted (by trigger)."""

    page = models.ForeignKey(Page, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    language = models.CharField(_("language"), max_length=10, choices=Language.choices)
    title = models.CharField(_("title"), max_length=200, validators=[check_line])
    body = models.TextField(_("text"))
    published_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["page", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["page", "number"], name="one_page_version_per_number"),
        ]

    def __str__(self) -> str:
        return f"{self.page_id}/{self.number}"
