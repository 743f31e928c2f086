"""Lawful erasure: the words go for good, the chain stays whole, and the public record says that they went.

Removed are the texts and salts of editions and notices, with every copy that the newsroom keeps of them: pictures
that nothing else shows, the reports on those editions, the terms of decisions, the working copy and what is indexed of
it. Digests, times and the record of the erasure stay. It is no door of its own: two decide (withdraw.py).
"""

import json
from datetime import datetime
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from articles.models import (
    Article,
    Correction,
    CorrectionText,
    Decision,
    EditionPicture,
    EditionText,
    ErasedPart,
    Erasure,
    ErrorReport,
    LedgerEntry,
    Picture,
    Publication,
    User,
    private_store,
)
from articles.publishing import events, freeze, records
from articles.publishing.errors import WrongEdition
from articles.publishing.issue import to_seal
from articles.publishing.ledger.seal import seal
from articles.publishing.put_out_pictures import settle_pictures, take_in
from articles.publishing.save_draft import index_headline

Wanted = dict[str, list[int]]


def check_erasure(article: Article, wanted: Wanted) -> Wanted:
    """What to erase, by key: {"editions": [numbers], "notices": [keys of corrections]}.

    The edition that readers see now cannot go: publish a corrected one, or take the story down, before. Raises
    WrongEdition for that one, and for what is not this story's or is erased already.
    """
    numbers, notices = sorted(set(wanted.get("editions", []))), sorted(set(wanted.get("notices", [])))
    editions = article.editions.filter(number__in=numbers, text__isnull=False)
    texts = CorrectionText.objects.filter(correction__in=notices, correction__article=article)
    publication = Publication.objects.get(article=article)
    stands = publication.edition.number in numbers
    if not numbers + notices or editions.count() != len(numbers) or texts.count() != len(notices) or stands:
        raise WrongEdition
    return {"editions": numbers, "notices": notices}


def erase_now(article: Article, wanted: Wanted, *, note: str, by: User, second: User, at: datetime) -> Erasure:
    """Remove what `check_erasure` let pass, in the caller's transaction, with the article's row locked."""
    wanted = check_erasure(article, wanted)
    editions = list(article.editions.filter(number__in=wanted["editions"]).order_by("number"))
    notices = list(Correction.objects.filter(pk__in=wanted["notices"]).order_by("pk"))
    pictures = _only_shown_by(article, editions)
    parts = [(ErasedPart.Kind.EDITION, one.pk, one.digest) for one in editions]
    parts += [(ErasedPart.Kind.NOTICE, one.pk, one.digest) for one in notices]
    parts += [(ErasedPart.Kind.PICTURE, one.pk, one.digest) for one in pictures]
    erasure = Erasure(article=article, at=at, note=note, by=by, second=second)
    erasure.digest = records.digest(
        records.of_erasure(erasure, code=article.code, parts=[(kind, digest) for kind, _, digest in parts])
    )
    erasure.save(force_insert=True)
    ErasedPart.objects.bulk_create(ErasedPart(erasure=erasure, kind=kind, target=key) for kind, key, _ in parts)
    EditionText.objects.filter(edition__in=editions).delete()
    CorrectionText.objects.filter(correction__in=notices).delete()
    _forget_copies(article, [one.pk for one in editions], [one.pk for one in notices])
    for picture in pictures:
        Picture.objects.filter(pk=picture.pk).update(alt="", caption="", credit="")
    to_seal(at, [(LedgerEntry.Kind.ERASURE, erasure.pk)])
    events.note(events.Verb.ERASED, by=by, article=article, thing=f"erasure {erasure.pk}", at=at)
    return erasure


def _only_shown_by(article: Article, editions: list[Any]) -> list[Picture]:
    """The pictures of erased editions that no other edition and no working copy of another story uses."""
    digests = set(EditionPicture.objects.filter(edition__in=editions).values_list("digest", flat=True))
    others = EditionPicture.objects.filter(digest__in=digests, edition__text__isnull=False)
    digests -= set(others.exclude(edition__in=editions).values_list("digest", flat=True))
    found = list(Picture.objects.filter(digest__in=digests))
    drafts = Article.objects.exclude(pk=article.pk)
    used = {picture.digest for picture in found if drafts.filter(lead_picture=picture).exists()
            or drafts.filter(body__contains=f'data-picture="{picture.pk}"').exists()}  # fmt: skip
    return [picture for picture in found if picture.digest not in used]


def _forget_copies(article: Article, editions: list[int], notices: list[int]) -> None:
    """Everything else of ours that may repeat the words."""
    publication = Publication.objects.select_related("edition__text").get(article=article)
    _put_working_copy_back(article, publication.edition.text.read())
    reports = ErrorReport.objects.filter(article=article)
    reports.filter(edition__in=editions).update(
        passage="", wrong="", right="", evidence="", contact="", origin="", reply_name="", reply="", reason="",
        appeal_text="", appeal_reason="",
    )  # fmt: skip
    reports.filter(correction__in=notices).update(
        passage="",
        wrong="",
        right="",
        evidence="",
        reply_name="",
        reply="",
        reason="",
        appeal_text="",
        appeal_reason="",
    )
    for decision in Decision.objects.filter(article=article).exclude(act=Decision.Act.ERASURE):
        terms = json.loads(decision.terms) | {"text": "", "was": "", "now": ""}
        decision.terms, decision.answer = json.dumps(terms), ""
        decision.reason = "-" if decision.reason else ""
        decision.save()
    # The admin's own log repeats the headline of each time.
    kind = ContentType.objects.get_for_model(Article)
    LogEntry.objects.filter(content_type=kind, object_id=str(article.pk)).update(
        object_repr=article.code, change_message=""
    )


def _put_working_copy_back(article: Article, content: freeze.Content) -> None:
    """The working copy, and what is indexed of it, hold from now on what readers see, and nothing else."""
    article.version += 1
    article.headline = content["headline"] or article.code
    article.kicker, article.standfirst, article.body = content["kicker"], content["standfirst"], content["body"]
    lead = content["lead"]
    article.lead_picture_id = int(lead["picture"]) if lead else None
    article.lead_caption = lead["caption"] if lead else ""
    article.stage = Article.Stage.PUBLISHED
    article.save()
    article.tags.set([tag["name"] for tag in content["tags"]])
    index_headline(article)


def after_erasure(article: Article) -> None:
    """Take away the files of erased pictures, and what the database itself still holds of deleted rows.

    Safe to run twice.
    """
    keys = ErasedPart.objects.filter(erasure__article=article, kind=ErasedPart.Kind.PICTURE).values("target")
    store = private_store()
    for picture in Picture.objects.filter(pk__in=keys):
        take_in(picture.digest, picture.all_widths)
        for name in picture.files:
            store.delete(name)
    publication = Publication.objects.select_related("edition").filter(article=article).first()
    if publication:
        settle_pictures(publication.edition)
    seal()
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            # SQLite overwrites deleted rows (secure_delete, in settings.py); its journal still holds them until this.
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
