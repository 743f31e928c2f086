"""What operators and outsiders type to check the record: what it says, and how it ends."""

import gzip
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from articles.models import Desk, Edition, EditionText, Head, LedgerKey, User, public_store
from articles.publishing import records
from articles.publishing.ledger import heads
from articles.publishing.ledger.faults import Seen
from articles.publishing.ledger.verify import verify
from tests import factories, test_deploy
from tests.conftest import CommittedDatabase
from tests.harness import run
from tests.publishing.acts import Acts, everything
from tests.publishing.attacks import change, cut_tail, drop_triggers
from tests.test_deploy import script

backup, environment, empty = test_deploy.backup, test_deploy.environment, test_deploy.empty  # fixtures
VERIFIER = run.ROOT / "tools" / "verify_ledger.py"


@pytest.fixture
def acts(editor: User, chief: User, desk: Desk) -> Acts:
    return everything(editor=editor, chief=chief, desk=desk)


def checked(*arguments: str, **options: Any) -> tuple[object, str, str]:
    """The exit code of verify_history, what it said, and of what it complained."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    try:
        call_command("verify_history", *arguments, stdout=out, stderr=err, **options)
    except SystemExit as ended:
        code = int(str(ended.code))
    except CommandError as error:
        return error.returncode, out.getvalue(), str(error)
    return code, out.getvalue(), err.getvalue()


def export_checked(folder: Path, *options: str, name: str = "export.jsonl.gz") -> tuple[int, str, str]:
    """The same of an export and the verifier, as a process that knows nothing of the newsroom."""
    file = folder / name
    call_command("export_ledger", file, stdout=io.StringIO())
    done = subprocess.run([sys.executable, "-I", VERIFIER, file, *options], capture_output=True, text=True, check=False,
                          cwd=folder, env={"PATH": os.environ["PATH"]})  # fmt: skip
    return done.returncode, done.stdout, done.stderr


def test_a_whole_record_is_said_to_be_one(acts: Acts, tmp_path: Path):
    code, said, complaints = checked()
    assert (code, complaints) == (0, "")
    assert "18 editions, 11 notices, 1 erasures (3 texts erased, 3 withheld from readers)" in said
    assert "60 ledger entries, 0 waiting" in said
    assert said.endswith("Everything fits.\n")
    code, outside, complaints = export_checked(tmp_path)
    assert (code, complaints) == (0, "")
    assert "18 editions, 11 notices, 1 erasures (3 texts erased, 3 withheld)" in outside
    assert outside.endswith("Everything fits.\n")


def test_the_first_broken_link_is_named(acts: Acts, tmp_path: Path):
    drop_triggers()
    edition = Edition.objects.get(article=acts.corrected, number=3)
    change(EditionText.objects.filter(edition=edition), salt="00" * 32)
    sentence = f"BROKEN, first at story {acts.corrected.code}, edition 3: its text is not the one that was published\n"
    code, said, complaints = checked()
    assert (code, complaints) == (1, sentence)
    assert "Everything fits" not in said
    assert export_checked(tmp_path)[::2] == (1, sentence)


def test_a_head_from_outside_catches_what_the_newsroom_itself_has_forgotten(acts: Acts, tmp_path: Path):
    newest = Head.objects.select_related("key").first()
    assert newest
    kept = tmp_path / "head.json"
    kept.write_text(records.canonical(heads.as_json(newest)))
    assert checked("--head", str(kept))[0] == 0
    place = transaction.savepoint()
    drop_triggers()
    cut_tail(acts)
    for path in heads.kept():
        path.unlink()
    assert checked()[0] == 0
    code, _, complaints = checked("--head", str(kept))
    assert (code, "its tail was cut off" in complaints) == (1, True)
    assert export_checked(tmp_path)[0] == 0
    code, _, complaints = export_checked(tmp_path, "--head", str(kept))
    assert (code, "its tail was cut off" in complaints) == (1, True)
    transaction.savepoint_rollback(place)


HEAD = {"act": "head", "size": 1, "root": "00", "at": "2026-01-01T00:00:00.000Z", "key": "00", "signature": "00"}
ODD_HEADS = {
    "nothing": "",
    "no fields": "{}",
    "a list": "[]",
    "null": "null",
    "text for a number": json.dumps(HEAD | {"size": "1"}),
    "true for a number": json.dumps(HEAD | {"size": True}),
    "a number beyond JSON": json.dumps(HEAD | {"size": 2**60}),
    "a fraction": json.dumps(HEAD | {"size": 1.0}),
    "a lone surrogate": json.dumps(HEAD | {"act": "\ud800"}),
    "deep": "[" * 100_000,
    "deep within": json.dumps(HEAD)[:-1] + ',"x":' + '{"a":' * 100_000,
}


@pytest.mark.parametrize("text", ODD_HEADS.values(), ids=ODD_HEADS.keys())
def test_what_is_no_head_ends_with_two(db: None, tmp_path: Path, text: str):
    file = tmp_path / "head.json"
    file.write_text(text)
    code, _, complaint = checked("--head", str(file))
    assert (code, str(file) in complaint, "Traceback" in complaint) == (2, True, False)
    code, _, complaint = export_checked(tmp_path, "--head", str(file))
    assert (code, str(file) in complaint, "Traceback" in complaint) == (2, True, False)


def test_a_key_that_is_none_ends_with_two(acts: Acts, tmp_path: Path):
    for key in ("x", "ab" * 31, "g" * 64):
        code, _, complaint = export_checked(tmp_path, "--key", key)
        assert (code, "64 hexadecimal digits" in complaint) == (2, True)
    code, said, complaint = export_checked(tmp_path, "--key", LedgerKey.objects.get().public.upper())
    assert (code, complaint) == (0, "")
    assert "the key that you trust signed for the first 60 of 60 entries" in said
    assert "without a head or key that you kept" not in said


def test_a_damaged_file_ends_with_two_and_a_sentence(acts: Acts, tmp_path: Path):
    file = tmp_path / "export.jsonl.gz"
    assert export_checked(tmp_path)[0] == 0
    whole = file.read_bytes()
    half = len(whole) // 2
    first = gzip.decompress(whole).splitlines(keepends=True)[0]
    cases = {
        "cut off": whole[:half],
        "its check sum": whole[:-8] + bytes(8),
        "in its midst": whole[:half] + b"\xff" * 9 + whole[half + 9 :],
        "not compressed": b"hello",
        "deep": gzip.compress(first + b"[" * 100_000),
        "deep in a line": gzip.compress(first + b'{"line":"entry","record":' + b'{"a":' * 100_000),
        "not UTF-8": gzip.compress(first + b"\xff\xfe"),
    }
    for name, content in cases.items():
        file.write_bytes(content)
        done = subprocess.run([sys.executable, VERIFIER, file], capture_output=True, text=True, check=False)
        assert done.returncode == 2, (name, done.stderr)
        assert done.stderr.startswith("Cannot be checked: "), name
        assert len(done.stderr.splitlines()) == 1, name
        assert done.stdout == "", name


def damaged(lines: list[str]) -> dict[str, list[str]]:
    return {
        "cut off": lines[:-1],
        "cut in the midst": [*lines[:-2], lines[-2][:20]],
        "a line left out": [*lines[:4], *lines[5:]],
        "empty": [],
        "something else": ["{}"],
        "no JSON": ["hello"],
        "lines behind its end": [*lines, lines[-2]],
        "of a later format": [lines[0].replace('"format":3', '"format":9'), *lines[1:]],
    }


def test_a_damaged_export_is_never_said_to_fit(acts: Acts, tmp_path: Path):
    file = tmp_path / "export.jsonl.gz"
    assert export_checked(tmp_path)[0] == 0
    lines = gzip.decompress(file.read_bytes()).decode().splitlines()
    for name, kept in damaged(lines).items():
        file.write_bytes(gzip.compress("".join(f"{line}\n" for line in kept).encode()))
        done = subprocess.run([sys.executable, VERIFIER, file], capture_output=True, text=True, check=False)
        assert done.returncode in {1, 2}, name
        assert "Traceback" not in done.stderr, name
        assert "Everything fits" not in done.stdout, name


def test_an_export_holds_no_word_that_readers_are_refused(acts: Acts, tmp_path: Path):
    export_checked(tmp_path, name="export.jsonl")
    lines = [json.loads(line) for line in (tmp_path / "export.jsonl").read_text().splitlines()]
    told = {line["number"]: line["state"] for line in lines
            if line["line"] == "edition" and line["code"] == acts.down.code}  # fmt: skip
    assert told == {1: "withheld", 2: "withheld", 3: "public"}
    assert "上朗縣的青稞昨天開鐮了" not in "".join(str(line) for line in lines if line.get("code") == acts.down.code)
    for line in lines:
        if line.get("state") in {"withheld", "erased"}:
            assert not {"text", "salt"} & line.keys()


def test_a_public_picture_that_is_not_the_one_that_was_put_out_is_a_fault(acts: Acts):
    picture = acts.corrected.lead_picture
    name, other = picture.files[0], picture.files[1]
    public_store().delete(other)
    assert str(next(verify())).endswith(f"the public file {other} is missing")
    with public_store().open(name, "ab") as file:
        file.write(b"\0")
    assert f"the public file {name} is not the one in the private store" in str(next(verify()))


def test_it_checks_one_moment_while_the_newsroom_goes_on(committed_db: CommittedDatabase, editor: User, desk: Desk):
    article = factories.publish_article(editor, desk=desk)
    factories.publish_again(article, by=editor, headline="青稞開鐮啦")
    found = []
    # A publication in the midst of the walk, by another process: neither waits for the other.
    other = "\n".join([
        "import django", "django.setup()",
        "from articles.models import Article, User", "from articles.publishing import publish",
        "from tests import factories",
        "user = User.objects.get(username='yinxiaoyan')",
        "factories.publish_again(Article.objects.get(), by=user, headline='青稞開鐮了')",
    ])  # fmt: skip

    def step() -> None:
        if not found:
            found.append(subprocess.run([sys.executable, "-c", other], cwd=run.ROOT, check=False,
                                        env=os.environ | committed_db.environment))  # fmt: skip

    seen = Seen(step=step)
    assert list(verify((), seen)) == []
    assert found[0].returncode == 0
    assert seen.editions == 2
    assert Edition.objects.count() == 3
    assert list(verify()) == []


def test_a_newsroom_restored_from_its_back_up_proves_itself_and_goes_on_signing(
    data_folder: Path,
    backup: Path,
    environment: dict[str, str],
    empty: dict[str, str],
    tmp_path: Path,
):
    (kept,) = heads.kept()
    restored = environment | empty
    assert script("restore.sh", backup, restored).returncode == 0
    folder = Path(empty["NEWSROOM_DATA"])
    assert (folder / "ledger.key").read_bytes() == (data_folder / "ledger.key").read_bytes()
    assert (folder / "ledger.key").stat().st_mode & 0o777 == 0o600
    assert (folder / "heads" / kept.name).read_bytes() == kept.read_bytes()
    for command in (["verify_history", "--head", str(kept)], ["worker", "--once"], ["verify_history"]):
        done = subprocess.run([sys.executable, "manage.py", *command], cwd=run.ROOT, env=restored, capture_output=True,
                              text=True, check=False)  # fmt: skip
        assert (done.returncode, done.stderr) == (0, ""), command
