"""The ground that the other tests stand on."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher, make_password
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection, connections, transaction
from hypothesis import given
from hypothesis.strategies import text

from articles.models import Tag, User, triggers
from tests.conftest import CommittedDatabase, Size
from tests.harness import databases, run
from tests.harness.browser import Chromium, WatchedPage
from tests.harness.server import Server
from tests.harness.threads import at_once


# --- Two databases ------------------------------------------------------------------------------------------------
def test_a_database_test_runs_on_the_database_of_its_name(request: pytest.FixtureRequest, db: None) -> None:
    assert connection.vendor == request.node.callspec.id
    with connection.cursor() as cursor:
        cursor.execute("SELECT sqlite_version()" if connection.vendor == "sqlite" else "SHOW server_version")
        assert cursor.fetchone()


@pytest.mark.django_db
def test_the_mark_means_the_same_as_the_fixture(request: pytest.FixtureRequest) -> None:
    assert connection.vendor == request.node.callspec.id


def test_without_a_database_fixture_there_is_no_database() -> None:
    with pytest.raises(RuntimeError, match="Database access not allowed"):
        Tag.objects.exists()


def test_sqlite_has_the_options_of_production(engine: databases.Engine, db: None) -> None:
    if engine.vendor == "postgresql":
        assert connection.settings_dict["CONN_HEALTH_CHECKS"]
        return
    with connection.cursor() as cursor:
        found = [cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")]
        assert found == ["wal", 2]
    assert connection.settings_dict["OPTIONS"] == settings.SQLITE_OPTIONS


def test_every_trigger_is_in_place(engine: databases.Engine, db: None) -> None:
    expected = {rule.name for rule in triggers.RULES}
    if engine.vendor == "postgresql":
        expected |= {f"{rule.name}_all" for rule in triggers.RULES if rule.act == "delete"}
    assert triggers.present() == expected


@pytest.mark.parametrize("turn", ["first", "second"])
def test_db_shows_no_test_what_another_one_wrote(db: None, turn: str) -> None:
    assert not Tag.objects.exists()
    Tag.objects.create(name=turn)


def test_a_durable_transaction_works_in_db(db: None) -> None:
    with transaction.atomic(durable=True):
        Tag.objects.create(name="barley")
    assert Tag.objects.count() == 1


def test_what_is_committed_is_seen_by_other_threads_and_processes(committed_db: CommittedDatabase) -> None:
    with transaction.atomic():
        Tag.objects.create(name="barley")
    assert at_once(lambda: (connection.vendor, Tag.objects.get().name)) == [(committed_db.vendor, "barley")]
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c"]
    command += ["from articles.models import Tag; print(Tag.objects.get().name)"]
    said = subprocess.check_output(command, env=committed_db.environment, cwd=run.ROOT, text=True)
    assert said.strip() == "barley"


@pytest.mark.parametrize("turn", ["first", "second"])
def test_committed_db_shows_no_test_what_another_one_wrote(committed_db: CommittedDatabase, turn: str) -> None:
    assert not Tag.objects.exists()
    Tag.objects.create(name=turn)


def test_a_committed_database_is_dropped_even_while_somebody_is_connected(
    engine: databases.Engine, committed_db: CommittedDatabase
) -> None:
    done = threading.Event()
    connected = threading.Event()

    def stay() -> None:
        Tag.objects.exists()
        connected.set()
        done.wait(30)
        connection.close()

    with engine.copy() as url:
        thread = threading.Thread(target=stay)
        thread.start()
        assert connected.wait(30)
        name = str(connection.settings_dict["NAME"])
    assert connection.settings_dict["NAME"] != name  # back at this test's own
    if engine.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_database WHERE datname = %s", [name])
            assert cursor.fetchone() == (0,)
    else:
        assert not Path(name).exists()
    done.set()
    thread.join()
    assert url != committed_db.url


def test_threads_that_write_at_once_lose_nothing(committed_db: CommittedDatabase, size: Size) -> None:
    count = size(small=8, full=40)
    results = at_once(*[lambda name=f"tag {n}": Tag.objects.create(name=name).name for n in range(count)])
    assert sorted(map(str, results)) == sorted(f"tag {n}" for n in range(count))
    assert Tag.objects.count() == count


def test_at_once_hands_back_what_was_raised(committed_db: CommittedDatabase) -> None:
    (result,) = at_once(Tag.objects.get)
    assert isinstance(result, Tag.DoesNotExist)


@pytest.fixture
def tag(db: None) -> Tag:
    return Tag.objects.create(name="barley")


def test_fixtures_made_for_db_commit_in_a_test_with_committed_db(tag: Tag, committed_db: CommittedDatabase) -> None:
    assert not connection.in_atomic_block
    assert at_once(Tag.objects.get) == [tag]


# --- Files --------------------------------------------------------------------------------------------------------
def test_files_lie_in_the_tests_own_folder(tmp_path: Path) -> None:
    for name in ("default", "private"):
        storages[name].save("a.txt", ContentFile(b"a"))
    assert [path.relative_to(tmp_path).as_posix() for path in sorted(tmp_path.rglob("*.txt"))] == [
        "data/private/a.txt",
        "data/public/a.txt",
    ]


def test_nothing_of_the_developers_environment_is_read() -> None:
    assert settings.SITE_ADDRESS == "http://127.0.0.1:8000"
    assert not settings.PRODUCTION
    assert settings.STATIC_ROOT is None


# --- Server and browser -------------------------------------------------------------------------------------------
def test_the_server_serves_this_tests_newsroom(
    request: pytest.FixtureRequest, committed_db: CommittedDatabase, server: Server
) -> None:
    with urlopen(f"{server.url}/admin/login/") as answer:
        assert answer.status == 200
    assert server.url == settings.SITE_ADDRESS
    assert server.environment["DATABASE_URL"] == committed_db.url
    assert committed_db.vendor == connection.vendor == request.node.callspec.id
    assert server.data == settings.DATA_DIR


def test_a_stopped_server_is_gone(server: Server) -> None:
    server.stop()
    with pytest.raises(URLError, match="refused"):
        urlopen(server.url)


def test_a_password_set_here_opens_the_server(server: Server, page: WatchedPage) -> None:
    User.objects.create_superuser("chief", password="barley")
    page.goto("/admin/login/")
    page.fill("[name=username]", "chief")
    page.fill("[name=password]", "barley")
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/admin/")
    assert User.objects.get().last_login
    assert list(connections) == ["default"]
    assert page.trouble == []


def test_quick_passwords_can_be_checked_by_the_real_hasher() -> None:
    assert PBKDF2PasswordHasher().verify("barley", make_password("barley"))


def test_the_page_notes_every_trouble(page: WatchedPage) -> None:
    page.goto("data:text/html,<script>console.error('one')</script><script>throw Error('two')</script>"
              "<img src='http://news.example/three.png'><img src='http://127.0.0.1:9/four.png'>")  # fmt: skip
    page.wait_for_load_state("networkidle")
    for part in ("one", "two", "foreign request: http://news.example/three.png", "failed request: http://127.0.0.1:9"):
        assert [trouble for trouble in page.trouble if part in trouble], part


def test_beside_an_open_browser_other_tests_may_start_event_loops(chromium: Chromium) -> None:
    asyncio.run(asyncio.sleep(0))
    with chromium.awake():
        assert chromium.browser.is_connected()


@given(text())
def test_a_property_needs_no_fixture_of_its_own(example: str) -> None:
    assert ContentFile(example.encode("utf-8", "surrogatepass")).size >= len(example)


# --- The end of a run ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("end", "tests"),
    [
        pytest.param(signal.SIGINT, ["-n0", "-k", "database and postgresql"], id="ctrl-c"),
        pytest.param(signal.SIGKILL, ["-n2", "-k", "server and postgresql"], id="kill"),
    ],
)
def test_a_stopped_run_leaves_no_process_and_no_folder(end: signal.Signals, tests: list[str], tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    pytest_run = subprocess.Popen(
        [sys.executable, "-m", "pytest", "-pno:cacheprovider", "--no-migrations", *tests, "tests/harness/waiting.py"],
        env=os.environ | {"READY": str(ready)},
        cwd=run.ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        # A run in the background of a shell inherits that Ctrl-C is ignored; a person's terminal does not ignore it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    try:
        until = time.monotonic() + 180
        while not ready.exists():
            assert pytest_run.poll() is None, pytest_run.communicate()[0].decode()
            assert time.monotonic() < until
            time.sleep(0.05)
        folder = ready.read_text()
        assert folder != str(run.folder())
        assert Path(folder).is_dir()
        assert len(processes_of(folder)) >= 2  # the guardian and PostgreSQL, at least
        os.killpg(pytest_run.pid, end)
        said = pytest_run.communicate(timeout=180)[0].decode()
        until = time.monotonic() + 60
        while (Path(folder).exists() or processes_of(folder)) and time.monotonic() < until:
            time.sleep(0.05)
        assert not Path(folder).exists(), said
        assert processes_of(folder) == [], said
    finally:
        pytest_run.kill()
        pytest_run.communicate()


def processes_of(folder: str) -> list[str]:
    """The processes that have this folder in their command line or environment."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if folder.encode() in (process / "cmdline").read_bytes() + (process / "environ").read_bytes():
                found.append((process / "cmdline").read_text())
        except OSError:
            pass
    return found
