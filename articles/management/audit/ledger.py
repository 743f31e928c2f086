"""The site's ledger as somebody outside follows it: it may only grow, and every head must fit what was seen before."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from operator import itemgetter
from pathlib import Path
from typing import Any

from articles.management.audit.web import Unreachable, Web
from articles.publishing import records
from articles.publishing.ledger import heads, keys, tree
from articles.publishing.ledger.faults import ODD

HEAD = ".well-known/newsroom/head.json"
KEPT = ("size", "edge", "digest", "key")
CODE = re.compile("[2-9a-z]{8,12}")
PAGE = 1000  # entries a page
DIGEST = 32  # bytes
PATIENCE = timedelta(seconds=120)  # an act may wait 60 s; clocks differ


class LedgerSeen:
    """What was seen of a ledger: `ledger.json`, and the digest of every entry in `ledger.bin`."""

    def __init__(self, folder: Path) -> None:
        self.file, self.digests = folder / "ledger.json", folder / "ledger.bin"
        self.size = 0
        self.edge: list[str] = []
        self.digest = self.key = ""
        if self.file.exists():
            try:
                self.size, self.edge, self.digest, self.key = itemgetter(*KEPT)(read(self.file))
            except (KeyError, TypeError) as error:
                raise Unreachable(f"{self.file} does not hold what was seen of a ledger") from error
        self.changed: set[str] = set()  # codes of the stories that the new entries are of

    def follow(self, web: Web) -> Iterator[str]:
        """Faults; where there are none, what is new has been kept."""
        try:
            yield from list(self._follow(web))
        except ODD as error:
            yield f"what it says cannot be understood: {type(error).__name__}: {error}"

    def _follow(self, web: Web) -> Iterator[str]:
        answer = web.get(HEAD)
        if answer.status == 404 and not self.size:
            return  # a site that has published nothing yet
        if answer.status != 200:
            yield f"{HEAD} answers {answer.status}"
            return
        try:
            head = heads.checked(answer.json())
        except ValueError:
            yield f"{HEAD} holds no signed head"
            return
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
        if not keys.verified(head["key"], head["signature"], heads.signed_part(head)):
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
            if CODE.fullmatch(record["code"]):
                self.changed.add(record["code"])
            else:  # it becomes the name of a file
                faults.append(f"{where} names {record['code']!r}, which is no content code")
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
        kept = {name: getattr(self, name) for name in KEPT} | {"last_head": head}
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


def read(path: Path) -> Any:
    """What `write` wrote. Raises Unreachable."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise Unreachable(f"{path} cannot be read: {error}") from error


def write(path: Path, thing: Any) -> None:
    """Whole or not at all."""
    part = path.with_name(f".{path.name}.part")
    part.write_text(json.dumps(thing, ensure_ascii=False), encoding="utf-8")
    part.replace(path)
