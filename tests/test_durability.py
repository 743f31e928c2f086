"""Some transactions need not wait for the disk; all others still do."""

import pytest
from django.db import connection, transaction

from articles.models import Source
from newsroom.durability import may_be_lost
from tests.conftest import CommittedDatabase
from tests.factories import make_source


def waits_for_the_disk() -> bool:
    """Whether a transaction that is committed now does."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SHOW synchronous_commit")
            return bool(cursor.fetchone()[0] != "off")
        cursor.execute("PRAGMA synchronous")
        return bool(cursor.fetchone()[0] == FULL)


FULL = 2  # https://sqlite.org/pragma.html#pragma_synchronous


@pytest.fixture(autouse=True)
def _durable(committed_db: CommittedDatabase) -> None:
    """As settings.py has it; the databases of tests are quicker than that."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SET synchronous_commit = on" if connection.vendor == "postgresql" else "PRAGMA synchronous = FULL"
        )


def test_what_may_be_lost_does_not_wait_and_what_follows_does():
    with may_be_lost():
        make_source("水")
        assert not waits_for_the_disk()
    assert waits_for_the_disk()
    assert Source.objects.filter(name="水").exists()


def test_a_fault_undoes_it_and_what_follows_waits_again():
    def fails() -> None:
        with may_be_lost():
            make_source("水")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    assert waits_for_the_disk()
    assert not Source.objects.filter(name="水").exists()


def test_within_a_transaction_that_must_not_be_lost_nothing_may():
    with transaction.atomic():
        with may_be_lost():
            make_source("水")
            assert waits_for_the_disk()
        assert waits_for_the_disk()
