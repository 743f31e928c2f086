"""The front page: from the first day without a story to a full one."""

import pytest
from django.test import Client

from articles.models import Article, Channel, Desk, Site, User
from tests import factories
from tests.factories import make_article, publish_again, publish_article
from tests.site.reading import headlines, read


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
    assert [part.words for part in page.all("section.channel .headline")] == names[4:9]
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
    bands = read(client, "/").all("section.band")
    assert [band.one("h2").links for band in bands] == [[("青稞秋收", "/topic/harvest/")]]
    assert bands[0].one(".row-head .standfirst").words == "一年的收成。"
    assert [part.words for part in bands[0].all(".card .headline")] == ["青稞開鐮"]


def test_updates_are_announced_and_typos_are_not(client: Client, editor: User, published: Article):
    publish_again(published, by=editor, kind="update", note="補入收成。", headline="青稞開鐮了")
    (change,) = read(client, "/").all("section.changes .change")
    assert "補入收成。" in change.words
    assert change.links == [("青稞開鐮了", f"/a/{published.code}/")]

    publish_again(published, by=editor, kind="typo", headline="青稞今天開鐮")
    assert read(client, "/").none("section.changes")


def test_what_is_not_published_is_not_there(client: Client, editor: User):
    before = client.get("/").content
    make_article(editor, headline="草稿", channel=Channel.objects.first() or factories.make_channel("農牧"))
    draft_only = client.get("/").content.decode()
    assert "草稿" not in draft_only
    assert before.count(b"card") == draft_only.count("card")


@pytest.mark.parametrize(
    ("path", "expected"),
    [("/", {"繁", "简"}), ("/zh-hans/", {"繁", "简"}), ("/en/", {"Barley"}), ("/bo/", {"ནས།"})],
)
def test_a_front_shows_what_its_readers_can_read(path: str, expected: set[str], client: Client, editor: User):
    for language, headline in (("zh-Hant", "繁"), ("zh-Hans", "简"), ("en", "Barley"), ("bo", "ནས།")):
        publish_article(editor, language=language, headline=headline)
    page = read(client, path)
    assert set(headlines(page)) == expected
    own = page.element.get("lang")
    for card in page.all("main .card"):
        link = card.one(".headline a")
        lang = card.one(".card-words").get("lang") or own
        assert lang == {"繁": "zh-Hant", "简": "zh-Hans", "Barley": "en", "ནས།": "bo"}[link.words]
        assert client.get(link["href"]).status_code == 200  # where it stands, without a detour
