"""Making an edition: the inner step that every verb which publishes shares. It is not a door of its own."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext

from articles.models import (
    Article,
    Correction,
    CorrectionText,
    Edition,
    EditionPicture,
    EditionText,
    ErrorReport,
    Language,
    LedgerEntry,
    Listing,
    Outbox,
    Picture,
    Publication,
    Unsealed,
    User,
    article_with_parts,
)
from articles.models.prepared import prepared, told
from articles.publishing import (
    duties,
    events,
    freeze,
    notes,
    preview_links,
    purging,
    records,
    siblings,
    stages,
    waiting,
)
from articles.publishing.clock import database_now
from articles.publishing.convert import convert_edition, would_differ
from articles.publishing.errors import (
    Embargoed,
    KindMissing,
    NotAllowed,
    NothingChanged,
    NotReady,
    PictureErased,
    ReportDecided,
    Spiked,
    StaleDraft,
    Withdrawn,
    WrongEdition,
)
from articles.publishing.notes import Note
from articles.publishing.outbox import deliver

Kind = Edition.Kind
SILENT_KINDS = {Kind.TYPO}  # no public note demanded; the edition itself is public all the same
NEW_WORDS = {Kind.INITIAL, Kind.TYPO, Kind.UPDATE}  # kinds that are nothing without a change of the words
STATES = {
    Kind.RETRACTION: Publication.State.RETRACTED,
    Kind.TAKEDOWN: Publication.State.DOWN,
}
CLAIM = timedelta(seconds=10)  # how long the caller alone looks after the effects, before the worker may


def locked(article: Article) -> Article:
    """The article as it stands now, with its row locked until the end of the transaction.

    SQLite has no such lock, and needs none: its transactions are IMMEDIATE, one writer at a time.
    """
    if connection.features.has_select_for_update:  # without a lock on the key: what only refers to it need not wait
        Article.objects.select_for_update(no_key=True).only("pk").get(pk=article.pk)
    return article_with_parts(article.pk)


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


def issue(
    article: Article,
    *,
    kind: str | None,
    by: User,
    at: datetime,
    noted: Sequence[Note] = (),
    words: str = "",
    second: User | None = None,
    keep_headline: bool = True,
) -> Edition:
    """Make the working copy of a locked article its next edition, with its notices, lists and outbox row.

    A retraction or takedown takes its words from the standing edition, not from the working copy. second: who agreed,
    where two decide; without one, a withdrawn story stays as it is. keep_headline: of a takedown, where lawful.
    The article may be an earlier version of itself (versions.article_at): then that version is made public.
    """
    publication = _public().first(article=article.pk)
    if not publication:
        require_free(article, at)
        frozen = _complete(article, words)
        return _write(article, frozen, None, kind=Kind.INITIAL, by=by, second=None, at=at)
    before = publication.edition
    content_before = before.text.read()
    if publication.state != Publication.State.STANDING and not second:
        raise Withdrawn
    noted = [note.checked() for note in noted]
    if noted:
        kind = notes.gravest(noted)
    if kind not in set(Kind.values) - {Kind.INITIAL} or (not noted and kind not in SILENT_KINDS):
        raise KindMissing
    if kind in Edition.WITHDRAWING:
        frozen = freeze.withdrawn(content_before, kind, keep_headline=keep_headline)
    else:
        frozen = _complete(article, words)
        if (
            kind in NEW_WORDS
            and freeze.same_words(frozen, content_before)
            and not (kind == Kind.TYPO and would_differ(article, frozen, before))
        ):
            raise NothingChanged(before.number)
    return _write(article, frozen, publication, kind=kind, by=by, second=second, at=at, noted=noted)


@prepared
def _public() -> QuerySet[Publication]:
    return Publication.objects.select_related("edition__text").filter(article=told("article"))


def require_free(article: Article, at: datetime) -> None:
    """Raises Spiked or Embargoed where something holds the first edition back at this time."""
    if article.stage == Article.Stage.SPIKED:
        raise Spiked
    if article.embargo_until and at < article.embargo_until:
        raise Embargoed(article.embargo_until.astimezone(ZoneInfo(article.embargo_zone)))


def _complete(article: Article, words: str) -> freeze.Content:
    frozen = freeze.freeze(article)
    if missing := missing_parts(frozen):
        raise NotReady(missing)
    if words and words != freeze.fingerprint(frozen):
        raise StaleDraft(seen=article.version, now=article.version)
    return frozen


def _write(
    article: Article,
    frozen: freeze.Content,
    publication: Publication | None,
    *,
    kind: str,
    by: User,
    second: User | None,
    at: datetime,
    noted: Sequence[Note] = (),
) -> Edition:
    """publication: of the edition before, if there is one."""
    before = publication.edition if publication else None
    number = before.number + 1 if before else 1
    if before:  # also where the clock of the database was put back: no edition is as old as the one before
        at = max(at, before.published_at + timedelta(milliseconds=1))
    _hold_pictures(frozen)
    written = [
        _notice(article, frozen, note, place, number=number, before=before, by=by, at=at)
        for place, note in enumerate(noted, start=1)
        if before
    ]
    edition = Edition(
        article=article,
        number=number,
        kind=kind,
        published_at=at,
        by=by,
        second=second,
        previous_digest=before.digest if before else "",
    )
    entries = [freeze.entry(notice, number=number) for notice, _ in written]
    if before and kind != Kind.TAKEDOWN:  # a notice never disappears; a stub repeats none that quotes what had to go
        entries += [freeze.entry(notice, number=notice.right.number) for notice in standing_notices(article)]
    first = publication.first_published_at if publication else at
    content = freeze.as_edition(frozen, number=number, kind=kind, at=at, first=first, notices=entries)
    text, salt = records.canonical(content), secrets.token_hex(32)
    edition.content_digest = records.salted(text, salt)
    edition.digest = records.digest(
        records.of_edition(edition, code=article.code, notices=[notice.digest for notice, _ in written])
    )
    edition.save(force_insert=True)
    EditionText.objects.create(edition=edition, content=text, salt=salt)
    EditionPicture.objects.bulk_create(
        EditionPicture(edition=edition, digest=digest)
        for digest in sorted({picture["digest"] for picture in content["pictures"].values()})
    )
    for notice, notice_text in written:
        notice.right = edition
        notice.save(force_insert=True)
        notice_text.correction = notice
        notice_text.save(force_insert=True)
    said = [(notice, notice_text.read()) for notice, notice_text in written]
    converted, conversions = convert_edition(article, edition, content, said, own=article.script_forms, at=at)
    withdraws = kind in Edition.WITHDRAWING
    first_notice = written[0][0].pk if written else None
    show(edition, content, converted, publication, notice=first_notice,
         version=None if withdraws else article.version)  # fmt: skip
    preview_links.revoke_all(article, by=by, at=at)
    if not withdraws:
        stages.made_public(article)
    waiting.after_edition(article, edition, before=before, at=at)
    now = database_now()
    to_seal(now, [
        (LedgerEntry.Kind.EDITION, edition.pk),
        *((LedgerEntry.Kind.NOTICE, one.pk) for one, _ in written),
        *((LedgerEntry.Kind.CONVERSION, one.pk) for one in conversions),
    ])  # fmt: skip
    for (notice, _), note in zip(written, noted, strict=True):
        _close(note, notice, by=by, at=at)
    duties.begin(article, edition, [notice for notice, _ in written], at=at)
    events.note(events.Verb.PUBLISHED, by=by, article=article, thing=f"edition {number} {kind}", at=at)
    Outbox.objects.create(edition=edition, created_at=now, claimed_until=now + CLAIM, attempts=1)  # by the caller
    return edition


def _hold_pictures(frozen: freeze.Content) -> None:
    """Keep the pictures of an edition from being erased until it stands; one that was erased just now is refused."""
    keys = [int(key) for key in frozen["pictures"]]
    held = Picture.objects.select_for_update(no_key=True).order_by("pk").filter(pk__in=keys) if keys else []
    if any(picture.erased_at for picture in held):
        raise PictureErased


def standing_notices(article: Article) -> list[Correction]:
    """All notices of a story so far, newest first."""
    return _notices()(article=article.pk)


@prepared
def _notices() -> QuerySet[Correction]:
    found = Correction.objects.filter(article=told("article"))
    return found.select_related("right", "supersedes").order_by("-right__number", "place")


def _notice(
    article: Article,
    frozen: freeze.Content,
    note: Note,
    place: int,
    *,
    number: int,
    before: Edition,
    by: User,
    at: datetime,
) -> tuple[Correction, CorrectionText]:
    wrong = before
    if note.wrong is not None and note.wrong != before.number:
        wrong = article.editions.filter(number=note.wrong).first()  # type: ignore[assignment]
        if not wrong:
            raise WrongEdition
    theirs = [report.article_id for report in note.reports]
    theirs += [note.supersedes.article_id] if note.supersedes else []
    if set(theirs) - {article.pk}:
        raise WrongEdition
    text = EditionText.objects.filter(edition=wrong).first()  # none where it was erased
    return notes.write(
        note,
        article=article,
        place=place,
        wrong=wrong,
        right_number=number,
        channel=frozen["trail"][-1]["id"],
        language=frozen["language"],
        before=text.read()["body"] if text else "",
        after=frozen["body"],
        by=by,
        at=at,
    )


def _close(note: Note, notice: Correction, *, by: User, at: datetime) -> None:
    """The reports that led to a notice are answered by it, and with them those that were merged into them."""
    keys = [report.pk for report in note.reports]
    if not keys:
        return
    merged = ErrorReport.objects.filter(duplicate_of__in=keys).values_list("pk", flat=True)
    rows = ErrorReport.objects.select_for_update(of=("self",)).order_by("pk").filter(pk__in=[*keys, *merged])
    for report in rows:
        if report.state == ErrorReport.State.DECLINED and report.pk in keys:
            raise ReportDecided
        if report.state not in {*ErrorReport.OPEN_STATES, ErrorReport.State.DUPLICATE}:
            continue  # taken back by the reader, or answered already
        if report.state != ErrorReport.State.DUPLICATE:
            report.state = ErrorReport.State.CORRECTED
        for moment, who in (("acknowledged_at", "acknowledged_by"), ("decided_at", "decided_by")):
            if not getattr(report, moment):
                setattr(report, moment, at)
                setattr(report, who, by)
        report.correction, report.corrected_at = notice, at
        report.save()
        events.note(events.Verb.CORRECTED, by=by, article=notice.article, thing=f"report {report.reference}", at=at)


def to_seal(at: datetime, things: Sequence[tuple[str, int]]) -> None:
    """Have the ledger take up these acts, as (LedgerEntry.kind, key), after this transaction."""
    Unsealed.objects.bulk_create(Unsealed(kind=kind, target=target, at=at) for kind, target in things)


def shown_as(
    edition: Edition, content: freeze.Content, notice: int | None, converted: freeze.Content | None
) -> dict[str, object]:
    """The row of Publication that follows from an edition; notice: the key of its first notice; converted: what the
    edition says in the other script."""
    return {
        "code": content["code"],
        "edition_id": edition.pk,
        "language": content["language"],
        "readers": Language(content["language"]).readers,
        "channel_id": content["trail"][-1]["id"],
        "topic_id": content["topic"]["id"] if content["topic"] else None,
        "source_id": content["source"]["id"],
        "first_published_at": datetime.fromisoformat(content["first_published_at"]),
        "published_at": edition.published_at,
        "changed_at": datetime.fromisoformat(last_public_change(content)),
        "state": STATES.get(Kind(edition.kind), Publication.State.STANDING),
        "notice_id": notice,
        "card": records.canonical(freeze.card_of(content)),
        "converted_card": records.canonical(freeze.card_of(converted)) if converted else "",
    }


def last_public_change(content: freeze.Content) -> str:
    """When something of weight last changed: a typo does not count (RFC 4287, section 4.2.15)."""
    moved: str = content["notices"][0]["at"] if content["notices"] else content["first_published_at"]
    return moved


def show(
    edition: Edition,
    content: freeze.Content,
    converted: freeze.Content | None,
    publication: Publication | None,
    *,
    notice: int | None,
    version: int | None = None,
) -> None:
    """Write the rows that public lists read, from the edition's content alone, and what the story translates.

    publication: as it stood before. notice: the key of the edition's first one. version: of the working copy whose
    words these are; none leaves what was noted. In a transaction that has locked the article.
    """
    row = shown_as(edition, content, notice, converted)
    article = edition.article
    row["original_id"] = original = article.translation_of_id or article.pk
    families = {original} | ({publication.original_id} if publication and publication.original_id else set())
    siblings.lock(families - {article.pk})
    watching = purging.watch(publication)
    if version is not None:
        row["draft_version"] = version
    if publication:
        for name, value in row.items():
            setattr(publication, name, value)
        publication.save(force_update=True, update_fields=row)
        publication.listings.all().delete()
    else:
        publication = Publication(article=article, **row)
        publication.save(force_insert=True)
    Listing.objects.bulk_create(
        Listing(
            publication=publication,
            kind=kind,
            target=target,
            readers=publication.readers,
            first_published_at=publication.first_published_at,
            state=publication.state,
            only_in=publication.only_in,
        )
        for kind, target in freeze.stands_on(content)
    )
    siblings.settle(families)
    purging.after(watching, publication)


def issue_as_of(
    article: Article,
    *,
    at: datetime,
    by: User,
    loaded_by: User,
    kind: str | None = None,
    note: str = "",
    noted: Sequence[Note] = (),
    second: User | None = None,
    keep_headline: bool = True,
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
        if kind and note:
            noted = [*noted, Note(kind=kind, text=note)]
        edition = issue(article, kind=kind, noted=noted, by=by, at=at, second=second, keep_headline=keep_headline)
    deliver(edition.outbox)
    return edition
