"""Verbs that meet on one story: one of them wins, the others are told, and none waits for another in a circle."""

from collections.abc import Callable
from functools import partial

import pytest

from articles.models import Article, Decision, Desk, EditionPicture, ErasedPart, Publication, User, private_store
from articles.publishing import (
    DecisionClosed,
    Note,
    PictureErased,
    PublishingError,
    Told,
    accept,
    agree,
    decline,
    propose,
    publish,
    refuse,
    report_error,
    withdraw_proposal,
)
from articles.publishing.ledger.verify import verify
from tests import factories
from tests.conftest import CommittedDatabase, Size
from tests.harness.threads import at_once


def only_refusals(answers: list[object]) -> None:
    """What a verb refuses in words is right; a deadlock, or any other fault of the database, is not."""
    faults = [answer for answer in answers if isinstance(answer, Exception) and not isinstance(answer, PublishingError)]
    assert faults == []


def test_a_decision_is_taken_in_one_way_alone(
    committed_db: CommittedDatabase, editor: User, chief: User, desk: Desk, size: Size
):
    other = factories.make_user(role="editor", desk=desk)
    for _ in range(size(small=5, full=40)):
        article = factories.publish_article(editor, desk=desk)
        decision = propose(article, act="retraction", by=chief, text="核心事實不成立。")
        answers = at_once(
            lambda: agree(decision, by=editor),  # noqa: B023 - all are done before the next round
            lambda: refuse(decision, by=other, answer="不同意。"),  # noqa: B023
            lambda: withdraw_proposal(decision, by=chief),  # noqa: B023
        )
        only_refusals(answers)
        assert sum(isinstance(answer, DecisionClosed) for answer in answers) == 2
        decision.refresh_from_db()
        assert (decision.state == Decision.State.AGREED) == (article.editions.count() == 2)


def test_a_correction_and_the_triage_of_its_report_do_not_lock_each_other_out(
    committed_db: CommittedDatabase, published: Article, editor: User, chief: User, size: Size
):
    for round_ in range(size(small=5, full=40)):
        number = published.editions.count()
        told = Told(wrong=f"第{round_}處不對。")
        report = report_error(published, number=number, told=told, sender=f"192.0.2.{round_}", language="en").report
        accept(report, by=editor)
        note = Note(kind="correction", was="錯", now=f"對{round_}", reports=[report])
        published.refresh_from_db()
        answers = at_once(
            lambda: publish(published, seen=published.version, by=editor, noted=[note]),  # noqa: B023
            lambda: decline(report, by=chief, reason="沒有錯。"),  # noqa: B023
        )
        only_refusals(answers)
        report.refresh_from_db()
        if published.editions.count() > number:
            assert report.state == "corrected"
        else:
            assert report.state == "declined"


def test_texts_of_both_scripts_that_appear_at_once_know_of_each_other(
    committed_db: CommittedDatabase, editor: User, desk: Desk, size: Size
):
    for _ in range(size(small=5, full=40)):
        original = factories.make_article(editor, desk=desk)
        texts = [factories.make_article(editor, desk=desk, language="zh-Hans", translation_of=original) for _ in "甲乙"]
        answers = at_once(*(partial(publish, one, seen=one.version, by=editor) for one in [original, *texts]))
        assert [answer for answer in answers if isinstance(answer, Exception)] == []
        shown = Publication.objects.filter(original=original).order_by("pk").values_list("only_in", flat=True)
        assert list(shown) == ["zh-Hant", "zh-Hans", "zh-Hans"]


@pytest.mark.parametrize("first", ["erasure", "publication"])
def test_a_picture_is_either_erased_or_shown_by_another_story(
    first: str, committed_db: CommittedDatabase, editor: User, chief: User, desk: Desk
):
    picture = factories.make_picture(editor)
    article = factories.publish_article(editor, desk=desk, lead_picture=picture)
    factories.publish_again(article, by=editor, lead_picture=None)
    wanted = {"editions": [1], "notices": []}
    decision = propose(article, act="erasure", by=chief, text="依法刪除。", reason="判決", erase=wanted)
    other = factories.make_article(editor, desk=desk, headline="另一篇")
    calls: list[Callable[[], object]] = [
        lambda: agree(decision, by=editor),
        lambda: publish(
            factories.change(other, by=editor, lead_picture=picture), seen=other.version + 1, by=editor
        ),
    ]  # fmt: skip
    answers = at_once(*(calls if first == "erasure" else calls[::-1]))
    faults = [answer for answer in answers if isinstance(answer, Exception)]
    assert all(isinstance(fault, PictureErased) for fault in faults)
    shown = EditionPicture.objects.filter(edition__article=other).exists()
    assert private_store().exists(picture.files[0]) == (shown or not ErasedPart.objects.filter(kind="picture").exists())
    assert list(verify()) == []
