"""Reading an upload without trusting it."""

import io
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "AVIF")
MAX_BYTES = 25 * 2**20
MAX_PIXELS = 50_000_000
MIN_SIDE = 16  # pixels


class UnreadablePicture(Exception):
    """The bytes are no picture in a format that we take."""


class PictureTooLarge(Exception):
    """The file or the picture is larger than we take; judged before the pixels are decoded."""


def decode(upload: bytes) -> Image.Image:
    """The picture upright, in RGB, without any metadata. Raises UnreadablePicture or PictureTooLarge."""
    if len(upload) > MAX_BYTES:
        raise PictureTooLarge
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # Pillow only warns of a decompression bomb
            opened = Image.open(io.BytesIO(upload), formats=FORMATS)
            if opened.width * opened.height > MAX_PIXELS:
                raise PictureTooLarge
            if min(opened.size) < MIN_SIDE:
                raise UnreadablePicture
            upright = ImageOps.exif_transpose(opened)
            if upright.mode in {"RGBA", "LA", "PA"} or "transparency" in upright.info:
                upright = upright.convert("RGBA")
                ground = Image.new("RGB", upright.size, "white")
                ground.paste(upright, mask=upright.getchannel("A"))
                return ground
            # Pasted into a new picture, because Pillow writes comments in `info` back when it saves.
            ground = Image.new("RGB", upright.size)
            ground.paste(upright.convert("RGB"))
            return ground
    except (PictureTooLarge, UnreadablePicture):
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureTooLarge from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, MemoryError, Warning, EOFError) as error:
        raise UnreadablePicture from error
