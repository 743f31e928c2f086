"""The one door: counted tries, known browsers, the second step, sessions that end, and letters that tell nobody who
exists."""

import base64
import re
import time
from typing import Any

import pytest
from django.contrib.auth.hashers import get_hasher
from django.core import mail
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.desk.known_browser import NAME as KNOWN
from articles.models import Article, Desk, Event, PasswordRequest, Try, User
from articles.publishing.door.password_letters import send_password_letters
from articles.publishing.door.second_factor import new_recovery_codes
from tests import factories
from tests.desk.forms import Form, at_the_desk, open_form, parse
from tests.harness.once import on_postgresql

LOGIN, SECOND, LETTER = "/admin/login/", "/admin/login/second/", "/admin/login/password/"
NEW = "一個很長的密碼 4711"
STORIES = "/admin/articles/article/"


def browser(address: str = "10.0.0.1") -> Client:
    return Client(REMOTE_ADDR=address, headers={"Accept-Language": "en"})


def log_in(client: Client, username: str = "nima", password: str = factories.PASSWORD, to: str = "") -> HttpResponse:
    return client.post(LOGIN, {"username": username, "password": password, "next": to})


def words(response: HttpResponse) -> str:
    return parse(response).one("main").words


def is_in(client: Client) -> bool:
    return client.get("/admin/").status_code == 200


class TestWrongPasswords:
    def test_after_five_the_door_says_how_long_to_wait_and_keeps_the_name(self, reporter: User):
        client = browser()
        answers = [log_in(client, password="falsch") for _ in range(6)]
        assert [answer.status_code for answer in answers] == [200] * 5 + [429]
        assert "Too many tries. Wait 15 minutes, then try again." in words(answers[-1])
        assert 890 <= int(answers[-1]["Retry-After"]) <= 900
        assert Form(client, LOGIN, answers[-1], "login-form")["username"] == "nima"

    def test_then_the_right_one_is_not_even_looked_at(self, reporter: User):
        client = browser()
        for _ in range(5):
            log_in(client, password="falsch")
        assert log_in(client).status_code == 429
        assert not is_in(client)

    def test_five_of_many_reach_the_hasher(self, reporter: User, monkeypatch: pytest.MonkeyPatch):
        hashed: list[str] = []
        hasher = type(get_hasher())
        encode = hasher.encode

        def counted(self: Any, password: str, *rest: Any) -> Any:
            hashed.append(password)
            return encode(self, password, *rest)

        monkeypatch.setattr(hasher, "encode", counted)
        client = browser()
        for number in range(40):
            log_in(client, password=f"falsch{number}")
        assert sorted(set(hashed)) == [f"falsch{number}" for number in range(5)]

    def test_somebody_at_another_address_comes_in_meanwhile(self, reporter: User):
        for _ in range(8):
            log_in(browser("10.0.0.1"), password="falsch")
        client = browser("10.0.0.2")
        assert log_in(client)["Location"] == "/admin/"
        assert is_in(client)

    def test_a_colleague_at_the_same_address_comes_in_meanwhile(self, reporter: User, editor: User):
        for _ in range(8):
            log_in(browser(), password="falsch")
        assert log_in(browser(), "yinxiaoyan")["Location"] == "/admin/"

    def test_an_address_has_fifty_for_all_names(self, reporter: User):
        client = browser()
        answers = [log_in(client, f"user{number}", "x").status_code for number in range(60)]
        assert answers == [200] * 50 + [429] * 10
        assert log_in(browser("10.0.0.2")).status_code == 302

    def test_behind_a_proxy_the_address_is_the_one_it_wrote(self, reporter: User, settings: Any):
        settings.BEHIND_PROXY = True
        for number in range(8):
            forwarded = {"X-Forwarded-For": f"6.6.6.{number}, 10.0.0.9"}
            last = Client(headers=forwarded).post(LOGIN, {"username": "nima", "password": "falsch"})
        assert last.status_code == 429

    def test_a_name_that_nobody_has_is_answered_alike(self, reporter: User):
        there = [words(log_in(browser("10.0.0.1"), "nima", "falsch")) for _ in range(7)]
        nowhere = [words(log_in(browser("10.0.0.2"), "gibtsnicht", "falsch")) for _ in range(7)]
        assert there == nowhere

    def test_a_right_one_in_between_begins_anew(self, reporter: User):
        client = browser()
        for _ in range(4):
            log_in(client, password="falsch")
        assert log_in(client).status_code == 302
        assert not Try.objects.exists()


@on_postgresql
class TestAKnownBrowser:
    """One that the account has come in by before."""

    @pytest.fixture
    def known(self, reporter: User) -> Client:
        client = browser()
        log_in(client)
        client.post("/admin/logout/")
        return client

    def shut(self, username: str = "nima", tries: int = 35) -> None:
        """Guess from many addresses, until the account is shut."""
        for number in range(tries):
            last = log_in(browser(f"10.7.{number}.1"), username, "falsch")
        assert last.status_code == 429

    def test_lets_its_owner_in_while_the_account_is_shut_everywhere_else(self, known: Client):
        self.shut()
        assert log_in(browser("10.0.0.9")).status_code == 429
        assert log_in(known)["Location"] == "/admin/"
        assert is_in(known)

    def test_lets_its_owner_in_while_its_address_is_shut_for_all(self, known: Client, editor: User):
        for number in range(50):
            log_in(browser(), f"user{number}", "x")
        assert log_in(browser(), "yinxiaoyan").status_code == 429
        assert log_in(known)["Location"] == "/admin/"

    def test_has_five_tries_as_everybody(self, known: Client):
        assert [log_in(known, password="falsch").status_code for _ in range(6)] == [200] * 5 + [429]

    def test_is_known_for_its_own_accounts_alone(self, known: Client, editor: User):
        self.shut("yinxiaoyan")
        assert log_in(known, "yinxiaoyan").status_code == 429

    def test_is_known_to_all_who_share_it(self, known: Client, editor: User):
        log_in(known, "yinxiaoyan")
        known.post("/admin/logout/")
        self.shut()
        self.shut("yinxiaoyan")
        for username in ("nima", "yinxiaoyan"):
            assert log_in(known, username).status_code == 302

    def test_lets_its_owner_prove_again_while_the_account_is_shut(self, reporter: User):
        client = browser()
        log_in(client)
        self.shut()
        form = open_form(client, "/admin/password_change/")
        assert form.send(old_password=factories.PASSWORD, new_password1=NEW, new_password2=NEW).status_code == 302

    def test_stays_known_when_its_owner_changes_the_password_there(self, reporter: User):
        client, other = browser(), browser()
        for one in (client, other):
            log_in(one)
        open_form(client, "/admin/password_change/").send(
            old_password=factories.PASSWORD, new_password1=NEW, new_password2=NEW
        )
        client.post("/admin/logout/")
        self.shut()
        assert log_in(other, password=NEW).status_code == 429
        assert log_in(client, password=NEW).status_code == 302

    def test_stays_known_when_its_owner_sets_up_a_second_factor_there(self, reporter: User):
        client = browser()
        log_in(client)
        form = open_form(client, "/admin/second-factor/app/", "app-form")
        form.send(code=factories.code_now(client.session["app-secret"]))
        client.post("/admin/logout/")
        self.shut()
        assert log_in(client)["Location"] == SECOND

    @pytest.mark.parametrize("change", ["password", "sessions", "disabled"])
    def test_is_known_no_more_after_a_new_password_or_where_all_sessions_were_ended(
        self, change: str, known: Client, reporter: User, administrator: User
    ):
        from articles.publishing import disable, enable
        from articles.publishing.colleagues import end_sessions

        if change == "password":
            reporter.set_password(factories.PASSWORD)
            reporter.save()
        elif change == "sessions":
            end_sessions(reporter)
        else:
            disable(reporter, by=administrator)
            enable(reporter, by=administrator)
        self.shut()
        assert log_in(known).status_code == 429

    def test_becomes_known_only_by_both_factors(self, reporter: User):
        factories.give_app(reporter)
        client = browser()
        assert log_in(client)["Location"] == SECOND
        assert KNOWN not in client.cookies

    def test_opens_nothing_by_itself(self, known: Client):
        assert not is_in(known)
        assert log_in(known, password="falsch").status_code == 200
        assert not is_in(known)

    @pytest.mark.parametrize("forged", ["", "x", ":::", "é", "eyJhIjoxfQ:1tXyZ:abc", "[" * 4000])
    def test_is_not_forged(self, forged: str, reporter: User):
        self.shut()
        client = browser()
        client.cookies[KNOWN] = forged
        assert log_in(client).status_code == 429

    def test_gives_nothing_to_read_in_its_cookie(self, known: Client, reporter: User):
        value = known.cookies[KNOWN].value
        body = value.split(":")[0]
        told = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)).decode()
        assert "nima" not in told
        assert reporter.get_session_auth_hash() not in told

    def test_keeps_it_a_year_for_the_desk_alone(self, known: Client, published: Article):
        cookie = known.cookies[KNOWN]
        assert (cookie["httponly"], cookie["samesite"], cookie["domain"], cookie["path"], cookie["max-age"]) == (
            True, "Lax", "", "/admin/", 365 * 24 * 3600
        )  # fmt: skip
        for path in ("/", f"/a/{published.code}/"):
            assert not known.get(path).cookies, path

    def test_sends_it_by_https_alone_where_the_site_is(self, reporter: User, settings: Any):
        settings.SECURE_TLS = True
        client = browser()
        log_in(client)
        assert client.cookies[KNOWN]["secure"]

    def test_holds_eight_colleagues(self, reporter: User, desk: Desk):
        client = browser()
        log_in(client)
        for number in range(8):
            log_in(client, factories.make_user(f"user{number}", role="reporter", desk=desk).username)
        self.shut()
        assert log_in(client).status_code == 429  # who came in longest ago

    def test_answers_names_that_nobody_has_alike(self, known: Client):
        """The same words, by the same work, at a known browser and elsewhere, below the limit and above it."""
        factories.make_user("zhuoma")
        for client in (known, browser("10.0.0.8")):
            answers = []
            for name in ("zhuoma", "gibtsnicht"):
                with CaptureQueriesContext(connection) as asked:
                    codes = [log_in(client, name, "falsch") for _ in range(7)]
                answers.append(
                    ([words(answer) for answer in codes], [answer.status_code for answer in codes], len(asked))
                )
            assert answers[0] == answers[1]


@pytest.mark.parametrize(
    "to", ["//evil.example", "/\\evil.example", "https:evil.example", "https://evil.example/", "%0d%0aLocation:evil",
           "javascript:alert(1)", "\r\nLocation: https://evil.example", "///evil.example", "http:///evil.example"],
)  # fmt: skip
@pytest.mark.parametrize("by_two", [False, True])
def test_the_door_leads_inside_alone(to: str, by_two: bool, reporter: User):
    client, secret = browser(), factories.give_app(reporter) if by_two else ""
    answer = log_in(client, to=to)
    if by_two:
        answer = client.post(SECOND, {"code": factories.code_now(secret)})
    assert answer.status_code == 302
    assert re.match(r"/(?![/\\])", answer["Location"]), answer["Location"]
    assert "\n" not in answer["Location"]
    chosen = client.post("/admin/language/", {"language": "en", "next": to})["Location"]
    assert re.match(r"/(?![/\\])", chosen), chosen


class TestTheSecondStep:
    @pytest.fixture
    def secret(self, reporter: User) -> str:
        return factories.give_app(reporter)

    def test_is_asked_after_the_password_and_leads_where_one_wanted_to_go(self, secret: str):
        client = browser()
        assert log_in(client, to=STORIES)["Location"] == SECOND
        assert not is_in(client)
        form = open_form(client, SECOND, "second-step")
        assert form.send(code=factories.code_now(secret))["Location"] == STORIES
        assert is_in(client)

    def test_is_not_passed_by_a_wrong_code(self, secret: str):
        client = browser()
        log_in(client)
        answer = client.post(SECOND, {"code": factories.code_now(secret, steps=5)})
        assert "This code does not count." in words(answer)
        assert not is_in(client)

    def test_is_passed_by_a_recovery_code_once(self, secret: str, reporter: User):
        code = new_recovery_codes(reporter)[0]
        client, again = browser(), browser()
        for one in (client, again):
            log_in(one)
            one.post(SECOND, {"code": code})
        assert (is_in(client), is_in(again)) == (True, False)

    def test_takes_a_code_once(self, secret: str):
        code = factories.code_now(secret)
        first, second = browser(), browser()
        for client in (first, second):
            log_in(client)
            client.post(SECOND, {"code": code})
        assert (is_in(first), is_in(second)) == (True, False)

    def test_has_five_tries_from_everywhere(self, secret: str):
        answers = []
        for number in range(6):
            client = browser(f"10.0.1.{number}")
            log_in(client)
            answers.append(client.post(SECOND, {"code": "000000"}))
        assert [answer.status_code for answer in answers] == [200] * 5 + [429]
        assert "Too many tries." in words(answers[-1])

    def test_takes_a_passkey_where_others_have_guessed_codes(self, secret: str, monkeypatch: pytest.MonkeyPatch):
        thief = browser("6.6.6.6")
        log_in(thief)
        assert [thief.post(SECOND, {"code": "000000"}).status_code for _ in range(6)][-1] == 429
        monkeypatch.setattr("articles.desk.login.take_passkey", lambda user, **answer: None)
        monkeypatch.setattr("articles.desk.login.read_answer", lambda text: {"id": "x"})
        client = browser()
        log_in(client)
        session = client.session
        session["passkey"] = {"challenge": "x"}
        session.save()
        assert client.post(SECOND, {"passkey": "{}"})["Location"] == "/admin/"
        assert is_in(client)

    def test_does_not_exist_without_the_password(self, secret: str):
        client = browser()
        assert client.get(SECOND)["Location"] == LOGIN
        assert client.post(SECOND, {"code": factories.code_now(secret)})["Location"] == LOGIN
        assert not is_in(client)

    def test_waits_ten_minutes(self, secret: str):
        client = browser()
        log_in(client)
        session = client.session
        session["halfway"] = session["halfway"] | {"at": time.time() - 601}
        session.save()
        assert client.post(SECOND, {"code": factories.code_now(secret)})["Location"] == LOGIN

    @pytest.mark.parametrize("change", ["password", "disabled", "staff"])
    def test_ends_with_what_it_began_with(self, change: str, secret: str, reporter: User):
        client = browser()
        log_in(client)
        if change == "password":
            reporter.set_password(NEW)
        elif change == "disabled":
            reporter.is_active = False
        else:
            reporter.is_staff = False
        reporter.save()
        assert client.post(SECOND, {"code": factories.code_now(secret)})["Location"] == LOGIN

    @pytest.mark.parametrize("passkey", ["x", "[]", "{}", '{"id": 1}', "[" * 5000, '{"id": "\\ud800"}', "\x00", "null"])
    def test_no_forged_passkey_opens_or_breaks_it(self, passkey: str, secret: str):
        client = browser()
        log_in(client)
        assert client.post(SECOND, {"passkey": passkey}).status_code in {200, 429}
        assert not is_in(client)

    def test_a_welcome_link_does_not_lead_past_it(self, secret: str, administrator: User, reporter: User):
        from articles.publishing import welcome_link

        client = browser()
        form = open_form(client, client.get(welcome_link(reporter, by=administrator))["Location"])
        assert form.send(new_password1=NEW, new_password2=NEW)["Location"] == SECOND
        assert not is_in(client)
        client.post(SECOND, {"code": factories.code_now(secret)})
        assert is_in(client)

    def test_a_session_from_before_it_was_set_up_does_not_count(self, reporter: User):
        client = at_the_desk(reporter)
        assert is_in(client)
        factories.give_app(reporter)
        assert not is_in(client)


class TestADeskThatDemandsASecondFactor:
    @pytest.fixture(autouse=True)
    def _demands(self, desk: Desk):
        desk.demands_second_factor = True
        desk.save()

    def test_leads_to_where_it_is_set_up_whatever_one_wants(self, reporter: User):
        client = at_the_desk(reporter)
        for path in ("/admin/", STORIES, f"{STORIES}add/", "/admin/password_change/", "/admin/nothing/"):
            assert client.get(path)["Location"].startswith("/admin/second-factor/?next="), path
            assert client.post(path)["Location"].startswith("/admin/second-factor/?next="), path
        assert "Your desk demands a second factor." in words(client.get("/admin/second-factor/"))

    def test_opens_once_it_is_set_up_and_leads_on(self, reporter: User):
        client = at_the_desk(reporter)
        form = open_form(client, f"/admin/second-factor/app/?next={STORIES}", "app-form")
        secret = client.session["app-secret"]
        answer = form.send(code=factories.code_now(secret))
        page = parse(answer)
        assert len(page.all(".recovery-codes li")) == 10
        assert (STORIES) in [link for _, link in page.one("main").links]
        assert client.get(STORIES).status_code == 200

    def test_lets_one_log_out_and_choose_a_language(self, reporter: User):
        client = at_the_desk(reporter)
        assert client.post("/admin/language/", {"language": "zh-hant"})["Location"] == "/admin/"
        client.post("/admin/logout/")
        assert client.get("/admin/second-factor/")["Location"].startswith(LOGIN)

    def test_asks_administrators_too_and_nobody_elsewhere(self, administrator: User, stranger: User):
        assert not is_in(at_the_desk(administrator))
        assert is_in(at_the_desk(stranger))


class TestSessions:
    def test_get_a_new_key_at_the_door(self, reporter: User):
        client = browser()
        client.get(LOGIN)
        session = client.session
        session["planted"] = True
        session.save()
        client.cookies["desk"] = session.session_key
        log_in(client)
        assert client.cookies["desk"].value != session.session_key

    def test_end_at_logout_also_for_who_kept_the_cookie(self, reporter: User):
        client, thief = browser(), browser()
        log_in(client)
        thief.cookies["desk"] = client.cookies["desk"].value
        assert is_in(thief)
        client.post("/admin/logout/")
        assert not is_in(thief)

    def test_end_elsewhere_with_a_new_password(self, reporter: User):
        here, there = browser(), browser()
        log_in(here)
        log_in(there)
        form = open_form(here, "/admin/password_change/")
        assert form.send(old_password=factories.PASSWORD, new_password1=NEW, new_password2=NEW).status_code == 302
        assert (is_in(here), is_in(there)) == (True, False)

    def test_end_with_a_disabled_account_and_stay_ended_when_it_is_enabled(self, reporter: User, administrator: User):
        from articles.publishing import disable, enable

        client = browser()
        log_in(client)
        disable(reporter, by=administrator)
        assert not is_in(client)
        kept = browser()
        log_in(browser())
        enable(reporter, by=administrator)
        kept.cookies["desk"] = client.cookies["desk"].value
        assert not is_in(kept)
        assert list(Event.objects.filter(thing=f"user {reporter.pk}", by=administrator).values_list("verb", flat=True)
                    ) == ["enabled", "disabled"]  # fmt: skip

    @pytest.mark.parametrize(
        ("name", "hours", "lasts"),
        [("seen", 7.99, True), ("seen", 8, False), ("began", 23.99, True), ("began", 24, False)],
    )
    def test_end_after_eight_hours_of_rest_and_after_a_day(self, name: str, hours: float, lasts: bool, reporter: User):
        client = browser()
        log_in(client)
        session = client.session
        session[name] = time.time() - hours * 3600
        session.save()
        assert is_in(client) == lasts

    def test_go_on_while_somebody_works(self, reporter: User):
        client = browser()
        log_in(client)
        for _ in range(3):
            session = client.session
            session["seen"] = time.time() - 7 * 3600
            session.save()
            assert is_in(client)

    def test_are_kept_in_a_cookie_for_this_host_alone(self, reporter: User):
        client = browser()
        log_in(client)
        cookie = client.cookies["desk"]
        assert (cookie["httponly"], cookie["samesite"], cookie["domain"], cookie["path"]) == (True, "Lax", "", "/")


class TestALetterWithANewPassword:
    @pytest.fixture(autouse=True)
    def _mail(self, settings: Any, reporter: User):
        settings.EMAIL_HOST = "mail.example"
        reporter.email, reporter.language = "nima@news.example", "en"
        reporter.save()

    def ask(self, email: str, client: Client | None = None) -> HttpResponse:
        return open_form(client or browser(), LETTER, "password-letter").send(email=email)

    def test_sets_one(self, reporter: User, settings: Any):
        self.ask("Nima@News.Example")
        send_password_letters()
        (letter,) = mail.outbox
        assert letter.to == ["nima@news.example"]
        assert "nima" in letter.body
        (link,) = re.findall(rf"{settings.SITE_ADDRESS}(/admin/welcome/\S+)", letter.body)
        client = browser()
        form = open_form(client, client.get(link)["Location"])
        assert form.send(new_password1=NEW, new_password2=NEW)["Location"] == "/admin/"
        assert is_in(client)

    def test_is_promised_alike_to_those_who_exist_and_those_who_do_not(self, reporter: User):
        """The same words, by the same work: what was typed is written down, and a worker looks it up later."""
        pages = []
        for email in ("nima@news.example", "nobody@news.example"):
            client = browser()
            with CaptureQueriesContext(connection) as asked:
                answer = client.post(LETTER, {"email": email})
            work = [re.sub(r"'[^']*'|\s*-?\d+", "", query["sql"]) for query in asked]
            pages.append((answer.status_code, words(answer), work))
        assert pages[0] == pages[1]
        assert not [query for query in pages[0][2] if "FROM articles_user" in query.replace('"', "")]
        assert mail.outbox == []

    def test_goes_to_nobody_who_is_disabled_or_unknown(self, reporter: User):
        reporter.is_active = False
        reporter.save()
        for email in ("nima@news.example", "nobody@news.example"):
            self.ask(email)
        send_password_letters()
        assert mail.outbox == []
        assert not PasswordRequest.objects.exists()

    def test_is_one_however_often_it_is_asked_for(self):
        for number in range(4):
            self.ask("nima@news.example", browser(f"10.0.2.{number}"))
        send_password_letters()
        send_password_letters()
        assert len(mail.outbox) == 1

    def test_is_asked_for_five_times_at_most(self):
        answers = [self.ask("nima@news.example").status_code for _ in range(6)]
        assert answers == [200] * 5 + [429]
        assert [self.ask("nobody@news.example").status_code for _ in range(6)] == answers

    @pytest.mark.parametrize("email", ["", "x", "a@b\r\nBcc: c@d.example", "\x00@a.example", "長" * 300 + "@a.example"])
    def test_is_not_written_to_what_is_no_address(self, email: str):
        answer = self.ask(email)
        assert answer.status_code == 200
        assert parse(answer).all(".errorlist")
        assert not PasswordRequest.objects.exists()

    def test_cannot_be_asked_for_where_there_is_no_mail(self, settings: Any):
        settings.EMAIL_HOST = ""
        answer = browser().get(LETTER)
        assert "Ask the chief of your desk for a new welcome link" in words(answer)
        assert browser().post(LETTER, {"email": "nima@news.example"}).status_code == 200
        assert not PasswordRequest.objects.exists()

    def test_waits_for_a_mail_server_that_does_not_answer(self, settings: Any):
        self.ask("nima@news.example")
        settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = (
            "django.core.mail.backends.smtp.EmailBackend",
            "127.0.0.1",
            1,
        )
        with pytest.raises(OSError, match="refused"):
            send_password_letters()
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        PasswordRequest.objects.update(claimed_at=None)  # as after five minutes
        send_password_letters()
        assert len(mail.outbox) == 1
