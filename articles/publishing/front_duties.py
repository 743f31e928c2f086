"""What a front says of a story in its own words is tied to the story: a notice of the story asks for them, too.

Whether a slot asks follows from its own `seen` alone, so that nothing can be missed; the duties tell people of it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Q, QuerySet

from articles.models import Article, Correction, Duty, Edition, Front, Publication, Slot, User
from articles.publishing import events

Place = Duty.Place


def on_fronts(article: Article | int) -> list[Duty]:
    """Where a live front says something of its own of this story: unsaved, without the correction and its desk."""
    key = article.pk if isinstance(article, Article) else article
    live = Slot.objects.filter(publication=key, version__live_on__isnull=False)
    own = live.filter(~Q(headline="") | Q(picture__isnull=False))
    return [Duty(place=Place.FRONT, target=place) for place in own.order_by("version__front").values_list(
        "version__front", flat=True)]  # fmt: skip


def asking(slots: Iterable[Slot]) -> dict[int, list[Correction]]:
    """By story, the notices that have appeared since somebody compared them with its slot's own words; the newest
    first."""
    seen = {slot.publication_id: slot.seen for slot in slots if slot.own_words}
    found: dict[int, list[Correction]] = {}
    if seen:
        notices = Correction.objects.filter(article__in=seen).select_related("right", "text", "article__publication")
        for notice in notices.order_by("-right__number", "place"):
            if notice.right.number > seen[notice.article_id]:
                found.setdefault(notice.article_id, []).append(notice)
    return found


def begin(article: Article, edition: Edition, notices: Sequence[Correction], *, at: datetime) -> None:
    """With an edition: its notices ask for what live fronts say of the story; of a withdrawn one they say nothing."""
    if edition.kind in Edition.WITHDRAWING:
        _close(Duty.objects.filter(place=Place.FRONT, correction__article=article), by=edition.by, at=at)
        return
    if not notices:
        return
    places = on_fronts(article)
    Duty.objects.bulk_create(
        [
            Duty(correction=notice, desk_id=article.desk_id, place=Place.FRONT, target=duty.target, at=at)
            for notice in notices
            for duty in places
        ],
        ignore_conflicts=True,
    )


def settle(front: Front, *, by: User | None, at: datetime) -> None:
    """After a launch, or a confirmation: close what is answered by it, and open what the launched slots still owe."""
    standing = Slot.objects.filter(version=front.live_id, publication__state=Publication.State.STANDING)
    live = list(standing.select_related("publication__article").defer("publication__article__body"))
    owed = asking(live)
    due = {notice.pk: notice for notices in owed.values() for notice in notices}
    known = Duty.objects.filter(place=Place.FRONT, target=front.place)
    _close(known.exclude(correction__in=due), by=by, at=at)
    known = known.filter(correction__in=due)
    known.exclude(state=Duty.State.OPEN).update(state=Duty.State.OPEN, reason="", closed_at=None, closed_by=None)
    desks = {slot.publication_id: slot.publication.article.desk_id for slot in live}
    Duty.objects.bulk_create(
        [
            Duty(correction=notice, desk_id=desks[notice.article_id], place=Place.FRONT, target=front.place, at=at)
            for notice in due.values()
        ],
        ignore_conflicts=True,
    )


def _close(duties: "QuerySet[Duty]", *, by: User | None, at: datetime) -> None:
    open_ones = duties.filter(state=Duty.State.OPEN).select_related("correction__article")
    for duty in open_ones.defer("correction__article__body"):
        duty.state, duty.closed_at, duty.closed_by = Duty.State.DONE, at, by
        duty.save(update_fields=["state", "closed_at", "closed_by"])
        events.note(events.Verb.DUTY_DONE, by=by, article=duty.correction.article, thing=f"duty {duty.pk}", at=at)
