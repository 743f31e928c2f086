"""The site's ledger as somebody outside follows it: it may only grow, and every head must fit what was seen before."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from articles.management.audit.web import Web
from articles.publishing import records
from articles.publishing.ledger import keys, tree

HEAD = ".well-known/newsroom/head.json"
PAGE = 1000  # entries a page
DIGEST = 32  # bytes
PATIENCE = timedelta(seconds=120)  # an act may wait 60 s; clocks differ


class LedgerSeen:
    """What was seen of a ledger: `ledger.json`, and the digest of every entry in `ledger.bin`."""

    def __init__(self, folder: Path) -> None:
        self.file, self.digests = folder / "ledger.json", folder / "ledger.bin"
        self.size = 0
        self.edge: list[str] = []
        self.digest = self.key = self.last_head = ""
        if self.file.exists():
            for name, value in json.loads(self.file.read_text(encoding="utf-8")).items():
                setattr(self, name, value)
        self.changed: set[str] = set()  # codes of the stories that the new entries are of

    def follow(self, web: Web) -> Iterator[str]:
        """Faults; where there are none, what is new has been kept."""
        answer = web.get(HEAD)
        if answer.status == 404 and not self.size:
            return  # a site that has published nothing yet
        if answer.status != 200:
            yield f"{HEAD} answers {answer.status}"
            return
        head = answer.json()
        if head["size"] < self.size:
            yield f"the newest head is of {head['size']} entries; one of {self.size} was seen before"
            return
        edge, digest, key = [bytes.fromhex(part) for part in self.edge], self.digest, self.key
        added, faults = [], []
        for number, entry in enumerate(self._entries(web, head["size"]), start=self.size):
            key, found = self._entry(entry, number, digest, key)
            faults += found
            digest = entry["digest"]
            added.append(bytes.fromhex(digest))
            edge = tree.append(edge, number, added[-1])
        if self.size + len(added) != head["size"]:
            faults.append(f"the head signs {head['size']} entries, but only {self.size + len(added)} are shown")
        elif tree.root(edge).hex() != head["root"]:
            faults.append("the newest head does not fit the entries that were seen before: some were changed")
        signed = {name: head[name] for name in ("act", "size", "root", "at", "key")}
        if not keys.verified(head["key"], head["signature"], records.canonical(signed)):
            faults.append("the signature of the newest head is wrong")
        elif head["key"] != key:
            faults.append(f"the newest head is signed by {head['key'][:16]}…, which is not the ledger's key")
        yield from faults
        if not faults:
            self._keep(head, added, edge, digest, key)

    def _entries(self, web: Web, size: int) -> Iterator[dict[str, Any]]:
        """From the first unseen entry up to `size`."""
        number = self.size
        while number < size:
            answer = web.get(f".well-known/newsroom/ledger/{number // PAGE}.json")
            page = answer.json()["entries"] if answer.status == 200 else []
            wanted = [entry for entry in page if number <= entry["number"] < size]
            if not wanted:
                return
            yield from wanted
            number = wanted[-1]["number"] + 1

    def _entry(self, entry: dict[str, Any], number: int, previous: str, key: str) -> tuple[str, list[str]]:
        """The key that signs from here on, and faults."""
        faults, where = [], f"entry {entry['number']} of the ledger"
        if entry["number"] != number or entry["previous"] != previous:
            faults.append(f"{where} does not follow the one before it")
        named = {name: entry[name] for name in ("number", "at", "previous")}
        if records.digest(named | {"record": records.sha256(entry["record"])}) != entry["digest"]:
            faults.append(f"the digest of {where} is not that of what it says")
        record = json.loads(entry["record"])
        if "code" in record:
            self.changed.add(record["code"])
        if record["act"] == "key":
            said = records.canonical({name: record[name] for name in ("act", "public", "at", "why")})
            if key and not keys.verified(key, record["signature"], said):
                faults.append(f"{where} brings a new key that the one before did not sign: {record['why']}")
            key = record["public"]
        return key, faults

    def _keep(self, head: dict[str, Any], added: list[bytes], edge: list[bytes], digest: str, key: str) -> None:
        with open(self.digests, "r+b" if self.digests.exists() else "w+b") as file:
            file.seek(self.size * DIGEST)
            file.write(b"".join(added))
            file.truncate()
        self.size, self.edge, self.digest, self.key = head["size"], [part.hex() for part in edge], digest, key
        kept = {name: getattr(self, name) for name in ("size", "edge", "digest", "key")} | {"last_head": head}
        write(self.file, kept)

    def contradicts(self, number: int, digest: str) -> bool:
        """Whether another entry was seen in this place."""
        if number >= self.size:
            return False
        with open(self.digests, "rb") as file:
            file.seek(number * DIGEST)
            return file.read(DIGEST).hex() != digest

    def may_wait(self, at: str) -> bool:
        """Whether an act of this time may still be unsealed."""
        return datetime.now(UTC) - datetime.fromisoformat(at) < PATIENCE


def write(path: Path, thing: Any) -> None:
    """Whole or not at all."""
    part = path.with_name(f".{path.name}.part")
    part.write_text(json.dumps(thing, ensure_ascii=False), encoding="utf-8")
    part.replace(path)
