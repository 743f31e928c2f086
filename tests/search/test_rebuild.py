"""The index is made anew while the desk works on: nobody's words are lost to it, and nothing is missing meanwhile."""

import threading

import pytest
from django.core.management import call_command
from django.db import connections

from articles.models import Article, SearchEntry, Suggestion, User
from articles.search import indexing, names
from articles.search.query import Search
from tests import factories
from tests.conftest import CommittedDatabase
from tests.harness.threads import at_once

STORIES = 24


def found(words: str) -> list[int]:
    return sorted(Search(words).entries().values_list("pk", flat=True))


def test_a_rebuild_overwrites_no_save_and_is_never_seen_half_done(
    committed_db: CommittedDatabase, editor: User, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(indexing, "BATCH", 5)
    stories = [factories.make_article(editor, headline=f"青稞 w{number}old") for number in range(STORIES)]
    keys = sorted(article.pk for article in stories)
    at_work = threading.Event()
    at_work.set()

    def rebuild() -> None:
        try:
            while at_work.is_set():
                for _ in indexing.rebuild(Article.objects.all()):
                    pass
        finally:
            connections.close_all()

    def write() -> None:
        try:
            for number, article in enumerate(stories):
                factories.change(article, by=editor, headline=f"青稞 w{number}new")
        finally:
            at_work.clear()

    def seek() -> None:
        while at_work.is_set():
            assert found("青稞") == keys

    assert at_once(rebuild, write, seek) == [None] * 3
    for number, article in enumerate(stories):
        assert found(f"w{number}new") == [article.pk]
        assert found(f"w{number}old") == []


def test_it_suggests_names_as_they_are_now(db: None, published: Article):
    Suggestion.objects.filter(kind="channel").update(key=b"of-before")
    call_command("rebuild_search", only="readers", verbosity=0)
    channel = Suggestion.objects.get(kind="channel")
    assert bytes(channel.key) == names.key_of(published.channel.name)


def test_the_command_brings_back_a_lost_index(db: None, editor: User, capsys: pytest.CaptureFixture[str]):
    article = factories.make_article(editor, headline="青稞開鐮")
    SearchEntry.objects.all().delete()
    assert found("青稞") == []
    call_command("rebuild_search")
    assert found("青稞") == [article.pk]
    assert "1 stories can be found at the desk." in capsys.readouterr().out
