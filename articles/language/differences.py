"""What differs between two texts, told so that a reader sees it: by character, Tibetan syllable or word.

The longest common subsequence comes from bit-parallel arithmetic on Python's own integers (Hyyrö 2004): exact, the same
on every machine, and thousands of words against thousands in milliseconds. LIMIT bounds it; what is larger is shown as
wholly replaced.
"""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice, pairwise, zip_longest
from typing import NamedTuple

from articles.language.blocks import Document, Figure, Ink, Item, Word, tokens

LIMIT = 1 << 27  # old words × new words in one comparison; as many bits are held
WORDS = 160_000  # words, old and new, told apart in one comparison of HTML
PAIRS = 20_000  # blocks held against blocks for likeness, in one comparison of HTML
SAMPLE = 200  # words by which a block is known
DEPTH = 40  # blocks in blocks that are looked into
LIKE = 0.4  # blocks at least so like are one block that changed
MAX_TAGS = 2_000_000  # characters of inline tags that marks may repeat

_SENTENCE_ENDS = set("。！？!?.།\n")
# Told apart by what they hold, however little that is alike.
_HOLDERS = {"", "ul", "ol", "table", "thead", "tbody", "blockquote", "figure", "figcaption"}
_CELLS = {"td", "th"}


@dataclass(frozen=True)
class Piece:
    kind: str  # "same", "old" or "new"
    text: str


class Same(NamedTuple):
    old: int
    new: int
    length: int


def matching(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Same]:
    """The stretches of a longest common subsequence, in order."""
    first, shorter = 0, min(len(old), len(new))
    while first < shorter and old[first] == new[first]:
        first += 1
    last = 0
    while last < shorter - first and old[-1 - last] == new[-1 - last]:
        last += 1
    found = [
        Same(first + i, first + j, 1) for i, j in _common(old[first : len(old) - last], new[first : len(new) - last])
    ]
    joined: list[Same] = []
    for same in [Same(0, 0, first), *found, Same(len(old) - last, len(new) - last, last)]:
        before = joined[-1] if joined else Same(0, 0, 0)
        if joined and (before.old + before.length, before.new + before.length) == same[:2]:
            joined[-1] = before._replace(length=before.length + same.length)
        elif same.length:
            joined.append(same)
    return joined


def _common(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    if not old or not new or len(old) * len(new) > LIMIT:
        return []
    places: dict[Hashable, int] = dict.fromkeys(old, 0)
    for place, word in enumerate(new):
        if word in places:
            places[word] |= 1 << place
    row = every = (1 << len(new)) - 1
    rows: list[int] = []  # in row i, bit j is 0 where new[j] makes the common subsequence with old[: i + 1] longer
    for word in old:
        met = row & places[word]
        row = ((row + met) | (row - met)) & every
        rows.append(row)
    found: list[tuple[int, int]] = []
    i, j = len(old) - 1, len(new) - 1
    while i >= 0 and j >= 0:
        if old[i] == new[j]:
            found.append((i, j))
            i, j = i - 1, j - 1
        elif rows[i] >> j & 1:
            j -= 1
        else:
            i -= 1
    return found[::-1]


def aligned(old: Sequence[Word], new: Sequence[Word]) -> list[Same]:
    """What stays between two texts, so that the changes between read well; the last may be empty."""
    end = Same(len(old), len(new), 0)
    kept = _slid(old, new, [*matching(old, new), end])
    before, after = _sizes(old), _sizes(new)
    for _ in range(8):
        tidied = _tidied(before, after, kept)
        if len(tidied) == len(kept):
            break
        kept = tidied
    stays = sum(after[same.new + same.length] - after[same.new] for same in kept)
    little = min(before[-1], after[-1])
    return [end] if little >= 12 and stays * 4 < little else kept


def _sizes(words: Sequence[Word]) -> list[int]:
    return [0, *accumulate(len(word.text) for word in words)]


def _slid(old: Sequence[Word], new: Sequence[Word], kept: list[Same]) -> list[Same]:
    """What was only added or only taken out often fits in several places: let it begin where a sentence begins."""
    kept = [Same(0, 0, 0), *kept]
    for number in range(len(kept) - 1):
        left, right = kept[number], kept[number + 1]
        gone, come = right.old - left.old - left.length, right.new - left.new - left.length
        if (gone == 0) == (come == 0):
            continue
        words, start, end = (new, right.new - come, right.new) if come else (old, right.old - gone, right.old)
        back, ahead = 0, 0
        while back < min(left.length, 60) and words[start - back - 1] == words[end - back - 1]:
            back += 1
        while ahead < min(right.length, 60) and words[start + ahead] == words[end + ahead]:
            ahead += 1
        move = max(range(-back, ahead + 1), key=lambda by: (_opens(words, start + by), -abs(by)))
        kept[number] = left._replace(length=left.length + move)
        kept[number + 1] = Same(right.old + move, right.new + move, right.length - move)
    return [same for same in kept[:-1] if same.length] + kept[-1:]


def _opens(words: Sequence[Word], place: int) -> int:
    before = words[place - 1].text if place else "\n"
    return 3 if before in _SENTENCE_ENDS else 0 if before[-1].isalnum() else 1 if before.isspace() else 2


def _tidied(before: list[int], after: list[int], kept: list[Same]) -> list[Same]:
    """Without words that two changes have in common by chance: few, and little beside what changes around them.
    A change of one character stays by itself."""
    tidied: list[Same] = []
    old = new = 0
    for same, following in pairwise(kept):
        ends = Same(same.old + same.length, same.new + same.length, 0)
        left = max(before[same.old] - before[old], after[same.new] - after[new])
        right = max(before[following.old] - before[ends.old], after[following.new] - after[ends.new])
        size = after[ends.new] - after[same.new]
        if same.length > 3 or min(left, right) < 2 or left + right < 4 * size + 4:
            tidied.append(same)
            old, new = ends.old, ends.new
    return [*tidied, kept[-1]]


def _changes(old: Sequence[Word], new: Sequence[Word]) -> Iterator[tuple[slice, slice, slice]]:
    """In turn: what is old, what is new in its place, and (by its place in the new) what follows and stays."""
    i = j = 0
    for same in aligned(old, new):
        yield slice(i, same.old), slice(j, same.new), slice(same.new, same.new + same.length)
        i, j = same.old + same.length, same.new + same.length


def compare(old: str, new: str) -> list[Piece]:
    """The two texts as one: the same and the old together are `old`, the same and the new together are `new`."""
    was, now = tokens(old), tokens(new)
    pieces = [
        Piece(kind, "".join(words[part]))
        for parts in _changes([Word(word) for word in was], [Word(word) for word in now])
        for kind, words, part in zip(("old", "new", "same"), (was, now, now), parts, strict=True)
    ]
    return [piece for piece in pieces if piece.text]


def compare_html(old: str, new: str, *, removed: str = "", added: str = "", figure: Figure | None = None) -> str:
    """The new of two clean HTML texts with all that changed marked in it: words as <del class="was"> and <ins
    class="now">, whole blocks with the class block-old or block-new, figures in a <div> figure-old or figure-new.

    Each mark begins with the word `removed` or `added` where given; `figure(key, caption, credit)` writes figures."""
    return "".join(html for _, html in _Comparison(old, new, Ink(removed, added, figure)).blocks())


def changed_blocks(
    old: str, new: str, *, removed: str = "", added: str = "", figure: Figure | None = None, context: int = 0
) -> str:
    """As `compare_html`, but only the blocks that changed, with `context` others around them; "…" for what is left
    out. Empty when nothing changed."""
    blocks = _Comparison(old, new, Ink(removed, added, figure)).blocks()
    changed = [number for number, (is_changed, _) in enumerate(blocks) if is_changed]
    shown = {near for number in changed for near in range(number - context, number + context + 1)}
    written: list[str] = []
    for number, (_, html) in enumerate(blocks):
        if number in shown:
            written.append(html)
        elif changed and (number == 0 or number - 1 in shown):
            written.append('<p class="gap">…</p>')
    return "".join(written)


def paired_blocks(old: str, new: str) -> list[tuple[str | None, str | None]]:
    """The blocks of two clean HTML texts, in order: one that stayed or changed beside what it became, one that was
    taken out or put in alone."""
    comparison = _Comparison(old, new, Ink())
    pairs = comparison._paired(Item("", 0, len(comparison.old.pieces)), Item("", 0, len(comparison.new.pieces)))
    return [(a and comparison.old.source(a), b and comparison.new.source(b)) for a, b in pairs]


def _crossed(gaps: Sequence[tuple[slice, slice]]) -> tuple[int, int] | None:
    """The first and last gap with more old than new or more new than old, where there are both kinds."""
    more = [(gone.stop - gone.start) - (come.stop - come.start) for gone, come in gaps]
    uneven = [place for place, by in enumerate(more) if by]
    return (uneven[0], uneven[-1]) if min(more) < 0 < max(more) else None


class _Comparison:
    def __init__(self, old: str, new: str, ink: Ink) -> None:
        self.old, self.new, self.ink = Document.read(old), Document.read(new), ink
        self.pairs_left, self.words_left = PAIRS, WORDS

    def blocks(self) -> list[tuple[bool, str]]:
        """What stands side by side in both, in order, and whether it changed."""
        whole = Item("", 0, len(self.old.pieces)), Item("", 0, len(self.new.pieces))
        return [self._pair(*pair, depth=0) for pair in self._paired(*whole)]

    def _differ(self, old: Item, new: Item) -> bool:
        return self.old.source(old) != self.new.source(new)

    def _pair(self, old: Item | None, new: Item | None, depth: int) -> tuple[bool, str]:
        """Whether there is a change, and both as one."""
        if old and new and not self._differ(old, new):
            return False, self.ink.item(self.new, new, "same")
        if not old or not new or depth > DEPTH:
            was, now = old and self.ink.item(self.old, old, "old"), new and self.ink.item(self.new, new, "new")
            return True, (was or "") + (now or "")
        if not new.name:
            return True, self._run(old, new)
        start = self.new.pieces[new.start]
        within = old._replace(start=old.start + 1, end=old.end - 1), new._replace(start=new.start + 1, end=new.end - 1)
        kind = "same" if start == self.old.pieces[old.start] else "new"  # only a cell can be another here
        pairs = self._paired(*within) if kind == "same" else self._apart(*within)
        inside = "".join(self._pair(*pair, depth=depth + 1)[1] for pair in pairs)
        if new.name == "figure":
            return True, self.ink.show_figure(start, inside, kind)
        return True, f"{self.ink.tag(start, kind)}{inside}</{new.name}>"

    def _run(self, old: Item, new: Item) -> str:
        was, now = list(self.old.words(old)), list(self.new.words(new))
        changes = [(slice(None), slice(None), slice(0))]
        if len(was) + len(now) <= self.words_left:
            self.words_left -= len(was) + len(now)
            told = list(_changes([word.key() for word in was], [word.key() for word in now]))
            if len(told) * max((sum(map(len, word.tags)) for word in was + now), default=0) <= MAX_TAGS:
                changes = told
        tags_then, tags_now = ({tag for word in words for tag in word.tags} for words in (was, now))
        written: list[str] = []
        for gone, come, stays in changes:
            written.append(self.ink.words(was[gone], "old", known=tags_now))
            written.append(self.ink.words(now[come], "new", known=tags_then))
            written.append(self.ink.words(now[stays], "same"))
        return "".join(written)

    def _apart(self, old: Item, new: Item) -> list[tuple[Item | None, Item | None]]:
        return [(item, None) for item in self.old.items(old.start, old.end)] + [
            (None, item) for item in self.new.items(new.start, new.end)
        ]

    def _paired(self, old: Item, new: Item) -> list[tuple[Item | None, Item | None]]:
        """The items of both, in the order of a page that holds both: what is the same or alike side by side."""
        olds, news = self.old.items(old.start, old.end), self.new.items(new.start, new.end)
        same = matching([self.old.source(item) for item in olds], [self.new.source(item) for item in news])
        gaps: list[tuple[slice, slice]] = []  # between what stayed
        i = j = 0
        for i_next, j_next, length in [*same, Same(len(olds), len(news), 0)]:
            gaps.append((slice(i, i_next), slice(j, j_next)))
            i, j = i_next + length, j_next + length
        if (first_last := _crossed(gaps)) and not all(item.name in _CELLS for item in olds + news):
            # What stayed parts what changed from what it became: as when a paragraph was moved over edited ones.
            first, last = first_last
            part = slice(gaps[first][0].start, gaps[last][0].stop), slice(gaps[first][1].start, gaps[last][1].stop)
            if (part[0].stop - part[0].start) * (part[1].stop - part[1].start) <= self.pairs_left:
                gaps[first : last + 1] = [part]
        pairs: list[tuple[Item | None, Item | None]] = []
        i = j = 0
        for gone, come in gaps:
            pairs += zip(olds[i : gone.start], news[j : come.start], strict=True)
            pairs += self._alike(olds[gone], news[come])
            i, j = gone.stop, come.stop
        return pairs

    def _alike(self, olds: list[Item], news: list[Item]) -> Iterator[tuple[Item | None, Item | None]]:
        """Items paired so that the pairs are as like as can be, in order."""
        cells = all(item.name in _CELLS for item in olds + news)
        if cells or len(olds) * len(news) > self.pairs_left:  # known by their place, then
            for old, new in zip_longest(olds, news):
                if old and new and (old.name == new.name if cells else self._like(old, new)):
                    yield old, new
                else:
                    yield from [(item, None) for item in (old,) if item]
                    yield from [(None, item) for item in (new,) if item]
            return
        self.pairs_left -= len(olds) * len(news)
        known, met = [self._traits(self.old, item) for item in olds], [self._traits(self.new, item) for item in news]
        likeness = [
            [self._likeness(*a, *b) for b in zip(news, met, strict=True)] for a in zip(olds, known, strict=True)
        ]
        best = [[0.0] * (len(news) + 1) for _ in range(len(olds) + 1)]  # from here to the end
        for i in reversed(range(len(olds))):
            for j in reversed(range(len(news))):
                best[i][j] = max(best[i + 1][j], best[i][j + 1], likeness[i][j] + best[i + 1][j + 1])
        i = j = 0
        while i < len(olds) or j < len(news):
            if i < len(olds) and j < len(news) and likeness[i][j] and best[i][j] == likeness[i][j] + best[i + 1][j + 1]:
                yield olds[i], news[j]
                i, j = i + 1, j + 1
            elif j == len(news) or (i < len(olds) and best[i + 1][j] >= best[i][j + 1]):
                yield olds[i], None
                i += 1
            else:
                yield None, news[j]
                j += 1

    def _traits(self, document: Document, item: Item) -> set[tuple[str, ...]]:
        """By what a block is known again: its words and pairs of words."""
        first = item._replace(end=min(item.end, item.start + 4 * SAMPLE))
        words = [word.text for word in islice(document.words(first, 8 * SAMPLE), SAMPLE) if not word.text.isspace()]
        return {(word,) for word in words} | set(pairwise(words))

    def _like(self, old: Item, new: Item) -> bool:
        return self._likeness(old, self._traits(self.old, old), new, self._traits(self.new, new)) > 0

    def _likeness(self, old: Item, known: set[tuple[str, ...]], new: Item, met: set[tuple[str, ...]]) -> float:
        """From 0 (cannot be one block that changed) to 1."""
        if old.name != new.name or (old.name and self.old.pieces[old.start] != self.new.pieces[new.start]):
            return 0
        if known == met and not self._differ(old, new):
            return 1
        shared, fewer = len(known & met), min(len(known), len(met))
        like = max(2 * shared / (len(known) + len(met) or 1), 0.8 * shared / fewer if fewer >= 12 else 0)
        return max(like, 0.05) if new.name in _HOLDERS else like if like >= LIKE else 0
