"""How late what is due goes out: one at a time, and all in the same minute; real workers, on both databases.

    python3 -m uv run python -m benchmarks.schedules [--stories 1000] [--workers 4]

Lateness is from the time it was due to the time of the transaction that published it, both by the database's clock.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks.databases import ENGINES, Databases
from benchmarks.running import ROOT, environment

SETTLING = 10.0  # seconds
APART = 0.25  # seconds between two, where they come one at a time


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stories", type=int, default=1000)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)  # of one database, by the environment
    options = parser.parse_args()
    if options.inside:
        return measure(options.stories, options.workers)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="newsroom-benchmark-")))
        folder.chmod(0o755)
        databases = Databases(folder)
        stack.callback(databases.close)
        for engine in ENGINES:
            print(f"--- {engine}{': ' if databases.missing(engine) else ''}{databases.missing(engine)}", flush=True)
            if databases.missing(engine):
                continue
            databases.renewed(engine, "schedules")
            env = environment(
                DATABASE_URL=databases.url(engine, "schedules"),
                SITE_ADDRESS="http://127.0.0.1",
                NEWSROOM_DATA=str(folder / engine),
            )
            command = [sys.executable, "-m", "benchmarks.schedules", "--inside", *sys.argv[1:]]
            subprocess.run(command, env=env, cwd=ROOT, check=True)


def measure(count: int, workers: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    desk = Newsroom()
    for name, number, apart in (("one at a time", min(count, 240), APART), ("in one minute", count, 0.0)):
        rows = desk.schedule(number)
        first = desk.schedule(workers)
        with working(workers):
            desk.make_due(first, 0.0)
            desk.wait(first)
            time.sleep(SETTLING)  # until each of them has come up
            due = desk.make_due(rows, apart)
            desk.wait(rows)
        lates = sorted((at - due[pk]).total_seconds() for pk, at in desk.closed(rows))
        took = max(lates) - min(lates) if not apart else number * apart
        print(f"{name}: {number} stories, {workers} workers: p50 {lates[len(lates) // 2]:.2f} s, "
              f"p99 {lates[int(len(lates) * 0.99) - 1]:.2f} s, latest {lates[-1]:.2f} s; "
              f"{number / took:,.0f} a second", flush=True)  # fmt: skip


class Newsroom:
    def __init__(self) -> None:
        from articles.models import Channel, Desk, Person, Site, Source, User

        Site.objects.get_or_create(pk=1, defaults={"name": "朗措新聞"})
        self.desk = Desk.objects.create(name="編輯部", slug="desk", time_zone="Asia/Shanghai")
        self.user = User.objects.create_user("editor", password=None, is_staff=True, is_superuser=True)
        self.channel = Channel.objects.create(name="要聞", slug="news")
        self.source = Source.objects.create(name="朗措新聞", slug="langtso")
        self.person = Person.objects.create(name="達珍", slug="dazhen")

    def schedule(self, count: int) -> list[int]:
        from articles.publishing import Draft, begin_draft, schedule
        from articles.publishing.clock import database_now

        due_at = (database_now() + timedelta(days=1)).replace(second=0, microsecond=0)
        body = "".join(f"<p>{'高原青稞湖邊公路天氣學校圖書館' * 7}</p>" for _ in range(3))
        rows = []
        for number in range(count):
            draft = Draft(
                headline=f"第{number}篇", body=body, channel=self.channel, source=self.source, desk=self.desk,
                language="zh-Hant", credits=((self.person.pk, "editor"),),
            )  # fmt: skip
            article = begin_draft(draft=draft, by=self.user)
            rows.append(schedule(article, seen=article.version, by=self.user, due_at=due_at, zone="Asia/Shanghai").pk)
        return rows

    def make_due(self, rows: list[int], apart: float) -> dict[int, Any]:
        """From three seconds on, which is longer than it takes to say so."""
        from articles.models import Schedule
        from articles.publishing.clock import database_now

        first, due = database_now() + timedelta(seconds=3), {}
        for place, pk in enumerate(rows):
            due[pk] = first + timedelta(seconds=place * apart)
            Schedule.objects.filter(pk=pk).update(due_at=due[pk], try_at=due[pk])
        return due

    def wait(self, rows: list[int]) -> None:
        from articles.models import Schedule

        while Schedule.objects.filter(pk__in=rows, state="pending").exists():
            time.sleep(0.5)

    def closed(self, rows: list[int]) -> list[tuple[int, Any]]:
        from articles.models import Schedule

        found = Schedule.objects.filter(pk__in=rows, state="done")
        assert found.count() == len(rows)
        return list(found.values_list("pk", "closed_at"))


@contextmanager
def working(count: int) -> Iterator[None]:
    command = [sys.executable, "manage.py", "worker"]
    running = [subprocess.Popen(command, cwd=ROOT, env=os.environ) for _ in range(count)]
    try:
        yield
    finally:
        for worker in running:
            worker.terminate()
        for worker in running:
            worker.wait()


if __name__ == "__main__":
    main()
