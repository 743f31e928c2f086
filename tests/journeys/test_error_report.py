"""The loop that is closed: a reader reports an error, the desk corrects it, and the reader reads that it was right."""

import itertools
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import feedparser
import pytest
from playwright.sync_api import Page, expect

from articles.models import Article, ErrorReport, Site, User
from tests import factories
from tests.harness.browser import WatchedPage
from tests.harness.once import on_postgresql
from tests.harness.server import Server
from tests.journeys.accessibility import findings, in_lights, too_wide
from tests.journeys.hands import Hands

pytestmark = on_postgresql

PASSAGE = "比去年多兩成。"
RIGHT = "比去年多三成。"
WRONG = "不是兩成，磅單上寫的是三成，我就在打穀場上。"
TYPING = 160  # milliseconds a letter: slower than the form takes for a machine, for any text of 20 letters


@pytest.fixture
def reader(new_page: Callable[..., WatchedPage]) -> WatchedPage:
    """Somebody whose browser is told off if it is given a cookie."""
    page = new_page()
    page.on("response", lambda answer: "set-cookie" in answer.headers and page.trouble.append(f"cookie: {answer.url}"))
    return page


def wrote(page: WatchedPage) -> str:
    """Send the form in hand; where its private page stands."""
    page.locator("#wrong").press_sequentially(WRONG, delay=TYPING)
    page.fill("#right", RIGHT)
    page.click(".send button")
    page.wait_for_url("**/report/*/")
    expect(page.locator(".outcome.received .words")).to_be_visible()
    expect(page.locator("h1 .code")).to_have_text(ErrorReport.objects.get().reference)
    assert page.context.cookies() == []
    assert page.url.endswith(page.locator(".keep a").inner_text().split("/report/")[1])
    return page.url


def correct_the_text(hands: Hands) -> None:
    """In the story's form, which is open; it leads on to publishing."""
    expect(hands.text).to_be_visible()
    hands.text.get_by_text(PASSAGE).click()
    hands.press("End", "Backspace", "Backspace", "Backspace")
    hands.page.keyboard.insert_text("三成。")
    hands.page.click("[name=_publish]")
    hands.page.wait_for_url("**/publish/")


def test_from_a_selection_to_the_answer(
    server: Server, reader: WatchedPage, page: WatchedPage, editor: User, published: Article, site: Site
):
    reader.goto(f"/a/{published.code}/")
    reader.locator(".body p").last.click(click_count=3)
    reader.click(".report a")
    expect(reader.locator("#passage")).to_have_value(PASSAGE)
    expect(reader.locator("input[name=edition]")).to_have_value("1")
    private = wrote(reader)

    hands = Hands(page)
    hands.come_in(editor, server)
    page.goto("/admin/")
    page.locator('#desk-nav a[href="/admin/articles/errorreport/"]').click()
    page.locator("#result_list th a").click()
    expect(page.locator(".beside mark")).to_have_text(PASSAGE)
    expect(page.locator(".says")).to_contain_text(WRONG)
    page.click("button[value=accept]")
    page.wait_for_url("**/publish/?report=*")
    reader.reload()
    expect(reader.locator(".outcome.accepted")).to_be_visible()

    page.click(".missing a")  # the text still says what is wrong
    expect(page.locator(".report-banner")).to_contain_text(WRONG)
    correct_the_text(hands)
    expect(page.locator(".missing")).to_have_count(0)
    expect(page.locator("input[name=kind][value=correction]")).to_be_checked()
    expect(page.locator("#id_passage")).to_have_value(PASSAGE)
    expect(page.locator("#id_was")).to_have_value(WRONG)
    expect(page.locator("#id_now")).to_have_value(RIGHT)
    expect(page.locator("input[name=reports]")).to_be_checked()
    page.fill("#id_was", "比去年多兩成")
    page.fill("#id_now", "比去年多三成")
    page.click("form.decision button.default")
    page.wait_for_url(f"**/article/{published.pk}/change/")

    reader.goto(private)
    expect(reader.locator(".outcome.corrected")).to_be_visible()
    reader.click(".notice-link")
    reader.wait_for_url(f"**/a/{published.code}/#notice-2-1")
    expect(reader.locator("#notice-2-1")).to_contain_text("比去年多三成")
    expect(reader.locator("#notice-2-1")).to_be_in_viewport()
    expect(reader.locator(".body p").last).to_contain_text(RIGHT)
    for feed in ("/feed.rss", "/corrections/feed.rss"):
        answer = reader.request.get(feed)
        (item,) = feedparser.parse(answer.body(), response_headers=answer.headers).entries
        assert "比去年多三成" in item.content[0].value, feed
    assert reader.trouble == []
    assert page.trouble == []


def test_without_scripts(
    server: Server, new_page: Callable[..., WatchedPage], editor: User, published: Article, site: Site
):
    reader = new_page(java_script_enabled=False)
    reader.goto(f"/a/{published.code}/")
    reader.click(".report a")
    reader.select_option("#paragraph", index=3)
    private = wrote(reader)
    report = ErrorReport.objects.get()
    assert PASSAGE in report.passage
    factories.correct(published, by=editor, reports=[report])
    reader.goto(private)
    expect(reader.locator(".notice-link")).to_be_visible()
    assert reader.trouble == []


def test_a_refusal_is_appealed_and_answered_by_somebody_else(
    server: Server, reader: WatchedPage, page: WatchedPage, new_page: Callable[..., WatchedPage], editor: User,
    chief: User, published: Article, site: Site,
):  # fmt: skip
    reader.goto(f"/a/{published.code}/report/")
    private = wrote(reader)
    desk, above = Hands(page), Hands(new_page())
    path = f"/admin/articles/errorreport/{ErrorReport.objects.get().pk}/change/"
    desk.come_in(editor, server)
    page.goto(path)
    page.fill("#reason", "公告上是兩成。")
    page.click("button[value=decline]")

    reader.goto(private)
    expect(reader.locator(".outcome.declined .reason")).to_contain_text("公告上是兩成。")
    reader.fill("#appeal", "公告後來更正過。")
    reader.click("button[value=appeal]")
    expect(reader.locator(".outcome.open")).to_be_visible()

    page.goto(path)
    expect(page.locator(".acts button")).to_have_count(0)
    above.come_in(chief, server)
    above.page.goto(path)
    above.page.fill("#appeal-answer", "確實更正過，謝謝。")
    above.page.click("button[value=uphold]")
    expect(above.page.locator(".messagelist .success")).to_be_visible()

    reader.goto(private)
    expect(reader.locator(".outcome.accepted")).to_contain_text("確實更正過，謝謝。")
    assert reader.trouble == page.trouble == above.page.trouble == []


def test_everybody_can_use_these_pages(
    server: Server, new_page: Callable[..., WatchedPage], editor: User, published: Article, site: Site
):
    def faults(page: Page) -> dict[str, list[str]]:
        lights = itertools.product((1280, 390), ("light", "dark"))
        return in_lights(page, lambda page: findings(page) + too_wide(page), *lights)

    reader = new_page()
    reader.goto(f"/a/{published.code}/report/")
    reader.click("summary")
    assert faults(reader) == {}
    reader.fill("#evidence", "不是地址")
    reader.locator("#right").press_sequentially("字" * 20, delay=TYPING)
    reader.click(".send button")
    expect(reader.locator(".trouble a")).to_have_count(2)
    assert faults(reader) == {}
    reader.fill("#wrong", WRONG)
    reader.fill("#evidence", "")
    reader.click(".send button")
    reader.wait_for_url("**/report/*/")
    assert faults(reader) == {}
    page = new_page()
    Hands(page).come_in(editor, server)
    for path in ("/admin/articles/errorreport/", f"/admin/articles/errorreport/{ErrorReport.objects.get().pk}/change/"):
        page.goto(path)
        assert faults(page) == {}


def test_a_selection_across_a_mark_takes_along_nothing_hidden(
    server: Server, reader: WatchedPage, editor: User, site: Site
):
    text = "<p>上朗縣的青稞{}開鐮，比去年早五天。</p><h2>收成</h2><p>比去年多兩成。</p>"
    article = factories.publish_article(editor, body=text.format("今天"))
    factories.correct(article, by=editor, body=text.format("昨天"), was="今天", now="昨天", passage="今天")
    reader.goto(f"/a/{article.code}/")
    expect(reader.locator(".body .corrected-change")).to_have_count(1)
    whole = "上朗縣的青稞昨天開鐮，比去年早五天。"

    def sent(script: str) -> tuple[str, str, str]:
        """Passage, prefix and suffix, once something is selected."""
        reader.reload()
        reader.evaluate(script)
        reader.locator(".report a").dispatch_event("pointerdown")
        values = parse_qs(urlsplit(str(reader.locator(".report a").get_attribute("href"))).query)
        passage, prefix, suffix = (values.get(name, [""])[0].strip() for name in ("passage", "prefix", "suffix"))
        return passage, prefix, suffix

    assert sent("getSelection().selectAllChildren(document.querySelector('.body > p'))") == (
        whole, "", "收成" + PASSAGE,
    )  # fmt: skip
    assert sent("getSelection().selectAllChildren(document.querySelector('.body > h2'))") == ("收成", whole, PASSAGE)
    inside = "document.querySelector('.change-line').firstChild"
    last = "document.querySelector('.body > p:last-child')"
    assert sent(f"getSelection().setBaseAndExtent({inside}, 0, {last}, 1)") == (
        "開鐮，比去年早五天。收成" + PASSAGE, "上朗縣的青稞昨天", "",
    )  # fmt: skip
    assert sent("getSelection().selectAllChildren(document.querySelector('.corrected-change'))") == ("", "", "")
    assert reader.trouble == []
