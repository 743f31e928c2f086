"""What the ledger says of each public act: the record of the act, in one chain with all the others."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from articles.models import (
    Conversion,
    Correction,
    Edition,
    ErasedPart,
    Erasure,
    LedgerEntry,
    LedgerKey,
    Picture,
)
from articles.models.prepared import all_told, each, prepared
from articles.publishing import records
from articles.publishing.clock import stamp

Kind = LedgerEntry.Kind
Things = Sequence[tuple[str, int]]  # kind, key
# What the records are made of (records.py), and no column more: sealing reads them with every publication.
OF_EDITION = ("number", "kind", "published_at", "previous_digest", "content_digest", "digest")
OF_CONVERSION = ("language", "converter", "at", "content_digest", "digest", "article__code", "edition__number",
                 "edition__digest", "notice__place", "notice__digest", "notice__right__number")  # fmt: skip


def records_of(things: Things) -> dict[tuple[str, int], records.Record]:
    """The record of each act, from the rows as they stand, in a fixed number of queries."""
    keys: dict[str, list[int]] = defaultdict(list)
    for kind, key in things:
        keys[kind].append(key)
    found: dict[tuple[str, int], records.Record] = {}
    for kind, write in WRITERS.items():
        if keys[kind]:
            found |= {(kind, key): record for key, record in write(keys[kind])}
    return found


def _editions(keys: list[int]) -> Iterable[tuple[int, records.Record]]:
    editions = _told_editions(len(keys))(**each("key", keys))
    notices: dict[int, list[str]] = defaultdict(list)
    later = [edition.pk for edition in editions if edition.number > 1]  # a first one brings none
    for right, digest in _told_digests(len(later))(**each("edition", later)):
        notices[right].append(digest)
    for edition in editions:
        yield edition.pk, edition_record(edition, notices[edition.pk])


@prepared
def _told_digests(count: int) -> QuerySet[Any, Any]:
    brought = Correction.objects.filter(right__pk__in=all_told("edition", count))
    return brought.order_by("right", "place").values_list("right", "digest")


@prepared
def _told_editions(count: int) -> QuerySet[Edition]:
    editions = Edition.objects.filter(pk__in=all_told("key", count)).select_related("article")
    return editions.only(*OF_EDITION, "article__code").order_by()


def edition_record(edition: Edition, notices: Sequence[str], *, code: str = "") -> records.Record:
    """The record of an edition with the digest that stands beside it; code: of its story, where it is at hand."""
    record = records.of_edition(edition, code=code or edition.article.code, notices=notices)
    if not edition.content_digest:  # format 1: its digest is over the content itself
        record = {name: record[name] for name in ("act", "code", "number", "kind", "at", "previous")} | {"format": 1}
    return record | {"digest": edition.digest}


def _notices(keys: list[int]) -> Iterable[tuple[int, records.Record]]:
    found = Correction.objects.filter(pk__in=keys).select_related("article", "right", "wrong", "supersedes")
    for notice in found:
        yield notice.pk, notice_record(notice)


def notice_record(notice: Correction, *, code: str = "") -> records.Record:
    record = records.of_notice(
        notice,
        code=code or notice.article.code,
        right=notice.right.number,
        wrong=notice.wrong.number,
        supersedes=notice.supersedes.digest if notice.supersedes else "",
    )
    return record | {"digest": notice.digest}


def _conversions(keys: list[int]) -> Iterable[tuple[int, records.Record]]:
    for conversion in _told_conversions(len(keys))(**each("key", keys)):
        yield conversion.pk, conversion_record(conversion, code=conversion.article.code)


@prepared
def _told_conversions(count: int) -> QuerySet[Conversion]:
    found = Conversion.objects.filter(pk__in=all_told("key", count))
    return found.select_related("article", "edition", "notice__right").only(*OF_CONVERSION)


def conversion_record(conversion: Conversion, *, code: str) -> records.Record:
    """Of an edition or a notice that is at hand with the conversion."""
    edition, notice = conversion.edition, conversion.notice
    source: Any = edition or notice
    record = records.of_conversion(
        conversion,
        code=code,
        edition=edition.number if edition else notice.right.number if notice else 0,
        place=notice.place if notice else 0,
        source=source.digest if source else "",  # gone, where somebody took it out of the database
    )
    return record | {"digest": conversion.digest}


def _erasures(keys: list[int]) -> Iterable[tuple[int, records.Record]]:
    for erasure in Erasure.objects.filter(pk__in=keys).select_related("article").prefetch_related("parts"):
        yield erasure.pk, erasure_record(erasure)


def erasure_record(erasure: Erasure) -> records.Record:
    parts = [(part.kind, _digest_of(part)) for part in erasure.parts.all()]
    return records.of_erasure(erasure, code=erasure.article.code, parts=parts) | {"digest": erasure.digest}


def _digest_of(part: ErasedPart) -> str:
    """Of what is not there: nothing."""
    models: dict[str, Any] = {
        "edition": Edition, "notice": Correction, "conversion": Conversion, "picture": Picture,
    }  # fmt: skip
    digest: str | None = models[part.kind].objects.filter(pk=part.target).values_list("digest", flat=True).first()
    return digest or ""


def _keys(keys: list[int]) -> Iterable[tuple[int, records.Record]]:
    for key in LedgerKey.objects.filter(pk__in=keys):
        yield key.pk, key_record(key)


def key_record(key: LedgerKey) -> records.Record:
    record = key_statement(key.public, at=key.at, why=key.why) | {"signature": key.signature}
    return record | {"digest": records.digest(record)}


def key_statement(public: str, *, at: datetime, why: str) -> records.Record:
    """What the key before signs when it hands over."""
    return {"act": "key", "public": public, "at": stamp(at), "why": why}


WRITERS = {
    Kind.EDITION.value: _editions,
    Kind.NOTICE.value: _notices,
    Kind.CONVERSION.value: _conversions,
    Kind.ERASURE.value: _erasures,
    Kind.KEY.value: _keys,
}


def entry_digest(*, number: int, at: datetime, previous: str, record: str) -> str:
    """SHA-256 over the canonical JSON of {at, number, previous, record}; record: the digest of the record's JSON."""
    return records.digest({"number": number, "at": stamp(at), "previous": previous, "record": records.sha256(record)})
