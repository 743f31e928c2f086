"""Arranging a front: its one draft, which readers do not see until it is launched (launch_front.py)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from articles.language.scripts import convert
from articles.language.words import one_line, unusable_characters
from articles.models import (
    Article,
    Channel,
    EditionPicture,
    Front,
    FrontVersion,
    Language,
    Picture,
    Publication,
    Slot,
    User,
)
from articles.publishing import events
from articles.publishing.clock import database_now
from articles.publishing.errors import SlotUnfit, StaleFront, TooManySlots
from articles.publishing.rights import Right, require
from articles.publishing.script_forms import pairs_for

SITE = 0  # Front.place of the site's own
MOST = 20  # slots
State = FrontVersion.State


@dataclass(frozen=True)
class Wanted:
    """A slot as somebody wants it. seen: the number of the story's edition that they had before them; until: when the
    mark ends."""

    story: int  # the key of the article
    seen: int = 1
    headline: str = ""
    language: str = ""  # of the headline; the story's own where it says nothing, or one that its readers cannot read
    picture: int | None = None
    mark: str = ""
    until: datetime | None = None


def front_at(place: int) -> Front | None:
    """The front of a channel, or of the site; one that nobody has arranged yet is not saved. None without a channel."""
    if found := Front.objects.select_related("channel", "live__by__person").filter(place=place).first():
        return found
    channel = Channel.objects.filter(pk=place).first() if place else None
    return Front(place=place, channel=channel) if channel or place == SITE else None


def locked(front: Front) -> Front:
    """The front as it stands now, with its row locked until the end of the transaction; made where there is none."""
    Front.objects.get_or_create(place=front.place, defaults={"channel": front.channel})
    Front.objects.select_for_update(no_key=True).get(pk=front.place)
    return Front.objects.select_related("channel", "live__by__person").get(pk=front.place)


def draft_of(front: Front) -> FrontVersion | None:
    """What is being arranged; None where nobody has saved anything yet."""
    return front.versions.filter(state=State.DRAFT).select_related("changed_by__person").first()


def slots_of(version: FrontVersion | None) -> "QuerySet[Slot]":
    """Its slots in their order, each with what the desk needs to know of its story."""
    parts = ["publication__edition", "publication__channel", "picture"]
    return Slot.objects.filter(version=version).select_related(*parts).order_by("position")


@transaction.atomic
def arrange(front: Front, *, seen: int, slots: Sequence[Wanted], by: User) -> FrontVersion:
    """Save the draft of a front: `slots` take the place of all that stood in it.

    seen: how often the draft had been saved when the person began; 0 where there was none. Stories that were withdrawn
    may stay in a draft; what is never launched with them is said by launch().

    Raises NotAllowed, StaleFront, TooManySlots, or SlotUnfit for a story that was never published, for one that stands
    there twice, and for words, marks and pictures that no slot takes.
    """
    require(by, Right.FRONT)
    front = locked(front)
    draft = draft_of(front)
    require_fresh(draft, seen)
    if len(slots) > MOST:
        raise TooManySlots(MOST)
    before = {slot.publication_id: slot for slot in draft.slots.all()} if draft else {}
    at = database_now()
    if draft:
        draft.slots.all().delete()
        draft.saves, draft.changed_at, draft.changed_by = draft.saves + 1, at, by
        draft.save(update_fields=["saves", "changed_at", "changed_by"])
    else:
        draft = FrontVersion.objects.create(front=front, state=State.DRAFT, saves=1, changed_at=at, changed_by=by)
    rows = _rows(slots, before)
    for row in rows:
        row.version = draft
    Slot.objects.bulk_create(rows)
    note(events.Verb.ARRANGED, front, by=by, after=f"arrangement {draft.saves}", at=at)
    return draft


def require_fresh(draft: FrontVersion | None, seen: int) -> None:
    """Raises StaleFront where somebody has saved the draft since."""
    if seen != (draft.saves if draft else 0):
        raise StaleFront(who=str(draft.changed_by) if draft else "–", at=draft.changed_at if draft else None)


def note(verb: events.Verb, front: Front, *, by: User | None, before: str = "", after: str = "",
         at: datetime | None = None) -> None:  # fmt: skip
    """In the audit trail, by the key of the front: its channel's, or 0."""
    events.note(verb, by=by, article=None, thing=f"front {front.place}", before=before, after=after, at=at)


def _rows(slots: Sequence[Wanted], before: dict[int, Slot]) -> list[Slot]:
    """The rows of a draft, without their version. What is as it was before stays compared with what it was."""
    keys = [wanted.story for wanted in slots]
    stories = Publication.objects.select_related("edition", "article").defer("article__body").in_bulk(keys)
    pictures = Picture.objects.in_bulk([wanted.picture for wanted in slots if wanted.picture])
    rows: list[Slot] = []
    for position, wanted in enumerate(slots, start=1):
        story = stories.get(wanted.story)
        if not story:
            raise SlotUnfit(position, "", _("this story was never published. Publish it first."))
        if wanted.story in keys[: position - 1]:
            raise SlotUnfit(position, headline_of(story), _("this story stands in another slot already."))
        row = Slot(position=position, publication=story, headline=one_line(wanted.headline), picture_id=wanted.picture)
        _check(row, wanted, pictures)
        language = wanted.language if wanted.language in Language.values else story.language
        row.language = language if Language(language).readers == story.readers else story.language
        row.other_script = in_other_script(row.headline, Language(row.language), story.article)
        row.mark, row.until = wanted.mark, wanted.until if wanted.mark else None
        old = before.get(wanted.story)
        same = old and (old.headline, old.language, old.picture_id) == (row.headline, row.language, row.picture_id)
        row.seen = old.seen if old and same else max(1, min(wanted.seen, story.edition.number))
        rows.append(row)
    return rows


def _check(row: Slot, wanted: Wanted, pictures: dict[int, Picture]) -> None:
    why = ""
    if len(row.headline) > 200 or unusable_characters(row.headline):
        why = _("its headline here is too long, or contains characters that cannot be shown.")
    elif wanted.mark and (wanted.mark not in Slot.Mark.values or not wanted.until):
        why = _("say until when the mark is shown.")
    elif wanted.picture and (not (picture := pictures.get(wanted.picture)) or picture.erased_at):
        why = _("this picture is not in the library any more. Choose another one.")
    if why:
        raise SlotUnfit(row.position, headline_of(row.publication), why)


def in_other_script(headline: str, language: Language, article: Article) -> str:
    """A front's own headline as pages in the other Chinese script show it, with the names that hold for its story."""
    target = language.other_script
    if not headline or not target:
        return ""
    pairs = pairs_for(
        desk=article.desk_id, source=language, target=target, own=article.script_forms,
        own_from=Language(article.language),
    )  # fmt: skip
    return convert(headline, language.tag, target.tag, pairs)[:400]


def headline_of(publication: Publication) -> str:
    """As readers see it; the code of a story whose headline was withheld."""
    return str(publication.read_card()["headline"] or publication.code)


def unfit(slot: Slot) -> str:
    """Why readers cannot be shown this slot as it is arranged; empty where they can. See also `picture_gone`."""
    if slot.publication.state == Publication.State.RETRACTED:
        return _("this story was retracted. Take it out.")
    if slot.publication.state == Publication.State.DOWN:
        return _("this story was taken down. Take it out.")
    return ""


def picture_gone(slot: Slot, gone: set[str]) -> str:
    """Why its own picture cannot be shown; gone: see `pictures_gone`."""
    if slot.picture and (slot.picture.erased_at or slot.picture.digest in gone):
        return _("its picture was erased or taken down. Choose another one.")
    return ""


def pictures_gone(digests: set[str]) -> set[str]:
    """Of these pictures, those that went with a story that was taken down, and that no other story shows."""
    shown = EditionPicture.objects.filter(digest__in=digests, edition__text__isnull=False)
    down = shown.filter(edition__article__publication__state=Publication.State.DOWN)
    up = shown.exclude(edition__article__publication__state=Publication.State.DOWN)
    return set(down.values_list("digest", flat=True)) - set(up.values_list("digest", flat=True))
