"""What a reader may set, pass on and have read aloud; and the letters in which it all stands."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from articles.models import User
from tests import factories
from tests.harness.browser import WatchedPage
from tests.harness.once import on_one_database
from tests.harness.server import Server

pytestmark = on_one_database


# A browser's speech that says nothing, but notes what it was given; its voices come late, as they often do.
SPEECH = """
    window.voice = (lang, localService = true) => ({lang, localService, name: lang, default: false, voiceURI: lang});
    window.said = [];
    window.SpeechSynthesisUtterance = class extends EventTarget {
        constructor(text) { super(); this.text = text; }
    };
    class Speech extends EventTarget {
        voices = [];
        log = [];
        speaking = false;
        pending = false;
        getVoices() { return this.voices; }
        speak(one) {
            said.push([one.text, one.voice.lang]);
            this.speaking = true;
            this.current = one;
        }
        ends() { this.speaking = false; this.current.dispatchEvent(new Event("end")); }
        pause() { this.log.push("pause"); }
        resume() { this.log.push("resume"); }
        cancel() { this.log.push("cancel"); this.speaking = false; }
        learn(voices) { this.voices = voices; this.dispatchEvent(new Event("voiceschanged")); }
    }
    Object.defineProperty(window, "speechSynthesis", {value: new Speech()});
"""


@pytest.fixture
def codes(server: Server, editor: User) -> dict[str, str]:
    """The codes of a story in each language that has a voice of its own."""
    factories.make_site()
    body = (
        "<p>上朗縣的青稞今天開鐮。</p><h2>收成</h2><ul><li>多<em>兩成</em></li></ul>"
        '<blockquote><p>慢慢割。</p></blockquote><p lang="en">Barley first.</p><table><tr><td>數</td></tr></table>'
    )
    picture = factories.make_picture(editor)
    chinese = factories.publish_article(
        editor, headline="青稞開鐮", standfirst="比去年早。", body=body, lead_picture=picture
    )
    factories.correct(chinese, by=editor, body=body.replace("今天", "昨天"), field="body")
    english = factories.publish_article(editor, headline="Barley", language="en", body="<p>Barley <em>is</em> in.</p>")
    tibetan = factories.publish_article(editor, headline="ནས།", language="bo", body="<p>ནས་<em>བརྔས</em>་ཚར།</p>")
    return {"zh": chinese.code, "en": english.code, "bo": tibetan.code}


def learn(page: Page, *voices: str) -> None:
    """Have the browser find these voices; one with "*" is not of this device."""
    page.evaluate("tags => speechSynthesis.learn(tags.map(one => voice(one.replace('*', ''), !one.endsWith('*'))))",
                  list(voices))  # fmt: skip


def test_a_story_is_read_aloud_block_by_block_by_keyboard(codes: dict[str, str], new_page: Callable[..., WatchedPage]):
    page = new_page()
    page.add_init_script(SPEECH)
    page.goto(f"/a/{codes['zh']}/")
    buttons = page.locator(".aloud button")
    learn(page, "de-DE", "zh-HK*", "en-GB")
    expect(buttons).to_have_count(0)  # no voice of this device knows Chinese
    learn(page, "de-DE", "zh_CN", "zh-TW", "zh-TW*", "en-GB")
    expect(buttons).to_have_text(["朗讀"])

    buttons.first.focus()
    page.keyboard.press("Enter")
    expect(buttons).to_have_text(["暫停", "停止"])
    assert len(page.evaluate("said")) == 1
    page.evaluate("speechSynthesis.ends()")
    page.keyboard.press("Enter")
    expect(buttons.first).to_have_text("繼續")
    assert page.evaluate("speechSynthesis.log").count("pause") == 1
    page.keyboard.press("Space")
    expect(buttons.first).to_have_text("暫停")
    assert page.evaluate("speechSynthesis.log").count("resume") == 1
    while page.evaluate("speechSynthesis.speaking"):
        page.evaluate("speechSynthesis.ends()")
    expect(buttons).to_have_text(["朗讀"])

    said = page.evaluate("said")
    words = [text for text, _ in said]
    body = ["上朗縣的青稞昨天開鐮。", "收成", "多兩成", "慢慢割。", "Barley first."]
    assert "青稞開鐮" in words[0]
    assert words[1] == "比去年早。"
    assert [text for text in words if text in body] == body
    assert any("日期有誤，謹此更正。" in text for text in words)  # who listens must hear what was wrong, too
    assert not any(mark in text for text in words for mark in ("一片青稞田", "收割前的青稞田", "數"))
    assert {lang for text, lang in said if text == "Barley first."} == {"en-GB"}
    assert {lang for text, lang in said if text != "Barley first."} == {"zh-TW"}

    page.keyboard.press("Enter")
    buttons.nth(1).focus()
    page.keyboard.press("Enter")
    expect(buttons).to_have_text(["朗讀"])
    expect(buttons.first).to_be_focused()
    assert page.trouble == []


def test_each_language_is_read_by_a_voice_of_its_own_or_not_at_all(
    codes: dict[str, str], new_page: Callable[..., WatchedPage]
):
    page = new_page()
    page.add_init_script(SPEECH)
    ways = {
        f"/zh-hans/a/{codes['zh']}/": (["zh-TW", "zh-CN"], "zh-CN"),
        f"/a/{codes['zh']}/": (["zh-HK"], "zh-HK"),
        f"/en/a/{codes['en']}/": (["zh-CN", "en-US"], "en-US"),
        f"/bo/a/{codes['bo']}/": (["bo-CN"], "bo-CN"),
    }
    for path, (voices, expected) in ways.items():
        page.goto(path)
        learn(page, "fr-FR")
        expect(page.locator(".aloud button")).to_have_count(0)
        learn(page, *voices)
        page.locator(".aloud button").click()
        expect(page.locator(".aloud button")).to_have_count(2)
        assert page.evaluate("said[0][1]") == expected, path


def test_more_contrast_is_kept_in_this_browser_and_there_before_the_first_paint(
    codes: dict[str, str], page: WatchedPage
):
    page.goto(f"/a/{codes['zh']}/")
    button = page.locator("button.contrast")
    expect(button).to_have_attribute("aria-pressed", "false")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    told = button.evaluate("one => [getComputedStyle(one).textDecorationThickness, getComputedStyle(one).borderStyle]")
    assert told == ["2px", "none"]  # not by colour and weight alone
    page.emulate_media(forced_colors="active")
    assert button.evaluate("one => getComputedStyle(one).borderStyle") == "solid"
    page.emulate_media(forced_colors="none")
    page.route("**/reading*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("data-contrast", "more")  # by the script in the head alone
    page.unroute("**/reading*.js")
    page.goto(f"/a/{codes['zh']}/")
    page.locator("button.contrast").click()
    page.reload()
    assert page.locator("html").get_attribute("data-contrast") is None
    assert page.context.cookies() == []


def test_the_permanent_address_is_copied_shared_and_sent_and_can_be_photographed(
    codes: dict[str, str], server: Server, new_page: Callable[..., WatchedPage]
):
    page = new_page()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=server.url)
    page.add_init_script("navigator.share = async what => { window.shared = what; };")
    page.goto(f"/a/{codes['zh']}/")
    address = f"{server.url}/a/{codes['zh']}/"
    page.get_by_role("button", name="複製網址").click()
    expect(page.locator(".share [role=status]")).to_have_text("網址已複製。")
    assert page.evaluate("navigator.clipboard.readText()") == address
    page.get_by_role("button", name="分享").click()
    assert page.evaluate("shared")["url"] == address
    assert "青稞開鐮" in page.evaluate("shared")["title"]
    mail = page.get_by_role("link", name="用電郵傳送").get_attribute("href") or ""
    assert mail.startswith("mailto:?subject=")
    code = page.get_by_role("img", name="永久網址的 QR 碼")
    expect(code).not_to_be_visible()
    page.locator(".qr summary").click()
    expect(code).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 800})
    expect(page.locator(".qr")).not_to_be_visible()  # whoever holds a telephone has the address already
    assert page.trouble == []


def test_where_nothing_can_be_shared_or_copied_the_address_is_marked(
    codes: dict[str, str], new_page: Callable[..., WatchedPage]
):
    page = new_page()
    page.add_init_script("""
        Object.defineProperty(navigator, "share", {value: undefined});
        Object.defineProperty(navigator, "clipboard", {value: {writeText: async () => { throw new Error("no"); }}});
    """)
    page.goto(f"/a/{codes['zh']}/")
    expect(page.locator(".share-sheet")).not_to_be_visible()
    page.locator(".copy").click()
    expect(page.locator(".share [role=status]")).to_have_text("網址已選取，請自行複製。")
    assert page.evaluate("getSelection().toString()").endswith(f"/a/{codes['zh']}/")


STYLE = """selector => {
    const style = getComputedStyle(document.querySelector(selector));
    const names = ["fontFamily", "fontStyle", "fontSize", "lineHeight", "lineBreak", "textAlign", "fontSynthesisWeight",
                   "textEmphasisStyle", "textEmphasisPosition", "letterSpacing", "textSpacingTrim"];
    return Object.fromEntries(names.map(name => [name, style[name]]));
}"""


def test_each_language_stands_in_letters_lines_and_emphasis_of_its_own(
    codes: dict[str, str], new_page: Callable[..., WatchedPage]
):
    page = new_page()
    page.goto(f"/a/{codes['zh']}/")
    emphasis, text = page.evaluate(STYLE, ".body em"), page.evaluate(STYLE, ".body p")
    assert emphasis["fontStyle"] == "normal"
    assert "dot" in emphasis["textEmphasisStyle"]
    assert emphasis["textEmphasisPosition"] in {"under", "under right"}
    assert (text["lineBreak"], text["textSpacingTrim"], text["textAlign"]) == ("strict", "trim-start", "justify")
    assert "TC" in text["fontFamily"]
    assert float(text["lineHeight"][:-2]) == pytest.approx(1.8 * float(text["fontSize"][:-2]))
    assert page.evaluate(STYLE, ".body p[lang=en]")["textAlign"] == "start"
    page.evaluate("document.querySelector('.body p[lang=en]').lang = 'bo'")
    tibetan = page.evaluate(STYLE, ".body p[lang=bo]")
    assert tibetan["textAlign"] == "start"
    assert float(tibetan["fontSize"][:-2]) == pytest.approx(1.2 * float(text["fontSize"][:-2]))
    column = page.evaluate("document.querySelector('.body p').getBoundingClientRect().width")
    assert column <= 36 * float(text["fontSize"][:-2]) + 1

    page.evaluate("document.documentElement.lang = 'zh-Hant-HK'")  # as with HANT_REGION=HK; the story says zh-Hant
    assert "HK" in page.evaluate(STYLE, ".body p")["fontFamily"]
    page.goto(f"/zh-hans/a/{codes['zh']}/")
    assert "SC" in page.evaluate(STYLE, ".body p")["fontFamily"]

    page.goto(f"/en/a/{codes['en']}/")
    assert page.evaluate(STYLE, ".body em")["fontStyle"] == "italic"
    assert "none" in page.evaluate(STYLE, ".body em")["textEmphasisStyle"]

    page.goto(f"/bo/a/{codes['bo']}/")
    text, emphasis = page.evaluate(STYLE, ".body p"), page.evaluate(STYLE, ".body em")
    assert text["fontFamily"].startswith('"Newsroom Tibetan"')
    assert (text["textAlign"], text["letterSpacing"], text["fontSynthesisWeight"]) == ("start", "normal", "none")
    assert float(text["lineHeight"][:-2]) == pytest.approx(2 * float(text["fontSize"][:-2]))
    assert float(text["fontSize"][:-2]) >= 1.15 * 18
    assert emphasis["fontStyle"] == "normal"
    assert "dot" in emphasis["textEmphasisStyle"]
