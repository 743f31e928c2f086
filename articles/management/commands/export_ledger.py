import gzip
import os
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles.management.progress import bar
from articles.models import Correction, Edition, LedgerEntry
from articles.publishing.ledger.export import export
from articles.publishing.ledger.heads import UnreadableHead


class Command(BaseCommand):
    help = "Write the whole public record to FILE, for tools/verify_ledger.py; compressed if it ends in .gz."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        part = path.with_name(f".{path.name}.{os.getpid()}")
        total = LedgerEntry.objects.count() * 2 + Edition.objects.count() + Correction.objects.count()
        try:
            with self.opened(part, compressed=path.suffix == ".gz") as file:
                for line in bar(export(), "Exporting", total):
                    file.write(f"{line}\n".encode())
            part.replace(path)  # whole or not at all
        except (OSError, UnreadableHead) as error:
            raise CommandError(f"Nothing was exported: {error}", returncode=2) from error
        finally:
            part.unlink(missing_ok=True)
        self.stdout.write(f"{path}: check it with tools/verify_ledger.py, which needs nothing else of the newsroom's.")

    def opened(self, path: Path, *, compressed: bool) -> IO[bytes]:
        return gzip.open(path, "wb") if compressed else open(path, "wb")  # type: ignore[return-value]
