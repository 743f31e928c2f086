"""What the desk's admin pages share: rights by role instead of Django's permissions, marks, and times."""

import datetime
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.views.main import SEARCH_VAR, ChangeList
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from articles.desk.keyset import NEWER, OLDER, KeysetList
from articles.language.words import unusable_characters
from articles.models import Article
from articles.publishing.rights import Right, may

LONGEST_QUESTION = 200  # characters of one parameter of a list

admin.site.enable_nav_sidebar = False  # the desk has its own (desk/context.py)
admin.site.password_change_done_template = "desk/password_done.html"  # noqa: S105

_STAGE_WORDS = dict(Article.Stage.choices) | {Article.Stage.CHANGED: _("unpublished changes")}


class ByRight:
    """Admin permissions that follow from memberships. `right` is what adding and changing need; any member may look."""

    right: ClassVar[Right] = Right.LIBRARY
    to_look: ClassVar[Right] = Right.WRITE

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may(request.user, self.to_look)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may(request.user, self.to_look)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may(request.user, self.right)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may(request.user, self.right)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Beside a choice stands only “add”: what is chosen is looked at and changed in its own list."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget.can_change_related = field.widget.can_view_related = field.widget.can_delete_related = False
        return field


def sought(term: str) -> str:
    """What somebody seeks, without what no text can hold."""
    return "".join(letter for letter in term[:LONGEST_QUESTION] if not unusable_characters(letter))


class DeskAdmin(ByRight, admin.ModelAdmin):
    add_label: ClassVar[Any] = _("Add")
    empty_hint: ClassVar[Any] = ""  # what an empty list tells to do
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    sortable_by: ClassVar[Any] = ()  # a list has one order, which an index holds
    save_on_top = False
    actions = None

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Only what the list's own filters ask: any other question could be put to columns that are not shown."""
        name, _, rest = lookup.partition("__")
        return name in self.list_filter and rest in {"exact", "id__exact", "isnull"}

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return KeysetList

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """With what no filter could mean taken out of the address, instead of failing at the database."""
        asked = [str(value) for name, value in request.GET.items() if name not in {SEARCH_VAR, OLDER, NEWER}]
        try:
            if not any(unusable_characters(value) or len(value) > LONGEST_QUESTION for value in asked):
                return super().changelist_view(request, extra_context)
        except DisallowedModelAdminLookup:
            pass
        return HttpResponseRedirect(f"{request.path}?e=1")

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> HttpResponse:
        """What is not there answers like any wrong address; so does what is not theirs to see."""
        raise Http404

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        return super().get_search_results(request, queryset, sought(search_term))

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        context["adminform"].form.label_suffix = ""  # labels stand above their fields
        context["title"] = str(context.get("original") or self.add_label)
        return super().render_change_form(request, context, *args, **kwargs)


def desk_page(request: HttpRequest, template: str, *, title: str, **context: Any) -> TemplateResponse:
    """A page of the desk that is not one of the admin's own."""
    around = {**admin.site.each_context(request), "title": title, "opts": Article._meta, "is_popup": False}
    return TemplateResponse(request, template, around | context)


class ReadOnlyAdmin(DeskAdmin):
    """A list of what the verbs alone write: nothing is added or changed in a form of its own."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def stage_mark(article: Article) -> SafeString:
    """Where a story stands, as a word and a shape."""
    word = _STAGE_WORDS[Article.Stage(article.stage)]
    return format_html('<span class="stage {}">{}</span>', article.stage, word)


def turn_mark(article: Article) -> SafeString:
    """Who has a story in hand, and by when it is due; what is settled is due no more."""
    who = format_html('<span class="who">{}</span>', article.assignee) if article.assignee else ""
    if not article.due_at or article.stage in {Article.Stage.PUBLISHED, Article.Stage.SPIKED}:
        return format_html("{}", who)
    late = article.due_at < timezone.now()
    when = short_time(article.due_at, article.desk.zone)
    word = _("overdue since") if late else _("due")
    return format_html('{} <span class="due{}">{} {}</span>', who, " late" if late else "", word, when)


def short_time(at: datetime.datetime, zone: datetime.tzinfo | None = None) -> SafeString:
    """The hour today, the day before that; the whole of it on pointing."""
    local = timezone.localtime(at, zone)
    today = timezone.localtime(timezone.now(), zone)
    if local.date() == today.date():
        shown = f"{local:%H:%M}"
    elif local.year == today.year:
        shown = f"{local:%m-%d %H:%M}"
    else:
        shown = f"{local:%Y-%m-%d}"
    whole = date_format(local, "DATETIME_FORMAT")
    return format_html('<time datetime="{}" title="{}">{}</time>', local.isoformat(timespec="minutes"), whole, shown)
