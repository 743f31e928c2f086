"""Times at the desk in a browser: without scripts, by the keyboard, and for everybody."""

import itertools
from collections.abc import Callable
from zoneinfo import ZoneInfo

from articles.models import Article, Desk, Schedule, Site, User
from articles.publishing import Note, set_embargo
from tests import factories
from tests.harness.browser import WatchedPage
from tests.harness.once import on_postgresql
from tests.harness.server import Server
from tests.journeys.accessibility import findings, in_lights
from tests.journeys.hands import Hands
from tests.publishing.test_schedules import ZONE, make_due, minute, scheduled

pytestmark = on_postgresql


def test_a_story_is_scheduled_and_moved_from_the_calendar_without_scripts(
    server: Server, new_page: Callable[..., WatchedPage], editor: User, article: Article, site: Site
):
    page = new_page(java_script_enabled=False, viewport={"width": 390, "height": 844})
    Hands(page).come_in(editor, server)
    due = minute(days=2).astimezone(ZoneInfo(ZONE))
    page.goto(f"/admin/articles/article/{article.pk}/publish/")
    page.locator(".timing summary").click()
    page.fill("#id_at-date", f"{due:%Y-%m-%d}")
    page.fill("#id_at-time", f"{due:%H:%M}")
    page.click("button[name=schedule]")
    page.wait_for_selector(".times li")
    assert Schedule.objects.get().due_at == due

    page.goto(f"/admin/calendar/?view=week&date={due:%Y-%m-%d}")
    page.click("a.move")
    page.fill("#id_time", "23:59")
    page.click("button[name=move]")
    page.wait_for_selector(".calendar")
    assert f"{Schedule.objects.get().due_at.astimezone(ZoneInfo(ZONE)):%Y-%m-%d %H:%M}" == f"{due:%Y-%m-%d} 23:59"
    assert page.trouble == []


def test_the_arrows_lead_from_day_to_day(
    server: Server, new_page: Callable[..., WatchedPage], editor: User, site: Site
):
    page = new_page()
    Hands(page).come_in(editor, server)
    page.goto("/admin/calendar/?date=2027-05-12")
    page.focus('a.day-number:has(time[datetime="2027-05-12"])')
    for key, day in [("ArrowRight", 13), ("ArrowDown", 20), ("ArrowLeft", 19), ("ArrowUp", 12)]:
        page.keyboard.press(key)
        assert page.evaluate("document.activeElement.querySelector('time').dateTime") == f"2027-05-{day}"
    page.keyboard.press("Enter")
    page.wait_for_url("**view=day**")
    assert page.trouble == []


def test_axe_finds_nothing_where_times_are_named(
    server: Server, page: WatchedPage, administrator: User, editor: User, desk: Desk, site: Site
):
    Hands(page).come_in(administrator, server)
    article = factories.make_article(editor, desk=desk)
    set_embargo(article, by=editor, until=minute(hours=1), zone=ZONE)
    row = scheduled(article, editor, minute(hours=2))
    published = factories.publish_article(editor, desk=desk)
    late = scheduled(published, administrator, noted=[Note(kind="clarification", text="指上朗縣。")])
    make_due(late)
    Schedule.objects.filter(pk=late.pk).update(due_at=minute(hours=-1), try_at=minute(hours=9))
    story = f"/admin/articles/article/{article.pk}/"
    found: dict[str, list[str]] = {}
    for path in [
        "/admin/calendar/", "/admin/calendar/?view=week", "/admin/calendar/?view=day", f"{story}publish/",
        f"{story}embargo/", f"{story}schedule/{row.pk}/", f"/admin/articles/article/{published.pk}/propose/takedown/",
    ]:  # fmt: skip
        page.goto(path)
        for one in page.locator("details.timing").all():
            one.locator("summary").click()
        assert page.locator(".late-banner").count() == 1
        found |= in_lights(page, findings, *itertools.product((1280, 390), ("light", "dark")))
    assert found == {}
    assert page.trouble == []
