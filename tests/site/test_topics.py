"""The page of a topic: its facts, sections placed by hand, the stories that nobody placed, its timeline and its end."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import Article, Site, Topic, TopicSection, TopicStory, User
from articles.site import topic_page
from tests import factories
from tests.factories import make_article, publish_article, withdraw
from tests.harness.once import on_one_database
from tests.site.reading import headlines, read


@pytest.fixture
def topic(site: Site) -> Topic:
    return factories.make_topic("青稞秋收", slug="harvest", standfirst="一年的收成。", name_en="Barley harvest")


def section(topic: Topic, name: str, *stories: Article, **values: Any) -> TopicSection:
    made = topic.sections.create(name=name, order=topic.sections.count(), **values)
    for order, article in enumerate(stories):
        TopicStory.objects.create(topic=topic, section=made, article=article, order=order)
    return made


def parts(client: Client, path: str = "/topic/harvest/") -> list[tuple[str, list[str]]]:
    """The sections of the page, each with its headlines."""
    page = read(client, path)
    return [(part.one("h2").words, [link.words for link in part.all(".headline a")])
            for part in page.all(".topic-part")]  # fmt: skip


class TestSections:
    def test_stand_in_their_order_with_the_rest_behind_them(self, client: Client, editor: User, topic: Topic):
        one, _two, three, _four = (publish_article(editor, headline=name, topic=topic) for name in "一二三四")
        other = publish_article(editor, headline="別處")
        section(topic, "開鐮", three, other)
        section(topic, "入倉", one)
        assert [names for _, names in parts(client)] == [["三", "別處"], ["一"], ["四", "二"]]
        assert [name for name, _ in parts(client)][:2] == ["開鐮", "入倉"]
        topic.sections.filter(name="入倉").update(order=0)
        topic.sections.filter(name="開鐮").update(order=1)
        assert [name for name, _ in parts(client)][:2] == ["入倉", "開鐮"]

    def test_show_what_stands_and_can_be_read_there(self, client: Client, editor: User, chief: User, topic: Topic):
        standing, retracted, down = (publish_article(editor, headline=name, topic=topic) for name in ("在", "撤", "下"))
        english = publish_article(editor, headline="Barley", language="en", topic=topic)
        draft = make_article(editor, headline="草稿", topic=topic)
        section(topic, "開鐮", standing, retracted, down, english, draft, name_en="The cut")
        withdraw(retracted, by=chief, second=editor)
        withdraw(down, by=chief, second=editor, act="takedown")
        assert parts(client) == [("開鐮", ["在"])]
        assert parts(client, "/en/topic/harvest/") == [("The cut", ["Barley"])]

    def test_without_a_story_to_show_are_not_there(self, client: Client, editor: User, topic: Topic):
        publish_article(editor, topic=topic)
        section(topic, "空的")
        assert "空的" not in client.get("/topic/harvest/").content.decode()

    def test_show_twelve_and_leave_the_others_to_the_list_below(self, client: Client, editor: User, topic: Topic):
        stories = [publish_article(editor, headline=f"第{number}篇", topic=topic) for number in range(14)]
        section(topic, "全部", *stories)
        assert [names for _, names in parts(client)][1:] == [["第13篇", "第12篇"]]
        assert len(parts(client)[0][1]) == topic_page.SHOWN
        ((_, archive),) = read(client, "/topic/harvest/").one(".pager .older").links
        assert len(headlines(read(client, archive))) == 14

    def test_of_placed_stories_alone_make_a_page_with_a_feed(self, client: Client, editor: User, topic: Topic):
        section(topic, "開鐮", publish_article(editor, headline="別處"))
        assert parts(client) == [("開鐮", ["別處"])]
        for path in ("/topic/harvest/feed.rss", "/topic/harvest/feed.json"):
            assert client.get(path).status_code == 200
        assert client.get("/en/topic/harvest/").status_code == 404
        assert client.get("/en/topic/harvest/feed.rss").status_code == 404


class TestFacts:
    def test_stand_in_their_order_in_the_language_of_the_page(self, client: Client, editor: User, topic: Topic):
        publish_article(editor, topic=topic)
        publish_article(editor, topic=topic, language="en")
        topic.facts.create(order=2, label="", text="比去年早五天。")
        topic.facts.create(order=1, label="面積", text="三千畝")
        topic.facts.create(order=1, label="Area", text="200 hectares", language="en")
        rows = read(client, "/topic/harvest/").all(".key-facts li")
        assert [row.words for row in rows] == ["面積 三千畝", "比去年早五天。"]
        assert [row.words for row in read(client, "/en/topic/harvest/").all(".key-facts li")] == ["Area 200 hectares"]

    def test_are_converted_for_the_other_script_where_nobody_wrote_any_in_it(
        self, client: Client, editor: User, topic: Topic
    ):
        publish_article(editor, topic=topic)
        topic.facts.create(label="面積", text="三千畝")
        (row,) = read(client, "/zh-hans/topic/harvest/").all(".key-facts li")
        assert row.words == "面积 三千亩"
        assert read(client, "/zh-hans/topic/harvest/").one(".list-head .standfirst").words == "一年的收成。"
        topic.facts.create(label="面积", text="三千亩", language="zh-Hans")
        topic.facts.filter(language="zh-Hans").update(text="三千多亩")
        (row,) = read(client, "/zh-hans/topic/harvest/").all(".key-facts li")
        assert row.words == "面积 三千多亩"

    def test_are_not_shown_where_nobody_could_read_them(self, client: Client, editor: User, topic: Topic):
        publish_article(editor, topic=topic, language="bo")
        topic.facts.create(label="面積", text="三千畝")
        assert read(client, "/bo/topic/harvest/").none(".key-facts")


class TestTheTimeline:
    def test_tells_each_moment_as_far_as_it_is_known(self, client: Client, editor: User, chief: User, topic: Topic):
        told, gone = publish_article(editor, topic=topic), publish_article(editor, headline="撤了")
        topic.moments.create(when="2026-05-03", text="開鐮。", article=told)
        topic.moments.create(when="2025", text="試種。")
        topic.moments.create(when="2026-05", text="雨多。", article=gone)
        topic.moments.create(when="2026-05", text="草稿。", article=make_article(editor))
        withdraw(gone, by=chief, second=editor)
        page = read(client, "/topic/harvest/").one(".timeline")
        assert [(one["datetime"], one.words) for one in page.all("time")] == [
            ("2025", "2025年"), ("2026-05", "2026年5月"), ("2026-05", "2026年5月"), ("2026-05-03", "2026年5月3日"),
        ]  # fmt: skip
        assert page.links == [("開鐮。", f"/a/{told.code}/")]


class TestTheEnd:
    def test_is_said_and_the_topic_leaves_the_front_but_not_its_stories(
        self, client: Client, editor: User, topic: Topic
    ):
        article = publish_article(editor, topic=topic)
        for _one_at_the_top in range(4):
            publish_article(editor)
        assert len(read(client, "/").all("section.band")) == 1
        topic.ended_on = date(2026, 10, 5)
        topic.save()
        assert "2026年10月5日" in read(client, "/topic/harvest/").one(".ended").words
        assert read(client, "/").none("section.band")
        assert read(client, f"/a/{article.code}/").one(".banner").links == [("青稞秋收", "/topic/harvest/")]
        assert client.get("/topic/harvest/feed.rss").status_code == 200

    def test_leaves_room_for_another_on_the_front(self, client: Client, editor: User, site: Site):
        topics = [factories.make_topic(f"專題{number}", order=number) for number in range(4)]
        for topic in topics:
            publish_article(editor, topic=topic)
        for _one_at_the_top in range(4):
            publish_article(editor)
        Topic.objects.filter(pk=topics[0].pk).update(ended_on=date(2026, 1, 1))
        assert [band.one("h2").words for band in read(client, "/").all("section.band")] == ["專題1", "專題2", "專題3"]


def test_a_picture_of_its_own_stands_on_the_page(client: Client, editor: User, topic: Topic):
    publish_article(editor, topic=topic)
    topic.picture = factories.make_picture(editor, alt="一片田")
    topic.save()
    page = read(client, "/topic/harvest/")
    assert page.one(".topic-picture img")["alt"] == "一片田"
    assert page.one(".topic-picture .credit").words == "白瑪拉姆攝"
    converted = read(client, f"/zh-hans/topic/{topic.slug}/").one(".topic-picture")
    assert (converted.one(".credit").words, converted.one(".credit").get("lang")) == ("白玛拉姆摄", None)


def test_a_standfirst_stands_in_the_languages_that_it_is_written_in(client: Client, editor: User, topic: Topic):
    for language in ("zh-Hant", "en", "bo"):
        publish_article(editor, topic=topic, language=language)
    topic.standfirst_en = "A year’s crop."
    topic.save()
    assert read(client, "/topic/harvest/").one(".list-head .standfirst").words == "一年的收成。"
    assert read(client, "/en/topic/harvest/").one(".list-head .standfirst").words == "A year’s crop."
    assert read(client, "/bo/topic/harvest/").none(".list-head .standfirst")


@on_one_database
def test_costs_eight_queries_at_most_whatever_it_holds(client: Client, administrator: User, topic: Topic):
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/topic/harvest/").status_code == 200
        assert len(queries) <= 8, "\n".join(query["sql"] for query in queries)
        return len(queries)

    def fill(numbers: range) -> None:
        for number in numbers:
            at = datetime(2026, 3, 5, 1, number, tzinfo=UTC)
            first, second = (publish_article(administrator, at=at, topic=topic) for _ in range(2))
            section(topic, f"第{number}部分", first)
            topic.facts.create(text=f"第{number}件")
            topic.moments.create(when="2026", text=f"第{number}件", article=second)

    topic.picture = factories.make_picture(administrator)
    topic.save()
    fill(range(1))
    few = count()
    fill(range(1, 20))
    assert count() == few
