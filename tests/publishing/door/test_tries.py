"""Limits: five for an account from an address, fifty from an address, thirty for an account from everywhere; none of
them holds for who comes by a browser that they have come in by before."""

from datetime import timedelta

import pytest

from articles.models import Try
from articles.publishing.door.tries import (
    FROM_ANYWHERE,
    KEPT,
    OF_ADDRESS,
    WITHIN,
    Kind,
    TooManyTries,
    count_try,
    forgive_tries,
)
from tests.conftest import CommittedDatabase
from tests.harness.threads import at_once

pytestmark = pytest.mark.django_db
HERE, THERE = "10.0.0.1", "10.0.0.2"


def judged(tries: int, *, kind: Try.Kind = Kind.PASSWORD, account: str = "nima", address: str = HERE) -> int:
    """How many of so many wrong tries are judged at all."""
    return sum(may_try(kind=kind, account=account, address=address) for _ in range(tries))


def may_try(*, kind: Try.Kind = Kind.PASSWORD, account: str = "nima", address: str = HERE, browser: str = "") -> bool:
    try:
        count_try(kind, account=account, address=address, browser=browser)
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


def test_guessed_codes_do_not_shut_the_passkey():
    judged(10, kind=Kind.CODE)
    assert may_try(kind=Kind.PASSKEY)


def test_passkeys_are_counted_by_address_alone():
    for number in range(20):
        assert may_try(kind=Kind.PASSKEY, address=f"10.0.1.{number}")
    assert judged(OF_ADDRESS + 9, kind=Kind.PASSKEY) == OF_ADDRESS


def by_many_addresses(tries: int, account: str = "nima") -> int:
    return sum(may_try(account=account, address=f"10.1.{number // 250}.{number % 250}") for number in range(tries))


def test_two_thousand_addresses_have_thirty_for_one_account():
    assert by_many_addresses(2000) == FROM_ANYWHERE
    assert may_try(account="dazhen")


@pytest.mark.parametrize(("later", "open_again"), [(KEPT - timedelta(seconds=5), False), (KEPT, True)])
def test_after_an_hour_the_account_opens_again(later: timedelta, open_again: bool):
    by_many_addresses(40)
    age(later)
    assert may_try() == open_again


class TestABrowserThatTheAccountHasComeInBy:
    def test_stays_open_when_the_account_is_shut_from_everywhere(self):
        by_many_addresses(40)
        assert not may_try()
        assert may_try(browser="mine")

    def test_stays_open_when_its_address_is_shut_for_all(self):
        for number in range(OF_ADDRESS):
            may_try(account=f"user{number}")
        assert not may_try()
        assert may_try(browser="mine")

    def test_stays_open_when_the_account_is_shut_at_its_address(self):
        judged(9)
        assert may_try(browser="mine")

    @pytest.mark.parametrize("kind", [Kind.PASSWORD, Kind.CODE])
    def test_has_five_tries_of_its_own_wherever_it_goes(self, kind: Try.Kind):
        tried = [may_try(kind=kind, browser="mine", address=f"10.0.1.{number}") for number in range(9)]
        assert tried.count(True) == 5
        assert may_try(kind=kind, browser="another")

    def test_takes_none_from_those_of_its_address(self):
        for number in range(OF_ADDRESS):
            may_try(account=f"user{number}", browser="mine")
        assert may_try()

    def test_forgets_its_own_when_one_was_right(self):
        judged(5)
        for _ in range(5):
            may_try(browser="mine")
        forgive_tries(Kind.PASSWORD, account="nima", address=HERE, browser="mine")
        assert may_try(browser="mine")
        assert not may_try()


def test_neither_names_nor_addresses_are_kept_and_nothing_for_long():
    judged(3)
    assert not [one for one in Try.objects.values_list("account", "address") if "nima" in one or HERE in one]
    age(timedelta(hours=2))
    may_try(account="dazhen")
    assert Try.objects.count() == 1


def test_of_many_at_once_five_are_judged(committed_db: CommittedDatabase):
    answers = at_once(*[may_try] * 20)
    assert (answers.count(True), answers.count(False)) == (5, 15)
