"""Where a web server enters (server.py)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
application = get_wsgi_application()

from django.conf import settings  # noqa: E402 - behind the set-up

from newsroom.delivery import stores  # noqa: E402
from newsroom.delivery.kept import without_orders  # noqa: E402

stores.settle()
application = stores.door(application) if settings.PAGE_STORE else without_orders(application)  # type: ignore[assignment]
