"""What every public answer keeps to: anonymous, cacheable, bounded, at home, and never at a loss."""

import http.client
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from django.conf import LazySettings
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import Article, Credit, Desk, Page, Picture, Site, User, private_store, public_store
from articles.publishing import save_page
from tests import factories
from tests.conftest import Case
from tests.factories import PASSWORD, make_article, publish_again, publish_article
from tests.harness.once import on_one_database
from tests.harness.server import Server
from tests.site.reading import Part, parse, read

THEN = datetime(2026, 3, 5, 1, 30, tzinfo=UTC)
PAGES = [
    "/", "/en/", "/zh-hans/", "/bo/", "/feed.rss", "/farming/", "/farming/feed.rss", "/topic/harvest/",
    "/topic/harvest/feed.rss", "/tag/青稞/", "/tag/青稞/feed.rss", "/people/dazhen/", "/archive/2026/03/",
    "/archive/2026/03/05/", "/farming/archive/2026/03/", "/about/", "/about/history/", "/about/v/1/", "/privacy/",
    "/a/{code}/",
]  # fmt: skip
FAILURES = ["/nowhere/", "/a/zzzzzzzzzz/", "/topic/nowhere/", "/people/gone/", "/archive/2026/13/", "/nowhere/feed.rss"]


@pytest.fixture
def story(administrator: User, desk: Desk, site: Site) -> Article:
    """A newsroom in which each of PAGES exists, and one person's page is gone."""
    page, _ = Page.objects.get_or_create(slug="about")
    save_page(page, seen=0, by=administrator, language="zh-Hant", title="關於我們", body="<p>我們。</p>")
    gone = factories.make_person("退休", slug="gone", has_page=False)
    return publish_article(
        administrator,
        at=THEN,
        channel=factories.make_channel("農牧", slug="farming"),
        topic=factories.make_topic("青稞秋收", slug="harvest"),
        tags=["青稞"],
        credits=[(factories.make_person("達珍", slug="dazhen").pk, "editor"), (gone.pk, "editor")],
        lead_picture=factories.make_picture(administrator),
    )


@pytest.fixture
def paths(story: Article) -> list[str]:
    return [path.format(code=story.code) for path in PAGES]


@on_one_database
class TestAnonymity:
    def check(self, client: Client, paths: list[str]) -> None:
        for path in paths:
            response = client.get(path)
            assert not response.cookies, path
            assert "Set-Cookie" not in response.headers
            assert "cookie" not in response.get("Vary", "").lower(), path

    def test_no_page_sets_a_cookie(self, client: Client, paths: list[str]):
        self.check(client, paths + FAILURES)

    @pytest.mark.parametrize(
        "value", ["x", "malformed!", "a" * 32, "a" * 64, "", ".eJx:1:2", "機密".encode().decode("latin-1")]
    )
    def test_nor_does_it_answer_a_malformed_cookie_with_one(
        self, value: str, client: Client, story: Article, settings: LazySettings
    ):
        for path in ("/", f"/a/{story.code}/", "/feed.rss", "/nowhere/", "/people/gone/", "/a/zzzzzzzzzz/"):
            for name in (settings.CSRF_COOKIE_NAME, settings.SESSION_COOKIE_NAME):
                client.cookies.clear()
                client.cookies[name] = value
                self.check(client, [path])

    def test_an_editor_who_is_logged_in_sees_what_everybody_sees(self, client: Client, paths: list[str], editor: User):
        others = {path: client.get(path).content for path in paths}
        assert client.login(username=editor.username, password=PASSWORD)
        editor.language = "en"
        editor.save()
        for path in paths:
            response = client.get(path, headers={"Accept-Language": "en"})
            assert response.content == others[path], path
            assert not response.cookies
            assert "cookie" not in response.get("Vary", "").lower()

    def test_the_desk_keeps_its_cookies(self, client: Client, site: Site):
        assert client.get("/admin/login/").cookies


@on_one_database
class TestHeaders:
    def test_every_page_may_be_kept_if_one_asks_again(self, client: Client, paths: list[str]):
        for path in paths:
            response = client.get(path)
            assert response.status_code == 200, path
            assert response["Cache-Control"] == "public, max-age=0, must-revalidate"
            etag = response["ETag"]
            answer = client.get(path, headers={"If-None-Match": etag})
            assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", etag), path
            assert answer["Cache-Control"] == response["Cache-Control"]

    def test_a_failure_is_not_kept(self, client: Client, story: Article):
        for path in set(FAILURES) - {"/people/gone/"}:
            assert client.get(path)["Cache-Control"] == "no-store", path

    def test_nothing_foreign_may_run_and_nobody_may_frame_a_page(self, client: Client, paths: list[str]):
        for path in paths + FAILURES:
            response = client.get(path)
            policy = dict(part.strip().partition(" ")[::2] for part in response["Content-Security-Policy"].split(";"))
            assert "unsafe" not in response["Content-Security-Policy"]
            assert set(policy.values()) <= {"'self'", "'none'"}, path
            assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
            assert policy["script-src"] == "'self'"
            assert response["X-Frame-Options"] == "DENY"
            assert response["X-Content-Type-Options"] == "nosniff"

    def test_every_page_says_its_language(self, client: Client, paths: list[str]):
        languages = {path: client.get(path)["Content-Language"] for path in paths}
        assert languages["/en/"] == "en"
        assert languages["/bo/"] == "bo"
        assert languages["/zh-hans/"] == "zh-hans"
        assert languages["/"] == "zh-hant"

    @pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options", "trace"])
    def test_a_page_is_only_read(self, method: str, client: Client, paths: list[str], story: Article):
        picture = public_store().url(Picture.objects.get().files[0])
        for path in [*paths, picture]:
            response = getattr(client, method)(path)
            assert response.status_code == 405, path
            assert "GET" in response["Allow"]
            assert not response.cookies

    def test_what_was_not_asked_for_changes_nothing(self, client: Client, story: Article):
        for path in ("/", f"/a/{story.code}/", "/feed.rss"):
            plain = client.get(path).content
            for query in ("?page=' OR 1=1 --", "?page=-1", "?%00=%ff", "?" + "x" * 3000, "?lang=en"):
                response = client.get(path + query)
                assert (response.status_code, response.content) == (200, plain), query


@on_one_database
def test_the_head_of_a_page_has_no_body(server: Server, site: Site, published: Article):
    """Asked of the real server, because Django's client cuts bodies off by itself."""
    host = urlsplit(server.url).netloc
    for path in ("/", f"/a/{published.code}/", "/feed.rss", "/nowhere/"):
        whole = http.client.HTTPConnection(host)
        whole.request("GET", path)
        answer = whole.getresponse()
        body, headers = answer.read(), dict(answer.getheaders())
        whole.close()

        head = http.client.HTTPConnection(host)
        head.connect()
        head.sock.sendall(f"HEAD {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        sent = b""
        while part := head.sock.recv(65536):
            sent += part
        head.close()
        first, _, rest = sent.partition(b"\r\n\r\n")
        assert body
        assert rest == b"", path
        assert str(answer.status).encode() in first.splitlines()[0]
        if "ETag" in headers:
            assert headers["ETag"].encode() in first


@on_one_database
def test_addresses_that_no_browser_would_send_are_refused_by_the_real_server(server: Server, site: Site):
    parts = urlsplit(server.url)
    raw = ["//evil.example", "//evil.example/%2f..", "//", "///x//", "/a/../admin/", "/media/../../newsroom.sqlite3",
           "/media/%2e%2e/%2e%2e/newsroom.sqlite3", "/media//etc/passwd", "/%ff%fe", "/a/%00/", "/\\..\\",
           "/%ED%A0%80/", "/" + "a" * 4000 + "/", "/static/../../newsroom/settings.py",
           "/static/%2e%2e/%2e%2e/newsroom/settings.py"]  # fmt: skip
    for path in raw:
        caller = http.client.HTTPConnection(parts.netloc)
        caller.putrequest("GET", "/", skip_host=True)
        caller._buffer[0] = f"GET {path} HTTP/1.1".encode()  # as it is: http.client would refuse some itself
        caller.putheader("Host", parts.netloc)
        caller.endheaders()
        answer = caller.getresponse()
        body = answer.read()
        caller.close()
        assert answer.status in {301, 400, 404}, f"{path} answers {answer.status}"
        assert urlsplit(answer.getheader("Location", "")).netloc in {"", parts.netloc}, path
        assert b"Traceback" not in body
        assert b"SECRET_KEY" not in body


class TestQueries:
    """As many at 60 stories as at 3, and few."""

    def count(self, client: Client, path: str, most: int) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(path).status_code == 200
        assert len(queries) <= most, "\n".join(query["sql"] for query in queries)
        return len(queries)

    @on_one_database
    def test_stay_few_whatever_the_number_of_stories(self, client: Client, administrator: User, desk: Desk, site: Site):
        people = [factories.make_person(slug=f"person-of-all-{n}") for n in range(3)]
        shared = {
            "channel": factories.make_channel("農牧", slug="farming"),
            "topic": factories.make_topic("青稞秋收", slug="harvest"),
            "tags": ["青稞", "秋收", "上朗縣"],
            "credits": [(person.pk, Credit.Role.EDITOR.value) for person in people],
            "lead_picture": factories.make_picture(administrator),
            "places": [factories.make_place(code).pk for code in ("540100", "540102", "540121")],
        }
        bounds = {
            "/": 8, "/feed.rss": 6, "/farming/feed.rss": 6, "/topic/harvest/feed.rss": 6, "/tag/青稞/feed.rss": 6,
            "/farming/": 8, "/topic/harvest/": 8, "/tag/青稞/": 8, "/people/person-of-all-1/": 8,
            "/places/540121/": 8, "/places/540121/archive/2026/03/": 8, "/places/540121/feed.rss": 6, "/archive/": 8,
            "/topic/harvest/archive/2026/": 8, "/tag/青稞/archive/": 8,
            "/archive/2026/03/": 8, "/archive/2026/03/05/": 8, "/farming/archive/2026/03/05/": 8,
        }  # fmt: skip

        def stories(numbers: range) -> Article:
            for number in numbers:
                at = THEN + timedelta(minutes=number)
                article = publish_article(administrator, headline=f"第{number}篇", at=at, **shared)
            publish_again(article, by=administrator, kind="update", note="補。", headline="補過的")
            return article

        first = stories(range(3))
        few = {path: self.count(client, path, most) for path, most in bounds.items()}
        few["story"] = self.count(client, f"/a/{first.code}/", 6)
        last = stories(range(3, 60))
        many = {path: self.count(client, path, most) for path, most in bounds.items()}
        many["story"] = self.count(client, f"/a/{last.code}/", 6)
        assert many == few

    def test_a_wrong_code_or_a_known_page_costs_little(self, client: Client, story: Article):
        with CaptureQueriesContext(connection) as queries:
            client.get("/a/zzzzzzzzzz/")
        assert len(queries) <= 4


class TestNothingComesFromElsewhere:
    def loaded(self, page: Part) -> list[str]:
        found = [part.get("src") for name in ("img", "script", "iframe", "source", "video") for part in page.all(name)]
        found += [
            part["href"] for part in page.all("link") if part["rel"] not in {"canonical", "alternate", "prev", "next"}
        ]
        for part in (*page.all("img"), *page.all("source")):
            found += [candidate.split()[0] for candidate in (part.get("srcset") or "").split(",") if candidate.strip()]
        return [address for address in found if address]

    @on_one_database
    def test_every_page_loads_only_what_is_ours_and_there(self, client: Client, paths: list[str]):
        addresses = set()
        for path in [*(path for path in paths if not path.endswith(".rss")), "/nowhere/", "/people/gone/"]:
            page = parse(client.get(path).content)
            assert page.none("style"), path
            assert page.none("[style]"), path
            assert not [script for script in page.all("script") if not script.get("src") and not script.get("type")]
            addresses |= set(self.loaded(page))
        assert addresses
        for address in sorted(addresses):  # files last: closing one also ends the use of the database
            parts = urlsplit(address)
            assert (parts.scheme, parts.netloc) == ("", ""), address
            assert address.startswith(("/static/", "/media/", "/a/")), address
            if not address.startswith("/static/"):
                response = client.get(address)
                assert response.status_code == 200, address
                response.close()

    def test_the_style_sheets_and_scripts_load_nothing_foreign(self):
        folder = Path(__file__).parents[2] / "articles" / "static" / "site"
        for file in [*folder.glob("*.css"), *folder.glob("*.js")]:
            text = file.read_text(encoding="utf-8")
            assert "url(http" not in text, file
            assert "@import" not in text, file
            assert "document.cookie" not in text, file
            assert "://" not in text.replace("http://www.w3.org", ""), file


BAD = [
    "/%00", "/%00/", "/a/%00/", "/a/abc%00defgh/", "/tag/%00/", "/%ff", "/%ff/", "/tag/%ff%fe/", "/tag/%ED%A0%80/",
    "/topic/%ED%A0%80/", "/people/%C0%AE/", "/a//", "/a/../", "/a/..%2f..%2f/",
    "/a/%2e%2e/%2e%2e/etc/passwd", "/a/23456789AB/", "/a/2345678/", "/a/2345678923456/", "/a/٢٣٤٥٦٧٨٩/",
    "/a/ａｂｃｄｅｆｇｈ/",
    "/a/'%20OR%20'1'='1/", "/a/99999999999999999999999999/", "/about/v/99999999999999999999/", "/about/v/0/",
    "/about/v/2147483648/", "/about/v/١/", "/tag/'/", "/tag/%25/", "/tag/%/", "/tag/\u202e/", "/tag/\u200b/",
    "/tag/%0d%0aSet-Cookie:x=1/", "/tag/%F0%9F%8C%BE/", "/topic/..%2f/", "/people/%3Cscript%3E/", "/fr/", "/fr/a/x/",
    "/zz-zz/", "/zh/", "/zh-tw/", "/en-us/", "/EN/", "/xx/feed.rss", "/archive/x/", "/archive/1776/", "/feed.rss/",
    "/a/", "/a", "/topic/", "/tag/", "/people/", "/v/1/", "/.env", "/.git/config", "/wp-login.php", "/index.html",
    "/x/y/z/", "/x/y/z/w/", "/%7B%7B7*7%7D%7D/", "/farming/%00/", "/media/", "/media/%00.jpg", "/static/%00",
    "/en/%00/", "/en/en/", "/bo/zh-hans/", "/en//evil.example/", "/\ufffd/", "/%EF%BF%BD/",
]  # fmt: skip


class TestBadAddresses:
    @pytest.mark.parametrize("prefix", ["", "/en", "/bo"])
    def test_are_answered_with_4xx(self, prefix: str, client: Client, story: Article):
        for path in BAD:
            response = client.get(quote(prefix + path, safe="/%'=*:\\"), follow=True)
            assert 400 <= response.status_code < 500, f"{prefix}{path} answers {response.status_code}"
            assert all(urlsplit(url).netloc in {"", "testserver"} for url, _ in response.redirect_chain), path
            assert not response.cookies

    @pytest.mark.parametrize("start", ["/a/", "/tag/", "/topic/", "/people/", "/", "/media/", "/archive/", "/about/v/"])
    def test_are_answered_with_4xx_however_long(self, start: str, client: Client, story: Article):
        for part in ("a", "9", "..", "青", "%ff", "a/"):
            path = quote(start + part * (4000 // len(part)) + "/", safe="/%")
            assert 400 <= client.get(path, follow=True).status_code < 500, part

    def test_a_missing_slash_leads_to_the_page(self, client: Client, story: Article):
        for path in (f"/a/{story.code}", "/farming", "/tag/青稞", "/about"):
            response = client.get(path)
            assert response.status_code == 301
            assert response["Location"] == quote(f"{path}/", safe="/")

    @pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "x y", "@", ""])
    def test_an_unknown_host_is_refused(self, host: str, client: Client, story: Article):
        for path in ("/", f"/a/{story.code}/", "/feed.rss", "/nowhere/"):
            response = client.get(path, headers={"Host": host} if host else {"Host": "..", "X-Forwarded-Host": "x"})
            assert response.status_code == 400, path
            assert b"evil" not in response.content
            assert parse(response.content).one("h1").words

    def test_a_forwarded_host_is_not_believed(self, client: Client, story: Article):
        plain = client.get("/feed.rss").content
        told = client.get("/feed.rss", headers={"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"})
        assert told.content == plain


class TestPagesOfFailures:
    @on_one_database
    def test_not_found_says_so_and_leads_home(self, client: Client, story: Article):
        page = read(client, "/nowhere/", status=404)
        assert "404" in page.one("main").words
        assert "/" in [path for _, path in page.one("main").links]
        assert [link for link in page.one("nav.nav").links if link[1] == "/farming/"]
        assert page.one("meta[name=robots]")["content"] == "noindex"
        assert page.none("link[rel=canonical]") or "nowhere" in page.one("link[rel=canonical]")["href"]

    @on_one_database
    def test_in_the_language_of_the_address(self, client: Client, story: Article):
        page = read(client, "/en/nowhere/", status=404)
        assert page.element.get("lang") == "en"
        assert "There is no page here" in page.words
        assert "/en/" in [path for _, path in page.one("main").links]

    @on_one_database
    def test_gone_says_so(self, client: Client, story: Article):
        assert "410" in read(client, "/people/gone/", status=410).one("main").words

    @on_one_database
    def test_an_address_is_shown_as_text_if_at_all(self, client: Client, story: Article):
        page = parse(client.get("/%3Cscript%3Ealert(1)%3C/script%3E/").content)
        assert all(
            script.get(
                "src",
            )
            for script in page.all("script")
        )

    @pytest.mark.parametrize(
        ("path", "status"),
        [
            ("/fails/", 500),
            ("/finds-no-database/", 503),
            ("/", 500),
            ("/refuses/", 403),
            ("/does-not-understand/", 400),
        ],
    )
    def test_faults_are_told_without_the_database(self, path: str, status: int, settings: LazySettings):
        """No fixture of a database here, so that whoever asks for one fails; the front page does, and says 500."""
        settings.ROOT_URLCONF = "tests.site.addresses"
        response = Client(raise_request_exception=False).get(path)
        assert response.status_code == status
        page = parse(response.content)
        assert str(status) in page.one("main").words
        assert page.one("h1").words
        for secret in ("the power failed", "RuntimeError", "Traceback", "機密", "Database access"):
            assert secret not in page.words
        assert not response.cookies
        assert response["Cache-Control"] == "no-store"
        assert "unsafe" not in response["Content-Security-Policy"]

    @on_one_database
    def test_a_forged_form_is_refused_with_words_of_our_own(self, site: Site, editor: User):
        client = Client(enforce_csrf_checks=True)
        response = client.post("/admin/login/", {"username": editor.username, "password": PASSWORD})
        assert response.status_code == 403
        page = parse(response.content)
        assert page.all("link[rel=stylesheet]")[0]["href"].startswith("/static/site/")
        assert "403" in page.one("main").words


@on_one_database
class TestMedia:
    @pytest.fixture
    def files(self, story: Article) -> list[str]:
        return Picture.objects.get().files

    def test_public_pictures_are_kept_for_ever(self, client: Client, files: list[str]):
        assert len(files) >= 2
        for name in files:
            response = client.get(f"/media/{name}")
            assert response.status_code == 200
            assert response["Content-Type"] == ("image/webp" if name.endswith("webp") else "image/jpeg")
            assert response["Cache-Control"] == "public, max-age=31536000, immutable"
            assert "sandbox" in response["Content-Security-Policy"]
            assert not response.cookies
            response.close()

    @pytest.mark.parametrize(
        "name", ["secret.html", "secret.svg", "secret.txt", "secret", "secret.jpg.html", "secret.JPG"]
    )
    def test_nothing_but_pictures_is_served_whatever_lies_there(self, name: str, client: Client, story: Article):
        public_store().save(name, ContentFile(b"<script>x()</script>"))
        assert client.get(f"/media/{name}").status_code == 404

    def test_private_files_are_not_served(self, client: Client, editor: User, desk: Desk, site: Site):
        picture = factories.make_picture(editor)
        make_article(editor, lead_picture=picture)
        for name in picture.files:
            assert private_store().exists(name)
            assert client.get(f"/media/{name}").status_code == 404
            for way in ("../private/", "..%2fprivate%2f", "%2e%2e/private/", "x/../../private/", "..\\private\\"):
                assert client.get(f"/media/{way}{name}").status_code == 404, way

    OUT = (
        "../newsroom.sqlite3", "..%2f..%2fetc%2fpasswd", "/etc/passwd", "%2fetc%2fpasswd.jpg", "....//....//x.jpg",
        "x%00.jpg", "x.jpg%00", "x.jpg/", "pictures", "pictures/", ".jpg", "~/x.jpg", "C:\\x.jpg", "%ff.jpg", "🌾.jpg",
        "a" * 300 + ".jpg", "a/" * 2000 + "x.jpg", "con.jpg",
    )  # fmt: skip

    def test_no_way_leads_out_of_the_store(self, case: Case, client: Client, story: Article):
        for file in ("secret.jpg", "newsroom.sqlite3"):
            (Path(public_store().path("")).parent / file).write_bytes(b"secret")
        for path in ("/media/../secret.jpg", "/media/%2e%2e/secret.jpg"):
            assert client.get(path).status_code == 404
        for name in self.OUT:
            with case(name=name):
                assert client.get(f"/media/{quote(name, safe='/%')}").status_code == 404

    def test_a_folder_is_not_a_picture(self, client: Client, story: Article):
        (Path(public_store().path("")) / "folder.jpg").mkdir()
        assert client.get("/media/folder.jpg").status_code == 404
