"""Nobody ever gets a page that is older than the last act that was acknowledged: races of processes, and kill -9."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from articles.models import Article, Desk, Purge, Site
from tests import factories
from tests.conftest import Size
from tests.harness import race, run
from tests.harness.front import free_port, nginx, varnish
from tests.harness.race import Notes, Race, headline
from tests.harness.redis_server import RedisServer
from tests.harness.server import Server

KINDS = ["disk", "nginx", "redis", "varnish"]
STORIES = 6
WRITERS = READERS = 3


@pytest.fixture
def kind(request: pytest.FixtureRequest) -> str:
    """Through what the readers read, and what keeps for them."""
    return getattr(request, "param", "disk")


@pytest.fixture
def served_with(kind: str, data_folder: Path, tmp_path: Path) -> Iterator[dict[str, str]]:
    with ExitStack() as stack:
        if kind == "redis":
            server = RedisServer(tmp_path)
            stack.callback(server.kill)
            yield {"PAGE_STORE": server.url}
        elif kind == "varnish":
            port = free_port()
            yield {"PAGE_STORE": str(data_folder / "pages"), "OUTER_CACHES": f"varnish+http://127.0.0.1:{port}"}
        else:
            yield {"PAGE_STORE": str(data_folder / "pages")}


@pytest.fixture
def address(kind: str, server: Server, served_with: dict[str, str], data_folder: Path) -> Iterator[str]:
    """Of what readers read through."""
    upstream = urlsplit(server.url).port or 0
    with ExitStack() as stack:
        if kind == "nginx":
            port = stack.enter_context(nginx(data_folder / "pages", upstream, host="127.0.0.1"))
        elif kind == "varnish":
            port = stack.enter_context(varnish(upstream, port=urlsplit(served_with["OUTER_CACHES"]).port or 0))
        else:
            port = upstream
        if kind == "redis":  # which answers while a worker says that it may
            stack.enter_context(worker(server))
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def raced(server: Server, desk: Desk, site: Site, tmp_path: Path) -> Iterator[Race]:
    """Stories that stand on the front, in one channel and its feeds, in both scripts; nothing is written yet."""
    racer = factories.make_user("racer", role="chief", desk=desk)
    channel = factories.make_channel("山口", slug="pass")
    codes = [factories.publish_article(racer, headline=headline(place, 1), channel=channel).code
             for place in range(STORIES)]  # fmt: skip
    paths = ["/", "/zh-hans/", "/pass/", "/zh-hans/pass/", "/feed.rss", "/pass/feed.atom", "/zh-hans/feed.json"]
    paths += [f"{prefix}/a/{code}/" for code in codes for prefix in ("", "/zh-hans")]
    made = Race(server.environment | {"DJANGO_SETTINGS_MODULE": "tests.racing"}, tmp_path / "notes", codes, paths)
    notes = Notes(made.notes, STORIES)
    for place in range(STORIES):
        notes[place] = 1
    try:
        yield made
    finally:
        made.stop()


@contextmanager
def worker(server: Server) -> Iterator[None]:
    process = subprocess.Popen(
        [sys.executable, "manage.py", "worker"], env=os.environ | server.environment, cwd=run.ROOT
    )
    try:
        yield
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize("kind", KINDS, indirect=True)
def test_no_reader_gets_what_is_older_than_the_last_acknowledged_act(raced: Race, address: str, size: Size):
    acts, reads = size(small=36, full=500), size(small=900, full=10_000)
    readers = [raced.reader(address, -(-reads // READERS), seed=number) for number in range(READERS)]
    writers = [raced.writer(range(number, STORIES, WRITERS), acts // WRITERS, seed=number) for number in range(WRITERS)]
    for writer in writers:
        race.found(writer)
    answers = [race.found(reader) for reader in readers]
    assert [answer["stale"] for answer in answers] == [[]] * READERS
    assert sum(answer["reads"] for answer in answers) >= reads
    assert not Purge.objects.exists()


def test_after_writers_were_killed_nothing_stale_is_left(raced: Race, server: Server, address: str, size: Size):
    notes = Notes(raced.notes, STORIES)
    readers = [raced.reader(address, 1, seed=number) for number in range(READERS)]
    race.found(raced.killed_writers(size(small=12, full=200), seed=6))
    subprocess.run([sys.executable, "manage.py", "worker", "--once"], env=os.environ | server.environment, cwd=run.ROOT,
                   check=True)  # fmt: skip
    assert not Purge.objects.exists()
    assert [race.found(reader)["stale"] for reader in readers] == [[]] * READERS
    for place, code in enumerate(raced.codes):
        notes[place] = Article.objects.get(code=code).editions.count()
    after = raced.reader(address, 20 * len(raced.paths), seed=7)
    assert race.found(after)["stale"] == []
