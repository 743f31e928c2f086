"""HTML as a converter reads it: the words that a reader sees in one script, and everything else as it is written.

It reads what a browser would, also of unclean and broken pages, once from its start to its end.
"""

import re
from functools import cache
from html import unescape
from typing import NamedTuple

from articles.language.scripts.elements import (
    BESIDE,
    BLOCKS,
    CLOSES,
    CODE,
    META,
    SEEN,
    VOID,
    WITHOUT_TAGS,
    WORDED,
)
from articles.language.scripts.tags import form_or_none, script

GAP = "\ufffc"  # stands in the flow for what is not read: a picture, code, a word in another language

_HIGHEST = 100  # elements up from the innermost that a start tag may close
_SPACE = " \t\n\r\f"
_TAG = re.compile(
    "<(?:"
    f"([A-Za-z][^{_SPACE}/>]*+)(>)?"  # 1, 2: a start tag, and its end
    f"|/([A-Za-z][^{_SPACE}/>]*+)(>)?"  # 3, 4
    "|(!--)"  # 5
    "|[!?/])"
)
_ATTRIBUTE = re.compile(
    f"[{_SPACE}/]*+(?:(>)|(=?[^{_SPACE}/>=]*+)"
    f"(?:[{_SPACE}]*+=[{_SPACE}]*+(?:\"([^\"]*+)(?:\"|\\Z)|'([^']*+)(?:'|\\Z)|([^{_SPACE}>\"'][^{_SPACE}>]*+)|))?)"
)
_COMMENT_END = re.compile("--!?>")
REFERENCE = re.compile("&(?:#[0-9]{1,8}|#[xX][0-9A-Fa-f]{1,7}|[A-Za-z][A-Za-z0-9]{1,31});?")


class Words(NamedTuple):
    """A text or a value: the place among the pieces, where it begins in the page, and what it says."""

    piece: int
    offset: int
    text: str


class Page:
    """`pieces`, joined, are the page; `flow` is what is read, in which each of `words` stands at `places`.

    ends: places of the flow at which a link begins or ends.
    """

    def __init__(self, html: str, source: str, target: str, tag: str) -> None:
        self.pieces: list[str] = []
        self.words: list[Words] = []
        self.places: list[int] = []
        self.ends: list[int] = []
        self.flow = ""
        self._html = html
        self._source, self._target, self._tag = source, target, tag
        self._names: list[str] = []  # the open elements
        self._states: list[tuple[bool, bool, bool]] = []  # of each: in another language, not to be translated, code
        self._open: dict[str, int] = {}
        self._state = (False, False, False)
        self._beside: list[Words] = []
        self._edge = self._gap = False
        self._parts: list[str] = []
        self._length = 0
        self._read()
        for words in self._beside:
            self._edge = True
            self._flow(words)
        self.flow = "".join(self._parts)

    def _read(self) -> None:
        html, place, end = self._html, 0, len(self._html)
        while place < end:
            found = _TAG.search(html, place)
            start = found.start() if found else end
            if start > place:
                self._text(place, start)
            if not found:
                return
            if found[1]:
                place = self._start(found)
            elif found[3]:
                place = self._end(found)
            elif found[5]:
                ended = _COMMENT_END.search(html, start + 2)
                place = ended.end() if ended else end
                self.pieces.append(html[start:place])
            else:
                place = html.find(">", start) + 1 or end
                self.pieces.append(html[start:place])

    def _text(self, start: int, end: int) -> None:
        raw = self._html[start:end]
        if True in self._state:
            self._gap = True
        elif not self._edge or not raw.isspace():
            words = Words(len(self.pieces), start, _said(raw))
            if any(self._open.get(name) for name in BESIDE):
                self._beside.append(words)
            else:
                self._flow(words)
        self.pieces.append(raw)

    def _flow(self, words: Words) -> None:
        if self._edge or self._gap:
            self._parts.append("\n" if self._edge else GAP)
            self._length += 1
            self._edge = self._gap = False
        self.words.append(words)
        self.places.append(self._length)
        self._parts.append(words.text)
        self._length += len(words.text)

    def _start(self, found: re.Match[str]) -> int:
        html, start, place, name = self._html, found.start(), found.end(), found[1].lower()
        attributes: list[re.Match[str]] = []
        if not found[2]:
            while True:
                attribute = _ATTRIBUTE.match(html, place)
                if attribute is None or (attribute.end() == len(html) and not attribute[1]):
                    self.pieces.append(html[start:])  # the page ends in a tag
                    return len(html)
                place = attribute.end()
                if attribute[1]:
                    break
                attributes.append(attribute)
        if name in CLOSES:
            self._close(*CLOSES[name])
        if name in BLOCKS:
            self._edge = True
        elif name in SEEN:
            self._gap = True
        elif name == "a":
            self.ends.append(self._length)
        around = self._state
        if attributes:
            self._state = self._of(attributes)
            self._write(name, attributes, start, place)
        else:
            self.pieces.append(html[start:place])
        if name in VOID:
            self._state = around
            return place
        self._names.append(name)
        self._states.append(around)
        self._open[name] = self._open.get(name, 0) + 1
        if name in CODE and not self._state[2]:
            self._state = (*self._state[:2], True)
        if name in WITHOUT_TAGS:
            ended = None if name == "plaintext" else _end_of(name).search(html, place)
            after = ended.start() if ended else len(html)
            if after > place:
                self._text(place, after)
            return after
        return place

    def _end(self, found: re.Match[str]) -> int:
        html, place, name = self._html, found.end(), found[3].lower()
        if not found[4]:
            while True:
                attribute = _ATTRIBUTE.match(html, place)
                if attribute is None or (attribute.end() == len(html) and not attribute[1]):
                    place = len(html)
                    break
                place = attribute.end()
                if attribute[1]:
                    break
        self.pieces.append(html[found.start() : place])
        if name in BLOCKS:
            self._edge = True
        elif name in SEEN:
            self._gap = True
        elif name == "a":
            self.ends.append(self._length)
        if self._open.get(name):
            while self._pop() != name:
                pass
        return place

    def _pop(self) -> str:
        name = self._names.pop()
        self._state = self._states.pop()
        self._open[name] -= 1
        return name

    def _close(self, closed: frozenset[str], walls: frozenset[str]) -> None:
        if not any(self._open.get(name) for name in closed):
            return
        for up, name in enumerate(self._names[: -_HIGHEST - 1 : -1], start=1):
            if name in walls:
                return
            if name in closed:
                for _ in range(up):
                    self._pop()
                self._close(closed, walls)
                return

    def _of(self, attributes: list[re.Match[str]]) -> tuple[bool, bool, bool]:
        foreign, kept, code = self._state
        spoken = translated = False
        for attribute in attributes:
            name = attribute[2].lower()
            if name in {"lang", "xml:lang"} and not spoken:
                spoken, foreign = True, not self._is_source(_value(attribute))
            elif name == "translate" and not translated:
                translated, kept = True, _value(attribute).strip().lower() == "no"
        if any(
            attribute[2].lower() == "class" and "notranslate" in _value(attribute).split() for attribute in attributes
        ):
            kept = True
        return foreign, kept, code

    def _is_source(self, tag: str) -> bool:
        lower = tag.strip().lower().replace("_", "-")
        if lower in {"zh", "cmn"}:
            return True
        if lower.partition("-")[0] not in {"zh", "cmn"}:
            return False
        spoken = form_or_none(lower)
        if spoken is None:
            return lower.startswith(("zh-x-", "cmn-x-"))
        if script(self._source) != script(self._target):
            return script(spoken) == script(self._source)
        return spoken == self._source or lower == "zh-hant"

    def _write(self, name: str, attributes: list[re.Match[str]], start: int, end: int) -> None:
        """The start tag, with its values as pieces of their own where they are words, or the language."""
        html, foreign, kept, code = self._html, *self._state
        worded = _META_CONTENT if name == "meta" and _is_worded(attributes) else WORDED
        for attribute in attributes:
            called = attribute[2].lower()
            group = attribute.lastindex or 0
            if group < 3 or not (called in worded or called in {"lang", "xml:lang"}):
                continue
            at, until = attribute.span(group)
            if called in worded:
                if not (foreign or kept or code) and attribute[group].strip():
                    self.pieces.append(html[start:at])
                    self._beside.append(Words(len(self.pieces), at, _said(attribute[group])))
                    self.pieces.append(attribute[group])
                    start = until
            elif self._is_source(_value(attribute)):
                self.pieces += html[start:at], self._tag
                start = until
        self.pieces.append(html[start:end])


_META_CONTENT = WORDED | {"content"}


def _is_worded(attributes: list[re.Match[str]]) -> bool:
    """Whether what a <meta> holds is words."""
    named = (_value(attribute) for attribute in attributes if attribute[2].lower() in {"name", "property", "itemprop"})
    return any(value.strip().lower() in META for value in named)


def _value(attribute: re.Match[str]) -> str:
    return unescape(attribute[attribute.lastindex]) if (attribute.lastindex or 0) > 2 else ""


def _said(raw: str) -> str:
    return REFERENCE.sub(lambda found: unescape(found[0]), raw) if "&" in raw else raw


@cache
def _end_of(name: str) -> re.Pattern[str]:
    return re.compile(f"</{name}(?=[{_SPACE}/>])", re.IGNORECASE)


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
