"""Row 3: pages that are made for each reader anew, on the server of the yardsticks."""

from contextlib import ExitStack

from benchmarks.bench import Bench
from benchmarks.results import Row
from benchmarks.rows.store import PAGES, WAGTAIL, add


def measure(bench: Bench, row: Row) -> None:
    row.conditions["stories"] = f"{bench.options.large:,}"
    with ExitStack() as stack:
        cells, ours = {}, []
        engines = bench.engines(row)
        for engine in engines:
            seeded = bench.databases.seeded(engine, bench.options.large)
            room = stack.enter_context(bench.newsroom(seeded, kept=False))
            yard = stack.enter_context(bench.yardstick(seeded))
            cells[f"story, {engine}"] = bench.rate(room.port, *seeded.facts["rotated"]["stories"])
            cells[f"story that no process remembers, {engine}"] = bench.rate(
                room.port, *seeded.facts["rotated"]["strangers"]
            )
            cells |= {f"{name}, {engine}": bench.rate(room.port, path) for name, path in PAGES.items()}
            ours += [name for name in cells if name.endswith(f", {engine}")]
            looks = [f"/one/{key}/" for key in seeded.facts["rotated"]["editions"]]
            cells[f"one query with {engine}"] = bench.rate(yard.port, *looks)
            cells[f"list of 30 with {engine}"] = bench.rate(yard.port, "/list/")
        if not engines:
            return
        if peer := bench.wagtail(row):
            server = stack.enter_context(peer.serving(cached=False))
            cells[WAGTAIL] = bench.rate(server.port, *peer.articles)
            cells["Wagtail, channel"] = bench.rate(server.port, peer.channel)
        add(row, bench.rounds(cells, row), ours)
        for engine in engines:
            for name in ("story", "story that no process remembers"):
                row.compare(f"{name}, {engine}", f"one query with {engine}", 0.4)
            for name in PAGES:
                row.compare(f"{name}, {engine}", f"list of 30 with {engine}", 1)
