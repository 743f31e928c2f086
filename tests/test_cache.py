"""A shared cache by configuration alone: a real Redis, two processes."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import CommittedDatabase
from tests.harness import run


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[str]:
    program = shutil.which("redis-server")
    if not program:
        run.unavailable("redis-server is not installed: apt install redis-server")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)]
    process = subprocess.Popen([program, *options], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    for line in process.stdout:
        if "Ready to accept" in line:
            break
    yield f"redis://127.0.0.1:{port}/0"
    process.terminate()
    process.wait(20)
    process.stdout.close()


def in_a_process(code: str, environment: dict[str, str]) -> str:
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", code]
    done = subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_processes_share_it_and_sessions_are_read_from_it(committed_db: CommittedDatabase, redis: str):
    environment = committed_db.environment | {"CACHE_URL": redis}
    session = "from django.contrib.sessions.backends.cached_db import SessionStore; "
    key = in_a_process(f"{session}s = SessionStore(); s['desk'] = '朗措'; s.save(); print(s.session_key)", environment)
    shown = in_a_process(
        f"{session}from django.conf import settings; from django.core.cache import cache; "
        f"s = SessionStore('{key}'); print(settings.SESSION_ENGINE[-9:], s.cache_key in cache, s['desk'])",
        environment,
    )
    assert shown == "cached_db True 朗措"
