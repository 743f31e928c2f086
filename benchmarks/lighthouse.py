"""Lighthouse's figure for speed, on a slow phone: `python -m benchmarks.lighthouse http://127.0.0.1:8000`.

Of the front, and of the newest story on it; the median of five, with what it is made of. Lighthouse is pinned in
tools/lighthouse (`npm ci` there). It slows network and processor down itself, as for a cheap phone; so let nothing else
run on the machine.
"""

import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path
from urllib.parse import urljoin

PROGRAM = Path(__file__).parent.parent / "tools/lighthouse/node_modules/lighthouse/cli/index.js"
ROUNDS = 5
MEASURED = {
    "first-contentful-paint": "FCP ms",
    "largest-contentful-paint": "LCP ms",
    "total-blocking-time": "TBT ms",
    "cumulative-layout-shift": "CLS",
    "speed-index": "SI ms",
    "total-byte-weight": "bytes",
}


def measure(url: str) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        chrome = "--chrome-flags=--headless=new --no-sandbox --disable-dev-shm-usage"
        wanted = ["--only-categories=performance", "--output=json", f"--output-path={report}", "--quiet"]
        command = ["node", str(PROGRAM), url, *wanted, chrome]
        environment = {"CHROME_PATH": "/usr/bin/chromium"} | dict(os.environ)
        subprocess.run(command, env=environment, check=True, capture_output=True, stdin=subprocess.DEVNULL)
        said = json.loads(report.read_text())
    figures = {name: said["audits"][audit]["numericValue"] for audit, name in MEASURED.items()}
    return {"score": said["categories"]["performance"]["score"] * 100} | figures


def main(site: str) -> None:
    with urllib.request.urlopen(site) as answer:
        story = re.search(r'href="(/(?:[a-z-]+/)?a/\w+/)"', answer.read().decode())
    pages = {"front": site} | ({"story": urljoin(site, story[1])} if story else {})
    for name, url in pages.items():
        rounds = [measure(url) for _ in range(ROUNDS)]
        figures = {what: statistics.median(one[what] for one in rounds) for what in rounds[0]}
        scores = sorted(round(one["score"]) for one in rounds)
        print(f"{name}: " + ", ".join(f"{what} {value:,.3g}" if value < 10 else f"{what} {value:,.0f}"
                                      for what, value in figures.items()) + f" (scores {scores})")  # fmt: skip


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Usage: python -m benchmarks.lighthouse http://127.0.0.1:8000")
    main(sys.argv[1])
