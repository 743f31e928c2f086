"""Who may do what, at which desk."""

import pytest
from django.contrib.auth.models import AnonymousUser

from articles.models import Article, Desk, Membership, User
from articles.publishing import NotAllowed, disable, enable, welcome_link
from articles.publishing.rights import Right, articles_of, desks_where, may
from tests import factories

TABLE = {  # role -> what it may do at its own desk
    "reporter": {Right.WRITE},
    "editor": {Right.WRITE, Right.PUBLISH, Right.CORRECT, Right.LIBRARY},
    "chief": {Right.WRITE, Right.PUBLISH, Right.CORRECT, Right.DECIDE, Right.LIBRARY, Right.PEOPLE},
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
    article: Article, reporter: User, stranger: User, administrator: User
):
    assert list(articles_of(reporter)) == [article]
    assert list(articles_of(stranger)) == []
    assert list(articles_of(administrator)) == [article]


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
