"""Characters that HTML writes as references: &amp; &#21457;"""

import re
from html import unescape

REFERENCE = re.compile("&(?:#[0-9]{1,8}|#[xX][0-9A-Fa-f]{1,7}|[A-Za-z][A-Za-z0-9]{1,31});?")


def said_by(raw: str) -> str:
    return REFERENCE.sub(lambda found: unescape(found[0]), raw)


def places_in(raw: str, at: int) -> tuple[int, int]:
    """Where in a raw text stands what is the character `at` of what it says."""
    said = begun = 0
    for found in REFERENCE.finditer(raw):
        literal = found.start() - begun
        if at < said + literal:
            break
        said += literal
        length = len(unescape(found[0]))
        if at < said + length:
            return found.span()
        said += length
        begun = found.end()
    return begun + at - said, begun + at - said + 1
