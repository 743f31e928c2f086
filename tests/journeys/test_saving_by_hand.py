"""Saving by Ctrl+S or the button throws nobody out of what they write."""

import pytest
from playwright.sync_api import expect

from articles.models import Article, User
from tests import factories
from tests.harness.browser import WatchedPage
from tests.harness.once import on_postgresql
from tests.harness.server import Server
from tests.journeys.hands import Hands

pytestmark = on_postgresql


LONG = "".join(f"<p>第{number}段，說的是青稞。</p>" for number in range(60))
CARET = "[document.activeElement.className, getSelection().focusNode.data, getSelection().focusOffset, scrollY]"
KEPT = "Object.keys(localStorage).filter(key => key.startsWith('desk-kept'))"


@pytest.fixture
def hands(server: Server, page: WatchedPage, editor: User) -> Hands:
    editor.language = "en"
    editor.save()
    hands = Hands(page)
    hands.come_in(editor, server)
    return hands


@pytest.fixture
def long(editor: User) -> Article:
    return factories.make_article(editor, body=LONG)


def write_in_the_middle(hands: Hands) -> None:
    hands.text.locator("p").nth(30).click()
    hands.press("End")
    hands.page.keyboard.insert_text("加一句")


def test_ctrl_s_saves_and_leaves_caret_and_page_where_they_are(hands: Hands, long: Article, chief: User):
    page = hands.page
    hands.open_story(long.pk)
    page.select_option("#id_assignee", str(chief.pk))
    write_in_the_middle(hands)
    page.evaluate("window.still = true")
    before = page.evaluate(CARET)
    hands.press("Control+s")
    expect(page.locator(".autosaved")).to_contain_text("Saved at")
    assert page.evaluate(CARET) == before
    hands.press("n", "h")  # letters, and no shortcuts
    expect(page.locator(".autosaved")).to_be_empty()
    hands.press("Control+s")
    expect(page.locator(".autosaved")).to_contain_text("Saved at")
    assert page.evaluate("window.still")
    long.refresh_from_db()
    assert "第30段，說的是青稞。加一句nh</p>" in long.body
    assert long.assignee == chief
    assert long.versions.first().how == "saved"
    assert page.evaluate(KEPT) == []
    assert page.trouble == []


def test_whom_it_is_handed_to_is_not_left_unsaved_unasked(hands: Hands, long: Article, chief: User):
    page = hands.page
    hands.open_story(long.pk)
    page.select_option("#id_assignee", str(chief.pk))
    write_in_the_middle(hands)
    expect(page.locator("#id_seen")).to_have_value("2", timeout=30_000)  # by itself, which tells nobody
    expect(page.locator(".unsaved")).to_have_text("unsaved changes")
    asked = []
    page.on("dialog", lambda dialog: asked.append(dialog.type) or dialog.dismiss())
    page.close(run_before_unload=True)
    page.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    hands.press("Control+s")
    expect(page.locator(".unsaved")).to_be_empty()


def test_ctrl_s_without_a_network_says_so_and_saves_once_it_is_back(hands: Hands, long: Article):
    page = hands.page
    hands.open_story(long.pk)
    page.context.set_offline(True)
    write_in_the_middle(hands)
    hands.press("Control+s")
    expect(page.locator(".autosaved")).to_contain_text("The newsroom is out of reach.")
    page.context.set_offline(False)
    expect(page.locator(".autosaved")).to_contain_text("Saved at", timeout=30_000)
    assert long.versions.first().how == "saved"


def test_ctrl_s_on_what_is_wrong_or_too_late_goes_the_ordinary_way(hands: Hands, long: Article, chief: User):
    page = hands.page
    hands.open_story(long.pk)
    page.fill("#id_tags", "，".join("甲乙丙丁戊己庚辛壬癸子丑寅"))
    hands.press("Control+s")
    expect(page.locator(".error-summary")).to_contain_text("Tags")
    expect(page.locator(".error-summary")).to_be_focused()  # the page's scripts hear keys by now
    page.fill("#id_tags", "甲")
    factories.change(long, by=chief, headline="她的標題")
    page.fill("#id_kicker", "我的")
    hands.press("Control+s")
    expect(page.locator("section.merge")).to_contain_text("她的標題")
    expect(page.locator("#id_kicker")).to_have_value("我的")


def test_the_save_button_brings_one_back_to_where_one_wrote(hands: Hands, long: Article):
    page = hands.page
    hands.open_story(long.pk)
    write_in_the_middle(hands)
    before = page.evaluate(CARET)
    hands.save()
    expect(hands.text).to_be_focused()
    expect(page.locator(".autosaved")).to_contain_text("Saved.")
    assert page.evaluate(CARET)[:3] == before[:3]
    assert abs(page.evaluate("scrollY") - before[3]) < 200  # the sentence above the form is new
    hands.press("n")
    assert "加一句n</p>" in hands.body
    page.evaluate("document.activeElement.blur()")
    hands.press("h", "n")  # nobody has clicked anywhere yet
    assert "/change/" in page.url
    assert page.trouble == []


def test_what_is_typed_during_ones_own_save_is_no_conflict(hands: Hands, long: Article):
    page = hands.page
    hands.open_story(long.pk)
    page.route("**/autosave/", lambda route: route.abort())
    page.fill("#id_headline", "  兩個  空格的標題 ")  # the server tidies it
    page.evaluate(
        """() => {
            document.querySelector("[name=_continue]").click();
            const line = document.getElementById("id_kicker");
            line.value = "路上寫的";
            line.dispatchEvent(new Event("input", {bubbles: true}));
        }"""
    )
    page.wait_for_selector(".messagelist .success")
    page.unroute("**/autosave/")
    page.locator("#kept-offer [data-act=put-back]").click()
    expect(page.locator("#id_kicker")).to_have_value("路上寫的")
    expect(page.locator("#id_seen")).to_have_value("2")
    hands.press("Control+s")
    expect(page.locator(".autosaved")).to_contain_text("Saved at")
    long.refresh_from_db()
    assert long.kicker == "路上寫的"
    assert long.version == 3
