"""Letters of the other Chinese script. What they would be here, OpenCC says by the words around them."""

import re
from collections.abc import Iterator
from functools import cache

from opencc import OpenCC

from articles.language.style.letters import SIMPLIFIED, TRADITIONAL
from articles.language.style.text import Mark, Text

MOST = 8  # marks in one block; beyond, the whole passage is one
_FOREIGN = {"hant": re.compile("[{}]+".format("".join(sorted(SIMPLIFIED)))),
            "hans": re.compile("[{}]+".format("".join(sorted(TRADITIONAL))))}  # fmt: skip


@cache
def _converter(script: str) -> OpenCC:
    return OpenCC("s2tw" if script == "hant" else "t2s")


def mixed(text: Text) -> Iterator[Mark]:
    script = "hant" if text.language.startswith("zh-Hant") else "hans"
    for block in text.blocks:
        places = [found.span() for found in _FOREIGN[script].finditer(block.seen)]
        if len(places) > MOST:
            places = [(places[0][0], places[-1][1])]
        if places:
            here = _converter(script).convert(block.text)
            same = len(here) == len(block.text)
            for start, end in places:
                yield Mark(block, start, end, here[start:end] if same else None, script)
