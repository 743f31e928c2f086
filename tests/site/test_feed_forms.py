"""Atom and JSON Feed beside RSS: the same items in all three; and what feeds tell of a story that was taken down."""

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import feedparser
import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import Article, Correction, Credit, Erasure, Publication, Site, Topic, User
from articles.publishing import agree, propose
from articles.publishing.clock import database_now
from tests import factories
from tests.factories import correct, publish_again, publish_article, withdraw
from tests.harness.once import on_one_database
from tests.site.reading import read

FORMS = {
    "rss": "application/rss+xml; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "json": "application/feed+json; charset=utf-8",
}
THEN = datetime(2026, 3, 5, 1, 30, tzinfo=UTC)
MONTH = timedelta(days=30)
ATOM, XML = "{http://www.w3.org/2005/Atom}", "{http://www.w3.org/XML/1998/namespace}"


@pytest.fixture(autouse=True)
def _named(site: Site) -> None:
    """A site with a name."""


@pytest.fixture
def story(administrator: User) -> Article:
    return publish_article(
        administrator,
        at=THEN,
        standfirst="比去年早五天。",
        body='<p>上朗縣的<a href="/tag/青稞/">青稞</a>開鐮了。</p>',
        channel=factories.make_channel("農牧", slug="farming"),
        topic=factories.make_topic("青稞秋收", slug="harvest"),
        tags=["青稞"],
        credits=[(factories.make_person("尼瑪").pk, Credit.Role.AUTHOR.value),
                 (factories.make_person("達珍").pk, Credit.Role.EDITOR.value)],
        lead_picture=factories.make_picture(administrator),
    )  # fmt: skip


def items(client: Client, form: str, path: str = "/feed") -> list[dict[str, Any]]:
    """What each form says of its items, in the words of JSON Feed."""
    response = client.get(f"{path}.{form}")
    assert response.status_code == 200, f"{path}.{form} answers {response.status_code}"
    assert response["Content-Type"] == FORMS[form]
    if form == "json":
        return list(json.loads(response.content)["items"])
    headers = {"content-type": response["Content-Type"]}
    as_sent = {"sanitize_html": False, "resolve_relative_uris": False}
    found = feedparser.parse(response.content, response_headers=headers, **as_sent)
    assert not found.bozo, found.get("bozo_exception")
    return [
        {"id": one.id, "url": one.link, "title": one.title, "content_html": one.content[0].value,
         "authors": [{"name": author.name} for author in one.authors], "tags": [tag.term for tag in one.tags],
         "summary": one.summary, "language": one.get("language") or one.content[0].language}
        for one in found.entries
    ]  # fmt: skip


def entry_of(client: Client, path: str = "/feed.atom") -> Element:
    return ElementTree.fromstring(client.get(path).content).find(f"{ATOM}entry")


@on_one_database
@pytest.mark.parametrize("path", ["/feed", "/farming/feed", "/topic/harvest/feed", "/tag/青稞/feed", "/zh-hans/feed"])
def test_all_three_forms_tell_the_same(path: str, client: Client, story: Article, editor: User):
    publish_again(story, by=editor, kind="update", note="補。", body="<p>補了。</p>")
    (rss,), (atom,), (whole,) = (items(client, form, path) for form in FORMS)
    for name in ("id", "url", "title", "content_html", "tags", "summary"):
        assert rss[name] == atom[name] == whole[name], name
    assert atom["authors"] == whole["authors"] == [{"name": "尼玛" if path.startswith("/zh-hans") else "尼瑪"}]
    assert rss["id"] == f"newsroom:{story.code}"


@on_one_database
def test_an_item_is_told_in_the_script_of_the_feed_and_stays_the_same_item(client: Client, editor: User):
    article = publish_article(editor, language="zh-Hans", headline="青稞开镰")
    correct(article, by=editor, body="<p>昨天开镰。</p>")
    (traditional,), (simplified,) = (items(client, "json", path) for path in ("/feed", "/zh-hans/feed"))
    assert traditional["id"] == simplified["id"]
    assert (traditional["title"], simplified["title"]) == ("青稞開鐮", "青稞开镰")
    assert (traditional["language"], simplified["language"]) == ("zh-Hant", "zh-Hans")
    assert "昨天開鐮。" in traditional["content_html"]
    assert "昨天开镰。" in simplified["content_html"]


@on_one_database
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "path", ["/people/nobody/feed", "/nowhere/feed", "/topic/nowhere/feed", "/en/topic/harvest/feed"]
)
def test_a_feed_that_does_not_exist_is_not_there(form: str, path: str, client: Client, story: Article):
    assert client.get(f"{path}.{form}").status_code == 404


@on_one_database
def test_pages_name_their_feeds_in_all_three_forms(client: Client, story: Article):
    for path, feeds in {"/": ["/feed"], "/farming/": ["/feed", "/farming/feed"]}.items():
        links = [link for link in read(client, path).all("link[rel=alternate]") if link.get("type")]
        assert [(link["href"], link["type"]) for link in links] == [
            (f"{feed}.{form}", FORMS[form].partition(";")[0]) for feed in feeds for form in FORMS
        ]
        assert len({link["title"] for link in links}) == len(links)


@on_one_database
class TestAtom:
    def test_has_what_rfc_4287_demands(self, client: Client, story: Article, settings: LazySettings):
        root = ElementTree.fromstring(client.get("/farming/feed.atom").content)
        assert root.tag == f"{ATOM}feed"
        assert root.get(f"{XML}lang").lower() == "zh-hant"
        links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
        address = settings.SITE_ADDRESS
        assert links == {"self": f"{address}/farming/feed.atom", "alternate": f"{address}/farming/"}
        assert root.findtext(f"{ATOM}title") == "農牧 - 朗措新聞"
        assert "://" not in root.findtext(f"{ATOM}id")  # stays the same after a move
        entry = root.find(f"{ATOM}entry")
        assert entry.findtext(f"{ATOM}id") == f"newsroom:{story.code}"
        assert entry.get(f"{XML}lang") == "zh-Hant"
        assert entry.find(f"{ATOM}content").get("type") == "html"
        assert entry.find(f"{ATOM}link").attrib == {"rel": "alternate", "href": f"{address}/a/{story.code}/"}
        assert [name.text for name in entry.findall(f"{ATOM}author/{ATOM}name")] == ["尼瑪"]
        assert datetime.fromisoformat(entry.findtext(f"{ATOM}published")) == THEN
        assert root.findtext(f"{ATOM}updated") == entry.findtext(f"{ATOM}updated")

    def test_of_a_new_site_is_empty_and_whole(self, client: Client):
        root = ElementTree.fromstring(client.get("/feed.atom").content)
        assert [root.findtext(f"{ATOM}{name}") for name in ("id", "title", "updated")].count(None) == 0

    def test_each_list_and_language_has_an_id_of_its_own(self, client: Client, story: Article):
        paths = (
            "/feed",
            "/zh-hans/feed",
            "/farming/feed",
            "/topic/harvest/feed",
            "/tag/青稞/feed",
            "/corrections/feed",
        )
        ids = [ElementTree.fromstring(client.get(f"{path}.atom").content).findtext(f"{ATOM}id") for path in paths]
        assert len(set(ids)) == len(paths)

    def test_is_moved_by_what_has_weight_and_by_no_typo(self, client: Client, story: Article, editor: User):
        before = entry_of(client).findtext(f"{ATOM}updated")
        publish_again(story, by=editor, body="<p>改了一個字。</p>")
        assert entry_of(client).findtext(f"{ATOM}updated") == before
        correct(story, by=editor)
        after = entry_of(client)
        assert after.findtext(f"{ATOM}updated") > before
        assert datetime.fromisoformat(after.findtext(f"{ATOM}published")) == THEN

    def test_is_moved_when_words_of_a_notice_are_erased(
        self, client: Client, story: Article, editor: User, chief: User
    ):
        correct(story, by=editor)
        publish_again(story, by=editor, kind="update", note="補。", body="<p>補了。</p>")
        before = items(client, "json")[0]["date_modified"]
        terms = {"erase": {"notices": [Correction.objects.get(kind="correction").pk]}, "reason": "法院"}
        agree(propose(story, act="erasure", by=chief, text="依法刪除。", **terms), by=editor)
        after = items(client, "json")[0]["date_modified"]
        assert datetime.fromisoformat(after) == Erasure.objects.get().at > datetime.fromisoformat(before)
        assert datetime.fromisoformat(entry_of(client).findtext(f"{ATOM}updated")) == Erasure.objects.get().at


@on_one_database
class TestJson:
    def test_has_what_version_1_1_demands(self, client: Client, story: Article, settings: LazySettings):
        data = json.loads(client.get("/farming/feed.json").content)
        address = settings.SITE_ADDRESS
        assert data["version"] == "https://jsonfeed.org/version/1.1"
        assert (data["title"], data["language"]) == ("農牧 - 朗措新聞", "zh-Hant")
        assert (data["feed_url"], data["home_page_url"]) == (f"{address}/farming/feed.json", f"{address}/farming/")
        (item,) = data["items"]
        assert item["id"] == f"newsroom:{story.code}"
        assert item["url"] == f"{address}/a/{story.code}/"
        assert item["image"].startswith(f"{address}/media/")
        assert datetime.fromisoformat(item["date_published"]) == THEN
        assert item["tags"] == ["農牧", "青稞"]
        assert "author" not in item  # deprecated
        assert f'href="{address}/tag/' in item["content_html"]
        assert "_corrections" not in item


class TestATakedown:
    PATHS = ("/feed", "/farming/feed", "/topic/harvest/feed", "/tag/青稞/feed")

    @pytest.fixture
    def down(self, story: Article, editor: User, chief: User) -> Article:
        withdraw(story, by=chief, second=editor, act="takedown", text="法院判決。", keep_headline=False)
        return story

    @pytest.mark.parametrize("form", FORMS)
    def test_leaves_a_stub_under_the_same_guid_wherever_the_story_stood(self, form: str, client: Client, down: Article):
        for path in self.PATHS:
            (item,) = items(client, form, path)
            assert item["id"] == f"newsroom:{down.code}"
            assert "法院判決。" in item["content_html"]
            whole = client.get(f"{path}.{form}").content.decode()
            for words in (down.headline, "上朗縣的", "比去年早五天。", "尼瑪", "/media/"):
                assert words not in whole, (path, words)

    def test_keeps_the_headline_where_it_may(self, client: Client, story: Article, editor: User, chief: User):
        withdraw(story, by=chief, second=editor, act="takedown")
        (item,) = items(client, "json")
        assert item["title"].endswith(story.headline)
        assert item["title"] != story.headline

    def test_leaves_no_name_of_a_list_that_is_gone_with_it(self, client: Client, down: Article, administrator: User):
        assert client.get("/tag/青稞/").status_code == client.get("/topic/harvest/").status_code == 410
        topic = Topic.objects.get()
        topic.standfirst = "一年的收成。"
        topic.save()
        for path, name in {"/tag/青稞/feed": "青稞", "/topic/harvest/feed": "青稞秋收"}.items():
            for form in FORMS:
                whole = client.get(f"{path}.{form}").content.decode()
                assert topic.standfirst not in whole
                assert f"{name} - " not in whole
            told = json.loads(client.get(f"{path}.json").content)
            assert told["title"] == "朗措新聞"
            assert "青稞" not in told["description"]
        publish_article(administrator, at=THEN, tags=["青稞"], headline="新的")
        assert json.loads(client.get("/tag/青稞/feed.json").content)["title"] == "青稞 - 朗措新聞"

    def test_is_told_for_thirty_days_and_not_longer(self, client: Client, down: Article):
        edge = database_now() - MONTH
        for at, expected in ((edge + timedelta(minutes=1), 1), (edge - timedelta(seconds=1), 0)):
            Publication.objects.update(published_at=at)
            assert len(items(client, "json")) == expected
            assert len(items(client, "atom", "/farming/feed")) == expected
        answer = client.get("/topic/harvest/feed.rss")
        assert answer.status_code == 410  # its name is not told, only that something stood at this address
        assert "青稞秋收" not in answer.content.decode()

    def test_of_an_old_story_is_told_though_thirty_newer_ones_stand_there(
        self, client: Client, down: Article, administrator: User
    ):
        for day in range(31):
            publish_article(administrator, at=THEN + timedelta(days=day + 1), channel=down.channel)
        told = items(client, "json", "/farming/feed")
        assert len(told) == 31
        assert told[-1]["id"] == f"newsroom:{down.code}"  # in its place by first publication

    def test_that_was_taken_back_is_a_story_again(self, client: Client, down: Article, editor: User, chief: User):
        withdraw(down, by=chief, second=editor, act="restoration", text="判決已撤銷。")
        (item,) = items(client, "json")
        assert "上朗縣的" in item["content_html"]
        assert "判決已撤銷。" in item["content_html"]

    def test_whose_term_has_ended_is_news_to_who_asks_by_date(self, client: Client, down: Article):
        now = database_now()
        Publication.objects.update(published_at=now - MONTH + timedelta(days=1))
        told = client.get("/feed.atom")["Last-Modified"]
        Publication.objects.update(published_at=now - MONTH - timedelta(minutes=1))
        assert client.get("/feed.atom", headers={"If-Modified-Since": told}).status_code == 200
        later = format_datetime(now, usegmt=True)
        assert client.get("/feed.atom", headers={"If-Modified-Since": later}).status_code == 304


@on_one_database
class TestConditionalGet:
    @pytest.mark.parametrize("form", FORMS)
    def test_who_has_it_gets_nothing_anew(self, form: str, client: Client, story: Article):
        for path in (f"/feed.{form}", f"/corrections/feed.{form}"):
            first = client.get(path)
            for header, value in (("If-None-Match", first["ETag"]), ("If-Modified-Since", first["Last-Modified"])):
                answer = client.get(path, headers={header: value})
                assert (answer.status_code, answer.content) == (304, b""), (path, header)

    def test_within_two_seconds_of_a_publication_no_date_is_told(self, client: Client, published: Article):
        assert "Last-Modified" not in client.get("/feed.atom")


@on_one_database
@pytest.mark.parametrize("form", FORMS)
def test_the_queries_stay_within_six_with_notices_and_stubs(
    form: str, client: Client, administrator: User, editor: User
):
    shared = {
        "channel": factories.make_channel("農牧", slug="farming"),
        "topic": factories.make_topic("青稞秋收", slug="harvest"),
        "tags": ["青稞"],
    }

    def count() -> dict[str, int]:
        counted = {}
        for path in ("/feed", "/farming/feed", "/topic/harvest/feed", "/tag/青稞/feed"):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(f"{path}.{form}").status_code == 200
            assert len(queries) <= 6, "\n".join(query["sql"] for query in queries)
            counted[path] = len(queries)
        return counted

    def stories(number: int) -> None:
        for _ in range(number):
            correct(publish_article(editor, **shared), by=editor)
            withdraw(publish_article(editor, **shared), by=administrator, second=editor, act="takedown")

    stories(1)
    few = count()
    stories(4)
    assert count() == few
