"""Notices to colleagues: who is told, once, and only as long as they may see the story."""

import pytest
from django.test import override_settings

from articles.models import Alert, Article, Membership, User
from articles.publishing import alerts
from tests import factories

Kind = Alert.Kind


def fresh(user: User) -> User:
    """The user as the next request reads them."""
    return User.objects.get(pk=user.pk)


def told(user: User) -> list[str]:
    return [alert.kind for alert in alerts.alerts_of(fresh(user))]


class TestANotice:
    def test_is_told_to_each_once_and_never_to_who_did_it(self, article: Article, editor: User, chief: User):
        alerts.tell(Kind.ASSIGNED, article, [chief, chief, editor, None], editor)
        assert (told(chief), told(editor)) == (["assigned"], [])
        assert alerts.unread(chief) == 1

    def test_that_was_not_read_yet_becomes_new_instead_of_a_second_one(
        self, article: Article, editor: User, chief: User, administrator: User
    ):
        alerts.tell(Kind.RETURNED, article, [chief], editor)
        first = Alert.objects.get()
        alerts.tell(Kind.RETURNED, article, [chief], administrator)
        again = Alert.objects.get()
        assert again.pk == first.pk
        assert again.at >= first.at
        assert again.actor == administrator

    def test_that_was_read_may_come_again(self, article: Article, editor: User, chief: User):
        alerts.tell(Kind.RETURNED, article, [chief], editor)
        assert alerts.mark_read(chief) == 1
        assert alerts.unread(chief) == 0
        alerts.tell(Kind.RETURNED, article, [chief], editor)
        assert (len(told(chief)), alerts.unread(chief)) == (2, 1)

    def test_of_one_thing_is_another_than_of_another_thing(self, article: Article, editor: User, chief: User):
        for target in (1, 2, 2):
            alerts.tell(Kind.COMMENTED, article, [chief], editor, target=target)
        assert alerts.unread(chief) == 2

    def test_is_marked_read_by_its_own_person_alone(self, article: Article, editor: User, chief: User):
        alerts.tell(Kind.ASSIGNED, article, [chief], editor)
        assert alerts.mark_read(editor, [Alert.objects.get().pk]) == 0
        assert alerts.unread(chief) == 1
        assert alerts.mark_read(chief, [Alert.objects.get().pk, 2**40]) == 1

    def test_is_not_for_who_was_shut_out(self, article: Article, editor: User, chief: User):
        chief.is_active = False
        alerts.tell(Kind.ASSIGNED, article, [chief], editor)
        assert not Alert.objects.exists()


class TestWhoLostTheRight:
    def test_is_shown_nothing_any_more(self, article: Article, editor: User, chief: User):
        alerts.tell(Kind.ASSIGNED, article, [chief], editor)
        Membership.objects.filter(user=chief).delete()
        assert told(chief) == []
        assert alerts.unread(fresh(chief)) == 0

    def test_neither_where_the_story_went_to_another_desk(
        self, article: Article, editor: User, chief: User, administrator: User
    ):
        alerts.tell(Kind.ASSIGNED, article, [chief], editor)
        factories.change(article, by=administrator, desk=factories.make_desk())
        assert told(chief) == []

    def test_nor_a_reporter_who_is_not_assigned_any_more(self, article: Article, editor: User, reporter: User):
        Article.objects.filter(pk=article.pk).update(assignee=reporter)
        alerts.tell(Kind.ASSIGNED, article, [reporter], editor)
        assert told(reporter) == ["assigned"]
        Article.objects.filter(pk=article.pk).update(assignee=None)
        assert told(reporter) == []


class TestAMail:
    @pytest.mark.parametrize("wanted", [True, False])
    def test_waits_where_the_person_wishes(self, wanted: bool, article: Article, editor: User):
        user = factories.make_user(role="chief", desk=article.desk, email="dazhen@news.example", mail_alerts=wanted)
        with override_settings(EMAIL_HOST="mail.example"):
            alerts.tell(Kind.ASSIGNED, article, [user], editor)
        assert Alert.objects.get().mail == ("waiting" if wanted else "")

    def test_waits_for_nobody_without_an_address_or_a_server(self, article: Article, editor: User):
        nowhere = factories.make_user(role="chief", desk=article.desk, mail_alerts=True)
        somewhere = factories.make_user(role="chief", desk=article.desk, mail_alerts=True, email="a@news.example")
        with override_settings(EMAIL_HOST="mail.example"):
            alerts.tell(Kind.ASSIGNED, article, [nowhere], editor)
        with override_settings(EMAIL_HOST=""):
            alerts.tell(Kind.ASSIGNED, article, [somewhere], editor)
        assert set(Alert.objects.values_list("mail", flat=True)) == {""}
