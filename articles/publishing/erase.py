"""Lawful erasure: the words go for good, the chain stays whole, and the public record says that they went.

Removed are the texts and salts of editions and notices, in both scripts, with every copy that the newsroom keeps of
them: pictures that nothing else shows, the reports on those editions, the terms of decisions, the working copy and what
is indexed of it. Digests, times and the record of the erasure stay. It is no door of its own: two decide (withdraw.py).
"""

import json
import logging
import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import Exists, Model, OuterRef, Q

from articles.models import (
    Article,
    Conversion,
    ConversionText,
    Correction,
    CorrectionText,
    Decision,
    Duty,
    Edition,
    EditionPicture,
    EditionText,
    ErasedPart,
    Erasure,
    ErrorReport,
    FrontSchedule,
    FrontVersion,
    LedgerEntry,
    Listing,
    OldAddress,
    Outbox,
    Person,
    Picture,
    Place,
    Publication,
    Schedule,
    Site,
    Slot,
    Tag,
    Topic,
    User,
    private_store,
)
from articles.publishing import events, freeze, records, stages, waiting
from articles.publishing.after import after_save, run
from articles.publishing.clock import database_now
from articles.publishing.errors import WrongEdition
from articles.publishing.issue import to_seal
from articles.publishing.ledger.seal import seal
from articles.publishing.purging import purge
from articles.publishing.put_out_pictures import settle_pictures, take_in

log = logging.getLogger(__name__)
Wanted = dict[str, list[int]]
# Slots of an arrangement that readers see, or may see without anybody choosing its pictures anew: a launch that was
# cancelled, or failed, shows nobody anything any more.
ON_FRONTS = (
    Q(version__state=FrontVersion.State.DRAFT)
    | Q(version__schedule__state=FrontSchedule.State.PENDING)
    | Q(version__live_on__isnull=False)
)
GONE = "-"  # what stands where words stood, and a column wants something
EVERY = 600.0  # seconds
_looked = -EVERY


def check_erasure(article: Article, wanted: Wanted) -> Wanted:
    """What to erase, by key: {"editions": [numbers], "notices": [keys of corrections]}, with all that repeats it.

    Notices that quote an erased edition go with it; and where the words of a notice go, so do the editions of format 1
    that hold them. The edition that readers see now cannot go: publish a corrected one, or take the story down,
    before. Raises WrongEdition for that one, and for what is not this story's or is erased already.
    """
    numbers, notices = set(wanted.get("editions", [])), set(wanted.get("notices", []))
    editions = article.editions.filter(number__in=numbers, text__isnull=False)
    texts = CorrectionText.objects.filter(correction__in=notices, correction__article=article)
    if not numbers | notices or editions.count() != len(numbers) or texts.count() != len(notices):
        raise WrongEdition
    notices |= _quoting(article, numbers)
    told = article.corrections.filter(pk__in=notices).order_by("right__number").values_list("right__number", flat=True)
    if told:
        first = article.editions.filter(content_digest="", text__isnull=False, number__gte=told[0])
        numbers |= set(first.values_list("number", flat=True))
        notices |= _quoting(article, numbers)
    if Publication.objects.get(article=article).edition.number in numbers:
        raise WrongEdition
    return {"editions": sorted(numbers), "notices": sorted(notices)}


def _quoting(article: Article, numbers: set[int]) -> set[int]:
    """The notices that repeat words of these editions: what was wrong in them, what is right in them, a passage."""
    found = CorrectionText.objects.filter(correction__article=article).select_related("correction__wrong",
                                                                                     "correction__right")  # fmt: skip
    quoting = set()
    for text in found:
        said, notice = text.read(), text.correction
        if (notice.wrong.number in numbers and (said["was"] or said["passage"])) or (
            notice.right.number in numbers and (said["now"] or said["passage_now"])
        ):
            quoting.add(notice.pk)
    return quoting


def erase_now(article: Article, wanted: Wanted, *, note: str, by: User, second: User, at: datetime) -> Erasure:
    """Remove what `check_erasure` let pass, in the caller's transaction, with the article's row locked."""
    wanted = check_erasure(article, wanted)
    editions = list(article.editions.filter(number__in=wanted["editions"]).order_by("number"))
    notices = list(Correction.objects.filter(pk__in=wanted["notices"]).order_by("pk"))
    list(Picture.objects.select_for_update().order_by("pk").filter(digest__in=_shown_in(editions)))
    pictures = only_shown_by(article, editions)
    parts = [(ErasedPart.Kind.EDITION, one.pk, one.digest) for one in editions]
    parts += [(ErasedPart.Kind.NOTICE, one.pk, one.digest) for one in notices]
    converted = list(Conversion.objects.filter(Q(edition__in=editions) | Q(notice__in=notices)).order_by("pk"))
    parts += [(ErasedPart.Kind.CONVERSION, one.pk, one.digest) for one in converted]
    parts += [(ErasedPart.Kind.PICTURE, one.pk, one.digest) for one in pictures]
    erasure = Erasure(article=article, at=at, note=note, by=by, second=second)
    erasure.digest = records.digest(
        records.of_erasure(erasure, code=article.code, parts=[(kind, digest) for kind, _, digest in parts])
    )
    erasure.save(force_insert=True)
    ErasedPart.objects.bulk_create(ErasedPart(erasure=erasure, kind=kind, target=key) for kind, key, _ in parts)
    tags = _tags_of(editions)
    ConversionText.objects.filter(conversion__in=converted).delete()
    EditionText.objects.filter(edition__in=editions).delete()
    CorrectionText.objects.filter(correction__in=notices).delete()
    Picture.objects.filter(pk__in=[picture.pk for picture in pictures]).update(
        alt="", caption="", credit="", erased_at=at
    )
    _put_working_copy_back(article, Publication.objects.get(article=article).edition.text.read())
    _forget_tags(tags)
    _forget_reports(article, [one.pk for one in editions], [one.pk for one in notices])
    _forget_desk(article, [picture.pk for picture in pictures])
    to_seal(at, [(LedgerEntry.Kind.ERASURE, erasure.pk)])
    purge(None)  # pictures, tags, notices: it may have stood anywhere
    events.note(events.Verb.ERASED, by=by, article=article, thing=f"erasure {erasure.pk}", at=at)
    return erasure


def only_shown_by(article: Article, editions: list[Any]) -> list[Picture]:
    """The pictures of erased editions that nothing else shows: no other edition, no other story, no front that stands
    or is to come, not the site."""
    digests = _shown_in(editions)
    others = EditionPicture.objects.filter(digest__in=digests, edition__text__isnull=False)
    digests -= set(others.exclude(edition__in=editions).values_list("digest", flat=True))
    found = list(Picture.objects.filter(digest__in=digests, erased_at=None))
    drafts = Article.objects.exclude(pk=article.pk)
    used = {picture.digest for picture in found if drafts.filter(lead_picture=picture).exists()
            or drafts.filter(body__contains=f'data-picture="{picture.pk}"').exists()
            or Person.objects.filter(portrait=picture).exists()
            or Slot.objects.filter(ON_FRONTS, picture=picture).exists()
            or Topic.objects.filter(picture=picture).exists()
            or Site.objects.filter(logo=picture).exists()}  # fmt: skip
    return [picture for picture in found if picture.digest not in used]


def _shown_in(editions: list[Any]) -> set[str]:
    return set(EditionPicture.objects.filter(edition__in=editions).values_list("digest", flat=True))


def _tags_of(editions: list[Edition]) -> set[int]:
    texts = EditionText.objects.filter(edition__in=editions)
    return {tag["id"] for text in texts for tag in text.read()["tags"]}


def _forget_tags(keys: set[int]) -> None:
    """A tag that no story has any more goes, because its name may be what had to go."""
    for tag in Tag.objects.filter(pk__in=keys, tagged_articles=None):
        if not Listing.objects.filter(kind=Listing.Kind.TAG, target=tag.pk).exists():
            _forget_log(Tag, [tag.pk])
            OldAddress.objects.filter(kind=Listing.Kind.TAG, target=tag.pk).delete()
            tag.delete()


def _forget_reports(article: Article, editions: list[int], notices: list[int]) -> None:
    """What readers wrote of this story, and what they were answered; only what is still open about a text that stays
    is left."""
    reports = ErrorReport.objects.filter(article=article)
    waits = Q(state__in=ErrorReport.OPEN_STATES) | Q(appeal=ErrorReport.Appeal.OPEN)
    waits |= Q(duplicate_of__state__in=ErrorReport.OPEN_STATES) | Q(duplicate_of__appeal=ErrorReport.Appeal.OPEN)
    waiting = list(reports.filter(waits).values_list("pk", flat=True))
    about = Q(edition__in=editions) | Q(correction__in=notices) | ~Q(pk__in=waiting)
    reports.filter(about).update(
        passage="", wrong="", right="", evidence="", contact="", origin="", reply_name="", reply="", reason="",
        appeal_text="", appeal_reason="",
    )  # fmt: skip


def _forget_desk(article: Article, pictures: list[int]) -> None:
    """What the desk itself wrote of this story: decisions, duties, failures, headlines on fronts, and the admin's own
    log, which repeats headlines."""
    Slot.objects.filter(publication=article.pk).exclude(headline="").update(headline="", other_script="")
    decisions = Decision.objects.filter(article=article)
    for decision in decisions.exclude(act=Decision.Act.ERASURE, state=Decision.State.AGREED):
        terms = json.loads(decision.terms) | {"text": "", "was": "", "now": ""}
        decision.terms, decision.answer = json.dumps(terms), ""
        decision.reason = GONE if decision.reason else ""
        decision.save()
    _forget_working_copies(article)
    duties = Duty.objects.filter(correction__article=article).exclude(reason="")
    duties.update(reason=GONE)
    Outbox.objects.filter(edition__article=article).update(error="")
    reports = ErrorReport.objects.filter(article=article)
    _forget_log(Article, [article.pk])
    _forget_log(Picture, pictures)
    _forget_log(Decision, decisions.values_list("pk", flat=True))
    _forget_log(ErrorReport, reports.values_list("pk", flat=True))
    _forget_log(Duty, Duty.objects.filter(correction__article=article).values_list("pk", flat=True))


def _forget_working_copies(article: Article) -> None:
    """Earlier versions of the working copy with all that shows or quotes one: schedules, preview links, comments."""
    waiting.cancel(waiting.pending(article), why=waiting.ERASED, at=database_now())
    article.schedules.update(version=None, terms="{}")
    article.schedules.filter(state=Schedule.State.FAILED).update(error="")  # a fault may quote what it was about
    article.versions.all().delete()  # and with them the preview links
    article.comments.exclude(reply_to=None).delete()
    article.comments.all().delete()


def _forget_log(model: type[Model], keys: Iterable[int]) -> None:
    """The admin's own log of things: that somebody changed them stays, what they were called goes."""
    kind = ContentType.objects.get_for_model(model)
    LogEntry.objects.filter(content_type=kind, object_id__in=[str(key) for key in keys]).update(
        object_repr=GONE, change_message=""
    )


def _put_working_copy_back(article: Article, content: freeze.Content) -> None:
    """The working copy, and what is indexed of it, hold from now on what readers see, and nothing else."""
    article.version += 1
    article.headline = content["headline"] or article.code
    article.kicker, article.standfirst, article.body = content["kicker"], content["standfirst"], content["body"]
    lead = content["lead"]
    article.lead_picture_id = int(lead["picture"]) if lead else None
    article.lead_caption = lead["caption"] if lead else ""
    article.lead_credit = lead.get("credit", "") if lead else ""
    article.script_forms = ""  # may hold what had to go
    article.stage = Article.Stage.PUBLISHED
    article.submitted_by = None
    stages.take_approval(article)
    article.save()
    article.tags.set(Tag.objects.filter(pk__in=[tag["id"] for tag in content["tags"]]))
    article.places.set(Place.objects.filter(pk__in=[place["id"] for place in content.get("places", [])]))
    after_save(article)


def after_erasure(article: Article) -> None:
    """Take away the files of erased pictures, and what the database itself still holds of deleted rows.

    Safe to run twice. Never raises: the erasure stands, a failure is logged, and the worker tries again.
    """
    for step in (_take_away_files, _seal, _clean_indexes, _empty_journal):
        try:
            step(article)
        except Exception:
            log.exception("%s failed after the erasure in story %s", step.__name__, article.code)


def _clean_indexes(article: Article) -> None:
    run(settings.AFTER_ERASURE, article)


def _seal(article: Article) -> None:
    seal()


def _take_away_files(article: Article) -> None:
    keys = ErasedPart.objects.filter(erasure__article=article, kind=ErasedPart.Kind.PICTURE).values("target")
    store = private_store()
    for picture in Picture.objects.filter(pk__in=keys):
        if Picture.objects.filter(digest=picture.digest, erased_at=None).exists():
            continue  # the same image was taken into the library anew
        take_in(picture.digest, picture.all_widths)
        for name in picture.files:
            store.delete(name)
    publication = Publication.objects.select_related("edition").filter(article=article).first()
    if publication:
        settle_pictures(publication.edition)


def _empty_journal(article: Article) -> None:
    """SQLite overwrites deleted rows (secure_delete, in settings.py), but its journal still holds them until this."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (busy, *_) = cursor.fetchone()
    if busy:
        log.warning("somebody reads the database, so its journal still holds what was erased; the worker tries again")


def finish_erasures() -> None:
    """For the worker: what an erasure of the last week may have left, because its process died or somebody was reading.

    Looks every ten minutes.
    """
    global _looked
    if time.monotonic() - _looked < EVERY:
        return
    _looked = time.monotonic()
    since = database_now() - timedelta(days=7)
    for article in Article.objects.filter(Exists(Erasure.objects.filter(article=OuterRef("pk"), at__gte=since))):
        after_erasure(article)
