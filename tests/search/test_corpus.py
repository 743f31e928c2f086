"""The labelled set is sound: large enough, written by hand where it says so, and every label stands in its story."""

from collections import Counter

import pytest

from tests.search.corpus import (
    CLASSES,
    answers,
    by_hand,
    generated,
    has,
    questions,
    spellings,
    stands,
    stories,
    unjudged,
)
from tests.search.corpus.generated import HOW_MANY, stories_of

NOTHING = {"地热", "和服", "企鵝", "Patagonia"}  # asked for though no story tells of it


def test_there_are_enough_stories_and_questions():
    languages = Counter(story.language for story in by_hand())
    assert len(stories()) >= 3000
    assert len(by_hand()) >= 220
    assert len(questions()) >= 90
    assert languages["zh-Hans"] >= 90
    assert languages["zh-Hant"] >= 70
    assert languages["en"] >= 35
    assert languages["bo"] >= 30


def test_every_class_of_question_is_asked():
    kinds = Counter(question.kind for question in questions())
    assert set(kinds) == set(CLASSES)
    assert min(kinds.values()) >= 15


def test_no_two_stories_are_alike_and_no_two_questions():
    assert len({story.text for story in stories()}) == len(stories())
    assert len({story.headline for story in by_hand()}) == len(by_hand())
    assert len({(question.kind, question.sought) for question in questions()}) == len(questions())


def test_stories_are_as_long_as_a_short_news_item():
    for story in by_hand():
        assert 60 <= len(story.text) <= 250, story.headline
    for story in generated():
        assert 60 <= len(story.text) <= 300, story.headline


def test_every_label_is_an_asked_word_that_stands_in_its_story():
    for story in stories():
        for word in story.words:
            assert stands(word, story.text), (word, story.headline)
        assert all(has(story, word) for word in story.words)


def test_every_asked_word_that_stands_in_a_story_was_judged():
    """Either as a word of it, or as one that only seems to stand there."""
    left = {story.text: words for story in stories() if (words := unjudged(story))}
    assert left == {}


def test_nothing_is_both_a_word_of_a_story_and_only_seems_to_be():
    for story in stories():
        assert not [word for word in story.seeming if has(story, word)], story.headline


def test_every_word_is_asked_for():
    asked = {word.lower() for question in questions() for word in question.words}
    assert [ways for ways in spellings().values() if asked.isdisjoint(way.lower() for way in ways)] == []


def test_every_question_has_an_answer_but_those_that_should_not():
    assert {question.sought for question in questions() if not answers(question)} == NOTHING


def test_an_answer_may_be_written_in_the_other_script():
    by_sought = {question.sought: question for question in questions()}
    for sought in ("收割机", "收割機", "氣象臺", "范志远", "花莲"):
        assert {stories()[number].language for number in answers(by_sought[sought])} >= {"zh-Hans", "zh-Hant"}, sought


def test_some_stories_only_seem_to_answer():
    """Across the borders of other words: else precision would measure nothing."""
    seeming = {word for story in by_hand() for word in story.seeming}
    assert len(seeming) >= 25
    for question in questions():
        if question.kind == "zh" and set(question.words) <= seeming:
            wrong = {number for number, story in enumerate(stories()) if set(question.words) & story.seeming}
            assert wrong, question.sought
            assert not wrong & answers(question), question.sought


@pytest.mark.parametrize("name", HOW_MANY)
def test_templates_give_the_same_stories_every_time(name: str):
    assert stories_of(name) == stories_of(name)
    assert len(stories_of(name)) == HOW_MANY[name]


def test_no_story_holds_what_would_be_read_as_markup():
    for story in stories():
        assert not set("<>&{}") & set(story.text), story.headline
