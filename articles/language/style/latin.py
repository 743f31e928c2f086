"""English text, and what no text in any language should hold."""

import re
import unicodedata
from collections.abc import Iterator

from articles.language.style.text import HEADS, Block, Mark

_SPACES = re.compile(r"(?<=\S)[ \u00a0]{2,}(?=\S)")
_BEFORE_MARK = re.compile(r"(?<=[\w”’)]) +(?=[,;:.?!](?:\s|$))")
_COMMAS = re.compile(r"([,;:])\1+|(?<!\.)\.\.(?!\.)")
_WIDE = re.compile(r"[，。；：？！（）] *")
_NARROW = str.maketrans("，。；：？！（）", ",.;:?!()")
_STRAIGHT = re.compile(r"[\"']")
_DASHES = re.compile(r"(?<=\w) *--+ *(?=\w)")
_STOP = re.compile(r"(?<![.])[.,;:]$")
_SHORT = re.compile(r"(?:\b(?:[A-Z]|etc|Inc|Ltd|Co|Corp|Jr|Sr|St|No|vs|a\.m|p\.m)\.)$")


def spaces(block: Block) -> Iterator[Mark]:
    for found in _SPACES.finditer(block.seen):
        yield Mark(block, *found.span(), " ", "double")
    for found in _BEFORE_MARK.finditer(block.seen):
        yield Mark(block, *found.span(), "", "before")


def repeated(block: Block) -> Iterator[Mark]:
    for found in _COMMAS.finditer(block.seen):
        yield Mark(block, *found.span(), found[0][0])


def wide_marks(block: Block) -> Iterator[Mark]:
    for found in _WIDE.finditer(block.seen):
        sign = found[0][0].translate(_NARROW)
        goes_on = block.seen[found.end() : found.end() + 1].isalnum()
        yield Mark(block, *found.span(), f"{sign} " if goes_on and sign != "(" else sign)


def straight_quotes(block: Block) -> Iterator[Mark]:
    """Each curls by what stands before it. Feet, inches and decades: only a person can tell."""
    for found in _STRAIGHT.finditer(block.seen):
        at, double = found.start(), found[0] == '"'
        before, after = block.seen[at - 1 : at], block.seen[at + 1 : at + 2]
        if before.isdigit() or (not double and after.isdigit()):
            yield Mark(block, at, at + 1, None)
        elif not before or before.isspace() or before in "([{“‘—–":
            yield Mark(block, at, at + 1, "“" if double else "‘")
        else:
            yield Mark(block, at, at + 1, "”" if double else "’")


def dash(block: Block) -> Iterator[Mark]:
    for found in _DASHES.finditer(block.seen):
        yield Mark(block, *found.span(), "—")


def final_mark(block: Block) -> Iterator[Mark]:
    if block.kind in HEADS and (found := _STOP.search(block.seen)) and not _SHORT.search(block.seen):
        yield Mark(block, *found.span(), "")


_ODD = re.compile("[\ue000-\uf8ff\u2e80-\u2fdf\uf900-\ufaff\U000f0000-\U0010ffff\u200b\ufeff]")


def odd_letters(block: Block) -> Iterator[Mark]:
    """Letters that look right and are not: private ones, radicals, doubles of compatibility, invisible ones."""
    for found in _ODD.finditer(block.seen):
        letter = found[0]
        if letter in "\u200b\ufeff":
            yield Mark(block, *found.span(), "", "invisible")
        elif (plain := unicodedata.normalize("NFKC", letter)) != letter:
            yield Mark(block, *found.span(), plain, "double")
        else:
            yield Mark(block, *found.span(), None, "private")
