"""Kept pages of a real newsroom: what a hit costs, what is kept at all, and what happens without a database."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from psycopg import sql

from articles.models import Article, ErrorReport, Site, User
from articles.models.codes import new_code
from articles.site.form_token import HASTE
from newsroom.delivery import stores
from newsroom.delivery.refill import refill
from tests import factories
from tests.conftest import CommittedDatabase
from tests.harness.browser import WatchedPage
from tests.harness.once import on_postgresql
from tests.harness.server import Server
from tests.site.keeping import Readers


@contextmanager
def no_statement() -> Iterator[None]:
    with CaptureQueriesContext(connection) as seen:
        yield
    assert [query["sql"] for query in seen] == []


def test_a_hit_asks_no_database_and_no_application(readers: Readers, published: Article, site: Site):
    paths = ["/", f"/a/{published.code}/", "/feed.rss", "/sitemap.xml", "/corrections/"]
    first = [readers.get(path) for path in paths]
    readers.app.application = None  # type: ignore[assignment]  # asking it would fail
    with no_statement():
        assert [readers.get(path) for path in paths] == first
    assert {status for status, _ in first} == {200}


def test_questions_of_trackers_cost_nothing(readers: Readers, published: Article, site: Site):
    path = f"/a/{published.code}/"
    first = readers.get(path)
    readers.app.application = None  # type: ignore[assignment]
    with no_statement():
        for number in range(10_000):
            assert readers.get(f"{path}?utm_{number}={number}") == first


@pytest.mark.parametrize(
    "path",
    ["/admin/", "/admin/login/", "/health/ready/", "/search/", "/search/?q=雪", "/zh-hans/search/suggest/", "/preview/",
     "/preview/abc/", "/a/{code}/report/", "/en/a/{code}/report/abc/", "/corrections/accuracy/",
     "/a/{code}/timegate/", "/.well-known/security.txt", "/media/x.webp", "/static/site/site.css"],
)  # fmt: skip
def test_what_is_private_or_of_the_moment_is_never_kept(path: str, readers: Readers, published: Article, site: Site):
    path = path.format(code=published.code)
    assert readers.app.allowed(path.partition("?")[0]) is None
    assert "Surrogate-Control" not in Client().get(path, headers={"host": readers.app.site})


def test_drafts_and_what_does_not_exist_are_never_kept(readers: Readers, article: Article, site: Site):
    paths = [f"/a/{article.code}/", f"/a/{new_code()}/", "/nothing/", "/topic/nothing/", f"/a/{article.code}/history/"]
    for path in paths:
        assert readers.get(path)[0] == 404
        assert stores.store().get(path) is None


def test_further_pages_of_a_history_are_pages_of_their_own(readers: Readers, published: Article, editor: User):
    factories.publish_again(published, by=editor, headline="另一個標題")
    (_, newest), (_, older) = (readers.get(f"/a/{published.code}/history/{end}") for end in ("", "?before=2&utm_x=1"))
    second = f"/a/{published.code}/v/2/".encode()
    assert [second in page for page in (newest, older)] == [True, False]
    assert stores.store().get(f"/a/{published.code}/history/?before=2")


def test_at_another_port_no_address_of_the_former_one_is_shown(readers: Readers, published: Article, site: Site):
    paths = ["/", f"/a/{published.code}/", "/feed.rss", "/feed.atom", "/feed.json", "/sitemap.xml", "/robots.txt"]
    for path in paths:
        assert b"127.0.0.1:8000" in readers.get(path)[1] or path == "/"
    with override_settings(SITE_ADDRESS="http://127.0.0.1:8790"):
        moved = Readers()
        assert moved.get("/", host="127.0.0.1:8000")[0] == 400
        for path in paths:
            status, body = moved.get(path, host="localhost:8790")
            assert (status, b":8000" in body) == (200, False)


def test_a_store_that_was_switched_off_for_a_while_shows_nothing_of_before(
    readers: Readers, published: Article, editor: User, site: Site
):
    path = f"/a/{published.code}/"
    readers.get(path)
    with override_settings(PAGE_STORE=""):
        factories.publish_again(published, by=editor, headline="別的標題")
        factories.publish_again(published, by=editor, headline="又一個標題")
    assert "又一個標題" in Readers().get(path)[1].decode()


def test_the_worker_makes_anew_what_readers_ask_for_first(
    readers: Readers, published: Article, editor: User, site: Site
):
    paths = [f"{prefix}{path}" for prefix in ("", "/zh-hans")
             for path in (f"/a/{published.code}/", f"/{published.channel.path}/", "/")]  # fmt: skip
    refill()
    kept = {path: stores.store().get(path) for path in paths}
    assert all(kept.values())
    factories.publish_again(published, by=editor, headline="新的標題")
    assert not any(stores.store().get(path) for path in paths)
    assert refill() == len(paths)
    for path in paths:
        found = stores.store().get(path)
        assert re.search("新的(標題|标题)", found.forms[""].decode() if found else ""), path
    assert refill() == 0


@contextmanager
def stopped(database: CommittedDatabase) -> Iterator[None]:
    """Whoever works on this database is thrown out, and nobody gets in."""
    there = urlsplit(database.url)
    name = sql.Identifier(there.path[1:])
    connection.close()
    with psycopg.connect(urlunsplit(there._replace(path="/postgres")), autocommit=True) as beside:
        beside.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(name))
        try:
            beside.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [there.path[1:]]
            )
            yield
        finally:
            beside.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(name))


@on_postgresql  # the other one is a file: where it is, it can be read
def test_without_a_database_what_is_kept_is_served_and_all_comes_back_by_itself(
    server: Server, committed_db: CommittedDatabase, published: Article, site: Site, new_page: Callable[[], WatchedPage]
):
    story, unread = f"{server.url}/a/{published.code}/", f"{server.url}/a/{published.code}/history/"
    page = new_page()
    page.goto(f"{story}report/")
    before = page.request.get(story).text()
    with stopped(committed_db):
        kept = page.request.get(story)
        assert (kept.status, kept.text()) == (200, before)
        away = page.request.get(unread)
        assert (away.status, away.headers["retry-after"], away.headers["cache-control"]) == (503, "30", "no-store")
        assert "編輯部暫時連不上" in away.text()
        page.locator("#wrong").press_sequentially("日期有誤。", delay=1000 * HASTE / 4)
        page.click(".send button")
        page.get_by_text("您寫的沒有丟").wait_for()
        assert page.input_value("#wrong") == "日期有誤。"
        page.trouble.clear()  # that it answered 503
    page.click(".send button")
    page.locator(".outcome").wait_for()
    assert ErrorReport.objects.get().article == published
    assert page.request.get(unread).status == 200
