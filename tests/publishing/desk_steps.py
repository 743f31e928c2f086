"""Working copies in every stage, made by the verbs themselves."""

from articles.models import Article, Desk, DraftVersion, Schedule, User
from articles.publishing import approve, publish, spike, submit
from articles.publishing.clock import database_now
from tests import factories

Stage = Article.Stage


def anew(article: Article) -> Article:
    return Article.objects.get(pk=article.pk)


def story(stage: str, *, by: User, second: User, desk: Desk) -> Article:
    """A story of `by` that stands there; `second` approved it, or put it on the spike."""
    article = factories.make_article(by, desk=desk)
    if stage in {Stage.PUBLISHED, Stage.CHANGED}:
        publish(article, seen=1, by=second)
    if stage == Stage.CHANGED:
        factories.change(article, by=by, headline="改了一字")
    if stage in {Stage.REVIEW, Stage.APPROVED}:
        submit(article, seen=1, by=by)
    if stage == Stage.APPROVED:
        approve(article, seen=1, by=second)
    if stage == Stage.SCHEDULED:
        wait(article, by=second)
    if stage == Stage.SPIKED:
        spike(article, seen=1, by=second)
    article = anew(article)
    assert article.stage == stage
    return article


def wait(article: Article, *, by: User) -> Schedule:
    """What a schedule leaves behind: a row that waits, and the stage."""
    Article.objects.filter(pk=article.pk).update(stage=Stage.SCHEDULED)
    now = database_now()
    return Schedule.objects.create(
        article=article, desk=article.desk, act=Schedule.Act.PUBLISH, due_at=now, try_at=now, zone="Asia/Shanghai",
        version=DraftVersion.objects.get(article=article, number=article.version), at=now, by=by,
    )  # fmt: skip
