"""Settings of a newsroom's process that uses the tests' own helpers."""

from newsroom.settings import *  # noqa: F403

PASSWORD_HASHERS = ["tests.harness.hasher.QuickHasher"]
