"""One act on many stories: first a page that names each and says what will happen to it, then each by itself."""

from typing import Any, NamedTuple

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as now
from django.utils.translation import ngettext

from articles.desk.base import desk_page
from articles.desk.bulk_acts import CHANGES, Act
from articles.desk.bulk_steps import STEPS
from articles.desk.saved_filters import list_address, question
from articles.models import Article
from articles.publishing import PublishingError, StaleDraft
from articles.publishing.rights import Right, articles_of, may

ACTS = STEPS | CHANGES
MOST = 100  # stories at once


class Line(NamedTuple):
    """One story on the page. chosen: whether the next button means it."""

    article: Article
    told: str
    state: str  # "will", "cannot", "done" or "failed"
    chosen: bool

    @property
    def seen(self) -> int:
        return self.article.version


def bulk_page(request: HttpRequest) -> HttpResponse:
    """From the list: what would happen. From this page itself: what happened, and what is left to try again."""
    user: Any = request.user
    if not may(user, Right.WRITE):
        raise Http404
    asked = question(request.POST.get("query", "")[:4000])
    keys = [int(key) for key in dict.fromkeys(request.POST.getlist("story")) if key.isdecimal() and len(key) < 19]
    name = request.POST.get("act", "")
    if request.method != "POST" or name not in ACTS or not keys or len(keys) > MOST:
        if request.method == "POST":
            messages.error(request, _amiss(name, keys))
        return HttpResponseRedirect(list_address(asked))
    found = articles_of(user).with_parts().in_bulk(keys)
    stories = [found[key] for key in keys if key in found]
    if not stories:
        messages.error(request, now("None of these stories is at your desks any more."))
        return HttpResponseRedirect(list_address(asked))
    act = ACTS[name](user, stories)
    confirmed = "confirm" in request.POST
    form = act.ask(request.POST if confirmed else None)
    if confirmed and form.is_valid():
        lines = [_done(act, story, request.POST.get(f"seen-{story.pk}", ""), form.cleaned_data) for story in stories]
        _tell(request, lines)
        if all(line.state == "done" for line in lines):
            return HttpResponseRedirect(list_address(asked))
        lines = [line for line in lines if line.state == "failed"] + [line for line in lines if line.state == "done"]
    else:
        lines = [_foreseen(act, story) for story in stories]
    return desk_page(
        request,
        "desk/bulk.html",
        title=str(act.title),
        act=act,
        name=name,
        form=form,
        lines=lines,
        possible=any(line.chosen for line in lines),
        asked=asked,
        list_address=list_address(asked),
    )


def _amiss(name: str, keys: list[int]) -> str:
    if not keys:
        return now("Choose stories first, by the boxes at their side.")
    if len(keys) > MOST:
        return now("These are %(count)d stories; %(most)d at once are the most. Nothing was done.") % {
            "count": len(keys), "most": MOST,
        }  # fmt: skip
    return now("Choose what is to be done with these stories.")


def _foreseen(act: Act, article: Article) -> Line:
    hindrance = act.hindrance(article)
    return Line(article, hindrance or act.foreseen(article), "cannot" if hindrance else "will", not hindrance)


def _done(act: Act, article: Article, seen: str, answers: dict[str, Any]) -> Line:
    """Do it to one story. What goes wrong with it stays with it, and holds no other."""
    version = int(seen) if seen.isdecimal() and len(seen) < 10 else 0
    try:
        if version != article.version:  # the verbs that change words look again, under their lock
            raise StaleDraft(seen=version, now=article.version)
        act.do(article, seen=version, answers=answers)
    except StaleDraft:
        article = articles_of(act.user).with_parts().filter(pk=article.pk).first() or article
        told = now("Somebody has saved it since you chose it. Look at it, and try again.")
    except PublishingError as error:
        told = str(error)
    except ValidationError as error:
        told = " ".join(error.messages)
    else:
        return Line(article, now("Done."), "done", False)
    return Line(article, told, "failed", not act.hindrance(article))


def _tell(request: HttpRequest, lines: list[Line]) -> None:
    done = sum(line.state == "done" for line in lines)
    left = len(lines) - done
    if done:
        messages.success(request, ngettext("Done with %(count)d story.", "Done with %(count)d stories.", done)
                         % {"count": done})  # fmt: skip
    if left:
        messages.error(request, ngettext("With %(count)d story it could not be done; it says why.",
                                         "With %(count)d stories it could not be done; each says why.", left)
                       % {"count": left})  # fmt: skip
