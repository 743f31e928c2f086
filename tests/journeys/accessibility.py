"""What axe, a machine that knows much of WCAG 2.2, finds on a page; and whether the page fits its window."""

from collections.abc import Callable

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

# The rules by which another light or width can break what was sound before.
LOOKS = ("color-contrast", "link-in-text-block", "scrollable-region-focusable")

RUN = """async options => (await axe.run(options)).violations.flatMap(one => one.nodes.map(
    node => `${one.id}: ${node.target.join(" ")} ${node.html.slice(0, 120)}`))"""


def findings(page: Page, *rules: str) -> list[str]:
    """The rules that the page breaks, and where: all that axe knows, or these. Frames are looked into as pages of their
    own."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    options = {"resultTypes": ["violations"], "iframes": False}
    return list(page.evaluate(RUN, options | ({"runOnly": {"type": "rule", "values": rules}} if rules else {})))


def too_wide(page: Page) -> list[str]:
    """What stands out over the right edge, if the page can be scrolled sideways."""
    return list(
        page.evaluate("""() => {
            const room = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= room) return [];
            return [...document.querySelectorAll("body *")]
                .filter(one => one.getBoundingClientRect().right > room + 1)
                .map(one => `${one.localName}.${one.className}`);
        }""")
    )


def in_lights(page: Page, look: Callable[[Page], list[str]], *lights: tuple[int, str]) -> dict[str, list[str]]:
    """What `look` finds on a page that stays open, in one width (pixels) and colour scheme after the other."""
    found = {}
    for width, scheme in lights:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        if broken := look(page):
            found[f"{page.url} {width} {scheme}"] = broken
    return found
