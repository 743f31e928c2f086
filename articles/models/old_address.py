"""Addresses that once led to a thing, and lead to it for ever: kept by the save that changes one, whoever saves."""

from typing import Any, ClassVar

from django.db import models, transaction
from django.db.models.functions import Now

from articles.models.publication import Listing


class OldAddressManager(models.Manager["OldAddress"]):
    def of(self, kind: str, word: str) -> int | None:
        """The key of what this word once led to."""
        return self.filter(kind=kind, word=word).values_list("target", flat=True).first()

    def move(self, kind: str, target: int, left: str, taken: str, *, was_public: bool) -> None:
        """Something goes from one word to another; the other one belongs to it from now on, whoever had it before.

        What readers could never open is left without a trace.
        """
        self.filter(kind=kind, word=taken).delete()
        if left and was_public:
            self.update_or_create(kind=kind, word=left, defaults={"target": target, "left_at": Now()})


class OldAddress(models.Model):
    """A word at which readers once found a thing. It names the thing by its key, so that no chain ever forms."""

    kind = models.CharField(max_length=10)  # Listing.Kind
    word = models.CharField(max_length=250)
    target = models.BigIntegerField()
    left_at = models.DateTimeField(db_default=Now())

    objects = OldAddressManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "word"], name="one_thing_at_an_old_address")]
        indexes = [models.Index(fields=["kind", "target"], name="old_addresses_of_a_thing")]

    def __str__(self) -> str:
        return f"{self.kind} {self.word}"


class Addressed(models.Model):
    """What readers find at an address word, and go on finding there when the word is changed."""

    address_kind: ClassVar[Listing.Kind]
    address_column: ClassVar[str] = "slug"

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic():
            stored = type(self)._default_manager.filter(pk=self.pk) if self.pk else None
            left = stored.values_list(self.address_column, flat=True).first() if stored is not None else None
            super().save(*args, **kwargs)
            if self.address != left:
                OldAddress.objects.move(
                    self.address_kind, self.pk, left or "", self.address, was_public=bool(left) and self.was_public()
                )

    @property
    def address(self) -> str:
        """The word, or words parted by slashes."""
        word: str = self.slug  # type: ignore[attr-defined]
        return word

    def was_public(self) -> bool:
        """Whether readers could open it: what only drafts name has no address that anybody could have kept."""
        return bool(self.pk) and Listing.objects.filter(kind=self.address_kind, target=self.pk).exists()
