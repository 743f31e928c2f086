"""What somebody approved is what goes out: with the pictures' words and the names that it was approved with."""

from collections.abc import Callable

import pytest

from articles.models import Alert, Article, Desk, Picture, Schedule, Source, User
from articles.publishing import ApprovedOtherwise, WrongStage, approve, publish, run_due, send_back, submit
from tests import factories
from tests.publishing.desk_steps import anew
from tests.publishing.test_schedules import again, make_due, scheduled

State = Schedule.State


@pytest.fixture
def approved(desk: Desk, reporter: User, chief: User) -> Article:
    """A story with a picture, at a desk where a second person approves everything."""
    Desk.objects.filter(pk=desk.pk).update(approval=Desk.Approval.EVERY)
    article = factories.make_article(reporter, lead_picture=factories.make_picture(reporter))
    submit(article, seen=1, by=reporter)
    return approve(article, seen=1, by=chief)


def reword(article: Article) -> None:
    Picture.objects.filter(pk=article.lead_picture_id).update(caption="別的圖說")


def rename(article: Article) -> None:
    Source.objects.filter(pk=article.source_id).update(name="別的來源")


@pytest.mark.parametrize("change", [reword, rename])
class TestWhatChangedElsewhere:
    def test_is_not_published_unapproved(
        self, change: Callable[[Article], None], approved: Article, editor: User, chief: User
    ):
        change(approved)
        with pytest.raises(ApprovedOtherwise):
            publish(approved, seen=1, by=editor)
        assert not approved.editions.exists()
        approve(anew(approved), seen=1, by=chief)
        publish(approved, seen=1, by=editor)

    def test_does_not_go_out_at_its_time(self, change: Callable[[Article], None], approved: Article, editor: User):
        row = scheduled(approved, editor)
        change(approved)
        make_due()
        assert run_due() == 0
        assert again(row).state == State.FAILED
        assert not approved.editions.exists()
        assert Alert.objects.filter(user=editor, kind="schedule-failed").exists()


def test_the_same_words_are_not_approved_twice(approved: Article, chief: User):
    with pytest.raises(WrongStage):
        approve(anew(approved), seen=1, by=chief)


def test_where_nobody_must_approve_the_newest_words_go_out(article: Article, editor: User):
    row = scheduled(article, editor)
    rename(article)
    make_due()
    assert run_due() == 1
    assert "別的來源" in again(row).edition.text.content


def test_a_desk_that_comes_to_want_approval_gets_it_also_for_what_waits(article: Article, editor: User, desk: Desk):
    row = scheduled(article, editor)
    Desk.objects.filter(pk=desk.pk).update(approval=Desk.Approval.EVERY)
    make_due()
    assert run_due() == 0
    assert again(row).state == State.FAILED
    assert not article.editions.exists()


def test_a_version_that_was_approved_and_scheduled_goes_out_whatever_is_written_after_it(
    approved: Article, editor: User, reporter: User, chief: User
):
    scheduled(approved, editor)
    later = factories.change(approved, by=reporter, headline="還要改的標題")
    submitted = later if later.stage == Article.Stage.REVIEW else submit(later, seen=2, by=reporter)
    send_back(submitted, seen=2, by=chief, text="還要改。")
    make_due()
    assert run_due() == 1
    assert approved.editions.get().text.read()["headline"] == approved.headline
