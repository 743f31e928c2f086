from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Erasure(models.Model):
    """That words were removed for good by law, publicly. Never changed or deleted (by trigger).

    Its rows of `ErasedPart` are what lets the triggers pass the removal of those very texts, and of no other.
    """

    article = models.ForeignKey("articles.Article", on_delete=models.PROTECT, related_name="erasures")
    at = models.DateTimeField()
    note = models.CharField(max_length=1000)  # what the public is told: on which ground, never what
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, unique=True)  # of its record (publishing/records.py)

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(second=models.F("by")), name="erased_by_two"),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} {self.at:%Y-%m-%d}"


class ErasedPart(models.Model):
    """One text or picture that an erasure removed."""

    class Kind(models.TextChoices):
        EDITION = "edition"  # target: the edition's key
        NOTICE = "notice"  # the correction's
        CONVERSION = "conversion"  # the converted text's
        PICTURE = "picture"  # the picture's key in the library

    erasure = models.ForeignKey(Erasure, on_delete=models.PROTECT, related_name="parts")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    target = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "target"], name="erased_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["edition", "notice", "conversion", "picture"]), name="known_erased_part"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.target}"
