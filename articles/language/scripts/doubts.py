"""Which characters of a text are worth an editor's look, as they are converted, before it is published."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from articles.language.scripts.engine import MARK, ambiguous, converter, marker
from articles.language.scripts.held import Glossary, Held, as_pairs
from articles.language.scripts.reading import Page
from articles.language.scripts.references import places_in
from articles.language.scripts.rules import CERTAIN, SUSPECT
from articles.language.scripts.soft import SOFT, Parted
from articles.language.scripts.tags import HONG_KONG, SIMPLIFIED, form, script
from articles.language.scripts.text import through

ALONE = "alone"  # no phrase of a dictionary decided
BORDER = "border"  # a phrase did, but one that begins with this character, or a title before it, says otherwise

_CERTAIN = {of: re.compile(pattern) for of, pattern in CERTAIN.items()}
_SUSPECT = {of: re.compile(pattern) for of, pattern in SUSPECT.items()}
# Of the candidates in OpenCC's standard, what the region prints.
_REGIONAL = {True: str.maketrans("臺檯麪", "台枱麵"), False: str.maketrans("裏麪", "裡麵")}


class Doubt(NamedTuple):
    """What stands from `start` to `end`, in code points of what was given; what it becomes; what else it could be."""

    start: int
    end: int
    given: str
    others: tuple[str, ...]
    reason: str  # ALONE or BORDER


def doubtful(text: str, source: str, target: str, glossary: Iterable[tuple[str, str]] = ()) -> list[Doubt]:
    """The places in order; none within an address, a name of the glossary or what a rule decides.

    An ambiguous character that a dictionary decides within a phrase passes. One that stands alone is told, one on
    which two phrases border that do not agree (头发|展示, 头|发展), and 于 after a title where no rule knows better.
    Raises ValueError for an unknown tag.
    """
    source, target = form(source), form(target)
    if source == target or SIMPLIFIED not in (source, target):
        return []
    if not SOFT.search(text):
        return _doubts(text, source, target, as_pairs(glossary))
    parted = Parted(text)
    found = _doubts(parted.text, source, target, as_pairs(glossary), parted.ends)
    return [doubt._replace(start=(at := parted.place(doubt.start)), end=at + 1) for doubt in found]


def doubtful_html(html: str, source: str, target: str, glossary: Iterable[tuple[str, str]] = ()) -> list[Doubt]:
    """`doubtful` for what `convert_html` converts: code points of the HTML, a reference (&#21457;) being one place."""
    source, target = form(source), form(target)
    if source == target or SIMPLIFIED not in (source, target):
        return []
    page = Page(html, source, target, target)
    found: list[Doubt] = []
    for doubt in _doubts(page.flow, source, target, as_pairs(glossary), page.ends):
        number = bisect_right(page.places, doubt.start) - 1
        piece, offset, _ = page.words[number]
        start, end = places_in(page.pieces[piece], doubt.start - page.places[number])
        found.append(doubt._replace(start=offset + start, end=offset + end))
    return sorted(found)


def _doubts(text: str, source: str, target: str, glossary: Glossary, ends: Sequence[int] = ()) -> list[Doubt]:
    held, converted = through(text, source, target, glossary, ends)
    moved = _Origin(held)
    return [
        doubt._replace(start=(at := moved.place(doubt.start)), end=at + 1)
        for doubt in _found(held.text, converted, source, target)
    ]


def _found(text: str, converted: str, source: str, target: str) -> list[Doubt]:
    marked = marker(source, target)(text)
    candidates = ambiguous(source)
    certain = {found.start() for found in _CERTAIN[script(source)].finditer(text)}
    suspect = {found.start() for found in _SUSPECT[script(source)].finditer(text)}
    found: list[Doubt] = []
    within: list[int] = []
    for place in (seen.start() for seen in _ambiguous(source).finditer(text)):
        alone = marked[place] == MARK
        if (alone and place not in certain) or place in suspect:
            given = converted[place]
            others = candidates[text[place]]
            if target != SIMPLIFIED:
                others = others.translate(_REGIONAL[target == HONG_KONG])
            rest = tuple(other for other in others if other != given)
            found.append(Doubt(place, place + 1, given, rest, ALONE if alone else BORDER))
        elif not alone:
            within.append(place)
    if within:
        found += _borders(text, converted, within, source, target)
    return sorted(found)


def _borders(text: str, converted: str, places: list[int], source: str, target: str) -> list[Doubt]:
    begun = "\n".join(text[place : place + 2].ljust(2).replace("\n", " ") for place in places)
    said, marked = converter(source, target)(begun), marker(source, target)(begun)
    return [
        Doubt(place, place + 1, converted[place], (said[at],), BORDER)
        for at, place in zip(range(0, len(begun), 3), places, strict=True)
        if marked[at] != MARK and said[at] != converted[place]
    ]


@lru_cache(maxsize=4)
def _ambiguous(source: str) -> re.Pattern[str]:
    return re.compile(f"[{''.join(ambiguous(source))}]")


class _Origin:
    """Where a place of a text with holders stands in the text itself."""

    def __init__(self, held: Held) -> None:
        self._starts: list[int] = []  # of what follows each holder, among the holders
        self._shifts = [0]
        shift = 0
        for span in held.spans:
            self._starts.append(span.start - shift + 1)
            shift += span.end - span.start - 1
            self._shifts.append(shift)

    def place(self, at: int) -> int:
        return at + self._shifts[bisect_right(self._starts, at)]
