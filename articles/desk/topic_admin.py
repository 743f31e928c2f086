"""The form of a topic: all that its page says, on one page. The stories themselves are chosen, never written here."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from articles.desk.base import ByRight, sought
from articles.desk.library_admin import OTHER_NAMES, StandingAddress
from articles.desk.place_field import suggestions
from articles.desk.public_story_field import PublicStoriesField, PublicStoryField, offered, told
from articles.models import (
    NAME_FIELDS,
    Listing,
    Publication,
    Topic,
    TopicFact,
    TopicMoment,
    TopicSection,
    in_languages,
    site_language,
)
from articles.publishing.clock import database_now
from articles.publishing.events import Verb
from articles.publishing.put_out_pictures import put_out_furniture
from articles.publishing.rights import Right, may
from articles.publishing.topics import (
    MOST_SECTIONS,
    SHOWN,
    changed_by,
    note_changed,
    nowhere,
    place_stories,
    state_of,
)

MOST_ROWS = 60  # key facts, and moments


class Ordered(forms.ModelForm):
    """A row without a number goes last; a new row that says nothing is passed over."""

    order = forms.IntegerField(label=_("order"), min_value=0, max_value=9999, required=False)
    WORDS: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""  # labels stand above their fields

    def has_changed(self) -> bool:
        typed = any(str(self.data.get(self.add_prefix(name), "")).strip() for name in self.WORDS)
        return bool(self.instance.pk or typed) and super().has_changed()

    def clean_order(self) -> int:
        order: int | None = self.cleaned_data["order"]
        return 9999 if order is None else order


class FactForm(Ordered):
    WORDS = ("label", "text")


def lines(section: TopicSection) -> list[str]:
    """The stories of a section, as its form holds them."""
    placed = list(section.stories.values_list("article", flat=True))
    publications = Publication.objects.in_bulk(placed)
    return told(publications[key] for key in placed)


class SectionForm(Ordered):
    WORDS = ("name", "placed")

    placed = PublicStoriesField(
        label=_("Stories"),
        help_text=_("One a line: content code or public address. Type words of a headline to be offered stories."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            field: Any = self.fields["placed"]
            field.known = frozenset(TopicSection.objects.filter(topic=self.instance.topic_id)
                                    .values_list("stories__article", flat=True))  # fmt: skip
            self.initial["placed"] = "\n".join(lines(self.instance))


class SectionFormSet(forms.models.BaseInlineFormSet):
    def clean(self) -> None:
        super().clean()
        named: set[int] = set()
        placed = [[] if form.cleaned_data.get("DELETE") else form.cleaned_data.get("placed") or []
                  for form in self.forms]  # fmt: skip
        for stories in placed:
            for article in stories:
                if article.pk in named:
                    raise ValidationError(
                        _("The story %(code)s stands twice. Leave it in one section."), params={"code": article.code}
                    )
                named.add(article.pk)
        if unseen := nowhere(self.instance, placed):
            raise ValidationError(
                _("The story %(code)s is not of this topic, and a section shows its first %(shown)d stories: readers "
                  "would not find it. Move it up, or give the story this topic."),
                params={"code": unseen.code, "shown": SHOWN},
            )  # fmt: skip


class MomentForm(forms.ModelForm):
    article = PublicStoryField(label=_("story"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["article"]
        field.known = frozenset([self.instance.article_id]) if self.instance.article_id else frozenset()

    def has_changed(self) -> bool:
        typed = any(str(self.data.get(self.add_prefix(name), "")).strip() for name in ("when", "text", "article"))
        return bool(self.instance.pk or typed) and super().has_changed()


class Rows(ByRight):
    """What the inlines of a topic share."""

    right = Right.LIBRARY
    extra = 1

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may(request.user, Right.LIBRARY)

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """With a forged number of rows refused before so many are built."""
        return super().get_formset(request, obj, absolute_max=self.max_num, **kwargs)  # type: ignore[misc, attr-defined]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "language":
            field.initial = site_language()
        return field


class FactInline(Rows, admin.TabularInline):
    model = TopicFact
    max_num = MOST_ROWS
    form = FactForm
    fields = ["label", "text", "language", "order"]


class SectionInline(Rows, admin.StackedInline):
    model = TopicSection
    form = SectionForm
    formset = SectionFormSet
    max_num = MOST_SECTIONS
    fieldsets = [(None, {"fields": ["name", "placed", "order"]}), OTHER_NAMES]

    @admin.display(description=_("stories"))
    def placed(self, section: TopicSection) -> str:
        """For those who may look only."""
        return "\n".join(lines(section))


class MomentInline(Rows, admin.TabularInline):
    model = TopicMoment
    max_num = MOST_ROWS
    form = MomentForm
    fields = ["when", "text", "article", "language"]


class TopicForm(forms.ModelForm):
    """seen: the state of the topic that the person began with; the template sends it along."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seen: str = self.data.get("seen", "") if self.is_bound else self._state()

    def _state(self) -> str:
        return state_of(self.instance) if self.instance.pk else ""

    def clean(self) -> Any:
        """Of two people the second is told, once, and loses nothing: saving again is meant."""
        if self.instance.pk:
            Topic.objects.select_for_update(no_key=True).get(pk=self.instance.pk)
            began, self.seen = self.seen, self._state()
            if began != self.seen:
                raise ValidationError(
                    _("%(who)s has changed this topic since you opened it. What you typed is still here: save again, "
                      "and it takes the place of theirs. Open the topic anew in a second window to see theirs."),
                    params={"who": changed_by(self.instance)},
                )  # fmt: skip
        return super().clean()

    def clean_ended_on(self) -> Any:
        ended = self.cleaned_data["ended_on"]
        if ended and ended > timezone.localtime(database_now()).date():
            raise ValidationError(_("This day is still to come. Set it when the coverage has ended."))
        return ended


@admin.register(Topic)
class TopicAdmin(StandingAddress):
    form = TopicForm
    listing_kind = Listing.Kind.TOPIC
    add_label = _("Add a topic")
    empty_hint = _("No topic yet. A topic gathers the stories of one special coverage under a banner.")
    list_display = ["name", "banner", "order", "ended_on"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name_en"]}
    raw_id_fields = ["picture"]
    change_form_template = "desk/topic_form.html"
    formfield_overrides = {
        models.DateField: {"widget": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})},
    }
    inlines = [FactInline, SectionInline, MomentInline]
    fieldsets = [
        (None, {"fields": ["name", "banner", "standfirst", "picture", "slug", "order", "ended_on"]}),
        (OTHER_NAMES[0], {"fields": [*NAME_FIELDS[1:], *in_languages("standfirst")[1:]], "classes": ["collapse"]}),
    ]
    SAID: ClassVar[dict[str, str]] = {  # noted with what the rows below say, in one line of the trail
        **dict.fromkeys(in_languages("standfirst"), "standfirst"), "picture": "picture", "order": "order",
        "ended_on": "end",
    }  # fmt: skip

    def save_model(self, request: HttpRequest, obj: Topic, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        put_out_furniture(obj.picture)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        by: Any = request.user
        parts = [self.SAID[name] for name in form.changed_data if name in self.SAID]
        for formset in formsets:
            if formset.has_changed():
                parts.append({TopicFact: "facts", TopicSection: "sections", TopicMoment: "timeline"}[formset.model])
            if formset.model is TopicSection:
                kept = [one for one in formset.forms if one.instance.pk and one not in formset.deleted_forms]
                rows = [(one.instance, one.cleaned_data.get("placed", [])) for one in kept]
                if place_stories(form.instance, rows, by=by):
                    parts.append("stories")
        note_changed(Verb.TOPIC_CHANGED, f"topic {form.instance.pk}", parts, by=by)
        if form.instance.ended_on and "ended_on" in form.changed_data:
            messages.info(request, now("This topic is off the front, and is offered to new stories no more."))

    def get_urls(self) -> list[URLPattern]:
        find = self.admin_site.admin_view(self.find)
        return [path("stories/", find, name="articles_topic_stories"), *super().get_urls()]

    def find(self, request: HttpRequest) -> HttpResponse:
        """Public stories whose headline holds ?q=, those of ?topic= first."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        key = request.GET.get("topic", "")
        topic = Topic.objects.filter(pk=key).first() if key.isascii() and key.isdecimal() and len(key) < 10 else None
        found = offered(sought(request.GET.get("q", "")), topic)
        lines = told(found)
        days = [f"{timezone.localtime(one.first_published_at):%Y-%m-%d}" for one in found]
        return suggestions(zip(lines, days, strict=True))
