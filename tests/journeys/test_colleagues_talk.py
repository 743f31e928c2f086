"""Two colleagues talk about a passage beside the text, and the bell tells them, all without leaving the page."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from articles.models import Article, Comment, User
from articles.publishing import comment, resolve
from tests import factories
from tests.harness.browser import WatchedPage
from tests.harness.once import on_postgresql
from tests.harness.server import Server
from tests.journeys.hands import Hands

pytestmark = on_postgresql


MARKED = "name => [...CSS.highlights.get(name)].map(range => range.toString())"
LOOKED_AT = "document.dispatchEvent(new Event('visibilitychange'))"


@pytest.fixture
def desk_of(
    server: Server, new_page: Callable[..., WatchedPage], editor: User, chief: User
) -> Callable[..., tuple[Hands, WatchedPage]]:
    def open_for(user: User, **options: object) -> tuple[Hands, WatchedPage]:
        user.language = "en"
        user.save()
        page = new_page(**options)
        hands = Hands(page)
        hands.come_in(user, server)
        return hands, page

    return open_for


def select_first(hands: Hands, count: int) -> None:
    hands.text.click()
    hands.press("Control+Home", *["Shift+ArrowRight"] * count)


def panel_button(page: Page) -> None:
    page.locator(".comments-button").click()


@pytest.mark.parametrize("width", [1280, 390])
def test_a_passage_is_asked_about_answered_and_resolved_beside_the_text(
    width: int, desk_of: Callable[..., tuple[Hands, WatchedPage]], editor: User, chief: User
):
    article = factories.make_article(editor, body="<p>上朗縣的青稞今天開鐮了。</p><p>上朗縣的人都去了。</p>")
    size = {"viewport": {"width": width, "height": 900}}
    hands, page = desk_of(editor, **size)
    hands.open_story(article.pk)
    page.fill("#id_standfirst", "還沒保存的話。")
    select_first(hands, 3)
    page.click(".comment-offer")
    expect(page.locator("#comments .chosen")).to_have_text("上朗縣")
    expect(page.locator("#comment-text")).to_be_focused()
    page.keyboard.type("要不要寫全稱？")
    page.locator("#comments .say .act button").first.click()
    expect(page.locator("#comments .thread")).to_contain_text("要不要寫全稱？")
    expect(page.locator(".comments-button .count")).to_have_text("1")
    assert page.evaluate(MARKED, "comment") == ["上朗縣"]
    assert page.input_value("#id_standfirst") == "還沒保存的話。"
    assert Comment.objects.get().by == editor

    others, other = desk_of(chief, **size)
    others.open_story(article.pk)
    expect(other.locator(".comments-button .count")).to_have_text("1")
    panel_button(other)
    other.click("#comments .thread .show")
    assert other.evaluate("getSelection().toString()") == "上朗縣"
    assert other.evaluate(MARKED, "comment-here") == ["上朗縣"]
    other.locator("#comments .thread summary", has_text="Answer").click()
    other.locator("#comments .thread textarea:visible").fill("第一次提到時寫全稱。")
    other.locator("#comments .thread details[open] button").click()
    expect(other.locator("#comments .thread")).to_contain_text("第一次提到時寫全稱。")
    other.click("#comments .thread button[value=resolve]")
    expect(other.locator("#comments .resolved summary")).to_contain_text("1 resolved")
    expect(other.locator(".comments-button .count")).to_have_text("")
    assert other.evaluate(MARKED, "comment") == []
    other.keyboard.press("Escape")
    expect(other.locator("#comments")).to_be_hidden()
    assert page.trouble == other.trouble == []


def test_what_could_not_be_sent_is_still_there(
    desk_of: Callable[..., tuple[Hands, WatchedPage]], article: Article, editor: User
):
    hands, page = desk_of(editor)
    hands.open_story(article.pk)
    page.keyboard.press("Shift+F2")
    expect(page.locator("#comment-text")).to_be_focused()
    page.keyboard.type("查一下數字。")
    page.context.set_offline(True)
    send = page.locator("#comments .say .act button").first
    send.click()
    expect(page.locator("#comments .trouble")).to_contain_text("was not sent")
    assert page.input_value("#comment-text") == "查一下數字。"
    page.context.set_offline(False)
    send.click()
    expect(page.locator("#comments .thread")).to_contain_text("查一下數字。")
    expect(page.locator("#comments .trouble")).to_be_hidden()


def test_what_was_not_sent_outlives_the_page(
    desk_of: Callable[..., tuple[Hands, WatchedPage]], article: Article, editor: User, chief: User
):
    asked = comment(article, by=chief, text="哪一天？")
    hands, page = desk_of(editor)
    hands.open_story(article.pk)
    select_first(hands, 3)
    page.click(".comment-offer")
    chosen = page.locator("#comments .chosen").inner_text()
    page.keyboard.type("還沒送出。")
    page.locator("#comments .thread summary").click()
    page.fill(f"#answer-{asked.pk}", "昨天。")
    expect(page.locator(".comments-button")).to_contain_text("not sent yet")
    page.keyboard.press("Escape")
    page.goto("/admin/")
    hands.open_story(article.pk)
    expect(page.locator("#kept-offer")).to_be_hidden()
    expect(page.locator(".comments-button")).to_contain_text("not sent yet")
    panel_button(page)
    expect(page.locator("#comments .chosen")).to_have_text(chosen)
    assert page.input_value(f"#answer-{asked.pk}") == "昨天。"
    page.locator("#comments .say .act button").first.click()
    expect(page.locator("#comments .thread", has_text="還沒送出。")).to_contain_text(chosen)
    assert page.input_value("#comment-text") == ""

    resolve(asked, by=chief)  # there is nothing to answer any more; the words are still there
    hands.open_story(article.pk)
    panel_button(page)
    expect(page.locator("#comment-text")).to_have_value("昨天。")
    page.locator("#comments .say .act button").first.click()
    expect(page.locator("#comments .thread", has_text="昨天。")).to_be_visible()
    assert page.evaluate("Object.keys(localStorage).filter(key => key.includes('comment:'))") == []
    assert page.trouble == []


def test_a_passage_is_what_is_written_saved_or_not_and_the_button_can_be_seen(
    desk_of: Callable[..., tuple[Hands, WatchedPage]], editor: User
):
    picture = factories.make_picture(editor, alt="一輛客車")
    body = f'<p>上面。</p><figure data-picture="{picture.pk}"><figcaption>書車。</figcaption></figure><p>下面。</p>'
    hands, page = desk_of(editor)
    hands.open_story(factories.make_article(editor, body=body).pk)
    page.context.route("**/autosave/", lambda route: route.abort())
    hands.text.locator("p").first.click()
    hands.press("Home", "Shift+End")
    offer = page.locator(".comment-offer")
    expect(offer).to_be_visible()
    bottom = page.locator(".desk-toolbar").evaluate("bar => bar.getBoundingClientRect().bottom")
    assert offer.evaluate("button => button.getBoundingClientRect().top") >= bottom
    hands.text.locator("p").last.click()
    hands.press("Control+End")
    page.keyboard.insert_text("剛寫的。")
    hands.press("Control+a", "Control+a")
    offer.click()
    expect(page.locator("#comments .chosen")).to_have_text("上面。書車。下面。剛寫的。")
    page.keyboard.type("好。")
    page.locator("#comments .say .act button").first.click()
    thread = page.locator("#comments .thread")
    expect(thread.locator(".show")).to_be_visible()
    expect(thread.locator(".gone")).to_be_hidden()


def test_the_bell_tells_of_what_is_new_without_a_reload(
    desk_of: Callable[..., tuple[Hands, WatchedPage]], article: Article, editor: User, chief: User
):
    _, page = desk_of(editor)
    page.goto("/admin/")
    bell = page.locator("a.bell")
    expect(bell.locator(".count")).to_have_text("")
    page.context.route("**/alerts/count/", lambda route: route.fulfill(status=403))
    with page.expect_response("**/alerts/count/"):
        page.evaluate(LOOKED_AT)
    page.context.unroute("**/alerts/count/")
    page.trouble.clear()  # of the refusal
    comment(article, by=chief, text=f"@{editor} 請看。")
    page.evaluate(LOOKED_AT)
    expect(bell.locator(".count")).to_have_text("1")
    expect(page.locator("#bell-told")).not_to_be_empty()
    bell.click()
    expect(page.locator("main")).to_contain_text("was commented on")
    assert page.trouble == []
