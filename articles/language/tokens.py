"""Text as search knows it: one string of tokens for both databases, and the same for what somebody seeks.

Width, case, accents, commas within a number and the two Chinese scripts do not count. Han and other scripts without
spaces become overlapping pairs and the last character of each run; Tibetan a token a syllable, without what grammar
ties to its end; other words stand whole, English plurals as their singular. No token holds a space, a quotation mark or
an ASCII sign.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from itertools import islice
from typing import Any, NamedTuple

from articles.language.blocks import PIECE, is_block_tag

# Signs before what stands in no text as a token: one character of a script without spaces, and between two tokens that
# stand side by side. No token holds them.
SINGLE = "\u2022"
JOINED = "\u203f"

MOST_PARTS = 8  # of a question; more would find the same
MOST_TOKENS = 60  # of one of its parts
LONGEST = 60  # characters of a token; what is longer is known by its beginning

# 々〇〡-〩, kana, Han with all its extensions; Thai, Lao, Myanmar, Khmer.
_PAIRED = (
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3041-\u3096\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ece\u1000-\u109f\u1780-\u17d3"
)
_SYLLABLE = "\u0f00\u0f40-\u0f7e\u0f80-\u0f84\u0f86-\u0fbc"
# A word to which a number is tied, as in wifi2026; not what only begins with a letter or two, as G20.
_NAMED = "[a-z]{3,}(?=[0-9])"
_WORD = f"{_NAMED}|[^\\W_{_PAIRED}{_SYLLABLE}]+"
_RUN = re.compile(f"(?P<paired>[{_PAIRED}]+)|(?P<syllable>[{_SYLLABLE}]+)|(?P<word>{_WORD})")
_ONE_PAIRED = re.compile(f"[{_PAIRED}]")
_ONE_SYLLABLE = re.compile(f"[{_SYLLABLE}]")
# What stands in a word without being seen: soft hyphens, joiners, variation selectors, marks of direction.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff]"
)
# A letter with the marks that stand on it; half a character (a lone surrogate) is none.
_LETTER = re.compile("[^\ud800-\udfff][\u0300-\u036f\u0f71-\u0f87\u0f8d-\u0fbc\u3099\u309a\ufe00-\ufe0f]*")
_ACCENTS = re.compile("[\u0300-\u036f]")
_GROUPS = re.compile(r"(?<![0-9])(?<![0-9][.,])[1-9][0-9]{0,2}(?:,[0-9]{3})+(?!,?[0-9])")  # 1,200, which is 1200
# Forms of Hong Kong and Taiwan that simplifying leaves alone, with those of everybody else.
_VARIANTS = dict(zip("衞糭簷著枱敍粧痺睪衹鲶颚", "卫粽檐着台叙妆痹睾只鲇腭", strict=True))
# Sought before they are replaced: hardly a text has one, and str.translate looks at every character in turn.
_VARIANT = re.compile(f"[{''.join(_VARIANTS)}]")
_HAN = [(0x3400, 0x4DC0), (0x4E00, 0xA000), (0x20000, 0x2A6E0)]
_TIBETAN_DIGIT = re.compile("[\u0f20-\u0f29]")

_ENDINGS = ("འིའོ", "འིས", "འི", "འོ", "འང", "འམ")  # case and other particles, written to an open syllable
_PLURALS = {
    "children": "child", "feet": "foot", "teeth": "tooth", "geese": "goose", "mice": "mouse", "oxen": "ox",
    "men": "man", "wolves": "wolf", "calves": "calf", "halves": "half", "shelves": "shelf", "elves": "elf",
    "leaves": "leaf", "loaves": "loaf", "thieves": "thief", "knives": "knife", "lives": "life", "wives": "wife",
    "selves": "self", "scarves": "scarf", "hooves": "hoof", "gases": "gas", "canoes": "canoe", "crises": "crisis",
    "analyses": "analysis", "theses": "thesis", "lenses": "lens", "quizzes": "quiz",
    "news": "news",
}  # fmt: skip
_NO_MEN = {"specimen", "omen", "amen", "abdomen", "acumen", "regimen", "yemen", "semen", "stamen", "ramen", "hymen"}
_USES = ("auses", "ouses", "abuses", "accuses", "amuses", "confuses", "excuses", "fuses", "muses")
_VOWELS = re.compile("[\u0f71-\u0f7d\u0f80\u0f81]")
_CONSONANT = re.compile("[\u0f40-\u0f6c]")


@dataclass(frozen=True)
class Phrase:
    """One part of what is sought: its tokens stand side by side, in order.

    beginning: the last token only begins what is sought (one character of a script without spaces); endings: what may
    stand for the last one.
    """

    tokens: tuple[str, ...]
    beginning: bool = False
    endings: tuple[str, ...] = ()

    @property
    def last(self) -> tuple[str, ...]:
        return self.endings or self.tokens[-1:]


@lru_cache(maxsize=1)
def _simplifier() -> Any:
    """OpenCC's converter, one a process: it is safe for threads, and takes some milliseconds to make."""
    from opencc import OpenCC

    return OpenCC("t2s")


def folded(text: str) -> str:
    """The text as tokens are made of it: NFKC, lower case, simplified, without accents, unseen characters and the
    commas that group digits."""
    return _simplified(_grouped(text))


def _grouped(text: str) -> str:
    return _GROUPS.sub(lambda found: found[0].replace(",", ""), _folded(text.encode(errors="ignore").decode()))


def folded_with_places(text: str, *, apart: bool = False) -> tuple[str, list[int], list[int]]:
    """The folded text, and for each of its characters where in `text` the letter that it was made of begins and ends.
    apart: as `folded_apart` gives it.

    Folded a letter with its marks at a time, because normalising changes lengths; simplifying never does.
    """
    made: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for found in _LETTER.finditer(text):
        letters = _folded_letter(found[0])
        made.append(letters)
        for _ in letters:
            starts.append(found.start())
            ends.append(found.end())
    whole = "".join(made)
    commas = [place for found in _GROUPS.finditer(whole) for place in range(*found.span()) if whole[place] == ","]
    for place in reversed(commas):
        whole = whole[:place] + whole[place + 1 :]
        del starts[place], ends[place]
    simple = _apart(whole) if apart else _simplified(whole)
    return (simple if len(simple) == len(whole) else whole), starts, ends


@lru_cache(maxsize=20_000)
def _folded_letter(letter: str) -> str:
    return _folded(letter)


def folded_apart(text: str) -> str:
    """The same, each character simplified by itself: 乾 as 干 also in 乾隆, which stays as it is in both scripts."""
    return _apart(_grouped(text))


def _apart(text: str) -> str:
    return text.translate(_characters())


@lru_cache(maxsize=1)
def _characters() -> dict[int, str]:
    """Every character that is another one in Simplified where it stands alone."""
    letters = [chr(code) for first, last in _HAN for code in range(first, last)]
    simple = _simplified("\n".join(letters)).split("\n")
    return {ord(letter): other for letter, other in zip(letters, simple, strict=True) if letter != other}


def _folded(text: str) -> str:
    text = _UNSEEN.sub("", unicodedata.normalize("NFKC", text)).lower()
    text = _ACCENTS.sub("", unicodedata.normalize("NFD", text))
    return _TIBETAN_DIGIT.sub(lambda found: chr(ord(found[0]) - 0x0F20 + ord("0")), unicodedata.normalize("NFC", text))


def _simplified(text: str) -> str:
    simple: str = _simplifier().convert(text)
    return _VARIANT.sub(lambda found: _VARIANTS[found[0]], simple)


def tokens(text: str) -> list[str]:
    """The tokens of a text, in order."""
    return list(_tokens(folded(text)))


def tokens_and_helpers(text: str, whole: str | None = None) -> tuple[list[str], list[str]]:
    """The tokens of a text, in order, and what helps an index to find beginnings and neighbours by whole tokens alone.

    Helpers, each once: every character of a script without spaces, so that one of them is sought without reading all
    that begins with it; every two syllables of Tibetan side by side; and what stands at the border of two runs of which
    the second has no spaces ("2026" and "年"). And all of these as they are where each character is simplified by
    itself, where that is another one. whole: the text folded, where that is at hand.
    """
    whole = folded(text) if whole is None else whole
    found, helpers = list(_tokens(whole)), dict.fromkeys(_helpers(whole))
    apart = folded_apart(text)
    if apart != whole:  # what somebody seeks that is cut out of a phrase
        known = set(found)
        helpers |= dict.fromkeys([token for token in _tokens(apart) if token not in known])
        helpers |= dict.fromkeys(_helpers(apart))
    return found, list(helpers)


def joined(first: str, second: str) -> str:
    return f"{first}{JOINED}{second}"


def is_paired(token: str) -> bool:
    """Whether a token is of a script without spaces."""
    return bool(_ONE_PAIRED.match(token))


def is_syllable(token: str) -> bool:
    """Whether a token is one of Tibetan."""
    return bool(_ONE_SYLLABLE.match(token))


def _helpers(text: str) -> Iterator[str]:
    before, kind = "", ""
    for found in _RUN.finditer(text):
        run = found[0]
        if found.lastgroup == "paired":
            if before:
                yield joined(before, run[0])
            yield from (SINGLE + letter for letter in run)
            before = run[-1]
        elif found.lastgroup == "syllable":
            token = _root(run[:LONGEST])
            if kind == "syllable":
                yield joined(before, token)
            before = token
        else:
            before = singular(run[:LONGEST])
        kind = found.lastgroup or ""


class Placed(NamedTuple):
    """A token, and from where to where it stands in a folded text."""

    token: str
    start: int
    end: int


def placed(text: str) -> Iterator[Placed]:
    """The tokens of a text that is folded already, as `tokens` gives them, each with its place."""
    for found in _RUN.finditer(text):
        start, end = found.span()
        if found.lastgroup == "paired":
            for place in range(start, end - 1):
                yield Placed(text[place : place + 2], place, place + 2)
            yield Placed(text[end - 1], end - 1, end)
        elif found.lastgroup == "syllable":
            yield Placed(_root(found[0][:LONGEST]), start, end)
        else:
            yield Placed(singular(found[0][:LONGEST]), start, end)


def plain(html: str) -> str:
    """The words of clean HTML: a line a block, and what is bold or linked not parted from what stands beside it."""
    return unescape("".join(
        piece if piece[0] != "<" else "\n" if is_block_tag(piece) or piece[1:3] == "br" else ""
        for piece in PIECE.findall(html)
    ))  # fmt: skip


def _tokens(text: str) -> Iterator[str]:
    for found in _RUN.finditer(text):
        run = found[0]
        if found.lastgroup == "paired":
            yield from _pairs(run)
            yield run[-1]
        elif found.lastgroup == "syllable":
            yield _root(run[:LONGEST])
        else:
            yield singular(run[:LONGEST])


def phrases(sought: str) -> list[Phrase]:
    """What is sought, part by part; spaces divide the parts. Empty where it has no letter and no digit."""
    parts = filter(None, map(_phrase, folded(sought).split()))
    return list(dict.fromkeys(islice(parts, MOST_PARTS)))


def _phrase(part: str) -> Phrase | None:
    runs = list(_RUN.finditer(part))
    found: list[str] = []
    for place, run in enumerate(runs, start=1):
        if run.lastgroup == "paired":
            found += _pairs(run[0])
            if place < len(runs) or len(run[0]) == 1:  # what follows stands behind the last character's own token
                found.append(run[0][-1])
        else:
            found += _tokens(run[0])
    if not found:
        return None
    if len(found) > MOST_TOKENS:
        return Phrase(tuple(found[:MOST_TOKENS]))
    last = runs[-1]
    if last.lastgroup == "syllable":
        return Phrase(tuple(found), endings=_forms(last[0][:LONGEST], alone=len(found) == 1))
    return Phrase(tuple(found), beginning=last.lastgroup == "paired" and len(last[0]) == 1)


def _pairs(run: str) -> list[str]:
    return [run[place : place + 2] for place in range(len(run) - 1)]


def singular(word: str) -> str:
    """An English word without the ending of its plural; other words mostly stay as they are."""
    if len(word) < 3 or not word.isascii() or not word.isalpha():
        return word
    if found := _PLURALS.get(word):
        return found
    if word.endswith("men") and word not in _NO_MEN:
        return word[:-3] + "man"
    if len(word) < 4 or not word.endswith("s"):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    if (word.endswith("oes") and len(word) > 5) or (word.endswith("uses") and not word.endswith(_USES)):
        return word[:-2]
    return word if word.endswith(("ss", "us", "is")) else word[:-1]


def _root(syllable: str) -> str:
    for ending in _ENDINGS:
        if syllable.endswith(ending) and len(syllable) > len(ending):
            return syllable.removesuffix(ending)
    return syllable


def _forms(syllable: str, *, alone: bool) -> tuple[str, ...]:
    """What the last syllable sought may be written as: with or without the particles that change it."""
    root = _root(syllable)
    if root != syllable:  # an འ at its end has gone before the particle: དགའ, དགའི
        forms = [root, root + "འ"]
    else:
        forms = [root, root[:-1]] if root.endswith("འ") and len(root) > 1 else [root]
    if not alone or _VOWELS.match(root[-1]):  # one bare letter and what is tied to it are two words
        if root[-1] in "རས" and _is_open(root[:-1]):
            forms.append(root[:-1])
        forms += [form + particle for form in list(forms) if _is_open(form) for particle in "རས"]
    return tuple(dict.fromkeys(forms))


def _is_open(syllable: str) -> bool:
    """Whether a syllable ends in its vowel, so that ར and ས can be tied to it."""
    return bool(syllable) and (bool(_VOWELS.match(syllable[-1])) or len(_CONSONANT.findall(syllable)) == 1)
