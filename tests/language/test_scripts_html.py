"""Pages from one Chinese script to another: what is converted, what never, and that everything else stays as it was."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.language.scripts import convert, convert_html

HANS, TW, HK = "zh-Hans", "zh-Hant-TW", "zh-Hant-HK"

CASES = {
    # Words across inline tags
    "a word in two tags": ("理<b>发</b>店", "理<b>髮</b>店"),
    "a word before a tag": ("系<em>统</em>", "系<em>統</em>"),
    "a word behind a tag": ("<strong>面</strong>包", "<strong>麵</strong>包"),
    "a word in three tags": ("<b>头</b><i>发<u></u></i>长", "<b>頭</b><i>髮<u></u></i>長"),
    "a link": ('<a href="/发">里</a>程', '<a href="/发">里</a>程'),
    "a comment in a word": ("头<!-- 发 -->发", "頭<!-- 发 -->髮"),
    "a word that may break": ("头<wbr>发", "頭<wbr>髮"),
    "ruby": ("<ruby>头<rt>tóu</rt>发<rt>fà</rt></ruby>", "<ruby>頭<rt>tóu</rt>髮<rt>fà</rt></ruby>"),
    "ruby in Chinese": (
        "<ruby>头<rp>(</rp><rt>后面</rt><rp>)</rp>发</ruby>",
        "<ruby>頭<rp>(</rp><rt>後面</rt><rp>)</rp>髮</ruby>",
    ),
    "a title between": ('头<b title="后面">发</b>', '頭<b title="後面">髮</b>'),
    # Blocks
    "paragraphs part words": ("<p>头</p><p>发放</p>", "<p>頭</p><p>發放</p>"),
    "cells part words": ("<td>头</td><td>发放</td>", "<td>頭</td><td>發放</td>"),
    "items without ends": ("<ul><li>头<li>发放</ul>", "<ul><li>頭<li>發放</ul>"),
    "a line break parts words": ("头<br>发放", "頭<br>發放"),
    "a rule parts words": ("头<hr/>发放", "頭<hr/>發放"),
    "a caption": (
        "<figure>头<figcaption>发放</figcaption></figure>",
        "<figure>頭<figcaption>發放</figcaption></figure>",
    ),
    "options": ("<option>头<option>发放", "<option>頭<option>發放"),
    "a soft hyphen in a word": ("头&shy;发，头\xad发", "頭&shy;髮，頭\xad髮"),
    "joints of no width": (
        "理&#8203;发\u200b店\u200d&zwnj;<b title='头&NoBreak;发'>&shy;头</b>发",
        "理&#8203;髮\u200b店\u200d&zwnj;<b title='頭&NoBreak;髮'>&shy;頭</b>髮",
    ),
    "nothing but a soft hyphen": ("<p>&shy;</p>\u2060<p>头</p>发放", "<p>&shy;</p>\u2060<p>頭</p>發放"),
    "an address before a joint": ("https://example.com/\u200b头发", "https://example.com/\u200b頭髮"),
    "a picture parts words": ('头<img src="发">发', '頭<img src="发">發'),
    "a title": ("<title>头发</title>里", "<title>頭髮</title>裡"),
    "a title with a tag": ("<title>头<b>发</title>面条", "<title>頭<b>發</title>麵條"),
    # Attributes
    "alt": ('<img alt="头发">', '<img alt="頭髮">'),
    "alt in single quotes": ("<img alt='头发'>", "<img alt='頭髮'>"),
    "alt without quotes": ("<img alt=头发>", "<img alt=頭髮>"),
    "title and label": ('<a title="里面" aria-label="后面">发</a>', '<a title="裡面" aria-label="後面">發</a>'),
    "placeholder": (
        '<input placeholder="发现" value="发现" name="发">',
        '<input placeholder="發現" value="发现" name="发">',
    ),
    "upper case": ('<IMG ALT="头发" SRC="发">', '<IMG ALT="頭髮" SRC="发">'),
    "description": ('<meta name="description" content="头发">', '<meta name="description" content="頭髮">'),
    "open graph": ('<meta content="头发" property="og:title">', '<meta content="頭髮" property="og:title">'),
    "og:url": ('<meta property="og:url" content="/头发">', '<meta property="og:url" content="/头发">'),
    "another meta": ('<meta name="token" content="头发">', '<meta name="token" content="头发">'),
    "addresses": (
        '<img src="头" srcset="头 2x" id="发" class="里">',
        '<img src="头" srcset="头 2x" id="发" class="里">',
    ),
    "data": ('<p data-x="头" datetime="发" style="里">里</p>', '<p data-x="头" datetime="发" style="里">裡</p>'),
    "a sign in a value": ('<a title="a>头发">里</a>', '<a title="a>頭髮">裡</a>'),
    "a value over lines": ('<a\n title = "头\n发"\n>里</a\n>', '<a\n title = "頭\n發"\n>裡</a\n>'),
    "no value": ("<a title>里</a>", "<a title>裡</a>"),
    # References
    "references stay": ("头发&amp;里&nbsp;&lt;b&gt;&hellip;", "頭髮&amp;裡&nbsp;&lt;b&gt;&hellip;"),
    "a character as a reference": ("头&#21457;", "頭髮"),
    "one that stays": ("&#x5C71;里", "&#x5C71;裡"),
    "in a value": ('<a title="&quot;头发&quot; &amp; &#37324;">里</a>', '<a title="&quot;頭髮&quot; &amp; 裡">裡</a>'),
    "a bare sign": ("头发 & 里 < 3 &foo; &", "頭髮 & 裡 < 3 &foo; &"),
    "references of nothing": ("&#0;&#xD800;&#99999999;头发", "&#0;&#xD800;&#99999999;頭髮"),
    # Languages
    "another language": ('<p lang="ja">発</p><i lang="en">发</i>发', '<p lang="ja">発</p><i lang="en">发</i>發'),
    "Tibetan": ('<p>头<span lang="bo">发</span>发</p>', '<p>頭<span lang="bo">发</span>發</p>'),
    "the other script": ('<q lang="zh-Hant">发</q>发', '<q lang="zh-Hant">发</q>發'),
    "the other script by region": ('<q lang="zh-TW">发</q>发', '<q lang="zh-TW">发</q>發'),
    "its own script": ('<html lang="zh-Hans"><p lang=zh-CN>发', '<html lang="zh-Hant-TW"><p lang=zh-Hant-TW>發'),
    "Chinese of no script": ("<p lang='zh'>发", "<p lang='zh-Hant-TW'>發"),
    "its own within another": (
        '<p lang="en">发<q lang="zh-Hans">发</q>发',
        '<p lang="en">发<q lang="zh-Hant-TW">發</q>发',
    ),
    "xml": ('<p xml:lang="zh-Hans">发', '<p xml:lang="zh-Hant-TW">發'),
    "no language": ('<p lang="">发</p>发', '<p lang="">发</p>發'),
    "a value in another language": ('<img lang="en" alt="发">', '<img lang="en" alt="发">'),
    "a list item in another language, left open": ('<li lang="en">发<li>发', '<li lang="en">发<li>發'),
    "a paragraph in another language, left open": ('<p lang="en">发<p>发', '<p lang="en">发<p>發'),
    "a span in another language, left open": ('<p><span lang="en">发</p><p>发', '<p><span lang="en">发</p><p>發'),
    "a cell in another language, left open": ('<tr><td lang="en">发<tr><td>发', '<tr><td lang="en">发<tr><td>發'),
    "an end that was never begun": ('<i lang="en">发</b>发</i>发', '<i lang="en">发</b>发</i>發'),
    # Not for translation
    "translate": (
        '<b translate="no">发<i translate="yes">发</i></b>发',
        '<b translate="no">发<i translate="yes">發</i></b>發',
    ),
    "notranslate": ('<b class="x notranslate" title="发">发</b>发', '<b class="x notranslate" title="发">发</b>發'),
    "code": ("头<code>发</code>发", "頭<code>发</code>發"),
    "code within code": ("<pre>发<code>发</code>发</pre>发", "<pre>发<code>发</code>发</pre>發"),
    "keys and more": ("<kbd>发</kbd><samp>发</samp><var>发</var>", "<kbd>发</kbd><samp>发</samp><var>发</var>"),
    "a text area": ("<textarea>发<b></textarea>发", "<textarea>发<b></textarea>發"),
    "a script": ("<script>'<p>发</p>'</script>发", "<script>'<p>发</p>'</script>發"),
    "a style": ("<style>发<p></STYLE >发", "<style>发<p></STYLE >發"),
    "comments": ("<!--发--->发<!-->发<!doctype 发>发<?xml 发?>发", "<!--发--->發<!-->發<!doctype 发>發<?xml 发?>發"),
    # Addresses in running text
    "an address": ("<p>见https://example.com/头发，头发", "<p>見https://example.com/头发，頭髮"),
    "an address before a link": ("https://example.com/<a>头发</a>", "https://example.com/<a>頭髮</a>"),
    "an address that may break": ("https://example.com/<wbr>头发", "https://example.com/<wbr>头发"),
    "an address in a link": ("<a>https://example.com/发</a>发", "<a>https://example.com/发</a>發"),
    # Broken pages
    "cut in a tag": ('发<p title="发', '發<p title="发'),
    "cut in a comment": ("发<!-- 发", "發<!-- 发"),
    "cut in a script": ("发<script>发", "發<script>发"),
    "cut in an end": ("发</p 发", "發</p 发"),
    "cut in a reference": ("发&#2145", "發&#2145"),
    "signs of nothing": ("发<>发</>发< p>发<3", "發<>發</>發< p>發<3"),
    "quotation marks in a name": ('<p a"b>发</p>', '<p a"b>發</p>'),
    "nothing": ("", ""),
    "no tags": ("于老师的头发", "于老師的頭髮"),
}


def test_there_are_cases_enough():
    assert len(CASES) >= 60


@pytest.mark.parametrize(("given", "wanted"), CASES.values(), ids=CASES)
def test_a_page_is_converted(given: str, wanted: str):
    assert convert_html(given, HANS, TW) == wanted


@pytest.mark.parametrize(("given", "wanted"), CASES.values(), ids=CASES)
def test_a_page_in_the_same_script_is_left_alone(given: str, wanted: str):
    assert convert_html(given, HANS, "zh-CN") == given


def test_the_regions_differ():
    page = '<p lang="zh-Hant-TW">裡<b>面</b><i lang="zh-Hans">里</i><i lang="zh-Hant">裡</i></p>'
    assert convert_html(page, TW, HK) == (
        '<p lang="zh-Hant-HK">裏<b>面</b><i lang="zh-Hans">里</i><i lang="zh-Hant-HK">裏</i></p>'
    )
    assert convert_html('<p lang="zh-HK">裏</p>', TW, HK) == '<p lang="zh-HK">裏</p>'


def test_both_regions_are_the_source_of_simplified():
    page = '<p lang="zh-Hant">裡<i lang="zh-HK">裏</i><i lang="zh-Hans">里</i></p>'
    assert convert_html(page, TW, HANS) == '<p lang="zh-Hans">里<i lang="zh-Hans">里</i><i lang="zh-Hans">里</i></p>'


def test_a_tag_without_a_region_stays_without():
    assert convert_html('<p lang="zh-Hans">发</p>', HANS, "zh-Hant") == '<p lang="zh-Hant">發</p>'


def test_another_tag_is_refused():
    with pytest.raises(ValueError, match="written form"):
        convert_html("<p>", "zh", TW)


# The glossary -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "name", "became", "wanted"),
    [
        ("<p>奥<b>巴马</b>说", "奥巴马", "歐巴馬", "<p>歐<b>巴馬</b>說"),
        ("<p>特<b>朗普</b>说", "特朗普", "川普", "<p>川<b>普</b>說"),
        ("<p>特<b>朗</b>普说", "特朗普", "川普", "<p>川<b>普</b>說"),
        ("<p>新<b>西兰</b>说", "新西兰", "紐西蘭共和國", "<p>紐<b>西蘭共和國</b>說"),
        ("<p>甲<i>里根</i>乙<b>发</b>", "里根", "雷根總統", "<p>甲<i>雷根總統</i>乙<b>發</b>"),
        ("<p>头<i>里根</i>发", "里根", "", "<p>頭<i></i>發"),
        ("<p>AT&amp;T中国发", "AT&T中国", "AT&T中国", "<p>AT&amp;T中国發"),
        ("<p>AT&amp;T发", "AT&T", "A<T", "<p>A&lt;T發"),
        ("<p>甲公司发", "甲公司", "甲&乙", "<p>甲&amp;乙發"),
        ('<img alt="甲公司发">', "甲公司", '甲"乙', '<img alt="甲&quot;乙發">'),
        ("<p>于&#23567;梅发", "于小梅", "于小梅", "<p>于&#23567;梅發"),
        ("<p>甲</p><p>乙发", "甲乙", "丙", "<p>甲</p><p>乙發"),
        ('<i lang="en">甲</i>甲', "甲", "丙", '<i lang="en">甲</i>丙'),
    ],
)
def test_a_name_of_another_length_is_parted_where_it_was(given: str, name: str, became: str, wanted: str):
    assert convert_html(given, HANS, TW, [(name, became)]) == wanted


@pytest.mark.parametrize("became", ["新 西 onload=x", 'x\t"y', ""])
def test_a_name_breaks_no_value_that_stands_without_quotation_marks(became: str):
    class Seen(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            assert attrs == [("alt", became), ("title", "髮")]

    page = convert_html("<img alt=新西兰 title=发型>", HANS, TW, [("新西兰", became), ("发型", "髮")])
    assert page.endswith(" title=髮>")
    Seen().feed(page)


def test_many_names_of_other_lengths_keep_everything_in_place():
    page = "".join(f"<p>头<b>里根</b>发{number}<i>特</i>朗普发</p>" for number in range(200))
    wanted = "".join(f"<p>頭<b>雷根氏</b>發{number}<i>川</i>普發</p>" for number in range(200))
    assert convert_html(page, HANS, TW, [("里根", "雷根氏"), ("特朗普", "川普")]) == wanted


# Quotation marks ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("<p>“他说<b>‘走’</b>吗？”</p>", "<p>「他說<b>『走』</b>嗎？」</p>"),
        ("<p>“<i>甲</i>”与“<i lang='en'>It’s</i>”</p>", "<p>「<i>甲</i>」與「<i lang='en'>It’s</i>」</p>"),
        ('<p>见<q lang="en">He said “yes”</q></p>', '<p>見<q lang="en">He said “yes”</q></p>'),
        ("<p>“甲</p><p>乙”</p>", "<p>「甲</p><p>乙」</p>"),
        ("<p>“甲<br>乙”</p>", "<p>「甲<br>乙」</p>"),
        ("<p>运行“<code>a “b”</code>”命令</p>", "<p>運行「<code>a “b”</code>」命令</p>"),
        ('<img alt="“甲”">', '<img alt="「甲」">'),
        ("<p>It’s “so”</p>", "<p>It’s “so”</p>"),
        ("<p>&ldquo;甲&rdquo;</p>", "<p>「甲」</p>"),
    ],
)
def test_quotation_marks_turn_in_a_page(given: str, wanted: str):
    assert convert_html(given, HANS, TW, quotes=True) == wanted


# Properties ---------------------------------------------------------------------------------------------------------


class Reader(HTMLParser):
    """The tags and texts of a page, as the standard library reads them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[object] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, [name for name, _ in attributes]))

    def handle_endtag(self, tag: str) -> None:
        self.tags.append(tag)

    def handle_data(self, text: str) -> None:
        self.texts.append(text)


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader


PIECES = [
    "<p>",
    "</p>",
    "<b>",
    "</b>",
    "<i lang='en'>",
    "</i>",
    "<br>",
    "<li>",
    "<code>",
    "</code>",
    '<a title="头发">',
    "</a>",
    "头",
    "发",
    "理发店",
    "里面",
    "后",
    "&amp;",
    "&#21457;",
    " ",
    "a",
    "<td>",
    "3只",
    "于老师",
]
SCRAPS = [
    "<",
    ">",
    "/",
    "!",
    "-",
    "--",
    "<!--",
    "-->",
    "<p",
    "<a ",
    "title",
    "=",
    '"',
    "'",
    " ",
    "\n",
    "发",
    "头",
    "&",
    "#",
    ";",
    "<script>",
    "</script>",
    "<textarea",
    "</",
    "lang=en",
    "\0",
    "\ud800",
    "\ue000",
    "</title>",
    "<title>",
    "<![CDATA[",
    "]]>",
    "translate=no",
    "<plaintext>",
    "&#21457;",
    "x",
]


@given(st.lists(st.sampled_from(PIECES), max_size=30))
def test_tags_stay_and_texts_keep_their_length(pieces: list[str]):
    page = "".join(pieces)
    before, after = read(page), read(convert_html(page, HANS, TW))
    assert before.tags == after.tags
    assert [len(text) for text in before.texts] == [len(text) for text in after.texts]


@given(st.lists(st.sampled_from(SCRAPS), max_size=40))
def test_no_page_is_too_unclean(scraps: list[str]):
    page = "".join(scraps)
    converted = convert_html(page, HANS, HK, [("头发", "髮")], quotes=True)
    kept = re.compile("[<>\0\ud800\ue000]")
    assert kept.findall(converted) == kept.findall(page)
    assert convert_html(page, HANS, HANS) == page


@given(st.lists(st.sampled_from(SCRAPS), max_size=40))
def test_a_page_without_chinese_comes_out_byte_for_byte(scraps: list[str]):
    page = "".join(scraps).translate({ord("发"): "x", ord("头"): "y"}).replace("21457", "169")
    assert convert_html(page, HANS, TW) == page


@given(st.text(st.characters(exclude_categories=[]), max_size=60))
def test_any_text_is_a_page(text: str):
    assert len(convert_html(text, TW, HANS)) <= len(text)


@given(st.text(alphabet="头发里面后只于老师，。“”", max_size=40))
def test_a_page_of_one_paragraph_is_its_text(text: str):
    assert convert_html(f"<p>{text}</p>", HANS, TW) == f"<p>{convert(text, HANS, TW)}</p>"


LONG = {
    "paragraphs": "<p>理<b>发</b>店</p>" * 80_000,
    "open tags": "<b>" * 200_000 + "</i>" * 200_000,
    "open items": "<ul><li><b>" * 60_000,
    "items over deep tags": "<li><ul>" + "<b>" * 50_000 + "<ul>" + "<li></li>" * 50_000,
    "signs": "<" * 1_000_000,
    "tags without end": '<a "' * 200_001,
    "values without end": "<a b='" * 200_001,
    "comments": "<!--" * 300_000,
    "comments that end": "<!-- -->" * 200_000,
    "bogus comments": "<!" * 300_000,
    "scripts": "<script>" * 100_000,
    "references": "&" * 1_000_000,
    "long references": "&#" + "1" * 1_000_000,
    "attributes": "<p " + "title=发 " * 100_000 + ">",
    "spaces": "<p" + " " * 1_000_000,
    "slashes": "<p" + "/" * 1_000_000,
    "quotation marks": "<p>“</p>" * 80_000,
}


@pytest.mark.parametrize("page", LONG.values(), ids=LONG)
def test_a_very_long_page_is_converted(page: str):
    assert len(convert_html(page, HANS, TW, quotes=True)) == len(page)
