from typing import Any

from django.core.management.base import BaseCommand

from articles.management.progress import bar
from articles.models import Article
from articles.search import indexing


class Command(BaseCommand):
    help = "Make the search index anew, story by story, while the desk works on. Safe to run at any time, and again."

    def handle(self, *args: Any, **options: Any) -> None:
        stories = Article.objects.all()
        progress: Any = bar((), "Stories", stories.count())
        count = 0
        try:
            for done in indexing.rebuild(stories):
                count += done
                progress.update(done)
        finally:
            progress.close()
        indexing.scrub()
        self.stdout.write(f"{count} stories can be found.")
