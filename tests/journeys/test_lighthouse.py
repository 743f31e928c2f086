"""What Lighthouse, the browser's own judge, says of a story, the front and a channel: nothing to mend.

Its version is pinned in tools/lighthouse (`npm ci` there). Its figure for speed is benchmarks/lighthouse.py's matter.
"""

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from articles.models import User
from tests import factories
from tests.harness import run
from tests.harness.once import on_one_database
from tests.harness.server import Server
from tests.journeys.reader_pages import long_body

pytestmark = on_one_database

PROGRAM = Path(__file__).parent.parent.parent / "tools/lighthouse/node_modules/lighthouse/cli/index.js"
CATEGORIES = ["accessibility", "best-practices", "seo"]


@pytest.fixture(scope="session")
def lighthouse() -> list[str]:
    """The command that runs it."""
    node = shutil.which("node")
    if node and PROGRAM.exists():
        return [node, str(PROGRAM)]
    run.unavailable("no Lighthouse: install nodejs and npm, and run `npm ci` in tools/lighthouse")


@pytest.fixture
def pages(server: Server, editor: User) -> dict[str, str]:
    factories.make_site(contact_email="desk@langtso.example", tagline="湖邊四縣，每天的事")
    channel = factories.make_channel("公路", slug="roads", description="路況與養護。")
    lead, inside = (factories.make_picture(editor, upload=factories.image_bytes(1400, 800, color=color))
                    for color in ("#3a5a78", "#b5882f"))  # fmt: skip
    for number in range(6):
        factories.publish_article(editor, headline=f"第{number + 1}則公路消息", channel=channel, standfirst="路通了。",
                                  lead_picture=inside if number % 2 else None)  # fmt: skip
    story = factories.publish_article(
        editor, headline="達噶山口初雪", standfirst="夜裡下了十二厘米。", body=long_body(inside), channel=channel,
        lead_picture=lead, topic=factories.make_topic("初雪", slug="snow", banner="初雪專題"), tags=["初雪"],
    )  # fmt: skip
    factories.publish_again(story, by=editor, kind="update", note="補入雪深。", headline="達噶山口已通車")
    return {"story": f"{server.url}/a/{story.code}/", "front": f"{server.url}/", "channel": f"{server.url}/roads/"}


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    """Of a Chromium that listens: Lighthouse starts one itself, but waits for it half a minute only."""
    said = tmp_path / "chromium" / "DevToolsActivePort"
    browser = subprocess.Popen(
        [os.environ.get("CHROMIUM", "/usr/bin/chromium"), "--headless=new", "--no-sandbox", "--disable-gpu",
         "--disable-dev-shm-usage", "--remote-debugging-port=0", f"--user-data-dir={said.parent}"],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        end = time.monotonic() + 240
        while not (said.exists() and said.read_text().strip()):
            assert browser.poll() is None, "Chromium ended"
            assert time.monotonic() < end, "Chromium does not listen"
            time.sleep(0.1)
        yield int(said.read_text().split()[0])
    finally:
        os.killpg(browser.pid, signal.SIGKILL)
        browser.wait()


def judged(command: list[str], url: str, port: int, folder: Path) -> dict[str, Any]:
    """What Lighthouse says of a page on a telephone."""
    report = folder / "report.json"
    done = subprocess.run(
        [*command, url, f"--only-categories={','.join(CATEGORIES)}", "--output=json", f"--output-path={report}",
         "--quiet", "--form-factor=mobile", "--throttling-method=provided", f"--port={port}"],
        env=os.environ | {"TMPDIR": str(folder)},
        capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=240,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    result: dict[str, Any] = json.loads(report.read_text())
    return result


def test_lighthouse_finds_nothing_to_mend(lighthouse: list[str], port: int, pages: dict[str, str], tmp_path: Path):
    found = {}
    for name, url in pages.items():
        said = judged(lighthouse, url, port, tmp_path)
        assert "runtimeError" not in said, said["runtimeError"]
        scores = {category: said["categories"][category]["score"] for category in CATEGORIES}
        if set(scores.values()) != {1}:
            failed = [audit["id"] for audit in said["audits"].values() if audit["score"] not in {None, 1}]
            found[name] = (scores, failed)
    assert found == {}
