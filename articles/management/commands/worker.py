import signal
import threading
import time
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, close_old_connections

from articles.publishing import page_lease
from articles.publishing.after_launch import deliver_fronts
from articles.publishing.door.password_letters import send_password_letters
from articles.publishing.erase import finish_erasures
from articles.publishing.events import Door, coming_from
from articles.publishing.forget_contacts import forget_contacts
from articles.publishing.launch_due import launch_due
from articles.publishing.ledger.seal import seal_due
from articles.publishing.mail_alerts import mail_alerts
from articles.publishing.outbox import deliver_due
from articles.publishing.overdue import tell_overdue
from articles.publishing.presence import forget_windows
from articles.publishing.purging import purge_due
from articles.publishing.run_due import run_due
from articles.publishing.thin_versions import thin_versions
from articles.search.tables import sort_in
from newsroom.delivery import stores
from newsroom.delivery.refill import refill

PAUSE = 1.0  # seconds between two rounds
LONGEST_PAUSE = 30.0  # while the database does not answer
QUIET = 60.0  # seconds before the same trouble is told again

# What each round does, in this order; each is safe to run twice and by several workers at once. One that fails holds
# none of the others.
STEPS: list[Callable[[], object]] = [
    run_due,
    launch_due,
    deliver_due,
    deliver_fronts,
    purge_due,
    refill,
    seal_due,
    sort_in,
    forget_contacts,
    finish_erasures,
    send_password_letters,
    forget_windows,
    thin_versions,
    tell_overdue,
    mail_alerts,
]


class Command(BaseCommand):
    help = "Publish what is due, finish what publications left to be done, seal the ledger; runs until stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="look once, and end")

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        if not options["once"]:
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, lambda *_: stop.set())
            if stores.leased():
                threading.Thread(target=page_lease.hold, args=[stop], daemon=True).start()
        self.told: dict[str, float] = {}
        pause = PAUSE
        while not stop.is_set():
            close_old_connections()
            pause = PAUSE if self.round() else min(pause * 2, LONGEST_PAUSE)
            if options["once"]:
                return
            stop.wait(pause)

    def round(self) -> bool:
        """Every step once; whether the database answered."""
        answered = True
        for step in STEPS:
            try:
                with coming_from(Door.WORKER):
                    step()
            except DatabaseError as error:
                answered = False
                self.tell(f"The database does not answer ({error}); trying again.")
            except Exception as error:  # a step's own trouble: told, and tried again in the next round
                self.tell(f"{step.__name__}: {type(error).__name__}: {error}")
        return answered

    def tell(self, trouble: str) -> None:
        now = time.monotonic()
        if now - self.told.get(trouble, -QUIET) >= QUIET:
            self.told = {trouble: now} | {said: at for said, at in self.told.items() if now - at < QUIET}
            self.stderr.write(trouble)
