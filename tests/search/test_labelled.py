"""How much is found of what should be, and how much of what is found should be: on stories judged by reading."""

import pytest

from articles.models import Article, Desk, User
from articles.search.query import Search
from tests import factories
from tests.search.labelled import ACROSS, ONE_CHARACTER, QUESTIONS, STORIES, TIBETAN


@pytest.fixture
def names(editor: User, desk: Desk) -> dict[int, str]:
    """The stories' short names by key."""
    return {
        factories.make_article(editor, language=language, headline=headline, body=body, credits=[]).pk: name
        for name, (language, headline, body) in STORIES.items()
    }


def found(words: str, names: dict[int, str]) -> set[str]:
    return {names[pk] for pk in Search(words).entries().values_list("pk", flat=True)}


def test_what_should_be_found_is_found_and_little_else(names: dict[int, str]):
    questions = QUESTIONS + ONE_CHARACTER + TIBETAN + ACROSS
    answers = [(found(words, names), wanted) for words, wanted in questions]
    right = sum(len(got & wanted) for got, wanted in answers)
    recall = right / sum(len(wanted) for _, wanted in answers)
    precision = right / sum(len(got) for got, _ in answers)
    assert len(questions) >= 60
    assert recall >= 0.99
    assert precision >= 0.95
    assert Article.objects.count() == len(STORIES)


@pytest.mark.parametrize("questions", [ONE_CHARACTER, TIBETAN], ids=["one character", "Tibetan"])
def test_single_characters_and_tibetan_are_found_exactly(questions: list[tuple[str, set[str]]], names: dict[int, str]):
    assert {words: found(words, names) for words, _ in questions} == dict(questions)


def test_a_number_is_found_with_commas_and_without(names: dict[int, str]):
    for words in ("1,200", "1200", "1，200袋", "賣出1200袋", "12,345公斤", "12345"):
        assert found(words, names) == {"grouped", "ungrouped"}
    assert found("200", names) == {"ungrouped"}


def test_a_question_is_answered_alike_in_both_scripts(names: dict[int, str]):
    for hant, hans in (("收割機", "收割机"), ("開鐮", "开镰"), ("范志遠", "范志远"), ("犛牛", "牦牛")):
        assert found(hant, names) == found(hans, names) != set()
