from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings

from tests.conftest import CommittedDatabase
from tests.site.keeping import Readers


@pytest.fixture
def readers(committed_db: CommittedDatabase, data_folder: Path) -> Iterator[Readers]:
    """With a store of their own, which acts of this test purge."""
    with override_settings(PAGE_STORE=str(data_folder / "pages")):
        yield Readers()
