"""Walking through all that the newsroom ever made public, and naming what does not fit."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from articles.publishing.clock import database_now
from articles.publishing.ledger import check_ledger, heads
from articles.publishing.ledger.check_stories import StoriesCheck
from articles.publishing.ledger.chunks import one_moment
from articles.publishing.ledger.faults import Fault, Faults, Seen


def verify(given: Iterable[Path] = (), seen: Seen | None = None) -> Faults:
    """Every fault, the ledger's own first; `seen` counts what was walked through.

    given: files with heads that somebody outside kept. The heads in LEDGER_HEADS are always taken, too. Raises
    heads.UnreadableHead for a given file; one of our own that cannot be read is a fault.
    """
    seen = seen if seen is not None else Seen()
    known, broken = _heads(given)  # before the moment: a head that comes later is of a ledger that we do not see
    yield from broken
    with one_moment():
        now = database_now()
        yield from check_ledger.LedgerCheck(known, now=now, seen=seen).faults()
        yield from check_ledger.waiting(now, seen)
        yield from StoriesCheck(seen, now).faults()


def _heads(given: Iterable[Path]) -> tuple[list[tuple[str, heads.Said]], Sequence[Fault]]:
    found, broken = [(f"head in {path}", heads.read(path)) for path in given], []
    for path in heads.kept():
        try:
            found.append((f"head in {path}", heads.read(path)))
        except heads.UnreadableHead as error:
            broken.append(Fault(f"head in {path}", str(error)))
    return found, broken
