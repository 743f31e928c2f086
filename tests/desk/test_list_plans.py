"""What the list of stories asks is answered by an index, in its order: no filter reads or sorts all stories."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article, Desk, User
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
    with CaptureQueriesContext(connection) as seen:
        assert client.get(LIST, asked).status_code == 200
    (found,) = [query["sql"] for query in seen if " AS part0" in query["sql"]]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("EXPLAIN " + found.replace("%", "%%"))
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("EXPLAIN QUERY PLAN " + found.replace("%", "%%"))
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
