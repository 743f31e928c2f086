"""What the migrations make of a newsroom that was filled before them."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import rfc8785
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from pytest_django import DjangoDbBlocker

from articles.models import Correction, CorrectionText, Edition, EditionPicture, Listing, Publication, Unsealed
from articles.publishing import records
from tests.harness import databases

AT = [datetime(2026, 3, day, 4, 5, 6, 789000, tzinfo=UTC) for day in (1, 2)]
STAMPS = ["2026-03-01T04:05:06.789Z", "2026-03-02T04:05:06.789Z"]
NOTE = "補入收成。"
OTHER = "mnpqrstuvw"
WORDS: dict[str, Any] = {
    "format": 1, "code": "abcdefghjk", "language": "zh-Hant", "zone": "Asia/Shanghai", "headline": "青稞開鐮",
    "kicker": "", "standfirst": "", "body": "<p>青稞開鐮了。</p>", "lead": None,
    "pictures": {"7": {"digest": "d" * 64, "alt": "", "credit": "", "language": "zh-Hant", "width": 9, "height": 9,
                       "widths": [9]}},
    "trail": [{"id": 1, "name": "農牧"}], "source": {"id": 1, "name": "朗措新聞"}, "topic": None,
    "credits": [{"role": "editor", "id": 1, "name": "達珍"}], "tags": [],
}  # fmt: skip


def migrate(to: str) -> Any:
    call_command("migrate", "articles", to, verbosity=0)
    return MigrationExecutor(connection).loader.project_state([("articles", to)]).apps


def fill(model: Any) -> None:
    """A story of two editions of format 1, the second an update, as the first release wrote them."""
    user = model("User").objects.create(username="dazhen")
    desk = model("Desk").objects.create(name="朗措編輯部", slug="langtso", time_zone="Asia/Shanghai")
    channel = model("Channel").objects.create(pk=1, name="農牧", slug="farming", path="farming")
    source = model("Source").objects.create(pk=1, name="朗措新聞", slug="langtso")
    article = model("Article").objects.create(
        code="abcdefghjk", desk=desk, stage="published", language="zh-Hant", headline="青稞開鐮", channel=channel,
        source=source, created_at=AT[0], created_by=user, changed_at=AT[1], changed_by=user,
    )  # fmt: skip
    previous, edition = "", None
    for number, (kind, notices) in enumerate(
        [("initial", []), ("update", [{"number": 2, "kind": "update", "at": STAMPS[1], "text": NOTE}])], start=1
    ):
        content = rfc8785.dumps(
            WORDS | {"number": number, "kind": kind, "published_at": STAMPS[number - 1],
                     "first_published_at": STAMPS[0], "notices": notices}
        ).decode()  # fmt: skip
        digest = records.format_1(content, salt="5a17", previous=previous)
        edition = model("Edition").objects.create(
            article=article, number=number, kind=kind, published_at=AT[number - 1], by=user, digest=digest,
            previous_digest=previous,
        )  # fmt: skip
        model("EditionText").objects.create(edition=edition, content=content, salt="5a17")
        previous = digest
    publication = model("Publication").objects.create(
        article=article, code=article.code, edition=edition, language="zh-Hant", readers="zh", channel=channel,
        source=source, first_published_at=AT[0], published_at=AT[1], changed_note=NOTE, card=json.dumps({}),
    )  # fmt: skip
    model("Listing").objects.create(
        publication=publication, kind="site", target=0, readers="zh", first_published_at=AT[0]
    )


def write_in_the_other_script(model: Any) -> None:
    """A second public story that translates the first one into its other Chinese script."""
    publication = model("articles", "Publication").objects.get()
    article = model("articles", "Article").objects.get()
    article.pk, article.code, article.language, article.translation_of_id = None, OTHER, "zh-Hans", article.pk
    article.save()
    edition = model("articles", "Edition").objects.create(
        article=article, number=1, kind="initial", published_at=AT[1], by=article.created_by, digest="e" * 64
    )
    publication.pk, publication.article, publication.edition, publication.notice = article.pk, article, edition, None
    publication.code, publication.language = OTHER, "zh-Hans"
    publication.save(force_insert=True)


@pytest.fixture
def empty(engine: databases.Engine, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A database without a table."""
    name = f"{engine.process}_empty"
    engine.databases.create(name)
    try:
        with django_db_blocker.unblock(), databases.connected(engine.databases.url(name)) as opened:
            with databases.default(opened):
                yield
    finally:
        engine.databases.drop(name)


def test_editions_of_the_first_release_keep_their_digests_and_their_notices_become_rows(empty: None):
    before = migrate("0002_pages")
    fill(lambda name: before.get_model("articles", name))
    newest = [name for app, name in MigrationExecutor(connection).loader.graph.leaf_nodes() if app == "articles"]
    write_in_the_other_script(migrate("0024_public_search").get_model)
    migrate(newest[0])

    assert set(Publication.objects.values_list("code", "only_in")) == {("abcdefghjk", "zh-Hant"), (OTHER, "zh-Hans")}
    assert Listing.objects.get().only_in == "zh-Hant"
    Publication.objects.filter(code=OTHER).delete()
    first, second = Edition.objects.filter(article__code="abcdefghjk").order_by("number")
    assert [first.content_digest, second.content_digest] == ["", ""]
    text = second.text
    assert second.digest == records.format_1(text.content, salt=text.salt, previous=first.digest)
    notice = Correction.objects.get()
    assert (notice.right, notice.wrong, notice.kind) == (second, first, "update")
    words = CorrectionText.objects.get()
    assert words.read()["text"] == NOTE
    assert notice.text_digest == records.salted(words.content, words.salt)
    assert notice.digest == records.digest(
        records.of_notice(notice, code="abcdefghjk", right=2, wrong=1, supersedes="")
    )
    publication = Publication.objects.get()
    assert (publication.notice, publication.changed_at, publication.state) == (notice, AT[1], "standing")
    assert set(EditionPicture.objects.values_list("digest", flat=True)) == {"d" * 64}
    assert Unsealed.objects.count() == 3
