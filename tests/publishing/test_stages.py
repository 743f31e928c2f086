"""Where a working copy stands, and what a save or a publication does to that."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from articles.models import Article, Desk, User
from articles.publishing import Embargoed, NotApproved, Spiked, publish
from articles.publishing.clock import database_now
from articles.publishing.issue import issue
from tests import factories

Stage = Article.Stage


def stand(article: Article, stage: str, **values: object) -> Article:
    Article.objects.filter(pk=article.pk).update(stage=stage, **values)
    return Article.objects.get(pk=article.pk)


class TestASave:
    def test_of_what_was_approved_takes_the_approval_back(self, article: Article, editor: User, reporter: User):
        stand(article, Stage.APPROVED, submitted_by=reporter, approved_by=editor, approved_version=1)
        article = factories.change(article, by=editor, headline="改了一字")
        assert (article.stage, article.approved_by, article.approved_version) == (Stage.REVIEW, None, None)

    @pytest.mark.parametrize("stage", [Stage.DRAFT, Stage.REVIEW])
    def test_of_what_is_written_or_reviewed_changes_no_stage(self, stage: str, article: Article, editor: User):
        stand(article, stage)
        assert factories.change(article, by=editor, headline="改了一字").stage == stage

    def test_of_what_is_public_makes_unpublished_changes(self, published: Article, editor: User):
        assert factories.change(published, by=editor, headline="改了一字").stage == Stage.CHANGED

    def test_of_what_was_scheduled_without_review_is_written_on(self, article: Article, editor: User):
        stand(article, Stage.SCHEDULED)
        assert factories.change(article, by=editor, headline="改了一字").stage == Stage.DRAFT

    def test_of_what_was_spiked_is_refused(self, article: Article, editor: User):
        article = stand(article, Stage.SPIKED)
        with pytest.raises(Spiked):
            factories.change(article, by=editor, headline="改了一字")


class TestADeskThatWantsASecondPerson:
    @pytest.mark.parametrize("rule", [Desk.Approval.FIRST, Desk.Approval.EVERY])
    def test_publishes_what_was_approved_in_this_version(self, rule: str, article: Article, editor: User):
        Desk.objects.update(approval=rule)
        with pytest.raises(NotApproved):
            publish(article, seen=1, by=editor)
        stand(article, Stage.APPROVED, approved_by=editor, approved_version=1)
        assert publish(article, seen=1, by=editor).number == 1

    def test_may_want_it_for_first_publications_alone(self, published: Article, editor: User):
        Desk.objects.update(approval=Desk.Approval.FIRST)
        assert factories.publish_again(published, by=editor, headline="改了一字").number == 2
        Desk.objects.update(approval=Desk.Approval.EVERY)
        with pytest.raises(NotApproved):
            factories.publish_again(published, by=editor, headline="又改一字")

    def test_forgets_the_approval_with_the_publication(self, article: Article, editor: User):
        stand(article, Stage.APPROVED, submitted_by=editor, approved_by=editor, approved_version=1)
        publish(article, seen=1, by=editor)
        article.refresh_from_db()
        assert (article.stage, article.submitted_by, article.approved_version) == (Stage.PUBLISHED, None, None)


class TestAnEmbargo:
    def test_is_a_floor_under_the_first_publication(self, article: Article, editor: User):
        stand(article, Stage.DRAFT, embargo_until=database_now() + timedelta(hours=1), embargo_zone="Asia/Shanghai")
        with pytest.raises(Embargoed, match="Asia/Shanghai"):
            publish(article, seen=1, by=editor)
        assert not article.editions.exists()
        stand(article, Stage.DRAFT, embargo_until=database_now() - timedelta(seconds=1))
        assert publish(article, seen=1, by=editor).number == 1

    def test_is_held_by_the_database_too(self, article: Article, editor: User):
        until = database_now() + timedelta(hours=1)
        stand(article, Stage.DRAFT, embargo_until=until, embargo_zone="Asia/Shanghai")
        article = Article.objects.with_parts().get(pk=article.pk)
        article.embargo_until = None  # as if a verb had forgotten it
        with pytest.raises(DatabaseError, match="under embargo"), transaction.atomic():
            issue(article, kind=None, by=editor, at=database_now())

    def test_cannot_be_laid_on_what_is_public(self, published: Article):
        with pytest.raises(DatabaseError, match="no embargo"), transaction.atomic():
            stand(published, Stage.PUBLISHED, embargo_until=database_now(), embargo_zone="Asia/Shanghai")

    def test_names_its_zone(self, article: Article):
        with pytest.raises(DatabaseError), transaction.atomic():
            stand(article, Stage.DRAFT, embargo_until=database_now())


def test_a_spiked_story_is_not_published(article: Article, editor: User):
    stand(article, Stage.SPIKED)
    with pytest.raises(Spiked):
        publish(article, seen=1, by=editor)
