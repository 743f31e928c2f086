"""The keyboard at the desk, and the sheet that lists it."""

import re

import pytest
from playwright.sync_api import expect

from articles.models import User
from tests import factories
from tests.harness.browser import WatchedPage
from tests.harness.once import on_one_database
from tests.harness.server import Server
from tests.journeys.accessibility import findings
from tests.journeys.hands import Hands

pytestmark = on_one_database


@pytest.fixture
def hands(server: Server, page: WatchedPage, editor: User) -> Hands:
    editor.language = "en"
    editor.save()
    hands = Hands(page)
    hands.come_in(editor, server)
    return hands


def test_the_sheet_opens_by_a_key_and_by_a_button_and_closes_by_escape(hands: Hands):
    page = hands.page
    page.goto("/admin/")
    sheet = page.locator("#shortcuts")
    hands.press("?")
    expect(sheet).to_be_visible()
    expect(sheet.get_by_role("button", name="Close")).to_be_focused()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        assert findings(page) == []
    hands.press("Escape")
    expect(sheet).to_be_hidden()
    page.click(".who")
    page.get_by_role("button", name="Keyboard").click()
    expect(sheet).to_be_visible()
    hands.press("Enter")  # the button that has the focus closes it
    expect(sheet).to_be_hidden()
    assert page.trouble == []


def test_single_keys_lead_round_the_desk(hands: Hands, editor: User):
    article = factories.make_article(editor)
    page = hands.page
    page.goto("/admin/")
    for key, place in (("l", r"/article/$"), ("h", r"/admin/$"), ("n", r"/article/add/$")):
        page.locator("body").focus()
        hands.press(key)
        page.wait_for_url(re.compile(place))
        page.evaluate("document.activeElement.blur()")
    hands.open_story(article.pk)
    page.evaluate("document.activeElement.blur()")
    hands.press("p")
    expect(page.frame_locator("#preview-sheet iframe").locator("h1")).to_have_text(article.headline)
    hands.press("Escape")
    page.goto("/admin/")
    hands.press("/")
    page.wait_for_url(re.compile("/article/"))
    expect(page.locator("#searchbar")).to_be_focused()
    assert page.trouble == []


def test_single_keys_are_letters_in_fields_and_can_be_switched_off(hands: Hands):
    page = hands.page
    hands.new_story()
    page.focus("#id_headline")
    hands.press("n", "?", "l")
    assert page.input_value("#id_headline") == "n?l"
    hands.text.click()
    hands.press("h", "?")
    assert hands.body == "<p>h?</p>"
    expect(page.locator("#shortcuts")).to_be_hidden()

    page.once("dialog", lambda dialog: dialog.accept())
    page.goto("/admin/")
    hands.press("?")
    page.get_by_label("Single keys work").uncheck()
    hands.press("Escape", "?", "l")
    expect(page.locator("#shortcuts")).to_be_hidden()
    assert page.url.endswith("/admin/")
    page.click(".who")
    page.get_by_role("button", name="Keyboard").click()
    page.get_by_label("Single keys work").check()
    hands.press("Escape", "l")
    page.wait_for_url("**/article/")
    assert page.trouble == []


def test_a_key_leads_from_the_text_to_publishing_and_none_is_taken_from_an_input_method(hands: Hands, editor: User):
    article = factories.make_article(editor)
    page = hands.page
    hands.open_story(article.pk)
    hands.text.focus()
    page.evaluate(
        """() => document.activeElement.dispatchEvent(new KeyboardEvent("keydown",
            {key: "F8", bubbles: true, cancelable: true, isComposing: true}))"""
    )
    hands.compose(["shu"], "書")
    hands.press("Control+Shift+Enter")
    page.wait_for_url("**/publish/")
    article.refresh_from_db()
    assert "書" in article.body
    assert page.trouble == []
