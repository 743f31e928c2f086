"""The search page as readers of each language meet it, whatever they type."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import Article, Desk, Person, Site, User
from articles.search import names
from articles.search.engine import engine
from articles.search.names import renamed
from articles.search.question import LENGTH, Hit, Question
from articles.search.time_limit import TooLong
from articles.site import search_form, search_page
from tests import factories
from tests.site.reading import Part, read

NOW = datetime(2026, 11, 1, 4, tzinfo=UTC)
Publish = Callable[..., Article]


@pytest.fixture
def publish(administrator: User, desk: Desk, site: Site) -> Publish:
    def make(headline: str = "消息", body: str = "<p>正文。</p>", *, days: float = 0, **values: Any) -> Article:
        return factories.publish_article(
            administrator, at=NOW - timedelta(days=days), headline=headline, body=body, **values
        )

    return make


def ask(client: Client, words: str = "", prefix: str = "", **more: str) -> Part:
    return read(client, f"{prefix}/search/?{urlencode({'q': words} | more)}")


def found(page: Part) -> list[str]:
    return [link.words for link in page.one("main").all("h3.headline a")]


def marked(page: Part) -> list[str]:
    return [mark.words for mark in page.all("mark")]


class TestThePage:
    def test_the_masthead_leads_to_it_in_every_language(self, client: Client, publish: Publish):
        publish()
        for prefix in ("", "/zh-hans", "/en", "/bo"):
            page = read(client, f"{prefix}/")
            assert page.one(".nav-search a")["href"] == f"{prefix}/search/"
            form = read(client, f"{prefix}/search/").one("form")
            assert (form["action"], form["method"]) == (f"{prefix}/search/", "get")

    def test_without_a_question_it_says_how_to_ask(self, client: Client, publish: Publish):
        publish()
        page = ask(client)
        assert page.one(".search-hint").words
        assert found(page) == []
        assert page.none(".blank")

    def test_no_engine_keeps_it_and_it_keeps_nobody(self, client: Client, publish: Publish):
        publish("青稞")
        response = client.get("/search/?q=青稞")
        assert '<meta name="robots" content="noindex">' in response.content.decode()
        assert not response.cookies
        assert response["Cache-Control"] == "public, max-age=0, must-revalidate"
        assert client.post("/search/").status_code == 405

    def test_it_costs_no_more_for_many_stories_than_for_one(self, client: Client, publish: Publish):
        """One is sought in all three reaches of time, a full page in the first alone."""
        topic = factories.make_topic("初雪")
        publish("青稞", topic=topic)
        counts = []
        for number in (0, LENGTH + 3):
            for _ in range(number):
                publish("青稞", "<p>青稞在文中。</p>", tags=["甲", "乙"], topic=topic)
            with CaptureQueriesContext(connection) as seen:
                assert found(ask(client, "青稞"))
            counts.append(len(seen))
        assert counts[1] <= counts[0] <= 13

    def test_finding_nothing_has_its_bound(self, client: Client, publish: Publish):
        publish("青稞")
        with CaptureQueriesContext(connection) as seen:
            assert found(ask(client, "冰雹 犛牛")) == []
        assert len(seen) <= 25  # sought as asked, in every language, and loosely


class TestResults:
    def test_what_was_sought_is_marked_in_headline_and_text(self, client: Client, publish: Publish):
        publish("上朗縣青稞開鐮", "<p>今年的<strong>青</strong>稞 &amp; 小麥，&lt;都&gt;好。</p><p>別的。</p>")
        page = ask(client, "青稞")
        assert found(page) == ["上朗縣青稞開鐮"]
        assert marked(page) == ["青稞", "青稞"]
        assert page.one(".passage").words == "今年的青稞 & 小麥，<都>好。"

    def test_either_script_finds_and_marks_the_other(self, client: Client, publish: Publish):
        publish("積雪封路", "<p>除雪車清早上山。</p>", language="zh-Hant")
        for words in ("除雪車", "除雪车"):
            page = ask(client, words)
            assert (found(page), marked(page)) == (["積雪封路"], ["除雪車"])
            page = ask(client, words, "/zh-hans")
            assert (found(page), marked(page)) == (["积雪封路"], ["除雪车"])
            assert page.one("h3 a")["href"].startswith("/zh-hans/a/")

    def test_tibetan_is_marked_by_syllables(self, client: Client, publish: Publish):
        publish("གསར་འགྱུར།", "<p>ཁོང་ཚོ་པོ་ཏ་ལར་ཕྱིན་པ་རེད།</p>", language="bo")
        page = ask(client, "པོ་ཏ་ལའི", "/bo")
        assert marked(page) == ["པོ་ཏ་ལར"]

    def test_english_is_marked_in_any_number_and_case(self, client: Client, publish: Publish):
        publish("Two Editors", "<p>Stories for an editor’s day.</p>", language="en")
        page = ask(client, "editors story", "/en")
        assert marked(page) == ["Editors", "Stories", "editor"]

    def test_the_passage_is_the_one_that_has_most_of_it(self, client: Client, publish: Publish):
        far = "村裏的人都到田裏去了，" * 30
        publish("消息", f"<p>青稞熟了。{far}</p><p>{far}青稞和收割機在一起。{far}</p>")
        passage = ask(client, "青稞 收割機").one(".passage").words
        assert "青稞和收割機在一起" in passage
        assert passage.startswith("…")
        assert passage.endswith("…")
        assert len(passage) < 140

    def test_a_name_beside_the_text_is_shown_too(self, client: Client, publish: Publish):
        person = factories.make_person("范志遠")
        publish("木碗", "<p>匠人。</p>", credits=[(person.pk, "author"), (person.pk, "editor")])
        page = ask(client, "范志远")
        assert marked(page.one(".passage-beside")) == ["范志遠"]
        assert page.all(".passage")[0].words == "匠人。"

    def test_withdrawn_and_corrected_stories_say_so(self, client: Client, publish: Publish, editor: User, chief: User):
        retracted, corrected, down = publish("青稞甲"), publish("青稞乙", days=1), publish("青稞丙", days=2)
        factories.withdraw(retracted, by=chief, second=editor)
        factories.correct(corrected, by=editor, field="headline", passage="")
        factories.withdraw(down, by=chief, second=editor, act="takedown")
        page = ask(client, "青稞")
        assert [mark.words for mark in page.all("h3 .headline-mark")] == ["已撤稿", "已更正"]
        assert len(found(page)) == 2
        assert "青稞丙" not in client.get("/search/?q=青稞").content.decode()

    def test_other_languages_are_offered_without_counting(self, client: Client, publish: Publish):
        publish("青稞 barley")
        links = [(link["lang"], link["href"]) for link in ask(client, "barley").all(".search-languages a")]
        assert links == [("en", "/en/search/?q=barley"), ("bo", "/bo/search/?q=barley")]
        links = [link["href"] for link in ask(client, "barley", "/en").all(".search-languages a")]
        assert links == ["/search/?q=barley", "/bo/search/?q=barley"]
        menu = [link["href"] for link in ask(client, "青稞").all(".languages a")]
        assert f"/zh-hans/search/?q={quote('青稞')}" in menu

    def test_where_no_story_has_all_words_some_are_shown_and_it_says_so(self, client: Client, publish: Publish):
        publish("青稞開鐮")
        publish("公路通車")
        page = ask(client, "青稞 公路")
        assert set(found(page)) == {"青稞開鐮", "公路通車"}
        assert page.one("h2.search-said").words not in {"2 stories", ""}

    def test_what_can_be_done_where_nothing_is_found(self, client: Client, publish: Publish):
        publish("青稞")
        page = ask(client, "冰雹", kind="pictures")
        links = [link["href"] for link in page.all(".blank a")]
        assert links == [f"/search/?q={quote('冰雹')}", "/archive/2026/11/"]
        assert page.one("[id=q]")["value"] == "冰雹"
        assert ask(client, "——！").one(".blank").words


class TestPages:
    def test_one_reads_on_from_page_to_page_to_the_end(self, client: Client, publish: Publish):
        for number in range(2 * LENGTH + 5):
            publish(f"青稞{number}", days=number)
        path, read_so_far = "/search/?q=青稞", []
        for place in range(3):
            page = read(client, path)
            read_so_far += found(page)
            assert bool(page.all(".pager .newer")) == (place > 0)
            if more := page.all(".pager .older a"):
                path = more[0]["href"]
        assert not more
        assert read_so_far == [f"青稞{number}" for number in range(2 * LENGTH + 5)]

    def test_what_is_loosely_found_shows_what_was_found_of_it(self, client: Client, publish: Publish):
        publish("道路", "<p>山上的雪山看得見。</p><p>新的公路通了。</p>")
        assert marked(ask(client, "雪山公路")) == ["雪山"]

    def test_what_no_story_in_this_language_has_is_shown_in_others(self, client: Client, publish: Publish):
        stories = [publish(f"Barley {number}", language="en", days=number) for number in range(LENGTH + 1)]
        page = ask(client, "barley")
        assert len(found(page)) == LENGTH
        assert page.all(".card-words")[0]["lang"] == "en"
        assert page.all("h3.headline a")[0]["href"] == f"/en/a/{stories[0].code}/"
        rest = read(client, page.one(".older a")["href"])
        assert found(rest) == [f"Barley {LENGTH}"]
        publish("青稞 barley")
        assert found(ask(client, "barley")) == ["青稞 barley"]

    def test_tibetan_in_a_chinese_text_is_said_to_be_so(self, client: Client, publish: Publish):
        publish("校名", "<p>校名是 སློབ་གྲྭ་གསར་པ 三字。</p>")
        passage = ask(client, "སློབ་གྲྭ").one(".passage")
        assert [part["lang"] for part in passage.all("[lang]")] == ["bo", "bo"]
        assert passage.one("mark[lang=bo]").words == "སློབ་གྲྭ"

    def test_a_question_that_takes_too_long_says_so(
        self, client: Client, site: Site, editor: User, monkeypatch: pytest.MonkeyPatch
    ):
        class Slow(type(engine())):  # type: ignore[misc]
            def _in_reach(self, question: Question, number: int, so_far: Sequence[Hit]) -> list[Hit]:
                if number:
                    raise TooLong
                hits: list[Hit] = super()._in_reach(question, number, so_far)
                return hits

        monkeypatch.setattr(search_page, "engine", Slow)
        factories.publish_article(editor, headline="Barley", language="en")
        page = ask(client, "barley", "/en")
        assert "Add a word" in page.one(".search-note").words
        assert found(page) == ["Barley"]

    def test_what_is_loosely_found_is_read_on_loosely(self, client: Client, publish: Publish):
        for number in range(LENGTH + 2):
            publish(f"青稞{number}", days=number)
        page = ask(client, "青稞 冰雹")
        more = read(client, page.one(".pager .older a")["href"])
        assert found(more) == [f"青稞{LENGTH}", f"青稞{LENGTH + 1}"]

    def test_a_page_beyond_the_last_one_says_so(self, client: Client, publish: Publish):
        publish("青稞")
        page = ask(client, "青稞", after="0.2")
        assert found(page) == []
        assert page.one(".blank a")["href"] == f"/search/?q={quote('青稞')}"


class TestFilters:
    def test_they_are_kept_in_the_form_and_in_what_follows(self, client: Client, publish: Publish):
        channel = factories.make_channel("農牧", slug="farming")
        topic = factories.make_topic("秋收", slug="harvest")
        for number in range(LENGTH + 1):
            publish(f"青稞{number}", channel=channel, topic=topic, days=number)
        publish("青稞他處", channel=factories.make_channel("他處"))
        asked = {"channel": "farming", "topic": "harvest", "from": "2026-01-01", "to": "2026-12-31"}
        page = ask(client, "青稞", **asked)
        assert len(found(page)) == LENGTH
        assert page.one("details").get("open") is not None
        assert [option["value"] for option in page.all("option[selected]")] == ["farming", "harvest"]
        assert (page.one("[id=from]")["value"], page.one("[id=to]")["value"]) == ("2026-01-01", "2026-12-31")
        assert found(read(client, page.one(".pager .older a")["href"])) == [f"青稞{LENGTH}"]

    def test_days_are_those_of_the_site(self, client: Client, publish: Publish):
        publish("青稞早", days=4.2 / 24)  # 2026-10-31 23:48 UTC: the first of November in Shanghai
        publish("青稞晚", days=13 / 24)
        assert found(ask(client, "青稞", **{"from": "2026-11-01"})) == ["青稞早"]
        assert found(ask(client, "青稞", to="2026-10-31")) == ["青稞晚"]

    def test_what_cannot_be_meant_is_said_and_nothing_is_lost(self, client: Client, publish: Publish):
        publish("青稞", days=1)
        for asked in (
            {"channel": "nowhere"}, {"topic": "nowhere"}, {"kind": "nowhere"}, {"from": "yesterday"},
            {"to": "2026-13-01"}, {"from": "0001-01-01"}, {"after": "nowhere"}, {"from": "９９９９-12-31"},
            {"to": "9999-12-31"}, {"channel": "a" * 900},
        ):  # fmt: skip
            page = ask(client, "青稞", **asked)
            assert page.one("[id=q]")["value"] == "青稞"
            for key in {"from", "to"} & set(asked):
                assert page.one(f"[id={key}]")["value"] == asked[key]
            assert len(page.all(".search-note")) == 1, asked
            assert found(page) == ["青稞"]
        assert ask(client, "青稞", channel="\x00").none(".search-note")

    def test_days_the_wrong_way_round_are_exchanged(self, client: Client, publish: Publish):
        publish("青稞")
        page = ask(client, "青稞", **{"from": "2026-12-31", "to": "2026-01-01"})
        assert found(page) == ["青稞"]
        assert page.one("[id=from]")["value"] == "2026-01-01"
        assert page.one(".search-note").words

    def test_a_topic_that_is_not_offered_can_be_asked_for(
        self, client: Client, publish: Publish, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr(search_form, "MOST_TOPICS", 1)
        publish("青稞甲", topic=factories.make_topic("秋收", slug="harvest"))
        publish("青稞乙", topic=factories.make_topic("初雪", slug="snow"))
        page = ask(client, "青稞", topic="snow")
        assert found(page) == ["青稞乙"]
        assert page.one("select[name=topic]").one("option[selected]")["value"] == "snow"

    def test_only_topics_that_readers_have_a_story_of_are_offered(self, client: Client, publish: Publish, editor: User):
        publish("青稞", topic=factories.make_topic("公開", slug="open"))
        factories.make_article(editor, topic=factories.make_topic("密議", slug="secret"))
        page = client.get("/search/?q=青稞").content.decode()
        assert "公開" in page
        assert "密議" not in page
        assert "密議" not in client.get("/search/?q=青稞&topic=secret").content.decode()
        assert "公開" not in client.get("/en/search/?q=x").content.decode()


HOSTILE = [
    "\x00", "青\x00稞", "a" * 5000, "青" * 5000, "青稞 " * 900, '"', '"青稞', "青稞*", "NEAR(青 稞)", "tokens:青稞",
    "青稞 AND OR NOT", "^青稞", "-青稞", "(((", "'; DROP TABLE x; --", "' | '", "!青稞", "a & b", "<->", "\\", "\\'",
    "%", "_", "%s %(x)s", "‡青稞", "†", "§d1", "•青", "青‿稞", "¶", "\ufffe", "\u202e青稞", "👨‍👩‍👧", "́", "ྀ",
    "<script>alert(1)</script>", "&lt;", "𠀀", "🇨🇳", "1" * 300, "1," * 200, "་" * 300, "ཀ" * 300, "ا" * 300,
]  # fmt: skip


def test_whatever_is_typed_is_answered_by_a_page(client: Client, publish: Publish):
    publish("青稞", "<p>青稞𠀀 &amp; barley 1</p>")
    for words in HOSTILE:
        for prefix in ("", "/bo"):
            page = ask(client, words, prefix, after="ffff.1" if prefix else "")
            assert page.one("[id=q]").get("value") is not None
            assert page.none("main script")
        assert client.get(f"/search/suggest.json?{urlencode({'q': words})}").status_code == 200, words


def test_a_broken_address_is_answered_too(client: Client, publish: Publish):
    publish("青稞")
    broken = ["q=%ED%A0%80", "q=%FF%FE", "q", "q=a&q=b", "x=1&" * 900, "q=%00", "=", "&&&"]
    for address in [f"{path}?{one}" for path in ("/search/", "/search/suggest.json") for one in broken]:
        assert client.get(address).status_code == 200, address


class TestSuggestions:
    def ask(self, client: Client, words: str, prefix: str = "") -> list[dict[str, str]]:
        answer = client.get(f"{prefix}/search/suggest.json?{urlencode({'q': words})}")
        found: list[dict[str, str]] = json.loads(answer.content)["suggestions"]
        assert set(json.loads(answer.content)) == {"suggestions"}
        assert all(set(one) <= {"kind", "name", "url", "lang"} for one in found)
        return found

    def names(self, client: Client, words: str, prefix: str = "") -> list[str]:
        return [one["name"] for one in self.ask(client, words, prefix)]

    def test_names_and_headlines_that_begin_so_and_where_they_lead(self, client: Client, publish: Publish):
        person = factories.make_person("青山", slug="qingshan")
        story = publish(
            "青稞開鐮", tags=["青稞"], channel=factories.make_channel("青稞田", slug="fields"),
            topic=factories.make_topic("青稞秋收", slug="harvest"),
            credits=[(person.pk, "author"), (person.pk, "editor")],
        )  # fmt: skip
        assert [(one["name"], one["url"]) for one in self.ask(client, "青稞")] == [
            ("青稞田", "/fields/"),
            ("青稞秋收", "/topic/harvest/"),
            ("青稞", f"/tag/{quote('青稞')}/"),
            ("青稞開鐮", f"/a/{story.code}/"),
        ]
        assert "青山" in self.names(client, "青")
        assert self.names(client, "稞") == self.names(client, "") == []

    def test_either_script_and_any_of_its_names(self, client: Client, publish: Publish):
        topic = factories.make_topic("達噶雪線", name_en="Snow line", name_zh_hans="达噶雪线", slug="snow")
        publish("達噶埡口初雪", topic=topic)
        for typed in ("達噶", "达噶", "SNOW L"):
            assert "達噶雪線" in self.names(client, typed)
        assert self.names(client, "達噶", "/zh-hans") == ["达噶雪线", "达噶垭口初雪"]

    def test_a_tag_is_told_in_the_script_of_the_page_and_says_where_it_is_in_another_language(
        self, client: Client, publish: Publish
    ):
        publish("消息", tags=["農業"])
        publish("News", tags=["農業"], language="en")
        (tag,) = self.ask(client, "農業", "/zh-hans")
        assert (tag["name"], tag.get("lang")) == ("农业", None)
        (tag,) = self.ask(client, "農業", "/en")
        assert (tag["name"], tag.get("lang")) == ("農業", "zh-Hant")

    def test_tibetan(self, client: Client, publish: Publish):
        publish("སློབ་གྲྭ་གསར་པ།", language="bo")
        assert self.names(client, "སློབ་གྲྭ", "/bo") == ["སློབ་གྲྭ་གསར་པ།"]
        assert self.names(client, "སློབ་གྲྭ") == []

    def test_what_is_not_public_is_not_suggested(self, client: Client, publish: Publish, editor: User, chief: User):
        factories.make_article(editor, headline="密議青稞", topic=factories.make_topic("密議專題"), tags=["密議標籤"])
        down = publish("密議下架", tags=["密議舊聞"])
        retracted = publish("密議撤回")
        factories.withdraw(down, by=chief, second=editor, act="takedown")
        factories.withdraw(retracted, by=chief, second=editor)
        hidden = factories.make_person("密議者", has_page=False)
        publish("消息", credits=[(hidden.pk, "author"), (hidden.pk, "editor")])
        assert self.names(client, "密議") == []

    def test_a_new_name_takes_the_place_of_the_old_one(self, client: Client, publish: Publish, administrator: User):
        person = factories.make_person("扎西", slug="zhaxi")
        publish("消息", credits=[(person.pk, "author"), (person.pk, "editor")])
        assert self.names(client, "扎西") == ["扎西"]
        Person.objects.filter(pk=person.pk).update(name="尼瑪")
        assert self.names(client, "扎西") == []
        renamed(Person.objects.get(pk=person.pk))
        assert self.names(client, "尼瑪") == ["尼瑪"]

    def test_they_are_few_whatever_begins_so(self, client: Client, publish: Publish):
        publish("消息", tags=[f"青{letter}" for letter in "甲乙丙丁戊己庚辛壬癸子丑"])
        for number in range(30):
            publish(f"青稞第{number}則", days=30 - number)
        found = self.names(client, "青稞")
        assert found == [f"青稞第{number}則" for number in range(29, 19, -1)]
        assert len(self.names(client, "青")) == 10
        with CaptureQueriesContext(connection) as seen:
            self.names(client, "青稞")
        assert len(seen) <= 8

    def test_of_many_headlines_those_of_the_stories_begun_last_are_read(
        self, client: Client, publish: Publish, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr(names, "HEADLINES_READ", 3)
        for number in range(5):
            publish(f"青稞第{number}則", days=5 - number)
        assert self.names(client, "青稞") == [f"青稞第{number}則" for number in (4, 3, 2)]

    def test_keys_are_read_in_their_index_alone(self, client: Client, publish: Publish):
        publish("青稞開鐮")
        with CaptureQueriesContext(connection) as seen:
            self.names(client, "青稞")
        (keys,) = [one["sql"] for one in seen if one["sql"].startswith('SELECT "articles_suggestion"."target"')]
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET LOCAL enable_seqscan = off")  # so few rows need no index
                cursor.execute("SET LOCAL enable_bitmapscan = off")
                cursor.execute("EXPLAIN " + keys)
            else:
                cursor.execute("EXPLAIN QUERY PLAN " + keys)
            plan = "\n".join(str(row) for row in cursor.fetchall())
        alone = "Index Only Scan using" if connection.vendor == "postgresql" else "USING COVERING INDEX"
        assert f"{alone} suggestion_in_order" in plan


def test_browsers_are_told_how_to_search(client: Client, publish: Publish):
    publish()
    answer = client.get("/zh-hans/search/opensearch.xml")
    assert answer["Content-Type"].startswith("application/opensearchdescription+xml")
    assert "/zh-hans/search/?q={searchTerms}" in answer.content.decode()
    assert ask(client).one("link[rel=search]")["href"] == "/search/opensearch.xml"
    factories.make_site(name="湖邊四縣的報紙\x01每天 & 每夜的事情")
    short = ElementTree.fromstring(client.get("/search/opensearch.xml").content)[0].text
    assert short == "湖邊四縣的報紙每天 & 每夜的事"
