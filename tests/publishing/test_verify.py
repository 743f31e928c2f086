"""Whoever changes the record behind the newsroom's back is caught, by verify_history and by the export's verifier."""

import importlib.util
import json
import shutil
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.conf import LazySettings, settings
from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Replace

from articles.models import (
    Article,
    Desk,
    Edition,
    EditionText,
    Head,
    LedgerKey,
    Outbox,
    Unsealed,
    User,
    public_store,
)
from articles.publishing import freeze, records
from articles.publishing.clock import database_now, stamp
from articles.publishing.issue import show, to_seal
from articles.publishing.ledger import heads, keys
from articles.publishing.ledger.export import export
from articles.publishing.ledger.faults import Seen
from articles.publishing.ledger.seal import seal
from articles.publishing.ledger.verify import verify
from tests import factories
from tests.harness import run
from tests.publishing.acts import Acts, everything
from tests.publishing.attacks import ATTACKS, REBUILT, drop_triggers

VERIFIER = run.ROOT / "tools" / "verify_ledger.py"


@pytest.fixture
def acts(editor: User, chief: User, desk: Desk) -> Acts:
    return everything(editor=editor, chief=chief, desk=desk)


@pytest.fixture
def outside(acts: Acts, tmp_path: Path) -> Path:
    """The newest signed head, as somebody outside has kept it."""
    head = Head.objects.select_related("key").first()
    assert head
    file = tmp_path / "kept.json"
    file.write_text(records.canonical(heads.as_json(head)))
    return file


@pytest.fixture(scope="module")
def verifier() -> ModuleType:
    spec = importlib.util.spec_from_file_location("verify_ledger", VERIFIER)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def exported(verifier: ModuleType, folder: Path, *given: Path, key: str = "") -> Any:
    """What the single-file verifier finds in an export of now."""
    file = folder / "export.jsonl"
    file.write_text("".join(f"{line}\n" for line in export()), encoding="utf-8")
    return verifier.check(file, [verifier.read_head(path) for path in given], key)


def test_an_untouched_record_fits_whatever_has_happened(
    acts: Acts, outside: Path, verifier: ModuleType, tmp_path: Path
):
    seen = Seen()
    assert list(verify([outside], seen)) == []
    assert (seen.editions, seen.notices, seen.erasures, seen.erased, seen.withheld) == (18, 11, 1, 3, 3)
    walk = exported(verifier, tmp_path, outside, key=outside.read_text().split('"key":"')[1][:64])
    assert walk.faults == []
    assert (walk.counts["edition"], walk.counts["notice"], walk.counts["erased"]) == (18, 11, 3)
    assert walk.counts["withheld"] == 3  # two editions, and the notice that came with the second


def of_format_1(article: Article, by: User) -> Edition:
    """A first edition as it was made before there was a ledger."""
    article = Article.objects.with_parts().get(pk=article.pk)
    at, salt = database_now(), "ab" * 32
    content = freeze.as_edition(freeze.freeze(article), number=1, kind="initial", at=at, first=at) | {"format": 1}
    text = records.canonical(content)
    digest = records.format_1(text, salt=salt, previous="")
    edition = Edition.objects.create(article=article, number=1, kind="initial", published_at=at, by=by, digest=digest)
    EditionText.objects.create(edition=edition, content=text, salt=salt)
    show(edition, content, None, None, notice=None)
    to_seal(at, [("edition", edition.pk)])
    Outbox.objects.create(edition=edition, created_at=at, claimed_until=at, done_at=at)
    return edition


def test_editions_of_the_first_format_verify_for_ever(
    article: Article, editor: User, verifier: ModuleType, tmp_path: Path
):
    of_format_1(article, editor)
    seal()
    for edition in range(1, 3):  # alone, and with an edition of today behind it
        assert list(verify()) == []
        assert exported(verifier, tmp_path).counts["edition"] == edition
        assert exported(verifier, tmp_path).faults == []
        factories.correct(article, by=editor, body=f"<p>青稞開鐮{edition}。</p>")
    drop_triggers()
    EditionText.objects.filter(edition__number=1).update(content=Replace("content", Value("開鐮"), Value("開工")))
    sentence = f"story {article.code}, edition 1: its text is not the one that was published"
    assert str(next(verify())) == sentence
    assert exported(verifier, tmp_path).faults[0] == sentence


def test_a_changed_text_is_one_fault_whatever_it_says_now(acts: Acts, verifier: ModuleType, tmp_path: Path):
    drop_triggers()
    edition = Edition.objects.get(article=acts.corrected, number=7)
    sentence = f"story {acts.corrected.code}, edition 7: its text is not the one that was published"
    for content in ("{}", "[]", "", '{"pictures":[1],"trail":"x"}', "[" * 100_000):
        EditionText.objects.filter(edition=edition).update(content=content)
        assert [str(fault) for fault in verify()] == [sentence], content[:9]
        assert exported(verifier, tmp_path).faults == [sentence], content[:9]


def test_a_text_may_be_withheld_only_where_readers_are_refused_it(acts: Acts, verifier: ModuleType, tmp_path: Path):
    file = tmp_path / "export.jsonl"
    lines = [json.loads(line) for line in export()]
    takedown = next(line for line in lines if line.get("code") == acts.down.code and line.get("kind") == "takedown"
                    and line["line"] == "edition")  # fmt: skip
    assert (takedown["state"], json.loads(takedown["text"])["kind"]) == ("public", "takedown")

    def withheld(line: dict[str, Any]) -> dict[str, Any]:
        kept = {name: value for name, value in line.items() if name not in {"text", "salt"}} | {"state": "withheld"}
        if line["line"] in {"notice", "conversion"}:
            return kept | {"recomputed": line["text_digest"]}
        return kept | {"recomputed": line["content"], "listed": line["pictures"]}

    public = [place for place, line in enumerate(lines) if line.get("state") == "public"]
    assert len(public) > 20
    for place in public:
        told = [*lines[:place], withheld(lines[place]), *lines[place + 1 :]]
        file.write_text("".join(f"{records.canonical(line)}\n" for line in told))
        faults = verifier.check(file, [], "").faults
        assert any("withheld" in fault for fault in faults), lines[place]


def test_a_trusted_key_must_have_signed_a_head_and_the_rest_is_said(
    published: Article, editor: User, settings: LazySettings, verifier: ModuleType, tmp_path: Path
):
    first = LedgerKey.objects.get().public
    assert exported(verifier, tmp_path, key=first).remarks == [
        "the key that you trust signed for the first 3 of 3 entries"
    ]
    settings.AFTER_COMMIT = []
    factories.publish_again(published, by=editor, headline="青稞開鐮啦")
    path = Path(settings.LEDGER_KEY_FILE)
    away = path.rename(path.with_name("elsewhere"))
    with pytest.raises(keys.KeyTrouble):
        seal()
    walk = exported(verifier, tmp_path, key=first)
    assert walk.faults == []
    told, unsigned = walk.remarks
    assert told == "the key that you trust signed for the first 3 of 5 entries"
    assert unsigned.startswith("nobody signed for the 2 entries from number 3 (")
    lines = (tmp_path / "export.jsonl").read_text().splitlines()
    late = stamp(database_now() + timedelta(seconds=61))
    later = records.canonical(json.loads(lines[0]) | {"at": late})
    (tmp_path / "export.jsonl").write_text("\n".join([later, *lines[1:]]))
    for key in ("", first):
        assert verifier.check(tmp_path / "export.jsonl", [], key).faults == [
            "ledger entry 3: no signed head covers it, and those after it"
        ]
    away.rename(path)

    drop_triggers()
    Head.objects.all()._raw_delete("default")
    for file in heads.kept():
        file.unlink()
    assert exported(verifier, tmp_path).faults == []
    assert exported(verifier, tmp_path, key=first).faults == [
        "the signing keys: no head is signed by the key that you trust, nor by one it handed over to"
    ]


def test_a_public_file_may_be_missing_only_while_it_is_just_being_put_out(published: Article, editor: User):
    picture = factories.make_picture(editor)
    factories.publish_again(published, by=editor, lead_picture=picture)
    public_store().delete(picture.files[0])
    outbox = Outbox.objects.filter(edition__article=published, edition__number=2)
    for age, done, missing in ((0, True, True), (0, False, False), (61, False, True)):
        at = database_now()
        outbox.update(done_at=at if done else None, created_at=at - timedelta(seconds=age))
        assert [str(fault).endswith("is missing") for fault in verify()] == [True] * missing


def attempted(attack: Any, acts: Acts) -> None:
    drop_triggers()
    attack(acts)


def after(attack: Any, acts: Acts, check: Any) -> Any:
    """What `check` says after the attack; everything is put back."""
    kept = Path(settings.DATA_DIR).with_name("kept-data")
    shutil.copytree(settings.DATA_DIR, kept)
    place = transaction.savepoint()
    try:
        attempted(attack, acts)
        return check()
    finally:
        transaction.savepoint_rollback(place)
        shutil.rmtree(settings.DATA_DIR)
        kept.rename(settings.DATA_DIR)


def test_every_attack_on_the_database_is_caught_by_both(acts: Acts, verifier: ModuleType, tmp_path: Path):
    missed = {}
    for name, attack in ATTACKS.items():

        def check() -> tuple[list[str], list[str]]:
            return [str(fault) for fault in verify()], exported(verifier, tmp_path).faults

        found, outside_found = after(attack, acts, check)
        print(name, found[:3], outside_found[:3], sep="\n    ")
        if not found or not outside_found:
            missed[name] = (bool(found), bool(outside_found))
    assert missed == {}
    assert len(ATTACKS) > 60
    assert list(verify()) == []  # all was put back


def test_an_attack_on_the_whole_machine_is_caught_by_a_head_that_was_kept_outside(
    acts: Acts, outside: Path, verifier: ModuleType, tmp_path: Path
):
    missed = {}
    for name, attack in REBUILT.items():

        def check() -> tuple[list[Any], list[str]]:
            return list(verify([outside])), exported(verifier, tmp_path, outside).faults

        found, outside_found = after(attack, acts, check)
        if not found or not outside_found:
            missed[name] = (bool(found), bool(outside_found))
    assert missed == {}


def test_an_act_that_was_kept_from_the_ledger_is_caught_by_both(
    published: Article, editor: User, settings: LazySettings, verifier: ModuleType, tmp_path: Path
):
    settings.AFTER_COMMIT = []
    factories.publish_again(published, by=editor, headline="青稞開鐮啦")
    assert list(verify()) == exported(verifier, tmp_path).faults == []  # it waits, and may
    Unsealed.objects.all().delete()
    assert "it is not in the ledger" in str(next(verify()))
    assert "the ledger knows nothing of it" in exported(verifier, tmp_path).faults[0]
