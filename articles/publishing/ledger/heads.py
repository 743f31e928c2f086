"""Signed heads: what the ledger was at one moment, kept in the database and in files outside it."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from articles.models import Head
from articles.publishing import records
from articles.publishing.clock import stamp

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

    Raises UnreadableHead, and overwrites nothing, where the day's file holds something else.
    """
    path = path_of(stamp(head.at)[:10])
    text = records.canonical(as_json(head)) + "\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    with _one_at_a_time(path.parent):
        if path.exists():
            before = read(path)
            if before["size"] > head.size or (before["size"] == head.size and before["at"] >= stamp(head.at)):
                return path
        part = path.with_name(f".{path.name}.part")
        with open(part, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    return path


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
    if not isinstance(said, dict) or any(type(said.get(name)) is not kind for name, kind in FIELDS.items()):
        raise UnreadableHead(f"{path} holds no signed head")
    return {name: said[name] for name in FIELDS}


def kept() -> list[Path]:
    """The files of heads, oldest first."""
    return sorted(Path(settings.LEDGER_HEADS).glob("*.json"))
