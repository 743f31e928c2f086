"""The desk for everybody."""

import re
from collections.abc import Callable

from articles.models import Desk, Site, User
from tests import factories
from tests.desk.doors import DOORS
from tests.desk.test_matrix import things_of
from tests.harness.browser import WatchedPage
from tests.harness.once import on_one_database
from tests.harness.server import Server
from tests.journeys.accessibility import findings, too_wide
from tests.journeys.hands import Hands

pytestmark = on_one_database

SIZES = [(1280, "light"), (390, "dark")]


def shown(page: WatchedPage, path: str) -> str:
    """The page that stands there, if there is something to look at; files, and what is only ever sent to, are none."""
    answer = page.request.get(path, max_redirects=0)
    return answer.text() if answer.status == 200 and answer.headers["content-type"].startswith("text/html") else ""


def has_forms_in_forms(html: str) -> bool:
    """Browsers drop the inner one, so that its button sends the outer."""
    depth = 0
    for tag in re.findall(r"<(/?form)\b", html):
        depth += 1 if tag == "form" else -1
        if depth > 1:
            return True
    return False


def test_axe_finds_nothing_on_any_page_of_the_desk_and_each_fits_a_phone(
    server: Server, new_page: Callable[..., WatchedPage], administrator: User, desk: Desk, editor: User,
    reporter: User, chief: User, site: Site,
):  # fmt: skip
    administrator.language = "en"
    administrator.save()
    things = things_of(desk, editor, reporter, chief)
    page = new_page(reduced_motion="reduce")
    Hands(page).come_in(administrator, server)
    broken, seen = {}, 0
    for route, door in DOORS.items():
        path = things.path(route)
        if "administrator" not in door.look or not (html := shown(page, path)):
            continue
        seen += 1
        assert not has_forms_in_forms(html), path
        page.goto(path)
        for width, scheme in SIZES:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            if found := findings(page) + too_wide(page):
                broken[f"{path} {width} {scheme}"] = found
    assert broken == {}
    assert page.trouble == []
    assert seen > 60


def test_axe_finds_nothing_at_the_door_nor_where_something_opens_or_is_wrong(
    server: Server, new_page: Callable[..., WatchedPage], administrator: User, editor: User, site: Site
):
    administrator.language = "en"
    administrator.save()
    picture = factories.make_picture(editor)
    body = f'<p>正文。</p><h2>小標</h2><figure data-picture="{picture.pk}"><figcaption>田裡。</figcaption></figure>'
    article = factories.publish_article(editor, body=body, lead_picture=picture)
    factories.change(article, by=editor, headline="青稞今天開鐮")
    factories.make_article(editor, headline="上朗小學開學")
    page = new_page(reduced_motion="reduce")
    found = {}

    def look(name: str) -> None:
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 900})
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                if broken := findings(page):
                    found[f"{name} {width} {scheme}"] = broken

    page.goto("/admin/login/")
    look("login")
    hands = Hands(page)
    hands.come_in(administrator, server)
    hands.open_story(article.pk)
    look("story form")
    page.fill("#id_headline", " ")
    page.click("[name=_continue]")
    page.wait_for_selector(".error-summary")
    look("story form with an error")
    hands.tool("picture").click()
    page.wait_for_selector(".desk-chooser__card")
    look("chooser")
    assert found == {}
    assert page.trouble == []
