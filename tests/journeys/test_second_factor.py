"""A second factor in a real browser: a passkey made and used, an app by its square, and the pages for everybody."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from articles.models import Desk, Passkey, User
from tests import factories
from tests.harness.browser import WatchedPage
from tests.harness.once import on_one_database
from tests.harness.server import Server
from tests.journeys.accessibility import findings, too_wide

pytestmark = on_one_database


@contextmanager
def authenticator(page: WatchedPage) -> Iterator[Any]:
    """A security key that Chromium itself plays."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True, "isUserVerified": True,
               "automaticPresenceSimulation": True}  # fmt: skip
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield lambda: session.send("WebAuthn.getCredentials", made)["credentials"]
    session.send("WebAuthn.removeVirtualAuthenticator", made)


def come_in(page: WatchedPage, user: User) -> None:
    page.goto("/admin/login/")
    page.fill("#id_username", user.username)
    page.fill("#id_password", factories.PASSWORD)
    page.click("#login-form [type=submit]")


@pytest.fixture
def page(new_page: Callable[..., WatchedPage], server: Server) -> WatchedPage:
    """At localhost: an address of numbers is no name that a passkey could be for."""
    return new_page(base_url=server.url.replace("127.0.0.1", "localhost"), locale="en")


def test_a_passkey_is_made_and_opens_the_door(server: Server, page: WatchedPage, reporter: User, desk: Desk):
    desk.demands_second_factor = True
    desk.save()
    reporter.language = "en"
    reporter.save()
    with authenticator(page) as kept:
        come_in(page, reporter)
        page.wait_for_url("**/admin/second-factor/**")
        page.click("text=Add a passkey")
        page.fill("#id_name", "藍鑰匙")
        page.click("[data-passkey=new]")
        page.wait_for_selector(".recovery-codes")
        assert page.locator(".recovery-codes li").count() == 10
        assert len(kept()) == 1
        key = Passkey.objects.get()
        assert (key.user, key.name, key.used_at) == (reporter, "藍鑰匙", None)
        page.click("text=I have them: go on")
        page.wait_for_url("**/admin/")

        page.click("button.who")
        page.click("#logout-form button")
        come_in(page, reporter)
        page.wait_for_url("**/admin/login/second/")
        page.click("[data-passkey=use]")
        page.wait_for_url("**/admin/")
        assert page.locator("button.who").inner_text() == "nima"
        key.refresh_from_db()
        assert key.used_at
    assert page.trouble == []


def test_without_the_passkey_one_is_told_and_may_use_a_code(server: Server, page: WatchedPage, reporter: User):
    secret = factories.give_app(reporter)
    reporter.language = "en"
    reporter.save()
    with authenticator(page):
        come_in(page, reporter)
        page.fill("#id_code", factories.code_now(secret))
        page.click("#second-step [type=submit]")
        page.goto("/admin/second-factor/passkey/")
        page.click("[data-passkey=new]")
        page.wait_for_selector(".recovery-codes")
    page.click("button.who")
    page.click("#logout-form button")
    with authenticator(page):  # another one, which holds no key
        come_in(page, reporter)
        page.click("[data-passkey=use]")
        page.wait_for_selector("[data-passkey-trouble]:not([hidden])")
        page.fill("#id_code", factories.code_now(secret, steps=1))
        page.click("#second-step [type=submit]")
        page.wait_for_url("**/admin/")


def test_axe_finds_nothing_on_the_pages_of_the_door(
    server: Server, page: WatchedPage, reporter: User, administrator: User, desk: Desk
):
    for user in (reporter, administrator):
        user.language = "en"
        user.save()
    found: dict[str, list[str]] = {}

    def look(name: str) -> None:
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 900})
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                if broken := findings(page) + too_wide(page):
                    found[f"{name} {width} {scheme}"] = broken

    page.goto("/admin/login/password/")
    look("password letter")
    with authenticator(page):
        come_in(page, reporter)
        for name in ("", "app/", "passkey/"):
            page.goto(f"/admin/second-factor/{name}")
            look(name or "overview")
        page.click("[data-passkey=new]")
        page.wait_for_selector(".recovery-codes")
        look("recovery codes")
        page.goto("/admin/second-factor/")
        for summary in page.locator("summary").all():
            summary.click()
        look("overview with a passkey")
        page.click("button.who")
        page.click("#logout-form button")
        come_in(page, reporter)
        page.wait_for_url("**/admin/login/second/")
        look("second step")
        page.fill("#id_code", "000000")
        page.click("#second-step [type=submit]")
        page.wait_for_selector(".errorlist:not([hidden])")
        look("second step with an error")
    page.context.clear_cookies()
    come_in(page, administrator)
    page.goto(f"/admin/articles/user/{reporter.pk}/change/")
    page.click(".forget summary")
    look("colleague")
    assert found == {}
