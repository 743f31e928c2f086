import json
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.edition import Edition


class Correction(models.Model):
    """A notice: what readers are told about one change after publication. Never changed or deleted (by trigger).

    It ties the edition that was wrong to the one that puts it right. A correction of a correction is a further row
    that supersedes this one; the notice itself stays.
    """

    class Kind(models.TextChoices):
        UPDATE = "update", _("update")
        CLARIFICATION = "clarification", _("clarification")
        CORRECTION = "correction", _("correction")
        EDITORS_NOTE = "editors-note", _("editor’s note")
        RETRACTION = "retraction", _("retraction")
        TAKEDOWN = "takedown", _("takedown")

    class Weight(models.TextChoices):
        SERIOUS = "serious", _("serious: above the text")
        ORDINARY = "ordinary", _("ordinary: below the text")

    class Ground(models.TextChoices):
        LEGAL = "legal", _("a legal demand")
        SAFETY = "safety", _("the safety of a person")
        RIGHTS = "rights", _("the end of the right to publish it")

    class Cause(models.TextChoices):
        """How it came about, for the desk's own figures; never whose fault it was."""

        REPORTING = "reporting", _("reporting: something was misunderstood or not asked")
        SOURCE = "source", _("the source was wrong")
        EDITING = "editing", _("editing: it was right before it was edited")
        TRANSLATION = "translation", _("translation")
        NUMBERS = "numbers", _("numbers, dates, units")
        NAMES = "names", _("names and titles")
        PICTURE = "picture", _("a picture or its caption")
        OTHER = "other", _("something else")

    class Field(models.TextChoices):
        BODY = "body", _("in the text")
        HEADLINE = "headline", _("in the headline")
        STANDFIRST = "standfirst", _("in the standfirst")
        PICTURE = "picture", _("in a picture or its caption")
        OTHER = "other", _("elsewhere in the story")

    article = models.ForeignKey("articles.Article", on_delete=models.PROTECT, related_name="corrections")
    right = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="corrections")
    wrong = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="corrected_by")
    place = models.PositiveSmallIntegerField()  # 1, 2, … among the notices of its edition
    kind = models.CharField(max_length=15, choices=Kind.choices)
    weight = models.CharField(max_length=10, choices=Weight.choices)
    field = models.CharField(max_length=12, choices=Field.choices)
    ground = models.CharField(max_length=10, choices=Ground.choices, blank=True)  # of a takedown
    cause = models.CharField(max_length=12, choices=Cause.choices, blank=True)
    supersedes = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="superseded_by")
    # For the public log, as they were at the time.
    readers = models.CharField(max_length=5)  # Language.readers
    channel = models.ForeignKey("articles.Channel", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()  # of its edition
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text_digest = models.CharField(max_length=64)  # of the salted text
    digest = models.CharField(max_length=64, unique=True)  # of its record (publishing/records.py)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["right", "place"], name="one_notice_per_place_in_an_edition"),
            models.CheckConstraint(
                condition=models.Q(
                    kind__in=["update", "clarification", "correction", "editors-note", "retraction", "takedown"]
                ),
                name="known_notice_kind",
            ),
            models.CheckConstraint(condition=models.Q(weight__in=["serious", "ordinary"]), name="known_notice_weight"),
            models.CheckConstraint(
                condition=models.Q(field__in=["body", "headline", "standfirst", "picture", "other"]),
                name="known_notice_field",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    cause__in=[
                        "",
                        "reporting",
                        "source",
                        "editing",
                        "translation",
                        "numbers",
                        "names",
                        "picture",
                        "other",
                    ]
                ),
                name="known_notice_cause",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="takedown", ground__in=["legal", "safety", "rights"])
                | (~models.Q(kind="takedown") & models.Q(ground="")),
                name="a_takedown_has_a_ground",
            ),
        ]
        indexes = [
            models.Index(fields=["readers", "-at", "-id"], name="notice_by_time"),
            models.Index(fields=["readers", "kind", "-at", "-id"], name="notice_by_kind"),
            models.Index(fields=["readers", "channel", "-at", "-id"], name="notice_by_channel"),
        ]

    def __str__(self) -> str:
        return f"{self.article_id}/{self.place}"


class CorrectionText(models.Model):
    """What a notice says, and its salt, apart from its digest, so that a lawful erasure breaks no chain.

    Never changed; deleted only by an erasure (by trigger). `content` is canonical JSON: text, was, now (strings);
    passage and passage_now (articles.language.passages: where it stood, and where what is right stands), or null;
    reply ({"name", "text"}, the reply of a person concerned), or null.
    """

    correction = models.OneToOneField(Correction, on_delete=models.PROTECT, primary_key=True, related_name="text")
    content = models.TextField()
    salt = models.CharField(max_length=64)  # hexadecimal

    class Meta:
        verbose_name = _("text of a notice")
        verbose_name_plural = _("texts of notices")

    def __str__(self) -> str:
        return str(self.correction_id)

    def read(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self.content)
        return content
