from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThanOrEqual
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager

from articles.models.checks import check_line, check_zone
from articles.models.codes import new_code
from articles.models.languages import Language
from articles.models.place import Place
from articles.models.prepared import prepared, told
from articles.models.tag import Tag, TaggedArticle

MAX_BODY = 200_000  # characters of HTML


class ArticleQuerySet(models.QuerySet["Article"]):
    def with_parts(self) -> "ArticleQuerySet":
        """With what `publishing.freeze` reads, in a fixed number of queries."""
        return self.with_one_each().prefetch_related(*_several())

    def with_one_each(self) -> "ArticleQuerySet":
        return self.select_related("desk", "channel__parent__parent", "source", "topic", "lead_picture")


def _several() -> list[Any]:
    return ["tags", "places", models.Prefetch("credits", queryset=Credit.objects.select_related("person"))]


class Article(models.Model):  # type: ignore[django-manager-missing]
    """The desk's working copy of a story. Nothing public reads it: readers see its current Edition.

    Written only through `publishing.save_draft` and the other verbs. A code is never changed, and an article never
    deleted (both by trigger), so that no code can ever stand for a second story.
    """

    class Stage(models.TextChoices):
        """Where the working copy stands (publishing/stages.py). All but draft, changed and spiked may be of a story
        that is public, or of one that is not yet."""

        DRAFT = "draft", _("draft")
        REVIEW = "review", _("in review")
        APPROVED = "approved", _("approved")
        SCHEDULED = "scheduled", _("scheduled")
        PUBLISHED = "published", _("published")
        CHANGED = "changed", _("published, with unpublished changes")
        SPIKED = "spiked", _("spiked")

    code = models.CharField(_("content code"), max_length=12, unique=True, default=new_code, editable=False)
    # No index of one key alone where another below begins with it: a publication writes each.
    desk = models.ForeignKey("articles.Desk", on_delete=models.PROTECT, db_index=False, verbose_name=_("desk"))
    stage = models.CharField(_("stage"), max_length=10, choices=Stage.choices, default=Stage.DRAFT, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)  # raised by every saved change
    language = models.CharField(_("language"), max_length=10, choices=Language.choices, default=Language.ZH_HANT)
    headline = models.CharField(_("headline"), max_length=200, validators=[check_line])
    kicker = models.CharField(_("kicker"), max_length=60, blank=True, validators=[check_line])
    standfirst = models.CharField(_("standfirst"), max_length=500, blank=True, validators=[check_line])
    body = models.TextField(_("body"), max_length=MAX_BODY, blank=True)
    channel = models.ForeignKey(
        "articles.Channel",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        verbose_name=_("channel"),
    )
    source = models.ForeignKey(
        "articles.Source", on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("source")
    )
    topic = models.ForeignKey(
        "articles.Topic", on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("topic")
    )
    translation_of = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="translations",
        verbose_name=_("translation of"),
        help_text=_("The story in another language that this one translates."),
    )
    lead_picture = models.ForeignKey(
        "articles.Picture",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="leads",
        verbose_name=_("lead picture"),
    )
    lead_caption = models.CharField(_("its caption here"), max_length=500, blank=True, validators=[check_line])
    lead_credit = models.CharField(
        _("its credit here, if not its own"), max_length=200, blank=True, validators=[check_line]
    )
    script_forms = models.TextField(
        _("words in the other Chinese script"),
        blank=True,
        max_length=2000,
        help_text=_("One in a line, as word = word; the same word twice keeps it as it is."),
    )
    # A floor under every first publication, by the database's clock; the zone is the one that it was named in.
    embargo_until = models.DateTimeField(_("embargo until"), null=True, blank=True)
    embargo_zone = models.CharField(_("time zone of the embargo"), max_length=60, blank=True, validators=[check_zone])
    people = models.ManyToManyField("articles.Person", through="articles.Credit", related_name="articles")
    # The desk's own: none of it is a part of the words, so that none of it raises the version.
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="assigned",
        db_index=False,
        verbose_name=_("assigned to"),
    )
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    approved_version = models.PositiveIntegerField(null=True, editable=False)
    approved_words = models.CharField(max_length=64, blank=True, default="", editable=False)  # freeze.fingerprint
    begun_key = models.CharField(max_length=32, null=True, unique=True, editable=False)  # noqa: DJ001 - unique
    created_at = models.DateTimeField(_("begun"), editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        editable=False,
        related_name="+",
        db_index=False,
        verbose_name=_("begun by"),
    )
    changed_at = models.DateTimeField(_("last change"), editable=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        editable=False,
        related_name="+",
        verbose_name=_("changed by"),
    )

    places = models.ManyToManyField("articles.Place", blank=True, related_name="+", verbose_name=_("places"))
    tags = TaggableManager(through=TaggedArticle, blank=True, verbose_name=_("tags"))
    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("story")
        verbose_name_plural = _("stories")
        ordering = ["-changed_at", "-pk"]
        indexes = [
            models.Index(fields=["-changed_at", "-id"], name="article_by_change"),
            models.Index(fields=["desk", "-changed_at", "-id"], name="article_by_desk"),
            models.Index(fields=["stage", "-changed_at", "-id"], name="article_by_stage"),
            models.Index(fields=["channel", "-changed_at", "-id"], name="article_by_channel"),
            models.Index(fields=["language", "-changed_at", "-id"], name="article_by_language"),
            models.Index(fields=["created_by", "-changed_at", "-id"], name="article_by_beginner"),
            models.Index(fields=["assignee", "-changed_at", "-id"], name="article_by_assignee"),
            models.Index(fields=["desk", "stage", "-changed_at", "-id"], name="article_by_desk_stage"),
            models.Index(fields=["desk", "channel", "-changed_at", "-id"], name="article_by_desk_channel"),
            models.Index(fields=["desk", "language", "-changed_at", "-id"], name="article_by_desk_language"),
            models.Index(fields=["desk", "assignee", "-changed_at", "-id"], name="article_by_desk_assignee"),
            models.Index(fields=["desk", "created_by", "-changed_at", "-id"], name="article_by_desk_beginner"),
            models.Index(
                fields=["desk", "due_at", "id"],
                condition=models.Q(due_at__isnull=False),
                name="article_by_desk_due",
            ),
            models.Index(fields=["due_at", "id"], condition=models.Q(due_at__isnull=False), name="article_by_due"),
            models.Index(
                fields=["embargo_until", "id"],
                condition=models.Q(embargo_until__isnull=False),
                name="article_by_embargo",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=~models.Q(translation_of=models.F("id")), name="translates_another_story"),
            models.CheckConstraint(condition=models.Q(version__gte=1), name="article_version_counts_from_one"),
            models.CheckConstraint(
                condition=models.Q(
                    stage__in=["draft", "review", "approved", "scheduled", "published", "changed", "spiked"]
                ),
                name="known_article_stage",
            ),
            models.CheckConstraint(
                condition=models.Q(language__in=["zh-Hant", "zh-Hans", "en", "bo"]), name="known_article_language"
            ),
            models.CheckConstraint(
                condition=GreaterThanOrEqual(Length("code"), 8), name="article_code_has_eight_letters"
            ),
            models.CheckConstraint(
                condition=models.Q(embargo_until=None, embargo_zone="")
                | (models.Q(embargo_until__isnull=False) & ~models.Q(embargo_zone="")),
                name="an_embargo_names_its_zone",
            ),
            models.CheckConstraint(
                condition=models.Q(approved_version=None, approved_by=None)
                | models.Q(approved_version__isnull=False, approved_by__isnull=False),
                name="an_approval_names_who_and_what",
            ),
        ]

    def __str__(self) -> str:
        return self.headline


class Credit(models.Model):
    """Who did what on a story, in order."""

    class Role(models.TextChoices):
        AUTHOR = "author", _("author")
        EDITOR = "editor", _("responsible editor")
        PHOTOGRAPHER = "photographer", _("photographer")
        TRANSLATOR = "translator", _("translator")

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="credits", db_index=False)
    person = models.ForeignKey(
        "articles.Person", on_delete=models.PROTECT, related_name="credits", verbose_name=_("person")
    )
    role = models.CharField(_("role"), max_length=15, choices=Role.choices)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("credit")
        verbose_name_plural = _("credits")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["article", "person", "role"], name="one_credit_per_person_and_role"),
            models.CheckConstraint(
                condition=models.Q(role__in=["author", "editor", "photographer", "translator"]),
                name="known_credit_role",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.person}"


@prepared
def _article() -> ArticleQuerySet:
    return Article.objects.with_one_each().filter(pk=told("key"))


def article_with_parts(key: int) -> Article:
    """One article, as `ArticleQuerySet.with_parts` brings it. Raises Article.DoesNotExist."""
    article: Article | None = _article().first(key=key)
    if not article:
        raise Article.DoesNotExist
    for name, parts in (("tags", _tags()), ("places", _places()), ("credits", _credits())):
        _hold(article, name, parts(article=key))
    for credit in article.credits.all():
        credit.article = article
    return article


@prepared
def _tags() -> "models.QuerySet[Tag]":
    return Tag.objects.filter(tagged_articles__content_object=told("article")).order_by("pk")


@prepared
def _places() -> "models.QuerySet[Place]":
    return Place.objects.filter(pk__in=Article.places.through.objects.filter(article=told("article")).values("place"))


@prepared
def _credits() -> "models.QuerySet[Credit]":
    return Credit.objects.select_related("person").filter(article=told("article"))


def _hold(article: Article, name: str, parts: Sequence[models.Model]) -> None:
    """As what was asked for beforehand (QuerySet.prefetch_related)."""
    held = getattr(article, name).all()
    held._result_cache, held._prefetch_done = parts, True
    article.__dict__.setdefault("_prefetched_objects_cache", {})[name] = held
