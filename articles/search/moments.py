"""Where a public story stands in the order of time: a number that both indexes give in order by themselves.

Seconds since 1900, times 16, plus which of the stories of this second it is: dense enough for an index, and unique. The
seventeenth story of a second (an archive that knows only days) stands in the next one.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from articles.models import PublicEntry
from articles.models.prepared import prepared, told

BEGINNING = datetime(1900, 1, 1, tzinfo=UTC)
A_SECOND = 16
END = 2**62
A_SPELL = A_SECOND * 86_400 * 30  # a mark of the index says in which of these a story appeared


def moment_of(at: datetime) -> int:
    """The first number of a second."""
    return max(int((at - BEGINNING).total_seconds()), 0) * A_SECOND


def spell_of(moment: int) -> int:
    return moment // A_SPELL


def span(length: timedelta) -> int:
    return int(length.total_seconds()) * A_SECOND


def settle(publication: int, edition: int, at: datetime) -> int:
    """The number of a story, first given to it here; `edition` is the one that is indexed from now on.

    In a transaction that has locked the story's publication; others may look for a number of the same second.
    """
    for moment in _known()(publication=publication):
        PublicEntry.objects.filter(pk=publication).update(edition=edition)
        return int(moment)
    first = moment_of(at)
    last = _last().first(first=first, behind=first + A_SECOND)
    moment = first if last is None else last + 1
    while not _take(publication, edition, moment):
        moment += 1
    return moment


@prepared
def _known() -> QuerySet[Any, Any]:
    return PublicEntry.objects.filter(pk=told("publication")).values_list("moment", flat=True)


@prepared
def _last() -> QuerySet[Any, Any]:
    taken = PublicEntry.objects.filter(moment__gte=told("first"), moment__lt=told("behind"))
    return taken.order_by("-moment").values_list("moment", flat=True)[:1]


def _take(publication: int, edition: int, moment: int) -> bool:
    """Whether the number was free. Waits for another transaction that is about to take the same one."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {PublicEntry._meta.db_table} (publication_id, edition_id, moment) "  # noqa: S608 - our own
            "VALUES (%s, %s, %s) ON CONFLICT (moment) DO NOTHING",
            [publication, edition, moment],
        )
        return bool(cursor.rowcount)
