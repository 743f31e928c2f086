"""Notices by e-mail, handed to a mail server on loopback: to whom, what they say, and what becomes of those refused."""

import importlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import override_settings
from django.utils import translation
from django.utils.translation import gettext

from articles.models import Alert, Article, Membership, Site, User
from articles.publishing import alerts, assign, spike
from articles.publishing.clock import database_now
from articles.publishing.mail_alerts import RETRY, mail_alerts
from tests import factories
from tests.harness import smtp

MAIL = "reader.of.notices@news.example"


@pytest.fixture
def sink() -> Iterator[smtp.Sink]:
    with smtp.Running() as sink:
        with override_settings(
            EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", EMAIL_HOST="127.0.0.1", EMAIL_PORT=sink.port,
            EMAIL_HOST_USER="", EMAIL_HOST_PASSWORD="", EMAIL_USE_TLS=False, EMAIL_USE_SSL=False,
            DEFAULT_FROM_EMAIL="desk@news.example", SITE_ADDRESS="https://news.example",
        ):  # fmt: skip
            yield sink


@pytest.fixture
def reader(reporter: User) -> User:
    """A reporter who wishes to be told by e-mail, in English."""
    User.objects.filter(pk=reporter.pk).update(email=MAIL, mail_alerts=True, language="en")
    return User.objects.get(pk=reporter.pk)


@pytest.fixture
def waiting(article: Article, editor: User, reader: User, site: Site, sink: smtp.Sink) -> Alert:
    assign(article, by=editor, to=reader)
    alert = Alert.objects.get()
    assert alert.mail == "waiting"
    return alert


def due_again() -> None:
    Alert.objects.filter(mail="waiting").update(mail_at=database_now() - timedelta(seconds=1))


def state() -> str:
    return Alert.objects.get().mail


class TestALetter:
    def test_says_who_what_and_where_and_not_one_word_of_the_story(
        self, waiting: Alert, article: Article, editor: User, sink: smtp.Sink
    ):
        assert mail_alerts() == 1
        ((recipients, message),) = sink.letters
        assert recipients == [MAIL]
        assert message["Subject"] == "朗措新聞: A story was assigned to you"
        assert message["To"] == MAIL
        assert message["From"] == "desk@news.example"
        text = message.get_content()
        assert f"By: {editor}" in text
        assert f"https://news.example/admin/alerts/{waiting.pk}/" in text
        for words in (article.headline, "青稞", article.code):
            assert words not in f"{message['Subject']} {text}"
        assert state() == "sent"

    def test_is_sent_once(self, waiting: Alert, sink: smtp.Sink):
        assert (mail_alerts(), mail_alerts(), len(sink.letters)) == (1, 0, 1)

    def test_speaks_the_language_of_the_person(self, waiting: Alert, sink: smtp.Sink):
        User.objects.filter(email=MAIL).update(language="zh-hant")
        mail_alerts()
        with translation.override("zh-hant"):
            what = gettext("A story %(what)s") % {"what": waiting.get_kind_display()}
        assert sink.letters[0][1]["Subject"] == f"朗措新聞: {what}"
        assert sink.letters[0][1]["Auto-Submitted"] == "auto-generated"


class TestNothingIsSent:
    def test_to_who_has_no_right_any_more(self, waiting: Alert, sink: smtp.Sink):
        Membership.objects.filter(user__email=MAIL).delete()
        assert (mail_alerts(), sink.letters, state()) == (0, [], "dropped")

    def test_to_who_is_not_assigned_any_more(self, waiting: Alert, article: Article, editor: User, sink: smtp.Sink):
        assign(article, by=editor, to=editor)
        assert (mail_alerts(), sink.letters, state()) == (0, [], "dropped")

    def test_of_what_was_read_in_the_meantime(self, waiting: Alert, sink: smtp.Sink):
        alerts.mark_read(waiting.user)
        assert (mail_alerts(), sink.letters) == (0, [])

    @pytest.mark.parametrize("change", [{"is_active": False}, {"mail_alerts": False}, {"email": ""}])
    def test_to_who_was_shut_out_or_wishes_it_no_more(self, change: dict[str, object], waiting: Alert, sink: smtp.Sink):
        User.objects.filter(pk=waiting.user_id).update(**change)
        assert (mail_alerts(), sink.letters, state()) == (0, [], "dropped")

    @pytest.mark.parametrize(
        "email",
        ["a@b.example\r\nBcc: c@d.example", "a@b.example, c@d.example", "A <a@b.example>", "a", "a@b.example\n"],
    )
    def test_to_what_is_more_than_one_plain_address(self, email: str, waiting: Alert, sink: smtp.Sink):
        User.objects.filter(pk=waiting.user_id).update(email=email)
        assert (mail_alerts(), sink.letters, state()) == (0, [], "dropped")

    def test_where_the_newsroom_has_no_mail_server(self, waiting: Alert):
        with override_settings(EMAIL_HOST=""):
            assert mail_alerts() == 0
        assert state() == "waiting"


@pytest.mark.parametrize("name", ["朗措\r\nBcc: c@d.example", "朗措\nX: y"])
def test_no_name_can_begin_another_header(name: str, waiting: Alert, sink: smtp.Sink):
    Site.objects.update(name=name, name_en=name)
    User.objects.filter(pk=waiting.actor_id).update(first_name=name)
    assert mail_alerts() == 1
    ((recipients, message),) = sink.letters
    assert recipients == [MAIL]
    assert message["Bcc"] is None
    assert message["X"] is None


class TestWhatIsRefused:
    def test_is_tried_again_later_and_later_and_then_dropped_for_good(self, waiting: Alert, sink: smtp.Sink):
        sink.refuse[MAIL] = "450 not now"
        for attempt, pause in enumerate(RETRY[:-1], start=1):
            before = database_now()
            assert mail_alerts() == 0
            alert = Alert.objects.get()
            assert (alert.mail, alert.mail_attempts) == ("waiting", attempt)
            assert alert.mail_at
            assert before + pause <= alert.mail_at <= database_now() + pause
            assert mail_alerts() == 0  # not before its time
            assert Alert.objects.get().mail_attempts == attempt
            due_again()
        assert mail_alerts() == 0
        assert state() == "dropped"
        due_again()
        sink.refuse.clear()
        assert (mail_alerts(), sink.letters) == (0, [])

    def test_goes_out_once_the_server_takes_it(self, waiting: Alert, sink: smtp.Sink):
        sink.refuse[MAIL] = "450 not now"
        mail_alerts()
        sink.refuse.clear()
        due_again()
        assert (mail_alerts(), len(sink.letters), state()) == (1, 1, "sent")

    def test_holds_none_of_the_others(self, waiting: Alert, article: Article, editor: User, chief: User,
                                     sink: smtp.Sink):  # fmt: skip
        User.objects.filter(pk=chief.pk).update(email="chief@news.example", mail_alerts=True)
        alerts.tell(Alert.Kind.COMMENTED, article, [User.objects.get(pk=chief.pk)], editor, target=1)
        sink.refuse[MAIL] = "550 nobody here"
        assert mail_alerts() == 1
        assert [recipients for recipients, _ in sink.letters] == [["chief@news.example"]]

    def test_waits_where_the_server_does_not_answer(self, waiting: Alert, sink: smtp.Sink):
        with override_settings(EMAIL_PORT=1):
            assert mail_alerts() == 0
        assert (state(), Alert.objects.get().mail_attempts) == ("waiting", 1)


class Killed(BaseException):
    """What no `except Exception` sees, as little as the end of the process."""


class TestALetterThatEndsTheWorkersProcess:
    @pytest.fixture
    def poison(self, waiting: Alert, monkeypatch: pytest.MonkeyPatch) -> Alert:
        module = importlib.import_module("articles.publishing.mail_alerts")
        whole = module._send

        def send(alert: Alert, connection: Any) -> bool:
            if alert.pk == waiting.pk:
                raise Killed
            return bool(whole(alert, connection))

        monkeypatch.setattr(module, "_send", send)
        return waiting

    def test_is_tried_later_and_later_and_then_dropped_for_good(self, poison: Alert):
        for attempt, pause in enumerate(RETRY, start=1):
            before = database_now()
            with pytest.raises(Killed):
                mail_alerts()
            poison.refresh_from_db()
            assert (poison.mail, poison.mail_attempts) == ("waiting", attempt)
            assert poison.mail_at
            assert poison.mail_at >= before + pause
            assert mail_alerts() == 0  # not before its time
            due_again()
        assert (mail_alerts(), state()) == (0, "dropped")

    def test_holds_none_of_the_others(self, poison: Alert, article: Article, chief: User, sink: smtp.Sink):
        with pytest.raises(Killed):
            mail_alerts()
        User.objects.filter(pk=chief.pk).update(email="chief@news.example", mail_alerts=True)
        alerts.tell(Alert.Kind.COMMENTED, article, [User.objects.get(pk=chief.pk)], poison.actor, target=1)
        due_again()
        Alert.objects.filter(pk=poison.pk).update(mail_at=database_now() - timedelta(days=1))
        with pytest.raises(Killed):
            mail_alerts()
        assert [recipients for recipients, _ in sink.letters] == [["chief@news.example"]]


def test_an_embargoed_or_spiked_story_is_told_without_its_words(waiting: Alert, article: Article, editor: User,
                                                               sink: smtp.Sink):  # fmt: skip
    Article.objects.filter(pk=article.pk).update(
        embargo_until=database_now() + timedelta(days=1), embargo_zone="Asia/Shanghai"
    )
    spike(article, seen=1, by=editor)
    assert mail_alerts() == 1
    assert article.headline not in sink.letters[0][1].as_string()
    assert factories.PASSWORD not in sink.letters[0][1].as_string()
