"""The other Chinese script: the same story, its past, its lists and feeds, on pages that hold no other script."""

import json
from urllib.parse import unquote

import pytest
from django.conf import LazySettings
from django.test import Client

from articles.models import (
    Article,
    Conversion,
    ConversionText,
    ErrorReport,
    Listing,
    Page,
    Publication,
    Site,
    Topic,
    User,
    triggers,
)
from articles.publishing import Told, report_error
from articles.publishing.report_error import passage_of
from articles.publishing.save_page import save_page
from tests import factories
from tests.harness.once import on_one_database
from tests.site.reading import Part, parse, read, structured_data

pytestmark = pytest.mark.usefixtures("db", "site")
HANS, HANT = "/zh-hans", ""


def story(article: Article, prefix: str = HANS) -> str:
    return f"{prefix}/a/{article.code}/"


@pytest.fixture
def whole(editor: User) -> Article:
    return factories.publish_article(
        editor,
        body="<p>後來電腦系統恢復了。</p><p>今天開鐮，頭髮乾了。</p>",
        tags=["農業"],
        topic=factories.make_topic("鄉村振興", slug="village", standfirst="三個縣的報導。"),
        channel=factories.make_channel("農牧", slug="farming", description="田間與牧場。"),
    )


@pytest.fixture
def unconverted(whole: Article) -> Article:
    """As a story that was published before there were two scripts."""
    triggers.remove()
    ConversionText.objects.all()._raw_delete("default")
    Conversion.objects.all()._raw_delete("default")
    Publication.objects.update(converted_card="")
    triggers.install()
    return whole


@on_one_database
class TestTheStory:
    def test_stands_at_the_same_code_below_the_prefix_of_the_other_script(self, client: Client, whole: Article):
        page = read(client, story(whole))
        assert page["lang"] == "zh-Hans"
        assert page.one("article")["lang"] == "zh-Hans"
        assert page.one("article h1").words == "青稞开镰"
        assert page.one("article .body").words == "后来电脑系统恢复了。今天开镰，头发干了。"
        assert page.one("article .banner").links == [("乡村振兴", "/zh-hans/topic/village/")]
        assert page.all("article nav.trail li")[0].links == [("农牧", "/zh-hans/farming/")]

    def test_says_that_it_was_converted_and_leads_to_what_was_written(self, client: Client, whole: Article):
        assert read(client, story(whole)).one("article .converted").links == [("繁體中文", story(whole, HANT))]
        assert read(client, story(whole, HANT)).none("article .converted")

    def test_each_page_is_canonical_to_itself_and_names_the_others(
        self, client: Client, whole: Article, settings: LazySettings
    ):
        for prefix in (HANT, HANS):
            page = read(client, story(whole, prefix))
            assert page.one("link[rel=canonical]")["href"] == settings.SITE_ADDRESS + story(whole, prefix)
            named = [link for link in page.all("link[rel=alternate]") if link.get("hreflang")]
            assert {link["hreflang"]: link["href"] for link in named} == {
                "zh-Hant": settings.SITE_ADDRESS + story(whole, HANT),
                "zh-Hans": settings.SITE_ADDRESS + story(whole, HANS),
                "x-default": settings.SITE_ADDRESS + story(whole, HANT),
            }

    def test_machines_are_told_what_it_was_converted_from(self, client: Client, whole: Article, settings: LazySettings):
        data = structured_data(read(client, story(whole)))
        assert (data["headline"], data["inLanguage"]) == ("青稞开镰", "zh-Hans")
        assert data["translationOfWork"]["@id"] == settings.SITE_ADDRESS + story(whole, HANT)
        assert data["articleSection"] == ["农牧"]

    def test_a_story_older_than_its_conversion_leads_to_what_was_written(self, client: Client, unconverted: Article):
        answer = client.get(story(unconverted))
        assert (answer.status_code, answer["Location"]) == (302, story(unconverted, HANT))

    def test_a_later_glossary_changes_no_byte_of_it(self, client: Client, whole: Article):
        from articles.models import GlossaryEntry

        before = client.get(story(whole)).content
        GlossaryEntry.objects.create(language="zh-Hant", right="青稞", other_script="青棵")
        assert client.get(story(whole)).content == before

    def test_its_correction_is_told_and_marked_in_its_script(self, client: Client, whole: Article, editor: User):
        factories.correct(
            whole, by=editor, passage="今天開鐮", body="<p>後來電腦系統恢復了。</p><p>昨天開鐮，頭髮乾了。</p>"
        )
        page = read(client, story(whole))
        notice = page.one("article .notice")
        assert "日期有误，谨此更正。" in notice.words
        assert [words.words for words in notice.all("del") + notice.all("ins")] == ["今天开镰", "昨天开镰"]
        assert page.one("article .body .corrected").words == "昨天开镰"

    def test_a_retracted_story_says_so_in_both_scripts(self, client: Client, whole: Article, chief: User, editor: User):
        factories.withdraw(whole, by=chief, second=editor, text="核心事實不成立。")
        page = read(client, story(whole))
        assert "核心事实不成立。" in page.one("article .retraction").words
        assert page.one(".retracted-text").links[0][1] == f"{story(whole)}v/1/"

    @pytest.mark.parametrize("prefix", [HANT, HANS])
    def test_a_story_that_was_taken_down_is_gone_in_both(
        self, prefix: str, client: Client, whole: Article, chief: User, editor: User
    ):
        factories.withdraw(whole, by=chief, second=editor, act="takedown")
        for page in ("", "v/1/", "history/", "v/1/changes/"):
            answer = client.get(story(whole, prefix) + page, follow=True)
            assert answer.status_code == 451
            assert "头发" not in answer.content.decode()
            assert "頭髮" not in answer.content.decode()


@on_one_database
class TestItsPast:
    def test_every_edition_stands_in_both_scripts(self, client: Client, whole: Article, editor: User):
        factories.correct(whole, by=editor, body="<p>後來電腦系統恢復了。</p><p>昨天開鐮。</p>")
        first = read(client, f"{story(whole)}v/1/")
        assert "头发干了" in first.one("article .body").words
        changes = read(client, f"{story(whole)}v/2/changes/")
        assert "昨天" in changes.one("main").words
        history = read(client, f"{story(whole)}history/")
        assert "青稞开镰" in history.one("h1").words or "青稞开镰" in history.one("main").words
        assert "日期有误" in history.one("main").words

    def test_an_edition_older_than_its_conversion_leads_to_what_was_written(
        self, client: Client, unconverted: Article, editor: User
    ):
        factories.correct(unconverted, by=editor)
        assert client.get(f"{story(unconverted)}v/2/").status_code == 200
        answer = client.get(f"{story(unconverted)}v/1/")
        assert (answer.status_code, answer["Location"]) == (302, f"{story(unconverted, HANT)}v/1/")

    def test_the_record_for_machines_stands_at_the_story_itself_with_both_texts(self, client: Client, whole: Article):
        answer = client.get(f"{story(whole)}history.json")
        assert answer["Location"] == f"{story(whole, HANT)}history.json"
        (edition,) = json.loads(client.get(answer["Location"]).content)["editions"]
        (conversion,) = edition["conversions"]
        assert conversion["language"] == "zh-Hans"
        assert json.loads(conversion["content"])["headline"] == "青稞开镰"


class TestListsAndFeeds:
    @pytest.mark.parametrize("path", ["/", "/farming/", "/topic/village/", "/tag/農業/", "/archive/{month}/"])
    def test_tell_each_story_in_their_script_and_lead_to_it(self, path: str, client: Client, whole: Article):
        month = factories.public(whole).first_published_at.astimezone().strftime("%Y/%m")
        page = read(client, HANS + path.format(month=month))
        links = dict(page.one("main").links)
        assert links["青稞开镰"] == story(whole)
        assert "開" not in page.one("main").words

    @pytest.mark.parametrize("path", ["/tag/農業/", "/topic/village/", "/archive/{month}/", "/a/{code}/history/",
                                      "/a/{code}/v/1/", "/a/{code}/report/"])  # fmt: skip
    def test_lead_to_the_same_page_in_the_other_script(self, path: str, client: Client, whole: Article):
        month = factories.public(whole).first_published_at.astimezone().strftime("%Y/%m")
        path = path.format(month=month, code=whole.code)
        for here, there in ((HANT, HANS), (HANS, HANT)):
            (link,) = [
                link for link in read(client, here + path).all(".languages a")
                if link["lang"] == {HANS: "zh-Hans", HANT: "zh-Hant"}[there]
            ]  # fmt: skip
            assert unquote(link["href"]) == there + path
            assert client.get(link["href"]).status_code == 200

    def test_furniture_is_in_their_script(self, client: Client, whole: Article):
        page = read(client, f"{HANS}/farming/")
        assert page.one("h1").words == "农牧"
        assert "田间与牧场。" in page.one(".standfirst").words
        assert page.one(".masthead .name").words == "朗措新闻"

    def test_a_story_that_was_not_converted_stands_there_as_it_was_written(self, client: Client, unconverted: Article):
        page = read(client, f"{HANS}/farming/")
        assert dict(page.one("main").links)["青稞開鐮"] == story(unconverted, HANT)
        assert page.one(".card-words")["lang"] == "zh-Hant"

    @pytest.mark.parametrize("form", ["rss", "atom", "json"])
    def test_feeds_are_in_their_script_with_the_same_guid(self, form: str, client: Client, whole: Article):
        told = client.get(f"{HANS}/feed.{form}").content.decode()
        assert "青稞开镰" in told
        assert "头发干了" in told
        assert f"newsroom:{whole.code}" in told
        assert "頭髮" not in told

    def test_the_front_and_the_log_tell_a_correction_in_their_script(
        self, client: Client, whole: Article, editor: User
    ):
        factories.correct(whole, by=editor)
        for path in ("/", "/corrections/"):
            words = read(client, HANS + path).one("main").words
            assert "日期有误，谨此更正。" in words or "昨天开镰" in words
            assert "誤" not in words

    def test_the_sitemap_has_both_addresses(self, client: Client, whole: Article, settings: LazySettings):
        index = client.get("/sitemap.xml").content.decode()
        month = index.split("<loc>")[1].split("</loc>")[0].removeprefix(settings.SITE_ADDRESS)
        told = client.get(month).content.decode()
        for prefix in (HANT, HANS):
            assert f"<loc>{settings.SITE_ADDRESS}{story(whole, prefix)}</loc>" in told
            assert f'href="{settings.SITE_ADDRESS}{story(whole, prefix)}"' in told


class TestTranslations:
    @pytest.fixture
    def english(self, whole: Article, editor: User) -> Article:
        return factories.publish_article(editor, language="en", headline="Harvest begins", translation_of=whole)

    def menu(self, page: Part) -> dict[str, str]:
        return {link["lang"]: link["href"] for link in page.all(".languages a")}

    def test_the_menu_says_where_it_leads_to_a_front_instead(self, client: Client, whole: Article, english: Article):
        fronts = read(client, story(english, "/en")).all(".languages a.elsewhere")
        assert [(link["href"], link.words, link.get("hreflang")) for link in fronts] == [
            ("/bo/", "བོད་ཡིག (Front page)", None)
        ]
        assert fronts[0].one("span")["lang"] == "en"
        assert read(client, "/").none(".languages a.elsewhere")

    def test_the_menu_of_a_story_leads_to_it_in_every_language_that_has_it(
        self, client: Client, whole: Article, english: Article
    ):
        expected = {
            "zh-Hant": story(whole, HANT),
            "zh-Hans": story(whole, HANS),
            "en": story(english, "/en"),
            "bo": "/bo/",
        }
        assert self.menu(read(client, story(whole, HANT))) == expected
        assert self.menu(read(client, story(whole, HANS))) == expected
        assert self.menu(read(client, story(english, "/en"))) == expected

    def test_what_somebody_wrote_in_the_other_script_goes_before_what_was_converted(
        self, client: Client, whole: Article, editor: User
    ):
        written = factories.publish_article(editor, language="zh-Hans", headline="开镰了", translation_of=whole)
        assert self.menu(read(client, story(whole, HANT)))["zh-Hans"] == story(written, HANS)
        answer = client.get(story(whole, HANS))
        assert (answer.status_code, answer["Location"]) == (302, story(written, HANS))
        assert client.get(story(written, HANT))["Location"] == story(whole, HANT)

    def test_each_of_two_written_texts_is_shown_once_in_its_own_script(
        self, client: Client, whole: Article, editor: User
    ):
        (topic,), month = Topic.objects.all(), factories.public(whole).first_published_at.astimezone().strftime("%Y/%m")
        written = factories.publish_article(
            editor, language="zh-Hans", headline="开镰了", translation_of=whole, topic=topic, tags=["農業"]
        )
        lists = [
            "/",
            "/farming/",
            "/topic/village/",
            "/tag/農業/",
            f"/archive/{month}/",
            "/feed.json",
            "/search/?q=開鐮",
        ]
        for path in lists:
            for prefix, shown, hidden in ((HANT, whole, written), (HANS, written, whole)):
                told = client.get(prefix + path).content.decode()
                assert f"{prefix}/a/{shown.code}/" in told, prefix + path
                assert f"/a/{hidden.code}/" not in told, prefix + path
            assert f"/a/{written.code}/" not in client.get(path).content.decode()
        suggested = json.loads(client.get(f"{HANS}/search/suggest.json?q=开镰").content)["suggestions"]
        assert [one["url"] for one in suggested] == [story(written)]
        factories.publish_again(written, by=editor, tags=[])
        assert client.get(f"{HANS}/tag/農業/").status_code == 404
        assert json.loads(client.get(f"{HANS}/search/suggest.json?q=农业").content)["suggestions"] == []
        assert client.get(f"{story(whole)}history/")["Location"] == f"{story(whole, HANT)}history/"

    def test_its_correction_is_then_told_where_it_stands(self, client: Client, whole: Article, editor: User):
        factories.publish_article(editor, language="zh-Hans", headline="开镰了", translation_of=whole)
        factories.correct(whole, by=editor)
        change = read(client, f"{HANS}/").one(".changes li")
        assert change.links[0][1].startswith(story(whole, HANT))
        assert "日期有誤" in change.words

    @pytest.mark.parametrize("act", ["retraction", "takedown"])
    def test_what_was_withdrawn_takes_no_other_texts_place(
        self, act: str, client: Client, whole: Article, editor: User, chief: User
    ):
        written = factories.publish_article(editor, language="zh-Hans", headline="开镰了", translation_of=whole)
        factories.withdraw(written, by=chief, second=editor, act=act)
        assert read(client, story(whole)).one("article h1").words == "青稞开镰"
        assert story(whole) in client.get(f"{HANS}/").content.decode()
        told = read(client, story(written, HANT), 200 if act == "retraction" else 451)
        assert told["lang"] == "zh-Hant"
        factories.withdraw(written, by=chief, second=editor, act="restoration")
        assert client.get(story(whole))["Location"] == story(written)

    def test_a_tie_that_was_changed_gives_both_their_other_script_again(
        self, client: Client, whole: Article, editor: User
    ):
        written = factories.publish_article(editor, language="zh-Hans", headline="开镰了", translation_of=whole)
        factories.publish_again(written, by=editor, headline="开镰啦", translation_of=None)
        assert client.get(story(whole)).status_code == client.get(story(written, HANT)).status_code == 200
        assert set(Listing.objects.values_list("only_in", flat=True)) == {""}

    def test_two_in_one_script_stand_beside_each_other(self, client: Client, editor: User, site: Site):
        english = factories.publish_article(editor, language="en", headline="Harvest begins")
        two = [factories.publish_article(editor, translation_of=english) for _ in range(2)]
        for one in two:
            assert self.menu(read(client, story(one))) == self.menu(read(client, story(one, HANT)))
            assert self.menu(read(client, story(one)))["zh-Hans"] == story(one)
        assert self.menu(read(client, story(english, "/en")))["zh-Hans"] == story(two[0])

    def test_search_engines_are_told_the_same(self, client: Client, english: Article, settings: LazySettings):
        page = read(client, story(english, "/en"))
        told = {link["hreflang"] for link in page.all("link[rel=alternate]") if link.get("hreflang")}
        assert told == {"zh-Hant", "zh-Hans", "en", "x-default"}

    def test_all_that_say_the_same_name_the_same_page_for_other_readers(
        self, client: Client, editor: User, site: Site, settings: LazySettings
    ):
        def default(path: str) -> str:
            found = [link["href"] for link in read(client, path).all("link[hreflang=x-default]")]
            return found[0].removeprefix(settings.SITE_ADDRESS) if found else ""

        tibetan = factories.publish_article(editor, language="bo")
        english = factories.publish_article(editor, language="en", translation_of=tibetan)
        assert default(story(tibetan, "/bo")) == default(story(english, "/en")) == story(tibetan, "/bo")
        chinese = factories.publish_article(editor, translation_of=tibetan, language="zh-Hans")
        for path in (story(tibetan, "/bo"), story(english, "/en"), story(chinese), story(chinese, HANT)):
            assert default(path) == story(chinese, HANT)

    def test_what_only_the_desk_knows_is_named_nowhere(self, client: Client, whole: Article, editor: User):
        draft = factories.make_article(editor, language="en", translation_of=whole)
        assert draft.code not in client.get(story(whole, HANT)).content.decode()
        assert self.menu(read(client, story(whole, HANT)))["en"] == "/en/"

    def test_a_tie_becomes_public_with_an_edition(self, client: Client, whole: Article, editor: User):
        english = factories.publish_article(editor, language="en")
        factories.change(english, by=editor, translation_of=whole)
        assert self.menu(read(client, story(whole, HANT)))["en"] == "/en/"


@on_one_database
class TestReports:
    """糾錯 from a page in the other script."""

    def test_the_form_stands_there_and_names_the_story_in_its_script(self, client: Client, whole: Article):
        page = read(client, f"{story(whole)}report/")
        assert page["lang"] == "zh-Hans"
        assert "青稞开镰" in page.one("main").words
        assert any("头发干了" in option.words for option in page.all("option"))

    def test_a_passage_chosen_there_is_the_passage_of_what_was_written(self, whole: Article):
        told = Told(passage="头发干了", prefix="今天开镰，", suffix="。", wrong="没有干。")
        report_error(whole, number=1, told=told, sender="192.0.2.7", language="zh-hans")
        passage, found = passage_of(ErrorReport.objects.get())
        assert found
        assert passage
        assert (passage.exact, passage.prefix[-5:]) == ("頭髮乾了", "今天開鐮，")

    def test_also_where_a_form_of_the_desk_changed_the_length_of_its_line(self, whole: Article, editor: User):
        factories.publish_again(whole, by=editor, script_forms="電腦系統 = 计算机")
        told = Told(passage="头发干了", wrong="没有干。")
        report_error(whole, number=2, told=told, sender="192.0.2.7", language="zh-hans")
        first = passage_of(ErrorReport.objects.get())[0]
        assert first
        assert first.exact == "頭髮乾了"
        told = Told(passage="计算机", wrong="不是计算机。")
        report_error(whole, number=2, told=told, sender="192.0.2.7", language="zh-hans")
        second = passage_of(ErrorReport.objects.order_by("pk").last())[0]  # type: ignore[arg-type]
        assert second
        assert second.exact == "後來電腦系統恢復了。"


@on_one_database
class TestHongKong:
    def test_pages_say_so_and_ask_for_its_faces(self, client: Client, editor: User, settings: LazySettings):
        settings.HANT_REGION = "HK"
        article = factories.publish_article(editor, language="zh-Hans", headline="她在家里")
        page = read(client, story(article, HANT))
        assert page["lang"] == "zh-Hant-HK"
        assert page.one("article h1").words == "她在家裏"


@on_one_database
class TestPagesOfTheSite:
    def test_are_told_in_the_other_script_too(self, client: Client, administrator: User):
        about = Page.objects.get_or_create(slug="about")[0]
        body = "<p>我們在<strong>後</strong>面。</p>"
        save_page(about, seen=0, title="關於我們", body=body, language="zh-Hant", by=administrator)
        page = read(client, f"{HANS}/about/")
        assert (page.one("main h1").words, page.one("main .body").words) == ("关于我们", "我们在后面。")
        assert page.one("main .body").none("[lang]")
        assert "关于我们" in read(client, f"{HANS}/about/history/").one("main").words


@on_one_database
class TestPreview:
    def test_shows_what_the_other_script_will_say_and_how_to_get_there(
        self, client: Client, article: Article, editor: User
    ):
        client.force_login(editor)
        address = f"/admin/articles/article/{article.pk}/preview/"
        switch = parse(client.get(address).content).one(".preview-bar").links
        assert switch == [("繁體中文", "?"), ("简体中文", "?script=zh-Hans")]
        page = parse(client.get(f"{address}?script=zh-Hans").content)
        assert page.one("article h1").words == "青稞开镰"
        assert page["lang"] == "zh-Hans"

    def test_is_the_page_that_is_published_but_for_its_bar(self, client: Client, article: Article, editor: User):
        from articles.publishing import publish

        client.force_login(editor)
        address = f"/admin/articles/article/{article.pk}/preview/?script=zh-Hans"
        before = parse(client.get(address).content).one("article")
        publish(article, seen=article.version, by=editor)
        after = parse(client.get(story(article)).content).one("article")
        assert before.one(".body").words == after.one(".body").words
        assert before.one("h1").words == after.one("h1").words
