"""The corrections page: every notice, newest first, by kind, channel and month; its feeds; the policy."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import feedparser
import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import Article, Correction, Erasure, ErrorReport, Page, Site, User
from articles.publishing import Note, agree, issue_as_of, propose, save_page
from articles.publishing.clock import database_now
from articles.site import correction_log
from tests import factories
from tests.factories import change, correct, publish_again, publish_article, withdraw
from tests.harness.once import on_one_database
from tests.site.reading import Part, read

THEN = datetime(2026, 3, 5, 1, 30, tzinfo=UTC)
KINDS = ["correction", "clarification", "editors-note", "retraction", "takedown"]


@pytest.fixture(autouse=True)
def _named(site: Site) -> None:
    """A site with a name."""


def entries(client: Client, path: str = "/corrections/") -> list[Part]:
    return read(client, path).one("main").all(".entry")


def said(client: Client, path: str = "/corrections/") -> list[str]:
    return [entry.one(".entry-text").words for entry in entries(client, path)]


def correct_then(article: Article, at: datetime, *, by: User, text: str, **note: Any) -> None:
    """A notice of an imported archive."""
    values = {"kind": "correction", "was": "甲", "now": "乙"} | note
    article = change(article, by=by, body=f"<p>{text}</p>")
    issue_as_of(article, at=at, by=by, loaded_by=by, noted=[Note(text=text, **values)])


def make_report(article: Article, **values: Any) -> ErrorReport:
    now = database_now()
    times = {"received_at": now, "acknowledge_by": now, "decide_by": now}
    edition = article.editions.first()
    return ErrorReport.objects.create(
        **{"article": article, "desk": article.desk, "edition": edition, "language": "zh-hant",
           "key_digest": f"{ErrorReport.objects.count():064}"} | times | values
    )  # fmt: skip


@on_one_database
class TestAnEntry:
    def test_says_what_was_wrong_and_what_is_right_and_leads_to_both_editions(
        self, client: Client, published: Article, editor: User
    ):
        edition = correct(published, by=editor)
        (entry,) = entries(client)
        assert "correction" in entry.get("class").split()
        assert entry.one("time")["datetime"]
        assert entry.one("del").words == "今天開鐮"
        assert entry.one("ins").words == "昨天開鐮"
        assert "謹此更正。" in entry.words
        code = published.code
        assert entry.one(".headline a")["href"] == f"/a/{code}/#notice-{edition.number}-1"
        links = [path for _, path in entry.one(".entry-links").links]
        assert links == [f"/a/{code}/v/1/", f"/a/{code}/v/2/"]

    def test_leads_to_its_notice_on_the_story_which_is_there(self, client: Client, published: Article, editor: User):
        correct(published, by=editor)
        path, _, anchor = entries(client)[0].one(".headline a")["href"].partition("#")
        assert "correction" in read(client, path).one(f".notice[id={anchor}]").get("class")

    def test_has_the_headline_of_the_standing_edition(self, client: Client, published: Article, editor: User):
        correct(published, by=editor)
        publish_again(published, by=editor, headline="新的標題")
        change(published, by=editor, headline="草稿")
        assert entries(client)[0].one(".headline").words == "新的標題"

    def test_has_an_address_for_ever_on_the_page_of_its_month(self, client: Client, administrator: User):
        article = publish_article(administrator, at=THEN)
        correct_then(article, THEN + timedelta(hours=1), by=administrator, text="一。")
        page = read(client, "/corrections/archive/2026/03/")
        assert page.one("main").one(f"li[id={article.code}-2-1]").one(".entry")

    def test_thanks_a_reader_and_names_nobody(self, client: Client, published: Article, editor: User):
        report = make_report(published, contact="reader@example.org", wrong="日期", reply_name="扎西")
        correct(published, by=editor, reports=[report])
        (entry,) = entries(client)
        assert entry.one(".thanks")
        page = client.get("/corrections/").content.decode()
        assert "reader@example.org" not in page
        assert "扎西" not in page
        other = publish_article(editor)
        correct(other, by=editor)
        assert entries(client)[0].none(".thanks")

    def test_and_one_that_supersedes_it_lead_to_each_other(self, client: Client, published: Article, editor: User):
        correct(published, by=editor)
        first = Correction.objects.get()
        correct(published, by=editor, text="再更正。", was="昨天", now="前天", supersedes=first, body="<p>前天。</p>")
        later, earlier = entries(client)
        assert f"/a/{published.code}/#notice-2-1" in [path for _, path in later.links]
        assert f"/a/{published.code}/#notice-3-1" in [path for _, path in earlier.links]

    def test_carries_the_reply_of_a_person_concerned(self, client: Client, published: Article, chief: User):
        article = change(published, by=chief, body="<p>新。</p>")
        note = Note(kind="editors-note", text="當事人答辯如下。", reply=("扎西", "我沒有說過。\n真的。"))
        factories.publish(article, seen=article.version, by=chief, noted=[note])
        (entry,) = entries(client)
        assert entry.one("blockquote").words == "我沒有說過。真的。"
        assert entry.one(".reply-name").words == "扎西"


class TestWhatIsListed:
    def test_is_newest_first_and_has_every_kind_but_updates_and_typos(
        self, client: Client, published: Article, editor: User, chief: User
    ):
        correct(published, by=editor, text="一。")
        publish_again(published, by=editor, kind="update", note="更新。", body="<p>新。</p>")
        publish_again(published, by=editor, body="<p>新字。</p>")
        publish_again(published, by=chief, kind="clarification", note="三。", body="<p>三。</p>")
        withdraw(published, by=chief, second=editor, text="四。")
        assert [entry.get("class").split()[1] for entry in entries(client)] == [
            "retraction", "clarification", "correction",
        ]  # fmt: skip
        assert "更新。" not in client.get("/corrections/").content.decode()

    def test_by_kind_is_that_kind_alone(self, client: Client, published: Article, editor: User, chief: User):
        correct(published, by=editor, text="一。")
        publish_again(published, by=editor, kind="update", note="更新。", body="<p>新。</p>")
        publish_again(published, by=chief, kind="clarification", note="三。", body="<p>三。</p>")
        assert ["更新。" in words for words in said(client, "/corrections/kind/update/")] == [True]
        assert ["三。" in words for words in said(client, "/corrections/kind/clarification/")] == [True]
        assert said(client, "/corrections/kind/takedown/") == []
        current = [link.words for link in read(client, "/corrections/kind/update/").all("[aria-current=true]")]
        assert len(current) == 3  # the language of the page, the kind, all channels

    def test_by_channel_has_those_of_the_channels_below(self, client: Client, editor: User):
        top = factories.make_channel("農牧", slug="farming")
        below = factories.make_channel("青稞", slug="barley", parent=top)
        other = factories.make_channel("交通", slug="roads")
        for channel, text in ((top, "上。"), (below, "下。"), (other, "路。")):
            correct(publish_article(editor, channel=channel), by=editor, text=text)
        texts = [words.split()[1] for words in said(client, "/corrections/channel/farming/")]
        assert texts == ["下。", "上。"]
        assert [words.split()[1] for words in said(client, "/corrections/channel/farming/barley/")] == ["下。"]
        assert len(said(client, "/corrections/kind/correction/channel/farming/")) == 2
        assert said(client, "/corrections/kind/retraction/channel/farming/") == []

    def test_is_what_the_readers_of_a_language_can_read(self, client: Client, editor: User):
        for language, text in (("zh-Hant", "繁。"), ("zh-Hans", "简。"), ("en", "English."), ("bo", "བོད།")):
            correct(publish_article(editor, language=language), by=editor, text=text)
        assert len(said(client, "/corrections/")) == len(said(client, "/zh-hans/corrections/")) == 2
        assert "English." in said(client, "/en/corrections/")[0]
        assert entries(client, "/en/corrections/")[0].one(".headline a")["href"].startswith("/en/a/")
        assert "བོད།" in said(client, "/bo/corrections/")[0]

    def test_of_a_month_settles_and_leads_to_its_neighbours(self, client: Client, administrator: User):
        article = publish_article(administrator, at=THEN)
        correct_then(article, THEN + timedelta(days=1), by=administrator, text="三月。")
        correct_then(article, THEN + timedelta(days=100), by=administrator, text="六月。")
        march = read(client, "/corrections/archive/2026/03/")
        assert [entry.words.count("三月。") for entry in march.all(".entry")] == [1]
        assert march.one(".newer a")["href"] == "/corrections/archive/2026/06/"
        assert read(client, "/corrections/archive/2026/06/").one(".older a")["href"] == "/corrections/archive/2026/03/"
        assert len(said(client, "/corrections/kind/correction/archive/2026/03/")) == 1
        path = f"/corrections/kind/correction/channel/{article.channel.path}/archive/2026/06/"
        assert len(said(client, path)) == 1

    def test_of_a_busy_month_can_be_read_by_its_days(
        self, client: Client, administrator: User, monkeypatch: pytest.MonkeyPatch
    ):
        article = publish_article(administrator, at=THEN)
        for day in range(3):
            correct_then(article, THEN + timedelta(days=day + 1), by=administrator, text=f"第{day}日。")
        monkeypatch.setattr("articles.site.corrections.MONTH", 2)
        month = read(client, "/corrections/archive/2026/03/")
        assert len(month.all(".entry")) == 2
        days = [path for _, path in month.one(".filters").links if path.count("/") == 6]
        assert days == [f"/corrections/archive/2026/03/0{day}/" for day in (6, 7, 8)]
        assert len(said(client, days[0])) == 1

    def test_goes_on_in_the_months_where_it_is_longer_than_a_page(
        self, client: Client, administrator: User, monkeypatch: pytest.MonkeyPatch
    ):
        article = publish_article(administrator, at=THEN)
        for month in range(3):
            correct_then(article, THEN + timedelta(days=1 + 40 * month), by=administrator, text=f"第{month}。")
        monkeypatch.setattr("articles.site.corrections.LENGTH", 2)
        page = read(client, "/corrections/")
        assert len(page.all(".entry")) == 2
        assert page.one(".older a")["href"] == "/corrections/archive/2026/03/"

    @pytest.mark.parametrize(
        "path",
        ["kind/typo/", "kind/initial/", "kind/x/", "channel/nowhere/", "archive/2026/13/", "archive/2026/00/",
         "archive/0001/01/", "archive/1999/01/", "archive/2026/02/30/", "kind/correction/archive/1999/01/",
         "channel/nowhere/archive/2026/03/", "kind/", "channel/", "kind/correction/feed.rss", "x/"],
    )  # fmt: skip
    def test_nothing_stands_where_nothing_can(self, path: str, client: Client, published: Article):
        assert client.get(f"/corrections/{path}").status_code == 404

    def test_a_new_site_says_that_there_is_nothing(self, client: Client):
        page = read(client, "/corrections/")
        assert page.none(".entry")
        assert page.one(".blank").words
        for form in ("rss", "atom", "json"):
            assert client.get(f"/corrections/feed.{form}").status_code == 200


@on_one_database
class TestWhatHadToGo:
    def test_of_a_story_taken_down_stands_only_that_and_why(
        self, client: Client, published: Article, editor: User, chief: User
    ):
        correct(published, by=editor, text="秘密一。", was="秘密二", now="秘密三")
        withdraw(published, by=chief, second=editor, act="takedown", text="法院判決。", keep_headline=False)
        for path in ("/corrections/", "/corrections/feed.rss", "/corrections/feed.atom", "/corrections/feed.json"):
            page = client.get(path).content.decode()
            assert "秘密" not in page, path
            assert published.headline not in page, path
            assert "法院判決。" in page, path
        down, before = entries(client)
        assert "takedown" in down.get("class")
        assert down.one(".entry-head").all("span")[-1].words  # on which ground
        assert before.one(".entry-gone").words
        assert not [path for entry in (down, before) for _, path in entry.links if "/v/" in path]

    def test_the_headline_stays_where_it_may(self, client: Client, published: Article, editor: User, chief: User):
        withdraw(published, by=chief, second=editor, act="takedown")
        assert published.headline in entries(client)[0].one(".headline").words

    def test_erased_words_are_gone_and_the_notice_says_so(
        self, client: Client, published: Article, editor: User, chief: User
    ):
        correct(published, by=editor, text="秘密一。", was="秘密二", now="秘密三")
        notice = Correction.objects.get()
        terms = {"erase": {"notices": [notice.pk]}, "reason": "法院", "text": "依法刪除。"}
        agree(propose(published, act="erasure", by=chief, **terms), by=editor)
        (entry,) = entries(client)
        assert "秘密" not in entry.words
        assert "依法刪除。" in entry.one(".entry-gone").words
        for form in ("rss", "atom", "json"):
            feed = client.get(f"/corrections/feed.{form}").content.decode()
            assert "秘密" not in feed
            assert "依法刪除。" in feed


@on_one_database
class TestTheFeeds:
    def parsed(self, client: Client, form: str) -> Any:
        response = client.get(f"/corrections/feed.{form}")
        found = feedparser.parse(response.content, response_headers={"content-type": response["Content-Type"]})
        assert not found.bozo, found.get("bozo_exception")
        return found

    def test_have_an_item_of_its_own_for_each_notice(
        self, client: Client, published: Article, editor: User, settings: LazySettings
    ):
        article = change(published, by=editor, body="<p>都改了。</p>")
        notes = [Note(kind="correction", text=f"{n}。", was="甲", now="乙") for n in (1, 2)]
        factories.publish(article, seen=article.version, by=editor, noted=notes)
        code = published.code
        wanted = [f"newsroom:{code}:2:1", f"newsroom:{code}:2:2"]
        for form in ("rss", "atom"):
            found = self.parsed(client, form)
            assert [entry.id for entry in found.entries] == wanted
            assert [entry.link for entry in found.entries] == [
                f"{settings.SITE_ADDRESS}/a/{code}/#notice-2-{place}" for place in (1, 2)
            ]
            assert all(published.headline in entry.title for entry in found.entries)
            assert "1。" in found.entries[0].content[0].value
        data = json.loads(client.get("/corrections/feed.json").content)
        assert [item["id"] for item in data["items"]] == wanted
        assert data["items"][0]["date_published"] == data["items"][0]["date_modified"]

    def test_stay_the_same_when_the_story_goes_on(self, client: Client, published: Article, editor: User):
        correct(published, by=editor)
        (before,) = self.parsed(client, "atom").entries
        publish_again(published, by=editor, kind="update", note="更新。", body="<p>新。</p>")
        (after,) = self.parsed(client, "atom").entries
        assert (after.id, after.published, after.updated) == (before.id, before.published, before.updated)

    def changed(self, client: Client) -> list[datetime]:
        """When each item last changed, the newest item first; the same in all forms that say it."""
        data = json.loads(client.get("/corrections/feed.json").content)
        found = [datetime.fromisoformat(item["date_modified"]) for item in data["items"]]
        assert found == [datetime.fromisoformat(entry.updated) for entry in self.parsed(client, "atom").entries]
        return found

    def test_say_when_a_later_notice_superseded_one(self, client: Client, published: Article, editor: User):
        correct(published, by=editor)
        first = Correction.objects.get()
        assert self.changed(client) == [first.at]
        correct(published, by=editor, text="再更正。", was="昨天", now="前天", supersedes=first, body="<p>前天。</p>")
        later = Correction.objects.exclude(pk=first.pk).get().at
        assert self.changed(client) == [later, later]
        assert later > first.at

    def test_say_when_words_were_erased(self, client: Client, published: Article, editor: User, chief: User):
        correct(published, by=editor)
        terms = {"erase": {"notices": [Correction.objects.get().pk]}, "reason": "法院", "text": "依法刪除。"}
        agree(propose(published, act="erasure", by=chief, **terms), by=editor)
        assert self.changed(client) == [Erasure.objects.get().at]

    def test_say_when_the_story_went_and_came_back(self, client: Client, published: Article, editor: User, chief: User):
        correct(published, by=editor)
        down = withdraw(published, by=chief, second=editor, act="takedown").published_at
        assert self.changed(client) == [down, down]
        back = withdraw(published, by=chief, second=editor, act="restoration", text="判決已撤銷。").published_at
        assert self.changed(client) == [back, back, back]
        publish_again(published, by=editor, kind="update", note="更新。", body="<p>新。</p>")
        assert self.changed(client) == [back, back, back]

    def test_tell_a_notice_in_the_script_of_the_feed(self, client: Client, site: Site, editor: User):
        site.name_zh_hans, site.name_en = "朗措新闻", "Langtso News"
        site.save()
        channel = factories.make_channel("農牧", slug="farming", name_zh_hans="农牧")
        person = ("扎西", "我沒有說過。")
        for language in ("zh-Hant", "zh-Hans"):
            article = publish_article(editor, language=language, channel=channel)
            correct(article, by=editor)
            correct(article, by=editor, text="再更正。", supersedes=Correction.objects.first(), body="<p>前天。</p>",
                    reply=person)  # fmt: skip
        expected = {"": ("zh-Hant", "朗措新聞", "農牧"), "/zh-hans": ("zh-Hans", "朗措新闻", "农牧")}
        ids = []
        for prefix, words in expected.items():
            told = json.loads(client.get(f"{prefix}/corrections/feed.json").content)["items"]
            assert {(item["language"], item["authors"][0]["name"], item["tags"][0]) for item in told} == {words}
            ids.append([item["id"] for item in told])
            for form in ("rss", "atom"):
                entries = self.entries(client, f"{prefix}/corrections/feed.{form}")
                assert [entry.id for entry in entries] == ids[0]
        assert ids[0] == ids[1]

    def entries(self, client: Client, path: str) -> list[Any]:
        return list(feedparser.parse(client.get(path).content).entries)

    def test_are_named_in_the_head_of_the_page(self, client: Client):
        page = read(client, "/corrections/")
        named = {link["href"]: link["type"] for link in page.all("link[rel=alternate]") if link.get("type")}
        assert named["/corrections/feed.rss"] == "application/rss+xml"
        assert named["/corrections/feed.atom"] == "application/atom+xml"
        assert named["/corrections/feed.json"] == "application/feed+json"


class TestQueries:
    def notices(self, by: User, articles: list[Article], numbers: range) -> None:
        for number in numbers:
            article = articles[number % len(articles)]
            correct_then(article, THEN + timedelta(minutes=number + 1), by=by, text=f"第{number}。")

    @on_one_database
    def test_are_as_many_at_thirty_notices_as_at_three(self, client: Client, administrator: User):
        channel = factories.make_channel("農牧", slug="farming")
        factories.make_channel("青稞", slug="barley", parent=channel)
        articles = [publish_article(administrator, at=THEN, channel=channel) for _ in range(3)]
        bounds = {
            "/corrections/": 8, "/corrections/kind/correction/": 8, "/corrections/channel/farming/": 8,
            "/corrections/archive/2026/03/": 8, "/corrections/feed.rss": 6, "/corrections/feed.json": 6,
        }  # fmt: skip

        def count() -> dict[str, int]:
            counted = {}
            for path, most in bounds.items():
                with CaptureQueriesContext(connection) as queries:
                    assert client.get(path).status_code == 200
                assert len(queries) <= most, "\n".join(query["sql"] for query in queries)
                counted[path] = len(queries)
            return counted

        self.notices(administrator, articles, range(3))
        few = count()
        self.notices(administrator, articles, range(3, 30))
        assert count() == few

    @pytest.mark.parametrize("channels", [(), (1, 2)])
    def test_find_the_newest_by_an_index(self, channels: tuple[int, ...], administrator: User):
        article = publish_article(administrator, at=THEN)
        self.notices(administrator, [article], range(5))
        wanted = correction_log.Wanted("zh", KINDS, channels)
        with CaptureQueriesContext(connection) as queries:
            correction_log.newest(wanted, limit=50, since=THEN, before=THEN + timedelta(days=1))
        (asked,) = queries
        index = "notice_by_channel" if channels else "notice_by_kind"
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET LOCAL enable_seqscan = off")  # so few rows need no index
                cursor.execute("SET LOCAL enable_sort = off")
                for other in {"notice_by_time", "notice_by_kind", "notice_by_channel"} - {index}:
                    cursor.execute(f"DROP INDEX {other}")  # which of them it would take for so few is chance
            prefix = "EXPLAIN " if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN "
            cursor.execute(prefix + asked["sql"])
            plan = "\n".join(str(row) for row in cursor.fetchall())
        assert index in plan
        assert "Seq Scan on articles_correction" not in plan
        assert "SCAN articles_correction\n" not in plan
        assert "USE TEMP B-TREE FOR ORDER BY" not in plan


class TestThePolicy:
    @pytest.mark.parametrize("prefix", ["", "/zh-hans", "/en", "/bo"])
    def test_is_there_in_every_language_before_anybody_has_written_one(self, prefix: str, client: Client):
        factories.make_site(acknowledge_hours=23, decide_hours=71, reply_hours=119, contact_days=89)
        page = read(client, f"{prefix}/corrections/policy/")
        for term in ("23", "71", "119", "89"):
            assert term in page.one(".body").words
        links = [path for _, path in page.one(".body").links]
        assert f"{prefix}/corrections/" in links
        assert f"{prefix}/corrections/accuracy/" in links
        assert len(page.one(".body").all("dt")) == 7  # every kind of change has its word
        assert page.none("meta[name=robots]")

    def test_is_the_desks_own_as_soon_as_it_is_written(self, client: Client, administrator: User):
        page, _ = Page.objects.get_or_create(slug="policy")
        save_page(page, seen=0, by=administrator, language="zh-Hant", title="我們的準則", body="<p>自己的。</p>")
        shown = read(client, "/corrections/policy/")
        assert shown.one("h1").words == "我們的準則"
        assert shown.one(".body").words == "自己的。"
        assert read(client, "/corrections/policy/history/").all(".versions li")
