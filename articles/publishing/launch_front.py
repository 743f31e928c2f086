"""Showing an arrangement to readers: launching the draft, going back to an earlier front, confirming its words.

A launch freezes a copy of its slots for good; what readers see is the version that the front's row names.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from articles.models import Article, Front, FrontVersion, Picture, Publication, Slot, User
from articles.publishing import events, front_duties, purging
from articles.publishing.after_launch import CLAIM, deliver_front
from articles.publishing.clock import database_now
from articles.publishing.errors import FrontUnchanged, LiveMoved, NoSuchFront, SlotUnfit
from articles.publishing.fronts import (
    State,
    draft_of,
    headline_of,
    locked,
    note,
    picture_gone,
    pictures_gone,
    require_fresh,
    slots_of,
    unfit,
)
from articles.publishing.rights import Right, require

SHOWN = ["publication_id", "headline", "language", "picture_id", "mark", "until"]
PARTS = ["position", *SHOWN, "other_script", "seen"]


def launch(front: Front, *, seen: int, by: User, instead_of: int | None = None) -> FrontVersion:
    """Show the draft, as it was when it had been saved `seen` times, to readers.

    instead_of: the number of the version that readers saw when the person decided, 0 where there was none; None where
    nobody looked. Where they see another one by now, a return or a scheduled launch came in between.

    Raises NotAllowed, StaleFront, FrontUnchanged where readers see exactly this already, LiveMoved, or SlotUnfit for a
    story that was withdrawn and a picture that is gone.
    """
    with transaction.atomic(durable=True):
        require(by, Right.LAUNCH)
        front = locked(front)
        draft = draft_of(front)
        require_fresh(draft, seen)
        slots = list(slots_of(draft))
        if same(slots, slots_of(front.live)):
            raise FrontUnchanged
        if instead_of is not None:
            require_live(front, instead_of)
        at = database_now()
        require_fit(slots)
        version, _left_out = put_live(front, kept(front, slots, by=by, at=at), by=by, at=at)
    deliver_front(front)
    return version


def go_back(front: Front, *, number: int, seen: int, by: User) -> tuple[FrontVersion, list[SlotUnfit]]:
    """Show what version `number` of the front showed, as a version of its own; and what was left out of it because it
    cannot be shown any more.

    seen: the number of the version that readers saw when the person decided. The draft follows where it held nothing
    but what readers saw; a colleague's work in it stays. Raises NotAllowed, LiveMoved, FrontUnchanged, or
    NoSuchFront where there is no such version.
    """
    with transaction.atomic(durable=True):
        require(by, Right.LAUNCH)
        front = locked(front)
        live = front.live
        earlier = front.versions.filter(state=State.LAUNCHED, number=number).first()
        if not live or not earlier:
            raise NoSuchFront
        require_live(front, seen)
        slots = list(slots_of(earlier))
        if same(slots, slots_of(live)):
            raise FrontUnchanged
        draft, at = draft_of(front), database_now()
        untouched = draft and same(slots_of(draft), slots_of(live))
        waiting = kept(front, slots, by=by, at=at, back_to=number)
        version, left_out = put_live(front, waiting, by=by, at=at)
        if draft and untouched:
            draft.slots.all().delete()
            draft.saves, draft.changed_at, draft.changed_by = draft.saves + 1, at, by
            draft.save(update_fields=["saves", "changed_at", "changed_by"])
            copy(list(slots_of(version)), draft)
    deliver_front(front)
    return version, left_out


def confirm(slot: Slot, *, edition: int, by: User) -> None:
    """Say that what the front says of a story still holds, now that its edition of this number is public.

    It counts for every arrangement of the front that says the same of it, but for those that readers saw before.
    Raises NotAllowed.
    """
    with transaction.atomic(durable=True):
        require(by, Right.LAUNCH)
        front = locked(slot.version.front)
        story = Publication.objects.select_related("edition").get(pk=slot.publication_id)
        compared = min(edition, story.edition.number)
        says = {name: getattr(slot, name) for name in ("publication_id", "headline", "language", "picture_id")}
        versions = front.versions.exclude(state=State.LAUNCHED).values_list("pk", flat=True)
        same_words = Slot.objects.filter(version__in=[*versions, *filter(None, [front.live_id])], **says)
        same_words.filter(seen__lt=compared).update(seen=compared)
        at = database_now()
        note(events.Verb.CONFIRMED, front, by=by, after=f"edition {compared}", at=at)
        front_duties.settle(front, by=by, at=at)
        _to_settle(front, at)
    deliver_front(front)


def require_live(front: Front, number: int) -> None:
    """Raises LiveMoved where readers see another version than this one by now; 0: none."""
    live = front.live
    if number != (live.number if live else 0):
        raise LiveMoved(who=str(live.by) if live else "–", at=live.launched_at if live else None)


def same(some: Iterable[Slot], others: Iterable[Slot]) -> bool:
    """Whether two arrangements show the same; with which edition they were compared does not count."""
    told = [[[getattr(slot, name) for name in SHOWN] for slot in slots] for slots in (some, others)]
    return told[0] == told[1]


def require_fit(slots: Sequence[Slot]) -> None:
    """Raises SlotUnfit for the first one that readers cannot be shown."""
    for trouble in unfit_ones(slots).values():
        raise trouble


def unfit_ones(slots: Sequence[Slot]) -> dict[int, SlotUnfit]:
    """The slots that readers cannot be shown as they are, by their position."""
    gone = pictures_gone({slot.picture.digest for slot in slots if slot.picture})
    found = {}
    for slot in slots:
        if why := unfit(slot) or picture_gone(slot, gone):
            found[slot.position] = SlotUnfit(slot.position, headline_of(slot.publication), why)
    return found


def kept(front: Front, slots: Sequence[Slot], *, by: User, at: datetime, back_to: int | None = None) -> FrontVersion:
    """A copy of an arrangement, which nobody changes any more."""
    version = FrontVersion.objects.create(
        front=front, state=State.WAITING, changed_at=at, changed_by=by, back_to=back_to
    )
    copy(slots, version)
    return version


def copy(slots: Sequence[Slot], version: FrontVersion) -> None:
    Slot.objects.bulk_create(Slot(version=version, **{name: getattr(slot, name) for name in PARTS}) for slot in slots)


def put_live(front: Front, version: FrontVersion, *, by: User, at: datetime) -> tuple[FrontVersion, list[SlotUnfit]]:
    """Launch a kept arrangement of a locked front, in the caller's transaction; and what was left out of it.

    Its stories are locked, so that a correction comes either before, and asks, or after, and finds what is live.
    """
    rows = list(version.slots.values_list("publication_id", "picture_id"))
    stories = Article.objects.select_for_update(no_key=True).filter(pk__in=[story for story, _ in rows])
    list(stories.order_by("pk").values_list("pk"))
    pictures = Picture.objects.select_for_update(no_key=True).filter(pk__in=[picture for _, picture in rows if picture])
    list(pictures.order_by("pk").values_list("pk"))  # so that none is erased meanwhile (erase.py)
    slots = list(slots_of(version))
    left_out = unfit_ones(slots)
    for slot in slots:
        if slot.position not in left_out:
            continue
        if unfit(slot):
            slot.delete()
        else:
            slot.picture = None
            slot.save(update_fields=["picture"])
    before = front.live.number if front.live else None
    last = front.versions.filter(number__isnull=False).order_by("-number").values_list("number", flat=True).first()
    version.state, version.number, version.launched_at, version.by = State.LAUNCHED, (last or 0) + 1, at, by
    version.save(update_fields=["state", "number", "launched_at", "by"])
    front.live = version
    _to_settle(front, at)
    note(events.Verb.LAUNCHED, front, by=by, before=f"version {before}" if before else "",
         after=f"version {version.number}", at=at)  # fmt: skip
    front_duties.settle(front, by=by, at=at)
    return version, list(left_out.values())


def _to_settle(front: Front, at: datetime) -> None:
    """What follows is done by the caller at once, and by the worker where the caller's process ends before."""
    front.settle_at = at + CLAIM
    front.save(update_fields=["live", "settle_at"])
    purging.launched(front.place)
