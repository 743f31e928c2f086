"""history.json: whoever has it and SHA-256 can check that nothing of a story's past was altered."""

import hashlib
import json
from datetime import datetime
from itertools import pairwise
from typing import Any

import pytest
import rfc8785
from django.conf import LazySettings
from django.test import Client

from articles.models import Article, Correction, CorrectionText, Desk, Edition, EditionText, Site, User
from articles.publishing import agree, freeze, propose, records
from articles.publishing.clock import database_now, stamp
from articles.publishing.issue import show, to_seal
from articles.publishing.ledger.seal import seal
from tests.factories import correct, make_article, public, publish_again, publish_article, withdraw
from tests.harness.once import on_one_database
from tests.site.reading import read

pytestmark = on_one_database


@pytest.fixture(autouse=True)
def _named(site: Site) -> None:
    """Every page here has a name."""


def told(client: Client, article: Article, status: int = 200) -> dict[str, Any]:
    response = client.get(f"/a/{article.code}/history.json")
    assert response.status_code == status
    assert response["Content-Type"] == "application/json"
    data: dict[str, Any] = response.json()
    return data


def digest(thing: object) -> str:
    """H(C(thing)), as an outsider would write it."""
    return hashlib.sha256(rfc8785.dumps(thing)).hexdigest()


def check(history: dict[str, Any]) -> int:
    """Recompute every digest of a history from what it says alone; the number of those that held."""
    held = 0

    def holds(claimed: str, *, found: str) -> None:
        nonlocal held
        assert claimed == found
        held += 1

    def check_record(thing: dict[str, Any]) -> None:
        record = thing["record"]
        if record.get("format") != 1:
            holds(record["digest"], found=digest({key: value for key, value in record.items() if key != "digest"}))
        if sealed := thing["ledger"]:
            entry = {key: sealed[key] for key in ("at", "number", "previous")} | {"record": digest(record)}
            holds(sealed["digest"], found=digest(entry))

    for edition in history["editions"]:
        check_record(edition)
        assert edition["record"]["digest"] == edition["digest"]
        assert edition["record"]["number"] == edition["number"]
        assert edition["record"]["kind"] == edition["kind"]
        assert edition["record"]["at"] == edition["published_at"]
        assert edition["record"]["previous"] == edition["previous"]
        if edition["text"] == "open":
            if edition["record"]["format"] == 1:
                whole = {"content": json.loads(edition["content"])} | {
                    key: edition[key] for key in ("previous", "salt")
                }
                holds(edition["digest"], found=digest(whole))
            else:
                salted = digest({"salt": edition["salt"], "text": edition["content"]})
                holds(edition["record"]["content"], found=salted)
                assert edition["content_digest"] == salted
        for notice in edition["notices"]:
            check_record(notice)
            assert notice["record"]["digest"] == notice["digest"]
            if notice["text"] == "open":
                salted = digest({"salt": notice["salt"], "text": notice["content"]})
                holds(notice["record"]["text"], found=salted)
        if edition["record"].get("format") != 1:
            assert edition["record"]["notices"] == [notice["digest"] for notice in edition["notices"]]
    for erasure in history["erasures"]:
        check_record(erasure)
    for edition, before in pairwise(history["editions"]):
        holds(edition["previous"], found=before["digest"])
    return held


def test_it_says_what_the_history_says(client: Client, published: Article, editor: User):
    publish_again(published, by=editor, headline="青稞開鐮了")
    correct(published, by=editor)
    history = told(client, published)
    assert history["code"] == published.code
    assert (history["language"], history["state"], history["current"]) == ("zh-Hant", "standing", 3)
    assert history["story"].endswith(f"/a/{published.code}/")
    assert history["history"].endswith(f"/a/{published.code}/history/")
    assert history["older"] is None
    assert [(one["number"], one["kind"]) for one in history["editions"]] == [
        (3, "correction"), (2, "typo"), (1, "initial"),
    ]  # fmt: skip
    for one, edition in zip(history["editions"], published.editions.select_related("text"), strict=True):
        assert datetime.fromisoformat(one["published_at"]) == edition.published_at
        assert json.loads(one["content"]) == edition.text.read()
        assert one["url"].endswith(f"/a/{published.code}/v/{edition.number}/")
    (notice,) = history["editions"][0]["notices"]
    assert json.loads(notice["content"])["was"] == "今天開鐮"


def test_every_digest_can_be_recomputed_with_hashlib_alone(client: Client, published: Article, editor: User):
    publish_again(published, by=editor, headline="青稞開鐮了")
    correct(published, by=editor)
    # 3 editions: text, record, ledger; 1 notice: the same three; 2 steps of the chain
    assert check(told(client, published)) == 3 * 3 + 3 + 2


def test_a_word_changed_by_hand_is_found(client: Client, published: Article):
    history = told(client, published)
    edition = history["editions"][0]
    edition["content"] = edition["content"].replace("開鐮", "收割")
    with pytest.raises(AssertionError):
        check(history)


def test_before_it_is_sealed_it_says_so_and_holds_all_the_same(
    client: Client, editor: User, desk: Desk, settings: LazySettings
):
    settings.AFTER_COMMIT = []
    history = told(client, publish_article(editor, desk=desk))
    assert history["editions"][0]["ledger"] is None
    assert check(history) == 2


def test_what_was_erased_stays_in_the_chain_without_words_and_salt(
    client: Client, published: Article, chief: User, editor: User
):
    publish_again(published, by=editor, headline="某某的病歷")
    correct(published, by=chief, text="某某的名字", was="某某", now="病人")
    publish_again(published, by=editor, headline="病人")
    erase = {"editions": [2, 3], "notices": [Correction.objects.get().pk]}
    agree(propose(published, act="erasure", by=chief, text="依法刪除。", reason="法", erase=erase), by=editor)
    history = told(client, published)
    assert "某某" not in json.dumps(history, ensure_ascii=False)
    assert [one["text"] for one in history["editions"]] == ["open", "erased", "erased", "open"]
    (notice,) = history["editions"][1]["notices"]
    assert (notice["text"], notice["content"], notice["salt"]) == ("erased", None, None)
    (erasure,) = history["erasures"]
    assert erasure["record"]["note"] == "依法刪除。"
    gone = {part for _, part in erasure["record"]["parts"]}
    erased = [history["editions"][1], history["editions"][2], notice]
    assert gone == {one["digest"] for thing in erased for one in (thing, *thing["conversions"])}
    assert check(history) > 12


@pytest.mark.parametrize(("ground", "status"), [("legal", 451), ("safety", 410)])
def test_of_a_story_that_is_down_it_tells_digests_and_no_word(
    ground: str, status: int, client: Client, published: Article, chief: User, editor: User
):
    correct(published, by=editor)
    before = told(client, published)
    withdraw(published, by=chief, second=editor, act="takedown", ground=ground, text="依法院命令。")
    response = client.get(f"/a/{published.code}/history.json")
    history = told(client, published, status)
    assert response.has_header("Link") == (status == 451)
    assert history["state"] == "down"
    for one in [*history["editions"], *(notice for edition in history["editions"] for notice in edition["notices"])]:
        assert (one["text"], one["content"], one["salt"]) == ("withheld", None, None)
    for words in ("青稞", "開鐮", "日期有誤", "法院"):
        assert words not in response.content.decode()
    assert [one["digest"] for one in history["editions"][1:]] == [one["digest"] for one in before["editions"]]
    assert check(history) >= 3 * 2 + 2 * 2 + 2


@pytest.fixture
def of_format_1(editor: User, desk: Desk) -> Article:
    """A story whose two editions are of the first format, as the first release wrote them, and a migration took up."""
    article = Article.objects.with_parts().get(pk=make_article(editor, desk=desk).pk)
    frozen, at = freeze.freeze(article), database_now()
    entries, previous, edition = [], "", None
    for number, kind in ((1, "initial"), (2, "update")):
        before, salt = edition, f"{number:064x}"
        entries += [{"number": 2, "kind": "update", "at": stamp(at), "text": "補充了數字。"}] if number == 2 else []
        words = frozen | {"format": 1, "headline": f"第{number}版的標題"}
        content = freeze.as_edition(words, number=number, kind=kind, at=at, first=at, notices=entries)
        text = records.canonical(content)
        edition = Edition.objects.create(
            article=article, number=number, kind=kind, published_at=at, by=editor, previous_digest=previous,
            digest=records.format_1(text, salt=salt, previous=previous),
        )  # fmt: skip
        previous = edition.digest
        EditionText.objects.create(edition=edition, content=text, salt=salt)
        to_seal(at, [("edition", edition.pk)])
    words = records.canonical(
        {"text": "補充了數字。", "was": "", "now": "", "passage": None, "passage_now": None, "reply": None}
    )
    notice = Correction(
        article=article, right=edition, wrong=before, place=1, kind="update", weight="ordinary", field="other",
        readers="zh", channel_id=content["trail"][-1]["id"], at=at, by=editor,
        text_digest=records.salted(words, "00" * 32),
    )  # fmt: skip
    notice.digest = records.digest(records.of_notice(notice, code=article.code, right=2, wrong=1, supersedes=""))
    notice.save()
    CorrectionText.objects.create(correction=notice, content=words, salt="00" * 32)
    to_seal(at, [("notice", notice.pk)])
    show(edition, content | {"notices": []}, None, None, notice=notice.pk)
    seal()
    return article


class TestTheFirstFormat:
    def test_its_digests_are_checked_in_their_own_way(self, client: Client, of_format_1: Article):
        history = told(client, of_format_1)
        assert [one["record"]["format"] for one in history["editions"]] == [1, 1]
        assert [one["content_digest"] for one in history["editions"]] == ["", ""]
        # 2 editions: whole, ledger; 1 notice: text, record, ledger; 1 step of the chain
        assert check(history) == 2 * 2 + 3 + 1

    def test_a_later_edition_chains_to_it(self, client: Client, of_format_1: Article, editor: User):
        edition = publish_again(of_format_1, by=editor, headline="第3版的標題")
        assert edition.previous_digest == told(client, of_format_1)["editions"][1]["digest"]
        assert check(told(client, of_format_1)) == 2 * 2 + 3 + 1 + 3 + 1

    def test_its_past_pages_show_the_notice_that_stood_in_its_text(self, client: Client, of_format_1: Article):
        page = read(client, f"/a/{of_format_1.code}/v/2/")
        assert page.one("article h1").words == "第2版的標題"
        assert "補充了數字。" in page.one("article .update-note").words
        assert read(client, f"/a/{of_format_1.code}/v/1/").one("article").none(".update-note")

    def test_its_history_tells_notice_and_changes_once(self, client: Client, of_format_1: Article, editor: User):
        publish_again(of_format_1, by=editor, headline="第3版的標題")
        page = read(client, f"/a/{of_format_1.code}/history/")
        assert [one["class"] for one in page.all("li.edition .difference")] == ["difference difference-headline"] * 2
        assert len(page.all(".update-note")) == 1
        assert public(of_format_1).edition.number == 3
