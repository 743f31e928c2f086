"""專題: special coverage, and what its own page says beside its stories. All of it is furniture: it lives."""

import re
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.checks import check_line
from articles.models.languages import Language
from articles.models.names import Named, slug_field
from articles.models.old_address import Addressed
from articles.models.publication import Listing


def _standfirst(name: Any) -> models.CharField:
    return models.CharField(name, max_length=300, validators=[check_line], blank=True)


def _order() -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(_("order"), default=0, validators=[MaxValueValidator(9999)])


def _language() -> models.CharField:
    return models.CharField(_("language"), max_length=10, choices=Language.choices, default=Language.ZH_HANT)


class TopicQuerySet(models.QuerySet["Topic"]):
    def running(self) -> "TopicQuerySet":
        """Those whose coverage has not ended."""
        return self.filter(ended_on=None)


class Topic(Addressed, Named):
    """Special coverage; its banner stands above each of its stories."""

    slug = slug_field(unique=True)
    banner = models.CharField(
        _("banner"),
        max_length=100,
        validators=[check_line],
        blank=True,
        help_text=_("The line above each story; if empty, the name."),
    )
    standfirst = _standfirst(_("standfirst"))
    standfirst_zh_hant = _standfirst(_("standfirst in Traditional Chinese"))
    standfirst_zh_hans = _standfirst(_("standfirst in Simplified Chinese"))
    standfirst_en = _standfirst(_("standfirst in English"))
    standfirst_bo = _standfirst(_("standfirst in Tibetan"))
    picture = models.ForeignKey(
        "articles.Picture", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("picture")
    )
    order = _order()
    ended_on = models.DateField(
        _("coverage ended on"),
        null=True,
        blank=True,
        help_text=_("From then on its page says so, it leaves the front, and is offered to new stories no more."),
    )

    objects = TopicQuerySet.as_manager()
    address_kind = Listing.Kind.TOPIC

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["order", "pk"]

    def was_public(self) -> bool:
        return super().was_public() or (bool(self.pk) and self.placed.exists())


class TopicFact(models.Model):
    """One of the key facts: a sentence, or a word and what there is to say of it."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="facts")
    order = _order()
    language = _language()
    label = models.CharField(_("label"), max_length=40, validators=[check_line], blank=True)
    text = models.CharField(_("text"), max_length=300, validators=[check_line])

    class Meta:
        verbose_name = _("key fact")
        verbose_name_plural = _("key facts")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.label or self.text


class TopicSection(Named):
    """A part of the page, with the stories that somebody placed in it."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="sections")
    order = _order()

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ["order", "pk"]


class TopicStory(models.Model):
    """A story that somebody placed in a section. Whether readers see it there follows from how it stands."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="placed")
    section = models.ForeignKey(TopicSection, on_delete=models.CASCADE, related_name="stories")
    article = models.ForeignKey("articles.Article", on_delete=models.PROTECT, related_name="+")
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["topic", "article"], name="a_story_once_on_a_topic")]

    def __str__(self) -> str:
        return f"{self.article_id} in {self.section_id}"


_WHEN = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


def check_when(value: str) -> None:
    """Refuse what is neither a day, nor a month, nor a year."""
    found = _WHEN.fullmatch(value)
    try:
        if not found:
            raise ValueError(value)
        date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    except ValueError as error:
        raise ValidationError(
            _("Write the day as 2026-05-03, the month as 2026-05, or the year as 2026, as far as it is known."),
            code="when",
        ) from error


class TopicMoment(models.Model):
    """A line of the timeline: when, as far as it is known, what, and the story that tells of it."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="moments")
    when = models.CharField(
        _("day, month or year"), max_length=10, validators=[check_when], help_text=_("2026-05-03, 2026-05 or 2026")
    )
    language = _language()
    text = models.CharField(_("text"), max_length=300, validators=[check_line])
    article = models.ForeignKey(
        "articles.Article", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("story")
    )

    class Meta:
        verbose_name = _("moment")
        verbose_name_plural = _("timeline")
        ordering = ["when", "pk"]

    def __str__(self) -> str:
        return f"{self.when} {self.text}"
