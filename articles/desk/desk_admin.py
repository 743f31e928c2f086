"""The desks, and the rules that each sets itself: who approves, who publishes and corrects, how one comes in."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from articles.desk.library_admin import OTHER_NAMES, NamedAdmin
from articles.desk.proof import ProvedModelForm
from articles.desk.sessions import lately_proved
from articles.models import Desk
from articles.publishing.events import Verb, note
from articles.publishing.rights import Right, may

RULES = ["approval", "editors_publish", "editors_correct", "editors_launch", "demands_second_factor"]


@admin.register(Desk)
class DeskDeskAdmin(NamedAdmin):
    """The administrators' to make and to name; its rules are its chief's, too. They say who may come in and do what:
    whoever saves them has proved lately who they are."""

    add_label = _("Add a desk")
    right = Right.SITE
    list_display = ["name", "time_zone", "approval"]
    prepopulated_fields = {"slug": ["name_en"]}
    fieldsets: ClassVar[Any] = [
        (None, {"fields": ["name", "slug", "time_zone"]}),
        (_("Rules of this desk"), {
            "fields": RULES,
            "description": _("The chief of the desk sets them. They count from the next step on, for everybody."),
        }),
        OTHER_NAMES,
    ]  # fmt: skip

    def has_change_permission(self, request: HttpRequest, obj: Desk | None = None) -> bool:
        return may(request.user, Right.PEOPLE, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Desk | None = None) -> list[str]:
        """For a chief, all but the rules."""
        if may(request.user, Right.SITE):
            return []
        return [name for _name, group in self.fieldsets for name in group["fields"] if name not in RULES]

    def get_fieldsets(self, request: HttpRequest, obj: Desk | None = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        asked = self.has_change_permission(request, obj) and not lately_proved(request)
        return [*fieldsets, (None, {"fields": ["proof"]})] if asked else fieldsets

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = type("DeskForm", (ProvedModelForm,), {"request": request})
        return super().get_form(request, obj, change, form=form, **kwargs)

    def get_prepopulated_fields(self, request: HttpRequest, obj: Desk | None = None) -> dict[str, Any]:
        return super().get_prepopulated_fields(request, obj) if may(request.user, Right.SITE) else {}

    def save_model(self, request: HttpRequest, obj: Desk, form: Any, change: bool) -> None:
        """Each rule that changes is noted, with what it was."""
        before = Desk.objects.select_for_update().filter(pk=obj.pk).first() if change else None
        super().save_model(request, obj, form, change)
        for rule in RULES if before else []:
            was, is_now = getattr(before, rule), getattr(obj, rule)
            if was != is_now:
                note(Verb.RULE_CHANGED, by=request.user, article=None, desk=obj.pk, thing=f"desk {obj.pk}",  # type: ignore[arg-type]
                     before=f"{rule} {_told(was)}", after=f"{rule} {_told(is_now)}")  # fmt: skip


def _told(value: object) -> str:
    """A rule's value in the trail, which is in no language."""
    return {True: "yes", False: "no"}.get(value, str(value))  # type: ignore[call-overload]
