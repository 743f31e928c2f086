"""An editor's hands: what somebody at the desk does in a browser."""

import re
from collections.abc import Sequence

from django.test import Client
from playwright.sync_api import Locator, expect

from articles.models import Picture, User
from tests.factories import PASSWORD
from tests.harness.browser import WatchedPage
from tests.harness.server import Server

AFTER_A_KEY = 40  # milliseconds that the writing surface needs to notice where the caret is
# It sets the caret itself 20 ms after a click has given it the focus: no person presses a key before that, a test does.
SETTLED = f"new Promise(done => setTimeout(done, {AFTER_A_KEY}))"


class Hands:
    """At a page of the desk. Elements are named by what does not change with the interface's language."""

    def __init__(self, page: WatchedPage) -> None:
        self.page = page

    # --- coming in ------------------------------------------------------------------------------------------------
    def log_in(self, user: User) -> None:
        self.page.goto("/admin/")
        self.page.fill("#id_username", user.username)
        self.page.fill("#id_password", PASSWORD)
        self.page.press("#id_password", "Enter")
        self.page.wait_for_url("**/admin/")

    def come_in(self, user: User, server: Server) -> None:
        """With a session that began elsewhere: the quick way, for tests that are not about logging in."""
        client = Client()
        client.force_login(user)
        self.page.context.add_cookies([{"name": "desk", "value": client.cookies["desk"].value, "url": server.url}])

    # --- the story form -------------------------------------------------------------------------------------------
    def new_story(self) -> None:
        self.page.goto("/admin/articles/article/add/")
        expect(self.text).to_be_visible()

    def open_story(self, number: int) -> None:
        self.page.goto(f"/admin/articles/article/{number}/change/")
        expect(self.text).to_be_visible()

    @property
    def text(self) -> Locator:
        """The surface on which the body is written."""
        return self.page.locator(".desk-editor__text")

    @property
    def body(self) -> str:
        """What the form would send."""
        return self.page.locator("#id_body").input_value()

    @property
    def told(self) -> str:
        """What the editor says about the last paste."""
        return self.page.locator(".desk-editor__note").inner_text()

    def begin(self) -> None:
        """An empty body, with the caret in it."""
        self.text.click()
        self.press("Control+a", "Control+a", "Delete")
        assert self.body in {"", "<p></p>"}

    def press(self, *keys: str) -> None:
        self.page.evaluate(SETTLED)
        for key in keys:
            self.page.keyboard.press(key)
            self.page.wait_for_timeout(AFTER_A_KEY)

    def tool(self, name: str) -> Locator:
        return self.page.locator(f"[data-tool={name}]")

    def copy_elsewhere(self, words: str) -> None:
        """As if another window had copied this text."""
        self.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        self.page.evaluate("words => navigator.clipboard.writeText(words)", words)

    def paste(self, html: str = "", text: str = "") -> None:
        self.text.evaluate(
            """(surface, {html, text}) => {
                const data = new DataTransfer();
                if (html) data.setData("text/html", html);
                if (text) data.setData("text/plain", text);
                surface.dispatchEvent(
                    new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
            }""",
            {"html": html, "text": text},
        )

    def compose(self, typed: Sequence[str], chosen: str) -> None:
        """Type by an input method: what is shown while typing, then the characters that are chosen."""
        session = self.page.context.new_cdp_session(self.page)
        for shown in typed:
            place = {"selectionStart": len(shown), "selectionEnd": len(shown)}
            session.send("Input.imeSetComposition", {"text": shown} | place)
        session.send("Input.insertText", {"text": chosen})
        session.detach()
        self.page.wait_for_timeout(AFTER_A_KEY)

    def pick(self, picture: Picture) -> None:
        """In the chooser of pictures, which is open."""
        self.page.locator(".desk-chooser__card").filter(has=self.page.locator(f'img[alt="{picture.alt}"]')).click()
        expect(self.page.locator("dialog[open]")).to_have_count(0)

    def choose(self, field: str, label: object) -> None:
        self.page.select_option(f"#id_{field}", label=str(label))

    def save(self) -> int:
        """Save, and stay; the story's number."""
        self.page.click("[name=_continue]")
        self.page.wait_for_selector(".messagelist .success")
        expect(self.text).to_be_visible()
        found = re.search(r"/article/(\d+)/change/", self.page.url)
        assert found, self.page.url
        return int(found[1])
