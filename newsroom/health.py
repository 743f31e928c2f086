"""Whether this process answers, and whether it can work."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse


def live(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"live": True}, headers={"Cache-Control": "no-store"})


def ready(request: HttpRequest) -> HttpResponse:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"ready": False, "database": False}, status=503, headers={"Cache-Control": "no-store"})
    return JsonResponse({"ready": True, "database": True}, headers={"Cache-Control": "no-store"})
