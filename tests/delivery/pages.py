"""Answers to be kept in tests."""

from newsroom.delivery.entry import Entry, made
from newsroom.delivery.store import Store

HTML = (("Content-Type", "text/html; charset=utf-8"),)


def page(text: str = "青稞", *keys: str, status: int = 200, until: float | None = None) -> Entry:
    return made(status, HTML, f"<p>{text * 200}</p>".encode(), keys=keys or ("story:1",), until=until)


def put(store: Store, address: str, entry: Entry) -> bool:
    return store.put(address, entry, seen=store.now())
