"""Quotation marks and brackets: both halves, and those of the region."""

import re
from collections.abc import Iterator

from articles.language.style.text import HAN, Block, Mark, Text

_CLOSING = {
    "「": "」", "『": "』", "“": "”", "‘": "’", "(": ")", "（": "）", "[": "]", "［": "］", "《": "》", "〈": "〉",
    "【": "】", "〔": "〕", "〖": "〗", "﹁": "﹂", "﹃": "﹄",
}  # fmt: skip
_FAMILY = {"(": "（", ")": "）", "[": "［", "]": "］"}  # which width is right is another rule's matter
_CLOSING = {_FAMILY.get(one, one): _FAMILY.get(other, other) for one, other in _CLOSING.items()}
_OPENING = {closing: opening for opening, closing in _CLOSING.items()}
_QUOTES = set("「『“‘")
_ANY = re.compile("[{}]".format(re.escape("".join({*_CLOSING, *_OPENING, *_FAMILY}))))
_NUMBERED = re.compile(r"(?:^|[^\w])(?:[0-9]{1,3}|[A-Za-z]|[一二三四五六七八九十]{1,3})$")
_LABEL = re.compile(r"\w{1,8}$")  # 獨家》, as Taiwan's papers begin a headline
_WITHIN_WORD = re.compile(r"[A-Za-z0-9]’[A-Za-z]")
_APOSTROPHE = re.compile(r"[A-Za-z0-9]’|’[A-Za-z0-9]")
_TO_HANT = str.maketrans("“”‘’", "「」『』")
_TO_HANS = str.maketrans("「」『』", "“”‘’")


def unbalanced(text: Text) -> Iterator[Mark]:
    """A half without its other half. A quotation over several paragraphs opens each, and closes only the last."""
    for place, block in enumerate(text.blocks):
        after = text.blocks[place + 1] if place + 1 < len(text.blocks) else None
        opened: list[tuple[str, int]] = []
        for found in _ANY.finditer(block.seen):
            at, sign = found.start(), _FAMILY.get(found[0], found[0])
            if sign == "’" and _WITHIN_WORD.match(block.seen, max(at - 1, 0)):
                continue
            if sign in _CLOSING:
                opened.append((sign, at))
            elif sign == "’" and not any(one == "‘" for one, _ in opened):
                if not _APOSTROPHE.search(block.seen[max(at - 1, 0) : at + 2]):
                    yield Mark(block, at, at + 1, None, "close")
            elif any(one == _OPENING[sign] for one, _ in opened):
                while opened and opened[-1][0] != _OPENING[sign]:
                    yield _unclosed(block, opened.pop()[1])
                opened.pop()
            elif sign in "》〉" and block.kind in {"headline", "kicker"} and _LABEL.match(block.seen, 0, at):
                continue
            elif not (sign == "）" and _NUMBERED.search(block.seen[max(at - 4, 0) : at])):
                yield Mark(block, at, at + 1, None, "close")
        for sign, at in opened:
            if not (sign in _QUOTES and _goes_on(block, at, after)):
                yield _unclosed(block, at)


def _unclosed(block: Block, at: int) -> Mark:
    return Mark(block, at, at + 1, None, "open")


def _goes_on(block: Block, at: int, after: Block | None) -> bool:
    starts = not block.seen[:at].strip()
    return bool(starts and after and after.field == block.field and after.seen.lstrip()[:1] == block.seen[at])


def of_the_region(text: Text) -> Iterator[Mark]:
    """「」『』 in Traditional, “”‘’ in Simplified text; quotation marks of Latin words stay."""
    hant = text.language.startswith("zh-Hant")
    wrong, table = ("“”‘’", _TO_HANT) if hant else ("「」『』", _TO_HANS)
    for block in text.blocks:
        for found in re.finditer(f"[{wrong}]", block.seen):
            at = found.start()
            if found[0] == "’" and _APOSTROPHE.search(block.seen[max(at - 1, 0) : at + 2]):
                continue
            if re.search(f"[{HAN}]", block.seen):
                yield Mark(block, at, at + 1, found[0].translate(table), "hant" if hant else "hans")


_STRAIGHT = re.compile(r"[\"']")


def straight_in_han(text: Text) -> Iterator[Mark]:
    """Straight quotation marks in Chinese text: the first opens, the next closes."""
    hant = text.language.startswith("zh-Hant")
    for block in text.blocks:
        for straight, pair in (('"', "「」" if hant else "“”"), ("'", "『』" if hant else "‘’")):
            places = [found.start() for found in _STRAIGHT.finditer(block.seen) if found[0] == straight]
            places = [
                at for at in places if not re.match(r"[A-Za-z0-9]['\"][A-Za-z]", block.seen[max(at - 1, 0) : at + 2])
            ]
            if not re.search(f"[{HAN}]", block.seen):
                continue
            for order, at in enumerate(places):
                sure = len(places) % 2 == 0
                yield Mark(block, at, at + 1, pair[order % 2] if sure else None)
