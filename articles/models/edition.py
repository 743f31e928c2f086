import json
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Edition(models.Model):
    """One numbered text of an article, exactly as readers saw it. Never changed or deleted (by trigger)."""

    class Kind(models.TextChoices):
        INITIAL = "initial", _("first edition")
        TYPO = "typo", _("typo")
        UPDATE = "update", _("update")
        CLARIFICATION = "clarification", _("clarification")
        CORRECTION = "correction", _("correction")
        EDITORS_NOTE = "editors-note", _("editor’s note")
        RETRACTION = "retraction", _("retraction")
        TAKEDOWN = "takedown", _("takedown")

    WITHDRAWING = frozenset({Kind.RETRACTION, Kind.TAKEDOWN})

    article = models.ForeignKey("articles.Article", on_delete=models.PROTECT, related_name="editions", db_index=False)
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=15, choices=Kind.choices)
    published_at = models.DateTimeField()  # by the database's clock; to the millisecond
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(  # who agreed; a story is withdrawn by two
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    content_digest = models.CharField(
        max_length=64, blank=True
    )  # of the salted text; empty in format 1, see records.py
    digest = models.CharField(max_length=64, unique=True)  # of its record (publishing/records.py), in hexadecimal
    previous_digest = models.CharField(max_length=64, blank=True)  # of the story's edition before; empty for the first

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["article", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="one_edition_per_number"),
            models.UniqueConstraint(
                fields=["previous_digest"],
                condition=~models.Q(previous_digest=""),
                name="one_edition_follows_another",
            ),
            models.CheckConstraint(
                condition=models.Q(number=1, kind="initial", previous_digest="")
                | (models.Q(number__gt=1) & ~models.Q(kind="initial") & ~models.Q(previous_digest="")),
                name="only_edition_1_is_first",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    kind__in=[
                        "initial",
                        "typo",
                        "update",
                        "clarification",
                        "correction",
                        "editors-note",
                        "retraction",
                        "takedown",
                    ]
                ),
                name="known_edition_kind",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind__in=["retraction", "takedown"])
                | (models.Q(second__isnull=False) & ~models.Q(second=models.F("by"))),
                name="withdrawn_by_two",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article_id}/{self.number}"


class EditionText(models.Model):
    """What an edition says, and its salt, apart from its digest. Never changed or deleted (by trigger)."""

    edition = models.OneToOneField(Edition, on_delete=models.PROTECT, primary_key=True, related_name="text")
    content = models.TextField()  # canonical JSON (RFC 8785); JSON columns would reorder and re-escape it
    salt = models.CharField(max_length=64)  # hexadecimal

    class Meta:
        verbose_name = _("text of an edition")
        verbose_name_plural = _("texts of editions")

    def __str__(self) -> str:
        return str(self.edition_id)

    def read(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self.content)
        return content


class EditionPicture(models.Model):
    """That an edition shows a picture: which files a takedown or an erasure may take away, and which others need."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="shown_pictures")
    digest = models.CharField(max_length=64, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "digest"], name="one_picture_once_in_an_edition")]

    def __str__(self) -> str:
        return f"{self.digest} in {self.edition_id}"
