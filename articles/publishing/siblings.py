"""Stories that say the same in several languages: the original and its translations, as far as they are public.

A Chinese story is shown in both scripts. Where somebody has written it in the other one, too, each of the two is shown
in its own alone. Only what stands takes another's place, and only of what stands: a text that was withdrawn says so
wherever it stood.
"""

from collections.abc import Collection

from articles.models import Article, Language, Listing, Publication

STANDING = Publication.State.STANDING


def lock(originals: Collection[int]) -> None:
    """Have others who publish a story of these families wait for the end of the transaction."""
    if originals:
        rows = Article.objects.select_for_update(no_key=True).filter(pk__in=originals)
        list(rows.order_by("pk").values_list("pk"))


def settle(originals: Collection[int]) -> None:
    """Write Publication.only_in of these families anew, from what is public of them now."""
    family = list(Publication.objects.filter(original__in=originals))
    written = {(one.original_id, one.language) for one in family if one.state == STANDING}
    for one in family:
        beside = (one.original_id, Language(one.language).other_script) in written
        only = one.language if beside and one.state == STANDING else ""
        if only != one.only_in:
            Publication.objects.filter(pk=one.pk).update(only_in=only)
            Listing.objects.filter(publication=one.pk).update(only_in=only)
