"""The history of a story for machines: everything that is needed to check it, at /a/<code>/history.json.

An object of:

| field | content |
|---|---|
| `code`, `language`, `state` | the story's content code; BCP 47; `standing`, `retracted` or `down` |
| `story`, `history` | absolute addresses |
| `current` | the number of the edition that readers see |
| `editions` | newest first, at most 500; see below |
| `erasures` | every erasure of the story, newest first: its `record` and its `ledger` |
| `older` | the address of the same with older editions, or null |

`conversions` of an edition and of a notice: what it says in the other Chinese script, made when it was published or by
a command since; each with `language`, `digest`, `record`, `ledger`, `text`, `content` and `salt`, all as of an edition.

An edition: `number`, `kind`, `published_at`, `url`; `digest`, `previous` (the digest of the edition before, empty for
the first) and `content_digest`; `record`, which is what the ledger holds of it; `ledger`, null until it is sealed;
`text`: "open", "erased" or "withheld" (of a story that was taken down); where it is open, `content`, the canonical JSON
as a string, and its `salt`, else both null; `notices`, by place.

A notice: `place`, `digest`, `record`, `ledger`, `text`, `content` and `salt`, all as of an edition.

A ledger entry: `number`, `at`, `previous`, `digest`.

To check, with H = SHA-256 in hexadecimal over UTF-8, and C = canonical JSON (RFC 8785):

* the text: H(C({"salt": salt, "text": content})) is the record's `content` (of an edition) or `text` (of a
  notice or a conversion);
* the record: H(C(record without `digest`)) is its `digest`, and this the thing's own;
* an edition whose record has `format` 1 is checked in one: H(C({"content": the content read as JSON, "previous":
  previous, "salt": salt})) is its `digest`;
* the chain: `previous` is the digest of the edition with the number before;
* the ledger: H(C({"at", "number", "previous", "record": H(C(record))})) is the entry's `digest`.

A story that was taken down answers 410 or 451 with the same object, without content and salt.
"""

from collections import defaultdict
from functools import reduce
from itertools import chain
from operator import or_
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse

from articles.models import (
    Conversion,
    Correction,
    Edition,
    EditionText,
    ErasedPart,
    Erasure,
    LedgerEntry,
    Picture,
    Publication,
)
from articles.publishing import records
from articles.publishing.clock import stamp
from articles.publishing.ledger.entries import conversion_record, edition_record, notice_record
from articles.site import addresses
from articles.site.history import newest_editions, notices_of, words_of
from articles.site.past import EDITIONS, as_gone, before_of, passing_until_sealed, past_page
from articles.site.withdrawn import gone_or_none

Json = dict[str, Any]
Sealed = dict[tuple[str, int], Json]
ERASURES = 500


@past_page(even_down=True)
def history_json(request: HttpRequest, publication: Publication) -> HttpResponse:
    rows = newest_editions(publication, before_of(request, publication))
    shown = rows[:EDITIONS]
    gone = gone_or_none(request, publication)
    own = addresses.absolute(reverse("site:history-json", args=[publication.code]))
    answer = {
        "code": publication.code,
        "language": publication.language,
        "state": publication.state,
        "story": addresses.absolute(addresses.story_path(publication.code, publication.language)),
        "history": addresses.absolute(reverse("site:history", args=[publication.code])),
        "current": publication.edition.number,
        "editions": _editions(publication, shown, withheld=bool(gone)),
        "erasures": _erasures(publication),
        "older": f"{own}?before={shown[-1].number}" if len(rows) > EDITIONS else None,
    }
    response = JsonResponse(answer, json_dumps_params={"ensure_ascii": False, "separators": (",", ":")})
    return as_gone(response, gone)


def _editions(publication: Publication, shown: list[Edition], *, withheld: bool) -> list[Json]:
    keys = [edition.pk for edition in shown]
    brought = notices_of(shown)
    notices = [notice for several in brought.values() for notice in several]
    converted = _conversions(keys, [notice.pk for notice in notices])
    sealed = _sealed(edition=keys, notice=[notice.pk for notice in notices], conversion=[one.pk for one in converted])
    texts = {} if withheld else {text.pk: text for text in EditionText.objects.filter(edition__in=keys)}
    erased = set() if not withheld else _without_text(keys)
    told_in = _told_in(converted, publication.code, sealed, withheld=withheld)
    made = []
    for edition in shown:
        text = texts.get(edition.pk)
        told = "withheld" if withheld and edition.pk not in erased else "open" if text else "erased"
        made.append(
            {
                "number": edition.number,
                "kind": edition.kind,
                "published_at": stamp(edition.published_at),
                "url": addresses.absolute(reverse("site:edition", args=[publication.code, edition.number])),
                "digest": edition.digest,
                "previous": edition.previous_digest,
                "content_digest": edition.content_digest,
                "record": edition_record(
                    edition, [notice.digest for notice in brought[edition.pk]], code=publication.code
                ),
                "ledger": sealed.get(("edition", edition.pk)),
                "text": told,
                "content": text.content if text else None,
                "salt": text.salt if text else None,
                "conversions": told_in["edition", edition.pk],
                "notices": [
                    _notice(one, edition, publication.code, sealed, withheld=withheld)
                    | {"conversions": told_in["notice", one.pk]}
                    for one in brought[edition.pk]
                ],
            }
        )
    return made


def _conversions(editions: list[int], notices: list[int]) -> list[Conversion]:
    found = Conversion.objects.filter(Q(edition__in=editions) | Q(notice__in=notices)).order_by("pk")
    return list(found.select_related("edition", "notice__right", "text"))


def _told_in(
    rows: list[Conversion], code: str, sealed: Sealed, *, withheld: bool
) -> dict[tuple[str, int | None], list[Json]]:
    """What editions and notices say in the other script, by what was converted."""
    made: dict[tuple[str, int | None], list[Json]] = defaultdict(list)
    for row in rows:
        text = getattr(row, "text", None)
        of = ("edition", row.edition_id) if row.edition_id else ("notice", row.notice_id)
        made[of].append(
            {
                "language": row.language,
                "digest": row.digest,
                "record": conversion_record(row, code=code),
                "ledger": sealed.get(("conversion", row.pk)),
                "text": "erased" if not text else "withheld" if withheld else "open",
                "content": text.content if text and not withheld else None,
                "salt": text.salt if text and not withheld else None,
            }
        )
    return made


def _without_text(keys: list[int]) -> set[int]:
    return set(keys) - set(EditionText.objects.filter(edition__in=keys).values_list("edition", flat=True))


def _notice(notice: Correction, edition: Edition, code: str, sealed: Sealed, *, withheld: bool) -> Json:
    notice.right = edition
    text = words_of(notice)
    told = "erased" if not text else "withheld" if withheld else "open"
    return {
        "place": notice.place,
        "digest": notice.digest,
        "record": notice_record(notice, code=code),
        "ledger": sealed.get(("notice", notice.pk)),
        "text": told,
        "content": text.content if text and not withheld else None,
        "salt": text.salt if text and not withheld else None,
    }


def _sealed(**keys: list[int]) -> Sealed:
    """Where the ledger took acts up, by one query; keys: by their kind."""
    acts = [Q(kind=kind, target__in=of_kind) for kind, of_kind in keys.items() if of_kind]
    found = LedgerEntry.objects.filter(reduce(or_, acts)) if acts else LedgerEntry.objects.none()
    found = found.order_by().defer("record")
    sealed = {
        (entry.kind, entry.target): {
            "number": entry.number,
            "at": stamp(entry.at),
            "previous": entry.previous,
            "digest": entry.digest,
        }
        for entry in found
    }
    passing_until_sealed(sealed, list(chain(*keys.values())))
    return sealed


def _erasures(publication: Publication) -> list[Json]:
    """In a fixed number of queries, as ledger.entries.erasure_record tells one."""
    erasures = list(Erasure.objects.filter(article=publication.article_id)[:ERASURES])
    if not erasures:
        return []
    parts: dict[int, list[tuple[str, str]]] = defaultdict(list)
    keys: dict[str, list[int]] = defaultdict(list)
    found = list(ErasedPart.objects.filter(erasure__in=erasures))
    for part in found:
        keys[part.kind].append(part.target)
    models: dict[str, Any] = {"edition": Edition, "notice": Correction, "conversion": Conversion, "picture": Picture}
    digests = {
        (kind, key): digest
        for kind, model in models.items()
        if keys[kind]
        for key, digest in model.objects.filter(pk__in=keys[kind]).order_by().values_list("pk", "digest")
    }
    for part in found:
        parts[part.erasure_id].append((part.kind, digests.get((part.kind, part.target), "")))
    sealed = _sealed(erasure=[erasure.pk for erasure in erasures])
    made = []
    for erasure in erasures:
        record = records.of_erasure(erasure, code=publication.code, parts=parts[erasure.pk])
        made.append({"record": record | {"digest": erasure.digest}, "ledger": sealed.get(("erasure", erasure.pk))})
    return made
