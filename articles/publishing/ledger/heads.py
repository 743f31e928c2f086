"""Signed heads: what the ledger was at one moment, kept in the database and in files outside it."""

import json
import os
import threading
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from articles.models import Head
from articles.publishing import records
from articles.publishing.clock import stamp


def statement(*, size: int, root: str, at: datetime, key: str) -> dict[str, Any]:
    """What is signed, as canonical JSON."""
    return {"act": "head", "size": size, "root": root, "at": stamp(at), "key": key}


def as_json(head: Head) -> dict[str, Any]:
    return statement(size=head.size, root=head.root, at=head.at, key=head.key.public) | {"signature": head.signature}


def keep(head: Head) -> Path:
    """Write a head beside the database: one file a day, of the newest head of that day, never of a smaller tree."""
    folder = Path(settings.LEDGER_HEADS)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{stamp(head.at)[:10]}.json"
    if not path.exists() or json.loads(path.read_text(encoding="utf-8"))["size"] <= head.size:
        part = folder / f".{path.name}.{os.getpid()}.{threading.get_ident()}"
        part.write_text(records.canonical(as_json(head)) + "\n", encoding="utf-8")
        part.replace(path)
    return path


def kept() -> list[dict[str, Any]]:
    """The heads in the files, oldest first."""
    folder = Path(settings.LEDGER_HEADS)
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]
