from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.checks import check_line
from articles.models.languages import Language


class Picture(models.Model):
    """An upload, re-encoded by us. Its files are named by digest, so a frozen text can never show other bytes.

    The files lie in the private store; a publication puts copies into the public one.
    """

    digest = models.CharField(max_length=64, editable=False, db_index=True)  # SHA-256 of the re-encoded original
    width = models.PositiveIntegerField(editable=False)  # pixels
    height = models.PositiveIntegerField(editable=False)
    widths = models.CharField(max_length=100, editable=False)  # of its renditions, ascending, by ","
    language = models.CharField(_("language of its texts"), max_length=10, choices=Language.choices)
    alt = models.CharField(
        _("what is to be seen"), max_length=300, validators=[check_line], help_text=_("For readers who cannot see it.")
    )
    caption = models.CharField(_("caption"), max_length=500, validators=[check_line], blank=True)
    credit = models.CharField(
        _("credit"), max_length=200, validators=[check_line], help_text=_("Who made it, as it is to be printed.")
    )
    created_at = models.DateTimeField(_("added"), editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )

    erased_at = models.DateTimeField(null=True, editable=False)  # by law: its words and files are gone for good

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(width__gt=0, height__gt=0), name="picture_has_a_size"),
        ]

    def __str__(self) -> str:
        return self.caption or self.alt

    @property
    def all_widths(self) -> list[int]:
        return [int(width) for width in self.widths.split(",")]

    @property
    def files(self) -> list[str]:
        """The names of its renditions, the same in both stores."""
        return [rendition_name(self.digest, width, kind) for width in self.all_widths for kind in RENDITION_KINDS]


RENDITION_KINDS = {"webp": "image/webp", "jpg": "image/jpeg"}


def rendition_name(digest: str, width: int, kind: str) -> str:
    return f"pictures/{digest}/{width}.{kind}"


def private_store() -> Storage:
    return storages["private"]


def public_store() -> Storage:
    return storages["default"]
