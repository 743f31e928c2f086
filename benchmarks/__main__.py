"""How fast this newsroom is, beside what it should be compared with: one command sets up, measures, prints and draws.

    python3 -m uv run python -m benchmarks                         all rows
    python3 -m uv run python -m benchmarks --rows 1,2 --write      these alone, into docs/performance.md
    python3 -m uv run python -m benchmarks --rows 6 --write --merge --keep ~/seeded

Rows are listed with --list. Other small measurements have names: desk, search, schedules, scripts, lighthouse, seed;
`python -m benchmarks desk` is `python -m benchmarks.desk`.
"""

import argparse
import runpy
import shutil
import sys
import tempfile
import traceback
from collections.abc import Sequence
from pathlib import Path

from tqdm import tqdm

from benchmarks import drawing, report, results
from benchmarks.bench import Bench
from benchmarks.databases import ENGINES, Databases
from benchmarks.results import Row
from benchmarks.rows import ROWS
from benchmarks.running import ROOT, Broken, missing

OTHERS = ["desk", "lighthouse", "schedules", "scripts", "search", "seed"]
LIST, PICTURE = "performance.json", "performance.svg"


def arguments(given: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    rows = lambda text: [int(one) for one in text.split(",")]  # noqa: E731
    parser.add_argument("--rows", type=rows, default=list(ROWS), metavar="1,2,…", help="those to measure (all)")
    parser.add_argument("--list", action="store_true", help="say what the rows are, and end")
    parser.add_argument("--small", type=int, default=1_000, metavar="STORIES")
    parser.add_argument("--large", type=int, default=100_000, metavar="STORIES")
    parser.add_argument("--million", type=int, default=1_000_000, metavar="STORIES", help="of PostgreSQL in row 6")
    parser.add_argument("--seconds", type=float, default=10, help="of each measurement with wrk (10)")
    parser.add_argument("--rounds", type=int, default=3, help="of which the median counts (3)")
    parser.add_argument("--looks", type=int, default=30, help="at each kind of page in row 6 (30)")
    parser.add_argument("--acts", type=int, default=51, help="publications of each kind in row 4 (51)")
    parser.add_argument("--engines", type=lambda text: text.split(","), default=ENGINES, help=",".join(ENGINES))
    parser.add_argument("--postgresql", default="", metavar="URL", help="of a server that may make databases")
    parser.add_argument("--no-wagtail", dest="wagtail", action="store_false", help="leave Wagtail out")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="where seeded databases stay for other runs")
    parser.add_argument("--write", action="store_true", help="put all into docs/: performance.md, .json, .svg")
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="put it there instead: .md, .json, .svg")
    parser.add_argument("--merge", action="store_true", help="keep what an earlier run wrote of the other rows")
    options = parser.parse_args(given)
    if unknown := sorted(set(options.rows) - ROWS.keys()):
        parser.error(f"there is no row {unknown[0]}; --list says which there are")
    if unknown := sorted(set(options.engines) - set(ENGINES)):
        parser.error(f"{unknown[0]} is none of {', '.join(ENGINES)}")
    return options


def main(given: Sequence[str]) -> int:
    if given and given[0] in OTHERS:
        sys.argv = [f"benchmarks.{given[0]}", *given[1:]]
        runpy.run_module(f"benchmarks.{given[0]}", run_name="__main__", alter_sys=True)
        return 0
    options = arguments(given)
    if options.list:
        print("\n".join(f"{number}  {row.title}" for number, row in ROWS.items()))
        return 0
    folder = options.out or (ROOT / "docs" if options.write else None)
    if folder:
        folder.mkdir(parents=True, exist_ok=True)  # rather now than when all is measured
    try:
        made = measured(options)
    except Broken as error:
        print(error, file=sys.stderr)
        return 1
    old = results.read(folder / LIST) if folder and options.merge else []
    rows = results.merged(old, made)
    print(report.report(rows, picture=""))
    if folder:
        write(rows, folder)
    return 1 if any("failed" in reason for row in made for reason in row.left_out) else 0


def measured(options: argparse.Namespace) -> list[Row]:
    """One row after the other; one that fails is left out, and says why. With --out or --write each is kept at once."""
    keep = options.keep or Path(tempfile.mkdtemp(prefix="newsroom-seeded-"))
    databases, made = Databases(keep.resolve(), options.postgresql), list[Row]()
    steps = sum(ROWS[number].steps(options) for number in options.rows)
    progress = tqdm(total=steps, desc="measured", file=sys.stderr, leave=False)
    bench = Bench(options, databases, progress)
    try:
        for number in options.rows:
            kind = ROWS[number]
            row = Row(number, kind.title, conditions={"machine": results.machine()})
            why = missing("wrk") if number in {1, 2, 3, 5, 7} else ""
            try:
                if why:
                    row.left_out.append(f"all: {why}")
                else:
                    kind.measure(bench, row)
            except Exception as error:
                traceback.print_exc()
                row.left_out.append(f"all that is missing below; it failed: {str(error).strip().splitlines()[0][:200]}")
            made.append(row)
            if folder := options.out or (ROOT / "docs" if options.write else None):
                rows = results.merged(results.read(folder / LIST) if options.merge else [], made)
                (folder / LIST).write_text(results.written(rows), encoding="utf-8")
    finally:
        progress.close()
        databases.close()
        shutil.rmtree(bench.folder, ignore_errors=True)
        if not options.keep:
            shutil.rmtree(keep, ignore_errors=True)
    return made


def write(rows: Sequence[Row], folder: Path) -> None:
    (folder / LIST).write_text(results.written(rows), encoding="utf-8")
    (folder / PICTURE).write_text(drawing.drawn(rows), encoding="utf-8")
    page = folder / "performance.md"
    if not page.exists():
        page.write_text(f"{report.BEGIN}\n{report.END}\n", encoding="utf-8")
    report.put(report.report(rows, PICTURE), page)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
