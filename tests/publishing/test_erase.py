"""What is erased by law is gone from everywhere, and the record still says, and proves, that it was there."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client

from articles.models import (
    Article,
    Correction,
    CorrectionText,
    Decision,
    Desk,
    Duty,
    EditionText,
    ErasedPart,
    Erasure,
    ErrorReport,
    LedgerEntry,
    Outbox,
    Picture,
    Site,
    Tag,
    User,
    private_store,
    public_store,
)
from articles.publishing import (
    Note,
    PictureErased,
    Told,
    WrongEdition,
    decline,
    erase,
    propose,
    publish,
    refuse,
    report_error,
)
from articles.publishing.ledger.faults import Seen
from articles.publishing.ledger.verify import verify
from articles.search.query import Search
from tests import factories
from tests.conftest import CommittedDatabase
from tests.publishing.acts import erase as erase_story
from tests.publishing.acts import give_notice
from tests.publishing.test_verify import exported, verifier  # noqa: F401 - the fixture

MARK = "密語甲乙zq7"
IN_HANS = "密语甲乙zq7"
BODY = f"<p>從前這裡寫着{MARK}，今天開鐮。</p>"


def report(article: Article, **told: str) -> ErrorReport:
    told = {"passage": MARK, "wrong": f"{MARK}不對", "right": f"不是{MARK}", "evidence": f"https://example.org/{MARK}",
            "contact": MARK} | told  # fmt: skip
    number = article.editions.first().number  # type: ignore[union-attr]
    return report_error(article, number=number, told=Told(**told), sender="192.0.2.7", language="zh-hant").report


def written_everywhere(*, editor: User, chief: User, desk: Desk) -> tuple[Article, Picture]:
    """A story whose first three editions, and all that the desk and readers wrote of them, hold the mark."""
    picture = factories.make_picture(editor, alt=MARK, caption=MARK, credit=MARK)
    inline = factories.make_picture(editor, alt=f"{MARK}圖", caption=MARK, credit=MARK)
    figure = f'<figure data-picture="{inline.pk}"><figcaption>{MARK}</figcaption></figure>'
    article = factories.publish_article(
        editor, desk=desk, headline=f"頭條{MARK}", kicker=MARK, standfirst=f"提要{MARK}", body=BODY + figure,
        tags=[MARK, "青稞"], lead_picture=picture, lead_caption=f"圖說{MARK}",
    )  # fmt: skip
    reported = report(article)
    late = report(article, wrong=f"{MARK}還是不對", contact="", evidence="")
    ErrorReport.objects.filter(pk=late.pk).update(reason=MARK, appeal_text=MARK, appeal_reason=MARK)
    decision = propose(article, act="retraction", by=chief, text=f"因為{MARK}", reason=MARK, was=MARK, now=MARK)
    refuse(decision, by=editor, answer=f"不行，{MARK}")
    article = factories.change(article, by=editor, body=BODY.replace("今天", "昨天"))
    note = Note(
        kind="correction",
        text=f"更正{MARK}",
        was=f"{MARK}，今天",
        now=f"{MARK}，昨天",
        passage=MARK,
        reports=[reported],
    )
    publish(article, seen=article.version, by=editor, noted=[note])
    give_notice(article, by=chief, kind="editors-note", text=f"答覆{MARK}", reply=(MARK, f"我說{MARK}"))
    Duty.objects.update(state="waived", reason=MARK)
    Outbox.objects.update(error=f"ValueError: {MARK}")
    for thing in (article, picture, decision, reported):
        kind = ContentType.objects.get_for_model(thing)
        LogEntry.objects.create(user=editor, content_type=kind, object_id=str(thing.pk), object_repr=f"頭條{MARK}",
                                action_flag=2, change_message=json.dumps([MARK], ensure_ascii=False))  # fmt: skip
    factories.publish_again(
        article, by=editor, kind="update", note="全文重寫。", headline="新的標題", kicker="", standfirst="",
        body="<p>全新的文字。</p>", tags=["青稞"], lead_picture=None, lead_caption="",
    )  # fmt: skip
    return article, picture


def in_tables() -> dict[str, int]:
    """How often the mark stands in each table, escaped or not."""
    found = {}
    forms = {MARK, IN_HANS, json.dumps(MARK)[1:-1], json.dumps(IN_HANS)[1:-1]}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            text = "\n".join(str(row) for row in cursor.fetchall())
            found[table] = sum(text.count(form) for form in forms)
    return {table: count for table, count in found.items() if count}


def in_files(folder: Path) -> dict[str, int]:
    files = [file for file in folder.rglob("*") if file.is_file()]
    found = {str(file): sum(file.read_bytes().count(mark.encode()) for mark in (MARK, IN_HANS)) for file in files}
    return {name: count for name, count in found.items() if count}


def raw(url: str, mark: str = MARK) -> dict[str, int]:
    """How often the mark stands in the bytes of SQLite's own files."""
    path = Path(url.removeprefix("sqlite:///"))
    return {file.name: file.read_bytes().count(mark.encode()) for file in path.parent.glob(f"{path.name}*")}


def on_pages(client: Client, code: str) -> dict[str, int]:
    paths = [f"/a/{code}/", f"/a/{code}/history/", f"/a/{code}/history.json", f"/a/{code}/report/", "/", "/feed.rss",
             "/feed.atom", "/feed.json", "/corrections/", "/corrections/feed.rss", "/corrections/feed.atom",
             "/corrections/feed.json", "/sitemap.xml", "/news-sitemap.xml", f"/a/{code}/timemap/", f"/tag/{MARK}/",
             "/.well-known/newsroom/ledger/0.json"]  # fmt: skip
    for number in range(1, 6):
        paths += [f"/a/{code}/v/{number}/", f"/a/{code}/v/{number}/changes/"]
    found = {}
    for path in paths:
        answer = client.get(path)
        assert answer.status_code < 500, path
        found[path] = b"".join(answer).decode().replace(path, "").count(MARK)  # type: ignore[arg-type]
    return {path: count for path, count in found.items() if count}


def test_what_was_erased_stands_nowhere_any_more(
    committed_db: CommittedDatabase, site: Site, editor: User, chief: User, desk: Desk, client: Client,
    verifier: object, tmp_path: Path,  # noqa: F811
):  # fmt: skip
    article, picture = written_everywhere(editor=editor, chief=chief, desk=desk)
    code = article.code
    before = in_tables()
    assert {
        "articles_editiontext", "articles_correctiontext", "articles_errorreport", "articles_decision", "articles_tag",
        "articles_picture", "articles_duty", "articles_outbox", "django_admin_log",
    } <= before.keys()  # fmt: skip
    assert on_pages(client, code)
    assert public_store().exists(picture.files[0])

    reply = Correction.objects.get(kind="editors-note")  # quotes no edition: the desk names it
    erase_story(article, by=chief, second=editor, editions=[1, 2, 3], notices=[reply.pk])

    assert in_tables() == {}
    assert in_files(Path(settings.DATA_DIR)) == {}
    if committed_db.vendor == "sqlite":
        connection.close()
        assert set(raw(committed_db.url).values()) == {0}
        assert set(raw(committed_db.url, "zq7").values()) == {0}  # a token of the index
    assert on_pages(client, code) == {}
    for name in picture.files:
        assert not public_store().exists(name)
        assert not private_store().exists(name)
    assert client.get(f"/media/{picture.files[0]}").status_code == 410
    assert not Search(MARK).entries().exists()

    seen = Seen()
    assert [str(fault) for fault in verify((), seen)] == []
    assert seen.erased == 3 + 2  # editions, and the notices that quote them
    assert exported(verifier, tmp_path).faults == []  # type: ignore[arg-type]
    call_command("export_ledger", tmp_path / "export.jsonl", verbosity=0)
    assert in_files(tmp_path) == {}
    told = json.loads(client.get(f"/a/{code}/history.json").content)
    assert {edition["number"]: edition["text"] for edition in told["editions"]} == {
        4: "open", 3: "erased", 2: "erased", 1: "erased",
    }  # fmt: skip
    for path in (f"/a/{code}/history/", f"/a/{code}/v/1/"):
        assert "依法刪除。" in client.get(path).content.decode()


def test_the_erasure_itself_is_public_and_sealed(published: Article, editor: User, chief: User):
    factories.publish_again(published, by=editor, headline="青稞開鐮啦")
    first = published.editions.get(number=1)
    parts = sorted([["edition", first.digest], ["conversion", first.conversions.get().digest]])
    erase_story(published, by=chief, second=editor, editions=[1], notices=[])
    erasure = Erasure.objects.get()
    assert (erasure.by, erasure.second, erasure.note) == (chief, editor, "依法刪除。")
    record = json.loads(LedgerEntry.objects.get(kind="erasure").record)
    assert (record["note"], record["parts"]) == ("依法刪除。", parts)
    assert published.editions.get(number=1).digest == first.digest


def test_a_notice_that_quotes_an_erased_edition_goes_with_it(published: Article, editor: User, chief: User):
    edition = factories.correct(published, by=editor, passage="上朗縣")
    plain = factories.publish_again(published, by=editor, kind="update", note="補充。", body="<p>全新的文字。</p>")
    erase_story(published, by=chief, second=editor, editions=[1], notices=[])
    kept = CorrectionText.objects.values_list("correction__right", flat=True)
    assert list(kept) == [plain.pk]
    assert ErasedPart.objects.filter(kind="notice").get().target == edition.corrections.get().pk
    assert list(verify()) == []


def test_a_picture_that_something_else_shows_stays(published: Article, editor: User, chief: User, desk: Desk):
    shared, portrait, own = (factories.make_picture(editor) for _ in range(3))
    factories.publish_article(editor, desk=desk, headline="別的稿", lead_picture=shared)
    factories.make_person("央金", portrait=portrait)
    article = factories.publish_article(editor, desk=desk, lead_picture=own, body="<p>文。</p>" + "".join(
        f'<figure data-picture="{picture.pk}"><figcaption></figcaption></figure>' for picture in (shared, portrait)
    ))  # fmt: skip
    factories.publish_again(article, by=editor, body="<p>新的文。</p>", lead_picture=None)
    erase_story(article, by=chief, second=editor, editions=[1], notices=[])
    assert [private_store().exists(picture.files[0]) for picture in (shared, portrait, own)] == [True, True, False]
    assert ErasedPart.objects.get(kind="picture").target == own.pk


def test_what_readers_see_now_cannot_be_erased(published: Article, editor: User, chief: User):
    for wanted in ({"editions": [1], "notices": []}, {"editions": [], "notices": []}, {"editions": [9]}):
        with pytest.raises(WrongEdition):
            erase_story(published, by=chief, second=editor, **wanted)
    assert not Decision.objects.exists()


def test_nothing_is_erased_twice_or_of_another_story(published: Article, editor: User, chief: User, desk: Desk):
    factories.publish_again(published, by=editor, headline="青稞開鐮啦")
    other = factories.publish_article(editor, desk=desk)
    theirs = Correction.objects.get(right=factories.correct(other, by=editor))
    with pytest.raises(WrongEdition):
        erase_story(published, by=chief, second=editor, editions=[1], notices=[theirs.pk])
    erase_story(published, by=chief, second=editor, editions=[1], notices=[])
    with pytest.raises(WrongEdition):
        erase_story(published, by=chief, second=editor, editions=[1], notices=[])


def test_an_open_report_on_a_text_that_stays_is_left_to_be_decided(published: Article, editor: User, chief: User):
    report(published, passage="", wrong="關於第一版")
    factories.publish_again(published, by=editor, headline="青稞開鐮啦")
    report(published, passage="", wrong="關於第二版")
    erase_story(published, by=chief, second=editor, editions=[1], notices=[])
    assert sorted(ErrorReport.objects.values_list("wrong", flat=True)) == ["", "關於第二版"]


def test_a_process_killed_in_the_midst_leaves_nothing_that_the_worker_does_not_finish(
    published: Article, editor: User, chief: User, desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    picture = factories.make_picture(editor)
    article = factories.publish_article(editor, desk=desk, lead_picture=picture)
    factories.publish_again(article, by=editor, lead_picture=None)
    with monkeypatch.context() as killed:
        killed.setattr("articles.publishing.withdraw.after_erasure", lambda article: None)
        erase_story(article, by=chief, second=editor, editions=[1], notices=[])
    assert private_store().exists(picture.files[0])
    monkeypatch.setattr(erase, "_looked", -erase.EVERY)
    erase.finish_erasures()
    assert not private_store().exists(picture.files[0])
    assert not public_store().exists(picture.files[0])


def test_an_erasure_stands_where_the_signing_key_is_missing(published: Article, editor: User, chief: User):
    factories.publish_again(published, by=editor, headline="青稞開鐮啦")
    key = Path(settings.LEDGER_KEY_FILE)
    away = key.rename(key.with_name("elsewhere"))
    erase_story(published, by=chief, second=editor, editions=[1], notices=[])
    assert EditionText.objects.count() == 1
    away.rename(key)
    assert list(verify()) == []


def test_a_reader_of_the_database_does_not_keep_the_journal_from_being_emptied_later(
    committed_db: CommittedDatabase, editor: User, chief: User, desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    article = factories.publish_article(editor, desk=desk, body=BODY)
    factories.publish_again(article, by=editor, body="<p>新的文。</p>")
    path, is_sqlite = committed_db.url.removeprefix("sqlite:///"), committed_db.vendor == "sqlite"
    with closing(sqlite3.connect(path) if is_sqlite else psycopg.connect(committed_db.url)) as reader:
        if is_sqlite:
            reader.execute("BEGIN")
            connection.cursor().execute("PRAGMA busy_timeout = 100")
        reader.execute("SELECT count(*) FROM articles_edition").fetchone()
        erase_story(article, by=chief, second=editor, editions=[1], notices=[])
        assert EditionText.objects.count() == 1
    monkeypatch.setattr(erase, "_looked", -erase.EVERY)
    erase.finish_erasures()
    connection.close()
    assert not any(raw(committed_db.url).values())


def test_tags_that_other_stories_have_stay(published: Article, editor: User, chief: User, desk: Desk):
    article = factories.publish_article(editor, desk=desk, tags=["共用", "獨用"])
    factories.publish_article(editor, desk=desk, tags=["共用"])
    factories.publish_again(article, by=editor, tags=[])
    erase_story(article, by=chief, second=editor, editions=[1], notices=[])
    assert set(Tag.objects.values_list("name", flat=True)) == {"共用"}


def test_the_mark_of_this_test_is_found_where_it_stands(published: Article, editor: User):
    """The searches above are worth something only if they can find it."""
    factories.change(published, by=editor, body=BODY)
    assert in_tables() == {"articles_article": 1, "articles_draftversion": 1}
    (Path(settings.DATA_DIR) / "copy.txt").write_text(MARK)
    assert list(in_files(Path(settings.DATA_DIR)).values()) == [1]


def test_the_same_image_taken_in_anew_and_shown_elsewhere_keeps_its_files(
    published: Article, editor: User, chief: User, desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    upload = factories.image_bytes(color="#123456")
    erased = factories.make_picture(editor, upload=upload)
    article = factories.publish_article(editor, desk=desk, lead_picture=erased)
    factories.publish_again(article, by=editor, lead_picture=None)
    erase_story(article, by=chief, second=editor, editions=[1], notices=[])
    anew = factories.make_picture(editor, upload=upload)
    factories.publish_article(editor, desk=desk, lead_picture=anew)
    monkeypatch.setattr(erase, "_looked", -erase.EVERY)
    erase.finish_erasures()
    assert private_store().exists(anew.files[0])
    assert public_store().exists(anew.files[0])
    assert list(verify()) == []


def test_an_erased_picture_is_not_published_again(published: Article, editor: User, chief: User, desk: Desk):
    picture = factories.make_picture(editor)
    article = factories.publish_article(editor, desk=desk, lead_picture=picture)
    factories.publish_again(article, by=editor, lead_picture=None)
    erase_story(article, by=chief, second=editor, editions=[1], notices=[])
    other = factories.make_article(editor, desk=desk, lead_picture=picture)
    with pytest.raises(PictureErased):
        publish(other, seen=other.version, by=editor)


def test_an_open_appeal_survives_the_erasure_of_another_edition(published: Article, editor: User, chief: User):
    factories.publish_again(published, by=editor, headline="青稞開鐮啦")
    declined = decline(report(published, passage="", wrong="仍然不對"), by=editor, reason="沒有錯。")
    ErrorReport.objects.filter(pk=declined.pk).update(appeal="open", appeal_text="請再看。")
    erase_story(published, by=chief, second=editor, editions=[1], notices=[])
    declined.refresh_from_db()
    assert (declined.wrong, declined.appeal_text) == ("仍然不對", "請再看。")


def test_the_words_of_a_refused_proposal_to_erase_go_too(published: Article, editor: User, chief: User):
    factories.publish_again(published, by=editor, headline="青稞開鐮啦")
    wanted = {"editions": [1], "notices": []}
    refused = propose(published, act="erasure", by=chief, text="依法刪除。", reason=f"因為{MARK}", erase=wanted)
    refuse(refused, by=editor, answer=f"{MARK}不必刪")
    erase_story(published, by=chief, second=editor, editions=[1], notices=[])
    refused.refresh_from_db()
    assert MARK not in refused.terms + refused.reason + refused.answer


def test_a_renamed_tag_keeps_its_new_name(published: Article, editor: User, chief: User, desk: Desk):
    article = factories.publish_article(editor, desk=desk, tags=["舊名"])
    factories.publish_again(article, by=editor, headline="青稞開鐮啦")
    Tag.objects.filter(name="舊名").update(name="新名")
    erase_story(article, by=chief, second=editor, editions=[1], notices=[])
    assert list(article.tags.values_list("name", flat=True)) == ["新名"]


def test_the_database_refuses_a_forged_erasure(published: Article, editor: User, chief: User, desk: Desk):
    """Of another story's edition, or of the one that readers are shown."""
    other = factories.publish_article(editor, desk=desk)
    factories.publish_again(other, by=editor, headline="青稞開鐮啦")
    mine, first = published.editions.get(), other.editions.get(number=1)
    erasure = Erasure.objects.create(article=published, at=first.published_at, note="假", by=chief, second=editor)
    for edition in (mine, first):
        ErasedPart.objects.create(erasure=erasure, kind="edition", target=edition.pk)
        with pytest.raises(IntegrityError), transaction.atomic():
            EditionText.objects.filter(edition=edition).delete()
