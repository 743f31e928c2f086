"""Channels, sources, tags, places: what stories refer to. Saved as Django does."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from articles.desk import place_field
from articles.desk.base import DeskAdmin
from articles.models import NAME_FIELDS, Article, Channel, Listing, OldAddress, Place, Source, Tag
from articles.publishing.events import Verb, note
from articles.publishing.rights import Right
from articles.publishing.topics import note_changed
from articles.search.names import renamed

OTHER_NAMES: tuple[Any, Any] = (_("Name in other languages"), {"fields": NAME_FIELDS[1:], "classes": ["collapse"]})


class NamedAdmin(DeskAdmin):
    """What bears a name that readers see: a new name is noted in the audit trail, since published stories keep the
    old one; and so is what else its page says, by the name of the part (PARTS)."""

    WORDS: ClassVar[set[str]] = {*NAME_FIELDS, "banner"}
    PARTS: ClassVar[dict[str, str]] = {}
    CHANGED: ClassVar[Verb] = Verb.RENAMED

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        by: Any = request.user
        thing = f"{obj._meta.model_name} {obj.pk}"
        if change and self.WORDS & set(form.changed_data):
            renamed(obj)
            note(Verb.RENAMED, by=by, article=None, thing=thing)
        parts = [self.PARTS[name] for name in form.changed_data if name in self.PARTS]
        if change:
            note_changed(self.CHANGED, thing, parts, by=by)


class StandingAddress(NamedAdmin):
    """What readers have met at an address goes on to be found there: the old one leads to the new one, for ever."""

    listing_kind: ClassVar[Listing.Kind]

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return {} if obj else super().get_prepopulated_fields(request, obj)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        left = obj._meta.model.objects.get(pk=obj.pk).address if change else obj.address
        led = OldAddress.objects.of(self.listing_kind, obj.address)
        super().save_model(request, obj, form, change)
        if left != obj.address:
            note(Verb.READDRESSED, by=request.user, article=None, thing=f"{obj._meta.model_name} {obj.pk}")  # type: ignore[arg-type]
            if OldAddress.objects.of(self.listing_kind, left) == obj.pk:
                messages.info(request, now("Readers who come to the old address are led to the new one, for ever."))
        if led and led != obj.pk:
            whose = obj._meta.model.objects.filter(pk=led).first()
            told = now("The address word “%(word)s” used to lead readers to “%(name)s”. From now on it leads here.")
            messages.warning(request, told % {"word": obj.address, "name": whose or "–"})


@admin.register(Channel)
class ChannelAdmin(StandingAddress):
    listing_kind = Listing.Kind.CHANNEL
    add_label = _("Add a channel")
    empty_hint = _(
        "No channel yet. Add the first part of the paper, for example “News”; every public story stands in one."
    )
    right = Right.SITE
    list_display = ["name", "path", "order"]
    ordering = ["path"]
    search_fields = ["name", "path"]
    prepopulated_fields = {"slug": ["name_en"]}
    fieldsets = [(None, {"fields": ["name", "parent", "slug", "order", "description"]}), OTHER_NAMES]

    def save_model(self, request: HttpRequest, obj: Channel, form: Any, change: bool) -> None:
        with transaction.atomic():
            list(Channel.objects.select_for_update().order_by("pk"))  # two moves at once could make a circle
            super().save_model(request, obj, form, change)


@admin.register(Source)
class SourceAdmin(NamedAdmin):
    add_label = _("Add a source")
    empty_hint = _("No source yet. Add your own newsroom first; every public story names its source.")
    list_display = ["name", "kind", "url"]
    list_filter = ["kind"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name_en"]}
    fieldsets = [(None, {"fields": ["name", "kind", "url", "licence", "slug"]}), OTHER_NAMES]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "url":
            kwargs["assume_scheme"] = "https"
        return super().formfield_for_dbfield(db_field, request, **kwargs)


@admin.register(Tag)
class TagAdmin(StandingAddress):
    listing_kind = Listing.Kind.TAG
    add_label = _("Add a tag")
    empty_hint = _("No tag yet. Tags come by themselves when somebody types them into a story.")
    list_display = ["name", "slug"]
    search_fields = ["name"]
    fields = ["name", "slug"]


class PlaceForm(forms.ModelForm):
    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        return code.upper()


@admin.register(Place)
class PlaceAdmin(NamedAdmin):
    form = PlaceForm
    add_label = _("Add a place")
    empty_hint = _("No place yet. Add the prefecture and the counties that you write of, and townships where needed.")
    list_display = ["name", "code", "level"]
    search_fields = ["code", *NAME_FIELDS]
    fieldsets = [(None, {"fields": ["name", "code"]}), OTHER_NAMES]

    def get_readonly_fields(self, request: HttpRequest, obj: Place | None = None) -> Any:
        """A code says which place it is: what stories tell of does not become another one."""
        used = obj and (
            Article.places.through.objects.filter(place=obj).exists()
            or Listing.objects.filter(kind=Listing.Kind.PLACE, target=obj.pk).exists()
        )
        return ["code"] if used else []

    @admin.display(description=_("level"))
    def level(self, place: Place) -> str:
        return str(place.level.label)

    def get_urls(self) -> list[URLPattern]:
        find = self.admin_site.admin_view(self.find)
        return [path("find/", find, name="articles_place_find"), *super().get_urls()]

    def find(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return place_field.find_view(request)
