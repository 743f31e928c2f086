"""How a reader came decides whether an answer may be kept: a proxy says so, and nobody else is believed."""

from typing import Any

import pytest

from newsroom.delivery.kept import Kept


def door(*, secure: bool = True, proxied: bool = True) -> Kept:
    def nobody(*_: Any) -> Any:
        raise AssertionError("nothing is asked here")

    return Kept(nobody, nobody, site="news.example", hosts=frozenset({"news.example"}), secure=secure,
                allowed=lambda _: frozenset(), proxied=proxied)  # fmt: skip


def asked(**said: str) -> dict[str, Any]:
    return {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "wsgi.url_scheme": "http"} | said


@pytest.mark.parametrize("told", ["https", "https, http", " https "])
def test_what_came_over_tls_is_kept_though_the_proxy_speaks_http(told: str):
    assert door().address_of(asked(HTTP_X_FORWARDED_PROTO=told)) == "/"


@pytest.mark.parametrize("told", ["http", "", "http, https", "HTTPS"])
def test_what_came_without_is_not(told: str):
    assert door().address_of(asked(HTTP_X_FORWARDED_PROTO=told)) is None
    assert door().address_of(asked()) is None


def test_without_a_proxy_nobody_is_believed():
    assert door(proxied=False).address_of(asked(HTTP_X_FORWARDED_PROTO="https")) is None
    assert door(secure=False, proxied=False).address_of(asked(HTTP_X_FORWARDED_PROTO="https")) == "/"
