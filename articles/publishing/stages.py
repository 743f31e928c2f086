"""Where a working copy stands, and which steps lead on from there.

draft → review → approved → scheduled → published; a change to a public story begins again as “changed”, which is its
draft. What never was public can be spiked, and restored. Each verb says from which stages it may start; which door it
came through does not matter.
"""

from articles.models import Article, Desk, Publication
from articles.publishing.errors import ApprovedOtherwise, NotApproved, PublishingError, Spiked, WrongStage
from articles.publishing.freeze import fingerprint, freeze

Stage = Article.Stage
WRITTEN = {Stage.DRAFT, Stage.CHANGED}  # somebody is writing; nobody else has to do anything


def is_public(article: Article) -> bool:
    return Publication.objects.filter(article=article).exists()


def require_stage(article: Article, *stages: str) -> None:
    """Raises Spiked, or WrongStage naming the stage, unless the article is in one of these."""
    if article.stage not in stages:
        raise refused(article)


def refused(article: Article) -> PublishingError:
    """That a step does not fit where the article stands."""
    return Spiked() if article.stage == Stage.SPIKED else WrongStage(article.get_stage_display())


def written(article: Article) -> str:
    """The stage of a story on which somebody writes."""
    return Stage.CHANGED if is_public(article) else Stage.DRAFT


def write_on(article: Article) -> None:
    """What a save does to the stage of a locked article; the caller saves it. Raises Spiked.

    What was approved is another text from now on: it waits for review again, as who submitted it left it.
    """
    if article.stage == Stage.SPIKED:
        raise Spiked
    if article.stage == Stage.PUBLISHED:
        article.stage = Stage.CHANGED
    elif article.stage in {Stage.APPROVED, Stage.SCHEDULED}:
        article.stage = Stage.REVIEW if article.submitted_by_id else written(article)
    take_approval(article)


def take_approval(article: Article) -> None:
    """Nobody has approved what stands from now on; the caller saves it."""
    article.approved_by = article.approved_version = None
    article.approved_words = ""


def approval_wanted(article: Article, *, public: bool | None = None) -> bool:
    """Whether its desk wants a second person to approve the next publication of this story. public: whether it is, by
    who knows that already."""
    rule = article.desk.approval
    if rule != Desk.Approval.FIRST:
        return rule == Desk.Approval.EVERY
    return not (is_public(article) if public is None else public)


def approval_stands(article: Article) -> bool:
    """Whether somebody approved this very version, with all that it takes from elsewhere as it is now."""
    return article.approved_version == article.version and reads_as(article, article.approved_words)


def reads_as(article: Article, approved: str) -> bool:
    """approved: the fingerprint of what was approved; of what was before they were kept, empty."""
    return not approved or approved == fingerprint(freeze(article))


def require_approved(article: Article, *, public: bool | None = None) -> None:
    """Raises NotApproved where the desk wants a second person to approve this version first, and nobody has;
    ApprovedOtherwise where it reads otherwise by now, because of a picture's words or a name."""
    if not approval_wanted(article, public=public):
        return
    if article.approved_version != article.version:
        raise NotApproved
    if not reads_as(article, article.approved_words):
        raise ApprovedOtherwise


def made_public(article: Article) -> None:
    """After an edition of `article`, which may be an earlier version of itself: the stage of the working copy.

    What is public as it stands is due no more.
    """
    row = Article.objects.filter(pk=article.pk)
    this = row.filter(version=article.version)
    if not this.update(stage=Stage.PUBLISHED, submitted_by=None, approved_by=None, approved_version=None,
                       approved_words="", due_at=None):  # fmt: skip
        row.filter(stage=Stage.DRAFT).update(stage=Stage.CHANGED)
