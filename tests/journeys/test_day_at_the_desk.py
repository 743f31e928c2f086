"""A day at the desk: written, reviewed with comments, approved, held by an embargo, scheduled, published, corrected.

Once on a desktop and once on a phone, with a hand; and once by keyboard alone.
"""

import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from articles.models import Article, Desk, Schedule, Site, User
from articles.publishing.clock import database_now
from tests import factories
from tests.harness import run
from tests.harness.browser import WatchedPage
from tests.harness.once import on_one_database
from tests.harness.server import Server
from tests.journeys.hands import Hands

pytestmark = on_one_database

HEADLINE = "朗措鎮早市週六搬進新棚"
BODY = "朗措鎮早市的213個攤位週六搬進新棚。"
RIGHT = "朗措鎮早市的231個攤位週六搬進新棚。"


@pytest.fixture
def newsroom(desk: Desk, site: Site, editor: User, chief: User, reporter: User) -> Desk:
    """A desk at which a second person approves what goes out first."""
    Desk.objects.filter(pk=desk.pk).update(approval=Desk.Approval.FIRST)
    for user in (editor, chief, reporter):
        user.language = "en"
        user.save()
    factories.make_channel("要聞", slug="news")
    factories.make_source("朗措新聞", slug="langtso")
    factories.make_person("達珍", slug="dazhen")
    return desk


def story_page(page: Page, article: Article, part: str = "change") -> None:
    page.goto(f"/admin/articles/article/{article.pk}/{part}/")


def step(page: Page, name: str) -> None:
    page.locator(f"[name=_step][value={name}]:visible").click()
    page.wait_for_selector(".messagelist .success")


def begin(hands: Hands) -> Article:
    page = hands.page
    hands.new_story()
    page.fill("#id_headline", HEADLINE)
    hands.text.click()
    page.keyboard.type(BODY)
    page.select_option("#id_channel", label="要聞")
    page.select_option("#id_source", label="朗措新聞")
    page.select_option("#id_credits-0-person", label="達珍")
    page.select_option("#id_credits-0-role", "editor")
    return Article.objects.get(pk=hands.save())


def move_clock_to(article: Article, server: Server) -> None:
    """As if the hour of its schedule had come; then one round of the worker."""
    past = database_now().replace(second=0, microsecond=0)
    Schedule.objects.filter(article=article, state="pending").update(due_at=past, try_at=past)
    command = [sys.executable, "manage.py", "worker", "--once"]
    subprocess.run(command, env=server.environment, cwd=run.ROOT, check=True, stdin=subprocess.DEVNULL)


def fill_moment(page: Page, prefix: str, ahead: timedelta, desk: Desk) -> None:
    at = (database_now() + ahead).astimezone(desk.zone)
    page.fill(f"#id_{prefix}date", f"{at:%Y-%m-%d}")
    page.fill(f"#id_{prefix}time", f"{at:%H:%M}")


@pytest.mark.parametrize("width", [1280, 390])
def test_a_story_goes_through_the_desk(
    width: int, server: Server, new_page: Callable[..., WatchedPage], newsroom: Desk, editor: User, reporter: User
):
    size = {"width": width, "height": 900}
    writer, reviewer, reader = (new_page(viewport=size) for _ in range(3))
    hands = Hands(writer)
    hands.come_in(reporter, server)
    article = begin(hands)
    step(writer, "submit")

    Hands(reviewer).come_in(editor, server)
    reviewer.goto("/admin/")
    reviewer.locator("section[aria-labelledby=review] a").click()
    expect(reviewer.locator("#id_headline")).to_have_value(HEADLINE)
    story_page(reviewer, article, "comments")
    reviewer.fill("#comment-text", "攤位數請再核對。")
    reviewer.click("form.say button:has-text('Comment')")
    expect(reviewer.locator(".thread")).to_contain_text("攤位數請再核對。")

    writer.goto("/admin/alerts/")
    expect(writer.locator("main")).to_contain_text("was commented on")
    story_page(writer, article, "comments")
    writer.click(".thread button[value=resolve]")

    story_page(reviewer, article)
    step(reviewer, "approve")

    # Held back: nobody publishes it before its time.
    story_page(reviewer, article, "embargo")
    fill_moment(reviewer, "", timedelta(days=1), newsroom)
    reviewer.click("button[name=set]")
    story_page(reviewer, article, "publish")
    reviewer.locator("form.decision .act button.default").click()
    expect(reviewer.locator("main")).to_contain_text("under embargo until")
    assert reader.goto(f"/a/{article.code}/").status == 404  # type: ignore[union-attr]
    story_page(reviewer, article, "embargo")
    reviewer.click("button[name=lift]")

    # Out at its time, by itself.
    story_page(reviewer, article)
    reviewer.click("[name=_publish]")
    reviewer.wait_for_url("**/publish/")
    reviewer.locator("details.timing summary").click()
    fill_moment(reviewer, "at-", timedelta(hours=2), newsroom)
    reviewer.click("button[name=schedule]")
    reviewer.wait_for_selector(".messagelist .success")
    reviewer.goto("/admin/calendar/?view=day")
    assert reader.goto(f"/a/{article.code}/").status == 404  # type: ignore[union-attr]
    move_clock_to(article, server)
    reader.goto(f"/a/{article.code}/")
    expect(reader.locator("h1")).to_contain_text(HEADLINE)

    # And put right, in public.
    story_page(reviewer, article)
    desk_hands = Hands(reviewer)
    desk_hands.begin()
    reviewer.keyboard.type(RIGHT)
    reviewer.click("[name=_publish]")
    reviewer.wait_for_url("**/publish/")
    reviewer.check("input[name=kind][value=correction]")
    reviewer.fill("#id_was", "213個攤位")
    reviewer.fill("#id_now", "231個攤位")
    reviewer.fill("#id_note", "攤位數有誤，謹此更正。")
    reviewer.locator("form.decision .act button.default").click()
    reviewer.wait_for_url("**/change/")
    reader.reload()
    expect(reader.locator(".notice.correction")).to_contain_text("231個攤位")
    assert [page.trouble for page in (writer, reviewer)] == [[], []]


def tab_to(page: Page, selector: str, *, most: int = 250) -> None:
    """Go on by Tab until this has the focus."""
    for _ in range(most):
        if page.evaluate("selector => document.activeElement?.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"no way by Tab to {selector} of {page.url}: {page.locator('main').inner_text()}")


def test_a_story_goes_through_the_desk_by_keyboard_alone(
    server: Server, new_page: Callable[..., WatchedPage], newsroom: Desk, editor: User, reporter: User
):
    page = new_page()
    keys = page.keyboard
    Hands(page).come_in(reporter, server)
    page.goto("/admin/articles/article/add/")
    expect(page.locator("#id_headline")).to_be_focused()
    keys.type(HEADLINE)
    keys.press("Enter")
    keys.press("Enter")
    expect(page.locator(".desk-editor__text")).to_be_focused()
    keys.type(BODY)
    tab_to(page, "#id_credits-0-person")
    keys.press("ArrowDown")
    tab_to(page, "#id_credits-0-role")
    keys.press("ArrowDown")
    keys.press("ArrowDown")  # author, responsible editor
    for field in ("channel", "source"):
        tab_to(page, f"#id_{field}")
        if not page.input_value(f"#id_{field}"):
            keys.press("ArrowDown")
    keys.press("Control+s")
    page.wait_for_selector(".autosaved.done")
    article = Article.objects.get()
    tab_to(page, "[name=_step][value=submit]")
    keys.press("Enter")
    page.wait_for_selector(".messagelist .success")
    article.refresh_from_db()
    assert article.stage == Article.Stage.REVIEW

    other = new_page()
    keys = other.keyboard
    Hands(other).come_in(editor, server)
    story_page(other, article, "comments")
    tab_to(other, "#comment-text")
    keys.type("可以。")
    tab_to(other, "form.say .act button:not([hidden])")
    keys.press("Enter")
    expect(other.locator(".thread")).to_contain_text("可以。")
    story_page(other, article)
    tab_to(other, "[name=_step][value=approve]")
    keys.press("Enter")
    other.wait_for_selector(".messagelist .success")
    tab_to(other, "[name=_publish]")
    keys.press("Enter")
    other.wait_for_url("**/publish/")
    tab_to(other, "form.decision .act button.default")
    keys.press("Enter")
    other.wait_for_url("**/change/")
    article.refresh_from_db()
    assert article.stage == Article.Stage.PUBLISHED
    assert page.trouble == other.trouble == []
