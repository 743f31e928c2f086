"""One's own second factor at the desk: set up with the square, removed with a fresh proof, codes shown once."""

import re
import time

import pytest
from django.http import HttpResponse
from django.test import Client

from articles.desk.second_factor_view import square
from articles.models import AuthenticatorApp, Event, Passkey, Try, User
from articles.publishing.clock import database_now
from articles.publishing.door.second_factor import new_recovery_codes
from tests import factories
from tests.desk.forms import at_the_desk, open_form, parse
from tests.harness.once import on_postgresql

pytestmark = on_postgresql

PAGE, APP, PASSKEY = "/admin/second-factor/", "/admin/second-factor/app/", "/admin/second-factor/passkey/"


def do(act: str) -> str:
    return f"{PAGE}do/{act}/"


def words(response: HttpResponse) -> str:
    return parse(response).one("main").words


def put(client: Client, **values: object) -> None:
    session = client.session
    session.update(values)
    session.save()


def long_ago(client: Client) -> None:
    """As if the password had been given sixteen minutes ago."""
    client.get("/admin/")
    put(client, proved=time.time() - 16 * 60)


@pytest.fixture
def client(reporter: User) -> Client:
    return at_the_desk(reporter)


@pytest.fixture
def with_app(client: Client, reporter: User) -> str:
    secret = factories.give_app(reporter)
    put(client, second=True, began=time.time(), seen=time.time(), proved=time.time())
    return secret


class TestAnApp:
    def test_is_set_up_by_a_square_and_a_code_and_codes_are_shown_once(self, client: Client, reporter: User):
        form = open_form(client, APP, "app-form")
        secret = client.session["app-secret"]
        assert secret in form.part.words.replace(" ", "")
        (address,) = (link for _, link in form.part.links if link.startswith("otpauth:"))
        assert f"secret={secret}" in address
        assert square(address) in form.response.content.decode()
        answer = form.send(code=factories.code_now(secret))
        codes = [one.words for one in parse(answer).all(".recovery-codes li")]
        assert len(codes) == 10
        assert "no-store" in answer["Cache-Control"]
        assert not [code for code in codes if code in client.get(PAGE).content.decode()]
        assert "10 recovery codes are left." in words(client.get(PAGE))
        assert Event.objects.filter(verb="factor-set", by=reporter).exists()

    def test_logs_one_out_everywhere_else_but_not_here(self, client: Client, reporter: User):
        elsewhere = at_the_desk(reporter)
        assert elsewhere.get("/admin/").status_code == 200
        form = open_form(client, APP, "app-form")
        form.send(code=factories.code_now(client.session["app-secret"]))
        assert elsewhere.get("/admin/").status_code == 302
        assert client.get("/admin/").status_code == 200

    @pytest.mark.parametrize("code", ["", "000000", "x", "１２３", "\x00", "1" * 500])
    def test_a_wrong_code_is_told_and_the_square_stays(self, code: str, client: Client):
        form = open_form(client, APP, "app-form")
        before = client.session["app-secret"]
        answer = form.send(code=code)
        assert answer.status_code == 200
        assert parse(answer).all(".errorlist")
        assert client.session["app-secret"] == before
        assert not AuthenticatorApp.objects.exists()

    def test_is_removed(self, client: Client, with_app: str):
        assert client.post(do("remove-app"))["Location"] == PAGE
        assert not AuthenticatorApp.objects.exists()
        assert Event.objects.get(verb="factor-removed").before == "app"
        assert client.get("/admin/").status_code == 200


class TestAFreshProof:
    """Fifteen minutes after the password, each step here asks for it again, in its own form."""

    def test_is_not_asked_for_just_after_coming_in(self, client: Client):
        assert "proof" not in open_form(client, APP, "app-form")

    @pytest.mark.parametrize(("minutes", "asked"), [(14.9, False), (15, True)])
    def test_counts_for_a_quarter_of_an_hour(self, minutes: float, asked: bool, client: Client):
        client.get("/admin/")
        put(client, proved=time.time() - minutes * 60)
        assert ("proof" in open_form(client, APP, "app-form")) == asked

    def test_is_wanted_to_add_an_app_and_keeps_what_was_typed(self, client: Client):
        long_ago(client)
        form = open_form(client, APP, "app-form")
        secret = client.session["app-secret"]
        code = factories.code_now(secret)
        for proof in ("", "falsch"):
            answer = form.send(code=code, proof=proof)
            assert 'value="' + code in answer.content.decode()
            assert not AuthenticatorApp.objects.exists()
        assert parse(form.send(code=code, proof=factories.PASSWORD)).all(".recovery-codes li")

    def test_is_wanted_to_add_a_passkey(self, client: Client):
        long_ago(client)
        answer = open_form(client, PASSKEY, "passkey-form").send(name="藍鑰匙", passkey="{}")
        assert "Type your password" in words(answer)
        assert 'value="藍鑰匙"' in answer.content.decode()

    @pytest.mark.parametrize("act", ["remove-app", "codes"])
    def test_is_wanted_to_remove_and_for_new_codes(self, act: str, client: Client, with_app: str, reporter: User):
        codes = new_recovery_codes(reporter)
        long_ago(client)
        for proof in ({}, {"proof": "falsch"}, {"proof": "\x00"}):
            assert client.post(do(act), proof).status_code == 200
        assert AuthenticatorApp.objects.exists()
        assert reporter.recovery_codes.count() == len(codes)
        assert client.post(do(act), {"proof": factories.PASSWORD}).status_code == (302 if act == "remove-app" else 200)

    def test_may_be_a_code_of_the_app(self, client: Client, with_app: str):
        long_ago(client)
        code = factories.code_now(with_app)
        assert client.post(do("remove-app"), {"proof": f"{code[:3]} {code[3:]}"})["Location"] == PAGE
        assert not AuthenticatorApp.objects.exists()

    def test_has_five_tries(self, client: Client, with_app: str):
        long_ago(client)
        answers = [words(client.post(do("remove-app"), {"proof": "falsch"})) for _ in range(6)]
        assert ["Too many tries" in answer for answer in answers] == [False] * 5 + [True]
        assert "Too many tries" in words(client.post(do("remove-app"), {"proof": factories.PASSWORD}))
        assert AuthenticatorApp.objects.exists()
        assert Try.objects.count() == 5

    def test_is_counted_where_one_changes_the_own_password(self, client: Client):
        form = open_form(client, "/admin/password_change/")
        new = {"new_password1": "一個很長的密碼 4711", "new_password2": "一個很長的密碼 4711"}
        answers = [words(form.send(old_password="falsch", **new)) for _ in range(6)]
        assert ["Too many tries" in answer for answer in answers] == [False] * 5 + [True]
        assert "Too many tries" in words(form.send(old_password=factories.PASSWORD, **new))


class TestOnlyOnesOwn:
    def test_nobody_removes_anothers_passkey(self, client: Client, with_app: str, editor: User):
        key = Passkey.objects.create(user=editor, name="k", credential="x", public_key="y", added_at=database_now())
        for pk in (key.pk, "", "x", "9" * 30, "-1", "\x00"):
            assert client.post(do("remove-passkey"), {"passkey": pk}).status_code == 302
        assert Passkey.objects.exists()

    def test_nothing_happens_by_a_link_alone(self, client: Client, with_app: str):
        for act in ("remove-app", "remove-passkey", "codes"):
            assert client.get(do(act)).status_code == 405
        assert client.post(do("other")).status_code == 404
        assert AuthenticatorApp.objects.exists()


@pytest.mark.parametrize("passkey", ["", "x", "[]", "{}", "[" * 5000, '{"id": "\\ud800"}', "null", "1" * 30_000])
def test_no_forged_passkey_is_taken_or_breaks_the_page(passkey: str, client: Client):
    form = open_form(client, PASSKEY, "passkey-form")
    assert form.send(name="x", passkey=passkey).status_code == 200
    assert not Passkey.objects.exists()


def test_the_page_asks_for_a_passkey_of_this_host(client: Client):
    page = parse(client.get(PASSKEY))
    (asked,) = (one.words for one in page.all("script") if one.get("id") == "passkey-asked")
    assert re.search(r'"rp": \{[^}]*"id": "testserver"', asked)
