"""The person's own choice of the desk's language."""

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from articles.models import User


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    code = request.POST.get("language", "")
    if code in settings.DESK_LANGUAGES and isinstance(request.user, User):
        request.user.language = code
        request.user.save(update_fields=["language"])
    back = request.POST.get("next", "")
    inside = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(back if inside else reverse("admin:index"))


choose_language = admin.site.admin_view(choose)
