"""Whether this process answers, and whether it can work."""

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.module_loading import import_string


def live(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"live": True}, headers={"Cache-Control": "no-store"})


def ready(request: HttpRequest) -> HttpResponse:
    """503 without a database. What is late (settings.HEALTH) is told, and changes no status: readers can read."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        late = {name: bool(import_string(path)()) for name, path in settings.HEALTH.items()}
    except DatabaseError:
        return JsonResponse({"ready": False, "database": False}, status=503, headers={"Cache-Control": "no-store"})
    return JsonResponse({"ready": True, "database": True} | late, headers={"Cache-Control": "no-store"})
