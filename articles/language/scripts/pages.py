"""HTML from one form of written Chinese to another."""

from collections.abc import Iterable
from html import escape, unescape

from articles.language.scripts import quotes as marks
from articles.language.scripts.aligned import Aligned
from articles.language.scripts.held import as_pairs
from articles.language.scripts.reading import Page
from articles.language.scripts.references import REFERENCE
from articles.language.scripts.tags import form, script
from articles.language.scripts.text import through

_ENDS_VALUE = frozenset(" \t\n\r\f>")


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
    for piece in page.bare:
        pieces[piece] = _quoted(pieces[piece])
    return "".join(pieces)


def _quoted(value: str) -> str:
    """A value without quotation marks gets them where a name brought what would end it."""
    return value if value and _ENDS_VALUE.isdisjoint(value) else '"' + value.replace('"', "&quot;") + '"'


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
