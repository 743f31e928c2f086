from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles.management.progress import bar
from articles.models import Article, Publication
from articles.search import indexing, public_index


class Command(BaseCommand):
    help = (
        "Make the search indexes anew, story by story, while desk and readers go on: the desk's, of working copies, "
        "and the readers', of what is public. Safe to run at any time, and again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--only", choices=["desk", "readers"], help="one of the two indexes")
        parser.add_argument("--missing", action="store_true", help="only what readers do not find as it stands")
        parser.add_argument("--after", type=int, default=0, metavar="KEY", help="go on where a run was broken off")

    def handle(self, *args: Any, **options: Any) -> None:
        only, missing, after = options["only"], options["missing"], options["after"]
        if after and not only:
            raise CommandError("--after goes on with one index: say which by --only desk or --only readers.")
        if missing and only == "desk":
            raise CommandError("--missing is for what readers find; leave --only desk out.")
        if only != "readers" and not missing:
            stories = Article.objects.filter(pk__gt=after)
            count = self._show("Working copies", indexing.rebuild(stories), stories.count(), "--only desk")
            indexing.scrub()
            self.stdout.write(f"{count} stories can be found at the desk.")
        if only != "desk":
            public = public_index.astray() if missing else Publication.objects.all()
            total = public.filter(pk__gt=after).count()
            again = "--only readers --missing" if missing else "--only readers"
            count = self._show("Public stories", public_index.rebuild(public, after=after), total, again)
            public_index.scrub()
            self.stdout.write(f"{count} stories can be found by readers.")

    def _show(self, what: str, batches: Iterable[tuple[int, int]], total: int, again: str) -> int:
        """Go through the batches with a bar; where that is broken off, say how to go on."""
        progress: Any = bar((), what, total)
        count = last = 0
        try:
            for key, done in batches:
                count, last = count + done, key
                progress.update(done)
        except BaseException:
            self.stderr.write(f"Broken off. Go on with: manage.py rebuild_search {again} --after {last}")
            raise
        finally:
            progress.close()
        return count
