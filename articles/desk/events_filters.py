"""The filters of the audit trail: what happened, who did it, and on which days. Each asks what an index holds."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib import admin
from django.contrib.admin import ListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models import Event, User
from articles.publishing.events import Verb
from articles.publishing.rights import Right, desks_where

MOST_COLLEAGUES = 500


class Chosen(admin.SimpleListFilter):
    """One of many, from a menu; with the other questions of the list kept."""

    template = "desk/_choice_filter.html"

    def choices(self, changelist: Any) -> Iterator[Any]:
        self.kept = [(name, value) for name, value in changelist.params.items() if name != self.parameter_name]
        return super().choices(changelist)


class VerbFilter(Chosen):
    title = _("what happened")
    parameter_name = "verb"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return sorted(Verb.choices, key=lambda choice: str(choice[1]))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Event]) -> QuerySet[Event]:
        return queryset.filter(verb=self.value()) if self.value() in Verb.values else queryset


class PersonFilter(Chosen):
    """The people of one's own desks; for administrators, everybody."""

    title = _("who")
    parameter_name = "by"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        user: Any = request.user
        people = User.objects.select_related("person").order_by("username")
        if not user.is_superuser:
            people = people.filter(memberships__desk__in=desks_where(user, Right.WRITE)).distinct()
        return [(str(one.pk), str(one)) for one in people[:MOST_COLLEAGUES]]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Event]) -> QuerySet[Event]:
        chosen = self.value()
        return queryset.filter(by=int(chosen)) if chosen in dict(self.lookup_choices) else queryset


class DaysFilter(ListFilter):
    """From one day to another, both of them counted, in the zone of the site; what is no day is left out."""

    title = _("days")
    template = "desk/_days_filter.html"
    NAMES = ("since", "until")

    def __init__(self, request: HttpRequest, params: dict[str, Any], model: Any, model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
        for name in self.NAMES:
            if name in params:
                self.used_parameters[name] = params.pop(name)[-1]

    def has_output(self) -> bool:
        return True

    def expected_parameters(self) -> list[str | None]:
        return list(self.NAMES)

    def choices(self, changelist: Any) -> Iterator[dict[str, Any]]:
        yield {
            "kept": [(name, value) for name, value in changelist.params.items() if name not in self.NAMES],
            "since": self.used_parameters.get("since", ""),
            "until": self.used_parameters.get("until", ""),
        }

    def queryset(self, request: HttpRequest, queryset: QuerySet[Event]) -> QuerySet[Event]:
        since = _midnight(self.used_parameters.get("since", ""), 0)
        until = _midnight(self.used_parameters.get("until", ""), 1)
        if since:
            queryset = queryset.filter(at__gte=since)
        return queryset.filter(at__lt=until) if until else queryset


def _midnight(day: Any, after: int) -> datetime | None:
    try:
        found = date.fromisoformat(day) + timedelta(days=after)
    except (ValueError, OverflowError):
        return None
    if not 2000 <= found.year < 2200:
        return None
    return datetime.combine(found, time(), timezone.get_current_timezone())
