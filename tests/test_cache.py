"""A shared cache by configuration alone: a real Redis, two processes."""

import os
import subprocess
import sys

from tests.conftest import CommittedDatabase
from tests.harness.redis_server import RedisServer


def in_a_process(code: str, environment: dict[str, str]) -> str:
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", code]
    done = subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_processes_share_it_and_sessions_are_read_from_it(committed_db: CommittedDatabase, redis_server: RedisServer):
    environment = committed_db.environment | {"CACHE_URL": redis_server.url}
    session = "from django.contrib.sessions.backends.cached_db import SessionStore; "
    key = in_a_process(f"{session}s = SessionStore(); s['desk'] = '朗措'; s.save(); print(s.session_key)", environment)
    shown = in_a_process(
        f"{session}from django.conf import settings; from django.core.cache import cache; "
        f"s = SessionStore('{key}'); print(settings.SESSION_ENGINE[-9:], s.cache_key in cache, s['desk'])",
        environment,
    )
    assert shown == "cached_db True 朗措"
