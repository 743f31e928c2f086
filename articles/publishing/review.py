"""The way through review: submitted by one, approved or sent back by another."""

from django.db import transaction

from articles.models import Alert, Article, Comment, User
from articles.publishing import alerts, events, stages
from articles.publishing.clock import database_now
from articles.publishing.comments import worded
from articles.publishing.freeze import fingerprint, freeze
from articles.publishing.rights import Right, colleagues_with
from articles.publishing.stages import Stage
from articles.publishing.steps import Step, require_text, taken

Verb = events.Verb


@transaction.atomic
def submit(article: Article, *, seen: int, by: User) -> Article:
    """Hand the working copy in, in the version `seen`; those who may publish at the desk are told.

    Raises NotAllowed, StaleDraft, Spiked, WrongStage, or NothingToReview without a headline or a body.
    """
    article = taken(article, Step.SUBMIT, by=by, seen=seen)
    require_text(article)
    _stand(article, Stage.REVIEW, Verb.SUBMITTED, by=by, submitted_by=by)
    alerts.tell(Alert.Kind.SUBMITTED, article, colleagues_with(Right.PUBLISH, article.desk), by)
    return article


@transaction.atomic
def take_back(article: Article, *, seen: int, by: User) -> Article:
    """Take out of review what one has submitted oneself. Raises NotAllowed, StaleDraft, Spiked or WrongStage."""
    article = taken(article, Step.TAKE_BACK, by=by, seen=seen)
    _stand(article, stages.written(article), Verb.TOOK_BACK, by=by)
    alerts.done(Alert.Kind.SUBMITTED, article)
    return article


@transaction.atomic
def send_back(article: Article, *, seen: int, by: User, text: str) -> Article:
    """Give the story back to who wrote it, with a comment of what is to be done.

    Raises NotAllowed, StaleDraft, Spiked, WrongStage, or CommentRefused without a comment.
    """
    article = taken(article, Step.SEND_BACK, by=by, seen=seen)
    comment = Comment.objects.create(
        article=article, version=article.version, text=worded(text), at=database_now(), by=by
    )
    told = writers(article)
    _stand(article, stages.written(article), Verb.RETURNED, by=by)
    alerts.done(Alert.Kind.SUBMITTED, article)
    alerts.tell(Alert.Kind.RETURNED, article, told, by, target=comment.pk)
    return article


@transaction.atomic
def approve(article: Article, *, seen: int, by: User) -> Article:
    """Approve the version `seen`, and no other: what is saved after it waits for review again. So does what it takes
    from elsewhere (pictures' words, names), which is approved as it reads now.

    Raises NotAllowed, OwnSubmission for who submitted it, where the desk wants a second person, StaleDraft, Spiked or
    WrongStage.
    """
    article = taken(article, Step.APPROVE, by=by, seen=seen)
    told = writers(article)
    _stand(article, Stage.APPROVED, Verb.APPROVED, by=by, submitted_by=article.submitted_by, approved_by=by,
           approved_version=article.version, approved_words=fingerprint(freeze(article)))  # fmt: skip
    alerts.done(Alert.Kind.SUBMITTED, article)
    alerts.tell(Alert.Kind.APPROVED, article, told, by)
    return article


def writers(article: Article) -> list[User | None]:
    """Whom it concerns what becomes of a story: who began it, who has it in hand, who submitted it."""
    return [article.created_by, article.assignee, article.submitted_by]


def _stand(
    article: Article,
    stage: str,
    verb: events.Verb,
    *,
    by: User,
    submitted_by: User | None = None,
    approved_by: User | None = None,
    approved_version: int | None = None,
    approved_words: str = "",
) -> None:
    before, article.stage = article.stage, stage
    article.submitted_by, article.approved_by = submitted_by, approved_by
    article.approved_version, article.approved_words = approved_version, approved_words
    article.save(update_fields=["stage", "submitted_by", "approved_by", "approved_version", "approved_words"])
    events.note(verb, by=by, article=article, thing=f"version {article.version}", before=before, after=stage)
