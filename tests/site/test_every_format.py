"""One correction, published once, is read back out of every form in which the newsroom tells it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree

import feedparser
import pytest
from django.conf import LazySettings, settings
from django.test import Client

from articles.models import Article, Correction, ErrorReport, Publication, Site, User
from articles.publishing import Note, publish
from articles.publishing.clock import database_now
from tests import factories
from tests.factories import change, publish_again, publish_article, withdraw
from tests.harness.once import on_one_database
from tests.site.reading import Part, parse, read, structured_data

pytestmark = on_one_database

THEN = datetime(2026, 3, 5, 1, 30, tzinfo=UTC)
WAS, NOW, TEXT = "開鐮的日子是九月二日", "開鐮的日子是九月三日", "日期寫錯了。"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
FEEDS = ["/feed", "/farming/feed", "/topic/harvest/feed", "/tag/青稞/feed"]


@dataclass(frozen=True)
class Told:
    """A story's item, as one form of one feed tells it."""

    guid: str
    title: str
    published: datetime
    updated: datetime
    html: str


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def told_by(client: Client, path: str, form: str) -> list[Told]:
    response = client.get(f"{path}.{form}")
    assert response.status_code == 200, f"{path}.{form} answers {response.status_code}"
    if form == "json":
        return [
            Told(item["id"], item["title"], moment(item["date_published"]), moment(item["date_modified"]),
                 item["content_html"])
            for item in json.loads(response.content)["items"]
        ]  # fmt: skip
    headers = {"content-type": response["Content-Type"]}
    as_sent = {"sanitize_html": False, "resolve_relative_uris": False}
    found = feedparser.parse(response.content, response_headers=headers, **as_sent)
    assert not found.bozo, found.get("bozo_exception")
    assert found.version == {"rss": "rss20", "atom": "atom10"}[form]
    return [
        Told(entry.id, entry.title, datetime(*entry.published_parsed[:6], tzinfo=UTC), _updated(entry),
             entry.content[0].value)
        for entry in found.entries
    ]  # fmt: skip


def _updated(entry: Any) -> datetime:
    return moment(entry.updated.replace("Z", "+00:00"))


def everywhere(client: Client, code: str) -> Iterator[tuple[str, Told]]:
    """The story's item in each form of each feed in which it stands."""
    for path in FEEDS:
        for form in ("rss", "atom", "json"):
            (item,) = [one for one in told_by(client, path, form) if one.guid == f"newsroom:{code}"]
            yield f"{path}.{form}", item


def lastmod(client: Client, address: str) -> datetime:
    (file,) = ElementTree.fromstring(client.get("/sitemap.xml").content).iter(f"{SITEMAP}loc")
    root = ElementTree.fromstring(client.get(file.text.removeprefix(settings.SITE_ADDRESS)).content)
    (found,) = [
        url.findtext(f"{SITEMAP}lastmod")
        for url in root.findall(f"{SITEMAP}url")
        if url.findtext(f"{SITEMAP}loc") == address
    ]
    return moment(found)


@pytest.fixture
def story(administrator: User, site: Site) -> Article:
    return publish_article(
        administrator,
        at=THEN,
        body=f"<p>上朗縣的青稞開鐮了。</p><p>{WAS}，比去年早。</p>",
        channel=factories.make_channel("農牧", slug="farming"),
        topic=factories.make_topic("青稞秋收", slug="harvest"),
        tags=["青稞"],
    )


@pytest.fixture
def corrected(story: Article, editor: User) -> Correction:
    """The one correction: of a passage, with what was wrong and what is right, because a reader reported it."""
    now = database_now()
    report = ErrorReport.objects.create(
        article=story, desk=story.desk, edition=story.editions.get(), language="zh-hant", key_digest="0" * 64,
        received_at=now, acknowledge_by=now, decide_by=now, wrong=WAS, contact="reader@example.org",
    )  # fmt: skip
    article = change(story, by=editor, body=f"<p>上朗縣的青稞開鐮了。</p><p>{NOW}，比去年早。</p>")
    note = Note(kind="correction", text=TEXT, was=WAS, now=NOW, passage=WAS, reports=[report])
    publish(article, seen=article.version, by=editor, noted=[note])
    return Correction.objects.select_related("right", "article").get()


def test_one_correction_is_read_back_out_of_every_format(
    client: Client, story: Article, corrected: Correction, settings: LazySettings
):
    at, code = corrected.at, story.code
    address = f"{settings.SITE_ADDRESS}/a/{code}/"
    link, guid = f"{address}#notice-2-1", f"newsroom:{code}:2:1"

    # The story's own page: the notice, and the words themselves in the text.
    page = read(client, f"/a/{code}/")
    notice = page.one("article").one(".notice[id=notice-2-1]")
    assert "correction" in notice.get("class").split()
    assert moment(notice.one("time")["datetime"]).replace(microsecond=0) == at.replace(microsecond=0)
    assert (notice.one("del").words, notice.one("ins").words) == (WAS, NOW)
    assert TEXT in notice.words
    assert page.one(".body .corrected").words == NOW
    opened = page.one(".body [id=change-2-1]")
    assert (opened.one("del").words, opened.one("ins").words) == (WAS, NOW)

    # The list of all corrections, and its feeds: an item of its own.
    entry = read(client, "/corrections/").one(f"li[id={code}-2-1]")
    assert (entry.one("del").words, entry.one("ins").words) == (WAS, NOW)
    assert entry.one(".headline a")["href"] == f"/a/{code}/#notice-2-1"
    assert entry.one(".thanks")
    for form in ("rss", "atom", "json"):
        (item,) = told_by(client, "/corrections/feed", form)
        assert item.guid == guid, form
        assert story.headline in item.title
        assert abs((item.published - at).total_seconds()) < 1
        assert item.updated == at
        for words in (WAS, NOW, TEXT):
            assert words in item.html, form

    # The story's own item in every feed: the same item, updated, with the notice inside its content.
    for feed, item in everywhere(client, code):
        assert item.published == THEN, feed
        assert item.updated == at, feed
        inside = parse(f"<!doctype html><title>x</title>{item.html}".encode()).one("div.correction")
        for words in (WAS, NOW, TEXT):
            assert words in inside.words, feed
    (item,) = json.loads(client.get("/feed.json").content)["items"]
    (extension,) = item["_corrections"]
    assert (extension["was"], extension["now"], extension["kind"]) == (WAS, NOW, "correction")

    # For machines on the page, in the sitemap, and in the public history.
    data = structured_data(page)
    (comment,) = data["correction"]
    assert comment["@type"] == "CorrectionComment"
    assert (comment["@id"], comment["url"]) == (guid, link)
    assert moment(comment["datePublished"]) == at
    for words in (WAS, NOW, TEXT):
        assert words in comment["text"]
    assert moment(data["dateModified"]) == corrected.right.published_at
    assert data["creativeWorkStatus"] == "Corrected"
    assert data["publisher"]["correctionsPolicy"] == f"{settings.SITE_ADDRESS}/corrections/policy/"
    assert lastmod(client, address) == at
    history = json.loads(client.get(f"/a/{code}/history.json").content)
    assert corrected.digest in json.dumps(history)
    assert WAS in json.dumps(history, ensure_ascii=False)

    # Nowhere a word of who reported it.
    for path in (f"/a/{code}/", "/corrections/", "/feed.json", "/corrections/feed.json", f"/a/{code}/history.json"):
        assert "reader@example.org" not in client.get(path).content.decode()


def test_what_was_told_before_and_what_is_told_after_is_the_same_item(client: Client, story: Article, editor: User):
    before = dict(everywhere(client, story.code))
    publish_again(story, by=editor, kind="update", note="補。", body="<p>補了。</p>", headline="新標題")
    for feed, item in everywhere(client, story.code):
        assert item.guid == before[feed].guid
        assert item.published == before[feed].published
        assert item.updated > before[feed].updated
        assert item.title == "新標題"


def test_a_typo_moves_the_date_of_the_edition_and_no_other(
    client: Client, story: Article, corrected: Correction, editor: User, settings: LazySettings
):
    address = f"{settings.SITE_ADDRESS}/a/{story.code}/"
    modified = structured_data(read(client, f"/a/{story.code}/"))["dateModified"]
    before = dict(everywhere(client, story.code))
    edition = publish_again(story, by=editor, standfirst="改了一個字。")
    data = structured_data(read(client, f"/a/{story.code}/"))
    assert moment(data["dateModified"]) == edition.published_at > moment(modified)
    assert data["creativeWorkStatus"] == "Corrected"
    for feed, item in everywhere(client, story.code):
        assert item.updated == before[feed].updated == corrected.at, feed
        assert "改了一個字。" in item.html, feed
    assert lastmod(client, address) == corrected.at
    assert [item.guid for item in told_by(client, "/corrections/feed", "atom")] == [f"newsroom:{story.code}:2:1"]


def test_a_corrected_headline_says_so_in_every_feed(client: Client, story: Article, editor: User):
    article = change(story, by=editor, headline="對的標題")
    note = Note(kind="correction", was="錯的標題", now="對的標題", field="headline")
    publish(article, seen=article.version, by=editor, noted=[note])
    for feed, item in everywhere(client, story.code):
        assert item.title != "對的標題", feed
        assert item.title.endswith("對的標題"), feed


def test_a_retraction_stands_in_place_of_the_text(
    client: Client, story: Article, editor: User, chief: User, settings: LazySettings
):
    withdraw(story, by=chief, second=editor, text="核心事實不成立。")
    for feed, item in everywhere(client, story.code):
        assert item.title != story.headline, feed
        assert item.title.endswith(story.headline), feed
        assert "核心事實不成立。" in item.html
        assert "上朗縣的青稞開鐮了" not in item.html
        assert item.published == THEN
    assert lastmod(client, f"{settings.SITE_ADDRESS}/a/{story.code}/") > THEN
    assert "核心事實不成立。" in client.get("/corrections/").content.decode()
    data = structured_data(read(client, f"/a/{story.code}/"))
    assert data["creativeWorkStatus"] == "Retracted"
    assert "核心事實不成立。" in data["correction"][0]["text"]


def test_an_editors_note_brings_the_reply_along(client: Client, story: Article, chief: User):
    article = change(story, by=chief, standfirst="新。")
    note = Note(kind="editors-note", text="當事人答辯如下。", reply=("扎西", "我沒有說過。"))
    publish(article, seen=article.version, by=chief, noted=[note])
    for feed, item in everywhere(client, story.code):
        inside: Part = parse(f"<!doctype html><title>x</title>{item.html}".encode()).one("div.editors-note")
        assert "我沒有說過。" in inside.words, feed
        assert "扎西" in inside.words, feed
    (comment,) = structured_data(read(client, f"/a/{story.code}/"))["correction"]
    assert comment["comment"]["text"] == "我沒有說過。"
    assert comment["comment"]["author"]["name"] == "扎西"


def test_nothing_in_a_notice_leaves_the_script_element_or_breaks_a_feed(client: Client, story: Article, editor: User):
    bad = "</script><script>alert(1)</script> ]]> & \u2028 x"
    article = change(story, by=editor, standfirst="新。")
    publish(article, seen=article.version, by=editor, noted=[Note(kind="correction", text=bad, was=bad, now=bad)])
    page = read(client, f"/a/{story.code}/")
    assert "</script><script>" in structured_data(page)["correction"][0]["text"]
    assert not [script for script in page.all("script") if (script.element.text or "").startswith("alert")]
    for path in ("/feed", "/corrections/feed"):
        for form in ("rss", "atom", "json"):
            html = told_by(client, path, form)[0].html
            assert "&lt;script&gt;" in html
            assert "<script" not in html


def test_the_dates_come_from_rows_that_the_edition_wrote(story: Article, corrected: Correction):
    publication = Publication.objects.get(article=story)
    assert publication.changed_at == publication.published_at == corrected.at
