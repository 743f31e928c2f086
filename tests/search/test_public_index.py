"""The readers' index follows what is public: at once, after a crash, beside a rebuild, never older than it was."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.db import connection, connections
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from articles.models import Article, Edition, Outbox, Publication, PublicEntry, PublicTokens, Suggestion, User
from articles.publishing import publish
from articles.publishing.outbox import deliver_due
from articles.search import moments, public_index, tables
from articles.search.engine import OwnDatabase, engine
from articles.search.question import Question
from articles.search.time_limit import TooLong, time_limit
from tests import factories
from tests.conftest import CommittedDatabase
from tests.harness.threads import at_once


def found(words: str) -> set[int]:
    return {hit.publication for hit in engine().find(Question(words, "zh", limit=500)).hits}


def table() -> list[Any]:
    """All that both tables hold."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rowid, tokens FROM articles_public_search ORDER BY rowid")
        rows = cursor.fetchall()
    return [*rows, *PublicEntry.objects.order_by("pk").values_list("pk", "moment", "edition")]


class TestFollowing:
    def test_a_story_is_found_when_publish_returns(self, article: Article, editor: User):
        publish(article, seen=1, by=editor)
        assert found("青稞") == {article.pk}

    def test_what_waits_beside_the_index_is_found_and_sorted_in_by_the_worker(self, article: Article, editor: User):
        publish(article, seen=1, by=editor)
        assert found("青稞") == {article.pk}
        assert (tables.sort_in() > 0) == (connection.vendor == "postgresql")
        assert tables.sort_in() == 0
        assert found("青稞") == {article.pk}

    def test_after_a_crash_the_worker_sees_to_it(self, article: Article, editor: User, settings: LazySettings):
        steps, settings.AFTER_COMMIT = settings.AFTER_COMMIT, ["tests.search.test_public_index.no_such_step"]
        publish(article, seen=1, by=editor)
        assert found("青稞") == set()
        settings.AFTER_COMMIT = steps
        Outbox.objects.update(claimed_until=F("created_at"))
        assert deliver_due() == 1
        assert found("青稞") == {article.pk}

    def test_twice_is_once(self, published: Article):
        before = table()
        public_index.update(published.editions.get())
        assert table() == before

    def test_the_step_of_an_earlier_edition_overwrites_nothing(self, published: Article, editor: User):
        factories.publish_again(published, by=editor, headline="小麥開鐮")
        before = table()
        public_index.update(Edition.objects.get(article=published, number=1))
        assert table() == before
        assert found("小麥") == {published.pk}

    def test_nothing_is_indexed_of_who_only_drafts(self, article: Article):
        assert (PublicEntry.objects.count(), PublicTokens.objects.count(), Suggestion.objects.count()) == (0, 0, 0)

    def test_editions_and_their_steps_at_once_end_with_the_newest(
        self, committed_db: CommittedDatabase, published: Article, editor: User
    ):
        at_work = threading.Event()
        at_work.set()

        def write() -> None:
            try:
                for number in range(8):
                    factories.publish_again(published, by=editor, headline=f"青稞 w{number}x")
            finally:
                at_work.clear()
                connections.close_all()

        def update() -> None:
            try:
                first = Edition.objects.get(article=published, number=1)
                for _ in range(
                    40
                ):  # SQLite lets writers in by chance: without an end, two of them could starve the third
                    if at_work.is_set():
                        public_index.update(first)
            finally:
                connections.close_all()

        assert at_once(write, update, update) == [None] * 3
        assert found("w7x") == {published.pk}
        assert all(found(f"w{number}x") == set() for number in range(7))
        assert PublicTokens.objects.count() == 1


def no_such_step(edition: Edition) -> None:
    raise RuntimeError("the process is gone")


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public_index, "BATCH", 3)


class TestRebuild:
    def test_readers_find_everything_meanwhile_and_a_takedown_wins(
        self, committed_db: CommittedDatabase, editor: User, chief: User, small_batches: None
    ):
        stays = [factories.publish_article(editor, headline=f"犛牛 s{number}") for number in range(6)]
        goes = [factories.publish_article(editor, headline=f"小麥 g{number}") for number in range(4)]
        keys = {article.pk for article in stays}
        at_work = threading.Event()
        at_work.set()

        def rebuild() -> None:
            try:
                while at_work.is_set():
                    for _ in public_index.rebuild(Publication.objects.all()):
                        pass
            finally:
                connections.close_all()

        def take_down() -> None:
            try:
                for article in goes:
                    factories.withdraw(article, by=chief, second=editor, act="takedown")
                    assert article.pk not in found("小麥")
                    assert found("犛牛") == keys
            finally:
                at_work.clear()
                connections.close_all()

        assert at_once(rebuild, take_down) == [None] * 2
        assert found("小麥") == set()
        assert set(PublicEntry.objects.values_list("pk", flat=True)) == keys

    def test_the_command_brings_back_what_is_missing(self, editor: User, capsys: pytest.CaptureFixture[str]):
        article, other = (factories.publish_article(editor, headline=name) for name in ("青稞開鐮", "小麥開鐮"))
        lose(article)
        call_command("rebuild_search", only="readers", missing=True)
        assert "1 stories can be found by readers." in capsys.readouterr().out
        assert found("開鐮") == {article.pk, other.pk}
        call_command("rebuild_search")
        assert "2 stories can be found at the desk.\n2 stories can be found by readers." in capsys.readouterr().out

    def test_what_stands_with_another_edition_or_should_be_gone_is_missing_too(
        self, editor: User, chief: User, settings: LazySettings
    ):
        stale, down, right = (factories.publish_article(editor, headline=name) for name in "甲乙丙")
        settings.AFTER_COMMIT = []
        factories.publish_again(stale, by=editor, headline="犛牛")
        factories.withdraw(down, by=chief, second=editor, act="takedown")
        lost = factories.publish_article(editor, headline="丁")
        PublicTokens.objects.filter(moment=PublicEntry.objects.get(pk=right.pk).moment).delete()
        astray = {factories.public(one) for one in (stale, down, lost, right)}
        assert set(public_index.astray()) == astray
        for _ in public_index.rebuild(public_index.astray()):
            pass
        assert found("犛牛") == {stale.pk}
        assert not public_index.astray().exists()
        assert right.pk in PublicEntry.objects.values_list("pk", flat=True)

    def test_a_run_that_was_broken_off_can_be_gone_on_with(
        self, editor: User, small_batches: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ):
        stories = [factories.publish_article(editor, headline=f"青稞{number}") for number in range(8)]
        for article in stories:
            lose(article)
        update, batches = OwnDatabase.update, iter([True, True, False])

        def breaking(self: OwnDatabase, keys: list[int]) -> None:
            if not next(batches, True):
                raise KeyboardInterrupt
            update(self, keys)

        monkeypatch.setattr(OwnDatabase, "update", breaking)
        with pytest.raises(KeyboardInterrupt):
            call_command("rebuild_search", only="readers")
        assert f"--after {stories[5].pk}" in capsys.readouterr().err
        assert found("青稞") == {article.pk for article in stories[:6]}
        call_command("rebuild_search", only="readers", after=stories[5].pk)
        assert "2 stories can be found by readers." in capsys.readouterr().out
        assert found("青稞") == {article.pk for article in stories}

    def test_a_story_keeps_its_place_in_the_order_of_time(self, editor: User):
        for number in range(5):
            factories.publish_article(editor, headline=f"青稞{number}")
        before = table()
        call_command("rebuild_search", only="readers")
        assert table() == before


def lose(article: Article) -> None:
    entry = PublicEntry.objects.filter(pk=article.pk)
    PublicTokens.objects.filter(moment__in=entry.values("moment")).delete()
    entry.delete()


@pytest.fixture
def many(editor: User) -> Iterator[None]:
    """So many rows that a plan which reads them all shows; each begins with the same character, and is about it."""
    first = factories.publish_article(editor, headline="青稞開鐮")
    with connection.cursor() as cursor:
        cursor.execute("SELECT tokens FROM articles_public_search")
        (tokens,) = cursor.fetchone()
        values = [(number, tokens) for number in range(1, 4001)]
        cursor.executemany("INSERT INTO articles_public_search (rowid, tokens) VALUES (%s, %s)", values)
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE articles_public_search")
    yield
    assert first.pk


def test_a_full_page_of_what_is_new_asks_for_nothing_older(editor: User, db: None):
    """Nor is a word that stands beside nearly every text sought in all texts that lack it there."""
    source = factories.make_source("朗措日報")
    for number in range(3):
        factories.publish_article(editor, headline=f"消息{number}", source=source)
    for words in ("消息", "朗措日報"):
        with CaptureQueriesContext(connection) as seen:
            assert len(engine().find(Question(words, "zh", limit=2)).hits) == 2
        assert sum("UNION ALL" in query["sql"] for query in seen) == 1
    with CaptureQueriesContext(connection) as seen:
        assert engine().find(Question("犛牛", "zh")).hits == []
    assert sum("articles_public_search" in query["sql"] for query in seen) == 3


def test_what_takes_too_long_is_broken_off(db: None):
    endless = (
        "SELECT pg_sleep(60)"
        if connection.vendor == "postgresql"
        else "WITH RECURSIVE more(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM more) SELECT max(n) FROM more"
    )
    with connection.cursor() as cursor:
        with pytest.raises(TooLong), time_limit(0.05):
            cursor.execute(endless)
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)


@pytest.mark.parametrize("words", ["青", "青稞", "上朗縣", "青稞 上朗縣", "5青", "犛牛"])
def test_no_question_reads_the_whole_table(words: str, many: None):
    """Every walk is a look into the index, and ends with the page; none begins with a scan of all rows."""
    database = engine()
    assert isinstance(database, OwnDatabase)
    for rank in (0, 1, 2):
        sql, values = database._walk(Question(words, "zh"), rank, (0, moments.END, ()))
        with connection.cursor() as cursor:
            explain = "EXPLAIN (ANALYZE, TIMING OFF)" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
            cursor.execute(f"{explain} {sql}", values)
            plan = [str(row[-1]) for row in cursor.fetchall()]
        if connection.vendor == "postgresql":
            assert any("Bitmap Index Scan on articles_public_search_tokens" in step for step in plan), plan
            assert not any("Seq Scan" in step for step in plan), plan
            assert "Limit" in plan[0]
        else:
            assert [step for step in plan if "VIRTUAL TABLE INDEX" in step] == plan, plan
            assert not any("TEMP B-TREE" in step for step in plan), plan  # given in order, so that the limit ends it


def test_one_character_is_sought_as_one_token(many: None):
    """So that nothing has to be gathered from all tokens that begin with it."""
    database = engine()
    assert isinstance(database, OwnDatabase)
    asked = database._walk(Question("青", "zh"), 2, (0, moments.END, ()))[1][0]
    assert "*" not in asked
    assert "•青" in asked
