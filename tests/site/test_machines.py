"""What machines that bring readers are told: OpenGraph, cards, JSON-LD, and which address is the right one."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import LazySettings
from django.test import Client

from articles.models import Article, Credit, Desk, Page, Picture, Site, User
from articles.publishing import save_page
from tests import factories
from tests.factories import publish_again, publish_article, withdraw
from tests.harness.once import on_one_database
from tests.site.reading import Part, all_structured_data, read, structured_data

pytestmark = on_one_database

THEN = datetime(2026, 3, 5, 1, 30, tzinfo=UTC)
HOSTILE = "</script><script>alert(1)</script>\"'>&amp;"


def address(article: Article, prefix: str = "") -> str:
    return f"{prefix}/a/{article.code}/"


def told(page: Part) -> dict[str, list[str]]:
    """What the <meta> of a page say, by their names, each in order."""
    found: dict[str, list[str]] = {}
    for meta in page.all("meta"):
        name = meta.get("property") or meta.get("name")
        if name:
            found.setdefault(name, []).append(meta["content"])
    return found


@pytest.fixture
def picture(editor: User) -> Picture:
    return factories.make_picture(
        editor, upload=factories.image_bytes(2000, 1000), alt="一片青稞田", credit="白瑪拉姆攝"
    )


@pytest.fixture
def story(administrator: User, desk: Desk, site: Site, picture: Picture) -> Article:
    farming = factories.make_channel("農牧", slug="farming")
    author = factories.make_person("尼瑪", slug="nima")
    return publish_article(
        administrator,
        at=THEN,
        headline="青稞開鐮",
        standfirst="比去年早五天。",
        channel=factories.make_channel("青稞", slug="barley", parent=farming, description="青稞的事。"),
        topic=factories.make_topic("秋收", slug="harvest"),
        tags=["青稞", "收成"],
        places=[factories.make_place("540121", "林周縣").pk],
        credits=[(author.pk, Credit.Role.AUTHOR.value), (author.pk, Credit.Role.EDITOR.value)],
        lead_picture=picture,
    )


class TestOpenGraph:
    def test_of_a_story_is_whole(self, client: Client, story: Article, settings: LazySettings):
        page = read(client, address(story))
        said = told(page)
        data = structured_data(page)
        assert said["og:type"] == ["article"]
        assert said["og:title"] == said["twitter:title"] == ["青稞開鐮"]
        assert said["og:description"] == said["twitter:description"] == said["description"] == ["比去年早五天。"]
        assert said["og:site_name"] == ["朗措新聞"]
        assert said["og:url"] == [page.one("link[rel=canonical]")["href"]]
        assert (said["og:locale"], said["og:locale:alternate"]) == (["zh_TW"], ["zh_CN"])
        assert said["article:published_time"] == [data["datePublished"]] == ["2026-03-05T09:30:00+08:00"]
        assert said["article:section"] == ["農牧"]
        assert said["article:tag"] == ["青稞", "收成"]
        assert said["twitter:card"] == ["summary_large_image"]

    def test_shows_a_picture_that_is_there_in_the_size_that_it_says(
        self, client: Client, story: Article, settings: LazySettings
    ):
        said = told(read(client, address(story)))
        assert said["og:image"] == said["twitter:image"]
        assert said["og:image:alt"] == said["twitter:image:alt"] == ["一片青稞田"]
        assert (said["og:image:width"], said["og:image:height"]) == (["1280"], ["640"])
        (url,) = said["og:image"]
        assert url.startswith(f"{settings.SITE_ADDRESS}/media/")
        answer = client.get(url.removeprefix(settings.SITE_ADDRESS))
        assert answer["Content-Type"] == said["og:image:type"][0] == "image/jpeg"
        answer.close()

    def test_says_when_the_text_last_changed(self, client: Client, story: Article, administrator: User):
        edition = publish_again(story, by=administrator, headline="青稞開鐮了")
        (said,) = told(read(client, address(story)))["article:modified_time"]
        assert datetime.fromisoformat(said) == edition.published_at.replace(microsecond=0)

    @pytest.mark.parametrize(
        ("language", "region", "expected"),
        [("zh-Hant", "TW", "zh_TW"), ("zh-Hant", "HK", "zh_HK"), ("zh-Hans", "TW", "zh_CN"), ("en", "TW", "en_US"),
         ("bo", "TW", "bo_CN")],
    )  # fmt: skip
    def test_names_the_language_by_country(
        self,
        language: str,
        region: str,
        expected: str,
        client: Client,
        editor: User,
        site: Site,
        settings: LazySettings,
    ):
        settings.HANT_REGION = region
        article = publish_article(editor, language=language)
        prefix = "" if language == "zh-Hant" else f"/{language.lower()}"
        said = told(read(client, address(article, prefix)))
        assert said["og:locale"] == [expected]
        assert expected not in said.get("og:locale:alternate", [])

    def test_of_front_and_lists_has_the_sites_own_picture_if_it_has_one(
        self, client: Client, story: Article, picture: Picture
    ):
        factories.make_site(tagline="湖邊四縣")
        for path in ("/", "/farming/barley/", "/tag/青稞/"):
            said = told(read(client, path))
            assert said["og:type"] == ["website"]
            assert said["twitter:card"] == ["summary"]
            assert "og:image" not in said
            assert said["og:description"] == said["description"] != [""]
        factories.make_site(logo=picture)
        for path in ("/", "/farming/barley/"):
            assert told(read(client, path))["og:image:alt"] == ["一片青稞田"]
        picture.alt = "開鐮"
        picture.save()
        assert told(read(client, "/zh-hans/"))["og:image:alt"] == ["开镰"]

    def test_of_a_list_has_its_name(self, client: Client, story: Article):
        titles = {
            path: told(read(client, path))["og:title"]
            for path in ("/", "/farming/barley/", "/archive/2026/03/05/", "/places/")
        }
        assert titles == {
            "/": ["朗措新聞"],
            "/farming/barley/": ["青稞"],
            "/archive/2026/03/05/": ["全部文章 2026年3月5日"],
            "/places/": ["地方"],
        }

    def test_no_word_of_a_desk_can_leave_its_attribute(self, client: Client, editor: User, picture: Picture):
        factories.make_site(name=HOSTILE, tagline=HOSTILE)
        channel = factories.make_channel(HOSTILE, slug="x", description=HOSTILE)
        article = publish_article(editor, headline=HOSTILE, standfirst=HOSTILE, channel=channel, lead_picture=picture)
        for path in (address(article), "/", "/x/"):
            answer = client.get(path)
            assert b"<script>alert" not in answer.content
            assert told(read(client, path))["og:site_name"] == [HOSTILE]


class TestNothingIsTold:
    def test_of_pages_that_should_not_be_found(self, client: Client, story: Article, chief: User, administrator: User):
        publish_again(story, by=administrator, kind="update", note="補。", body="<p>新。</p>")
        down = publish_article(administrator)
        withdraw(down, by=chief, second=administrator, act="takedown")
        ways = {"history/": 200, "v/1/": 200, "v/2/changes/": 200, "report/": 200}
        paths = {f"{address(story)}{way}": status for way, status in ways.items()}
        paths |= {address(down): 451, "/nowhere/": 404, "/imprint/": 200}
        for path, status in paths.items():
            page = read(client, path, status)
            assert "noindex" in told(page)["robots"][0], path
            assert all_structured_data(page) == [], path
            assert not [link for link in page.all("link[rel=alternate]") if "history.json" not in link["href"]], path
            assert page.none("link[rel=canonical]") == (status != 200), path
            assert not [name for name in told(page) if name.startswith(("og:", "twitter:", "article:"))], path

    def test_but_of_a_retracted_story_everything_is(self, client: Client, story: Article, chief: User, editor: User):
        withdraw(story, by=chief, second=editor)
        page = read(client, address(story))
        assert "robots" not in told(page)
        assert structured_data(page)["creativeWorkStatus"] == "Retracted"
        assert structured_data(page)["headline"] == told(page)["og:title"][0]


# What schema.org and Google ask of each kind (developers.google.com/search/docs/appearance/structured-data).
ASKED = {
    "NewsArticle": {"headline", "image", "datePublished", "dateModified", "author", "publisher", "mainEntityOfPage"},
    "NewsMediaOrganization": {"name", "url", "correctionsPolicy", "publishingPrinciples", "actionableFeedbackPolicy"},
    "Person": {"name"},
    "Organization": {"name"},
    "ImageObject": {"url", "width", "height"},
    "BreadcrumbList": {"itemListElement"},
    "ItemList": {"itemListElement"},
    "ListItem": {"position"},
    "WebSite": {"name", "url"},
    "CollectionPage": {"name", "url", "mainEntity"},
    "Place": {"name", "identifier", "url"},
    "CorrectionComment": {"text", "datePublished"},
    "SearchAction": {"target", "query-input"},
    "EntryPoint": {"urlTemplate"},
    "ContactPoint": {"contactType", "email"},
}


def lacking(thing: Any) -> list[str]:
    """What is asked of a thing, or of a thing within it, and is not there or empty; addresses must be absolute."""
    if isinstance(thing, list):
        return [one for part in thing for one in lacking(part)]
    if not isinstance(thing, dict):
        return []
    kind = thing["@type"]
    found = [f"{kind}.{name}" for name in ASKED[kind] if thing.get(name) in (None, "", [], {})]
    for name, value in thing.items():
        if name in {"url", "item", "mainEntityOfPage"} and not str(value).startswith("http"):
            found.append(f"{kind}.{name} is {value}")
        if name != "translationOfWork":  # only pointed at
            found += lacking(value)
    return found


class TestStructuredData:
    def test_nothing_that_is_asked_for_is_lacking_anywhere(
        self, client: Client, story: Article, picture: Picture, administrator: User
    ):
        factories.make_site(logo=picture, contact_email="desk@langtso.example")
        factories.correct(story, by=administrator, field="body")
        for path, kinds in {
            address(story): {"NewsArticle", "BreadcrumbList"},
            address(story, "/zh-hans"): {"BreadcrumbList"},
            "/": {"WebSite"},
            "/farming/barley/": {"CollectionPage", "BreadcrumbList"},
            "/topic/harvest/": {"CollectionPage", "BreadcrumbList"},
            "/tag/青稞/": {"CollectionPage", "BreadcrumbList"},
            "/people/nima/": {"CollectionPage", "BreadcrumbList"},
            "/archive/2026/03/": {"CollectionPage", "BreadcrumbList"},
            "/farming/archive/": {"CollectionPage", "BreadcrumbList"},
            "/farming/archive/2026/": {"CollectionPage", "BreadcrumbList"},
            "/places/": {"BreadcrumbList"},
        }.items():
            found = all_structured_data(read(client, path))
            assert {thing["@type"] for thing in found} >= kinds, path
            assert [one for thing in found for one in lacking(thing)] == [], path
            assert {thing["@context"] for thing in found} == {"https://schema.org"}

    def test_the_newsroom_names_the_pages_that_somebody_has_written(
        self, client: Client, story: Article, administrator: User, picture: Picture, settings: LazySettings
    ):
        publisher = structured_data(read(client, address(story)))["publisher"]
        assert publisher["@type"] == "NewsMediaOrganization"
        assert urlsplit(publisher["correctionsPolicy"]).path == "/corrections/policy/"
        assert {"ownershipFundingInfo", "logo", "contactPoint", "masthead"} & set(publisher) == set()
        for slug in ("about", "imprint"):
            page, _ = Page.objects.get_or_create(slug=slug)
            save_page(page, seen=0, by=administrator, language="zh-Hant", title="頁", body="<p>我們。</p>")
        factories.make_site(logo=picture, contact_email="desk@langtso.example")
        publisher = structured_data(read(client, address(story)))["publisher"]
        paths = [
            urlsplit(publisher[name]).path for name in ("publishingPrinciples", "ownershipFundingInfo", "masthead")
        ]
        assert paths == ["/about/", "/imprint/", "/about/"]
        assert (publisher["logo"]["width"], publisher["logo"]["height"]) == (1280, 640)
        assert publisher["contactPoint"]["email"] == "desk@langtso.example"

    def test_authors_and_pictures_are_whole(self, client: Client, story: Article, settings: LazySettings):
        data = structured_data(read(client, address(story)))
        assert data["author"] == [{"@type": "Person", "name": "尼瑪", "url": f"{settings.SITE_ADDRESS}/people/nima/"}]
        (image,) = data["image"]
        assert (image["width"], image["height"], image["caption"]) == (1280, 640, "一片青稞田")

    def test_the_way_to_a_page_can_be_walked(self, client: Client, story: Article, settings: LazySettings):
        names = {
            address(story): ["朗措新聞", "農牧", "青稞", "青稞開鐮"],
            "/farming/barley/": ["朗措新聞", "農牧", "青稞"],
            "/farming/barley/archive/2026/03/": ["朗措新聞", "農牧", "青稞", "過往文章", "2026年", "2026年3月"],
            "/archive/2026/03/05/": ["朗措新聞", "過往文章", "2026年", "2026年3月", "2026年3月5日"],
            "/tag/青稞/": ["朗措新聞", "青稞"],
            "/places/": ["朗措新聞", "地方"],
        }
        for path, expected in names.items():
            steps = structured_data(read(client, path), "BreadcrumbList")["itemListElement"]
            assert [step["name"] for step in steps] == expected, path
            assert [step["position"] for step in steps] == list(range(1, len(steps) + 1))
            for step in steps:
                assert client.get(step["item"].removeprefix(settings.SITE_ADDRESS)).status_code == 200, step

    def test_the_front_says_how_the_site_is_searched(self, client: Client, story: Article, settings: LazySettings):
        for prefix in ("", "/en"):
            action = structured_data(read(client, f"{prefix}/"), "WebSite")["potentialAction"]
            address = action["target"]["urlTemplate"].removeprefix(settings.SITE_ADDRESS)
            assert address == f"{prefix}/search/?q={{words}}"
            assert client.get(address.format(words="青稞")).status_code == 200

    def test_a_list_names_its_stories_in_its_order(
        self, client: Client, story: Article, editor: User, settings: LazySettings
    ):
        newer = publish_article(editor, channel=story.channel)
        items = structured_data(read(client, "/farming/barley/"), "CollectionPage")["mainEntity"]["itemListElement"]
        expected = [f"{settings.SITE_ADDRESS}{address(one)}" for one in (newer, story)]
        assert [item["url"] for item in items] == expected

    def test_a_topic_names_what_somebody_placed_before_the_rest(
        self, client: Client, story: Article, editor: User, settings: LazySettings
    ):
        placed = publish_article(editor, topic=story.topic)
        section = story.topic.sections.create(name="開鐮", order=0)
        section.stories.create(topic=story.topic, article=placed)
        items = structured_data(read(client, "/topic/harvest/"), "CollectionPage")["mainEntity"]["itemListElement"]
        expected = [f"{settings.SITE_ADDRESS}{address(one)}" for one in (placed, story)]
        assert [item["url"] for item in items] == expected


class TestTheRightAddress:
    def test_every_page_that_may_be_found_names_its_own(self, client: Client, story: Article, settings: LazySettings):
        paths = ["/", "/zh-hans/", "/en/", "/bo/", address(story), address(story, "/zh-hans"), "/farming/",
                 "/topic/harvest/", "/people/nima/", "/archive/2026/03/", "/archive/2026/03/05/",
                 "/farming/archive/2026/03/", "/corrections/", "/corrections/accuracy/",
                 "/corrections/policy/"]  # fmt: skip
        for path in paths:
            for asked in (path, f"{path}?from=somewhere"):
                page = read(client, asked)
                assert page.one("link[rel=canonical]")["href"] == f"{settings.SITE_ADDRESS}{path}"
            assert "robots" not in told(page), path

    def test_a_past_edition_names_the_story(self, client: Client, story: Article, editor: User, settings: LazySettings):
        publish_again(story, by=editor, kind="update", note="補。", body="<p>新。</p>")
        for way in ("v/1/", "v/2/", "v/2/changes/"):
            page = read(client, f"{address(story)}{way}")
            assert page.one("link[rel=canonical]")["href"] == f"{settings.SITE_ADDRESS}{address(story)}"

    def test_each_script_of_a_story_names_the_other(self, client: Client, story: Article, settings: LazySettings):
        expected = {"zh-Hant": address(story), "zh-Hans": address(story, "/zh-hans"), "x-default": address(story)}
        for path in (address(story), address(story, "/zh-hans")):
            links = [link for link in read(client, path).all("link[rel=alternate]") if link.get("hreflang")]
            assert {link["hreflang"]: link["href"].removeprefix(settings.SITE_ADDRESS) for link in links} == expected
