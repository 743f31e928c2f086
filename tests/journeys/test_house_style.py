"""House style as you write: marked in the text, listed with reasons, put right by one click or the keyboard alone."""

import pytest
from playwright.sync_api import Locator, expect

from articles.models import Desk, GlossaryEntry, User
from tests.harness.browser import WatchedPage
from tests.harness.once import on_one_database
from tests.harness.server import Server
from tests.journeys.accessibility import findings
from tests.journeys.hands import Hands

pytestmark = on_one_database


@pytest.fixture
def hands(server: Server, page: WatchedPage, editor: User, desk: Desk) -> Hands:
    """The editor, before an empty story; with the desk in English, and a glossary."""
    GlossaryEntry.objects.create(desk=desk, language="zh-Hant", right="達珍", wrong="達真", note="主編的名字")
    editor.language = "en"
    editor.save()
    hands = Hands(page)
    hands.come_in(editor, server)
    hands.new_story()
    return hands


def items(hands: Hands) -> Locator:
    return hands.page.locator(".style-panel li")


def test_what_is_wrong_is_marked_explained_and_put_right_by_one_click(hands: Hands):
    page = hands.page
    page.fill("#id_headline", "書車來了。")
    hands.text.click()
    page.keyboard.insert_text("達真說,孩子們跑出門,借書。")
    expect(items(hands)).to_have_count(4)
    expect(items(hands).nth(1)).to_contain_text("主編的名字")
    expect(page.locator(".style-mark")).to_have_text(["達真", ",", ","])
    expect(page.locator(".style-panel [role=status]")).to_have_text("4 places")

    items(hands).nth(1).get_by_role("button", name="Change to 達珍").click()
    expect(items(hands)).to_have_count(3)
    items(hands).nth(1).get_by_role("button", name="Change all 2 like this").click()
    expect(items(hands)).to_have_count(1)
    assert hands.body == "<p>達珍說，孩子們跑出門，借書。</p>"
    items(hands).nth(0).get_by_role("button", name="Leave it out").click()
    expect(page.locator(".style-panel [role=status]")).to_have_text("Nothing to say.")
    assert page.input_value("#id_headline") == "書車來了"

    hands.text.click()
    hands.press("Control+z")  # both commas in one step
    expect(page.locator(".style-mark")).to_have_text([",", ","])
    assert page.trouble == []


def test_marks_stand_across_bold_words_and_behind_pictures_of_words(hands: Hands):
    page = hands.page
    hands.text.click()
    hands.paste(html="<p>甲<br>乙<b>理</b>发<i>店</i>𠮷</p><p> </p><ul><li>𠮷,好</li></ul>")
    expect(page.locator(".style-mark")).to_have_text(["发", ","])
    items(hands).nth(0).get_by_role("button", name="Change to 髮").click()
    expect(page.locator(".style-mark")).to_have_text([","])
    assert hands.body == "<p>甲<br>乙<strong>理</strong>髮<em>店</em>𠮷</p><ul><li><p>𠮷,好</p></li></ul>"
    assert page.trouble == []


def test_nothing_is_looked_at_while_an_input_method_composes(hands: Hands):
    page = hands.page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/style/") else None)
    hands.text.click()
    session = page.context.new_cdp_session(page)
    session.send("Input.imeSetComposition", {"text": "shu,", "selectionStart": 4, "selectionEnd": 4})
    asked.clear()
    page.wait_for_timeout(1500)
    assert asked == []
    expect(hands.text).to_contain_text("shu,")
    session.send("Input.insertText", {"text": "書,車"})
    expect(page.locator(".style-mark")).to_have_text([","])
    assert page.trouble == []


def test_findings_are_reached_and_put_right_by_keyboard_alone(hands: Hands):
    page = hands.page
    hands.text.focus()
    page.keyboard.insert_text("好,壞")
    expect(page.locator(".style-mark")).to_have_count(1)
    hands.press("F8")
    expect(page.locator(".style-panel [role=status]")).to_contain_text("1/1: Chinese text has full-width marks.")
    assert page.evaluate("getSelection().toString()") == ","
    button = items(hands).nth(0).get_by_role("button", name="Change to ，")
    button.focus()
    hands.press("Enter")
    expect(page.locator(".style-panel [role=status]")).to_have_text("Nothing to say.")
    assert hands.body == "<p>好，壞</p>"
    assert page.trouble == []


def test_the_key_goes_to_the_first_finding_behind_or_before_the_caret(hands: Hands):
    page = hands.page
    selected = "[document.activeElement.id || document.activeElement.className, String(getSelection())]"
    page.fill("#id_headline", "書車來了。")
    hands.text.click()
    page.keyboard.insert_text("一,二三")
    hands.press("Enter")
    page.keyboard.insert_text("四五;六")
    expect(items(hands)).to_have_count(3)
    hands.press("Home", "F8")
    assert page.evaluate("String(getSelection())") == ";"
    hands.press("F8")
    assert page.evaluate(selected)[0] == "id_headline"
    hands.press("F8")
    assert page.evaluate("String(getSelection())") == ","
    hands.press("ArrowRight", "ArrowRight", "Shift+F8")
    assert page.evaluate("String(getSelection())") == ","
    hands.press("Shift+F8")
    assert page.evaluate(selected)[0] == "id_headline"
    assert page.trouble == []


def test_all_alike_in_lines_and_body_are_taken_back_in_one_step(hands: Hands):
    page = hands.page
    page.fill("#id_headline", "書,車")
    hands.text.click()
    page.keyboard.insert_text("一,二,三")
    change_all = page.get_by_role("button", name="Change all 3 like this")
    for undo in ("button", "body", "line"):
        change_all.click()
        assert (page.input_value("#id_headline"), hands.body) == ("書，車", "<p>一，二，三</p>")
        if undo == "button":
            page.click(".style-undo")
        else:
            (hands.text if undo == "body" else page.locator("#id_headline")).focus()
            hands.press("Control+z")
        assert (page.input_value("#id_headline"), hands.body) == ("書,車", "<p>一,二,三</p>")
        expect(page.locator(".style-undo")).to_be_hidden()
    assert page.trouble == []


def test_axe_finds_nothing_at_the_style_pages(hands: Hands, chief: User, server: Server):
    page = hands.page
    page.emulate_media(reduced_motion="reduce")
    broken: dict[str, list[str]] = {}

    def look(name: str) -> None:
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 900})
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                if found := findings(page):
                    broken[f"{name} {width} {scheme}"] = found

    page.fill("#id_headline", "書車來了。")
    hands.text.click()
    page.keyboard.insert_text("達真說,好")
    expect(items(hands)).to_have_count(3)
    look("story form")
    chief.language = "en"
    chief.save()
    hands.come_in(chief, server)
    for path in ("glossaryentry/", "glossaryentry/add/", "stylerule/", "stylerule/add/", "stylerule/try/"):
        page.once("dialog", lambda dialog: dialog.accept())
        page.goto(f"/admin/articles/{path}")
        look(path)
    page.fill("#id_body", "達真說,好")
    page.click("main button.default")
    page.wait_for_selector(".style-list")
    look("tried")
    assert broken == {}
    assert page.trouble == []
