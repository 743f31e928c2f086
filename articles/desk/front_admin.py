"""The fronts of the site and of its channels, in the admin: a list, and beside it pages of their own."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as now

from articles.desk.base import ByRight, desk_page
from articles.desk.front_history import front_rows, history_page
from articles.desk.front_view import candidates_part, editor_page
from articles.desk.today import zone_of
from articles.models import Channel, Front, FrontSchedule
from articles.publishing.rights import Right


@admin.register(Front)
class FrontAdmin(ByRight, admin.ModelAdmin):
    """No row of it is added or changed in a form of Django's: these pages are all there is."""

    right = to_look = Right.FRONT

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("", wrap(self.overview), name="articles_front_changelist"),
            path("<slug:which>/", wrap(editor_page), name="articles_front_editor"),
            path("<slug:which>/candidates/", wrap(candidates_part), name="articles_front_candidates"),
            path("<slug:which>/history/", wrap(history_page), name="articles_front_history"),
        ]

    def overview(self, request: HttpRequest) -> HttpResponse:
        """Every front: what readers see of it since when, and what waits."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        user: Any = request.user
        known = {front.place: front for front in Front.objects.select_related("live__by__person")}
        channels = list(Channel.objects.select_related("parent__parent"))
        fronts = [known.get(0, Front(place=0))]
        for channel in channels:
            front = known.get(channel.pk, Front(place=channel.pk))
            front.channel = channel
            fronts.append(front)
        waits: dict[int, int] = {}
        pending = FrontSchedule.objects.filter(state=FrontSchedule.State.PENDING)
        for place in pending.values_list("front", flat=True)[:500]:
            waits[place] = waits.get(place, 0) + 1
        rows = front_rows(fronts, zone_of(user))
        for row in rows:
            row["waits"] = waits.get(row["front"].place, 0)
        return desk_page(request, "desk/front_list.html", title=now("Fronts"), rows=rows)
