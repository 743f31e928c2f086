#!/usr/bin/env python3
"""Check what a newsroom made public, from an export of its ledger and the signed heads that you kept.

    python verify_ledger.py EXPORT [--head HEAD.json …] [--key HEX]

EXPORT: what `manage.py export_ledger` wrote (JSON lines; .gz as well). HEAD.json: what /.well-known/newsroom/head.json
said when you asked; the more heads you kept, and the older, the more this proves. HEX: a public key that you trust.

This file stands alone: Python 3.11 and the package `cryptography`. It ends with 0 if everything fits, 1 if something
is broken (the first broken link is named), 2 if it cannot be checked. docs/corrections.md of Newsroom describes the
formats and digests, so that you can write your own.
"""

import argparse
import gzip
import hashlib
import json
import re
import sys
import zlib
from datetime import datetime, timedelta

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ImportError:
    sys.exit("This needs the Python package cryptography: pip install cryptography")

LATE = timedelta(seconds=60)  # an act may wait this long to be sealed, and a sealed one to be under a signed head
SHOWN = 20  # faults that are printed
LOST = "lost: "
NOTICE_ENTRY = ("kind", "weight", "field", "at", "digest", "ground", "supersedes", "place")
EXPORTS = {1, 2, 3}  # formats of exports that are understood here; 3 came with texts in the other script, and places
TEXT_FORMATS = {1: {1}, 2: {2, 3, 4}}  # the formats that a text can have, by that of its edition's record
ODD = (KeyError, TypeError, IndexError, ValueError, AttributeError, RecursionError)  # what is not of the form it needs


class Unusable(Exception):
    """What was given cannot be checked at all."""


# --- Digests ------------------------------------------------------------------------------------------------------
def canonical(thing):
    """RFC 8785, for what occurs here: names are ASCII, and numbers are whole and small."""
    check_plain(thing)
    return json.dumps(thing, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def check_plain(thing):
    if isinstance(thing, dict):
        for name, value in thing.items():
            if not name.isascii():
                raise ValueError(f"the name {name!r} is not ASCII")
            check_plain(value)
    elif isinstance(thing, list):
        for value in thing:
            check_plain(value)
    elif isinstance(thing, float) or (isinstance(thing, int) and abs(thing) > 2**53 - 1):
        raise ValueError(f"{thing} is no whole number below 2^53")


def sha256(text):
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def digest(thing):
    return sha256(canonical(thing))


def salted(text, salt):
    return digest({"salt": salt, "text": text})


def format_1(text, salt, previous):
    return sha256(f'{{"content":{text},"previous":"{previous}","salt":"{salt}"}}')


def verified(public, signature, statement):
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
        key.verify(bytes.fromhex(signature), canonical(statement).encode("utf-8"))
    except (InvalidSignature, ValueError):
        return False
    return True


def without(thing, *names):
    return {name: value for name, value in thing.items() if name not in names}


# --- The tree (RFC 9162, section 2.1), kept as the roots of its complete subtrees -----------------------------------
def node(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def append(edge, size, data):
    last = hashlib.sha256(b"\x00" + data).digest()
    while size & 1:
        last = node(edge.pop(), last)
        size >>= 1
    edge.append(last)


def root(edge):
    if not edge:
        return hashlib.sha256(b"").hexdigest()
    top = edge[-1]
    for left in reversed(edge[:-1]):
        top = node(left, top)
    return top.hex()


# --- What readers are shown of an edition --------------------------------------------------------------------------
def headline_mark(content):
    if content["kind"] in ("retraction", "takedown"):
        return content["kind"]
    wrong = ("correction", "clarification")
    marked = any(told["kind"] in wrong and told.get("field") == "headline" for told in content["notices"])
    return "correction" if marked else ""


def card_of(content):
    lead = content["lead"]
    card = {name: content[name] for name in ("language", "zone", "kicker", "headline", "standfirst")}
    card["picture"] = content["pictures"][lead["picture"]] if lead else None
    card["channel"] = content["trail"][-1]
    card["authors"] = [one["name"] for one in content["credits"] if one["role"] == "author"]
    card["mark"] = headline_mark(content)
    return canonical(card)


def stands_on(content):
    if "stood_on" in content:
        return [tuple(one) for one in content["stood_on"]]
    lists = [("site", 0)] + [("channel", one["id"]) for one in content["trail"]]
    lists += [("topic", content["topic"]["id"])] if content["topic"] else []
    lists += [("tag", one["id"]) for one in content["tags"]]
    lists += [("place", key) for one in content.get("places", []) for key in (one["id"], *one["within"])]
    lists = list(dict.fromkeys(lists))  # two places may lie in a third one
    return lists + [("person", key) for key in dict.fromkeys(one["id"] for one in content["credits"])]


def shown_as(edition, content, notice):
    notices = content["notices"]
    return {
        "code": content["code"],
        "edition": edition["digest"],
        "language": content["language"],
        "readers": content["language"].split("-")[0],
        "channel": content["trail"][-1]["id"],
        "topic": content["topic"]["id"] if content["topic"] else None,
        "source": content["source"]["id"],
        "first_published_at": content["first_published_at"],
        "published_at": edition["at"],
        "changed_at": notices[0]["at"] if notices else content["first_published_at"],
        "state": {"retraction": "retracted", "takedown": "down"}.get(edition["kind"], "standing"),
        "notice": notice,
        "card": card_of(content),
    }


# --- The walk -----------------------------------------------------------------------------------------------------
class Walk:
    def __init__(self, given, key):
        self.given = sorted(given, key=lambda one: one[1]["size"])  # heads from outside, and from the newsroom's files
        self.trusted = key
        self.faults = []
        self.counts = dict.fromkeys(("edition", "notice", "conversion", "erasure", "entry", "head", "key", "erased",
                                     "withheld", "waiting"), 0)  # fmt: skip
        self.remarks = []
        self.newest = "none"
        self.at = None  # of the export
        self.edge, self.size, self.number, self.digest, self.last_at = [], 0, 0, "", ""
        self.key, self.trusted_seen = "", False
        self.trusting = False  # whether the ledger's key is the trusted one, or one that it handed over to
        self.in_database = ()
        self.covered, self.unsigned_since = 0, None  # entries under a head (of a trusted key, if there is one)
        self.sealed = {}  # digest of a record -> its place; taken out when the row behind it was met
        self.waiting = set()
        self.ledger_over = False
        self.story = None

    def fault(self, where, what):
        self.faults.append(f"{where}: {what}")

    def take(self, line):
        kind = line.get("line")
        if kind == "export":
            if line["format"] not in EXPORTS:
                raise Unusable(f"this export is of format {line['format']}; take a newer verifier")
            self.at = datetime.fromisoformat(line["at"])
        elif kind == "head" and line["kept"] == "file":
            self.given.append(("head in the newsroom's own file", without(line, "line", "kept")))
            self.given.sort(key=lambda one: one[1]["size"])
        elif kind == "end":
            self.end_story()
            self.end()
        elif kind in (
            "head",
            "entry",
            "ledger",
            "waiting",
            "key",
            "story",
            "edition",
            "notice",
            "conversion",
            "erasure",
        ):
            getattr(self, f"take_{kind}")(line)
        else:
            raise Unusable(f"a line of an unknown kind: {kind!r}")

    # The ledger
    def take_entry(self, line):
        self.heads_until(self.size)
        where = f"ledger entry {line['number']}"
        if line["number"] != self.number:
            self.fault(where, f"entry {self.number} should stand here: the numbers have a gap")
        if line["previous"] != self.digest:
            self.fault(where, "it does not follow the entry before it")
        names = {name: line[name] for name in ("number", "at", "previous")}
        computed = digest(names | {"record": sha256(line["record"])})
        if computed != line["digest"]:
            self.fault(where, "its digest is not that of what it says")
        if line["at"] < self.last_at:
            self.fault(where, "it is older than the entry before it")
        try:
            record = json.loads(line["record"])
            plain = canonical(record) == line["record"] and isinstance(record, dict)
        except ValueError:
            plain = False
        if not plain:
            self.fault(where, "its record is not canonical JSON")
            record = {}
        if sha256(line["record"]) in self.sealed:
            self.fault(where, "it seals what another entry sealed")
        self.sealed[sha256(line["record"])] = self.size
        if record.get("act") == "key":
            self.new_key(where, record)
        append(self.edge, self.size, bytes.fromhex(computed))
        self.size, self.number = self.size + 1, line["number"] + 1
        self.digest, self.last_at = line["digest"], line["at"]
        self.unsigned_since = self.unsigned_since or line["at"]
        self.counts["entry"] += 1

    def new_key(self, where, record):
        if not self.key:
            if record["signature"]:
                self.fault(where, "the first key is signed by another one: a hand-over is missing before it")
        elif not record["signature"] and record["why"].startswith(LOST):
            self.remarks.append(f"{where}: a new key without the signature of the one before ({record['why']})")
            self.trusting = False
            if self.trusted_seen:
                self.fault(where, "the key that you trust did not hand over to this one; ask the newsroom why")
        elif not verified(self.key, record["signature"], without(record, "signature", "digest")):
            self.trusting = False
            self.fault(where, "a new key, not signed by the key before it")
        self.key = record["public"]
        if self.key == self.trusted:
            self.trusting = self.trusted_seen = True

    def take_head(self, line):
        self.head(f"head of {line['size']} entries in the database", without(line, "line", "kept"), outside=False)

    def heads_until(self, size):
        """Those from outside that are of this size, after those of the database."""
        while self.given and self.given[0][1]["size"] <= size:
            where, said = self.given.pop(0)
            self.head(where, said, outside=True)

    def head(self, where, said, *, outside):
        if said["size"] != self.size or self.size < 1:
            self.fault(where, f"it is of {said['size']} entries and stands after {self.size}")
            return
        genuine = verified(said["key"], said["signature"], without(said, "signature"))
        if not genuine:
            self.fault(where, "its signature is wrong")
        elif said["key"] != self.key:
            self.fault(where, f"signed by {said['key'][:16]}…, which was not the ledger's key at that size")
        if said["root"] != root(self.edge):
            self.fault(where, f"it does not fit: one of the first {said['size']} entries was changed since")
        if not outside:
            self.in_database = (said["size"], said["root"])
        elif (said["size"], said["root"]) != self.in_database:
            self.fault(where, "the database knows no such head")
        if genuine and said["key"] == self.key and (self.trusting or not self.trusted):
            self.covered, self.unsigned_since = self.size, None
        self.counts["head"] += 1
        self.newest = f"{said['size']} entries, root {said['root']}, {said['at']}"

    def take_ledger(self, line):
        self.heads_until(self.size)
        for where, said in self.given:
            self.fault(where, f"it signed {said['size']} entries, but the ledger has only {self.size}: "
                       "its tail was cut off")  # fmt: skip
        self.given, self.ledger_over = [], True
        edge = json.dumps([part.hex() for part in self.edge])
        if (line["size"], line["digest"], line["edge"]) != (self.size, self.digest, edge):
            self.fault("the ledger's row", f"it does not say what the {self.size} entries say")
        if self.trusted and not self.trusted_seen:
            self.fault("the signing keys", "the key that you trust is not among them")
        elif self.trusted and not self.covered:
            self.fault("the signing keys", "no head is signed by the key that you trust, nor by one it handed over to")
        elif self.unsigned_since and self.is_late(self.unsigned_since):
            self.fault(f"ledger entry {self.covered}", "no signed head covers it, and those after it")
        if self.trusted:
            self.remarks.append(f"the key that you trust signed for the first {self.covered} of {self.size} entries")
        if self.covered < self.size:
            self.remarks.append(f"nobody signed for the {self.size - self.covered} entries from number {self.covered} "
                                f"({self.unsigned_since}) on")  # fmt: skip

    def take_waiting(self, line):
        self.counts["waiting"] += 1
        self.waiting.add(line["record"])
        if self.is_late(line["at"]):
            self.fault(f"record {line['record'][:16]}…", f"waits to be sealed since {line['at']}")

    def is_late(self, at):
        return self.at - datetime.fromisoformat(at) > LATE

    def take_key(self, line):
        self.counts["key"] += 1
        self.row(f"key {line['public'][:16]}…", without(line, "line"))

    def row(self, where, record):
        """The record of a row as it stands must be in the ledger, or wait for it; its place there."""
        computed = digest(record)
        if record.get("digest") != digest(without(record, "digest")) and record.get("format") != 1:
            self.fault(where, "its digest is not that of its record")
        place = self.sealed.pop(computed, None)
        if place is None and computed not in self.waiting:
            self.fault(where, "the ledger knows nothing of it as it stands now")
        return 2**62 if place is None else place

    # The stories
    def take_story(self, line):
        self.end_story()
        self.story = {"line": line, "notices": [], "editions": [], "conversions": [], "erased": set(), "named": set(),
                      "content": None}  # fmt: skip

    def own(self, line):
        if not self.story or line["code"] != self.story["line"]["code"]:
            raise Unusable(f"a line of story {line['code']} stands outside its story")
        return self.story

    def text(self, where, line, expected):
        """The text of an edition or a notice as JSON; None where it is withheld, erased or unusable."""
        state = line["state"]
        original = line["line"] != "conversion"
        if state == "erased":
            self.counts["erased"] += original
            self.story["erased"].add(line["digest"])
            return None
        if state == "withheld":
            self.counts["withheld"] += original
            if line["recomputed"] != expected:
                self.fault(where, "its text, withheld, is not the one that was published")
            shown = self.story["line"]["shown"]
            if not shown or shown["state"] != "down":
                self.fault(where, "its text is withheld, but the story is not down")
            return None
        first = line["line"] == "edition" and line["format"] == 1
        if first:
            computed = format_1(line["text"], line["salt"], line["previous"])
        else:
            computed = salted(line["text"], line["salt"])
        if computed != expected:
            self.fault(where, "its text is not the one that was published")
            return None
        try:
            content = json.loads(line["text"])
            if isinstance(content, dict) and canonical(content) == line["text"]:
                return content
        except (ValueError, RecursionError):
            pass
        self.fault(where, "its text is not canonical JSON")
        return None

    def take_notice(self, line):
        self.counts["notice"] += 1
        story = self.own(line)
        where = f"story {line['code']}, notice {line['edition']}-{line['place']}"
        record = without(line, "line", "state", "text", "salt", "recomputed", "text_digest")
        self.row(where, record | {"text": line["text_digest"]})
        if not line["wrong"] < line["edition"]:
            self.fault(where, "it does not tie two editions of its story, the wrong one first")
        if line["supersedes"] and line["supersedes"] not in [one["digest"] for one in story["notices"]]:
            self.fault(where, "it supersedes what is no earlier notice of its story")
        self.text(where, line, line["text_digest"])
        story["notices"].append(line)

    def take_edition(self, line):
        self.counts["edition"] += 1
        story = self.own(line)
        where = f"story {line['code']}, edition {line['number']}"
        before = story["editions"][-1] if story["editions"] else {"number": 0, "digest": "", "place": -1, "at": ""}
        if line["number"] != before["number"] + 1:
            self.fault(where, f"edition {before['number'] + 1} is missing")
        if line["previous"] != before["digest"]:
            self.fault(where, "it does not follow the edition before it")
        if line["at"] < before["at"]:
            self.fault(where, "it is older than the edition that it follows")
        own = [one for one in story["notices"] if one["edition"] == line["number"]]
        if line["format"] != 1 and line["notices"] != [one["digest"] for one in own]:
            self.fault(where, "its notices are not those of the story")
        if any(one["at"] != line["at"] for one in own):
            self.fault(where, "a notice of it has another time")
        record = without(line, "line", "state", "text", "salt", "recomputed", "pictures", "listed")
        place = self.row(where, record)
        if place < before["place"]:
            self.fault(where, "it was sealed before the edition that it follows")
        story["editions"].append(line | {"place": place, "text": None})
        content = self.text(where, line, line["digest"] if line["format"] == 1 else line["content"])
        story["content"] = content
        if line["state"] == "withheld" and line["listed"] != line["pictures"]:
            self.fault(where, "the rows of its pictures are not those of its text")
        if content:
            try:
                self.content(story, where, line, content)
            except ODD as error:
                self.fault(where, f"its text lacks what an edition needs ({type(error).__name__})")

    def content(self, story, where, line, content):
        row = {"code": line["code"], "number": line["number"], "kind": line["kind"], "published_at": line["at"],
               "first_published_at": story["editions"][0]["at"]}  # fmt: skip
        for name, value in row.items():
            if content.get(name) != value:
                self.fault(where, f"its text says {name} {content.get(name)}, its row {value}")
        if content.get("format") not in TEXT_FORMATS.get(line["format"], ()):
            self.fault(where, f"its text says format {content.get('format')}, its record {line['format']}")
        told = [one for one in story["notices"] if one["edition"] <= line["number"]]
        if line["kind"] == "takedown":
            told = [one for one in told if one["edition"] == line["number"]]
        told.sort(key=lambda one: (-one["edition"], one["place"]))
        if line["format"] == 1:
            same = [(one["edition"], one["kind"]) for one in told] == [
                (one["number"], one["kind"]) for one in content["notices"]
            ]
        else:
            same = content["notices"] == [
                {"number": one["edition"]} | {name: one[name] for name in NOTICE_ENTRY} for one in told
            ]
        if not same:
            self.fault(where, "the notices in its text are not those of the story")
        if line["pictures"] != sorted({picture["digest"] for picture in content["pictures"].values()}):
            self.fault(where, "the rows of its pictures are not those of its text")
        listed = (content["trail"][-1]["id"], content["language"].split("-")[0])
        if any((one["channel"], one["readers"]) != listed for one in told if one["edition"] == line["number"]):
            self.fault(where, "the public log lists its notices in another channel or language")

    def take_conversion(self, line):
        self.counts["conversion"] += 1
        story = self.own(line)
        thing = f"notice {line['edition']}-{line['place']}" if line["place"] else f"edition {line['edition']}"
        where = f"story {line['code']}, {thing}, in {line['language']}"
        record = without(line, "line", "state", "text", "salt", "recomputed", "text_digest")
        self.row(where, record | {"text": line["text_digest"]})
        sources = {(one["number"], 0): one["digest"] for one in story["editions"]}
        sources |= {(one["edition"], one["place"]): one["digest"] for one in story["notices"]}
        if sources.get((line["edition"], line["place"])) != line["source"]:
            self.fault(where, "it was made of something else than what the story has")
        content = self.text(where, line, line["text_digest"])
        story["conversions"].append(line | {"text": content})

    def take_erasure(self, line):
        self.counts["erasure"] += 1
        story = self.own(line)
        self.row(f"story {line['code']}, erasure of {line['at']}", without(line, "line"))
        story["named"] |= {part for kind, part in line["parts"] if kind in ("edition", "notice", "conversion")}

    def end_story(self):
        story, self.story = self.story, None
        if not story:
            return
        where = f"story {story['line']['code']}"
        for lost in sorted(story["erased"] - story["named"]):
            self.fault(where, f"the text of {lost[:16]}… is gone, and no erasure says so")
        here = {one["digest"] for one in [*story["editions"], *story["notices"], *story["conversions"]]}
        for there in sorted(story["named"] - story["erased"]):
            what = "is here" if there in here else "was never the story's"
            self.fault(where, f"an erasure says that the text of {there[:16]}… is gone, but it {what}")
        numbers = {one["number"] for one in story["editions"]}
        if any(one["edition"] not in numbers or one["wrong"] not in numbers for one in story["notices"]):
            self.fault(where, "a notice ties an edition that is not there")
        digests = {one["number"]: one["digest"] for one in story["editions"]}
        if any(one["corrects"] != digests.get(one["wrong"]) for one in story["notices"]):
            self.fault(where, "a notice names another digest than that of the edition that was wrong")
        if not story["editions"]:
            self.fault(where, "it has no edition")
            return
        shown, newest, content = story["line"]["shown"], story["editions"][-1], story["content"]
        if not shown:
            self.fault(where, "it was published, but nothing says which edition stands")
            return
        if shown["edition"] != newest["digest"]:
            self.fault(where, f"readers are not shown its newest edition, which is {newest['number']}")
        if newest["state"] != "public":
            self.fault(
                f"{where}, edition {newest['number']}", f"readers are shown it, but its text is {newest['state']}"
            )
        beside = [*story["notices"], *story["conversions"]]
        if any(one["state"] == "withheld" for one in beside if one["edition"] == newest["number"]):
            self.fault(where, "a notice of the edition that readers are shown, or a conversion, is withheld")
        if not content:
            return
        try:
            notice = next((one["digest"] for one in story["notices"]
                           if (one["edition"], one["place"]) == (newest["number"], 1)), "")  # fmt: skip
            row = shown_as(newest, content, notice)
            rest = (row["readers"], row["first_published_at"], row["state"])
            lists = sorted((*one, *rest) for one in stands_on(content))
        except ODD:
            self.fault(f"{where}, edition {newest['number']}", "its text lacks what lists need of it")
            return
        converted = next((one["text"] for one in story["conversions"] if one["source"] == newest["digest"]), None)
        if "converted_card" in shown:  # from format 3 on
            row["converted_card"] = card_of(converted) if converted else ""
        for name, value in row.items():
            if shown.get(name) != value:
                self.fault(where, f"its public row says another {name} than its newest edition")
        if sorted(map(tuple, story["line"]["lists"])) != lists:
            self.fault(where, "the lists that it stands on are not those of its newest edition")

    def end(self):
        if not self.ledger_over:
            self.fault("the ledger's row", "it is missing")
        for place in sorted(self.sealed.values())[:SHOWN]:
            self.fault(f"ledger entry {place}", "what it sealed is gone, or was changed since")


def read_head(path):
    try:
        with open(path, encoding="utf-8") as file:
            said = json.load(file)
        kinds = {"act": str, "size": int, "root": str, "at": str, "key": str, "signature": str}
        if {name: type(value) for name, value in said.items()} != kinds:
            raise ValueError("it holds no signed head")
        canonical(said).encode("utf-8")
    except (OSError, ValueError, AttributeError) as error:
        raise Unusable(f"{path}: {error}") from error
    except RecursionError as error:
        raise Unusable(f"{path}: it holds no signed head") from error
    return f"head in {path}", said


def check(path, given, key):
    walk = Walk(given, key)
    count, ended = 0, False
    opened = gzip.open if str(path).endswith(".gz") else open
    try:
        with opened(path, "rt", encoding="utf-8") as file:
            for text in file:
                if ended:
                    raise Unusable("lines follow the last one")
                line = json.loads(text)
                count += 1
                if line["line"] == "end":
                    ended = True
                    if line["lines"] != count:
                        raise Unusable(f"it has {count} lines, but was written with {line['lines']}")
                elif count == 1 and line["line"] != "export":
                    raise Unusable("it is no export of a ledger")
                walk.take(line)
    except (OSError, EOFError, zlib.error) as error:
        raise Unusable(f"{path} cannot be read (line {count}): {type(error).__name__}: {error}") from error
    except ODD as error:
        if walk.faults:  # what is broken already may well be what cannot be read
            walk.fault(f"line {count}", "it cannot be read to the end")
            return walk
        raise Unusable(f"{path} cannot be read (line {count}): {type(error).__name__}: {error}") from error
    if not ended:
        raise Unusable(f"{path} breaks off after {count} lines")
    return walk


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("export", help="what manage.py export_ledger wrote")
    parser.add_argument("--head", action="append", default=[], help="a signed head that you kept")
    parser.add_argument("--key", default="", help="a public key that you trust, in hexadecimal")
    asked = parser.parse_args()
    try:
        if asked.key and not re.fullmatch("[0-9a-fA-F]{64}", asked.key):
            raise Unusable("--key wants 64 hexadecimal digits")
        walk = check(asked.export, [read_head(path) for path in asked.head], asked.key.lower())
    except Unusable as error:
        print(f"Cannot be checked: {error}", file=sys.stderr)
        return 2
    counts = walk.counts
    print(f"The record as of {walk.at:%Y-%m-%d %H:%M:%S} UTC, by the newsroom's clock")
    print(f"{counts['edition']} editions, {counts['notice']} notices, {counts['erasure']} erasures "
          f"({counts['erased']} texts erased, {counts['withheld']} withheld)")  # fmt: skip
    print(f"{counts['conversion']} texts in the other Chinese script")
    print(f"{counts['entry']} ledger entries, {counts['waiting']} waiting, {counts['head']} signed heads, "
          f"{counts['key']} keys")  # fmt: skip
    print(f"Newest head: {walk.newest}")
    for remark in walk.remarks:
        print(f"Note: {remark}")
    if walk.faults:
        print(f"BROKEN, first at {walk.faults[0]}", file=sys.stderr)
        for fault in walk.faults[1:SHOWN]:
            print(f"        also at {fault}", file=sys.stderr)
        return 1
    if not asked.head and not asked.key:
        print("Note: without a head or key that you kept yourself, this shows only that the export fits itself")
    print("Everything fits.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
