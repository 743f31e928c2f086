"""Every kind of page that a reader may open, in every light: by axe, by its headings, by keyboard, without scripts."""

import itertools
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from articles.models import User
from tests.harness.browser import WatchedPage
from tests.harness.once import on_one_database
from tests.harness.server import Server
from tests.journeys.accessibility import LOOKS, findings, too_wide
from tests.journeys.reader_pages import FAILURES, whole_newspaper

pytestmark = on_one_database


@pytest.fixture
def newspaper(server: Server, administrator: User, chief: User, editor: User) -> dict[str, str]:
    return whole_newspaper(administrator, chief, editor)


def allowed(page: WatchedPage) -> list[str]:
    """The trouble of a page but for the failures that were asked for."""
    return [one for one in page.trouble if not any(f"status of {code}" in one for code in (404, 410, 451))]


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

# Words in a box that hides what does not fit; what only a screen reader reads is hidden on purpose.
CUT = """() => [...document.querySelectorAll("body *")].filter(one => {
    const style = getComputedStyle(one), box = one.getBoundingClientRect();
    if (box.width < 2 || box.height < 2 || !one.textContent.trim()) return false;
    const hides = /hidden|clip/;
    return (hides.test(style.overflowX) && one.scrollWidth > one.clientWidth + 1)
        || (hides.test(style.overflowY) && one.scrollHeight > one.clientHeight + 1);
}).map(one => `${one.localName}.${one.className}`)"""

# What is current, chosen or on air, and is told by colour or weight alone: those who choose their own colours see none,
# and the Tibetan face has one weight. An edition in the list says so in words.
UNTOLD = """forced => [...document.querySelectorAll("[aria-current], :checked + span, .flag.live")]
    .filter(one => one.checkVisibility({visibilityProperty: true}) && !one.closest(".edition-head"))
    .filter(one => {
        const style = getComputedStyle(one);
        const edge = style.borderBottomStyle !== "none" || style.outlineStyle !== "none";
        const ground = style.boxShadow !== "none" || !/, 0\\)$/.test(style.backgroundColor);
        const line = style.textDecorationLine === "underline" && style.textDecorationColor === style.color;
        return !(edge || (!forced && (ground || line)));
    }).map(one => `${one.localName}.${one.className} ${one.textContent.trim().slice(0, 20)}`)"""


def wrong_order(levels: list[int]) -> bool:
    """Whether a page has not exactly one heading of the first level, or leaves a level out on its way down."""
    return levels.count(1) != 1 or any(low > high + 1 for high, low in itertools.pairwise(levels))


class Lights:
    """A page that is looked at in one light after the other, and the faults that it showed."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.letters = page.context.new_cdp_session(page)
        self.letters.send("Page.enable")
        self.found: dict[str, list[str]] = {}
        self.schemes = itertools.cycle([("light", "rgb(0, 0, 0)"), ("dark", "rgb(255, 255, 255)")])

    def look(self, light: str, width: int, *rules: str, **media: str) -> None:
        self.page.set_viewport_size({"width": width, "height": 900})
        wanted = {"color_scheme": "light", "contrast": "no-preference", "forced_colors": "none"} | media
        self.page.emulate_media(reduced_motion="reduce", **wanted)  # type: ignore[arg-type]
        faults = [] if rules == ("none",) else findings(self.page, *rules)
        self.found[light] = faults + too_wide(self.page) + self.page.evaluate(SMALL)
        self.found[light] += self.page.evaluate(UNTOLD, "forced_colors" in media)

    def ink(self) -> str:
        return str(self.page.evaluate("getComputedStyle(document.documentElement).color"))

    def contrast(self) -> None:
        """Asked of the system, and of us: the same colours, in one page light, in the next one dark."""
        scheme, ink = next(self.schemes)
        self.look(f"more contrast, {scheme}", 1280, *LOOKS, color_scheme=scheme, contrast="more")
        assert self.ink() == ink
        self.page.emulate_media(contrast="no-preference")
        self.page.evaluate("document.documentElement.dataset.contrast = 'more'")
        assert self.ink() == ink
        self.page.evaluate("delete document.documentElement.dataset.contrast")

    def large_letters(self) -> None:
        """Of double size, as a browser's own setting."""
        self.letters.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
        assert self.page.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"
        for width in (1280, 640):
            self.page.set_viewport_size({"width": width, "height": 900})
            self.found[f"letters of double size at {width}"] = too_wide(self.page) + self.page.evaluate(CUT)
        self.letters.send("Page.setFontSizes", {"fontSizes": {"standard": 16, "fixed": 13}})

    def all(self) -> dict[str, list[str]]:
        self.found = {"keyboard": walk(self.page)}
        self.look("wide", 1280)
        if wrong_order(levels := self.page.evaluate(HEADINGS)):
            self.found["headings"] = list(map(str, levels))
        self.look("phone in the dark", 390, *LOOKS, color_scheme="dark")
        self.look("smallest phone", 320, "scrollable-region-focusable")
        self.look("colours of the system", 1280, "none", forced_colors="active")
        self.contrast()
        self.large_letters()
        return {light: faults for light, faults in self.found.items() if faults}


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
    """Press Tab from the top to the end of the page, then leap over what every page has; what is wrong with the way."""
    wrong, last = [], -1
    started = page.locator("[autofocus]").count()  # somewhere below: then from the top all the same
    for number in range(300):
        if started and not number:
            page.locator(".skip").focus()
        else:
            page.keyboard.press("Tab")
        where = page.evaluate(WHERE)
        if last < 0 and not where["skip"]:
            wrong.append(f"first: {where['place']}")
        if where["name"] == "body" or (last >= 0 and where["skip"]):  # through, or at the top again
            break
        if not where["seen"]:
            wrong.append(f"not seen: {where['place']}")
        if not where["marked"]:
            wrong.append(f"not marked: {where['place']}")
        if where["order"] < last:
            wrong.append(f"backwards: {where['place']}")
        last = where["order"]
    else:
        wrong.append("no end")
    page.locator(".skip").focus()
    page.keyboard.press("Enter")
    return wrong if page.evaluate("document.activeElement.id") == "main" else [*wrong, "no way to the text"]


def test_no_page_shows_a_fault_in_any_light(newspaper: dict[str, str], new_page: Callable[..., WatchedPage]):
    page = new_page(reduced_motion="reduce")
    lights = Lights(page)
    found: dict[str, dict[str, list[str]]] = {}
    for name, path in newspaper.items():
        page.set_viewport_size({"width": 1280, "height": 900})
        page.emulate_media(color_scheme="light", contrast="no-preference", forced_colors="none")
        answer = page.goto(path)
        assert answer
        assert answer.ok != (name in FAILURES), name
        if faults := lights.all():
            found[name] = faults
    assert found == {}
    assert allowed(page) == []


def test_no_page_needs_a_script(newspaper: dict[str, str], new_page: Callable[..., WatchedPage]):
    page = new_page(viewport={"width": 390, "height": 900})  # scripts stay on: axe is one
    page.route("**/*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    found = {}
    for name, path in newspaper.items():
        page.goto(path)
        assert page.locator("html[data-step]").count() == 0
        assert page.locator("h1").is_visible(), name
        for button in page.locator("button").all():  # only what sends a form
            assert not button.is_visible() or button.locator("xpath=ancestor::form").count(), name
        if faults := findings(page) + too_wide(page):
            found[name] = faults
    assert found == {}
    assert allowed(page) == []
