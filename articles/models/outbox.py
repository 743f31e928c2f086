from django.db import models


class Outbox(models.Model):
    """That an edition's effects must still happen (settings.AFTER_COMMIT). Written in the edition's transaction."""

    edition = models.OneToOneField("articles.Edition", on_delete=models.PROTECT, related_name="outbox")
    created_at = models.DateTimeField()
    claimed_until = models.DateTimeField()  # somebody is at it until then; afterwards the worker may take it
    attempts = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        verbose_name = "outbox row"
        indexes = [
            models.Index(fields=["claimed_until"], condition=models.Q(done_at=None), name="outbox_to_do"),
        ]

    def __str__(self) -> str:
        return f"edition {self.edition_id}"
