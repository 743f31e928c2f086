"""Newsroom's own settings, and what differs in tests. Their databases come from tests/conftest.py."""

from newsroom.settings import *  # noqa: F403
from newsroom.settings import STORAGES

PASSWORD_HASHERS = ["tests.harness.hasher.QuickHasher"]
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
PAGE_STORE = ""  # tests of it switch it on
