"""The house style at the desk: findings for the text being written, for a pasted text, and for the publish page."""

import json
from html import escape
from typing import Any

from django import forms
from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from articles.desk.base import desk_page
from articles.language import markup, words
from articles.language.style.check import Finding
from articles.models import MAX_BODY, Article, Language, User
from articles.publishing import house_style
from articles.publishing.rights import Right, desks_where, may
from articles.publishing.style_words import RULES

MAX_LINE = 2_000  # characters of a headline or another line
FIELDS = {
    "kicker": _("kicker"),
    "headline": _("headline"),
    "standfirst": _("standfirst"),
    "lead_caption": _("caption of the lead picture"),
    "body": _("body"),
}


# The words of static/desk/style_check.js.
WORDS: dict[str, Any] = {
    "title": _("House style"),
    "found": [
        ngettext_lazy("%(count)s place", "%(count)s places", 1),
        ngettext_lazy("%(count)s place", "%(count)s places", 2),
    ],
    "nothing": _("Nothing to say."),
    "failed": _("The house style could not be looked at. It is tried again when you go on."),
    "change": _("Change to %(to)s"),
    "change_all": _("Change all %(count)s like this"),
    "leave_out": _("Leave it out"),
    "undo": _("Undo"),
    "show": _("Show"),
    "blocks": _("Refuses publication."),
}


def script_words() -> str:
    return json.dumps(WORDS, cls=DjangoJSONEncoder, ensure_ascii=False)


def as_shown(finding: Finding) -> dict[str, Any]:
    """A finding for a page or a script."""
    return {
        "rule": finding.rule,
        "key": finding.key,
        "name": str(RULES[finding.rule]),
        "field": finding.field,
        "where": str(FIELDS[finding.field]),
        "block": finding.number,
        "start": finding.start,
        "end": finding.end,
        "before": finding.before,
        "words": finding.words,
        "after": finding.after,
        "why": house_style.explained(finding),
        "suggestion": finding.suggestion,
        "blocking": finding.blocking,
    }


def of_story(article: Article) -> list[dict[str, Any]]:
    """For the publish page."""
    return [as_shown(one) for one in house_style.findings_of(article)]


class TextForm(forms.Form):
    """A text to be looked at, and as what: everything in it may be missing or odd."""

    desk: Any = forms.ModelChoiceField(None, label=_("Desk"), empty_label=None)
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices)
    body = forms.CharField(label=_("Text"), required=False, max_length=MAX_BODY, strip=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["desk"].queryset = desks_where(user, Right.WRITE)  # type: ignore[attr-defined]
        for name in house_style.LINES:
            self.fields[name] = forms.CharField(required=False, max_length=MAX_LINE, strip=False)

    def findings(self, body: str) -> list[dict[str, Any]]:
        given = self.cleaned_data
        lines = {name: _usable(given[name]) for name in house_style.LINES}
        found = house_style.findings(lines, body, language=given["language"], desk=given["desk"].pk)
        return [as_shown(one) for one in found]


def _usable(line: str) -> str:
    """As long as what the person typed, so that places fit."""
    return "".join(" " if words.unusable_characters(letter) else letter for letter in line)


def check_page(request: HttpRequest) -> HttpResponse:
    """POST only: the fields of a story form, `desk` and `language` → {"findings": […]}; 400 with a sentence."""
    if request.method != "POST" or not may(request.user, Right.WRITE):
        raise Http404
    form = TextForm(request.POST, user=request.user)  # type: ignore[arg-type]
    if not form.is_valid():
        return JsonResponse({"error": now("This text cannot be looked at.")}, status=400)
    return JsonResponse({"findings": form.findings(markup.clean(form.cleaned_data["body"]))})


class TryForm(TextForm):
    body = forms.CharField(label=_("Text"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 8}), strip=False)


def try_page(request: HttpRequest) -> HttpResponse:
    """A box for any text, kept nowhere: what would be marked in it, line by line."""
    if not may(request.user, Right.WRITE):
        raise Http404
    form = TryForm(request.POST or None, user=request.user, initial={"language": request.GET.get("language")})  # type: ignore[arg-type]
    form.label_suffix = ""
    found = None
    if request.method == "POST" and form.is_valid():
        body = "".join(f"<p>{line}</p>" for line in map(escape, form.cleaned_data["body"].splitlines()) if line.strip())
        found = form.findings(markup.clean(body))
    return desk_page(request, "desk/style_try.html", title=now("Try the house style"), form=form, found=found,
                     language=form["language"].value())  # fmt: skip
