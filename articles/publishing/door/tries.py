"""How often somebody may try: counted in the database, so that it holds for all processes together.

A try is counted before it is judged, under a lock, and forgiven when it was right: of any number of tries at once no
more than the limit are judged at all.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import ngettext

from articles.models import Try, User
from articles.publishing.clock import database_now
from articles.publishing.errors import PublishingError
from articles.publishing.report_error import one_at_a_time

WITHIN = timedelta(minutes=15)
KEPT = timedelta(hours=1)
OF_ACCOUNT = 5  # tries that failed, for one account from one place
OF_ADDRESS = 50  # for all accounts from one address
# For one account from everywhere, within the hour that tries are kept: more than anybody mistypes, and so few that all
# addresses of the world together have 720 guesses a day. Only an hour: so long who comes by a new browser may wait.
FROM_ANYWHERE = 30
Kind = Try.Kind


class TooManyTries(PublishingError):
    """`seconds`: until it is worth trying again."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        minutes = -(-seconds // 60)
        super().__init__(
            ngettext(
                "Too many tries. Wait %(count)d minute, then try again.",
                "Too many tries. Wait %(count)d minutes, then try again.",
                minutes,
            )
            % {"count": minutes}
        )


@dataclass(frozen=True)
class Limit:
    most: int
    by_account: bool = True
    by_place: bool = True
    within: timedelta = WITHIN


def _limits(kind: Try.Kind, *, known: bool) -> list[Limit]:
    """The answer of a passkey cannot be guessed, so that others' never shut it: there the place alone is counted.

    A code can be, but is asked of those only who know the password: there the account alone is counted, since nobody
    else can lock it, and many addresses give no more guesses than one.
    """
    of_place = Limit(OF_ADDRESS, by_account=False)
    if kind == Kind.PASSKEY:
        return [of_place]
    if known:
        return [Limit(OF_ACCOUNT)]
    if kind == Kind.CODE:
        return [Limit(OF_ACCOUNT, by_place=False), of_place]
    if kind == Kind.PASSWORD:
        return [Limit(OF_ACCOUNT), of_place, Limit(FROM_ANYWHERE, by_place=False, within=KEPT)]
    return [Limit(OF_ACCOUNT), of_place]


@transaction.atomic
def count_try(kind: Try.Kind, *, account: str, address: str, browser: str = "") -> None:
    """Count a try that is about to be judged. account: as it was typed. Raises TooManyTries, then judge nothing.

    browser: the name of one that this account has come in by before, if it is. It is a place of its own: what others
    have tried, at its address or anywhere, shuts nobody out of it, and it has five tries like any other place.
    """
    who, where = _digest(User.normalize_username(account)), _place(address, browser)
    one_at_a_time(f"tries of {who}", f"tries from {where}")
    now = database_now()
    for limit in _limits(kind, known=bool(browser)):
        tries = Try.objects.filter(kind=kind, at__gt=now - limit.within)
        tries = tries.filter(account=who) if limit.by_account else tries
        tries = tries.filter(address=where) if limit.by_place else tries
        times = list(tries.order_by("-at").values_list("at", flat=True)[: limit.most])
        if len(times) >= limit.most:
            raise TooManyTries(_seconds(times[-1] + limit.within - now))
    Try.objects.filter(at__lt=now - KEPT).delete()
    Try.objects.create(kind=kind, account=who, address=where, at=now)


def forgive_tries(kind: Try.Kind, *, account: str, address: str, browser: str = "") -> None:
    """It was right: what this account has tried from here is forgotten."""
    who, where = _digest(User.normalize_username(account)), _place(address, browser)
    Try.objects.filter(kind=kind, account=who, address=where).delete()


def _seconds(left: timedelta) -> int:
    return max(1, -(-int(left / timedelta(milliseconds=1)) // 1000))


def _place(address: str, browser: str) -> str:
    return _digest(f"browser {browser}" if browser else address)


def _digest(name: str) -> str:
    return salted_hmac("newsroom.tries", name, algorithm="sha256").hexdigest()
