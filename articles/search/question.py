"""What readers ask, and what they are answered: the seam at which another engine can be put in.

Ranking is one rule for every engine. A story in whose headline all words stand counts as if it had appeared two years
later than it did; one that has them above or beside its text (standfirst, tags, topic, names, source, caption), half a
year later. The latest comes first. So weight and freshness are one number, every page is a walk along an index from a
place that its address holds, and what comes next never depends on how much is found.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Protocol

from articles.language.tokens import Phrase, phrases
from articles.models import Publication
from articles.search import moments

MOST_CHARACTERS = 200  # of a question that are read
LENGTH = 20  # stories a page


class Rank:
    """Where all words stand; the best first."""

    HEADLINE = 0
    ABOVE = 1
    TEXT = 2


BONUS = {
    Rank.HEADLINE: moments.span(timedelta(days=730)),
    Rank.ABOVE: moments.span(timedelta(days=182)),
    Rank.TEXT: 0,
}


@dataclass(frozen=True)
class After:
    """A place in the order of what is found: the last one of a page. Written into addresses."""

    score: int
    rank: int

    def written(self) -> str:
        return f"{self.score:x}.{self.rank}"

    @classmethod
    def read(cls, text: str) -> "After | None":
        """None for what no page of ours has written."""
        score, _, rank = text.partition(".")
        if not (1 <= len(score) <= 16 and set(score) <= set("0123456789abcdef") and rank in {"0", "1", "2"}):
            return None
        value = int(score, 16)
        return cls(value, int(rank)) if value < moments.END else None

    def before(self, rank: int) -> int:
        """Stories of this rank that come after it stand before this moment."""
        return self.score - BONUS[rank] + (1 if rank > self.rank else 0)


@dataclass(frozen=True)
class Question:
    """What is sought. readers: Language.readers, empty for all languages; kind: public_entry.Kind; until: that moment
    does not belong to it.

    loose: stories that hold some of the words, or both halves of a long one apart; asked where none holds all.
    """

    words: str
    readers: str
    channel: int | None = None
    topic: int | None = None
    kind: str = ""
    since: datetime | None = None
    until: datetime | None = None
    after: After | None = None
    loose: bool = False
    limit: int = LENGTH

    @cached_property
    def phrases(self) -> list[Phrase]:
        return phrases(self.words[:MOST_CHARACTERS])

    @property
    def sought(self) -> list[Phrase]:
        """What may stand in what is found, to be marked there."""
        parted = [half for phrase in self.phrases for both in halves(phrase) for half in both] if self.loose else []
        return list(dict.fromkeys([*self.phrases, *parted]))

    @property
    def possible(self) -> bool:
        """Whether anything could be found at all: some word, and no end before the beginning."""
        return bool(self.phrases)

    @property
    def can_be_looser(self) -> bool:
        return not self.loose and bool(len(self.phrases) > 1 or any(halves(phrase) for phrase in self.phrases))

    def looser(self) -> "Question":
        return replace(self, loose=True)

    def between(self, rank: int) -> tuple[int, int]:
        """From which moment on, and before which, the stories of a rank stand that come next."""
        low = moments.moment_of(self.since) if self.since else 0
        high = moments.moment_of(self.until) if self.until else moments.END
        return low, min(high, self.after.before(rank)) if self.after else high


def halves(phrase: Phrase) -> list[tuple[Phrase, Phrase]]:
    """The ways to part a word of four or more characters in two of at least two: somebody may have typed two words of a
    script without spaces as one."""
    pairs = phrase.tokens
    if phrase.beginning or len(pairs) < 3 or any(len(pair) != 2 or pair.isascii() for pair in pairs):
        return []
    if any(before[1] != after[0] for before, after in pairwise(pairs)):
        return []
    return [(Phrase(pairs[:place]), Phrase(pairs[place + 1 :])) for place in range(1, len(pairs) - 1)][:12]


@dataclass(frozen=True)
class Hit:
    publication: int
    moment: int
    rank: int

    @property
    def after(self) -> After:
        return After(self.moment + BONUS[self.rank], self.rank)


@dataclass(frozen=True)
class Found:
    """A page of what is found; after: from where the next one goes on, where there is one.

    broken_off: the question took too long; what stands here is what was found in the newest stories.
    """

    hits: Sequence[Hit]
    after: After | None = None
    broken_off: bool = False


class Engine(Protocol):
    """What any engine must do. It is told publications as they stand, locked by the caller, and reads of them what
    it needs by itself: so it may be told twice, late, or out of order."""

    def update(self, publications: Sequence[Publication]) -> None:
        """Make these stories found as they stand now; what was taken down is found no more. When this returns."""

    def find(self, question: Question) -> Found: ...

    def scrub(self) -> None:
        """Leave nothing of what was taken out before."""
