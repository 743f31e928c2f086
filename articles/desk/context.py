"""What every page of the desk shows: the newspaper's name, the way round the desk, and the languages to choose from."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from articles.desk.alerts_view import bell
from articles.desk.home import home
from articles.desk.timing_view import late_at
from articles.models import Site, site_language
from articles.publishing.rights import Right, may

# The rail, in the order in which a day at the desk needs it. A model that is not named here has no place on it.
RAIL: list[tuple[Any, list[str]]] = [
    ("", ["article", "front", "errorreport", "picture"]),
    (_("Record"), ["duty", "decision", "event"]),
    (_("Library"), ["person", "topic", "source", "tag", "place", "channel", "glossaryentry", "stylerule"]),
    (_("House"), ["user", "desk", "site", "page"]),
]


def desk(request: HttpRequest) -> dict[str, Any]:
    if not request.path_info.startswith("/admin/"):
        return {}
    names = dict(settings.LANGUAGES)
    return {
        "newspaper": SimpleLazyObject(Site.objects.first),
        "newspaper_language": site_language().value,
        "desk_languages": [(code, names[code]) for code in settings.DESK_LANGUAGES],
        "desk_nav": SimpleLazyObject(lambda: _rail(request)),
        "schedules_late": SimpleLazyObject(lambda: late_at(request.user)),
        "bell": SimpleLazyObject(lambda: bell(request)),
        "home": SimpleLazyObject(lambda: home(request)),
    }


def _rail(request: HttpRequest) -> list[dict[str, Any]]:
    """The groups of places that this person may go to, with the one they are at marked."""
    if "_popup" in request.GET or "_popup" in request.POST:
        return []
    index = reverse("admin:index")
    start = {"model": "index", "name": now("Home"), "url": index, "here": "page" if request.path == index else ""}
    groups = []
    for name, models in RAIL:
        places = [place for model in models if (place := _place(request, model))]
        if not name:
            places.insert(0, start)
            if may(request.user, Right.WRITE):
                places.insert(2, _calendar(request))
        if places:
            groups.append({"name": name, "places": places})
    return groups


def _calendar(request: HttpRequest) -> dict[str, Any]:
    url = reverse("desk-calendar")
    return {"model": "calendar", "name": now("Calendar"), "url": url, "here": "page" if request.path == url else ""}


def _place(request: HttpRequest, model_name: str) -> dict[str, Any] | None:
    model = apps.get_model("articles", model_name)
    if not admin.site.get_model_admin(model).has_view_permission(request):
        return None
    url = reverse(f"admin:articles_{model_name}_changelist")
    here = "page" if request.path == url else "true" if request.path.startswith(url) else ""
    return {"model": model_name, "name": model._meta.verbose_name_plural, "url": url, "here": here}
