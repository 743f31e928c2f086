from django.db import models

from articles.models.search_entry import TokensField


class PublicEntry(models.Model):
    """That a public story can be found, and where in the order of time it stands. Written by `search.public_index`.

    moment: see search.moments; given once, and kept. edition: the one whose words are indexed.
    """

    publication = models.OneToOneField(
        "articles.Publication", on_delete=models.PROTECT, primary_key=True, related_name="found_as"
    )
    moment = models.BigIntegerField(unique=True)
    edition = models.ForeignKey("articles.Edition", on_delete=models.PROTECT, related_name="+", db_index=False)

    def __str__(self) -> str:
        return f"{self.publication_id} at {self.moment}"


class PublicTokens(models.Model):
    """What a public story can be found by, beside the desk's own index: an FTS5 table on SQLite, a tsvector with a GIN
    index on PostgreSQL. Its rows are known by the moment of their entry, so that they stand in the order of time."""

    moment = models.BigIntegerField(primary_key=True, db_column="rowid")
    tokens = TokensField()

    class Meta:
        managed = False
        db_table = "articles_public_search"

    def __str__(self) -> str:
        return f"{self.pk}"


class Suggestion(models.Model):
    """A name, or the headline of a public story, by the folded letters that somebody may begin to type."""

    class Kind(models.TextChoices):  # all but the last as in Listing.Kind
        CHANNEL = "channel"
        TOPIC = "topic"
        TAG = "tag"
        PERSON = "person"
        PLACE = "place"
        HEADLINE = "headline"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    target = models.BigIntegerField()  # the key of the channel, topic …; of the publication, for a headline
    readers = models.CharField(max_length=5, blank=True)  # of a headline: Language.readers; names are in any language
    key = models.BinaryField(max_length=240)  # bytes, because both databases order these alike

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "target", "key"], name="one_suggestion_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["channel", "topic", "tag", "person", "place", "headline"]),
                name="known_suggestion_kind",
            ),
        ]
        # All that is asked: what begins alike lies together in the index, and nowhere in the table.
        indexes = [models.Index(fields=["readers", "key", "kind", "target"], name="suggestion_in_order")]

    def __str__(self) -> str:
        return f"{self.kind} {self.target}"
