"""Making the sizes in which readers get a picture."""

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

WIDTHS = (320, 640, 960, 1280, 1920)  # pixels
QUALITY = {"webp": 80, "jpg": 82}


@dataclass(frozen=True)
class Rendition:
    width: int  # pixels
    kind: str  # "webp" or "jpg"
    data: bytes


def digest_of(picture: Image.Image) -> str:
    """SHA-256, in hexadecimal, over the size and the pixels of an RGB picture."""
    size = f"{picture.width}x{picture.height}:".encode()
    return hashlib.sha256(size + picture.tobytes()).hexdigest()


def width_for(most: int, widths: Sequence[int]) -> int:
    """The widest of `widths` (ascending) that is at most `most` pixels; if all are wider, the narrowest."""
    return max(width for width in widths if width <= most or width == widths[0])


def make_renditions(picture: Image.Image, widths: Sequence[int] = WIDTHS) -> list[Rendition]:
    """Encode one WebP and one JPEG per width, narrowest first.

    widths: pixels, ascending. Those wider than the picture are left out; if all are, its own width is used. The
    height keeps the ratio, rounded. No metadata is written.
    """
    made = []
    for width in [width for width in widths if width <= picture.width] or [picture.width]:
        height = max(1, round(picture.height * width / picture.width))
        sized = picture if width == picture.width else picture.resize((width, height), Image.Resampling.LANCZOS)
        for kind, quality in QUALITY.items():
            out = io.BytesIO()
            if kind == "webp":
                sized.save(out, "WEBP", quality=quality, method=4)
            else:
                sized.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
            made.append(Rendition(width, kind, out.getvalue()))
    return made
