from django.contrib.auth.hashers import PBKDF2PasswordHasher


class QuickHasher(PBKDF2PasswordHasher):
    """One round: as quick as MD5, and what it makes can be checked by the real hasher of the `server`."""

    iterations = 1
