"""Plain text from one form of written Chinese to another."""

from collections.abc import Iterable, Sequence

from articles.language.scripts import quotes as marks
from articles.language.scripts.engine import converter
from articles.language.scripts.held import Glossary, Held, as_pairs, hold
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
    held, converted = through(text, source, target, as_pairs(glossary))
    if quotes and script(source) != script(target):
        converted = marks.turned(converted, target)
    return held.put_back(converted)


def through(text: str, source: str, target: str, glossary: Glossary, ends: Sequence[int] = ()) -> tuple[Held, str]:
    """What was held back, and the rest converted, of two different forms. No address goes beyond one of `ends`."""
    held = hold(text, source, glossary, ends)
    return held, converter(source, target)(held.text)
