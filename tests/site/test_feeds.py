"""RSS 2.0: whole stories for readers' programmes, and nothing that was not published."""

import io
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import feedparser
import pytest
from django.conf import LazySettings
from django.test import Client
from PIL import Image

from articles.models import Article, Channel, Credit, Desk, Person, Picture, Site, Source, Tag, Topic, User
from tests import factories
from tests.factories import change, make_article, publish_again, publish_article
from tests.harness.once import on_one_database

EDITOR, AUTHOR = Credit.Role.EDITOR.value, Credit.Role.AUTHOR.value
THEN = datetime(2026, 3, 5, 1, 30, tzinfo=UTC)
ATOM, CONTENT, DC, MEDIA = (
    "{http://www.w3.org/2005/Atom}",
    "{http://purl.org/rss/1.0/modules/content/}",
    "{http://purl.org/dc/elements/1.1/}",
    "{http://search.yahoo.com/mrss/}",
)


@pytest.fixture(autouse=True)
def _named(site: Site, desk: Desk) -> None:
    """Every feed here has a name and somebody who could write."""


def channel_of(client: Client, path: str = "/feed.rss") -> Element:
    """<channel>, read by a parser of XML that forgives nothing."""
    response = client.get(path)
    assert response.status_code == 200, f"{path} answers {response.status_code}"
    assert response["Content-Type"] == "application/rss+xml; charset=utf-8"
    root = ElementTree.fromstring(response.content)
    assert (root.tag, root.attrib["version"]) == ("rss", "2.0")
    return root.find("channel")


def items_of(client: Client, path: str = "/feed.rss") -> list[Element]:
    return channel_of(client, path).findall("item")


def titles_of(client: Client, path: str = "/feed.rss") -> list[str]:
    return [item.findtext("title") for item in items_of(client, path)]


def parsed(client: Client, path: str = "/feed.rss") -> Any:
    """As feedparser, and most readers' programmes, understand it."""
    found = feedparser.parse(client.get(path).content, response_headers={"content-type": "application/rss+xml"})
    assert not found.bozo, found.get("bozo_exception")
    return found


@pytest.fixture
def whole(administrator: User, editor: User, settings: LazySettings) -> Article:
    """A story that has everything, the 5th of March 2026, 09:30 in Shanghai."""
    upload = factories.image_bytes(color="#20304f")  # another image than the lead
    inside = factories.make_picture(editor, upload=upload, alt="打穀場", credit="尼瑪攝")
    return publish_article(
        administrator,
        at=THEN,
        headline="青稞開鐮 & <收成>",
        standfirst="比去年早五天。",
        body='<p>上朗縣的<a href="/tag/青稞/">青稞</a>開鐮了。</p><h2>收成</h2>'
        f'<figure data-picture="{inside.pk}"><figcaption>打穀場上。</figcaption></figure>'
        '<p><a href="https://elsewhere.example/a?b=1&amp;c=2">別處</a></p>',
        channel=factories.make_channel("農牧", slug="farming"),
        topic=factories.make_topic("青稞秋收", slug="harvest"),
        tags=["青稞", "秋收"],
        credits=[(factories.make_person("尼瑪").pk, AUTHOR), (factories.make_person("達珍").pk, EDITOR)],
        lead_picture=factories.make_picture(editor, alt="一片青稞田", credit="白瑪拉姆攝"),
        lead_caption="開鐮的早晨。",
    )


@on_one_database
class TestAnItem:
    def test_says_title_address_first_publication_authors_and_categories(
        self, client: Client, whole: Article, settings: LazySettings
    ):
        (item,) = items_of(client)
        assert item.findtext("title") == "青稞開鐮 & <收成>"
        assert item.findtext("link") == f"{settings.SITE_ADDRESS}/a/{whole.code}/"
        assert item.findtext("description") == "比去年早五天。"
        assert parsedate_to_datetime(item.findtext("pubDate")) == THEN
        assert [creator.text for creator in item.findall(f"{DC}creator")] == ["尼瑪"]
        assert [category.text for category in item.findall("category")] == ["農牧", "青稞", "秋收"]
        assert item.findtext(f"{DC}language") == "zh-Hant"

    def test_is_understood_by_feedparser(self, client: Client, whole: Article, settings: LazySettings):
        (entry,) = parsed(client).entries
        assert entry.link == f"{settings.SITE_ADDRESS}/a/{whole.code}/"
        assert entry.published_parsed[:5] == THEN.timetuple()[:5]
        assert entry.author == "尼瑪"
        assert [tag.term for tag in entry.tags] == ["農牧", "青稞", "秋收"]
        assert not entry.guidislink
        assert whole.code in entry.id
        assert "上朗縣的" in entry.content[0].value
        assert len(entry.media_content) == 2

    def test_has_the_source_for_an_author_where_none_is_named(self, client: Client, editor: User):
        publish_article(editor)
        assert [creator.text for creator in items_of(client)[0].findall(f"{DC}creator")] == ["朗措新聞"]

    def test_holds_the_full_text_with_pictures_source_and_editors(self, client: Client, whole: Article):
        text = items_of(client)[0].findtext(f"{CONTENT}encoded")
        for part in ("比去年早五天。", "上朗縣的", "<h2>收成</h2>", "開鐮的早晨。", "白瑪拉姆攝", "打穀場上。",
                     "尼瑪攝", "朗措新聞", "達珍", whole.code):  # fmt: skip
            assert part in text, part

    def test_has_no_address_that_only_our_pages_understand(
        self, client: Client, whole: Article, settings: LazySettings
    ):
        text = items_of(client)[0].findtext(f"{CONTENT}encoded")
        address = settings.SITE_ADDRESS
        assert f'<a href="{address}/tag/青稞/">青稞</a>' in text or f'<a href="{address}/tag/%E9%9D%92' in text
        assert '<a href="https://elsewhere.example/a?b=1&amp;c=2">別處</a>' in text
        for attribute in ('src="', 'href="', 'srcset="'):
            for value in text.split(attribute)[1:]:
                assert value.startswith(("http://", "https://")), value[:80]
        assert " /media/" not in text  # the later ones of a srcset

    def test_changes_no_word_that_only_looks_like_a_link(self, client: Client, editor: User, settings: LazySettings):
        publish_article(editor, body='<p>寫成 href="/a/" 就行;<a href="archive/">這裡</a>和<a href="#x">那裡</a>。</p>')
        item = items_of(client)[0]
        text = item.findtext(f"{CONTENT}encoded")
        assert '寫成 href="/a/" 就行' in text
        assert f'<a href="{item.findtext("link")}archive/">這裡</a>' in text
        assert f'<a href="{item.findtext("link")}#x">那裡</a>' in text

    def test_names_each_picture_with_size_type_words_and_maker_the_lead_first(
        self, client: Client, whole: Article, settings: LazySettings
    ):
        pictures = items_of(client)[0].findall(f"{MEDIA}content")
        assert [picture.findtext(f"{MEDIA}credit") for picture in pictures] == ["白瑪拉姆攝", "尼瑪攝"]
        assert [picture.findtext(f"{MEDIA}description") for picture in pictures] == ["一片青稞田", "打穀場"]
        for picture in pictures:
            path = picture.attrib["url"].removeprefix(settings.SITE_ADDRESS)
            assert path.startswith("/media/")
            response = client.get(path)
            with Image.open(io.BytesIO(b"".join(response.streaming_content))) as image:
                assert image.size == (int(picture.attrib["width"]), int(picture.attrib["height"]))
                assert response["Content-Type"] == picture.attrib["type"] == Image.MIME[image.format]
            response.close()

    def test_says_after_an_update_what_changed_and_stays_the_same_item(
        self, client: Client, whole: Article, administrator: User
    ):
        (before,) = items_of(client)
        publish_again(whole, by=administrator, kind="update", note="補入<收成>。", headline="青稞收完了")
        (after,) = items_of(client)
        assert after.findtext("title") == "青稞收完了"
        for kept in ("guid", "pubDate", "link"):
            assert after.findtext(kept) == before.findtext(kept)
        text = after.findtext(f"{CONTENT}encoded")
        assert 'class="update-note"' in text
        assert "補入&lt;收成&gt;。" in text
        assert after.findtext(f"{ATOM}updated") > before.findtext(f"{ATOM}updated")


@on_one_database
class TestTheGuid:
    def guid(self, client: Client) -> Element:
        return items_of(client)[0].find("guid")

    def test_holds_the_code_and_no_host_and_is_no_link(self, client: Client, whole: Article, settings: LazySettings):
        guid = self.guid(client)
        assert guid.attrib == {"isPermaLink": "false"}
        assert whole.code in guid.text
        for part in ("http", "//", "127.0.0.1", "testserver", "8000"):
            assert part not in guid.text

    @pytest.mark.parametrize("address", ["http://127.0.0.1:9000", "https://news.example", "https://news.example:8443"])
    def test_is_the_same_on_every_port_and_after_a_move_to_https(
        self, address: str, client: Client, whole: Article, settings: LazySettings
    ):
        before = self.guid(client).text
        settings.SITE_ADDRESS = address
        (item,) = items_of(client)
        assert item.find("guid").text == before
        assert item.findtext("link") == f"{address}/a/{whole.code}/"
        assert "127.0.0.1:8000" not in client.get("/feed.rss").content.decode()

    def test_is_the_same_in_every_feed(self, client: Client, whole: Article):
        feeds = ("/feed.rss", "/farming/feed.rss", "/topic/harvest/feed.rss", "/tag/青稞/feed.rss")
        assert len({items_of(client, path)[0].findtext("guid") for path in feeds}) == 1


class TestAFeed:
    def test_says_whose_it_is_and_where(self, client: Client, whole: Article, settings: LazySettings):
        factories.make_site(tagline="高原上的消息")
        channel = channel_of(client)
        assert channel.findtext("title") == "朗措新聞"
        assert channel.findtext("link") == f"{settings.SITE_ADDRESS}/"
        assert channel.findtext("description") == "高原上的消息"
        assert channel.findtext("language").lower() == "zh-hant"

    @pytest.mark.parametrize("path", ["/feed.rss", "/farming/feed.rss", "/topic/harvest/feed.rss", "/zh-hans/feed.rss"])
    def test_says_its_own_address(self, path: str, client: Client, whole: Article, settings: LazySettings):
        link = channel_of(client, path).find(f"{ATOM}link")
        assert link.attrib["rel"] == "self"
        assert link.attrib["href"] == f"{settings.SITE_ADDRESS}{path}"

    def test_of_a_channel_has_the_stories_of_those_below(self, client: Client, editor: User):
        top = factories.make_channel("農牧", slug="farming")
        below = factories.make_channel("青稞", slug="barley", parent=top)
        publish_article(editor, headline="上", channel=top)
        publish_article(editor, headline="下", channel=below)
        assert titles_of(client, "/farming/feed.rss") == ["下", "上"]
        assert titles_of(client, "/farming/barley/feed.rss") == ["下"]
        assert channel_of(client, "/farming/feed.rss").findtext("title") == "農牧 - 朗措新聞"

    def test_of_a_topic_or_a_tag_has_its_stories(self, client: Client, whole: Article, editor: User):
        publish_article(editor, headline="不相干")
        for path in ("/topic/harvest/feed.rss", "/tag/青稞/feed.rss"):
            assert titles_of(client, path) == ["青稞開鐮 & <收成>"]

    def test_has_the_thirty_newest_the_newest_first(self, client: Client, administrator: User):
        for day in range(32):
            publish_article(administrator, headline=f"第{day}天", at=THEN + timedelta(days=day))
        assert titles_of(client) == [f"第{day}天" for day in range(31, 1, -1)]

    def test_of_a_new_site_is_empty_and_valid(self, client: Client):
        assert items_of(client) == []
        assert parsed(client).feed.title == "朗措新聞"

    @pytest.mark.parametrize(
        ("prefix", "expected"), [("", {"雲", "風"}), ("/zh-hans", {"云", "风"}), ("/en", {"Barley"}), ("/bo", {"ནས།"})]
    )
    def test_has_what_its_readers_can_read(self, prefix: str, expected: set[str], client: Client, editor: User):
        for language, headline in (("zh-Hant", "雲"), ("zh-Hans", "风"), ("en", "Barley"), ("bo", "ནས།")):
            publish_article(editor, language=language, headline=headline)
        assert set(titles_of(client, f"{prefix}/feed.rss")) == expected

    def test_in_english_leads_to_the_english_pages(self, client: Client, editor: User, settings: LazySettings):
        article = publish_article(editor, language="en", headline="Barley")
        channel = channel_of(client, "/en/feed.rss")
        assert channel.findtext("title") == "Langtso News"
        assert channel.findtext("language") == "en"
        assert channel.find("item").findtext("link") == f"{settings.SITE_ADDRESS}/en/a/{article.code}/"

    @pytest.mark.parametrize("path", ["/nowhere/feed.rss", "/topic/nowhere/feed.rss", "/tag/nowhere/feed.rss",
                                      "/fr/feed.rss", "/feed.rss/", "/people/nobody/feed.rss", "/farming/x/feed.rss",
                                      "/en/topic/harvest/feed.rss", "/archive/2026/03/feed.rss"])  # fmt: skip
    def test_that_does_not_exist_is_not_there(self, path: str, client: Client, whole: Article):
        assert client.get(path).status_code == 404


@on_one_database
class TestConditionalGet:
    def test_who_has_it_by_etag_gets_nothing_anew(self, client: Client, whole: Article):
        etag = client.get("/feed.rss")["ETag"]
        answer = client.get("/feed.rss", headers={"If-None-Match": etag})
        assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", etag)

    def test_who_has_it_by_date_gets_nothing_anew(self, client: Client, whole: Article):
        modified = client.get("/feed.rss")["Last-Modified"]
        assert parsedate_to_datetime(modified) == THEN
        answer = client.get("/feed.rss", headers={"If-Modified-Since": modified})
        assert (answer.status_code, answer.content) == (304, b"")
        later = format_datetime(THEN + timedelta(seconds=1), usegmt=True)
        assert client.get("/feed.rss", headers={"If-Modified-Since": later}).status_code == 304

    def test_who_has_an_older_one_gets_the_new_one(self, client: Client, whole: Article):
        earlier = format_datetime(THEN - timedelta(seconds=1), usegmt=True)
        assert client.get("/feed.rss", headers={"If-Modified-Since": earlier}).status_code == 200
        assert client.get("/feed.rss", headers={"If-None-Match": '"another"'}).status_code == 200

    def test_a_new_story_is_new_by_etag_and_by_date(self, client: Client, whole: Article, editor: User):
        before = client.get("/feed.rss")
        publish_article(editor, headline="新的")
        for header, value in (("If-None-Match", before["ETag"]), ("If-Modified-Since", before["Last-Modified"])):
            answer = client.get("/feed.rss", headers={header: value})
            assert answer.status_code == 200, header
            assert "新的" in answer.content.decode()

    def test_a_new_name_is_new_by_date_too(self, client: Client, whole: Article, site: Site):
        told = client.get("/feed.rss")["Last-Modified"]
        tag = Tag.objects.get(name="青稞")
        tag.name = "春青稞"
        tag.save()
        assert client.get("/feed.rss", headers={"If-Modified-Since": told}).status_code == 200
        renamed = THEN + timedelta(days=2)
        Site.objects.update(furniture_moved_at=renamed)
        answer = client.get("/feed.rss", headers={"If-Modified-Since": told})
        assert (answer.status_code, parsedate_to_datetime(answer["Last-Modified"])) == (200, renamed)

    def test_the_etag_changes_with_the_bytes_and_only_with_them(self, client: Client, whole: Article, editor: User):
        first = client.get("/feed.rss")
        change(whole, by=editor, headline="草稿")
        make_article(editor, headline="草稿")
        again = client.get("/feed.rss")
        assert (again["ETag"], again.content) == (first["ETag"], first.content)
        publish_again(whole, by=editor, headline="新標題")
        changed = client.get("/feed.rss")
        assert changed["ETag"] != first["ETag"]
        assert changed.content != first.content

    @pytest.mark.parametrize("value", ["yesterday", "Thu, 99 Foo 2026 00:00:00 GMT", "", "0", "\u00e9"])
    def test_a_date_that_is_none_is_ignored(self, value: str, client: Client, whole: Article):
        assert client.get("/feed.rss", headers={"If-Modified-Since": value}).status_code == 200


class TestWhatWasNotPublished:
    MARK = "機密標記"

    def test_stands_in_no_feed(self, client: Client, whole: Article, editor: User):
        mark = self.MARK
        secret = {
            "headline": mark,
            "kicker": mark,
            "standfirst": mark,
            "body": f"<p>{mark}</p>",
            "source": factories.make_source(mark),
            "topic": factories.make_topic(mark, slug="secret", standfirst=mark),
            "tags": [mark],
            "credits": [(factories.make_person(mark).pk, EDITOR)],
            "lead_picture": factories.make_picture(editor, alt=mark, caption=mark, credit=mark),
            "lead_caption": mark,
        }
        make_article(editor, channel=whole.channel, **secret)
        change(whole, by=editor, **secret)
        for prefix in ("", "/zh-hans", "/en", "/bo"):
            for path in ("/feed.rss", "/farming/feed.rss", "/topic/harvest/feed.rss", "/tag/青稞/feed.rss"):
                answer = client.get(f"{prefix}{path}")
                assert answer.status_code in {200, 404}
                assert mark not in answer.content.decode(), path
        for path in ("/topic/secret/feed.rss", f"/tag/{mark}/feed.rss"):
            assert client.get(path).status_code == 404


@on_one_database
class TestHostileText:
    def test_the_end_of_a_cdata_section_is_only_text(self, client: Client, editor: User):
        publish_article(editor, headline="]]> & </title>", standfirst="<![CDATA[ ]]>", body="<p>]]&gt; 一 &amp; 二</p>")
        (item,) = items_of(client)
        assert item.findtext("title") == "]]> & </title>"
        assert item.findtext("description") == "<![CDATA[ ]]>"
        assert "]]&gt; 一 &amp; 二" in item.findtext(f"{CONTENT}encoded")

    def test_characters_that_xml_cannot_hold_break_no_feed(self, client: Client, editor: User):
        """The forms refuse them; what an import or SQL wrote all the same stays frozen in a story for ever."""
        bad = "壞\x01\x0b\x1b\ufffe名"
        picture = factories.make_picture(editor)
        Picture.objects.filter(pk=picture.pk).update(alt=bad, credit=bad)
        picture.refresh_from_db()
        article = publish_article(
            editor,
            channel=factories.make_channel(bad, slug="farming"),
            source=factories.make_source(bad),
            topic=factories.make_topic(bad, slug="harvest"),
            credits=[(factories.make_person(bad).pk, AUTHOR), (factories.make_person(bad).pk, EDITOR)],
            lead_picture=picture,
        )
        factories.make_site(name=bad, tagline=bad)
        for path in ("/feed.rss", "/farming/feed.rss", "/topic/harvest/feed.rss"):
            channel = channel_of(client, path)
            assert "壞名" in channel.findtext("title")
            assert channel.find("item").findtext(f"{DC}creator") == "壞名"
        assert client.get("/").status_code == 200
        assert client.get(f"/a/{article.code}/").status_code == 200

    def test_emoji_and_rare_characters_pass(self, client: Client, editor: User):
        publish_article(editor, headline="青稞🌾𠮷\u200fא", body="<p>🌾</p>")
        assert titles_of(client) == ["青稞🌾𠮷\u200fא"]


def test_nothing_that_names_a_story_can_be_deleted_from_under_its_feed(client: Client, whole: Article):
    """Every part of a published story is protected, so no feed can meet one that is gone."""
    from django.db.models import ProtectedError

    for model in (Channel, Topic, Source, Person):
        for thing in model.objects.all():
            with pytest.raises(ProtectedError):
                thing.delete()
    Tag.objects.all().delete()  # a tag's words are frozen in the story
    assert [category.text for category in items_of(client)[0].findall("category")] == ["農牧", "青稞", "秋收"]
    assert client.get(f"/a/{whole.code}/").status_code == 200
    assert Picture.objects.count() == 2
