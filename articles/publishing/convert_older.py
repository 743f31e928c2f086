"""Giving older stories their text in the other Chinese script, once; each an act of its own in the ledger."""

from collections.abc import Iterator

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from articles.models import (
    Article,
    Conversion,
    Correction,
    CorrectionText,
    Edition,
    EditionText,
    LedgerEntry,
    Outbox,
    Publication,
)
from articles.publishing.clock import database_now
from articles.publishing.convert import convert_edition
from articles.publishing.issue import show, to_seal
from articles.publishing.outbox import CLAIM, deliver
from articles.publishing.purging import purge

CHINESE = Q(language__startswith="zh")


def unconverted() -> "QuerySet[Publication]":
    """Public stories in Chinese that have an edition, not erased, without its text in the other script."""
    texts = EditionText.objects.filter(edition__article=OuterRef("article"))
    bare = texts.exclude(Exists(Conversion.objects.filter(edition=OuterRef("edition"))))
    return Publication.objects.filter(CHINESE, Exists(bare)).order_by("pk")


def convert_older() -> Iterator[str]:
    """Convert every story that `unconverted` finds, one a transaction; yields their codes. Safe to break off, and to
    run again: what follows an edition (settings.AFTER_COMMIT) follows each."""
    last = 0
    while publication := unconverted().filter(pk__gt=last).first():
        last = publication.pk
        _convert(publication.article)
        for row in Outbox.objects.filter(edition=publication.edition_id, done_at=None).select_related("edition"):
            deliver(row)
        yield publication.code


@transaction.atomic
def _convert(article: Article) -> None:
    """The outbox row of what readers see is open again: it is found by its words in the other script, too."""
    Article.objects.select_for_update(no_key=True).get(pk=article.pk)
    at, made = database_now(), []
    bare = Edition.objects.filter(article=article, text__isnull=False).exclude(
        Exists(Conversion.objects.filter(edition=OuterRef("pk")))
    )
    for edition in bare.select_related("text").order_by("number"):
        content = edition.text.read()
        notices = _bare_notices(edition)
        converted, conversions = convert_edition(article, edition, content, notices, own=article.script_forms, at=at)
        made += conversions
        publication = Publication.objects.filter(edition=edition).first()
        if converted and publication:
            notice = edition.corrections.filter(place=1).values_list("pk", flat=True).first()
            show(edition, content, converted, publication, notice=notice)
            Outbox.objects.filter(edition=edition).update(done_at=None, claimed_until=at + CLAIM, attempts=1)
    if made:
        purge(None)  # its past, the log and all cards may tell it in the other script
    to_seal(at, [(LedgerEntry.Kind.CONVERSION, one.pk) for one in made])


def _bare_notices(edition: Edition) -> list[tuple[Correction, dict[str, object]]]:
    bare = CorrectionText.objects.filter(correction__right=edition).exclude(
        Exists(Conversion.objects.filter(notice=OuterRef("correction")))
    )
    return [(text.correction, text.read()) for text in bare.select_related("correction").order_by("correction__place")]
