"""What was measured: rows of figures, each with its references and targets, as JSON that later runs are merged into."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


@dataclass
class Figure:
    """unit: requests/s, ms, MiB, s … p50, p95: milliseconds. reference: something that ours is compared with."""

    name: str
    value: float
    unit: str
    p50: float | None = None
    p95: float | None = None
    reference: bool = False


@dataclass
class Target:
    """least: whether `wanted` is the least (else the most) that `found` may be."""

    what: str
    wanted: float
    found: float
    least: bool = True
    unit: str = "×"

    @property
    def is_reached(self) -> bool:
        return self.found >= self.wanted if self.least else self.found <= self.wanted

    @property
    def outcome(self) -> str:
        if self.is_reached:
            return "reached"
        if not self.wanted or not self.found:
            return f"**missed** by {abs(self.found - self.wanted):.3g}"
        factor = self.wanted / self.found if self.least else self.found / self.wanted
        return f"**missed** by {(factor - 1) * 100:.0f} %"


@dataclass
class Row:
    number: int
    title: str
    at: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="minutes"))
    conditions: dict[str, Any] = field(default_factory=dict)
    figures: list[Figure] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)  # what is missing of it, and why

    def value(self, name: str) -> float | None:
        return next((one.value for one in self.figures if one.name == name), None)

    def compare(self, ours: str, reference: str, wanted: float, *, least: bool = True, what: str = "") -> None:
        """A target of the ratio of two figures; none where one of them was left out."""
        here, there = self.value(ours), self.value(reference)
        if here is not None and there:
            self.targets.append(Target(what or f"{ours} ÷ {reference}", wanted, here / there, least))


def machine() -> str:
    names = [line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
             if line.startswith("model name")]  # fmt: skip
    return f"{os.cpu_count()} × {names[0] if names else platform.machine()}, Python {platform.python_version()}"


def read(path: Path) -> list[Row]:
    """The rows of an earlier run; none where there is no file."""
    if not path.exists():
        return []
    made = []
    for row in json.loads(path.read_text(encoding="utf-8")):
        parts = {
            "figures": [Figure(**one) for one in row["figures"]],
            "targets": [Target(**one) for one in row["targets"]],
        }
        made.append(Row(**row | parts))
    return made


def written(rows: Sequence[Row]) -> str:
    return json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=1) + "\n"


def merged(old: Sequence[Row], new: Sequence[Row]) -> list[Row]:
    """The new rows, and of the old ones those that were not measured again; by number."""
    found = {row.number: row for row in [*old, *new]}
    return [found[number] for number in sorted(found)]
