"""Row 6: every kind of page at several sizes, made anew by a process that remembers nothing, one request at a time; and
the desk."""

import statistics
from collections import defaultdict
from contextlib import ExitStack

from benchmarks.bench import Bench
from benchmarks.databases import Seeded
from benchmarks.report import number
from benchmarks.results import Figure, Row, Target
from benchmarks.running import timed

FLAT = 1.2  # × the time at the small size
DESK_LIST = 15.0  # × a view with one query
MILLION = 1_000_000
LISTS = ["list", "list, thousandth page"]
ONE = "one query"
WARMING = 4  # looks at each kind that fill caches
Times = dict[int, dict[str, list[float]]]  # by size and kind of page: milliseconds


def measure(bench: Bench, row: Row) -> None:
    options = bench.options
    sizes = {"SQLite": options.large, "PostgreSQL": options.million}
    row.conditions["looks at each kind of page"] = options.looks
    for engine in bench.engines(row):
        small, many = (bench.databases.seeded(engine, size) for size in (options.small, sizes[engine]))
        minutes, gigabytes = many.seconds / 60, many.bytes / 1e9
        row.notes.append(f"{engine}: seeding {many.count:,} stories took {minutes:.1f} minutes and "
                         f"{gigabytes:.2f} GB.")  # fmt: skip
        if many.count >= MILLION:
            row.targets += [
                Target(f"seeding {many.count:,} stories, {engine}", 45, minutes, least=False, unit="minutes"),
                Target(f"{many.count:,} stories, {engine}", 25, gigabytes, least=False, unit="GB"),
            ]
        _compare(row, engine, small.count, many.count, _times(bench, row, engine, small, many))
    if peer := bench.wagtail(row):
        for name, took in peer.admin_times().items():
            if name != "publish":
                row.figures.append(Figure(f"Wagtail, {name}", took, "ms", reference=True))


def _compare(row: Row, engine: str, few: int, lots: int, times: Times) -> None:
    """Of pages that readers turn to, the ratio says all; of search and desk the times are figures, too."""
    for name, took in times[lots].items():
        small, large = statistics.median(times[few][name]), statistics.median(took)
        if name == ONE or name.startswith(("search", "desk")):
            p95 = sorted(took)[int(len(took) * 0.95)]
            row.figures.append(Figure(f"{name}, {engine}, {lots:,}", large, "ms", large, p95, reference=name == ONE))
        if name != ONE:
            what = f"{name}, {engine}: {number(large)} ms at {lots:,}, {number(small)} ms at {few:,}"
            row.targets.append(Target(what, FLAT, large / small, least=False))
    for name in LISTS:
        row.compare(f"desk: {name}, {engine}, {lots:,}", f"{ONE}, {engine}, {lots:,}", DESK_LIST, least=False)


def _times(bench: Bench, row: Row, engine: str, small: Seeded, many: Seeded) -> Times:
    """Milliseconds by size and kind, asked for in turn."""
    found: Times = {one.count: defaultdict(list) for one in (small, many)}
    with ExitStack() as stack:
        asked = []
        for one in (small, many):
            room = stack.enter_context(bench.newsroom(one, kept=False, remembers=False))
            yard = stack.enter_context(bench.yardstick(one))
            looks = [f"/one/{key}/" for key in one.facts["rotated"]["editions"]]
            pages = {name: (room.port, paths, "") for name, paths in one.facts["kinds"].items() if paths}
            desk = {f"desk: {name}": (room.port, paths, one.facts["cookie"])
                    for name, paths in one.facts["desk"].items()}  # fmt: skip
            asked.append((one.count, pages | desk | {ONE: (yard.port, looks, "")}))
        kinds = [name for name in asked[0][1] if name in asked[1][1]]
        for name in kinds:
            for turn in range(-WARMING, bench.options.looks):
                for count, pages in asked if turn % 2 else reversed(asked):
                    port, paths, cookie = pages[name]
                    took = timed(port, paths[turn % len(paths)], cookie=cookie)
                    if turn >= 0:
                        found[count][name].append(took)
            bench.step(f"{row.number}: {name}, {engine}")
    return found
