"""The signing key: made once, kept secret, never replaced in silence, handed over in public."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from articles.models import Article, Head, LedgerEntry, LedgerKey, User
from articles.publishing.ledger import hand_over, heads, keys, seal
from articles.publishing.ledger.export import export
from articles.publishing.ledger.verify import verify
from tests import factories
from tests.conftest import CommittedDatabase
from tests.harness.threads import at_once
from tests.publishing.test_verify import verifier as verifier

MAKING = """
import django
django.setup()
from articles.publishing.ledger import keys
print(keys.public_of(keys.current()))
"""


@pytest.fixture
def path(settings: LazySettings) -> Path:
    return Path(settings.LEDGER_KEY_FILE)


def faults() -> list[str]:
    return [str(fault) for fault in verify()]


def newest_key() -> str:
    head = Head.objects.select_related("key").first()
    assert head
    return head.key.public


# --- The first one ------------------------------------------------------------------------------------------------
def test_it_is_made_once_however_many_begin_at_the_same_time(committed_db: CommittedDatabase, path: Path):
    found = at_once(*[lambda: keys.public_of(keys.current()) for _ in range(8)])
    assert set(found) == {LedgerKey.objects.get().public}
    assert path.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in path.parent.iterdir() if "key" in file.name] == [path.name]
    seal.seal()
    assert LedgerEntry.objects.count() == 1


def test_it_is_made_once_by_several_processes(committed_db: CommittedDatabase, path: Path):
    environment = os.environ | committed_db.environment
    started = [subprocess.Popen([sys.executable, "-c", MAKING], env=environment, stdout=subprocess.PIPE, text=True)
               for _ in range(3)]  # fmt: skip
    said = {process.communicate(timeout=60)[0].strip() for process in started}
    assert said == {LedgerKey.objects.get().public} == {keys.public_of(keys.current())}


@pytest.mark.parametrize("text", ["", "abc", "g" * 64, "00" * 31])
def test_what_is_no_key_is_refused_without_repeating_it(db: None, path: Path, text: str):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    with pytest.raises(keys.KeyTrouble, match="64 hexadecimal digits") as refused:
        keys.current()
    assert not text or text not in str(refused.value)
    assert path.read_text() == text


def test_it_may_come_from_the_environment(article: Article, editor: User, settings: LazySettings, path: Path):
    settings.LEDGER_KEY = "ab" * 32
    seal.seal_due()
    assert not path.exists()
    assert newest_key() == keys.public_of(keys.Signer.from_private_bytes(b"\xab" * 32))


def test_another_key_in_its_place_signs_nothing(published: Article, path: Path):
    path.write_text("cd" * 32)
    with pytest.raises(keys.KeyTrouble, match="Put it back"):
        keys.current()
    assert [fault.partition(":")[0] for fault in faults()] == ["the signing key"]
    assert LedgerKey.objects.count() == 1


def test_a_key_that_vanished_from_the_database_is_not_begun_anew(published: Article):
    from tests.publishing.attacks import drop_triggers

    drop_triggers()
    Head.objects.all()._raw_delete("default")
    LedgerKey.objects.all()._raw_delete("default")
    with pytest.raises(keys.KeyTrouble, match="no longer in the database"):
        keys.current()
    assert not LedgerKey.objects.exists()


# --- Handing over -------------------------------------------------------------------------------------------------
def rotate(**options: object) -> None:
    call_command("rotate_ledger_key", verbosity=0, **options)


def test_the_key_before_signs_for_the_next_one(published: Article, editor: User, path: Path, verifier: object):
    first, text = newest_key(), path.read_text()
    rotate(why="year 2")
    second = newest_key()
    assert second != first
    (kept,) = path.parent.glob("ledger.key.2*")
    assert kept.read_text() == text
    assert {kept.stat().st_mode & 0o777, path.stat().st_mode & 0o777} == {0o600}
    assert LedgerEntry.objects.filter(kind="key").count() == 2
    factories.publish_again(published, by=editor, headline="青稞開鐮啦")
    assert newest_key() == second
    assert faults() == []
    for trusted in (first, second):
        assert exported(verifier, path.parent, key=trusted) == []
    assert exported(verifier, path.parent, key="00" * 32) == [
        "the signing keys: the key that you trust is not among them"
    ]


def exported(verifier: object, folder: Path, *, key: str) -> list[str]:
    file = folder / "export.jsonl"
    file.write_text("".join(f"{line}\n" for line in export()), encoding="utf-8")
    return verifier.check(file, [], key).faults  # type: ignore[attr-defined]


def test_a_lost_key_is_replaced_only_when_told_and_the_ledger_says_so_for_ever(
    published: Article, path: Path, verifier: object
):
    first = newest_key()
    with pytest.raises(CommandError, match="not lost"):
        rotate(lost=True)
    path.unlink()
    with pytest.raises(CommandError, match="is not here"):
        rotate()
    assert LedgerKey.objects.count() == 1
    rotate(lost=True, why="the disk burnt")
    assert newest_key() != first
    assert faults() == []
    entry = LedgerEntry.objects.filter(kind="key").last()
    assert entry
    assert "lost: the disk burnt" in entry.record
    assert exported(verifier, path.parent, key="") == []
    (fault,) = exported(verifier, path.parent, key=first)
    assert "did not hand over to this one" in fault


def test_a_hand_over_that_was_broken_off_is_finished(published: Article, path: Path, monkeypatch: pytest.MonkeyPatch):
    def crash(beside: Path, to: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(hand_over, "_move", crash)
        with pytest.raises(KeyboardInterrupt):
            rotate()
    assert keys.public_of(keys.current()) == newest_key()  # meanwhile the new key is found beside the old one
    rotate()
    assert LedgerKey.objects.count() == 2
    assert keys.public_of(keys.private_key() or keys.Signer.generate()) == newest_key()
    assert not keys.next_path().exists()
    assert faults() == []


def test_a_key_from_the_environment_is_handed_over_by_hand(
    published: Article, editor: User, settings: LazySettings, path: Path, capsys: pytest.CaptureFixture[str]
):
    settings.LEDGER_KEY = path.read_text().strip()
    path.unlink()
    rotate()
    beside = keys.next_path()
    said = capsys.readouterr().out
    assert str(beside) in said
    assert beside.read_text().strip() not in said
    factories.publish_again(published, by=editor, headline="青稞開鐮啦")  # signed all the same, until it is set
    assert newest_key() == keys.public_of(keys.current())

    settings.LEDGER_KEY = beside.read_text().strip()
    rotate()
    assert not beside.exists()
    assert LedgerKey.objects.count() == 2
    assert faults() == []


def test_a_key_that_somebody_slips_in_is_a_fault(published: Article, editor: User, path: Path):
    slipped = keys.Signer.generate()
    keys.enter(slipped, why="a new key, as planned")  # by SQL, say: nobody signed for it
    seal.seal(slipped)
    path.write_text(slipped.private_bytes_raw().hex())
    factories.publish_again(published, by=editor, headline="青稞開鐮啦")
    assert "a new key, not signed by the key before it" in faults()[0]
    assert heads.kept()
