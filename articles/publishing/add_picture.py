"""Taking a picture into the library."""

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from articles.models import Picture, User, private_store, rendition_name
from articles.pictures.decode import MAX_BYTES, MAX_PIXELS, PictureTooLarge, UnreadablePicture, decode
from articles.pictures.renditions import WIDTHS, digest_of, make_renditions
from articles.publishing.clock import database_now
from articles.publishing.errors import PictureRefused
from articles.publishing.rights import Right, require


@transaction.atomic
def add_picture(upload: bytes, *, by: User, language: str, alt: str, credit: str, caption: str = "") -> Picture:
    """Re-encode an upload, keep its renditions in the private store, and enter it in the library.

    Raises NotAllowed; PictureRefused, with a sentence for the editor; or ValidationError by field.
    """
    picture = Picture(language=language, alt=alt, caption=caption, credit=credit)
    store_files(picture, upload)
    enter(picture, by=by)
    return picture


@transaction.atomic
def enter(picture: Picture, *, by: User) -> None:
    """Enter a picture, whose files are stored, in the library. Raises NotAllowed, or ValidationError by field."""
    require(by, Right.WRITE)
    picture.created_at, picture.created_by = database_now(), by
    picture.full_clean()
    picture.save()


def store_files(picture: Picture, upload: bytes) -> None:
    """Fill in the picture's digest and sizes from an upload, and keep its renditions in the private store."""
    try:
        decoded = decode(upload)
    except PictureTooLarge as error:
        raise PictureRefused(
            _("This picture is too large: %(bytes)d MB and %(pixels)d megapixels are the most. Make it smaller.")
            % {"bytes": MAX_BYTES // 2**20, "pixels": MAX_PIXELS // 1_000_000}
        ) from error
    except UnreadablePicture as error:
        raise PictureRefused(
            _("This file is no picture that can be read. Use a JPEG, PNG, WebP, AVIF or GIF file.")
        ) from error
    decoded.thumbnail((max(WIDTHS), 4 * max(WIDTHS)))
    picture.digest = digest_of(decoded)
    picture.width, picture.height = decoded.size
    store, widths = private_store(), set()
    for rendition in make_renditions(decoded):
        widths.add(rendition.width)
        name = rendition_name(picture.digest, rendition.width, rendition.kind)
        if not store.exists(name) or store.size(name) != len(rendition.data):
            store.save(name, ContentFile(rendition.data))
    picture.widths = ",".join(map(str, sorted(widths)))
