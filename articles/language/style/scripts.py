"""Letters of the other Chinese script. What they would be here, the converter says by the words around them."""

import re
from collections.abc import Iterator

from articles.language.scripts import convert
from articles.language.style.letters import SIMPLIFIED, TRADITIONAL
from articles.language.style.text import Mark, Text

MOST = 8  # marks in one block; beyond, the whole passage is one
_FOREIGN = {"hant": re.compile("[{}]+".format("".join(sorted(SIMPLIFIED)))),
            "hans": re.compile("[{}]+".format("".join(sorted(TRADITIONAL))))}  # fmt: skip


def mixed(text: Text) -> Iterator[Mark]:
    script = "hant" if text.language.startswith("zh-Hant") else "hans"
    target = "zh-Hans" if script == "hans" else "zh-Hant-HK" if text.language == "zh-Hant-HK" else "zh-Hant-TW"
    for block in text.blocks:
        places = [found.span() for found in _FOREIGN[script].finditer(block.seen)]
        if len(places) > MOST:
            places = [(places[0][0], places[-1][1])]
        if places:
            here = convert(block.text, "zh-Hant-TW" if script == "hans" else "zh-Hans", target)
            for start, end in places:
                yield Mark(block, start, end, here[start:end], script)
