"""Making anew what a purge took away and readers are about to ask for, so that none of them waits for it."""

from django.conf import settings
from django.utils.module_loading import import_string

from newsroom.delivery import stores
from newsroom.delivery.kept import Kept


def refill() -> int:
    """For the worker: what readers ask for first of all that was purged since the last time, by the application itself;
    the number of answers."""
    keys = stores.store().wanted() if settings.PAGE_STORE else []
    if not keys:
        return 0
    door: Kept = import_string(settings.WSGI_APPLICATION)
    return sum(door.fill(address) for address in import_string(settings.FIRST_READ)(keys))
