"""What the house style finds in a story: a place, a reason and, where there is one, a way out; never a verdict."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from articles.language.style import han, latin, numbers, pairs, scripts, tibetan
from articles.language.style.names import Name, OwnRule, own, with_names_hidden, wrong_names
from articles.language.style.text import Checker, Mark, Text, each_block, read

MOST = 300  # findings that one look tells
AROUND = 8  # characters told before and behind one
WRONG_NAME = "wrong-name"
OWN = "own"


class State(StrEnum):
    OFF = "off"
    MARK = "mark"
    BLOCK = "block"  # a story in which it finds something is not published


@dataclass(frozen=True)
class Rule:
    """A rule that comes with the house. languages: the stories it looks at, by the beginning of their tag."""

    code: str
    look: Checker
    languages: tuple[str, ...]
    on: tuple[str, ...]  # the languages in which it is on unless the desk says otherwise

    def covers(self, language: str) -> bool:
        return language.startswith(self.languages)

    def default(self, language: str) -> State:
        return State.MARK if language.startswith(self.on) else State.OFF


@dataclass(frozen=True)
class Finding:
    """start, end: code points of the text of block `number` of `field`; message: which sentence explains it."""

    rule: str
    key: str  # of a rule of the desk's own
    field: str
    number: int
    start: int
    end: int
    words: str
    before: str
    after: str
    message: str
    suggestion: str | None
    told: str
    blocking: bool


def _rule(code: str, look: Checker, languages: Iterable[str], on: Iterable[str] | None = None) -> Rule:
    languages = tuple(languages)
    return Rule(code, look, languages, languages if on is None else tuple(on))


ZH, ANY = ["zh"], ["zh", "en", "bo"]
# In this order of precedence: of two findings at one place the first is told.
RULES = [
    _rule("odd-letter", each_block(latin.odd_letters), ANY),
    _rule("mixed-script", scripts.mixed, ZH),
    _rule("year-form", numbers.years, ZH),
    _rule("date-form", each_block(numbers.dates), ZH),
    _rule("number-groups", numbers.groups, ZH),
    _rule("percent-range", each_block(numbers.percent_range), ZH),
    _rule("full-width-digit", each_block(numbers.full_width), ANY),
    _rule("ellipsis", each_block(han.ellipsis), ZH),
    _rule("dash", each_block(han.dash), ZH),
    _rule("final-mark", each_block(han.final_mark), ZH),
    _rule("repeated-mark", each_block(han.repeated), ZH),
    _rule("half-width-mark", each_block(han.half_width), ZH),
    _rule("straight-quote", pairs.straight_in_han, ZH),
    _rule("quote-region", pairs.of_the_region, ZH),
    _rule("comma-and-so-on", each_block(han.comma_before_and_so_on), ZH),
    _rule("middle-dot", han.middle_dots, ZH),
    _rule("comma-between-pairs", each_block(han.comma_between_pairs), ZH, ["zh-Hans"]),
    _rule("space-han-latin", each_block(han.typed_space), ZH),
    _rule("no-space-han-latin", each_block(han.missing_space), ZH, []),
    _rule("space-in-han", each_block(han.space_in_han), ZH),
    _rule("unbalanced", pairs.unbalanced, ANY),
    _rule("en-spaces", each_block(latin.spaces), ["en"]),
    _rule("en-straight-quotes", each_block(latin.straight_quotes), ["en"]),
    _rule("en-dash", each_block(latin.dash), ["en"]),
    _rule("en-final-mark", each_block(latin.final_mark), ["en"]),
    _rule("en-repeated-mark", each_block(latin.repeated), ["en"]),
    _rule("en-wide-mark", each_block(latin.wide_marks), ["en"]),
    _rule("bo-tsheg", each_block(tibetan.tsheg), ["bo"]),
    _rule("bo-shad", each_block(tibetan.shad), ["bo"]),
]
CODES = [WRONG_NAME, *(rule.code for rule in RULES)]


def check(
    lines: Mapping[str, str],
    body: str,
    *,
    language: str,
    states: Mapping[str, str] | None = None,
    own_rules: Sequence[tuple[OwnRule, str]] = (),
    glossary: Sequence[Name] = (),
) -> list[Finding]:
    """What the rules find, in the order of the text, at most MOST.

    lines: plain text by the name of its field; body: clean HTML. states: what the desk says of a rule, by its code;
    of the others the default holds. own_rules: each with its state. Links' addresses and fragments that name another
    language are not looked at.
    """
    states = states or {}
    names = tuple(glossary)
    text = read(lines, body, language)
    others = with_names_hidden(text, names)
    found: list[tuple[str, str, str, Mark]] = []

    def look(code: str, key: str, state: str, marks: Iterator[Mark]) -> None:
        if state != State.OFF:
            found.extend((code, key, state, mark) for mark in marks)

    for rule, state in own_rules:
        look(OWN, rule.key, state, own(text, rule))
    look(WRONG_NAME, "", states.get(WRONG_NAME, State.MARK), wrong_names(text, names))
    for built in RULES:
        if built.covers(language):
            look(built.code, "", states.get(built.code, built.default(language)), built.look(others))
    found.sort(key=lambda one: one[2] != State.BLOCK)  # what blocks is told before what marks
    return _in_order(text, found)


def _in_order(text: Text, found: Sequence[tuple[str, str, str, Mark]]) -> list[Finding]:
    """Each place told once, what blocks before all; of too many, the first."""
    place = {(block.field, block.number): number for number, block in enumerate(text.blocks)}
    taken: list[set[int]] = [set() for _ in text.blocks]
    kept: list[tuple[int, int, Finding]] = []
    for code, key, state, mark in found:
        block, start, end = mark.block, mark.start, mark.end
        at = place[block.field, block.number]
        if len(kept) == MOST or not taken[at].isdisjoint(range(start, end)):
            continue
        taken[at].update(range(start, end))
        kept.append((at, start, Finding(
            rule=code, key=key, field=block.field, number=block.number, start=start, end=end,
            words=block.text[start:end], before=block.text[max(start - AROUND, 0) : start],
            after=block.text[end : end + AROUND], message=f"{code}:{mark.variant}" if mark.variant else code,
            suggestion=mark.suggestion, told=mark.told, blocking=state == State.BLOCK,
        )))  # fmt: skip
    kept.sort(key=lambda one: one[:2])
    return [finding for _, _, finding in kept]
