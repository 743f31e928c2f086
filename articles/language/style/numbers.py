"""Numbers and dates of Chinese text, by GB/T 15835: one form throughout."""

import re
from collections.abc import Iterator
from itertools import chain

from articles.language.style.text import HAN, Block, Mark, Text

_DIGITS = "〇一二三四五六七八九"
_TO_HAN = str.maketrans("0123456789", _DIGITS)
_TO_DIGIT = str.maketrans(_DIGITS + "零○", "0123456789" + "00")

_HAN_YEAR = re.compile(rf"(?<![{_DIGITS}零○十百千萬万])[一二][{_DIGITS}零○]{{3}}(?=年)")
_YEAR = re.compile(r"(?<![0-9.,])[12][0-9]{3}(?=年)")
_WRONG_ZERO = re.compile(r"[零○]")


def years(text: Text) -> Iterator[Mark]:
    """Years in both forms in one story: those of the rarer form; where both are as many, those in Han."""
    han = [(block, found) for block in text.blocks for found in _HAN_YEAR.finditer(block.seen)]
    plain = [(block, found) for block in text.blocks for found in _YEAR.finditer(block.seen)]
    if han and plain:
        rarer, table = (han, _TO_DIGIT) if len(han) <= len(plain) else (plain, _TO_HAN)
        for block, found in rarer:
            yield Mark(block, *found.span(), found[0].translate(table), "mixed")
        if rarer is han:
            return
    for block, found in han:  # the zero of a number that is read digit by digit
        for zero in _WRONG_ZERO.finditer(block.seen, *found.span()):
            yield Mark(block, *zero.span(), "〇", "zero")


_MONTHS = "正一二三四五六七八九十"
_MIXED_DATE = re.compile(
    r"(?<![0-9])(?P<whole>[0-9]{4}年(?P<month>十[一二]?|[一二三四五六七八九])月(?:(?P<day>[一二三]?十[一-九]?|[一二三四五六七八九])日)?"
    r"|[0-9]{1,2}月(?P<only>[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])日)"
)
_LUNAR = re.compile(r"[農农藏夏]曆?历?$|[農农藏]")


def dates(block: Block) -> Iterator[Mark]:
    """A day of the common calendar half in digits, half in Han; days of the moon are written in Han."""
    for found in _MIXED_DATE.finditer(block.seen):
        if _LUNAR.search(block.seen[max(found.start() - 4, 0) : found.start()]):
            continue
        yield Mark(
            block, *found.span(), re.sub(rf"[{_DIGITS}十]+(?=[月日])", lambda one: str(_number(one[0])), found[0])
        )


def _number(han: str) -> int:
    tens, ten, ones = han.partition("十")
    one = int(ones.translate(_TO_DIGIT) or 0)
    return (int(tens.translate(_TO_DIGIT) or 1) * 10 + one) if ten else int(han.translate(_TO_DIGIT))


_GROUPED = re.compile(r"(?<![0-9.,A-Za-z-])[1-9][0-9]{0,2}(?:,[0-9]{3})+(?![0-9,A-Za-z])")
_RUN = re.compile(rf"(?<![0-9.,A-Za-z/-])[1-9][0-9]{{4,8}}(?=(?:\.[0-9]+)? ?[{HAN}])(?!號|号|轉|转|年)")
_ODD_GROUPS = re.compile(r"(?<![0-9.,A-Za-z-])[1-9][0-9]*(?:,[0-9]+)*,[0-9]{4,}(?:,[0-9]+)*(?![0-9,A-Za-z])")


def groups(text: Text) -> Iterator[Mark]:
    """Long numbers: all in groups of three, or none; and never in groups of four."""
    grouped = [(block, found) for block in text.blocks for found in _GROUPED.finditer(block.seen)
               if len(found[0].replace(",", "")) > 4]  # fmt: skip
    runs = [(block, found) for block in text.blocks for found in _RUN.finditer(block.seen)]
    if grouped and runs:
        rarer = runs if len(runs) <= len(grouped) else grouped
        for block, found in rarer:
            number = int(found[0].replace(",", ""))
            yield Mark(block, *found.span(), f"{number:,}" if rarer is runs else str(number), "mixed")
    for block in text.blocks:
        for found in _ODD_GROUPS.finditer(block.seen):
            yield Mark(block, *found.span(), None, "odd")


_RANGE = re.compile(
    r"(?<![0-9.%％])(?P<from>[0-9]+(?:\.[0-9]+)?) ?(?P<to>[~～〜—–至到]|-) ?(?=[0-9]+(?:\.[0-9]+)? ?(?P<sign>[%％]))"
)


def percent_range(block: Block) -> Iterator[Mark]:
    """63%~68%: the sign stands at both ends, since 63~68% could be from sixty-three on."""
    for found in _RANGE.finditer(block.seen):
        whole = re.match(r"[0-9]+(?:\.[0-9]+)? ?[%％]", block.seen[found.end() :])
        end = found.end() + (whole.end() if whole else 0)
        join = "~" if found["to"] == "-" else found["to"]
        yield Mark(block, found.start(), end,
                   f"{found['from']}{found['sign']}{join}{block.seen[found.end() : end].replace(' ', '')}")  # fmt: skip


_FULL = re.compile(r"[０-９Ａ-Ｚａ-ｚ]+(?:[．，][０-９]+)*[％]?")
_NARROW = {place: place - 0xFEE0 for place in chain(range(0xFF10, 0xFF1A), range(0xFF21, 0xFF3B), range(0xFF41, 0xFF5B),
                                                    (0xFF0E, 0xFF0C, 0xFF05))}  # fmt: skip


def full_width(block: Block) -> Iterator[Mark]:
    for found in _FULL.finditer(block.seen):
        yield Mark(block, *found.span(), found[0].translate(_NARROW))
