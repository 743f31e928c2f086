"""Stories that say the same in several languages: the original and its translations, as far as they are public.

A Chinese story is shown in both scripts. Where somebody has written it in the other one, too, each of the two is shown
in its own alone. Only what stands takes another's place, and only of what stands: a text that was withdrawn says so
wherever it stood.
"""

from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet

from articles.models import Article, Language, Listing, Publication
from articles.models.prepared import all_told, each, prepared

STANDING = Publication.State.STANDING


def lock(originals: Collection[int]) -> None:
    """Have others who publish a story of these families wait for the end of the transaction."""
    if originals:
        rows = Article.objects.select_for_update(no_key=True).filter(pk__in=originals)
        list(rows.order_by("pk").values_list("pk"))


def settle(originals: Collection[int]) -> None:
    """Write Publication.only_in of these families anew, from what is public of them now."""
    family = _families(len(originals))(**each("original", originals))
    written = {(original, language) for _, original, language, state, _ in family if state == STANDING}
    for key, original, language, state, before in family:
        beside = (original, Language(language).other_script) in written
        only = language if beside and state == STANDING else ""
        if only != before:
            Publication.objects.filter(pk=key).update(only_in=only)
            Listing.objects.filter(publication=key).update(only_in=only)


@prepared
def _families(count: int) -> QuerySet[Any, Any]:
    rows = Publication.objects.filter(original__pk__in=all_told("original", count))
    return rows.values_list("pk", "original", "language", "state", "only_in")
