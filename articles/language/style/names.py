"""The desk's own: names that are written one way, and rules of its own."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from articles.language.style.text import HIDDEN, Block, Mark, Text

GAP = 12  # characters that a * may stand for
MAX_GAPS = 2  # in one pattern
MAX_PATTERN = 200  # characters


@dataclass(frozen=True)
class Name:
    """A name as it is written, the forms that are wrong, and why."""

    right: str
    wrong: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class OwnRule:
    """What a desk does not want to read: plain words, in which * stands for up to GAP characters of one line.

    In `replacement` each * puts back what the pattern's one stood for; None where there is none to offer.
    """

    key: str
    pattern: str
    replacement: str | None = None
    explanation: str = ""


def pattern_fault(pattern: str) -> str:
    """What is wrong with a pattern: "empty", "edge", "gaps", "long", or nothing."""
    parts = pattern.split("*")
    if len(pattern) > MAX_PATTERN:
        return "long"
    if not pattern.replace("*", "").strip():
        return "empty"
    if not parts[0] or not parts[-1] or not all(parts):
        return "edge"
    return "gaps" if len(parts) - 1 > MAX_GAPS else ""


@lru_cache(maxsize=64)
def _forms(glossary: tuple[Name, ...]) -> tuple[re.Pattern[str] | None, dict[str, Name], dict[str, list[str]]]:
    """One expression for all wrong forms, the longest first, whose they are, and the right names that hold each."""
    owner: dict[str, Name] = {}
    for name in glossary:
        for form in name.wrong:
            if form.strip() and form != name.right:
                owner.setdefault(form, name)
    forms = sorted(owner, key=len, reverse=True)
    rights = {name.right for name in glossary}
    inside = {form: [right for right in rights if form in right] for form in forms}
    return re.compile("|".join(map(_whole, forms))) if forms else None, owner, inside


def _whole(form: str) -> str:
    """A Latin word is not sought inside another one."""
    before = r"(?<![A-Za-z0-9])" if re.match(r"[A-Za-z0-9]", form) else ""
    after = r"(?![A-Za-z0-9])" if re.search(r"[A-Za-z0-9]$", form) else ""
    return before + re.escape(form) + after


def wrong_names(text: Text, glossary: tuple[Name, ...]) -> Iterator[Mark]:
    expression, owner, inside = _forms(glossary)
    if not expression:
        return
    for block in text.blocks:
        for found in expression.finditer(block.seen):
            if not any(_stands_in(block.seen, right, found.start(), found.end()) for right in inside[found[0]]):
                name = owner[found[0]]
                yield Mark(block, *found.span(), name.right, told=name.note)


def _stands_in(text: str, right: str, start: int, end: int) -> bool:
    """Whether this place is part of a name that is written right."""
    at = text.find(right, max(end - len(right), 0), start + len(right))
    return 0 <= at <= start and end <= at + len(right)


def with_names_hidden(text: Text, glossary: tuple[Name, ...]) -> Text:
    """Without the names that are written right: of them no other rule has anything to say."""
    rights = sorted({name.right for name in glossary if name.right.strip()}, key=len, reverse=True)
    if not rights:
        return text
    expression = _any_of(tuple(rights))

    def hide(block: Block) -> Block:
        seen = expression.sub(lambda found: HIDDEN * len(found[0]), block.seen)
        return Block(block.field, block.number, block.kind, block.text, seen)

    return Text(text.language, tuple(hide(block) for block in text.blocks))


@lru_cache(maxsize=64)
def _any_of(names: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, names)))


def own(text: Text, rule: OwnRule) -> Iterator[Mark]:
    """Where the pattern stands: each part is the first one behind the part before, so that no pattern makes it slow."""
    if pattern_fault(rule.pattern):
        return
    first, *rest = rule.pattern.split("*")
    for block in text.blocks:
        start = block.seen.find(first)
        while start >= 0:
            at, kept = start + len(first), list[str]()
            for part in rest:
                place = block.seen.find(part, at, at + GAP + len(part))
                if place < 0 or "\n" in block.seen[at:place]:
                    break
                kept.append(block.text[at:place])
                at = place + len(part)
            if len(kept) == len(rest):
                yield Mark(block, start, at, _put_back(rule.replacement, kept), told=rule.explanation)
                start = block.seen.find(first, at)
            else:
                start = block.seen.find(first, start + 1)


def _put_back(replacement: str | None, kept: Sequence[str]) -> str | None:
    if replacement is None:
        return None
    parts = replacement.split("*")
    given = [*kept, *[""] * len(parts)]
    return parts[0] + "".join(words + part for words, part in zip(given, parts[1:], strict=False))
