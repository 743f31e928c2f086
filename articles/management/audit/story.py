"""One story, as somebody outside sees it: its page against its public history, and both against the visit before."""

import difflib
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from html import escape
from typing import Any

from articles.management.audit import page
from articles.management.audit.ledger import LedgerSeen
from articles.management.audit.web import Answer, Web
from articles.publishing import records

Json = dict[str, Any]
GONE = {410, 451}
OLDER = 1000  # pages of a history
_FIGURE = re.compile(r'<figure data-picture="([0-9a-f]+)">(.*?)</figure>', re.DOTALL)
_CAPTION = re.compile(r"<figcaption>(.*?)</figcaption>", re.DOTALL)
_CREDIT = re.compile(r"<cite>(.*?)</cite>", re.DOTALL)


class Visit:
    """One visit to a story. `faults` are sentences; `state` is what the next visit has to know."""

    def __init__(self, web: Web, code: str, before: Json | None, ledger: LedgerSeen) -> None:
        self.web, self.code, self.before, self.ledger = web, code, before, ledger
        self.state: Json = {}

    def faults(self) -> Iterator[str]:
        answer = self.web.get(f"a/{self.code}/")
        history = self._history()
        if history is None:
            yield "its public history does not answer" + (", which it did before" if self.before else "")
            return
        editions = {edition["number"]: edition for edition in history["editions"]}
        numbers = sorted(editions)
        if numbers != list(range(1, len(numbers) + 1)) or not numbers:
            yield f"its history does not tell every edition: {numbers}"
            return
        previous = ""
        for number in numbers:
            yield from self._edition(editions[number], previous)
            previous = editions[number]["digest"]
        for erasure in history["erasures"]:
            yield from self._sealed("an erasure", erasure, erasure["record"])
        newest = editions[numbers[-1]]
        if history["current"] != newest["number"]:
            yield f"readers are shown edition {history['current']}, but the newest is {newest['number']}"
        yield from self._compared_with_before(history, editions)
        yield from self._page(answer, history, newest)

    def _history(self) -> Json | None:
        """With all older editions; None where there is none."""
        answer = self.web.get(f"a/{self.code}/history.json")
        if answer.status not in {200, *GONE}:
            return None
        history: Json = answer.json()
        older, least = history.get("older"), _least(history, None)
        for _ in range(OLDER):
            if not older:
                return history
            more = self.web.get(older).json()
            least = _least(more, least)
            history["editions"] += more["editions"]
            older = more.get("older")
        raise ValueError("its pages of older editions have no end")

    # --- The history against itself and the ledger ------------------------------------------------------------------
    def _edition(self, edition: Json, previous: str) -> Iterator[str]:
        what, record = f"edition {edition['number']}", edition["record"]
        if edition["previous"] != previous or record["previous"] != previous:
            yield f"{what} does not follow the edition before it"
        for field, name in (("number", "number"), ("kind", "kind"), ("published_at", "at"), ("digest", "digest")):
            if edition[field] != record[name]:
                yield f"{what} says another {field} than its record"
        if record["code"] != self.code:
            yield f"{what} is of another story"
        if record.get("format") == 1:
            if edition["text"] == "open" and records.format_1(
                edition["content"], salt=edition["salt"], previous=previous
            ) != edition["digest"]:  # fmt: skip
                yield f"the text of {what} is not the one that was published"
        else:
            yield from self._digests(what, edition, record, record["content"])
            if record["notices"] != [notice["digest"] for notice in edition["notices"]]:
                yield f"the notices of {what} are not those of its record"
        yield from self._sealed(what, edition, record)
        for notice in edition["notices"]:
            told = f"notice {edition['number']}-{notice['place']}"
            yield from self._digests(told, notice, notice["record"], notice["record"]["text"])
            yield from self._sealed(told, notice, notice["record"])

    def _digests(self, what: str, thing: Json, record: Json, text: str) -> Iterator[str]:
        if thing["digest"] != record["digest"] or _own_digest(record) != record["digest"]:
            yield f"the digest of {what} is not that of its record"
        if thing["text"] == "open" and records.salted(thing["content"], thing["salt"]) != text:
            yield f"the text of {what} is not the one that was published"

    def _sealed(self, what: str, thing: Json, record: Json) -> Iterator[str]:
        entry = thing["ledger"]
        if entry is None:
            if not self.ledger.may_wait(record["at"]):
                yield f"{what} is not in the ledger, though it was published long ago"
            return
        named = {name: entry[name] for name in ("number", "at", "previous")}
        digest = records.digest(named | {"record": records.sha256(records.canonical(record))})
        if digest != entry["digest"]:
            yield f"what the ledger says of {what} is something else"
        elif self.ledger.contradicts(entry["number"], digest):
            yield f"entry {entry['number']} of the ledger, which seals {what}, is not the one that was seen there"

    # --- The history against the visit before -------------------------------------------------------------------------
    def _compared_with_before(self, history: Json, editions: Mapping[int, Json]) -> Iterator[str]:
        told = {part for erasure in history["erasures"] for _, part in erasure["record"]["parts"]}
        erased = [erasure["record"]["digest"] for erasure in history["erasures"]]
        now = {str(number): _kept(edition) for number, edition in editions.items()}
        for edition in editions.values():
            for thing in (edition, *edition["notices"]):
                if (thing["text"] == "erased") != (thing["digest"] in told):
                    yield f"a text of edition {edition['number']} is {thing['text']}; its erasures say otherwise"
        self.state |= {"editions": now, "erasures": erased, "state": history["state"]}
        if not self.before:
            return
        for number, kept in self.before["editions"].items():
            if number not in now:
                yield f"edition {number} was in the history, and has vanished"
            elif now[number] != kept:
                names = ", ".join(name for name in kept if kept[name] != now[number][name])
                yield f"edition {number} is told otherwise than before: {names}"
        for digest in self.before["erasures"]:
            if digest not in erased:
                yield "an erasure was in the history, and has vanished"

    # --- The page -----------------------------------------------------------------------------------------------------
    def _page(self, answer: Answer, history: Json, newest: Json) -> Iterator[str]:
        down = history["state"] == "down"
        if down != (newest["kind"] == "takedown"):
            yield f"it is said to be {history['state']}, but its newest edition is of kind {newest['kind']}"
        self.state |= {"seen": [], "pictures": {}}
        if down or answer.status in GONE:
            legal = any(notice["record"]["ground"] == "legal" for notice in newest["notices"])
            if not down:
                yield f"its page answers {answer.status}, and no takedown says so"
            elif answer.status != (451 if legal else 410):
                yield f"it was taken down, but its page answers {answer.status}"
            elif legal and 'rel="blocked-by"' not in answer.link:
                yield "it was taken down by law, but its page does not link to who demanded it"
            return
        if answer.status != 200:
            yield f"its page answers {answer.status}"
            return
        found = page.articles(answer.text)
        if len(found) != 1:
            yield f"its page has {len(found)} <article>, not one"
            return
        self.state["seen"] = page.seen(found[0])
        for fault in shown_otherwise(found[0], newest):
            yield f"its page is not what edition {newest['number']} says: {fault}"
        yield from self._pictures(found[0])
        yield from self._seen_before(newest)

    def _seen_before(self, newest: Json) -> Iterator[str]:
        if not self.before or not self.before["seen"] or self.before["seen"] == self.state["seen"]:
            return
        entry = len(self.before["editions"]) < newest["number"] or self.before["erasures"] != self.state["erasures"]
        if not entry:
            lines = difflib.unified_diff(self.before["seen"], self.state["seen"], "before", "now", lineterm="", n=0)
            yield "its page changed, and its history has no entry of it:\n" + "\n".join(f"    {line}" for line in lines)

    def _pictures(self, article: page.Node) -> Iterator[str]:
        """The bytes behind an address that holds a digest never change."""
        before = self.before["pictures"] if self.before else {}
        for address in page.pictures(article):
            answer = self.web.get(address)
            if answer.status != 200:
                yield f"its picture {address} answers {answer.status}"
                continue
            self.state["pictures"][address] = hashlib.sha256(answer.body).hexdigest()
            if before.get(address, self.state["pictures"][address]) != self.state["pictures"][address]:
                yield f"its picture {address} shows something else than before"


def _least(history: Json, before: int | None) -> int:
    """The lowest number on a page of a history. Raises ValueError where it does not lead on from the page before."""
    numbers = [edition["number"] for edition in history["editions"]]
    if any(type(number) is not int for number in numbers) or not numbers or min(numbers) < 1:
        raise ValueError("a page of its history holds no editions")
    if before is not None and max(numbers) >= before:
        raise ValueError("its pages of older editions do not lead to older ones")
    return min(numbers)


def _own_digest(record: Json) -> str:
    return records.digest({name: value for name, value in record.items() if name != "digest"})


def _kept(edition: Json) -> Json:
    """What must stay for ever. A text may still be withheld, come back, or be erased: other rules see to that."""
    return {
        "record": records.digest(edition["record"]),
        "notices": [records.digest(notice["record"]) for notice in edition["notices"]],
    }


# --- What an edition says, against what its page shows --------------------------------------------------------------
def shown_otherwise(article: page.Node, newest: Json) -> Iterator[str]:
    """Where the page of an open edition shows something else than its text."""
    if newest["text"] != "open":
        yield f"its text is {newest['text']}, but the story stands"
        return
    content = json.loads(newest["content"])
    lead, topic = content["lead"], content["topic"]
    parts = {
        "topic": (page.one(article, "p", "banner"), topic["banner"] or topic["name"] if topic else ""),
        "kicker": (page.one(article, "p", "kicker"), content["kicker"]),
        "headline": (page.one(article, "h1", "headline"), content["headline"]),
        "standfirst": (page.one(article, "p", "standfirst"), content["standfirst"]),
        "text": (page.one(article, "div", "body"), _body(content)),
        "lead picture": (
            page.one(article, "figure", "lead"),
            _words(_lead_figure(content)) if lead else "",
        ),
        "content code": (page.one(article, "dd", "code"), content["code"]),
        "channel trail": (page.one(article, "nav", "trail"), "\n".join(one["name"] for one in content["trail"])),
    }
    for name, (shown, said) in parts.items():
        if _bare(shown) != _bare(said):
            yield f"{name}: {shown!r} instead of {said!r}"
    names = sorted(one["name"] for one in [*content["credits"], *content["tags"], *content.get("places", [])])
    shown_names = sorted(" ".join(page.seen(one)) for one in article.all("span", "name-of"))
    if list(map(_bare, names)) != list(map(_bare, shown_names)):
        yield f"names: {shown_names} instead of {names}"
    yield from _time(article, content)
    source = content["source"]["name"]
    if not any(_bare(source) == _bare(" ".join(page.seen(one))) for one in article.all("dd")):
        yield f"the source {source!r} is not shown"
    yield from _notices(article, newest, content)


def _time(article: page.Node, content: Json) -> Iterator[str]:
    said = datetime.fromisoformat(content["first_published_at"]).replace(microsecond=0)
    shown = [
        one.attributes.get("datetime", "") for facts in article.all("div", "fact-time") for one in facts.all("time")
    ]
    if [datetime.fromisoformat(one) for one in shown] != [said]:
        yield f"time: {shown} instead of {said.isoformat()}"


def _notices(article: page.Node, newest: Json, content: Json) -> Iterator[str]:
    """Every notice is shown; the words of those that came with this edition are at hand, and are compared."""
    shown = {one.attributes.get("id", ""): one for one in article.all("div", "notice")}
    told = [f"notice-{one['number']}-{one.get('place', 1)}" for one in content["notices"]]
    if sorted(shown) != sorted(told):
        yield f"notices: {sorted(shown)} instead of {sorted(told)}"
    for notice in newest["notices"]:
        element = shown.get(f"notice-{newest['number']}-{notice['place']}")
        if element is None or notice["text"] != "open":
            continue
        words = json.loads(notice["content"])
        reply = words["reply"] or {"name": "", "text": ""}
        there = _bare("".join(page.seen(element)))
        for said in (words["text"], words["was"], words["now"], reply["name"], reply["text"]):
            if _bare(said) not in there:
                yield f"notice {newest['number']}-{notice['place']} does not say {said!r}"


def _body(content: Json) -> str:
    def figure(found: re.Match[str]) -> str:
        caption, credit = _CAPTION.search(found[2]), _CREDIT.search(found[2])
        words, picture = caption[1] if caption else "", content["pictures"].get(found[1])
        return _figure(picture, words, credit[1] if credit else "") if picture else f"<p>{words}</p>"

    return _words(_FIGURE.sub(figure, content["body"]))


def _lead_figure(content: Json) -> str:
    lead = content["lead"]
    return _figure(content["pictures"][lead["picture"]], escape(lead["caption"]), escape(lead.get("credit", "")))


def _figure(picture: Json, caption: str, credit: str = "") -> str:
    return (
        f'<figure><img src="pictures/{picture["digest"]}/" alt="{escape(picture["alt"])}">'
        f"<figcaption>{caption} {credit or escape(picture['credit'])}</figcaption></figure>"
    )


def _words(html: str) -> str:
    return "\n".join(page.seen(page.parse(html)))


def _bare(text: str) -> str:
    """Without white space, which pages may set otherwise."""
    return "".join(text.split())
