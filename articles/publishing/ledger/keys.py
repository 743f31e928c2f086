"""The key that heads are signed with (Ed25519, RFC 8032), and how it hands over to the next one."""

import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from articles.models import LedgerEntry, LedgerKey, Unsealed
from articles.models.prepared import prepared
from articles.publishing import records
from articles.publishing.clock import database_now
from articles.publishing.ledger.entries import key_statement

Signer = Ed25519PrivateKey
LOST = "lost: "  # how the reason of a hand-over begins that the key before could not sign


class KeyTrouble(Exception):
    """The signing key is missing, unreadable, or not the one that the ledger expects."""


def private_key() -> Signer | None:
    """From LEDGER_KEY (64 hexadecimal digits), or from the file LEDGER_KEY_FILE; None where there is neither.

    Raises KeyTrouble.
    """
    if settings.LEDGER_KEY:
        return _from_text(settings.LEDGER_KEY, "LEDGER_KEY")
    return in_file(Path(settings.LEDGER_KEY_FILE))


def next_path() -> Path:
    """Where the next key stands from its making until the hand-over is done (hand_over.py)."""
    path = Path(settings.LEDGER_KEY_FILE)
    return path.with_name(f"{path.name}.next")


def in_file(path: Path) -> Signer | None:
    try:
        text = path.read_text(encoding="ascii")
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise KeyTrouble(f"The ledger's key {path} cannot be read: {type(error).__name__}.") from error
    return _from_text(text, str(path))


def _from_text(text: str, where: str) -> Signer:
    try:
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(text.strip()))
    except ValueError:
        raise KeyTrouble(f"{where} holds no key: 64 hexadecimal digits are one.") from None  # the text may be a key


def public_of(key: Signer) -> str:
    return key.public_key().public_bytes_raw().hex()


@prepared
def _last() -> QuerySet[LedgerKey]:
    return LedgerKey.objects.reverse()[:1]


def current() -> Signer:
    """The key to sign with. The very first time it is made; later a missing or other key is a fault, never replaced.

    Raises KeyTrouble.
    """
    known = _last().first()
    if not known:
        if LedgerEntry.objects.filter(kind=LedgerEntry.Kind.KEY).exists():
            raise KeyTrouble("The ledger tells of a signing key that is no longer in the database.")
        key = private_key() or save_new(Path(settings.LEDGER_KEY_FILE))
        enter(key, why="first key")
        return key
    for found in (private_key(), in_file(next_path())):  # the second one while a hand-over is under way
        if found and public_of(found) == known.public:
            return found
    raise KeyTrouble(
        f"The ledger's signing key {known.public[:16]}… is not here ({settings.LEDGER_KEY_FILE}), or another one is in "
        "its place. Put it back; only if it is lost for good: manage.py rotate_ledger_key --lost."
    )


def enter(key: Signer, *, why: str, before: Signer | None = None) -> LedgerKey:
    """Enter a key in the ledger, signed for by the key before."""
    with transaction.atomic():
        at = database_now()
        statement = records.canonical(key_statement(public_of(key), at=at, why=why)).encode()
        known, made = LedgerKey.objects.get_or_create(
            public=public_of(key),
            defaults={"at": at, "why": why, "signature": before.sign(statement).hex() if before else ""},
        )
        if made:
            Unsealed.objects.create(kind=LedgerEntry.Kind.KEY, target=known.pk, at=at)
    return known


def save_new(path: Path) -> Signer:
    """A new key in a file that only its owner reads; where another process was quicker, that one's."""
    key = Ed25519PrivateKey.generate()
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(key.private_bytes_raw().hex() + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(part, path)  # whole or not at all: no process ever reads half of it
    except FileExistsError:
        return _from_text(path.read_text(encoding="ascii"), str(path))
    finally:
        part.unlink()
    sync_folder(path.parent)
    return key


def sync_folder(folder: Path) -> None:
    """Have the names in a folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def verified(public: str, signature: str, statement: str) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(bytes.fromhex(signature), statement.encode())
    except (InvalidSignature, ValueError):
        return False
    return True
