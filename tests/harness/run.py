"""One run of the tests: its folder, its environment, and what is made once for all its processes."""

import fcntl
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDER = "NEWSROOM_TESTS_FOLDER"
CONTROLLER = "NEWSROOM_TESTS_CONTROLLER"


def folder() -> Path:
    """The run's own folder, shared by its processes; the guardian removes it."""
    return Path(os.environ[FOLDER])


def is_worker() -> bool:
    """Is this one of the processes that xdist started for a run, not a run of its own (maybe inside another's test)?"""
    return "PYTEST_XDIST_WORKER" in os.environ and os.environ.get(CONTROLLER) == str(os.getppid())


def begins_with_postgresql() -> bool:
    """Is this the process that makes PostgreSQL's template, while another one makes SQLite's?"""
    return os.environ.get("PYTEST_XDIST_WORKER") == "gw1" and (folder() / "postgresql-wanted").exists()


def clean_environment() -> None:
    """Forget what the developer's shell says to Newsroom, Django, libpq, granian or a proxy."""
    sources = [ROOT / "newsroom" / "settings.py", ROOT / "newsroom" / "environ.py"]
    read = (
        r"\b(?:text|number|flag|choice|zone|address|secret|database|page_store|mail_server|mail_from|outer_caches)"
        r'\(\s*"([A-Z_]+)"'
    )
    ours = {name for source in sources for name in re.findall(read, source.read_text(encoding="utf-8"))}
    ours |= {f"{name}_FILE" for name in ours}
    others = ("DJANGO_", "NEWSROOM_", "GRANIAN_", "WEB_", "PLAYWRIGHT_")
    for name in list(os.environ):
        libpq = name.startswith("PG") and "TEST_DATABASE_URL" not in os.environ
        if name in ours or name.startswith(others) or libpq or name.lower().endswith("_proxy"):
            del os.environ[name]


def environment(*, database_url: str, data: Path, site_address: str = "http://127.0.0.1:8000") -> dict[str, str]:
    """For a process of Newsroom (a command, the server) that is to work on this database and this data folder."""
    from django.conf import settings

    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "DJANGO_"))}
    return inherited | {
        "DATABASE_URL": database_url,
        "DJANGO_SETTINGS_MODULE": "newsroom.settings",
        "NEWSROOM_DATA": str(data),
        "NEWSROOM_STATIC": str(folder() / "static"),
        "SECRET_KEY": settings.SECRET_KEY,  # the tests' own, so that a session begun here is good there
        "SITE_ADDRESS": site_address,
    }


def once(name: str, make: Callable[[], None]) -> None:
    """Let the first process that comes here do it; the others wait. If it fails, the next one tries again."""
    done = folder() / f"{name}.done"
    with open(folder() / f"{name}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            make()
            done.touch()


def unavailable(reason: str) -> NoReturn:
    """Skip the test because this machine lacks something; in CI, which installs all, that is a failure."""
    if os.environ.get("CI", "").lower() in {"1", "true", "yes"}:
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
