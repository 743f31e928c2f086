"""What the rows of the benchmark share: options, databases, servers, progress; and rounds that are interleaved."""

import tempfile
from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tqdm import tqdm

from benchmarks import wagtail_peer
from benchmarks.databases import ENGINES, Databases, Seeded
from benchmarks.references import nginx_with
from benchmarks.results import Row
from benchmarks.running import (
    Broken,
    Rate,
    Server,
    embedded,
    environment,
    free_port,
    get,
    gunicorn,
    median,
    missing,
    serving,
    spread,
    wrk,
)

FRESH = {"PAGE_STORE": ""}  # every answer is made anew


class Bench:
    """options: those of the command (`__main__`). Steps of `progress` are measurements of some seconds."""

    def __init__(self, options: Namespace, databases: Databases, progress: "tqdm[Any]") -> None:
        self.options, self.databases, self.progress = options, databases, progress
        self.folder = Path(tempfile.mkdtemp(prefix="newsroom-benchmark-"))
        self.folder.chmod(0o755)
        self._wagtail: wagtail_peer.Peer | str | None = None

    def step(self, what: str) -> None:
        self.progress.set_postfix_str(what[:40])
        self.progress.update()

    # --- What there is ------------------------------------------------------------------------------------------------
    def engines(self, row: Row) -> list[str]:
        """Those to be measured; of the others the row says why not."""
        found = []
        for engine in ENGINES:
            why = self.databases.missing(engine) if engine in self.options.engines else "not asked for (--engines)"
            if why:
                row.left_out.append(f"{engine}: {why}")
            else:
                found.append(engine)
        return found

    def has(self, row: Row, what: str, *programs: str) -> bool:
        why = missing(*programs)
        if why:
            row.left_out.append(f"{what}: {why}")
        return not why

    def wagtail(self, row: Row) -> "wagtail_peer.Peer | None":
        """Set up at the first call; None where it is not to be had, and the row says why."""
        if self._wagtail is None:
            try:
                count = self.options.large
                self._wagtail = wagtail_peer.made(self.databases, count) if self.options.wagtail else "--no-wagtail"
            except (Broken, OSError) as error:
                self._wagtail = str(error).strip().splitlines()[0][:200]
        if isinstance(self._wagtail, str):
            row.left_out.append(f"Wagtail: {self._wagtail}")
            return None
        return self._wagtail

    # --- Servers --------------------------------------------------------------------------------------------------
    @contextmanager
    def newsroom(self, of: Seeded, *, kept: bool = True, remembers: bool = True) -> Iterator[Server]:
        """kept: as it is shipped, with the store of pages, on the server that the demo starts. Else every answer is
        made anew, on the server of the yardsticks; remembers: by processes that remember pieces of what they made."""
        port = free_port()
        env = of.environment(port, **({} if kept else FRESH))
        application = "newsroom.wsgi" if remembers else "benchmarks.forgetful"
        command = embedded(port) if kept else gunicorn(application, port)
        with serving(command, port, env, asked="/health/live/") as server:
            yield server

    @contextmanager
    def yardstick(self, of: Seeded, page: bytes = b"") -> Iterator[Server]:
        port, file = free_port(), self.folder / "page.html"
        file.write_bytes(page or b"-")
        env = environment(DATABASE_URL=of.url, PAGE=str(file))
        with serving(gunicorn("benchmarks.yardstick", port), port, env) as server:
            yield server

    @contextmanager
    def plain_files(self, pages: Mapping[str, bytes]) -> Iterator[int]:
        with nginx_with(pages, self.folder) as port:
            yield port

    # --- Rounds ---------------------------------------------------------------------------------------------------
    def rounds(self, cells: Mapping[str, Callable[[], Rate]], row: Row) -> dict[str, Rate]:
        """The medians of interleaved rounds; the row says how noisy the machine was, by its slowest reference."""
        found: dict[str, list[Rate]] = {name: [] for name in cells}
        for number in range(self.options.rounds):
            order = [*cells][number % len(cells) :] + [*cells][: number % len(cells)]
            for name in order:
                found[name].append(cells[name]())
                self.step(f"{row.number}: {name}")
        noisiest = max(found, key=lambda name: spread(found[name]))
        row.conditions |= {
            "seconds a round": self.options.seconds,
            "rounds": self.options.rounds,
            "noise": f"fastest round {spread(found[noisiest]):.2f} × the slowest ({noisiest})",
        }
        return {name: median(rates) for name, rates in found.items()}

    def rate(self, port: int, *paths: str, host: str | None = None) -> Callable[[], Rate]:
        return lambda: wrk(port, paths, self.options.seconds, host=host)


def fill(port: int, paths: "list[str]") -> None:
    """Ask for each twice, so that what may be kept is. Raises Broken."""
    for path in [*paths, *paths]:
        status, _ = get(port, path)
        if status != 200:
            raise Broken(f"{path} on port {port} was answered with {status}")
