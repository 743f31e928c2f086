"""Tibetan: only what is wrong beyond doubt."""

import re
from collections.abc import Iterator

from articles.language.style.text import Block, Mark

_TSHEGS = re.compile("[\u0f0b\u0f0c]{2,}")
_BEFORE_SHAD = re.compile("(?<=[\u0f40-\u0f43\u0f45-\u0f6c])[\u0f0b\u0f0c](?=\u0f0d)")  # any letter but \u0f44, nga
_OPEN_END = re.compile("[\u0f0b\u0f0c]\\s*$")


def tsheg(block: Block) -> Iterator[Mark]:
    """One between syllables; before a shad only after nga."""
    for found in _TSHEGS.finditer(block.seen):
        yield Mark(block, *found.span(), "\u0f0b", "double")
    for found in _BEFORE_SHAD.finditer(block.seen):
        yield Mark(block, *found.span(), "", "before-shad")


def shad(block: Block) -> Iterator[Mark]:
    """A paragraph does not end in a tsheg: a shad ends it, which after ga falls away."""
    if block.kind in {"p", "standfirst"} and (found := _OPEN_END.search(block.seen)):
        before = block.seen[found.start() - 1 : found.start()]
        end = {"\u0f42": "", "\u0f44": "\u0f0b\u0f0d"}.get(before, "\u0f0d")
        yield Mark(block, found.start(), found.start() + 1, end)
