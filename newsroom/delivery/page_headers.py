"""The headers of a public HTML page, which are the same for its class of address: another server sends them, too.

deploy/nginx.conf says the same, header by header (tests/delivery/test_nginx.py compares them). A page that says
anything else, or anything more, is sent by the application alone.
"""

from django.conf import settings
from django.utils.module_loading import import_string

from newsroom.delivery.entry import Headers
from newsroom.delivery.public import ALWAYS_ASK, READER_POLICY_LINE
from newsroom.middleware import language_of


def of_page(address: str) -> Headers:
    """All but those that depend on the form."""
    headers = [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Cache-Control", ALWAYS_ASK),
        ("Content-Language", language_of(address) or settings.LANGUAGE_CODE),
        ("Content-Security-Policy", READER_POLICY_LINE),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", settings.X_FRAME_OPTIONS),
        ("Referrer-Policy", settings.SECURE_REFERRER_POLICY),
        ("Cross-Origin-Opener-Policy", settings.SECURE_CROSS_ORIGIN_OPENER_POLICY),
    ]
    if settings.SECURE_TLS:
        headers.append(("Strict-Transport-Security", "max-age=31536000; includeSubDomains; preload"))
    link = import_string(settings.PAGE_LINK)(address)
    return (*headers, ("Link", link)) if link else tuple(headers)
