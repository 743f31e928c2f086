"""The audit trail in a browser."""

from collections.abc import Callable
from pathlib import Path

from articles.models import Article, User
from tests.harness.browser import WatchedPage
from tests.harness.server import Server
from tests.journeys.hands import Hands


def test_the_trail_is_taken_away_as_a_file_as_it_is_filtered(
    server: Server, new_page: Callable[..., WatchedPage], article: Article, published: Article, editor: User
):
    page = new_page()
    Hands(page).come_in(editor, server)
    page.goto("/admin/articles/event/?verb=published")
    with page.expect_download() as download:
        page.click("form.export button")
    lines = Path(download.value.path()).read_text("utf-8-sig").splitlines()
    assert [line.split(",")[2] for line in lines] == ["verb", "published"]
    assert page.trouble == []
