"""`manage.py overdue`: what a monitor reads, and its exit code."""

import io
from datetime import timedelta

import pytest
from django.core.management import call_command

from articles.models import Article, Schedule, User
from tests import factories
from tests.publishing.test_fronts import arranged
from tests.publishing.test_fronts import make_due as make_launch_due
from tests.publishing.test_fronts import scheduled as launch_at_a_time
from tests.publishing.test_schedules import make_due, scheduled


def test_it_says_nothing_where_nothing_is_late(article: Article, editor: User):
    scheduled(article, editor)
    make_due(ago=timedelta(seconds=30))
    out = io.StringIO()
    call_command("overdue", stdout=out)
    assert out.getvalue() == ""


def test_it_lists_what_is_late_and_ends_with_1(article: Article, editor: User):
    scheduled(article, editor)
    make_due(ago=timedelta(seconds=90))
    Schedule.objects.update(attempts=2, error="OSError: the disk is full\nmore")
    out = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("overdue", stdout=out)
    assert ended.value.code == 1
    (line,) = out.getvalue().splitlines()
    assert line.startswith(f"{article.code}  version 1  due ")
    assert line.endswith("attempts 2  OSError: the disk is full")


def test_it_lists_launches_of_fronts_that_are_late(editor: User):
    arranged(editor, factories.publish_article(editor))
    row = launch_at_a_time(editor)
    make_launch_due(row, timedelta(seconds=90))
    out = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("overdue", stdout=out)
    assert ended.value.code == 1
    assert out.getvalue().startswith("front 0  launch  due ")
