"""The database's clock decides when something happened."""

from datetime import UTC, datetime

from django.db import connection


def database_now() -> datetime:
    """The moment by the clock of the database, in UTC, to the millisecond; it moves within a transaction too."""
    question = (
        "SELECT clock_timestamp()"
        if connection.vendor == "postgresql"
        else "SELECT strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')"
    )
    with connection.cursor() as cursor:
        cursor.execute(question)
        (now,) = cursor.fetchone()
    moment = now if isinstance(now, datetime) else datetime.fromisoformat(now)
    moment = moment.astimezone(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def stamp(moment: datetime) -> str:
    """A moment as records and canonical content write it: UTC, milliseconds, RFC 3339."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
