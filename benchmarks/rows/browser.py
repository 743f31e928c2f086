"""Row 8: Chromium as on a cheap phone, with an empty cache, on the demonstration newsroom behind its own server."""

import os
import re
import statistics
import sys
from pathlib import Path
from typing import Any

from benchmarks.bench import Bench
from benchmarks.results import Figure, Row, Target
from benchmarks.running import FORGOTTEN, embedded, free_port, get, run, serving

VISITS = 5
CPU = 4  # times slower
LATENCY, DOWN, UP = 150, 1.6e6 / 8, 750e3 / 8  # milliseconds round trip, bytes a second
PHONE = {"viewport": {"width": 412, "height": 823}, "device_scale_factor": 1.75, "is_mobile": True, "has_touch": True}
WATCH = """
window.seen = {lcp: 0, cls: 0, long: [], fcp: 0}
const watch = (type, note) =>
  new PerformanceObserver(list => list.getEntries().forEach(note)).observe({type, buffered: true})
watch("largest-contentful-paint", one => { seen.lcp = one.startTime })
watch("layout-shift", one => { if (!one.hadRecentInput) seen.cls += one.value })
watch("longtask", one => { seen.long.push([one.startTime, one.duration]) })
watch("paint", one => { if (one.name == "first-contentful-paint") seen.fcp = one.startTime })
"""
UNITS = {"FCP": "ms", "LCP": "ms", "TBT": "ms", "CLS": "", "sent": "kB"}
SETTLED = 1500  # milliseconds after the page has loaded, in which nothing may move any more


def measure(bench: Bench, row: Row) -> None:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        row.left_out.append("all: playwright is not installed")
        return
    program = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
    if not program.exists():
        row.left_out.append(f"all: no browser, {program} does not exist")
        return
    row.conditions |= {"visits": VISITS, "processor": f"{CPU} times slower", "network": "1.6 Mbit/s, 150 ms"}
    port = free_port()
    keep = {name: value for name, value in os.environ.items() if name not in FORGOTTEN}
    env = keep | {"NEWSROOM_DATA": str(bench.databases.keep / "demo"), "NEWSROOM_PORT": str(port)}
    run([sys.executable, "manage.py", "demo", "--load-only"], env)
    with serving(embedded(port), port, env) as server, sync_playwright() as playwright:
        flags = ["--no-sandbox"] if os.geteuid() == 0 else []
        chromium = playwright.chromium.launch(executable_path=program, args=flags)
        row.conditions["browser"] = f"Chromium {chromium.version}"
        story = re.search(r'href="(/(?:[a-z-]+/)?a/\w+/)"', get(port, "/")[1].decode())
        assert story
        for name, path in {"front": "/", "story": story[1]}.items():
            visits = []
            for _ in range(VISITS):
                visits.append(_visit(chromium, f"{server.url}{path}"))
                bench.step(f"{row.number}: {name}")
            found = {what: statistics.median(one[what] for one in visits) for what in visits[0]}
            row.figures += [Figure(f"{name}: {what}", found[what], unit) for what, unit in UNITS.items()]
            row.targets += [
                Target(f"{name}: LCP", 1200, found["LCP"], least=False, unit="ms"),
                Target(f"{name}: CLS", 0, found["CLS"], least=False, unit=""),
                Target(f"{name}: TBT", 0, found["TBT"], least=False, unit="ms"),
            ]
        chromium.close()


def _visit(chromium: Any, url: str) -> dict[str, float]:
    """One reader who was never here."""
    context = chromium.new_context(**PHONE)
    context.add_init_script(WATCH)
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    sent: list[float] = []
    devtools.on("Network.loadingFinished", lambda event: sent.append(event["encodedDataLength"]))
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", {"offline": False, "latency": LATENCY,
                                                       "downloadThroughput": DOWN, "uploadThroughput": UP})  # fmt: skip
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": CPU})
    page.goto(url, wait_until="load")
    page.wait_for_timeout(SETTLED)
    seen = page.evaluate("seen")
    context.close()
    blocked = sum(max(length - 50, 0) for start, length in seen["long"] if start + length > seen["fcp"])
    return {"FCP": seen["fcp"], "LCP": seen["lcp"], "CLS": seen["cls"], "TBT": blocked, "sent": sum(sent) / 1000}
