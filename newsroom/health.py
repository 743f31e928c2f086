"""Whether this process answers, and whether it can work."""

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.module_loading import import_string
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe


@csrf_exempt  # they change nothing; a POST is told 405, not 403
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"live": True}, headers={"Cache-Control": "no-store"})


@csrf_exempt
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """503 without a database. What is late (settings.HEALTH) is told, and changes no status: readers can read."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        late = {name: bool(import_string(path)()) for name, path in settings.HEALTH.items()}
    except DatabaseError:
        return JsonResponse({"ready": False, "database": False}, status=503, headers={"Cache-Control": "no-store"})
    return JsonResponse({"ready": True, "database": True} | late, headers={"Cache-Control": "no-store"})
