"""Passages of a story's text, as the W3C Web Annotation Data Model names them: by their words and by their place.

Places count Unicode characters of the text layer of a field. A passage is found again in a later text by its words and
what stood around them; white space does not count, since browsers alter it in what they select.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from itertools import pairwise
from typing import Any, NamedTuple

from articles.language.blocks import PIECE, is_block_tag
from articles.language.differences import compare, matching

MAX_WORDS = 10_000  # characters of a passage
MAX_CONTEXT = 1_000
FEW = 30  # characters
LIKE = 0.7  # words at least so like are the same words, corrected
FITS = 0.9  # share of what stood around a passage that leaves no doubt
LONG = 12  # characters of words that hardly stand anywhere by chance
CANDIDATES = 400

_ATOM = re.compile(r"&#?\w+;|.", re.DOTALL)
_CONTROL = re.compile(r"[\t\n\r\f]")
_INDENT = re.compile(r"(?:&nbsp;|\s)*")


@dataclass(frozen=True)
class Passage:
    exact: str
    prefix: str
    suffix: str
    start: int
    end: int

    def as_selectors(self) -> list[dict[str, Any]]:
        return [
            {"type": "TextQuoteSelector", "exact": self.exact, "prefix": self.prefix, "suffix": self.suffix},
            {"type": "TextPositionSelector", "start": self.start, "end": self.end},
        ]

    @classmethod
    def from_selectors(cls, selectors: object) -> "Passage | None":
        """What `as_selectors` wrote; None for what names no passage. A place that makes no sense is left out."""
        known = {each.get("type"): each for each in _list(selectors) if isinstance(each, dict) and _is_name(each)}
        quoted, place = known.get("TextQuoteSelector", {}), known.get("TextPositionSelector", {})
        exact, prefix, suffix = (quoted.get(name, "") for name in ("exact", "prefix", "suffix"))
        start, end = place.get("start"), place.get("end")
        if "exact" not in quoted or not all(isinstance(words, str) for words in (exact, prefix, suffix)):
            return None
        if len(exact) > MAX_WORDS or len(prefix) > MAX_CONTEXT or len(suffix) > MAX_CONTEXT:
            return None
        if type(start) is not int or type(end) is not int or not 0 <= start <= end:
            start, end = 0, len(exact)
        return cls(exact, prefix, suffix, start, end)


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _is_name(selector: dict[Any, Any]) -> bool:
    return isinstance(selector.get("type"), str)


class _Text(NamedTuple):
    """A text of clean HTML: where it stands in the HTML, and in the text layer."""

    source: str
    place: int
    start: int
    end: int


def _texts(html: str) -> Iterator[_Text]:
    parted, end = False, 0
    for piece in PIECE.finditer(html):
        source = piece[0]
        if source.startswith("<"):
            parted = parted or source == "<br>" or is_block_tag(source)
            continue
        skipped = _INDENT.match(source) if parted or not end else None
        place = skipped.end() if skipped else 0
        if place == len(source):
            continue
        start = end + (parted and end > 0)
        end = start + len(unescape(source[place:]))
        parted = False
        yield _Text(source[place:], piece.start() + place, start, end)


def text_layer(html: str) -> str:
    """The text of clean HTML in which places count: blocks and lines parted by one "\\n", no space before their first
    letter, and a space for every other line end or tab in the HTML."""
    layer: list[str] = []
    length = 0
    for text in _texts(html):
        layer += ["\n" * (text.start - length), _CONTROL.sub(" ", unescape(text.source))]
        length = text.end
    return "".join(layer)


def mark(html: str, start: int, end: int, *, opening: str, closing: str, after: str = "") -> str:
    """Clean HTML in which `opening` and `closing` stand around the passage, in each text that it goes through, and
    `after` behind it. For an empty passage there is only `after`."""
    written: list[str] = []
    done = 0  # of `html`
    last = 0  # in `written`, behind what `after` follows

    def copy(until: int) -> None:
        nonlocal done
        written.append(html[done:until])
        done = until

    texts = list(_texts(html))
    through = [text for text in texts if text.start < end and start < text.end] if start < end else []
    for text in through:
        copy(_cut(text, start))
        written.append(opening)
        copy(_cut(text, end, behind=True))
        written.append(closing)
        last = len(written)
    if not through and texts:
        number = max(bisect_right(texts, start, key=lambda text: text.start) - 1, 0)
        copy(_cut(texts[number], start))
        last = len(written)
    elif not texts:
        copy(len(html))
        last = len(written)
    written.insert(last, after)
    copy(len(html))
    return "".join(written)


def _cut(text: _Text, place: int, *, behind: bool = False) -> int:
    """Where in the HTML a place of the layer is; at the edge of the text when it lies outside, and never in an
    entity."""
    at, layer = text.place, text.start
    for atom in _ATOM.finditer(text.source) if place < text.end else ():
        ends = layer + len(unescape(atom[0]))
        if layer >= place or (ends > place and not behind):
            return at
        at, layer = text.place + atom.end(), ends
    return text.place + len(text.source) if place >= text.end else at


def select(text: str, start: int, end: int, *, context: int = 32) -> Passage:
    """The passage from `start` to `end` of a text layer, with what stands around it."""
    start = min(max(start, 0), len(text))
    end = min(max(end, start), len(text))
    return Passage(text[start:end], text[max(start - context, 0) : start], text[end : end + context], start, end)


def carried(old: str, new: str, passage: Passage) -> Passage:
    """The passage of `old` as it stands in `new`, the text after it: by what changed between the two.

    What was put in right before or behind it belongs to it, up to a few words. Empty where nothing is left of it. Where
    too much was written anew to tell, it is sought by its words.
    """
    at = place = start = end = 0  # in old, in new; and where the passage begins and ends in new
    changes: list[tuple[int, int, int, int]] = []  # from, to in old; from, to in new
    for piece in compare(old, new):
        length = len(piece.text)
        if piece.kind == "new" and changes and changes[-1][1] == at and not changes[-1][3] - changes[-1][2]:
            changes[-1] = (*changes[-1][:3], place + length)
        else:
            changes.append((at, at + (piece.kind != "new") * length, place, place + (piece.kind != "old") * length))
        at, place = changes[-1][1], changes[-1][3]
    inserted: dict[int, int] = {}  # place in old -> characters put in there
    for old_from, old_to, new_from, new_to in changes:
        same = new[new_from:new_to] == old[old_from:old_to]
        if old_from == old_to and new_to - new_from <= FEW and "\n" not in new[new_from:new_to]:
            inserted[old_from] = new_to - new_from
        if old_from <= passage.start < old_to:
            start = new_from + (passage.start - old_from if same else 0)
        if old_from < passage.end <= old_to:
            end = new_from + passage.end - old_from if same else new_to
    start, end = start - inserted.get(passage.start, 0), end + inserted.get(passage.end, 0)
    if end - start > 3 * len(passage.exact) + 100:
        start, end = find(new, passage) or (start, start)
    return select(new, start, max(start, end))


def quote(text: str, exact: str, prefix: str = "", suffix: str = "") -> Passage | None:
    """The passage that a browser's selection names; None when its words do not stand in the text."""
    if not exact.strip() or len(exact) > MAX_WORDS:
        return None
    looked = _Solid(text)
    wanted = _Wanted(_solid(exact), _solid(prefix[-MAX_CONTEXT:]), _solid(suffix[:MAX_CONTEXT]), 0)
    found = _best(looked.text, wanted)
    return select(text, *looked.span(found.start, found.end)) if found else None


def find(text: str, passage: Passage) -> tuple[int, int] | None:
    """Where the passage stands in a text layer, perhaps a later one.

    Its words, where most of what stood around them still does; or else what stands now between its two sides; or else
    the words most like its own."""
    looked = _Solid(text)
    wanted = _Wanted(
        _solid(passage.exact[:MAX_WORDS]),
        _solid(passage.prefix[-MAX_CONTEXT:]),
        _solid(passage.suffix[:MAX_CONTEXT]),
        looked.place(passage.start),
    )
    same = _best(looked.text, wanted) if wanted.exact else None
    if same and (same.fit >= FITS or len(wanted.exact) >= LONG):
        return looked.span(same.start, same.end)
    between = _between(looked.text, wanted, at_start=passage.start == 0)
    if same and between and not between.start <= same.start <= same.end <= between.end:
        same = None  # the words stood here, and stand elsewhere too
    found = same or between or _like(looked.text, wanted)
    return looked.span(found.start, found.end) if found else None


class _Wanted(NamedTuple):
    exact: str
    prefix: str
    suffix: str
    near: int


class _Found(NamedTuple):
    start: int
    end: int
    fit: float = 0


def _solid(text: str) -> str:
    return "".join(text.split())


class _Solid:
    """A text without its white space, and the way back."""

    def __init__(self, text: str) -> None:
        self.places = [place for place, letter in enumerate(text) if not letter.isspace()]
        self.text = "".join(text.split())

    def place(self, place: int) -> int:
        return bisect_left(self.places, place)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The passage in the text as it was; an empty one stands behind what is before it."""
        if start < end:
            return self.places[start], self.places[end - 1] + 1
        place = self.places[start - 1] + 1 if start else 0
        return place, place


def _all(text: str, words: str, near: int, most: int = 20_000) -> list[int]:
    """Where the words stand, the nearest first."""
    found: list[int] = []
    at = text.find(words)
    while at >= 0 and len(found) < most:
        found.append(at)
        at = text.find(words, at + max(len(words) // 100, 1))
    return sorted(found, key=lambda at: abs(at - near))[:CANDIDATES]


def _best(text: str, wanted: _Wanted) -> _Found | None:
    """Where its words stand, and most of what stood around them."""
    length = len(wanted.exact)
    whole = _all(text, wanted.prefix + wanted.exact + wanted.suffix, wanted.near - len(wanted.prefix))
    if whole and (wanted.prefix or wanted.suffix):
        start = whole[0] + len(wanted.prefix)
        return _Found(start, start + length, 1)
    before, after = _pairs(wanted.prefix), _pairs(wanted.suffix)

    def fit(start: int) -> float:
        found = _pairs(text[max(start - len(wanted.prefix), 0) : start]) & before
        found += _pairs(text[start + length : start + length + len(wanted.suffix)]) & after
        return found.total() / ((before + after).total() or 1)

    found = [_Found(start, start + length, fit(start)) for start in _all(text, wanted.exact, wanted.near)]
    return max(found, key=lambda each: (each.fit, -abs(each.start - wanted.near)), default=None)


def _pairs(text: str) -> Counter[tuple[str, str]]:
    return Counter(pairwise(text))


def _between(text: str, wanted: _Wanted, at_start: bool) -> _Found | None:
    """What stands between its two sides, when both stand near each other."""
    room = 2 * len(wanted.exact) + 64
    for length in (64, 32, 16, 8):
        before, after = wanted.prefix[-length:], wanted.suffix[:length]
        ends = [at + len(before) for at in _all(text, before, wanted.near - len(before))] if before else [0] * at_start
        for end in ends:
            start = text.find(after, end, end + room + len(after)) if after else len(text)
            if end <= start <= end + room:
                return _Found(end, start)
    return None


def _like(text: str, wanted: _Wanted) -> _Found | None:
    """The words most like its own: where several of its parts stand in one order, held against it in full."""
    exact = wanted.exact
    step = max(len(exact) // 16, 3)
    votes: Counter[int] = Counter()
    margin = len(exact) // 4 + 8
    for offset in range(0, len(exact) - 2, step):
        part = exact[offset : offset + step]
        votes.update({(at - offset) // margin for at in _all(text, part, wanted.near + offset, most=500)[:50]})
    found: list[_Found] = []
    for place, _ in votes.most_common(8):
        first = max((place - 1) * margin, 0)
        window = text[first : first + len(exact) + 3 * margin]
        stays = _core(matching(exact, window))
        if stays:
            start, end = first + stays[0][1], first + stays[-1][1] + stays[-1][2]
            shared = sum(length for _, _, length in stays)
            found.append(_Found(start, end, 2 * shared / (len(exact) + end - start)))
    best = max(found, key=lambda each: (each.fit, -abs(each.start - wanted.near)), default=None)
    return best if best and best.fit >= LIKE else None


def _core(stays: Sequence[tuple[int, int, int]]) -> Sequence[tuple[int, int, int]]:
    """Without single characters at both ends, which stand there by chance."""
    certain = [number for number, (_, _, length) in enumerate(stays) if length > 1]
    return stays[certain[0] : certain[-1] + 1] if certain else []
