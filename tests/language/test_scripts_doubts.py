"""What an editor is asked to look at before a converted text is published."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.language.scripts import convert, convert_html, doubtful, doubtful_html
from tests.language.test_scripts import SENTENCES

HANS, TW, HK = "zh-Hans", "zh-Hant-TW", "zh-Hant-HK"


def told(text: str, target: str = TW, glossary: tuple[tuple[str, str], ...] = ()) -> list[tuple[str, str, str, str]]:
    return [
        (text[doubt.start : doubt.end], doubt.given, "".join(doubt.others), doubt.reason)
        for doubt in doubtful(text, HANS, target, glossary)
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("他把钟修了", [("钟", "鍾", "鐘", "alone")]),
        ("于伟来了", [("于", "於", "于", "alone")]),
        ("这面很好吃", [("面", "面", "麵", "alone")]),
        ("头发展示", [("发", "髮", "發", "border")]),
        ("平里桥", [("里", "裡", "里", "alone")]),
        ("乡长于海涛贪腐", [("于", "於", "于", "border")]),
        ("乡长于海涛说，他长于书法，县长于昨日攀岩", []),
        ("一起发展，头发很长", []),
        ("于老师、余主任、3只羊、30里", []),
        ("见https://example.com/钟和@钟", []),
        ("家里，群里，微信群里", []),
        ("5000余份", []),
        ("姜老师和叶某", []),
        ("", []),
    ],
)
def test_places_are_told(text: str, found: list[tuple[str, str, str, str]]):
    assert told(text) == found


def test_each_region_is_told_in_its_own_letters():
    assert told("平里桥", HK) == [("里", "裏", "里", "alone")]
    assert told("那台，", HK) == []
    assert told("面", HK) == [("面", "面", "麵", "alone")]


def test_the_glossary_decides():
    assert told("他把钟修了，于伟看着", glossary=(("于伟", "于偉"),)) == [("钟", "鍾", "鐘", "alone")]
    assert told("里根把钟修了", glossary=(("里根", "雷根总统"), ("钟", "鐘"))) == []


def test_places_stand_in_the_text_as_it_was_given():
    text = "https://example.com/发 里根 于老师 3只羊 \ue000\ud800 钟"
    [doubt] = doubtful(text, HANS, TW, [("里根", "雷根總統")])
    assert text[doubt.start : doubt.end] == "钟"


def test_what_nobody_sees_is_neither_a_doubt_nor_moves_one():
    text = "\xad理\u200b发店\u2060，他把\u200d钟修了"
    [doubt] = doubtful(text, HANS, TW)
    [there] = doubtful_html(text.replace("\xad", "&shy;"), HANS, TW)
    assert text[doubt.start : doubt.end] == "钟"
    assert there.start == doubt.start + len("&shy;") - 1


def test_towards_simplified_only_names_are_told():
    text = "他叫李乾，衣服曬乾了，餅乾很乾淨，乾隆年間"
    assert [text[doubt.start - 1 : doubt.end] for doubt in doubtful(text, TW, HANS)] == []
    [doubt] = doubtful("主任李乾文說", HK, HANS)
    assert (doubt.given, doubt.others, doubt.reason) == ("干", ("乾",), "alone")


def test_the_same_script_and_its_regions_have_no_doubts():
    assert doubtful("钟", HANS, "zh-CN") == doubtful("鐘", TW, HK) == doubtful_html("钟", TW, HK) == []


def test_another_tag_is_refused():
    with pytest.raises(ValueError, match="written form"):
        doubtful("钟", "zh", TW)
    with pytest.raises(ValueError, match="written form"):
        doubtful_html("钟", HANS, "en")


def test_in_a_page_places_stand_in_its_source():
    page = '<p title="钟">他把&#38047;<b>修</b>了，&amp;<i lang="en">钟</i><code>钟</code>AT&amp;T。钟</p>'
    found = doubtful_html(page, HANS, TW)
    assert [page[doubt.start : doubt.end] for doubt in found] == ["钟", "&#38047;", "钟"]
    assert page[: found[-1].start].endswith("AT&amp;T。")
    assert [doubt.given for doubt in found] == ["鍾"] * 3


def test_words_across_tags_are_no_doubts():
    assert doubtful_html("<p>理<b>发</b>店</p>", HANS, TW) == []
    assert len(doubtful_html("<p>理</p><p>发</p>", HANS, TW)) == 1


def test_right_text_is_seldom_doubted():
    whole = "\n".join(row[0] for row in SENTENCES)
    assert len(doubtful(whole, HANS, TW)) < len(whole) * 6 / 1000


@given(st.text(alphabet="钟于里发头面只老师3@/ \ue000\0\ud800，", max_size=40))
def test_every_doubt_says_what_stands_there(text: str):
    converted = convert(text, HANS, TW)
    for doubt in doubtful(text, HANS, TW):
        assert doubt.end == doubt.start + 1
        assert converted[doubt.start] == doubt.given
        assert doubt.given not in doubt.others
        assert doubt.others


@given(
    st.lists(
        st.sampled_from(["<p>", "</p>", "<b>", "钟", "于", "&#38047;", "&amp;", "头", "发", "<i lang=en>", "里桥"])
    )
)
def test_every_doubt_in_a_page_stands_where_it_is_converted(pieces: list[str]):
    page = "".join(pieces)
    assert convert_html(page, HANS, TW).count("<") == page.count("<")
    for doubt in doubtful_html(page, HANS, TW):
        assert page[doubt.start : doubt.end] in {"钟", "于", "&#38047;", "里", "发"}
