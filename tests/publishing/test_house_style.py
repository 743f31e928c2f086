"""House style by desk: its rules and its glossary, and the rule that refuses publication."""

import pytest

from articles.language.style import check
from articles.models import Article, Desk, GlossaryEntry, StyleRule, User
from articles.publishing import StyleRefused, house_style, publish
from articles.publishing.style_words import RULES, SENTENCES
from tests import factories


@pytest.fixture
def odd(editor: User, desk: Desk) -> Article:
    """A working copy with a half-width mark, and a name in a wrong form."""
    return factories.make_article(editor, desk=desk, headline="書車來了", body="<p>達真說,書車來了。</p>")


def words(article: Article) -> list[tuple[str, bool]]:
    return [(one.words, one.blocking) for one in house_style.findings_of(article)]


def test_every_rule_marks_unless_the_desk_says_otherwise(odd: Article, desk: Desk):
    assert words(odd) == [(",", False)]
    StyleRule.objects.create(desk=desk, code="half-width-mark", state="off")
    assert words(odd) == []


def test_the_glossary_is_the_desks_and_the_sites_in_the_storys_language(odd: Article, desk: Desk):
    other = factories.make_desk()
    for at, language in ((other, "zh-Hant"), (desk, "zh-Hans")):
        GlossaryEntry.objects.create(desk=at, language=language, right="達珍", wrong="達真")
    assert words(odd) == [(",", False)]
    GlossaryEntry.objects.create(desk=None, language="zh-Hant", right="達珍", wrong="達真\n达珍", note="主編的名字")
    assert words(odd) == [("達真", False), (",", False)]
    assert house_style.explained(house_style.findings_of(odd)[0]) == "主編的名字"


def test_a_desks_own_rule_holds_at_that_desk_in_its_language(odd: Article, desk: Desk):
    for at, language in ((factories.make_desk(), ""), (desk, "en"), (desk, "")):
        StyleRule.objects.create(
            desk=at, code="own", state="mark", language=language, pattern="書車", replacement="客車"
        )
    assert [one.suggestion for one in house_style.findings_of(odd) if one.rule == "own"] == ["客車", "客車"]


def test_a_finding_never_refuses_publication_without_the_desks_say(odd: Article, editor: User):
    assert publish(odd, seen=odd.version, by=editor).number == 1


def test_a_rule_that_may_refuse_names_what_it_found_and_nothing_is_published(odd: Article, desk: Desk, editor: User):
    StyleRule.objects.create(desk=desk, code="wrong-name", state="block")
    GlossaryEntry.objects.create(desk=desk, language="zh-Hant", right="達珍", wrong="達真", note="主編的名字")
    with pytest.raises(StyleRefused) as refused:
        publish(odd, seen=odd.version, by=editor)
    assert "達真" in str(refused.value)
    assert "主編的名字" in str(refused.value)
    assert not odd.editions.exists()
    mended = factories.change(odd, by=editor, body="<p>達珍說,書車來了。</p>")
    assert publish(mended, seen=mended.version, by=editor).number == 1


def test_every_finding_can_be_explained():
    codes = {check.OWN, check.WRONG_NAME, *(rule.code for rule in check.RULES)}
    assert RULES.keys() == codes
    assert {message.partition(":")[0] for message in SENTENCES} == codes
    texts = {
        "zh-Hant": "這⼭\ue000\u200b现；二〇二六年2026年。2026年三月3日,12000人、12,500人、1,0000元；63~68%；９。"
        '等..甲--。，，等、等。“好”"好" 2 年。「 好）『二零二六年',
        "zh-Hans": "現在「好」，《甲》、《乙》",
        "en": 'a  b , c "d" -- e,, f，',
        "bo": "བོད་་ཡིག་། བོད་",
    }
    for language, text in texts.items():
        lines = {"headline": f"{text}。" if language.startswith("zh") else f"{text}."}
        states = {"no-space-han-latin": "mark"}
        for found in check.check(lines, f"<p>{text}</p>", language=language, states=states):
            assert str(SENTENCES[found.message]), found.message
