"""Where what was sought stands in a text as readers see it, and a short passage of it.

Sought and found by the same tokens as the index (tokens.py); the folded text is mapped back to the original letter by
letter, so that width, script and accents of what was typed do not matter, and nothing is cut within a letter.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from articles.language.tokens import Phrase, Placed, folded, folded_apart, folded_with_places, placed

ROOM = 110  # characters of a passage in a script without spaces; twice as many in others
LEAD = 0.3  # of the room may stand before the first word found
MOST_BLOCKS = 400  # of one text that are looked through
_SENTENCE = "。！？；!?;།༎"
_PAUSE = "，、,:： "
_TIBETAN = re.compile("([\u0f00-\u0fff](?:[\u0f00-\u0fff \u00a0]*[\u0f00-\u0fff])?)")
_MARKS = range(0x0300, 0x0370)


class Piece(NamedTuple):
    """Some of a text; marked where it is what was sought; lang where it is Tibetan in a text that is not."""

    text: str
    marked: bool = False
    lang: str = ""


Pieces = list[Piece]
Span = tuple[int, int]


class Spot(NamedTuple):
    """Where one of the phrases stands in the original text."""

    start: int
    end: int
    phrase: int  # which of them


def marked(text: str, phrases: Sequence[Phrase]) -> Pieces:
    """The whole text in pieces, as one line of a list shows it."""
    return _pieces(text, 0, len(text), spots(text, phrases))


def passage(blocks: Iterable[str], phrases: Sequence[Phrase]) -> Pieces:
    """The best passage of a text that comes in blocks: where most of what was sought stands together, the first such
    place. Empty where nothing of it stands there."""
    best: tuple[int, str, list[Spot]] | None = None
    for place, block in enumerate(blocks):
        if place >= MOST_BLOCKS:
            break
        block = " ".join(block.split())
        found = spots(block, phrases)
        held = len({spot.phrase for spot in found})
        if held and (best is None or held > best[0]):
            best = (held, block, found)
            if held == len(phrases):
                break
    if best is None:
        return []
    _, block, found = best
    start, end = _window(block, found)
    pieces = _pieces(block, start, end, found)
    return [
        *([Piece("…")] if start > 0 else []),
        *pieces,
        *([Piece("…")] if end < len(block) else []),
    ]


def spots(text: str, phrases: Sequence[Phrase]) -> list[Spot]:
    """All places of all phrases in the text, in order."""
    forms = {folded(text): False, folded_apart(text): True}
    found: set[Spot] = set()
    for form, apart in forms.items():
        likely = [(number, phrase) for number, phrase in enumerate(phrases) if _may_stand(phrase, form)]
        if not likely:
            continue
        whole, starts, ends = folded_with_places(text, apart=apart)
        stands = list(placed(whole))
        by_token: dict[str, list[int]] = {}
        for place, one in enumerate(stands):
            by_token.setdefault(one.token, []).append(place)
        found |= {
            Spot(starts[first], ends[last - 1], number)
            for number, phrase in likely
            for first, last in _stands(phrase, stands, by_token)
        }
    return sorted(found)


def _may_stand(phrase: Phrase, whole: str) -> bool:
    """A quick look: whether the first token could stand in the folded text at all. Every token of a text begins with
    letters that stand in it; the last one of what is sought, and English words, may have lost their ending."""
    first = phrase.tokens[0]
    if first.isascii():  # mice: mouse
        return first[:1] in whole
    return first in whole if len(phrase.tokens) > 1 else first[:2] in whole


def _stands(phrase: Phrase, stands: list[Placed], by_token: dict[str, list[int]]) -> Iterable[Span]:
    """From the first to the last character (exclusive) in the folded text, wherever the phrase stands."""
    wanted = phrase.tokens
    if phrase.beginning and len(wanted) == 1:
        for one in stands:
            if one.token.startswith(wanted[0]):
                yield one.start, one.start + len(wanted[0])
        return
    starts = (
        by_token.get(wanted[0], [])
        if len(wanted) > 1
        else [place for last in phrase.last for place in by_token.get(last, [])]
    )
    for start in starts:
        row = stands[start : start + len(wanted)]
        if len(row) < len(wanted) or any(one.token != token for one, token in zip(row[:-1], wanted, strict=False)):
            continue
        last = row[-1]
        if phrase.beginning:
            if last.token.startswith(wanted[-1]):
                yield row[0].start, last.start + len(wanted[-1])
        elif last.token in phrase.last:
            yield row[0].start, last.end


def _pieces(text: str, start: int, end: int, found: Sequence[Spot]) -> Pieces:
    pieces: Pieces = []
    at = start
    for first, last in _merged(found):
        first, last = max(first, start), min(last, end)
        if first >= last:
            continue
        if first > at:
            pieces.append(Piece(text[at:first]))
        pieces.append(Piece(text[first:last], marked=True))
        at = last
    if at < end:
        pieces.append(Piece(text[at:end]))
    return pieces


def _merged(found: Sequence[Spot]) -> list[Span]:
    spans: list[Span] = []
    for start, end, _ in sorted(found):
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return spans


def _window(text: str, found: Sequence[Spot]) -> Span:
    """From where to where a passage goes: around the place at which most of what was sought stands together."""
    room = ROOM if _is_dense(text) else 2 * ROOM
    if len(text) <= room + 20:
        return 0, len(text)
    _, _, first = max(
        (len({other.phrase for other in found if spot.start <= other.start and other.end <= spot.start + room * 0.7}),
         -place, spot)
        for place, spot in enumerate(found[:200])
    )  # fmt: skip
    start = _begin(text, first.start, int(room * LEAD))
    return start, _stop(text, start, first.end, start + room)


def _is_dense(text: str) -> bool:
    return sum(ord(letter) >= 0x2E80 for letter in text[:200]) * 2 > min(len(text), 200)


def _begin(text: str, at: int, before: int) -> int:
    """Where to begin, so that `at` is not far: behind the end of a sentence, else behind a pause, else anywhere but
    within a word."""
    earliest = max(at - before, 0)
    if earliest == 0:
        return 0
    for signs in (_SENTENCE, _PAUSE):
        for place in range(earliest, at):
            if text[place - 1] in signs or _is_stop(text, place):
                return _skip(text, place, at)
    return _skip(text, _whole(text, at, earliest), at)


def _is_stop(text: str, place: int) -> bool:
    """Whether a full stop stands before this place, and not the point of a number."""
    return text[place - 1] == "." and (place == len(text) or text[place].isspace() or text[place] in "”’)")


def _skip(text: str, place: int, at: int) -> int:
    while place < at and (text[place].isspace() or text[place] in "”’」』）)"):
        place += 1
    return place


def _whole(text: str, at: int, earliest: int) -> int:
    """The first place from `earliest` on, up to `at`, that is within no word and no Tibetan syllable."""
    for place in range(earliest, at):
        if _parts(text, place):
            return place
    return at


def _stop(text: str, start: int, at_least: int, at_most: int) -> int:
    """Where to end, not before `at_least`: behind a sentence, else anywhere but within a word; never behind a space."""
    end = _end(text, start, at_least, at_most)
    while end > at_least and text[end - 1].isspace():
        end -= 1
    return end


def _end(text: str, start: int, at_least: int, at_most: int) -> int:
    if at_most >= len(text):
        return len(text)
    at_most = max(at_most, at_least)
    for place in range(at_most, at_least, -1):
        if (text[place - 1] in _SENTENCE or _is_stop(text, place)) and place - start > (at_most - start) * 0.7:
            return place
    for place in range(at_most, at_least, -1):
        if _parts(text, place):
            return place
    return at_least


def _parts(text: str, place: int) -> bool:
    """Whether a text may be cut here: between two Han letters, beside a space, behind a tsheg or a sign."""
    before, after = text[place - 1], text[place]
    if ord(after) in _MARKS:
        return False
    if before in "་།༎" or before.isspace() or after.isspace():
        return True
    dense = 0x2E80 <= ord(before) <= 0x2FFFF and 0x2E80 <= ord(after) <= 0x2FFFF
    return dense or not (before.isalnum() or after.isalnum())


def with_languages(pieces: Pieces, language: str) -> Pieces:
    """Tibetan within a text of another language parted from it, for those who hear the page read."""
    if language == "bo":
        return pieces
    return [
        Piece(text, one.marked, "bo" if _TIBETAN.match(text) else "")
        for one in pieces
        for text in _TIBETAN.split(one.text)
        if text
    ]


def beginning(text: str, length: int) -> Pieces:
    """How a text begins, where nothing of it is marked."""
    if len(text) <= length + 20:
        return [Piece(text)]
    return [Piece(text[: _stop(text, 0, 1, length)]), Piece("…")]
