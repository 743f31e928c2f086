"""Content codes: short, opaque, for ever."""

import re
import secrets

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # no 0/o, 1/l/i
LENGTH = 10  # 31 ** 10: some 8 * 10 ** 14 codes
PATTERN = re.compile(f"[{ALPHABET}]{{8,12}}")


def new_code() -> str:
    """A random code; the unique key refuses the improbable second use."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
