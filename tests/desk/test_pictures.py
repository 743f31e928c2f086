"""The library of pictures: what is taken in, what is refused, and who sees what is not public yet."""

import io
import struct
import zlib
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from articles.models import Desk, Event, Picture, Site, User, private_store, public_store
from tests import factories
from tests.desk.forms import Form, at_the_desk, open_form, parse, shown_again
from tests.harness.once import on_postgresql

ADD = "/admin/articles/picture/add/"
CHOOSE = "/admin/articles/picture/choose/"
TEXTS = {"alt": "一片青稞田", "caption": "收割前的青稞田。", "credit": "白瑪拉姆攝", "language": "zh-Hant"}


@pytest.fixture
def at_desk(reporter: User) -> Client:
    return at_the_desk(reporter)


@pytest.fixture
def form(at_desk: Client) -> Form:
    return open_form(at_desk, ADD, "picture_form")


@pytest.fixture
def picture(editor: User) -> Picture:
    return factories.make_picture(editor)


def file_path(picture: Picture, width: int = 640, kind: str = "webp") -> str:
    return f"/admin/articles/picture/file/{picture.digest}/{width}.{kind}"


def upload(content: bytes, name: str = "田.jpg", kind: str = "image/jpeg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, kind)


def png(width: int, height: int) -> bytes:
    """The header of a PNG of any size, and no pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def photograph() -> bytes:
    """A JPEG that tells where and by what it was taken."""
    exif = Image.Exif()
    exif[0x010F], exif[0x013B] = "SecretCamera", "SecretName"
    exif.get_ifd(0x8825).update({1: "N", 2: (29.0, 39.0, 0.0)})
    return factories.image_bytes(exif=exif, comment=b"SecretComment")


@on_postgresql
class TestAdding:
    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
    def test_a_picture_of_the_usual_kinds_is_taken(self, kind: str, form: Form, reporter: User):
        response = form.send(upload=upload(factories.image_bytes(700, 400, kind)), **TEXTS)
        assert response.status_code == 302
        picture = Picture.objects.get()
        assert (picture.width, picture.height, picture.all_widths) == (700, 400, [320, 640])
        assert (picture.alt, picture.caption, picture.credit) == (TEXTS["alt"], TEXTS["caption"], TEXTS["credit"])
        assert picture.created_by == reporter
        assert all(private_store().exists(name) for name in picture.files)

    def test_neither_its_name_nor_what_the_browser_calls_it_counts(self, form: Form):
        named = upload(factories.image_bytes(kind="PNG"), "../../etc/passwd", "text/html")
        assert form.send(upload=named, **TEXTS).status_code == 302
        assert Picture.objects.get().files[0].startswith("pictures/")

    def test_nothing_tells_where_and_by_what_it_was_taken(self, form: Form):
        original = photograph()
        assert b"SecretCamera" in original
        form.send(upload=upload(original), **TEXTS)
        for name in Picture.objects.get().files:
            with private_store().open(name) as file:
                content = file.read()
            assert b"Secret" not in content
            assert not Image.open(io.BytesIO(content)).getexif()

    def test_it_is_not_public_by_being_added(self, form: Form):
        form.send(upload=upload(factories.image_bytes()), **TEXTS)
        picture = Picture.objects.get()
        assert not any(public_store().exists(name) for name in picture.files)
        assert Client().get(f"/media/{picture.files[0]}").status_code == 404

    @pytest.mark.parametrize(
        "content",
        [
            pytest.param(b"", id="an empty file"),
            pytest.param(b"<html>", id="a web page"),
            pytest.param(b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', id="SVG"),
            pytest.param(png(20_000, 20_000), id="20,000 by 20,000"),
            pytest.param(png(2**31 - 1, 1), id="two milliards wide"),
            pytest.param(png(0, 0), id="no size"),
            pytest.param(png(700, 400), id="a header without pixels"),
            pytest.param(factories.image_bytes()[:400], id="half a picture"),
            pytest.param(factories.image_bytes(8, 8), id="a picture too small to be seen"),
            pytest.param(factories.image_bytes(kind="TIFF"), id="TIFF"),
            pytest.param(factories.image_bytes(kind="PDF"), id="PDF"),
            pytest.param(b"GIF89a" + b"\xff" * 4000, id="nonsense that begins as GIF"),
            pytest.param(b"\xff\xd8\xff" * 9 * 2**20, id="27 MB"),
        ],
    )
    def test_what_is_no_picture_is_told_at_the_field_and_the_texts_stay(self, content: bytes, form: Form):
        again = shown_again(form, form.send(upload=upload(content), **TEXTS))
        assert again.errors("upload")
        assert {name: again[name] for name in TEXTS} == TEXTS
        assert not Picture.objects.exists()

    def test_without_a_file_nothing_is_added(self, form: Form):
        again = shown_again(form, form.send(**TEXTS))
        assert again.errors("upload")
        assert again["alt"] == TEXTS["alt"]

    @pytest.mark.parametrize(
        ("field", "typed"),
        [("alt", ""), ("credit", ""), ("alt", "長" * 301), ("caption", "長" * 501), ("credit", "長" * 201),
         ("alt", "青\x00稞"), ("caption", "青\x00稞"), ("language", "xx"), ("language", "")],
    )  # fmt: skip
    def test_what_cannot_be_said_of_it_is_told_at_the_field(self, field: str, typed: str, form: Form):
        again = shown_again(form, form.send(upload=upload(factories.image_bytes()), **TEXTS | {field: typed}))
        assert again.errors(field)
        assert again["credit"] == (typed if field == "credit" else TEXTS["credit"])
        assert not Picture.objects.exists()

    def test_a_stranger_without_a_role_adds_none(self, desk: Desk):
        client = at_the_desk(factories.make_user())
        assert client.post(ADD, TEXTS | {"upload": upload(factories.image_bytes())}).status_code == 403
        assert not Picture.objects.exists()


class TestChanging:
    def test_the_words_can_be_changed_and_the_pixels_cannot(self, editor: User, picture: Picture):
        digest = picture.digest
        form = open_form(
            at_the_desk(editor), reverse("admin:articles_picture_change", args=[picture.pk]), "picture_form"
        )
        forged = {"upload": upload(factories.image_bytes(color="red")), "digest": "0" * 64, "width": "1", "widths": "1"}
        assert form.send(alt="改過的說明", **forged).status_code == 302
        picture.refresh_from_db()
        assert (picture.alt, picture.digest, picture.width) == ("改過的說明", digest, 700)

    def test_a_reporter_changes_no_words_of_others_and_what_is_changed_is_in_the_trail(
        self, reporter: User, editor: User
    ):
        picture = factories.make_picture(editor)
        path = f"/admin/articles/picture/{picture.pk}/change/"
        assert at_the_desk(reporter).post(path, {"alt": "別的"}).status_code == 403
        open_form(at_the_desk(editor), path, "picture_form").send(caption="夏季牧場")
        event = Event.objects.get(verb="reworded")
        assert (event.by, event.thing, event.after) == (editor, f"picture {picture.pk}", "caption")

    def test_a_published_story_keeps_the_words_it_had(
        self, at_desk: Client, editor: User, picture: Picture, site: Site
    ):
        article = factories.publish_article(editor, lead_picture=picture)
        form = open_form(at_desk, reverse("admin:articles_picture_change", args=[picture.pk]), "picture_form")
        form.send(alt="改過的說明")
        assert parse(Client().get(f"/a/{article.code}/")).one("article figure.lead img")["alt"] == "一片青稞田"

    def test_none_is_deleted(self, at_desk: Client, picture: Picture):
        path = reverse("admin:articles_picture_delete", args=[picture.pk])
        assert at_desk.post(path, {"post": "yes"}).status_code == 403
        assert Picture.objects.exists()


@on_postgresql
class TestLooking:
    def test_the_desk_sees_what_is_not_public_yet(self, at_desk: Client, picture: Picture):
        for kind, name in (("webp", "image/webp"), ("jpg", "image/jpeg")):
            response = at_desk.get(file_path(picture, kind=kind))
            assert (response.status_code, response["Content-Type"]) == (200, name)
            assert "private" in response["Cache-Control"]
            assert response["X-Content-Type-Options"] == "nosniff"
            assert Image.open(io.BytesIO(response.getvalue())).width == 640

    def test_the_thumbnail_is_a_small_one(self, at_desk: Client, picture: Picture):
        response = at_desk.get(reverse("admin:articles_picture_thumb", args=[picture.pk]))
        assert Image.open(io.BytesIO(response.getvalue())).width == 640

    def paths(self, picture: Picture) -> list[str]:
        return [file_path(picture), reverse("admin:articles_picture_thumb", args=[picture.pk]), CHOOSE]

    def test_anonymous_visitors_are_asked_to_log_in(self, picture: Picture):
        for path in self.paths(picture):
            response = Client().get(path)
            assert response.status_code == 302
            assert response["Location"].startswith(reverse("admin:login"))

    def test_who_has_no_role_at_a_desk_sees_nothing(self, picture: Picture):
        client = at_the_desk(factories.make_user())
        for path in self.paths(picture):
            assert client.get(path).status_code == 404, path

    def test_who_was_disabled_sees_nothing(self, at_desk: Client, reporter: User, picture: Picture):
        reporter.is_active = False
        reporter.save()
        for path in self.paths(picture):
            assert at_desk.get(path).status_code == 302, path

    def test_what_does_not_exist_is_not_found(self, at_desk: Client, picture: Picture):
        wrong = [
            file_path(picture, width=641),
            file_path(picture, width=0),
            file_path(picture, width=10**30),
            file_path(picture, kind="png"),
            file_path(picture, kind="webp%00"),
            file_path(picture).replace(picture.digest, "0" * 64),
            file_path(picture).replace(picture.digest, "%00"),
            file_path(picture).replace(picture.digest, ".."),
            "/admin/articles/picture/999999/thumb/",
        ]
        for path in wrong:
            assert at_desk.get(path).status_code in {301, 404}, path  # 301: what fits no address may want a slash

    def test_a_file_that_is_lost_is_not_found(self, at_desk: Client, picture: Picture):
        for name in picture.files:
            private_store().delete(name)
        assert at_desk.get(file_path(picture)).status_code == 404
        assert at_desk.get("/admin/articles/picture/").status_code == 200


class TestChooser:
    def found(self, client: Client, **asked: str) -> list[str]:
        response = client.get(CHOOSE, asked)
        assert (response.status_code, response["Content-Type"]) == (200, "application/json")
        return [picture["alt"] for picture in response.json()["pictures"]]

    @pytest.fixture(autouse=True)
    def pictures(self, editor: User) -> None:
        factories.make_picture(editor, alt="一片青稞田", caption="收割前。", credit="尼瑪攝")
        factories.make_picture(editor, alt="Snow on the pass", caption="", credit="Tenzin", language="en")

    def test_the_newest_picture_stands_first(self, at_desk: Client):
        assert self.found(at_desk) == ["Snow on the pass", "一片青稞田"]

    @pytest.mark.parametrize(
        ("words", "alts"),
        [("青稞", ["一片青稞田"]), ("收割", ["一片青稞田"]), ("尼瑪", ["一片青稞田"]), ("SNOW", ["Snow on the pass"]),
         ("tenzin", ["Snow on the pass"]), ("沒有", []), ("%", []), ("_", []),
         (" ", ["Snow on the pass", "一片青稞田"])],
    )  # fmt: skip
    def test_searches_in_all_that_is_said_of_a_picture(self, words: str, alts: list[str], at_desk: Client):
        assert self.found(at_desk, q=words) == alts

    @pytest.mark.parametrize("words", ["\x00", "長" * 4000, "'", "\\", "\x00青"])
    def test_is_not_upset_by_anything(self, words: str, at_desk: Client):
        self.found(at_desk, q=words)

    def test_what_was_erased_by_law_is_not_offered_and_not_listed(self, at_desk: Client):
        gone = Picture.objects.get(alt="Snow on the pass")
        Picture.objects.filter(pk=gone.pk).update(erased_at=gone.created_at)
        assert self.found(at_desk) == ["一片青稞田"]
        listed = parse(at_desk.get("/admin/articles/picture/")).one("main")
        assert [image["alt"] for image in listed.all("td img") + listed.all("th img")] == ["一片青稞田"]

    def test_gives_what_the_editor_shows(self, at_desk: Client):
        answer: dict[str, Any] = at_desk.get(CHOOSE, {"q": "青稞"}).json()
        picture = Picture.objects.get(alt="一片青稞田")
        thumb = reverse("admin:articles_picture_thumb", args=[picture.pk])
        shown = {"id": picture.pk, "thumb": thumb, "alt": "一片青稞田", "caption": "收割前。", "credit": "尼瑪攝"}
        assert answer == {"pictures": [shown], "more": False}

    def test_says_when_there_are_more(self, at_desk: Client, editor: User):
        for number in range(23):
            factories.make_picture(editor, alt=f"圖{number}", upload=factories.image_bytes(20, 20))
        answer = at_desk.get(CHOOSE).json()
        assert (len(answer["pictures"]), answer["more"]) == (24, True)
