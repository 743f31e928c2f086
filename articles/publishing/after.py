"""What follows a verb in rooms that `publishing` does not know: lists of steps in the settings, named by their path."""

from collections.abc import Iterable

from django.conf import settings
from django.utils.module_loading import import_string

from articles.models import Article


def run(paths: Iterable[str], article: Article) -> None:
    for path in paths:
        import_string(path)(article)


def after_save(article: Article) -> None:
    """The steps of settings.AFTER_SAVE, in the transaction of the verb that wrote the working copy, or that gave it to
    another desk or person."""
    run(settings.AFTER_SAVE, article)
