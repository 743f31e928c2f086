"""How often somebody may try: counted in the database, so that it holds for all processes together.

A try is counted before it is judged, under a lock, and forgiven when it was right: of any number of tries at once no
more than the limit are judged at all.
"""

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
OF_ACCOUNT = 5  # tries that failed, for one account from one address
OF_ADDRESS = 50  # for all accounts from one address
Kind = Try.Kind

# A second factor is asked of those only who know the password: there the account alone is counted, since nobody else
# can lock it, and many addresses give no more guesses than one. A password's account is never locked by others.
FROM_ANYWHERE = {Kind.CODE}


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


@transaction.atomic
def count_try(kind: Try.Kind, *, account: str, address: str) -> None:
    """Count a try that is about to be judged. account: as it was typed. Raises TooManyTries, then judge nothing."""
    who, where = _digest(User.normalize_username(account)), _digest(address)
    one_at_a_time(f"tries of {who}", f"tries from {where}")
    now = database_now()
    lately = Try.objects.filter(kind=kind, at__gt=now - WITHIN)
    of_account = lately.filter(account=who)
    if kind not in FROM_ANYWHERE:
        of_account = of_account.filter(address=where)
    for tries, most in ((of_account, OF_ACCOUNT), (lately.filter(address=where), OF_ADDRESS)):
        times = list(tries.order_by("-at").values_list("at", flat=True)[:most])
        if len(times) >= most:
            raise TooManyTries(_seconds(times[-1] + WITHIN - now))
    Try.objects.filter(at__lt=now - KEPT).delete()
    Try.objects.create(kind=kind, account=who, address=where, at=now)


def forgive_tries(kind: Try.Kind, *, account: str, address: str) -> None:
    """It was right: what this account has tried from here is forgotten."""
    who, where = _digest(User.normalize_username(account)), _digest(address)
    Try.objects.filter(kind=kind, account=who, address=where).delete()


def _seconds(left: timedelta) -> int:
    return max(1, -(-int(left / timedelta(milliseconds=1)) // 1000))


def _digest(name: str) -> str:
    return salted_hmac("newsroom.tries", name, algorithm="sha256").hexdigest()
