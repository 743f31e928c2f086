"""The watchdog from outside: what the newsroom tells, it takes; what changes without a word, it barks at."""

import io
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Value
from django.db.models.functions import Replace

from articles.management.audit import story, watch
from articles.models import (
    Article,
    Conversion,
    Correction,
    CorrectionText,
    Desk,
    Duty,
    Edition,
    EditionText,
    Publication,
    Site,
    User,
    public_store,
)
from tests import factories
from tests.harness.once import on_one_database
from tests.harness.server import Server
from tests.publishing.acts import erase, everything, give_notice
from tests.publishing.attacks import change, delete, drop_triggers, forget_conversions, rebuild, recompute, show


@pytest.fixture(autouse=True)
def _in_haste(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "AGAIN", 0.0)


@pytest.fixture
def visit(server: Server, site: Site, tmp_path: Path) -> Callable[[], str]:
    """One round of the watchdog; what it barked."""

    def audit() -> str:
        out, err = io.StringIO(), io.StringIO()
        code: object = 0
        try:
            call_command("self_audit", server.url, store=tmp_path / "seen", stdout=out, stderr=err)
        except SystemExit as ended:
            code = ended.code
        assert (code, bool(out.getvalue())) == ((1, False) if err.getvalue() else (0, True))
        return err.getvalue()

    return audit


@on_one_database
def test_what_the_newsroom_tells_is_taken(visit: Callable[[], str], editor: User, chief: User, desk: Desk, site: Site):
    picture = factories.make_picture(editor)
    article = factories.publish_article(editor, desk=desk, lead_picture=picture, tags=["青稞"])
    other = factories.publish_article(editor, desk=desk, headline="另一篇")
    english = factories.publish_article(editor, desk=desk, headline="Harvest", language="en")
    assert visit() == ""
    factories.publish_again(article, by=editor, headline="青稞開鐮啦")
    assert visit() == ""
    factories.correct(article, by=editor, body="<p>青稞昨天開鐮了。</p>", field="headline", weight="serious")
    give_notice(english, by=chief, kind="clarification", text="It was Tuesday.")
    assert visit() == ""
    give_notice(article, by=chief, kind="editors-note", text="當事人答覆。", reply=("央金", "我沒有說過這句話。"))
    assert visit() == ""
    erase(article, by=chief, second=editor, editions=[1], notices=[])
    assert visit() == ""
    factories.withdraw(article, by=chief, second=editor)
    assert visit() == ""
    factories.withdraw(other, by=chief, second=editor, act="takedown")
    assert visit() == ""
    other.refresh_from_db()
    factories.withdraw(other, by=chief, second=editor, act="restoration", text="重新刊出。")
    assert visit() == ""
    assert visit() == ""


@on_one_database
def test_a_record_of_every_kind_of_act_is_taken_at_first_sight(
    visit: Callable[[], str], editor: User, chief: User, desk: Desk
):
    everything(editor=editor, chief=chief, desk=desk)
    assert visit() == ""
    assert visit() == ""


@pytest.fixture
def stories(visit: Callable[[], str], editor: User, desk: Desk) -> list[Article]:
    """Corrected stories with a picture, which the watchdog has seen; then somebody drops the triggers."""
    made = []
    for place in range(8):
        picture = factories.make_picture(editor)
        body = f"<p>第{place}篇：青稞今天開鐮。</p>"
        article = factories.publish_article(editor, desk=desk, lead_picture=picture, body=body)
        factories.correct(article, by=editor, body=f"<p>第{place}篇：青稞昨天開鐮。</p>", passage="今天開鐮")
        made.append(article)
    assert visit() == ""
    drop_triggers()
    return made


def newest(article: Article) -> Edition:
    found = Edition.objects.filter(article=article).first()
    assert found
    return found


@on_one_database
def test_what_changes_behind_the_newsrooms_back_is_barked_at(visit: Callable[[], str], stories: list[Article]):
    def bark(article: Article, *said: str) -> None:
        told = visit()
        assert f"story {article.code}: " in told
        for words in said:
            assert words in told

    text, notice, pointer, state, gone, picture, words, salt = stories
    change(EditionText.objects.filter(edition=newest(text)), content=Replace("content", Value("昨天"), Value("前天")))
    bark(text, "its page changed, and its history has no entry of it")
    bark(text, "the text of edition 2 is not the one that was published")
    bark(text, "+第0篇：青稞前天開鐮。", "-第0篇：青稞昨天開鐮。")

    change(Publication.objects.filter(article=notice), notice=None)
    delete(Duty.objects.filter(correction__article=notice))
    forget_conversions(Conversion.objects.filter(article=notice, edition=None))
    delete(CorrectionText.objects.filter(correction__article=notice))
    delete(Correction.objects.filter(article=notice))
    bark(notice, "the digest of edition 2 is not that of its record", "its page changed")

    show(Edition.objects.get(article=pointer, number=1))
    bark(pointer, "readers are shown edition 1, but the newest is 2", "its page changed")

    change(Publication.objects.filter(article=state), state="down")
    bark(state, "it is said to be down, but its newest edition is of kind correction")

    change(Publication.objects.filter(article=gone), code="zzzzzzzz22")
    bark(gone, "its public history does not answer, which it did before")

    digest = picture.lead_picture.digest
    for name in picture.lead_picture.files:
        with public_store().open(name, "ab") as file:
            file.write(b"\0")
    bark(picture, f"pictures/{digest}/", "shows something else than before")

    change(CorrectionText.objects.filter(correction__article=words),
           content=Replace("content", Value("日期有誤"), Value("小有出入")))  # fmt: skip
    bark(words, "the text of notice 2-1 is not the one that was published", "its page changed")

    change(EditionText.objects.filter(edition=newest(salt)), salt="00" * 32)
    bark(salt, "the text of edition 2 is not the one that was published")


@on_one_database
def test_a_record_rewritten_as_a_whole_is_barked_at(visit: Callable[[], str], stories: list[Article]):
    """Text, digests, public rows, every entry of the ledger, every head, signed by the newsroom's own key."""
    from articles.publishing.ledger import keys

    edition = newest(stories[-1])
    change(EditionText.objects.filter(edition=edition), content=Replace("content", Value("昨天"), Value("前天")))
    recompute(edition)
    show(newest(stories[-1]))
    rebuild(keys.private_key())
    told = visit()
    assert f"story {stories[-1].code}: edition 2 is told otherwise than before: record" in told

    factories.publish_article(User.objects.get(username="yinxiaoyan"), headline="新的一篇")  # so that the head moves on
    told = visit()
    assert "the ledger: entry" in told
    assert "does not follow the one before it" in told


def test_an_erasure_that_vanishes_is_barked_at(visit: Callable[[], str], editor: User, chief: User, desk: Desk):
    from articles.models import ErasedPart, Erasure

    article = factories.publish_article(editor, desk=desk)
    factories.publish_again(article, by=editor, headline="青稞開鐮啦")
    erase(article, by=chief, second=editor, editions=[1], notices=[])
    assert visit() == ""
    drop_triggers()
    delete(ErasedPart.objects.all())
    delete(Erasure.objects.all())
    told = visit()
    assert "an erasure was in the history, and has vanished" in told
    assert "a text of edition 1 is erased; its erasures say otherwise" in told


def test_a_story_that_left_the_feeds_is_still_watched(
    visit: Callable[[], str], administrator: User, desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    article = factories.publish_article(administrator, desk=desk)
    assert visit() == ""
    monkeypatch.setattr(watch.Watch, "_in_feeds", lambda self: set())
    drop_triggers()
    change(EditionText.objects.all(), content=Replace("content", Value("上朗縣"), Value("下朗縣")))
    assert f"story {article.code}" in visit()


class Strange:
    """A site that says whatever the test wants: path -> status and text, or a function of the question asked."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[int, str] | Callable[[str], str]] = {}
        self.asked = 0

        class Handler(BaseHTTPRequestHandler):
            def do_GET(handler) -> None:
                self.asked += 1
                path, _, question = handler.path.partition("?")
                answer = self.answers.get(path, (404, ""))
                status, text = answer if isinstance(answer, tuple) else (200, answer(question))
                handler.send_response(status)
                handler.end_headers()
                handler.wfile.write(text.encode("utf-8", "surrogatepass"))

            def log_message(handler, *_: object) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}"


@pytest.fixture
def strange() -> Iterator[Strange]:
    made = Strange()
    thread = threading.Thread(target=made.http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    made.answers["/feed.rss"] = (200, "<guid>newsroom:abcdefghjk</guid>")
    yield made
    made.http.shutdown()
    thread.join()
    made.http.server_close()


def audited(url: str, store: Path) -> tuple[object, str]:
    err = io.StringIO()
    try:
        call_command("self_audit", url, store=store, stdout=io.StringIO(), stderr=err)
    except SystemExit as ended:
        return ended.code, err.getvalue()
    except CommandError as error:
        return error.returncode, str(error)
    return 0, err.getvalue()


HEAD = {"act": "head", "size": 1, "root": "00", "at": "2026-01-01T00:00:00.000Z", "key": "00", "signature": "00"}
ENTRY = {"number": 0, "at": "2026-01-01T00:00:00.000Z", "previous": "", "record": "{}", "digest": "00" * 32}


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("{}", 1, "holds no signed head"),
        ("[]", 1, "holds no signed head"),
        ("null", 1, "holds no signed head"),
        (json.dumps(HEAD | {"size": "1"}), 1, "holds no signed head"),
        (json.dumps(HEAD | {"act": "\ud800"}), 1, "holds no signed head"),
        (json.dumps(HEAD | {"size": 2**60}), 1, "holds no signed head"),
        (json.dumps(HEAD), 1, "only 0 are shown"),
        ("", 2, "does not answer with JSON"),
        ("[" * 100_000, 2, "does not answer with JSON"),
    ],
)
def test_a_head_that_is_none_is_one_sentence(strange: Strange, tmp_path: Path, text: str, code: int, said: str):
    strange.answers["/.well-known/newsroom/head.json"] = (200, text)
    ended, told = audited(strange.url, tmp_path)
    assert (ended, said in told, "Traceback" in told) == (code, True, False)


@pytest.mark.parametrize(
    "entry",
    [
        {}, 1, None, ENTRY | {"number": "0"}, ENTRY | {"digest": "x"}, ENTRY | {"record": "x"},
        ENTRY | {"record": "[]"},
        ENTRY | {"record": "[" * 100_000}, ENTRY | {"record": '{"act":"edition","code":["x"]}'},
        ENTRY | {"record": '{"act":"edition","code":"../../../x"}'}, ENTRY | {"previous": "\ud800"},
    ],
)  # fmt: skip
def test_entries_that_are_none_are_one_sentence(strange: Strange, tmp_path: Path, entry: object):
    strange.answers["/.well-known/newsroom/head.json"] = (200, json.dumps(HEAD))
    strange.answers["/.well-known/newsroom/ledger/0.json"] = (200, json.dumps({"entries": [entry]}))
    ended, told = audited(strange.url, tmp_path / "seen")
    assert (ended, "the ledger: " in told) == (1, True)
    assert [path.name for path in tmp_path.iterdir()] == ["seen"]  # no name from outside leads out of the store


def page_of(older: object, *numbers: object) -> str:
    return json.dumps({"editions": [{"number": number} for number in numbers], "older": older})


@pytest.mark.parametrize(
    ("first", "older"),
    [
        ("{}", ""), ("[]", ""), ("[" * 100_000, ""),
        (page_of("/older"), ""),
        (page_of("/older", 9), page_of("/older", 9)),
        (page_of("/older", 9), page_of("/older")),
        (page_of("/older", 9), page_of("/older", "8")),
        (page_of(5, 9), ""),
        (page_of("http://[", 9), ""),
    ],
)  # fmt: skip
def test_a_history_that_leads_nowhere_is_one_sentence(strange: Strange, tmp_path: Path, first: str, older: str):
    strange.answers["/a/abcdefghjk/history.json"] = (200, first)
    strange.answers["/older"] = (200, older)
    ended, told = audited(strange.url, tmp_path)
    assert (ended in {1, 2}, "Traceback" in told, len(told.splitlines())) == (True, False, 1)
    assert strange.asked < 30


def test_a_history_without_end_is_left(strange: Strange, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(story, "OLDER", 20)

    def older(question: str) -> str:
        number = int(question or 10**9)
        return page_of(f"/a/abcdefghjk/history.json?{number - 1}", number)

    strange.answers["/a/abcdefghjk/history.json"] = older
    ended, told = audited(strange.url, tmp_path)
    assert (ended, "have no end" in told) == (1, True)
    assert strange.asked < 100


@pytest.mark.parametrize("text", ["", "{}", "[]", "7", "null"])
def test_a_store_that_is_damaged_is_one_sentence(strange: Strange, tmp_path: Path, text: str):
    (tmp_path / "ledger.json").write_text(text)
    ended, told = audited(strange.url, tmp_path)
    assert (ended, str(tmp_path / "ledger.json") in told) == (2, True)


def test_what_cannot_be_asked_is_said_in_one_sentence(tmp_path: Path):
    for url in ("http://127.0.0.1:9", "ftp://news.example", "http://["):
        with pytest.raises(CommandError) as refused:
            call_command("self_audit", url, store=tmp_path)
        assert refused.value.returncode == 2
