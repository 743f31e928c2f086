"""The glossary: how names are written. Its desk's editors keep it; what holds for the whole site, administrators."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from articles.desk.base import DeskAdmin
from articles.language.words import one_line, unusable_characters
from articles.models import GlossaryEntry
from articles.publishing.errors import listed
from articles.publishing.events import Verb, note
from articles.publishing.rights import Right, desks_where, may

MAX_FORM = 100  # characters
MAX_FORMS = 30


def _words(right: str, wrong: str) -> str:
    """An entry as the audit trail tells it."""
    return f"{right}: {' '.join(wrong.splitlines())}"[:200]


class GlossaryForm(forms.ModelForm):
    def clean_wrong(self) -> str:
        forms_given = [one_line(line) for line in self.cleaned_data["wrong"].splitlines()]
        kept = list(dict.fromkeys(form for form in forms_given if form))
        if len(kept) > MAX_FORMS or any(len(form) > MAX_FORM or unusable_characters(form) for form in kept):
            raise forms.ValidationError(
                _("At most %(forms)d forms of %(letters)d characters each, one in a line, all of which can be shown."),
                params={"forms": MAX_FORMS, "letters": MAX_FORM},
            )
        return "\n".join(kept)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("right") and given["right"] in given.get("wrong", "").splitlines():
            self.add_error("wrong", _("The right form stands among the wrong ones."))
        return given


@admin.register(GlossaryEntry)
class GlossaryAdmin(DeskAdmin):
    form = GlossaryForm
    add_label = _("Add a name")
    empty_hint = _(
        "The glossary is empty. Add the names of people and places as your desk writes them, with the forms that are "
        "wrong."
    )
    list_display = ["right", "wrong_ones", "language", "desk_name"]
    list_filter = ["language", "desk"]
    list_select_related = ["desk"]
    search_fields = ["right", "wrong"]
    fieldsets = [(None, {"fields": ["right", "wrong", "other_script", "note", "language", "desk"]})]

    def get_queryset(self, request: HttpRequest) -> QuerySet[GlossaryEntry]:
        desks = desks_where(request.user, Right.WRITE)  # type: ignore[arg-type]
        return super().get_queryset(request).filter(Q(desk__in=desks) | Q(desk=None))

    def has_change_permission(self, request: HttpRequest, obj: GlossaryEntry | None = None) -> bool:
        if obj and not obj.desk_id:
            return may(request.user, Right.SITE)
        return may(request.user, Right.LIBRARY, obj.desk_id if obj else None)

    def has_delete_permission(self, request: HttpRequest, obj: GlossaryEntry | None = None) -> bool:
        return bool(obj) and self.has_change_permission(request, obj)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        field.queryset = desks_where(request.user, Right.LIBRARY)  # type: ignore[union-attr, arg-type]
        if not may(request.user, Right.SITE):
            field.required, field.empty_label, field.help_text = True, None, ""  # type: ignore[union-attr]
        return field

    def save_model(self, request: HttpRequest, obj: GlossaryEntry, form: Any, change: bool) -> None:
        before = _words(form.initial["right"], form.initial["wrong"]) if change else ""
        super().save_model(request, obj, form, change)
        self._note(request, obj, before=before, after=_words(obj.right, obj.wrong))

    def delete_model(self, request: HttpRequest, obj: GlossaryEntry) -> None:
        self._note(request, obj, before=_words(obj.right, obj.wrong))
        super().delete_model(request, obj)

    def _note(self, request: HttpRequest, obj: GlossaryEntry, *, before: str, after: str = "") -> None:
        by: Any = request.user
        note(
            Verb.RULE_CHANGED,
            by=by,
            article=None,
            thing=f"glossary {obj.pk}",
            desk=obj.desk_id,
            before=before,
            after=after,
        )

    @admin.display(description=_("wrong forms"))
    def wrong_ones(self, entry: GlossaryEntry) -> str:
        return listed(entry.wrong_forms())

    @admin.display(description=_("desk"))
    def desk_name(self, entry: GlossaryEntry) -> str:
        return str(entry.desk) if entry.desk else now("all desks")
