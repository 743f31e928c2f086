"""What the list of stories asks is answered by an index, in its order: no filter reads or sorts all stories."""

import random
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import (
    Article,
    ConversionText,
    Correction,
    Credit,
    Desk,
    DraftVersion,
    Edition,
    EditionText,
    Event,
    Listing,
    Outbox,
    Publication,
    SearchEntry,
    TaggedArticle,
    User,
)
from tests import factories
from tests.desk.forms import at_the_desk
from tests.desk.test_story_list import LIST

MANY = 4000


@pytest.fixture
def archive(editor: User, desk: Desk, stranger: User, reporter: User, chief: User) -> Article:
    """Many stories of two desks, all stages and languages; what the planner is told of them is true."""
    first = factories.make_article(editor)
    channels = [first.channel, *(factories.make_channel() for _ in range(5))]
    desks = [desk, stranger.memberships.get().desk]
    dice = random.Random(5)
    now = timezone.now()
    Article.objects.bulk_create(
        Article(
            desk=dice.choice(desks), headline=str(number), stage=dice.choice(Article.Stage.values),
            language=dice.choice(["zh-Hant", "zh-Hans", "en", "bo"]), channel=dice.choice(channels),
            created_by=dice.choice([editor, reporter, stranger]), changed_by=editor, created_at=now,
            assignee=dice.choice([None, None, None, editor, reporter, chief]),
            due_at=dice.choice([None] * 9 + [now + timedelta(hours=dice.randrange(-99, 99))]),
            changed_at=now - timedelta(minutes=dice.randrange(1, 99_999)),
        )
        for number in range(MANY)
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE articles_article")
    return first


def plan(client: Client, **asked: str) -> list[str]:
    """The steps by which the keys of the page are found."""
    (found,) = [statement for statement in statements(client, LIST, **asked) if " AS part0" in statement]
    return steps_of(found)


def statements(client: Client, path: str, **asked: str) -> list[str]:
    with CaptureQueriesContext(connection) as seen:
        assert client.get(path, asked).status_code == 200
    return [query["sql"] for query in seen]


def steps_of(statement: str) -> list[str]:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("EXPLAIN " + statement.replace("%", "%%"))
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("EXPLAIN QUERY PLAN " + statement.replace("%", "%%"))
        return [row[3] for row in cursor.fetchall()]


@contextmanager
def as_of_a_large_archive() -> Iterator[None]:
    """So few rows can as well be read and sorted: make PostgreSQL show the way that it takes with many."""
    if connection.vendor == "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        for way in ("seqscan", "bitmapscan", "sort"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        yield
        for way in ("seqscan", "bitmapscan", "sort"):
            cursor.execute(f"SET LOCAL enable_{way} = on")


def questions(article: Article, colleague: User) -> list[dict[str, str]]:
    return [
        {},
        *({"stage__exact": stage} for stage in Article.Stage.values),
        {"channel__id__exact": str(article.channel_id)},
        {"language__exact": "bo"},
        {"desk__id__exact": str(article.desk_id)},
        {"who": "me"},
        {"who": "begun"},
        {"who": "nobody"},
        {"who": str(colleague.pk)},
        {"due": "over"},
        {"due": "week"},
        {"due": "any"},
    ]


@pytest.mark.parametrize("role", ["administrator", "editor", "reporter"])
def test_every_filter_is_served_by_an_index(role: str, request: Any, archive: Article, chief: User):
    client = at_the_desk(request.getfixturevalue(role))
    faults = []
    for asked in questions(archive, chief):
        with as_of_a_large_archive():
            steps = plan(client, **asked)
        if connection.vendor == "postgresql":  # each part is an index read in its order, up to the limit
            reads = [place for place, step in enumerate(steps) if "Scan" in step and "articles_article" in step]
            assert reads
            faults += [(asked, steps[place]) for place in reads
                       if "Index" not in steps[place]
                       or not ("Limit" in steps[place - 1] or "rows=1 " in steps[place])]  # fmt: skip
        else:
            inner = steps[: next((place for place, step in enumerate(steps) if "SCAN part" in step), len(steps))]
            faults += [(asked, step) for step in steps
                       if step.startswith("SCAN articles_article") and "USING" not in step]  # fmt: skip
            faults += [(asked, step) for step in inner if "USE TEMP B-TREE FOR ORDER BY" in step]
    assert faults == []


# Every story has rows in these, or may have.
AS_MANY = [Article, ConversionText, Correction, Credit, DraftVersion, Edition, EditionText, Event, Listing, Outbox,
           Publication, SearchEntry, TaggedArticle, Article.places.through]  # fmt: skip
WHOLE = re.compile(rf"(?:Seq Scan on|SCAN) (?:{'|'.join(model._meta.db_table for model in AS_MANY)})\b(?!.*USING)")


@pytest.mark.parametrize("role", ["administrator", "reporter"])
def test_neither_the_list_nor_the_form_counts_stories_or_reads_them_all(role: str, request: Any, archive: Article):
    client = at_the_desk(request.getfixturevalue(role))
    story = (
        archive
        if role != "reporter"
        else Article.objects.filter(created_by__username="nima", desk=archive.desk).first()
    )
    assert story
    form = f"{LIST}{story.pk}/change/"
    older = client.get(LIST).content.decode().split('rel="next"')[0].rpartition('href="?')[2].partition('"')[0]
    faults = []
    for path in (LIST, f"{LIST}?{older}", f"{LIST}add/", form, f"{LIST}{story.pk}/publish/"):
        for statement in statements(client, path):
            if "COUNT(" in statement and WHOLE.search(f"SCAN {statement.partition(' FROM ')[2]}"):
                faults.append((path, statement))
            if statement.startswith("SELECT"):
                with as_of_a_large_archive():
                    faults += [(path, step, statement) for step in steps_of(statement) if WHOLE.search(step)]
    assert faults == []
