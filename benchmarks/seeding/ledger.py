"""Sealing what was seeded, as the worker does (ledger/seal.py), but by COPY; and one signed head over all."""

import json
from collections.abc import Sequence
from typing import Any

from benchmarks.seeding import tables

COLUMNS = ["number", "kind", "target", "at", "record", "previous", "digest"]


class Sealing:
    """Begun on an empty ledger: its first entry is the signing key."""

    def __init__(self) -> None:
        from articles.models import Ledger
        from articles.publishing.clock import database_now
        from articles.publishing.ledger import seal

        seal.seal()
        row = Ledger.objects.get(pk=1)
        self.size, self.digest, self.at = row.size, row.digest, database_now()
        self.edge = [bytes.fromhex(part) for part in json.loads(row.edge)]

    def add(self, acts: Sequence[tuple[str, int, str]], vendor: str) -> None:
        """acts: kind, key and record, in the order in which they were made."""
        from articles.publishing.ledger import entries, tree

        rows = []
        for kind, key, record in acts:
            digest = entries.entry_digest(number=self.size, at=self.at, previous=self.digest, record=record)
            values = (self.size, kind, key, self.at, record, self.digest, digest)
            rows.append([tables.written(value, vendor) for value in values])
            self.edge = tree.append(self.edge, self.size, bytes.fromhex(digest))
            self.size, self.digest = self.size + 1, digest
        lines: Any = "".join("\t".join(row) + "\n" for row in rows) if vendor == "postgresql" else rows
        tables.add("articles_ledgerentry", COLUMNS, lines)

    def close(self) -> None:
        from articles.models import Ledger
        from articles.publishing.ledger import seal

        edge = json.dumps([part.hex() for part in self.edge])
        Ledger.objects.filter(pk=1).update(size=self.size, digest=self.digest, edge=edge)
        seal.seal()
