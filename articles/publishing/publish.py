"""The way from the working copy to what readers see."""

from collections.abc import Sequence

from django.db import transaction

from articles.models import Article, Correction, Edition, User
from articles.publishing import house_style, stages
from articles.publishing.clock import database_now
from articles.publishing.errors import EditionPassed, NotAllowed, StaleDraft
from articles.publishing.issue import SILENT_KINDS, issue, locked
from articles.publishing.notes import Note
from articles.publishing.outbox import deliver
from articles.publishing.rights import Right, require

RIGHTS = {
    Correction.Kind.CORRECTION: Right.CORRECT,
    Correction.Kind.CLARIFICATION: Right.DECIDE,
    Correction.Kind.EDITORS_NOTE: Right.DECIDE,
}


def right_for(kind: str | None) -> Right:
    """What publishing an edition, or a notice, of this kind needs."""
    return RIGHTS.get(kind, Right.PUBLISH)  # type: ignore[call-overload]


def publish(
    article: Article,
    *,
    seen: int,
    by: User,
    kind: str | None = None,
    note: str = "",
    noted: Sequence[Note] = (),
    words: str = "",
    after: int | None = None,
) -> Edition:
    """Make the working copy, in the version `seen`, the story's next edition.

    noted: the notices that it brings; its kind is then the gravest of theirs. For a typo there is none; for an update
    `kind` and `note` say the same in short. Edition, notices, lists and outbox row are one transaction; the effects of
    settings.AFTER_COMMIT have been tried when this returns. words: freeze.fingerprint of what the person was shown,
    where they were shown it: a name or a picture's text may have changed since, without a new version. after: the
    number of the edition that they saw as the public one, 0 for none: a notice needs no new words, so that a second
    click would publish it twice.

    Raises NotAllowed (also for a retraction or takedown: those take two, see withdraw.py), StaleDraft, NotApproved
    where the desk wants that first, StyleRefused, Spiked, Embargoed, EditionPassed, Withdrawn, ReportDecided, NotReady,
    NothingChanged, KindMissing, WrongEdition, PassageNotFound, or NoteMissing and its like, and has then done nothing.
    """
    if not noted and kind and kind not in SILENT_KINDS and kind != Edition.Kind.INITIAL:
        noted = [Note(kind=kind, text=note)]
    with transaction.atomic(durable=True):
        article = locked(article)
        require_to_publish(article, by=by, noted=noted)
        if article.version != seen:
            raise StaleDraft(seen=seen, now=article.version)
        stages.require_approved(article)
        house_style.require(article)
        if after is not None:
            stands = article.editions.values_list("number", flat=True).first() or 0
            if stands != after:
                raise EditionPassed(stands)
        edition = issue(article, kind=kind, noted=noted, by=by, at=database_now(), words=words)
    deliver(edition.outbox)
    return edition


def require_to_publish(article: Article, *, by: User, noted: Sequence[Note]) -> None:
    """Raises NotAllowed unless `by` may publish this story with these notices."""
    require(by, Right.PUBLISH, article.desk_id)
    for one in noted:
        if one.kind in Edition.WITHDRAWING:
            raise NotAllowed
        require(by, right_for(one.kind), article.desk_id)
