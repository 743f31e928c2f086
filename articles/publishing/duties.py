"""Where else an error stands: every place that carries a story's words, until somebody has seen to it there."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from articles.language.words import one_line
from articles.models import Article, Correction, Desk, Duty, Edition, Listing, Publication, User
from articles.publishing import events, front_duties
from articles.publishing.clock import database_now
from articles.publishing.errors import DecisionClosed, ReasonMissing, SeenToAtFront
from articles.publishing.rights import Right, require

# Notices that say that something was wrong; an update was right before.
OF_ERRORS = {
    Correction.Kind.CORRECTION,
    Correction.Kind.CLARIFICATION,
    Correction.Kind.RETRACTION,
    Correction.Kind.TAKEDOWN,
}
OF_RELATIVES = ("translation_of", "desk")


def begin(article: Article, edition: Edition, notices: Sequence[Correction], *, at: datetime) -> None:
    """Open the duties that follow from an edition's notices, and close those that this edition fulfils elsewhere.

    A story put right because another one was corrected sends nobody back to where the correction came from.
    """
    front_duties.begin(article, edition, notices, at=at)
    of_errors = [notice for notice in notices if notice.kind in OF_ERRORS]
    if not of_errors:
        return
    known = _fulfil(article, edition, by=edition.by, at=at)
    if len(of_errors) > 1:  # which of them the other story had already cannot be told: better once too often
        known = set()
    for notice in of_errors:
        found = [duty for duty in places(article)
                 if (duty.place, duty.target) not in known and duty.place != Duty.Place.FRONT]  # fmt: skip
        # Lists and related stories show the headline of the standing edition by themselves: nothing is left to do.
        found.append(Duty(place=Duty.Place.RELATED, target=0, desk_id=article.desk_id, state=Duty.State.DONE,
                          closed_at=at))  # fmt: skip
        for duty in found:
            duty.correction, duty.at = notice, at
        Duty.objects.bulk_create(found, ignore_conflicts=True)


def places(article: Article) -> list[Duty]:
    """Where a correction of this public story opens a duty: unsaved, and without the correction."""
    state = Publication.objects.filter(article=article).values_list("state", flat=True).first()
    if not state:
        return []
    found = [
        Duty(place=_place(other), target=other.pk, desk_id=other.desk_id)
        for other in relatives(article).filter(publication__state=Publication.State.STANDING).only(*OF_RELATIVES)
    ]
    topics = Listing.objects.filter(publication=article.pk, kind=Listing.Kind.TOPIC).values_list("target", flat=True)
    if state == Publication.State.STANDING:
        found += front_duties.on_fronts(article)
    return found + [Duty(place=Duty.Place.TOPIC, target=topic, desk_id=article.desk_id) for topic in topics]


def _place(other: Article) -> Duty.Place:
    return Duty.Place.TRANSLATION if other.translation_of_id else Duty.Place.ORIGINAL


def relatives(article: Article) -> QuerySet[Article]:
    """The other stories that say the same in other languages: the original, and its translations."""
    root = article.translation_of_id or article.pk
    family = Article.objects.filter(Q(pk=root) | Q(translation_of=root)).exclude(pk=article.pk)
    return family.order_by("pk")


def _fulfil(article: Article, edition: Edition, *, by: User, at: datetime) -> set[tuple[str, int]]:
    """Close what was open in this story; the places, as (place, target), that know of the error for that reason."""
    known: set[tuple[str, int]] = set()
    for duty in _open_in(article).select_related("correction__article"):
        duty.state, duty.done_by, duty.closed_at, duty.closed_by = Duty.State.DONE, edition, at, by
        duty.save()
        events.note(events.Verb.DUTY_DONE, by=by, article=duty.correction.article, thing=f"duty {duty.pk}", at=at)
        known.add((_place(duty.correction.article), duty.correction.article_id))
        known.update(duty.correction.duties.exclude(pk=duty.pk).values_list("place", "target"))
    return known


def _open_in(article: Article) -> QuerySet[Duty]:
    in_stories = [Duty.Place.TRANSLATION, Duty.Place.ORIGINAL]
    return Duty.objects.filter(state=Duty.State.OPEN, target=article.pk, place__in=in_stories)


def move_duties(article: Article, desk: Desk) -> None:
    """What is still open about a story goes with it to another desk."""
    own = Q(correction__article=article, place__in=[Duty.Place.TOPIC, Duty.Place.FRONT, Duty.Place.RELATED])
    in_it = Q(target=article.pk, place__in=[Duty.Place.TRANSLATION, Duty.Place.ORIGINAL])
    Duty.objects.filter(own | in_it, state=Duty.State.OPEN).update(desk=desk)


def open_duties(article: Article) -> list[Duty]:
    """What is open in this story because another one was corrected."""
    return list(_open_in(article).select_related("correction__article", "correction__text"))


@transaction.atomic
def close_duty(duty: Duty, *, by: User, waived: bool = False, reason: str = "") -> None:
    """Say that a place has been seen to, or with `waived` that nothing is needed there, and why.

    A translation's duty is done by an edition of its own with a notice; by hand it can only be waived. A front's is
    done at the front. Raises NotAllowed, ReasonMissing, SeenToAtFront or DecisionClosed.
    """
    duty = Duty.objects.select_for_update(of=("self",)).select_related("correction__article").get(pk=duty.pk)
    require(by, Right.CORRECT, duty.desk_id)
    if duty.state != Duty.State.OPEN:
        raise DecisionClosed
    if duty.place == Duty.Place.FRONT:
        raise SeenToAtFront
    by_edition = duty.place in {Duty.Place.TRANSLATION, Duty.Place.ORIGINAL}
    reason = one_line(reason)[:500]
    if (waived or by_edition) and not reason:
        raise ReasonMissing
    duty.state = Duty.State.WAIVED if waived or by_edition else Duty.State.DONE
    duty.reason, duty.closed_at, duty.closed_by = reason, database_now(), by
    duty.save()
    verb = events.Verb.DUTY_WAIVED if duty.state == Duty.State.WAIVED else events.Verb.DUTY_DONE
    events.note(verb, by=by, article=duty.correction.article, thing=f"duty {duty.pk}")
