import json
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.languages import Language


class State(models.TextChoices):
    """What became of a story."""

    STANDING = "standing"
    RETRACTED = "retracted"  # the page stays and says so; off fronts, marked in lists
    DOWN = "down"  # a stub, 410 or 451, and for 30 days in feeds


class Publication(models.Model):
    """The public face of one article: which edition stands. Written with each edition, and by nothing else."""

    State = State

    article = models.OneToOneField(
        "articles.Article", on_delete=models.PROTECT, primary_key=True, related_name="publication"
    )
    code = models.CharField(max_length=12, unique=True)
    edition = models.OneToOneField("articles.Edition", on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=10)
    readers = models.CharField(max_length=5)  # Language.readers
    channel = models.ForeignKey("articles.Channel", on_delete=models.PROTECT, related_name="+")
    topic = models.ForeignKey("articles.Topic", on_delete=models.PROTECT, null=True, related_name="+")
    source = models.ForeignKey("articles.Source", on_delete=models.PROTECT, related_name="+")
    first_published_at = models.DateTimeField(_("first published"))
    published_at = models.DateTimeField()  # of the current edition
    # When something of weight last changed: a typo does not count (RFC 4287, section 4.2.15).
    changed_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.STANDING)
    # The version of the working copy that the current words came from; unknown of older stories.
    draft_version = models.PositiveIntegerField(null=True)
    notice = models.ForeignKey(  # the first one of the current edition, for the front's own line
        "articles.Correction", on_delete=models.PROTECT, null=True, related_name="+"
    )
    card = models.TextField()  # what lists show of it, as JSON: publishing.freeze.card_of
    converted_card = models.TextField(blank=True)  # the same in the other Chinese script, where the edition has it
    # What it is a translation of, or itself: the stories that say the same in several languages share it.
    original = models.ForeignKey("articles.Article", on_delete=models.PROTECT, null=True, related_name="+")
    # Its own language, where another story that says the same is written in its other Chinese script, so that it is not
    # shown there; else empty (publishing.siblings).
    only_in = models.CharField(max_length=10, blank=True, default="")

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        indexes = [
            models.Index(fields=["-published_at"], name="publication_by_time"),
            models.Index(
                fields=["readers", "-published_at"],
                condition=models.Q(notice__isnull=False),
                name="publication_by_public_change",
            ),
            models.Index(fields=["first_published_at", "article"], name="publication_by_first_time"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["standing", "retracted", "down"]), name="known_publication_state"
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def read_card(self) -> dict[str, Any]:
        card: dict[str, Any] = json.loads(self.card)
        return card


class ListingQuerySet(models.QuerySet["Listing"]):
    def on(self, kind: "Listing.Kind", target: int, readers: str) -> "ListingQuerySet":
        """One public list, newest first, without what was taken down: an index scan, whatever the archive's size."""
        return (
            self.filter(kind=kind, target=target, readers=readers)
            .exclude(state=State.DOWN)
            .order_by("-first_published_at", "-publication")
        )

    def standing(self) -> "ListingQuerySet":
        """Fit for a front, and beside another story: not retracted."""
        return self.filter(state=State.STANDING)

    def shown_in(self, language: Language) -> "ListingQuerySet":
        """On pages of this language: without what stands in its other script, where somebody wrote it in this one."""
        return self.filter(only_in__in=["", language.value]) if language.other_script else self

    def taken_down(self, kind: "Listing.Kind", target: int, readers: str) -> "ListingQuerySet":
        """The stubs that feeds still have to show."""
        return self.filter(kind=kind, target=target, readers=readers, state=State.DOWN)


class Listing(models.Model):
    """That a published article stands on a public list. Written with each edition, and by nothing else."""

    class Kind(models.TextChoices):
        SITE = "site"
        CHANNEL = "channel"  # of the story, and of every channel above
        TOPIC = "topic"
        TAG = "tag"
        PERSON = "person"
        PLACE = "place"  # that the story tells of, and every place that it lies in

    publication = models.ForeignKey(
        Publication, on_delete=models.CASCADE, related_name="listings", db_index=False
    )  # the unique key below begins with it
    kind = models.CharField(max_length=10, choices=Kind.choices)
    target = models.BigIntegerField()  # the primary key of the channel, topic …; 0 for the site
    readers = models.CharField(max_length=5)  # Language.readers
    first_published_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.STANDING)  # of its publication
    only_in = models.CharField(max_length=10, blank=True, default="")  # of its publication

    objects = ListingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["publication", "kind", "target"], name="once_on_a_list"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["site", "channel", "topic", "tag", "person", "place"]),
                name="known_listing_kind",
            ),
        ]
        indexes = [
            models.Index(
                fields=["kind", "target", "readers", "-first_published_at", "-publication"], name="listing_in_order"
            ),
            models.Index(
                fields=["kind", "target", "readers"], condition=models.Q(state="down"), name="listing_taken_down"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.publication_id} on {self.kind} {self.target}"
