"""Wagtail as a reference: from PyPI, in an environment of its own, with a minimal site of our own writing."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.databases import Databases
from benchmarks.running import FORGOTTEN, PATIENCE, Broken, Server, free_port, gunicorn, run, serving

PROJECT = Path(__file__).parent / "project"
WANTED = ["wagtail>=7,<9", "gunicorn>=27,<28", "psycopg[binary]>=3.3,<4", "dj-database-url>=3,<4", "redis>=7,<9"]
CHANNELS, ROTATED = 8, 200


@dataclass(frozen=True)
class Peer:
    folder: Path
    url: str  # of its database
    count: int
    version: str
    _times: dict[str, float] = field(default_factory=dict)

    home, channel, feed = "/", "/c1/", "/feed/"

    @property
    def articles(self) -> list[str]:
        newest = range(self.count - 1, max(self.count - 1 - ROTATED, -1), -1)
        return [f"/c{number % CHANNELS}/a{number}/" for number in newest]

    @property
    def python(self) -> str:
        return str(self.folder / "venv" / "bin" / "python")

    def environment(self, **values: str) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in FORGOTTEN | {"PYTHONPATH"}}
        ours = {"DATABASE_URL": self.url, "DJANGO_SETTINGS_MODULE": "peer.settings", "PEER_FOLDER": str(self.folder)}
        return kept | ours | values

    @property
    def site(self) -> Path:
        return self.folder / "site"

    @contextmanager
    def serving(self, *, cached: bool) -> Iterator[Server]:
        """On the server of all yardsticks. cached: with Django's cache of whole pages, in Redis where that is
        installed, else in each process."""
        port = free_port()
        with redis(self.folder) if cached else nothing() as cache:
            values = {"PEER_CACHED": "yes" if cached else "", "CACHE_URL": cache}
            command = gunicorn("peer.wsgi", port, self.python, self.site)
            env = self.environment(**values)
            with serving(command, port, env, folder=self.site) as server:
                yield server

    def admin_times(self) -> dict[str, float]:
        """Medians in milliseconds by what editors do; measured once."""
        if not self._times:
            said = run([self.python, "admin_times.py"], self.environment(), self.site)
            self._times.update(json.loads(said.splitlines()[-1]))
        return self._times


def made(databases: Databases, count: int) -> Peer:
    """Installed and filled where it is not yet. On PostgreSQL where there is one. Raises Broken."""
    uv = shutil.which("uv")
    if not uv:
        raise Broken("uv is not installed")
    engine = "SQLite" if databases.missing("PostgreSQL") else "PostgreSQL"
    folder, name = databases.keep / "wagtail", f"wagtail{count}"
    peer = Peer(folder, databases.url(engine, name), count, "")
    if not (folder / "installed").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        env = peer.environment()
        run([uv, "venv", "--quiet", "--python", sys.executable, str(folder / "venv")], env, folder)
        run([uv, "pip", "install", "--quiet", "--python", peer.python, *WANTED], env, folder)
        (folder / "installed").touch()
    shutil.copytree(PROJECT, peer.site, dirs_exist_ok=True)
    mark = folder / f"filled-{engine}-{count}"
    if not mark.exists():
        databases.renewed(engine, name)
        shutil.rmtree(peer.site / "peer" / "migrations", ignore_errors=True)
        django = [peer.python, "-m", "django"]
        run([*django, "makemigrations", "peer", "-v0"], peer.environment(), peer.site)
        run([*django, "migrate", "-v0"], peer.environment(), peer.site)
        run([peer.python, "fill.py", str(count)], peer.environment(), peer.site)
        mark.touch()
    asked = "import wagtail, django; print(wagtail.__version__, 'on Django', django.get_version())"
    version = run([peer.python, "-c", asked], peer.environment(), peer.site).strip()
    return Peer(folder, peer.url, count, f"{version}, {engine}, {count:,} pages")


@contextmanager
def nothing() -> Iterator[str]:
    yield ""


@contextmanager
def redis(folder: Path) -> Iterator[str]:
    """The address of a Redis that keeps nothing; empty where none is installed."""
    program = shutil.which("redis-server")
    if not program:
        yield ""
        return
    port = free_port()
    process = subprocess.Popen([program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
                                "--dir", str(folder)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)  # fmt: skip
    try:
        begun = time.monotonic()
        while not _listens(port):
            if process.poll() is not None or time.monotonic() - begun > PATIENCE:
                raise Broken("redis-server did not start")
            time.sleep(0.02)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait(20)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
