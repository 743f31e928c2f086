"""A corrected story as a reader without scripts meets it; and what axe finds on its page, and on withdrawn ones."""

import pytest
from playwright.sync_api import expect

from articles.models import Article, Site, User
from articles.publishing import Note, publish
from tests.factories import change, publish_article, withdraw
from tests.harness.once import on_one_database
from tests.harness.server import Server
from tests.journeys.accessibility import findings, too_wide

pytestmark = on_one_database


TEXT = "<p>上朗縣的青稞{}開鐮，比去年早五天，村裏的人都到田裏去了。</p><h2>收成</h2><p>比去年多兩成。</p>"
TABLE = f"<table><tr>{'<td>一二三四五六七八九十</td>' * 12}</tr></table>"


@pytest.fixture
def corrected(editor: User, chief: User, site: Site) -> Article:
    article = publish_article(editor, headline="青稞今天開鐮", body=TEXT.format("今天") + TABLE)
    article = change(article, by=editor, headline="青稞昨天開鐮", body=TEXT.format("昨天") + TABLE)
    noted = [
        Note(kind="correction", text="日期有誤。", was="今天", now="昨天", passage="今天", weight="serious"),
        Note(kind="correction", was="今天開鐮", now="昨天開鐮", field="headline"),
        Note(kind="editors-note", text="當事人答辯如下。", reply=("扎西", "我沒有說過。")),
    ]
    publish(article, seen=article.version, by=chief, noted=noted)
    return article


def test_a_mark_in_the_text_opens_and_closes_without_a_script(corrected: Article, server: Server, new_page) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(f"/a/{corrected.code}/")
    opened = page.locator("#change-2-1")
    expect(opened).to_be_hidden()
    page.locator("#corrected-2-1").click()
    expect(opened).to_be_visible()
    expect(opened.locator("del")).to_have_text("今天")
    expect(opened.locator("ins")).to_have_text("昨天")
    opened.locator(".change-close").click()
    expect(opened).to_be_hidden()
    page.locator("#notice-2-1 .notice-field").click()
    expect(opened).to_be_in_viewport()
    assert page.trouble == []


def test_a_mark_is_neither_copied_nor_printed_and_a_past_edition_prints_its_address(
    corrected: Article, server: Server, new_page
) -> None:
    page = new_page()
    page.goto(f"/a/{corrected.code}/#change-2-1")
    page.evaluate("getSelection().selectAllChildren(document.querySelector('.body > p'))")
    copied = page.evaluate("getSelection().toString()")
    assert "".join(copied.split()) == "上朗縣的青稞昨天開鐮，比去年早五天，村裏的人都到田裏去了。"
    page.emulate_media(media="print")
    expect(page.locator("#change-2-1")).to_be_hidden()
    expect(page.locator("#corrected-2-1")).to_be_hidden()
    expect(page.locator(".notice").first).to_be_visible()
    expect(page.locator(".permalink a")).to_be_visible()

    page.goto(f"/a/{corrected.code}/v/1/")
    expect(page.locator(".banner-address")).to_contain_text(f"{server.url}/a/{corrected.code}/v/1/")
    for part in (".nav", ".languages", ".tools", ".banner-links", ".foot"):
        expect(page.locator(part)).to_have_count(1)
        expect(page.locator(part)).to_be_hidden()
    wide = page.locator(".body table")
    assert wide.evaluate("one => one.scrollWidth <= one.clientWidth && getComputedStyle(one).overflowX") == "visible"
    page.emulate_media(media="screen")
    expect(page.locator(".banner-address")).to_be_hidden()


def test_axe_finds_nothing_where_a_mark_is_open_and_nothing_is_cut(
    corrected: Article, editor: User, chief: User, server: Server, new_page
) -> None:
    down = publish_article(editor, headline="下架")
    withdraw(down, by=chief, second=editor, act="takedown", ground="safety")
    page = new_page(reduced_motion="reduce")
    for path in (f"/a/{corrected.code}/#change-2-1", f"/en/a/{down.code}/"):
        page.goto(path)
        for width, scheme in ((1280, "light"), (390, "dark")):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            assert findings(page) == [], path
            assert not too_wide(page), path
