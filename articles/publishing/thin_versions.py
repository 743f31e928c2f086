"""Autosaves leave many versions of a working copy: after an hour, one of each five minutes and person is enough."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from articles.models import Article, Comment, DraftVersion, Publication
from articles.publishing.clock import database_now

AFTER = timedelta(hours=1)
BUCKET = 300  # seconds, of which one is kept
BATCH = 500  # versions looked at in one round
Mark = tuple[datetime, int]
_from: Mark | None = None  # how far this process has looked; what it has passed by then stays


def thin_versions() -> int:
    """Take out what another autosave of the same person has followed within five minutes; how many went.

    What stays: what was saved by hand, the last of each run of a person, and all that anything refers to. A bounded
    number is looked at in each round; safe to run twice, and by several workers.
    """
    global _from
    asked = DraftVersion.objects.filter(how=DraftVersion.How.AUTOSAVED, saved_at__lt=database_now() - AFTER)
    if _from:
        at, pk = _from
        asked = asked.filter(Q(saved_at=at, pk__gt=pk) | Q(saved_at__gt=at))
    batch = list(asked.order_by("saved_at", "pk").only("pk", "saved_at", "by_id", "article_id", "number")[:BATCH])
    if not batch:
        return 0
    _from = batch[-1].saved_at, batch[-1].pk
    gone = [version.pk for version in batch if _followed(version)]
    return sum(DraftVersion.objects.filter(pk=pk).filter(~_referred_to()).delete()[0] for pk in gone)


def _followed(version: DraftVersion) -> bool:
    after = DraftVersion.objects.filter(article=version.article_id, number__gt=version.number).order_by("number")
    following = after.values_list("by_id", "saved_at").first()
    return (
        following is not None and following[0] == version.by_id and _bucket(following[1]) == _bucket(version.saved_at)
    )


def _bucket(at: datetime) -> int:
    return int(at.timestamp()) // BUCKET


def _referred_to() -> Q:
    """Whether anything stands on a version: what is public, approved, scheduled, linked to or commented on."""
    here = {"article": OuterRef("article")}
    number = OuterRef("number")
    standing = Article.objects.filter(pk=OuterRef("article")).filter(Q(version=number) | Q(approved_version=number))
    found = Q(Exists(standing)) | Q(Exists(Publication.objects.filter(**here, draft_version=number)))
    found |= Q(Exists(Comment.objects.filter(**here, version=number)))
    for relation in DraftVersion._meta.related_objects:
        rows = relation.related_model._default_manager.filter(**{relation.field.name: OuterRef("pk")})
        found |= Q(Exists(rows))
    return found
