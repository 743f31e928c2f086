"""What no log may hold: the address of a reader's report (/a/…/report/…/) or of a preview link is the key to it."""

import logging
import re

SECRET = re.compile(
    r"(/(?:report|preview)/)[0-9A-Za-z%]{26,}"
)  # converters.Key, or an address that was written a little wrong
# These have handlers of their own, or are read by others' before ours: the web server's, a collector's.
WITH_OTHER_HANDLERS = ("_granian", "granian.access", "django.request", "django.server", "django.security.csrf")


def masked(text: str) -> str:
    return SECRET.sub(r"\1-", text)


class PrivateAddresses(logging.Filter):
    """Lets every record pass, without such an address in its message, its traceback or its request."""

    def filter(self, record: logging.LogRecord) -> bool:
        try:
            message = record.getMessage()
        except Exception:  # logging itself would write out what does not fit together
            message, record.args = f"{record.msg!r} {record.args!r}", None
            record.msg = message
        if SECRET.search(message):
            record.msg, record.args = masked(message), None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text and SECRET.search(record.exc_text):
            record.exc_text, record.exc_info = masked(record.exc_text), None
        request = getattr(record, "request", None)
        if request is not None and SECRET.search(getattr(request, "path", "")):
            record.request = None
        return True


_filter = PrivateAddresses()


def private_addresses() -> logging.Filter:
    """For settings.LOGGING, whose own handlers take it by name; the others keep theirs, which it would take away."""
    for name in WITH_OTHER_HANDLERS:
        logging.getLogger(name).addFilter(_filter)
    return _filter
