"""Sealing: every public act enters the ledger, and the ledger's new head is signed.

One sealer at a time, and no one waits for it: who finds the ledger taken leaves at once, because the one at work looks
again after letting go of it, and the worker looks every second.
"""

import json
import logging
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery

from articles.models import Edition, Head, Ledger, LedgerEntry, LedgerKey, Unsealed
from articles.models.prepared import all_told, each, prepared
from articles.publishing import records
from articles.publishing.clock import database_now
from articles.publishing.ledger import entries, heads, keys, tree

log = logging.getLogger(__name__)
BATCH = 500  # acts a transaction
LATE = timedelta(seconds=60)  # an act that is still not sealed then, or not under a signed head, is a fault


def after_edition(edition: Edition) -> None:
    """The step of AFTER_COMMIT. Where the key is missing it fails, and the outbox row stays open and says why."""
    seal()


def seal(signer: keys.Signer | None = None) -> int:
    """Seal all that is unsealed, and sign the new head; the number of acts sealed.

    Raises keys.KeyTrouble where the acts are sealed, but their head cannot be signed.
    """
    trouble = None
    try:
        signer = signer or keys.current()
    except keys.KeyTrouble as error:
        trouble = error
    sealed, signed, gone = 0, False, set[int]()
    # Looked at anew after each letting go: whoever committed meanwhile and found the ledger taken has left.
    while _waiting(len(gone), 1)(**each("gone", gone)) or (signer and not signed and not _is_signed()):
        count, head = _seal_batch(signer, gone)
        if count is None:
            return sealed
        sealed += count
        signed = head is not None  # with the ledger locked: what comes later looks to it itself
        if head:
            heads.keep(head)
        elif signer and not count and not _is_signed():
            trouble = keys.KeyTrouble("The ledger's signing key is just being handed over.")
            break
    if trouble:
        raise trouble
    return sealed


def _is_signed() -> bool:
    return bool(_signed()())


@prepared
def _signed() -> QuerySet[Any, Any]:
    newest = Head.objects.order_by("-pk").values("size")[:1]
    return Ledger.objects.filter(pk=1, size=Subquery(newest)).values_list("pk", flat=True)


@prepared
def _waiting(gone: int, most: int) -> QuerySet[Unsealed]:
    """gone: how many not to look at."""
    return Unsealed.objects.exclude(pk__in=all_told("gone", gone))[:most]


def _seal_batch(signer: keys.Signer | None, gone: set[int], *, again: bool = False) -> tuple[int | None, Head | None]:
    """Seal what waits, BATCH acts at most, and sign the head after the last; (None, None) where another one is at it.

    gone: gets the keys of waiting rows whose act is not in the database; they stay, and show as overdue. again: sign
    even where the newest head says the same.
    """
    with transaction.atomic():
        # SQLite has no row locks and needs none: one writer at a time. Elsewhere whoever finds it locked leaves.
        ledger = Ledger.objects.select_for_update(skip_locked=True).filter(pk=1).first()
        if not ledger:
            return None, None
        waiting = _waiting(len(gone), BATCH)(**each("gone", gone))
        new, at = _without_sealed(waiting), database_now()
        sealed = _append(ledger, new, gone, at=at) if new else 0
        if not signer or len(new) == BATCH or (not sealed and not again and _is_signed()):
            return sealed, None
        return sealed, _sign(ledger, signer, at=at)


def _without_sealed(waiting: list[Unsealed]) -> list[Unsealed]:
    """What waits though the ledger has it (a row put back by hand, say) is dropped: nothing is sealed twice."""
    targets = {one.target for one in waiting}
    sealed = set(_entered(len(targets))(**each("target", targets)))
    again = [one.pk for one in waiting if (one.kind, one.target) in sealed]
    if again:
        log.warning("%d acts waited to be sealed that are in the ledger already", len(again))
        Unsealed.objects.filter(pk__in=again).delete()
    return [one for one in waiting if one.pk not in set(again)]


@prepared
def _entered(count: int) -> QuerySet[Any, Any]:
    """All kinds, by name: the index begins with the kind."""
    found = LedgerEntry.objects.filter(kind__in=LedgerEntry.Kind.values, target__in=all_told("target", count))
    return found.order_by().values_list("kind", "target")


def _append(ledger: Ledger, waiting: list[Unsealed], gone: set[int], *, at: datetime) -> int:
    found = entries.records_of([(one.kind, one.target) for one in waiting])
    edge = [bytes.fromhex(part) for part in json.loads(ledger.edge)]
    made, done = [], []
    for one in waiting:
        if (one.kind, one.target) not in found:
            log.error("%s %s waits to be sealed, but is not in the database", one.kind, one.target)
            gone.add(one.pk)
            continue
        record = records.canonical(found[one.kind, one.target])
        digest = entries.entry_digest(number=ledger.size, at=at, previous=ledger.digest, record=record)
        made.append(LedgerEntry(number=ledger.size, kind=one.kind, target=one.target, at=at, record=record,
                                previous=ledger.digest, digest=digest))  # fmt: skip
        done.append(one.pk)
        edge = tree.append(edge, ledger.size, bytes.fromhex(digest))
        ledger.size, ledger.digest = ledger.size + 1, digest
    ledger.edge = json.dumps([part.hex() for part in edge])
    LedgerEntry.objects.bulk_create(made)
    Unsealed.objects.filter(pk__in=done).delete()
    ledger.save()
    return len(made)


def _sign(ledger: Ledger, signer: keys.Signer, *, at: datetime) -> Head | None:
    """Sign the locked ledger, by the newest key in it; None while that one is being handed over."""
    known = _newest_key().first()
    if not known or known.public != keys.public_of(signer):
        return None
    root = tree.root([bytes.fromhex(part) for part in json.loads(ledger.edge)]).hex()
    said = heads.statement(size=ledger.size, root=root, at=at, key=known.public)
    signature = signer.sign(records.canonical(said).encode()).hex()
    return Head.objects.create(size=ledger.size, root=root, at=at, key=known, signature=signature)


@prepared
def _newest_key() -> QuerySet[LedgerKey]:
    """From the few keys to their entries: to look for the newest entry of a key walks the ledger from its end."""
    sealed = LedgerEntry.objects.filter(kind=LedgerEntry.Kind.KEY, target=OuterRef("pk")).values("number")[:1]
    return LedgerKey.objects.annotate(entry=Subquery(sealed)).exclude(entry=None).order_by("-entry")[:1]


def seal_due() -> None:
    """For the worker: seal what is left, sign a head at least once a day, and see that the newest one is in a file.

    Raises keys.KeyTrouble.
    """
    seal()
    newest = Head.objects.select_related("key").first()
    if newest is None or _day(newest.at) != _day(database_now()):
        newest = _seal_batch(keys.current(), set(), again=True)[1] or newest
    if newest:
        heads.keep(newest)


def _day(at: datetime) -> str:
    return at.astimezone(UTC).date().isoformat()


def overdue() -> bool:
    """Whether something waits for longer than it may: to be sealed, or to be under a signed head."""
    late = database_now() - LATE
    oldest = Unsealed.objects.order_by("at").values_list("at", flat=True).first()
    if oldest is not None and oldest < late:
        return True
    signed = Head.objects.values_list("size", flat=True).first() or 0
    bare = LedgerEntry.objects.filter(number=signed).values_list("at", flat=True).first()
    return bare is not None and bare < late
