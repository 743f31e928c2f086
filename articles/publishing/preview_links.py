"""Secret addresses that show one version of one story to somebody outside the desk, for a few hours."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction

from articles.language.words import one_line
from articles.models import Article, DraftVersion, PreviewLink, Publication, User
from articles.models.codes import ALPHABET
from articles.models.prepared import prepared, told
from articles.publishing import events
from articles.publishing.clock import database_now
from articles.publishing.errors import LinkOfWithdrawn, LinkTooLong, Spiked, TooManyLinks
from articles.publishing.rights import Right, require_on

HOURS, MOST_HOURS = 24, 72
MOST_LINKS = 20  # open ones of a story
KEY = 26  # letters: 31 ** 26 is more than 2 ** 128


def digest_of(key: str) -> str:
    return hashlib.sha256(key.encode(errors="replace")).hexdigest()


@transaction.atomic
def make_link(
    article: Article, *, version: DraftVersion, by: User, hours: int = HOURS, name: str = ""
) -> tuple[PreviewLink, str]:
    """A link to this version of the story, and its secret, which is not kept. name: for whom it is.

    Raises NotAllowed, Spiked, LinkOfWithdrawn, LinkTooLong, TooManyLinks.
    """
    article = Article.objects.select_for_update(no_key=True).get(pk=article.pk)
    require_on(by, Right.WRITE, article)
    if article.stage == Article.Stage.SPIKED:
        raise Spiked
    if _withdrawn(article):
        raise LinkOfWithdrawn
    if not 1 <= hours <= MOST_HOURS:
        raise LinkTooLong(MOST_HOURS)
    if version.article_id != article.pk:
        raise DraftVersion.DoesNotExist
    now = database_now()
    if open_links(article, now).count() >= MOST_LINKS:
        raise TooManyLinks(MOST_LINKS)
    key = "".join(secrets.choice(ALPHABET) for _ in range(KEY))
    link = PreviewLink.objects.create(
        article=article, version=version, key_digest=digest_of(key), name=one_line(name)[:100], at=now, by=by,
        expires_at=now + timedelta(hours=hours),
    )  # fmt: skip
    events.note(events.Verb.LINKED, by=by, article=article, thing=f"preview-link {link.pk}",
                after=f"version {version.number}", at=now)  # fmt: skip
    return link, key


@transaction.atomic
def revoke(link: PreviewLink, *, by: User) -> None:
    """Take a link back. Twice is once. Raises NotAllowed."""
    require_on(by, Right.WRITE, link.article)
    at = database_now()
    _close(PreviewLink.objects.filter(pk=link.pk, revoked_at=None, expires_at__gt=at).values_list("pk", flat=True),
           link.article, by=by, at=at)  # fmt: skip


def revoke_all(article: Article, *, by: User | None, at: datetime) -> None:
    """For verbs after which no link may show the story any more, in their transaction: what is public has its own
    page, and what was withdrawn or spiked is not shown to anybody. by: none where nobody did it."""
    _close(_open()(article=article.pk, at=at), article, by=by, at=at)


@prepared
def _open() -> models.QuerySet[Any, Any]:
    links = PreviewLink.objects.filter(article=told("article"), revoked_at=None)
    return links.filter(expires_at__gt=told("at", models.DateTimeField())).values_list("pk", flat=True)


def _close(links: Iterable[int], article: Article, *, by: User | None, at: datetime) -> None:
    for key in links:
        if PreviewLink.objects.filter(pk=key, revoked_at=None).update(revoked_at=at, revoked_by=by):
            events.note(events.Verb.UNLINKED, by=by, article=article, thing=f"preview-link {key}", at=at)


def open_links(article: Article, now: datetime) -> models.QuerySet[PreviewLink]:
    return article.preview_links.filter(revoked_at=None, expires_at__gt=now)


def opened(key: str) -> PreviewLink | None:
    """The link that this secret opens now, by the database's clock: with its version and its article."""
    found = PreviewLink.objects.select_related("version", "article__desk").filter(key_digest=digest_of(key)).first()
    if not found or found.revoked_at or found.expires_at <= database_now():
        return None
    hidden = found.article.stage == Article.Stage.SPIKED or _withdrawn(found.article)
    return None if hidden else found


def _withdrawn(article: Article) -> bool:
    return Publication.objects.filter(article=article).exclude(state=Publication.State.STANDING).exists()
