"""The newsroom's own addresses, and some that fail: so that the pages of failures can be read."""

from django.core.exceptions import BadRequest, PermissionDenied
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import path

from newsroom import urls
from newsroom.urls import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def fails(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("the power failed")


def finds_no_database(request: HttpRequest) -> HttpResponse:
    raise OperationalError("connection refused")


def refuses(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


def does_not_understand(request: HttpRequest) -> HttpResponse:
    raise BadRequest("機密")


urlpatterns = [
    path("fails/", fails),
    path("finds-no-database/", finds_no_database),
    path("refuses/", refuses),
    path("does-not-understand/", does_not_understand),
    *urls.urlpatterns,
]
