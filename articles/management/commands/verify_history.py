import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles.management.progress import bar
from articles.models import Edition, LedgerEntry
from articles.publishing.ledger import heads
from articles.publishing.ledger.faults import Fault, Seen
from articles.publishing.ledger.verify import verify

SHOWN = 20  # faults that are printed; the first one tells most


class Command(BaseCommand):
    help = "Check everything that was ever made public against the ledger and its signed heads. Changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--head", action="append", default=[], type=Path, metavar="FILE",
                            help="a signed head that was kept elsewhere (/.well-known/newsroom/head.json)")  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        seen, first, count = Seen(), list[Fault](), 0
        progress: Any = bar((), "Checking", LedgerEntry.objects.count() + Edition.objects.count())
        seen.step = progress.update
        try:
            for fault in verify(options["head"], seen):
                count += 1
                first += [fault] if count <= SHOWN else []
        except heads.UnreadableHead as error:
            raise CommandError(str(error), returncode=2) from error
        finally:
            progress.close()
        self.stdout.write(
            f"{seen.editions} editions, {seen.notices} notices, {seen.erasures} erasures "
            f"({seen.erased} texts erased, {seen.withheld} withheld from readers)\n"
            f"{seen.conversions} texts in the other Chinese script\n"
            f"{seen.entries} ledger entries, {seen.waiting} waiting, {seen.heads} signed heads, {seen.keys} keys\n"
            f"Newest head: {seen.head or 'none'}"
        )
        for remark in seen.remarks:
            self.stdout.write(f"Note: {remark}")
        if count:
            self.stderr.write(f"BROKEN, first at {first[0]}")
            for fault in first[1:]:
                self.stderr.write(f"        also at {fault}")
            if count > len(first):
                self.stderr.write(f"        and {count - len(first)} more")
            sys.exit(1)
        self.stdout.write("Everything fits.")
