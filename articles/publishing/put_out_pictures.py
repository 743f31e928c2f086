"""Putting pictures where readers can fetch them, and taking them in again."""

from collections.abc import Iterable
from typing import Any

from django.core.files.base import ContentFile
from django.db.models import QuerySet

from articles.models import (
    RENDITION_KINDS,
    Edition,
    EditionPicture,
    Person,
    Picture,
    Publication,
    Site,
    Slot,
    Topic,
    private_store,
    public_store,
    rendition_name,
)
from articles.models.prepared import prepared, told
from articles.publishing.fronts import pictures_gone

GONE = "pictures/{digest}/gone"  # stands where renditions stood, so that their addresses answer 410 (newsroom/media.py)


def settle_pictures(edition: Edition) -> None:
    """Put out the pictures of a story's public editions; after a takedown, take in those that no other story shows.
    What fronts show beside the story goes with every withdrawal, and comes back with it.

    Safe to run twice, and late: it looks at how the story stands now.
    """
    (state,) = _state()(article=edition.article_id)
    shown = EditionPicture.objects.filter(edition__article=edition.article_id)
    if state == Publication.State.DOWN:
        digests = set(shown.values_list("digest", flat=True))
        take_in_all(digests - of_stories(digests) - _furniture(digests))
        _take_off_fronts(edition.article_id, but=digests)
        return
    if state != Publication.State.STANDING:
        _take_off_fronts(edition.article_id)
    back = (
        edition.number > 1
        and state == Publication.State.STANDING
        and bool(_withdrawn()(article=edition.article_id, number=edition.number - 1))
    )
    of_all = shown.filter(edition__text__isnull=False).values_list("digest", flat=True)
    if digests := set(of_all if back else _digests()(edition=edition.pk)):
        for picture in Picture.objects.filter(digest__in=digests):
            put_out(picture.digest, picture.all_widths)
    if back:  # and what fronts showed of it
        of_fronts = on_live_fronts(publication__article=edition.article_id)
        for picture in Picture.objects.filter(digest__in=of_fronts - pictures_gone(of_fronts), erased_at=None):
            put_out(picture.digest, picture.all_widths)


@prepared
def _state() -> QuerySet[Any, Any]:
    return Publication.objects.filter(article=told("article")).values_list("state", flat=True)


@prepared
def _withdrawn() -> QuerySet[Any, Any]:
    found = Edition.objects.filter(article=told("article"), number=told("number"), kind__in=Edition.WITHDRAWING)
    return found.order_by().values_list("pk", flat=True)


@prepared
def _digests() -> QuerySet[Any, Any]:
    return EditionPicture.objects.filter(edition=told("edition")).values_list("digest", flat=True)


def _take_off_fronts(article: int, but: Iterable[str] = ()) -> None:
    """Take in what live fronts show beside a withdrawn story, and nothing else shows."""
    of_fronts = on_live_fronts(publication__article=article).difference(but)
    take_in_all(of_fronts - shown_elsewhere(of_fronts))


def of_stories(digests: set[str]) -> set[str]:
    """Of these, those that an edition shows of a story that was not taken down."""
    shown = EditionPicture.objects.filter(digest__in=digests, edition__text__isnull=False)
    return set(
        shown.exclude(edition__article__publication__state=Publication.State.DOWN).values_list("digest", flat=True)
    )


def on_live_fronts(**of: Any) -> set[str]:
    """The pictures of their own that slots of live fronts have; of: which slots."""
    slots = Slot.objects.filter(version__live_on__isnull=False, picture__isnull=False, **of)
    return set(slots.values_list("picture__digest", flat=True))


def shown_elsewhere(digests: set[str]) -> set[str]:
    """Of these, those that something public shows now: a story, the site itself, a front beside a standing story."""
    standing = {"publication__state": Publication.State.STANDING, "picture__digest__in": digests}
    return of_stories(digests) | _furniture(digests) | on_live_fronts(**standing)


def take_in_all(digests: set[str]) -> None:
    for digest in sorted(digests):
        for picture in Picture.objects.filter(digest=digest)[:1]:
            take_in(digest, picture.all_widths)


def _furniture(digests: set[str]) -> set[str]:
    """Those that the site itself shows: a logo, a portrait, the picture of a topic."""
    logos = Site.objects.filter(logo__digest__in=digests).values_list("logo__digest", flat=True)
    portraits = Person.objects.filter(portrait__digest__in=digests).values_list("portrait__digest", flat=True)
    topics = Topic.objects.filter(picture__digest__in=digests).values_list("picture__digest", flat=True)
    return {digest for digest in [*logos, *portraits, *topics] if digest}


def put_out_furniture(picture: Picture | None) -> None:
    """Put out a picture that the site itself shows: a logo, a portrait, the picture of a topic."""
    if picture:
        put_out(picture.digest, picture.all_widths)


def put_out(digest: str, widths: Iterable[int]) -> None:
    """Copy renditions from the private store into the public one.

    Names hold the digest of the picture, so a file that is there already is the right one, unless a crash cut it short.
    """
    private, public = private_store(), public_store()
    public.delete(GONE.format(digest=digest))
    for width in widths:
        for kind in RENDITION_KINDS:
            name = rendition_name(digest, width, kind)
            if not public.exists(name) or public.size(name) != private.size(name):
                with private.open(name) as file:
                    public.save(name, file)


def take_in(digest: str, widths: Iterable[int]) -> None:
    """Take renditions out of the public store, and leave a mark that says so."""
    public = public_store()
    mark = GONE.format(digest=digest)
    if not public.exists(mark):
        public.save(mark, ContentFile(b"gone"))
    for width in widths:
        for kind in RENDITION_KINDS:
            public.delete(rendition_name(digest, width, kind))
