"""The part of the harness that must come before Django's settings are read: loaded by `-p` in pyproject.toml."""

import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from tests.harness import run

guardian_key = pytest.StashKey["subprocess.Popen[bytes]"]()
# What a failed test shows beside its traceback: title, and the file that holds the text.
exhibits_key = pytest.StashKey[list[tuple[str, Path]]]()


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    parser.addoption("--full", action="store_true", help="run races, floods and properties at their full size")
    if pluginmanager.is_blocked("xdist"):  # the options that pyproject.toml sets for it then mean nothing
        parser.addoption("--numprocesses", help="ignored: xdist is off")
        parser.addoption("--dist", help="ignored: xdist is off")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Make the run's folder and environment; pytest-django reads the settings right after this."""
    if run.is_worker():
        return  # all this is inherited
    run.clean_environment()
    folder = Path(tempfile.gettempdir()).resolve() / f"newsroom-{secrets.token_hex(4)}"
    (folder / "processes").mkdir(parents=True)
    os.environ[run.FOLDER] = str(folder)
    os.environ[run.CONTROLLER] = str(os.getpid())
    os.environ["NEWSROOM_DATA"] = str(folder / "data")
    os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = str(folder / "hypothesis")
    with open(folder / "guardian.log", "wb") as log:
        early_config.stash[guardian_key] = subprocess.Popen(
            [sys.executable, "-P", Path(__file__).with_name("guardian.py"), folder],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            cwd="/",
            start_new_session=True,  # so that Ctrl-C reaches pytest only, and the guardian after it
        )


def pytest_unconfigure(config: pytest.Config) -> None:
    guardian = config.stash.get(guardian_key, None)
    if guardian and guardian.stdin:
        guardian.stdin.close()
        guardian.wait(30)


@pytest.hookimpl(tryfirst=True, optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Two to four processes; none for tests named one by one, which are sooner done than processes started."""
    if config.args and all("::" in argument for argument in config.args):
        return 0
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(2, min(4, cores + 1))  # one more than cores: browsers and databases are waited for


def pytest_pycollect_makeitem(collector: pytest.Module | pytest.Class, name: str, obj: object) -> None:
    """Let the mark django_db mean the fixture `db`, so that marked tests, too, run once per database."""
    if collector.istestfunction(obj, name):
        marks = [*collector.iter_markers("django_db"), *getattr(obj, "pytestmark", [])]
        if any(mark.name == "django_db" for mark in marks):
            pytest.mark.usefixtures("db")(obj)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Have PostgreSQL started, while the first tests run, if one of the tests needs it."""
    callspecs = [getattr(item, "callspec", None) for item in session.items]
    wanted = any(callspec and callspec.params.get("engine") == "postgresql" for callspec in callspecs)
    if wanted and not session.config.option.collectonly:
        (run.folder() / "postgresql-wanted").touch()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, Any]:
    report = yield
    if report.failed:
        for title, file in item.stash.get(exhibits_key, []):
            if file.exists():
                report.sections.append((title, file.read_text(encoding="utf-8", errors="replace")[-20_000:]))
    return report
