"""No text is lost: not offline, not with a killed tab, not with an ended session, not with two people on one story."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Error, Page, expect

from articles.models import Article, User
from tests import factories
from tests.harness.browser import WatchedPage
from tests.harness.once import on_postgresql
from tests.harness.server import Server
from tests.journeys.accessibility import findings
from tests.journeys.hands import Hands

pytestmark = on_postgresql

SOON = 30_000  # milliseconds: an autosave comes within 15 seconds


def in_english(*users: User) -> None:
    for user in users:
        user.language = "en"
        user.save()


@pytest.fixture
def hands(server: Server, page: WatchedPage, editor: User) -> Hands:
    in_english(editor)
    hands = Hands(page)
    hands.come_in(editor, server)
    return hands


def write(page: WatchedPage, words: str) -> None:
    hands = Hands(page)
    hands.text.click()
    hands.press("Control+End")
    page.keyboard.insert_text(words)


def saved(page: Page, version: int) -> None:
    expect(page.locator("#id_seen")).to_have_value(str(version), timeout=SOON)


def told(page: Page, words: str) -> None:
    expect(page.locator(".autosaved")).to_contain_text(words, timeout=SOON)


def test_a_story_saves_itself_and_its_page_becomes_its_form(hands: Hands):
    page = hands.page
    hands.new_story()
    write(page, "先有正文。")
    told(page, "as soon as it has a headline")
    page.locator("#id_headline").click()
    session = page.context.new_cdp_session(page)
    session.send("Input.imeSetComposition", {"text": "qing", "selectionStart": 4, "selectionEnd": 4})
    page.wait_for_timeout(4500)  # longer than it waits after the last change: what is half typed is not saved
    assert not Article.objects.exists()
    session.send("Input.insertText", {"text": "青稞"})
    page.wait_for_url("**/change/", timeout=SOON)
    saved(page, 1)
    article = Article.objects.get()
    assert (article.headline, article.body) == ("青稞", "<p>先有正文。</p>")
    write(page, "又一句。")
    page.click("[formtarget=preview]")
    preview = page.frame_locator("#preview-sheet iframe")
    expect(preview.locator("article.story .body p")).to_have_text("先有正文。又一句。")
    for name, width in (("Phone", range(360, 400)), ("Desktop", range(1200, 1281))):
        page.get_by_role("button", name=name).click()
        assert preview.locator("html").evaluate("page => page.clientWidth") in width
    page.keyboard.press("Escape")
    expect(page.locator("#preview-sheet")).to_be_hidden()
    page.click("[name=_continue]")
    page.wait_for_selector(".messagelist .success")
    page.wait_for_load_state()  # the script that tidies this browser runs after the sentence stands there
    article.refresh_from_db()
    assert article.body == "<p>先有正文。又一句。</p>"
    expect(page.locator("#kept-offer")).to_be_hidden()
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('desk-kept'))") == []
    assert page.trouble == []


def test_what_is_typed_without_a_network_is_saved_once_it_is_back(hands: Hands, article: Article):
    page = hands.page
    hands.open_story(article.pk)
    page.context.set_offline(True)
    write(page, "斷網時寫的。")
    told(page, "Kept in this browser; not saved yet.")
    page.context.set_offline(False)
    saved(page, 2)
    article.refresh_from_db()
    assert "斷網時寫的。" in article.body


def test_a_killed_tab_loses_nothing(hands: Hands, article: Article):
    page = hands.page
    hands.open_story(article.pk)
    context = page.context
    context.route("**/autosave/", lambda route: route.abort())
    page.fill("#id_headline", "還沒存的標題")
    write(page, "還沒存的正文。")
    with page.expect_event("crash"), suppress(Error):
        page.goto("chrome://crash", timeout=3000)  # a page that is closed in peace saves itself
    context.unroute("**/autosave/")
    page = context.new_page()
    hands = Hands(page)  # type: ignore[arg-type]
    hands.open_story(article.pk)
    offer = page.locator("#kept-offer")
    expect(offer).to_be_visible()
    offer.locator("summary").click()
    expect(offer).to_contain_text("還沒存的正文。")
    assert findings(page) == []
    offer.locator("[data-act=put-back]").click()
    assert page.input_value("#id_headline") == "還沒存的標題"
    expect(hands.text).to_contain_text("還沒存的正文。")
    page.click("[name=_continue]")
    page.wait_for_selector(".messagelist .success")
    article.refresh_from_db()
    assert article.headline == "還沒存的標題"
    assert "還沒存的正文。" in article.body
    expect(page.locator("#kept-offer")).to_be_hidden()


def test_an_ended_session_eats_no_text(hands: Hands, article: Article, editor: User):
    page = hands.page
    hands.open_story(article.pk)
    Session.objects.all().delete()
    write(page, "登出以後寫的。")
    told(page, "You are not logged in any more.")
    other = page.context.new_page()
    Hands(other).log_in(editor)  # type: ignore[arg-type]
    other.close()
    saved(page, 2)
    article.refresh_from_db()
    assert "登出以後寫的。" in article.body

    Session.objects.all().delete()
    write(page, "立刻送出。")
    page.click("[name=_continue]")
    page.wait_for_selector("#kept-form")
    expect(page.locator(".kept-texts")).to_contain_text("Body")
    assert findings(page) == []
    with page.context.expect_page() as opened:
        page.click(".kept-steps a")
    opened.value.fill("#id_username", editor.username)
    opened.value.fill("#id_password", factories.PASSWORD)
    opened.value.press("#id_password", "Enter")
    opened.value.wait_for_url("**/admin/")
    page.click(".kept button.default")
    page.wait_for_selector("#kept-form, .messagelist .success")
    if page.locator("#kept-form").count():  # the form was made before the log-in
        page.click(".kept button.default")
    page.wait_for_selector(".messagelist .success")
    article.refresh_from_db()
    assert "立刻送出。" in article.body


def test_two_people_on_one_story(
    server: Server, new_page: Callable[..., WatchedPage], article: Article, editor: User, chief: User
):
    in_english(editor, chief)
    first, second = Hands(new_page()), Hands(new_page())
    first.come_in(editor, server)
    second.come_in(chief, server)
    first.open_story(article.pk)
    write(first.page, "小燕寫的。")
    saved(first.page, 2)
    second.open_story(article.pk)
    here = second.page.locator("#who-is-here")
    expect(here).to_contain_text("yinxiaoyan is writing here since", timeout=SOON)
    second.page.fill("#id_kicker", "達珍寫的")
    told(second.page, "Kept in this browser; not saved yet.")
    assert findings(second.page) == []
    here.locator("[data-act=take-over]").click()
    saved(second.page, 3)
    expect(first.page.locator("#who-is-here")).to_contain_text("dazhen has taken the writing over", timeout=SOON)

    write(first.page, "小燕又寫的。")
    told(first.page, "Kept in this browser; not saved yet.")
    first.page.locator("#merge-now button").click()
    merge = first.page.locator("section.merge")
    expect(merge).to_contain_text("達珍寫的")
    assert first.page.input_value("#id_kicker") == "達珍寫的"
    expect(first.text).to_contain_text("小燕又寫的。")
    assert findings(first.page) == []
    first.page.click("[name=_continue]")
    first.page.wait_for_selector(".messagelist .success")
    article.refresh_from_db()
    assert article.kicker == "達珍寫的"
    assert "小燕寫的。小燕又寫的。" in article.body
    assert article.versions.first().how == "merged"


def test_axe_finds_nothing_on_the_pages_of_versions_and_links(
    hands: Hands, article: Article, editor: User, chief: User
):
    page = hands.page
    factories.change(article, by=chief, headline="青稞昨天開鐮", body="<p>上朗縣的青稞昨天開鐮了。</p>")
    story = f"/admin/articles/article/{article.pk}/"
    found = {}
    for path in ("versions/", "versions/compare/?a=1&b=2", "links/"):
        page.goto(story + path)
        if path == "links/":
            page.click(".make-link .default")
            page.wait_for_selector(".messagelist .success")
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 900})
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                if broken := findings(page):
                    found[f"{path} {width} {scheme}"] = broken
    assert found == {}
    assert page.trouble == []
