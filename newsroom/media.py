"""Files of the public store, for the embedded default; in production nginx serves them (deploy/nginx.conf) and sends on
here only what is missing."""

from django.core.exceptions import SuspiciousOperation
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from newsroom.delivery.public import ALWAYS_ASK

TYPES = {"webp": "image/webp", "jpg": "image/jpeg"}
GONE = "gone"  # a file of this name, beside where files stood, says that they were taken down; it is never served


@csrf_exempt  # it changes nothing; a POST is told 405, not 403
@require_safe
def public_file(request: HttpRequest, name: str) -> HttpResponseBase:
    kind = TYPES.get(name.rpartition(".")[2])
    if not kind or "\x00" in name:
        raise Http404
    try:
        response = _stored(name, kind)
    except (SuspiciousOperation, OSError, ValueError) as error:
        raise Http404 from error
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _stored(name: str, kind: str) -> HttpResponseBase:
    response: HttpResponseBase
    if default_storage.exists(name):
        response = FileResponse(default_storage.open(name), content_type=kind)
        response["Cache-Control"] = "public, max-age=31536000, immutable"  # the name holds the digest
    elif default_storage.exists(f"{name.rpartition('/')[0]}/{GONE}"):
        response = HttpResponse(status=410, content_type="text/plain; charset=utf-8")
        response["Cache-Control"] = ALWAYS_ASK  # it may come back
    else:
        raise Http404
    return response
