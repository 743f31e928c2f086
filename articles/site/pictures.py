"""Pictures as pages show them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

from articles.models import public_store, rendition_name
from articles.pictures.renditions import width_for
from articles.site import addresses
from articles.site.things import Picture, PictureAddress


def public_address(digest: str, width: int, kind: str) -> str:
    return public_store().url(rendition_name(digest, width, kind))


def shown(
    picture: Mapping[str, Any],
    *,
    lang: str,
    caption: str = "",
    credit: str = "",
    address: PictureAddress = public_address,
) -> Picture:
    """A frozen picture for a page in `lang`, with its addresses; credit: the one it has here, if not its own."""
    digest = picture["digest"]

    def srcset(kind: str) -> str:
        return ", ".join(f"{address(digest, width, kind)} {width}w" for width in picture["widths"])

    return Picture(
        src=address(digest, width_for(960, picture["widths"]), "jpg"),
        srcset_webp=srcset("webp"),
        srcset_jpeg=srcset("jpg"),
        width=picture["width"],
        height=picture["height"],
        alt=picture["alt"],
        caption=caption,
        credit=credit or picture["credit"],
        credit_lang="" if credit or picture["language"] == lang else picture["language"],
        lang="" if picture["language"] == lang else picture["language"],
    )


SHARED_WIDTH = 1280  # pixels: what others show of a page wants 1,200


@dataclass(frozen=True)
class Shared:
    """A picture as it is shown elsewhere: one file, with its own size."""

    url: str
    width: int
    height: int
    alt: str


def shared(picture: Picture) -> Shared:
    """The widest JPEG of a picture that others will take."""
    files = dict(one.rsplit(" ", 1)[::-1] for one in picture.srcset_jpeg.split(", "))
    width = width_for(SHARED_WIDTH, sorted(int(name.removesuffix("w")) for name in files))
    height = max(1, round(picture.height * width / picture.width))
    return Shared(addresses.absolute(files[f"{width}w"]), width, height, picture.alt)


def figure_html(picture: Picture, caption: SafeString, credit: SafeString | str = "") -> str:
    """A picture in the body of a story; `caption` and `credit` are clean HTML. Without a credit here it has its own."""
    lang = format_html(' lang="{}"', picture.lang) if picture.lang else ""
    own = format_html('<span class="credit"{}>{}</span>', lang, picture.credit)
    return format_html(
        '<figure><picture><source type="image/webp" srcset="{}" sizes="(max-width: 45em) 100vw, 42em">'
        '<img src="{}" srcset="{}" sizes="(max-width: 45em) 100vw, 42em" width="{}" height="{}" alt="{}"{}'
        ' loading="lazy" decoding="async"></picture>'
        "<figcaption>{} {}</figcaption></figure>",
        picture.srcset_webp,
        picture.src,
        picture.srcset_jpeg,
        picture.width,
        picture.height,
        picture.alt,
        lang,
        caption,
        format_html('<span class="credit">{}</span>', credit) if credit else own,
    )
