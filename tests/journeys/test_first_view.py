"""What a browser fetches before a reader has touched anything, and that nothing moves while it comes."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Response, Route

from articles.models import User
from articles.publishing.put_out_pictures import put_out_furniture
from tests import factories
from tests.harness.browser import WatchedPage
from tests.harness.once import on_one_database
from tests.harness.server import Server
from tests.journeys.test_reading_tools import SPEECH, learn
from tests.site.test_page_budget import FONT, PARAGRAPH, REQUESTS

pytestmark = on_one_database

FIRST_VIEW = 100_000  # bytes
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}
PICTURE = Path(__file__).parent.parent.parent / "articles/management/demo/pictures/barley-field.jpg"

MOVES = """
    window.moved = [];
    new PerformanceObserver(list => {
        for (const one of list.getEntries()) {
            if (!one.hadRecentInput) moved.push(one.sources.map(what => {
                const {previousRect: was, currentRect: is, node} = what;
                return `${node?.localName}.${node?.className}: ${was.x},${was.y} ${was.width}x${was.height}`
                    + ` -> ${is.x},${is.y} ${is.width}x${is.height}`;
            }));
        }
    }).observe({type: "layout-shift", buffered: true});
"""


@pytest.fixture
def paths(server: Server, editor: User) -> dict[str, str]:
    logo = factories.make_picture(editor, upload=factories.image_bytes(700, 200))
    put_out_furniture(logo)
    factories.make_site(name_bo="གླང་མཚོའི་གསར་འགྱུར།", logo=logo)
    picture = factories.make_picture(editor, upload=PICTURE.read_bytes())
    body = "".join(PARAGRAPH.format(number) for number in range(40))
    for number in range(8):
        factories.publish_article(
            editor, headline=f"第{number + 1}則消息", lead_picture=picture if number % 2 else None
        )
    chinese = factories.publish_article(editor, headline="青稞開鐮", body=body, lead_picture=picture, tags=["青稞"])
    tibetan = factories.publish_article(
        editor, headline="ནས།", language="bo", body="<p>ནས་བརྔས་ཚར།</p>" * 20, lead_picture=picture
    )
    english = factories.publish_article(
        editor, headline="Barley", language="en", body="<p>Barley is in.</p>" * 9, lead_picture=picture
    )
    return {
        "English story": f"/en/a/{english.code}/",
        "story": f"/a/{chinese.code}/",
        "converted story": f"/zh-hans/a/{chinese.code}/",
        "Tibetan story": f"/bo/a/{tibetan.code}/",
        "front": "/",
        "Tibetan front": "/bo/",
        "list": "/tag/青稞/",
    }


def at_rest(page: Page, path: str) -> list[Response]:
    """Open a page and wait until nothing more comes; what was answered."""
    answers: list[Response] = []

    def note(answer: Response) -> None:
        answers.append(answer)

    page.on("response", note)
    page.goto(path, wait_until="networkidle")
    page.evaluate("document.fonts.ready.then(() => new Promise(done => requestAnimationFrame(() => "
                  "requestAnimationFrame(done))))")  # fmt: skip
    page.remove_listener("response", note)
    return answers


def weight(answer: Response) -> int:
    """Bytes as they travel; pages are compressed in front of the server (docs/deploy.md)."""
    if answer.request.resource_type == "document":
        return len(gzip.compress(answer.body(), 6))
    return answer.request.sizes()["responseBodySize"]


def test_the_first_view_with_a_picture_is_a_hundred_kilobytes_at_most(
    paths: dict[str, str], new_page: Callable[..., WatchedPage]
):
    for name in ("story", "converted story", "Tibetan story"):
        page = new_page(**PHONE)
        answers = at_rest(page, paths[name])
        weights = {answer.url.rsplit("/", 1)[1] or answer.url: weight(answer) for answer in answers}
        kinds = [answer.request.resource_type for answer in answers]
        fonts = [answer for answer in answers if answer.request.resource_type == "font"]
        assert len(fonts) == (1 if name == "Tibetan story" else 0), name
        assert all(weight(font) <= FONT for font in fonts)
        assert kinds.count("image") >= 2, weights  # the logo, and the picture of the story
        assert len(answers) - len(fonts) <= REQUESTS, weights
        assert sum(weights.values()) - sum(map(weight, fonts)) <= FIRST_VIEW, weights
        assert page.trouble == []


def test_no_page_but_tibetan_ones_fetches_the_tibetan_face(paths: dict[str, str], new_page: Callable[..., WatchedPage]):
    page = new_page()
    for name, path in paths.items():
        fetched = [one for one in at_rest(page, path) if one.request.resource_type == "font"]
        assert len(fetched) == (1 if "Tibetan" in name else 0), name


def held_back(page: Page, pattern: str) -> list[Route]:
    """The requests for such addresses, from now on; they wait until somebody lets them go on."""
    held: list[Route] = []
    page.route(pattern, lambda route: held.append(route))
    return held


def test_nor_does_anything_move_when_the_scripts_come_after_the_first_paint(
    paths: dict[str, str], new_page: Callable[..., WatchedPage]
):
    for device in ({"viewport": {"width": 1280, "height": 900}}, PHONE):
        page = new_page(**device)
        page.add_init_script(MOVES)
        late = held_back(page, "**/reading*.js")
        page.goto(paths["story"], wait_until="commit")
        page.locator(".foot").wait_for()
        page.evaluate("new Promise(done => new PerformanceObserver(() => done())"
                      ".observe({type: 'paint', buffered: true}))")  # fmt: skip
        assert late
        assert page.locator(".text-size input").count() == 0
        late.pop().continue_()
        page.locator(".text-size input").first.wait_for(state="attached")
        page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        assert page.evaluate("moved") == []


def test_nor_when_the_tibetan_face_comes_after_the_first_paint(
    paths: dict[str, str], new_page: Callable[..., WatchedPage]
):
    found = {}
    for device in ({"viewport": {"width": 1280, "height": 900}}, PHONE):
        page = new_page(**device)
        page.add_init_script(MOVES)
        for name in ("Tibetan story", "Tibetan front"):
            late = held_back(page, "**/*.woff2")
            page.goto(paths[name], wait_until="commit")
            page.locator(".foot").wait_for()
            page.evaluate("new Promise(done => new PerformanceObserver(() => done())"
                          ".observe({type: 'paint', buffered: true}))")  # fmt: skip
            page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
            assert late
            late.pop().continue_()
            page.evaluate("document.fonts.ready.then(() => new Promise(done => requestAnimationFrame(() => "
                          "requestAnimationFrame(done))))")  # fmt: skip
            assert page.evaluate("[...document.fonts].every(one => one.status === 'loaded')")
            if moved := page.evaluate("moved"):
                found[f"{name} at {device['viewport']}"] = moved
            page.unroute("**/*.woff2")
    assert found == {}, "\n".join(f"{one}: {what}" for one, what in found.items())


def test_nothing_moves_while_a_page_comes(paths: dict[str, str], new_page: Callable[..., WatchedPage]):
    found = {}
    for device in (
        {"viewport": {"width": 1280, "height": 900}},
        PHONE,
        PHONE | {"viewport": {"width": 320, "height": 600}},
    ):
        page = new_page(**device)
        page.add_init_script(SPEECH + MOVES)
        for name, path in paths.items():
            at_rest(page, path)
            if "story" in name:
                learn(page, "zh-TW", "zh-CN", "bo", "en")
                page.locator(".aloud button").wait_for()
                page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
            if moved := page.evaluate("moved"):
                found[f"{name} at {device['viewport']}"] = moved
    assert found == {}, "\n".join(f"{one}: {what}" for one, what in found.items())
