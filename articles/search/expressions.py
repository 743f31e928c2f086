"""What is sought, in the language of each index. Everything is quoted, and no token holds a quotation mark.

`Wanted` says of one part of a question which tokens a text must hold, and which of them must stand side by side; a
`Dialect` writes that, and what is made of several, for one database.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

from articles.language.tokens import SINGLE, Phrase, is_paired, is_syllable, joined

Choice = tuple[str, ...]  # tokens of which one must stand there


@dataclass(frozen=True)
class Wanted:
    """One part of what is sought.

    words: a text must hold one of each; that alone is a look into an index. row: these stand side by side, in order,
    the last one of which may be one of several. Empty where `words` say all.
    """

    words: tuple[Choice, ...]
    row: tuple[Choice, ...] = ()


def wanted(phrase: Phrase) -> Wanted:
    first, last = phrase.tokens[:-1], phrase.last
    if not first:
        return Wanted(words=((SINGLE + last[0],) if phrase.beginning else last,))
    ends: list[Choice] = []
    row = [(token,) for token in first]
    if phrase.beginning:
        ends = [(joined(first[-1], last[0]),)]
        if len(first) == 1:
            return Wanted(words=(ends[0],))
        return Wanted(words=_unique([*row, *ends, *_borders(first)]), row=tuple(row))
    pairs = [
        tuple(joined(before, after) for after in afters)
        for before, afters in zip(first, [*row[1:], last], strict=True)
        if is_syllable(before) and is_syllable(afters[0])
    ]
    if len(first) == 1 and pairs:
        return Wanted(words=(pairs[0],))
    return Wanted(words=_unique([*row, last, *pairs, *_borders((*first, last[0]))]), row=(*row, last))


def _borders(row: Sequence[str]) -> list[Choice]:
    """What an index knows to stand where a number or a word meets a script without spaces ("2026" and "年")."""
    return [(joined(before, after[0]),) for before, after in pairwise(row) if before.isascii() and is_paired(after)]


def _unique(choices: Iterable[Choice]) -> tuple[Choice, ...]:
    return tuple(dict.fromkeys(choices))


class Dialect(Protocol):
    """How one index writes its questions."""

    def word(self, token: str) -> str: ...
    def row(self, tokens: Sequence[Choice]) -> str: ...
    def all(self, parts: Sequence[str]) -> str: ...
    def any(self, parts: Sequence[str]) -> str: ...
    def without(self, one: str, other: str) -> str: ...


class Fts5:
    def word(self, token: str) -> str:
        return f'"{token}"'

    def row(self, tokens: Sequence[Choice]) -> str:
        first = [choice[0] for choice in tokens[:-1]]
        return self.any([f'"{" ".join([*first, last])}"' for last in tokens[-1]])

    def all(self, parts: Sequence[str]) -> str:
        return parts[0] if len(parts) == 1 else f"({' AND '.join(parts)})"

    def any(self, parts: Sequence[str]) -> str:
        return parts[0] if len(parts) == 1 else f"({' OR '.join(parts)})"

    def without(self, one: str, other: str) -> str:
        return f"({one} NOT {other})"


class Tsquery:
    def word(self, token: str) -> str:
        return f"'{token}'"

    def row(self, tokens: Sequence[Choice]) -> str:
        return f"({' <-> '.join(self.any([self.word(token) for token in choice]) for choice in tokens)})"

    def all(self, parts: Sequence[str]) -> str:
        return parts[0] if len(parts) == 1 else f"({' & '.join(parts)})"

    def any(self, parts: Sequence[str]) -> str:
        return parts[0] if len(parts) == 1 else f"({' | '.join(parts)})"

    def without(self, one: str, other: str) -> str:
        return f"({one} & !{other})"


def words_alone(one: Wanted, dialect: Dialect, sign: str = "") -> str:
    """What an index answers by itself: all that is meant is found so, and where `row` is not empty more than that.

    sign: stands before every token, to seek in one field alone.
    """
    return dialect.all([dialect.any([dialect.word(sign + token) for token in choice]) for choice in one.words])


def exact(one: Wanted, dialect: Dialect, sign: str = "") -> str:
    """What is meant, exactly."""
    if not one.row:
        return words_alone(one, dialect, sign)
    row = dialect.row([tuple(sign + token for token in choice) for choice in one.row])
    in_row = {token for choice in one.row for token in choice}
    rest = [choice for choice in one.words if not set(choice) <= in_row]
    return dialect.all([row, *(dialect.any([dialect.word(sign + token) for token in choice]) for choice in rest)])
