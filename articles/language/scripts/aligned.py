"""Where the parts of a text stand in what it became."""

from bisect import bisect_right
from collections.abc import Callable
from html import escape

from articles.language.scripts.held import Held, Span

_SPECIAL = frozenset("&<>\"'")


class Aligned:
    """What became of each part of a text, whatever names in it grew or shrank.

    A name across two parts is cut where it was, and all that is over goes to its last part.
    """

    def __init__(self, held: Held, converted: str, text: str, written: Callable[[str], str] = escape) -> None:
        self._written = written
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
        """What is in the place of these code points of the text; a name as `written` writes it, so as HTML."""
        if not self._spans:
            return self._converted[start:end]
        number = bisect_right(self._ends, start)
        made: list[str] = []
        while number < len(self._spans) and self._spans[number].start < end:
            span = self._spans[number]
            if start < span.start:
                made.append(self._plain(start, span.start, number))
            made.append(self._written(_share(span, start, end)))
            start = min(span.end, end)
            number += end >= span.end
            if end < span.end:
                break
        if start < end:
            made.append(self._plain(start, end, number))
        return "".join(made)

    def _plain(self, start: int, end: int, number: int) -> str:
        shift = self._shifts[number]
        return self._converted[start + shift : end + shift]


def _share(span: Span, start: int, end: int) -> str:
    first = max(start - span.start, 0)
    return span.became[first:] if end >= span.end else span.became[first : end - span.start]
