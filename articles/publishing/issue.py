"""Making an edition: the inner step that every verb which publishes shares. It is not a door of its own."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext

from articles.language.words import one_line, unusable_characters
from articles.models import Article, Edition, EditionText, Language, Listing, Outbox, Publication, User
from articles.publishing import freeze
from articles.publishing.clock import database_now
from articles.publishing.errors import (
    KindMissing,
    NotAllowed,
    NoteMissing,
    NoteUnusable,
    NothingChanged,
    NotReady,
    StaleDraft,
)
from articles.publishing.outbox import deliver

SILENT_KINDS = {Edition.Kind.TYPO}  # no public note demanded; the edition itself is public all the same
MAX_NOTE = 1000  # characters
CLAIM = timedelta(seconds=10)  # how long the caller alone looks after the effects, before the worker may


def locked(article: Article) -> Article:
    """The article as it stands now, with its row locked until the end of the transaction.

    SQLite ignores the lock, and needs none: its transactions are IMMEDIATE, one writer at a time.
    """
    Article.objects.select_for_update().get(pk=article.pk)
    return Article.objects.with_parts().get(pk=article.pk)


def missing_parts(content: freeze.Content) -> list[str]:
    """What a story must have before readers may see it, by the names that the story's form uses."""
    needed = {
        gettext("headline"): content["headline"],
        gettext("body"): content["body"],
        gettext("channel"): content["trail"],
        gettext("source"): content["source"],
        gettext("a responsible editor"): [one for one in content["credits"] if one["role"] == "editor"],
    }
    return [name for name, value in needed.items() if not value]


def issue(article: Article, *, kind: str | None, note: str, by: User, at: datetime, words: str = "") -> Edition:
    """Make the working copy of a locked article its next edition, with its lists and its outbox row."""
    publication = Publication.objects.select_related("edition__text").filter(article=article).first()
    before = publication.edition if publication else None
    before_content = before.text.read() if before else None
    frozen = freeze.freeze(article)
    if missing := missing_parts(frozen):
        raise NotReady(missing)
    if words and words != freeze.fingerprint(frozen):
        raise StaleDraft(seen=article.version, now=article.version)
    note = one_line(note)
    if unusable_characters(note) or len(note) > MAX_NOTE:
        raise NoteUnusable
    if before and before_content:
        if freeze.same_words(frozen, before_content):
            raise NothingChanged(before.number)
        if kind not in set(Edition.Kind.values) - {Edition.Kind.INITIAL}:
            raise KindMissing
        if kind in SILENT_KINDS:
            note = ""
        elif not note:
            raise NoteMissing
    else:
        kind, note = Edition.Kind.INITIAL, ""
    number = before.number + 1 if before else 1
    content = freeze.as_edition(frozen, number=number, kind=kind, note=note, at=at, before=before_content)
    text, salt = freeze.canonical(content), secrets.token_hex(32)
    previous = before.digest if before else ""
    edition = Edition.objects.create(
        article=article,
        number=number,
        kind=kind,
        published_at=at,
        by=by,
        digest=freeze.digest_of(text, salt=salt, previous=previous),
        previous_digest=previous,
    )
    EditionText.objects.create(edition=edition, content=text, salt=salt)
    show(edition, content, first=publication.first_published_at if publication else at)
    Article.objects.filter(pk=article.pk).update(stage=Article.Stage.PUBLISHED)
    now = database_now()
    Outbox.objects.create(edition=edition, created_at=now, claimed_until=now + CLAIM)
    return edition


def show(edition: Edition, content: freeze.Content, *, first: datetime) -> None:
    """Write the rows that public lists read, from the edition's content alone."""
    note = next((notice["text"] for notice in content["notices"] if notice["number"] == content["number"]), "")
    readers = Language(content["language"]).readers
    publication, _ = Publication.objects.update_or_create(
        article_id=edition.article_id,
        defaults={
            "code": content["code"],
            "edition": edition,
            "language": content["language"],
            "readers": readers,
            "channel_id": content["trail"][-1]["id"],
            "topic_id": content["topic"]["id"] if content["topic"] else None,
            "source_id": content["source"]["id"],
            "first_published_at": first,
            "published_at": edition.published_at,
            "changed_note": note,
            "card": freeze.canonical(freeze.card_of(content)),
        },
    )
    stands_on = [(Listing.Kind.SITE, 0)]
    stands_on += [(Listing.Kind.CHANNEL, channel["id"]) for channel in content["trail"]]
    stands_on += [(Listing.Kind.TOPIC, content["topic"]["id"])] if content["topic"] else []
    stands_on += [(Listing.Kind.TAG, tag["id"]) for tag in content["tags"]]
    stands_on += [(Listing.Kind.PERSON, person) for person in dict.fromkeys(one["id"] for one in content["credits"])]
    publication.listings.all().delete()
    Listing.objects.bulk_create(
        Listing(publication=publication, kind=kind, target=target, readers=readers, first_published_at=first)
        for kind, target in stands_on
    )


def issue_as_of(
    article: Article, *, at: datetime, by: User, loaded_by: User, kind: str | None = None, note: str = ""
) -> Edition:
    """Publish a story that was first published elsewhere, as `by` did there, at the time it had there.

    For loaders, not for the desk.

    Raises NotAllowed for all but administrators, and ValueError for a time in the future or before the story's last
    edition: an archive can be brought in, history cannot be rewritten.
    """
    with transaction.atomic(durable=True):
        if not (loaded_by.is_active and loaded_by.is_superuser):
            raise NotAllowed
        article = locked(article)
        last = article.editions.first()
        if at > database_now() or (last and at <= last.published_at):
            raise ValueError(f"{at} is not between the last edition of {article.code} and now")
        edition = issue(article, kind=kind, note=note, by=by, at=at)
    deliver(edition.outbox)
    return edition
