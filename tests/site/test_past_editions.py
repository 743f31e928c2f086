"""Past editions at their permanent addresses: exactly what readers saw, and what became of it."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from articles.models import Article, Correction, Desk, Picture, Site, User
from articles.publishing import Note, agree, propose, publish
from tests import factories
from tests.factories import change, correct, publish_again, publish_article, withdraw
from tests.harness.once import on_one_database
from tests.site.reading import Part, parse, read

pytestmark = on_one_database


@pytest.fixture(autouse=True)
def _named(site: Site) -> None:
    """Every page here has a name."""


def version(client: Client, article: Article, number: int, status: int = 200) -> Part:
    return read(client, f"/a/{article.code}/v/{number}/", status)


@pytest.fixture
def three(published: Article, editor: User) -> Article:
    """A story of three editions: the first, a typo, a correction."""
    publish_again(published, by=editor, headline="青稞昨天開鐮")
    correct(published, by=editor, weight="serious")
    return published


class TestWhatReadersSaw:
    def test_each_edition_has_the_words_that_it_had(self, client: Client, three: Article):
        heads = [version(client, three, number).one("article h1").words for number in (1, 2, 3)]
        assert heads == ["青稞開鐮", "青稞昨天開鐮", "青稞昨天開鐮"]
        bodies = [version(client, three, number).one("article .body").words for number in (2, 3)]
        assert "比去年多兩成" in bodies[0]
        assert "比去年多兩成" not in bodies[1]

    def test_no_title_of_a_later_edition_or_of_the_draft_gets_in(self, client: Client, three: Article, editor: User):
        publish_again(three, by=editor, headline="霜降的標題", kicker="霜降", standfirst="霜降的提要。")
        change(three, by=editor, headline="草稿的標題", body="<p>草稿的正文。</p>", tags=["草稿"])
        for path in ("v/1/", "v/2/", "v/2/changes/", "v/3/"):
            content = client.get(f"/a/{three.code}/{path}").content.decode()
            assert "霜降" not in content, path
            assert "草稿" not in content, path
        assert version(client, three, 1).one("title").words.count("青稞開鐮") == 1

    def test_only_the_notices_known_then_stand_on_it(self, client: Client, three: Article, editor: User):
        publish_again(three, by=editor, kind="update", note="補充數字。", body="<p>新的。</p>")
        said = [
            {one["class"] for one in version(client, three, number).all("article div.notice")} for number in range(1, 5)
        ]
        assert said == [set(), set(), {"notice correction"}, {"notice correction", "notice update-note"}]

    def test_names_pictures_and_captions_are_those_of_then(self, client: Client, editor: User, desk: Desk):
        picture = factories.make_picture(editor, alt="舊的替代文字")
        article = publish_article(editor, desk=desk, lead_picture=picture, lead_caption="舊圖說。", tags=["舊"])
        Picture.objects.filter(pk=picture.pk).update(alt="新的替代文字")
        publish_again(
            article, by=editor, lead_picture=factories.make_picture(editor), lead_caption="新圖說。", tags=["新"]
        )
        page = version(client, article, 1).one("article")
        assert page.one("figure.lead img")["alt"] == "舊的替代文字"
        assert page.one("figure.lead figcaption").words.startswith("舊圖說。")
        assert page.one(".tags dd").words == "舊"
        found = client.get(page.one("figure.lead img")["src"])
        assert found.status_code == 200
        found.close()

    def test_an_edition_that_never_was_does_not_exist(self, client: Client, three: Article):
        for path in ("v/4/", "v/4/changes/", "v/0/", "v/01/", "v/999999999/"):
            assert client.get(f"/a/{three.code}/{path}").status_code == 404

    @pytest.mark.parametrize(("language", "headline"), [("en", "Barley"), ("bo", "ནས་བསྡུ་བ།")])
    def test_a_story_in_another_language_keeps_its_past_there(
        self, language: str, headline: str, client: Client, editor: User, desk: Desk
    ):
        article = publish_article(editor, desk=desk, language=language, headline=headline)
        publish_again(article, by=editor, headline=headline + "2")
        page = read(client, f"/{language}/a/{article.code}/v/1/")
        assert page.one("article")["lang"] == language
        assert page.one("article h1").words == headline


class TestBanner:
    def test_it_names_the_edition_and_leads_to_the_current_one(self, client: Client, three: Article, desk: Desk):
        edition = three.editions.get(number=2)
        banner = version(client, three, 2).one(".edition-banner")
        time = banner.one(".banner-what time")
        assert datetime.fromisoformat(time["datetime"]) == edition.published_at.replace(microsecond=0)
        assert time.words.endswith(f"{edition.published_at.astimezone(ZoneInfo(desk.time_zone)):%H:%M}")
        assert banner.one("a.to-current")["href"] == f"/a/{three.code}/"

    def test_it_leads_one_edition_back_and_one_on(self, client: Client, three: Article):
        def ways(number: int) -> tuple[list[str], list[str]]:
            banner = version(client, three, number).one(".edition-banner")
            return tuple([one["href"] for one in banner.all(f"a[rel={rel}]")] for rel in ("prev", "next"))  # type: ignore[return-value]

        first, second, third = (f"/a/{three.code}/v/{number}/" for number in (1, 2, 3))
        assert [ways(1), ways(2), ways(3)] == [([], [second]), ([first], [third]), ([second], [])]

    def test_it_says_that_the_edition_was_superseded_and_what_was_told_of_it(
        self, client: Client, editor: User, desk: Desk
    ):
        article = publish_article(editor, desk=desk, language="en", headline="Barley", body="<p>On Monday.</p>")
        correct(article, by=editor, body="<p>On Tuesday.</p>")
        banner = read(client, f"/en/a/{article.code}/v/1/").one(".edition-banner")
        assert "past edition; readers now see edition 2" in banner.words
        assert ("Correction, edition 2", f"/en/a/{article.code}/history/#edition-2") in banner.links
        banner = read(client, f"/en/a/{article.code}/v/2/").one(".edition-banner")
        assert "current edition" in banner.words

    def test_search_engines_are_led_to_the_story(self, client: Client, three: Article):
        for path in ("v/1/", "v/3/", "v/3/changes/"):
            page = read(client, f"/a/{three.code}/{path}")
            assert page.one("meta[name=robots]")["content"] == "noindex"
            assert page.one("link[rel=canonical]")["href"].endswith(f"/a/{three.code}/")
            assert page.none("script[type=application/ld+json]")


class TestRetraction:
    @pytest.fixture
    def retracted(self, three: Article, chief: User, editor: User) -> Article:
        withdraw(three, by=chief, second=editor)
        return three

    def test_every_past_edition_and_its_changes_are_marked_as_retracted(self, client: Client, retracted: Article):
        for path in ("v/1/", "v/2/", "v/3/", "v/2/changes/"):
            notice = read(client, f"/a/{retracted.code}/{path}").one(".edition-banner .retraction")
            assert "核心事實不成立。" in notice.words
            assert notice.one("time")["datetime"]
        assert "比去年多兩成" in version(client, retracted, 2).one("article .body").words

    def test_the_retraction_itself_is_the_current_edition(self, client: Client, retracted: Article):
        page = version(client, retracted, 4)
        assert page.one(".edition-banner").none(".retraction")
        assert "核心事實不成立。" in page.one("article div.retraction").words
        assert page.one("article").none(".body")

    def test_after_its_return_past_editions_are_superseded_and_no_more(
        self, client: Client, retracted: Article, chief: User, editor: User
    ):
        withdraw(retracted, by=chief, second=editor, act="restoration", text="事實已查證。")
        assert version(client, retracted, 1).none(".edition-banner .retraction")
        assert "核心事實不成立。" in version(client, retracted, 4).one("article div.retraction").words


class TestTakedown:
    @pytest.mark.parametrize(("ground", "status"), [("legal", 451), ("safety", 410)])
    def test_nothing_of_the_past_can_be_read(
        self, ground: str, status: int, client: Client, three: Article, chief: User, editor: User
    ):
        withdraw(three, by=chief, second=editor, act="takedown", ground=ground, text="依命令。", keep_headline=False)
        for path in ("v/1/", "v/2/", "v/3/", "v/4/", "v/3/changes/", "v/9/"):
            response = client.get(f"/a/{three.code}/{path}")
            assert response.status_code == status, path
            assert ('rel="blocked-by"' in response.get("Link", "")) == (status == 451)
            assert "依命令。" in response.content.decode()
            assert "青稞" not in response.content.decode()
            assert "Memento-Datetime" not in response

    def test_after_its_return_the_past_can_be_read_again(
        self, client: Client, three: Article, chief: User, editor: User
    ):
        withdraw(three, by=chief, second=editor, act="takedown", keep_headline=False)
        withdraw(three, by=chief, second=editor, act="restoration", text="命令已撤銷。")
        assert version(client, three, 1).one("article h1").words == "青稞開鐮"
        assert "核心事實不成立。" in version(client, three, 4).one("article .takedown").words


class TestErasure:
    @pytest.fixture
    def erased(self, three: Article, chief: User, editor: User) -> Article:
        publish_again(three, by=editor, headline="病人")
        erase = {"editions": [2], "notices": [Correction.objects.get().pk]}
        agree(propose(three, act="erasure", by=chief, text="依法刪除。", reason="法", erase=erase), by=editor)
        return three

    def test_an_erased_edition_is_gone_and_says_when_why_and_its_digest(self, client: Client, erased: Article):
        page = version(client, erased, 2, 410)
        edition = erased.editions.get(number=2)
        assert "依法刪除。" in page.one("main .body").words
        assert page.one("main .body time")["datetime"] == edition.article.erasures.get().at.astimezone(
            ZoneInfo("Asia/Shanghai")
        ).isoformat(timespec="seconds")
        assert page.one("code.digest").words == edition.digest
        assert "青稞昨天開鐮" not in page.words
        assert page.one(".edition-banner a[rel=prev]")["href"].endswith("/v/1/")
        assert "Memento-Datetime" not in client.get(f"/a/{erased.code}/v/2/")

    def test_so_are_its_changes_and_nothing_is_compared_with_it(self, client: Client, erased: Article):
        read(client, f"/a/{erased.code}/v/2/changes/", 410)
        page = read(client, f"/a/{erased.code}/v/3/changes/")
        assert page.one("p.remark").words
        assert page.one(".changed-text").none("ins")
        assert page.one(".changed-text").none("del")

    def test_an_erased_notice_says_so_at_the_editions_that_carried_it(self, client: Client, erased: Article):
        notice = version(client, erased, 3).one("article div.correction")
        assert notice.one("p.erased")
        assert "依法刪除。" in notice.words


class TestChanges:
    def test_the_whole_text_stands_there_with_what_changed_marked(
        self, client: Client, published: Article, editor: User
    ):
        body = "<p>上朗縣的青稞開鐮了。</p><h2>收成</h2><p>比去年多三成。</p>"
        publish_again(published, by=editor, body=body, headline="青稞開鐮了")
        page = read(client, f"/a/{published.code}/v/2/changes/")
        text = page.one(".changed-text")
        assert [one.words for one in text.all("h2")][1:] == ["收成"]
        assert "上朗縣的青稞開鐮了。" in text.words
        assert [one.words[-1] for one in text.all("del")] == ["兩"]
        assert [one.words[-1] for one in text.all("ins")] == ["了", "三"]

    def test_what_has_no_place_in_the_text_stands_beside_it(self, client: Client, published: Article, editor: User):
        publish_again(published, by=editor, tags=["青稞"])
        page = read(client, f"/a/{published.code}/v/2/changes/")
        assert page.one(".changed-facts .difference-tags ins").words.endswith("青稞")
        assert page.one(".changed-text").none("ins")

    def test_the_first_edition_changed_nothing(self, client: Client, published: Article):
        page = read(client, f"/a/{published.code}/v/1/changes/")
        assert page.one("p.remark").words
        assert page.one(".changed-text").none("ins")

    def test_a_note_alone_leaves_the_text_unmarked(self, client: Client, published: Article, chief: User):
        article = Article.objects.get(pk=published.pk)
        publish(article, seen=article.version, by=chief, noted=[Note(kind="clarification", text="說明。")])
        page = read(client, f"/a/{published.code}/v/2/changes/")
        assert page.one(".changed-text").none("ins")

    def test_tables_scroll_and_marked_figures_say_what_they_are(self, client: Client, editor: User, desk: Desk):
        picture = factories.make_picture(editor)
        article = publish_article(editor, desk=desk, body="<table><tbody><tr><td>一</td></tr></tbody></table>")
        table = "<table><tbody><tr><td>二</td></tr></tbody></table>"
        publish_again(article, by=editor, body=f'{table}<figure data-picture="{picture.pk}"></figure>')
        response = client.get(f"/a/{article.code}/v/2/changes/")
        text = parse(response.content).one(".changed-text .body")
        assert text.one("div.table table")
        assert text.one(".figure-new p.mark-label").words
        assert text.one(".figure-new img")["alt"] == "一片青稞田"
