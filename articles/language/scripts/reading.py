"""HTML as a converter reads it: the words that a reader sees in one script, and everything else as it is written.

It reads what a browser would, also of unclean and broken pages, once from its start to its end.
"""

import re
from functools import cache
from html import unescape

from articles.language.scripts.elements import BESIDE, KINDS, META, PLAIN, WORDED, Kind, kind_of
from articles.language.scripts.references import said_by
from articles.language.scripts.soft import LETTERS
from articles.language.scripts.tags import form_or_none, script

GAP = "\ufffc"  # stands in the flow for what is not read: a picture, code, a word in another language

_READ = (False, False, False)
_RUBY = "ruby"
_HIGHEST = 100  # elements up from the innermost that a start tag may close
_SPACE = " \t\n\r\f"
# An attribute that is neither words nor says how an element is read.
_DULL = (
    "(?:[ \n](?:href|src|srcset|sizes|id|rel|width|height|loading|decoding|target|type|name|colspan|rowspan"
    '|data-[a-z-]++)="[^"]*+"|[ \n]class="(?:(?!notranslate)[^"])*+")'
)
_TAG = re.compile(
    "<(?:"
    f"([A-Za-z][^{_SPACE}/>]*+)({_DULL}*+>)?"  # 1, 2: a start tag, and the rest of a dull one
    f"|/([A-Za-z][^{_SPACE}/>]*+)(>)?"  # 3, 4
    "|(!--)"  # 5
    "|[!?/])"
)
_ATTRIBUTE = re.compile(
    f"[{_SPACE}/]*+(?:(>)|(=?[^{_SPACE}/>=]*+)"
    f"(?:[{_SPACE}]*+=[{_SPACE}]*+(?:\"([^\"]*+)(?:\"|\\Z)|'([^']*+)(?:'|\\Z)|([^{_SPACE}>\"'][^{_SPACE}>]*+)|))?)"
)
_BARE = 5
_SOFT = re.compile(
    f"[{LETTERS}]|&(?:shy;?|(?:zwnj|zwj|NoBreak|ZeroWidthSpace|Negative(?:VeryThin|Thin|Medium|Thick)Space);"
    "|#0*(?:173|8203|8204|8205|8288)(?![0-9]);?|#[xX]0*(?:[aA][dD]|200[bBcCdD]|2060)(?![0-9A-Fa-f]);?)"
)
_COMMENT_END = re.compile("--!?>")


# A text or a value: its place among the pieces, where it begins in the page, and what it says.
Words = tuple[int, int, str]


class Page:
    """`pieces`, joined, are the page; `flow` is what is read, in which each of `words` stands at `places`.

    ends: places of the flow at which a link begins or ends, or something stands that nobody sees.
    bare: which pieces are values without quotation marks.
    """

    def __init__(self, html: str, source: str, target: str, tag: str) -> None:
        self.pieces: list[str] = []
        self.words: list[Words] = []
        self.places: list[int] = []
        self.ends: list[int] = []
        self.bare: list[int] = []
        self._html = html
        self._source, self._target, self._tag = source, target, tag
        self._names: list[str] = []  # the open elements
        self._states: list[tuple[bool, bool, bool]] = []  # around each: another language, not to be translated, code
        self._open: dict[str, int] = {}
        self._state = _READ
        self._beside: list[list[Words]] = []
        self._soft = bool(_SOFT.search(html))
        self._edge = self._gap = False
        self._parts: list[str] = []
        self._length = self._cut = 0  # of the flow; how much of the page is in pieces
        self._read()
        self.pieces.append(html[self._cut :])
        for run in self._beside:
            self._edge = True
            self._flow(run)
        self.flow = "".join(self._parts)

    def _read(self) -> None:
        """The whole page; what nearly every page consists of is done here, without a call."""
        html, place, end = self._html, 0, len(self._html)
        search, kinds, names, states, opened = _TAG.search, KINDS, self._names, self._states, self._open
        while place < end:
            found = search(html, place)
            start = found.start() if found else end
            if start > place:
                raw = html[place:start]
                if self._state is not _READ or _RUBY in opened:
                    self._text(place, start, raw)
                elif not self._edge or not raw.isspace():
                    self._flow(self._words(place, start, raw))
            if not found:
                return
            place, which = found.end(), found.lastindex
            if which == 2 and (kind := kinds.get(name := found[1])):  # a start tag without words
                if kind is not PLAIN:
                    if kind.closes:
                        self._close(*kind.closes)
                    self._bound(kind)
                names.append(name)
                states.append(self._state)
                opened[name] = opened.get(name, 0) + 1
            elif which == 4 and (kind := kinds.get(name := found[3])):
                if kind is not PLAIN:
                    self._bound(kind)
                if opened.get(name):
                    while True:
                        self._state = states.pop()
                        opened[last := names.pop()] -= 1
                        if last == name:
                            break
            elif which in (1, 2):
                place = self._start(found[1].lower(), place, found[2], start)
            elif which in (3, 4):
                place = self._end(found[3].lower(), place, found[4])
            elif which:
                over = _COMMENT_END.search(html, start + 2)
                place = over.end() if over else end
            else:
                place = html.find(">", start) + 1 or end

    def _text(self, start: int, end: int, raw: str) -> None:
        if True in self._state:
            self._gap = True
        elif not self._edge or not raw.isspace():
            words = self._words(start, end, raw)
            if any(self._open.get(name) for name in BESIDE):
                self._beside.append(words)
            else:
                self._flow(words)

    def _words(self, start: int, end: int, raw: str) -> list[Words]:
        """A text as one, but for the characters in it that nobody sees."""
        if not self._soft:
            return [self._whole(start, end, raw)]
        found: list[Words] = []
        begun = 0
        for mark in _SOFT.finditer(raw):
            if mark.start() > begun:
                found.append(self._whole(start + begun, start + mark.start(), raw[begun : mark.start()]))
            begun = mark.end()
        if begun < len(raw):
            found.append(self._whole(start + begun, end, raw[begun:]))
        return found

    def _whole(self, start: int, end: int, raw: str) -> Words:
        self.pieces += self._html[self._cut : start], raw
        self._cut = end
        return len(self.pieces) - 1, start, said_by(raw) if "&" in raw else raw

    def _flow(self, run: list[Words]) -> None:
        if not run:
            return
        if self._edge or self._gap:
            self._parts.append("\n" if self._edge else GAP)
            self._length += 1
            self._edge = self._gap = False
        for words in run:
            self.words.append(words)
            self.places.append(self._length)
            self._parts.append(words[2])
            self._length += len(words[2])
            if words is not run[-1]:
                self.ends.append(self._length)

    def _start(self, name: str, place: int, dull: str | None, start: int) -> int:
        attributes: list[re.Match[str]] = []
        if not dull:
            place = self._attributes(place, attributes)
            if not place:  # the page ends in a tag
                return len(self._html)
        kind = kind_of(name)
        around = self._state
        if kind.closes:
            self._close(*kind.closes)
            around = self._state
        self._bound(kind)
        if attributes:
            self._state = self._of(attributes)
            self._write(name, attributes)
        if kind.void:
            self._state = around
            return place
        self._names.append(name)
        self._states.append(around)
        self._open[name] = self._open.get(name, 0) + 1
        if kind.code and not self._state[2]:
            self._state = (*self._state[:2], True)
        if kind.untagged:
            ended = None if name == "plaintext" else _end_of(name).search(self._html, place)
            after = ended.start() if ended else len(self._html)
            if after > place:
                self._text(place, after, self._html[place:after])
            return after
        return place

    def _attributes(self, place: int, found: list[re.Match[str]]) -> int:
        """Where the tag ends; 0 where the page ends before."""
        while True:
            attribute = _ATTRIBUTE.match(self._html, place)
            if attribute is None or (attribute.end() == len(self._html) and not attribute[1]):
                return 0
            place = attribute.end()
            if attribute[1]:
                return place
            found.append(attribute)

    def _end(self, name: str, place: int, closed: str | None) -> int:
        if not closed:
            place = self._attributes(place, []) or len(self._html)
        self._bound(kind_of(name))
        if self._open.get(name):
            while self._pop() != name:
                pass
        return place

    def _bound(self, kind: Kind) -> None:
        if kind.parts:
            self._edge = True
        elif kind.seen:
            self._gap = True
        elif kind.link:
            self.ends.append(self._length)

    def _pop(self) -> str:
        name = self._names.pop()
        self._state = self._states.pop()
        self._open[name] -= 1
        return name

    def _close(self, closed: frozenset[str], walls: frozenset[str]) -> None:
        for name in closed:
            if self._open.get(name):
                break
        else:
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

    def _write(self, name: str, attributes: list[re.Match[str]]) -> None:
        """The values as pieces of their own where they are words, or the language."""
        read = True not in self._state
        worded = _META_CONTENT if name == "meta" and _is_worded(attributes) else WORDED
        for attribute in attributes:
            called = attribute[2].lower()
            group = attribute.lastindex or 0
            if group < 3:
                continue
            if called in worded:
                if read and attribute[group].strip():
                    value = *attribute.span(group), attribute[group]
                    self._beside.append([self._whole(*value)] if group == _BARE else self._words(*value))
                    if group == _BARE:
                        self.bare.append(len(self.pieces) - 1)
            elif called in {"lang", "xml:lang"} and self._is_source(_value(attribute)):
                self.pieces += self._html[self._cut : attribute.start(group)], self._tag
                self._cut = attribute.end(group)


_META_CONTENT = WORDED | {"content"}


def _is_worded(attributes: list[re.Match[str]]) -> bool:
    """Whether what a <meta> holds is words."""
    named = (_value(attribute) for attribute in attributes if attribute[2].lower() in {"name", "property", "itemprop"})
    return any(value.strip().lower() in META for value in named)


def _value(attribute: re.Match[str]) -> str:
    group = attribute.lastindex or 0
    return unescape(attribute[group]) if group > 2 else ""


@cache
def _end_of(name: str) -> re.Pattern[str]:
    return re.compile(f"</{name}(?=[{_SPACE}/>])", re.IGNORECASE)
