"""Plain text from one form of written Chinese to another."""

from collections.abc import Iterable, Sequence
from itertools import chain, pairwise

from articles.language.scripts import quotes as marks
from articles.language.scripts.aligned import Aligned
from articles.language.scripts.engine import converter
from articles.language.scripts.held import Glossary, Held, as_pairs, hold
from articles.language.scripts.soft import SOFT, Parted
from articles.language.scripts.tags import form, script


def convert(
    text: str, source: str, target: str, glossary: Iterable[tuple[str, str]] = (), *, quotes: bool = False
) -> str:
    """The text as `target` writes it; both are tags: zh-Hans, zh-Hant-TW (or zh-Hant), zh-Hant-HK.

    glossary: pairs of what stands in the text and what shall stand in the result; the longest at a place counts, and
    two equal forms protect a name. Addresses of the web and of mail, @names and #tags stay as they are, and so does
    everything where both forms are the same. quotes: “” and ‘’ become 「」 and 『』 in Traditional, and the reverse.
    Raises ValueError for an unknown tag, and for no text.
    """
    source, target = form(source), form(target)
    if source == target:
        return text
    parted = Parted(text) if SOFT.search(text) else None
    read, ends = (parted.text, parted.ends) if parted else (text, ())
    held, converted = through(read, source, target, as_pairs(glossary), ends)
    if quotes and script(source) != script(target):
        converted = marks.turned(converted, target)
    if not parted:
        return held.put_back(converted)
    result, starts = Aligned(held, converted, read, str), [0, *ends, len(read)]
    words = [result.part(start, end) for start, end in pairwise(starts)]
    return "".join(chain.from_iterable(zip(words, parted.runs, strict=True)))


def through(text: str, source: str, target: str, glossary: Glossary, ends: Sequence[int] = ()) -> tuple[Held, str]:
    """What was held back, and the rest converted, of two different forms. No address goes beyond one of `ends`."""
    held = hold(text, source, glossary, ends)
    return held, converter(source, target)(held.text)
