"""Sealing: every public act enters the ledger, and the ledger's new head is signed.

One sealer at a time, and no one waits for it: who finds the ledger taken leaves at once, because the one at work looks
again before it ends, and the worker looks every second.
"""

import json
import logging
from datetime import timedelta

from django.db import transaction

from articles.models import Edition, Head, Ledger, LedgerEntry, Unsealed
from articles.publishing import records
from articles.publishing.clock import database_now
from articles.publishing.ledger import entries, heads, keys, tree

log = logging.getLogger(__name__)
BATCH = 500  # acts a transaction
LATE = timedelta(seconds=60)  # an act that is still not sealed then is a fault
DAY = timedelta(days=1)


def after_edition(edition: Edition) -> None:
    """The step of AFTER_COMMIT."""
    seal()


def seal() -> int:
    """Seal all that is unsealed, and sign the new head; the number of acts sealed.

    Raises keys.KeyTrouble where the acts are sealed, but their head cannot be signed.
    """
    trouble = signer = None
    try:
        signer = keys.current()
    except keys.KeyTrouble as error:
        trouble = error
    sealed = 0
    while count := _seal_batch():
        sealed += count
    if trouble or not signer:
        raise trouble or keys.KeyTrouble
    newest = Head.objects.first()
    if not newest or newest.size != Ledger.objects.values_list("size", flat=True).get(pk=1):
        sign(*signer)
    return sealed


def _seal_batch() -> int:
    with transaction.atomic():
        # SQLite has no row locks and needs none: one writer at a time. Elsewhere whoever finds it locked leaves.
        ledger = Ledger.objects.select_for_update(skip_locked=True).filter(pk=1).first()
        if not ledger:
            return 0
        waiting = list(Unsealed.objects.all()[:BATCH])
        if not waiting:
            return 0
        found = entries.records_of([(one.kind, one.target) for one in waiting])
        edge = [bytes.fromhex(part) for part in json.loads(ledger.edge)]
        at, made = database_now(), []
        for one in waiting:
            record = records.canonical(found[one.kind, one.target])
            digest = entries.entry_digest(number=ledger.size, at=at, previous=ledger.digest, record=record)
            made.append(LedgerEntry(number=ledger.size, kind=one.kind, target=one.target, at=at, record=record,
                                    previous=ledger.digest, digest=digest))  # fmt: skip
            edge = tree.append(edge, ledger.size, bytes.fromhex(digest))
            ledger.size, ledger.digest = ledger.size + 1, digest
        ledger.edge = json.dumps([part.hex() for part in edge])
        LedgerEntry.objects.bulk_create(made)
        Unsealed.objects.filter(pk__in=[one.pk for one in waiting]).delete()
        ledger.save()
        return len(made)


def sign(key: keys.Ed25519PrivateKey, known: keys.LedgerKey) -> Head:
    """Sign the ledger as it stands, and keep the head in the database and in a file."""
    ledger = Ledger.objects.get(pk=1)
    root = tree.root([bytes.fromhex(part) for part in json.loads(ledger.edge)]).hex()
    at = database_now()
    statement = records.canonical(heads.statement(size=ledger.size, root=root, at=at, key=known.public))
    head = Head.objects.create(
        size=ledger.size, root=root, at=at, key=known, signature=key.sign(statement.encode()).hex()
    )
    heads.keep(head)
    return head


def seal_due() -> None:
    """For the worker: seal what is left, and sign a head at least once a day."""
    seal()
    newest = Head.objects.values_list("at", flat=True).first()
    if newest is None or database_now() - newest > DAY:
        sign(*keys.current())


def overdue() -> bool:
    """Whether something waits for longer than it may."""
    oldest = Unsealed.objects.values_list("at", flat=True).first()
    return oldest is not None and database_now() - oldest > LATE
