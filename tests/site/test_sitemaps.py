"""For search engines: all stories, those of two days, and where to find both."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import Article, Publication, Site, User
from articles.publishing.clock import database_now
from articles.site import keys
from tests import factories
from tests.factories import make_article, publish_again, publish_article, withdraw
from tests.harness.once import on_one_database
from tests.site.reading import read

MAP, NEWS = "{http://www.sitemaps.org/schemas/sitemap/0.9}", "{http://www.google.com/schemas/sitemap-news/0.9}"
MARCH = datetime(2026, 3, 5, 1, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _named(site: Site) -> None:
    """A site with a name."""


def root_of(client: Client, path: str) -> Element:
    response = client.get(path)
    assert response.status_code == 200, f"{path} answers {response.status_code}"
    assert response["Content-Type"] == "application/xml; charset=utf-8"
    return ElementTree.fromstring(response.content)


def locations(client: Client, path: str) -> list[str]:
    return [found.text for found in root_of(client, path).iter(f"{MAP}loc")]


def address(article: Article, settings: LazySettings, prefix: str = "") -> str:
    return f"{settings.SITE_ADDRESS}{prefix}/a/{article.code}/"


def file_with(article: Article) -> str:
    return f"/sitemap-{keys.file_of(article.pk)}.xml"


def both(article: Article, settings: LazySettings) -> list[str]:
    """A Traditional story stands in Simplified, too."""
    return [address(article, settings), address(article, settings, "/zh-hans")]


class TestTheIndex:
    def test_names_each_file_that_has_a_story_the_newest_first(
        self, client: Client, editor: User, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr("articles.site.keys.FILE", 2)
        stories = [publish_article(editor) for _ in range(5)]
        root = root_of(client, "/sitemap.xml")
        assert root.tag == f"{MAP}sitemapindex"
        numbers = sorted({story.pk // 2 + 1 for story in stories}, reverse=True)
        assert len(numbers) in (3, 4)
        assert locations(client, "/sitemap.xml") == [
            f"{settings.SITE_ADDRESS}/sitemap-{number}.xml" for number in numbers
        ]
        found = [location for number in reversed(numbers) for location in locations(client, f"/sitemap-{number}.xml")]
        assert found == [location for story in stories for location in both(story, settings)]

    def test_leads_to_files_that_are_there(self, client: Client, administrator: User, settings: LazySettings):
        for months in (0, 2):
            publish_article(administrator, at=MARCH + timedelta(days=31 * months))
        for location in locations(client, "/sitemap.xml"):
            assert locations(client, location.removeprefix(settings.SITE_ADDRESS))

    def test_of_a_new_site_is_valid_and_leads_to_the_front(self, client: Client, settings: LazySettings):
        assert locations(client, "/sitemap.xml") == [f"{settings.SITE_ADDRESS}/news-sitemap.xml"]
        assert locations(client, "/news-sitemap.xml") == [f"{settings.SITE_ADDRESS}/"]
        assert not list(root_of(client, "/news-sitemap.xml").iter(f"{NEWS}news"))

    def test_leaves_out_a_file_whose_stories_were_all_taken_down(
        self, client: Client, administrator: User, editor: User, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr("articles.site.keys.FILE", 1)
        down, stands = (publish_article(editor) for _ in range(2))
        withdraw(down, by=administrator, second=editor, act="takedown")
        assert locations(client, "/sitemap.xml") == [settings.SITE_ADDRESS + file_with(stands)]
        assert client.get(file_with(down)).status_code == 404

    def test_and_its_files_stay_far_below_what_the_format_allows(self, client: Client, editor: User):
        """One story in all languages is the largest that a file holds, times as many as a file may hold."""
        story = publish_article(editor)
        for language in ("en", "bo"):
            publish_article(editor, language=language, translation_of=story)
        (file,) = locations(client, "/sitemap.xml")
        body = client.get("/" + file.rpartition("/")[2]).content
        assert body.count(b"<xhtml:link") == 4 * 5
        one = len(body) + 4 * 6 * len("https://a-rather-long-name-of-a-newspaper.example")
        assert keys.FILE * 2 <= 50_000
        assert keys.FILE * one <= 50 * 2**20
        assert 1_000_000 / keys.FILE * 10 <= 50_000  # files in the index, with nine drafts to a story


class TestAFile:
    def test_has_each_story_where_it_stands_in_its_language(
        self, client: Client, administrator: User, settings: LazySettings
    ):
        stands = {"zh-Hant": ["", "/zh-hans"], "zh-Hans": ["/zh-hans", ""], "en": ["/en"], "bo": ["/bo"]}
        stories = {
            language: publish_article(administrator, at=MARCH + timedelta(hours=hour), language=language)
            for hour, language in enumerate(stands)
        }
        assert locations(client, file_with(stories["en"])) == [
            address(story, settings, prefix) for language, story in stories.items() for prefix in stands[language]
        ]

    def test_says_when_something_of_weight_last_changed(self, client: Client, administrator: User):
        article = publish_article(administrator, at=MARCH)
        edition = publish_again(article, by=administrator, kind="update", note="補。", body="<p>新。</p>")
        publish_again(article, by=administrator, body="<p>新字。</p>")
        told = {found.text for found in root_of(client, file_with(article)).iter(f"{MAP}lastmod")}
        assert [datetime.fromisoformat(lastmod) for lastmod in told] == [edition.published_at]

    def test_keeps_a_retracted_story_and_leaves_out_one_taken_down(
        self, client: Client, administrator: User, editor: User, settings: LazySettings
    ):
        retracted, down = (publish_article(administrator, at=MARCH) for _ in range(2))
        withdraw(retracted, by=administrator, second=editor)
        withdraw(down, by=administrator, second=editor, act="takedown")
        assert locations(client, file_with(down)) == both(retracted, settings)

    def test_names_only_what_is_shown_there_and_beside_it_what_its_own_page_names(
        self, client: Client, administrator: User, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
    ):
        """Written in both scripts, in English and in Tibetan, each in a file of its own."""
        monkeypatch.setattr("articles.site.keys.FILE", 1)
        story = publish_article(administrator, at=MARCH)
        others = [publish_article(administrator, language=one, translation_of=story) for one in ("zh-Hans", "en", "bo")]
        urls = [url for one in (story, *others) for url in root_of(client, file_with(one))]
        assert len(urls) == 4
        for url in urls:
            location = url.findtext(f"{MAP}loc")
            page = read(client, location.removeprefix(settings.SITE_ADDRESS))
            assert page.one("link[rel=canonical]")["href"] == location
            own = {(link.get("hreflang"), link["href"]) for link in page.all("link[rel=alternate]")
                   if link.get("hreflang")}  # fmt: skip
            told = {(link.attrib["hreflang"], link.attrib["href"]) for link in url if "href" in link.attrib}
            assert own == told
            assert len(told) == 5

    def test_knows_no_draft(self, client: Client, administrator: User, settings: LazySettings):
        story = publish_article(administrator)
        make_article(administrator)
        (file,) = locations(client, "/sitemap.xml")
        assert locations(client, file.removeprefix(settings.SITE_ADDRESS)) == both(story, settings)

    @pytest.mark.parametrize("path", ["/sitemap-0.xml", "/sitemap-01.xml", "/sitemap-999999999.xml", "/sitemap-.xml",
                                      "/sitemap-9999999999.xml", "/sitemap--1.xml", "/en/sitemap.xml"])  # fmt: skip
    def test_that_cannot_be_is_not_there(self, path: str, client: Client, administrator: User):
        publish_article(administrator, at=MARCH)
        assert client.get(path, follow=True).status_code == 404


class TestTheNewsSitemap:
    def test_has_the_stories_of_two_days_as_google_wants_them(
        self, client: Client, administrator: User, settings: LazySettings
    ):
        now = database_now()
        publish_article(administrator, at=now - timedelta(hours=48, seconds=1), headline="舊")
        edge = publish_article(administrator, at=now - timedelta(hours=47, minutes=59), headline="還在 & <新>")
        new = publish_article(administrator, headline="新")
        assert locations(client, "/news-sitemap.xml") == both(new, settings) + both(edge, settings)
        url = root_of(client, "/news-sitemap.xml").findall(f"{MAP}url")[2].find(f"{NEWS}news")
        assert url.findtext(f"{NEWS}title") == "還在 & <新>"
        assert url.findtext(f"{NEWS}publication/{NEWS}name") == "朗措新聞"
        said = datetime.fromisoformat(url.findtext(f"{NEWS}publication_date"))
        assert said == Publication.objects.get(article=edge).first_published_at

    @pytest.mark.parametrize(
        ("language", "expected"), [("zh-Hant", "zh-tw"), ("zh-Hans", "zh-cn"), ("en", "en"), ("bo", "bo")]
    )
    def test_names_languages_as_google_does(self, language: str, expected: str, client: Client, editor: User):
        publish_article(editor, language=language)
        found = [one.text for one in root_of(client, "/news-sitemap.xml").iter(f"{NEWS}language")]
        assert found[0] == expected
        assert sorted(found) == (["zh-cn", "zh-tw"] if expected.startswith("zh") else [expected])

    def test_says_each_title_in_the_script_of_its_page(self, client: Client, editor: User):
        publish_article(editor, headline="天氣與公路")
        titles = [one.text for one in root_of(client, "/news-sitemap.xml").iter(f"{NEWS}title")]
        assert titles == ["天氣與公路", "天气与公路"]

    def test_has_what_is_written_in_both_scripts_once_in_each(
        self, client: Client, editor: User, settings: LazySettings
    ):
        story = publish_article(editor)
        written = publish_article(editor, language="zh-Hans", translation_of=story)
        assert locations(client, "/news-sitemap.xml") == [
            address(written, settings, "/zh-hans"), address(story, settings)
        ]  # fmt: skip

    def test_has_only_what_stands(self, client: Client, editor: User, chief: User, settings: LazySettings):
        retracted, down, standing = (publish_article(editor) for _ in range(3))
        withdraw(retracted, by=chief, second=editor)
        withdraw(down, by=chief, second=editor, act="takedown")
        assert locations(client, "/news-sitemap.xml") == both(standing, settings)

    def test_has_a_thousand_at_most(
        self, client: Client, editor: User, monkeypatch: pytest.MonkeyPatch, settings: LazySettings
    ):
        monkeypatch.setattr("articles.site.sitemaps.NEWS", 3)
        _, second, third = (publish_article(editor) for _ in range(3))
        expected = [*both(third, settings), address(second, settings)]
        assert locations(client, "/news-sitemap.xml") == expected


def test_robots_are_told_where_both_are(client: Client, settings: LazySettings):
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert f"Sitemap: {settings.SITE_ADDRESS}/sitemap.xml" in lines
    assert f"Sitemap: {settings.SITE_ADDRESS}/news-sitemap.xml" in lines
    assert "Disallow: /admin/" in lines


def test_text_that_xml_cannot_hold_breaks_no_sitemap(client: Client, editor: User):
    """The forms refuse it; SQL may have written it all the same."""
    factories.make_site(name="壞\x01\ufffe名")
    publish_article(editor)
    names = root_of(client, "/news-sitemap.xml").iter(f"{NEWS}name")
    assert [name.text for name in names] == ["壞名", "坏名"]


@on_one_database
def test_the_queries_are_as_few_for_many_stories_as_for_two(client: Client, administrator: User):
    def count(story: Article) -> list[int]:
        counted = []
        for path in ("/sitemap.xml", file_with(story), "/news-sitemap.xml", "/robots.txt"):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(path).status_code == 200
            counted.append(len(queries))
        return counted

    for months in (0, 1):
        story = publish_article(administrator, at=datetime(2025, 1, 5, tzinfo=UTC) + timedelta(days=425 * months))
    few = count(story)
    for months in range(1, 14):
        publish_article(administrator, at=datetime(2025, 1, 5, tzinfo=UTC) + timedelta(days=30 * months))
    assert count(story) == few
    assert max(few) <= 4
