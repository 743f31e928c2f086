"""What the story form does by itself while somebody writes: it saves, and tells who else is there.

Its script is static/desk/autosave.js. It writes through save_draft and begin_draft, like every other door.
"""

import json
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import all_valid
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from articles.desk.base import short_time, stage_mark
from articles.desk.story_form import drafted
from articles.models import Article, DraftVersion
from articles.publishing import (
    PublishingError,
    Spiked,
    StaleDraft,
    begin_draft,
    presence,
    save_draft,
    take_over,
    versions,
)
from articles.publishing.presence import Here
from articles.publishing.rights import Right, articles_of, may

if TYPE_CHECKING:
    from articles.desk.article_admin import ArticleAdmin

How = DraftVersion.How
# What the bar below the form says.
WORDS = {
    "kept": _("Kept in this browser; not saved yet."),
    "notKept": _("This browser cannot keep the text: save it yourself."),
    "headline": _("Kept in this browser; it is saved as soon as it has a headline."),
    "offline": _("The newsroom is out of reach. Kept in this browser; not saved yet."),
    "ended": _("You are not logged in any more. Kept in this browser; log in in another window, and it is saved."),
    "gone": _("This story is not open to you any more. Kept in this browser; not saved."),
    "wrong": _("Kept in this browser; not saved yet."),
    "reload": _("Open the story again to see it."),
}


def autosave(admin: "ArticleAdmin", request: HttpRequest, pk: int) -> HttpResponse:
    """POST with the fields of the story form, and the window's `tab`; pk 0: of a story that is not begun yet. With
    `how` as “saved”, somebody asked for it by Ctrl+S: it counts as saved by hand, and the story is handed over too.

    Answers JSON. Saved, or nothing to save: `version`, `saved` (HTML), and `told` to who asked. 422: `errors` by field.
    409: `stale`, a sentence that says who has saved, and when. `paused`: another window is writing, and nothing was
    saved.
    """
    return _autosave(request, admin=admin, pk=pk)


@require_POST
def _autosave(request: HttpRequest, *, admin: "ArticleAdmin", pk: int) -> HttpResponse:
    by: Any = request.user
    article = _story(request, pk) if pk else None
    if not pk and not may(by, Right.WRITE):
        raise PermissionDenied
    around = presence.here(article, by=by, tab=request.POST.get("tab", "")) if article else None
    if article and around and not around.holds:
        return JsonResponse({"paused": True} | _told(request, article, around))
    if article and request.POST.get("seen", "") != str(article.version):
        return _stale(request, article, around)
    if article and article.stage == Article.Stage.SPIKED:
        return JsonResponse({"refused": str(Spiked())}, status=409)
    form: Any = admin.get_form(request, article, change=bool(article))(request.POST, instance=article or Article())
    valid = form.is_valid()
    formsets, _inlines = admin._create_formsets(  # type: ignore[attr-defined]
        request, form.instance, change=bool(article)
    )
    if not all_valid(formsets) or not valid:
        return _wrong(form.errors.get_json_data(), formsets)
    draft = drafted(form, formsets)
    how = How.SAVED if request.POST.get("how") == How.SAVED else How.AUTOSAVED
    try:
        if not article:
            saved = begin_draft(by=by, draft=draft, key=form.cleaned_data["begun"], how=how)
            around = presence.here(saved, by=by, tab=request.POST.get("tab", ""))
        elif versions.says(standing := Article.objects.get(pk=article.pk), draft) and _kept_as(standing, how):
            saved = standing
        else:
            saved = save_draft(article, seen=form.cleaned_data["seen"], by=by, draft=draft, how=how)
    except StaleDraft:
        return _stale(request, Article.objects.get(pk=pk) if pk else None, around)
    except ValidationError as error:
        return JsonResponse({"errors": error.message_dict}, status=422)
    except PublishingError as error:
        return JsonResponse({"refused": str(error)}, status=409)
    told = _handed_over(form, saved, by) if how == How.SAVED else ""
    return JsonResponse(
        {
            "version": saved.version,
            "saved": now("saved %(time)s") % {"time": short_time(saved.changed_at, saved.desk.zone)},
            "told": told,
            "stage": stage_mark(saved),
            "number": saved.pk,
            "address": reverse("admin:articles_article_change", args=[saved.pk]),
            "autosave": reverse("admin:articles_article_autosave", args=[saved.pk]),
            "here": reverse("admin:articles_article_here", args=[saved.pk]),
            "preview": reverse("preview", args=[saved.pk]),
        }
        | (_told(request, saved, around) if around else {})
    )


def _kept_as(article: Article, how: How) -> bool:
    """Whether the version that stands is kept at least as long as one saved in this way: autosaves are thinned out."""
    return how == How.AUTOSAVED or versions.standing(article).how != How.AUTOSAVED


def _handed_over(form: Any, article: Article, by: Any) -> str:
    """What is told to who saved by hand."""
    try:
        form.hand_over(article, by)
    except PublishingError as error:
        return str(error)
    return now("Saved at %(time)s.") % {"time": f"{timezone.localtime(timezone=article.desk.zone):%H:%M}"}


@require_POST
def here_view(request: HttpRequest, pk: int) -> HttpResponse:
    """POST with the window's `tab`: its sign of life; with `act`, it takes the writing over, or is closed."""
    article = _story(request, pk)
    by: Any = request.user
    tab, act = request.POST.get("tab", ""), request.POST.get("act", "")
    if act == "leave":
        presence.leave(article, by=by, tab=tab)
        return HttpResponse(status=204)
    around = (take_over if act == "take-over" else presence.here)(article, by=by, tab=tab)
    changed = {} if request.POST.get("seen", "") == str(article.version) else {"stale": _who_saved(article)}
    return JsonResponse(changed | _told(request, article, around))


def keeping(request: HttpRequest, article: Article | None, form: Any) -> dict[str, Any]:
    """What the form's script must know, and who is here already, for those without it."""
    saved = article if article and article.pk else None
    return {
        "user": request.user.pk,
        "story": saved.pk if saved else "",
        "version": saved.version if saved else 0,
        "autosave": reverse("admin:articles_article_autosave", args=[saved.pk]) if saved
        else reverse("admin:articles_article_autosave_new"),
        "here": reverse("admin:articles_article_here", args=[saved.pk]) if saved else "",
        "merging": bool(form.merging),
        "words": json.dumps({name: str(text) for name, text in WORDS.items()}, ensure_ascii=False),
        "others": presence.others(saved) if saved and request.method == "GET" else [],
    }  # fmt: skip


def _story(request: HttpRequest, pk: int) -> Article:
    found = articles_of(request.user).select_related("desk").filter(pk=pk).first()  # type: ignore[arg-type]
    if not found:
        raise Http404
    return found


def _told(request: HttpRequest, article: Article, around: Here) -> dict[str, Any]:
    context = {"others": around.others, "around": around, "user": request.user}
    with timezone.override(article.desk.zone):
        who = render_to_string("desk/_here.html", context, request).strip()
    return {"holds": around.holds, "who": who}


def _stale(request: HttpRequest, article: Article | None, around: Here | None) -> HttpResponse:
    told = {"stale": _who_saved(article) if article else str(StaleDraft(seen=0, now=0))}
    return JsonResponse(told | (_told(request, article, around) if article and around else {}), status=409)


def _who_saved(article: Article) -> str:
    last = article.versions.select_related("by__person").first()
    who, when = (last.by, last.saved_at) if last else (article.changed_by, article.changed_at)
    return now("%(who)s has saved this story at %(time)s.") % {
        "who": who, "time": f"{when.astimezone(article.desk.zone):%H:%M}",
    }  # fmt: skip


def _wrong(errors: dict[str, Any], formsets: Any) -> HttpResponse:
    told = {name: [one["message"] for one in found] for name, found in errors.items()}
    if any(formset.total_error_count() for formset in formsets):
        told["credits"] = [now("Look at the credits.")]
    return JsonResponse({"errors": told}, status=422)
