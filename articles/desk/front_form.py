"""An arrangement of a front as its editor shows it and sends it back: one line a slot, in the order of the slots.

Each line has a name of its own, `slot` lists them in their order, and `slot-<name>-headline` and so on are its fields.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from django.http.request import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as now

from articles.desk.duties_view import Told, told
from articles.desk.keys import key_of
from articles.desk.moment_form import YEARS, moments
from articles.language.words import one_line, unusable_characters
from articles.models import Language, Picture, Publication, Slot, User, public_store, rendition_name
from articles.pictures.renditions import width_for
from articles.publishing import Wanted
from articles.publishing.clock import database_now
from articles.publishing.front_duties import asking
from articles.publishing.fronts import MOST, headline_of
from articles.publishing.launch_front import unfit_ones

FIELDS = ("headline", "language", "picture", "mark", "until")
THUMB = 320  # pixels
FORM = "%Y-%m-%dT%H:%M"  # of a moment, as <input type="datetime-local"> has it


@dataclass
class Line:
    """A slot on the page. until: by the clock of the desk, as its field has it; seen: the edition that is public."""

    row: str
    story: Publication
    seen: int
    headline: str = ""
    language: str = ""
    picture: str = ""
    mark: str = ""
    until: str = ""
    saved: Slot | None = None  # as it stands in the draft
    errors: dict[str, str] = field(default_factory=dict)
    trouble: str = ""  # why readers could not be shown it
    asks: list[Told] = field(default_factory=list)
    place: int = 0

    @property
    def own(self) -> str:
        """The headline of the story itself."""
        return headline_of(self.story)

    @property
    def shown(self) -> str:
        return one_line(self.headline) or self.own

    @property
    def thumb(self) -> str:
        """What stands there as picture: its own, or the story's."""
        if key_of(self.picture):
            return reverse("admin:articles_picture_thumb", args=[key_of(self.picture)])
        return self.own_thumb

    @property
    def own_thumb(self) -> str:
        return thumb_of(self.story)

    @property
    def languages(self) -> list[tuple[str, str]]:
        """Those that the readers of the story can read, where there is more than one."""
        found = [(one.value, str(one.label)) for one in Language if one.readers == self.story.readers]
        return found if len(found) > 1 else []

    @property
    def flag(self) -> str:
        return str(Slot.Mark(self.mark).label) if self.mark in Slot.Mark.values else ""

    @property
    def is_open(self) -> bool:
        return bool(self.errors)

    @property
    def same_words(self) -> bool:
        """Whether what it says of its own is what was saved."""
        old, picture = self.saved, key_of(self.picture) or None
        return bool(old) and (old.headline, old.picture_id) == (one_line(self.headline), picture)  # type: ignore[union-attr]


def thumb_of(story: Publication) -> str:
    picture = story.read_card()["picture"]
    if not picture or story.state == Publication.State.DOWN:
        return ""
    return public_store().url(rendition_name(picture["digest"], width_for(THUMB, picture["widths"]), "webp"))


def lines_of(slots: Iterable[Slot], zone: ZoneInfo) -> list[Line]:
    """As they were saved."""
    return [
        Line(
            row=str(place), story=slot.publication, seen=slot.publication.edition.number, headline=slot.headline,
            language=slot.language, picture=str(slot.picture_id or ""), mark=slot.mark,
            until=slot.until.astimezone(zone).strftime(FORM) if slot.until else "", saved=slot,
        )
        for place, slot in enumerate(slots, start=1)
    ]  # fmt: skip


def posted_lines(posted: QueryDict, saved: Sequence[Slot]) -> list[Line]:
    """As they were sent; a story that does not exist, or stands there already, is left out."""
    rows = [row for row in posted.getlist("slot")[: 3 * MOST] if row.isascii() and row.isalnum() and len(row) < 20]
    keys = {row: key_of(posted.get(f"slot-{row}-story", "")) for row in dict.fromkeys(rows)}
    stories = stories_by_key(keys.values())
    by_story = {slot.publication_id: slot for slot in saved}
    found = []
    for row, key in keys.items():
        if story := stories.pop(key, None):
            said: dict[str, Any] = {name: posted.get(f"slot-{row}-{name}", "") for name in FIELDS}
            said["language"] = said["language"] or story.language
            seen = key_of(posted.get(f"slot-{row}-seen", "")) or 1
            found.append(Line(row, story, min(seen, story.edition.number), **said, saved=by_story.get(key)))
    return found


def stories_by_key(keys: Iterable[int]) -> dict[int, Publication]:
    return Publication.objects.select_related("edition", "channel").in_bulk([key for key in keys if key])


def added(lines: Sequence[Line], story: Publication) -> Line:
    """A new slot for a story, under a name that none of the others has."""
    names = {line.row for line in lines}
    row = next(str(number) for number in range(1, len(names) + 2) if str(number) not in names)
    return Line(row, story, story.edition.number, language=story.language)


def cleaned(lines: Sequence[Line], zone: ZoneInfo) -> list[Wanted] | None:
    """What the lines ask for; None where one has errors, which then stand at it."""
    pictures = Picture.objects.filter(erased_at=None).in_bulk([key_of(line.picture) for line in lines])
    at = database_now()
    wanted = [_cleaned(line, pictures, zone, at) for line in lines]
    return None if any(line.errors for line in lines) else wanted


def _cleaned(line: Line, pictures: dict[int, Picture], zone: ZoneInfo, at: datetime.datetime) -> Wanted:
    headline, picture = one_line(line.headline), line.picture.strip()
    if len(headline) > 200:
        line.errors["headline"] = now("A headline has 200 characters at most.")
    elif unusable_characters(headline):
        line.errors["headline"] = now("This contains characters that cannot be shown. Type it anew.")
    if picture and key_of(picture) not in pictures:
        line.errors["picture"] = now("There is no such picture in the library.")
    mark, until = (line.mark, None) if line.mark in Slot.Mark.values else ("", None)
    if mark:
        until = _moment(line, zone)
        if until and until <= at:
            if line.saved and line.saved.until == until:  # it was right when it was saved, and is over by now
                mark, until = "", None
            else:
                line.errors["until"] = now("This time has passed. Choose one that is still to come.")
    return Wanted(
        story=line.story.pk, seen=line.seen, headline=headline[:200], language=line.language,
        picture=key_of(picture) or None, mark=mark, until=until,
    )  # fmt: skip


def _moment(line: Line, zone: ZoneInfo) -> datetime.datetime | None:
    try:
        local = datetime.datetime.fromisoformat(line.until).replace(tzinfo=None, second=0, microsecond=0)
    except ValueError:
        line.errors["until"] = now("Say until when the mark is shown: a date and a time.")
        return None
    if local.year not in YEARS:
        line.errors["until"] = now("Choose a date between %(first)s and %(last)s.") % {
            "first": f"{YEARS[0]}", "last": f"{YEARS[-1]}"}  # fmt: skip
        return None
    found = moments(local, zone)
    if not found:
        line.errors["until"] = now("The clocks are put forward that night: %(time)s does not exist in %(zone)s. "
                                   "Choose another time.") % {"time": f"{local:%H:%M}", "zone": zone}  # fmt: skip
        return None
    return found[0]  # of two, the one that ends the mark sooner


def furnish(lines: Sequence[Line], user: User) -> None:
    """Number the lines, and say at each what is the matter with it."""
    slots = []
    pictures = Picture.objects.in_bulk([key_of(line.picture) for line in lines])
    for place, line in enumerate(lines, start=1):
        line.place = place
        seen = line.saved.seen if line.saved and line.same_words else line.seen
        slots.append(Slot(position=place, publication=line.story, headline=one_line(line.headline)[:200], seen=seen,
                          picture=pictures.get(key_of(line.picture))))  # fmt: skip
    unfit, asked = unfit_ones(slots), asking(slots)
    for line in lines:
        line.trouble = str(unfit[line.place]) if line.place in unfit else ""
        standing = line.story.state == Publication.State.STANDING
        line.asks = [told(one, user) for one in asked.get(line.story.pk, [])] if standing else []


def as_saved(wanted: Sequence[Wanted], saved: Sequence[Slot]) -> bool:
    """Whether the draft says exactly this already."""

    def says(one: Any, story: int, picture: int | None) -> tuple[Any, ...]:
        return story, one.headline, one.language, picture, one.mark, one.until

    mine = [says(one, one.story, one.picture) for one in wanted]
    return mine == [says(one, one.publication_id, one.picture_id) for one in saved]
