"""Row 7: what the application takes while it is used, and how soon it is there."""

import statistics
from contextlib import ExitStack

from benchmarks.bench import Bench, fill
from benchmarks.results import Figure, Row, Target
from benchmarks.rows.store import PAGES
from benchmarks.running import embedded, environment, free_port, memory, plain_embedded, serving, wrk

STARTS = 5


def measure(bench: Bench, row: Row) -> None:
    row.conditions["stories"] = f"{bench.options.large:,}"
    for engine in bench.engines(row):
        seeded = bench.databases.seeded(engine, bench.options.large)
        stories = seeded.facts["rotated"]["stories"]
        took = []
        for _ in range(STARTS):
            port = free_port()
            with serving(embedded(port), port, seeded.environment(port)) as server:
                took.append(server.took)
        row.figures.append(Figure(f"start-up to the first front page, {engine}", statistics.median(took), "s"))
        row.targets.append(Target(f"start-up, {engine}", 2, statistics.median(took), least=False, unit="s"))
        bench.step(f"{row.number}: start-up, {engine}")
        with ExitStack() as stack:
            room = stack.enter_context(bench.newsroom(seeded))
            fill(room.port, [*stories, *PAGES.values()])
            kinds = [path for paths in seeded.facts["kinds"].values() for path in paths[:5]]
            port = free_port()
            yard = stack.enter_context(serving(plain_embedded(port), port,
                                               environment(DATABASE_URL=seeded.url)))  # fmt: skip
            for _ in range(bench.options.rounds):
                wrk(room.port, [*stories, *PAGES.values(), *kinds], bench.options.seconds)
                wrk(yard.port, ["/", "/list/", *(f"/one/{key}/" for key in seeded.facts["rotated"]["editions"])],
                    bench.options.seconds)  # fmt: skip
                bench.step(f"{row.number}: memory, {engine}")
            ours, plain = f"newsroom, {engine}", f"plain Django, {engine}"
            row.figures += [
                Figure(ours, memory(room.process.pid), "MiB"),
                Figure(plain, memory(yard.process.pid), "MiB", reference=True),
            ]
            row.compare(ours, plain, 1.4, least=False, what=f"memory (PSS) ÷ plain Django's, {engine}")
