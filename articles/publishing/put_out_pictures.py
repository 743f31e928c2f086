"""Putting pictures where readers can fetch them."""

from collections.abc import Iterable

from articles.models import RENDITION_KINDS, Edition, Picture, private_store, public_store, rendition_name


def put_out_pictures(edition: Edition) -> None:
    """Put out the pictures that an edition shows; safe to run twice."""
    for picture in edition.text.read()["pictures"].values():
        put_out(picture["digest"], picture["widths"])


def put_out_furniture(picture: Picture | None) -> None:
    """Put out a picture that the site itself shows: a logo, a portrait."""
    if picture:
        put_out(picture.digest, picture.all_widths)


def put_out(digest: str, widths: Iterable[int]) -> None:
    """Copy renditions from the private store into the public one.

    Names hold the digest of the picture, so a file that is there already is the right one, unless a crash cut it short.
    """
    private, public = private_store(), public_store()
    for width in widths:
        for kind in RENDITION_KINDS:
            name = rendition_name(digest, width, kind)
            if not public.exists(name) or public.size(name) != private.size(name):
                with private.open(name) as file:
                    public.save(name, file)
