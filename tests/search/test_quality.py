"""The measure itself, on cases small enough to reckon by hand."""

import pytest

from tests.search.quality import Asked, Quality, Score, measure

ASKED = [
    Asked("zh", "青稞", {1, 2, 3, 4}),
    Asked("zh", "雪", {5}),
    Asked("en", "barley", {6, 7}),
]


def quality(**found: set[int]) -> Quality:
    return measure(lambda sought: found.get(sought, set()), ASKED)


def test_a_search_that_finds_all_and_nothing_else_is_without_fault():
    perfect = quality(青稞={1, 2, 3, 4}, 雪={5}, barley={6, 7})
    assert perfect.overall == Score(3, recall=1, precision=1, mean_recall=1, mean_precision=1)
    assert perfect.faults == []


def test_stories_count_alike_over_all_and_questions_alike_in_the_mean():
    got = quality(青稞={1, 2, 3, 4}, 雪={5, 6, 7}, barley={6}).overall
    assert (got.recall, got.precision) == (6 / 7, 6 / 8)
    assert got.mean_recall == pytest.approx((1 + 1 + 1 / 2) / 3)
    assert got.mean_precision == pytest.approx((1 + 1 / 3 + 1) / 3)


def test_every_class_has_figures_of_its_own():
    by_class = quality(青稞={1, 2}, 雪={5}, barley={6, 7, 8, 9}).by_class
    assert list(by_class) == ["zh", "en"]
    assert (by_class["zh"].questions, by_class["zh"].recall, by_class["zh"].precision) == (2, 3 / 5, 1)
    assert (by_class["en"].questions, by_class["en"].recall, by_class["en"].precision) == (1, 1, 1 / 2)


def test_a_search_that_finds_nothing_misses_everything_and_says_nothing_wrong():
    nothing = quality().overall
    assert (nothing.recall, nothing.precision) == (0, 1)


def test_what_should_find_nothing_is_right_only_when_it_does():
    asked = [Asked("zh", "企鹅", set())]
    assert measure(lambda sought: set(), asked).overall == Score(1, 1, 1, 1, 1)
    assert measure(lambda sought: {1}, asked).overall == Score(1, 1, 0, 1, 0)


def test_the_report_names_what_was_missed_and_what_was_wrong_and_begins_with_the_worst():
    texts = {number: f"story {number}\nits body" for number in range(10)}
    lines = quality(青稞={1, 2, 3, 4}, 雪={5, 6}, barley={8}).report(texts, examples=1).splitlines()
    assert lines == [
        "all: recall 0.7143 precision 0.7143, by question 0.6667 0.5000 (3 questions)",
        "zh: recall 1.0000 precision 0.8333, by question 1.0000 0.7500 (2 questions)",
        "en: recall 0.0000 precision 0.0000, by question 0.0000 0.0000 (1 questions)",
        "en barley: 0 right, 2 missed, 1 wrong",
        "    missed 6: story 6 its body",
        "    wrong 8: story 8 its body",
        "zh 雪: 1 right, 0 missed, 1 wrong",
        "    wrong 6: story 6 its body",
    ]
