"""Channels, topics, sources, tags: what stories refer to. Saved as Django does."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from articles.desk.base import DeskAdmin
from articles.models import NAME_FIELDS, Channel, Listing, Source, Tag, Topic
from articles.publishing.events import Verb, note
from articles.publishing.rights import Right

OTHER_NAMES: tuple[Any, Any] = (_("Name in other languages"), {"fields": NAME_FIELDS[1:], "classes": ["collapse"]})


class NamedAdmin(DeskAdmin):
    """What bears a name that readers see: a new name is noted in the audit trail, since published stories keep the
    old one."""

    WORDS: ClassVar[set[str]] = {*NAME_FIELDS, "banner"}

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and self.WORDS & set(form.changed_data):
            thing = f"{obj._meta.model_name} {obj.pk}"
            note(Verb.RENAMED, by=request.user, article=None, thing=thing)  # type: ignore[arg-type]


class StandingAddress(NamedAdmin):
    """What readers have met at an address keeps it: feeds and links out there lead to it."""

    listing_kind: ClassVar[Listing.Kind]

    def _stands(self, obj: Any) -> bool:
        return bool(obj) and Listing.objects.filter(kind=self.listing_kind, target=obj.pk).exists()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ["slug"] if self._stands(obj) else []

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return {} if obj else super().get_prepopulated_fields(request, obj)


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


@admin.register(Topic)
class TopicAdmin(StandingAddress):
    listing_kind = Listing.Kind.TOPIC
    add_label = _("Add a topic")
    empty_hint = _("No topic yet. A topic gathers the stories of one special coverage under a banner.")
    list_display = ["name", "banner", "order"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name_en"]}
    fieldsets = [(None, {"fields": ["name", "banner", "standfirst", "slug", "order"]}), OTHER_NAMES]


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
