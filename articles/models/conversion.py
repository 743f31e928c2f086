import json
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Conversion(models.Model):
    """That an edition or a notice stands in the other Chinese script, too, as it was converted once.

    Made in the act of publication, or once by a command for what is older; an act of its own in the ledger. Never
    changed or deleted (by trigger): a later converter or glossary changes nothing that readers were shown.
    """

    article = models.ForeignKey("articles.Article", on_delete=models.PROTECT, related_name="conversions")
    edition = models.ForeignKey(
        "articles.Edition", on_delete=models.PROTECT, null=True, related_name="conversions", db_index=False
    )  # the unique keys below begin with it, and with the notice
    notice = models.ForeignKey(
        "articles.Correction", on_delete=models.PROTECT, null=True, related_name="conversions", db_index=False
    )
    language = models.CharField(max_length=10)  # Language: the script that it was converted to
    converter = models.CharField(max_length=200)  # which converter, and a digest of the glossary that it was given
    at = models.DateTimeField()
    content_digest = models.CharField(max_length=64)  # of the salted text
    digest = models.CharField(max_length=64, unique=True)  # of its record (publishing/records.py)

    class Meta:
        verbose_name = _("text in the other script")
        verbose_name_plural = _("texts in the other script")
        constraints = [
            models.UniqueConstraint(fields=["edition", "language"], name="one_conversion_of_an_edition"),
            models.UniqueConstraint(fields=["notice", "language"], name="one_conversion_of_a_notice"),
            models.CheckConstraint(
                condition=models.Q(edition__isnull=False, notice__isnull=True)
                | models.Q(edition__isnull=True, notice__isnull=False),
                name="a_conversion_is_of_one_thing",
            ),
            models.CheckConstraint(
                condition=models.Q(language__in=["zh-Hant", "zh-Hans"]), name="converted_to_a_chinese_script"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id or self.notice_id} in {self.language}"


class ConversionText(models.Model):
    """What a conversion says, and its salt, apart from its digest. Never changed; deleted only by an erasure."""

    conversion = models.OneToOneField(Conversion, on_delete=models.PROTECT, primary_key=True, related_name="text")
    content = models.TextField()  # canonical JSON, as of the edition or the notice
    salt = models.CharField(max_length=64)  # hexadecimal

    class Meta:
        verbose_name = _("words in the other script")
        verbose_name_plural = _("words in the other script")

    def __str__(self) -> str:
        return str(self.conversion_id)

    def read(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self.content)
        return content
