"""Checking the ledger itself: its chain, its tree under every signed head, its keys, and the act behind each entry."""

import heapq
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from articles.models import Head, Ledger, LedgerEntry, LedgerKey, Unsealed
from articles.publishing import records
from articles.publishing.clock import stamp
from articles.publishing.ledger import entries, heads, keys, tree
from articles.publishing.ledger.chunks import in_chunks
from articles.publishing.ledger.faults import Fault, Faults, Seen
from articles.publishing.ledger.seal import LATE

Kind = LedgerEntry.Kind
CHUNK = 1000  # entries


@dataclass(frozen=True)
class HeadToCheck:
    said: heads.Said
    where: str  # "head 12 in the database", "head in the file …"
    outside: bool  # not from the database


class LedgerCheck:
    """One walk through the ledger. Its faults come in the ledger's order, the first broken link first."""

    def __init__(self, given: Sequence[tuple[str, heads.Said]], *, now: datetime, seen: Seen) -> None:
        self.given = sorted(given, key=lambda one: one[1]["size"])
        self.now, self.seen = now, seen
        self.edge: tree.Edge = []
        self.size = 0  # entries so far, of which the last should be …
        self.number = 0  # … the one before this
        self.digest = ""
        self.key = ""  # the newest public key so far
        self.last_at: datetime | None = None
        self.signed = 0  # the largest size under a signed head
        self.unsigned_since: datetime | None = None

    def faults(self) -> Faults:
        waiting = self._heads()
        ahead = next(waiting, None)
        while ahead and ahead.said["size"] < 1:
            yield Fault(ahead.where, "a head of an empty ledger, which is never signed")
            ahead = next(waiting, None)
        for chunk in in_chunks(LedgerEntry.objects.all(), "number", CHUNK):
            stands = entries.records_of([(entry.kind, entry.target) for entry in chunk])
            for entry in chunk:
                yield from self._entry(entry, stands.get((entry.kind, entry.target)))
                while ahead and ahead.said["size"] <= self.size:
                    yield from self._head(ahead)
                    ahead = next(waiting, None)
        while ahead:
            yield Fault(ahead.where, f"it signed {ahead.said['size']} entries, but the ledger has only {self.size}: "
                        "its tail was cut off")  # fmt: skip
            ahead = next(waiting, None)
        yield from self._end()

    def _heads(self) -> Iterator[HeadToCheck]:
        """Every known head, by size; those of the database grow with their keys, and are refused where they do not."""
        self.in_database: set[tuple[int, str]] = set()
        kept = (
            HeadToCheck(heads.as_json(head), f"head {head.pk} in the database", outside=False)
            for chunk in in_chunks(Head.objects.select_related("key"), "pk", CHUNK)
            for head in chunk
        )
        given = (HeadToCheck(said, where, outside=True) for where, said in self.given)
        return heapq.merge(kept, given, key=lambda head: (head.said["size"], head.outside))

    def _entry(self, entry: LedgerEntry, stands: records.Record | None) -> Faults:
        where = f"ledger entry {entry.number}"
        if entry.number != self.number:
            yield Fault(where, f"entry {self.number} should stand here: the numbers have a gap")
        if entry.previous != self.digest:
            yield Fault(where, "it does not follow the entry before it")
        digest = entries.entry_digest(number=entry.number, at=entry.at, previous=entry.previous, record=entry.record)
        if entry.digest != digest:
            yield Fault(where, "its digest is not that of what it says")
        if self.last_at and entry.at < self.last_at:
            yield Fault(where, "it is older than the entry before it")
        if stands is None:
            yield Fault(where, f"what it sealed is gone: {_named(entry)}")
        elif records.canonical(stands) != entry.record:
            changed = _differences(stands, _read(entry.record))
            yield Fault(where, f"what it sealed was changed since: {_named(entry)} ({changed})")
        if entry.kind == Kind.KEY and stands:
            yield from self._new_key(where, stands)
        self.edge = tree.append(self.edge, self.size, bytes.fromhex(digest))
        self.size, self.number = self.size + 1, entry.number + 1
        self.digest, self.last_at = entry.digest, entry.at
        self.unsigned_since = self.unsigned_since or entry.at
        self.seen.entries += 1
        self.seen.step()

    def _new_key(self, where: str, record: records.Record) -> Faults:
        statement = records.canonical({name: record[name] for name in ("act", "public", "at", "why")})
        if not self.key:
            if record["signature"]:
                yield Fault(where, "the first key is signed by another one: a hand-over is missing before it")
        elif not record["signature"] and record["why"].startswith(keys.LOST):
            self.seen.remarks.append(f"{where}: a new key without the signature of the one before ({record['why']})")
        elif not keys.verified(self.key, record["signature"], statement):
            yield Fault(where, "a new key, not signed by the key before it")
        self.key = record["public"]
        self.seen.keys += 1

    def _head(self, head: HeadToCheck) -> Faults:
        said = head.said
        if said["size"] < self.size:
            yield Fault(head.where, "it is of a smaller ledger than the head before it")
            return
        if not keys.verified(said["key"], said["signature"], heads.signed_part(said)):
            yield Fault(head.where, "its signature is wrong")
        elif said["key"] != self.key:
            yield Fault(head.where, f"signed by {said['key'][:16]}…, which was not the ledger's key at that size")
        if said["root"] != tree.root(self.edge).hex():
            yield Fault(head.where, f"it does not fit: one of the first {said['size']} entries was changed since")
        if not head.outside:
            self.in_database = {(said["size"], said["root"])}
        elif (said["size"], said["root"]) not in self.in_database:
            yield Fault(head.where, "the database knows no such head")
        self.signed, self.unsigned_since = self.size, None
        self.seen.heads += 1
        self.seen.head = f"{said['size']} entries, root {said['root']}, {said['at']}"

    def _end(self) -> Faults:
        ledger = Ledger.objects.filter(pk=1).first()
        edge = json.dumps([part.hex() for part in self.edge])
        if not ledger or (ledger.size, ledger.digest, ledger.edge) != (self.size, self.digest, edge):
            yield Fault("the ledger's row", f"it does not say what the {self.size} entries say")
        if self.unsigned_since and self.now - self.unsigned_since > LATE:
            yield Fault(f"ledger entry {self.signed}", "no signed head covers it, and those after it")
        known = LedgerKey.objects.last()
        if known and known.public != self.key and not Unsealed.objects.filter(kind=Kind.KEY, target=known.pk).exists():
            yield Fault("the signing keys", f"{known.public[:16]}… is not in the ledger")
        yield from self._key_here(known)

    def _key_here(self, known: LedgerKey | None) -> Faults:
        try:
            here = keys.private_key()
        except keys.KeyTrouble as error:
            yield Fault("the signing key", str(error))
            return
        if not here:
            self.seen.remarks.append("the signing key is not on this machine")
        elif known and keys.public_of(here) != known.public:
            try:
                keys.current()
            except keys.KeyTrouble:
                yield Fault("the signing key", f"the one on this machine is not {known.public[:16]}…, the ledger's own")


def waiting(now: datetime, seen: Seen) -> Faults:
    """What is not sealed yet."""
    for chunk in in_chunks(Unsealed.objects.all(), "pk", CHUNK):
        for one in chunk:
            if now - one.at > LATE:
                yield Fault(f"{one.kind} {one.target}", f"waits to be sealed since {stamp(one.at)}")
            else:
                seen.waiting += 1


def _read(record: str) -> records.Record:
    try:
        said = json.loads(record)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _differences(stands: records.Record, sealed: records.Record) -> str:
    names = sorted(name for name in stands.keys() | sealed.keys() if stands.get(name) != sealed.get(name))
    return ", ".join(names) or "its record is not canonical JSON"


def _named(entry: LedgerEntry) -> str:
    """What an entry sealed, as the newsroom would call it."""
    record = _read(entry.record)
    number: dict[str, object] = {
        Kind.EDITION: record.get("number"),
        Kind.NOTICE: f"{record.get('edition')}-{record.get('place')}",
    }
    name = f"{entry.kind} {number.get(entry.kind, entry.target)}"
    return f"story {record['code']}, {name}" if "code" in record else name
