"""Signed heads: what the ledger was at one moment, kept in the database and in files outside it."""

import fcntl
import itertools
import json
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from articles.models import Head
from articles.models.prepared import prepared
from articles.publishing import records
from articles.publishing.clock import stamp

log = logging.getLogger(__name__)
FIELDS = {"act": str, "size": int, "root": str, "at": str, "key": str, "signature": str}
Said = dict[str, Any]


class UnreadableHead(Exception):
    """A file that should hold a signed head does not."""


def statement(*, size: int, root: str, at: datetime, key: str) -> Said:
    """What is signed, as canonical JSON."""
    return {"act": "head", "size": size, "root": root, "at": stamp(at), "key": key}


def as_json(head: Head) -> Said:
    return statement(size=head.size, root=head.root, at=head.at, key=head.key.public) | {"signature": head.signature}


def signed_part(said: Said) -> str:
    return records.canonical({name: said[name] for name in FIELDS if name != "signature"})


def path_of(day: str) -> Path:
    """day: 2026-08-04, in UTC."""
    return Path(settings.LEDGER_HEADS) / f"{day}.json"


def keep(head: Head) -> Path:
    """Write a head beside the database: one file a day, of the newest head of that day, never of a smaller tree.

    A file whose head the database does not know is evidence that the ledger was changed: it stays as it is, and the
    new head is written beside it, as <day>.<size>.json. Raises UnreadableHead, and overwrites nothing, where a file
    holds something else.
    """
    day, text = stamp(head.at)[:10], records.canonical(as_json(head)) + "\n"
    path_of(day).parent.mkdir(parents=True, exist_ok=True)
    with _one_at_a_time(path_of(day).parent):
        contradicting = None
        for name in itertools.chain([day], (f"{day}.{head.size}{more}" for more in _suffixes())):
            path = path_of(name)
            if not path.exists():
                break
            before = read(path)
            if before == as_json(head):
                return path
            if _known(before):
                if before["size"] > head.size or (before["size"] == head.size and before["at"] >= stamp(head.at)):
                    return path
                break
            contradicting = path
        if contradicting:
            log.error("%s holds a signed head that the database does not know: the ledger is not the one that it was. "
                      "Run manage.py verify_history. The new head goes to %s.", contradicting, path.name)  # fmt: skip
        part = path.with_name(f".{path.name}.part")
        with open(part, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    return path


def _known(said: Said) -> bool:
    """Whether the database has it; that each of its heads is a beginning of the newest tree is for `verify` to see."""
    row, heads = (said["size"], said["root"]), Head.objects.values_list("size", "root")
    return row in _newest()() or heads.filter(size=row[0], root=row[1]).exists()  # the table may be large


@prepared
def _newest() -> QuerySet[Any, Any]:
    return Head.objects.values_list("size", "root")[:20]


def _suffixes() -> Iterator[str]:
    return itertools.chain([""], (f".{number}" for number in itertools.count(2)))


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    with open(folder / ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def read(path: Path) -> Said:
    """The head in a file. Raises UnreadableHead."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UnreadableHead(f"{path} cannot be read: {error}") from error
    except RecursionError:
        said = None
    try:
        return checked(said)
    except ValueError as error:
        raise UnreadableHead(f"{path} holds no signed head") from error


def checked(said: Any) -> Said:
    """The fields of a head, if they are of the right types and can be signed. Raises ValueError."""
    if not isinstance(said, dict) or any(type(said.get(name)) is not kind for name, kind in FIELDS.items()):
        raise ValueError("not a signed head")
    head = {name: said[name] for name in FIELDS}
    records.canonical(head)  # no lone surrogate, no number that JSON does not hold
    return head


def kept() -> list[Path]:
    """The files of heads, those beside a day's own among them."""
    return sorted(Path(settings.LEDGER_HEADS).glob("*.json"))
