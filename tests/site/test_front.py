"""The front page: from the first day without a story to a full one."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from articles.models import Article, Channel, Correction, Desk, Site, User
from articles.publishing import agree, propose
from articles.site.frame import Surroundings
from articles.site.pages import changes
from tests import factories
from tests.factories import correct, make_article, publish_again, publish_article, withdraw
from tests.site.reading import Part, headlines, read


@pytest.fixture(autouse=True)
def _named(site: Site, desk: Desk) -> None:
    """Every front here has a name and somebody who could write."""


def stories(by: User, count: int, **values: object) -> list[str]:
    """Published one after another; their headlines, the newest first."""
    names = [f"第{number}篇" for number in range(1, count + 1)]
    for name in names:
        publish_article(by, headline=name, **values)
    return names[::-1]


def test_a_new_site_says_that_its_first_stories_are_being_written(client: Client):
    page = read(client, "/")
    assert page.one("main .blank h2").words
    assert ("朗措新聞", "/feed.rss") in page.one("main .blank").links
    assert headlines(page) == []


def test_a_site_without_even_a_name_still_answers(client: Client):
    Site.objects.all().delete()
    assert read(client, "/").one("h1").words
    assert client.get("/feed.rss").status_code == 200


def test_a_single_story_leads(client: Client, editor: User):
    (name,) = stories(editor, 1)
    page = read(client, "/")
    assert page.one(".top-lead .headline").words == name
    assert page.none(".top-seconds")
    assert page.none(".latest")
    assert page.none("section.channel")  # it would only show the same story again
    assert page.none(".blank")


def test_four_stories_are_a_lead_and_three_beside_it(client: Client, editor: User):
    names = stories(editor, 4)
    page = read(client, "/")
    assert page.one(".top-lead .headline").words == names[0]
    assert [part.words for part in page.all(".top-seconds .headline")] == names[1:]
    assert page.none(".latest")


def test_forty_stories_fill_the_front_and_lead_on_to_the_archive(client: Client, editor: User):
    channel = factories.make_channel("農牧")
    names = stories(editor, 40, channel=channel)
    page = read(client, "/")
    assert page.one(".top-lead .headline").words == names[0]
    assert [part.words for part in page.all(".top-seconds .headline")] == names[1:4]
    assert [part.words for part in page.all(".latest .headline")] == names[4:16]
    assert [part.words for part in page.all("section.channel .headline")] == names[16:21]  # each story once
    ((_, archive),) = page.one(".to-archive").links
    assert len(headlines(read(client, archive))) == 40


def test_a_story_with_a_picture_leads_though_another_one_is_newer(client: Client, editor: User):
    publish_article(editor, headline="有圖", lead_picture=factories.make_picture(editor))
    stories(editor, 2)
    page = read(client, "/")
    assert page.one(".top-lead .headline").words == "有圖"
    assert page.one(".top-lead img")["alt"] == "一片青稞田"
    assert [part.words for part in page.all(".top-seconds .headline")] == ["第2篇", "第1篇"]


def test_a_card_says_channel_time_kicker_and_standfirst(client: Client, editor: User):
    channel = factories.make_channel("農牧", slug="farming")
    article = publish_article(editor, channel=channel, kicker="上朗縣", standfirst="比去年早五天。")
    card = read(client, "/").one(".top-lead .card")
    assert card.links == [("青稞開鐮", f"/a/{article.code}/"), ("農牧", "/farming/")]
    assert card.one(".kicker").words == "上朗縣"
    assert card.one(".standfirst").words == "比去年早五天。"
    assert card.one("time")["datetime"].endswith("+08:00")


def test_sections_are_the_top_channels_with_the_stories_of_those_below(client: Client, editor: User):
    farming, weather = factories.make_channel("農牧", slug="farming"), factories.make_channel("天氣", slug="weather")
    factories.make_channel("空的頻道")
    below = factories.make_channel("青稞", slug="barley", parent=farming)
    publish_article(editor, headline="青稞", channel=below)
    publish_article(editor, headline="雪", channel=weather)
    stories(editor, 4, channel=weather)  # the four at the top
    sections = read(client, "/").all("section.channel")
    assert [section.one("h2").links for section in sections] == [[("農牧", "/farming/")], [("天氣", "/weather/")]]
    assert [[part.words for part in section.all(".card .headline")] for section in sections] == [["青稞"], ["雪"]]


def test_special_coverage_has_its_band(client: Client, editor: User):
    topic = factories.make_topic("青稞秋收", slug="harvest", standfirst="一年的收成。")
    factories.make_topic("只有草稿的專題")
    publish_article(editor, topic=topic)
    stories(editor, 4)  # the four at the top
    bands = read(client, "/").all("section.band")
    assert [band.one("h2").links for band in bands] == [[("青稞秋收", "/topic/harvest/")]]
    assert bands[0].one(".row-head .standfirst").words == "一年的收成。"
    assert [part.words for part in bands[0].all(".card .headline")] == ["青稞開鐮"]


def test_bands_show_what_does_not_stand_above_and_empty_topics_take_no_place(client: Client, editor: User):
    for number in range(3):
        factories.make_topic(f"空的專題{number}", slug=f"empty-{number}")
    published_in = {name: factories.make_topic(name, slug=slug) for name, slug in (("舊", "old"), ("新", "new"))}
    publish_article(editor, headline="一", topic=published_in["舊"])
    for name in "二三四五":
        publish_article(editor, headline=name, topic=published_in["新"])
    (band,) = read(client, "/").all("section.band")
    assert (band.one("h2").words, [part.words for part in band.all(".card .headline")]) == ("舊", ["一"])


def test_updates_are_announced_and_typos_are_not(client: Client, editor: User, published: Article):
    publish_again(published, by=editor, kind="update", note="補入收成。", headline="青稞開鐮了")
    (change,) = read(client, "/").all("section.changes .change")
    assert "補入收成。" in change.words
    assert change.links == [("青稞開鐮了", f"/a/{published.code}/#notice-2-1")]

    publish_again(published, by=editor, kind="typo", headline="青稞今天開鐮")
    (change,) = read(client, "/").all("section.changes .change")
    assert change.links == [("青稞今天開鐮", f"/a/{published.code}/#notice-2-1")]


class TestTheLatestNotices:
    def shown(self, client: Client, path: str = "/") -> list[Part]:
        return read(client, path).all("section.changes .change")

    def test_stay_when_a_typo_follows(self, client: Client, editor: User, published: Article):
        correct(published, by=editor)
        (before,) = self.shown(client)
        publish_again(published, by=editor, body="<p>改了一個字。</p>")
        (after,) = self.shown(client)
        assert after.one("time")["datetime"] == before.one("time")["datetime"]
        assert "謹此更正。" in after.words

    def test_lead_to_themselves_newest_first_and_are_three(self, client: Client, editor: User, published: Article):
        for number in range(4):
            correct(published, by=editor, text=f"第{number}。", body=f"<p>{number}。</p>")
        links = [change.links[0][1] for change in self.shown(client)]
        assert links == [f"/a/{published.code}/#notice-{number}-1" for number in (5, 4, 3)]
        path, _, anchor = links[0].partition("#")
        assert read(client, path).one(f".notice[id={anchor}]")

    def test_say_before_the_headline_what_became_of_it(
        self, client: Client, editor: User, chief: User, published: Article
    ):
        withdraw(published, by=chief, second=editor, text="核實不成立。")
        (change,) = self.shown(client)
        ((headline, _),) = change.links
        assert headline.endswith(published.headline)
        assert headline != published.headline

    def test_of_a_story_taken_down_are_that_and_none_before(
        self, client: Client, editor: User, chief: User, published: Article
    ):
        correct(published, by=editor, text="秘密一。", was="秘密二", now="秘密三")
        withdraw(published, by=chief, second=editor, act="takedown", text="法院判決。", keep_headline=False)
        (change,) = self.shown(client)
        assert "法院判決。" in change.words
        assert "秘密" not in change.words
        assert published.headline not in change.words
        assert published.code in change.one(".headline").words
        withdraw(published, by=chief, second=editor, act="restoration", text="判決已撤銷。")
        assert len(self.shown(client)) == 3

    def test_whose_words_were_erased_say_their_kind_alone(
        self, client: Client, editor: User, chief: User, published: Article
    ):
        correct(published, by=editor, text="秘密一。", was="秘密二", now="秘密三")
        terms = {"erase": {"notices": [Correction.objects.get().pk]}, "reason": "法院", "text": "依法刪除。"}
        agree(propose(published, act="erasure", by=chief, **terms), by=editor)
        (change,) = self.shown(client)
        assert change.one(".meta strong").words
        assert change.one(".headline").words == published.headline
        assert [part.words for part in change.all("p")][1:] == [""]

    def test_are_what_the_readers_of_a_page_can_read(self, client: Client, editor: User):
        correct(publish_article(editor, language="en", headline="Barley"), by=editor)
        assert self.shown(client) == []
        (change,) = self.shown(client, "/en/")
        assert change.links[0][0] == "Barley"

    def test_take_one_query(self, client: Client, editor: User, published: Article):
        def count() -> int:
            with CaptureQueriesContext(connection) as queries:
                assert client.get("/").status_code == 200
            assert len(queries) <= 8
            return len(queries)

        before = count()
        correct(published, by=editor)
        correct(publish_article(editor), by=editor)
        assert count() == before

    def test_are_found_by_their_index(self, editor: User, published: Article):
        correct(published, by=editor)
        with translation.override("zh-hant"), CaptureQueriesContext(connection) as queries:
            assert len(changes("zh", Surroundings())) == 1
        (asked,) = queries
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET LOCAL enable_seqscan = off")  # so few rows need no index
                cursor.execute("SET LOCAL enable_sort = off")
            cursor.execute(("EXPLAIN " if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN ") + asked["sql"])
            plan = "\n".join(str(row) for row in cursor.fetchall())
        assert "notice_by_time" in plan
        assert "USE TEMP B-TREE FOR ORDER BY" not in plan


def test_what_is_not_published_is_not_there(client: Client, editor: User):
    before = client.get("/").content
    make_article(editor, headline="草稿", channel=Channel.objects.first() or factories.make_channel("農牧"))
    draft_only = client.get("/").content.decode()
    assert "草稿" not in draft_only
    assert before.count(b"card") == draft_only.count("card")


@pytest.mark.parametrize(
    ("path", "expected"),
    [("/", {"雲", "風"}), ("/zh-hans/", {"云", "风"}), ("/en/", {"Barley"}), ("/bo/", {"ནས།"})],
)
def test_a_front_shows_what_its_readers_can_read(path: str, expected: set[str], client: Client, editor: User):
    for language, headline in (("zh-Hant", "雲"), ("zh-Hans", "风"), ("en", "Barley"), ("bo", "ནས།")):
        publish_article(editor, language=language, headline=headline)
    page = read(client, path)
    assert set(headlines(page)) == expected
    own = page.element.get("lang")
    for card in page.all("main .card"):
        link = card.one(".headline a")
        lang = card.one(".card-words").get("lang") or own
        assert lang == own
        assert client.get(link["href"]).status_code == 200  # where it stands, without a detour
