"""Reading what was written: stories, templates, words and questions, and what the labels say."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
LANGUAGES = {"hans": "zh-Hans", "hant": "zh-Hant", "en": "en", "bo": "bo"}
TIBETAN = "\u0f20-\u0f33\u0f40-\u0fbc"  # what a syllable or a number is written in
CLASSES = ("zh", "one-character", "name", "number", "en", "bo", "mixed")


@dataclass(frozen=True)
class Story:
    """words: labels as this story writes them; seeming: spellings that stand in it, but not as words."""

    language: str
    headline: str
    body: str
    words: frozenset[str]
    seeming: frozenset[str] = frozenset()
    by_hand: bool = True

    @property
    def text(self) -> str:
        return f"{self.headline}\n{self.body}"


@dataclass(frozen=True)
class Question:
    """What somebody types, and the words that a story must hold to answer it; none: no story does."""

    kind: str
    sought: str
    words: tuple[str, ...]


def lines(path: Path) -> list[str]:
    """The lines of a file of ours, without comments."""
    return [line.rstrip() for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]


def labels(line: str) -> frozenset[str]:
    """Words divided by spaces; an underscore stands for a space within one."""
    return frozenset(word.replace("_", " ") for word in line.split())


def blocks(path: Path) -> Iterator[Story]:
    """The stories of a file, or templates, which are written alike."""
    language = LANGUAGES[path.stem]
    for block in "\n".join(lines(path)).strip().split("\n\n"):
        headline, body, *notes = block.strip().split("\n")
        signs = [note[:1] for note in notes]
        if signs not in (["="], ["=", "!"]):
            raise ValueError(f"{path.name}: not a story: {block}")
        words, seeming = ([*map(labels, (note[1:] for note in notes)), frozenset()])[:2]
        yield Story(language, headline, body, words, seeming)


@cache
def spellings() -> dict[str, tuple[str, ...]]:
    """All the ways to write a word, by each of them."""
    found: dict[str, tuple[str, ...]] = {}
    for line in lines(HERE / "words.txt"):
        ways = tuple(way.replace("_", " ") for way in line.split())
        for way in ways:
            if way in found:
                raise ValueError(f"words.txt: {way} stands twice")
            found[way] = ways
    return found


@cache
def by_hand() -> tuple[Story, ...]:
    return tuple(story for name in LANGUAGES for story in blocks(HERE / f"{name}.txt"))


@cache
def questions() -> tuple[Question, ...]:
    found = []
    for line in filter(None, lines(HERE / "questions.txt")):
        kind, rest = line.split(maxsplit=1)
        sought, _, told = rest.partition(" = ")
        words = tuple(way.replace("_", " ") for way in (told or sought).split())
        found.append(Question(kind, sought, words))
    return tuple(found)


def has(story: Story, word: str) -> bool:
    """Whether a word was written into a story, in whatever spelling and case."""
    return ways_of(word) in {ways_of(way) for way in story.words}


def stands(word: str, text: str) -> bool:
    """Whether the characters of a word stand in a text: letters, figures and Tibetan syllables as whole ones."""
    return bool(_pattern(word).search(text))


def unjudged(story: Story) -> list[str]:
    """The asked words whose characters stand in a story that neither names them nor says that they only seem to."""
    told = {ways_of(way) for way in story.words | story.seeming}
    return [
        ways[0]
        for ways in dict.fromkeys(spellings().values())
        if ways not in told and any(stands(way, story.text) for way in ways)
    ]


@cache
def _by_lower_case() -> dict[str, tuple[str, ...]]:
    return {way.lower(): ways for way, ways in spellings().items()}


def ways_of(written: str) -> tuple[str, ...]:
    """The spellings of a word, by one of them in whatever case."""
    return _by_lower_case()[written.lower()]


@cache
def _pattern(word: str) -> re.Pattern[str]:
    before = r"(?<![A-Za-z0-9])" if re.match("[A-Za-z0-9]", word) else ""
    after = r"(?![A-Za-z0-9])" if re.search("[A-Za-z0-9]$", word) else ""
    if re.match(f"[{TIBETAN}]", word):  # what grammar ties to an open syllable is no part of it
        before, after = f"(?<![{TIBETAN}])", f"(?:འི|འོ|འང|འམ|ར|ས)?(?![{TIBETAN}])"
    return re.compile(before + re.escape(word) + after, re.IGNORECASE)
