"""`manage.py demo`: one command, a whole newsroom; one clear sentence where it cannot start."""

import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from articles.models import Edition, ErrorReport
from tests.harness import run

SECRET = "a-secret-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFG"
ROOT = Path(__file__).parent.parent.parent


def clean_environment(**values: str) -> dict[str, str]:
    """A person's shell: nothing of ours in it."""
    ours = ("DJANGO_", "NEWSROOM_", "PYTEST_", "SITE_", "PYTHON")
    kept = {name: value for name, value in os.environ.items()
            if not name.startswith(ours) and name not in {"DATABASE_URL", "SECRET_KEY", "ALLOWED_HOSTS"}}  # fmt: skip
    return kept | values


def demo(*options: str, **values: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", "demo", *options]
    return subprocess.run(command, cwd=ROOT, env=clean_environment(**values), capture_output=True, text=True,
                          timeout=300, check=False)  # fmt: skip


def said(done: subprocess.CompletedProcess[str]) -> str:
    """The one sentence of a command that refused."""
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    assert len(lines) == 1, lines
    return lines[0]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def fetch(url: str) -> str:
    with urllib.request.urlopen(url, timeout=20) as answer:
        return answer.read().decode()


def start(folder: Path, port: int) -> tuple[subprocess.Popen[str], str]:
    """A running demo, and what it printed."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", "demo", "--port", str(port), "--data", str(folder)],
        cwd=ROOT, env=clean_environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    printed = ""
    assert process.stdout
    for line in process.stdout:
        printed += line
        if "Ctrl-C" in line:
            return process, printed
    raise AssertionError(printed)


def stop(process: subprocess.Popen[str], port: int) -> None:
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 0
    assert process.stdout
    process.stdout.close()
    with pytest.raises(OSError, match="refused"):
        fetch(f"http://127.0.0.1:{port}/")


def make_first_start() -> None:
    """Start the demo where a start was broken off, look at it, and stop it."""
    folder, port = run.folder() / "demo data", free_port()
    folder.mkdir()
    (folder / "newsroom.sqlite3").write_bytes(b"half of a database")
    (folder / "demo.loading").touch()
    process, printed = start(folder, port)
    try:
        front = fetch(f"http://127.0.0.1:{port}/")
        topic, feed = fetch(f"http://localhost:{port}/farming/barley/"), fetch(f"http://127.0.0.1:{port}/feed.rss")
    finally:
        stop(process, port)
    (folder / "seen").write_text(json.dumps([port, printed, front, topic, feed]), encoding="utf-8")


@dataclass
class FirstStart:
    """What the first start left in the folder and printed, and what readers saw of it."""

    folder: Path
    port: int
    printed: str
    front: str
    topic: str
    feed: str


@pytest.fixture
def first_start(tmp_path: Path) -> FirstStart:
    """A copy of what is made once: it takes a minute."""
    run.once("demo", make_first_start)
    folder = shutil.copytree(run.folder() / "demo data", tmp_path / "demo data")
    return FirstStart(folder, *json.loads((folder / "seen").read_text(encoding="utf-8")))


def codes(front: str) -> set[str]:
    return set(re.findall(r'href="/a/(\w+)/"', front))


def test_it_starts_a_whole_newsroom_even_after_a_first_start_that_was_broken_off(first_start: FirstStart):
    assert f"http://127.0.0.1:{first_start.port}/" in first_start.printed
    assert f"http://127.0.0.1:{first_start.port}/admin/" in first_start.printed
    assert all(name in first_start.printed for name in ("admin", "dazhen", "yinxiaoyan"))
    assert "朗措新聞" in first_start.front
    assert len(codes(first_start.front)) >= 15
    assert "青稞" in first_start.topic
    assert "<rss" in first_start.feed
    assert (first_start.folder / "newsroom.sqlite3").exists()
    assert (first_start.folder / "demo.json").stat().st_mode & 0o077 == 0
    assert not (first_start.folder / "demo.loading").exists()


def test_it_keeps_that_newsroom(first_start: FirstStart):
    port = free_port()
    process, again = start(first_start.folder, port)
    try:
        assert [line.split()[-1] for line in again.splitlines() if "dazhen" in line] == [
            line.split()[-1] for line in first_start.printed.splitlines() if "dazhen" in line
        ]
        front = fetch(f"http://127.0.0.1:{port}/")
        assert codes(front) == codes(first_start.front)
        assert f":{first_start.port}" not in front + fetch(f"http://127.0.0.1:{port}/feed.rss")
    finally:
        stop(process, port)


def test_it_shows_one_of_each_kind_of_change_reports_in_every_state_and_a_year_of_figures(first_start: FirstStart):
    database = sqlite3.connect(first_start.folder / "newsroom.sqlite3")

    def column(question: str) -> set[Any]:
        return {value for (value,) in database.execute(question)}

    assert column("SELECT kind FROM articles_edition") == set(Edition.Kind.values)
    assert column("SELECT state FROM articles_errorreport") == set(ErrorReport.State.values)
    assert column("SELECT track FROM articles_errorreport WHERE correction_id IS NOT NULL") == {"error", "reply"}
    assert len(column("SELECT strftime('%Y-%m', received_at) FROM articles_errorreport")) >= 11
    assert column("SELECT count(*) FROM articles_outbox WHERE done_at IS NULL") == {0}
    assert column("SELECT count(*) FROM articles_unsealed") == {0}
    database.close()
    checked = subprocess.run(
        [sys.executable, "manage.py", "verify_history"], cwd=ROOT, capture_output=True, text=True, check=False,
        env=clean_environment(NEWSROOM_DATA=str(first_start.folder)),
    )  # fmt: skip
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_a_port_in_use_is_one_sentence(tmp_path: Path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert "in use" in said(demo("--port", str(port), "--data", str(tmp_path / "data")))
    assert not (tmp_path / "data" / "newsroom.sqlite3").exists()


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path):
    file = tmp_path / "file"
    file.write_text("")
    assert "cannot be written" in said(demo("--data", str(file / "data")))


def test_a_newsroom_that_is_no_demo_is_left_alone(tmp_path: Path):
    database = tmp_path / "newsroom.sqlite3"
    database.write_bytes(b"precious")
    assert "no demo" in said(demo("--data", str(tmp_path)))
    assert database.read_bytes() == b"precious"


@pytest.mark.parametrize("name", ["SITE_ADDRESS", "SECRET_KEY", "DATABASE_URL"])
def test_it_refuses_production_settings(tmp_path: Path, name: str):
    values = {"SITE_ADDRESS": "https://news.example", "SECRET_KEY": SECRET}
    if name == "DATABASE_URL":
        values["DATABASE_URL"] = f"sqlite:///{tmp_path}/x.sqlite3"
    assert "demo is not for production" in said(demo("--data", str(tmp_path / "data"), **values))


def test_a_python_too_old_is_one_sentence():
    """The check stands before every import that an older Python could not read."""
    lines = (ROOT / "manage.py").read_text(encoding="utf-8")
    assert "needs Python 3.11 or newer" in lines
    above = lines[: lines.index("needs Python")].splitlines()
    assert [line for line in above if line.startswith(("import", "from"))] == ["import os", "import sys"]
