"""The lists of channels, topics, tags and people: the newest page, and archives that settle."""

from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import pytest
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext

from articles.models import Article, Credit, Desk, Listing, Site, User
from tests import factories
from tests.conftest import Case
from tests.factories import make_article, publish_again, publish_article
from tests.harness.once import on_postgresql
from tests.site.reading import headlines, main_of, read

EDITOR = Credit.Role.EDITOR.value
MIDNIGHT = datetime(2026, 2, 28, 16, tzinfo=UTC)  # the beginning of 1 March in Shanghai, the site's zone
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _named(site: Site, desk: Desk) -> None:
    """Every list here has a site around it and somebody who could write."""


class TestTheNewestPage:
    def test_a_channel_shows_its_stories_and_those_of_the_channels_below_newest_first(
        self, client: Client, editor: User
    ):
        top = factories.make_channel("農牧", slug="farming", description="田間地頭。")
        middle = factories.make_channel("青稞", slug="barley", parent=top)
        lowest = factories.make_channel("種子", slug="seed", parent=middle)
        for channel in (top, middle, lowest, factories.make_channel("天氣", slug="weather")):
            publish_article(editor, headline=f"{channel.name}的事", channel=channel)

        page = read(client, "/farming/")
        assert headlines(page) == ["種子的事", "青稞的事", "農牧的事"]
        assert page.one(".list-head .standfirst").words == "田間地頭。"
        assert page.one(".children").links == [("青稞", "/farming/barley/")]
        assert headlines(read(client, "/farming/barley/")) == ["種子的事", "青稞的事"]
        page = read(client, "/farming/barley/seed/")
        assert headlines(page) == ["種子的事"]
        assert page.one(".list-head .trail").links == [("農牧", "/farming/"), ("青稞", "/farming/barley/")]

    def test_an_empty_channel_says_so(self, client: Client):
        factories.make_channel("天氣", slug="weather")
        page = read(client, "/weather/")
        with translation.override("zh-hant"):
            assert page.one("p.blank").words == gettext("No story stands in this channel yet.")
        assert client.get("/weather/feed.rss").status_code == 200

    def test_a_topic_shows_its_stories(self, client: Client, editor: User):
        topic = factories.make_topic("青稞秋收", slug="harvest", standfirst="一年的收成。")
        publish_article(editor, topic=topic)
        publish_article(editor, headline="不相干")
        page = read(client, "/topic/harvest/")
        assert (page.one("h1").words, headlines(page)) == ("青稞秋收", ["青稞開鐮"])
        assert page.one(".list-head .standfirst").words == "一年的收成。"

    @pytest.mark.parametrize("slug", ["青稞秋收", "སྟོན་ཐོག", "winter"])
    def test_address_words_of_topics_stay_readable(self, slug: str, client: Client, editor: User):
        publish_article(editor, topic=factories.make_topic("專題", slug=slug))
        assert headlines(read(client, f"/topic/{slug}/")) == ["青稞開鐮"]

    @pytest.mark.parametrize(("name", "slug"), [("青稞", "青稞"), ("སྟོན་ཐོག", "སྟོན་ཐོག"), ("Winter Sport", "winter-sport")])
    def test_a_tag_has_a_readable_address(self, name: str, slug: str, client: Client, editor: User):
        article = publish_article(editor, tags=[name])
        ((_, address),) = read(client, f"/a/{article.code}/").one(".tags").links
        assert unquote(address) == f"/tag/{slug}/"
        page = read(client, address)
        assert (page.one("h1").words, headlines(page)) == (name, ["青稞開鐮"])

    def test_a_person_has_their_stories_their_words_and_their_portrait(self, client: Client, editor: User):
        portrait = factories.make_picture(editor, alt="達珍")
        person = factories.make_person("達珍", slug="dazhen", biography="生於上朗縣。", portrait=portrait)
        publish_article(editor, credits=[(person.pk, EDITOR)])
        page = read(client, "/people/dazhen/")
        assert (page.one("h1").words, headlines(page)) == ("達珍", ["青稞開鐮"])
        assert page.one(".list-head .standfirst").words == "生於上朗縣。"
        assert page.one(".portrait img")["alt"] == "達珍"
        converted = read(client, "/zh-hans/people/dazhen/").one(".portrait img")
        assert (converted["alt"], converted.get("lang")) == ("达珍", None)
        assert page.one("link[title=達珍]")["href"] == "/people/dazhen/feed.rss"
        assert "青稞開鐮" in client.get("/people/dazhen/feed.rss").content.decode()
        converted = read(client, "/zh-hans/people/dazhen/").one(".portrait img")
        assert (converted["alt"], converted.get("lang")) == ("达珍", None)

    def test_what_only_a_draft_names_does_not_exist(self, client: Client, editor: User):
        topic, person = factories.make_topic(slug="harvest"), factories.make_person(slug="dazhen")
        make_article(editor, topic=topic, tags=["青稞"], credits=[(person.pk, EDITOR)])
        for path in ("/topic/harvest/", "/tag/青稞/", "/people/dazhen/"):
            assert client.get(path).status_code == 404, path

    def test_a_tag_taken_off_at_the_next_edition_leads_nowhere_any_more(self, client: Client, editor: User):
        article = publish_article(editor, tags=["青稞"])
        assert client.get("/tag/青稞/").status_code == 200
        publish_again(article, by=editor, tags=[])
        assert client.get("/tag/青稞/").status_code == 404

    def test_thirty_stories_stand_on_the_newest_page_and_older_leads_on(self, client: Client, administrator: User):
        channel = factories.make_channel("農牧", slug="farming")
        for day in range(31):
            publish_article(administrator, headline=f"第{day}天", channel=channel, at=MIDNIGHT + timedelta(day))
        page = read(client, "/farming/")
        assert headlines(page) == [f"第{day}天" for day in range(30, 0, -1)]
        assert page.one(".pager .older").links == [("2026年3月", "/farming/archive/2026/03/")]
        assert "第0天" in headlines(read(client, "/farming/archive/2026/03/"))

    def test_older_leads_to_the_month_of_the_first_story_that_has_no_place(self, client: Client, administrator: User):
        channel = factories.make_channel("農牧", slug="farming")
        publish_article(administrator, headline="去年", channel=channel, at=datetime(2025, 12, 31, 4, tzinfo=UTC))
        for hour in range(30):
            publish_article(administrator, channel=channel, at=datetime(2026, 3, 1, tzinfo=UTC) + timedelta(hours=hour))
        assert read(client, "/farming/").one(".pager .older").links == [("2025年12月", "/farming/archive/2025/12/")]


class TestArchives:
    @pytest.mark.parametrize(
        ("moment", "month", "day"),
        [
            pytest.param(MIDNIGHT - timedelta(milliseconds=1), "2026/02", "28", id="just before midnight"),
            pytest.param(MIDNIGHT, "2026/03", "01", id="at midnight"),
            pytest.param(MIDNIGHT + timedelta(milliseconds=1), "2026/03", "01", id="just after midnight"),
        ],
    )
    def test_days_and_months_begin_at_midnight_of_the_sites_zone(
        self, moment: datetime, month: str, day: str, client: Client, administrator: User
    ):
        publish_article(administrator, at=moment, channel=factories.make_channel(slug="farming"))
        for top in ("", "/farming"):
            assert headlines(read(client, f"{top}/archive/{month}/")) == ["青稞開鐮"]
            assert headlines(read(client, f"{top}/archive/{month}/{day}/")) == ["青稞開鐮"]
            other_month, other_day = ("2026/03", "2026/03/01") if month == "2026/02" else ("2026/02", "2026/02/28")
            assert client.get(f"{top}/archive/{other_month}/").status_code == 404
            assert client.get(f"{top}/archive/{other_day}/").status_code == 404

    def test_every_kind_of_list_has_months_and_days(self, client: Client, administrator: User):
        publish_article(
            administrator,
            at=MIDNIGHT,
            channel=factories.make_channel(slug="farming"),
            topic=factories.make_topic(slug="harvest"),
            tags=["青稞"],
            credits=[(factories.make_person(slug="dazhen").pk, EDITOR)],
        )
        for place in ("", "/farming", "/topic/harvest", "/tag/青稞", "/people/dazhen"):
            assert headlines(read(client, f"{place}/archive/2026/03/")) == ["青稞開鐮"], place
            assert headlines(read(client, f"{place}/archive/2026/03/01/")) == ["青稞開鐮"], place

    def test_the_calendar_leads_to_the_days_that_have_stories(self, client: Client, administrator: User):
        for day in (1, 1, 15, 31):
            publish_article(administrator, at=MIDNIGHT + timedelta(days=day - 1, minutes=Listing.objects.count()))
        page = read(client, "/archive/2026/03/")
        expected = [(str(day), f"/archive/2026/03/{day:02}/") for day in (1, 15, 31)]
        assert page.one("table.calendar").links == expected
        assert len(page.all("table.calendar tbody td span")) == 28
        page = read(client, "/archive/2026/03/15/")
        assert page.one("table.calendar").links == expected
        assert page.one("table.calendar a[aria-current=date]").words == "15"
        assert "2026年3月15日" in page.one("h1").words

    def test_months_and_days_lead_to_their_neighbours_over_what_is_empty(self, client: Client, administrator: User):
        for days in (-120, -60, 0, 90, 200):
            publish_article(administrator, at=MIDNIGHT + timedelta(days))
        pager = read(client, "/archive/2026/03/").one(".pager")
        assert pager.one(".older").links == [("2025年12月", "/archive/2025/12/")]
        assert pager.one(".newer").links == [("2026年5月", "/archive/2026/05/")]
        pager = read(client, "/archive/2026/03/01/").one(".pager")
        assert pager.one(".older").links == [("2025年12月31日", "/archive/2025/12/31/")]
        assert pager.one(".newer").links == [("2026年5月30日", "/archive/2026/05/30/")]

    def test_a_month_that_is_past_never_changes_when_later_stories_come(self, client: Client, administrator: User):
        channel = factories.make_channel("農牧", slug="farming")
        march, april = MIDNIGHT + timedelta(days=5), MIDNIGHT + timedelta(days=40)
        publish_article(administrator, at=march, channel=channel, tags=["青稞"])
        publish_article(administrator, headline="四月", at=april, channel=channel, tags=["青稞"])
        places = [f"{top}/archive/2026/03/{day}" for top in ("", "/farming", "/tag/青稞") for day in ("", "06/")]
        before = [main_of(client.get(path).content) for path in places]
        for days in (1, 31, 200):
            publish_article(administrator, headline="更晚", at=april + timedelta(days), channel=channel, tags=["青稞"])
        assert [main_of(client.get(path).content) for path in places] == before

    def test_the_last_month_gains_only_the_way_on_when_the_next_one_begins(self, client: Client, administrator: User):
        publish_article(administrator, at=MIDNIGHT)
        before = client.get("/archive/2026/03/")
        publish_article(administrator, headline="四月", at=MIDNIGHT + timedelta(days=31))
        after = client.get("/archive/2026/03/")
        assert "四月".encode() not in after.content
        assert b"newer" not in before.content
        assert read(client, "/archive/2026/03/").one(".newer").links == [("2026年4月", "/archive/2026/04/")]
        assert headlines(read(client, "/archive/2026/03/")) == ["青稞開鐮"]

    def test_an_address_of_the_archive_holds_whatever_the_zone_of_the_desk(self, client: Client, administrator: User):
        abroad = factories.make_desk(time_zone="America/Los_Angeles")
        publish_article(administrator, desk=abroad, at=MIDNIGHT)
        page = read(client, "/archive/2026/03/01/")
        assert page.one(".card time")["datetime"] == "2026-02-28T08:00:00-08:00"

    ABSURD = (
        "2026/13", "2026/00", "2026/02/31", "2026/02/00", "2026/03/32", "0000/01", "0001/01", "9999/12", "9999/12/31",
        "1899/12", "2026/3", "2026/03/1", "26/03", "abcd/03", "２０２６/０３", "-026/03", "2026/xx", "0000",
        "20260301", "2026/03/01/01", "99999/01", "9998/12",
    )  # fmt: skip

    @on_postgresql
    def test_dates_that_are_absurd_are_not_there(self, case: Case, client: Client, administrator: User):
        publish_article(administrator, at=MIDNIGHT, channel=factories.make_channel(slug="farming"))
        for date in self.ABSURD:
            with case(date=date):
                for place in ("", "/farming", "/people/nobody", "/en"):
                    assert client.get(f"{place}/archive/{date}/").status_code == 404, place

    def test_a_month_without_stories_is_not_there(self, client: Client, administrator: User):
        publish_article(administrator, at=MIDNIGHT)
        for date in ("2026/02", "2026/04", "2025/03", "2026/03/02"):
            assert client.get(f"/archive/{date}/").status_code == 404


class TestLanguages:
    @pytest.fixture
    def everywhere(self, editor: User) -> list[Article]:
        """The same channel, topic, tag and person, in every language."""
        shared = {
            "channel": factories.make_channel("農牧", slug="farming", name_en="Farming", description="田間地頭。"),
            "topic": factories.make_topic("青稞秋收", slug="harvest"),
            "tags": ["青稞"],
            "credits": [(factories.make_person("達珍", slug="dazhen", name_en="Drolma").pk, EDITOR)],
        }
        named = {"zh-Hant": "雲", "zh-Hans": "风", "en": "Barley", "bo": "ནས།"}
        return [publish_article(editor, language=language, headline=name, **shared) for language, name in named.items()]

    @pytest.mark.parametrize(
        ("prefix", "expected"), [("", {"雲", "風"}), ("/zh-hans", {"云", "风"}), ("/en", {"Barley"}), ("/bo", {"ནས།"})]
    )
    def test_each_list_shows_what_its_readers_can_read(
        self, prefix: str, expected: set[str], client: Client, everywhere: list[Article]
    ):
        for place in ("farming", "topic/harvest", "tag/青稞", "people/dazhen"):
            assert set(headlines(read(client, f"{prefix}/{place}/"))) == expected, place

    def test_names_are_in_the_readers_language_or_say_in_which_they_are(
        self, client: Client, everywhere: list[Article]
    ):
        page = read(client, "/en/farming/")
        assert (page.one("h1").words, page.one("h1 span").get("lang")) == ("Farming", None)
        assert "田間地頭。" not in page.words
        page = read(client, "/en/topic/harvest/")
        assert (page.one("h1").words, page.one("h1 span").get("lang")) == ("青稞秋收", "zh-Hant")

    def test_the_menu_leads_to_each_language_that_has_the_list_and_says_so_to_search_engines(
        self, client: Client, administrator: User
    ):
        topic, place = factories.make_topic(slug="harvest"), factories.make_place("540121", "林周縣")
        person, channel = factories.make_person(slug="dazhen"), factories.make_channel("農牧", slug="farming")
        shared = {"topic": topic, "places": [place.pk], "credits": [(person.pk, EDITOR)], "channel": channel}
        publish_article(administrator, at=MIDNIGHT, tags=["青稞"], **shared)
        publish_article(administrator, at=MIDNIGHT, tags=["青稞"], language="en", **shared)
        publish_article(administrator, at=MIDNIGHT + timedelta(days=40), language="bo", **shared)
        without = {
            "/archive/": "", "/archive/2026/": "", "/archive/2026/03/": "bo", "/archive/2026/03/01/": "bo",
            "/tag/青稞/": "bo", "/topic/harvest/": "", "/topic/harvest/archive/2026/03/": "bo", "/places/": "",
            "/places/540121/": "", "/people/dazhen/": "", "/farming/": "", "/farming/archive/2026/03/": "bo",
        }  # fmt: skip
        for path, missing in without.items():
            page = read(client, path)
            there = {"zh-Hant", "zh-Hans", "en", "bo"} - {missing}
            named = {link["hreflang"] for link in page.all("link[rel=alternate]") if link.get("hreflang")}
            assert named == there | {"x-default"}, path
            for link in page.all(".languages a"):
                assert client.get(link["href"]).status_code == 200, path
                assert unquote(link["href"]).endswith(path) == (link["lang"] in there), path

    def test_a_topic_of_placed_stories_alone_is_in_the_menu(self, client: Client, editor: User):
        topic = factories.make_topic(slug="harvest")
        publish_article(editor, topic=topic)
        section = topic.sections.create(name="開鐮", order=0)
        section.stories.create(topic=topic, article=publish_article(editor, language="en"))
        hrefs = [link["href"] for link in read(client, "/topic/harvest/").all(".languages a")]
        assert hrefs == ["/topic/harvest/", "/zh-hans/topic/harvest/", "/en/topic/harvest/", "/bo/"]

    def test_an_empty_channel_is_not_found_and_named_as_no_other_language(self, client: Client, editor: User):
        publish_article(editor, channel=factories.make_channel("農牧", slug="farming"))
        page = read(client, "/farming/")
        named = {link["hreflang"] for link in page.all("link[rel=alternate]") if link.get("hreflang")}
        assert named == {"zh-Hant", "zh-Hans", "x-default"}
        assert page.none("meta[name=robots]")
        for prefix in ("/en", "/bo"):
            page = read(client, f"{prefix}/farming/")
            assert page.one("meta[name=robots]")["content"] == "noindex"
            assert page.none("link[hreflang]")

    def test_an_english_list_without_an_english_story_is_not_there(self, client: Client, editor: User):
        publish_article(editor, topic=factories.make_topic(slug="harvest"), tags=["青稞"])
        for place in ("topic/harvest", "tag/青稞"):
            assert client.get(f"/{place}/").status_code == 200
            assert client.get(f"/en/{place}/").status_code == 404


def test_a_list_announces_its_feed_and_is_well_made(client: Client, editor: User):
    publish_article(editor, channel=factories.make_channel("農牧", slug="farming"))
    page = read(client, "/farming/")
    feeds = [(link["title"], link["href"]) for link in page.all("link[type=application/rss+xml]")]
    assert feeds == [("朗措新聞", "/feed.rss"), ("農牧", "/farming/feed.rss")]
    assert len(page.all("h1")) == 1
    assert page.none("article")
