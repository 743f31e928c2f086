"""Every kind of page that a reader may open, in every light: by axe, by its headings, by keyboard, without scripts."""

import itertools
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from articles.models import User
from tests.harness.browser import WatchedPage
from tests.harness.server import Server
from tests.journeys.accessibility import findings, on_one_database, too_wide
from tests.journeys.reader_pages import FAILURES, whole_newspaper


@pytest.fixture
def newspaper(server: Server, administrator: User, chief: User, editor: User) -> dict[str, str]:
    return whole_newspaper(administrator, chief, editor)


# Here also what costs most is looked at.
BUSIEST = ("front", "story", "corrected story", "month", "history", "form of a report")


def allowed(page: WatchedPage) -> list[str]:
    """The trouble of a page but for the failures that were asked for."""
    return [one for one in page.trouble if "status of 404" not in one and "status of 451" not in one]


# Pointers of WCAG 2.2 (2.5.8): 24 by 24 pixels, or so much room around that a circle of 24 meets no other target. Links
# inside a sentence are free of it.
SMALL = """() => {
    const all = "a[href], button, input:not([type=hidden]), select, summary, textarea";
    const targets = [...document.querySelectorAll(all)]
        .filter(one => one.checkVisibility({visibilityProperty: true}) && !one.closest(".skip, .trap"));
    const boxes = targets.map(one => one.getBoundingClientRect());
    const inText = one => {
        const block = one.parentElement.closest("p, li, dd, blockquote, figcaption, td");
        return getComputedStyle(one).display === "inline" && block
            && block.textContent.trim().length > one.textContent.trim().length;
    };
    return targets.filter((one, index) => {
        const box = boxes[index];
        if ((box.width >= 24 && box.height >= 24) || inText(one)) return false;
        const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
        return boxes.some((other, place) => place !== index && !targets[place].contains(one)
            && Math.hypot(x - Math.min(Math.max(x, other.left), other.right),
                          y - Math.min(Math.max(y, other.top), other.bottom)) < 12);
    }).map(one => `${one.localName}.${one.className} ${one.textContent.trim().slice(0, 20)}`);
}"""

HEADINGS = """() => [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")]
    .filter(one => one.checkVisibility({visibilityProperty: true})).map(one => Number(one.localName[1]))"""


def wrong_order(levels: list[int]) -> bool:
    """Whether a page has not exactly one heading of the first level, or leaves a level out on its way down."""
    return levels.count(1) != 1 or any(low > high + 1 for high, low in itertools.pairwise(levels))


@on_one_database
def test_machines_find_no_fault_on_any_page_wide_narrow_and_dark(
    newspaper: dict[str, str], new_page: Callable[..., WatchedPage]
):
    page = new_page(reduced_motion="reduce")
    found: dict[str, list[str]] = {}
    for name, path in newspaper.items():
        answer = page.goto(path)
        assert answer
        assert answer.ok != (name in FAILURES), name
        for light, width, scheme in (("wide", 1280, "light"), ("phone in the dark", 390, "dark"),
                                     ("smallest phone", 320, "light")):  # fmt: skip
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            machine = findings(page) if width > 320 or name in BUSIEST else []
            found[f"{name}, {light}"] = machine + too_wide(page) + page.evaluate(SMALL)
        if wrong_order(levels := page.evaluate(HEADINGS)):
            found[f"{name}, headings"] = list(map(str, levels))
    assert {where: faults for where, faults in found.items() if faults} == {}
    assert allowed(page) == []


@on_one_database
def test_more_contrast_is_as_sound_as_what_we_choose_ourselves(
    newspaper: dict[str, str], new_page: Callable[..., WatchedPage]
):
    found = {}
    for how in ("asked of us", "asked of the system"):
        page = new_page(contrast="more" if how == "asked of the system" else "no-preference")
        page.goto("/")
        if how == "asked of us":
            page.evaluate("localStorage.setItem('contrast', 'more')")
        for name in BUSIEST:
            page.goto(newspaper[name])
            for scheme, ink in (("light", "rgb(0, 0, 0)"), ("dark", "rgb(255, 255, 255)")):
                page.emulate_media(color_scheme=scheme)
                assert page.evaluate("getComputedStyle(document.documentElement).color") == ink, (name, how)
                if faults := findings(page):
                    found[f"{name}, {scheme}, {how}"] = faults
    assert found == {}


@on_one_database
def test_every_page_is_whole_without_scripts(newspaper: dict[str, str], new_page: Callable[..., WatchedPage]):
    page = new_page(java_script_enabled=False)
    for name, path in newspaper.items():
        page.goto(path)
        assert page.locator("h1").is_visible(), name
        for button in page.locator("button").all():  # only what sends a form
            assert not button.is_visible() or button.locator("xpath=ancestor::form").count(), name
    assert allowed(page) == []


@on_one_database
def test_machines_find_no_fault_where_no_script_has_run(
    newspaper: dict[str, str], new_page: Callable[..., WatchedPage]
):
    page = new_page(viewport={"width": 390, "height": 900})  # scripts stay on: axe is one
    page.route("**/*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    found = {}
    for name in BUSIEST:
        page.goto(newspaper[name])
        assert page.locator("html[data-step]").count() == 0
        if faults := findings(page):
            found[name] = faults
    assert found == {}


WHERE = """() => {
    const one = document.activeElement, box = one.getBoundingClientRect(), style = getComputedStyle(one);
    const label = one.closest("label"), around = label ? getComputedStyle(label) : style;
    return {name: one.localName, skip: one.className === "skip",
            place: `${one.localName}.${one.className} ${one.textContent.trim().slice(0, 20)}`,
            order: [...document.querySelectorAll("*")].indexOf(one),
            seen: box.width > 0 && box.height > 0 && box.top < innerHeight && box.bottom > 0,
            marked: style.outlineStyle !== "none" || around.outlineStyle !== "none"};
}"""


def walk(page: Page) -> list[str]:
    """Press Tab from the top to the end of the page; what is wrong with the way."""
    wrong, last = [], -1
    for _ in range(300):
        page.keyboard.press("Tab")
        where = page.evaluate(WHERE)
        if where["name"] == "body" or (last >= 0 and where["skip"]):  # through, or at the top again
            return wrong
        if not where["seen"]:
            wrong.append(f"not seen: {where['place']}")
        if not where["marked"]:
            wrong.append(f"not marked: {where['place']}")
        if where["order"] < last:
            wrong.append(f"backwards: {where['place']}")
        last = where["order"]
    return [*wrong, "no end"]


@on_one_database
def test_tab_goes_down_every_page_and_one_always_sees_where_one_is(
    newspaper: dict[str, str], new_page: Callable[..., WatchedPage]
):
    page = new_page()
    found = {}
    for name in ("front", "story", "corrected story", "month", "history", "changes", "corrections", "accuracy",
                 "form of a report", "status of a report", "nothing"):  # fmt: skip
        page.goto(newspaper[name])
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip", name
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main", name
        page.goto(newspaper[name])
        if wrong := walk(page):
            found[name] = wrong
    assert found == {}
