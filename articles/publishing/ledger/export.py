"""What an outsider needs to check the whole record, line by line; docs/corrections.md describes the format.

Texts of stories that are down are withheld: instead of them stands the digest of what is in the database now, so that
a text that was changed still shows.
"""

import heapq
import itertools
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef

from articles.models import (
    Article,
    Conversion,
    ConversionText,
    Correction,
    CorrectionText,
    Edition,
    EditionPicture,
    EditionText,
    Erasure,
    Head,
    Ledger,
    LedgerEntry,
    LedgerKey,
    Listing,
    Publication,
    Unsealed,
)
from articles.publishing import records
from articles.publishing.clock import database_now, stamp
from articles.publishing.ledger import entries, heads
from articles.publishing.ledger.chunks import in_chunks, one_moment
from articles.publishing.ledger.faults import ODD

FORMAT = 3  # 1: no text was of a format beyond 2; 2: beyond 3, and none stood in the other script
CHUNK = 1000
STORIES = 100
Line = dict[str, Any]


def export() -> Iterator[str]:
    """Every line, as canonical JSON."""
    kept = [heads.read(path) for path in heads.kept()]
    with one_moment():
        count = 0
        for line in itertools.chain(_ledger(kept), _stories()):
            count += 1
            yield records.canonical(line)
    yield records.canonical({"line": "end", "lines": count + 1})


def _ledger(kept: list[heads.Said]) -> Iterator[Line]:
    yield {"line": "export", "format": FORMAT, "at": stamp(database_now())}
    yield from ({"line": "head", "kept": "file"} | said for said in kept)
    sealed = (
        (entry.number + 1, 0, entry_line(entry))
        for chunk in in_chunks(LedgerEntry.objects.all(), "number", CHUNK)
        for entry in chunk
    )
    signed = (
        (head.size, 1, {"line": "head", "kept": "database"} | heads.as_json(head))
        for chunk in in_chunks(Head.objects.select_related("key"), "pk", CHUNK)
        for head in chunk
    )
    yield from (line for _, _, line in heapq.merge(sealed, signed, key=lambda one: one[:2]))
    for ledger in Ledger.objects.all():
        yield {"line": "ledger", "size": ledger.size, "digest": ledger.digest, "edge": ledger.edge}
    for chunk in in_chunks(Unsealed.objects.all(), "pk", CHUNK):
        found = entries.records_of([(one.kind, one.target) for one in chunk])
        for one in chunk:
            record = found.get((one.kind, one.target))
            yield {"line": "waiting", "record": records.digest(record) if record else "", "at": stamp(one.at)}
    for key in LedgerKey.objects.all():
        yield {"line": "key"} | entries.key_record(key)


def entry_line(entry: LedgerEntry) -> Line:
    return {
        "line": "entry",
        "number": entry.number,
        "at": stamp(entry.at),
        "previous": entry.previous,
        "record": entry.record,
        "digest": entry.digest,
    }


def _stories() -> Iterator[Line]:
    published = Article.objects.filter(Exists(Edition.objects.filter(article=OuterRef("pk"))))
    for articles in in_chunks(published.only("pk", "code"), "pk", STORIES):
        yield from _chunk({article.pk: article for article in articles})


def _chunk(articles: dict[int, Article]) -> Iterator[Line]:
    publications = Publication.objects.select_related("edition", "notice").in_bulk(list(articles))
    lists: dict[int, list[list[Any]]] = defaultdict(list)
    columns = ("publication", "kind", "target", "readers", "first_published_at", "state")
    for key, *row in Listing.objects.filter(publication__in=list(articles)).order_by("pk").values_list(*columns):
        lists[key].append([*row[:3], stamp(row[3]), row[4]])
    notices: dict[int, list[Correction]] = defaultdict(list)
    found = Correction.objects.filter(article__in=articles).select_related(
        "article", "right", "wrong", "supersedes", "text"
    )
    for notice in found.order_by("right__number", "place"):
        notices[notice.article_id].append(notice)
    shown: dict[int, list[str]] = defaultdict(list)
    rows = EditionPicture.objects.filter(edition__article__in=articles).order_by("digest")
    for edition_key, digest in rows.values_list("edition", "digest"):
        shown[edition_key].append(digest)
    conversions: dict[int, list[Conversion]] = defaultdict(list)
    made = Conversion.objects.filter(article__in=articles).select_related("edition", "notice__right", "text")
    for conversion in made.order_by("pk"):
        conversions[conversion.article_id].append(conversion)
    erasures: dict[int, list[Erasure]] = defaultdict(list)
    for erasure in Erasure.objects.filter(article__in=articles).select_related("article").prefetch_related("parts"):
        erasures[erasure.article_id].append(erasure)
    editions = Edition.objects.filter(article__in=articles).select_related("text", "article")
    in_order = editions.order_by("article_id", "number").iterator(chunk_size=STORIES)
    for key, of_story in itertools.groupby(in_order, key=lambda edition: edition.article_id):
        publication = publications.get(key)
        down = publication is not None and publication.state == Publication.State.DOWN
        yield _story(articles[key].code, publication, lists[key])
        for notice in notices[key]:
            standing = publication is not None and notice.right_id == publication.edition_id
            yield _notice(notice, withheld=down and not standing)
        for edition in of_story:
            standing = publication is not None and edition.pk == publication.edition_id
            own = [notice.digest for notice in notices[key] if notice.right_id == edition.pk]
            yield _edition(edition, own, shown[edition.pk], withheld=down and not standing)
        for conversion in conversions[key]:
            of = conversion.edition_id or (conversion.notice.right_id if conversion.notice else None)
            standing = publication is not None and of == publication.edition_id
            yield _conversion(conversion, articles[key].code, withheld=down and not standing)
        for erasure in erasures[key]:
            yield {"line": "erasure"} | entries.erasure_record(erasure)


def _story(code: str, publication: Publication | None, lists: list[list[Any]]) -> Line:
    shown = publication and {
        "code": publication.code,
        "edition": publication.edition.digest,
        "language": publication.language,
        "readers": publication.readers,
        "channel": publication.channel_id,
        "topic": publication.topic_id,
        "source": publication.source_id,
        "first_published_at": stamp(publication.first_published_at),
        "published_at": stamp(publication.published_at),
        "changed_at": stamp(publication.changed_at),
        "state": publication.state,
        "notice": publication.notice.digest if publication.notice else "",
        "card": publication.card,
        "converted_card": publication.converted_card,
    }
    return {"line": "story", "code": code, "shown": shown, "lists": lists}


def _edition(edition: Edition, notices: list[str], pictures: list[str], *, withheld: bool) -> Line:
    line = {"line": "edition"} | entries.edition_record(edition, notices) | {"pictures": pictures}
    text = getattr(edition, "text", None)
    if not text:
        return line | {"state": "erased"}
    if not withheld:
        return line | {"state": "public", "text": text.content, "salt": text.salt}
    if edition.content_digest:
        recomputed = records.salted(text.content, text.salt)
    else:
        recomputed = records.format_1(text.content, salt=text.salt, previous=edition.previous_digest)
    return line | {"state": "withheld", "recomputed": recomputed, "listed": _pictures_in(text)}


def _pictures_in(text: EditionText) -> list[str] | None:
    """The digests of its pictures, for which the rows beside a withheld text stand; None where it is no such text."""
    try:
        found = sorted({picture["digest"] for picture in text.read()["pictures"].values()})
        records.canonical(found)
    except ODD:
        return None
    return found


def _notice(notice: Correction, *, withheld: bool) -> Line:
    line = {"line": "notice"} | _with_digest_of_text(entries.notice_record(notice))
    return line | _salted(getattr(notice, "text", None), withheld=withheld)


def _conversion(conversion: Conversion, code: str, *, withheld: bool) -> Line:
    line = {"line": "conversion"} | _with_digest_of_text(entries.conversion_record(conversion, code=code))
    return line | _salted(getattr(conversion, "text", None), withheld=withheld)


def _with_digest_of_text(record: records.Record) -> Line:
    return {"text_digest" if name == "text" else name: value for name, value in record.items()}


def _salted(text: CorrectionText | ConversionText | None, *, withheld: bool) -> Line:
    if not text:
        return {"state": "erased"}
    if withheld:
        return {"state": "withheld", "recomputed": records.salted(text.content, text.salt)}
    return {"state": "public", "text": text.content, "salt": text.salt}
