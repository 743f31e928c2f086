"""The public history of a story: no edition is missing, and everything that changed is told."""

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree.ElementTree import Element
from zoneinfo import ZoneInfo

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import Article, Correction, Credit, Desk, Edition, LedgerEntry, Picture, Site, User
from articles.publishing import Note, agree, propose, publish
from tests import factories
from tests.factories import change, correct, make_article, publish_again, publish_article, withdraw
from tests.harness.once import on_one_database
from tests.site.reading import Part, parse, read

CLAUSE = "上朗縣今年有五萬一千人參加收割。"  # sixteen characters
HOSTILE = """<script>alert(1)</script>"><img src=x onerror=alert(1)> ' & {{ 7|add:7 }}"""
EDITOR, AUTHOR = Credit.Role.EDITOR.value, Credit.Role.AUTHOR.value


@pytest.fixture(autouse=True)
def _named(site: Site) -> None:
    """Every page here has a name."""


def address(article: Article) -> str:
    article.refresh_from_db()
    prefix = {"en": "/en", "bo": "/bo"}.get(article.language, "")
    return f"{prefix}/a/{article.code}/history/"


def entry(page: Part, number: int) -> Part:
    return page.one(f"li[id=edition-{number}]")


def changed(entry: Part) -> set[str]:
    """The parts of the story that an edition says it changed."""
    return {one["class"].split()[1].removeprefix("difference-") for one in entry.all(".difference")}


def words(element: Element, *, without: str) -> str:
    """What a marked text says without its old (`del`) or new (`ins`) words, and without the labels of marks."""
    css = element.get("class", "").split()
    if element.tag == without or {"mark-label", "mark-address"} & {*css}:
        return ""
    inner = "".join(words(child, without=without) + (child.tail or "") for child in element)
    return (element.text or "") + inner


def marks(part: Part, tag: str) -> list[str]:
    wanted = {"ins": "now", "del": "was"}[tag]
    return [words(one.element, without="") for one in part.all(f"{tag}.{wanted}")]


@on_one_database
class TestEditions:
    @pytest.fixture
    def page(self, client: Client, published: Article, editor: User, chief: User) -> Part:
        publish_again(published, by=editor, headline="青稞開鐮了")
        correct(published, by=editor)
        publish_again(published, by=editor, kind="update", note="補充數字。", kicker="上朗縣")
        return read(client, address(published))

    def test_all_stand_there_newest_first_typos_included(self, page: Part):
        found = page.one("ol.editions")
        assert found.get("reversed") is not None
        assert [one["id"] for one in found.all("li.edition")] == [f"edition-{number}" for number in (4, 3, 2, 1)]
        kinds = [one["class"].split()[1] for one in found.all("li.edition")]
        assert kinds == ["edition-update", "edition-correction", "edition-typo", "edition-initial"]

    def test_each_says_its_number_time_kind_and_digest_and_leads_to_itself(
        self, page: Part, published: Article, desk: Desk
    ):
        for edition in published.editions.all():
            told = entry(page, edition.number)
            assert told["value"] == str(edition.number)
            assert told.one(".edition-head h2").links[0][1] == f"/a/{published.code}/v/{edition.number}/"
            time = told.one(".edition-facts time")
            assert datetime.fromisoformat(time["datetime"]) == edition.published_at.replace(microsecond=0)
            assert time.words.endswith(f"{edition.published_at.astimezone(ZoneInfo(desk.time_zone)):%H:%M}")
            assert told.one(".edition-kind").words
            assert told.one("code.digest").words == edition.digest
            assert edition.digest.startswith(told.one("summary code").words)

    def test_each_says_where_it_stands_in_the_ledger(self, page: Part, published: Article):
        for edition in published.editions.all():
            sealed = LedgerEntry.objects.get(kind="edition", target=edition.pk)
            told = entry(page, edition.number).one(".sealed")
            assert str(sealed.number) in told.words
            assert datetime.fromisoformat(told.one("time")["datetime"]) == sealed.at.replace(microsecond=0)

    def test_until_it_is_sealed_an_edition_is_pending(
        self, client: Client, desk: Desk, editor: User, settings: LazySettings
    ):
        settings.AFTER_COMMIT = []
        article = publish_article(editor, desk=desk, language="en", headline="Barley")
        told = entry(read(client, address(article)), 1)
        assert "pending" in told.one("summary").words
        assert told.none(".sealed time")

    def test_the_current_one_is_marked_and_the_story_is_one_step_away(self, page: Part, published: Article):
        assert [one["id"] for one in page.all("li.edition") if one.all(".edition-current")] == ["edition-4"]
        assert f"/a/{published.code}/" in [url for _, url in page.one(".history-links").links]

    def test_notices_stand_at_the_edition_that_brought_them(self, page: Part):
        notice = entry(page, 3).one("div.correction")
        assert "日期有誤" in notice.words
        assert (notice.one("del").words, notice.one("ins").words) == ("今天開鐮", "昨天開鐮")
        assert notice.one("time")["datetime"]
        assert "補充數字。" in entry(page, 4).one("div.update-note").words
        assert entry(page, 2).none(".notice")

    def test_a_corrected_correction_says_what_superseded_it(self, client: Client, published: Article, editor: User):
        correct(published, by=editor)
        correct(published, by=editor, body="<p>前天。</p>", supersedes=Correction.objects.get(), text="再更正。")
        page = read(client, address(published))
        links = [url for _, url in entry(page, 2).one(".notice").links]
        assert "#notice-3-1" in links
        assert "今天開鐮" in entry(page, 2).words  # and the old notice stays

    def test_the_page_is_not_to_be_indexed_and_names_its_machine_form(self, page: Part, published: Article):
        assert page.one("meta[name=robots]")["content"] == "noindex"
        assert page.one("link[type=application/json]")["href"] == f"/a/{published.code}/history.json"

    def test_a_story_with_one_edition_has_a_history(self, client: Client, published: Article):
        page = read(client, address(published))
        assert len(page.all("li.edition")) == 1
        assert page.none(".difference")


@on_one_database
class TestWhatBecameOfIt:
    def test_a_retraction_is_an_edition_and_says_that_the_text_went(
        self, client: Client, published: Article, chief: User, editor: User
    ):
        withdraw(published, by=chief, second=editor)
        page = read(client, address(published))
        told = entry(page, 2)
        assert "核心事實不成立。" in told.one("div.retraction").words
        assert told.one(".difference-body .told").words
        assert "比去年多兩成" not in told.words
        assert page.one("h1").words != "青稞開鐮"  # the retraction is said before the headline

    def test_while_a_story_is_down_its_history_says_that_editions_were_and_no_word_of_them(
        self, client: Client, published: Article, chief: User, editor: User
    ):
        correct(published, by=editor)
        withdraw(published, by=chief, second=editor, act="takedown", text="依法院命令。", keep_headline=False)
        response = client.get(address(published))
        assert response.status_code == 451
        assert 'rel="blocked-by"' in response["Link"]
        page = parse(response.content)
        assert len(page.all("li.edition")) == 3
        assert [one.words for one in page.all("code.digest")] == [one.digest for one in published.editions.all()]
        assert "依法院命令。" in entry(page, 3).words
        for gone in ("青稞開鐮", "日期有誤", "今天開鐮", "比去年"):
            assert gone not in response.content.decode()
        assert not [url for _, url in page.one("ol.editions").links if "/v/" in url]

    def test_after_its_return_takedown_and_return_both_stand_there(
        self, client: Client, published: Article, chief: User, editor: User
    ):
        withdraw(published, by=chief, second=editor, act="takedown", ground="safety")
        withdraw(published, by=chief, second=editor, act="restoration", text="命令已撤銷。")
        page = read(client, address(published))
        assert entry(page, 2).one("div.takedown")
        assert "命令已撤銷。" in entry(page, 3).one("div.editors-note").words
        assert "body" in changed(entry(page, 2))
        assert "body" in changed(entry(page, 3))

    def test_what_was_erased_says_so_and_nothing_else(
        self, client: Client, published: Article, chief: User, editor: User
    ):
        publish_again(published, by=editor, headline="某某的病歷")
        correct(published, by=chief, text="某某的名字", was="某某", now="病人")
        publish_again(published, by=editor, headline="病人")
        notice = Correction.objects.get()
        erase = {"editions": [2, 3], "notices": [notice.pk]}
        agree(propose(published, act="erasure", by=chief, text="依法刪除。", reason="法", erase=erase), by=editor)
        response = client.get(address(published))
        page = parse(response.content)
        assert "某某" not in response.content.decode()
        for number in (2, 3):
            told = entry(page, number)
            assert "依法刪除。" in told.one("div.erased").words
            assert told.one("div.erased time")["datetime"]
            assert told.one("code.digest").words
            assert told.none(".difference")
        assert entry(page, 3).one("div.correction p.erased")
        assert entry(page, 4).one(".remark").words  # its diff would have to repeat what went
        assert entry(page, 4).none(".difference")


@on_one_database
class TestDifferences:
    def test_one_character_in_a_clause_of_sixteen_marks_exactly_one(self, client: Client, desk: Desk, editor: User):
        article = publish_article(editor, desk=desk, body=f"<p>{CLAUSE}</p>")
        publish_again(article, by=editor, body=f"<p>{CLAUSE.replace('一', '七')}</p>")
        body = entry(read(client, address(article)), 2).one(".difference-body .changed")
        assert (marks(body, "del"), marks(body, "ins")) == (["一"], ["七"])
        assert words(body.element, without="del").strip() == CLAUSE.replace("一", "七")
        assert words(body.element, without="ins").strip() == CLAUSE

    def test_marks_are_told_in_words_not_by_colour_alone(self, client: Client, desk: Desk, editor: User):
        article = publish_article(editor, desk=desk, language="en", headline="Barley harvest begins")
        publish_again(article, by=editor, headline="Barley harvest has begun")
        row = entry(read(client, address(article)), 2).one(".difference-headline")
        assert row.one("del.was .mark-label").words == "removed"
        assert row.one("ins.now .mark-label").words == "added"
        assert row.one(".difference-label").words == "Headline"

    @pytest.mark.parametrize(
        ("language", "old", "new", "was", "now"),
        [
            ("en", "It began on Monday.", "It began on Tuesday.", ["Monday"], ["Tuesday"]),
            ("bo", "ནས་བསྡུ་འགོ་བརྩམས་སོང་།", "ནས་བསྡུ་འགོ་ཚུགས་སོང་།", ["བརྩམས་"], ["ཚུགས་"]),
        ],
    )
    def test_other_languages_are_told_by_words_and_syllables(
        self,
        language: str,
        old: str,
        new: str,
        was: list[str],
        now: list[str],
        client: Client,
        desk: Desk,
        editor: User,
    ):
        article = publish_article(editor, desk=desk, language=language, headline="h", body=f"<p>{old}</p>")
        publish_again(article, by=editor, body=f"<p>{new}</p>")
        body = entry(read(client, address(article)), 2).one(".difference-body .changed")
        assert body["lang"] == language
        assert (marks(body, "del"), marks(body, "ins")) == (was, now)

    def test_a_change_of_a_link_alone_is_told_with_both_addresses(self, client: Client, desk: Desk, editor: User):
        text = '<p>見<a href="https://a.example/{}">公報</a>。</p>'
        article = publish_article(editor, desk=desk, body=text.format("old"))
        publish_again(article, by=editor, body=text.format("new"))
        body = entry(read(client, address(article)), 2).one(".difference-body")
        assert [one.words for one in body.all("del .mark-address")] == ["(https://a.example/old)"]
        assert [one.words for one in body.all("ins .mark-address")] == ["(https://a.example/new)"]

    def test_another_person_of_the_same_name_is_told(self, client: Client, desk: Desk, editor: User):
        one, other = (factories.make_person("達珍") for _ in range(2))
        article = publish_article(editor, desk=desk, credits=[(one.pk, EDITOR)])
        publish_again(article, by=editor, credits=[(other.pk, EDITOR)])
        row = entry(read(client, address(article)), 2).one(".difference-credits")
        assert len(row.all("del.was")) == len(row.all("ins.now")) == 1

    def test_a_changed_role_is_told(self, client: Client, desk: Desk, editor: User):
        one, other = factories.make_person("達珍"), factories.make_person("尼瑪")
        article = publish_article(editor, desk=desk, credits=[(one.pk, EDITOR), (other.pk, AUTHOR)])
        publish_again(article, by=editor, credits=[(one.pk, EDITOR), (other.pk, Credit.Role.TRANSLATOR.value)])
        row = entry(read(client, address(article)), 2).one(".difference-credits")
        assert all("尼瑪" in text for text in marks(row, "del") + marks(row, "ins"))
        assert marks(row, "del") != marks(row, "ins")

    def test_a_changed_language_is_told_and_the_history_moves_with_the_story(
        self, client: Client, published: Article, editor: User
    ):
        publish_again(published, by=editor, language="en")
        page = read(client, f"/en/a/{published.code}/history/")
        assert changed(entry(page, 2)) >= {"language"}
        assert client.get(f"/a/{published.code}/history/")["Location"] == f"/en/a/{published.code}/history/"

    def test_a_renamed_channel_is_told_when_the_story_is_issued_again(self, client: Client, desk: Desk, editor: User):
        channel = factories.make_channel("農牧")
        article = publish_article(editor, desk=desk, channel=channel)
        channel.name = "農業"
        channel.save()
        publish_again(article, by=editor)
        assert changed(entry(read(client, address(article)), 2)) == {"trail"}

    def test_a_note_without_a_change_of_words_says_that_there_was_none(
        self, client: Client, published: Article, chief: User
    ):
        article = Article.objects.get(pk=published.pk)
        publish(article, seen=article.version, by=chief, noted=[Note(kind="editors-note", text="編者按。")])
        told = entry(read(client, address(published)), 2)
        assert told.none(".difference")
        assert told.one(".remark").words


class Editing:
    """A story that is edited again and again, each time one thing, by chance."""

    def __init__(self, by: User, desk: Desk) -> None:
        self.dice = random.Random(2026)
        self.by, self.people = by, [factories.make_person(name) for name in ("達珍", "尼瑪", "殷小燕", "卓瑪")]
        self.channels = [factories.make_channel(name) for name in ("要聞", "農牧", "文化")]
        self.sources = [factories.make_source(name) for name in ("朗措日報", "縣通訊社")]
        self.topics = [factories.make_topic(name) for name in ("秋收", "冬運")]
        self.shown = [factories.make_picture(by, alt=f"圖{number}") for number in range(3)]
        self.paragraphs = [
            f"<p>第{number}段說的是{place}的青稞,今年比去年早{number}天。</p>"
            for number, place in enumerate(("河谷", "山坡", "湖邊", "城郊"), start=2)
        ]
        self.paragraphs.append('<p>全文見<a href="https://a.example/0">縣政府公報</a>。</p>')
        self.caption = "田邊的打穀場。"
        self.tags = ["青稞", "農牧", "秋收"]
        self.credits = [(person.pk, EDITOR if not place else AUTHOR) for place, person in enumerate(self.people[:3])]
        self.article = publish_article(
            by, desk=desk, headline="青稞開鐮五萬人下田", kicker="上朗縣", standfirst="今年早五天。", body=self.body,
            channel=self.channels[0], source=self.sources[0], topic=self.topics[0], tags=self.tags,
            credits=self.credits, lead_picture=self.shown[0], lead_caption="開鐮的早晨。",
        )  # fmt: skip

    @property
    def body(self) -> str:
        figure = f'<figure data-picture="{self.shown[1].pk}"><figcaption>{self.caption}</figcaption></figure>'
        return "".join([*self.paragraphs[:2], figure, *self.paragraphs[2:]])

    def other(self, text: str) -> str:
        """The text with one character put for another."""
        place = self.dice.randrange(len(text))
        letter = self.dice.choice([one for one in "天地玄黃宇宙洪荒" if one not in text])
        return text[:place] + letter + text[place + 1 :]

    def acts(self) -> Iterator[tuple[str, Callable[[], dict[str, Any]]]]:
        """What is told to have changed, and the edit."""
        yield from [("body", self.character)] * 4 + [("body", self.word)] * 2
        yield from [("body", self.order), ("body", self.link), ("body", self.body_caption), ("tags", self.other_tags)]
        yield from [("credits", self.other_credits), ("lead", self.picture), ("lead-caption", self.lead_caption)]
        yield from [("pictures-alt", self.alt), ("pictures-credit", self.photographer), ("topic", self.topic)]
        for field in ("headline", "kicker", "standfirst"):
            yield field, lambda field=field: {field: self.other(getattr(self.article, field))}
        yield "trail", lambda: {"channel": self.channels[1]}
        yield "source", lambda: {"source": self.sources[1]}

    def character(self) -> dict[str, Any]:
        place = self.dice.randrange(4)
        self.paragraphs[place] = f"<p>{self.other(self.paragraphs[place][3:-4])}</p>"
        return {"body": self.body}

    def word(self) -> dict[str, Any]:
        place = self.dice.randrange(4)
        self.paragraphs[place] = self.paragraphs[place].replace("</p>", "據說如此。</p>")
        return {"body": self.body}

    def order(self) -> dict[str, Any]:
        self.paragraphs[0], self.paragraphs[3] = self.paragraphs[3], self.paragraphs[0]
        return {"body": self.body}

    def link(self) -> dict[str, Any]:
        self.paragraphs[4] = self.paragraphs[4].replace("example/", f"example/{self.dice.randrange(1, 10)}")
        return {"body": self.body}

    def body_caption(self) -> dict[str, Any]:
        self.caption = self.other(self.caption)
        return {"body": self.body}

    def other_tags(self) -> dict[str, Any]:
        self.tags[self.dice.randrange(3)] = "氣候"
        return {"tags": self.tags}

    def other_credits(self) -> dict[str, Any]:
        self.credits[self.dice.randrange(1, 3)] = (self.people[3].pk, AUTHOR)
        return {"credits": self.credits}

    def picture(self) -> dict[str, Any]:
        return {"lead_picture": self.shown[2]}

    def lead_caption(self) -> dict[str, Any]:
        return {"lead_caption": self.other(self.article.lead_caption)}

    def alt(self) -> dict[str, Any]:
        Picture.objects.filter(pk=self.shown[1].pk).update(alt="一片打穀場")
        return {}

    def photographer(self) -> dict[str, Any]:
        Picture.objects.filter(pk=self.shown[1].pk).update(credit="卓瑪攝")
        return {}

    def topic(self) -> dict[str, Any]:
        return {"topic": self.topics[1]}


def test_twenty_random_edits_all_show_up_each_as_what_it_was(client: Client, editor: User, desk: Desk):
    editing = Editing(editor, desk)
    acts = list(editing.acts())
    editing.dice.shuffle(acts)
    expected = {}
    for field, edit in acts[:20]:
        edition = publish_again(editing.article, by=editor, **edit())
        expected[edition.number] = field
        editing.article.refresh_from_db()
    assert len(expected) == 20
    page = read(client, address(editing.article))
    assert len(page.all("li.edition")) == 21
    for number, field in expected.items():
        told = entry(page, number)
        assert changed(told) == {field}, number
        row = told.one(f".difference-{field}")
        assert row.all("ins.now") + row.all("del.was") + row.all(".figure-new"), number
    texts = {one.number: one.text.read() for one in editing.article.editions.select_related("text")}
    for number in expected:
        whole = read(client, f"/a/{editing.article.code}/v/{number}/changes/").one(".changed-text")
        for without, stood in (("del", number), ("ins", number - 1)):
            content, headline = texts[stood], whole.one("h2.headline").element
            assert words(headline, without=without) == content["headline"]
            said = "".join(words(one.element, without=without) for one in whole.one(".body").all("p"))
            plain = parse(f"<!doctype html><title>x</title>{content['body']}".encode())
            assert sorted(said) == sorted("".join(one.words for one in plain.all("p")))


def test_hostile_words_stay_words(client: Client, desk: Desk, chief: User):
    def hostile(part: str) -> dict[str, Any]:
        text = part + HOSTILE
        return {
            "headline": text, "kicker": text[:60], "standfirst": text, "lead_caption": text,
            "body": f"<p>{part}</p>{HOSTILE}<p>&lt;script&gt;alert({part})&lt;/script&gt;</p>",
            "tags": [text[:50]], "channel": factories.make_channel(text[:50]),
            "source": factories.make_source(text[:50]), "topic": factories.make_topic(text[:50], banner=text[:50]),
            "lead_picture": factories.make_picture(chief, alt=text, caption=text, credit=text),
            "credits": [(factories.make_person(text[:50]).pk, EDITOR)],
        }  # fmt: skip

    article = publish_article(chief, desk=desk, **hostile("甲"))
    article = change(article, by=chief, **hostile("乙"))
    note = Note(kind="correction", text=HOSTILE, was=HOSTILE, now=HOSTILE, reply=(HOSTILE, HOSTILE))
    publish(article, seen=article.version, by=chief, noted=[note])
    for path in ("history/", "v/1/", "v/2/", "v/2/changes/"):
        page = read(client, f"/a/{article.code}/{path}")
        assert page.one("main").none("script")
        assert page.one("main").none("img[src=x]")
        assert page.one("main").none("img[onerror]")
        assert "<script>alert(1)</script>" in page.one("main").words


class TestBounds:
    def many(self, article: Article, by: User, count: int) -> None:
        """Editions by hand: as an archive of years would hold them."""
        first = article.editions.get(number=1)
        digest, rows = first.digest, []
        for number in range(2, count + 1):
            following = f"{number:064x}"
            at = first.published_at + timedelta(minutes=number)
            rows.append(Edition(article=article, number=number, kind="typo", by=by, published_at=at,
                                digest=following, previous_digest=digest))  # fmt: skip
            digest = following
        Edition.objects.bulk_create(rows)

    def test_five_hundred_editions_stand_on_a_page_and_older_ones_a_step_away(
        self, client: Client, administrator: User, desk: Desk
    ):
        article = publish_article(administrator, desk=desk, at=datetime(2020, 1, 1, tzinfo=UTC))
        self.many(article, administrator, 502)
        page = read(client, address(article))
        assert [one["value"] for one in page.all("li.edition")] == [str(number) for number in range(502, 2, -1)]
        (older,) = [url for _, url in page.one("nav.pager").links]
        page = read(client, older)
        assert [one["value"] for one in page.all("li.edition")] == ["2", "1"]
        assert page.none("nav.pager")
        assert address(article) in [url for _, url in page.one(".history-links").links]
        data = client.get(f"/a/{article.code}/history.json").json()
        assert len(data["editions"]) == 500
        assert [one["number"] for one in client.get(data["older"]).json()["editions"]] == [2, 1]

    @pytest.mark.parametrize("asked", ["0", "-1", "x", "1", "99999999999", "٣"])
    def test_a_page_that_cannot_be_does_not_exist(self, asked: str, client: Client, published: Article):
        assert client.get(address(published), {"before": asked}).status_code == 404

    @on_one_database
    def test_the_cost_does_not_grow_with_the_number_of_editions(self, client: Client, published: Article, editor: User):
        def cost(path: str) -> int:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(f"/a/{published.code}/{path}").status_code in {200, 302}
            return len(queries)

        paths = ["history/", "history.json", "v/2/", "v/2/changes/", "timemap/", "timegate/"]
        for number in range(2):
            correct(published, by=editor, body=f"<p>第{number}天。</p>")
        few = {path: cost(path) for path in paths}
        for number in range(57):
            publish_again(published, by=editor, body=f"<p>第{number}次。</p>", tags=[f"標籤{number}"])
        assert {path: cost(path) for path in paths} == few
        assert few["history/"] <= 10
        assert few["history.json"] <= 8
        assert few["v/2/"] <= 9
        page = read(client, address(published))
        inline = [one["value"] for one in page.all("li.edition") if one.all(".difference")]
        assert inline == [str(number) for number in range(60, 40, -1)]
        assert all(one.all(".whole-link") for one in page.all("li.edition")[:-1])

    @on_one_database
    def test_of_a_very_long_story_only_the_newest_changes_are_told_in_place(
        self, client: Client, editor: User, desk: Desk
    ):
        body = "".join(f"<p>第{number}段。{'長' * 100}</p>" for number in range(500))
        article = publish_article(editor, desk=desk, body=body)
        for number in range(2, 7):
            publish_again(article, by=editor, body=body.replace(f"第{number}段", f"第{number}節"))
        page = read(client, address(article))
        inline = [one["value"] for one in page.all("li.edition") if one.all(".difference")]
        assert inline == ["6", "5", "4"]
        assert [one["value"] for one in page.all("li.edition") if one.all(".whole-link")] == ["6", "5", "4", "3", "2"]


@on_one_database
class TestAnswers:
    def test_a_draft_is_answered_as_what_does_not_exist(self, client: Client, editor: User, desk: Desk):
        draft = make_article(editor, desk=desk)
        for path in ("history/", "history.json", "v/1/", "v/1/changes/", "timegate/", "timemap/"):
            hidden, unknown = (client.get(f"/a/{code}/{path}") for code in (draft.code, "zzzzzzzzzz"))
            assert hidden.status_code == unknown.status_code == 404, path
            assert hidden.content.replace(draft.code.encode(), b"zzzzzzzzzz") == unknown.content
            assert {**hidden.headers} == {**unknown.headers}

    def test_a_known_answer_is_not_sent_again_and_none_has_a_cookie(self, client: Client, published: Article):
        for path in ("history/", "history.json", "v/1/", "timemap/"):
            first = client.get(f"/a/{published.code}/{path}")
            assert (
                client.get(f"/a/{published.code}/{path}", headers={"if-none-match": first["ETag"]}).status_code == 304
            )
            assert not first.cookies
            assert client.post(f"/a/{published.code}/{path}").status_code == 405

    @pytest.mark.parametrize("path", ["history/", "history.json", "v/1/", "timegate/", "timemap/", "history/?before=9"])
    def test_another_language_leads_to_the_one_in_which_the_story_is_written(
        self, path: str, client: Client, desk: Desk, editor: User
    ):
        article = publish_article(editor, desk=desk, language="bo", headline="ནས།")
        assert client.get(f"/en/a/{article.code}/{path}")["Location"] == f"/bo/a/{article.code}/{path}"
        assert client.get(f"/a/{article.code}/{path}")["Location"] == f"/bo/a/{article.code}/{path}"
