"""What the benchmarks stand on: seeded stories are stories like any other."""

import os
import subprocess
import sys
from pathlib import Path

from articles.models import Article, Publication
from articles.publishing.ledger.faults import Seen
from articles.publishing.ledger.seal import seal
from articles.publishing.ledger.verify import verify
from tests.conftest import CommittedDatabase

ROOT = Path(__file__).parent.parent


def test_seeded_stories_fit_the_models_and_the_record(committed_db: CommittedDatabase, data_folder: Path):
    environment = os.environ | committed_db.environment | {"PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-m", "benchmarks.seed", "40"], cwd=ROOT, env=environment, check=True)
    seal()
    seen = Seen()
    assert list(verify(seen=seen)) == []
    assert seen.editions == Article.objects.count() == Publication.objects.count() == 40
