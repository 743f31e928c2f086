"""What readers find: the words of public editions, the best and the newest first, alike on both databases."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from articles.models import Article, Desk, GlossaryEntry, Publication, PublicEntry, PublicTokens, Suggestion, User
from articles.search.engine import engine
from articles.search.public_entry import Kind
from articles.search.question import BONUS, After, Question, Rank
from tests import factories
from tests.search.archive import Words, publish_all
from tests.search.labelled import ACROSS, ONE_CHARACTER, QUESTIONS, STORIES, TIBETAN

NOW = datetime(2026, 11, 1, 4, tzinfo=UTC)

Publish = Callable[..., Article]


@pytest.fixture
def publish(administrator: User, desk: Desk) -> Publish:
    """Publish a story that was first published some days before NOW."""

    def make(headline: str = "消息", body: str = "<p>正文。</p>", *, days: float = 0, **values: Any) -> Article:
        return factories.publish_article(
            administrator, at=NOW - timedelta(days=days), headline=headline, body=body, **values
        )

    return make


def asked(words: str, readers: str = "zh", **more: Any) -> list[str]:
    """The headlines of what is found, in order."""
    hits = engine().find(Question(words, readers, **more)).hits
    cards = {one.pk: one.read_card()["headline"] for one in Publication.objects.all()}
    return [cards[hit.publication] for hit in hits]


class TestWhatIsFound:
    def test_only_what_is_public(self, publish: Publish, administrator: User):
        article = publish("青稞開鐮")
        factories.change(article, by=administrator, headline="冰雹成災", body="<p>雪災。</p>")
        factories.make_article(administrator, headline="未發表的冰雹")
        assert asked("青稞") == ["青稞開鐮"]
        assert asked("冰雹") == asked("雪災") == []

    def test_every_part_that_readers_see(self, publish: Publish, administrator: User):
        topic = factories.make_topic("初雪專題", banner="雪線之上")
        person = factories.make_person("范志遠")
        picture = factories.make_picture(administrator)
        publish(
            "題一", "<p>正文青稞。</p>", kicker="眉題公路", standfirst="導語班車", tags=["標籤牧場"], topic=topic,
            source=factories.make_source("來源日報"), lead_picture=picture, lead_caption="圖說溫室",
            credits=[(person.pk, "author"), (factories.make_person("達珍").pk, "editor")],
        )  # fmt: skip
        for words in ("題一", "青稞", "公路", "班車", "牧場", "初雪", "雪線", "范志遠", "達珍", "日報", "溫室"):
            assert asked(words) == ["題一"], words

    @pytest.mark.parametrize("words", ["乾", "藉", "瞭", "覆", "甦", "借", "复", "苏", "乾隆", "藉口", "计划", "計畫"])
    def test_a_character_that_is_written_otherwise_within_a_word(self, publish: Publish, words: str):
        publish("乾隆藉口甦醒，瞭解答覆計畫")
        assert asked(words) == ["乾隆藉口甦醒，瞭解答覆計畫"]

    def test_stories_of_every_language_where_none_is_said(self, publish: Publish):
        publish("གནས་ཚུལ།", "<p>青稞</p>", language="bo", days=1)
        publish("青稞開鐮")
        assert asked("青稞", "") == ["青稞開鐮", "གནས་ཚུལ།"]

    def test_a_story_is_found_by_its_code(self, publish: Publish):
        article = publish("題一")
        publish("題二")
        assert asked(article.code) == ["題一"]

    def test_each_edition_takes_the_place_of_the_one_before(self, publish: Publish, administrator: User):
        article = publish("青稞開鐮", "<p>收成少。</p>")
        factories.publish_again(article, by=administrator, headline="小麥開鐮", body="<p>收成多。</p>")
        assert asked("青稞") == asked("收成少") == []
        assert asked("小麥") == asked("收成多") == ["小麥開鐮"]
        assert PublicEntry.objects.get().edition == article.editions.first()

    def test_a_retracted_story_is_found_and_one_that_was_taken_down_leaves_nothing(
        self, publish: Publish, chief: User, editor: User
    ):
        retracted, down = publish("撤回的青稞", tags=["共有"]), publish("下架的青稞", tags=["共有", "獨有"])
        factories.withdraw(retracted, by=chief, second=editor, act="retraction")
        factories.withdraw(down, by=chief, second=editor, act="takedown")
        assert asked("青稞") == asked("青稞", kind=Kind.RETRACTED) == ["撤回的青稞"]
        assert list(PublicEntry.objects.values_list("pk", flat=True)) == [retracted.pk]
        assert PublicTokens.objects.count() == 1
        kept = {bytes(key).decode() for key in Suggestion.objects.values_list("key", flat=True)}
        assert "共有" in kept
        assert not [key for key in kept if "下架" in key or "独有" in key]

    def test_what_comes_back_is_found_again(self, publish: Publish, chief: User, editor: User):
        article = publish("青稞開鐮")
        factories.withdraw(article, by=chief, second=editor, act="takedown")
        assert asked("青稞") == []
        factories.withdraw(article, by=chief, second=editor, act="restoration")
        assert asked("青稞") == ["青稞開鐮"]

    def test_readers_of_each_language_find_what_they_can_read(self, publish: Publish):
        publish("青稞 barley", language="zh-Hans")
        publish("Barley fields", language="en")
        publish("ནས barley", language="bo")
        assert asked("barley") == ["青稞 barley"]
        assert asked("barley", "en") == ["Barley fields"]
        assert asked("barley", "bo") == ["ནས barley"]

    def test_words_that_only_the_other_script_has_are_found_too(self, publish: Publish, desk: Desk):
        GlossaryEntry.objects.create(desk=desk, language="zh-Hans", right="特朗普", other_script="川普")
        publish("特朗普到访", language="zh-Hans")
        assert asked("川普") == asked("特朗普") == ["特朗普到访"]


class TestOrder:
    def test_the_newest_comes_first_among_the_alike(self, publish: Publish):
        for days, name in ((3, "舊"), (1, "新"), (2, "中")):
            publish(f"青稞{name}", days=days)
        assert asked("青稞") == ["青稞新", "青稞中", "青稞舊"]

    def test_a_headline_weighs_more_than_what_stands_above_and_that_more_than_the_text(self, publish: Publish):
        publish("甲", "<p>青稞在文中。</p>", days=0)
        publish("乙", standfirst="青稞在導語", days=100)
        publish("丙青稞", days=400)
        publish("丁", tags=["青稞"], days=101)
        assert asked("青稞") == ["丙青稞", "乙", "丁", "甲"]

    def test_what_is_much_newer_comes_first_all_the_same(self, publish: Publish):
        publish("甲", "<p>青稞在文中。</p>", days=0)
        publish("乙", standfirst="青稞在導語", days=184)
        publish("丙青稞", days=733)
        assert asked("青稞") == ["甲", "乙", "丙青稞"]

    def test_a_headline_counts_only_if_all_words_stand_in_it(self, publish: Publish):
        publish("青稞開鐮", "<p>收割機下田。</p>", days=0)
        publish("青稞與收割機", days=30)
        assert asked("青稞 收割機") == ["青稞與收割機", "青稞開鐮"]

    def test_stories_of_one_second_stand_in_the_order_in_which_they_came(self, publish: Publish):
        names = [f"青稞第{number}則" for number in range(40)]
        for name in names:
            publish(name)
        assert asked("青稞", limit=50) == names[::-1]
        assert len(set(PublicEntry.objects.values_list("moment", flat=True))) == 40


class TestFilters:
    def test_by_channel_with_those_below_and_by_topic(self, publish: Publish):
        roads = factories.make_channel("交通")
        buses = factories.make_channel("班車", parent=roads)
        topic = factories.make_topic("初雪")
        publish("青稞一", channel=factories.make_channel("農牧"), topic=topic)
        publish("青稞二", channel=roads, days=1)
        publish("青稞三", channel=buses, days=2, topic=topic)
        assert asked("青稞", channel=roads.pk) == ["青稞二", "青稞三"]
        assert asked("青稞", channel=buses.pk, topic=topic.pk) == ["青稞三"]
        assert asked("青稞", topic=topic.pk) == ["青稞一", "青稞三"]
        assert asked("青稞", topic=topic.pk + 999) == []

    def test_by_days(self, publish: Publish):
        for days in range(5):
            publish(f"青稞{days}", days=days)
        since, until = NOW - timedelta(days=3), NOW - timedelta(days=1)
        assert asked("青稞", since=since, until=until) == ["青稞2", "青稞3"]
        assert asked("青稞", since=until) == ["青稞0", "青稞1"]
        assert asked("青稞", until=since) == ["青稞4"]
        assert asked("青稞", since=until, until=since) == []

    def test_by_kind(self, publish: Publish, administrator: User, chief: User, editor: User):
        publish("青稞有圖", lead_picture=factories.make_picture(administrator))
        corrected, retracted = publish("青稞更正", days=1), publish("青稞撤回", days=2)
        publish("青稞平常", days=3)
        factories.correct(corrected, by=editor, body="<p>昨天開鐮。</p>")
        factories.withdraw(retracted, by=chief, second=editor)
        assert asked("青稞", kind=Kind.PICTURES) == ["青稞有圖"]
        assert asked("青稞", kind=Kind.CORRECTED) == ["青稞更正"]
        assert asked("青稞", kind=Kind.RETRACTED) == ["青稞撤回"]


class TestPages:
    def test_every_story_stands_on_one_page_whatever_its_rank(self, publish: Publish):
        for days in range(0, 1500, 50):
            publish(f"青稞{days}" if days % 3 == 0 else f"第{days}則", "<p>青稞。</p>",
                    standfirst="青稞" if days % 100 == 0 else "", days=days)  # fmt: skip
        whole = asked("青稞", limit=100)
        assert len(whole) == 30
        read: list[str] = []
        after: After | None = None
        for _ in range(10):
            found = engine().find(Question("青稞", "zh", limit=4, after=after))
            read += [Publication.objects.get(pk=hit.publication).read_card()["headline"] for hit in found.hits]
            if not (after := found.after):
                break
            after = After.read(after.written())
        assert read == whole

    def test_equal_weights_are_told_apart(self, publish: Publish):
        publish("青稞", days=730)
        publish("甲", "<p>青稞。</p>", days=0)
        first = engine().find(Question("青稞", "zh", limit=1))
        (second,) = engine().find(Question("青稞", "zh", limit=1, after=first.after)).hits
        assert first.hits[0].after.score == second.after.score
        assert (first.hits[0].rank, second.rank) == (Rank.HEADLINE, Rank.TEXT)
        assert BONUS[Rank.HEADLINE] > BONUS[Rank.ABOVE] > BONUS[Rank.TEXT]

    def test_the_last_page_says_so(self, publish: Publish):
        publish("青稞")
        assert engine().find(Question("青稞", "zh", limit=1)).after is None

    @pytest.mark.parametrize("text", ["", "x", "1", "1.", ".1", "1.3", "1.00", "-1.0", " 1.0", "1.0 ", "g.0", "1.０",
                                      "f" * 16 + ".0", "f" * 99 + ".0", "\x00.0", "1.0.0"])  # fmt: skip
    def test_what_we_have_not_written_is_no_place(self, text: str):
        assert After.read(text) is None


class TestLooser:
    def test_some_of_the_words(self, publish: Publish):
        publish("青稞開鐮")
        publish("公路通車", days=1)
        question = Question("青稞 公路", "zh")
        assert engine().find(question).hits == []
        assert question.can_be_looser
        assert asked("青稞 公路", loose=True) == ["青稞開鐮", "公路通車"]

    def test_two_words_typed_as_one(self, publish: Publish):
        publish("雪山腳下修公路")
        publish("公路通車", days=1)
        assert asked("雪山公路") == []
        assert asked("雪山公路", loose=True) == ["雪山腳下修公路"]

    @pytest.mark.parametrize("words", ["青稞", "青", "stone", "上朗縣", "5G"])
    def test_one_word_is_not_parted(self, words: str):
        assert not Question(words, "zh").can_be_looser


@pytest.fixture
def labelled(publish: Publish) -> dict[int, tuple[str, str]]:
    """The stories judged by reading: short name and language, by key."""
    return {
        publish(headline, body, language=language, days=days, tags=[]).pk: (name, language.split("-")[0])
        for days, (name, (language, headline, body)) in enumerate(STORIES.items())
    }


def test_questions_judged_by_reading_are_answered(labelled: dict[int, tuple[str, str]]):
    recall = precision = wanted_all = found_all = 0
    for words, wanted in QUESTIONS + ONE_CHARACTER + TIBETAN + ACROSS:
        found = {labelled[hit.publication][0] for readers in ("zh", "en", "bo")
                 for hit in engine().find(Question(words, readers, limit=100)).hits}  # fmt: skip
        recall += len(found & wanted)
        precision += len(found & wanted)
        wanted_all += len(wanted)
        found_all += len(found)
        if (words, wanted) in ONE_CHARACTER + TIBETAN:
            assert found == wanted, words
    assert recall / wanted_all >= 0.99
    assert precision / found_all >= 0.95


@pytest.mark.parametrize("words", ["青稞", "青", "青稞酒", "青稞 青稞酒"])
def test_stories_of_many_years_are_found_in_order_page_by_page(
    words: str, administrator: User, desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    """PostgreSQL seeks in the newest months first: what is found must not depend on where a month ends."""
    monkeypatch.setattr("articles.search.moments.A_SPELL", 16 * 3600 * 7)
    said = [
        Words("zh-Hant", "青稞酒" if number % 7 == 0 else "消息", f"<p>青稞酒第{number}則。</p>")
        for number in range(150)
    ]
    keys = publish_all(said, by=administrator, desk=desk)
    found: list[int] = []
    after: After | None = None
    for _ in range(40):
        page = engine().find(Question(words, "zh", limit=7, after=after))
        found += [hit.publication for hit in page.hits]
        if not (after := page.after):
            break
    heads = [key for number, key in enumerate(keys) if number % 7 == 0]
    assert found == heads + [key for key in keys if key not in heads]
    since, until = NOW - timedelta(hours=100), NOW - timedelta(hours=20)
    between = engine().find(Question(words, "zh", limit=200, since=since, until=until)).hits
    assert {hit.publication for hit in between} == set(keys[21:101])
