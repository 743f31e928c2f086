"""The spike: for what never was public; nothing is lost on it."""

import pytest
from django.utils.translation import override

from articles.models import Article, Desk, Event, Schedule, User
from articles.publishing import PublicStory, Spiked, assign, publish, restore, spike
from articles.publishing.clock import database_now
from articles.publishing.save_draft import save_draft
from articles.publishing.waiting import when
from tests import factories
from tests.publishing.desk_steps import Stage, anew, story, wait


def test_a_spiked_story_comes_back_as_it_was(article: Article, editor: User):
    before = factories.draft_of(article)
    spike(article, seen=1, by=editor)
    restore(article, by=editor)
    after = anew(article)
    assert (after.stage, after.version, factories.draft_of(after)) == (Stage.DRAFT, 1, before)


def test_nothing_else_happens_to_it_meanwhile(article: Article, editor: User):
    spike(article, seen=1, by=editor)
    for act in (
        lambda: save_draft(article, seen=1, by=editor, draft=factories.draft_of(article)),
        lambda: publish(article, seen=1, by=editor),
        lambda: assign(article, by=editor, to=editor),
        lambda: spike(article, seen=1, by=editor),
    ):
        with pytest.raises(Spiked):
            act()


def test_what_was_scheduled_does_not_happen_and_the_trail_says_so(article: Article, editor: User, chief: User):
    waiting = wait(article, by=chief)
    spike(article, seen=1, by=editor)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.error, waiting.closed_by) == (Schedule.State.CANCELLED, "spiked", editor)
    assert waiting.closed_at
    assert list(Event.objects.filter(by=editor, verb__in=["unscheduled", "spiked"]).order_by("pk").values_list(
        "verb", "thing", "before", "after")) == [
        ("unscheduled", "version 1", when(waiting), ""), ("spiked", "", "scheduled", "spiked")]  # fmt: skip


def test_it_is_due_no_more_and_waits_for_no_review(article: Article, editor: User, chief: User, desk: Desk):
    article = story(Stage.APPROVED, by=editor, second=chief, desk=desk)
    assign(article, by=chief, to=editor, due=database_now())
    spike(article, seen=1, by=chief)
    after = anew(article)
    assert (after.due_at, after.submitted_by, after.approved_by, after.approved_version) == (None,) * 4
    assert after.assignee == editor


@pytest.mark.parametrize("withdrawn", [False, True])
def test_what_readers_have_seen_is_not_spiked(withdrawn: bool, published: Article, editor: User, chief: User):
    if withdrawn:
        factories.withdraw(published, by=chief, second=editor)
    for stage in (Stage.DRAFT, Stage.REVIEW, Stage.APPROVED, Stage.SCHEDULED):  # the stage alone would do
        Article.objects.filter(pk=published.pk).update(stage=stage)
        with override("en"), pytest.raises(PublicStory, match="retract"):
            spike(published, seen=1, by=chief)
        assert anew(published).stage == stage
