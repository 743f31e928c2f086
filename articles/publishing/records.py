"""What the digests of public acts are taken over: records that hold no word of a text, only its salted digest.

A record is canonical JSON (RFC 8785) of plain public facts. Its digest can be checked by anybody, also after the text
was withheld or erased; whoever has text and salt can check the text. docs/corrections.md lists the fields.

Editions of format 1 had no record: their digest is taken over content, salt and previous digest at once.
"""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

import rfc8785

from articles.models import Conversion, Correction, Edition, Erasure
from articles.publishing.clock import stamp

Record = dict[str, Any]


def canonical(thing: Any) -> str:
    """Canonical JSON, RFC 8785."""
    return rfc8785.dumps(thing).decode("utf-8")


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def digest(record: Record) -> str:
    return sha256(canonical(record))


def salted(text: str, salt: str) -> str:
    """SHA-256 over the canonical JSON of {"salt": …, "text": …}: nobody guesses a short text from it."""
    # As rfc8785 writes it: both escape the same characters in the same way (a test holds that), at a tenth of the time.
    return sha256(f'{{"salt":"{salt}","text":{json.dumps(text, ensure_ascii=False)}}}')


def format_1(content: str, *, salt: str, previous: str) -> str:
    """The digest of an edition of format 1: over the canonical JSON of {content, previous, salt}."""
    return sha256(f'{{"content":{content},"previous":"{previous}","salt":"{salt}"}}')


# The formats that a text can have (freeze.FORMAT), by the format of the record that names its digest.
TEXT_FORMATS = {1: {1}, 2: {2, 3, 4}}


def of_edition(edition: Edition, *, code: str, notices: Iterable[str]) -> Record:
    """notices: the digests of the notices that came with this edition, by place."""
    return {
        "act": "edition",
        "format": 2,
        "code": code,
        "number": edition.number,
        "kind": edition.kind,
        "at": stamp(edition.published_at),
        "previous": edition.previous_digest,
        "content": edition.content_digest,
        "notices": list(notices),
    }


def of_notice(notice: Correction, *, code: str, right: int, wrong: int, supersedes: str) -> Record:
    """right, wrong: numbers of editions; supersedes: the digest of that notice, or nothing.

    Where the public log lists it (channel, readers) and the digest of the wrong edition are told here, so that they
    stay checked where the texts are withheld or erased.
    """
    return {
        "act": "notice",
        "code": code,
        "edition": right,
        "place": notice.place,
        "kind": notice.kind,
        "weight": notice.weight,
        "field": notice.field,
        "ground": notice.ground,
        "wrong": wrong,
        "corrects": notice.wrong.digest,
        "channel": notice.channel_id,
        "readers": notice.readers,
        "supersedes": supersedes,
        "at": stamp(notice.at),
        "text": notice.text_digest,
    }


def of_conversion(conversion: Conversion, *, code: str, edition: int, place: int, source: str) -> Record:
    """edition: the number of the edition, or of the one that brought the notice; place: of the notice, else 0; source:
    the digest of what was converted."""
    return {
        "act": "conversion",
        "code": code,
        "edition": edition,
        "place": place,
        "language": conversion.language,
        "converter": conversion.converter,
        "source": source,
        "at": stamp(conversion.at),
        "text": conversion.content_digest,
    }


def of_erasure(erasure: Erasure, *, code: str, parts: Iterable[tuple[str, str]]) -> Record:
    """parts: kind, and the digest of what went (a picture's own digest)."""
    return {
        "act": "erasure",
        "code": code,
        "at": stamp(erasure.at),
        "note": erasure.note,
        "parts": sorted([kind, digest] for kind, digest in parts),
    }
