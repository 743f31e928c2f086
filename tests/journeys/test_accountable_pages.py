"""The corrections page, the policy and the figures for everybody: what axe finds, and whether they fit a telephone."""

from collections.abc import Callable

from articles.models import Site, User
from tests import factories
from tests.factories import correct, publish_article, withdraw
from tests.harness.browser import WatchedPage
from tests.harness.server import Server
from tests.journeys.accessibility import findings, on_one_database, too_wide

PAGES = ["/corrections/", "/corrections/policy/", "/corrections/accuracy/"]


@on_one_database
def test_axe_finds_nothing_and_nothing_is_cut(
    server: Server, site: Site, editor: User, chief: User, new_page: Callable[..., WatchedPage]
):
    story = publish_article(editor, channel=factories.make_channel("公路", slug="roads", name_en="Roads"))
    correct(story, by=editor)
    withdraw(publish_article(editor), by=chief, second=editor, act="takedown")
    page = new_page(reduced_motion="reduce")
    found: dict[str, list[str]] = {}
    for prefix in ("", "/en", "/bo"):
        for path in PAGES:
            page.goto(f"{prefix}{path}")
            for width, scheme in ((1280, "light"), (390, "dark"), (320, "light")):
                page.set_viewport_size({"width": width, "height": 900})
                page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                if broken := [*findings(page), *too_wide(page)]:
                    found[f"{prefix}{path} {width} {scheme}"] = broken
    assert found == {}
    assert page.trouble == []
