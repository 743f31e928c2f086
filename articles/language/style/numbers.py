"""Numbers and dates of Chinese text, by GB/T 15835: one form throughout."""

import re
from collections.abc import Iterator
from itertools import chain

from articles.language.late import late
from articles.language.style.text import HAN, Block, Mark, Text

_DIGITS = "〇一二三四五六七八九"
_TO_HAN = str.maketrans("0123456789", _DIGITS)
_TO_DIGIT = str.maketrans(_DIGITS + "零○", "0123456789" + "00")

_HAN_YEAR = late(rf"(?<![{_DIGITS}零○十百千萬万])[一二][{_DIGITS}零○]{{3}}(?=年)")
_YEAR = late(r"(?<![0-9.,])[12][0-9]{3}(?=年)")
_WRONG_ZERO = late(r"[零○]")


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


# Without a day, what follows says that a month is meant, not a day of the moon (八月十五) or a name (五月天).
_MONTH_ENDS = rf"(?=$|[^{HAN}]|份|初(?![{_DIGITS}十])|[上中下]旬|底|末|[间間]|起|以[来來前后後]|[至到前后後的在和与與])"
_DAY_ENDS = r"(?:日|[号號](?![线線楼樓院店门門机機仓倉馆館站井桥橋路厅廳台臺文]))"
_MIXED_DATE = late(
    rf"(?<![0-9])(?:[0-9]{{4}}年(?:十[一二]?|[一二三四五六七八九])月"
    rf"(?:(?:[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九]){_DAY_ENDS}|{_MONTH_ENDS})"
    rf"|[0-9]{{1,2}}月(?:[二三]?十[一二三四五六七八九]?|[一二三四五六七八九]){_DAY_ENDS})"
)
_LUNAR = late(r"(?:[農农藏夏阴陰][曆历]|[農农藏])[^，。；\n]{0,4}$")
_FEAST = late(r"[^，。；\n]{0,3}(?:端午|中秋|重[阳陽]|元宵|七夕|除夕|中元)")


def dates(block: Block) -> Iterator[Mark]:
    """A day of the common calendar half in digits, half in Han; days of the moon are written in Han."""
    for found in _MIXED_DATE.finditer(block.seen):
        if _LUNAR.search(block.seen[max(found.start() - 6, 0) : found.start()]):
            continue
        if _FEAST.match(block.seen, found.end()):
            continue
        digits = re.sub(rf"[{_DIGITS}十]+(?=[月日号號])", lambda one: str(_number(one[0])), found[0])
        yield Mark(block, *found.span(), digits)


def _number(han: str) -> int:
    tens, ten, ones = han.partition("十")
    one = int(ones.translate(_TO_DIGIT) or 0)
    return (int(tens.translate(_TO_DIGIT) or 1) * 10 + one) if ten else int(han.translate(_TO_DIGIT))


_GROUPED = late(r"(?<![0-9.,A-Za-z-])[1-9][0-9]{0,2}(?:,[0-9]{3})+(?![0-9,A-Za-z])")
_RUN = late(rf"(?<![0-9.,A-Za-z/-])[1-9][0-9]{{4,8}}(?=(?:\.[0-9]+)? ?[{HAN}])(?!號|号|轉|转|年)")
_ODD_GROUPS = late(r"(?<![0-9.,A-Za-z-])[1-9][0-9]*(?:,[0-9]+)*,[0-9]{4,}(?:,[0-9]+)*(?![0-9,A-Za-z])")


# What digits only name: lines to call, sites, posts, accounts.
_CALLED = late(
    r"(?:拨打|撥打|拨通|撥通|致电|致電|来电|來電|电话|電話|传真|傳真|手机|手機|热线|熱線|专线|專線|客服|邮编|郵編|邮政编码|郵政編碼|郵遞區號|區號|区号"
    r"|编号|編號|代码|代碼|代号|代號|账号|帳號|尾号|尾號|群号|群號|QQ|微信|短信|簡訊|登录|登入|登錄|小行星)"
    r"(?:号码|號碼|[了号號群码碼为為是至到向：:（(「“ ]){0,4}(?:[0-9-]+[、／/或和及 ])*$"
)
_CALLING = late(
    rf"网站?|網站?|[号號]|客[户戶服]|小程序|[{HAN}]{{2}}[市縣县](?!民)"
    r"|(?!人(?!社)|公[里斤顷頃尺吨噸]|[平立]方|平米|[名个個件元吨噸张張次辆輛户戶家只条條座通部台份封套万萬亿億多余餘米里斤克])"
    rf"[{HAN}]{{0,10}}?"
    r"(?:热线|熱線|专线|專線|平台|平臺|[电電][话話]|网站|網站)"
)


def _is_name(block: Block, found: re.Match[str]) -> bool:
    before = block.seen[max(found.start() - 40, 0) : found.start()]
    return bool(_CALLED.search(before) or _CALLING.match(block.seen, found.end()))


def groups(text: Text) -> Iterator[Mark]:
    """Long numbers: all in groups of three, or none; and never in groups of four."""
    grouped = [(block, found) for block in text.blocks for found in _GROUPED.finditer(block.seen)
               if len(found[0].replace(",", "")) > 4]  # fmt: skip
    runs = [(block, found) for block in text.blocks for found in _RUN.finditer(block.seen)
            if not _is_name(block, found)]  # fmt: skip
    if grouped and runs:
        rarer = runs if len(runs) <= len(grouped) else grouped
        for block, found in rarer:
            number = int(found[0].replace(",", ""))
            yield Mark(block, *found.span(), f"{number:,}" if rarer is runs else str(number), "mixed")
    for block in text.blocks:
        for found in _ODD_GROUPS.finditer(block.seen):
            yield Mark(block, *found.span(), None, "odd")


_RANGE = late(
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


_FULL = late(r"[０-９Ａ-Ｚａ-ｚ]+(?:[．，][０-９]+)*[％]?")
_NARROW = {place: place - 0xFEE0 for place in chain(range(0xFF10, 0xFF1A), range(0xFF21, 0xFF3B), range(0xFF41, 0xFF5B),
                                                    (0xFF0E, 0xFF0C, 0xFF05))}  # fmt: skip


_POINT = late(
    r"(?<![0-9０-９．])(?<![0-9０-９][，,.])(?:[0-9]+．[0-9]+(?![0-9．])|(?<!第)[1-9][0-9]{0,2}(?:，[0-9]{3})+(?:[.．][0-9]+)?(?![0-9，,]))"
)


def full_width(block: Block) -> Iterator[Mark]:
    for found in _FULL.finditer(block.seen):
        yield Mark(block, *found.span(), found[0].translate(_NARROW))
    for found in _POINT.finditer(block.seen):
        yield Mark(block, *found.span(), found[0].translate(_NARROW), "point")
