"""The versions of a working copy: who saved what when, what differs between any two, and the way back."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as now
from django.views.decorators.http import require_POST

from articles.desk.base import desk_page, short_time
from articles.desk.changes import changes
from articles.models import Article, DraftVersion, Publication
from articles.publishing import PublishingError, bring_back, versions
from articles.publishing.errors import listed
from articles.publishing.freeze import Content, freeze
from articles.publishing.rights import articles_of

PAGE = 30  # versions on one page
PUBLIC = "public"


def versions_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The newest versions, or those before ?before=, with what each changed."""
    article = _story(request, pk)
    before = _number(request.GET.get("before", ""))
    found = article.versions.select_related("by__person")
    rows = list((found.filter(number__lt=before) if before else found)[: PAGE + 1])
    read = [row.read() for row in rows]
    public = Publication.objects.filter(article=article).first()
    zone = article.desk.zone
    shown = [
        {
            "number": row.number,
            "when": short_time(row.saved_at, zone),
            "by": row.by,
            "how": row.get_how_display(),
            "what": _short(read[place + 1], read[place]) if place + 1 < len(rows) else now("the beginning"),
            "public": bool(public and public.draft_version == row.number),
        }
        for place, row in enumerate(rows[:PAGE])
    ]
    return desk_page(
        request, "desk/versions.html", title=now("Versions"), article=article, rows=shown, public=public,
        older=rows[PAGE - 1].number if len(rows) > PAGE else 0, newer=bool(before),
    )  # fmt: skip


def compare_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What differs from ?a= to ?b=: numbers of versions, or "public"."""
    article = _story(request, pk)
    sides = [_side(article, request.GET.get(name, "")) for name in ("a", "b")]
    if None in sides:
        messages.error(request, now("Choose two versions to compare."))
        return HttpResponseRedirect(reverse("admin:articles_article_versions", args=[pk]))
    (old, old_name, _old), (new, new_name, version) = sides  # type: ignore[misc]
    return desk_page(
        request, "desk/compare.html", title=now("What changed"), article=article, changes=changes(old, new),
        old_name=old_name, new_name=new_name, versions=[one[2] for one in sides if one and one[2]], version=version,
    )  # fmt: skip


@require_POST
def bring_back_view(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    article = _story(request, pk)
    version = article.versions.filter(number=number).first()
    if not version:
        raise Http404
    by: Any = request.user
    try:
        bring_back(article, version=version, seen=_number(request.POST.get("seen", "")), by=by)
    except PublishingError as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(reverse("admin:articles_article_versions", args=[pk]))
    messages.success(request, now("Version %(number)d is the working copy again. Nothing public has changed.")
                     % {"number": number})  # fmt: skip
    return HttpResponseRedirect(reverse("admin:articles_article_change", args=[pk]))


def _story(request: HttpRequest, pk: int) -> Article:
    found = articles_of(request.user).with_parts().filter(pk=pk).first()  # type: ignore[arg-type]
    if not found:
        raise Http404
    return found


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _side(article: Article, asked: str) -> tuple[Content, str, DraftVersion | None] | None:
    if asked == PUBLIC:
        publication = Publication.objects.select_related("edition__text").filter(article=article).first()
        if not publication:
            return None
        name = now("edition %(number)d, as readers see it") % {"number": publication.edition.number}
        return publication.edition.text.read(), name, None
    version = article.versions.select_related("by__person").filter(number=_number(asked)).first()
    if not version:
        return None
    name = now("version %(number)d, %(time)s, %(who)s") % {
        "number": version.number, "who": version.by,
        "time": f"{version.saved_at.astimezone(article.desk.zone):%Y-%m-%d %H:%M}",
    }  # fmt: skip
    return freeze(versions.article_at(article, version)), name, version


def _short(before: dict[str, Any], after: dict[str, Any]) -> str:
    """What a version changed, in a few words."""
    labels: dict[str, Any] = {
        one.name: one.verbose_name for one in Article._meta.get_fields() if hasattr(one, "verbose_name")
    }
    labels |= {"tags": now("tags"), "credits": now("credits")}
    changed = [str(labels[name]) for name in after if name != "body" and _differs(name, before, after)]
    if after["body"] != before["body"]:
        more = len(after["body"]) - len(before["body"])
        changed.append(now("body (%(more)s characters)") % {"more": f"{more:+d}".replace("-", "−")})
    return listed(changed) or now("nothing")


def _differs(name: str, before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Tags and places have no order of their own; the form gives them back in another one than they were typed in."""
    if name in {"tags", "places"}:
        return bool(sorted(after[name]) != sorted(before.get(name, [])))
    return bool(after[name] != before.get(name))
