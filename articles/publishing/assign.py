"""Who has a story in hand, and by when."""

from datetime import datetime

from django.db import transaction

from articles.models import Alert, Article, Desk, User
from articles.publishing import alerts, events
from articles.publishing.after import after_save
from articles.publishing.clock import stamp
from articles.publishing.errors import NotAMember, Spiked
from articles.publishing.rights import Right, require_on
from articles.publishing.stages import Stage


@transaction.atomic
def assign(article: Article, *, by: User, to: User | None, due: datetime | None = None) -> Article:
    """Give the story to a colleague of its desk, or to nobody, to be done by `due`; no words change by it.

    Raises NotAllowed for who may not write on it, NotAMember, or Spiked.
    """
    article = Article.objects.select_for_update(no_key=True).get(pk=article.pk)
    require_on(by, Right.WRITE, article)
    if article.stage == Stage.SPIKED:
        raise Spiked
    if (article.assignee_id, article.due_at) == (to.pk if to else None, due):
        return article
    if to and not is_member(to, article.desk):
        raise NotAMember
    before, handed = _told(article), to and article.assignee_id != to.pk
    article.assignee, article.due_at = to, due
    article.save(update_fields=["assignee", "due_at"])
    after_save(article)
    events.note(events.Verb.ASSIGNED, by=by, article=article, before=before, after=_told(article))
    if handed:
        alerts.done(Alert.Kind.ASSIGNED, article)
        alerts.tell(Alert.Kind.ASSIGNED, article, [to], by)
    return article


def is_member(user: User, desk: Desk) -> bool:
    return user.is_active and user.memberships.filter(desk=desk).exists()


def leave_desk(article: Article, desk: Desk, by: User) -> None:
    """Take a story that goes to `desk` out of the hands of who does not belong there; the caller saves it."""
    if article.assignee and not is_member(article.assignee, desk):
        before, article.assignee = _told(article), None
        events.note(events.Verb.ASSIGNED, by=by, article=article, before=before, after=_told(article))


def _told(article: Article) -> str:
    who = f"user {article.assignee_id}" if article.assignee_id else ""
    return f"{who} {stamp(article.due_at) if article.due_at else ''}".strip()
