"""Row 5: what row 1 measures, second by second, while somebody publishes; and whether anything was ever stale."""

import json
import statistics
import subprocess
import sys
from collections import defaultdict
from contextlib import ExitStack

from benchmarks.bench import Bench, fill
from benchmarks.databases import Seeded
from benchmarks.results import Figure, Row, Target
from benchmarks.rows.store import PAGES
from benchmarks.running import ROOT, Broken, wrk

KINDS = ["story", *PAGES]


def measure(bench: Bench, row: Row) -> None:
    row.conditions |= {"stories": f"{bench.options.large:,}", "seconds a round": bench.options.seconds,
                       "rounds": bench.options.rounds}  # fmt: skip
    for engine in bench.engines(row):
        with ExitStack() as stack:
            seeded = stack.enter_context(bench.databases.copy(bench.databases.seeded(engine, bench.options.large)))
            room = stack.enter_context(bench.newsroom(seeded))
            worker = subprocess.Popen([sys.executable, "manage.py", "worker"], cwd=ROOT, stdin=subprocess.DEVNULL,
                                      env=seeded.environment(room.port))  # fmt: skip
            stack.callback(worker.wait)
            stack.callback(worker.terminate)
            paths = {"story": seeded.facts["rotated"]["stories"]} | {name: [path] for name, path in PAGES.items()}
            fill(room.port, [path for some in paths.values() for path in some])
            seconds: dict[tuple[str, bool], list[float]] = defaultdict(list)
            told: dict[str, int] = defaultdict(int)
            for _ in range(bench.options.rounds):
                for name in KINDS:
                    for publishing in (False, True):
                        found, said = _block(bench, seeded, room.port, paths[name], publishing=publishing)
                        seconds[name, publishing] += found
                        for what, number in said.items():
                            told[what] += number
                        bench.step(f"{row.number}: {name}, {engine}")
            _add(row, engine, seconds, told)


def _block(bench: Bench, seeded: Seeded, port: int, paths: list[str], *, publishing: bool
           ) -> tuple[list[float], dict[str, int]]:  # fmt: skip
    """Requests of each second, and what the publisher says."""
    length = max(round(bench.options.seconds), 1)
    if not publishing:
        return [wrk(port, paths, 1).rate for _ in range(length)], {}
    command = [sys.executable, "-m", "benchmarks.publishing", "steadily", str(port)]
    with subprocess.Popen(command, cwd=ROOT, env=seeded.environment(port), text=True, stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE) as publisher:  # fmt: skip
        assert publisher.stdin
        assert publisher.stdout
        publisher.stdout.readline()  # it has published once, and goes on
        found = [wrk(port, paths, 1).rate for _ in range(length)]
        publisher.stdin.close()  # it stops, and says what it saw
        said = publisher.stdout.read().splitlines()
    if publisher.returncode or not said:
        raise Broken("the publisher failed; its lines above say why")
    return found, json.loads(said[-1])


def _add(row: Row, engine: str, seconds: dict[tuple[str, bool], list[float]], told: dict[str, int]) -> None:
    for name in KINDS:
        idle, busy = seconds[name, False], seconds[name, True]
        title = f"{name}, {engine}"
        row.figures += [
            Figure(f"{title}, idle", statistics.median(idle), "requests/s", reference=True),
            Figure(f"{title}, publishing", statistics.median(busy), "requests/s"),
            Figure(f"{title}, publishing, slowest second", min(busy), "requests/s"),
            Figure(f"{title}, idle, slowest second", min(idle), "requests/s", reference=True),
        ]
        row.compare(f"{title}, publishing", f"{title}, idle", 0.8)
        row.compare(f"{title}, publishing, slowest second", f"{title}, idle", 0.5)
    row.targets.append(Target(f"answers older than the last acknowledged act, {engine}", 0, told["stale"], least=False,
                              unit=f"of {told['reads']}"))  # fmt: skip
    row.notes.append(f"{engine}: {told['acts']} publications, each followed by a look at the story, the front, its "
                     f"channel and the feed: {told['reads']} answers, {told['stale']} of them stale.")  # fmt: skip
