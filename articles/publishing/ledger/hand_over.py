"""Handing the ledger over to a new signing key: itself an entry of the ledger, signed by the key before."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings

from articles.models import LedgerKey
from articles.publishing.clock import database_now
from articles.publishing.ledger import keys
from articles.publishing.ledger.seal import seal


@dataclass(frozen=True)
class HandOver:
    public: str
    kept: Path | None  # where the old key is kept from now on
    to_set: Path | None = None  # holds what LEDGER_KEY must be from now on, where the key is in the environment


def hand_over(*, why: str, lost: bool = False) -> HandOver:
    """Make a new key, enter it in the ledger, and sign a head with it. Safe to run again after a crash.

    lost: the key before is gone, so that nobody can sign the hand-over; the ledger says so for ever. Raises
    keys.KeyTrouble, and has then changed nothing.
    """
    known, path, beside = LedgerKey.objects.last(), Path(settings.LEDGER_KEY_FILE), keys.next_path()
    if not known:
        raise keys.KeyTrouble("There is no key yet; the first publication makes it.")
    waiting = keys.in_file(beside)
    if waiting and keys.public_of(waiting) == known.public:  # broken off before the last step
        seal(waiting)
        return _finish(known.public, beside, path)
    old = None
    try:
        old = keys.private_key()
    except keys.KeyTrouble:
        if not lost:
            raise
    here = old is not None and keys.public_of(old) == known.public
    if lost and here:
        raise keys.KeyTrouble("The key is not lost, it is here. Leave --lost out: it signs for the next one.")
    if not lost and not here:
        raise keys.KeyTrouble(
            f"The key {known.public[:16]}… that must sign for the next one is not here. Put it back; only if it is "
            "lost for good, say --lost: from then on outsiders must trust the new key anew."
        )
    why = f"{keys.LOST}{why}" if lost else why
    new = waiting or keys.save_new(beside)
    keys.enter(new, why=why[:300], before=None if lost else old)
    seal(new)
    return _finish(keys.public_of(new), beside, path)


def _finish(public: str, beside: Path, path: Path) -> HandOver:
    """A key from a file takes its place; for LEDGER_KEY the operator must, and the new one waits in its file."""
    if not settings.LEDGER_KEY:
        return HandOver(public, _move(beside, path))
    try:
        held = keys.private_key()
    except keys.KeyTrouble:
        held = None
    if held and keys.public_of(held) == public:
        beside.unlink()
        return HandOver(public, None)
    return HandOver(public, None, to_set=beside)


def _move(beside: Path, path: Path) -> Path | None:
    """Put the new key's file in the old one's place, and keep the old one under its date."""
    kept = None
    if path.exists():
        day: date = database_now().date()
        names = [f"{path.name}.{day}", *(f"{path.name}.{day}.{number}" for number in range(2, 1000))]
        kept = next(path.with_name(name) for name in names if not path.with_name(name).exists())
        path.rename(kept)
    beside.rename(path)
    keys.sync_folder(path.parent)
    return kept
