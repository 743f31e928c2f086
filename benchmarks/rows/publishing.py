"""Row 4: how long a publication takes until it is acknowledged, beside a view with one query on the same database."""

import json
import statistics
import sys
from collections import defaultdict
from contextlib import ExitStack

from benchmarks.bench import Bench, fill
from benchmarks.databases import Seeded
from benchmarks.results import Figure, Row
from benchmarks.rows.store import PAGES
from benchmarks.running import run

ACTS = {"first": "a first edition", "second": "a second edition"}


def measure(bench: Bench, row: Row) -> None:
    sizes = [bench.options.small, bench.options.large]
    row.conditions |= {"stories": " and ".join(f"{size:,}" for size in sizes), "acts of each kind": bench.options.acts}
    with ExitStack() as stack:
        rooms: dict[tuple[str, int], tuple[Seeded, int, int]] = {}
        for engine in bench.engines(row):
            row.conditions[engine] = bench.databases.durable(engine)
            for size in sizes:
                seeded = stack.enter_context(bench.databases.copy(bench.databases.seeded(engine, size)))
                room = stack.enter_context(bench.newsroom(seeded))
                fill(room.port, [*seeded.facts["rotated"]["stories"], *PAGES.values()])
                rooms[engine, size] = (seeded, room.port, stack.enter_context(bench.yardstick(seeded)).port)
        times: dict[tuple[str, int, str], list[float]] = defaultdict(list)
        each = -(-bench.options.acts // bench.options.rounds)
        for _ in range(bench.options.rounds):
            for (engine, size), (seeded, port, yard) in rooms.items():
                command = [sys.executable, "-m", "benchmarks.publishing", "time", str(each), str(yard)]
                for name, took in json.loads(run(command, seeded.environment(port)).splitlines()[-1]).items():
                    times[engine, size, name] += took
                bench.step(f"{row.number}: {engine}, {size:,}")
        for (engine, size, name), took in sorted(times.items()):
            title = f"{ACTS.get(name, 'one query')}, {engine}, {size:,}"
            p95 = sorted(took)[int(len(took) * 0.95)]
            middle = statistics.median(took)
            row.figures.append(Figure(title, middle, "ms", middle, p95, reference=name == "one"))
        small, large = (f"{size:,}" for size in sizes)
        for engine in dict.fromkeys(engine for engine, _ in rooms):
            for act in ACTS.values():
                row.compare(f"{act}, {engine}, {large}", f"one query, {engine}, {large}", 20, least=False)
                row.compare(f"{act}, {engine}, {large}", f"{act}, {engine}, {small}", 1.3, least=False)
        if peer := bench.wagtail(row):
            row.figures.append(Figure("Wagtail, publish", peer.admin_times()["publish"], "ms", reference=True))
