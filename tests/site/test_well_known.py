"""The addresses at which anybody can follow the ledger: heads, keys, entries; nothing in them that is not public."""

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import Article, Desk, Head, LedgerEntry, LedgerKey, User
from articles.publishing import records
from articles.publishing.ledger import heads, keys, tree
from articles.site import well_known
from tests import factories
from tests.harness.once import on_one_database
from tests.publishing.acts import everything

pytestmark = on_one_database

ROOT = "/.well-known/newsroom"


def ask(client: Client, path: str) -> dict[str, object]:
    answer = client.get(f"{ROOT}/{path}")
    assert answer.status_code == 200, path
    assert answer["Content-Type"] == "application/json"
    assert "ETag" in answer
    assert not answer.cookies
    return json.loads(answer.content)


def test_the_newest_head_is_signed_by_a_key_that_is_there(client: Client, published: Article):
    head = ask(client, "head.json")
    newest = Head.objects.select_related("key").first()
    assert newest
    assert head == heads.as_json(newest)
    (key,) = ask(client, "keys.json")["keys"]
    assert key["public"] == head["key"]
    assert key["why"] == "first key"
    assert keys.verified(str(head["key"]), str(head["signature"]), heads.signed_part(head))


def test_the_head_of_a_day_is_the_one_kept_outside_the_database(client: Client, published: Article):
    (path,) = heads.kept()
    assert ask(client, f"heads/{path.stem}.json") == heads.read(path)
    for day in ("2020-01-01", "2026-1-1", "../ledger", "٢٠٢٦-01-01", "....", "x"):
        assert client.get(f"{ROOT}/heads/{day}.json").status_code == 404


def test_the_entries_make_the_root_that_the_head_signs(
    client: Client, editor: User, chief: User, desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(well_known, "PAGE", 10)
    everything(editor=editor, chief=chief, desk=desk)
    count = LedgerEntry.objects.count()
    entries = [entry for page in range(-(-count // 10)) for entry in ask(client, f"ledger/{page}.json")["entries"]]
    assert [entry["number"] for entry in entries] == list(range(count))
    edge: tree.Edge = []
    for size, entry in enumerate(entries):
        edge = tree.append(edge, size, bytes.fromhex(entry["digest"]))
        record = records.sha256(entry["record"])
        named = {name: entry[name] for name in ("number", "at", "previous")}
        assert records.digest(named | {"record": record}) == entry["digest"]
    assert tree.root(edge).hex() == ask(client, "head.json")["root"]
    assert "青稞" not in str(entries)
    for number in ("99", "00", "01", "-1", "x", "1" * 30, "٣"):
        assert client.get(f"{ROOT}/ledger/{number}.json").status_code == 404


def test_a_newsroom_that_has_published_nothing_has_no_head(client: Client, db: None):
    assert client.get(f"{ROOT}/head.json").status_code == 404
    assert ask(client, "keys.json") == {"keys": []}
    assert ask(client, "ledger/0.json") == {"entries": []}


def test_a_draft_leaves_no_trace(client: Client, published: Article, article: Article):
    told = [ask(client, path) for path in ("head.json", "keys.json", "ledger/0.json")]
    assert article.code not in str(told)
    assert LedgerEntry.objects.count() == 3  # a key, an edition, and that in the other script
    assert LedgerKey.objects.count() == 1


def test_each_answer_asks_one_question(client: Client, published: Article):
    for path in ("head.json", "keys.json", "ledger/0.json"):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            ask(client, path)
        assert len(queries) == 1
        answer = client.get(f"{ROOT}/{path}")
        known = client.get(f"{ROOT}/{path}", HTTP_IF_NONE_MATCH=answer["ETag"])
        assert known.status_code == 304


def test_they_are_there_in_no_other_language(client: Client, published: Article):
    assert client.get(f"/en{ROOT}/head.json").status_code == 404


def test_a_rotation_is_told(client: Client, published: Article, editor: User):
    from django.core.management import call_command

    before = ask(client, "head.json")["key"]
    call_command("rotate_ledger_key", verbosity=0)
    first, second = ask(client, "keys.json")["keys"]
    assert first["public"] == before
    said = records.canonical({name: second[name] for name in ("act", "public", "at", "why")})
    assert keys.verified(str(before), second["signature"], said)
    assert ask(client, "head.json")["key"] == second["public"]
    factories.publish_again(published, by=editor, headline="青稞開鐮啦")
