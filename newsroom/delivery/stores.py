"""The stores of this newsroom, as its settings name them."""

import contextlib
import functools
import logging
import os
import secrets
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError, connections
from django.utils.module_loading import import_string

from newsroom.delivery import outer, page_headers
from newsroom.delivery.disk import DiskStore
from newsroom.delivery.kept import Application, Kept
from newsroom.delivery.store import Closed, Leased, Purged, Store

log = logging.getLogger(__name__)
_known_by_doors: list[dict[int, Store]] = []  # a process has one door


def store() -> Store:
    """The one that answers. Each process opens it for itself; where it cannot, it keeps and answers nothing."""
    try:
        return _opened(settings.PAGE_STORE, newsroom(), made_for(), os.getpid())
    except (OSError, sqlite3.Error) as error:
        log.warning("the page store %s cannot be opened: %s", settings.PAGE_STORE, error)
        return Closed(str(error))


def forget() -> None:
    """Let who asks next open it anew."""
    _opened.cache_clear()
    for known in _known_by_doors:
        known.clear()


def leased() -> Leased | None:
    """That which a worker must keep answering."""
    found = store() if settings.PAGE_STORE else None
    return found if isinstance(found, Leased) else None


def newsroom() -> str:
    """What all its machines call it, whatever way each takes to the database."""
    return f"{settings.SITE_ADDRESS}\n{connections['default'].settings_dict['NAME']}"


def settle() -> None:
    """Before a process answers: the store is emptied if it was another newsroom's, or if the machine has started anew;
    and where a web server in front looks for pages (deploy/nginx.conf), there are none but those of this store."""
    usual = settings.DATA_DIR / "pages"
    if settings.PAGE_STORE:
        store()
    if str(usual) != settings.PAGE_STORE:
        away = usual / f"away-{secrets.token_hex(4)}"
        with contextlib.suppress(FileNotFoundError):  # there is none, or another process was quicker
            (usual / "open").rename(away)
        shutil.rmtree(away, ignore_errors=True)


def made_for() -> str:
    """What kept pages are made for: with another address, database, release or setting they are none of this
    newsroom's."""
    database = connections["default"].settings_dict
    return f"{settings.SITE_ADDRESS}\n{database['HOST']}\n{database['NAME']}\n{settings.PAGES_MADE_FOR}"


def all_of_them() -> list[Purged]:
    """Those to purge, in this order: what a cache in front fetches after its own comes from a store that was purged."""
    return [store(), *outer.opened(settings.OUTER_CACHES, store())] if settings.PAGE_STORE else []


@functools.lru_cache(maxsize=4)
def _opened(where: str, newsroom: str, made_for: str, process: int) -> Store:
    if "://" in where:
        from newsroom.delivery.redis_store import RedisStore  # a library that only who has several machines needs

        return RedisStore(where, of=newsroom, made_for=made_for)
    pages = None if settings.OUTER_CACHES else page_headers.of_page  # with orders, no two pages have the same headers
    return DiskStore(Path(where), made_for=made_for, pages=pages)


def door(application: Application) -> Kept:
    """The application, behind the store. What a killed process left to be purged is gone before it answers."""
    try:
        import_string(settings.PURGE_DUE)()
    except DatabaseError as error:
        log.warning("whether purges are owed is not known: %s", error)
    finally:  # this process may be forked from here on
        connections["default"].close()
        store().close()
        forget()
    return Kept(
        application,
        _once_a_process(store),
        site=urlsplit(settings.SITE_ADDRESS).netloc,
        hosts=hosts(),
        secure=settings.SECURE_TLS,
        allowed=import_string(settings.KEPT_BY),
        orders=outer.orders(settings.OUTER_CACHES),
        proxied=settings.BEHIND_PROXY,
    )


def _once_a_process(opened: Callable[[], Store]) -> Callable[[], Store]:
    """What a store is of does not change while a process runs: to find it anew took two thirds of the time of a hit.
    One that could not be opened is tried again."""
    known: dict[int, Store] = {}
    _known_by_doors.append(known)

    def found() -> Store:
        process = os.getpid()
        if process in known:
            return known[process]
        here = opened()
        if not isinstance(here, Closed):
            known[process] = here
        return here

    return found


def hosts() -> frozenset[str]:
    """What a request's Host may say: the configured names, with the configured port or, behind a proxy, without."""
    port = urlsplit(settings.SITE_ADDRESS).port
    return frozenset(one for name in settings.ALLOWED_HOSTS for one in (name, f"{name}:{port}" if port else name))
