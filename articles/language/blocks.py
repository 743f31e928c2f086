"""Clean HTML read as blocks and as runs of words between them, and written again with what is old and new marked.

Nothing here calls itself for nested elements (a figure cannot hold one): no nesting is too deep.
"""

import re
import sys
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape, unescape
from itertools import groupby, takewhile
from typing import NamedTuple

from articles.language.markup import BLOCKS

PIECE = re.compile(r"<[^>]*>|[^<]+")
MAX_DEPTH = 16  # inline elements around one word; what lies deeper is not told apart

_UNSPACED = re.compile(
    "[\u1100-\u11ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff66-\uffdc"
    "\U0001b000-\U0001b2ff\U00020000-\U0003ffff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]"
)
_TOKEN = re.compile(
    "s+"  # white space
    "|h[mj]*"  # a character of a script without spaces
    "|t[tmj]*g?"  # a Tibetan syllable with its tsheg
    "|[wd](?:[wdmj]|a(?=[wd])|(?<=d)c(?=d))*"  # a word, a number
    "|rr"  # a flag
    "|.[mj]*(?:(?<=j)[^s][mj]*)*"  # a punctuation mark, an emoji
)
_SPACES = re.compile(r"[ \t\n]+")
_ADDRESS = re.compile(r' href="([^"]*)"')
_KEY = re.compile(r' data-picture="([^"]*)"')
_CAPTION_TAG = re.compile(r"</?figcaption[^>]*>")
_CREDIT = re.compile(r"<cite[^>]*>(.*?)</cite>", re.DOTALL)

Figure = Callable[[str, str, str], str]  # of its key, its caption and its credit here


@lru_cache(maxsize=1 << 16)
def _class(letter: str) -> str:
    category = unicodedata.category(letter)
    if letter.isspace():
        return "s"
    if letter in "\u0f0b\u0f0c":
        return "g"
    if letter == "\u200d":
        return "j"
    if category[0] == "M" or category == "Cf" or "\U0001f3fb" <= letter <= "\U0001f3ff":
        return "m"
    if "\U0001f1e6" <= letter <= "\U0001f1ff":
        return "r"
    if category == "Nd":
        return "d"
    if category[0] in "LN":
        return "t" if "\u0f00" <= letter <= "\u0fff" else "h" if _UNSPACED.match(letter) else "w"
    return "a" if letter in "'’-‐‑" else "c" if letter in ",." else "p"


def tokens(text: str) -> list[str]:
    """The text cut into what is compared as one; joined, they are the text."""
    return [text[found.start() : found.end()] for found in _TOKEN.finditer("".join(map(_class, text)))]


class Word(NamedTuple):
    text: str
    tags: tuple[str, ...] = ()  # the start tags around it, outermost first

    def key(self) -> "Word":
        """What it is compared by: nobody sees whether a space is bold."""
        return Word(self.text) if self.text.isspace() else self


class Item(NamedTuple):
    """A block, from its start tag to behind its end tag, or (without a name) a run of text and inline elements."""

    name: str
    start: int
    end: int


def name_of(tag: str) -> str:
    return tag.strip("</>").partition(" ")[0]


def is_block_tag(piece: str) -> bool:
    return piece.startswith("<") and name_of(piece) in BLOCKS


@dataclass
class Document:
    """The tags and texts of clean HTML; white space that no page shows is left out."""

    pieces: list[str] = field(default_factory=list)
    closing: list[int] = field(default_factory=list)  # by the place of a start tag: the place of its end tag
    parting: list[bool] = field(default_factory=list)  # whether it is a tag of a block, or of what holds blocks

    @classmethod
    def read(cls, html: str) -> "Document":
        document, opened = cls(), list[int]()
        found = PIECE.findall(html)
        for number, piece in enumerate(found):
            if not piece.startswith("<"):
                piece = _SPACES.sub(" ", piece)
                piece = piece.lstrip(" ") if number == 0 or is_block_tag(found[number - 1]) else piece
                piece = piece.rstrip(" ") if number + 1 == len(found) or is_block_tag(found[number + 1]) else piece
                if not piece:
                    continue
            place = len(document.pieces)
            document.pieces.append(sys.intern(piece) if piece.startswith("<") else piece)
            document.closing.append(place)
            document.parting.append(is_block_tag(piece))
            if piece.startswith("</"):
                start = opened.pop()
                document.closing[start] = place
                document.parting[place] = document.parting[start]
                if opened and document.parting[start]:
                    document.parting[opened[-1]] = True
            elif piece.startswith("<") and piece != "<br>":
                opened.append(place)
        return document

    def items(self, start: int, end: int) -> list[Item]:
        """The blocks and runs that stand side by side in this part."""
        found: list[Item] = []
        while start < end:
            after = self.closing[start] + 1
            if self.parting[start]:
                found.append(Item(name_of(self.pieces[start]), start, after))
            elif found and not found[-1].name:
                found[-1] = found[-1]._replace(end=after)
            else:
                found.append(Item("", start, after))
            start = after
        return found

    def source(self, item: Item) -> str:
        return "".join(self.pieces[item.start : item.end])

    def words(self, item: Item, most: int | None = None) -> Iterator[Word]:
        """Its words with the tags around them; a line break is the word "\\n". `most` characters of a text are read."""
        tags: list[str] = []
        for piece in self.pieces[item.start : item.end]:
            if not piece.startswith("<") or piece == "<br>":
                around = tuple(tags[:MAX_DEPTH])
                yield from (Word(word, around) for word in tokens("\n" if piece == "<br>" else unescape(piece[:most])))
            elif piece.startswith("</"):
                tags.pop()
            else:
                tags.append(piece)


@dataclass(frozen=True)
class Ink:
    """How marks and figures are written."""

    removed: str = ""
    added: str = ""
    figure: Figure | None = None

    def mark(self, kind: str, html: str) -> str:
        if kind == "same" or not html:
            return html
        element, label = ('del class="was"', self.removed) if kind == "old" else ('ins class="now"', self.added)
        label = f'<span class="mark-label">{escape(label, quote=False)}</span>' if label else ""
        return f"<{element}>{label}{html}</{element[:3]}>"

    def item(self, document: Document, item: Item, kind: str) -> str:
        """A block or run as it is, all of it marked as `kind`."""
        if not item.name or item.name == "figure":
            return self._part(document, item.start, item.end, kind)
        start, end = document.pieces[item.start], document.pieces[item.end - 1]
        return self.tag(start, kind) + self._part(document, item.start + 1, item.end - 1, kind) + end

    def tag(self, start: str, kind: str) -> str:
        name, space, attributes = start[1:-1].partition(" ")
        return start if kind == "same" else f'<{name} class="block-{kind}"{space}{attributes}>'

    def show_figure(self, start: str, inside: str, kind: str) -> str:
        key = _KEY.search(start)
        html = f"{start}{inside}</figure>"
        if self.figure and key:
            caption = _CAPTION_TAG.sub("", _CREDIT.sub("", inside))
            html = self.figure(key[1], caption, "".join(_CREDIT.findall(inside)))
        return html if kind == "same" else f'<div class="figure-{kind}">{html}</div>'

    def words(self, words: list[Word], kind: str, known: set[str] | None = None) -> str:
        """Words in their inline elements, as one mark; links that are not `known` have their address after them."""
        written: list[str] = []
        opened: tuple[str, ...] = ()

        def reopen(tags: tuple[str, ...]) -> None:
            shared = sum(1 for _ in takewhile(lambda pair: pair[0] is pair[1], zip(opened, tags, strict=False)))
            for tag in reversed(opened[shared:]):
                written.append(f"</{name_of(tag)}>")
                if known is not None and tag not in known and (address := _ADDRESS.search(tag)):
                    shown = escape(unescape(address[1]), quote=False)
                    written.append(f'<span class="mark-address"> ({shown})</span>')
            written.extend(tags[shared:])

        for tags, group in groupby(words, key=lambda word: word.tags):
            reopen(tags)
            opened = tags
            written.extend("<br>" if word.text == "\n" else escape(word.text, quote=False) for word in group)
        reopen(())
        return self.mark(kind, "".join(written))

    def _part(self, document: Document, start: int, end: int, kind: str) -> str:
        written: list[str] = []
        run: list[str] = []
        while start < end:
            piece = document.pieces[start]
            if not document.parting[start]:
                run.append(piece)
            else:
                written.append(self.mark(kind, "".join(run)))
                run.clear()
                if name_of(piece) == "figure":
                    close = document.closing[start]
                    written.append(self.show_figure(piece, self._part(document, start + 1, close, kind), kind))
                    start = close
                else:
                    written.append(piece)
            start += 1
        return "".join(written) + self.mark(kind, "".join(run))
