"""A front kept alive in a browser: by mouse, by keyboard alone, by finger on a phone, and without scripts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from articles.models import Article, Desk, FrontVersion, Site, User
from articles.publishing import Wanted
from tests import factories
from tests.harness.browser import WatchedPage
from tests.harness.once import on_postgresql
from tests.harness.server import Server
from tests.journeys.accessibility import findings, in_lights, too_wide
from tests.journeys.hands import Hands
from tests.publishing.test_fronts import arranged, launched, live, shown, site_front
from tests.publishing.test_schedules import minute

pytestmark = on_postgresql


EDITOR = "/admin/articles/front/site/"
NAMES = ["雪後通車", "青稞收割", "早市開張", "校車改點"]


@pytest.fixture
def four(editor: User, desk: Desk, site: Site) -> list[Article]:
    return [factories.publish_article(editor, desk=desk, headline=name, lead_picture=factories.make_picture(editor))
            for name in NAMES]  # fmt: skip


def open_editor(page: WatchedPage, server: Server, user: User) -> None:
    Hands(page).come_in(user, server)
    page.goto(EDITOR)
    expect(page.locator("#handle-hint")).to_be_visible()


def order(page: WatchedPage) -> list[str]:
    return page.locator("#slots .shown").all_inner_texts()


def candidate(page: WatchedPage, name: str) -> Locator:
    return page.locator(".candidate", has_text=name)


def slot(page: WatchedPage, name: str) -> Locator:
    return page.locator("#slots .slot", has=page.locator(f".shown:text-is('{name}')"))


def drag(page: WatchedPage, what: Locator, to: tuple[float, float]) -> None:
    box = what.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(to[0], to[1] + 9, steps=6)
    page.mouse.move(*to)
    page.mouse.up()


def top_of(where: Locator) -> tuple[float, float]:
    box = where.bounding_box()
    assert box
    return box["x"] + box["width"] / 3, box["y"] + 4


def launch(page: WatchedPage) -> None:
    page.click("button[name=launch]")
    page.wait_for_selector(".messagelist .success")


def test_by_mouse_stories_are_dragged_in_about_and_out_and_readers_see_them(
    server: Server, page: WatchedPage, four: list[Article], editor: User
):
    open_editor(page, server, editor)
    drag(page, candidate(page, "青稞收割"), top_of(page.locator("#slots")))
    drag(page, candidate(page, "早市開張"), top_of(slot(page, "青稞收割")))
    assert order(page) == ["早市開張", "青稞收割"]
    candidate(page, "雪後通車").locator("[data-act=lead]").click()
    assert order(page) == ["雪後通車", "早市開張", "青稞收割"]
    expect(candidate(page, "雪後通車").locator("[data-act=add]")).to_be_disabled()
    drag(page, slot(page, "青稞收割").locator(".handle"), top_of(slot(page, "雪後通車")))
    assert order(page) == ["青稞收割", "雪後通車", "早市開張"]
    drag(page, slot(page, "早市開張").locator(".handle"), top_of(page.locator("#candidates")))
    assert order(page) == ["青稞收割", "雪後通車"]
    page.click("#front-undo")
    assert order(page) == ["青稞收割", "雪後通車", "早市開張"]

    first = slot(page, "青稞收割")
    first.locator("summary").click()
    page.locator("#slots .slot >> nth=0 >> [data-field=headline]").fill("開鐮了")
    assert order(page)[0] == "開鐮了"
    launch(page)
    assert [headline for _, headline in shown(live())] == ["開鐮了", "", ""]
    page.goto("/")
    assert page.locator(".top .headline a").all_inner_texts() == ["開鐮了", "雪後通車", "早市開張", "校車改點"]
    assert page.trouble == []


def test_by_keyboard_alone_a_front_is_arranged_previewed_and_launched(
    server: Server, page: WatchedPage, four: list[Article], editor: User
):
    arranged(editor, *four[:3])
    open_editor(page, server, editor)
    said = page.locator("#front-told")
    handles = page.locator("#slots .handle")
    handles.nth(2).focus()
    page.keyboard.press("Alt+ArrowUp")
    assert order(page) == ["雪後通車", "早市開張", "青稞收割"]
    assert "早市開張" in said.inner_text()
    assert "2" in said.inner_text()
    expect(handles.nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(handles.nth(1)).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("ArrowUp")
    assert order(page)[0] == "早市開張"
    page.keyboard.press("Escape")
    assert order(page) == ["雪後通車", "早市開張", "青稞收割"]
    page.keyboard.press(" ")
    page.keyboard.press("ArrowUp")
    page.keyboard.press(" ")
    assert order(page) == ["早市開張", "雪後通車", "青稞收割"]
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(handles.nth(2)).to_be_focused()
    page.keyboard.press("Delete")
    assert order(page) == ["早市開張", "雪後通車"]
    expect(handles.nth(1)).to_be_focused()

    page.locator("#candidate-q").focus()
    page.keyboard.type("校車")
    page.keyboard.press("Enter")
    expect(page.locator(".candidate")).to_have_count(1)
    page.keyboard.press("Tab")  # the languages
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")  # to the top
    page.keyboard.press("Enter")
    assert order(page) == ["校車改點", "早市開張", "雪後通車"]
    expect(handles.nth(0)).to_be_focused()

    preview = page.frame_locator("iframe[name=front-preview]")
    page.locator("button[name=preview]").focus()
    page.keyboard.press("Enter")
    expect(preview.locator(".top-lead .headline")).to_have_text("校車改點")
    page.locator("button[name=launch]").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".messagelist .success")
    assert [story for story, _ in shown(live())] == [four[3].pk, four[2].pk, four[0].pk]
    assert page.trouble == []


def test_on_a_phone_by_finger_and_leaving_asks(
    server: Server, new_page: Callable[..., WatchedPage], four: list[Article], editor: User
):
    arranged(editor, *four[:3])
    page = new_page(viewport={"width": 390, "height": 844}, has_touch=True)
    open_editor(page, server, editor)
    assert too_wide(page) == []
    slot(page, "早市開張").locator("[data-act=top]").tap()
    assert order(page)[0] == "早市開張"
    session = page.context.new_cdp_session(page)
    box = slot(page, "早市開張").locator(".handle").bounding_box()
    end = slot(page, "青稞收割").bounding_box()
    assert box
    assert end
    x, start, stop = box["x"] + 12, box["y"] + 20, end["y"] + end["height"] - 4

    def touch(kind: str, y: float | None = None) -> None:
        points = [] if y is None else [{"x": x, "y": y}]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", start)
    for part in range(1, 6):
        touch("touchMove", start + (stop - start) * part / 5)
    touch("touchEnd")
    assert order(page) == ["雪後通車", "青稞收割", "早市開張"]
    for button in page.locator("#slots button:visible, #candidates button:visible").all():
        size = button.bounding_box()
        assert size
        assert min(size["width"], size["height"]) >= 24

    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.evaluate("location.assign('/admin/')")
    expect(page.locator("#front_form")).to_be_visible()
    page.wait_for_function("document.readyState === 'complete'")
    assert asked == ["beforeunload"]
    assert FrontVersion.objects.count() == 1


def test_a_picture_is_chosen_by_eye_and_a_mark_set(
    server: Server, page: WatchedPage, four: list[Article], editor: User
):
    picture = factories.make_picture(editor, alt="除雪車")
    arranged(editor, four[0])
    open_editor(page, server, editor)
    first = page.locator("#slots .slot").first
    first.locator("summary").click()
    first.locator(".buttons button").first.click()
    Hands(page).pick(picture)
    assert first.locator("[data-field=picture]").input_value() == str(picture.pk)
    first.locator("[data-field=mark]").select_option("breaking")
    expect(first.locator(".slot-flag")).to_be_visible()
    first.locator("[data-field=until]").fill(f"{minute(days=1):%Y-%m-%dT%H:%M}")
    launch(page)
    (made,) = live().slots.all()
    assert (made.picture, made.mark) == (picture, "breaking")
    page.goto("/")
    expect(page.locator(".top-lead .flag")).to_be_visible()
    expect(page.locator(".top-lead img")).to_have_attribute("alt", "除雪車")
    assert page.trouble == []


def test_without_scripts_the_same_buttons_do_it(
    server: Server, new_page: Callable[..., WatchedPage], four: list[Article], editor: User
):
    page = new_page(java_script_enabled=False, viewport={"width": 390, "height": 844})
    Hands(page).come_in(editor, server)
    page.goto(EDITOR)
    candidate(page, "雪後通車").locator("button[name=add]").click()
    candidate(page, "校車改點").locator("button[name=lead]").click()
    assert order(page) == ["校車改點", "雪後通車"]
    page.locator("#slots button[name=down]").first.click()
    assert order(page) == ["雪後通車", "校車改點"]
    launch(page)
    assert [story for story, _ in shown(live())] == [four[0].pk, four[3].pk]
    assert page.trouble == []


def test_axe_finds_nothing_while_a_front_is_being_arranged(
    server: Server, page: WatchedPage, four: list[Article], editor: User, chief: User
):
    launched(editor, Wanted(four[0].pk, headline="自擬", mark="live", until=minute(hours=1)), *four[1:])
    factories.correct(four[0], by=editor)
    factories.withdraw(four[1], by=chief, second=editor)
    open_editor(page, server, editor)
    for one in page.locator("details summary").all():
        one.click()
    found = {}
    for path in (EDITOR, f"{EDITOR}history/", "/admin/articles/front/", "/"):
        if path != EDITOR:
            page.goto(path)
        lights = (1280, "light"), (390, "dark"), (320, "light")
        found |= in_lights(page, lambda page: findings(page) + too_wide(page), *lights)
    assert found == {}
    assert site_front().live
    assert page.trouble == []
