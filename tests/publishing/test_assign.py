"""Who has a story in hand, and by when; and who is told once it is overdue."""

from datetime import timedelta

import pytest

from articles.models import Article, Desk, Event, User
from articles.publishing import NotAllowed, NotAMember, assign, publish
from articles.publishing.alerts import alerts_of, mark_read
from articles.publishing.clock import database_now, stamp
from articles.publishing.overdue import tell_overdue
from articles.publishing.rights import articles_of
from tests import factories
from tests.publishing.desk_steps import Stage, anew, story


def told(user: User) -> list[str]:
    return [alert.kind for alert in alerts_of(User.objects.get(pk=user.pk))]


class TestAssigning:
    def test_is_told_noted_and_no_change_of_the_words(self, article: Article, editor: User, reporter: User):
        due = database_now() + timedelta(hours=3)
        assign(article, by=editor, to=reporter, due=due)
        after = anew(article)
        assert (after.assignee, after.due_at, after.version, after.stage) == (reporter, due, 1, Stage.DRAFT)
        assert told(reporter) == ["assigned"]
        event = Event.objects.latest("pk")
        assert (event.verb, event.before, event.after) == ("assigned", "", f"user {reporter.pk} {stamp(due)}")

    def test_lets_a_reporter_see_it_and_giving_it_on_takes_it_out_of_sight(
        self, article: Article, editor: User, reporter: User
    ):
        assign(article, by=editor, to=reporter)
        assert articles_of(reporter).filter(pk=article.pk).exists()
        assign(article, by=reporter, to=editor)
        assert not articles_of(reporter).filter(pk=article.pk).exists()
        assert told(reporter) == []

    def test_to_who_has_it_already_is_told_once(self, article: Article, editor: User, chief: User):
        for _ in range(2):
            assign(article, by=editor, to=chief)
        assign(article, by=editor, to=chief, due=database_now())
        assert told(chief) == ["assigned"]
        assert Event.objects.filter(verb="assigned").count() == 2

    def test_to_oneself_is_told_to_nobody(self, article: Article, editor: User):
        assign(article, by=editor, to=editor)
        assert told(editor) == []

    def test_to_nobody_is_fine(self, article: Article, editor: User, chief: User):
        assign(article, by=editor, to=chief)
        assert assign(article, by=editor, to=None).assignee is None

    @pytest.mark.parametrize("who", ["stranger", "administrator"])
    def test_to_who_does_not_work_at_the_desk_is_refused(self, who: str, article: Article, editor: User,
                                                        request: pytest.FixtureRequest):  # fmt: skip
        with pytest.raises(NotAMember):
            assign(article, by=editor, to=request.getfixturevalue(who))
        assert anew(article).assignee is None

    def test_to_who_was_shut_out_is_refused(self, article: Article, editor: User, desk: Desk):
        with pytest.raises(NotAMember):
            assign(article, by=editor, to=factories.make_user(role="editor", desk=desk, is_active=False))

    def test_is_for_who_may_write_on_it(self, article: Article, reporter: User, stranger: User, editor: User):
        for by in (reporter, stranger, factories.make_user()):
            with pytest.raises(NotAllowed):
                assign(article, by=by, to=editor)


class TestMovingToAnotherDesk:
    def test_takes_it_from_who_does_not_belong_there(self, article: Article, editor: User, administrator: User):
        assign(article, by=editor, to=editor)
        moved = factories.change(article, by=administrator, desk=factories.make_desk())
        assert anew(moved).assignee is None
        event = Event.objects.filter(verb="assigned").latest("pk")
        assert (event.before, event.after, event.by) == (f"user {editor.pk}", "", administrator)

    def test_leaves_it_to_who_does(self, article: Article, editor: User, administrator: User):
        there = factories.make_desk()
        both = factories.make_user(role="reporter", desk=there)
        both.memberships.create(desk=article.desk, role="editor")
        assign(article, by=editor, to=both)
        assert factories.change(article, by=administrator, desk=there).assignee == both


class TestWhatIsOverdue:
    def test_is_told_once_to_who_has_it_and_to_who_publishes(
        self, article: Article, editor: User, chief: User, reporter: User
    ):
        assign(article, by=editor, to=reporter, due=database_now() - timedelta(seconds=1))
        assert tell_overdue() == 1
        for user in (reporter, editor, chief):
            assert told(user)[0] == "overdue"
            mark_read(user)
        assert tell_overdue() == 0
        assert [told(user).count("overdue") for user in (reporter, editor, chief)] == [1, 1, 1]

    def test_may_be_told_again_of_another_time(self, article: Article, editor: User, chief: User):
        assign(article, by=editor, to=None, due=database_now() - timedelta(hours=1))
        tell_overdue()
        assign(article, by=editor, to=None, due=database_now() + timedelta(hours=1))
        assert tell_overdue() == 0
        Article.objects.update(due_at=database_now())
        assert tell_overdue() == 1

    @pytest.mark.parametrize("stage", list(Stage))
    def test_is_what_somebody_still_has_to_do(self, stage: Stage, editor: User, chief: User, desk: Desk):
        article = story(stage, by=editor, second=chief, desk=desk)
        Article.objects.filter(pk=article.pk).update(due_at=database_now() - timedelta(seconds=1))
        assert tell_overdue() == (stage in {Stage.DRAFT, Stage.REVIEW, Stage.CHANGED})

    def test_is_not_what_went_out(self, article: Article, editor: User):
        assign(article, by=editor, to=None, due=database_now() - timedelta(seconds=1))
        publish(article, seen=1, by=editor)
        factories.change(article, by=editor, headline="改了一字")
        assert anew(article).due_at is None
        assert tell_overdue() == 0
