"""What an editor has pinned to a front: its live slots as cards, by one query; the automatic fill stands below them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from articles.models import Correction, EditionPicture, Language, Publication, Slot
from articles.models.prepared import prepared, told
from articles.publishing.duties import OF_ERRORS
from articles.publishing.freeze import freeze_picture
from articles.site import keys, lists, pictures
from articles.site.frame import Surroundings
from articles.site.renderings import frozen_card
from articles.site.things import Card, PictureAddress
from newsroom.delivery import standing

_NEWER = Correction.objects.filter(
    article=OuterRef("publication"), right__number__gt=OuterRef("seen"), kind__in=OF_ERRORS
)
_SHOWN = EditionPicture.objects.filter(digest=OuterRef("picture__digest"), edition__text__isnull=False)
_DOWN = Q(edition__article__publication__state=Publication.State.DOWN)


@dataclass(frozen=True)
class Pinned:
    """until: when the next mark that is shown ends, and the page has to be made anew."""

    cards: Sequence[Card] = ()
    stories: frozenset[int] = frozenset()  # keys of publications: they stand nowhere else on the page
    until: datetime | None = None

    def without(self, rows: Iterable[lists.Row]) -> list[lists.Row]:
        return [row for row in rows if row.publication_id not in self.stories]


def live(place: int, around: Surroundings) -> Pinned:
    """What readers see at the top of a front; place: see Front."""
    slots = _live()(place=place)
    standing.on(keys.front(place))
    keys.on_stories(slot.publication_id for slot in slots)
    found = pinned(slots, around)
    standing.until(found.until)
    return found


@prepared
def _live() -> "QuerySet[Slot]":
    return slots_of(version__live_on=told("place"))


def slots_of(**which: Any) -> "QuerySet[Slot]":
    """Slots in their order, each with what the page needs to know: one query, whatever they hold."""
    return (
        Slot.objects.filter(**which)
        .select_related("publication", "picture")
        .annotate(
            now=Now(),
            wrong=Exists(_NEWER),
            wrong_picture=Exists(_NEWER.filter(field=Correction.Field.PICTURE)),
            gone=Exists(_SHOWN.filter(_DOWN)) & ~Exists(_SHOWN.filter(~_DOWN)),
        )
        .order_by("position")
    )


def pinned(slots: Iterable[Any], around: Surroundings, *, address: PictureAddress = pictures.public_address) -> Pinned:
    """The slots whose stories stand, and can be read here. Expects what `slots_of` adds to each.

    A correction or clarification that nobody has compared with the slot's own headline yet takes that headline away,
    and one of a picture the slot's own picture: then the story's own stand, so that nothing wrong does.
    """
    standing = [slot for slot in slots if slot.publication.state == Publication.State.STANDING
                and slot.publication.readers == around.language.readers]  # fmt: skip
    ends = [slot.until for slot in standing if _is_marked(slot)]
    return Pinned(
        cards=[card(slot, around, address) for slot in standing],
        stories=frozenset(slot.publication_id for slot in standing),
        until=min(ends, default=None),
    )


def _is_marked(slot: Any) -> bool:
    return bool(slot.mark and slot.until > slot.now)


def card(slot: Any, around: Surroundings, address: PictureAddress) -> Card:
    story = slot.publication
    made = lists.card(_row(story, around.language), around)
    headline = "" if slot.wrong else in_script(slot, around.language)
    if headline:
        made = replace(made, headline=headline, headline_lang=around.language.value if made.lang else "")
    picture = slot.picture
    if picture and not (picture.erased_at or slot.gone or slot.wrong_picture):
        own = pictures.shown(freeze_picture(picture, around.language), lang=around.language, address=address)
        made = replace(made, picture=own)
    if _is_marked(slot):
        made = replace(made, flag=slot.mark, flag_label=str(Slot.Mark(slot.mark).label))
    return made


def in_script(slot: Slot, page: Language) -> str:
    """A slot's own headline as pages of this language show it; empty where the story's own one stands."""
    if slot.language == page:
        return slot.headline
    return slot.other_script if Language(slot.language).other_script == page else ""


def _row(story: Publication, language: Language) -> lists.Row:
    return lists.row_of(story, frozen_card(story, language))
