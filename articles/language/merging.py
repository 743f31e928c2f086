"""Two people's changes to one text made into one: what only one of them changed is taken over, and where both changed
the same place, both stand in the result and the place is told, so that somebody chooses.

Lines are merged by character, Tibetan syllable or word; bodies by block, and within a block like lines. Nothing that
either side wrote is ever dropped: it stands in the result, or in a conflict.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from articles.language.blocks import Document, Ink, Item, Word, tokens
from articles.language.differences import LIMIT, aligned, paired_blocks

BOTH, MINE, THEIRS = "both", "mine", "theirs"
PICKS = (MINE, THEIRS, BOTH)
AROUND = 12  # characters shown on either side of a conflict
DEPTH = 12  # blocks in blocks that are looked into
WHOLE = {"table", "figure"}  # merged by rows and cells they could fall apart

Thing = TypeVar("Thing", bound=Hashable)


@dataclass(frozen=True)
class Conflict:
    """A place that both sides changed. Of a line: text; of a body: clean HTML. Empty where one side took it out."""

    base: str
    mine: str
    theirs: str
    before: str = ""  # what stands around it, as text
    after: str = ""


@dataclass(frozen=True)
class Merged:
    text: str
    conflicts: Sequence[Conflict] = ()


@dataclass
class _Choices:
    """What was picked for each conflict, in order; without a pick both sides stand, mine first."""

    picks: Sequence[str]
    found: list[Conflict] = field(default_factory=list)

    def pick(self, conflict: Conflict) -> str:
        place = len(self.found)
        self.found.append(conflict)
        chosen = self.picks[place] if place < len(self.picks) else BOTH
        return chosen if chosen in PICKS else BOTH


def merge_line(base: str, mine: str, theirs: str, picks: Sequence[str] = ()) -> Merged:
    """Three texts of one line. picks: "mine", "theirs" or "both" for each conflict, in their order."""
    if (easy := _easy(base, mine, theirs)) is not None:
        return Merged(easy)
    choices = _Choices(picks)
    words = _merge_words([[Word(one) for one in tokens(text)] for text in (base, mine, theirs)], choices, _plain)
    return Merged(_plain(words), choices.found)


def merge_body(base: str, mine: str, theirs: str, picks: Sequence[str] = ()) -> Merged:
    """Three bodies in clean HTML."""
    if (easy := _easy(base, mine, theirs)) is not None:
        return Merged(easy)
    choices = _Choices(picks)
    return Merged(_merge_blocks([base, mine, theirs], choices, 0), choices.found)


def merge_list(base: Sequence[Thing], mine: Sequence[Thing], theirs: Sequence[Thing]) -> list[Thing]:
    """Things each of which is there or not (tags, credits): what either side added is in, what either took out is
    not. The order is that of whoever changed it, mine where both did."""
    if list(theirs) == list(base):
        return list(mine)
    if list(mine) == list(base):
        return list(theirs)
    gone = (set(base) - set(mine)) | (set(base) - set(theirs))
    return [one for one in dict.fromkeys([*mine, *theirs]) if one not in gone]


def _easy(base: str, mine: str, theirs: str) -> str | None:
    if mine == theirs or theirs == base:
        return mine
    return theirs if mine == base else None


# --- Words ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Hunk:
    """Base words start:end became these words."""

    start: int
    end: int
    words: tuple[Word, ...]


def _hunks(base: list[Word], side: list[Word]) -> list[_Hunk]:
    i = j = 0
    found = []
    for same in aligned([word.key() for word in base], [word.key() for word in side]):
        if same.old > i or same.new > j:
            found.append(_Hunk(i, same.old, tuple(side[j : same.new])))
        i, j = same.old + same.length, same.new + same.length
    return found


def _merge_words(texts: Sequence[list[Word]], choices: _Choices, write: Callable[[list[Word]], str]) -> list[Word]:
    """texts: base, mine, theirs. write: how a conflict writes words."""
    base, mine, theirs = texts
    sides = [_hunks(base, mine), _hunks(base, theirs)]
    every = sorted(
        ((hunk, side) for side, hunks in enumerate(sides) for hunk in hunks), key=lambda one: (one[0].start, one[0].end)
    )
    written: list[Word] = []
    place = at = 0
    while at < len(every):
        start, end = every[at][0].start, every[at][0].end
        group = [every[at]]
        at += 1
        while at < len(every) and every[at][0].start <= end:  # they overlap, or touch
            end = max(end, every[at][0].end)
            group.append(every[at])
            at += 1
        written += base[place:start]
        place = end
        told = [_said(base, start, end, [hunk for hunk, side in group if side == which]) for which in (0, 1)]
        touched = {side for _, side in group}
        if len(touched) == 1 or told[0] == told[1]:
            written += told[min(touched)]
            continue
        conflict = Conflict(
            base=write(base[start:end]), mine=write(told[0]), theirs=write(told[1]),
            before=_plain(base[:start])[-AROUND:], after=_plain(base[end:])[:AROUND],
        )  # fmt: skip
        chosen = choices.pick(conflict)
        written += {MINE: told[0], THEIRS: told[1], BOTH: [*told[0], *told[1]]}[chosen]
    return written + base[place:]


def _said(base: list[Word], start: int, end: int, hunks: list[_Hunk]) -> list[Word]:
    """What one side says in the place of base words start:end."""
    said: list[Word] = []
    for hunk in hunks:
        said += [*base[start : hunk.start], *hunk.words]
        start = hunk.end
    return said + base[start:end]


def _plain(words: list[Word]) -> str:
    return "".join(word.text for word in words)


# --- Blocks ---------------------------------------------------------------------------------------------------------


@dataclass
class _Side:
    """What became of each block of the base (None: taken out), and what was put in before each, and at the end."""

    became: list[str | None]
    before: list[list[str]]


def _side(blocks: list[str], base: str, side: str) -> _Side:
    read = _Side([], [[]])
    for old, new in paired_blocks(base, side):
        if old is None and new is not None:
            read.before[-1].append(new)
        else:
            read.became.append(new)
            read.before.append([])
    assert len(read.became) == len(blocks)
    return read


def _merge_blocks(texts: Sequence[str], choices: _Choices, depth: int) -> str:
    base, mine, theirs = texts
    blocks = _blocks(base)
    ours, others = _side(blocks, base, mine), _side(blocks, base, theirs)
    written: list[str] = []
    for place in range(len(blocks) + 1):
        written.append(_put_in("".join(ours.before[place]), "".join(others.before[place]), choices))
        if place < len(blocks):
            written.append(_block(blocks[place], ours.became[place], others.became[place], choices, depth))
    return "".join(written)


def _blocks(html: str) -> list[str]:
    document = Document.read(html)
    return [document.source(item) for item in document.items(0, len(document.pieces))]


def _put_in(mine: str, theirs: str, choices: _Choices) -> str:
    """Both put something in at one place."""
    if not mine or not theirs or mine == theirs:
        return mine or theirs
    return _choose(Conflict("", mine, theirs), choices)


def _choose(conflict: Conflict, choices: _Choices) -> str:
    chosen = choices.pick(conflict)
    return {MINE: conflict.mine, THEIRS: conflict.theirs, BOTH: conflict.mine + conflict.theirs}[chosen]


def _block(base: str, mine: str | None, theirs: str | None, choices: _Choices, depth: int) -> str:
    if mine == theirs or theirs == base:
        return mine or ""
    if mine == base:
        return theirs or ""
    if mine and theirs and (inside := _inside(base, mine, theirs, choices, depth)) is not None:
        return inside
    return _choose(Conflict(base, mine or "", theirs or ""), choices)


def _inside(base: str, mine: str, theirs: str, choices: _Choices, depth: int) -> str | None:
    """Three states of one block merged within it; None where it can only be taken as a whole."""
    documents = [Document.read(html) for html in (base, mine, theirs)]
    items = [document.items(0, len(document.pieces)) for document in documents]
    if any(len(one) != 1 for one in items):
        return None
    (item,) = items[0]
    start = documents[0].pieces[item.start] if item.name else ""
    for document, (other,) in zip(documents, items, strict=True):
        if other.name != item.name or (item.name and document.pieces[other.start] != start):
            return None
    if item.name in WHOLE:
        return None
    end = f"</{item.name}>" if item.name else ""
    inner = [_within(document, one[0]) for document, one in zip(documents, items, strict=True)]
    if any(document.parting[part.start] for document, part in zip(documents, inner, strict=True)
           if part.start < part.end):  # fmt: skip
        if depth >= DEPTH:
            return None
        within = [document.source(part) for document, part in zip(documents, inner, strict=True)]
        return start + _merge_blocks(within, choices, depth + 1) + end
    words = [list(document.words(part)) for document, part in zip(documents, inner, strict=True)]
    if len(words[0]) * max(len(words[1]), len(words[2])) > LIMIT:
        return None
    ink = Ink()
    merged = _merge_words(words, choices, lambda run: ink.words(run, "same"))
    return f"{start}{ink.words(merged, 'same')}{end}"


def _within(document: Document, item: Item) -> Item:
    return item if not item.name else item._replace(name="", start=item.start + 1, end=item.end - 1)
