"""The filters of the list of stories. Each asks what an index holds (tests/desk/test_list_plans.py)."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from articles.models import Article, Channel, User
from articles.publishing.clock import database_now
from articles.publishing.rights import Right, desks_where

Stage = Article.Stage
MOST_COLLEAGUES = 60  # in the filter; a larger house finds the others by their desk
DUE = "due"
# Nobody waits for these: they are done, or given up.
SETTLED = [Stage.PUBLISHED, Stage.SPIKED]


class DeskFilter(admin.RelatedFieldListFilter):
    """The person's own desks."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[Any]:
        return [(desk.pk, str(desk)) for desk in desks_where(request.user, Right.WRITE)]  # type: ignore[arg-type]


class ChannelFilter(admin.RelatedFieldListFilter):
    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[Any]:
        return [(channel.pk, channel.name) for channel in Channel.objects.order_by("path")]


class WhoFilter(admin.SimpleListFilter):
    """Whose turn it is: mine, nobody's, a colleague's; or what I began."""

    title = _("who has it")
    parameter_name = "who"
    FIXED = (("me", _("assigned to me")), ("begun", _("begun by me")), ("nobody", _("nobody")))

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        theirs = desks_where(request.user, Right.WRITE)  # type: ignore[arg-type]
        people = User.objects.filter(is_active=True, memberships__desk__in=theirs).exclude(pk=request.user.pk)  # type: ignore[misc]
        people = people.select_related("person").distinct().order_by("username")[:MOST_COLLEAGUES]
        return [*self.FIXED, *((str(one.pk), str(one)) for one in people)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.value()
        if chosen == "me":
            return queryset.filter(assignee=request.user.pk)
        if chosen == "begun":
            return queryset.filter(created_by=request.user.pk)
        if chosen == "nobody":
            return queryset.filter(assignee=None)
        if chosen in {key for key, _name in self.lookup_choices}:
            return queryset.filter(assignee=int(chosen))
        return queryset


class DueFilter(admin.SimpleListFilter):
    """What must be ready by when. The list then stands in the order of the terms."""

    title = _("due")
    parameter_name = DUE

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("over", _("overdue")), ("day", _("within 24 hours")), ("week", _("within 7 days")), ("any", _("any"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.value()
        if chosen not in dict(self.lookup_choices):
            return queryset
        now = database_now()
        until = {"over": now, "day": now + timedelta(days=1), "week": now + timedelta(days=7)}.get(chosen or "")
        waits = queryset.exclude(stage__in=SETTLED).filter(due_at__isnull=False)
        return waits.filter(due_at__lt=until) if until else waits
