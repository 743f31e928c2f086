"""What OpenCC must not see: addresses, protected names, and characters that a rule decides.

Each stands in the text as one private-use character while OpenCC reads it, and is put back by its place in line.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from articles.language.late import late
from articles.language.scripts.rules import RULES
from articles.language.scripts.tags import SIMPLIFIED

HOLDER = "\ue000"

_HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_SIGN = "/?&=#%_~.+:@-"
# Of an address, with the Han in it: a run behind one of its signs, or before one of them. Han that follows its letters
# is the sentence's: 登录https://example.com查询.
_TAIL = f"(?:[!-;=?-~]|(?<=[{_SIGN}])[{_HAN}][\\w{_HAN}]*+|[{_HAN}]++(?=[/?&=#%_.-][A-Za-z0-9{_HAN}]))*+"
_DOMAIN = (
    "(?:[\\w-]++\\.)++(?:[A-Za-z][A-Za-z0-9-]*+|中国|中國|香港|台湾|台灣|澳门|澳門|公司|网络|網絡|網路|网址|政务|公益|在线|中文网"
    "|商城|集团|手机|移动|新闻)"
)
_NO_NAME = "\\s#＃<>，。！？；：、（）《》“”「」"
_ADDRESS = late(
    f"(?<![A-Za-z0-9])(?:https?|ftp)://{_TAIL}"
    f"|(?<![A-Za-z0-9.-])www\\.{_TAIL}"
    f"|(?<![A-Za-z0-9.-])(?:[A-Za-z0-9-]++\\.)++[A-Za-z]{{2,24}}+/{_TAIL}"
    f"|(?<![\\w.+-])[\\w.+-]{{1,16}}+(?<=[{_HAN}])@{_DOMAIN}"
    f"|(?<![A-Za-z0-9._+-])[A-Za-z0-9._+-]++@{_DOMAIN}"
    "|(?<![A-Za-z0-9._+-])[@＠][\\w·-]{1,30}+(?![\\w·-])"
    f"|(?<![A-Za-z0-9&])[#＃](?:[^{_NO_NAME}]{{1,40}}+(?<![0-9])[#＃]|(?![0-9])[\\w·-]{{1,40}}+(?![\\w·-]))"
    "|[\ue000\ue001\ud800-\udfff\\x00]",
    re.IGNORECASE,
)
# What every address holds, or is: a search leaps from one to the next.
_ANCHOR = late("[@＠#＃:/Ww\ue000\ue001\ud800-\udfff\\x00](?:(?<=[^:/Ww])|(?<=:)//|(?<=[Ww])[Ww]{2}\\.|(?<=[A-Za-z]/))")
_LONGEST = 64  # characters of an address before its anchor
_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._+-")

Glossary = tuple[tuple[str, str], ...]


class Span(NamedTuple):
    """Code points of the text, and what stands in their place."""

    start: int
    end: int
    became: str


@dataclass(frozen=True)
class Held:
    """A text with one HOLDER for each span, in order."""

    text: str
    spans: list[Span]

    def put_back(self, converted: str) -> str:
        if not self.spans:
            return converted
        parts = converted.split(HOLDER)
        written = [""] * (2 * len(parts) - 1)
        written[::2] = parts
        written[1::2] = [span.became for span in self.spans]
        return "".join(written)

    @property
    def stretched(self) -> list[Span]:
        """The spans that change the count of code points."""
        return [span for span in self.spans if len(span.became) != span.end - span.start]


@dataclass(frozen=True)
class Plan:
    """What is looked for in texts of one form with one glossary."""

    pattern: re.Pattern[str] | None
    rules: re.Pattern[str] | None
    names: dict[str, str]
    lengths: dict[str, list[int]]  # by a name's first two characters (or its only one): how long, longest first

    def name(self, text: str, place: int) -> str:
        """The longest name at this place, or nothing."""
        for length in self.lengths.get(text[place : place + 2], ()):
            if (found := text[place : place + length]) in self.names:
                return found
        only = text[place]
        return only if only in self.names else ""


@lru_cache(maxsize=64)
def plan(source: str, glossary: Glossary) -> Plan:
    """Of names that stand twice, the first counts."""
    rules = [f"{pattern[0]}(){pattern[1:]}" for pattern, _ in RULES] if source == SIMPLIFIED else []
    names = {name: became for name, became in reversed(glossary) if name}
    lengths: dict[str, set[int]] = {}
    for name in names:
        lengths.setdefault(name[:2], set()).add(len(name))
    seconds: dict[str, set[str]] = {}
    for name in names:
        seconds.setdefault(name[0], set()).add(name[1:2])
    begun = [
        re.escape(first) + ("" if "" in after else f"(?=[{''.join(map(re.escape, sorted(after)))}])")
        for first, after in seconds.items()
    ]
    return Plan(
        re.compile("|".join([*begun, *rules])) if begun or rules else None,
        re.compile("|".join(rules)) if rules else None,
        names,
        {start: sorted(found, reverse=True) for start, found in lengths.items()},
    )


def hold(text: str, source: str, glossary: Glossary, ends: Sequence[int] = ()) -> Held:
    """`ends`: places, in order, that no address goes beyond."""
    spans = _addresses(text, ends)
    if spans:
        text = _with_holders(text, spans)
    wanted = plan(source, glossary)
    if wanted.pattern is None or not (found := wanted.pattern.search(text)):
        return Held(text, spans)
    return _hold(text, wanted, found, spans)


def _addresses(text: str, ends: Sequence[int]) -> list[Span]:
    spans: list[Span] = []
    after = 0
    while anchor := _ANCHOR.search(text, after):
        after = anchor.end()
        for start in _begun(text, anchor.start(), spans[-1].end if spans else 0):
            if found := _ADDRESS.match(text, start):
                end = found.end()
                if end > anchor.start():
                    if (number := bisect_right(ends, anchor.start())) < len(ends):
                        end = min(end, ends[number])
                    spans.append(Span(start, end, text[start:end]))
                    after = end
                    break
    return spans


def _begun(text: str, anchor: int, least: int) -> Iterator[int]:
    """Where an address with this anchor may begin."""
    least = max(least, anchor - _LONGEST)
    start = anchor
    while start > least and text[start - 1] in _LETTERS:
        start -= 1
    if text[anchor] == "@":
        first = start
        while first > least and (text[first - 1].isalnum() or text[first - 1] in _LETTERS):
            first -= 1
        yield first
    yield start
    yield anchor


def _with_holders(text: str, spans: list[Span]) -> str:
    written: list[str] = []
    place = 0
    for span in spans:
        written += text[place : span.start], HOLDER
        place = span.end
    return "".join([*written, text[place:]])


def _hold(text: str, wanted: Plan, found: re.Match[str] | None, addresses: list[Span]) -> Held:
    assert wanted.pattern is not None
    spans: list[Span] = []
    written: list[str] = []
    ahead = iter(addresses)
    place = shift = 0  # of the text; of what stands in it for addresses, against them
    while found:
        start = found.start()
        name = wanted.name(text, start) if wanted.names else ""
        rule = found.lastindex if not name else None
        if not name and rule is None and wanted.rules and (again := wanted.rules.match(text, start)):
            rule = again.lastindex
        if name or rule:
            for _ in range(text.count(HOLDER, place, start)):
                spans.append(address := next(ahead))
                shift += address.end - address.start - 1
            end = start + len(name or found[0])
            became = wanted.names[name] if name else RULES[(rule or 0) - 1][1]
            spans.append(Span(start + shift, end + shift, became))
            written += text[place:start], HOLDER
            place = end
        found = wanted.pattern.search(text, end if name or rule else start + 1)
    written.append(text[place:])
    return Held("".join(written), [*spans, *ahead])


def as_pairs(glossary: Iterable[tuple[str, str]]) -> Glossary:
    return glossary if isinstance(glossary, tuple) else tuple((name, became) for name, became in glossary)
