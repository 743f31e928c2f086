"""A story as its readers see it: every element of the page, and nothing that was not published."""

import json
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext, pgettext

from articles.models import Article, Channel, Credit, Desk, Edition, Person, Picture, Publication, Site, Source, User
from tests import factories
from tests.factories import change, make_article, publish_again, publish_article
from tests.harness.once import on_one_database
from tests.site.reading import Part, parse, read, structured_data

THEN = datetime(2026, 3, 5, 1, 30, tzinfo=UTC)  # 09:30 in Shanghai
EDITOR, AUTHOR = Credit.Role.EDITOR.value, Credit.Role.AUTHOR.value


def address(article: Article) -> str:
    return f"/a/{article.code}/"


@pytest.fixture
def picture(editor: User) -> Picture:
    upload = factories.image_bytes(color="#b5882f")
    return factories.make_picture(editor, upload=upload, alt="一片青稞田", caption="收割前。", credit="白瑪拉姆攝")


@pytest.fixture
def whole(administrator: User, editor: User, desk: Desk, site: Site, picture: Picture) -> Article:
    """A story that has everything a story can have."""
    upload = factories.image_bytes(color="#20304f")  # another image than the lead
    inside = factories.make_picture(editor, upload=upload, alt="打穀場", caption="打穀場上。", credit="尼瑪攝")
    farming = factories.make_channel("農牧", slug="farming")
    return publish_article(
        administrator,
        at=THEN,
        kicker="上朗縣",
        headline="青稞開鐮",
        standfirst="比去年早五天。",
        body="<p>上朗縣的青稞開鐮了。</p><h2>收成</h2><p>比去年多兩成。</p>"
        f'<figure data-picture="{inside.pk}"><figcaption>田邊的<strong>打穀場</strong>。</figcaption></figure>'
        '<p lang="en">Barley first.</p>',
        channel=factories.make_channel("青稞", slug="barley", parent=farming),
        source=factories.make_source("朗措日報", url="https://daily.example/"),
        topic=factories.make_topic("青稞秋收", slug="harvest", banner="專題:青稞秋收"),
        tags=["青稞", "སྟོན་ཐོག", "Harvest"],
        credits=[
            (factories.make_person("尼瑪", slug="nima").pk, AUTHOR),
            (factories.make_person("達珍", slug="dazhen").pk, EDITOR),
            (factories.make_person("殷小燕", slug="yinxiaoyan").pk, EDITOR),
        ],
        lead_picture=picture,
        lead_caption="開鐮的早晨。",
    )


@pytest.fixture
def page(client: Client, whole: Article) -> Part:
    return read(client, address(whole))


@on_one_database
class TestEachElement:
    def test_the_banner_of_special_coverage_leads_to_the_topic(self, page: Part):
        assert page.one("article .banner").links == [("專題:青稞秋收", "/topic/harvest/")]

    def test_the_trail_leads_down_the_channels_and_ends_at_the_text(self, page: Part):
        steps = page.all("article nav.trail li")
        assert [step.links for step in steps] == [[("農牧", "/farming/")], [("青稞", "/farming/barley/")], []]
        with translation.override("zh-hant"):
            assert steps[-1].words == pgettext("last step of the channel trail", "Text")

    def test_date_and_minute_are_those_of_the_desk_and_machines_can_read_them(self, page: Part):
        time = page.one("article .fact-time time")
        assert time.words == "2026年3月5日 09:30"
        assert time["datetime"] == "2026-03-05T09:30:00+08:00"

    def test_a_desk_in_another_zone_shows_its_own_minute(self, client: Client, administrator: User, site: Site):
        lhasa = factories.make_desk(time_zone="Asia/Kathmandu")
        article = publish_article(administrator, at=THEN, desk=lhasa)
        time = read(client, address(article)).one("article .fact-time time")
        assert (time.words, time["datetime"]) == ("2026年3月5日 07:15", "2026-03-05T07:15:00+05:45")

    def test_the_source_is_named_and_linked(self, page: Part):
        assert ("朗措日報", "https://daily.example/") in page.one("article .facts").links

    def test_a_source_without_a_link_is_only_named(self, client: Client, published: Article):
        facts = read(client, address(published)).one("article .facts")
        assert "朗措新聞" in facts.words
        assert facts.links == []

    def test_headline_kicker_and_standfirst(self, page: Part):
        head = page.one("article header.story-head")
        assert head.one("h1").words == "青稞開鐮"
        assert head.one("p.kicker").words == "上朗縣"
        assert head.one("p.standfirst").words == "比去年早五天。"
        assert page.one("title").words.startswith("青稞開鐮 ")
        assert len(page.all("h1")) == 1

    def test_what_is_not_given_leaves_no_empty_place(self, client: Client, published: Article):
        article = read(client, address(published)).one("article")
        for selector in (".banner", ".kicker", ".standfirst", ".tags", "figure", ".notice"):
            assert article.none(selector), selector

    def test_the_body_has_its_paragraphs_and_subheads(self, page: Part):
        body = page.one("article .body")
        assert [part.words for part in body.all("p")] == ["上朗縣的青稞開鐮了。", "比去年多兩成。", "Barley first."]
        assert [part.words for part in body.all("h2")] == ["收成"]

    def test_a_picture_in_the_body_says_its_size_its_words_and_who_made_it(self, page: Part):
        figure = page.one("article .body figure")
        image, webp = figure.one("picture img"), figure.one("picture source")
        assert webp["type"] == "image/webp"
        assert (image["width"], image["height"], image["alt"]) == ("700", "400", "打穀場")
        assert figure.one("figcaption strong").words == "打穀場"
        assert figure.one("figcaption .credit").words == "尼瑪攝"

    def test_the_lead_picture_says_its_size_its_words_and_who_made_it(self, page: Part):
        figure = page.one("article figure.lead")
        image = figure.one("picture img")
        assert (image["width"], image["height"], image["alt"]) == ("700", "400", "一片青稞田")
        assert figure.one("figcaption").words == "開鐮的早晨。 白瑪拉姆攝"
        assert figure.one("figcaption .credit").words == "白瑪拉姆攝"

    def test_every_address_of_a_picture_answers_with_a_picture(self, client: Client, page: Part):
        for part in (*page.all("article img"), *page.all("article source")):
            for candidate in (part.get("srcset") or "").split(", "):
                path, width = candidate.split(" ")
                response = client.get(path)
                assert response.status_code == 200, path
                assert response["Content-Type"] == ("image/webp" if part.element.tag == "source" else "image/jpeg")
                assert path.rpartition("/")[2].startswith(width.removesuffix("w"))
                response.close()
        for image in page.all("article img"):
            assert image["src"] in image["srcset"]

    def test_errors_can_be_reported(self, client: Client, page: Part, whole: Article):
        ((_, target),) = page.one(".report").links
        assert target == f"/a/{whole.code}/report/"
        form = read(client, target)
        assert whole.code in form.one("main").words
        assert ("青稞開鐮", address(whole)) in form.one("main").links

    def test_a_report_goes_to_the_desks_mail_with_the_code_in_its_subject(self, client: Client, published: Article):
        factories.make_site(contact_email="desk@langtso.example")
        mails = [url for _, url in read(client, f"{address(published)}report/").links if url.startswith("mailto:")]
        assert len(mails) == 1
        assert mails[0].startswith("mailto:desk@langtso.example?subject=")
        assert published.code in mails[0]

    def test_responsible_editors_stand_in_order_each_leading_to_their_page(self, client: Client, page: Part):
        editors = page.one("article .editors")
        assert editors.links == [("達珍", "/people/dazhen/"), ("殷小燕", "/people/yinxiaoyan/")]
        for _, path in editors.links:
            assert client.get(path).status_code == 200

    def test_the_author_is_named_apart_from_the_editors(self, page: Part):
        assert ("尼瑪", "/people/nima/") in page.one("article .facts").links
        assert "尼瑪" not in page.one("article .editors").words

    def test_the_content_code_can_be_read(self, page: Part, whole: Article):
        assert page.one("article .code").words == whole.code

    def test_each_tag_leads_to_its_stories(self, client: Client, page: Part):
        tags = page.one("article .tags").links
        assert [name for name, _ in tags] == ["青稞", "སྟོན་ཐོག", "Harvest"]
        for _, path in tags:
            assert client.get(path).status_code == 200

    def test_there_is_a_place_for_the_text_size_control_which_only_javascript_fills(self, page: Part):
        mount = page.one("article .text-size")
        assert mount["data-label"]
        assert (mount.words, mount.all("button")) == ("", [])

    def test_every_other_button_is_shown_by_scripts_alone(self, page: Part):
        assert page.all("article button") + page.all(".share button")
        for button in page.all("button"):
            assert {"by-script", "share-sheet"} & set(button["class"].split())

    def test_the_permanent_address_has_no_headline_in_it(self, page: Part, whole: Article, settings: LazySettings):
        assert page.one("link[rel=canonical]")["href"] == f"{settings.SITE_ADDRESS}/a/{whole.code}/"
        assert page.one(".permalink").links == [(f"{settings.SITE_ADDRESS}/a/{whole.code}/",) * 2]

    def test_the_feeds_of_site_and_channels_are_announced(self, client: Client, page: Part):
        feeds = [link["href"] for link in page.all("link[type=application/rss+xml]")]
        assert feeds == ["/feed.rss", "/farming/feed.rss", "/farming/barley/feed.rss"]
        assert all(client.get(path).status_code == 200 for path in feeds)

    def test_there_is_exactly_one_article(self, page: Part):
        assert len(page.all("article")) == 1


@on_one_database
class TestTheLanguageOfEveryFragment:
    def lang_of(self, page: Part, words: str) -> str | None:
        """The nearest `lang` around a piece of text, as a screen reader finds it."""
        found = []

        def walk(element, lang: str | None) -> None:
            lang = element.get("lang", lang)
            if (element.text or "").strip() == words:
                found.append(lang)
            for below in element:
                walk(below, lang)
                if (below.tail or "").strip() == words:
                    found.append(lang)

        walk(page.element, None)
        assert found, f"{words} does not stand on the page"
        assert len(set(found)) == 1, f"{words}: {found}"
        return found[0]

    def test_a_chinese_page_is_chinese_and_its_english_paragraph_english(self, page: Part):
        assert page.element.get("lang") == "zh-Hant"
        assert page.one("article")["lang"] == "zh-Hant"
        assert self.lang_of(page, "Barley first.") == "en"
        assert self.lang_of(page, "上朗縣的青稞開鐮了。") == "zh-Hant"

    def test_on_an_english_page_names_without_an_english_form_stay_chinese(
        self, client: Client, editor: User, site: Site
    ):
        channel = factories.make_channel("農牧", name_en="Farming")
        person = factories.make_person("達珍")
        article = publish_article(
            editor,
            language="en",
            headline="Barley",
            body="<p>Barley.</p>",
            channel=channel,
            source=factories.make_source("朗措日報"),
            topic=factories.make_topic("青稞秋收", banner="專題:青稞秋收"),
            credits=[(person.pk, EDITOR)],
        )
        page = read(client, f"/en{address(article)}")
        assert page.element.get("lang") == "en"
        article_part = Part(page.one("article").element)
        assert article_part["lang"] == "en"
        assert self.lang_of(page.one("article .trail"), "Farming") in {None, "en"}
        for selector, words in ((".facts", "朗措日報"), (".banner", "青稞秋收"), (".editors", "達珍")):
            assert self.lang_of(Part(article_part.one(selector).element), words) == "zh-Hant", words

    def test_a_body_pictures_words_in_another_language_say_so(self, client: Client, editor: User, site: Site):
        inside = factories.make_picture(editor, alt="一片田", credit="白瑪拉姆")
        body = f'<p>Barley.</p><figure data-picture="{inside.pk}"><figcaption>A field.</figcaption></figure>'
        page = read(client, f"/en{address(publish_article(editor, language='en', body=body))}")
        assert self.lang_of(page, "白瑪拉姆") == page.one("img[alt=一片田]").get("lang") == "zh-Hant"
        assert self.lang_of(page, "A field.") == "en"

    def test_a_lead_pictures_words_in_another_language_say_so(self, client: Client, editor: User, site: Site):
        lead = factories.make_picture(editor, alt="一片田", credit="白瑪拉姆")
        article = publish_article(editor, language="en", lead_picture=lead, lead_caption="A field.")
        page = read(client, f"/en{address(article)}")
        assert self.lang_of(page, "白瑪拉姆") == page.one("img[alt=一片田]").get("lang") == "zh-Hant"
        assert self.lang_of(page, "A field.") == "en"
        assert read(client, "/en/").one("img[alt=一片田]").get("lang") == "zh-Hant"

    def test_the_menu_of_languages_names_each_in_its_own(self, client: Client, published: Article, site: Site):
        links = read(client, address(published)).all(".languages a")
        assert [link.get("lang") or "zh-Hant" for link in links] == ["zh-Hant", "zh-Hans", "en", "bo"]
        assert all(link.get("lang") != "" for link in links)  # lang="" would mean: of no known language

    def test_a_related_story_stands_in_the_script_of_the_page(self, client: Client, editor: User, desk: Desk):
        publish_article(editor, language="zh-Hans", headline="电灯亮了", body="<p>正文。</p>")
        article = publish_article(editor)
        assert self.lang_of(read(client, address(article)), "電燈亮了") == "zh-Hant"


class TestRelatedStories:
    def related(self, client: Client, article: Article) -> list[str]:
        return [link.words for link in read(client, address(article)).all("section.related .headline a")]

    def test_stories_of_the_topic_come_first_then_those_of_a_tag_then_of_the_channel(
        self, client: Client, editor: User, desk: Desk
    ):
        topic, channel, other = factories.make_topic(), factories.make_channel(), factories.make_channel()
        publish_article(editor, headline="同專題", channel=other, topic=topic)
        publish_article(editor, headline="同標籤", channel=other, tags=["青稞"])
        publish_article(editor, headline="同頻道", channel=channel)
        publish_article(editor, headline="不相干", channel=other)
        article = publish_article(editor, channel=channel, topic=topic, tags=["青稞"])
        assert self.related(client, article) == ["同專題", "同標籤", "同頻道"]

    def test_a_story_related_twice_stands_once_and_never_the_story_itself(
        self, client: Client, editor: User, desk: Desk
    ):
        shared = {"topic": factories.make_topic(), "tags": ["青稞", "秋收"]}
        publish_article(editor, headline="另一篇", **shared)
        article = publish_article(editor, headline="這一篇", **shared)
        assert self.related(client, article) == ["另一篇"]

    def test_there_are_six_at_most_the_newest_of_those_before_it(self, client: Client, editor: User, desk: Desk):
        """What comes later would change every page of its lists."""
        for number in range(8):
            publish_article(editor, headline=f"第{number}篇")
        article = publish_article(editor)
        publish_article(editor, headline="後來的一篇")
        assert self.related(client, article) == [f"第{number}篇" for number in range(7, 1, -1)]

    def test_a_draft_is_related_to_nothing(self, client: Client, editor: User, published: Article):
        make_article(editor, headline="草稿", channel=published.channel)
        assert self.related(client, published) == []

    def test_readers_of_chinese_are_not_led_to_english(self, client: Client, editor: User, published: Article):
        publish_article(editor, language="en", headline="Barley", channel=published.channel)
        assert self.related(client, publish_article(editor, channel=published.channel)) == ["青稞開鐮"]

    def test_a_lone_story_has_no_empty_list(self, client: Client, published: Article):
        assert read(client, address(published)).none("section.related")


@on_one_database
class TestStructuredData:
    def test_says_what_the_page_says(self, page: Part, whole: Article, settings: LazySettings):
        data = structured_data(page)
        assert data["@type"] == "NewsArticle"
        assert data["headline"] == page.one("h1").words
        assert data["description"] == page.one("article .standfirst").words
        assert data["datePublished"] == page.one(".fact-time time")["datetime"]
        assert data["mainEntityOfPage"] == page.one("link[rel=canonical]")["href"]
        assert data["inLanguage"] == page.one("article")["lang"]
        assert data["identifier"] == whole.code
        assert data["version"] == 1
        assert data["articleSection"] == ["農牧", "青稞"]
        assert data["keywords"] == [name for name, _ in page.one("article .tags").links]
        assert [(one["name"], urlsplit(one["url"]).path) for one in data["editor"]] == page.one(".editors").links
        assert [one["name"] for one in data["author"]] == ["尼瑪"]
        assert data["sourceOrganization"]["name"] == "朗措日報"
        assert data["publisher"]["name"] == "朗措新聞"
        assert data["image"][0]["url"] == settings.SITE_ADDRESS + page.one("figure.lead img")["src"]
        assert data["image"][0]["creditText"] == "白瑪拉姆攝"

    def test_names_the_source_where_no_author_is_named(self, client: Client, published: Article):
        data = structured_data(read(client, address(published)))
        assert data["author"] == [{"@type": "Organization", "name": "朗措新聞"}]

    def test_says_when_the_story_changed(self, client: Client, published: Article, editor: User):
        edition = publish_again(published, by=editor, headline="青稞開鐮了")
        data = structured_data(read(client, address(published)))
        assert datetime.fromisoformat(data["dateModified"]) == edition.published_at
        assert data["version"] == 2

    HOSTILE = "</script><script>alert(1)</script><!--<script>&amp;\u2028\"'\\"

    def test_no_word_can_leave_the_script_that_holds_it(self, client: Client, editor: User, desk: Desk):
        person = factories.make_person(self.HOSTILE)
        article = publish_article(
            editor,
            headline=self.HOSTILE,
            kicker=self.HOSTILE,
            standfirst=self.HOSTILE,
            tags=["<b>青稞</b>"],
            channel=factories.make_channel(self.HOSTILE),
            source=factories.make_source(self.HOSTILE),
            topic=factories.make_topic(self.HOSTILE),
            credits=[(person.pk, EDITOR)],
            lead_picture=factories.make_picture(editor, alt=self.HOSTILE, credit=self.HOSTILE, caption=self.HOSTILE),
        )
        factories.make_site(name=self.HOSTILE[:100], tagline=self.HOSTILE)
        response = client.get(address(article))
        page = parse(response.content)

        seen = " ".join(self.HOSTILE.split())  # a headline is one line: U+2028 becomes a space
        assert page.one("h1").words == seen
        assert structured_data(page)["headline"] == seen
        assert [script.get("src") is None for script in page.all("script")].count(True) == 2  # two things, as JSON-LD
        assert b"<script>alert" not in response.content
        for script in page.all("script[type=application/ld+json]"):
            assert "\u2028" not in (script.element.text or "")

    def test_an_editor_of_words_cannot_write_html_into_the_body(self, client: Client, editor: User, desk: Desk):
        body = "<p onclick='x()'>青稞<script>alert(1)</script><img src=x onerror=x()>"
        body += "<a href='javascript:x()'>這裡</a></p>"
        page = read(client, address(publish_article(editor, body=body)))
        assert page.one(".body").words == "青稞這裡"
        assert page.one(".body").none("a[href]")
        assert page.one(".body").none("img")


@on_one_database
class TestUpdates:
    def test_an_update_is_announced_with_its_time(self, client: Client, published: Article, editor: User):
        edition = publish_again(published, by=editor, kind="update", note="補入收成。", body="<p>多兩成。</p>")
        page = read(client, address(published))
        note = page.one("article .update-note")
        assert "補入收成。" in note.words
        assert datetime.fromisoformat(note.one("time")["datetime"]) == edition.published_at.replace(microsecond=0)
        assert page.one(".body").words == "多兩成。"
        assert len(page.all(".facts time")) == 2  # published, and updated

    def test_a_typo_is_put_right_without_a_word(self, client: Client, published: Article, editor: User):
        publish_again(published, by=editor, kind="typo", note="不該出現", headline="青稞開鐮了")
        page = read(client, address(published))
        assert page.one("h1").words == "青稞開鐮了"
        assert page.none(".notice")
        assert "不該出現" not in page.words
        assert len(page.all(".facts time")) == 1

    def test_notes_stay_newest_first_and_do_not_run_into_markup(self, client: Client, published: Article, editor: User):
        publish_again(published, by=editor, kind="update", note="第一次<b>更新</b>。", headline="一")
        publish_again(published, by=editor, kind="update", note="第二次更新。", headline="二")
        publish_again(published, by=editor, kind="typo", headline="三")
        notes = read(client, address(published)).all(".update-note")
        assert len(notes) == 2
        assert "第二次更新。" in notes[0].words
        assert "第一次<b>更新</b>。" in notes[1].words

    def test_the_date_of_first_publication_stands(self, client: Client, whole: Article, administrator: User):
        publish_again(whole, by=administrator, kind="update", note="改了。", headline="改了的標題")
        assert read(client, address(whole)).one(".fact-time time")["datetime"] == "2026-03-05T09:30:00+08:00"

    def test_a_story_keeps_its_address_in_another_channel(self, client: Client, published: Article, editor: User):
        publish_again(published, by=editor, channel=factories.make_channel("天氣", slug="weather"))
        assert read(client, address(published)).one("article .trail a").words == "天氣"


@on_one_database
class TestOnlyTheNewestEditionIsPublic:
    PLACES = ["/", "/feed.rss", "/farming/", "/farming/barley/", "/farming/barley/feed.rss", "/topic/harvest/",
              "/topic/harvest/feed.rss", "/tag/青稞/", "/tag/青稞/feed.rss", "/people/dazhen/", "/archive/2026/03/",
              "/archive/2026/03/05/", "/farming/archive/2026/03/"]  # fmt: skip

    def bytes_of(self, client: Client, paths: list[str]) -> dict[str, bytes]:
        answers = {path: client.get(path) for path in paths}
        assert {path: answer.status_code for path, answer in answers.items()} == dict.fromkeys(paths, 200)
        return {path: answer.content for path, answer in answers.items()}

    def elsewhere(self, by: User) -> dict[str, object]:
        """A change of every part of a story, made before anything is compared: all its parts exist already."""
        return {
            "headline": "機密的標題",
            "kicker": "機密的眉題",
            "standfirst": "機密的導語",
            "body": "<p>機密的正文。</p>",
            "language": "zh-Hans",
            "channel": Channel.objects.get(slug="secret"),
            "source": factories.make_source("機密的來源"),
            "topic": factories.make_topic("機密的專題"),
            "tags": ["機密"],
            "credits": [(Person.objects.get(slug="secret").pk, EDITOR)],
            "lead_picture": factories.make_picture(by, alt="機密的圖", credit="機密"),
            "lead_caption": "機密的圖說",
        }

    @pytest.fixture
    def paths(self, whole: Article) -> list[str]:
        factories.make_channel("別的頻道", slug="secret")
        factories.make_person("別人", slug="secret")
        return [address(whole), *self.PLACES]

    def test_changing_every_part_of_the_working_copy_changes_no_public_byte(
        self, client: Client, whole: Article, paths: list[str], editor: User
    ):
        before = self.bytes_of(client, paths)
        change(whole, by=editor, **self.elsewhere(editor))
        assert self.bytes_of(client, paths) == before

    @pytest.mark.parametrize(
        "part", ["headline", "body", "channel", "source", "topic", "tags", "credits", "lead_picture", "lead_caption"]
    )
    def test_changing_one_part_changes_no_public_byte(
        self, client: Client, whole: Article, paths: list[str], editor: User, part: str
    ):
        new = self.elsewhere(editor)[part]
        paths = [address(whole), "/", "/feed.rss"]
        before = self.bytes_of(client, paths)
        change(whole, by=editor, **{part: new})
        assert self.bytes_of(client, paths) == before

    def test_changing_a_picture_or_a_source_in_the_library_changes_no_public_byte(
        self, client: Client, whole: Article, paths: list[str], picture: Picture
    ):
        before = self.bytes_of(client, paths)
        Picture.objects.update(alt="別的", caption="別的", credit="別的", language="en")
        Source.objects.update(name="改了名", licence="別的")
        assert self.bytes_of(client, paths) == before

    def test_what_the_working_copy_names_can_be_changed_in_the_library_and_the_story_keeps_its_words(
        self, client: Client, whole: Article, picture: Picture
    ):
        before = read(client, address(whole)).one("article").words
        Picture.objects.filter(pk=picture.pk).update(alt="別的", caption="別的", credit="別的")
        for thing in (whole.source, whole.topic, whole.channel, whole.channel.parent, *whole.people.all()):
            type(thing).objects.filter(pk=thing.pk).update(name="改了名")
        page = read(client, address(whole))
        assert page.one("article").words == before
        assert page.one("figure.lead img")["alt"] == "一片青稞田"

    def test_the_next_edition_replaces_the_last_everywhere(
        self, client: Client, whole: Article, paths: list[str], administrator: User
    ):
        publish_again(whole, by=administrator, headline="青稞收完了")
        for path, content in self.bytes_of(client, paths).items():
            text = content.decode()
            assert "青稞收完了" in text, path
            assert "青稞開鐮</" not in text, path


class TestDrafts:
    def answer(self, client: Client, path: str, code: str) -> tuple[int, dict[str, str], str]:
        response = client.get(path.format(code))
        return response.status_code, dict(response.items()), response.content.decode().replace(code, "")

    @pytest.mark.parametrize("path", ["/a/{}/", "/a/{}/report/", "/en/a/{}/", "/zh-hans/a/{}/report/", "/a/{}"])
    def test_are_answered_as_codes_that_do_not_exist(
        self, path: str, client: Client, article: Article, published: Article
    ):
        unknown = "z" * len(article.code)
        (status, headers, body), draft = self.answer(client, path, unknown), self.answer(client, path, article.code)
        headers = {name: value.replace(unknown, article.code) for name, value in headers.items()}
        assert draft == (status, headers, body)
        assert status == (301 if path.endswith("}") else 404)

    def test_leave_no_trace_of_what_they_alone_name(self, client: Client, editor: User, desk: Desk, site: Site):
        make_article(
            editor,
            headline="機密",
            topic=factories.make_topic(slug="secret"),
            tags=["機密"],
            credits=[(factories.make_person(slug="secret").pk, EDITOR)],
        )
        for path in ("/topic/secret/", "/topic/secret/feed.rss", "/tag/機密/", "/tag/機密/feed.rss", "/people/secret/"):
            assert client.get(path).status_code == 404, path

    def test_have_no_public_picture(self, client: Client, editor: User, desk: Desk, picture: Picture):
        make_article(editor, lead_picture=picture)
        for name in picture.files:
            assert client.get(f"/media/{name}").status_code == 404


@on_one_database
class TestOtherLanguages:
    def test_a_story_stands_below_the_prefixes_of_both_scripts_and_the_other_addresses_lead_to_its_own(
        self, client: Client, editor: User, desk: Desk
    ):
        article = publish_article(editor, language="zh-Hans", headline="青稞开镰", body="<p>正文。</p>")
        there = f"/zh-hans/a/{article.code}/"
        assert read(client, there).one("h1").words == "青稞开镰"
        assert read(client, f"/a/{article.code}/").one("h1").words == "青稞開鐮"
        for prefix in ("/en", "/bo"):
            response = client.get(f"{prefix}/a/{article.code}/")
            assert (response.status_code, response["Location"]) == (302, there)
            assert client.get(f"{prefix}/a/{article.code}/report/")["Location"] == f"{there}report/"

    @pytest.mark.parametrize(
        ("language", "prefix"), [("zh-Hant", ""), ("zh-Hans", "/zh-hans"), ("en", "/en"), ("bo", "/bo")]
    )
    def test_a_story_is_canonical_where_it_stands(
        self, language: str, prefix: str, client: Client, editor: User, desk: Desk, settings: LazySettings
    ):
        article = publish_article(editor, language=language)
        page = read(client, f"{prefix}/a/{article.code}/")
        assert page.one("link[rel=canonical]")["href"] == f"{settings.SITE_ADDRESS}{prefix}/a/{article.code}/"
        assert page.element.get("lang") == language

    def test_the_sites_own_language_has_no_prefix(self, client: Client, published: Article):
        assert client.get(f"/zh-hant/a/{published.code}/").status_code == 404

    def test_a_name_that_looks_like_a_language_is_a_name(self, client: Client, editor: User, desk: Desk, site: Site):
        channel = factories.make_channel("途中", slug="en-route")
        publish_article(editor, channel=channel)
        page = read(client, "/en-route/")
        assert page.element.get("lang") == "zh-Hant"
        assert [link["href"] for link in page.all(".languages a")] == [
            "/en-route/", "/zh-hans/en-route/", "/en/en-route/", "/bo/en-route/",
        ]  # fmt: skip


@on_one_database
class TestPeopleWithoutAPage:
    def test_are_named_without_a_link_and_their_address_says_that_it_is_gone(self, client: Client, published: Article):
        Person.objects.update(has_page=False)
        editors = read(client, address(published)).one(".editors")
        assert ("達珍" in editors.words, editors.links) == (True, [])
        assert "url" not in structured_data(read(client, address(published)))["editor"][0]
        person = Person.objects.get(name="達珍")
        for path in (f"/people/{person.slug}/", f"/people/{person.slug}/archive/2026/03/"):
            gone = read(client, path, status=410)
            with translation.override("zh-hant"):
                assert gone.one("h1").words == gettext("This page has been withdrawn")

    def test_who_never_stood_on_a_public_page_does_not_exist(self, client: Client, editor: User, desk: Desk):
        person = factories.make_person("線人", slug="whistleblower", has_page=False)
        make_article(editor, credits=[(person.pk, EDITOR)])
        assert client.get("/people/whistleblower/").status_code == 404


@on_one_database
def test_json_of_hostile_words_is_still_json(client: Client, editor: User, desk: Desk):
    """Every stored edition reads back as it was, whatever it holds."""
    article = publish_article(editor, headline='"}]\\u003C/script>')
    content = Publication.objects.get(article=article).edition.text.content
    assert json.loads(content)["headline"] == '"}]\\u003C/script>'
    assert structured_data(read(client, address(article)))["headline"] == '"}]\\u003C/script>'
    assert Edition.objects.count() == 1
