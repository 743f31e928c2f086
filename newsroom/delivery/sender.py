"""Whose request this is, as far as limits need to know; and whether one of our own pages sent it."""

import ipaddress
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest

TWINS = {"127.0.0.1", "localhost", "[::1]"}


def sender(request: HttpRequest) -> str:
    """The network address that limits count by: an IPv4 address, or the /64 that one IPv6 connection has to itself.

    Behind a proxy it is the last one of X-Forwarded-For, which our own proxy wrote; what stands before it anybody may
    have written. Addresses that cannot be read are one and the same, so that no limit can be escaped by them.
    """
    said = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        said = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip() or said
    try:
        address = ipaddress.ip_address(said.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.IPv6Network((int(address) >> 64 << 64, 64)))
    return str(address)


def from_our_page(request: HttpRequest) -> bool:
    """Whether the browser says that the form stood on a page of this site."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return request.headers.get("Origin", "") in our_origins()


def our_origins() -> set[str]:
    address = urlsplit(settings.SITE_ADDRESS)
    origins = {f"{address.scheme}://{address.netloc}"}
    if settings.LOOPBACK:
        port = f":{address.port}" if address.port else ""
        origins |= {f"{address.scheme}://{name}{port}" for name in TWINS}
    return origins
