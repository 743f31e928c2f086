"""The web server: how it is started on this machine, and how it stops."""

import http.client
import os
import re
import signal
import socket
import stat
import subprocess
import threading
import time
from pathlib import Path

import pytest

from newsroom import environ, server
from newsroom.delivery.disk import DiskStore
from tests.harness import run
from tests.harness.server import collect_static

MADE_FOR = "import django; django.setup(); from django.conf import settings; print(repr(settings.PAGES_MADE_FOR))"


@pytest.fixture
def container(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """What a container is granted, as files; nothing is said by the environment."""
    monkeypatch.setattr(server, "CGROUP", tmp_path)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)))
    for name in ("WEB_CONCURRENCY", "WEB_THREADS"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_it_listens_on_this_machine_only():
    assert server.command(port=8000)[-4:] == ["--host", "127.0.0.1", "--port", "8000"]


def test_behind_another_web_server_it_listens_on_a_socket():
    assert server.command(socket=Path("/run/newsroom/web.sock"))[-2:] == ["--socket", "/run/newsroom/web.sock"]


def test_one_process_a_processor(container: Path):
    assert server.workers() == 8 or server.memory() < 8 * 2 * server.A_PROCESS
    (container / "cpu.max").write_text("150000 100000\n")
    assert server.processors() == 2
    (container / "cpu.max").write_text("max 100000\n")
    assert server.processors() == 8


def test_no_more_processes_than_memory_holds(container: Path):
    (container / "memory.max").write_text(f"{700 * 2**20}\n")
    assert server.workers() == 2
    (container / "memory.max").write_text(f"{64 * 2**20}\n")
    assert server.workers() == 1


def test_the_operator_may_say_otherwise(container: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("WEB_CONCURRENCY", "5")
    monkeypatch.setenv("WEB_THREADS", "2")
    assert (server.workers(), server.threads()) == (5, 2)
    monkeypatch.setenv("WEB_THREADS", "none")
    with pytest.raises(environ.Misconfigured, match="WEB_THREADS"):
        server.threads()


class OverSocket(http.client.HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("127.0.0.1", timeout=60)
        self.path = str(path)

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


def test_who_is_being_answered_when_it_stops_is_answered_and_it_leaves_nothing(tmp_path: Path):
    run.once("static", collect_static)
    environment = run.environment(database_url=f"sqlite:///{tmp_path}/none.sqlite3", data=tmp_path)
    made_for = subprocess.run([*server.command(port=1)[:1], "-c", MADE_FOR], env=environment, cwd=run.ROOT, check=True,
                              capture_output=True, text=True).stdout.strip()  # fmt: skip
    (tmp_path / "run").mkdir()
    path, log = tmp_path / "run" / "web.sock", tmp_path / "log"
    with open(log, "wb") as file:
        process = subprocess.Popen(server.command(socket=path), env=environment | {"WEB_CONCURRENCY": "1"},
                                   cwd=run.ROOT, stdout=file, stderr=file)  # fmt: skip
    answered: list[int] = []

    def ask(target: str) -> None:
        connection = OverSocket(path)
        connection.request("GET", target)
        answered.append(connection.getresponse().status)
        connection.close()

    try:
        until = time.monotonic() + 60
        while not path.exists() or _refuses(path):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.02)
        assert stat.S_IMODE(path.stat().st_mode) == 0o660  # nginx is of its group, and nobody else comes in
        ask("/health/live/")
        store = DiskStore(tmp_path / "pages", made_for=eval(made_for))
        with store.alone("/a/23456789/"):  # as if another process were making it
            reader = threading.Thread(target=ask, args=["/a/23456789/"])
            reader.start()
            _wait_until_it_waits(process.pid, tmp_path / "pages" / "making")
            process.send_signal(signal.SIGTERM)
        reader.join(60)
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.wait()
    assert answered[0] == 200
    assert len(answered) == 2
    assert not path.exists()
    assert re.findall("GET", log.read_text()) == []  # no line for each request


def _refuses(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(path)) != 0


def _wait_until_it_waits(server: int, folder: Path) -> None:
    """Until a process of this server has opened a file in a folder: the lock that it waits for."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        for link in Path("/proc").glob("[0-9]*/fd/*"):
            try:
                if link.readlink().parent == folder and int(link.parts[2]) != os.getpid():
                    return
            except OSError:
                continue
        time.sleep(0.02)
    raise AssertionError("nobody asked for the page")


def test_two_do_not_share_a_port(tmp_path: Path):
    environment = run.environment(database_url=f"sqlite:///{tmp_path}/none.sqlite3", data=tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        ended = subprocess.run(server.command(port=port), env=environment, cwd=run.ROOT, capture_output=True, text=True)
    assert (ended.returncode, f"port {port} of 127.0.0.1" in ended.stderr) == (1, True)


def test_requests_see_no_secret_and_no_header_that_nobody_sent(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(os, "environ", dict.fromkeys(["SECRET_KEY", "HTTP_PROXY", "PGPASSFILE"], "x"))
    server._hush()
    assert list(os.environ) == ["PGPASSFILE"]
