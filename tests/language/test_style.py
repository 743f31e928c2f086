"""The house style: what each rule finds, what it offers instead, and what it leaves alone."""

import time
from html import escape, unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.language import markup
from articles.language.style.check import MOST, RULES, check
from articles.language.style.names import Name, OwnRule, pattern_fault
from articles.publishing.style_words import SENTENCES
from tests.language.style_corpus import RIGHT, WRONG


def found(body: str, language: str = "zh-Hant", rule: str = "", **more) -> list[tuple[str, str | None]]:
    """What is marked, and what is offered instead."""
    body = body if body.startswith("<") else f"<p>{body}</p>"
    findings = check(more.pop("lines", {}), body, language=language, **more)
    return [(one.words, one.suggestion) for one in findings if not rule or one.rule == rule]


@pytest.mark.parametrize(
    ("text", "rule", "expected"),
    [
        # Half-width marks
        ("書車來了, 孩子們跑出門.", "half-width-mark", [(", ", "，"), (".", "。")]),
        ("開放嗎?!好:可以;是!", "half-width-mark", [("?!", "？！"), (":", "："), (";", "；"), ("!", "！")]),
        ("世界衛生組織(WHO)說", "half-width-mark", [("(", "（"), (")", "）")]),
        ("用Python,再用Django, Flask。", "half-width-mark", [(",", "，")]),
        ("中午12:30，1,000元，3.5度，比分3:2。", "half-width-mark", []),
        ("見https://example.org/a,b;c和desk@example.org。", "half-width-mark", []),
        ("函數f(x)的值", "half-width-mark", []),
        ("1. 甲", "half-width-mark", []),
        # Marks that repeat, end or follow
        ("好，，了。。是、，否", "repeated-mark", [("，，", "，"), ("。。", "。"), ("、，", None)]),
        ("真的？！好！！！", "repeated-mark", []),
        ("真的！！！！", "repeated-mark", [("！！！！", "！！！")]),
        ("等等...好。。。是…再", "ellipsis", [("...", "……"), ("。。。", "……"), ("…", "……")]),
        ("等等……好", "ellipsis", []),
        ("他--我－－你", "dash", [("--", "——"), ("－－", "——")]),
        ("他——我，拉薩—林芝", "dash", []),
        ("甲、乙、等。", "comma-and-so-on", [("、", "")]),
        ("甲、等待", "comma-and-so-on", []),
        # Spaces
        ("朗措 2026 年有 GPS", "space-han-latin", [(" ", ""), (" ", ""), (" ", "")]),
        ("我 們「 好 」，是", "space-in-han", [(" ", ""), (" ", ""), (" ", "")]),
        # Quotation marks and brackets
        ("他說：“好‘的’”。", "quote-region", [("“", "「"), ("‘", "『"), ("’", "』"), ("”", "」")]),
        ("他說it’s好", "quote-region", []),
        ('他說："好"。', "straight-quote", [('"', "「"), ('"', "」")]),
        ("「沒有", "unbalanced", [("「", None)]),
        ("沒有）", "unbalanced", [("）", None)]),
        ("1）甲；（一）乙；二）丙", "unbalanced", []),
        ("（甲)", "unbalanced", []),
        # Numbers and dates
        ("二〇二六年與2026年、2025年", "year-form", [("二〇二六", "2026")]),
        ("二〇二六年與二〇二五年，2024年", "year-form", [("2024", "二〇二四")]),
        ("二零二六年", "year-form", [("零", "〇")]),
        ("二〇二六年", "year-form", []),
        (
            "2026年十一月二十三日，3月十日",
            "date-form",
            [("2026年十一月二十三日", "2026年11月23日"), ("3月十日", "3月10日")],
        ),
        ("農曆2026年三月三日", "date-form", []),
        ("12000人，12,500名", "number-groups", [("12000", "12,000")]),
        ("12000人，13000名", "number-groups", []),
        ("電話6321234，郵編850000，12,500名", "number-groups", []),
        ("1,0000元", "number-groups", [("1,0000", None)]),
        ("從63~68%，63%~68%", "percent-range", [("63~68%", "63%~68%")]),
        ("２０２６年ＧＰＳ", "full-width-digit", [("２０２６", "2026"), ("ＧＰＳ", "GPS")]),
        # Letters
        ("发现后台里面干净", "mixed-script", [("发现", "發現"), ("净", "淨")]),
        ("後台里面乾淨，着手", "mixed-script", []),
        ("這\ue000字⼭", "odd-letter", [("\ue000", None), ("⼭", "山")]),
    ],
)
def test_what_a_rule_finds_in_traditional_chinese(text: str, rule: str, expected: list[tuple[str, str | None]]):
    assert found(text, rule=rule) == expected


@pytest.mark.parametrize(
    ("text", "language", "rule", "expected"),
    [
        ("發現后台裡面", "zh-Hans", "mixed-script", [("發現", "发现"), ("裡", "里")]),
        ("乾隆、著作、於", "zh-Hans", "mixed-script", []),
        ("他说：「好」。", "zh-Hans", "quote-region", [("「", "“"), ("」", "”")]),
        ("《甲》、《乙》", "zh-Hans", "comma-between-pairs", [("、", "")]),
        ("《甲》、《乙》", "zh-Hant", "comma-between-pairs", []),
        ("a  b , c", "en", "en-spaces", [("  ", " "), (" ", "")]),
        ("\"It's\" 6' tall", "en", "en-straight-quotes", [('"', "“"), ("'", "’"), ('"', "”"), ("'", None)]),
        ("word -- word", "en", "en-dash", [(" -- ", "—")]),
        ("a,, b .. c... d", "en", "en-repeated-mark", [(",,", ","), ("..", ".")]),
        ("a，b。", "en", "en-wide-mark", [("，", ", "), ("。", ".")]),
        ("“Open", "en", "unbalanced", [("“", None)]),
        ("Don’t, the ’90s, the dogs’ bowls", "en", "unbalanced", []),
        ("བོད་་ཡིག།", "bo", "bo-tsheg", [("་་", "་")]),
        ("ཡིག་།", "bo", "bo-tsheg", [("་", "")]),
        ("གང་།", "bo", "bo-tsheg", []),
        ("བོད་", "bo", "bo-shad", [("་", "།")]),
        ("བོད་ཡིག", "bo", "bo-shad", []),
    ],
)
def test_what_a_rule_finds_in_other_languages(text: str, language: str, rule: str, expected: list):
    assert found(text, language, rule) == expected


def test_a_headline_ends_without_a_mark_and_a_paragraph_with_one():
    body = "<h2>收成。</h2><p>好。</p><h3>真的？</h3>"
    assert found(body, lines={"headline": "青稞開鐮。", "standfirst": "比去年多。"}) == [("。", ""), ("。", "")]
    findings = check({"headline": "The road is open."}, "<p>Yes.</p>", language="en")
    assert [(one.field, one.rule) for one in findings] == [("headline", "en-final-mark")]
    assert found("<p>x</p>", "en", lines={"headline": "He lives in the U.S."}) == []


def test_a_space_in_a_headline_parts_two_clauses():
    assert found("<p>好。</p>", lines={"headline": "青稞開鐮 收成好"}) == []


def test_a_quotation_over_several_paragraphs_opens_each():
    assert found("<p>「甲。</p><p>「乙。」</p>") == []
    assert found("<p>「甲。</p><p>乙。</p>") == [("「", None)]


def test_a_text_is_read_across_inline_tags_and_by_blocks():
    findings = check({}, "<p>理<b></b><strong>发</strong>店</p><ul><li>一,<em>二</em></li></ul>", language="zh-Hant")
    assert [(one.number, one.start, one.words, one.suggestion) for one in findings] == [
        (0, 1, "发", "髮"),
        (1, 1, ",", "，"),
    ]
    assert found("<p>甲<br>,乙</p>") == [(",", "，")]


def test_what_names_another_language_and_addresses_is_left_alone():
    assert found('<p><span lang="zh-Hans">发现,</span></p><p lang="en">a  b</p>') == []
    assert found('<p><a href="https://example.org/发现,a">連結</a></p>') == []
    assert found('<p><span lang="zh-Hant-TW">發现</span></p>') == [("现", "現")]


def test_a_wrong_name_is_found_but_not_inside_a_right_one():
    glossary = [Name("達珍", ("達真", "Dazen"), "她的名字"), Name("達真寺")]
    assert found("達真在達真寺，Dazen，Dazenology", glossary=glossary) == [("達真", "達珍"), ("Dazen", "達珍")]
    assert check({}, "<p>達真</p>", language="zh-Hant", glossary=glossary)[0].told == "她的名字"


def test_a_right_name_is_nothing_for_the_other_rules():
    assert found("錢锺书和Yahoo!公司", glossary=[Name("錢锺书"), Name("Yahoo!")]) == []


def test_a_desks_own_rule_takes_plain_words_and_short_gaps():
    rule = OwnRule("7", "進行*工作", "*", "直說。")
    findings = check(
        {}, "<p>進行防火工作，進行了很久很久很久很久很久很久的工作</p>", language="zh-Hant", own_rules=[(rule, "mark")]
    )
    assert [(one.key, one.words, one.suggestion, one.told) for one in findings] == [
        ("7", "進行防火工作", "防火", "直說。")
    ]
    assert found("a.b", "en", own_rules=[(OwnRule("1", ".", None), "mark")]) == [(".", None)]


@pytest.mark.parametrize(
    ("pattern", "fault"),
    [("", "empty"), ("*", "empty"), ("*甲", "edge"), ("甲*", "edge"), ("甲**乙", "edge"), ("甲*乙*丙*丁", "gaps"),
     ("甲" * 201, "long"), ("甲*乙*丙", ""), ("(a+)+$", "")],
)  # fmt: skip
def test_a_pattern_that_says_too_little_or_too_much_is_refused(pattern: str, fault: str):
    assert pattern_fault(pattern) == fault
    if fault:
        assert found("甲乙丙丁", own_rules=[(OwnRule("1", pattern), "mark")]) == []


def test_the_desk_says_what_is_marked_and_what_blocks():
    text = "書車來了,孩子們"
    assert found(text, states={"half-width-mark": "off"}) == []
    assert [one.blocking for one in check({}, f"<p>{text}</p>", language="zh-Hant")] == [False]
    states = {"half-width-mark": "block"}
    assert [one.blocking for one in check({}, f"<p>{text}</p>", language="zh-Hant", states=states)] == [True]
    assert found("朗措2026年", states={"no-space-han-latin": "mark"}) == [("措2", "措 2"), ("6年", "6 年")]


def test_at_one_place_what_blocks_is_told_first():
    own = [(OwnRule("1", "來了,", None), "block")]
    findings = check({}, "<p>書車來了,孩子們</p>", language="zh-Hant", own_rules=own)
    assert [(one.rule, one.blocking) for one in findings] == [("own", True)]


def test_of_very_many_findings_the_first_are_told():
    assert len(found("好,壞" * 1000)) == MOST


def test_every_rule_has_a_code_of_its_own():
    codes = [rule.code for rule in RULES]
    assert len(set(codes)) == len(codes)


SIGNS = "，。、；：？！「」『』“”‘’（）()\"',.:;!?~-—…％% 　\n12３一二〇年月日人发發རྀ་།གང\ue000<&"


@given(st.lists(st.text(SIGNS, max_size=12), max_size=6), st.sampled_from(["zh-Hant", "zh-Hans", "en", "bo"]))
def test_every_finding_is_where_it_says_and_no_place_is_told_twice(lines: list[str], language: str):
    lines = [line for line in (markup.clean(line) for line in map(escape, lines)) if line]
    texts = [unescape(line) for line in lines]
    states = {"no-space-han-latin": "mark", "comma-between-pairs": "mark"}
    body = "".join(f"<p>{line}</p>" for line in lines)
    end = (-1, 0)
    for one in check({}, body, language=language, states=states, own_rules=[(OwnRule("1", "的*的*的"), "mark")]):
        assert one.start < one.end
        assert end <= (one.number, one.start)
        assert texts[one.number][one.start : one.end] == one.words
        end = (one.number, one.end)


def looked_at(language: str, field: str, text: str) -> list[tuple[str, str, str | None]]:
    text = text if field != "body" or text.startswith("<") else f"<p>{text}</p>"
    lines, body = ({}, text) if field == "body" else ({field: text}, "")
    return [(one.rule, one.words, one.suggestion) for one in check(lines, body, language=language)]


@pytest.mark.parametrize(("language", "field", "text"), RIGHT)
def test_in_right_news_text_nothing_is_found(language: str, field: str, text: str):
    assert looked_at(language, field, text) == []


@pytest.mark.parametrize(("language", "field", "text", "rule", "words", "suggestion"), WRONG)
def test_in_wrong_text_the_fault_is_found(
    language: str, field: str, text: str, rule: str, words: str, suggestion: str | None
):
    assert (rule, words, suggestion) in looked_at(language, field, text)


def test_a_long_story_is_looked_at_in_no_time():
    paragraphs = [
        text for language, field, text in RIGHT if (language, field) == ("zh-Hans", "body") and text[0] != "<"
    ]
    body = "".join(f"<p>{text}</p>" for text in paragraphs * 6)
    spaced = f"<p>{'记者 张三 李四 摄 ' * 1000}</p>"
    for story in (body, spaced):
        check({}, story, language="zh-Hans")
        started = time.process_time()
        check({}, story, language="zh-Hans")
        assert time.process_time() - started < 0.5


def test_every_finding_has_its_sentence():
    told = set(SENTENCES)
    for language, field, text, *_ in WRONG:
        body = text if field == "body" else ""
        for one in check({} if field == "body" else {field: text}, f"<p>{body}</p>", language=language):
            assert one.message in told
