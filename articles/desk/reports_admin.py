"""Readers' reports as a queue: what waits, by when, and what became of the others (report_view.py shows one)."""

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.views.main import SEARCH_VAR
from django.db.models import Case, F, Q, QuerySet, When
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from articles.desk import report_view
from articles.desk.base import ReadOnlyAdmin, short_time, sought
from articles.desk.report_marks import clock, state_mark
from articles.models import ErrorReport, User
from articles.publishing.report_error import passage_of
from articles.publishing.rights import Right, desks_where, may
from articles.publishing.triage import WAITING

State = ErrorReport.State
EXCERPT = 60  # characters of a passage in the list
MOST_COUNTED = 1000


def of_user(user: User) -> "QuerySet[ErrorReport]":
    """The reports that this person may see: those of the desks where they correct."""
    if user.is_active and user.is_superuser:
        return ErrorReport.objects.all()
    return ErrorReport.objects.filter(desk__in=list(desks_where(user, Right.CORRECT).values_list("pk", flat=True)))


def waiting_for(user: User) -> dict[str, Any]:
    """For the desk's first page: how many reports wait, how many of them too long; empty where there is none to tell.

    Counted up to MOST_COUNTED.
    """
    if not may(user, Right.CORRECT):
        return {}
    waiting = of_user(user).filter(WAITING)
    moment = timezone.now()
    late = waiting.filter(Q(decide_by__lt=moment) | Q(state=State.RECEIVED, acknowledge_by__lt=moment))
    counted = {"open": waiting[:MOST_COUNTED].count(), "overdue": late[:MOST_COUNTED].count()}
    return counted | {"url": reverse("admin:articles_errorreport_changelist")} if counted["open"] else {}


def asked_for(request: HttpRequest) -> str:
    return sought(request.GET.get(SEARCH_VAR, "")).strip()


class QueueFilter(admin.SimpleListFilter):
    """What waits, unless something else is asked for."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [*State.choices, ("all", _("all"))]

    def choices(self, changelist: Any) -> Any:
        first, *others = super().choices(changelist)
        yield first | {"display": now("waiting")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        chosen = self.value()
        if chosen in State.values:
            return queryset.filter(state=chosen)
        if chosen == "all" or asked_for(request):
            return queryset
        return queryset.filter(WAITING)


class DeskFilter(admin.RelatedFieldListFilter):
    """The desks whose reports this person may see."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[tuple[Any, Any]]:
        theirs = desks_where(request.user, Right.CORRECT)  # type: ignore[arg-type]
        return [(desk.pk, str(desk)) for desk in theirs]


@admin.register(ErrorReport)
class ReportAdmin(ReadOnlyAdmin):
    right = to_look = Right.CORRECT
    empty_hint = _("No report waits. What readers write on the form at each story comes in here.")
    list_display = ["story", "says", "stands", "due"]
    list_display_links = ["story"]
    list_filter = [QueueFilter, "track", ("desk", DeskFilter)]
    list_select_related = ["article", "desk"]
    search_fields: ClassVar[list[str]] = ["reference"]
    search_help_text = _("Reference, or the content code of the story")

    def get_queryset(self, request: HttpRequest) -> Any:
        owed = Case(When(state=State.RECEIVED, then=F("acknowledge_by")), default=F("decide_by"))
        return of_user(request.user).defer("article__body").annotate(owed=owed)  # type: ignore[arg-type]

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        """What waits by its term; what is done, the latest first."""
        return ["-received_at", "-pk"] if request.GET.get("state") or asked_for(request) else ["owed", "pk"]

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        term = sought(search_term).strip()
        if not term:
            return queryset, False
        return queryset.filter(Q(reference=term.upper()) | Q(article__code=term.lower())), False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        asked = {QueueFilter.parameter_name, "desk__id__exact"}
        return lookup in asked or super().lookup_allowed(lookup, value, request)

    def has_view_permission(self, request: HttpRequest, obj: ErrorReport | None = None) -> bool:
        return may(request.user, Right.CORRECT, obj.desk_id if obj else None)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return report_view.report_page(request, object_id, of_user(request.user))  # type: ignore[arg-type]

    # --- columns ----------------------------------------------------------------------------------------------

    @admin.display(description=_("story"))
    def story(self, report: ErrorReport) -> str:
        return format_html(
            '<span class="headline" lang="{}">{}</span> <small class="code">{}</small>',
            report.article.language, report.article.headline, report.reference,
        )  # fmt: skip

    @admin.display(description=_("what it is about"))
    def says(self, report: ErrorReport) -> str:
        passage, _found = passage_of(report)
        words = passage.exact if passage else report.wrong or report.reply
        excerpt = words if len(words) <= EXCERPT else words[:EXCERPT].rstrip() + "…"
        mark = now("reply of a person concerned") if report.track == ErrorReport.Track.REPLY else ""
        return format_html('{}<span lang="{}">{}</span>',
                           format_html('<span class="track">{}</span> ', mark) if mark else "",
                           report.article.language, excerpt)  # fmt: skip

    @admin.display(description=_("state"))
    def stands(self, report: ErrorReport) -> str:
        return state_mark(report)

    @admin.display(description=_("term"))
    def due(self, report: ErrorReport) -> str:
        return clock(report) or short_time(report.received_at, report.desk.zone)
