"""How well the readers' search finds, by the labelled set, on both databases and through the index itself."""

import pytest

from articles.models import Desk, User
from articles.search.engine import engine
from articles.search.question import Question
from tests.search import corpus
from tests.search.archive import Words, publish_all
from tests.search.quality import Asked, Quality, measure

EXACT = {"one-character", "bo"}  # classes of which nothing may be missed


@pytest.fixture
def quality(administrator: User, desk: Desk) -> Quality:
    stories = corpus.stories()
    keys = publish_all(
        (Words(one.language, one.headline, f"<p>{one.text}</p>") for one in stories), by=administrator, desk=desk
    )
    number_of = {key: number for number, key in enumerate(keys)}

    def find(sought: str) -> set[int]:
        """In all that readers of any language find: the set asks every question of all stories."""
        hits = [hit for readers in ("zh", "en", "bo")
                for hit in engine().find(Question(sought, readers, limit=len(keys))).hits]  # fmt: skip
        assert len({hit.publication for hit in hits}) == len(hits)
        return {number_of[hit.publication] for hit in hits}

    asked = [Asked(one.kind, one.sought, corpus.answers(one)) for one in corpus.questions()]
    return measure(find, asked)


def test_what_should_be_found_is_found_and_little_else(quality: Quality):
    report = quality.report({number: story.text for number, story in enumerate(corpus.stories())})
    assert quality.overall.recall >= 0.99, report
    assert quality.overall.precision >= 0.95, report
    by_class = quality.by_class
    assert set(by_class) >= EXACT
    for kind in EXACT:
        assert (by_class[kind].recall, kind) == (1, kind), report
