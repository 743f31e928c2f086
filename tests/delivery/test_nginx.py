"""A real nginx of deploy/nginx.conf on the store's own files: the same answers as the newsroom's, and none for long."""

import io
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.test import override_settings
from django.utils.module_loading import import_string
from whitenoise.compress import Compressor

from articles.models import User
from newsroom.delivery import page_headers, stores
from newsroom.delivery.disk import DiskStore
from newsroom.delivery.kept import Kept
from newsroom.delivery.store import PurgeUnconfirmed
from tests.conftest import CommittedDatabase
from tests.harness import front
from tests.harness.once import on_one_database
from tests.harness.small_site import HOST, Answer, SmallSite, ask, served
from tests.harness.threads import read_while_written
from tests.journeys.reader_pages import whole_newspaper

TEXT = "<p>" + "雪" * 400
OF_THE_SERVER = {"server", "date", "connection", "keep-alive", "transfer-encoding"}
FORMS = {"br, gzip": "br", "gzip, deflate": "gzip", "br;q=0, gzip": "gzip", "": "", "identity": "", "gzip;q=0": ""}


@dataclass
class Front:
    """A small site, and nginx before it, on the same files."""

    site: SmallSite
    store: DiskStore
    port: int

    def both(self, target: str, method: str = "GET", **headers: str) -> tuple[Answer, Answer]:
        """nginx's answer, and the newsroom's own."""
        return ask(self.port, target, method, **headers), ask(self.site.port, target, method, **headers)

    def is_asked(self, target: str, method: str = "GET", **headers: str) -> bool:
        """Whether nginx asks the newsroom for this."""
        before = len(self.site.door_asked)
        ask(self.port, target, method, **headers)
        return len(self.site.door_asked) > before


def same(answer: Answer) -> tuple[int, dict[str, str], bytes]:
    return (
        answer.status,
        {name: value for name, value in answer.headers.items() if name not in OF_THE_SERVER},
        answer.body,
    )


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    store = DiskStore(tmp_path_factory.mktemp("nginx") / "pages", made_for="this", pages=lambda _: headers())
    site = SmallSite(store, headers=headers())
    with served(site), front.nginx(store.folder, site.port) as port:
        yield Front(site, store, port)


def headers() -> tuple[tuple[str, str], ...]:
    """Of a page in the site's own language, over https, which nginx takes for granted."""
    with override_settings(SECURE_TLS=True):
        return page_headers.of_page("/")


@pytest.fixture
def before(running: Front) -> Front:
    running.site.texts = {"/": TEXT, "/p/": TEXT, "/tag/青稞/": TEXT, "/p/more/": TEXT, "/x": TEXT}
    running.site.before = running.site.after = bool
    running.store.clear()
    for path in running.site.texts:
        assert ask(running.site.port, quote(path)).status == 200
    return running


class TestTheSameBothWays:
    @pytest.mark.parametrize("target", ["/", "/p/", "/tag/%E9%9D%92%E7%A8%9E/", "/tag/%e9%9d%92%e7%a8%9e/", "/%70/"])
    @pytest.mark.parametrize("accepts", FORMS)
    def test_in_each_form(self, before: Front, target: str, accepts: str):
        for method in ("GET", "HEAD"):
            here, there = before.both(target, method, Accept_Encoding=accepts)
            assert same(here) == same(there)
            assert here.headers.get("content-encoding", "") == FORMS[accepts]
            assert here.headers["vary"] == "Accept-Encoding"
            assert "last-modified" not in here.headers
        assert not before.is_asked(target, Accept_Encoding=accepts)

    def test_who_has_it_is_told_so(self, before: Front):
        tags = {form: ask(before.port, "/p/", Accept_Encoding=form).headers["etag"] for form in ("br", "gzip", "")}
        assert len(set(tags.values())) == 3
        for form, tag in tags.items():
            for known in (tag, f"W/{tag}", f'"x", {tag}', "*", f'"x{tag[1:]}', *tags.values()):
                here, there = before.both("/p/", Accept_Encoding=form, If_None_Match=known)
                assert (here.status, here.body) == (there.status, there.body), known
                for name in ("etag", "cache-control", "vary"):
                    assert here.headers[name] == there.headers[name]
            since = "Fri, 01 Jan 2140 00:00:00 GMT"
            here, there = before.both("/p/", Accept_Encoding=form, If_Modified_Since=since)
            assert (here.status, there.status) == (200, 200)

    def test_a_short_page_is_sent_as_it_is(self, before: Front):
        before.site.change("/p/", "<p>short", before.store)
        ask(before.site.port, "/p/")
        here, there = before.both("/p/", Accept_Encoding="br, gzip")
        assert same(here) == same(there)
        assert not before.is_asked("/p/")

    def test_a_change_of_one_letter_has_another_etag(self, before: Front):
        first = ask(before.port, "/p/")
        before.site.change("/p/", TEXT[:-1] + "雨", before.store)
        ask(before.site.port, "/p/")
        second = ask(before.port, "/p/", If_None_Match=first.headers["etag"])
        assert (second.status, second.text[-1]) == (200, "雨")
        before.site.change("/p/", TEXT, before.store)
        ask(before.site.port, "/p/")
        assert ask(before.port, "/p/", If_None_Match=first.headers["etag"]).status == 304

    def test_a_part_of_a_page_is_the_whole(self, before: Front):
        here, there = before.both("/p/", Range="bytes=0-3")
        assert same(here) == same(there)


class TestWhatTheNewsroomAnswers:
    @pytest.mark.parametrize(
        "target",
        ["/p/?utm_source=x", "/p", "/x", "//", "//p/", "/p//", "/p/../", "/none/../p/", "/none/%2e%2e/p/", "/./p/",
         "/p%2f", "/p%2fmore/", "/p/.page", "/p/.page.gz", "/p/.entry", "/.page", "/.entry", "/p/more/../.entry",
         "/closed/", "/p/.none/", "/.none/", "/p/%3Futm/", "/generation", "/keys.sqlite3", "/p/#x"],
    )  # fmt: skip
    def test_any_address_that_is_not_just_a_pages_own(self, before: Front, target: str):
        here, there = before.both(target)
        assert (here.status, here.body) == (there.status, there.body)
        assert before.is_asked(target)
        assert b'"keys"' not in here.body

    @pytest.mark.parametrize("target", ["/%2e%2e/p/", "/../p/", "/p%00/"])
    def test_but_what_can_be_no_address(self, before: Front, target: str):
        assert ask(before.port, target).status == 400

    @pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PURGE"])
    def test_any_other_method(self, before: Front, method: str):
        assert before.is_asked("/p/", method)

    def test_a_page_with_a_header_of_its_own(self, before: Front):
        before.site.headers = (*headers(), ("Link", '<https://news.example/a/x/v/1/>; rel="memento"'))
        try:
            before.site.change("/p/", TEXT, before.store)
            ask(before.site.port, "/p/")
            here, there = before.both("/p/")
            assert same(here) == same(there)
            assert "memento" in here.headers["link"]
        finally:
            before.site.headers = headers()

    def test_a_page_that_it_may_not_read(self, before: Front):
        """nginx is of the group: what others on the machine wrote with narrower rights is the newsroom's to answer."""
        page = before.store.folder / "open/p/.page"
        page.unlink()
        page.mkdir()  # root may read everything; a folder nobody can send
        for packed in page.parent.glob(".page.*"):
            packed.unlink()
        assert before.is_asked("/p/")
        page.rmdir()


class TestFreshness:
    def test_what_was_purged_is_gone(self, before: Front):
        assert not before.is_asked("/p/")
        before.site.change("/p/", "after", before.store)
        assert ask(before.port, "/p/").text == "after"
        assert not before.is_asked("/p/more/")

    def test_readers_never_get_what_is_older_than_the_last_purge(self, before: Front):
        def write(number: int) -> None:
            before.site.change("/p/", f"<p>{number:04}" + "雪" * 400, before.store)

        def read(form: str) -> int | None:
            answer = ask(before.port, "/p/", Accept_Encoding=form)
            assert answer.status == 200
            return None if form else int(answer.text[3:7])

        write(0)
        readers = [partial(read, form) for form in ("", "gzip", "br", "")]
        stale, reads = read_while_written(write, *readers, writes=100, each=4)
        assert stale == []
        assert reads >= 400

    def test_where_a_purge_fails_nothing_is_found_until_one_succeeds(self, before: Front):
        """One of two folders cannot be emptied; which of the pages are gone nobody can say."""
        assert not before.is_asked("/p/")
        assert not before.is_asked("/p/more/")
        page = before.store.folder / "open/p/more/.page"
        page.unlink()
        page.mkdir()  # no file, so that it cannot be taken away as one
        (page / "full").touch()
        with pytest.raises(PurgeUnconfirmed):
            before.store.purge(["p:/p/more/"])
        for target in ("/", "/p/", "/p/more/"):
            before.site.texts[target] = "after"
            assert ask(before.port, target).text == "after"
            assert before.is_asked(target)
        before.store.purge([])
        ask(before.site.port, "/p/")
        assert not before.is_asked("/p/")


def test_the_shipped_server_needs_no_brotli(tmp_path: Path):
    store = DiskStore(tmp_path / "pages", made_for="this", pages=lambda _: headers())
    site = SmallSite(store, headers=headers(), texts={"/p/": TEXT})
    with served(site), front.nginx(store.folder, site.port, brotli=False) as port:
        ask(site.port, "/p/")
        asked = len(site.door_asked)
        assert same(ask(port, "/p/", Accept_Encoding="br, gzip")) == same(ask(site.port, "/p/", Accept_Encoding="gzip"))
        assert len(site.door_asked) == asked + 1


def test_another_store_leaves_no_pages_where_nginx_looks(data_folder: Path):
    """Or it would send them for ever: nobody purges them any more."""
    here = data_folder / "pages"
    with override_settings(PAGE_STORE=str(here)):
        stores.settle()
        (here / "open/p").mkdir()
        stores.settle()
        assert (here / "open/p").exists()
    with override_settings(PAGE_STORE=""):
        stores.settle()
    assert not (here / "open").exists()
    assert not list((data_folder / "pages").glob("away-*"))


def test_styles_are_sent_as_they_were_packed(before: Front):
    """By whitenoise, when they are collected; their names hold the digest of their content."""
    style = before.store.folder.parent / "static/site/base.0123456789ab.css"
    style.parent.mkdir(parents=True, exist_ok=True)
    style.write_text("p { color: red }\n" * 200)
    Compressor(quiet=True).compress(str(style))
    for form, suffix in {"br": ".br", "gzip": ".gz", "": ""}.items():
        answer = ask(before.port, "/static/site/base.0123456789ab.css", Accept_Encoding=form)
        assert answer.body == style.with_name(style.name + suffix).read_bytes()
        assert answer.headers.get("content-encoding", "") == form
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["vary"] == "Accept-Encoding"


def test_files_are_for_the_group_alone(tmp_path: Path):
    """As newsroom-web.service and newsroom-worker.service have it: UMask=0027."""
    before = os.umask(0o027)
    try:
        store = DiskStore(tmp_path / "pages", made_for="this", pages=lambda _: headers())
        site = SmallSite(store, headers=headers(), texts={"/p/": TEXT})
        site.door.fill("/p/")
    finally:
        os.umask(before)
    modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "pages/open").rglob("*")}
    assert modes == {"p": 0o750, ".page": 0o640, ".page.gz": 0o640, ".page.br": 0o640, ".entry": 0o640}


# --- The newsroom's own pages --------------------------------------------------------------------------------------
HTTPS = {
    "SITE_ADDRESS": f"https://{HOST}", "ALLOWED_HOSTS": [HOST], "SECURE_TLS": True, "SECURE_SSL_REDIRECT": True,
    "SECURE_HSTS_SECONDS": 31536000, "SECURE_HSTS_INCLUDE_SUBDOMAINS": True, "SECURE_HSTS_PRELOAD": True,
}  # fmt: skip
OPEN = {
    "story",
    "corrected story",
    "retracted story",
    "English story",
    "channel",
    "topic",
    "tag",
    "person",
    "place",
    "month",
    "day",
    "year",
    "corrections",
    "history",
    "about",
    "channel, in the other script",
}
NEVER_OPEN = {"edition", "story taken down", "nothing"}  # a header of its own; another status


def asked(door: Kept, target: str, **headers: str) -> Answer:
    path, _, question = target.partition("?")
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path.encode().decode("latin-1"), "QUERY_STRING": question,
               "HTTP_HOST": HOST, "SERVER_NAME": HOST, "SERVER_PORT": "443", "REMOTE_ADDR": "127.0.0.1",
               "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.url_scheme": "https", "wsgi.input": io.BytesIO(),
               "wsgi.errors": io.StringIO()}  # fmt: skip
    said: list[Any] = []
    named = {f"HTTP_{name.upper()}": value for name, value in headers.items()}
    body = b"".join(door(environ | named, lambda *what: said.append(what)))
    return Answer(int(said[-1][0].split()[0]), {name.lower(): value for name, value in said[-1][1]}, body)


@on_one_database  # of which headers know nothing
def test_every_kind_of_page_is_the_same_from_its_file(
    committed_db: CommittedDatabase, data_folder: Path, administrator: User, chief: User, editor: User
):
    with override_settings(PAGE_STORE=str(data_folder / "pages"), PAGES_MADE_FOR="this test", **HTTPS):
        paths = whole_newspaper(administrator, chief, editor)
        door = Kept(WSGIHandler(), stores.store, site=HOST, hosts=frozenset({HOST}), secure=True,
                    allowed=import_string(settings.KEPT_BY))  # fmt: skip
        wanted = {name: path for name, path in paths.items() if "?" not in path and door.allowed(path) is not None}
        wanted |= {f"{name}, in the other script": f"/zh-hans{path}" for name, path in wanted.items()}
        differ, sent = {}, set()
        with front.nginx(data_folder / "pages", front.free_port()) as port:  # behind it there is nobody to ask
            for name, path in wanted.items():
                asked(door, path)
                there, here = asked(door, path, accept_encoding="br"), ask(port, quote(path), Accept_Encoding="br")
                if here.status == 503:
                    continue
                sent.add(name)
                if same(here) != same(there):
                    differ[name] = set(same(here)[1].items()) ^ set(same(there)[1].items())
    assert differ == {}
    assert sorted(OPEN - sent) == []
    assert sorted(NEVER_OPEN & sent) == []
