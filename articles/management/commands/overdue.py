from typing import Any

from django.core.management.base import BaseCommand

from articles.publishing import front_schedules
from articles.publishing.schedules import late
from articles.publishing.waiting import name_of, when

MOST = 100  # rows that are listed


class Command(BaseCommand):
    help = "List what should have gone out more than a minute ago; ends with 1 if there is anything."

    def handle(self, *args: Any, **options: Any) -> None:
        rows = list(late().select_related("article", "version")[:MOST])
        for row in rows:
            told = f"{row.article.code}  {name_of(row)}  due {when(row)}  attempts {row.attempts}"
            self.stdout.write(f"{told}  {row.error.splitlines()[0]}" if row.error else told)
        launches = list(front_schedules.late()[:MOST])
        for launch in launches:
            told = f"front {launch.front_id}  launch  due {front_schedules.when(launch)}  attempts {launch.attempts}"
            self.stdout.write(f"{told}  {launch.error.splitlines()[0]}" if launch.error else told)
        if rows or launches:
            raise SystemExit(1)
