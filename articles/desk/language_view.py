"""The person's own choice of the desk's language."""

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from articles.desk.login import inside
from articles.models import User


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    code = request.POST.get("language", "")
    if code in settings.DESK_LANGUAGES and isinstance(request.user, User):
        request.user.language = code
        request.user.save(update_fields=["language"])
    return HttpResponseRedirect(inside(request, request.POST.get("next", "")))


choose_language = admin.site.admin_view(choose)
