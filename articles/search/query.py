"""Asking what is found: the one place that a search cluster would take over.

`Search(words, shares)` is what somebody seeks within what they may see; its `expression()` goes into `tokens__match`,
so that what is found can be filtered further, and read newest story first, by the key of its entry.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet
from django.utils.functional import cached_property

from articles.language.tokens import Phrase, phrases
from articles.models import SearchEntry
from articles.search.scope import Share


@dataclass(frozen=True)
class Search:
    """What is sought. shares: whose stories; None means everybody's."""

    words: str
    shares: Sequence[Share] | None = None

    @cached_property
    def phrases(self) -> list[Phrase]:
        return phrases(self.words)

    @property
    def possible(self) -> bool:
        """Whether anything could be found at all."""
        return bool(self.phrases) and (self.shares is None or bool(self.shares))

    def expression(self, *, any_word: bool = False) -> str:
        """What `tokens__match` takes: the entries that hold every word, or any of them."""
        engine = postgresql if connection.vendor == "postgresql" else fts5
        marks = None if self.shares is None else [share.mark for share in self.shares]
        return engine(self.phrases, marks, any_word=any_word)

    def entries(self) -> "QuerySet[SearchEntry]":
        if not self.possible:
            return SearchEntry.objects.none()
        return SearchEntry.objects.filter(tokens__match=self.expression())


def fts5(wanted: Iterable[Phrase], marks: Sequence[str] | None, *, any_word: bool) -> str:
    """What is sought, as FTS5 reads it. Everything is quoted, and no token holds a quotation mark."""
    parts = []
    for phrase in wanted:
        first = phrase.tokens[:-1]
        forms = [" ".join([*first, last]) for last in phrase.last]
        sign = " *" if phrase.beginning else ""
        parts.append("(" + " OR ".join(f'"{form}"{sign}' for form in forms) + ")")
    asked = (" OR " if any_word else " AND ").join(parts)
    if marks is None:
        return asked
    return "(" + " OR ".join(f'"{mark}"' for mark in marks) + f") AND ({asked})"


def postgresql(wanted: Iterable[Phrase], marks: Sequence[str] | None, *, any_word: bool) -> str:
    """What is sought, as a tsquery. Everything is quoted, and no token holds a quotation mark or a backslash."""
    parts = []
    for phrase in wanted:
        sign = ":*" if phrase.beginning else ""
        last = " | ".join(f"'{form}'{sign}" for form in phrase.last)
        parts.append("(" + " <-> ".join([*(f"'{token}'" for token in phrase.tokens[:-1]), f"({last})"]) + ")")
    asked = (" | " if any_word else " & ").join(parts)
    if marks is None:
        return asked
    return "(" + " | ".join(f"'{mark}'" for mark in marks) + f") & ({asked})"
