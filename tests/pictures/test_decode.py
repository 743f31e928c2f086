"""Reading uploads without trusting them."""

import io

import pytest
from PIL import Image

from articles.pictures import decode as decoding
from articles.pictures.decode import PictureTooLarge, UnreadablePicture, decode
from articles.pictures.renditions import digest_of, make_renditions
from tests.factories import image_bytes


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "AVIF"])
def test_the_usual_formats_are_read(kind: str):
    assert decode(image_bytes(120, 80, kind)).size == (120, 80)


@pytest.mark.parametrize(
    "upload",
    [
        b"",
        b"not a picture",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"%PDF-1.7\n",
        b"\xff\xd8\xff\xe0" + b"\x00" * 50,
        image_bytes(120, 80)[:200],
        image_bytes(120, 80, "BMP"),
        image_bytes(120, 80, "TIFF"),
        image_bytes(4, 4),
    ],
    ids=["empty", "text", "svg", "pdf", "head only", "cut off", "bmp", "tiff", "tiny"],
)
def test_everything_else_is_refused(upload: bytes):
    with pytest.raises(UnreadablePicture):
        decode(upload)


def test_a_picture_with_too_many_pixels_is_refused_before_it_is_decoded():
    header = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(header, "PNG")
    with pytest.raises(PictureTooLarge):
        decode(header.getvalue())


def test_a_file_with_too_many_bytes_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(decoding, "MAX_BYTES", 1000)
    with pytest.raises(PictureTooLarge):
        decode(b"\x00" * 1001)


def test_nothing_but_pixels_survives():
    exif = Image.Exif()
    exif[0x010E] = "SECRET-PLACE"
    exif[0x8825] = {1: "N", 2: (29.0, 15.0, 0.0)}
    upload = image_bytes(200, 100, exif=exif.tobytes(), comment=b"SECRET <script>")
    assert b"SECRET" in upload
    for rendition in make_renditions(decode(upload), widths=(100, 200)):
        assert b"SECRET" not in rendition.data
        assert not Image.open(io.BytesIO(rendition.data)).getexif()


def test_a_picture_taken_sideways_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    assert decode(image_bytes(200, 100, exif=exif.tobytes())).size == (100, 200)


def test_what_is_transparent_becomes_white():
    out = io.BytesIO()
    Image.new("RGBA", (50, 50), (0, 0, 0, 0)).save(out, "PNG")
    assert decode(out.getvalue()).getpixel((5, 5)) == (255, 255, 255)


def test_renditions_are_never_wider_than_the_picture():
    made = make_renditions(decode(image_bytes(700, 350)))
    assert {rendition.width for rendition in made} == {320, 640}
    small = make_renditions(decode(image_bytes(200, 100)))
    assert {rendition.width for rendition in small} == {200}


def test_renditions_keep_the_ratio_and_are_what_they_say():
    for rendition in make_renditions(decode(image_bytes(1000, 500)), widths=(320,)):
        opened = Image.open(io.BytesIO(rendition.data))
        assert opened.size == (320, 160)
        assert opened.format == {"webp": "WEBP", "jpg": "JPEG"}[rendition.kind]


def test_the_digest_speaks_of_pixels_alone():
    with_comment = decode(image_bytes(100, 100, "PNG"))
    assert digest_of(with_comment) == digest_of(decode(image_bytes(100, 100, "PNG", compress_level=1)))
    assert digest_of(with_comment) != digest_of(decode(image_bytes(100, 100, "PNG", color="black")))
