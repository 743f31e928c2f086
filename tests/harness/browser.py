"""Chromium, driven by Playwright."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Route, sync_playwright

from tests.harness import run

LOOPBACK = {"127.0.0.1", "localhost"}


class WatchedPage(Page):
    """A page that notes what went wrong in it; a name for the type checker only."""

    trouble: list[str]


class Chromium:
    """One browser for all tests of this process."""

    def __init__(self, browser: Browser, loop: asyncio.AbstractEventLoop) -> None:
        self.browser = browser
        self._loop = loop

    @contextmanager
    def awake(self) -> Iterator[None]:
        """While this lasts, Playwright may be called.

        Its event loop counts as running between its calls: other tests must not see that, they could not start a
        loop of their own; and Django must be told that its database may be used all the same.
        """
        asyncio._set_running_loop(self._loop)
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "yes"
        try:
            yield
        finally:
            os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
            asyncio._set_running_loop(None)


@contextmanager
def chromium() -> Iterator[Chromium]:
    program = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
    if not program.exists():
        run.unavailable(f"no browser: {program} does not exist; install chromium, or name one in CHROMIUM")
    playwright = sync_playwright().start()
    loop = asyncio.get_running_loop()
    browser = playwright.chromium.launch(
        executable_path=program, args=["--no-sandbox"] if os.geteuid() == 0 else [], timeout=60_000
    )
    asyncio._set_running_loop(None)
    found = Chromium(browser, loop)
    try:
        yield found
    finally:
        with found.awake():
            browser.close()
            playwright.stop()


def open_page(browser: Browser, **options: Any) -> WatchedPage:
    """A page in a context (cookies, storage) of its own; options as those of Playwright's `new_context`."""
    options = {"viewport": {"width": 1280, "height": 900}} | options
    context = browser.new_context(**options)
    context.set_default_timeout(30_000)  # of a machine that is busy with other tests
    context.route(lambda url: is_foreign(url), refuse)
    page = cast(WatchedPage, context.new_page())
    page.trouble = []
    watch(page, page.trouble)
    return page


def is_foreign(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme not in {"about", "blob", "data"} and parts.hostname not in LOOPBACK


def refuse(route: Route) -> None:
    route.abort()


def watch(page: Page, trouble: list[str]) -> None:
    def console(message: ConsoleMessage) -> None:
        if message.type == "error":
            trouble.append(f"console: {message.text} ({message.location.get('url', '')})")

    def request(asked: Request) -> None:
        if is_foreign(asked.url):
            trouble.append(f"foreign request: {asked.url}")

    def failed(asked: Request) -> None:
        # ERR_ABORTED is what a reader does by going on before all is loaded; foreign ones are noted already.
        if "ERR_ABORTED" not in (asked.failure or "") and not is_foreign(asked.url):
            trouble.append(f"failed request: {asked.url} {asked.failure}")

    page.on("console", console)
    page.on("pageerror", lambda error: trouble.append(f"page error at {page.url}: {error.stack or error}"))
    page.on("request", request)
    page.on("requestfailed", failed)
