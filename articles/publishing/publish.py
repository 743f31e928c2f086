"""The one way from the working copy to what readers see."""

from django.db import transaction

from articles.models import Article, Edition, User
from articles.publishing.clock import database_now
from articles.publishing.errors import StaleDraft
from articles.publishing.issue import issue, locked
from articles.publishing.outbox import deliver
from articles.publishing.rights import Right, require


def publish(
    article: Article, *, seen: int, by: User, kind: str | None = None, note: str = "", words: str = ""
) -> Edition:
    """Make the working copy, in the version `seen`, the story's next edition.

    kind: for every edition after the first, an Edition.Kind; note: what readers are told, one or two sentences,
    demanded for every kind but typo. Edition, lists and outbox row are one transaction; the effects of
    settings.AFTER_COMMIT have been tried when this returns. words: freeze.fingerprint of what the person was shown,
    where they were shown it: a name or a picture's text may have changed since, without a new version.

    Raises NotAllowed, StaleDraft, NotReady, NothingChanged, KindMissing or NoteMissing, and has then done nothing.
    """
    with transaction.atomic(durable=True):
        article = locked(article)
        require(by, Right.PUBLISH, article.desk_id)
        if article.version != seen:
            raise StaleDraft(seen=seen, now=article.version)
        edition = issue(article, kind=kind, note=note, by=by, at=database_now(), words=words)
    deliver(edition.outbox)
    return edition
