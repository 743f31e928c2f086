from typing import Any

from django.core.management.base import BaseCommand

from articles.management.progress import bar
from articles.publishing.convert_older import convert_older, unconverted


class Command(BaseCommand):
    help = "Give stories that were published before there were two scripts their text in the other one. Safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        progress: Any = bar((), "Stories", unconverted().count())
        count = 0
        try:
            for _code in convert_older():
                count += 1
                progress.update(1)
        finally:
            progress.close()
        self.stdout.write(f"{count} stories stand in both scripts now.")
