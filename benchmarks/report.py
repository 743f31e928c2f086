"""Rows of results as tables of Markdown."""

from collections.abc import Sequence
from pathlib import Path

from benchmarks.results import Figure, Row

BEGIN, END = "<!-- measured -->", "<!-- end -->"


def report(rows: Sequence[Row], picture: str = "performance.svg") -> str:
    lines = [f"![The figures beside their references, on a logarithmic scale]({picture})", ""] if picture else []
    reached = sum(target.is_reached for row in rows for target in row.targets)
    lines += [f"{reached} of {sum(len(row.targets) for row in rows)} targets reached.", ""]
    for row in rows:
        lines += [*_row(row), ""]
    return "\n".join(lines).rstrip()


def _row(row: Row) -> list[str]:
    said = ", ".join(f"{name} {value}" for name, value in row.conditions.items())
    lines = [f"### {row.number}. {row.title}", "", f"Measured {row.at}{'; ' + said if said else ''}.", ""]
    lines += [f"Left out: {reason}." for reason in row.left_out] + ([""] if row.left_out else [])
    if row.figures:
        lines += ["| | | p50 / p95 ms |", "|---|---|---|"]
        lines += [_figure(one) for one in row.figures] + [""]
    if row.targets:
        lines += ["| target | wanted | found | |", "|---|---|---|---|"]
        for one in row.targets:
            sign = "≥" if one.least else "≤"
            lines.append(f"| {one.what} | {sign} {one.wanted:g} {one.unit} | {number(one.found)} {one.unit} "
                         f"| {one.outcome} |")  # fmt: skip
        lines.append("")
    lines += [f"{note}\n" for note in row.notes]
    return lines[:-1] if lines[-1] == "" else lines


def _figure(one: Figure) -> str:
    name = f"*{one.name}*" if one.reference else one.name
    times = f"{number(one.p50)} / {number(one.p95)}" if one.p50 is not None and one.p95 is not None else ""
    return f"| {name} | {number(one.value)} {one.unit} | {times} |"


def number(value: float) -> str:
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 0.1 or value == 0 else f"{value:.2g}"


def put(text: str, into: Path) -> None:
    """Between the marks of a file. Raises ValueError where it has none."""
    old = into.read_text(encoding="utf-8")
    head, begin, rest = old.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{into} has no place between {BEGIN} and {END}")
    into.write_text(f"{head}{BEGIN}\n{text}\n{END}{tail}", encoding="utf-8")
