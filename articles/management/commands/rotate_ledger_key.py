from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles.publishing.ledger import hand_over
from articles.publishing.ledger.keys import KeyTrouble


class Command(BaseCommand):
    help = "Hand the ledger over to a new signing key; the key before signs for it, and both stay public."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--why", default="a new key, as planned", help="the reason, which is public")
        parser.add_argument("--lost", action="store_true", help="the key before is gone for good")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = hand_over.hand_over(why=options["why"], lost=options["lost"])
        except KeyTrouble as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"The ledger is signed by {done.public} from now on.")
        if done.kept:
            self.stdout.write(f"The key before is kept in {done.kept}.")
        if done.to_set:
            self.stdout.write(
                f"Set LEDGER_KEY to what stands in {done.to_set}, restart web server and worker, and run this command "
                "again: it then removes that file. Until then they read it from there."
            )
        self.stdout.write("Both keys are public at /.well-known/newsroom/keys.json; tell those who check the ledger.")
