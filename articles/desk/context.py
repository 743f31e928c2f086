"""What every page of the desk shows: the newspaper's name, and the languages that the person may choose."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from articles.models import Site


def desk(request: HttpRequest) -> dict[str, Any]:
    if not request.path_info.startswith("/admin/"):
        return {}
    names = dict(settings.LANGUAGES)
    return {
        "newspaper": SimpleLazyObject(Site.objects.first),
        "desk_languages": [(code, names[code]) for code in settings.DESK_LANGUAGES],
    }
