"""The newsroom, whose processes forget before each answer to a reader what they made for the ones before: how long a
page takes then depends on the archive alone, not on how much of it a process remembers."""

from collections.abc import Callable, Iterable
from typing import Any

from articles.site.remembered import forget
from newsroom.wsgi import application as newsroom


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    if not environ["PATH_INFO"].startswith("/admin/"):
        forget()
    return newsroom(environ, start_response)
