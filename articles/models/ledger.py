"""The site's ledger: every public act in the order in which it was sealed, and the signed heads over it."""

from django.db import models


class LedgerEntry(models.Model):
    """One sealed act. Never changed or deleted (by trigger)."""

    class Kind(models.TextChoices):
        EDITION = "edition"  # target: the edition's key
        NOTICE = "notice"  # the correction's
        ERASURE = "erasure"
        CONVERSION = "conversion"
        KEY = "key"  # a signing key begins; the LedgerKey's

    number = models.BigIntegerField(unique=True)  # 0, 1, 2 … without a gap
    kind = models.CharField(max_length=10, choices=Kind.choices)
    target = models.BigIntegerField()
    at = models.DateTimeField()  # when it was sealed
    record = models.TextField()  # canonical JSON: what the act was; carries the digest of the thing
    previous = models.CharField(max_length=64, blank=True)  # the digest of the entry before; empty for number 0
    digest = models.CharField(max_length=64, unique=True)  # SHA-256 over kind, number, previous, time and record

    class Meta:
        verbose_name_plural = "ledger entries"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "target"], name="sealed_once"),
            models.UniqueConstraint(
                fields=["previous"], condition=~models.Q(previous=""), name="one_entry_follows_another"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["edition", "notice", "erasure", "conversion", "key"]),
                name="known_ledger_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.kind} {self.target}"


class Unsealed(models.Model):
    """What the ledger still has to take up: written in the transaction of the act, deleted when it is sealed."""

    kind = models.CharField(max_length=10, choices=LedgerEntry.Kind.choices)
    target = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "unsealed"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["kind", "target"], name="to_be_sealed_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.target}"


class Ledger(models.Model):
    """Where the ledger stands, in one row, which is also the sealer's lock. Derived: the entries say the same."""

    size = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)  # of the last entry
    edge = models.TextField(default="[]")  # JSON: the roots of the complete subtrees from the left, in hexadecimal

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="only_one_ledger")]

    def __str__(self) -> str:
        return str(self.size)


class LedgerKey(models.Model):
    """A public key that heads are signed with (Ed25519). Never changed or deleted (by trigger)."""

    public = models.CharField(max_length=64, unique=True)  # 32 bytes in hexadecimal
    at = models.DateTimeField()
    # The signature of the key before over this one's record; empty for the first key, or where that key was lost.
    signature = models.CharField(max_length=128, blank=True)
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.public


class Head(models.Model):
    """The ledger's root at one size, signed. Never changed or deleted (by trigger)."""

    size = models.BigIntegerField()
    root = models.CharField(max_length=64)  # RFC 9162, section 2.1.1, in hexadecimal
    at = models.DateTimeField()
    key = models.ForeignKey(LedgerKey, on_delete=models.PROTECT, related_name="heads")
    signature = models.CharField(max_length=128)  # over the head's canonical JSON

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.size}: {self.root}"
