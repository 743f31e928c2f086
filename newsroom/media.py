"""Files of the public store, for the embedded default; in production nginx serves them (deploy/nginx.conf)."""

from django.core.exceptions import SuspiciousOperation
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

TYPES = {"webp": "image/webp", "jpg": "image/jpeg"}


@require_safe
def public_file(request: HttpRequest, name: str) -> FileResponse:
    kind = TYPES.get(name.rpartition(".")[2])
    if not kind or "\x00" in name:
        raise Http404
    try:
        if not default_storage.exists(name):
            raise Http404
        response = FileResponse(default_storage.open(name), content_type=kind)
    except (SuspiciousOperation, OSError, ValueError) as error:
        raise Http404 from error
    response["Cache-Control"] = "public, max-age=31536000, immutable"  # the name holds the digest
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
