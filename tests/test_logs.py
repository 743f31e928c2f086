"""No log holds the address of a reader's report, which is the key to it."""

import io
import logging
from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from articles.models import Article, Site
from articles.publishing.report_error import Told, report_error
from newsroom.logs import private_addresses

KEY = "a2b3c4d5e6f7g8h9a2b3c4d5e6"
PRIVATE = f"/zh-hans/a/2345abcd/report/{KEY}/"


@pytest.fixture
def written() -> Iterator[Callable[[], str]]:
    """What our own handler has written."""
    (ours,) = [one for one in logging.getLogger().handlers if private_addresses() in one.filters]
    assert isinstance(ours, logging.StreamHandler)
    out = io.StringIO()
    before = ours.setStream(out)
    yield out.getvalue
    ours.setStream(before)


class Collector(logging.Handler):
    """Somebody else's handler, which looks at all of a record."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        asked = getattr(record, "request", None)
        self.seen.append(f"{self.format(record)} {record.msg} {record.args} {asked.path if asked else ''}")


@pytest.fixture
def collector() -> Iterator[Collector]:
    made = Collector()
    names = ("", "granian.access", "_granian")  # the web server's may not lead on to the others where it runs
    for name in names:
        logging.getLogger(name).addHandler(made)
    yield made
    for name in names:
        logging.getLogger(name).removeHandler(made)


def test_what_is_refused_or_not_there_is_logged_without_it(
    client: Client, published: Article, site: Site, written: Callable[[], str], collector: Collector
):
    receipt = report_error(published, number=1, told=Told(wrong="日期有誤。"), sender="127.0.0.1", language="zh-Hant")
    path = f"/a/{published.code}/report/{receipt.key}/"
    assert client.get(path).status_code == 200
    assert client.post(path, {"act": "take-back"}, headers={"Origin": "https://elsewhere.example"}).status_code == 403
    assert client.delete(path).status_code == 405
    assert client.get(PRIVATE).status_code == 404
    assert client.get(f"{PRIVATE}x").status_code == 404
    told = written() + "\n".join(collector.seen)
    assert f"/a/{published.code}/report/-/" in told
    assert "/zh-hans/a/2345abcd/report/-/" in told
    assert len(collector.seen) == 4
    assert [key for key in (receipt.key, KEY) if key in told] == []


@pytest.mark.parametrize("name", ["_granian", "granian.access", "django.request", "", "articles.site.errors"])
def test_whoever_logs_it_and_however(name: str, written: Callable[[], str], collector: Collector):
    log = logging.getLogger(name)
    log.error("Error handling request %s", PRIVATE)
    log.error('%(r)s "%(f)s" 100%%', {"r": f"GET {PRIVATE} HTTP/1.1", "f": f"https://news.example{PRIVATE}"})
    log.error(f"100% {PRIVATE}")
    log.error("%d", PRIVATE)  # what logging itself would complain of, with all that it has
    try:
        raise ValueError(PRIVATE)
    except ValueError:
        log.exception("it failed")
    assert written().count("/report/-/") == 6
    assert "ValueError: /zh-hans" in written()
    assert KEY not in written()
    if name != "articles.site.errors" and name:  # others' handlers get what is masked at the logger itself
        assert KEY not in "".join(collector.seen)


def test_preview_links_are_kept_out_too(client: Client, site: Site, written: Callable[[], str], collector: Collector):
    assert client.get(f"/preview/{KEY}/").status_code == 404
    assert client.get(f"/preview/{KEY}/picture/x/640.webp").status_code == 404
    told = written() + "\n".join(collector.seen)
    assert "/preview/-/" in told
    assert KEY not in told


def test_everything_else_is_logged_as_it_is(written: Callable[[], str]):
    said = ["Not Found: /a/2345abcd/report/", "/report/archive/2026/03/", "100 %"]
    for text in said:
        logging.getLogger("articles").error(text)
    assert [line.partition("articles ")[2] for line in written().splitlines()] == said
