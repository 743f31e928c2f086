"""A query that is written once answers as the same query written anew."""

import gc
import weakref
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.db.models import DateTimeField, QuerySet
from django.test.utils import CaptureQueriesContext

from articles.models import Channel, Listing, Publication, User
from articles.models.prepared import all_told, each, prepared, told
from tests import factories
from tests.conftest import CommittedDatabase
from tests.harness.once import on_postgresql

pytestmark = pytest.mark.django_db


@prepared
def newest(limit: int) -> "QuerySet[Publication]":
    earlier = Publication.objects.filter(first_published_at__lt=told("before", DateTimeField()))
    return earlier.select_related("edition").order_by("-first_published_at")[:limit]


@prepared
def named(count: int) -> "QuerySet[Channel, tuple[int, str]]":
    return Channel.objects.filter(pk__in=all_told("key", count)).order_by("pk").values_list("pk", "name")


@prepared
def listed() -> "QuerySet[Listing]":
    return Listing.objects.on(Listing.Kind.CHANNEL, told("channel"), "zh")


def test_its_objects_are_those_of_the_queryset_with_what_was_joined(editor: User):
    one, other = (factories.public(factories.publish_article(editor)) for _ in range(2))
    end = max(one.first_published_at, other.first_published_at) + timedelta(seconds=1)
    with CaptureQueriesContext(connection) as asked:
        found = newest(5)(before=end)
        assert {story.edition.number for story in found} == {1}
    assert {story.pk for story in found} == {one.pk, other.pk}
    assert {story.first_published_at for story in found} == {one.first_published_at, other.first_published_at}
    assert len(asked) == 1
    assert newest(5)(before=one.first_published_at - timedelta(days=1)) == []
    assert len(newest(1)(before=end)) == 1


def test_it_is_asked_with_other_values_each_time():
    one, other = factories.make_channel(name="農牧"), factories.make_channel(name="教育")
    assert named(1)(**each("key", [one.pk])) == [(one.pk, "農牧")]
    assert named(1)(**each("key", [other.pk])) == [(other.pk, "教育")]
    assert named(2)(**each("key", [one.pk, other.pk])) == [(one.pk, "農牧"), (other.pk, "教育")]
    assert named(0)() == []
    assert listed()(channel=one.pk) == []


def test_what_is_shared_is_made_anew_as_soon_as_the_database_tells_something_else():
    channel = factories.make_channel(name="農牧")

    @prepared
    def all_of_them() -> "QuerySet[Channel]":
        return Channel.objects.order_by("pk")

    first = all_of_them().shared(list)
    assert all_of_them().shared(list) is first
    Channel.objects.filter(pk=channel.pk).update(name="農業")
    assert [one.name for one in all_of_them().shared(list)] == ["農業"]


def test_it_holds_no_connection_of_the_thread_that_asked_first(committed_db: CommittedDatabase):
    @prepared
    def of_this_test() -> "QuerySet[Channel]":
        return Channel.objects.order_by("pk")

    def ask() -> "weakref.ref[object]":
        of_this_test()()
        connections["default"].close()
        return weakref.ref(connections["default"])

    with ThreadPoolExecutor(1) as thread:
        held = thread.submit(ask).result()
    gc.collect()
    assert held() is None


@on_postgresql
def test_postgresql_plans_it_once_with_what_never_changes_in_it(editor: User):
    @prepared
    def called(name: str) -> "QuerySet[Channel, int]":
        return Channel.objects.filter(pk=told("key"), name=name).values_list("pk", flat=True)

    odd = factories.make_channel(name="100 % 'ours' %s")
    for _ in range(3):
        assert called(odd.name)(key=odd.pk) == [odd.pk]
        assert called(odd.name)(key=odd.pk + 1) == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE statement LIKE '%ours%'")
        assert cursor.fetchall() == [(6, 0)]


@on_postgresql
def test_other_statements_are_not_held(editor: User):
    listed()(channel=1)
    for number in range(3):
        list(Channel.objects.filter(name="x" * 1000 + str(number)))
    assert len(connection.connection._prepared._counts) == 0
    assert len(connection.connection._prepared._names) == 1


@on_postgresql
def test_it_is_planned_anew_where_a_column_changed_meanwhile(committed_db: CommittedDatabase):
    channel = factories.make_channel(name="農牧")
    assert named(1)(**each("key", [channel.pk])) == [(channel.pk, "農牧")]

    def change() -> None:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE articles_channel ALTER name TYPE varchar(99)")
        connections["default"].close()

    with ThreadPoolExecutor(1) as elsewhere:
        elsewhere.submit(change).result()
    assert named(1)(**each("key", [channel.pk])) == [(channel.pk, "農牧")]
