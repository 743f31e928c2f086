"""The comments of a story: a page of their own, and the panel beside the text, which is the same list."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as now

from articles.desk.base import desk_page, short_time
from articles.models import Article, Comment
from articles.publishing import CommentRefused, PublishingError, comment, reopen_comment, resolve
from articles.publishing.comments import MAX_TEXT, Thread, colleagues, threads
from articles.publishing.rights import articles_of

MAX_KEY = 2**63 - 1
LONGEST = 20_000  # characters that are read at all


class CommentForm(forms.Form):
    """What is said, or done to a comment. one: the comment that is answered, resolved or opened again."""

    act = forms.ChoiceField(choices=[(name, name) for name in ("comment", "resolve", "reopen")])
    one = forms.IntegerField(min_value=1, max_value=MAX_KEY, required=False)
    text = forms.CharField(max_length=LONGEST, required=False, strip=False)
    exact = forms.CharField(max_length=LONGEST, required=False, strip=False)
    before = forms.CharField(max_length=LONGEST, required=False, strip=False)
    after = forms.CharField(max_length=LONGEST, required=False, strip=False)


def comments_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The page; asked for its `part`, only the list, for the panel. A POST does one thing."""
    article = articles_of(request.user).select_related("desk").filter(pk=pk).first()  # type: ignore[arg-type]
    if not article:
        raise Http404
    trouble = ""
    typed: dict[str, Any] = {"text": "", "one": None}
    panel = "part" in request.GET
    if request.method == "POST":
        form = CommentForm(request.POST)
        try:
            if not form.is_valid():
                raise CommentRefused(now("This could not be read, or it is too long. Nothing was changed."))
            done = _do(request, article, form.cleaned_data)
        except PublishingError as error:
            trouble, typed = str(error), typed | form.cleaned_data
        else:
            if not panel:
                return HttpResponseRedirect(f"{request.path}#comment-{done.pk}")
    context = comments_context(article) | {"trouble": trouble, "typed": typed}
    if panel:
        return TemplateResponse(request, "desk/_comments.html", context)
    return desk_page(request, "desk/comments.html", title=now("Comments"), **context)


def _do(request: HttpRequest, article: Article, given: dict[str, Any]) -> Comment:
    by: Any = request.user
    one = article.comments.filter(pk=given["one"]).first() if given["one"] else None
    if not one and (given["one"] or given["act"] != "comment"):
        raise CommentRefused(now("This comment is not there. Nothing was changed: open the page again."))
    if given["act"] == "comment":
        return comment(article, by=by, text=given["text"], reply_to=one, exact=given["exact"],
                       prefix=given["before"], suffix=given["after"])  # fmt: skip
    assert one
    return resolve(one, by=by) if given["act"] == "resolve" else reopen_comment(one, by=by)


def comments_context(article: Article) -> dict[str, Any]:
    found = [_shown(thread, article) for thread in threads(article)]
    return {
        "article": article,
        "comments_url": reverse("admin:articles_article_comments", args=[article.pk]),
        "open_threads": [one for one in found if not one["resolved"]],
        "resolved_threads": [one for one in found if one["resolved"]],
        "colleagues": colleagues(article),
        "max_text": MAX_TEXT,
    }


def _shown(thread: Thread, article: Article) -> dict[str, Any]:
    return {
        "key": thread.comment.pk,
        "said": [_said(one, article) for one in (thread.comment, *thread.answers)],
        "passage": thread.passage,
        "gone": thread.gone,
        "resolved": bool(thread.comment.resolved_at),
        "resolved_by": thread.comment.resolved_by,
    }


def _said(one: Comment, article: Article) -> dict[str, Any]:
    return {"key": one.pk, "by": one.by, "when": short_time(one.at, article.desk.zone), "text": one.text}
