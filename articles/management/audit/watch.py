"""One round of the watchdog: the ledger first, then the stories that are new, in the feeds, or longest unvisited."""

import re
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from articles.management.audit.ledger import LedgerSeen, read, write
from articles.management.audit.story import Visit
from articles.management.audit.web import Unreachable, Web
from articles.publishing.ledger.faults import ODD

FEEDS = [f"{language}feed.rss" for language in ("", "zh-hant/", "zh-hans/", "en/", "bo/")]
GUID = re.compile(r"<guid[^>]*>newsroom:([2-9a-z]{8,12})</guid>")
AGAIN = 1.0  # seconds until a story with a fault is looked at once more: it may have been published in that moment


class Watch:
    """What was seen is kept in `folder`. A story with a fault keeps what was seen before, so the fault stays."""

    def __init__(self, site: str, folder: Path) -> None:
        self.web, self.folder = Web(site), folder
        (folder / "stories").mkdir(parents=True, exist_ok=True)
        self.visited = 0

    def round(self, *, most: int, bar: Callable[[list[str]], Iterable[str]] = list) -> Iterator[str]:
        """Faults, each a sentence. most: how many stories to visit beside the new ones and those in the feeds."""
        self.ledger = LedgerSeen(self.folder)
        waiting = self._waiting()
        ledger_faults = list(self.ledger.follow(self.web))
        yield from (f"the ledger: {fault}" for fault in ledger_faults)
        waiting |= self.ledger.changed
        write(self.folder / "waiting.json", sorted(waiting))  # before they are visited: a round may be broken off
        first = waiting | self._in_feeds()
        for code in bar([*sorted(first), *self._longest_unvisited(most, first)]):
            self.visited += 1
            faults, state = self._visit(code)
            if faults:
                time.sleep(AGAIN)
                faults, state = self._visit(code)
            yield from (f"story {code}: {fault}" for fault in faults)
            if not faults:
                self._file(code).parent.mkdir(exist_ok=True)
                write(self._file(code), state)
                waiting.discard(code)
        write(self.folder / "waiting.json", sorted(waiting))

    def _waiting(self) -> set[str]:
        """The stories of ledger entries that were seen, but not visited since."""
        path = self.folder / "waiting.json"
        return set(read(path)) if path.exists() else set()

    def _longest_unvisited(self, most: int, first: set[str]) -> list[str]:
        known = {path.stem: path.stat().st_mtime for path in (self.folder / "stories").glob("*/*.json")}
        return sorted(known.keys() - first, key=lambda code: known[code])[:most]

    def _in_feeds(self) -> set[str]:
        answers = [self.web.get(feed) for feed in FEEDS]
        if not any(answer.status == 200 for answer in answers):
            raise Unreachable(f"{self.web.site} has no feed")
        return {code for answer in answers if answer.status == 200 for code in GUID.findall(answer.text)}

    def _visit(self, code: str) -> tuple[list[str], dict[str, Any]]:
        path = self._file(code)
        before = read(path) if path.exists() else None
        visit = Visit(self.web, code, before, self.ledger)
        try:
            return list(visit.faults()), visit.state
        except ODD as error:
            return [f"its public history cannot be understood: {type(error).__name__}: {error}"], {}

    def _file(self, code: str) -> Path:
        return self.folder / "stories" / code[:2] / f"{code}.json"
