"""The public log of notices: which rows, each query bounded by an index and a limit, and what a row says."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils import translation

from articles.models import Channel, Correction, ErrorReport, Language, Publication
from articles.publishing import freeze
from articles.site import addresses
from articles.site.frame import Surroundings
from articles.site.keys import NOTICES
from articles.site.notices import Texts, kind_label, mark_label, notice, path_of, texts_of
from articles.site.renderings import card_in
from articles.site.things import Link, Notice
from newsroom.delivery import standing

Kind, Track = Correction.Kind, ErrorReport.Track
# An update adds news and corrects nothing: it stands in the log only for those who ask for updates.
KINDS = [Kind.CORRECTION, Kind.CLARIFICATION, Kind.EDITORS_NOTE, Kind.RETRACTION, Kind.TAKEDOWN]
LENGTH = 50  # notices on the newest page
MONTH = 500  # notices on the page of a month; a busier one is read by its days


@dataclass(frozen=True)
class Wanted:
    """Which notices: those that `readers` can read, of these kinds, and of these channels (none: of all)."""

    readers: str
    kinds: Sequence[str]
    channels: Sequence[int] = ()

    def arms(self) -> list[QuerySet[Correction]]:
        """Parts that an index gives in order: one a channel, or one a kind."""
        found = Correction.objects.filter(readers=self.readers)
        if self.channels:
            return [found.filter(channel=channel, kind__in=self.kinds) for channel in self.channels]
        return [found.filter(kind=kind) for kind in self.kinds]


def newest(wanted: Wanted, *, limit: int, since: datetime | None = None, before: datetime | None = None) -> list[int]:
    """The keys of the newest notices within a span of time, by one query."""
    return [key for _, key in _found(wanted, ["-at", "-pk"], limit, since, before)]


def nearest(wanted: Wanted, *, since: datetime | None = None, before: datetime | None = None) -> datetime | None:
    """The time of the last notice before a moment, or of the first one since a moment."""
    found = _found(wanted, ["-at", "-pk"] if before else ["at", "pk"], 1, since, before)
    return found[0][0] if found else None


def days_with(wanted: Wanted, start: datetime, end: datetime, zone: ZoneInfo) -> list[date]:
    """The days in `zone` that have a notice: a walk over one month."""
    times = [arm.filter(at__gte=start, at__lt=end).order_by().values_list("at", flat=True) for arm in wanted.arms()]
    return sorted({at.astimezone(zone).date() for at in times[0].union(*times[1:], all=True)})


def _found(
    wanted: Wanted, order: list[str], limit: int, since: datetime | None, before: datetime | None
) -> list[tuple[datetime, int]]:
    span = ({"at__gte": since} if since else {}) | ({"at__lt": before} if before else {})
    # A limit inside an arm of a union is more than SQLite takes, but not inside a subquery of the arm.
    parts = [
        Correction.objects.filter(pk__in=arm.filter(**span).order_by(*order).values("pk")[:limit])
        .order_by()
        .values_list("at", "pk")
        for arm in wanted.arms()
    ]
    rows: Iterable[tuple[datetime, int]] = parts[0].union(*parts[1:], all=True) if parts[1:] else parts[0]
    return sorted(rows, reverse=order[0].startswith("-"))[:limit]


@dataclass(frozen=True)
class Entry:
    """One notice in the log. `down`: its story was taken down, so neither its words nor what quotes them stand here."""

    notice: Notice
    anchor: str
    headline: str  # as the standing edition has it; empty where it had to go, too
    mark: str
    lang: str  # BCP 47, of the story
    code: str
    url: str  # of the notice on the story's page
    wrong: Link | None
    right: Link | None
    supersedes_url: str
    successor_url: str
    channel: Link
    by_reader: bool  # a reader's report led to it
    down: bool
    published: datetime
    updated: datetime  # what the log says of it last changed

    @property
    def says(self) -> bool:
        return not self.down or self.notice.kind == Kind.TAKEDOWN


class Rows:
    """Notices with all that their entries need, by two queries. Entries are made in the language of the moment."""

    def __init__(self, keys: Sequence[int], around: Surroundings) -> None:
        standing.on(NOTICES)
        later = Correction.objects.filter(supersedes=OuterRef("pk")).order_by("pk")
        of_story = Correction.objects.filter(article=OuterRef("article"))
        self.around = around
        self.found: list[Any] = sorted(
            Correction.objects.filter(pk__in=keys)
            .select_related("right", "wrong", "supersedes__right")
            .annotate(
                code=F("article__publication__code"),
                state=F("article__publication__state"),
                card=card_in(around.language, "article__publication__"),
                later_number=Subquery(later.values("right__number")[:1]),
                later_place=Subquery(later.values("place")[:1]),
                later_at=Subquery(later.values("at")[:1]),
                later_kind=Subquery(later.values("kind")[:1]),
                by_reader=Exists(ErrorReport.objects.filter(correction=OuterRef("pk"), track=Track.ERROR)),
                down_at=Subquery(of_story.filter(kind=Kind.TAKEDOWN).order_by("-at").values("at")[:1]),
            )
            # What follows a takedown is a return, and nothing else.
            .annotate(back_at=Subquery(of_story.filter(at__gt=OuterRef("down_at")).order_by("at").values("at")[:1])),
            key=lambda row: (row.at, row.right_id, -row.place),
            reverse=True,
        )
        for row in self.found:
            row.story = json.loads(row.card)
        self.entries_of = {row.pk: freeze.entry(row, number=row.right.number) for row in self.found}
        self.texts = texts_of([{"notices": list(self.entries_of.values())}])

    def entries(self, *, own_language: bool = False) -> list[Entry]:
        """own_language: each in the language that its story is told in here, as feeds tell it."""
        made = []
        for row in self.found:
            language = Language(row.story["language"]) if own_language else self.around.language
            with translation.override(language.interface):
                made.append(self._entry(row, self.texts, language))
        return made

    def _entry(self, row: Any, texts: Texts, reading: Language) -> Entry:
        card = row.story
        code, language, number = row.code, card["language"], row.right.number
        zone = ZoneInfo(card["zone"])
        down = row.state == Publication.State.DOWN
        told = notice(self.entries_of[row.pk], texts, zone, successor=_successor(row, zone))
        story = addresses.story_path(code, language)
        lives = not down
        channel = self.around.channels.get(row.channel_id)
        supersedes = row.supersedes
        changes = (row.at, row.later_at, told.erased_at, row.down_at, row.back_at)
        return Entry(
            notice=told,
            anchor=f"{code}-{number}-{row.place}",
            headline=card["headline"],
            mark=mark_label(card.get("mark", "")),
            lang=language,
            code=code,
            url=f"{story}#{told.anchor}" if lives or told.kind == Kind.TAKEDOWN else story,
            wrong=self._edition(row, row.wrong.number) if lives else None,
            right=self._edition(row, number) if lives else None,
            supersedes_url=f"{story}#notice-{supersedes.right.number}-{supersedes.place}"
            if supersedes and lives
            else "",
            successor_url=f"{story}#{told.successor.anchor}" if told.successor and lives else "",
            channel=_channel_link(channel, reading) if channel else Link(name=""),
            by_reader=row.by_reader,
            down=down,
            published=row.at.astimezone(zone),
            updated=max(at for at in changes if at).astimezone(zone),
        )

    def _edition(self, row: Any, number: int) -> Link:
        return Link(
            name=str(number), url=path_of("edition", {"code": row.code, "language": row.story["language"]}, number)
        )


def _channel_link(channel: Channel, reading: Language) -> Link:
    name, lang = channel.named(reading)
    return Link(name=name, url=reverse("site:channel", args=[channel.path]), lang="" if lang == reading else lang)


def _successor(row: Any, zone: ZoneInfo) -> Notice | None:
    """Where and when it was superseded, without the words."""
    if not row.later_number:
        return None
    kind = Kind(row.later_kind)
    return Notice(
        number=row.later_number,
        place=row.later_place,
        kind=kind.value,
        label=kind_label(kind),
        css="",
        time=row.later_at.astimezone(zone),
        text="",
    )
