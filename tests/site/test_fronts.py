"""Curated fronts as readers see them: pinned stories on top, in their order, in their own words, never wrong ones."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from articles.models import (
    Article,
    Channel,
    Desk,
    Front,
    FrontVersion,
    GlossaryEntry,
    Picture,
    Site,
    Slot,
    User,
    public_store,
)
from articles.publishing import Note, Wanted, confirm, publish
from articles.publishing.clock import database_now
from articles.publishing.fronts import front_at
from articles.site import curated
from articles.site.frame import Surroundings
from tests import factories
from tests.harness.once import on_one_database
from tests.harness.quick import contexts
from tests.publishing.test_fronts import arranged, launched, live, site_front
from tests.publishing.test_schedules import minute
from tests.site.reading import Part, headlines, main_of, read


@pytest.fixture(autouse=True)
def _named(site: Site) -> None:
    """Every front here has a name."""


@pytest.fixture
def channel(db: None) -> Channel:
    return factories.make_channel("農牧", slug="farming")


@pytest.fixture
def eight(editor: User, desk: Desk, channel: Channel) -> list[Article]:
    """The newest last; 甲 is the oldest."""
    return [factories.publish_article(editor, desk=desk, headline=name, channel=channel) for name in "甲乙丙丁戊己庚辛"]


def top(page: Part) -> list[str]:
    return [one.words for one in page.one(".top").all(".headline a")]


class TestTheFront:
    def test_without_slots_is_what_it_was(self, eight: list[Article], editor: User, client: Client):
        before = main_of(client.get("/").content)
        arranged(editor, eight[0])
        assert main_of(client.get("/").content) == before
        launched(editor, eight[0])
        assert main_of(client.get("/").content) != before
        launched(editor)
        assert main_of(client.get("/").content) == before

    def test_shows_the_slots_in_their_order_over_what_follows_by_itself(
        self, eight: list[Article], editor: User, client: Client
    ):
        launched(editor, eight[2], eight[0])
        page = read(client, "/")
        assert page.one(".top-lead .headline a").words == "丙"
        assert top(page) == ["丙", "甲", "辛", "庚"]
        assert [one.words for one in page.all(".latest .headline")] == ["己", "戊", "丁", "乙"]

    def test_shows_no_pinned_story_twice(self, eight: list[Article], editor: User, client: Client):
        topic = factories.make_topic("青稞秋收", slug="harvest")
        factories.publish_again(eight[0], by=editor, topic=topic)
        launched(editor, *eight[:6])
        page = read(client, "/")
        assert top(page) == ["甲", "乙", "丙", "丁"]
        assert [one.words for one in page.all(".picks .headline a")] == ["戊", "己"]
        assert page.none("section.band")
        for name in "甲乙丙丁戊己":
            assert headlines(page).count(name) == 1

    def test_says_in_a_slot_its_own_headline_and_picture(self, eight: list[Article], editor: User, client: Client):
        picture = factories.make_picture(editor, alt="收割時")
        launched(editor, Wanted(eight[0].pk, headline="自擬的標題", picture=picture.pk))
        card = read(client, "/").one(".top-lead .card")
        assert card.links[0] == ("自擬的標題", f"/a/{eight[0].code}/")
        assert card.one("img")["alt"] == "收割時"
        converted = read(client, "/zh-hans/").one(".top-lead img")
        assert (converted["alt"], converted.get("lang")) == ("收割时", None)
        assert picture.digest in card.one("img")["src"]
        assert all(public_store().exists(name) for name in picture.files)

    @on_one_database
    def test_takes_at_most_eight_queries(self, eight: list[Article], editor: User, client: Client):
        picture = factories.make_picture(editor)
        launched(editor, *(Wanted(one.pk, headline="自擬", picture=picture.pk) for one in eight))
        factories.correct(eight[0], by=editor)
        with CaptureQueriesContext(connection) as queries:
            client.get("/")
        assert len(queries) <= 8, [one["sql"][:90] for one in queries]

    def test_is_the_same_whatever_is_being_arranged(self, eight: list[Article], editor: User, client: Client):
        launched(editor, eight[0])
        before = client.get("/").content
        arranged(editor, eight[1], eight[2])
        assert client.get("/").content == before


class TestAChannelsFront:
    def test_has_the_slots_on_top(self, eight: list[Article], editor: User, channel: Channel, client: Client):
        front = front_at(channel.pk)
        launched(editor, Wanted(eight[3].pk, headline="自擬"), eight[0], front=front)
        page = read(client, "/farming/")
        assert headlines(page) == ["自擬", "甲", *"辛庚己戊丙乙"]
        assert headlines(read(client, "/"))[0] == "辛"  # the site's own is another one

    def test_leaves_feeds_and_archives_as_they_are(
        self, eight: list[Article], editor: User, channel: Channel, client: Client
    ):
        ((_, archive),) = read(client, "/farming/").one(".pager").links
        before = [client.get(path).content for path in (archive, "/farming/feed.rss", "/feed.rss")]
        launched(editor, Wanted(eight[3].pk, headline="自擬"), front=front_at(channel.pk))
        launched(editor, Wanted(eight[3].pk, headline="自擬"))
        assert [client.get(path).content for path in (archive, "/farming/feed.rss", "/feed.rss")] == before

    @on_one_database
    def test_takes_at_most_six_queries(self, eight: list[Article], editor: User, channel: Channel, client: Client):
        launched(editor, *(Wanted(one.pk, headline="自擬") for one in eight), front=front_at(channel.pk))
        with CaptureQueriesContext(connection) as queries:
            client.get("/farming/")
        assert len(queries) <= 6


class TestAWithdrawnStory:
    @pytest.mark.parametrize("act", ["retraction", "takedown"])
    def test_leaves_its_slot_without_a_trace(
        self, act: str, eight: list[Article], editor: User, chief: User, client: Client
    ):
        picture = factories.make_picture(editor)
        launched(editor, Wanted(eight[0].pk, headline="自擬", picture=picture.pk, mark="live", until=minute(hours=1)),
                 eight[1])  # fmt: skip
        factories.withdraw(eight[0], by=chief, second=editor, act=act)
        page = client.get("/").content.decode()
        assert "自擬" not in page
        assert picture.digest not in page
        assert top(read(client, "/"))[0] == "乙"
        assert Front.objects.get().live == FrontVersion.objects.get(number=1)

    def test_comes_back_with_its_own_words_when_it_was_restored(
        self, eight: list[Article], editor: User, chief: User, client: Client
    ):
        launched(editor, Wanted(eight[0].pk, headline="自擬"))
        factories.withdraw(eight[0], by=chief, second=editor)
        factories.withdraw(eight[0], by=chief, second=editor, act="restoration", text="重新刊出。")
        assert top(read(client, "/"))[0].endswith("甲")

    def test_takes_its_pictures_off_the_front_where_they_stood_beside_another_one(
        self, eight: list[Article], editor: User, chief: User, client: Client
    ):
        picture = factories.make_picture(editor)
        other = factories.publish_article(editor, headline="別的", lead_picture=picture)
        launched(editor, Wanted(eight[0].pk, picture=picture.pk))
        assert picture.digest in client.get("/").content.decode()
        factories.withdraw(other, by=chief, second=editor, act="takedown")
        assert picture.digest not in client.get("/").content.decode()
        assert not any(public_store().exists(name) for name in picture.files)
        assert top(read(client, "/"))[0] == "甲"


class TestACorrection:
    def head(self, client: Client) -> str:
        return top(read(client, "/"))[0]

    def test_takes_the_own_headline_away_at_once_until_it_is_confirmed(
        self, eight: list[Article], editor: User, client: Client
    ):
        launched(editor, Wanted(eight[0].pk, headline="自擬"))
        edition = factories.correct(eight[0], by=editor)
        assert self.head(client) == "甲"
        confirm(live().slots.select_related("version__front").get(), edition=edition.number, by=editor)
        assert self.head(client) == "自擬"
        factories.correct(eight[0], by=editor, body="<p>再改。</p>")
        assert self.head(client) == "甲"

    def test_of_the_headline_shows_the_right_one_with_its_mark(
        self, eight: list[Article], editor: User, client: Client
    ):
        launched(editor, Wanted(eight[0].pk, headline="錯的自擬"))
        article = factories.change(eight[0], by=editor, headline="對的")
        note = Note(kind="correction", text="標題有誤。", was="甲", now="對的", field="headline")
        publish(article, seen=article.version, by=editor, noted=[note])
        card = read(client, "/").one(".top-lead .card")
        assert card.one(".headline a").words.endswith("對的")
        assert card.one(".headline-mark").words

    def test_that_an_update_brings_leaves_it_standing(self, eight: list[Article], editor: User, client: Client):
        launched(editor, Wanted(eight[0].pk, headline="自擬"))
        factories.publish_again(eight[0], by=editor, kind="update", note="補充。", body="<p>多。</p>")
        assert self.head(client) == "自擬"

    def test_of_a_picture_takes_the_own_picture_away(self, eight: list[Article], editor: User, client: Client):
        picture = factories.make_picture(editor)
        launched(editor, Wanted(eight[0].pk, picture=picture.pk))
        factories.correct(eight[0], by=editor)
        assert picture.digest in client.get("/").content.decode()
        factories.correct(eight[0], by=editor, body="<p>再改。</p>", field="picture")
        assert picture.digest not in client.get("/").content.decode()


class TestMarks:
    def shown(self, client: Client, path: str = "/") -> list[str]:
        return [one.words for one in read(client, path).all("main .flag")]

    def until(self, client: Client, path: str, name: str) -> datetime | None:
        """When the page has to be made anew."""
        with contexts():
            until: datetime | None = client.get(path).context[name].until
        return until

    def test_stand_before_the_headline_until_their_end(self, eight: list[Article], editor: User, client: Client):
        soon, later = minute(hours=1), minute(hours=2)
        live_one = Wanted(eight[1].pk, mark="live", until=soon)
        launched(editor, Wanted(eight[0].pk, mark="breaking", until=later), live_one)
        assert len(self.shown(client)) == 2
        with translation.override("zh-hant"):
            assert curated.live(0, Surroundings()).until == soon
        assert self.until(client, "/", "front") == soon

    @pytest.mark.parametrize(("ends", "shown"), [(-1, 0), (60, 1)])
    def test_are_gone_right_after_it(self, ends: int, shown: int, eight: list[Article], editor: User, client: Client):
        until = database_now() + timedelta(seconds=ends)
        launched(editor, Wanted(eight[0].pk, mark="breaking", until=until))
        assert len(self.shown(client)) == shown
        assert self.until(client, "/", "front") == (until if shown else None)

    def test_of_a_channel_tell_the_page_when_to_be_made_anew(
        self, eight: list[Article], editor: User, channel: Channel, client: Client
    ):
        until = minute(hours=1)
        launched(editor, Wanted(eight[0].pk, mark="live", until=until), front=front_at(channel.pk))
        assert self.until(client, "/farming/", "listing") == until
        assert self.until(client, "/", "front") is None

    @pytest.mark.parametrize("path", ["/", "/zh-hans/", "/en/", "/bo/"])
    def test_are_in_the_language_of_the_page(self, path: str, editor: User, desk: Desk, client: Client):
        stories = [factories.publish_article(editor, desk=desk, language=language, headline="x")
                   for language in ("zh-Hant", "en", "bo")]  # fmt: skip
        launched(editor, *(Wanted(one.pk, mark="live", until=minute(hours=1)) for one in stories))
        page = read(client, path)
        (flag,) = page.all("main .flag")
        own = page.element.get("lang")
        assert flag.get("lang") in {None, own}


@on_one_database
class TestInAnotherLanguage:
    def test_only_slots_that_can_be_read_there_are_shown(self, eight: list[Article], editor: User, client: Client):
        english = factories.publish_article(editor, language="en", headline="Barley")
        tibetan = factories.publish_article(editor, language="bo", headline="ནས།")
        launched(editor, Wanted(english.pk, headline="Barley first"), eight[0], tibetan)
        assert top(read(client, "/"))[:2] == ["甲", "辛"]
        assert top(read(client, "/zh-hans/"))[0] == "甲"  # in both scripts
        assert top(read(client, "/en/")) == ["Barley first"]
        assert top(read(client, "/bo/")) == ["ནས།"]

    def test_an_own_headline_is_shown_in_both_chinese_scripts(self, editor: User, desk: Desk, client: Client):
        story = factories.publish_article(editor, desk=desk, language="zh-Hans", headline="青稞开镰")
        launched(editor, Wanted(story.pk, headline="青稞開鐮了", language="zh-Hant"))
        for path, headline in (("/", "青稞開鐮了"), ("/zh-hans/", "青稞开镰了")):
            card = read(client, path).one(".top-lead .card")
            assert card.one(".headline a").words == headline
            assert card.one(".card-words").get("lang") is None

    def test_an_own_headline_keeps_the_names_of_the_desks_glossary(self, editor: User, desk: Desk, client: Client):
        GlossaryEntry.objects.create(desk=desk, language="zh-Hant", right="達珍", other_script="达真")
        story = factories.publish_article(editor, desk=desk)
        launched(editor, Wanted(story.pk, headline="達珍說開鐮"))
        assert top(read(client, "/zh-hans/")) == ["达真说开镰"]
        GlossaryEntry.objects.update(other_script="达针")
        assert top(read(client, "/zh-hans/")) == ["达真说开镰"]  # it was launched so

    def test_an_own_headline_in_the_other_script_keeps_the_storys_own_forms(
        self, editor: User, desk: Desk, client: Client
    ):
        story = factories.publish_article(editor, desk=desk, headline="里仁", script_forms="里仁 = 李仁")
        launched(editor, Wanted(story.pk, headline="李仁开镰", language="zh-Hans"))
        assert top(read(client, "/")) == ["里仁開鐮"]
        launched(editor, Wanted(story.pk, headline="里仁開鐮", language="zh-Hant"))
        assert top(read(client, "/zh-hans/")) == ["李仁开镰"]

    def test_a_story_without_words_of_the_front_is_shown_as_it_was_converted(
        self, editor: User, desk: Desk, client: Client
    ):
        launched(editor, factories.publish_article(editor, desk=desk, headline="青稞開鐮"))
        assert top(read(client, "/zh-hans/")) == ["青稞开镰"]


def test_an_erased_picture_is_not_shown(eight: list[Article], editor: User, client: Client):
    picture = factories.make_picture(editor)
    launched(editor, Wanted(eight[0].pk, picture=picture.pk))
    Picture.objects.filter(pk=picture.pk).update(erased_at=database_now())
    assert picture.digest not in client.get("/").content.decode()


def test_the_slots_of_a_front_are_found_by_their_indexes(eight: list[Article], editor: User):
    launched(editor, *eight)
    assert site_front().live
    with CaptureQueriesContext(connection) as queries:
        assert len(list(curated.slots_of(version__live_on=0))) == 8
    (asked,) = queries
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")  # so few rows need no index
        cursor.execute(("EXPLAIN " if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN ")
                       + asked["sql"].replace("%", "%%"))  # fmt: skip
        plan = "\n".join(str(row) for row in cursor.fetchall())
    assert "Seq Scan" not in plan
    assert "SCAN articles" not in plan
    assert Slot.objects.count() == 16
