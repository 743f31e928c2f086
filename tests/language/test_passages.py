"""A passage stays found: by its words, by what stands around it, by its place."""

import re
import time
from collections.abc import Callable

import html5lib
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from articles.language import passages
from articles.language.markup import clean
from articles.language.passages import Passage, carried, find, mark, quote, select, text_layer

PIECES = st.sampled_from([
    "<p>", "</p>", "<h2>", "</h2>", "<strong>", "</strong>", "<a href=/x>", "</a>", "<br>", "<ul>", "<li>", "</ul>",
    '<figure data-picture="1">', "<figcaption>", "</figcaption>", "</figure>", "<table><tr><td>", "<td>", "</table>",
    "<blockquote>", "</blockquote>", "&amp;", "&lt;", "&nbsp;", "西藏", "བོད་", "roads", " ", "\n", "e\u0301", "👩‍🌾",
])  # fmt: skip
HTMLS = st.lists(PIECES | st.text(max_size=4), max_size=16).map("".join).map(clean)
PLACES = st.integers(min_value=0, max_value=40)

TEXT = (
    "自治區統計局昨日公布，有五萬一千人參加了今年的植樹活動。\n山南市的青稞今年豐收，農民說收成比往年好。\n"
    "The road over the pass was closed for three weeks.\nབོད་ལྗོངས་ཀྱི་ལམ་ཁ་ཕྱེས་སོང་།\n"
    "拉薩河畔的公路在週一重新開放，車輛可以通行。"
)


def chosen(words: str, text: str = TEXT) -> Passage:
    start = text.index(words)
    return select(text, start, start + len(words))


def found(text: str, passage: Passage) -> str | None:
    span = find(text, passage)
    return None if span is None else text[slice(*span)]


def solid(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize(
    ("html", "layer"),
    [
        ("<p>甲</p><h2>乙</h2><p>丙</p>", "甲\n乙\n丙"),
        ("<p>甲<strong>乙</strong>丙</p>", "甲乙丙"),
        ("<p>甲<br>乙</p>", "甲\n乙"),
        ("<ul><li>甲</li>\n<li><p>乙</p></li></ul>\n<p>丙</p>", "甲\n乙\n丙"),
        ("<table><tbody><tr><td>甲</td><td>乙</td></tr></tbody></table>", "甲\n乙"),
        ('<p>甲</p><figure data-picture="1"><figcaption>圖說</figcaption></figure><p>乙</p>', "甲\n圖說\n乙"),
        ("<p>R&amp;D &lt;b&gt;&nbsp;x\ny</p>", "R&D <b>\xa0x y"),
        ("", ""),
    ],
)
def test_places_count_in_the_text_of_blocks_parted_by_line_breaks(html: str, layer: str):
    assert text_layer(clean(html)) == layer


@given(HTMLS)
def test_the_layer_holds_all_the_text_and_no_more(html: str):
    assert solid(text_layer(html)) == solid("".join(html5lib.parseFragment(html, treebuilder="etree").itertext()))


def test_a_passage_is_its_words_their_surroundings_and_their_place():
    assert select("一二三四五六七八", 3, 5, context=2) == Passage("四五", "二三", "六七", 3, 5)
    assert select("一二三", -5, 99) == Passage("一二三", "", "", 0, 3)
    assert select("一二三", 2, 1) == Passage("", "一二", "三", 2, 2)


def test_a_passage_is_written_as_selectors_of_the_web_annotation_data_model():
    selectors = Passage("四五", "二三", "六七", 3, 5).as_selectors()
    assert selectors == [
        {"type": "TextQuoteSelector", "exact": "四五", "prefix": "二三", "suffix": "六七"},
        {"type": "TextPositionSelector", "start": 3, "end": 5},
    ]
    assert Passage.from_selectors(selectors) == Passage("四五", "二三", "六七", 3, 5)
    assert Passage.from_selectors([{"type": "TextQuoteSelector", "exact": "四五"}]) == Passage("四五", "", "", 0, 2)


@pytest.mark.parametrize(
    "selectors",
    [
        None, "x", 7, {}, [], [None], [[]], [{}], [{"type": []}], [{"type": "TextQuoteSelector"}],
        [{"type": "TextQuoteSelector", "exact": 7}], [{"type": "TextQuoteSelector", "exact": "x", "prefix": None}],
        [{"type": "TextPositionSelector", "start": 1, "end": 2}],
        [{"type": "TextQuoteSelector", "exact": "x" * 99_999}],
    ],
    ids=repr,
)  # fmt: skip
def test_junk_is_no_passage(selectors: object):
    assert Passage.from_selectors(selectors) is None


@pytest.mark.parametrize(
    "place", [{"start": True, "end": 2}, {"start": 5, "end": 2}, {"start": "1"}, {"start": -1, "end": 2}]
)
def test_a_place_that_makes_no_sense_is_left_out(place: dict[str, object]):
    selectors = [{"type": "TextQuoteSelector", "exact": "四五"}, {"type": "TextPositionSelector", **place}]
    assert Passage.from_selectors(selectors) == Passage("四五", "", "", 0, 2)


NAMES = st.sampled_from(["type", "exact", "prefix", "start", "end"])
JUNK = st.none() | st.integers() | st.text(max_size=3) | st.just("TextQuoteSelector") | st.just("TextPositionSelector")


@given(st.recursive(JUNK, lambda inner: st.lists(inner) | st.dictionaries(NAMES, inner)))
def test_no_junk_raises(junk: object):
    Passage.from_selectors(junk)


@pytest.mark.parametrize(
    "words", ["有五萬一千人", "青稞今年豐收", "closed for three weeks", "ལམ་ཁ་ཕྱེས་", "公路在週一重新開放"]
)
@pytest.mark.parametrize(
    "edit",
    [
        lambda text: text,
        lambda text: "記者從林業部門獲悉，新造林面積增加。\n" * 20 + text,
        lambda text: text.replace("，", "；").replace("。", "！"),
        lambda text: text.replace(" ", "\n \n"),
        lambda text: "\n".join(reversed(text.split("\n"))),
    ],
    ids=["as it was", "paragraphs before", "other punctuation", "other white space", "moved"],
)
def test_a_passage_is_found_in_a_later_text(words: str, edit: Callable[[str], str]):
    assert solid(found(edit(TEXT), chosen(words)) or "") == solid(words)


def test_a_passage_corrected_in_the_middle_is_what_stands_there_now():
    assert found(TEXT.replace("一千", "七千"), chosen("有五萬一千人")) == "有五萬七千人"
    assert found(TEXT.replace("五萬一千人", "約五萬人"), chosen("五萬一千")) == "約五萬"
    assert found("新的一段。\n" + TEXT.replace("closed", "shut"), chosen("was closed for")) == "was shut for"


def test_a_passage_deleted_is_the_empty_place_where_it_stood():
    text = TEXT.replace("農民說收成比往年好。", "")
    place = text.index("豐收，") + 3
    assert find(text, chosen("農民說收成比往年好。")) == (place, place)
    later = TEXT.replace("在週一重新", "在重新")
    assert found(later + "\n另有週一的事。", chosen("週一")) == ""


def test_a_passage_with_other_surroundings_is_known_by_likeness():
    passage = chosen("山南市的青稞今年豐收，農民說收成比往年好")
    other = "完全不同的一段。\n今天山南市的青稞今年大豐收，農民都說收成比去年好。\n又是不同的一段。"
    assert found(other, passage) == "山南市的青稞今年大豐收，農民都說收成比去年好"


def test_a_passage_that_is_gone_is_not_found():
    assert find("完全不同的一段。\nNothing of it is left here.", chosen("青稞今年豐收")) is None
    assert find("", chosen("青稞今年豐收")) is None
    assert find("甲乙丙", Passage("", "", "", 5, 5)) is None


def test_words_that_stand_there_more_than_once_are_told_apart_by_what_stands_around_them():
    text = "縣長說要修路。鄉長說要修路。村長說要修路。"
    second = text.index("說", 8)
    passage = select(text, second, second + 4, context=6)
    later = "省長說要修路。" + text
    assert find(later, passage) == (second + 7, second + 11)
    same = "要修路。" * 5
    assert find(same, select(same, 8, 12, context=3)) == (8, 12)  # and by their place where these are the same too


@pytest.mark.parametrize(
    ("exact", "prefix", "suffix", "expected"),
    [
        ("五萬一千人", "", "", "五萬一千人"),
        ("活動。\n\n 山南市", "", "", "活動。\n山南市"),
        ("road  over\nthe pass ", "", "", "road over the pass"),
        ("今年", "加了", "的植樹", "今年"),
        ("今年", "山南市的青稞", "豐收", "今年"),
        ("沒有這些字", "", "", None),
        (" \n", "", "", None),
        ("", "", "", None),
        ("x" * 20_000, "", "", None),
        ("\ud800\x00", "", "", None),
    ],
)
def test_what_a_browser_selected_is_anchored(exact: str, prefix: str, suffix: str, expected: str | None):
    passage = quote(TEXT, exact, prefix, suffix)
    assert (passage and passage.exact) == expected
    if passage:
        assert passage == select(TEXT, passage.start, passage.end)


def test_a_selection_is_told_from_the_same_words_elsewhere():
    assert quote(TEXT, "今年", "山南市的青稞", "豐收") == chosen("今年", TEXT) or TEXT.index("今年") < TEXT.rindex(
        "今年"
    )
    passage = quote(TEXT, "今年", "山南市的青稞", "豐收")
    assert TEXT.count("今年") == 2
    assert passage is not None
    assert passage.start == TEXT.rindex("今年")


@given(HTMLS, PLACES, PLACES)
def test_every_passage_is_found_in_its_own_text(html: str, start: int, length: int):
    text = text_layer(html)
    passage = select(text, start % (len(text) + 1), start + length)
    span = find(text, passage)
    if words := passage.exact.strip():
        start = passage.start + passage.exact.index(words)
        assert span == (start, start + len(words))
        selected = quote(text, *(" \n".join(part) for part in (passage.exact, passage.prefix, passage.suffix)))
        assert selected == select(text, *span)


@given(st.text(max_size=60), st.text(max_size=20), st.text(max_size=9), st.text(max_size=9), PLACES)
def test_looking_for_anything_anywhere_never_raises(text: str, exact: str, prefix: str, suffix: str, start: int):
    quote(text, exact, prefix, suffix)
    span = find(text, Passage(exact, prefix, suffix, start, start + len(exact)))
    assert span is None or 0 <= span[0] <= span[1] <= len(text)


@pytest.mark.parametrize(
    ("html", "words", "marked"),
    [
        ("<p>甲乙丙</p>", "乙", "<p>甲[乙](1)丙</p>"),
        ("<p>甲<strong>乙丙</strong>丁</p>", "甲乙", "<p>[甲]<strong>[乙](1)丙</strong>丁</p>"),
        ("<p>甲乙</p><p>丙丁</p>", "乙\n丙", "<p>甲[乙]</p><p>[丙](1)丁</p>"),
        ("<p>R&amp;D &lt;b&gt;</p>", "&D <", "<p>R[&amp;D &lt;](1)b&gt;</p>"),
        ("<ul><li>甲</li> <li>乙</li></ul>", "甲\n乙", "<ul><li>[甲]</li> <li>[乙](1)</li></ul>"),
    ],
)
def test_a_passage_is_marked_in_each_text_that_it_goes_through(html: str, words: str, marked: str):
    start = text_layer(html).index(words)
    assert mark(html, start, start + len(words), opening="[", closing="]", after="(1)") == marked


@pytest.mark.parametrize(
    ("html", "place", "marked"),
    [
        ("<p>甲乙</p><p>丙</p>", 1, "<p>甲(1)乙</p><p>丙</p>"),
        ("<p>甲乙</p><p>丙</p>", 2, "<p>甲乙(1)</p><p>丙</p>"),
        ("<p>甲乙</p><p>丙</p>", 3, "<p>甲乙</p><p>(1)丙</p>"),
        ("<p>甲乙</p><p>丙</p>", 99, "<p>甲乙</p><p>丙(1)</p>"),
        ("<p>&amp;&amp;</p>", 1, "<p>&amp;(1)&amp;</p>"),
        ("", 0, "(1)"),
    ],
)
def test_an_empty_passage_is_a_point(html: str, place: int, marked: str):
    assert mark(html, place, place, opening="[", closing="]", after="(1)") == marked


def as_it_was(html: str) -> str:
    return re.sub("</?mark>|<q></q>", "", html)


@given(HTMLS, PLACES, PLACES)
@example("<p>a</p>\n<p>&amp;</p>", 1, 1)
def test_marking_changes_nothing_but_the_marks(html: str, start: int, length: int):
    marked = mark(html, start, start + length, opening="<mark>", closing="</mark>", after="<q></q>")
    assert as_it_was(marked) == html
    assert marked.count("<q></q>") == 1
    text = text_layer(html)
    inside = "".join(re.findall("<mark>(.*?)</mark>", marked, re.DOTALL))
    assert solid(text_layer(inside)) == solid(text[start : start + length])
    assert text_layer(marked) == text


@given(HTMLS, PLACES, PLACES)
def test_the_marked_text_is_valid_html(html: str, start: int, length: int):
    def parse(source: str) -> None:
        html5lib.HTMLParser(strict=True).parseFragment(source)

    try:
        parse(html)
    except html5lib.html5parser.ParseError:
        assume(False)
    parse(mark(html, start, start + length, opening='<mark class="n">', closing="</mark>", after="<sup>1</sup>"))


@pytest.mark.parametrize(
    ("text", "exact"),
    [
        ("a" * 200_000, "b" + "a" * 9_000),
        ("a" * 200_000, "a"),
        ("ab" * 100_000, "ab" * 4_000 + "c"),
        ("的一" * 100_000, "的二" * 20),
        ("".join(map(chr, range(0x4E00, 0x9000))) * 10, "".join(map(chr, range(0x4E00, 0x7000, 2)))),
    ],
    ids=["one letter", "a letter", "two letters", "a pattern", "every second"],
)
def test_looking_takes_bounded_time(text: str, exact: str):
    started = time.process_time()
    find(text, Passage(exact, "a" * 32, "的" * 32, 100_000, 100_000 + len(exact)))
    quote(text, exact, "a" * passages.MAX_CONTEXT, "的" * 5_000)
    mark(text, 0, 100_000, opening="[", closing="]")
    assert time.process_time() - started < 4


class TestCarried:
    """Into the next edition, by what changed between the two."""

    @pytest.mark.parametrize(
        ("old", "new", "words", "now"),
        [
            ("首班車8時開，末班18時開。", "首班車8時30分開，末班17時開。", "8時開", "8時30分開"),
            ("首班車8時開，末班18時開。", "首班車8時30分開，末班17時開。", "18時", "17時"),
            ("少1班，首班改為8時。", "少1班，首班改為8時30分。", "首班改為8時", "首班改為8時30分"),
            ("共八人到場。", "共十八人到場。", "八人", "十八人"),
            ("甲乙丙丁。", "甲乙丙丁。", "乙丙", "乙丙"),
            ("上午開門。下午關門。", "上午開門。", "下午關門。", ""),
            ("closed for nine nights from Monday", "closed for ten nights from Monday", "nine nights", "ten nights"),
            ("nine", "ten", "nine", "ten"),
        ],
    )
    def test_finds_what_is_right_now(self, old: str, new: str, words: str, now: str):
        place = old.index(words)
        assert carried(old, new, select(old, place, place + len(words))).exact == now

    def test_does_not_swallow_a_text_that_was_written_anew(self):
        old, new = "原文" * 200 + "關鍵的一句話在這裡" + "結尾" * 200, "完全不同的新聞" * 300
        place = old.index("關鍵")
        assert len(carried(old, new, select(old, place, place + 9)).exact) < 200

    @given(st.text("甲乙丙 ab", max_size=40), st.text("甲乙丙 ab", max_size=40), st.data())
    def test_is_always_a_span_of_the_new_text(self, old: str, new: str, data: st.DataObject):
        start = data.draw(st.integers(0, len(old)))
        end = data.draw(st.integers(start, len(old)))
        found = carried(old, new, select(old, start, end))
        assert new[found.start : found.end] == found.exact
