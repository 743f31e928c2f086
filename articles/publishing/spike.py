"""Putting a story aside that never was public, and taking it out again. Nothing of it is lost."""

from django.db import transaction

from articles.models import Alert, Article, Schedule, User
from articles.publishing import alerts, events, preview_links
from articles.publishing.clock import database_now
from articles.publishing.stages import Stage, take_approval
from articles.publishing.steps import Step, taken
from articles.publishing.waiting import name_of, pending, when

SPIKED = "spiked"  # as Schedule.error says it


@transaction.atomic
def spike(article: Article, *, seen: int, by: User) -> Article:
    """Put the story on the spike: what was scheduled of it does not happen, it is due no more, and no
    preview link opens it, also once it is restored.

    Raises NotAllowed (a reporter, of what was approved or scheduled), StaleDraft, Spiked, WrongStage, or
    PublicStory: what readers have seen is taken back by a decision of two.
    """
    article = taken(article, Step.SPIKE, by=by, seen=seen)
    now = database_now()
    for one in pending(article).select_related("version").order_by("pk"):
        one.state, one.error, one.closed_at, one.closed_by = Schedule.State.CANCELLED, SPIKED, now, by
        one.save(update_fields=["state", "error", "closed_at", "closed_by"])
        events.note(events.Verb.UNSCHEDULED, by=by, article=article, thing=name_of(one), before=when(one), at=now)
    before, article.stage = article.stage, Stage.SPIKED
    article.submitted_by = article.due_at = None
    take_approval(article)
    article.save(update_fields=["stage", "submitted_by", "approved_by", "approved_version", "approved_words", "due_at"])
    events.note(events.Verb.SPIKED, by=by, article=article, before=before, after=Stage.SPIKED, at=now)
    preview_links.revoke_all(article, by=by, at=now)
    alerts.done(Alert.Kind.SUBMITTED, article)
    return article


@transaction.atomic
def restore(article: Article, *, by: User) -> Article:
    """Take a story off the spike, as a draft. Raises NotAllowed or WrongStage."""
    article = taken(article, Step.RESTORE, by=by, seen=None)
    article.stage = Stage.DRAFT
    article.save(update_fields=["stage"])
    events.note(events.Verb.RESTORED, by=by, article=article, before=Stage.SPIKED, after=Stage.DRAFT)
    return article
