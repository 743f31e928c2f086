"""Punctuation and spaces of Chinese text, by GB/T 15834 and clreq."""

import re
from collections.abc import Iterator

from articles.language.late import late
from articles.language.style import bylines
from articles.language.style.text import HAN, HEADS, Block, Mark, Text

_STOPS = "，。、；：？！"
_BEFORE = f"[{HAN}」』）》〉】〕”…]"  # what a half-width mark can follow only by mistake
_AFTER = f"[{HAN}「『（《〈【〔“]"
_WIDE = str.maketrans(",.;:?!()", "，。；：？！（）")

_MARKS = late(r" *([,;:?!]+) *")
_POINT = late(rf"(?<={_BEFORE}) *(\.) *(?=$|\n|{_AFTER}|[」』）”])")
_BRACKETS = late(r"\(([^()\n]{0,200})\)")
_LATIN_END = late(r"[A-Za-z0-9.] ?$")
_IS_HAN = late(f"[{HAN}]")
_IS_BEFORE, _IS_AFTER = late(_BEFORE), late(_AFTER)


def half_width(block: Block) -> Iterator[Mark]:
    """A half-width mark beside Han: in numbers, hours and Latin words they are right."""
    seen = block.seen
    for found in _MARKS.finditer(seen):
        before, after = seen[found.start() - 1 : found.start()], seen[found.end() : found.end() + 1]
        if _IS_BEFORE.match(before) or _IS_AFTER.match(after):
            yield Mark(block, found.start(), found.end(), found[1].translate(_WIDE))
    for found in _POINT.finditer(seen):
        if seen[found.end(1) : found.end(1) + 1] != ".":
            yield Mark(block, found.start(), found.end(), "。")
    for found in _BRACKETS.finditer(seen):
        before, after = seen[found.start() - 1 : found.start()], seen[found.end() : found.end() + 1]
        around = _IS_BEFORE.match(before) or _IS_HAN.match(after)
        if _IS_HAN.search(found[1]) or (
            around and not _LATIN_END.search(seen[max(found.start() - 3, 0) : found.start()])
        ):
            yield Mark(block, found.start(), found.start() + 1, "（")
            yield Mark(block, found.end() - 1, found.end(), "）")


_REPEATED = late(r"([，、；：])[，、；：]*\1|。。(?!。)|[？！]{4,}|[，、；：]+。|。[，、；：]+|([，、；：])[，、；：]+")


def repeated(block: Block) -> Iterator[Mark]:
    """Marks that cannot stand side by side. ？ and ！ may: GB/T 15834 lets up to three stand."""
    for found in _REPEATED.finditer(block.seen):
        signs = found[0]
        if set(signs) <= set("？！"):
            yield Mark(block, *found.span(), signs[:3])
        elif "。" in signs:
            yield Mark(block, *found.span(), "。")
        else:
            yield Mark(block, *found.span(), signs[0] if len(set(signs)) == 1 else None)


_DOTS = late(
    rf"(?:(?<={_BEFORE})|(?<=[{_STOPS}])|^) ?(\.{{2,}}|。{{3,}}|·{{3,}}|・{{3,}}) ?|…+|⋯+|\.{{3,}}(?= ?{_AFTER})", re.M
)


def ellipsis(block: Block) -> Iterator[Mark]:
    """…… is six points in the room of two characters; twelve stand for a whole line left out."""
    if not _IS_HAN.search(block.seen):
        return
    for found in _DOTS.finditer(block.seen):
        if found[0] not in {"……", "⋯⋯", "…………", "⋯⋯⋯⋯"}:
            yield Mark(block, *found.span(), "……")


_STROKES = late(
    rf"(?<=[{HAN}{_STOPS}」』”）]) *(?:[-－―ー–]{{2,}}|—{{3,}}) *|^(?:-{{2,}}|—{{3,}})(?=[{HAN}])",
    re.M,
)


def dash(block: Block) -> Iterator[Mark]:
    """—— is one stroke in the room of two characters. A single — joins two places or hours, and is left alone."""
    for found in _STROKES.finditer(block.seen):
        yield Mark(block, *found.span(), "——")


_END = late(r"[，。、；：,.;:]+ *$")


def final_mark(block: Block) -> Iterator[Mark]:
    """A headline or subhead ends without a mark; ？ ！ …… may stand."""
    if block.kind in HEADS and (found := _END.search(block.seen)) and not found[0].startswith(".."):
        yield Mark(block, *found.span(), "")


_RUNNING = {"p", "li", "blockquote", "standfirst"}  # elsewhere a space may part two clauses or two columns
_TYPED = late(rf"(?<=[{HAN}])[ \u00a0]+(?=[A-Za-z0-9])|(?<=[A-Za-z0-9%°])[ \u00a0]+(?=[{HAN}])")
_GLUED = late(rf"(?<=[{HAN}])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9%°])(?=[{HAN}])")
_BETWEEN = late(rf"(?<=[{HAN}])[ \u3000\u00a0]+(?=[{HAN}])")
_BESIDE = late(
    rf"(?<=[{_STOPS}」』）》〉”])[ \u00a0]+(?=\S)|(?<=\S)[ \u00a0]+(?=[{_STOPS}」』）》〉”])"
    r"|(?<=[「『（《〈“])[ \u00a0]+"
)
_ACCOUNT = late(r"[@＠][^\s@＠]{1,20}$")  # a space ends its name
_WITHIN = late(
    rf"(?<=[，。、；：])[ \u00a0]+(?=\S)|(?<=\S)[ \u00a0]+(?=[{_STOPS}」』）》〉”])|(?<=[「『（《〈“])[ \u00a0]+"
)


def typed_space(block: Block) -> Iterator[Mark]:
    """The room between Han and Latin is the page's, not a character: search and differences stay clean without."""
    if block.kind in _RUNNING:
        yield from _spaces(block, _TYPED)


def missing_space(block: Block) -> Iterator[Mark]:
    """For a desk that wants it typed all the same. The mark covers the two that touch."""
    for found in _GLUED.finditer(block.seen):
        at = found.start()
        yield Mark(block, at - 1, at + 1, f"{block.text[at - 1]} {block.text[at]}")


def space_in_han(block: Block) -> Iterator[Mark]:
    """In headlines a space parts two clauses, in captions and cells it may part columns, and in bylines it parts names:
    there it is left alone."""
    if block.kind in _RUNNING:
        yield from _spaces(block, _BETWEEN)
        yield from _spaces(block, _BESIDE)
    else:
        yield from _spaces(block, _WITHIN)


def _spaces(block: Block, expression: re.Pattern[str]) -> Iterator[Mark]:
    found = [one.span() for one in expression.finditer(block.seen)]
    parting = bylines.spaces(block.seen) if found else set()
    for start, end in found:
        if start not in parting and not _ACCOUNT.search(block.seen, max(start - 24, 0), start):
            yield Mark(block, start, end, "")


_LISTED = late(
    r"、(?=等(?:$|[，。；：！？…）」』”\n]|地(?![铁鐵])|[国國](?![庆慶])|[省县縣](?![钱錢长長])|市(?![民场場长長])|[处處](?![理长長])"
    r"|人(?![来來到、])|部[门門]|[单單]位|方面|[问問][题題]|[领領]域|[机機][构構]|多[个個位名家国國省市县縣地所项項种種]"
    r"|[0-9一二三四五六七八九十百两兩几幾数數]+[余餘多]?[个個位名家国國省市县縣地人所项項种種类類]))"
)
_BETWEEN_PAIRS = late(r"(?<=[》〉])、(?=[《〈])|(?<=[」”])、(?=[「“])")


def comma_before_and_so_on(block: Block) -> Iterator[Mark]:
    for found in _LISTED.finditer(block.seen):
        yield Mark(block, *found.span(), "")


_DOT = late(rf"(?<=[{HAN}0-9])[‧・•･∙⋅](?=[{HAN}0-9])")


def middle_dots(text: Text) -> Iterator[Mark]:
    """Within a name stands ·. Taiwan's own sign ‧ may stand where a Traditional story has no other."""
    found = [(block, one) for block in text.blocks for one in _DOT.finditer(block.seen)]
    other = any(one[0] != "‧" for _, one in found) or any("·" in block.seen for block in text.blocks)
    if text.language.startswith("zh-Hant") and not other:
        return
    for block, one in found:
        yield Mark(block, *one.span(), "·")


def comma_between_pairs(block: Block) -> Iterator[Mark]:
    """GB/T 15834, 4.5.3.5: between titles or quotations that stand side by side there is mostly none."""
    for found in _BETWEEN_PAIRS.finditer(block.seen):
        yield Mark(block, *found.span(), "")
