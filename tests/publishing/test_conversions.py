"""A Chinese story is published in both scripts at once, and what it says in the other one is kept for ever."""

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.db import IntegrityError, transaction

from articles.models import (
    Article,
    Conversion,
    ConversionText,
    GlossaryEntry,
    LedgerEntry,
    Outbox,
    Publication,
    Unsealed,
    User,
    triggers,
)
from articles.publishing import NothingChanged, publish
from articles.publishing.convert import converted_of
from articles.publishing.freeze import Content
from articles.publishing.ledger.faults import Seen
from articles.publishing.ledger.seal import seal
from articles.publishing.ledger.verify import verify
from articles.search.engine import engine
from articles.search.question import Question
from tests import factories

pytestmark = pytest.mark.usefixtures("db", "site")
BODY = "<p>後來，<strong>電</strong>腦系統恢復了。</p><p>頭髮乾了，麵條熟了。</p>"


def converted(article: Article) -> Content:
    content = converted_of(factories.public(article).edition)
    assert content
    return content


class TestPublishing:
    def test_every_word_of_it_stands_in_the_other_script(self, editor: User):
        picture = factories.make_picture(editor)
        article = factories.publish_article(
            editor,
            kicker="收穫",
            standfirst="比去年多兩成。",
            body=BODY,
            lead_picture=picture,
            lead_caption="開鐮的麥田",
            topic=factories.make_topic("鄉村振興"),
            tags=["農業", "氣象"],
        )
        content = converted(article)
        assert content["language"] == "zh-Hans"
        assert content["converted_from"] == "zh-Hant"
        assert content["headline"] == "青稞开镰"
        assert content["kicker"] == "收获"
        assert content["standfirst"] == "比去年多两成。"
        assert content["body"] == "<p>后来，<strong>电</strong>脑系统恢复了。</p><p>头发干了，面条熟了。</p>"
        assert content["lead"]["caption"] == "开镰的麦田"
        assert content["pictures"][str(picture.pk)]["alt"] == "一片青稞田"
        assert content["pictures"][str(picture.pk)]["credit"] == "白玛拉姆摄"
        assert content["topic"]["name"] == content["topic"]["banner"] == "乡村振兴"
        assert [tag["name"] for tag in content["tags"]] == ["农业", "气象"]
        assert content["trail"][-1]["name"] == "农牧"
        assert content["source"]["name"] == "朗措新闻"
        assert [credit["name"] for credit in content["credits"]] == ["达珍"]

    def test_simplified_becomes_the_traditional_of_the_region_that_the_site_chose(self, editor: User, settings):
        article = factories.publish_article(editor, language="zh-Hans", headline="她在家里", body="<p>群众说。</p>")
        assert (converted(article)["headline"], converted(article)["body"]) == ("她在家裡", "<p>群眾說。</p>")
        settings.HANT_REGION = "HK"
        article = factories.publish_article(editor, language="zh-Hans", headline="她在家里", body="<p>群众说。</p>")
        assert (converted(article)["headline"], converted(article)["body"]) == ("她在家裏", "<p>群眾說。</p>")

    @pytest.mark.parametrize(("turned", "headline", "body", "name"), [
        (False, "“走”", "<p>「走」</p>", "none"), (True, "「走」", "<p>“走”</p>", "none; quotes"),
    ])  # fmt: skip
    def test_quotation_marks_turn_where_the_site_wishes_it_and_the_conversion_says_so(
        self, editor: User, settings, turned: bool, headline: str, body: str, name: str
    ):
        settings.CONVERT_QUOTES = turned
        hans = factories.publish_article(editor, language="zh-Hans", headline="“走”")
        assert converted(hans)["headline"] == headline
        assert converted(factories.publish_article(editor, body="<p>「走」</p>"))["body"] == body
        assert hans.conversions.get().converter.endswith(f"; forms {name}")

    @pytest.mark.parametrize("language", ["en", "bo"])
    def test_a_story_in_another_language_has_none(self, editor: User, language: str):
        article = factories.publish_article(editor, language=language)
        assert not article.conversions.exists()
        assert factories.public(article).converted_card == ""

    def test_a_name_given_in_both_scripts_is_not_guessed(self, editor: User):
        person = factories.make_person("鍾範", name_zh_hans="钟范")
        article = factories.publish_article(
            editor, headline="鍾範獲獎", credits=[(person.pk, "editor"), (person.pk, "author")]
        )
        assert {credit["name"] for credit in converted(article)["credits"]} == {"钟范"}

    def test_its_notices_are_converted_with_it(self, published: Article, editor: User):
        factories.correct(published, by=editor)
        notice = published.corrections.get()
        text = ConversionText.objects.get(conversion__notice=notice).read()
        assert (text["text"], text["was"], text["now"]) == ("日期有误，谨此更正。", "今天开镰", "昨天开镰")

    def test_a_notice_and_its_edition_are_acts_of_their_own_in_the_ledger(self, published: Article, editor: User):
        factories.correct(published, by=editor)
        seal()
        keys = set(Conversion.objects.filter(article=published).values_list("pk", flat=True))
        sealed = LedgerEntry.objects.filter(kind=LedgerEntry.Kind.CONVERSION)
        assert len(keys) == 3
        assert set(sealed.values_list("target", flat=True)) == keys
        seen = Seen()
        assert list(verify(seen=seen)) == []
        assert seen.conversions == 3

    def test_a_retraction_and_a_takedown_are_told_in_both_scripts(self, published: Article, chief: User, editor: User):
        factories.withdraw(published, by=chief, second=editor)
        assert converted(published)["body"] == ""
        assert '"mark":"retraction"' in factories.public(published).converted_card


class TestForms:
    """What a desk, and a story, say of single words."""

    def test_the_glossary_decides_in_both_directions(self, editor: User):
        GlossaryEntry.objects.create(language="zh-Hant", right="後冠餐廳", other_script="後冠餐厅")
        article = factories.publish_article(editor, headline="後冠餐廳開張")
        assert converted(article)["headline"] == "後冠餐厅开张"
        back = factories.publish_article(editor, language="zh-Hans", headline="後冠餐厅开张")
        assert converted(back)["headline"] == "後冠餐廳開張"

    def test_a_desks_glossary_goes_before_the_sites_and_the_storys_own_lines_before_both(self, editor: User):
        GlossaryEntry.objects.create(language="zh-Hant", right="里仁", other_script="裏仁")
        GlossaryEntry.objects.create(
            desk=editor.memberships.get().desk, language="zh-Hant", right="里仁", other_script="理仁"
        )
        other = factories.make_desk()
        elsewhere = factories.make_user(role="chief", desk=other)
        assert converted(factories.publish_article(editor, headline="里仁"))["headline"] == "理仁"
        assert converted(factories.publish_article(elsewhere, desk=other, headline="里仁"))["headline"] == "裏仁"
        own = factories.publish_article(editor, headline="里仁", script_forms="里仁 = 李仁")
        assert converted(own)["headline"] == "李仁"

    def test_a_later_glossary_changes_nothing_that_is_public(self, published: Article):
        before = converted(published)
        GlossaryEntry.objects.create(language="zh-Hant", right="青稞", other_script="青棵")
        assert converted(published) == before
        assert Conversion.objects.filter(article=published).count() == 1

    def test_the_same_words_are_issued_again_as_a_typo_where_only_the_other_script_changes(
        self, published: Article, editor: User
    ):
        with pytest.raises(NothingChanged):
            factories.publish_again(published, by=editor)
        edition = factories.publish_again(published, by=editor, script_forms="青稞 = 青棵")
        assert (edition.number, edition.kind) == (2, "typo")
        assert converted(published)["headline"] == "青棵开镰"
        assert edition.text.read()["headline"] == "青稞開鐮"
        with pytest.raises(NothingChanged):
            publish(published, seen=Article.objects.get(pk=published.pk).version, by=editor, kind="typo")

    def test_an_update_needs_other_words(self, published: Article, editor: User):
        with pytest.raises(NothingChanged):
            factories.publish_again(published, by=editor, kind="update", note="新。", script_forms="青稞 = 青棵")

    @pytest.mark.parametrize("line", ["青稞", "= 青稞", "青稞 =", "長" * 101 + " = 长"])
    def test_a_line_that_says_nothing_is_refused_with_a_sentence(self, article: Article, editor: User, line: str):
        from django.core.exceptions import ValidationError

        with pytest.raises(ValidationError) as refused:
            factories.change(article, by=editor, script_forms=line)
        assert "script_forms" in refused.value.message_dict


class TestForEver:
    def test_what_was_converted_cannot_be_changed_or_deleted(self, published: Article):
        triggers.install()
        conversion = published.conversions.get()
        for act in (
            lambda: Conversion.objects.filter(pk=conversion.pk).update(language="zh-Hant"),
            lambda: ConversionText.objects.filter(pk=conversion.pk).update(content="{}"),
            lambda: ConversionText.objects.filter(pk=conversion.pk).delete(),
            lambda: Conversion.objects.filter(pk=conversion.pk)._raw_delete("default"),
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                act()

    def test_a_changed_character_is_found(self, published: Article):
        seal()
        with transaction.atomic():
            triggers.remove()
            text = ConversionText.objects.get(conversion__article=published)
            changed = text.content.replace("开镰", "停工")
            ConversionText.objects.filter(pk=text.pk).update(content=changed)
        faults = [str(fault) for fault in verify()]
        assert any("in zh-Hans: its text is not the one that was published" in fault for fault in faults)


class TestOlderStories:
    @pytest.fixture
    def older(self, published: Article, editor: User, settings: LazySettings) -> Article:
        """As they were before there were two scripts; their ledger is broken off by that, and seals nothing."""
        factories.correct(published, by=editor)
        triggers.remove()
        ConversionText.objects.all()._raw_delete("default")
        Conversion.objects.all()._raw_delete("default")
        Unsealed.objects.filter(kind="conversion").delete()
        LedgerEntry.objects.all()._raw_delete("default")
        settings.AFTER_COMMIT = [step for step in settings.AFTER_COMMIT if ".ledger." not in step]
        Publication.objects.update(converted_card="")
        triggers.install()
        return published

    def test_a_command_converts_them_once(self, older: Article, capsys: pytest.CaptureFixture[str]):
        call_command("convert_stories")
        assert "1 stories" in capsys.readouterr().out
        assert older.conversions.count() == 3
        assert converted(older)["body"] == "<p>上朗县的青稞昨天开镰了。</p>"
        assert '"headline":"青稞开镰"' in factories.public(older).converted_card
        assert Unsealed.objects.filter(kind="conversion").count() == 3
        assert [hit.publication for hit in engine().find(Question("开镰", "zh")).hits] == [older.pk]
        assert list(Outbox.objects.filter(done_at=None).values_list("error", flat=True)) == []
        call_command("convert_stories")
        assert "0 stories" in capsys.readouterr().out
        assert older.conversions.count() == 3
