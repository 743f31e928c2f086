"""The ledger: every public act sealed once, in one chain, under heads that are signed; by one sealer at a time."""

import hashlib
import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings, settings
from django.test import Client

from articles.models import Article, Desk, Edition, Head, Ledger, LedgerEntry, Outbox, Unsealed, User
from articles.publishing import publish
from articles.publishing.clock import database_now
from articles.publishing.ledger import heads, keys, seal, tree
from articles.publishing.ledger.faults import Seen
from articles.publishing.ledger.verify import verify
from tests import factories
from tests.conftest import CommittedDatabase, Size
from tests.harness.threads import at_once
from tests.publishing.attacks import drop_triggers


def faults() -> list[str]:
    return [str(fault) for fault in verify()]


def newest_head() -> Head:
    head = Head.objects.select_related("key").first()
    assert head
    return head


@pytest.fixture
def unsealed(settings: LazySettings) -> None:
    """Nobody seals but whom the test calls."""
    settings.AFTER_COMMIT = []


# --- The tree -----------------------------------------------------------------------------------------------------
def by_the_book(leaves: list[bytes]) -> bytes:
    """RFC 9162, section 2.1.1, word by word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return hashlib.sha256(b"\x01" + by_the_book(leaves[:half]) + by_the_book(leaves[half:])).digest()


def test_the_root_is_that_of_rfc_9162_at_every_size():
    leaves = [bytes([place]) * 32 for place in range(70)]
    edge: tree.Edge = []
    for size in range(len(leaves)):
        assert tree.root(edge) == by_the_book(leaves[:size])
        edge = tree.append(edge, size, leaves[size])


@pytest.fixture
def published(editor: User, desk: Desk) -> Article:
    """In English, which no other script follows: one act an edition."""
    return factories.publish_article(editor, desk=desk, language="en")


# --- Sealing ------------------------------------------------------------------------------------------------------
def test_what_is_published_is_sealed_and_signed_before_publish_returns(published: Article, editor: User):
    factories.correct(published, by=editor)
    assert sorted(LedgerEntry.objects.values_list("kind", flat=True)) == ["edition", "edition", "key", "notice"]
    assert not Unsealed.objects.exists()
    assert newest_head().size == Ledger.objects.get().size == 4
    assert heads.read(heads.kept()[-1]) == heads.as_json(newest_head())
    assert faults() == []


def test_an_act_that_waits_is_no_fault_for_sixty_seconds(
    published: Article, editor: User, unsealed: None, monkeypatch: pytest.MonkeyPatch, client: Client
):
    factories.publish_again(published, by=editor, headline="青稞開鐮啦")
    seen = Seen()
    assert list(verify((), seen)) == []
    assert seen.waiting == 1
    since = Unsealed.objects.get().at
    for late, moment in ((False, since + seal.LATE), (True, since + seal.LATE + timedelta(milliseconds=1))):
        monkeypatch.setattr(seal, "database_now", lambda moment=moment: moment)
        monkeypatch.setattr("articles.publishing.ledger.verify.database_now", lambda moment=moment: moment)
        assert seal.overdue() is late
        assert [fault.split(" since")[0] for fault in faults()] == (
            [f"edition {Edition.objects.get(number=2).pk}: waits to be sealed"] if late else []
        )
        answer = client.get("/health/ready/")
        assert (answer.status_code, answer.json()["ledger_overdue"]) == (200, late)


def test_a_story_hidden_from_the_ledger_is_a_fault_at_once(published: Article, editor: User, unsealed: None):
    factories.publish_again(published, by=editor, headline="青稞開鐮啦")
    Unsealed.objects.all().delete()
    assert faults() == [f"story {published.code}, edition 2: it is not in the ledger, and does not wait for it"]


def test_what_waits_but_is_gone_holds_up_nobody_else(published: Article, editor: User, unsealed: None):
    Unsealed.objects.create(kind="edition", target=987654, at=database_now())
    factories.publish_again(published, by=editor, headline="青稞開鐮啦")
    assert seal.seal() == 1
    assert list(Unsealed.objects.values_list("target", flat=True)) == [987654]


@pytest.mark.parametrize("batch", [1, 500])
def test_what_waits_again_though_it_is_sealed_is_dropped(
    published: Article, editor: User, unsealed: None, batch: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(seal, "BATCH", batch)
    for entry in LedgerEntry.objects.all():
        Unsealed.objects.create(kind=entry.kind, target=entry.target, at=database_now())
    factories.publish_again(published, by=editor, headline="青稞開鐮啦")
    assert seal.seal() == 1
    assert not Unsealed.objects.exists()
    assert newest_head().size == 3
    assert faults() == []


def test_what_waits_longest_counts_whatever_its_place_in_the_queue(published: Article, unsealed: None):
    now = database_now()
    Unsealed.objects.create(kind="edition", target=1001, at=now)
    assert not seal.overdue()
    Unsealed.objects.create(kind="edition", target=1000, at=now - seal.LATE - timedelta(seconds=1))
    assert seal.overdue()


@pytest.mark.parametrize("batch", [1, 2, 500])
def test_a_long_queue_is_sealed_in_batches_and_signed_at_its_end(
    published: Article, editor: User, unsealed: None, batch: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(seal, "BATCH", batch)
    for place in range(4):
        factories.publish_again(published, by=editor, headline=f"青稞開鐮{place}")
    assert seal.seal() == 4
    assert LedgerEntry.objects.count() == newest_head().size == 6
    assert faults() == []


def test_publishers_and_sealers_at_once_leave_one_whole_chain(
    committed_db: CommittedDatabase, desk: Desk, editor: User, size: Size
):
    articles = [factories.make_article(editor, desk=desk, language="en") for _ in range(4)]
    rounds = size(small=5, full=40)

    def work(article: Article) -> None:
        for place in range(rounds):
            article = factories.change(article, by=editor, headline=f"青稞{place}")
            publish(article, seen=article.version, by=editor, kind="typo" if place else None)

    def sealing() -> None:
        for _ in range(rounds * 3):
            seal.seal_due()

    done = at_once(*[lambda article=article: work(article) for article in articles], sealing, sealing)
    assert [one for one in done if isinstance(one, Exception)] == []
    assert not Unsealed.objects.exists()  # without any worker: who left the ledger to another one could rely on it
    assert LedgerEntry.objects.count() == 4 * rounds + 1
    assert newest_head().size == 4 * rounds + 1
    assert faults() == []


KILLED = """
import os, signal
import django
django.setup()
from articles.models import Article, User
from articles.publishing import publish
from articles.publishing.ledger import heads, seal
def kill(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)
{where} = kill
article = Article.objects.get()
publish(article, seen=article.version, by=User.objects.get(username="yinxiaoyan"))
"""


@pytest.mark.parametrize(
    ("where", "sealed"), [("seal.keys.current", 0), ("seal._append", 0), ("seal._sign", 0), ("seal.heads.keep", 3)]
)
def test_the_worker_seals_and_signs_what_a_killed_process_left(
    committed_db: CommittedDatabase, article: Article, where: str, sealed: int
):
    environment = os.environ | committed_db.environment
    killed = subprocess.run([sys.executable, "-c", KILLED.format(where=where)], env=environment, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert Edition.objects.get().number == 1
    assert LedgerEntry.objects.count() == sealed
    assert heads.kept() == []
    subprocess.run([sys.executable, "manage.py", "worker", "--once"], env=environment, check=True)
    assert LedgerEntry.objects.count() == newest_head().size == 3  # the key, the edition, and that in the other script
    assert heads.read(heads.kept()[0])["size"] == 3
    assert faults() == []


# --- Heads --------------------------------------------------------------------------------------------------------
def test_a_head_is_signed_every_day_even_where_nothing_happens(published: Article, monkeypatch: pytest.MonkeyPatch):
    seal.seal_due()
    assert Head.objects.count() == 1
    tomorrow = database_now() + timedelta(days=1)
    monkeypatch.setattr(seal, "database_now", lambda: tomorrow)
    seal.seal_due()
    seal.seal_due()
    assert [head.size for head in Head.objects.all()] == [2, 2]
    assert [path.stem for path in heads.kept()] == [f"{head.at:%Y-%m-%d}" for head in Head.objects.order_by("pk")]


def test_the_first_head_is_signed_before_anything_is_published(db: None):
    seal.seal_due()
    assert newest_head().size == 1
    assert faults() == []


def test_the_days_file_is_of_the_newest_head_and_never_of_a_smaller_ledger(published: Article, editor: User):
    older = newest_head()
    factories.publish_again(published, by=editor, headline="青稞開鐮啦")
    (path,) = heads.kept()
    newer = path.read_text()
    heads.keep(older)
    assert path.read_text() == newer
    path.unlink()
    seal.seal_due()
    assert path.read_text() == newer


def test_a_head_that_the_database_has_forgotten_is_never_overwritten(
    published: Article, editor: User, caplog: pytest.LogCaptureFixture
):
    factories.publish_again(published, by=editor, headline="青稞開鐮啦")
    (path,) = heads.kept()
    before = path.read_text()
    drop_triggers()
    Head.objects.filter(size=3)._raw_delete("default")
    seal.seal_due()  # signs the same tree anew, as after any loss of a head: known again, and so replaced
    assert heads.kept() == [path]
    assert not caplog.records

    path.write_text(before.replace(heads.read(path)["root"], "00" * 32))  # of a tree that is no beginning of this one
    forgotten = path.read_text()
    for size in (4, 5):
        factories.publish_again(published, by=editor, headline=f"青稞開鐮{size}")
        seal.seal_due()
        assert path.read_text() == forgotten
        beside = path.with_name(f"{path.stem}.{size}.json")
        assert heads.read(beside) == heads.as_json(newest_head())
    assert len(heads.kept()) == 3
    assert [record.levelname for record in caplog.records] == ["ERROR", "ERROR"]  # once for each head
    assert {fault.partition(": ")[0] for fault in faults()} == {f"head in {path}"}

    beside.write_text(forgotten)
    assert heads.keep(newest_head()).name == f"{path.stem}.5.2.json"
    assert beside.read_text() == forgotten


def test_a_file_that_is_no_head_is_not_overwritten_and_is_a_fault(published: Article, editor: User):
    (path,) = heads.kept()
    path.write_text("{}")
    factories.publish_again(published, by=editor, headline="青稞開鐮啦")  # stands, and is sealed and signed
    assert path.read_text() == "{}"
    assert "holds no signed head" in Outbox.objects.get(done_at=None).error
    assert [fault.partition(": ")[0] for fault in faults()] == [f"head in {path}"]


# --- The key ------------------------------------------------------------------------------------------------------
def test_without_its_key_the_ledger_goes_on_unsigned_and_loudly_until_the_key_is_back(
    published: Article, editor: User, monkeypatch: pytest.MonkeyPatch
):
    path = Path(settings.LEDGER_KEY_FILE)
    away = path.rename(path.with_name("elsewhere"))
    factories.publish_again(published, by=editor, headline="青稞開鐮啦")
    assert (LedgerEntry.objects.count(), newest_head().size) == (3, 2)
    row = Outbox.objects.get(done_at=None)
    assert "signing key" in row.error
    assert "Put it back" in row.error
    assert not path.exists()
    with pytest.raises(keys.KeyTrouble):
        seal.seal_due()
    since = LedgerEntry.objects.get(number=2).at
    monkeypatch.setattr(seal, "database_now", lambda: since + seal.LATE + timedelta(seconds=1))
    assert seal.overdue()
    monkeypatch.undo()

    away.rename(path)
    seal.seal_due()
    assert newest_head().size == 3
    assert faults() == []


def test_a_full_batch_that_comes_while_a_head_is_kept_is_signed_too(
    editor: User, monkeypatch: pytest.MonkeyPatch, settings: LazySettings
):
    factories.publish_article(editor)  # the newsroom's key is made
    settings.AFTER_COMMIT = []
    keep, later = heads.keep, [lambda: factories.publish_article(editor)]

    def keep_while_somebody_publishes(head: Head) -> object:
        while later:
            later.pop()()
        return keep(head)

    monkeypatch.setattr(seal.heads, "keep", keep_while_somebody_publishes)
    monkeypatch.setattr(seal, "BATCH", 2)  # of an edition and its conversion
    factories.publish_article(editor, language="en", headline="Barley")
    assert seal.seal() == 3
    assert Head.objects.values_list("size", flat=True).first() == Ledger.objects.get(pk=1).size
