"""A story as the rules read it: one text a block, whatever inline tags stand in it; and what a rule finds there."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from itertools import chain
from typing import NamedTuple

from articles.language.blocks import PIECE, is_block_tag, name_of
from articles.language.markup import BLOCKS

HIDDEN = "\ufffc"  # stands in `Block.seen` for each character that is not this language's, or an address
HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
SUBHEADS = {"h2", "h3"}
COLUMNS = {"td", "th", "figcaption"}  # what stands in them is theirs, though the editor wraps it in paragraphs
HEADS = {"headline", "kicker"} | SUBHEADS

_LANGUAGE = re.compile(r' lang="([^"]*)"')
_ADDRESS = re.compile(
    r"(?:https?://|www\.)[\x21-\x7e]+|[\w.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
    r"|\b[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.(?:com|org|net|cn|tw|hk|edu|gov|info|io)\b(?:/[\x21-\x7e]*)?",
    re.ASCII,
)
_NOT_SPACE = re.compile(r"[^\n]")


@dataclass(frozen=True)
class Block:
    """A line of a story, or a paragraph, heading, list item, cell or caption of its body.

    number counts the blocks of a field from 0; kind: the element, or the field's name; a paragraph in a cell or caption
    is of the cell's kind. Places are code points of `text`, in which a line break is one "\\n"; `seen` is as long, with
    what no rule looks at blotted out.
    """

    field: str
    number: int
    kind: str
    text: str
    seen: str


class Mark(NamedTuple):
    """What a rule found. suggestion: what could stand there instead, None where only a person can tell."""

    block: Block
    start: int
    end: int
    suggestion: str | None
    variant: str = ""  # which sentence of the rule says it, where it has several
    told: str = ""  # the desk's own words


@dataclass(frozen=True)
class Text:
    language: str
    blocks: tuple[Block, ...]

    @property
    def chinese(self) -> bool:
        return self.language.startswith("zh")


Checker = Callable[[Text], Iterator[Mark]]


def each_block(look: Callable[[Block], Iterator[Mark]]) -> Checker:
    """A rule that looks at one block at a time."""

    def checker(text: Text) -> Iterator[Mark]:
        for block in text.blocks:
            yield from look(block)

    return checker


def read(lines: Mapping[str, str], body: str, language: str) -> Text:
    """The fields of a story; `body` is clean HTML, the other lines are plain."""
    blocks = [_block(field, 0, field, line, line) for field, line in lines.items() if line.strip()]
    return Text(language, (*blocks, *_body(body, language)))


def _block(field: str, number: int, kind: str, text: str, seen: str) -> Block:
    return Block(field, number, kind, text, _ADDRESS.sub(lambda found: HIDDEN * len(found[0]), seen))


def _body(html: str, language: str) -> Iterator[Block]:
    opened: list[tuple[str, bool]] = []  # the elements around, and whether each is in another language
    written: list[str] = []
    seen: list[str] = []
    kind, number = "", 0
    for piece in [*PIECE.findall(html), "<p>"]:
        if piece == "<br>":
            written.append("\n")
            seen.append("\n")
        elif not piece.startswith("<"):
            text = unescape(piece)
            kind = kind or _kind([name for name, _ in reversed(opened)])
            written.append(text)
            seen.append(_NOT_SPACE.sub(HIDDEN, text) if any(foreign for _, foreign in opened) else text)
        else:
            if is_block_tag(piece):
                if (whole := "".join(written)).strip():
                    yield _block("body", number, kind, whole, "".join(seen))
                    number += 1
                written, seen, kind = [], [], ""
            if not piece.startswith("</"):
                spoken = _LANGUAGE.search(piece)
                opened.append((name_of(piece), bool(spoken) and not _same(spoken[1], language)))  # type: ignore[index]
            elif opened:
                opened.pop()


def _kind(around: list[str]) -> str:
    """Of a text in these elements, the innermost first."""
    return next(chain((name for name in around if name in COLUMNS), (name for name in around if name in BLOCKS)), "p")


def _same(one: str, other: str) -> bool:
    """Whether texts in both languages go by the same rules: en and en-GB, zh and zh-Hant, but not its two scripts."""
    one, other = one.lower(), other.lower()
    return one == other or one.startswith(f"{other}-") or other.startswith(f"{one}-")
