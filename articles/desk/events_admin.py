"""The audit trail: who did what to what, when; to be read, never written here."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from articles.desk.base import ReadOnlyAdmin, desk_page, short_time
from articles.models import Article, Decision, Edition, Event
from articles.publishing.events import Verb
from articles.publishing.rights import articles_of, roles, seen_by

MOST = 500  # events on a story's own page
VERBS = dict(Verb.choices)
THINGS = {
    "edition": _("edition"),
    "decision": _("decision of two"),
    "erasure": _("erasure"),
    "report": _("reader’s report"),
    "duty": _("duty"),
    "channel": _("channel"),
    "topic": _("topic"),
    "person": _("person"),
    "source": _("source"),
    "tag": _("tag"),
    "desk": _("desk"),
    "site": _("site"),
    "glossary": _("glossary"),
    "style": _("house style"),
    "user": _("colleague"),
    "preview-link": _("preview link"),
    "version": _("version"),
}
KINDS = dict(Edition.Kind.choices) | dict(Decision.Act.choices)


def thing_in_words(event: Event) -> str:
    """“edition 3 correction” as the person's language says it; as it stands where nothing of that name is known."""
    name, *rest = event.thing.split(" ")
    if name not in THINGS:
        return event.thing
    return " ".join([str(THINGS[name]), *(str(KINDS.get(word, word)) for word in rest)])


def who_did(event: Event) -> str:
    return str(event.by) if event.by else now("a reader, or nobody")


def story_events(request: HttpRequest, pk: str) -> HttpResponse:
    """What has happened to one story, newest first; takes the place of the admin's own log."""
    article = articles_of(request.user).filter(pk=int(pk)).first() if pk.isdecimal() else None  # type: ignore[arg-type]
    if not article:
        raise Http404
    found = article.events.select_related("by__person").order_by("-pk")[:MOST]
    zone = article.desk.zone
    rows = [
        (short_time(event.at, zone), VERBS.get(event.verb, event.verb), thing_in_words(event), who_did(event))
        for event in found
    ]
    return desk_page(request, "desk/events.html", title=now("What has happened"), article=article, rows=rows, most=MOST)


class VerbFilter(admin.SimpleListFilter):
    title = _("what happened")
    parameter_name = "verb"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return Verb.choices

    def queryset(self, request: HttpRequest, queryset: QuerySet[Event]) -> QuerySet[Event]:
        return queryset.filter(verb=self.value()) if self.value() in Verb.values else queryset


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ["when", "verb_word", "thing_word", "story", "who"]
    list_display_links = None
    list_filter = [VerbFilter, "desk"]
    list_select_related = ["by__person", "article", "desk"]
    ordering = ["-pk"]
    empty_hint = _("Nothing has happened yet. Every step that decides something is kept here.")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        """Those of one's desks, and those of the house, such as a renamed channel."""
        found = Event.objects.defer("article__body").order_by("-pk")
        if request.user.is_superuser:
            return found
        of_desks = Q(article=None, desk__in=list(roles(request.user)))
        return found.filter(seen_by(request.user, "article__") | of_desks | Q(article=None, desk=None))  # type: ignore[arg-type]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        return lookup == VerbFilter.parameter_name or super().lookup_allowed(lookup, value, request)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        raise Http404  # a line of the list is all there is

    @admin.display(description=_("time"))
    def when(self, event: Event) -> str:
        return short_time(event.at, event.desk.zone if event.desk else None)

    @admin.display(description=_("what happened"))
    def verb_word(self, event: Event) -> str:
        return str(VERBS.get(event.verb, event.verb))

    @admin.display(description=_("to what"))
    def thing_word(self, event: Event) -> str:
        return thing_in_words(event)

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
