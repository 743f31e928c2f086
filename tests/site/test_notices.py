"""Notices on the page of a story, the marks of what was corrected in its text, and the story that was retracted."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext

from articles.language import markup, passages
from articles.models import Article, Correction, Desk, Publication, Site, User
from articles.publishing import Note, agree, propose, publish
from articles.site import notices
from articles.site.marks import mark_changes
from articles.site.notices import marked, notices_of, text_rows, texts_of
from tests import factories
from tests.factories import change, correct, publish_again, publish_article, withdraw
from tests.harness.once import on_one_database
from tests.site.reading import Part, headlines, parse, read

HOSTILE = [
    "</span></p><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<!--change-2-1-->",
    "<!--2-1-->",
    "\"'><svg onload=alert(1)>",
    "{{ 7|add:7 }}{% now %}",
    "&lt;b&gt; &amp; %s {} {0}",
    "</del></ins></a></article>",
]
REST = "<h2>收成</h2><p>比去年多兩成。</p>"


@pytest.fixture(autouse=True)
def _named(site: Site) -> None:
    """A site with a name."""


@pytest.fixture
def published(editor: User, desk: Desk) -> Article:
    """A story with one edition, which says the wrong day."""
    return publish_article(editor, body=f"<p>上朗縣的青稞今天開鐮了。</p>{REST}")


def page_of(client: Client, article: Article) -> Part:
    return read(client, f"/a/{article.code}/")


def amend(article: Article, by: User, body: str, **note: object) -> None:
    """Publish a change of the first paragraph with one notice; a correction, if nothing else is said."""
    body = f"{body}{REST}" if body.startswith("<p>上") else body
    words = {"kind": "correction", "text": "日期有誤。", "was": "今天", "now": "昨天", "passage": "今天"}
    article = change(article, by=by, body=body)
    publish(article, seen=article.version, by=by, noted=[Note(**words | note)])


def visible(part: Part) -> str:
    """The words of a text as a reader sees it, with every mark closed."""

    def words(element) -> str:
        inner = "".join([element.text or "", *(words(below) + (below.tail or "") for below in element)])
        return "" if "corrected-change" in element.get("class", "").split() else inner

    return "".join(words(part.element).split())


@on_one_database
class TestWhatANoticeSays:
    def test_label_time_edition_what_was_wrong_and_what_is_right(
        self, client: Client, published: Article, editor: User
    ):
        edition = correct(published, by=editor)
        notice = page_of(client, published).one("article .correction")
        assert notice.one("strong").words
        assert datetime.fromisoformat(notice.one("time")["datetime"]) == edition.published_at.replace(microsecond=0)
        assert notice.one("a.notice-number")["href"] == f"/a/{published.code}/v/2/"
        assert "日期有誤，謹此更正。" in notice.words
        assert (notice.one("dl del").words, notice.one("dl ins").words) == ("今天開鐮", "昨天開鐮")
        assert notice["id"] == "notice-2-1"

    @pytest.mark.parametrize(
        ("kind", "css"),
        [("update", "update-note"), ("clarification", "clarification"), ("editors-note", "editors-note")],
    )
    def test_each_kind_has_the_class_that_outsiders_know(
        self, kind: str, css: str, client: Client, published: Article, chief: User
    ):
        publish_again(published, by=chief, kind=kind, note="說明。", headline="青稞開鐮了")
        notice = page_of(client, published).one(f"article .{css}")
        assert ("說明。" in notice.words, notice.one("time")["datetime"] != "") == (True, True)
        assert notice.none("dl")

    def test_a_serious_one_stands_above_the_picture_and_the_rest_below_the_text(
        self, client: Client, editor: User, desk: Desk
    ):
        article = publish_article(
            editor, body=f"<p>上朗縣的青稞今天開鐮了。</p>{REST}", lead_picture=factories.make_picture(editor)
        )
        amend(article, editor, "<p>上朗縣的青稞昨天開鐮了。</p>", weight="serious")
        amend(article, editor, "<p>上朗縣的青稞前天開鐮了。</p>", text="又錯了。", passage="昨天")
        page = page_of(client, article)
        parts = {"notice correction", "lead", "body"}
        order = [below.get("class") for below in page.one("article").element.iter() if below.get("class") in parts]
        assert order == ["notice correction", "lead", "body", "notice correction"]
        assert page.all(".notice")[0]["id"] == "notice-2-1"

    def test_the_field_is_named_where_it_is_not_the_text(self, client: Client, published: Article, editor: User):
        amend(published, editor, "<p>別的。</p>", field="headline", passage="")
        notice = page_of(client, published).one(".correction")
        with translation.override("zh-hant"):
            assert notice.one(".notice-field").words == str(Correction.Field.HEADLINE.label)

    def test_it_leads_to_the_history_and_to_all_corrections(self, client: Client, published: Article, editor: User):
        correct(published, by=editor)
        targets = [target for _, target in page_of(client, published).one(".correction .notice-links").links]
        assert targets == [f"/a/{published.code}/history/", "/corrections/"]

    def test_a_reply_stands_beside_the_story_with_the_name_of_who_replies(
        self, client: Client, published: Article, chief: User
    ):
        note = Note(kind="editors-note", text="當事人答辯如下。", reply=("扎西", "我沒有說過。\n\n我說的是別的。"))
        publish(published, seen=published.version, by=chief, noted=[note])
        page = page_of(client, published)
        reply = page.one(".editors-note .reply")
        assert [part.words for part in reply.all("blockquote p")] == ["我沒有說過。", "我說的是別的。"]
        assert reply.one(".reply-name").words == "扎西"
        assert reply.one("strong").words

    def test_one_that_was_superseded_leads_to_the_one_that_stands(
        self, client: Client, published: Article, editor: User
    ):
        amend(published, editor, "<p>上朗縣的青稞昨天開鐮了。</p>")
        first = Correction.objects.get()
        amend(published, editor, "<p>上朗縣的青稞前天開鐮了。</p>", was="昨天", now="前天", passage="昨天",
              supersedes=first)  # fmt: skip
        page = page_of(client, published)
        second, first_notice = page.all(".notice")
        assert first_notice.one(".notice-superseded a")["href"] == "#notice-3-1"
        assert second.none(".notice-superseded")
        assert [mark["href"] for mark in page.all("a.corrected-mark")] == ["#change-3-1"]

    def test_one_whose_words_were_erased_says_so_and_when(
        self, client: Client, published: Article, editor: User, chief: User
    ):
        amend(published, editor, "<p>上朗縣的青稞昨天開鐮了。</p>", text="機密的更正。")
        terms = {"editions": [1], "notices": [Correction.objects.get().pk]}
        agree(propose(published, act="erasure", by=chief, text="依法院命令。", reason="判決", erase=terms), by=editor)
        page = page_of(client, published)
        notice = page.one(".correction")
        assert notice.one(".erased time")["datetime"]
        assert "依法院命令。" in notice.one(".erased").words
        assert "機密的更正" not in page.words
        assert page.none("a.corrected-mark")
        assert notice.one("a.notice-number")

    @pytest.mark.parametrize("words", HOSTILE)
    def test_no_word_of_a_notice_is_markup(self, words: str, client: Client, published: Article, chief: User):
        article = change(published, by=chief, body=f"<p>上朗縣的青稞昨天開鐮了。</p>{REST}")
        noted = [
            Note(kind="correction", text=words, was=words, now=words, passage="今天"),
            Note(kind="editors-note", text=words, reply=(words, words)),
        ]
        publish(article, seen=article.version, by=chief, noted=noted)
        response = client.get(f"/a/{article.code}/")
        page = parse(response.content)
        seen = " ".join(words.split())
        assert (page.one(".notice del").words, page.one(".notice ins").words) == (seen, seen)
        opened = page.one(".body .corrected-change")
        assert (opened.one("del").words, opened.one("ins").words) == (seen, seen)
        assert (page.one(".reply-name").words, page.one(".reply blockquote").words) == (seen, seen)
        assert page.one("article").none("script")
        assert page.one("article").none("svg")
        assert len(page.all("article")) == 1

    def test_all_notices_of_a_story_cost_one_query(
        self, client: Client, published: Article, editor: User, django_assert_max_num_queries
    ):
        for day in ("昨天", "前天", "明天"):
            amend(published, editor, f"<p>上朗縣的青稞{day}開鐮了。</p>", passage="")
        with django_assert_max_num_queries(6):
            client.get(f"/a/{published.code}/")


@on_one_database
class TestTheMarkInTheText:
    def test_opens_old_and_new_in_place_and_leads_to_its_notice_and_back(
        self, client: Client, published: Article, editor: User
    ):
        amend(published, editor, "<p>上朗縣的青稞昨天開鐮了。</p>")
        page = page_of(client, published)
        mark, opened = page.one(".body p a.corrected-mark"), page.one(".body p .corrected-change")
        assert (mark["href"], opened["id"], opened["lang"]) == ("#change-2-1", "change-2-1", "zh-Hant")
        assert mark["aria-label"]
        assert (opened.one("del").words, opened.one("ins").words) == ("今天", "昨天")
        assert [target for _, target in opened.links] == ["#notice-2-1", f"#{mark['id']}"]
        assert page.one(".notice[id=notice-2-1] a.notice-field")["href"] == "#change-2-1"
        assert page.one(".body span.corrected").words == "昨天"

    def test_closed_the_text_reads_as_it_was_published(self, client: Client, published: Article, editor: User):
        amend(published, editor, "<p>上朗縣的青稞昨天開鐮了。</p>")
        assert visible(page_of(client, published).one(".body")) == "上朗縣的青稞昨天開鐮了。收成比去年多兩成。"

    def test_survives_a_later_slip_of_the_pen_in_the_same_paragraph(
        self, client: Client, published: Article, editor: User
    ):
        amend(published, editor, "<p>上朗縣的青稞昨天開鐮了。</p>")
        publish_again(published, by=editor, body=f"<p>在上朗縣裏的青稞昨天開鐮了。</p>{REST}")
        page = page_of(client, published)
        assert page.one(".body span.corrected").words == "昨天"
        assert page.one(".body a.corrected-mark")["href"] == "#change-2-1"

    def test_where_the_passage_is_gone_there_is_none_and_the_notice_stays(
        self, client: Client, published: Article, editor: User
    ):
        amend(published, editor, "<p>上朗縣的青稞昨天開鐮了。</p>")
        publish_again(published, by=editor, kind="update", note="全文重寫。", body="<p>全新的一篇文章,從頭寫起。</p>")
        page = page_of(client, published)
        assert page.none("a.corrected-mark")
        assert page.one(".correction").none("a.notice-field")
        assert page.one(".correction del").words == "今天"

    def test_several_stand_in_one_paragraph_each_behind_its_own_words(
        self, client: Client, published: Article, editor: User
    ):
        line = "<p>{}的青稞,據當地的農民對本報說,{}就已經開鐮了,村裏的人都到田裏去了,一共有{}人下地。</p>"
        published = publish_article(editor, body=line.format("上朗縣", "今天", "三百"))
        article = change(published, by=editor, body=line.format("下朗縣", "昨天", "五百"))
        noted = [
            Note(kind="correction", was=was, now=now, passage=was)
            for was, now in (("今天", "昨天"), ("三百", "五百"), ("上朗縣", "下朗縣"))
        ]
        publish(article, seen=article.version, by=editor, noted=noted)
        body = page_of(client, article).one(".body")
        assert [part.words for part in body.all("span.corrected")] == ["下朗縣", "昨天", "五百"]
        assert [part["href"] for part in body.all("a.corrected-mark")] == ["#change-2-3", "#change-2-1", "#change-2-2"]
        assert visible(body) == markup.text_of(line.format("下朗縣", "昨天", "五百"))

    def test_an_update_has_none_and_feeds_carry_none(self, client: Client, published: Article, editor: User):
        amend(published, editor, "<p>上朗縣的青稞昨天開鐮了。</p>", kind="update", was="", now="")
        assert page_of(client, published).none("a.corrected-mark")
        amend(published, editor, "<p>上朗縣的青稞前天開鐮了。</p>", passage="昨天")
        assert page_of(client, published).one("a.corrected-mark")
        assert "corrected-mark" not in client.get("/feed.rss").content.decode()

    def test_a_clarification_without_old_and_new_shows_the_passage_as_it_stood(
        self, client: Client, published: Article, chief: User
    ):
        amend(published, chief, "<p>上朗縣的青稞昨天上午開鐮了。</p>", kind="clarification", text="說清楚。", was="",
              now="", passage="今天開鐮")  # fmt: skip
        opened = page_of(client, published).one(".body .corrected-change")
        assert opened.one("del").words == "今天開鐮"
        assert "昨天上午" in opened.one("ins").words

    PLACES = [
        "<p>一二<strong>{}</strong>三四。</p>",
        '<p>一二<a href="https://x.example/">看{}吧</a>三四。</p>',
        '<p>一<a href="https://x.example/"><strong>二{}</strong></a>三四。</p>',
        "<p>面積<sup>二{}</sup>三四。</p>",
        "<h2>一二{}三四</h2><p>五。</p>",
        "<ul><li>一二{}</li><li>三四</li></ul>",
        "<table><tbody><tr><td>一二{}</td><td>三四</td></tr></tbody></table>",
        "<blockquote><p>一二{}三四。</p></blockquote>",
        "<blockquote>一二{}三四。</blockquote>",
        '<figure data-picture="{picture}"><figcaption>一二{}三四。</figcaption></figure>',
        '<p>一二<span lang="en">yes {}</span>三四。</p>',
        "<p>一二{}<br>三四。</p>",
        "<p>一二</p><p>{}</p><p>三四。</p>",
    ]

    @pytest.mark.parametrize("place", PLACES)
    def test_is_valid_wherever_words_stand(self, place: str, client: Client, editor: User, desk: Desk):
        picture = factories.make_picture(editor).pk
        article = publish_article(editor, body=place.format("錯字", picture=picture))
        after = place.format("正字", picture=picture)
        amend(article, editor, after, was="錯字", now="正字", passage="錯字")
        body = page_of(client, article).one(".body")  # read() is strict
        assert body.one("span.corrected").words == "正字"
        assert body.one(".corrected-change del").words == "錯字"
        assert [link.element for link in body.all("a") if link.all("a")] == []
        assert body.none("sup .corrected-change")

    def test_a_passage_over_several_paragraphs_has_one_mark(self, client: Client, editor: User, desk: Desk):
        article = publish_article(editor, body="<p>今天下雪。</p><p>路不通。</p>")
        amend(article, editor, "<p>昨天下雨。</p><p>路通了。</p>", passage="今天下雪。路不通。")
        body = page_of(client, article).one(".body")
        assert len(body.all("a.corrected-mark")) == 1
        assert len(body.all("p")) == 2

    def test_words_that_were_taken_out_leave_a_mark_where_they_stood(self, client: Client, published: Article,
                                                                      editor: User):  # fmt: skip
        amend(
            published, editor, "<p>上朗縣的青稞開鐮了。</p><h2>收成</h2><p>比去年多兩成。</p>", was="今天", now="不詳"
        )
        body = page_of(client, published).one(".body")
        assert body.none("span.corrected")
        assert body.one(".corrected-change del").words == "今天"

    def test_never_loses_or_moves_a_word_of_the_body(self, published: Article, editor: User):
        """Whatever passage is marked, the text layer without what the marks brought is the same."""
        body = markup.clean("<p>一&amp;二<a href='/x'>三<em>四</em></a>五<br>六</p><ul><li>七</li><li>八</li></ul>")
        layer = passages.text_layer(body)
        amend(published, editor, "<p>上朗縣的青稞昨天開鐮了。</p>")
        content = Publication.objects.get(article=published).edition.text.read()
        (told,) = notices_of(content, texts_of([content]))
        for start in range(len(layer)):
            for end in range(start, len(layer) + 1):
                here = replace(told, passage_now=passages.select(layer, start, end))
                html, _ = mark_changes(body, [here], "zh-Hant")
                part = parse(f"<!doctype html><title>x</title><div>{html}</div>".encode())
                assert visible(part.one("div")) == "".join(layer.split())


def test_the_words_of_many_notices_are_those_of_few(published: Article, editor: User, monkeypatch: pytest.MonkeyPatch):
    """Few are asked for by a prepared query, filled up where they are no power of two; many are not."""
    for _ in range(3):
        correct(published, by=editor)
    content = Publication.objects.get(article=published).edition.text.read()
    few = text_rows([content])
    assert [row[0] for row in few] == sorted(entry["digest"] for entry in content["notices"])
    assert len(few) == 3
    monkeypatch.setattr(notices, "MANY", 2)
    assert text_rows([content]) == few


@on_one_database
class TestTheMarkBeforeAHeadline:
    @pytest.fixture
    def corrected(self, editor: User, desk: Desk) -> Article:
        channel = factories.make_channel("農牧", slug="farming")
        article = publish_article(editor, headline="青稞今天開鐮", channel=channel, tags=["青稞"])
        article = change(article, by=editor, headline="青稞昨天開鐮")
        note = Note(kind="correction", was="今天", now="昨天", field="headline")
        publish(article, seen=article.version, by=editor, noted=[note])
        return article

    def test_stands_on_the_page_its_title_and_every_list(self, client: Client, corrected: Article):
        page = page_of(client, corrected)
        mark = page.one("h1 .headline-mark").words
        assert mark
        assert page.one("h1").words == f"{mark} 青稞昨天開鐮"
        with translation.override("zh-hant"):
            assert page.one("title").words.startswith(marked(mark, "青稞昨天開鐮"))
        for path in ("/", "/farming/", "/tag/青稞/"):
            assert headlines(read(client, path))[0] == f"{mark} 青稞昨天開鐮", path

    def test_stays_at_the_next_edition(self, client: Client, corrected: Article, editor: User):
        publish_again(corrected, by=editor, headline="青稞昨日開鐮")
        assert page_of(client, corrected).one("h1 .headline-mark")

    def test_a_correction_of_the_text_alone_marks_no_headline(self, client: Client, published: Article, editor: User):
        correct(published, by=editor)
        assert page_of(client, published).none(".headline-mark")


@on_one_database
class TestTheRecord:
    def test_a_story_leads_to_its_editions_and_to_the_policy(self, client: Client, published: Article):
        targets = [target for _, target in page_of(client, published).one(".after .record").links]
        assert targets == [f"/a/{published.code}/history/", "/corrections/policy/"]

    def test_machines_are_told_where_its_versions_are(self, client: Client, published: Article, settings):
        link = client.get(f"/a/{published.code}/")["Link"]
        history = f"{settings.SITE_ADDRESS}/a/{published.code}/history/"
        assert f'<{history}>; rel="version-history"' in link
        assert 'rel="timegate"' in link
        assert 'rel="timemap"' in link


@on_one_database
class TestPreview:
    """The desk sees the notice that it is writing as readers will see it."""

    def asked(self, client: Client, article: Article, by: User, **notice: str) -> Part:
        client.force_login(by)
        response = client.post(f"/admin/articles/article/{article.pk}/preview/", notice)
        assert response.status_code == 200
        assert "no-store" in response["Cache-Control"]
        return parse(response.content)

    def test_in_its_place_and_with_its_mark(self, client: Client, published: Article, editor: User):
        change(published, by=editor, body=f"<p>上朗縣的青稞昨天開鐮了。</p>{REST}")
        page = self.asked(
            client, published, editor, kind="correction", note="日期有誤。", was="今天", now="昨天", passage="今天",
            weight="serious", field="body",
        )  # fmt: skip
        assert page.one(".correction")["id"] == "notice-2-1"
        assert page.one(".body span.corrected").words == "昨天"
        assert page.one(".body .corrected-change del").words == "今天"
        assert (Correction.objects.count(), published.editions.count()) == (0, 1)

    def test_nothing_but_the_kind_may_be_there_yet(self, client: Client, published: Article, editor: User):
        for kind in ("correction", "typo", "takedown", "retraction", "nonsense", ""):
            self.asked(client, published, editor, kind=kind)
        assert self.asked(client, published, editor).none(".notice")

    @pytest.mark.parametrize("wrong", ["1", "0", "-1", "x", "9" * 5000, ""])
    def test_absurd_values_are_left_out(self, wrong: str, client: Client, published: Article, editor: User):
        page = self.asked(client, published, editor, kind="correction", was="甲", now="乙", wrong=wrong,
                          passage="不在其中", field="nonsense", weight="nonsense", ground="nonsense")  # fmt: skip
        assert page.one(".correction del").words == "甲"
        assert page.none("a.corrected-mark")

    def test_a_retraction_stands_in_place_of_the_text(self, client: Client, published: Article, editor: User):
        page = self.asked(client, published, editor, kind="retraction", note="核心事實不成立。")
        assert "核心事實不成立。" in page.one(".retraction").words
        assert page.none(".body")

    def test_a_takedown_shows_the_stub(self, client: Client, published: Article, editor: User):
        page = self.asked(client, published, editor, kind="takedown", note="法院命令。", ground="legal")
        assert "法院命令。" in page.one(".takedown").words
        assert "上朗縣的青稞今天開鐮了" not in page.words


class TestRetraction:
    @pytest.fixture
    def channel(self, db: None):
        return factories.make_channel("農牧", slug="farming")

    @pytest.fixture
    def retracted(self, editor: User, chief: User, desk: Desk, channel) -> Article:
        article = publish_article(
            editor, headline="撤下的報道", standfirst="撤下的導語", channel=channel, tags=["青稞"],
            body=f"<p>上朗縣的青稞今天開鐮了。</p>{REST}",
            topic=factories.make_topic("秋收", slug="harvest"),
            credits=[(factories.make_person("達珍", slug="dazhen").pk, "editor")],
        )  # fmt: skip
        amend(article, editor, "<p>上朗縣的青稞昨天開鐮了。</p>")
        withdraw(article, by=chief, second=editor, act="retraction", text="核心事實不成立。")
        return article

    def test_the_notice_stands_in_place_of_the_text_which_stays_at_its_past_edition(
        self, client: Client, retracted: Article
    ):
        page = page_of(client, retracted)
        assert page.none(".body")
        assert page.none(".standfirst")
        assert "核心事實不成立。" in page.one("article .retraction").words
        assert page.one("article .retraction time")["datetime"]
        assert page.one(".retracted-text a")["href"] == f"/a/{retracted.code}/v/2/"
        assert page.one("h1 .headline-mark").words
        assert page.one("meta[name=description]")["content"] == "核心事實不成立。"
        assert "昨天開鐮了" in visible(read(client, page.one(".retracted-text a")["href"]).one(".body"))

    def test_earlier_notices_stay(self, client: Client, retracted: Article):
        assert page_of(client, retracted).one("article .correction")

    def test_where_the_last_text_was_erased_the_one_before_is_named(
        self, client: Client, retracted: Article, chief: User, editor: User
    ):
        for number, expected in ((2, f"/a/{retracted.code}/v/1/"), (1, None)):
            terms = {"editions": [number], "notices": []}
            agree(propose(retracted, act="erasure", by=chief, text="依法。", reason="判決", erase=terms), by=editor)
            links = page_of(client, retracted).all(".retracted-text a")
            assert [link["href"] for link in links] == ([expected] if expected else [])

    def test_it_is_on_no_front_and_beside_no_other_story(
        self, client: Client, retracted: Article, editor: User, channel
    ):
        other = publish_article(editor, headline="別的", channel=channel, tags=["青稞"], topic=retracted.topic)
        for path in ("/", "/farming/", f"/a/{other.code}/"):
            response = client.get(path)
            changes = parse(response.content).all("section.changes")
            shown = headlines(parse(response.content))
            marked_ones = [name for name in shown if "撤下的報道" in name]
            assert bool(marked_ones) == (path == "/"), path  # the front's own list of changes tells it
            assert len(changes) == (1 if path == "/" else 0)
        front = read(client, "/")
        for place in (".top", "section.band", "section.channel", "section.latest"):
            assert all("撤下的報道" not in part.words for part in front.all(place)), place

    def test_a_channel_whose_only_story_was_retracted_leads_on_to_its_archive(self, client: Client, retracted: Article):
        page = read(client, "/farming/")
        assert headlines(page) == []
        ((_, archive),) = page.one(".pager .older").links
        assert len(headlines(read(client, archive))) == 1

    def test_archives_and_indexes_show_it_marked(self, client: Client, retracted: Article):
        mark = page_of(client, retracted).one("h1 .headline-mark").words
        when = Publication.objects.get(article=retracted).first_published_at.astimezone(ZoneInfo("Asia/Shanghai"))
        month = f"{when:%Y/%m}"
        for path in (f"/archive/{month}/", f"/farming/archive/{month}/", f"/archive/{month}/{when:%d}/",
                     "/topic/harvest/", "/tag/青稞/", "/people/dazhen/"):  # fmt: skip
            assert headlines(read(client, path)) == [f"{mark} 撤下的報道"], path

    def test_its_page_asks_no_more_of_the_database(
        self, client: Client, retracted: Article, django_assert_max_num_queries
    ):
        with django_assert_max_num_queries(6):
            client.get(f"/a/{retracted.code}/")

    def test_brought_back_it_stands_again_with_all_its_notices(
        self, client: Client, retracted: Article, chief: User, editor: User
    ):
        retracted.refresh_from_db()
        withdraw(retracted, by=chief, second=editor, act="restoration", text="事實已查明。")
        page = page_of(client, retracted)
        assert "昨天開鐮了" in visible(page.one(".body"))
        assert [part["id"] for part in page.all(".notice")] == ["notice-4-1", "notice-3-1", "notice-2-1"]
        assert "事實已查明。" in page.one(".editors-note").words
        assert page.none("h1 .headline-mark")
        assert page.one(".body a.corrected-mark")
        assert "撤下的報道" in headlines(read(client, "/farming/"))
        with translation.override("zh-hant"):
            assert gettext("Retraction") in page.words
