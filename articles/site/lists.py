"""Public lists: every query bounded by an index and a limit, whatever the archive's size."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from articles.models import Listing, Publication
from articles.models.publication import ListingQuerySet
from articles.site import addresses, pictures
from articles.site.frame import Surroundings
from articles.site.notices import mark_label
from articles.site.renderings import card_in
from articles.site.things import Card, Link

LENGTH = 30  # stories on the newest page of a list
MONTH = 500  # stories on the page of a month; a busier one is read by its days
RELATED = 6
CHUNK = 100  # spans of time that one query asks about

State = Publication.State
Key = tuple[str, int]  # Listing.kind and target


@dataclass(frozen=True)
class Row:
    """One listing with what its card needs, as one query brings it."""

    kind: str
    target: int
    first_published_at: datetime
    publication_id: int
    code: str
    channel_id: int
    card: dict[str, Any]


_FIELDS = (
    "kind", "target", "first_published_at", "publication_id", "publication__code", "publication__channel_id",
    "card_here",
)  # fmt: skip
_COLUMNS = [column.name for column in fields(Row)]


def _values(found: "QuerySet[Listing]") -> "QuerySet[Any, tuple[Any, ...]]":
    """What a row needs; its card as pages of the language that is being read show it."""
    return found.annotate(card_here=card_in(addresses.page_language(), "publication__")).values_list(*_FIELDS)


def _rows(values: Iterable[tuple[Any, ...]]) -> list[Row]:
    return [Row(**dict(zip(_COLUMNS, value, strict=True)) | {"card": json.loads(value[-1])}) for value in values]


def on(kind: str, target: int, readers: str) -> ListingQuerySet:
    """What a list shows in the language that is being read, newest first."""
    return Listing.objects.on(Listing.Kind(kind), target, readers).shown_in(addresses.page_language())


def row(publication: int, code: str, channel: int, first: datetime, card: str) -> Row:
    """A story that somebody put where it stands, and that no list gave; card: as this page shows it."""
    return Row("", 0, first, publication, code, channel, json.loads(card))


def row_of(story: Publication, card: dict[str, Any]) -> Row:
    """The same of a whole publication; card: as it is read already."""
    return Row("", 0, story.first_published_at, story.pk, story.code, story.channel_id, card)


def newest(
    kind: str,
    target: int,
    readers: str,
    *,
    limit: int = LENGTH,
    standing: bool = False,
    without: QuerySet[Any, Any] | None = None,
) -> list[Row]:
    """standing: without what was retracted, as a front wants it; without: keys of stories that are left out."""
    found = on(kind, target, readers)
    found = found.standing() if standing else found
    found = found if without is None else found.exclude(publication__in=without)
    return _rows(_values(found)[:limit])


def newest_of_each(keys: Sequence[Key], readers: str, *, limit: int) -> dict[Key, list[Row]]:
    """The newest rows of several lists, by one query, without what was retracted."""
    parts = [
        _values(Listing.objects.filter(pk__in=on(kind, target, readers).standing().values("pk")[:limit]))
        for kind, target in dict.fromkeys(keys)
    ]
    found: dict[Key, list[Row]] = defaultdict(list)
    if parts:
        rows = _rows(parts[0].union(*parts[1:], all=True) if parts[1:] else parts[0])
        for row in sorted(rows, key=lambda row: (row.first_published_at, row.publication_id), reverse=True):
            found[row.kind, row.target].append(row)
    return found


def between(kind: str, target: int, readers: str, start: datetime, end: datetime) -> list[Row]:
    found = on(kind, target, readers)
    return _rows(_values(found.filter(first_published_at__gte=start, first_published_at__lt=end))[:MONTH])


def days_between(kind: str, target: int, readers: str, start: datetime, end: datetime, zone: ZoneInfo) -> set[date]:
    """The days in `zone` on which the list has a story: an index-only walk over one month."""
    found = on(kind, target, readers)
    times = found.filter(first_published_at__gte=start, first_published_at__lt=end).values_list("first_published_at")
    return {moment.astimezone(zone).date() for (moment,) in times.iterator()}


def nearest(kind: str, target: int, readers: str, *, before: datetime | None = None,
            since: datetime | None = None) -> datetime | None:  # fmt: skip
    """When the last story before a moment, or the first one since a moment, was first published."""
    found = on(kind, target, readers).values_list("first_published_at", flat=True)
    if before:
        return found.filter(first_published_at__lt=before).first()
    return found.filter(first_published_at__gte=since).reverse().first()


def has_any(kind: str, target: int, readers: str) -> bool:
    return on(kind, target, readers).exists()


def targets(kind: str, readers: str) -> RawSQL:
    """The keys of the lists of a kind that have a story, as a subquery. It leaps in the index from list to list: what
    it costs grows with the lists alone, not with the stories, nor with things that have none."""
    table = connection.ops.quote_name(Listing._meta.db_table)
    return RawSQL(  # noqa: S611 - the name of our own table is all that is put into it
        f"WITH RECURSIVE found (target) AS (SELECT MIN(target) FROM {table} WHERE kind = %s"  # noqa: S608
        f" UNION ALL SELECT (SELECT MIN(target) FROM {table} WHERE kind = %s AND target > found.target)"
        " FROM found WHERE found.target IS NOT NULL)"
        f" SELECT target FROM found WHERE EXISTS (SELECT 1 FROM {table} AS listed WHERE listed.kind = %s"
        " AND listed.target = found.target AND listed.readers = %s AND listed.state <> %s)",
        [kind, kind, kind, readers, State.DOWN.value],
    )


def span(kind: str, target: int, readers: str) -> tuple[datetime, datetime] | None:
    """When the first and the last story of a list were first published: two steps into the index, by one query."""
    times = on(kind, target, readers).values_list("first_published_at", flat=True)
    ends = [Listing.objects.filter(pk__in=one.values("pk")[:1]) for one in (times, times.reverse())]
    found = sorted(ends[0].values_list("first_published_at", flat=True).union(
        ends[1].values_list("first_published_at", flat=True)))  # fmt: skip
    return (found[0], found[-1]) if found else None


def filled(kind: str, target: int, readers: str, spans: Sequence[tuple[datetime, datetime]]) -> list[bool]:
    """Whether the list has a story in each of these spans of time: one look into the index each, and no count."""
    table = connection.ops.quote_name(Listing._meta.db_table)
    one = (
        f"EXISTS (SELECT 1 FROM {table} WHERE kind = %s AND target = %s AND readers = %s AND state <> %s"  # noqa: S608
        " AND only_in IN ('', %s) AND first_published_at >= %s AND first_published_at < %s)"
    )
    told: list[bool] = []
    for chunk in range(0, len(spans), CHUNK):
        part = spans[chunk : chunk + CHUNK]
        values: list[Any] = []
        for ends in part:
            times = map(connection.ops.adapt_datetimefield_value, ends)
            values += [kind, target, readers, State.DOWN.value, addresses.page_language().value, *times]
        with connection.cursor() as cursor:
            cursor.execute("SELECT " + ", ".join([one] * len(part)), values)
            told += [bool(found) for found in cursor.fetchone()]
    return told


def any_of(asked: Sequence[Sequence[QuerySet[Any]]]) -> list[bool]:
    """Whether any of several searches finds something, for each of these groups of them: one look into an index each,
    by one query."""
    groups, values = [], list[Any]()
    for group in asked:
        looks = []
        for found in group:
            sql, given = found.order_by().values("pk")[:1].query.sql_with_params()
            looks.append(f"EXISTS ({sql})")
            values += given
        groups.append(f"({' OR '.join(looks)})")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(groups)}", values)
        return [bool(found) for found in cursor.fetchone()]


def related_to(publication_id: int, keys: Sequence[Key], readers: str) -> list[Row]:
    """Other stories that share a list with this one, those of the first keys first; by one query."""
    found = newest_of_each(keys, readers, limit=RELATED + 1)
    chosen: dict[int, Row] = {}
    for key in keys:
        for row in found.get(key, []):
            if row.publication_id != publication_id:
                chosen.setdefault(row.publication_id, row)
    return list(chosen.values())[:RELATED]


def card(row: Row, around: Surroundings) -> Card:
    frozen = row.card
    lang = frozen["language"]
    picture = frozen["picture"]
    channel = around.channels.get(row.channel_id)
    return Card(
        code=row.code,
        lang="" if lang == around.language else lang,
        kicker=frozen["kicker"],
        headline=frozen["headline"],
        mark=mark_label(frozen.get("mark", "")),
        standfirst=frozen["standfirst"],
        url=addresses.story_path(row.code, lang),
        channel=around.channel_link(channel) if channel else Link(name=frozen["channel"]["name"]),
        time=row.first_published_at.astimezone(ZoneInfo(frozen["zone"])),
        picture=pictures.shown(picture, lang=around.language) if picture else None,
    )


def cards(rows: Iterable[Row], around: Surroundings) -> list[Card]:
    return [card(row, around) for row in rows]
