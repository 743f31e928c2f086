"""One-time codes by the clock (RFC 6238): SHA-1, six digits, half a minute, as every authenticator app speaks."""

import base64
import hmac
import secrets
from urllib.parse import quote, urlencode

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.utils.crypto import salted_hmac

STEP = 30  # seconds
DIGITS = 6
AROUND = 1  # steps that a phone's clock may be off


def new_secret() -> str:
    """160 bits in base 32, as apps take it."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def code_at(secret: str, step: int) -> str:
    digest = hmac.digest(base64.b32decode(secret), step.to_bytes(8), "sha1")
    start = digest[-1] & 0x0F
    number = int.from_bytes(digest[start : start + 4]) & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def step_of(code: str, secret: str, *, at: float, after: int = 0) -> int | None:
    """The step whose code this is, if there is one around `at` (seconds since 1970) and later than `after`."""
    now = int(at) // STEP
    found = [step for step in range(now - AROUND, now + AROUND + 1)
             if hmac.compare_digest(code_at(secret, step).encode(), code.encode(errors="replace"))]  # fmt: skip
    return next((step for step in found if step > after), None)


def address(secret: str, *, account: str, issuer: str) -> str:
    """What an app reads from the square."""
    label = quote(f"{issuer.replace(':', ' ')}:{account}", safe=":")
    return (
        f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': issuer.replace(':', ' ')}, quote_via=quote)}"
    )


def seal(secret: str) -> str:
    return _key().encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str | None:
    """None where it was sealed with another SECRET_KEY."""
    try:
        return _key().decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def _key() -> Fernet:
    made = salted_hmac("newsroom.totp", "", secret=settings.SECRET_KEY, algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(made))
