"""Tests that test_harness.py starts in a run of its own, and stops in their midst. Not collected otherwise."""

import os
import time
from pathlib import Path

from tests.conftest import CommittedDatabase
from tests.harness import run
from tests.harness.server import Server

(run.folder() / "static.done").touch()  # nobody looks at a page: no style sheet need be collected


def test_waits_on_a_database(committed_db: CommittedDatabase) -> None:
    wait()


def test_waits_on_a_server(server: Server) -> None:
    wait()


def wait() -> None:
    ready = Path(os.environ["READY"])
    ready.with_suffix(".part").write_text(str(run.folder()))
    ready.with_suffix(".part").rename(ready)
    time.sleep(120)
