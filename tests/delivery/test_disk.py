"""Kept answers as files: what they do beyond test_stores.py."""

import multiprocessing
import os
import shutil
import signal
import sqlite3
import time
from pathlib import Path

import pytest

from newsroom.delivery.disk import DiskStore, _write, fits
from newsroom.delivery.entry import Entry, made
from newsroom.delivery.store import PurgeUnconfirmed

HTML = (("Content-Type", "text/html; charset=utf-8"),)


def page(text: str = "青稞", *keys: str, status: int = 200, until: float | None = None) -> Entry:
    return made(status, HTML, f"<p>{text * 200}</p>".encode(), keys=keys or ("story:1",), until=until)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "pages"


@pytest.fixture
def store(folder: Path) -> DiskStore:
    return DiskStore(folder, made_for="https://news.example", pages=lambda _: HTML)


def again(store: DiskStore, **changes: str) -> DiskStore:
    """Another process's."""
    return DiskStore(store.folder, pages=lambda _: HTML, **{"made_for": "https://news.example"} | changes)


def put(store: DiskStore, address: str, entry: Entry) -> bool:
    return store.put(address, entry, seen=store.now())


class TestKeeping:
    def test_a_page_lies_where_another_server_finds_it_in_each_form(self, store: DiskStore):
        entry = page()
        put(store, "/a/abc/", entry)
        found = {path.name: path for path in (store.folder / "open/a/abc").iterdir()}
        assert {name: path.read_bytes() for name, path in found.items() if name != ".entry"} == {
            ".page": entry.forms[""], ".page.gz": entry.forms["gzip"], ".page.br": entry.forms["br"],
        }  # fmt: skip
        assert {int(path.stat().st_mtime) for path in found.values()} == {entry.moment}

    @pytest.mark.parametrize(
        "entry",
        [
            page(status=410),
            page(until=time.time() + 86_400),  # a whole run of the suite lies between this line and the test
            made(200, (*HTML, ("Link", "<https://news.example/a/b/>; rel=memento")), b"<p>"),
            made(200, (("Content-Type", "application/rss+xml"),), b"<rss/>"),
            made(200, (("Content-Type", "text/html; charset=big5"),), b"<p>"),
            made(200, (), b"<p>"),
            made(301, (*HTML, ("Location", "/a/")), b""),
        ],
        ids=["a stub", "one with a time", "one with a link", "a feed", "another value", "one less", "a redirect"],
    )
    def test_what_needs_headers_of_its_own_lies_elsewhere(self, store: DiskStore, entry: Entry):
        put(store, "/a/abc/", entry)
        assert list((store.folder / "open").rglob(".page")) == []
        assert again(store).get("/a/abc/") == entry

    def test_an_address_without_its_last_slash_is_another_one(self, store: DiskStore):
        put(store, "/a/abc/", page())
        assert store.get("/a/abc") is None
        assert put(store, "/a/abc", page("另"))
        assert again(store).get("/a/abc/") == store.get("/a/abc/") != again(store).get("/a/abc")

    def test_a_folder_that_somebody_took_away_is_made_anew_by_whoever_comes_first(self, store: DiskStore):
        put(store, "/a/abc/", page("舊"))
        put(store, "/a/def/", page("舊", "story:2"))
        shutil.rmtree(store.folder)
        assert store.get("/a/abc/") is None  # although this process remembers it
        other, newer, newest = again(store), page(), page("新")
        assert put(other, "/a/abc/", newer)
        assert (store.get("/a/abc/"), store.get("/a/def/")) == (newer, None)
        store.purge(["story:1"])
        assert other.get("/a/abc/") is None
        assert put(store, "/a/abc/", newest)
        assert other.get("/a/abc/") == newest

    def test_a_folder_that_somebody_moved_is_no_longer_believed(self, store: DiskStore):
        put(store, "/a/abc/", page("舊"))
        store.folder.rename(store.folder.with_name("moved"))
        assert store.get("/a/abc/") is None  # although this process remembers it
        other, newer = again(store), page()
        assert put(other, "/a/abc/", newer)
        assert store.get("/a/abc/") == newer
        other.purge(["story:1"])
        assert store.get("/a/abc/") is None

    def test_a_generation_that_was_lost_takes_all_with_it(self, store: DiskStore):
        put(store, "/a/abc/", page("舊"))
        (store.folder / "generation").unlink()
        assert again(store).get("/a/abc/") is None
        assert store.get("/a/abc/") is None

    def test_nothing_lies_open_where_no_other_server_knows_what_to_say(self, folder: Path):
        store = DiskStore(folder, made_for="here")
        assert put(store, "/a/abc/", page())
        assert list((store.folder / "open").rglob(".page")) == []

    def test_a_page_that_becomes_a_stub_is_no_page_any_more(self, store: DiskStore):
        put(store, "/a/abc/", page())
        put(store, "/a/abc/", page(status=410))
        assert list((store.folder / "open").rglob(".page")) == []
        assert again(store).get("/a/abc/").status == 410  # type: ignore[union-attr]

    @pytest.mark.parametrize(
        "address", ["/a//b/", "/.well-known/x", "/a/../b/", "/a/?x=1", "/a\0b/", "/" + "長" * 100, "/a"]
    )
    def test_no_odd_address_becomes_a_path(self, address: str):
        assert not fits(address)


class TestPurging:
    def test_nothing_is_stored_while_one_is_under_way(self, store: DiskStore):
        store._generation.begin()
        assert not put(store, "/a/1/", page())

    def test_where_it_fails_nothing_is_answered_until_one_succeeds(
        self, store: DiskStore, monkeypatch: pytest.MonkeyPatch
    ):
        other = again(store)
        put(store, "/a/1/", page())
        put(store, "/a/2/", page("2", "story:2"))
        assert other.get("/a/1/")
        assert other.get("/a/2/")

        def full(*_: object, **__: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(store, "_take_away", full)
        with pytest.raises(PurgeUnconfirmed, match="No space left"):
            store.purge(["story:1"])
        monkeypatch.undo()
        assert other.get("/a/1/") is None
        assert other.get("/a/2/") is None
        assert not put(other, "/a/3/", page())
        other.purge(["story:9"])
        assert other.get("/a/1/") is None  # what the failed one should have taken
        assert put(other, "/a/3/", page())

    def test_what_it_left_is_answered_by_nobody_who_finds_the_folder_made_anew(
        self, store: DiskStore, monkeypatch: pytest.MonkeyPatch
    ):
        put(store, "/a/1/", page())
        shutil.rmtree(store.folder)
        other = again(store)
        assert put(other, "/a/1/", page())

        def full(*_: object, **__: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(other, "_take_away", full)
        monkeypatch.setattr(Path, "rename", full)  # nor can it be moved away
        with pytest.raises(PurgeUnconfirmed):
            other.purge(["story:1"])
        assert store.get("/a/1/") is None


class TestAnotherNewsroom:
    def test_shows_nothing_of_the_one_before_and_that_one_keeps_nothing_here(self, store: DiskStore):
        put(store, "/", page())
        moved = again(store, made_for="https://news.example:8001")
        assert moved.get("/") is None
        assert store.get("/") is None
        assert not put(store, "/", page())
        assert put(moved, "/", page("另"))
        assert store.get("/") is None

    def test_shows_nothing_either_to_who_looks_while_it_comes(self, store: DiskStore, monkeypatch: pytest.MonkeyPatch):
        put(store, "/", page())

        def look_and_write(path: Path, *content: bytes) -> None:
            assert store.get("/") is None
            _write(path, *content)

        monkeypatch.setattr("newsroom.delivery.disk._write", look_and_write)
        moved = again(store, made_for="https://news.example:8001")
        monkeypatch.undo()
        assert put(moved, "/", page("另"))
        assert store.get("/") is None

    def test_after_the_machine_has_started_anew_nothing_is_left(
        self, store: DiskStore, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ):
        put(store, "/", page())
        boot = tmp_path / "boot"
        boot.write_text("another")
        monkeypatch.setattr("newsroom.delivery.disk.BOOT", boot)
        assert again(store).get("/") is None


def _purge_and_die(folder: Path) -> None:
    """A process that is killed in the midst of a purge, when it has said that one is under way."""
    store = DiskStore(folder, made_for="https://news.example")
    store._take_away = lambda address: os.kill(os.getpid(), signal.SIGKILL)  # type: ignore[method-assign]
    store.purge(["story:1"])


def _put_and_die(folder: Path) -> None:
    """A process that is killed when the keys are written, and half of the files."""
    store = DiskStore(folder, made_for="https://news.example")
    write = "newsroom.delivery.disk._write"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(write, lambda path, *_: os.kill(os.getpid(), signal.SIGKILL) if path.name == ".page" else None)
        store.put("/a/9/", page("9", "story:9"), seen=store.now())


class TestAKilledProcess:
    def run(self, what: object, store: DiskStore) -> None:
        process = multiprocessing.get_context("spawn").Process(target=what, args=[store.folder])  # type: ignore[arg-type]
        process.start()
        process.join(60)
        assert process.exitcode == -signal.SIGKILL

    def test_in_a_purge_leaves_what_the_next_one_takes(self, store: DiskStore):
        put(store, "/a/1/", page())
        self.run(_purge_and_die, store)
        assert not put(store, "/a/2/", page("2"))  # until the outbox has made it good
        store.purge(["story:1"])
        assert store.get("/a/1/") is None
        assert put(store, "/a/2/", page("2"))

    def test_in_a_purge_leaves_nothing_to_who_starts_anew(self, store: DiskStore):
        put(store, "/a/2/", page("2", "story:2"))
        put(store, "/a/1/", page())
        self.run(_purge_and_die, store)
        anew = again(store)
        assert anew.get("/a/1/") is anew.get("/a/2/") is None
        assert put(anew, "/a/1/", page())

    def test_in_keeping_leaves_no_half_page(self, store: DiskStore):
        self.run(_put_and_die, store)
        assert store.get("/a/9/") is None
        assert put(store, "/a/9/", page("9", "story:9"))
        store.purge(["story:9"])
        assert store.get("/a/9/") is None


def test_a_damaged_file_is_no_answer(store: DiskStore):
    put(store, "/a/1/", page())
    (store.folder / "open/a/1/.page").write_bytes(b"<p>")
    assert again(store).get("/a/1/") is None


def test_an_index_that_cannot_be_written_keeps_nothing(store: DiskStore):
    store._index.close()
    assert not put(store, "/a/1/", page())
    with pytest.raises(PurgeUnconfirmed):
        store.purge(["story:1"])
    assert sqlite3.connect(store.folder / "keys.sqlite3").execute("SELECT count(*) FROM stands").fetchone() == (0,)
