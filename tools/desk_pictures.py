"""The pictures of docs/desk.md, taken of a demo newsroom in Chromium: uv run python tools/desk_pictures.py"""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "docs" / "pictures"
PORT = 8765
BASE = f"http://127.0.0.1:{PORT}"


@contextmanager
def demo() -> Iterator[dict[str, str]]:
    """A demo newsroom of its own; yields the passwords by user name."""
    with tempfile.TemporaryDirectory() as data:
        command = [sys.executable, "manage.py", "demo", "--port", str(PORT), "--data", data]
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONUNBUFFERED": "1"}
        )
        try:
            told = ""
            assert process.stdout
            for line in process.stdout:
                told += line
                if "Ctrl-C" in line:
                    break
            yield dict(re.findall(r"^\s+(?:chief|editor|reporter)\s+(\w+)\s+(\S+)$", told, re.M))
        finally:
            process.terminate()
            process.wait(timeout=30)


def log_in(browser: Browser, user: str, password: str) -> Page:
    page = browser.new_context(viewport={"width": 1280, "height": 860}, locale="en-GB").new_page()
    page.goto(f"{BASE}/admin/")
    page.fill("#id_username", user)
    page.fill("#id_password", password)
    page.press("#id_password", "Enter")
    page.wait_for_selector("#me", state="attached")
    return page


def take(page: Page, name: str) -> None:
    page.wait_for_timeout(800)
    page.screenshot(path=OUT / f"desk-{name}.png")
    print(f"docs/pictures/desk-{name}.png")


def story(page: Page, words: str) -> str:
    """The address of the form of the story whose headline begins so."""
    page.goto(f"{BASE}/admin/articles/article/?q={words}")
    return str(page.locator("#result_list th a, #result_list td a").first.get_attribute("href"))


def main() -> None:
    OUT.mkdir(exist_ok=True)
    with demo() as passwords, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        chief, editor = (log_in(browser, name, passwords[name]) for name in ("dazhen", "yinxiaoyan"))
        chief.goto(f"{BASE}/admin/")
        take(chief, "home")
        bridge = BASE + story(chief, "曲果大橋")
        chief.goto(bridge)
        chief.wait_for_selector(".desk-editor__text")
        take(chief, "story")
        editor.goto(bridge)
        editor.wait_for_selector(".desk-editor__text")
        take(editor, "two")
        stale = editor.context.new_page()
        stale.goto(bridge)
        stale.wait_for_selector(".desk-editor__text")
        chief.fill("#id_headline", "曲果大橋換伸縮縫，夜間單向通行三週")
        chief.fill("#id_kicker", "曲果")
        chief.click("[name=_continue]")
        chief.wait_for_selector(".messagelist .success")
        stale.fill("#id_headline", "曲果大橋伸縮縫更換，夜間單向通行二十天")
        stale.click("[name=_continue]")
        stale.wait_for_load_state()
        take(stale, "merge")
        chief.goto(f"{BASE}/admin/articles/article/add/")
        chief.fill("#id_headline", "早市新棚，二〇二六年12月開張")
        chief.locator(".desk-editor__text").click()
        chief.keyboard.type("新棚有213個攤位,漲了3~5%。管理處說:“歡迎大家來。")
        chief.wait_for_timeout(3000)
        take(chief, "style")
        market = BASE + story(editor, "早市新棚加裝")
        editor.goto(market.replace("/change/", "/publish/"))
        take(editor, "publish")
        editor.goto(f"{BASE}/admin/calendar/")
        take(editor, "calendar")
        editor.goto(f"{BASE}/admin/articles/article/")
        take(editor, "list")
        browser.close()


if __name__ == "__main__":
    main()
