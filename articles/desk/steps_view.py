"""The steps of a story at the desk: which buttons its form shows, and what happens when one is pressed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from articles.models import Article, Schedule
from articles.publishing import PublishingError, approve, restore, send_back, spike, stages, submit, take_back
from articles.publishing.errors import listed
from articles.publishing.rights import Right, articles_of, may
from articles.publishing.stages import Stage
from articles.publishing.steps import Step, steps
from articles.publishing.waiting import pending, when

LABELS = {
    Step.SUBMIT: _("Submit for review"),
    Step.TAKE_BACK: _("Take back"),
    Step.SEND_BACK: _("Send back…"),
    Step.APPROVE: _("Approve"),
    Step.SPIKE: _("Spike"),
    Step.RESTORE: _("Restore"),
}
DONE = {
    Step.SUBMIT: _("Submitted for review. Those who may publish are told."),
    Step.TAKE_BACK: _("Taken out of review. It is a draft again."),
    Step.SEND_BACK: _("Sent back with your comment. Whoever wrote it is told."),
    Step.APPROVE: _("Approved. It can be published as it stands."),
    Step.SPIKE: _("Spiked."),
    Step.RESTORE: _("Restored. It is a draft again."),
}


@dataclass(frozen=True)
class Buttons:
    """What the bar below a story offers. strong: the one next step, a Step or “publish”; "" where it is not theirs."""

    steps: list[tuple[str, Any]]
    publish: bool
    strong: str


def buttons(article: Article | None, user: Any) -> Buttons:
    """article: None for a story that is not begun yet."""
    if article is None:
        publishes = may(user, Right.PUBLISH)
        return Buttons([(Step.SUBMIT, LABELS[Step.SUBMIT])], publishes, "publish" if publishes else Step.SUBMIT)
    possible = steps(article, user)
    publishes = may(user, Right.PUBLISH, article.desk_id) and article.stage != Stage.SPIKED
    return Buttons(
        [(step, label) for step, label in LABELS.items() if step in possible],
        publishes,
        _strong(article, possible, publishes),
    )


def _strong(article: Article, possible: set[Step], publishes: bool) -> str:
    waits = stages.approval_wanted(article) and not stages.approval_stands(article)
    if publishes and not waits:
        return "publish"
    return next((step for step in (Step.APPROVE, Step.SUBMIT, Step.RESTORE) if step in possible), "")


def take(request: HttpRequest, article: Article, *, seen: int) -> bool:
    """Do what the person pressed, and tell them; whether it was done."""
    by: Any = request.user
    verbs: dict[str, Callable[[], Article]] = {
        Step.SUBMIT: lambda: submit(article, seen=seen, by=by),
        Step.TAKE_BACK: lambda: take_back(article, seen=seen, by=by),
        Step.SEND_BACK: lambda: send_back(article, seen=seen, by=by, text=request.POST.get("_text", "")),
        Step.APPROVE: lambda: approve(article, seen=seen, by=by),
        Step.SPIKE: lambda: spike(article, seen=seen, by=by),
        Step.RESTORE: lambda: restore(article, by=by),
    }
    step = request.POST.get("_step", "")
    if step not in verbs:
        messages.error(request, now("This step is not known. Nothing was changed."))
        return False
    try:
        verbs[step]()
    except PublishingError as error:
        messages.error(request, str(error))
        return False
    if step == Step.SEND_BACK and (waits := pending(article).filter(act=Schedule.Act.PUBLISH)):
        times = listed([when(row) for row in waits])
        messages.warning(
            request, now("What was scheduled before still goes out, unless you cancel it: %(times)s") % {"times": times}
        )
    told = DONE[Step(step)]
    messages.success(request, _with_restore(request, article, told) if step == Step.SPIKE else str(told))
    return True


def _with_restore(request: HttpRequest, article: Article, told: Any) -> str:
    """The way back stands right beside what was done."""
    return format_html(
        '{} <form method="post" action="{}" class="undo"><input type="hidden" name="csrfmiddlewaretoken" value="{}">'
        '<button name="_step" value="{}">{}</button></form>',
        told,
        reverse("admin:articles_article_step", args=[article.pk]),
        get_token(request),
        Step.RESTORE.value,
        pgettext("a story from the spike", "Restore"),
    )


def step_page(request: HttpRequest, pk: int) -> HttpResponse:
    """POST only: one step, without a change of the words. `_seen`: the version that the person had before them."""
    article = articles_of(request.user).filter(pk=pk).first()  # type: ignore[arg-type]
    if not article or request.method != "POST":
        raise Http404
    seen = request.POST.get("_seen", "")
    take(request, article, seen=int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 10 else 0)
    return HttpResponseRedirect(after(request, pk))


def after(request: HttpRequest, pk: int) -> str:
    """Where to go after a step: the story's form, or the list where the person does not see it any more."""
    if articles_of(request.user).filter(pk=pk).exists():  # type: ignore[arg-type]
        return reverse("admin:articles_article_change", args=[pk])
    return reverse("admin:articles_article_changelist")
