"""The list and the form of stories. Everything is written through `save_draft`, never by the form itself."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.widgets import ForeignKeyRawIdWidget
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from articles.desk import (
    autosave_view,
    bulk_view,
    comments_view,
    decisions,
    duties_view,
    events_admin,
    links_view,
    merge,
    publish_view,
    saved_filters,
    steps_view,
    story_list,
    style_view,
    timing_view,
    versions_view,
)
from articles.desk.base import ByRight, DeskAdmin, short_time, sought, stage_mark, turn_mark
from articles.desk.body_editor import NonceMediaMixin
from articles.desk.bulk_view import ACTS
from articles.desk.notice_form import reports_to_answer
from articles.desk.story_filters import DUE, ChannelFilter, DeskFilter, DueFilter, WhoFilter
from articles.desk.story_form import BEGUN_KEY, ArticleForm, CreditForm, CreditFormSet, drafted
from articles.desk.story_list import StoryList
from articles.models import (
    Article,
    Credit,
    Decision,
    DraftVersion,
    Publication,
    Source,
    User,
    site_language,
)
from articles.publishing import PublishingError, Spiked, StaleDraft, begin_draft, duties, save_draft, versions
from articles.publishing.errors import listed
from articles.publishing.rights import Right, articles_of, desks_where, may, may_on
from articles.publishing.save_draft import begun_by
from articles.publishing.steps import Step


class CreditInline(ByRight, admin.TabularInline):
    model = Credit
    form = CreditForm
    formset = CreditFormSet
    right = Right.WRITE
    max_num = 50
    fields = ["person", "role", "order"]
    verbose_name_plural = _("Credits, in the order in which they are printed")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may(request.user, Right.WRITE)

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """With a forged number of rows refused before so many are built."""
        return super().get_formset(request, obj, absolute_max=self.max_num, **kwargs)

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return 1 if obj else 2  # author and responsible editor


@admin.register(Article)
class ArticleAdmin(NonceMediaMixin, DeskAdmin):
    form = ArticleForm
    right = Right.WRITE
    inlines = [CreditInline]
    add_label = _("New story")
    empty_hint = _("There is no story yet. Write the first one: nobody but this desk sees it until it is published.")
    list_display = ["story", "stands", "turn", "channel", "editors", "changed"]
    change_list_template = "desk/story_list.html"
    list_display_links = ["story"]
    list_filter = [
        "stage", WhoFilter, DueFilter, ("channel", ChannelFilter), "language", ("desk", DeskFilter),
    ]  # fmt: skip
    list_select_related = ["channel", "changed_by__person", "assignee__person", "desk"]
    search_fields = ["headline"]
    search_help_text = _("Words of the headline or the text, a person’s name, or a content code")
    ordering = ["-changed_at", "-pk"]
    readonly_fields = ["code", "first_published"]
    change_form_template = "desk/article_form.html"
    fieldsets = [
        (None, {"fields": ["kicker", "headline", "standfirst", "body", "seen", "begun"], "classes": ["writing"]}),
        (_("Facts"), {
            "fields": ["channel", "source", "topic", "tags", "places", "lead_picture", "lead_caption", "lead_credit",
                       "language", "translation_of", "script_forms", "desk", "assignee", "due_at", "first_published",
                       "code"],
            "classes": ["facts"],
        }),
    ]  # fmt: skip

    # --- what is to be seen -----------------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        editors = Credit.objects.filter(role=Credit.Role.EDITOR).select_related("person")
        return (
            articles_of(request.user)  # type: ignore[arg-type]
            .prefetch_related(Prefetch("credits", editors, to_attr="editor_credits"))
            .order_by(*self.ordering)
        )

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[StoryList]:
        return StoryList

    def get_list_display(self, request: HttpRequest) -> Any:
        """With boxes to choose by, but not where a story is chosen for a form."""
        return self.list_display if IS_POPUP_VAR in request.GET else ["chosen", *self.list_display]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        around = {"acts": ACTS, "saved_filters": saved_filters.of(request.user)}
        return super().changelist_view(request, (extra_context or {}) | around)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        asked = {"who", DUE, "channel__id__exact", "desk__id__exact"}
        return lookup in asked or super().lookup_allowed(lookup, value, request)

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        if words := sought(search_term).strip():
            queryset, request.any_word = story_list.search(queryset, words, request.user)  # type: ignore[attr-defined]
        return queryset, False

    def has_view_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return may_on(request.user, Right.WRITE, obj) if obj else may(request.user, Right.WRITE)

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return may_on(request.user, Right.WRITE, obj) if obj else may(request.user, Right.WRITE)

    def get_fieldsets(self, request: HttpRequest, obj: Article | None = None) -> Any:
        """A story that is not saved yet has no code."""
        if obj:
            return self.fieldsets
        (name, writing), (facts_name, facts) = self.fieldsets
        begun = [field for field in facts["fields"] if field not in self.readonly_fields]
        return [(name, writing), (facts_name, facts | {"fields": begun})]

    def get_form(self, request: HttpRequest, obj: Article | None = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        desks = desks_where(request.user, Right.WRITE)  # type: ignore[arg-type]
        form.base_fields["desk"].queryset = desks
        form.base_fields["desk"].empty_label = None
        form.user = request.user
        form.desks = desks
        form.refused = getattr(request, "refused", None)
        form.merging = getattr(request, "merging", None)
        return form

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "lead_picture":
            kwargs["widget"] = ForeignKeyRawIdWidget(db_field.remote_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        first = desks_where(request.user, Right.WRITE).first()  # type: ignore[arg-type]
        last = Article.objects.filter(created_by=request.user).order_by("-changed_at", "-pk").first()  # type: ignore[misc]
        return {
            "desk": first.pk if first else None,
            "language": last.language if last else site_language(),
            "source": Source.objects.filter(kind=Source.Kind.OWN).values_list("pk", flat=True).first(),
        }

    def get_formset_kwargs(self, request: HttpRequest, obj: Any, inline: Any, prefix: str) -> dict[str, Any]:
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        if not obj.pk and request.method == "GET" and isinstance(request.user, User) and request.user.person_id:
            kwargs["initial"] = [
                {"person": request.user.person_id, "role": Credit.Role.AUTHOR},
                {"role": Credit.Role.EDITOR},
            ]
        return kwargs

    # --- saving -----------------------------------------------------------------------------------------------

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if object_id and request.method == "POST" and request.POST.get("_step") == Step.RESTORE:
            article = self.get_object(request, object_id)  # on the spike nothing is saved, so the step goes by itself
            return steps_view.step_page(request, article.pk if article else 0)
        if request.method == "POST":
            object_id = object_id or self._begun(request)
            self._merge(request, object_id)
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except (StaleDraft, Spiked):  # by somebody, between our check and our lock; now it is found
            object_id = object_id or self._begun(request)
            self._merge(request, object_id)
            return super().changeform_view(request, object_id, form_url, extra_context)
        except ValidationError as error:
            request.refused = error  # type: ignore[attr-defined]
            return super().changeform_view(request, object_id, form_url, extra_context)

    def _begun(self, request: HttpRequest) -> str | None:
        """The story that this very form has begun already: sent twice, or sent again after going back to it."""
        key = request.POST.get("begun", "")
        begun = begun_by(key, request.user) if BEGUN_KEY.fullmatch(key) else None  # type: ignore[arg-type]
        if not begun:
            return None
        if request.POST.get("seen", "") in {"", "0"}:
            posted = request.POST.copy()
            posted["seen"] = "1"
            request.POST = posted  # type: ignore[assignment]
        return str(begun.pk)

    def _merge(self, request: HttpRequest, object_id: str | None) -> None:
        """Where somebody has saved since the form was opened, go on with both sides' changes as one."""
        article = self.get_object(request, object_id) if object_id else None
        if not article or not self.has_change_permission(request, article) or "headline" not in request.POST:
            return
        if merge.is_stale(article, request.POST):
            hold = str(StaleDraft(seen=0, now=article.version))
            found: merge.Merge | None = merge.begin(article, request.POST, hold=hold)
        else:
            found = merge.resumed(article, request.POST) if "merge_mine" in request.POST else None
        request.merging = found  # type: ignore[attr-defined]
        if found:
            request.POST = found.data  # type: ignore[assignment]

    def save_form(self, request: HttpRequest, form: ArticleForm, change: bool) -> Article:
        return form.instance

    def save_model(self, request: HttpRequest, obj: Article, form: Any, change: bool) -> None:
        """Nothing yet: words and credits are saved together, in save_related."""

    def save_related(self, request: HttpRequest, form: ArticleForm, formsets: Any, change: bool) -> None:
        draft = drafted(form, formsets)
        by: Any = request.user
        if change and versions.says(standing := Article.objects.get(pk=form.instance.pk), draft):
            saved = standing  # nothing new to keep: what was approved or scheduled stays so
        elif change:
            how = DraftVersion.How.MERGED if form.merging else DraftVersion.How.SAVED
            saved = save_draft(form.instance, seen=form.cleaned_data["seen"], by=by, draft=draft, how=how)
        else:
            saved = begin_draft(by=by, draft=draft, key=form.cleaned_data["begun"])
        form.instance.pk, form.instance.version = saved.pk, saved.version
        try:
            form.hand_over(form.instance, by)
        except PublishingError as error:
            messages.error(request, str(error))

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        return super().construct_change_message(request, form, [], add)

    def response_add(self, request: HttpRequest, obj: Article, post_url_continue: str | None = None) -> HttpResponse:
        return self._next(request, obj)

    def response_change(self, request: HttpRequest, obj: Article) -> HttpResponse:
        return self._next(request, obj)

    def _next(self, request: HttpRequest, article: Article) -> HttpResponse:
        """To the page of publishing, or back to the form."""
        if "_publish" in request.POST:
            return HttpResponseRedirect(reverse("admin:articles_article_publish", args=[article.pk]))
        if "_step" in request.POST:
            steps_view.take(request, article, seen=article.version)
        else:
            messages.success(request, now("Saved. Nothing public has changed."))
        return HttpResponseRedirect(steps_view.after(request, article.pk))

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("bulk/", wrap(bulk_view.bulk_page), name="articles_article_bulk"),
            path("filters/", wrap(saved_filters.saved_filters_page), name="articles_article_saved_filters"),
            path("filters/save/", wrap(saved_filters.save_filter), name="articles_article_save_filter"),
            path("<count:pk>/publish/", wrap(publish_view.publish_page), name="articles_article_publish"),
            path("<count:pk>/embargo/", wrap(timing_view.embargo_page), name="articles_article_embargo"),
            path(
                "<count:pk>/schedule/<count:schedule>/",
                wrap(timing_view.schedule_page),
                name="articles_article_schedule",
            ),
            path("<count:pk>/propose/<slug:act>/", wrap(decisions.propose_page), name="articles_article_propose"),
            path("style/", wrap(style_view.check_page), name="articles_article_style"),
            path("autosave/", wrap(self.autosave), name="articles_article_autosave_new"),
            path("<count:pk>/autosave/", wrap(self.autosave), name="articles_article_autosave"),
            path("<count:pk>/here/", wrap(autosave_view.here_view), name="articles_article_here"),
            path("<count:pk>/versions/", wrap(versions_view.versions_page), name="articles_article_versions"),
            path("<count:pk>/versions/compare/", wrap(versions_view.compare_page), name="articles_article_compare"),
            path(
                "<count:pk>/versions/<count:number>/bring-back/",
                wrap(versions_view.bring_back_view),
                name="articles_article_bring_back",
            ),
            path("<count:pk>/links/", wrap(links_view.links_page), name="articles_article_links"),
            path("<count:pk>/step/", wrap(steps_view.step_page), name="articles_article_step"),
            path("<count:pk>/comments/", wrap(comments_view.comments_page), name="articles_article_comments"),
            path("<count:pk>/places/", wrap(duties_view.places_page), name="articles_article_places"),
            *super().get_urls(),
        ]  # fmt: skip

    def autosave(self, request: HttpRequest, pk: int = 0) -> HttpResponse:
        return autosave_view.autosave(self, request, pk)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        return events_admin.story_events(request, object_id)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        context["style_words"] = style_view.script_words()
        form = context["adminform"].form
        context["merging"] = form.merging
        context["keeping"] = autosave_view.keeping(request, context.get("original"), form)
        if article := context.get("original"):
            context["stage_mark"] = stage_mark(article)
            context["saved_at"] = short_time(article.changed_at, article.desk.zone)
            context |= standing(article, request.user) | comments_view.comments_context(article)
        context["steps"] = steps_view.buttons(article, request.user)
        return super().render_change_form(request, context, *args, **kwargs)

    # --- columns ----------------------------------------------------------------------------------------------

    @admin.display(description=_("choose"))
    def chosen(self, article: Article) -> str:
        return format_html(
            '<input type="checkbox" name="story" value="{}" aria-label="{}">', article.pk, article.headline
        )

    @admin.display(description=_("who has it"))
    def turn(self, article: Article) -> str:
        return turn_mark(article)

    @admin.display(description=_("story"))
    def story(self, article: Article) -> str:
        return format_html(
            '<span class="headline" lang="{}">{}</span> <small class="code">{}</small>',
            article.language, article.headline, article.code,
        )  # fmt: skip

    @admin.display(description=_("stage"))
    def stands(self, article: Article) -> str:
        return stage_mark(article)

    @admin.display(description=_("last change"))
    def changed(self, article: Article) -> str:
        when = short_time(article.changed_at, article.desk.zone)
        return format_html('{} <span class="by">{}</span>', when, article.changed_by)

    @admin.display(description=_("responsible editors"))
    def editors(self, article: Article) -> str:
        return listed([str(credit.person) for credit in article.editor_credits])  # type: ignore[attr-defined]

    @admin.display(description=_("first published"))
    def first_published(self, article: Article) -> str:
        publication = Publication.objects.filter(article=article.pk).first() if article.pk else None
        if not publication:
            return now("not yet")
        local = publication.first_published_at.astimezone(article.desk.zone)
        url = reverse("permalink", args=[article.code])
        return format_html('{} <a href="{}">{}</a>', f"{local:%Y-%m-%d %H:%M}", url, now("Public page"))


def standing(article: Article, user: Any) -> dict[str, Any]:
    """What the form says above a story: that it was withdrawn, that a decision waits, that its original was wrong."""
    publication = Publication.objects.select_related("edition").filter(article=article).first()
    withdrawn = publication and publication.state != Publication.State.STANDING
    return {
        "public": publication,
        "withdrawn": publish_view.state_word(publication) if publication and withdrawn else "",
        "decision": article.decisions.filter(state=Decision.State.OPEN).first(),
        "has_notices": article.corrections.exists(),
        "upheld": reports_to_answer(article)[:5] if may(user, Right.CORRECT, article.desk_id) else [],
        "open_duties": [duties_view.told(duty.correction, user) for duty in duties.open_duties(article)],
    }
