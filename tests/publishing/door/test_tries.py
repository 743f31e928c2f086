"""Limits: five for an account from an address, fifty from an address; nobody is locked out from elsewhere."""

from datetime import timedelta

import pytest

from articles.models import Try
from articles.publishing.door.tries import OF_ADDRESS, WITHIN, Kind, TooManyTries, count_try, forgive_tries
from tests.conftest import CommittedDatabase
from tests.harness.threads import at_once

pytestmark = pytest.mark.django_db
HERE, THERE = "10.0.0.1", "10.0.0.2"


def judged(tries: int, *, kind: Try.Kind = Kind.PASSWORD, account: str = "nima", address: str = HERE) -> int:
    """How many of so many wrong tries are judged at all."""
    return sum(may_try(kind=kind, account=account, address=address) for _ in range(tries))


def may_try(*, kind: Try.Kind = Kind.PASSWORD, account: str = "nima", address: str = HERE) -> bool:
    try:
        count_try(kind, account=account, address=address)
    except TooManyTries:
        return False
    return True


def age(by: timedelta) -> None:
    for one in Try.objects.all():
        Try.objects.filter(pk=one.pk).update(at=one.at - by)


def test_five_of_a_thousand_are_judged():
    assert judged(1000) == 5


def test_the_account_is_open_from_another_address():
    judged(10)
    assert may_try(address=THERE)


def test_an_address_that_tries_many_accounts_has_fifty():
    assert sum(judged(1, account=f"user{number}") for number in range(OF_ADDRESS + 20)) == OF_ADDRESS
    assert may_try(account="user0", address=THERE)


def test_a_right_one_forgets_the_wrong_ones():
    judged(4)
    count_try(Kind.PASSWORD, account="nima", address=HERE)
    forgive_tries(Kind.PASSWORD, account="nima", address=HERE)
    assert judged(9) == 5


def test_it_forgives_no_other_account():
    judged(5)
    forgive_tries(Kind.PASSWORD, account="dazhen", address=HERE)
    assert not may_try()


def test_the_name_is_the_same_however_it_is_typed():
    judged(5)
    assert not may_try(account="ｎｉｍａ")  # full width, as Django would read it


@pytest.mark.parametrize(("later", "open_again"), [(WITHIN - timedelta(seconds=5), False), (WITHIN, True)])
def test_after_a_quarter_of_an_hour_it_opens_again(later: timedelta, open_again: bool):
    judged(5)
    age(later)
    assert may_try() == open_again


def test_the_refusal_says_how_long_to_wait():
    judged(5)
    age(timedelta(minutes=5))
    with pytest.raises(TooManyTries, match="10") as refused:
        count_try(Kind.PASSWORD, account="nima", address=HERE)
    assert 9 * 60 < refused.value.seconds <= 10 * 60


def test_a_second_factors_tries_are_five_from_everywhere_together():
    """Only who knows the password comes so far: nobody else can lock it."""
    assert sum(may_try(kind=Kind.CODE, address=f"10.0.1.{number}") for number in range(20)) == 5
    assert may_try()


def test_neither_names_nor_addresses_are_kept_and_nothing_for_long():
    judged(3)
    assert not [one for one in Try.objects.values_list("account", "address") if "nima" in one or HERE in one]
    age(timedelta(hours=2))
    may_try(account="dazhen")
    assert Try.objects.count() == 1


def test_of_many_at_once_five_are_judged(committed_db: CommittedDatabase):
    answers = at_once(*[may_try] * 20)
    assert (answers.count(True), answers.count(False)) == (5, 15)
