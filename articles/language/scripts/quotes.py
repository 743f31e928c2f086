"""“ ” ‘ ’ of Simplified and 「 」 『 』 of Traditional."""

import re

from articles.language.scripts.tags import SIMPLIFIED

_RAISED = {"“": "「", "”": "」", "‘": "『", "’": "』"}
_OPENING = {"“": "”", "‘": "’"}
_MARK = re.compile("([“”‘’])")
# Han and what stands with it; private use, because a protected name stands there.
_CHINESE = re.compile(
    "[\u2e80-\u303f\u30fb\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef\ue000\U00020000-\U0003ffff]"
)
_DASHES = " \t\r\f\u3000\u2014\u2026"


def turned(text: str, target: str) -> str:
    """With the marks of the target. A pair within a foreign sentence, an apostrophe and an inch stay."""
    if target == SIMPLIFIED:
        for simple, raised in _RAISED.items():
            text = text.replace(raised, simple)
        return text
    return _turned(text) if any(mark in text for mark in _RAISED) else text


def _turned(text: str) -> str:
    parts = _MARK.split(text)
    between, marks = parts[::2], parts[1::2]
    before, after = _beside(between)
    seen = [0]  # how many of the texts up to a mark hold Chinese
    for words in between:
        seen.append(seen[-1] + bool(_CHINESE.search(words)))
    opened: list[int] = []
    doubles = 0  # of those: “

    def alone(places: list[int]) -> None:
        for place in places:
            if after[place] or (marks[place] == "“" and before[place]):
                parts[2 * place + 1] = _RAISED[marks[place]]

    for place, mark in enumerate(marks):
        if "\n" in between[place]:  # nobody closes in another paragraph what is open in this one
            alone(opened)
            opened, doubles = [], 0
        if mark in _OPENING:
            opened.append(place)
            doubles += mark == "“"
            continue
        if mark == "’" and _is_letter(between[place][-1:]) and _is_letter(between[place + 1][:1]):
            continue
        begun = len(opened) - 1
        if mark == "”" and doubles:
            while begun >= 0 and marks[opened[begun]] != "“":
                begun -= 1
        if begun >= 0 and _OPENING[marks[opened[begun]]] == mark:
            alone(opened[begun + 1 :])
            start = opened[begun]
            doubles -= mark == "”"
            del opened[begun:]
            if seen[place + 1] > seen[start + 1] or before[start] or after[place]:
                parts[2 * start + 1], parts[2 * place + 1] = _RAISED[marks[start]], _RAISED[mark]
        elif before[place] or (mark == "”" and after[place]):
            parts[2 * place + 1] = _RAISED[mark]
    alone(opened)
    return "".join(parts)


def _beside(between: list[str]) -> tuple[list[bool], list[bool]]:
    """Of each mark, whether what stands before it and behind it, in its line, other marks left aside, is Chinese."""
    before: list[bool] = []
    after: list[bool] = []
    for words in between[:-1]:
        line = words.rpartition("\n")[2].rstrip(_DASHES)
        carried = bool(before) and before[-1] and "\n" not in words
        before.append(bool(_CHINESE.match(line[-1])) if line else carried)
    for words in reversed(between[1:]):
        line = words.partition("\n")[0].lstrip(_DASHES)
        carried = bool(after) and after[-1] and "\n" not in words
        after.append(bool(_CHINESE.match(line[0])) if line else carried)
    return before, after[::-1]


def _is_letter(character: str) -> bool:
    return character.isalpha() and not _CHINESE.match(character)
