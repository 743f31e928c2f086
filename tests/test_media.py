"""Pictures that were taken down, behind nginx: what is missing there, the newsroom answers; and only who reads."""

import socketserver
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from django.test import Client

from tests.test_deploy import Site, site_in_nginx  # noqa: F401 - a fixture


class Newsroom(BaseHTTPRequestHandler):
    """Says of every address that it is gone, and which host and address it was asked for."""

    def do_GET(self) -> None:
        self.send_response(410)
        self.send_header("X-Asked", f"{self.headers['Host']} {self.headers['X-Forwarded-Proto']} {self.path}")
        self.send_header("Cache-Control", "public, max-age=0, must-revalidate")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[None]:
    with socketserver.ThreadingUnixStreamServer(str(tmp_path / "web.sock"), Newsroom) as server:  # type: ignore[arg-type]
        (tmp_path / "web.sock").chmod(0o666)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield
        server.shutdown()


def test_a_missing_picture_reaches_the_newsroom_and_a_present_one_does_not(
    newsroom: None,
    site_in_nginx: Site,  # noqa: F811
) -> None:
    there = site_in_nginx.data / "public/pictures/ab/640.webp"
    there.parent.mkdir(parents=True)
    there.write_text("x")
    (there.parent / "gone").write_text("gone")
    assert site_in_nginx.ask("/media/pictures/ab/640.webp")[0] == 200
    status, headers = site_in_nginx.ask("/media/pictures/ab/320.jpg")
    assert (status, headers["X-Asked"]) == (410, "news.example https /media/pictures/ab/320.jpg")
    assert headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert site_in_nginx.ask("/media/pictures/ab/gone")[0] == 404  # the mark itself is never served
    assert "X-Asked" not in site_in_nginx.ask("/media/pictures/ab/gone")[1]


def test_what_goes_to_the_newsroom_says_who_asks_as_before(newsroom: None, site_in_nginx: Site) -> None:  # noqa: F811
    assert site_in_nginx.ask("/a/x/")[1]["X-Asked"] == "news.example https /a/x/"


@pytest.mark.parametrize("path", ["/media/x.jpg", "/health/live/", "/health/ready/"])
def test_who_sends_something_is_told_that_one_can_only_read(path: str, db: None) -> None:
    response = Client(enforce_csrf_checks=True).post(path, {"x": "1"})
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")
