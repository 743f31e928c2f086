"""Public lists: every query bounded by an index and a limit, whatever the archive's size."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import DateTimeField, QuerySet
from django.db.models.expressions import RawSQL

from articles.models import Language, Listing, Publication
from articles.models.prepared import each, prepared, told
from articles.models.publication import ListingQuerySet
from articles.site import addresses, keys, pictures
from articles.site.frame import Surroundings
from articles.site.notices import mark_label
from articles.site.remembered import remembered
from articles.site.renderings import card_in, frozen
from articles.site.things import Card, Link

LENGTH = 30  # stories on the newest page of a list
MONTH = 500  # stories on the page of a month; a busier one is read by its days
RELATED = 6
KNOWN = 2048  # cards
SPANS = {  # of all starts, and of all ends
    "postgresql": "SELECT * FROM unnest(%s::timestamptz[], %s::timestamptz[]) WITH ORDINALITY "
    "AS spans (start, finish, place)",
    "sqlite": "SELECT json_extract(%s, '$[' || key || ']') AS start, value AS finish, key AS place FROM json_each(%s)",
}

State = Publication.State
Key = tuple[str, int]  # Listing.kind and target


class Row(NamedTuple):
    """One listing with what its card needs, as one query brings it."""

    kind: str
    target: int
    first_published_at: datetime
    publication_id: int
    code: str
    channel_id: int
    frozen: str  # its card, as JSON

    @property
    def card(self) -> Mapping[str, Any]:
        return frozen(self.frozen)


_FIELDS = (
    "kind", "target", "first_published_at", "publication_id", "publication__code", "publication__channel_id",
    "card_here",
)  # fmt: skip


def _values(found: "QuerySet[Listing]", language: Language) -> "QuerySet[Any, tuple[Any, ...]]":
    """What a row needs; its card as pages of this language show it."""
    return found.annotate(card_here=card_in(language, "publication__")).values_list(*_FIELDS)


def _rows(values: Iterable[tuple[Any, ...]]) -> list[Row]:
    return list(map(Row._make, values))


def on(kind: str, target: int, readers: str) -> ListingQuerySet:
    """What a list shows in the language that is being read, newest first."""
    return Listing.objects.on(Listing.Kind(kind), target, readers).shown_in(addresses.page_language())


def row(publication: int, code: str, channel: int, first: datetime, card: str) -> Row:
    """A story that somebody put where it stands, and that no list gave; card: as this page shows it."""
    return Row("", 0, first, publication, code, channel, card)


def row_of(story: Publication, card: str) -> Row:
    """The same of a whole publication."""
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
    keys.on_newest(kind, target)
    language = addresses.page_language()
    if without is None:
        return _shown(_rows(_newest(language, kind, readers, standing, limit)(target=target)))
    found = on(kind, target, readers)
    found = found.standing() if standing else found
    return _shown(_rows(_values(found.exclude(publication__in=without), language)[:limit]))


@prepared
def _newest(language: Language, kind: str, readers: str, standing: bool, limit: int) -> QuerySet[Any, Any]:
    found = Listing.objects.on(Listing.Kind(kind), told("target"), readers).shown_in(language)
    return _values(found.standing() if standing else found, language)[:limit]


def _shown(rows: list[Row]) -> list[Row]:
    keys.on_stories(row.publication_id for row in rows)
    return rows


def newest_of_each(lists: Sequence[Key], readers: str, *, limit: int) -> dict[Key, list[Row]]:
    """The newest rows of several lists, by one query, without what was retracted."""
    for kind, target in lists:
        keys.on_newest(kind, target)
    return _of_each(lists, readers, limit=limit)


def _of_each(lists: Sequence[Key], readers: str, *, limit: int, before: datetime | None = None) -> dict[Key, list[Row]]:
    found: dict[Key, list[Row]] = defaultdict(list)
    asked = dict.fromkeys(lists)
    if asked:
        kinds = tuple(kind for kind, _ in asked)
        ask = _newest_of_each(addresses.page_language(), kinds, readers, limit, before is not None)
        rows = _shown(_rows(ask(**each("target", (target for _, target in asked)), before=before)))
        for row in sorted(rows, key=lambda row: (row.first_published_at, row.publication_id), reverse=True):
            found[row.kind, row.target].append(row)
    return found


@prepared
def _newest_of_each(
    language: Language, kinds: Sequence[str], readers: str, limit: int, before: bool
) -> QuerySet[Any, Any]:
    earlier = {"first_published_at__lt": told("before", DateTimeField())} if before else {}
    parts = []
    for number, kind in enumerate(kinds):
        one = Listing.objects.on(Listing.Kind(kind), told(f"target{number}"), readers).shown_in(language)
        here = one.standing().filter(**earlier).values("pk")[:limit]
        parts.append(_values(Listing.objects.filter(pk__in=here), language))
    return parts[0].union(*parts[1:], all=True) if parts[1:] else parts[0]


def between(kind: str, target: int, readers: str, start: datetime, end: datetime) -> list[Row]:
    found = on(kind, target, readers)
    keys.on_months(kind, target, [start])
    found = found.filter(first_published_at__gte=start, first_published_at__lt=end)
    return _rows(_values(found, addresses.page_language())[:MONTH])


def days_between(kind: str, target: int, readers: str, start: datetime, end: datetime, zone: ZoneInfo) -> set[date]:
    """The days in `zone` on which the list has a story: an index-only walk over one month."""
    found = on(kind, target, readers)
    keys.on_months(kind, target, [start])
    times = found.filter(first_published_at__gte=start, first_published_at__lt=end).values_list("first_published_at")
    return {moment.astimezone(zone).date() for (moment,) in times.iterator()}


def nearest(kind: str, target: int, readers: str, *, before: datetime | None = None,
            since: datetime | None = None) -> datetime | None:  # fmt: skip
    """When the last story before a moment, or the first one since a moment, was first published."""
    found = on(kind, target, readers).values_list("first_published_at", flat=True)
    moment = before or since
    keys.on_past(kind, target, until=moment + keys.UNSETTLED if moment else None)
    if before:
        return found.filter(first_published_at__lt=before).first()
    later: datetime | None = found.filter(first_published_at__gte=since).reverse().first()
    if not later:  # until there is one
        keys.on_newest(kind, target)
    return later


def has_any(kind: str, target: int, readers: str) -> bool:
    keys.on_newest(kind, target)
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
    keys.on_newest(kind, target)
    times = on(kind, target, readers).values_list("first_published_at", flat=True)
    ends = [Listing.objects.filter(pk__in=one.values("pk")[:1]) for one in (times, times.reverse())]
    found = sorted(ends[0].values_list("first_published_at", flat=True).union(
        ends[1].values_list("first_published_at", flat=True)))  # fmt: skip
    return (found[0], found[-1]) if found else None


def filled(kind: str, target: int, readers: str, spans: Sequence[tuple[datetime, datetime]]) -> list[bool]:
    """Whether the list has a story in each of these spans of time: one look into the index each, and no count."""
    keys.on_past(kind, target, until=max(end for _, end in spans))
    adapt = connection.ops.adapt_datetimefield_value
    sides: list[Any] = [list(map(adapt, side)) for side in zip(*spans, strict=True)]
    if connection.vendor == "sqlite":
        sides = [json.dumps(side) for side in sides]
    table = connection.ops.quote_name(Listing._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT EXISTS (SELECT 1 FROM {table} WHERE kind = %s AND target = %s AND readers = %s"  # noqa: S608
            " AND state <> %s AND only_in IN ('', %s) AND first_published_at >= span.start"
            f" AND first_published_at < span.finish) FROM ({SPANS[connection.vendor]}) AS span ORDER BY span.place",
            [kind, target, readers, State.DOWN.value, addresses.page_language().value, *sides],
        )
        return [bool(found) for (found,) in cursor.fetchall()]


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


def related_to(first: datetime, lists: Sequence[Key], readers: str) -> list[Row]:
    """Earlier stories that share a list with this one, those of the first lists first; by one query.

    Earlier ones, so that the page of a story is settled once it is made: what comes later leads back to it.
    """
    for kind, target in lists:
        keys.on_past(kind, target, until=first + keys.UNSETTLED)
    found = _of_each(lists, readers, limit=RELATED, before=first)
    chosen: dict[int, Row] = {}
    for key in lists:
        for row in found.get(key, []):
            chosen.setdefault(row.publication_id, row)
    return list(chosen.values())[:RELATED]


def card(row: Row, around: Surroundings) -> Card:
    channel = around.channels.get(row.channel_id)
    link = around.channel_link(channel) if channel else None
    return _card(row.code, row.first_published_at, row.frozen, link, around.language)


@remembered(KNOWN)
def _card(code: str, first: datetime, card: str, channel: Link | None, language: Language) -> Card:
    read = frozen(card)
    lang, picture = read["language"], read["picture"]
    return Card(
        code=code,
        lang="" if lang == language else lang,
        kicker=read["kicker"],
        headline=read["headline"],
        mark=mark_label(read.get("mark", "")),
        standfirst=read["standfirst"],
        url=addresses.story_path(code, lang),
        channel=channel or Link(name=read["channel"]["name"]),
        time=first.astimezone(ZoneInfo(read["zone"])),
        picture=pictures.shown(picture, lang=language) if picture else None,
    )


def cards(rows: Iterable[Row], around: Surroundings) -> list[Card]:
    return [card(row, around) for row in rows]
