"""What the benchmarks stand on: seeded stories are stories like any other, and the command makes its report."""

import json
import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.db import connection

from articles.models import Article, Conversion, Correction, Edition, LedgerEntry, Publication
from articles.publishing.ledger.faults import Seen
from articles.publishing.ledger.verify import verify
from articles.search.public_index import astray
from benchmarks import __main__ as command
from benchmarks import drawing, report, results, running
from benchmarks.references import nginx_with
from benchmarks.results import Figure, Row, Target
from benchmarks.seeding.stories import EDITIONS, edition_before, editions_of
from tests.conftest import CommittedDatabase
from tests.harness.once import on_one_database

ROOT = Path(__file__).parent.parent


# --- Seeding ------------------------------------------------------------------------------------------------------
def indexes() -> set[tuple[str, str]]:
    question = {
        "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
        "sqlite": "SELECT name, coalesce(sql, '') FROM sqlite_master WHERE type IN ('index', 'trigger')",
    }
    with connection.cursor() as cursor:
        cursor.execute(question[connection.vendor])
        return set(cursor.fetchall())


def seed(database: CommittedDatabase, count: int) -> str:
    """What it complains of; empty where it went well."""
    environment = os.environ | database.environment | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "benchmarks.seed", str(count), "--processes", "1"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    return done.stderr if done.returncode else ""


def test_seeded_stories_fit_the_models_and_the_record(committed_db: CommittedDatabase, data_folder: Path):
    before = indexes()
    assert seed(committed_db, 40) == ""
    seen = Seen()
    assert list(verify(seen=seen)) == []
    assert Article.objects.count() == Publication.objects.count() == 40
    assert seen.editions == 40 + 4 * (EDITIONS - 1)
    assert (seen.notices, seen.waiting) == (Correction.objects.count(), 0) == (8, 0)
    chinese = Edition.objects.exclude(article__language__in=["en", "bo"]).count()
    assert Conversion.objects.filter(edition__isnull=False).count() == chinese
    assert LedgerEntry.objects.count() == Edition.objects.count() + seen.notices + seen.conversions + seen.keys
    assert not astray().exists()
    assert indexes() == before
    assert "has stories already" in seed(committed_db, 40)


def test_processes_know_where_their_editions_begin():
    begin = 0
    for number in range(1, 200):
        assert edition_before(number) == begin
        begin += editions_of(number)


# --- The command --------------------------------------------------------------------------------------------------
def kept(database: CommittedDatabase, keep: Path, count: int) -> None:
    """Seed a database and keep it as the command does, which then has not to make one."""
    assert seed(database, count) == ""
    folder = keep / f"sqlite-{count}"
    folder.mkdir(parents=True)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(keep / f"n{count}.sqlite3")])
    (folder / "seeded.json").write_text(json.dumps({"seconds": 1, "bytes": 1}))


@on_one_database
def test_a_small_run_measures_prints_draws_and_writes(
    committed_db: CommittedDatabase,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    if why := running.missing("wrk"):
        pytest.skip(why)
    kept(committed_db, tmp_path / "keep", 20)
    for name in [name for name in os.environ if name.startswith("NEWSROOM_")]:
        monkeypatch.delenv(name)
    out = tmp_path / "out"
    out.mkdir()
    (out / command.LIST).write_text(results.written([Row(8, "measured before")]))
    given = ["--rows=3", "--engines=SQLite", "--large=20", "--seconds=1", "--rounds=1", "--no-wagtail", "--merge"]
    assert command.main([*given, f"--out={out}", f"--keep={tmp_path / 'keep'}"]) == 0
    printed = capsys.readouterr().out
    assert "### 3. Made anew: nothing kept" in printed
    assert "Left out: PostgreSQL: not asked for (--engines)." in printed
    assert "| story, SQLite ÷ one query with SQLite | ≥ 0.4 × |" in printed
    written = (out / "performance.md").read_text()
    assert written.startswith(f"{report.BEGIN}\n![")
    assert "| story, SQLite ÷ one query with SQLite | ≥ 0.4 × |" in written
    measured, before = json.loads((out / command.LIST).read_text())
    assert (measured["number"], before["title"]) == (3, "measured before")
    assert {one["unit"] for one in measured["figures"]} == {"requests/s"}
    assert ElementTree.parse(out / command.PICTURE).getroot().tag.endswith("svg")


@pytest.mark.parametrize("given", [["--rows=9"], ["--engines=MySQL"], ["--rows=one"]])
def test_what_does_not_exist_is_refused(given: list[str], capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit):
        command.arguments(given)
    assert given[0].partition("=")[2] in capsys.readouterr().err


def test_a_missing_program_leaves_its_row_out_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(command, "missing", lambda *names: f"{names[0]} is not installed")
    assert command.main(["--rows=1,2", f"--keep={tmp_path}"]) == 0
    assert capsys.readouterr().out.count("Left out: all: wrk is not installed.") == 2


def test_plain_files_are_sent_compressed_by_nginx(tmp_path: Path):
    if why := running.missing("nginx"):
        pytest.skip(why)
    with nginx_with({"/story/0.html": b"news " * 500}, tmp_path) as port:
        assert running.get(port, "/story/0.html") == (200, b"news " * 500)
        assert len(running.get(port, "/story/0.html", packed=True)[1]) < 100


# --- The report ---------------------------------------------------------------------------------------------------
ROW = Row(
    4,
    "Publishing",
    figures=[Figure("ours <b>", 50, "ms", 50, 90), Figure("view", 2.5, "ms", reference=True), Figure("none", 0, "ms")],
    left_out=["Wagtail: uv is not installed"],
)


def test_targets_say_whether_they_were_reached_and_by_how_much():
    assert Target("rate", 4, 5).outcome == Target("time", 4, 4, least=False).outcome == "reached"
    assert Target("rate", 4, 2).outcome == "**missed** by 100 %"
    assert Target("time", 4, 5, least=False).outcome == "**missed** by 25 %"
    assert Target("stale", 0, 3, least=False).outcome == "**missed** by 3"


def test_a_ratio_is_a_target_only_where_both_were_measured():
    row = Row(4, "Publishing", figures=ROW.figures)
    row.compare("ours <b>", "view", 20, least=False)
    row.compare("ours <b>", "absent", 20, least=False)
    assert [(one.what, one.found) for one in row.targets] == [("ours <b> ÷ view", 20)]


def test_results_are_read_as_they_were_written_and_merged_by_row(tmp_path: Path):
    file = tmp_path / "rows.json"
    row = Row(4, "Publishing", figures=ROW.figures, targets=[Target("time", 4, 5, least=False)])
    file.write_text(results.written([Row(1, "store"), row]))
    again = Row(1, "store, again")
    assert results.merged(results.read(file), [again]) == [again, row]


def test_the_drawing_has_a_bar_for_each_figure_and_no_colour_but_by_the_theme():
    svg = ElementTree.fromstring(drawing.drawn([ROW]))
    bars = [one for one in svg.iter() if one.tag.endswith("rect")]
    assert [one.get("class") for one in bars] == ["ours", "reference"]
    lengths = [float(one.get("width") or 0) for one in bars]
    assert lengths[0] > lengths[1] > 0
    assert not any(one.get("fill") for one in svg.iter())
    assert "prefers-color-scheme: dark" in drawing.drawn([ROW])


def test_a_report_needs_its_place(tmp_path: Path):
    page = tmp_path / "page.md"
    page.write_text(f"before\n{report.BEGIN}\nold\n{report.END}\nafter\n")
    report.put(report.report([ROW]), page)
    assert page.read_text().startswith("before\n")
    assert page.read_text().endswith("after\n")
    assert "old" not in page.read_text()
    assert "Left out: Wagtail: uv is not installed." in page.read_text()
    page.write_text("no marks")
    with pytest.raises(ValueError, match="no place between"):
        report.put("", page)


# --- Wagtail, which is left out here: its site is at least a program ------------------------------------------------
@pytest.mark.parametrize(
    "file", sorted((ROOT / "benchmarks/wagtail_peer/project").rglob("*.py")), ids=lambda one: one.name
)
def test_the_peers_site_can_be_compiled(file: Path):
    compile(file.read_text(encoding="utf-8"), file.name, "exec")
