"""Whose request this is, as far as limits need to know."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


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
