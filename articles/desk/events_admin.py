"""The audit trail: who did what to what, when; to be read, never written here."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import SEARCH_VAR
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils import translation
from django.utils.html import format_html
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from articles.desk.base import ReadOnlyAdmin, desk_page, short_time, sought
from articles.desk.csv_file import csv_answer, csv_lines
from articles.desk.events_filters import DaysFilter, PersonFilter, VerbFilter
from articles.desk.keys import key_of
from articles.models import Article, Decision, Edition, Event, Membership
from articles.publishing.clock import stamp
from articles.publishing.errors import listed
from articles.publishing.events import Door, Verb, note
from articles.publishing.rights import Right, articles_of, events_of, may, with_addresses

MOST = 500  # events on a story's own page
PIECE = 1000  # events that an export reads at once
VERBS = dict(Verb.choices)
DOORS = dict(Door.choices)
STATES: dict[str, Any] = dict(Article.Stage.choices) | dict(Membership.Role.choices)
THINGS = {
    "edition": _("edition"),
    "decision": _("decision of two"),
    "erasure": _("erasure"),
    "report": _("reader’s report"),
    "duty": _("duty"),
    "comment": _("comment"),
    "channel": _("channel"),
    "topic": _("topic"),
    "person": _("person"),
    "source": _("source"),
    "tag": _("tag"),
    "place": _("geographical place"),
    "picture": _("picture"),
    "desk": _("desk"),
    "site": _("site"),
    "glossary": _("glossary"),
    "style": _("house style"),
    "user": _("colleague"),
    "preview-link": _("preview link"),
    "version": _("version"),
    "front": _("front"),
    "arrangement": _("arrangement"),
}
# The parts of a page that somebody changed (publishing.topics.note_changed).
PARTS = {
    "standfirst": _("standfirst"),
    "picture": _("picture"),
    "order": _("order"),
    "end": _("end of the coverage"),
    "facts": _("key facts"),
    "sections": _("sections"),
    "stories": _("stories"),
    "timeline": _("timeline"),
    "line": _("what they do"),
    "biography": _("biography"),
    "portrait": _("portrait"),
    "page": _("has a public page"),
}
KINDS = dict(Edition.Kind.choices) | dict(Decision.Act.choices)


def in_words(thing: str) -> str:
    """“edition 3 correction” as the person's language says it; as it stands where nothing of that name is known."""
    name, *rest = thing.split(" ")
    if name not in THINGS:
        return str(STATES.get(thing, thing))
    return " ".join([str(THINGS[name]), *(str(KINDS.get(word, word)) for word in rest)])


def thing_in_words(event: Event) -> str:
    return in_words(event.thing)


def change_in_words(event: Event) -> str:
    """Stages and roles by their names, what is numbered, and parts of a page; all else as the trail holds it."""
    parts = event.after.split(", ")
    if event.verb in {Verb.TOPIC_CHANGED, Verb.PERSON_CHANGED} and PARTS.keys() >= set(parts):
        return listed([str(PARTS[part]) for part in parts])
    before, after = in_words(event.before), in_words(event.after)
    return f"{before} → {after}" if before and after else after or before


def who_did(event: Event) -> str:
    return str(event.by) if event.by else now("a reader, or nobody")


def story_events(request: HttpRequest, pk: str) -> HttpResponse:
    """What has happened to one story, newest first; takes the place of the admin's own log."""
    article = articles_of(request.user).filter(pk=key_of(pk)).first()  # type: ignore[arg-type]
    if not article:
        raise Http404
    found = article.events.select_related("by__person").order_by("-pk")[:MOST]
    zone = article.desk.zone
    rows = [
        (short_time(event.at, zone), VERBS.get(event.verb, event.verb), thing_in_words(event), change_in_words(event),
         who_did(event))
        for event in found
    ]  # fmt: skip
    return desk_page(request, "desk/events.html", title=now("What has happened"), article=article, rows=rows, most=MOST)


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ["when", "who", "verb_word", "thing_word", "change", "story", "origin"]
    list_display_links = None
    list_filter = [DaysFilter, PersonFilter, VerbFilter, "desk"]
    list_select_related = ["by__person", "article", "desk"]
    search_fields = ["article__code"]
    search_help_text = _("Content code of a story")
    ordering = ["-pk"]
    change_list_template = "desk/event_list.html"
    empty_hint = _("Nothing has happened yet. Every step that decides something is kept here.")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        user: Any = request.user
        return with_addresses(events_of(user), user).defer("article__body").order_by("-pk")

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        term = sought(search_term).strip().lower()
        return (
            queryset.filter(article__in=Article.objects.filter(code=term).values("pk")) if term else queryset
        ), False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        asked = {VerbFilter.parameter_name, PersonFilter.parameter_name, *DaysFilter.NAMES}
        return lookup in asked or super().lookup_allowed(lookup, value, request)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        raise Http404  # a line of the list is all there is

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        """Network addresses are for those who run a desk's people, and only at that desk's lines."""
        shown = list(super().get_list_display(request))
        return [*shown, "network_address"] if may(request.user, Right.PEOPLE) else shown

    def get_urls(self) -> list[URLPattern]:
        return [
            path("export/", self.admin_site.admin_view(self.export), name="articles_event_export"),
            *super().get_urls(),
        ]

    def export(self, request: HttpRequest) -> HttpResponseBase:
        """POST only: what the list shows with the same filters, all of it, as a file. That it was taken is noted."""
        if request.method != "POST":
            raise Http404
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            found = self.get_changelist_instance(request).queryset
        except (IncorrectLookupParameters, DisallowedModelAdminLookup):
            return HttpResponseRedirect(f"{reverse('admin:articles_event_changelist')}?e=1")
        note(Verb.EXPORTED, by=request.user, article=None, thing="event", after=_asked(request))  # type: ignore[arg-type]
        return csv_answer("events.csv", lines(found, addresses=may(request.user, Right.PEOPLE)))

    @admin.display(description=_("time"))
    def when(self, event: Event) -> str:
        return short_time(event.at, event.desk.zone if event.desk else None)

    @admin.display(description=_("what happened"))
    def verb_word(self, event: Event) -> str:
        return str(VERBS.get(event.verb, event.verb))

    @admin.display(description=_("to what"))
    def thing_word(self, event: Event) -> str:
        return thing_in_words(event)

    @admin.display(description=_("before → after"))
    def change(self, event: Event) -> str:
        return change_in_words(event)

    @admin.display(description=_("story"))
    def story(self, event: Event) -> str:
        article: Article | None = event.article
        if not article:
            return ""
        url = reverse("admin:articles_article_history", args=[article.pk])
        return format_html('<a href="{}" lang="{}">{}</a>', url, article.language, article.headline)

    @admin.display(description=_("who"))
    def who(self, event: Event) -> str:
        return who_did(event)

    @admin.display(description=_("from where"))
    def origin(self, event: Event) -> str:
        return str(DOORS.get(event.door, event.door))

    @admin.display(description=_("network address"))
    def network_address(self, event: Any) -> str:
        return event.told_address


def _asked(request: HttpRequest) -> str:
    """By what an export was narrowed, for the trail: keys and days, and no free text but a story's code."""
    names = (*DaysFilter.NAMES, PersonFilter.parameter_name, VerbFilter.parameter_name, "desk__id__exact", SEARCH_VAR)
    told = [f"{name}={sought(request.GET[name])[:30]}" for name in names if request.GET.get(name)]
    return " ".join(told)[:200]


def lines(found: QuerySet[Event], *, addresses: bool) -> Iterator[str]:
    """The file of an export, read and written piece by piece, in the language that it was asked for in."""
    language = translation.get_language()
    head = ["time", "who", "verb", "what happened", "to what", "before", "after", "story", "desk", "door"]

    def rows() -> Iterator[list[object]]:
        last: int | None = None
        while True:
            part = found.filter(pk__lt=last) if last else found
            some = list(part.order_by("-pk")[:PIECE])
            with translation.override(language):
                shown = [_row(event, addresses) for event in some]
            yield from shown
            if len(some) < PIECE:
                return
            last = some[-1].pk

    return csv_lines([*head, "address"] if addresses else head, rows())


def _row(event: Any, addresses: bool) -> list[object]:
    row: list[object] = [
        stamp(event.at), event.by.username if event.by else "", event.verb, VERBS.get(event.verb, event.verb),
        event.thing, event.before, event.after, event.article.code if event.article else "", event.desk or "",
        event.door,
    ]  # fmt: skip
    return [*row, event.told_address] if addresses else row
