"""The house style of a desk: which rules mark, which refuse publication, and rules of its own. Its chief's matter."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from articles.desk import style_view
from articles.desk.base import DeskAdmin
from articles.language.style.check import CODES
from articles.language.style.names import MAX_GAPS, pattern_fault
from articles.models import StyleRule
from articles.publishing.events import Verb, note
from articles.publishing.rights import Right, desks_where, may
from articles.publishing.style_words import RULES

_FAULTS = {
    "empty": _("Write the words that are to be found."),
    "edge": _("Around each * there are words: it may not stand first, last or beside another one."),
    "gaps": _("At most %(gaps)d * in one rule."),
    "long": _("This is too long."),
}


class StyleRuleForm(forms.ModelForm):
    code = forms.ChoiceField(
        label=_("Rule"), choices=[(StyleRule.OWN, RULES[StyleRule.OWN]), *((code, RULES[code]) for code in CODES)]
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("code") == StyleRule.OWN:
            if fault := pattern_fault(given.get("pattern", "")):
                self.add_error("pattern", _FAULTS[fault] % {"gaps": MAX_GAPS})
            if given.get("replacement", "").count("*") > given.get("pattern", "").count("*"):
                self.add_error("replacement", _("There are more * here than in what is found."))
        else:
            for name in ("pattern", "replacement", "explanation", "language"):
                if given.get(name):
                    self.add_error(name, _("Only a rule of the desk’s own has this."))
        return given


@admin.register(StyleRule)
class StyleRuleAdmin(DeskAdmin):
    form = StyleRuleForm
    right = Right.DECIDE
    add_label = _("Add a rule")
    empty_hint = _(
        "No desk has changed the house style: all rules mark, and none refuses publication. A chief may switch a rule "
        "off, let it refuse publication, or add a rule of the desk’s own."
    )
    change_list_template = "desk/style_list.html"
    list_display = ["rule", "pattern", "replacement", "state", "desk"]
    list_filter = ["state", "desk"]
    list_select_related = ["desk"]
    search_fields = ["pattern", "explanation"]
    fieldsets = [
        (None, {"fields": ["desk", "code", "state"]}),
        (_("A rule of the desk’s own"), {
            "fields": ["pattern", "replacement", "explanation", "language"],
            "description": _("Plain words. A * stands for a few characters of one line, twelve at most; in what is "
                             "offered instead it puts them back."),
        }),
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[StyleRule]:
        desks = desks_where(request.user, Right.WRITE)  # type: ignore[arg-type]
        return super().get_queryset(request).filter(desk__in=desks)

    def has_change_permission(self, request: HttpRequest, obj: StyleRule | None = None) -> bool:
        return may(request.user, Right.DECIDE, obj.desk_id if obj else None)

    def has_delete_permission(self, request: HttpRequest, obj: StyleRule | None = None) -> bool:
        return bool(obj) and self.has_change_permission(request, obj)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        field.queryset = desks_where(request.user, Right.DECIDE)  # type: ignore[union-attr, arg-type]
        field.empty_label = None  # type: ignore[union-attr]
        return field

    def save_model(self, request: HttpRequest, obj: StyleRule, form: Any, change: bool) -> None:
        before = form.initial.get("state", "") if change else ""
        super().save_model(request, obj, form, change)
        self._note(request, obj, before=before, after=obj.state)

    def delete_model(self, request: HttpRequest, obj: StyleRule) -> None:
        self._note(request, obj, before=f"{obj.state} {obj.pattern}"[:200].strip())
        super().delete_model(request, obj)

    def _note(self, request: HttpRequest, obj: StyleRule, *, before: str, after: str = "") -> None:
        by: Any = request.user
        thing = f"style {obj.pk if obj.code == StyleRule.OWN else obj.code}"
        note(Verb.RULE_CHANGED, by=by, article=None, thing=thing, desk=obj.desk_id, before=before, after=after)

    def get_urls(self) -> list[URLPattern]:
        try_it = path("try/", self.admin_site.admin_view(style_view.try_page), name="articles_stylerule_try")
        return [try_it, *super().get_urls()]

    @admin.display(description=_("rule"))
    def rule(self, rule: StyleRule) -> str:
        return str(RULES.get(rule.code, rule.code))
