from django.db import models


class Purge(models.Model):
    """That kept pages must still go, because of an act. Written in the act's transaction, gone when they are."""

    keys = models.TextField()  # a JSON list of articles/site/keys.py; null for everything
    at = models.DateTimeField()
    left = models.TextField(blank=True, default="")  # names of the stores that have not confirmed it; empty: all

    class Meta:
        verbose_name = "purge"

    def __str__(self) -> str:
        return self.keys[:100]

    def concerns(self, store: str) -> bool:
        return not self.left or store in self.left.split()
