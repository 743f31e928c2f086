"""A labelled set to measure search by: news stories, questions, and which stories answer each.

The labels are what was written. Every story by hand (hans.txt, hant.txt, en.txt, bo.txt) names the asked words that
stand in it as words, and those that only seem to, across the borders of other words (中学 in 高中|学生). The others are
made from templates, whose words and slots carry their labels with them. Nothing here knows of any engine, of conversion
between scripts, or of how a text is cut into words.

    stories()      all of them; a story's number is its place
    questions()    what is sought, each with its class
    answers(one)   the numbers of the stories that answer a question
"""

from functools import cache

from tests.search.corpus.generated import generated
from tests.search.corpus.reading import (
    CLASSES,
    Question,
    Story,
    by_hand,
    has,
    questions,
    spellings,
    stands,
    unjudged,
    ways_of,
)

__all__ = [
    "CLASSES", "Question", "Story", "answers", "by_hand", "generated", "has", "questions", "spellings", "stands",
    "stories", "unjudged", "ways_of",
]  # fmt: skip


@cache
def stories() -> tuple[Story, ...]:
    return by_hand() + generated()


def answers(question: Question) -> frozenset[int]:
    """The numbers of the stories that hold every word asked for, in any of its spellings."""
    return frozenset.intersection(*(_holding()[ways_of(word)] for word in question.words))


@cache
def _holding() -> dict[tuple[str, ...], frozenset[int]]:
    """The numbers of the stories that hold a word, by its spellings."""
    found: dict[tuple[str, ...], set[int]] = {ways: set() for ways in spellings().values()}
    for number, story in enumerate(stories()):
        for word in story.words:
            found[ways_of(word)].add(number)
    return {ways: frozenset(numbers) for ways, numbers in found.items()}
