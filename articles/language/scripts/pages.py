"""HTML from one form of written Chinese to another."""

from bisect import bisect_right
from collections.abc import Iterable
from html import escape, unescape

from articles.language.scripts import quotes as marks
from articles.language.scripts.held import Held, Span, as_pairs
from articles.language.scripts.reading import Page
from articles.language.scripts.references import REFERENCE
from articles.language.scripts.tags import form, script
from articles.language.scripts.text import through

_SPECIAL = frozenset("&<>\"'")


def convert_html(
    html: str, source: str, target: str, glossary: Iterable[tuple[str, str]] = (), *, quotes: bool = False
) -> str:
    """The HTML as `target` writes it: `convert` for the words of each block, whatever inline tags stand among them.

    Converted are texts, and what a reader sees or hears of attributes (alt, title, aria-label, placeholder, and the
    content of <meta> where that is words). Not converted are addresses, names and values, comments, scripts, styles,
    code, <textarea>, what is marked translate="no" or class="notranslate", and what its lang says is not in the
    source's script. A lang of the source's script becomes the target's. Everything else stays byte for
    byte, and no page is too unclean. The names of the glossary are plain text.
    """
    source, tag, target = form(source), _written(target), form(target)
    if source == target:
        return html
    page = Page(html, source, target, tag)
    held, converted = through(page.flow, source, target, as_pairs(glossary), page.ends)
    if quotes and script(source) != script(target):
        converted = marks.turned(converted, target)
    result = Aligned(held, converted, page.flow)
    pieces = page.pieces
    for (piece, _, said), place in zip(page.words, page.places, strict=True):
        raw = pieces[piece]
        pieces[piece] = _referred(result, raw, place) if "&" in raw else result.part(place, place + len(said))
    return "".join(pieces)


class Aligned:
    """What became of each part of a text, whatever names in it grew or shrank.

    A name across two parts is cut where it was, and all that is over goes to its last part.
    """

    def __init__(self, held: Held, converted: str, text: str) -> None:
        self._converted = held.put_back(converted)
        self._spans = [
            span
            for span in held.spans
            if len(span.became) != span.end - span.start
            or (not _SPECIAL.isdisjoint(span.became) and span.became != text[span.start : span.end])
        ]
        self._ends = [span.end for span in self._spans]
        self._shifts = [0]
        for span in self._spans:
            self._shifts.append(self._shifts[-1] + len(span.became) - (span.end - span.start))

    def part(self, start: int, end: int) -> str:
        """As HTML."""
        if not self._spans:
            return self._converted[start:end]
        number = bisect_right(self._ends, start)
        written = []
        while number < len(self._spans) and self._spans[number].start < end:
            span = self._spans[number]
            if start < span.start:
                written.append(self._plain(start, span.start, number))
            written.append(escape(_share(span, start, end)))
            start = min(span.end, end)
            number += end >= span.end
            if end < span.end:
                break
        if start < end:
            written.append(self._plain(start, end, number))
        return "".join(written)

    def _plain(self, start: int, end: int, number: int) -> str:
        shift = self._shifts[number]
        return self._converted[start + shift : end + shift]


def _share(span: Span, start: int, end: int) -> str:
    first = max(start - span.start, 0)
    return span.became[first:] if end >= span.end else span.became[first : end - span.start]


def _referred(result: Aligned, raw: str, place: int) -> str:
    """A text with references (&amp; &#22836;): those whose characters stay are written as they were."""
    written: list[str] = []
    begun = 0
    for found in REFERENCE.finditer(raw):
        literal = found.start() - begun
        written.append(result.part(place, place + literal))
        place += literal
        said = unescape(found[0])
        became = result.part(place, place + len(said))
        written.append(found[0] if became in (said, escape(said)) else became)
        place += len(said)
        begun = found.end()
    written.append(result.part(place, place + len(raw) - begun))
    return "".join(written)


def _written(tag: str) -> str:
    """The tag for an attribute: zh-Hant stays without a region."""
    found = form(tag)
    return "zh-Hant" if tag.strip().lower() == "zh-hant" else found
