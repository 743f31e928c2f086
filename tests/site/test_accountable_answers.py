"""What the accountable pages, feeds and sitemaps keep to, as every public answer: anonymous, cacheable, at home."""

import pytest
from django.test import Client

from articles.models import Article, Site, User
from tests import factories
from tests.conftest import Case
from tests.factories import PASSWORD, correct, publish_article
from tests.harness.once import on_one_database
from tests.site.reading import parse

pytestmark = on_one_database

PAGES = [
    "/corrections/", "/corrections/kind/correction/", "/corrections/channel/farming/", "/corrections/policy/",
    "/corrections/accuracy/", "/en/corrections/", "/bo/corrections/policy/", "/zh-hans/corrections/accuracy/",
]  # fmt: skip
FILES = [
    "/feed.atom", "/feed.json", "/farming/feed.atom", "/farming/feed.json", "/corrections/feed.rss",
    "/corrections/feed.atom", "/corrections/feed.json", "/corrections/accuracy.csv", "/sitemap.xml",
    "/news-sitemap.xml", "/robots.txt",
]  # fmt: skip


@pytest.fixture(autouse=True)
def story(site: Site, editor: User) -> Article:
    article = publish_article(editor, channel=factories.make_channel("農牧", slug="farming"))
    correct(article, by=editor)
    return article


def test_an_answer_is_anonymous_and_may_be_kept_if_one_asks_again(case: Case, editor: User):
    for path in PAGES + FILES:
        with case(path=path):
            anonymous(Client(), path, editor)


def anonymous(client: Client, path: str, editor: User) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert not response.cookies
    assert "cookie" not in response.get("Vary", "").lower()
    assert response["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert "unsafe" not in response["Content-Security-Policy"]
    again = client.get(path, headers={"If-None-Match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.post(path).status_code == 405
    assert client.get(f"{path}?page=2&kind=%00").content == response.content
    assert client.login(username=editor.username, password=PASSWORD)
    assert client.get(path).content == response.content


def test_a_page_carries_no_style_or_script_of_its_own_and_nothing_foreign(case: Case, client: Client):
    for path in PAGES:
        with case(path=path):
            page = parse(client.get(path).content)
            assert page.none("[style]")
            assert page.none("style")
            assert not [script for script in page.all("script") if not script.get("src")]
            assert page.one("h1").words
            for part in page.all("link[rel=stylesheet]"):
                assert part["href"].startswith("/static/site/")


def test_pages_of_the_log_say_in_their_title_what_they_show(client: Client):
    titles = [parse(client.get(path).content).one("title").words for path in PAGES[:3]]
    assert len(set(titles)) == 3
