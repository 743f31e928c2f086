"""A story read without scripts, and by keyboard alone. What machines find on each page: test_every_page_kind.py."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from articles.models import User
from tests.harness.browser import WatchedPage
from tests.harness.once import on_one_database
from tests.harness.server import Server
from tests.journeys.reader_pages import whole_newspaper

pytestmark = on_one_database


@pytest.fixture
def newspaper(server: Server, administrator: User, chief: User, editor: User) -> dict[str, str]:
    return whole_newspaper(administrator, chief, editor)


def test_without_scripts_only_the_text_size_control_is_missing(
    newspaper: dict[str, str], new_page: Callable[..., WatchedPage]
):
    page = new_page(java_script_enabled=False)
    page.goto(newspaper["story"])
    expect(page.locator("input[name=text-size]")).to_have_count(0)
    expect(page.locator(".text-size")).not_to_be_visible()
    story = page.locator("article.story")
    for part in (".banner a", "nav.trail", ".fact-time time", "h1", ".kicker", ".standfirst", "figure.lead img",
                 ".update-note", ".editors a >> nth=1", ".colophon .code", ".tags a >> nth=0"):  # fmt: skip
        expect(story.locator(part)).to_be_visible()
    assert story.locator(".body h2").all_inner_texts() == ["夜裡", "早上", "今後"]
    for image in story.locator("img").all():
        image.scroll_into_view_if_needed()
        expect(image).to_be_visible()
    page.click(".report a")
    expect(page.locator("h1")).to_be_visible()
    page.goto("/")
    page.get_by_role("link", name="第4則公路消息").first.click()
    expect(page.locator("h1")).to_have_text("第4則公路消息")
    assert page.trouble == []


def test_a_story_is_read_by_keyboard_alone(newspaper: dict[str, str], new_page: Callable[..., WatchedPage]):
    page = new_page()
    page.goto(newspaper["story"])
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # the first stop leads past the masthead
    expect(page.locator("main")).to_be_focused()
    page.locator("input[name=text-size]:checked").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("html")).to_have_attribute("data-step", "3")
    for _ in range(80):
        page.keyboard.press("Tab")
        where = page.evaluate("""() => {
            const one = document.activeElement, box = one.getBoundingClientRect(), style = getComputedStyle(one);
            return {name: one.localName, href: one.getAttribute("href"), seen: box.width > 0 && box.height > 0,
                    marked: style.outlineStyle !== "none" || style.boxShadow !== "none"};
        }""")
        if where["name"] == "body":
            break
        assert where["seen"], where
        assert where["marked"], where
        if re.fullmatch("/a/.*/report/", where["href"] or ""):
            return
    pytest.fail("Tab never came to the link by which an error is reported")
