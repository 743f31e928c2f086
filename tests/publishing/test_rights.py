"""Who may do what, at which desk."""

import pytest
from django.contrib.auth.models import AnonymousUser

from articles.models import Article, Desk, Membership, User
from articles.publishing import NotAllowed, disable, enable, welcome_link
from articles.publishing.rights import Right, articles_of, desks_where, may, may_on
from tests import factories

TABLE = {  # role -> what it may do at its own desk
    "reporter": {Right.WRITE},
    "editor": {Right.WRITE, Right.PUBLISH, Right.CORRECT, Right.FRONT, Right.LAUNCH, Right.LIBRARY},
    "chief": {
        Right.WRITE,
        Right.PUBLISH,
        Right.CORRECT,
        Right.DECIDE,
        Right.FRONT,
        Right.LAUNCH,
        Right.LIBRARY,
        Right.PEOPLE,
    },
}


@pytest.mark.parametrize("role", TABLE)
@pytest.mark.parametrize("right", list(Right))
def test_a_role_counts_at_its_own_desk_and_nowhere_else(db: None, desk: Desk, role: str, right: Right):
    user = factories.make_user(role=role, desk=desk)
    other = factories.make_desk()
    assert may(user, right, desk) == (right in TABLE[role])
    assert not may(user, right, other)
    assert may(user, right) == (right in TABLE[role])


@pytest.mark.parametrize("right", list(Right))
def test_administrators_may_everything_and_outsiders_nothing(db: None, desk: Desk, administrator: User, right: Right):
    assert may(administrator, right, desk)
    assert not may(factories.make_user(), right, desk)
    assert not may(AnonymousUser(), right, desk)
    administrator.is_active = False
    assert not may(administrator, right, desk)


def test_somebody_may_have_different_roles_at_two_desks(db: None, desk: Desk, editor: User):
    other = factories.make_desk()
    Membership.objects.create(user=editor, desk=other, role="reporter")
    assert may(editor, Right.PUBLISH, desk)
    assert not may(editor, Right.PUBLISH, other)
    assert set(desks_where(editor, Right.WRITE)) == {desk, other}
    assert set(desks_where(editor, Right.PUBLISH)) == {desk}


def test_working_copies_are_seen_by_their_desk_alone(
    article: Article, editor: User, chief: User, stranger: User, administrator: User
):
    for colleague in (editor, chief):
        assert list(articles_of(colleague)) == [article]
    assert list(articles_of(stranger)) == []
    assert list(articles_of(administrator)) == [article]


class TestReporters:
    def test_see_and_change_what_they_began(self, article: Article, reporter: User, desk: Desk):
        own = factories.make_article(reporter, desk=desk)
        assert list(articles_of(reporter)) == [own]
        assert may_on(reporter, Right.WRITE, own)
        assert not may_on(reporter, Right.WRITE, article)
        with pytest.raises(NotAllowed):
            factories.change(article, by=reporter, headline="別人的稿")

    def test_see_what_is_assigned_to_them(self, article: Article, reporter: User):
        Article.objects.filter(pk=article.pk).update(assignee=reporter)
        assert list(articles_of(reporter)) == [article]
        assert factories.change(article, by=reporter, headline="交給我的稿").headline == "交給我的稿"

    def test_see_what_they_began_no_longer_once_it_is_at_another_desk(
        self, reporter: User, administrator: User, desk: Desk
    ):
        own = factories.make_article(reporter, desk=desk)
        factories.change(own, by=administrator, desk=factories.make_desk())
        assert list(articles_of(reporter)) == []

    def test_are_editors_where_they_are_editors(self, article: Article, reporter: User, editor: User):
        other = factories.make_desk()
        Membership.objects.create(user=reporter, desk=other, role="editor")
        Membership.objects.create(user=editor, desk=other, role="editor")
        there = factories.make_article(User.objects.get(pk=editor.pk), desk=other)
        assert list(articles_of(User.objects.get(pk=reporter.pk))) == [there]


class TestRulesOfADesk:
    @pytest.mark.parametrize(
        ("rule", "right"),
        [("editors_publish", Right.PUBLISH), ("editors_correct", Right.CORRECT), ("editors_launch", Right.LAUNCH)],
    )
    def test_may_keep_publishing_or_correcting_to_the_chief(
        self, rule: str, right: Right, desk: Desk, editor: User, chief: User
    ):
        assert may(editor, right, desk)
        Desk.objects.filter(pk=desk.pk).update(**{rule: False})
        (one,), (two,) = User.objects.filter(pk=editor.pk), User.objects.filter(pk=chief.pk)
        other = Right.CORRECT if right != Right.CORRECT else Right.PUBLISH
        assert not may(one, right, desk)
        assert not may(one, right)
        assert list(desks_where(one, right)) == []
        assert may(one, other, desk)
        assert may(two, right, desk)


class TestColleagues:
    def test_a_chief_disables_reporters_and_editors_of_the_own_desk(self, chief: User, editor: User):
        disable(editor, by=chief)
        assert not User.objects.get(pk=editor.pk).is_active
        enable(editor, by=chief)
        assert User.objects.get(pk=editor.pk).is_active

    def test_a_chief_has_no_power_over_chiefs_administrators_other_desks_or_oneself(
        self, chief: User, stranger: User, administrator: User, desk: Desk
    ):
        other_chief = factories.make_user(role="chief", desk=desk)
        both = factories.make_user(role="reporter", desk=desk)
        Membership.objects.create(user=both, desk=stranger.memberships.get().desk, role="editor")
        for user in (other_chief, administrator, stranger, chief, both, factories.make_user()):
            for verb in (disable, enable, welcome_link):
                with pytest.raises(NotAllowed):
                    verb(user, by=chief)

    def test_an_editor_disables_nobody(self, editor: User, reporter: User):
        with pytest.raises(NotAllowed):
            disable(reporter, by=editor)

    def test_an_administrator_cannot_lock_oneself_out(self, administrator: User):
        with pytest.raises(NotAllowed):
            disable(administrator, by=administrator)
