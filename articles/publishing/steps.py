"""The steps of a working copy: from which stages each starts, and who may take it.

submit, take back, send back, approve (review.py), spike and restore (spike.py). Publishing and scheduling are verbs of
their own; with what stages.py says, this is the whole order of a story's way to the public.
"""

from enum import StrEnum

from articles.models import Article, User
from articles.publishing import stages
from articles.publishing.errors import (
    NotAllowed,
    NothingToReview,
    OwnSubmission,
    PublicStory,
    PublishingError,
    StaleDraft,
)
from articles.publishing.rights import Right, may, may_on
from articles.publishing.stages import Stage
from articles.publishing.waiting import pending


class Step(StrEnum):
    SUBMIT = "submit"
    TAKE_BACK = "take-back"
    SEND_BACK = "send-back"
    APPROVE = "approve"
    SPIKE = "spike"
    RESTORE = "restore"


FROM: dict[Step, set[Stage]] = {
    Step.SUBMIT: stages.WRITTEN,
    Step.TAKE_BACK: {Stage.REVIEW},
    Step.SEND_BACK: {Stage.REVIEW, Stage.APPROVED},
    Step.APPROVE: {Stage.REVIEW, Stage.APPROVED},  # again, where it reads otherwise by now
    Step.SPIKE: {Stage.DRAFT, Stage.REVIEW, Stage.APPROVED, Stage.SCHEDULED},  # and never public
    Step.RESTORE: {Stage.SPIKED},
}
REVIEWERS = {Step.SEND_BACK, Step.APPROVE}  # the steps of those who may publish at the desk


def steps(article: Article, user: User) -> set[Step]:
    """The steps that this person could take now."""
    return {step for step in Step if article.stage in FROM[step] and not refusal(article, step, user)}


def refusal(article: Article, step: Step, by: User) -> PublishingError | None:
    """Why this person may not take the step; None where it is theirs to take. The stage is not asked."""
    publishes = may(by, Right.PUBLISH, article.desk_id)
    if step in REVIEWERS and not publishes:
        return NotAllowed()
    if step not in REVIEWERS and not may_on(by, Right.WRITE, article):
        return NotAllowed()
    if step == Step.TAKE_BACK and article.stage == Stage.REVIEW and article.submitted_by_id != by.pk:
        return NotAllowed()
    if step == Step.APPROVE and article.submitted_by_id == by.pk and stages.approval_wanted(article):
        return OwnSubmission()
    if step == Step.APPROVE and article.stage == Stage.APPROVED and stages.approval_stands(article):
        return stages.refused(article)
    if step == Step.SPIKE:
        if article.stage != Stage.SPIKED and stages.is_public(article):
            return PublicStory()
        if not publishes and (article.stage in {Stage.APPROVED, Stage.SCHEDULED} or pending(article).exists()):
            return NotAllowed()
    return None


def taken(article: Article, step: Step, *, by: User, seen: int | None) -> Article:
    """The article with its row locked, for a step that fits.

    seen: the version that the person had before them; None where the words do not matter.
    Raises NotAllowed, OwnSubmission, StaleDraft, Spiked, or WrongStage (PublicStory among them).
    """
    article = Article.objects.select_for_update(no_key=True, of=("self",)).select_related("desk").get(pk=article.pk)
    error = refusal(article, step, by)
    if isinstance(error, NotAllowed):  # before anything is said of the story
        raise error
    stages.require_stage(article, *FROM[step])
    if error:
        raise error
    if seen is not None and article.version != seen:
        raise StaleDraft(seen=seen, now=article.version)
    return article


def require_text(article: Article) -> None:
    """Raises NothingToReview unless there is a headline and a body."""
    if not article.headline.strip() or not article.body.strip():
        raise NothingToReview
