import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, close_old_connections

from articles.publishing.outbox import deliver_due

PAUSE = 1.0  # seconds between two looks
LONGEST_PAUSE = 30.0  # while the database does not answer


class Command(BaseCommand):
    help = "Finish what publications left to be done; runs until stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="look once, and end")

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        if not options["once"]:
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, lambda *_: stop.set())
        pause = PAUSE
        while not stop.is_set():
            close_old_connections()
            try:
                deliver_due()
                pause = PAUSE
            except DatabaseError as error:
                pause = min(pause * 2, LONGEST_PAUSE)
                self.stderr.write(f"The database does not answer ({error}); trying again in {pause:.0f} s.")
            if options["once"]:
                return
            stop.wait(pause)
