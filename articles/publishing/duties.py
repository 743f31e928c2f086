"""Where else an error stands: every place that carries a story's words, until somebody has seen to it there."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from articles.language.words import one_line
from articles.models import Article, Correction, Duty, Edition, Publication, User
from articles.publishing import events
from articles.publishing.clock import database_now
from articles.publishing.errors import DecisionClosed, ReasonMissing
from articles.publishing.rights import Right, require

# Notices that say that something was wrong; an update was right before.
OF_ERRORS = {
    Correction.Kind.CORRECTION,
    Correction.Kind.CLARIFICATION,
    Correction.Kind.RETRACTION,
    Correction.Kind.TAKEDOWN,
}


def begin(article: Article, edition: Edition, notices: Sequence[Correction], *, at: datetime) -> None:
    """Open the duties that follow from an edition's notices, and close those that this edition fulfils elsewhere."""
    if notices:
        _fulfil(article, edition, by=edition.by, at=at)
    for notice in notices:
        if notice.kind in OF_ERRORS:
            Duty.objects.bulk_create(_places(article, notice, at=at), ignore_conflicts=True)


def _places(article: Article, notice: Correction, *, at: datetime) -> list[Duty]:
    Place = Duty.Place
    found = [
        Duty(place=Place.TRANSLATION if other.translation_of_id == article.pk else Place.ORIGINAL,
             target=other.pk, desk_id=other.desk_id)
        for other in relatives(article)
        if Publication.objects.filter(article=other).exists()
    ]  # fmt: skip
    if article.topic_id:
        found.append(Duty(place=Place.TOPIC, target=article.topic_id, desk_id=article.desk_id))
    # Lists and related stories show the headline of the standing edition by themselves: nothing is left to do.
    found.append(Duty(place=Place.RELATED, target=0, desk_id=article.desk_id, state=Duty.State.DONE, closed_at=at))
    for duty in found:
        duty.correction, duty.at = notice, at
    return found


def relatives(article: Article) -> list[Article]:
    """The other stories that say the same in other languages: the original, and its translations."""
    root = article.translation_of_id or article.pk
    family = Article.objects.filter(Q(pk=root) | Q(translation_of=root)).exclude(pk=article.pk)
    return list(family.order_by("pk"))


def _fulfil(article: Article, edition: Edition, *, by: User, at: datetime) -> None:
    theirs = Duty.objects.filter(
        state=Duty.State.OPEN, target=article.pk, place__in=[Duty.Place.TRANSLATION, Duty.Place.ORIGINAL]
    )
    for duty in theirs.select_related("correction__article"):
        duty.state, duty.done_by, duty.closed_at, duty.closed_by = Duty.State.DONE, edition, at, by
        duty.save()
        events.note(events.Verb.DUTY_DONE, by=by, article=duty.correction.article, thing=f"duty {duty.pk}", at=at)


def open_duties(article: Article) -> "list[Duty]":
    """What is open in this story because another one was corrected."""
    return list(
        Duty.objects.filter(
            state=Duty.State.OPEN, target=article.pk, place__in=[Duty.Place.TRANSLATION, Duty.Place.ORIGINAL]
        ).select_related("correction__article", "correction__text")
    )


@transaction.atomic
def close_duty(duty: Duty, *, by: User, waived: bool = False, reason: str = "") -> None:
    """Say that a place has been seen to, or with `waived` that nothing is needed there, and why.

    A translation's duty is done by an edition of its own with a notice; by hand it can only be waived.
    Raises NotAllowed, ReasonMissing or DecisionClosed.
    """
    duty = Duty.objects.select_for_update().select_related("correction__article").get(pk=duty.pk)
    require(by, Right.CORRECT, duty.desk_id)
    if duty.state != Duty.State.OPEN:
        raise DecisionClosed
    by_edition = duty.place in {Duty.Place.TRANSLATION, Duty.Place.ORIGINAL}
    reason = one_line(reason)[:500]
    if (waived or by_edition) and not reason:
        raise ReasonMissing
    duty.state = Duty.State.WAIVED if waived or by_edition else Duty.State.DONE
    duty.reason, duty.closed_at, duty.closed_by = reason, database_now(), by
    duty.save()
    verb = events.Verb.DUTY_WAIVED if duty.state == Duty.State.WAIVED else events.Verb.DUTY_DONE
    events.note(verb, by=by, article=duty.correction.article, thing=f"duty {duty.pk}")
