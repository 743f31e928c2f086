from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.checks import check_line
from articles.models.names import Named, slug_field
from articles.models.old_address import Addressed
from articles.models.publication import Listing


def _line(name: Any) -> models.CharField:
    return models.CharField(name, max_length=100, validators=[check_line], blank=True)


def _biography(name: Any) -> models.TextField:
    return models.TextField(name, max_length=2000, validators=[check_line], blank=True)


class Person(Addressed, Named):
    """An author or editor as the public sees them."""

    slug = slug_field(unique=True)
    line = _line(_("what they do"))  # in one line: "Reporter, Langtso"
    line_zh_hant = _line(_("what they do, in Traditional Chinese"))
    line_zh_hans = _line(_("what they do, in Simplified Chinese"))
    line_en = _line(_("what they do, in English"))
    line_bo = _line(_("what they do, in Tibetan"))
    biography = _biography(_("biography"))
    biography_zh_hant = _biography(_("biography in Traditional Chinese"))
    biography_zh_hans = _biography(_("biography in Simplified Chinese"))
    biography_en = _biography(_("biography in English"))
    biography_bo = _biography(_("biography in Tibetan"))
    portrait = models.ForeignKey(
        "articles.Picture", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("portrait"),
    )  # fmt: skip
    has_page = models.BooleanField(
        _("has a public page"),
        default=True,
        help_text=_("Without it, the name stays on stories but leads nowhere, and the old address says so."),
    )

    address_kind = Listing.Kind.PERSON

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name"]
