import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles.management.audit.watch import Watch
from articles.management.audit.web import Unreachable
from articles.management.progress import bar


class Command(BaseCommand):
    help = "Watch a newsroom from outside, by HTTP alone: fails if anything public changed without a public entry."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("url", help="the site's address, such as https://news.example")
        parser.add_argument("--store", type=Path, help="folder for what was seen; best on another machine")
        parser.add_argument("--rounds", type=int, default=1, help="how often to look; 0: until something is wrong")
        parser.add_argument("--pause", type=float, default=60.0, help="seconds between two rounds")
        parser.add_argument("--most", type=int, default=500, metavar="N",
                            help="stories a round, beside new ones and those in the feeds")  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            host = urlsplit(options["url"]).netloc.replace(":", "-")
        except ValueError as error:
            raise CommandError(f"{options['url']} is no address: {error}", returncode=2) from error
        store = options["store"] or Path(settings.DATA_DIR) / "audit" / (host or "site")
        rounds = 0
        try:
            watch = Watch(options["url"], store)
            while True:
                watch.visited = 0
                faults = list(watch.round(most=options["most"], bar=lambda codes: bar(codes, "Visiting")))
                for fault in faults:
                    self.stderr.write(f"CHANGED: {fault}")
                if faults:
                    sys.exit(1)
                rounds += 1
                said = f"{watch.visited} stories, {watch.ledger.size} ledger entries: everything that changed is told."
                self.stdout.write(said)
                if rounds == options["rounds"]:
                    return
                time.sleep(options["pause"])
        except (Unreachable, OSError) as error:
            raise CommandError(str(error), returncode=2) from error
