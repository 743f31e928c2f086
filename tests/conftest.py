"""What a test may ask for. Every test that asks for a database runs twice: on SQLite and on PostgreSQL.

`db` rolls back, `committed_db` commits into a copy of its own, `server` serves that copy, `page` is a browser's page.
"""

import copy
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.conf import settings as django_settings
from django.core.cache import caches
from django.db import transaction
from django.test import override_settings
from playwright.sync_api import Browser
from pytest_django import DjangoDbBlocker

from newsroom.delivery import stores
from tests.harness import browser as browsers
from tests.harness import databases, quick, run
from tests.harness import server as servers
from tests.harness.browser import Chromium, WatchedPage
from tests.harness.plugin import exhibits_key
from tests.harness.redis_server import RedisServer
from tests.harness.server import Server

NOT_HERE = (
    "The databases refuse to be emptied (editions cannot be deleted), so {} cannot be used here. "
    "Ask for `committed_db`, a copy of the database for this test alone, or for `server`."
)

hypothesis.settings.register_profile("small", deadline=None, database=None, derandomize=True, print_blob=True)
hypothesis.settings.register_profile("full", deadline=None, database=None, max_examples=2000, print_blob=True)


def pytest_configure(config: pytest.Config) -> None:
    hypothesis.settings.load_profile("full" if config.option.full else "small")
    databases.forget_event_loops()


@dataclass(frozen=True)
class CommittedDatabase:
    """A database for one test alone. `environment` is for processes that are to work on it."""

    vendor: str
    url: str
    environment: dict[str, str]


class Size:
    """How much of something a test does: enough to catch a planted fault, or with --full what was promised."""

    def __init__(self, *, full: bool) -> None:
        self._full = full

    def __call__(self, *, small: int, full: int) -> int:
        return full if self._full else small


@pytest.fixture(scope="session")
def size(pytestconfig: pytest.Config) -> Size:
    return Size(full=pytestconfig.option.full)


@pytest.fixture(scope="session", autouse=True)
def _quick(django_test_environment: None) -> None:
    quick.hasten()


# --- Files and caches ---------------------------------------------------------------------------------------------
@pytest.fixture
def data_folder(tmp_path: Path) -> Path:
    """This test's data folder, with both stores in it."""
    return tmp_path / "data"


@pytest.fixture(autouse=True)
def _own_data(data_folder: Path) -> Iterator[None]:
    """Let no test write into the checkout, or find what another one left."""
    with stores_in(data_folder):
        yield
        stores.forget()
    for cache in caches.all(initialized_only=True):
        cache.clear()


@contextmanager
def stores_in(data: Path) -> Iterator[None]:
    stores: dict[str, Any] = copy.deepcopy(django_settings.STORAGES)
    stores["default"]["OPTIONS"]["location"] = data / "public"
    stores["private"]["OPTIONS"]["location"] = data / "private"
    ledger = {"LEDGER_KEY_FILE": data / "ledger.key", "LEDGER_HEADS": data / "heads"}
    with override_settings(STORAGES=stores, DATA_DIR=data, MEDIA_ROOT=data / "public", **ledger):
        yield


# --- Databases ----------------------------------------------------------------------------------------------------
@pytest.fixture(scope="session")
def _engines(
    pytestconfig: pytest.Config, django_db_blocker: DjangoDbBlocker
) -> Iterator[Callable[[str], databases.Engine]]:
    ready: dict[str, databases.Engine] = {}

    def make(vendor: str) -> None:
        with django_db_blocker.unblock():
            ready[vendor] = databases.Engine(vendor, migrated=not pytestconfig.option.nomigrations)

    def get(vendor: str) -> databases.Engine:
        if not ready and run.begins_with_postgresql():
            with suppress(pytest.fail.Exception, pytest.skip.Exception):  # those who ask for it are told
                make("postgresql")
        if vendor not in ready:
            make(vendor)
        return ready[vendor]

    yield get
    for engine in ready.values():
        engine.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, _engines: Callable[[str], databases.Engine]) -> databases.Engine:
    """The database system of this test. Ask for `db` or `committed_db` instead; they ask for this."""
    return _engines(request.param)


@pytest.fixture
def _shared_connection(engine: databases.Engine) -> Iterator[None]:
    with engine.shared():
        yield


@pytest.fixture
def db(request: pytest.FixtureRequest, engine: databases.Engine) -> None:
    """The database, rolled back after the test: as fast as it gets, for one thread, without real commits.

    In a test that has `committed_db`, too (fixtures of both kinds meet there), it is that one.
    """
    mark = request.node.get_closest_marker("django_db")
    if mark and (mark.args or mark.kwargs):
        pytest.fail(NOT_HERE.format("the mark django_db with arguments"), pytrace=False)
    if "committed_db" in request.fixturenames:
        request.getfixturevalue("committed_db")
    else:
        request.getfixturevalue("_shared_connection")
        request.getfixturevalue("_django_db_helper")  # pytest-django's: the transaction that is rolled back


Case = Callable[..., AbstractContextManager[None]]


@pytest.fixture
def case(db: None, subtests: pytest.Subtests) -> Case:
    """`with case(name="x"): …` is one of many cases that need the same things: these are made once, what a case does
    to the database is undone after it, and every case that fails is told by its name.
    """

    @contextmanager
    def one(**named: Any) -> Iterator[None]:
        atomic = transaction.Atomic(using=None, savepoint=True, durable=False)
        atomic._from_testcase = True  # so that a durable one may stand in it
        with subtests.test(**named), atomic:
            yield
            transaction.set_rollback(True)

    return one


@pytest.fixture
def committed_db(
    engine: databases.Engine, data_folder: Path, django_db_blocker: DjangoDbBlocker
) -> Iterator[CommittedDatabase]:
    """A fresh copy of the migrated database, for this test alone: real commits, any number of threads and processes."""
    with django_db_blocker.unblock(), engine.copy() as url:
        environment = run.environment(database_url=url, data=data_folder)
        yield CommittedDatabase(vendor=engine.vendor, url=url, environment=environment)


# pytest-django's own ways to a database, which would lead past `engine`.
@pytest.fixture(scope="session")
def django_db_setup() -> None:
    """Nothing: databases.Engine makes them."""


@pytest.fixture(autouse=True)
def _django_db_marker() -> None:
    """Nothing: the mark django_db is the fixture `db` (tests/harness/plugin.py)."""


@pytest.fixture
def transactional_db() -> None:
    pytest.fail(NOT_HERE.format("transactional_db"), pytrace=False)


@pytest.fixture
def live_server() -> None:
    pytest.fail(NOT_HERE.format("live_server"), pytrace=False)


# --- The server and the browser -----------------------------------------------------------------------------------
@pytest.fixture
def served_with(data_folder: Path) -> dict[str, str]:
    """What the environment of `server` says besides: for test files to say otherwise."""
    return {"PAGE_STORE": str(data_folder / "pages")}


@pytest.fixture
def server(
    request: pytest.FixtureRequest, committed_db: CommittedDatabase, data_folder: Path, served_with: dict[str, str]
) -> Iterator[Server]:
    """The real web server on this test's committed database; both use the same data folder, page store, address and
    secret."""
    log = data_folder.with_name("server.log")
    show_if_failed(request, "the web server's log", log)
    running = servers.start(database_url=committed_db.url, data=data_folder, log=log, **served_with)
    try:
        with override_settings(SITE_ADDRESS=running.url, PAGE_STORE=served_with["PAGE_STORE"]):
            yield running
    finally:
        running.stop()


@pytest.fixture
def redis_server() -> Iterator[RedisServer]:
    """A Redis of this test's own. Its folder is a short one: addresses of sockets are no longer than 107 bytes."""
    with tempfile.TemporaryDirectory(prefix="redis-") as folder:
        running = RedisServer(Path(folder))
        yield running
        running.kill()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    with browsers.chromium() as found:
        yield found


@pytest.fixture
def browser(chromium: Chromium) -> Iterator[Browser]:
    """Chromium. Contexts are closed after the test; `page` and `new_page` make watched ones."""
    with chromium.awake():
        yield chromium.browser
        for context in list(chromium.browser.contexts):
            context.close()


@pytest.fixture
def new_page(request: pytest.FixtureRequest, browser: Browser) -> Callable[..., WatchedPage]:
    """Opens a page, as of another reader: `new_page(color_scheme="dark", java_script_enabled=False, …)`.

    `page.trouble` lists console errors, page errors, failed requests and foreign ones (which are refused). Beside a
    `server`, addresses may be relative to it.
    """
    address = request.getfixturevalue("server").url if "server" in request.fixturenames else None

    def open_page(**options: Any) -> WatchedPage:
        return browsers.open_page(browser, **{"base_url": address} | options)

    return open_page


@pytest.fixture
def page(new_page: Callable[..., WatchedPage]) -> WatchedPage:
    """A fresh page, 1280 by 900."""
    return new_page()


def show_if_failed(request: pytest.FixtureRequest, title: str, file: Path) -> None:
    request.node.stash.setdefault(exhibits_key, []).append((title, file))


from tests.cast import *  # noqa: E402, F403 - the people of the tests, as fixtures for all
