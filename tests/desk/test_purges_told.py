"""Whoever acts is told when the pages of before could not be taken away yet."""

import pytest
from django.conf import LazySettings
from django.urls import reverse

from articles.models import Article, Purge, User
from newsroom.delivery import redis_store
from tests.conftest import CommittedDatabase
from tests.desk.forms import at_the_desk, open_form, parse
from tests.harness.redis_server import RedisServer

TOLD = "What you did stands. But pages made before it are kept for readers, and could not be taken away yet"


@pytest.mark.parametrize("away", [True, False])
def test_an_edition_stands_and_its_editor_knows_whether_all_have_it(
    committed_db: CommittedDatabase,
    redis_server: RedisServer,
    settings: LazySettings,
    monkeypatch: pytest.MonkeyPatch,
    article: Article,
    editor: User,
    away: bool,
):
    Purge.objects.all().delete()  # what is owed to a store that was switched off until here
    settings.PAGE_STORE = redis_server.url
    monkeypatch.setattr(redis_store, "MARGIN", 0.01 - redis_store.LEASE)
    if away:
        redis_server.kill()
    client = at_the_desk(editor)
    sent = open_form(client, reverse("admin:articles_article_publish", args=[article.pk])).send()
    shown = parse(client.get(sent["Location"])).one("ul.messagelist").words
    assert "Edition 1 is public." in shown
    assert (TOLD in shown) == Purge.objects.exists() == away
    assert TOLD not in client.get(reverse("admin:index")).content.decode()
