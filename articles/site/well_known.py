"""What an outsider needs to watch the ledger, at well-known addresses: its signed heads, its keys, its entries.

docs/corrections.md describes them. All of it is public already, and none of it holds a word of a story.
"""

import re
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from articles.models import Head, LedgerEntry, LedgerKey
from articles.publishing import records
from articles.publishing.clock import stamp
from articles.publishing.ledger import entries, heads
from newsroom.delivery.public import passing_page

PAGE = 1000  # entries a page; a full one never changes again
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_NUMBER = re.compile(r"0|[1-9][0-9]{0,9}", re.ASCII)


def _json(thing: Any) -> HttpResponse:
    response = HttpResponse(records.canonical(thing) + "\n", content_type="application/json")
    response["Access-Control-Allow-Origin"] = "*"
    return response


@passing_page
def head(request: HttpRequest) -> HttpResponse:
    """The newest signed head."""
    newest = Head.objects.select_related("key").first()
    if not newest:
        raise Http404
    return _json(heads.as_json(newest))


@passing_page
def head_of_day(request: HttpRequest, day: str) -> HttpResponse:
    """The newest head of a day in UTC, as it is kept outside the database."""
    if not _DAY.fullmatch(day):
        raise Http404
    try:
        return _json(heads.read(heads.path_of(day)))
    except heads.UnreadableHead as error:
        raise Http404 from error


@passing_page
def keys(request: HttpRequest) -> HttpResponse:
    """Every public key with its record, the first one first."""
    return _json({"keys": [entries.key_record(key) for key in LedgerKey.objects.all()]})


@passing_page
def ledger_page(request: HttpRequest, number: str) -> HttpResponse:
    """Entries number × 1000 and following, in order; from a full page on, the next one."""
    if not _NUMBER.fullmatch(number):
        raise Http404
    first = int(number) * PAGE
    columns = ("number", "at", "previous", "record", "digest")
    found = LedgerEntry.objects.filter(number__gte=first, number__lt=first + PAGE).only(*columns)
    lines = [
        {
            "number": entry.number,
            "at": stamp(entry.at),
            "previous": entry.previous,
            "record": entry.record,
            "digest": entry.digest,
        }
        for entry in found
    ]
    if not lines and first:
        raise Http404
    return _json({"entries": lines})
