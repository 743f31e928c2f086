"""The desk speaks the language that each person chose; the login page, the one that the browser asks for."""

import pytest
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext

from articles.models import User
from tests import factories
from tests.desk.forms import open_form, parse

CHOOSE = "/admin/language/"


def word(text: str, language: str) -> str:
    with translation.override(language):
        return gettext(text)


@pytest.fixture
def client(editor: User) -> Client:
    client = Client()
    client.force_login(editor)
    return client


@pytest.mark.parametrize("language", ["zh-hant", "zh-hans", "en"])
def test_the_desk_speaks_the_language_that_was_chosen(language: str, client: Client, editor: User):
    response = client.post(CHOOSE, {"language": language, "next": "/admin/articles/article/"})
    assert (response.status_code, response["Location"]) == (302, "/admin/articles/article/")
    editor.refresh_from_db()
    assert editor.language == language

    answer = client.get("/admin/", headers={"Accept-Language": "de, zh-hans;q=0.5"})
    page = parse(answer)
    assert answer["Content-Language"] == language
    assert page["lang"] == language
    assert word("New story", language) in page.one("main").words
    (current,) = (button for button in page.all("form.languages button") if button.get("aria-current"))
    assert current["value"] == language


def test_three_languages_are_offered_each_in_its_own_words(client: Client):
    page = parse(client.get("/admin/"))
    offered = [(button["value"], button["lang"], button.words) for button in page.all("form.languages button")]
    assert offered == [
        ("zh-hant", "zh-hant", "繁體中文"), ("zh-hans", "zh-hans", "简体中文"), ("en", "en", "English"),
    ]  # fmt: skip


def test_a_choice_is_for_oneself_alone(client: Client, editor: User, chief: User):
    client.post(CHOOSE, {"language": "en", "user": chief.pk, "id": chief.pk})
    chief.refresh_from_db()
    assert chief.language == ""
    theirs = Client()
    theirs.force_login(chief)
    assert theirs.get("/admin/")["Content-Language"] == "zh-hant"


def test_the_choice_is_still_there_after_the_next_login(editor: User):
    editor.language = "zh-hans"
    editor.save()
    client = Client()
    form = open_form(client, "/admin/login/?next=/admin/", "login-form")
    assert form.send(username=editor.username, password=factories.PASSWORD).status_code == 302
    assert client.get("/admin/")["Content-Language"] == "zh-hans"


@pytest.mark.parametrize("language", ["", "bo", "xx", "zh", "EN", "en\x00", "../", "長" * 4000])
def test_languages_that_are_not_offered_change_nothing(language: str, client: Client, editor: User):
    assert client.post(CHOOSE, {"language": language}).status_code == 302
    editor.refresh_from_db()
    assert editor.language == ""


def test_it_takes_a_post_and_the_token_of_the_page(editor: User):
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)
    assert client.get(CHOOSE, {"language": "en"}).status_code == 405
    assert client.post(CHOOSE, {"language": "en"}).status_code == 403
    editor.refresh_from_db()
    assert editor.language == ""


def test_whoever_is_not_logged_in_is_asked_to(db: None):
    response = Client().post(CHOOSE, {"language": "en"})
    assert response.status_code == 302
    assert response["Location"].startswith("/admin/login/")


@pytest.mark.parametrize("back", ["//evil.example/", "https://evil.example/", "javascript:alert(1)", "\\\\evil", ""])
def test_it_leads_nowhere_else(back: str, client: Client):
    assert client.post(CHOOSE, {"language": "en", "next": back})["Location"] == "/admin/"


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        ("en-GB, en;q=0.8", "en"),
        ("zh-CN", "zh-hans"),
        ("zh-TW, en;q=0.5", "zh-hant"),
        ("zh-HK", "zh-hant"),
        ("bo", "zh-hant"),
        ("de", "zh-hant"),
        ("", "zh-hant"),
        ("*", "zh-hant"),
        ("x" * 5000, "zh-hant"),
    ],
)
def test_the_login_page_speaks_the_language_of_the_browser(asked: str, language: str, db: None):
    response = Client().get("/admin/login/", headers={"Accept-Language": asked})
    assert response.status_code == 200
    assert response["Content-Language"] == language
    assert word("Log in", language) in parse(response).one("main").words


def test_readers_pages_do_not_follow_the_choice_of_the_desk(client: Client, editor: User, site: object):
    client.post(CHOOSE, {"language": "en"})
    assert parse(client.get("/"))["lang"].lower() == "zh-hant"
