"""What axe, a machine that knows much of WCAG 2.2, finds on a page; and whether the page fits its window."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

AXE = Axe()
on_one_database = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)  # a page looks the same from both


def findings(page: Page) -> list[str]:
    """The rules that the page breaks, and where. Frames are looked into as pages of their own."""
    results = AXE.run(page, options={"resultTypes": ["violations"], "iframes": False}).response
    return [
        f"{one['id']}: {' '.join(map(str, node['target']))} {node['html'][:120]}"
        for one in results["violations"]
        for node in one["nodes"]
    ]


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
