"""The site's pages about itself: about, contact, imprint, privacy, policy. Every version stays public."""

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext

from articles.models import Page, Site, User
from articles.publishing import save_page
from tests.site.reading import read

PAGES = Page.Slug.values
PATHS = {slug: "/corrections/policy/" if slug == "policy" else f"/{slug}/" for slug in PAGES}
ADDRESS = {slug: f"/{slug}/" for slug in PAGES} | {"policy": "/corrections/policy/"}


@pytest.fixture(autouse=True)
def _named(site: Site) -> None:
    """A site with a name."""


def write(by: User, *bodies: str, slug: str = "about", language: str = "zh-Hant", title: str = "關於我們") -> None:
    """Versions of a page, one after the other."""
    page, _ = Page.objects.get_or_create(slug=slug)
    for body in bodies:
        seen = page.versions.count()
        save_page(page, seen=seen, by=by, language=language, title=title, body=body)


@pytest.mark.parametrize("slug", [slug for slug in PAGES if slug != "policy"])  # that one has a default
def test_a_page_that_nobody_has_written_says_so(slug: str, client: Client):
    page = read(client, ADDRESS[slug])
    with translation.override("zh-hant"):
        assert gettext("This page has not been written yet.") in page.one("main").words
        assert page.one("h1").words == str(Page.Slug(slug).label)
    assert client.get(f"{ADDRESS[slug]}history/").status_code == 404
    assert client.get(f"{ADDRESS[slug]}v/1/").status_code == 404


def test_a_page_that_nobody_has_written_shows_no_bare_number(client: Client):
    assert "200" not in read(client, "/about/").one("main").words


def test_every_page_leads_to_all_of_them(client: Client):
    links = [path for _, path in read(client, "/").one("footer").links]
    assert links[: len(PAGES)] == list(ADDRESS.values())
    assert "/feed.rss" in links


@pytest.mark.parametrize("slug", PAGES)
def test_a_written_page_shows_its_newest_version(slug: str, client: Client, administrator: User):
    write(administrator, "<p>第一版。</p>", "<h2>我們</h2><p>第二版。</p>", slug=slug)
    page = read(client, ADDRESS[slug])
    assert page.one("h1").words == "關於我們"
    assert page.one("main .body h2").words == "我們"
    assert "第二版。" in page.one("main").words
    assert "第一版。" not in page.one("main").words
    assert page.one(".page-version time")["datetime"]


def test_every_version_stays_public(client: Client, administrator: User):
    write(administrator, "<p>第一版。</p>", "<p>第二版。</p>")
    first, second = read(client, "/about/v/1/"), read(client, "/about/v/2/")
    assert "第一版。" in first.one("main").words
    assert "第二版。" in second.one("main").words
    assert first.one("meta[name=robots]")["content"] == "noindex"


def test_the_history_names_every_version_the_newest_first(client: Client, administrator: User):
    write(administrator, "<p>第一版。</p>", "<p>第二版。</p>", "<p>第三版。</p>")
    ((_, history),) = read(client, "/about/").one(".page-version").links
    assert history == "/about/history/"
    versions = read(client, history).all(".versions li")
    assert [version.one("a")["href"] for version in versions] == ["/about/v/3/", "/about/v/2/", "/about/v/1/"]
    assert versions[0].one("a").get("aria-current") == "true"
    assert all(client.get(version.one("a")["href"]).status_code == 200 for version in versions)


def test_an_unchanged_text_makes_no_version(client: Client, administrator: User):
    write(administrator, "<p>第一版。</p>")
    write(administrator, "<p>第一版。</p>")
    assert client.get("/about/v/2/").status_code == 404


def test_on_pages_in_another_language_its_words_say_in_which_they_are(client: Client, administrator: User):
    write(administrator, "<p>我們。</p>")
    page = read(client, "/en/about/")
    assert page.element.get("lang") == "en"
    assert page.one(".plain div[lang]")["lang"] == "zh-Hant"
    assert page.one(".plain div[lang]").one("h1").words == "關於我們"


def test_a_page_is_found_only_where_it_can_be_read(client: Client, administrator: User, settings: LazySettings):
    write(administrator, "<p>我們。</p>")
    for prefix in ("", "/zh-hans"):
        page = read(client, f"{prefix}/about/")
        assert page.one("link[rel=canonical]")["href"] == f"{settings.SITE_ADDRESS}{prefix}/about/"
        assert page.none("meta[name=robots]")
        named = {link["hreflang"] for link in page.all("link[rel=alternate]") if link.get("hreflang")}
        assert named == {"zh-Hant", "zh-Hans", "x-default"}
    for prefix in ("/en", "/bo"):
        page = read(client, f"{prefix}/about/")
        assert page.one("link[rel=canonical]")["href"] == f"{settings.SITE_ADDRESS}/about/"
        assert page.one("meta[name=robots]")["content"] == "noindex"
        assert page.none("link[rel=alternate]")


def test_script_in_a_page_is_not_run(client: Client, administrator: User):
    write(administrator, "<p onclick='x()'>我們<script>alert(1)</script></p>", title="</title><script>x()</script>")
    page = read(client, "/about/")
    assert page.one(".body").words == "我們"
    assert page.one("main").none("script")
    assert page.one("h1").words == "</title><script>x()</script>"


@pytest.mark.parametrize("path", ["/about/v/0/", "/about/v/3/", "/about/v/-1/", "/about/v/999999999/", "/about/v/x/",
                                  "/about/v/99999999999999999999/", "/about/v/", "/terms/", "/about/about/",
                                  "/about/v/01/"])  # fmt: skip
def test_a_page_or_version_that_does_not_exist_is_not_there(path: str, client: Client, administrator: User):
    write(administrator, "<p>第一版。</p>", "<p>第二版。</p>")
    assert client.get(path).status_code == 404
