"""The page behind a preview link: the reader's own, for whoever has the address, and for nobody else."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from articles.models import Article, PreviewLink, Site, User
from articles.publishing import make_link, publish, revoke
from tests import factories


@pytest.fixture
def picture_of(editor: User, article: Article) -> tuple[Article, str, str]:
    """A story with a lead picture, its secret, and the picture's digest."""
    picture = factories.make_picture(editor)
    article = factories.change(article, by=editor, lead_picture=picture)
    return article, make_link(article, version=article.versions.first(), by=editor)[1], picture.digest


@pytest.fixture
def key(article: Article, editor: User, site: Site) -> str:
    return make_link(article, version=article.versions.get(), by=editor)[1]


def test_shows_the_version_that_it_was_made_for(client: Client, article: Article, key: str, editor: User):
    factories.change(article, by=editor, headline="後來的標題", body="<p>後來的文字。</p>")
    page = client.get(f"/preview/{key}/").content.decode()
    assert "上朗縣的青稞開鐮了。" in page
    assert "後來" not in page
    assert "預覽" in page or "Preview" in page


def test_is_kept_by_nobody_and_told_to_nobody(client: Client, key: str):
    client.cookies["csrf"] = "malformed"
    for response in (client.get(f"/preview/{key}/"), client.head(f"/preview/{key}/")):
        assert response.status_code == 200
        assert response["Cache-Control"] == "no-store"
        assert response["X-Robots-Tag"] == "noindex, nofollow"
        assert response["Referrer-Policy"] == "no-referrer"
        assert not response.cookies
    page = client.get(f"/preview/{key}/").content.decode()
    assert '<meta name="robots" content="noindex, nofollow">' in page
    assert key not in re.sub(rf"/preview/{key}/picture/", "", page)  # not as a canonical address either
    assert "Disallow: /preview/" in client.get("/robots.txt").content.decode()
    assert client.post(f"/preview/{key}/").status_code == 405


def test_what_opens_nothing_answers_like_any_wrong_address(client: Client, article: Article, key: str, editor: User):
    link = PreviewLink.objects.get()
    revoked, other = make_link(article, version=link.version, by=editor)
    revoke(revoked, by=editor)
    expired, late = make_link(article, version=link.version, by=editor)
    ago = timedelta(days=4)
    PreviewLink.objects.filter(pk=expired.pk).update(at=expired.at - ago, expires_at=expired.expires_at - ago)

    def said(path: str) -> tuple[int, str, str]:
        response = client.get(path)
        return response.status_code, response["Cache-Control"], response.content.decode().replace(path, "")

    wrong = said("/nothing-of-this-name/")
    for never in (other, late, "2" * 26, "short", link.key_digest, f"{key}/picture/{'0' * 64}/640.webp"):
        path = f"/preview/{never}/" if "picture" not in never else f"/preview/{never}"
        assert said(path) == wrong, never


def test_nobody_guesses_one(client: Client, key: str):
    alphabet = "23456789abcdefghjkmnpqrstuvwxyz"
    for place in range(26):
        letter = alphabet[(alphabet.index(key[place]) + 1) % len(alphabet)]
        assert client.get(f"/preview/{key[:place]}{letter}{key[place + 1 :]}/").status_code == 404


def test_ends_with_the_publication(client: Client, article: Article, key: str, editor: User):
    publish(article, seen=1, by=editor)
    assert client.get(f"/preview/{key}/").status_code == 404


class TestPictures:
    def test_are_shown_through_the_link_and_not_put_out(
        self, client: Client, picture_of: tuple[Article, str, str], site: Site
    ):
        _article, key, digest = picture_of
        page = client.get(f"/preview/{key}/").content.decode()
        addresses = set(re.findall(rf"/preview/{key}/picture/{digest}/\d+\.(?:webp|jpg)", page))
        assert addresses
        for address in addresses:
            response = client.get(address)
            assert response.getvalue()
            assert response["Cache-Control"] == "no-store"
            assert response["Referrer-Policy"] == "no-referrer"
        assert "/admin/" not in page

    def test_of_another_story_are_not(self, client: Client, picture_of: tuple[Article, str, str], editor: User):
        _article, key, digest = picture_of
        other = factories.make_picture(editor)
        width = other.all_widths[0]
        assert client.get(f"/preview/{key}/picture/{other.digest}/{width}.webp").status_code == 404
        for wrong in (f"{digest}/1.webp", f"{digest}/{width}.svg", f"{digest}/{10**12}.webp", f"{'0' * 64}/640.jpg"):
            assert client.get(f"/preview/{key}/picture/{wrong}").status_code == 404

    def test_go_with_the_link(self, client: Client, picture_of: tuple[Article, str, str], editor: User):
        article, key, digest = picture_of
        width = article.lead_picture.all_widths[0]
        revoke(PreviewLink.objects.get(), by=editor)
        assert client.get(f"/preview/{key}/picture/{digest}/{width}.webp").status_code == 404


def test_the_bar_says_of_an_embargo(client: Client, article: Article, key: str):
    until = datetime(2031, 5, 1, 9, 30, tzinfo=ZoneInfo("Asia/Kathmandu"))
    Article.objects.filter(pk=article.pk).update(embargo_until=until, embargo_zone="Asia/Kathmandu")
    bar = re.search(r'<p class="preview-bar".*?</p>', client.get(f"/preview/{key}/").content.decode())
    assert bar
    assert "2031-05-01 09:30" in bar[0]
    assert "Asia/Kathmandu" in bar[0]
