"""Writing in the browser: paste comes out clean, an input method and the keyboard suffice, and no text is lost."""

import re

import pytest
from playwright.sync_api import expect

from articles.models import Article, Desk, User
from tests import factories
from tests.harness.browser import WatchedPage
from tests.harness.once import on_one_database
from tests.harness.server import Server
from tests.journeys.hands import Hands

pytestmark = on_one_database


WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word"><head>
<meta name=Generator content="Microsoft Word 15"><style><!-- p.MsoNormal {margin:0cm} --></style>
<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><![endif]--></head>
<body lang=ZH-TW><!--StartFragment-->
<h1 style='margin:17.0pt 0cm'><span style='font-family:新細明體'>流動書車</span><span lang=EN-US><o:p></o:p></span></h1>
<p class=MsoNormal style='text-indent:24.0pt'><span style='font-family:新細明體'>　　書車開進<b>十二個</b>村，
借書不用出門。</span><o:p></o:p></p>
<p class=MsoNormal><span lang=EN-US><o:p>&nbsp;</o:p></span></p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='mso-list:Ignore'>l<span>&nbsp; </span></span><![endif]>藏文<o:p></o:p></p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span
style='mso-list:Ignore'>l<span>&nbsp; </span></span>漢文</p>
<p class=MsoNormal><a href="https://example.org/a?b=1&c=2">連結</a>與<a href="file:///C:/x.doc">本地檔</a></p>
<p class=MsoNormal><img width=300 height=200 src="file:///C:/clip_image001.png" onerror="alert(1)"></p>
<table class=MsoTableGrid><tr><td><p class=MsoNormal><b>村</b></p></td><td><p class=MsoNormal>冊</p></td></tr></table>
<script>alert(1)</script><!--EndFragment--></body></html>"""
WORD_CLEAN = (
    "<h2>流動書車</h2><p>書車開進<strong>十二個</strong>村，借書不用出門。</p><ul><li><p>藏文</p></li><li><p>漢文</p></li></ul>"
    '<p><a href="https://example.org/a?b=1&amp;c=2">連結</a>與本地檔</p>'
    "<table><tbody><tr><td><p><strong>村</strong></p></td><td><p>冊</p></td></tr></tbody></table>"
)
WECHAT = """<section style="font-family: mp-quote;" data-tools="135editor" class="_135editor"><section>
<p style="text-indent:2em"><span style="font-size: 15px">　　書車來了，</span><span
style="font-weight: 700;">孩子們</span><span>跑出門。</span></p></section>
<p><img class="rich_pages" data-src="https://pic.example/640" src="data:,x"></p>
<p><img class="rich_pages" data-src="https://pic.example/641" src="data:,x"></p>
<section style="display:none">隱藏的字</section><iframe class="video_iframe" src="https://video.example/x"></iframe>
<section><span>第一行<br><br>&nbsp;&nbsp;&nbsp;&nbsp;第二段</span></section>
<a href="javascript:alert(1)">點我</a></section>"""
WECHAT_CLEAN = "<p>書車來了，<strong>孩子們</strong>跑出門。</p><p>第一行</p><p>第二段</p><p>點我</p>"
STRUCK = """<h2>標<s>舊</s>題</h2><p style="text-decoration: line-through">整段</p><p>留<strike>去</strike>下<span
style="color:red;text-decoration-line:line-through">也去</span><del>還去</del>來</p><ul><li
style="text-decoration:line-through">一項</li><li>兩項</li></ul>"""
STRUCK_CLEAN = "<h2>標題</h2><p>留下來</p><ul><li><p>兩項</p></li></ul>"
WEB_PAGE = """<meta charset='utf-8'><div class="article" onclick="track()"><h1 id="t">Mobile library</h1>
<p dir="ltr" style="line-height:1.38"><span style="font-weight:400">Plain </span><span
style="font-weight:700">bold</span>
<span style="font-style:italic"> slanted</span></p><blockquote><p>“One book a week.”</p></blockquote>
<script src="https://ads.example/x.js"></script><img src="https://ads.example/pixel.gif" width="1" height="1"></div>"""
WEB_PAGE_CLEAN = (
    "<h2>Mobile library</h2><p>Plain <strong>bold</strong> <em>slanted</em></p>"
    "<blockquote><p>“One book a week.”</p></blockquote>"
)


@pytest.fixture
def hands(server: Server, page: WatchedPage, editor: User) -> Hands:
    """The editor, before an empty story; with the desk in English."""
    editor.language = "en"
    editor.save()
    hands = Hands(page)
    hands.come_in(editor, server)
    hands.new_story()
    return hands


def test_what_is_pasted_comes_out_clean_and_says_what_was_left_out(hands: Hands):
    for pasted, clean, told in (
        (WORD, WORD_CLEAN, ["1 picture was not pasted", "1 link was removed"]),
        (WECHAT, WECHAT_CLEAN, ["2 pictures were not pasted", "1 video or other embedded item", "1 link was removed"]),
        (WEB_PAGE, WEB_PAGE_CLEAN, []),
        (STRUCK, STRUCK_CLEAN, ["6 struck-out passages were left out."]),
    ):
        hands.begin()
        hands.paste(html=pasted, text="x")
        assert hands.body == clean
        for part in told:
            assert part in hands.told
        assert told or hands.told == ""

    hands.begin()
    hands.paste(text="　　第一段，\n\n    第二段\u00a0\r\n\r\n\u00a0\u00a0\u00a0\u00a0第三段\n")
    assert hands.body == "<p>第一段，</p><p>第二段</p><p>第三段</p>"

    for text in ("甲\t\t乙 \t丙", "\t甲\t乙\t丙\n\n"):
        hands.begin()
        hands.paste(text=text)
        assert hands.body == "<p>甲 乙 丙</p>"

    hands.begin()
    hands.paste(html=WORD, text="x")
    hands.page.fill("#id_headline", "流動書車")
    article = Article.objects.get(pk=hands.save())
    assert article.body == WORD_CLEAN == hands.body  # what the server keeps is what the editor showed
    assert hands.page.trouble == []


def test_a_story_is_written_by_input_method_and_keyboard_alone(hands: Hands, editor: User):
    picture = factories.make_picture(editor, alt="一輛客車", caption="書車。")
    factories.make_picture(editor, alt="一片田")
    page = hands.page
    page.focus("#id_headline")
    hands.compose(["sh", "shu", "書"], "書車")
    hands.press("Enter", "Enter")  # by the standfirst into the body
    expect(hands.text).to_be_focused()

    hands.press("Alt+F10", "Enter")  # the first tool: a subhead
    hands.compose(["zh", "zhun", "準"], "準備在先")
    hands.press("Enter")
    hands.compose(["l", "lu", "路"], "路線")
    hands.press("Control+b")
    hands.compose(["sh", "shu"], "熟")
    hands.press("Control+b")
    hands.compose(["", "ju"], "。")
    assert hands.body == "<h2>準備在先</h2><p>路線<strong>熟</strong>。</p>"

    hands.press("Alt+F10", "End", "ArrowLeft", "ArrowLeft", "Enter")  # the picture stands before undo and redo
    page.wait_for_selector(".desk-chooser__card")
    hands.compose(["ke", "客"], "客車")
    expect(page.locator(".desk-chooser__card")).to_have_count(1)
    hands.press("ArrowDown", "Enter")
    expect(page.locator("dialog[open]")).to_have_count(0)
    hands.press("End")
    hands.compose(["cun"], "在村口。")
    hands.press("Tab")  # from the caption to the credit here, and back by Shift+Tab
    expect(page.locator(".desk-picture__credit input")).to_be_focused()
    hands.press("Shift+Tab", "Tab")
    hands.compose(["ni", "nima"], "尼瑪攝")
    hands.press("Enter")
    hands.compose(["wan"], "完。")
    assert hands.body == (
        f'<h2>準備在先</h2><p>路線<strong>熟</strong>。</p><figure data-picture="{picture.pk}">'
        "<figcaption>書車。在村口。</figcaption><cite>尼瑪攝</cite></figure><p>完。</p>"
    )
    written = hands.body
    hands.press("Control+s")
    page.wait_for_selector(".autosaved.done")
    article = Article.objects.get()
    assert (article.headline, article.body) == ("書車", written)
    assert page.trouble == []


def test_on_a_phone_the_box_that_deletes_a_credit_has_its_word_beside_it(hands: Hands, article: Article):
    hands.page.set_viewport_size({"width": 390, "height": 844})
    hands.open_story(article.pk)
    box = hands.page.locator("#id_credits-0-DELETE")
    word = hands.page.locator("label[for=id_credits-0-DELETE]")
    expect(word).to_contain_text("Delete?")
    assert word.evaluate("label => label.getBoundingClientRect().width") > 40
    word.click()
    expect(box).to_be_checked()


def test_a_save_over_somebody_elses_loses_no_word(hands: Hands, editor: User, chief: User, desk: Desk):
    article = factories.make_article(editor)
    page = hands.page
    hands.open_story(article.pk)
    page.fill("#id_headline", "我的標題")
    hands.text.click()
    hands.press("Control+End")
    page.keyboard.insert_text("我加的一句。")
    written = hands.body
    factories.change(article, by=chief, headline="她的標題")

    page.click("[name=_continue]")
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("Somebody has saved this story since you opened it.")
    assert page.input_value("#id_headline") == "我的標題"
    assert hands.body == written
    expect(hands.text).to_contain_text("我加的一句。")
    expect(page.locator("section.merge")).to_contain_text("她的標題")
    expect(page.locator(".autosaved")).to_have_text(re.compile(r"\S"))
    article.refresh_from_db()
    assert article.headline == "她的標題"
    assert page.trouble == []
