"""The key that heads are signed with (Ed25519, RFC 8032), and how it hands over to the next one."""

import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.db import transaction

from articles.models import LedgerEntry, LedgerKey, Unsealed
from articles.publishing import records
from articles.publishing.clock import database_now
from articles.publishing.ledger.entries import key_statement


class KeyTrouble(Exception):
    """The signing key is missing, unreadable, or not the one that the ledger expects."""


def private_key() -> Ed25519PrivateKey | None:
    """From LEDGER_KEY (64 hexadecimal digits), or from the file LEDGER_KEY_FILE; None where there is neither."""
    text, path = settings.LEDGER_KEY, Path(settings.LEDGER_KEY_FILE)
    try:
        if not text and path.exists():
            text = path.read_text(encoding="ascii").strip()
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(text)) if text else None
    except (OSError, ValueError) as error:
        raise KeyTrouble(f"The ledger's key cannot be read ({path}): {error}") from error


def public_of(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes_raw().hex()


def current() -> tuple[Ed25519PrivateKey, LedgerKey]:
    """The key to sign with. The very first time it is made; later a missing or other key is a fault, never replaced.

    Raises KeyTrouble.
    """
    key, known = private_key(), LedgerKey.objects.last()
    if known:
        if not key or public_of(key) != known.public:
            raise KeyTrouble(
                "The ledger's signing key is not here, or is another one than the ledger knows. Put the key back "
                "(LEDGER_KEY_FILE), or hand over to a new one: manage.py rotate_ledger_key."
            )
        return key, known
    return begin(key or _make(Path(settings.LEDGER_KEY_FILE)), why="first key")


def begin(
    key: Ed25519PrivateKey, *, why: str, before: Ed25519PrivateKey | None = None
) -> tuple[Ed25519PrivateKey, LedgerKey]:
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
    return key, known


def _make(path: Path) -> Ed25519PrivateKey:
    """A new key in a file that only its owner reads; where another process was quicker, that one's."""
    key = Ed25519PrivateKey.generate()
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        found = private_key()
        if not found:
            raise KeyTrouble(f"The ledger's key is empty: {path}") from None
        return found
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(key.private_bytes_raw().hex())
        file.flush()
        os.fsync(file.fileno())
    return key


def verified(public: str, signature: str, statement: str) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(bytes.fromhex(signature), statement.encode())
    except (InvalidSignature, ValueError):
        return False
    return True
