"""The watchdog from outside: what the newsroom tells, it takes; what changes without a word, it barks at."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Value
from django.db.models.functions import Replace

from articles.management.audit import watch
from articles.models import (
    Article,
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
from tests.harness.server import Server
from tests.publishing.acts import erase, everything, give_notice
from tests.publishing.attacks import change, delete, drop_triggers, rebuild, recompute, show


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


def test_what_cannot_be_asked_is_said_in_one_sentence(tmp_path: Path):
    for url in ("http://127.0.0.1:9", "ftp://news.example"):
        with pytest.raises(CommandError) as refused:
            call_command("self_audit", url, store=tmp_path)
        assert refused.value.returncode == 2
