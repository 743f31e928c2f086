"""What an editor sees of a change: as little as changed, and all of it."""

import random
import re
import time
from collections.abc import Iterable
from itertools import pairwise

import html5lib
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from articles.language import markup
from articles.language.differences import Piece, changed_blocks, compare, compare_html, tokens
from articles.language.markup import clean

WORDS = st.sampled_from(
    [
        "西藏",
        "五萬一千人",
        "。",
        "，",
        "的",
        "བོད་",
        "ཡིག",
        "།",
        "roads",
        "don't",
        "1,234.5",
        " ",
        "\n",
        "é",
        "👩‍🌾",
        "🇨🇳",
        "e\u0301",
    ]
)
TEXTS = st.lists(WORDS | st.text(max_size=4), max_size=14).map("".join)
HTML_PIECES = st.sampled_from([
    "<p>", "</p>", "<h2>", "</h2>", "<strong>", "</strong>", "<em>", "</em>", '<a href="/x">', '<a href="/y">', "</a>",
    '<figure data-picture="1">', '<figure data-picture="2">', "<figcaption>", "</figcaption>", "</figure>", "<ul>",
    "<ol start=3>", "<li>", "</li>", "</ul>", "<blockquote>", "</blockquote>", "<table><tr><td>", "<td colspan=2>",
    "<th>", "<tr>", "<thead>", "</table>", "<br>", '<span lang="bo">', "</span>", "&amp;", "&nbsp;", "&lt;del&gt;",
    "<p lang=bo>",
])  # fmt: skip
HTMLS = st.lists(HTML_PIECES | WORDS | st.text(max_size=4), max_size=16).map("".join).map(clean)

STORY = (
    '<h2>春耕</h2><p>自治區有五萬一千人參加，見<a href="/a?b=1&amp;c=2">報告</a>。</p>'
    "<ul><li>青稞與小麥</li><li>油菜</li></ul>"
    "<blockquote><p>「我們<strong>都去</strong>。」</p></blockquote><p>Roads reopened on Monday.</p>"
    '<figure data-picture="12"><figcaption>拉薩河畔</figcaption></figure>'
    "<table><tbody><tr><th>縣</th><th>人</th></tr><tr><td>隆子</td><td>1,200</td></tr></tbody></table>"
)


def told(old: str, new: str) -> list[tuple[str, str]]:
    return [(piece.kind, piece.text) for piece in compare(old, new)]


def letters(html: str) -> str:
    return "".join(markup.text_of(html).split())


LABEL = r'<span class="mark-(?:label|address)">[^<]*</span>'


def as_it_is(html: str) -> str:
    return letters(re.sub(rf"<del.*?</del>|{LABEL}", "", html, flags=re.DOTALL))


def as_it_was(html: str) -> str:
    return letters(re.sub(rf"<ins.*?</ins>|{LABEL}", "", html, flags=re.DOTALL))


def is_valid(html: str) -> bool:
    try:
        html5lib.HTMLParser(strict=True).parseFragment(html)
    except html5lib.html5parser.ParseError:
        return False
    return True


@pytest.mark.parametrize(
    ("old", "new", "pieces"),
    [
        (
            "自治區有五萬一千人參加了今年活動",
            "自治區有五萬七千人參加了今年活動",
            [("same", "自治區有五萬"), ("old", "一"), ("new", "七"), ("same", "千人參加了今年活動")],
        ),
        (
            "It cost 1,234.5 yuan.",
            "It cost 1,243.5 yuan.",
            [("same", "It cost "), ("old", "1,234.5"), ("new", "1,243.5"), ("same", " yuan.")],
        ),
        (
            "The road is open.",
            "The pass is open.",
            [("same", "The "), ("old", "road"), ("new", "pass"), ("same", " is open.")],
        ),
        ("བོད་ལྗོངས་ཀྱི་ལམ།", "བོད་ལྗོངས་ཀྱིས་ལམ།", [("same", "བོད་ལྗོངས་"), ("old", "ཀྱི་"), ("new", "ཀྱིས་"), ("same", "ལམ།")]),
        (
            "山南市Lhoka有3座水庫",
            "山南市Lhokha有5座水庫",
            [
                ("same", "山南市"),
                ("old", "Lhoka"),
                ("new", "Lhokha"),
                ("same", "有"),
                ("old", "3"),
                ("new", "5"),
                ("same", "座水庫"),
            ],
        ),
        ("西藏自治区", "西藏自治區", [("same", "西藏自治"), ("old", "区"), ("new", "區")]),
        ("你好,世界", "你好，世界", [("same", "你好"), ("old", ","), ("new", "，"), ("same", "世界")]),
        ("路已通。", "路已通。車也通了。", [("same", "路已通。"), ("new", "車也通了。")]),
        (
            "他說好。他走了。",
            "他說好。他說不。他走了。",
            [("same", "他說好。"), ("new", "他說不。"), ("same", "他走了。")],
        ),
        (
            "昨天，上海",
            "今日，北京",
            [("old", "昨天"), ("new", "今日"), ("same", "，"), ("old", "上海"), ("new", "北京")],
        ),
        (
            "五萬一千",
            "六萬二千",
            [("old", "五"), ("new", "六"), ("same", "萬"), ("old", "一"), ("new", "二"), ("same", "千")],
        ),
        (
            "We took the quick brown horse.",
            "We took the slow white horse.",
            [("same", "We took the "), ("old", "quick brown"), ("new", "slow white"), ("same", " horse.")],
        ),
        ("同", "同", [("same", "同")]),
        ("", "新", [("new", "新")]),
        ("", "", []),
    ],
)
def test_a_change_is_told_as_small_as_it_is(old: str, new: str, pieces: list[tuple[str, str]]):
    assert told(old, new) == pieces


def test_a_sentence_written_anew_is_not_cut_up_around_a_word_it_shares_by_chance():
    assert told("會議由縣委書記主持的昨日在拉薩開幕", "記者從林業部門獲悉的今年新造林面積")[0] == (
        "old",
        "會議由縣委書記主持的昨日在拉薩開幕",
    )
    assert told("報告：縣醫院擴建的工程延期。", "報告：新學校食堂的菜單公布。") == [
        ("same", "報告："), ("old", "縣醫院擴建的工程延期"), ("new", "新學校食堂的菜單公布"), ("same", "。"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("五千人", ["五", "千", "人"]),
        ("カタカナ한글", ["カ", "タ", "カ", "ナ", "한", "글"]),
        ("བོད་ཡིག།", ["བོད་", "ཡིག", "།"]),
        ("don’t re-open 12,345.6.", ["don’t", " ", "re-open", " ", "12,345.6", "."]),
        ("2024年 \n 3%", ["2024", "年", " \n ", "3", "%"]),
        ("👩‍🌾🇨🇳🇳🇵👍🏽", ["👩‍🌾", "🇨🇳", "🇳🇵", "👍🏽"]),
        ("e\u0301te\u0301 ने", ["e\u0301te\u0301", " ", "ने"]),
    ],
)
def test_what_is_compared_as_one(text: str, cut: list[str]):
    assert tokens(text) == cut


@given(TEXTS, TEXTS)
def test_the_two_texts_stand_in_the_comparison_letter_for_letter(old: str, new: str):
    pieces = compare(old, new)
    assert "".join(piece.text for piece in pieces if piece.kind != "new") == old
    assert "".join(piece.text for piece in pieces if piece.kind != "old") == new
    assert all(piece.text for piece in pieces)
    assert all(a.kind != b.kind and (a.kind, b.kind) != ("new", "old") for a, b in pairwise(pieces))


@given(TEXTS)
def test_equal_texts_have_nothing_marked(text: str):
    assert compare(text, text) == ([Piece("same", text)] if text else [])


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("<p>五萬一千人</p>", "<p>五萬七千人</p>", '<p>五萬<del class="was">一</del><ins class="now">七</ins>千人</p>'),
        (
            "<p>這是<strong>重點</strong>。</p>",
            "<p>這是重點。</p>",
            '<p>這是<del class="was"><strong>重點</strong></del><ins class="now">重點</ins>。</p>',
        ),
        (
            '<p>見<a href="/a">報告</a>。</p>',
            '<p>見<a href="/b?c&amp;d">報告</a>。</p>',
            '<p>見<del class="was"><a href="/a">報告</a><span class="mark-address"> (/a)</span></del>'
            '<ins class="now"><a href="/b?c&amp;d">報告</a><span class="mark-address"> (/b?c&amp;d)</span></ins>。</p>',
        ),
        (
            '<p><a href="/a">年度報告</a></p>',
            '<p><a href="/a">年終報告</a></p>',
            '<p><a href="/a">年</a><del class="was"><a href="/a">度</a></del><ins class="now"><a href="/a">終</a></ins>'
            '<a href="/a">報告</a></p>',
        ),
        (
            "<h2>春耕</h2>",
            "<p>春耕</p>",
            '<h2 class="block-old"><del class="was">春耕</del></h2>'
            '<p class="block-new"><ins class="now">春耕</ins></p>',
        ),
        (
            "<ul><li>甲</li></ul>",
            "<ul><li>甲</li><li>乙</li></ul>",
            '<ul><li>甲</li><li class="block-new"><ins class="now">乙</ins></li></ul>',
        ),
        (
            "<table><tbody><tr><td>隆子</td><td>1</td></tr></tbody></table>",
            "<table><tbody><tr><td>隆子</td><td>2</td></tr></tbody></table>",
            '<table><tbody><tr><td>隆子</td><td><del class="was">1</del><ins class="now">2</ins></td></tr>'
            "</tbody></table>",
        ),
        (
            "<table><tbody><tr><td>甲</td></tr></tbody></table>",
            '<table><tbody><tr><td colspan="2">甲</td></tr></tbody></table>',
            '<table><tbody><tr><td class="block-new" colspan="2">'
            '<del class="was">甲</del><ins class="now">甲</ins></td></tr></tbody></table>',
        ),
        (
            '<figure data-picture="1"><figcaption>河畔</figcaption></figure>',
            '<figure data-picture="1"><figcaption>湖畔</figcaption></figure>',
            '<figure data-picture="1"><figcaption><del class="was">河</del><ins class="now">湖</ins>畔</figcaption>'
            "</figure>",
        ),
        (
            '<figure data-picture="1"></figure>',
            '<figure data-picture="2"></figure>',
            '<div class="figure-old"><figure data-picture="1"></figure></div>'
            '<div class="figure-new"><figure data-picture="2"></figure></div>',
        ),
        (
            "<p>甲一二三。</p><p>乙四五六。</p>",
            "<p>乙四五六。</p><p>甲一二三。</p>",
            '<p class="block-old"><del class="was">甲一二三。</del></p><p>乙四五六。</p>'
            '<p class="block-new"><ins class="now">甲一二三。</ins></p>',
        ),
        ("<p>甲<br>乙</p>", "<p>甲乙</p>", '<p>甲<del class="was"><br></del>乙</p>'),
        ("<p>甲</p>\n<p>乙\n丙</p>", "<p>甲</p><p>乙 丙</p>", "<p>甲</p><p>乙 丙</p>"),
        ("短標題", "短的標題", '短<ins class="now">的</ins>標題'),
    ],
)
def test_a_change_is_shown_where_it_is(old: str, new: str, shown: str):
    assert compare_html(clean(old), clean(new)) == shown


def test_marks_begin_with_a_word_for_readers_who_do_not_see_colours():
    shown = compare_html("<p>五萬一千人</p>", "<p>五萬七千人</p>", removed="原為 <", added="現為")
    assert '<del class="was"><span class="mark-label">原為 &lt;</span>一</del>' in shown
    assert '<ins class="now"><span class="mark-label">現為</span>七</ins>' in shown


def test_figures_are_written_by_the_caller():
    old = '<p>甲</p><figure data-picture="1"><figcaption>河畔</figcaption></figure><figure data-picture="2"></figure>'
    new = '<p>甲</p><figure data-picture="1"><figcaption>湖畔</figcaption></figure><figure data-picture="3"></figure>'
    assert compare_html(old, new, figure=lambda key, caption, credit: f"[{key}:{caption}{credit}]") == (
        '<p>甲</p>[1:<del class="was">河</del><ins class="now">湖</ins>畔]'
        '<div class="figure-old">[2:]</div><div class="figure-new">[3:]</div>'
    )


def test_a_paragraph_put_in_before_others_leaves_them_as_they_are():
    old = "<p>青稞今年的收成比往年好。</p><p>公路在週一重新開放。</p>"
    new = "<p>縣裡昨日開會。</p><p>青稞今年的收成比去年好。</p><p>公路在週一重新開放。</p>"
    assert compare_html(old, new) == (
        '<p class="block-new"><ins class="now">縣裡昨日開會。</ins></p>'
        '<p>青稞今年的收成比<del class="was">往</del><ins class="now">去</ins>年好。</p><p>公路在週一重新開放。</p>'
    )


LINES = [
    "縣裡的青稞今年比往年早熟一個星期，合作社借了六台收割機。",
    "公路養護隊在山口撤了路障，班車從週一起照常開。",
    "圖書館添了八百本書，晚上開放到八點半。",
    "學校的合唱隊到拉薩唱了三首歌，評審說節拍很準。",
    "溫室用地熱過冬，黃瓜一月就能上市。",
]


@pytest.mark.parametrize("moved", [0, 2, 4])
def test_where_one_paragraph_was_moved_and_all_others_edited_the_edits_are_shown(moved: int):
    rest = [line for line in LINES if line != LINES[moved]]
    edited = [line.replace("，", "，聽說", 1) for line in rest]
    shown = [line.replace("，", '，<ins class="now">聽說</ins>', 1) for line in rest]
    for place in {0, 4} - {moved}:
        new = [*edited[:place], LINES[moved], *edited[place:]]
        compared = compare_html(_paragraphs(LINES), _paragraphs(new))
        assert [line for line in shown if f"<p>{line}</p>" not in compared] == []
        assert f'<p class="block-old"><del class="was">{LINES[moved]}</del></p>' in compared
        assert f'<p class="block-new"><ins class="now">{LINES[moved]}</ins></p>' in compared


def test_a_long_story_with_one_paragraph_moved_and_all_others_edited_is_compared_fast():
    lines = [f"{number}：{line}" for number in range(26) for line in LINES]
    new = [*(line.replace("，", "，聽說", 1) for line in lines[1:]), lines[0]]
    started = time.process_time()
    assert compare_html(_paragraphs(lines), _paragraphs(new)).count("block-") == 2
    assert time.process_time() - started < 2


def test_only_what_changed_can_be_shown_with_what_stands_around_it():
    old = "".join(f"<p>第{number}段說的是另一件事。</p>" for number in "一二三四五六七")
    new = old.replace("第四段說", "第四段講")
    changed = '<p>第四段<del class="was">說</del><ins class="now">講</ins>的是另一件事。</p>'
    gap = '<p class="gap">…</p>'
    assert changed_blocks(old, new) == gap + changed + gap
    assert changed_blocks(old, new, context=1) == (
        f"{gap}<p>第三段說的是另一件事。</p>{changed}<p>第五段說的是另一件事。</p>{gap}"
    )
    assert changed_blocks(old, old) == ""


@given(HTMLS, HTMLS)
@example(
    clean("<ul><li><p>a</p>b</ul><strong><p>c</p></strong>"), clean("<strong><p>d</p></strong><ul><li><p>a</p>b2</ul>")
)
def test_both_texts_can_be_read_in_the_marked_page(old: str, new: str):
    shown = compare_html(old, new, removed="old", added="new")
    assert as_it_is(shown) == letters(new)
    assert as_it_was(shown) == letters(old)


@given(HTMLS, HTMLS)
def test_the_marked_page_is_valid_html(old: str, new: str):
    assume(is_valid(old) and is_valid(new))
    for shown in (compare_html(old, new, removed="old", added="new"), changed_blocks(old, new)):
        assert is_valid(shown), shown


@given(HTMLS)
def test_equal_stories_have_no_marks(html: str):
    shown = compare_html(html, html, removed="old", added="new")
    assert not re.search("<ins|<del|block-|figure-|mark-", shown)
    assert letters(shown) == letters(html)


@pytest.mark.parametrize("seed", range(20))
def test_no_edit_goes_unseen(seed: int):
    chance = random.Random(seed)
    places = [place.start() for place in re.finditer(r"[\w。，]", STORY) if in_text(place.start())]
    at = chance.choice(places)
    edited = STORY[:at] + chance.choice(["", "改", "x", "。", "<strong>改</strong>"]) + STORY[at + 1 :]
    assert re.search('class="(was|now)"', compare_html(STORY, clean(edited))), edited


def in_text(place: int) -> bool:
    return STORY.rfind("<", 0, place) <= STORY.rfind(">", 0, place) and STORY[place - 4 : place + 4].count("amp") == 0


FIGURE = '<figure data-picture="12"><figcaption>拉薩河畔</figcaption></figure>'


@pytest.mark.parametrize(
    ("part", "other"),
    [
        ("</h2>", "</h2><p>新</p>"),
        ("<li>油菜</li>", ""),
        ("<strong>都去</strong>", "<em>都去</em>"),
        ("/a?b=1&amp;c=2", "/a"),
        ('data-picture="12"', 'data-picture="13"'),
        (FIGURE, ""),
        ("<figcaption>拉薩河畔</figcaption>", ""),
        ("ul>", "ol>"),
        ("<th>人</th>", "<td>人</td>"),
        ("<tr><td>隆子</td><td>1,200</td></tr>", ""),
        ("<td>1,200</td>", '<td rowspan="2">1,200</td>'),
        ("<blockquote><p>", "<p>"),
        ("<p>Roads", '<p lang="en">Roads'),
        (STORY, ""),
    ],
)
def test_no_change_of_form_goes_unseen(part: str, other: str):
    edited = clean(STORY.replace(part, other))
    assert edited != STORY
    for pair in ((STORY, edited), (edited, STORY)):
        assert re.search('class="(was|now|figure-new|figure-old)"', compare_html(*pair))


def _deep(text: str) -> str:
    return "<blockquote>" * 2000 + f"<p>{text}</p>" + "</blockquote>" * 2000


MANY = [chr(0x4E00 + number % 20000) for number in range(200_000)]


def _paragraphs(texts: Iterable[str]) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def _linked(text: str) -> str:
    return f'<p><a href="/{"x" * 90_000}">{text}</a></p>'


def _drawn(seed: int) -> str:
    return "".join(random.Random(seed).sample(MANY, 1000))


HOSTILE = {
    "one moved, the others edited": (
        _paragraphs(_drawn(seed) for seed in range(150)),
        _paragraphs([*("甲" + _drawn(seed) for seed in range(1, 150)), _drawn(0)]),
    ),
    "one character": (_paragraphs(["的" * 200_000]), _paragraphs(["的" * 199_000])),
    "one and another": (_paragraphs(["的" * 11_000]), _paragraphs(["的一" * 5_500])),
    "all different": (_paragraphs(["".join(MANY)]), _paragraphs(["".join(reversed(MANY))])),
    "tiny paragraphs": (_paragraphs(MANY[:25_000]), _paragraphs(MANY[24_999::-1])),
    "pairs of paragraphs": (
        _paragraphs(a + "同同" for a in MANY[:15_000]),
        _paragraphs(a + "異" for a in MANY[:15_000]),
    ),
    "large paragraphs": (_paragraphs(map(_drawn, range(199))), _paragraphs(map(_drawn, range(500, 699)))),
    "deep": (_deep("甲" * 1000), _deep("乙" * 1000)),
    "deep in lists": ("<ul><li>甲" * 2000 + "甲" * 50_000, "<ul><li>甲" * 2000 + "乙" * 50_000),
    "deep in words": ("<p>" + "<strong>" * 9000 + "甲", "<p>" + "<em>" * 9000 + "甲"),
    "a long address": (_linked("甲乙" * 9000), _linked("甲丙" * 9000)),
    "spaces": ("<p>" + "a " * 50_000, "<p>" + " b" * 50_000),
    "tags": ("<p>" + "<em>a</em>b" * 15_000, "<p>" + "<strong>a</strong>b" * 15_000),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_stories_are_compared_in_bounded_time(name: str):
    old, new = (clean(html) for html in HOSTILE[name])
    started = time.process_time()
    shown = compare_html(old, new)
    assert time.process_time() - started < 4
    assert len(shown) < 10_000_000
    assert as_it_is(shown) == letters(new)


def test_large_lines_are_compared_in_bounded_time():
    started = time.process_time()
    assert len(compare("".join(MANY), "".join(reversed(MANY)))) >= 2
    assert time.process_time() - started < 4
