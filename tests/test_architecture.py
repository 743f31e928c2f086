"""The house: arrows between rooms, the layout at the top, and papers that agree with the code."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_imports_point_one_way():
    command = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_wrong_import_would_be_found(tmp_path: Path):
    """The rule above is worth something only if it can fail."""
    for name in ("articles", "newsroom"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("static", "demo", "locale"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    wrong = tmp_path / "articles" / "models" / "outbox.py"
    wrong.write_text(wrong.read_text() + "\nfrom articles.site import pages\n")
    command = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([command, "--no-cache"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode != 0


def test_the_top_of_the_house_is_as_agreed():
    rooms = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")}
    assert {"newsroom", "articles", "templates", "tests", "docs", "deploy", "benchmarks", "tools"} <= rooms
    for name in ("manage.py", "pyproject.toml", "uv.lock", "README.md", "LICENSE", "CHANGELOG.md"):
        assert (ROOT / name).is_file()


def test_every_dependency_has_a_reason():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    names = {re.match(r"[A-Za-z0-9-]+", one)[0].lower() for one in wanted}
    told = set(re.findall(r"[a-z0-9-]+", " ".join(
        line.split("|")[1] for line in (ROOT / "docs" / "dependencies.md").read_text().splitlines()
        if line.startswith("|")
    )))  # fmt: skip
    assert names <= told
    assert told - names - {"library", ""} - {"-" * len(word) for word in told} == set()


def test_no_public_page_reads_a_working_copy():
    """Only the preview, which is for the desk, may name the working copy in the readers' room."""
    readers = [
        path
        for path in (ROOT / "articles" / "site").glob("*.py")
        if path.name not in {"preview.py", "preview_link.py", "typed.py"}
    ]
    assert len(readers) > 8
    for path in readers:
        assert not re.search(r"\bArticle\b|articles_of|\.draft", path.read_text()), path
