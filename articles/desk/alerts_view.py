"""What waits for a person, at once: the bell in the header, the list behind it, and the way to each thing."""

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as now
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from articles.desk.base import desk_page, short_time
from articles.desk.keys import key_of
from articles.models import Alert, User
from articles.publishing import alerts
from articles.publishing.triage import WAITING

SHOWN = 50
MOST_SHOWN = 99  # in the bell; more is “99+”
Kind = Alert.Kind


def bell(request: HttpRequest) -> dict[str, Any]:
    """What the header shows; one query."""
    user = request.user
    count = alerts.unread(user) if isinstance(user, User) else 0
    words = ngettext("%(count)d notice you have not read", "%(count)d notices you have not read", count)
    return {
        "count": count,
        "shown": f"{MOST_SHOWN}+" if count > MOST_SHOWN else str(count or ""),
        "words": words % {"count": count} if count else now("No new notices"),
    }


def list_page(request: HttpRequest) -> HttpResponse:
    """The newest notices, and by `before` the older ones; a POST marks one, or all, as read."""
    user: Any = request.user
    if request.method == "POST":
        return _mark(request, user)
    found = (
        alerts.alerts_of(user).select_related("article__desk", "front__channel", "actor__person").defer("article__body")
    )
    if before := key_of(request.GET.get("before", "")):
        last = alerts.alerts_of(user).filter(pk=before).first()
        if not last:
            raise Http404
        found = found.filter(at__lte=last.at).exclude(at=last.at, pk__gte=last.pk)
    rows = list(found.order_by("-at", "-pk")[: SHOWN + 1])
    return desk_page(
        request,
        "desk/alerts.html",
        title=now("Notices"),
        rows=[_row(one) for one in rows[:SHOWN]],
        older=rows[SHOWN - 1].pk if len(rows) > SHOWN else None,
        waiting=any(not one.read_at for one in rows),
    )


def _row(alert: Alert) -> dict[str, Any]:
    article = alert.article
    return {
        "key": alert.pk,
        "kind": alert.kind,
        "what": alert.get_kind_display(),
        "headline": article.headline if article else str(alert.front),
        "language": article.language if article else "",
        "by": alert.actor,
        "when": short_time(alert.at, article.desk.zone if article else None),
        "unread": not alert.read_at,
        "due": alert.kind in {Kind.OVERDUE, Kind.SCHEDULE_FAILED, Kind.LEFT_OUT},
    }


def _mark(request: HttpRequest, user: User) -> HttpResponse:
    which = request.POST.get("read", "")
    if which == "all":
        alerts.mark_read(user)
    elif key := key_of(which):
        alerts.mark_read(user, [key])
    return HttpResponseRedirect(reverse("desk-alerts"))


@require_safe
def count(request: HttpRequest) -> HttpResponse:
    """For the bell, which asks now and then: how many wait, or 304 where that has not changed."""
    told = bell(request)
    etag = f'"{told["count"]}"'
    if request.headers.get("If-None-Match") == etag:
        answer: HttpResponse = HttpResponseNotModified()
    else:
        answer = JsonResponse(told)
    answer["ETag"] = etag
    return answer


@require_safe
def open_page(request: HttpRequest, alert: int) -> HttpResponse:
    """To the thing itself; it has been read by that."""
    user: Any = request.user
    found = alerts.alerts_of(user).filter(pk=alert).select_related("article").defer("article__body").first()
    if not found:
        raise Http404
    alerts.mark_read(user, [found.pk])
    return HttpResponseRedirect(_place(found))


def _place(alert: Alert) -> str:
    if not alert.article:
        return reverse("admin:articles_front_editor", args=[alert.front_id or "site"])
    form = reverse("admin:articles_article_change", args=[alert.article_id])
    if alert.kind in {Kind.COMMENTED, Kind.RETURNED} and alert.target:
        return reverse("admin:articles_article_comments", args=[alert.article_id]) + f"#comment-{alert.target}"
    if alert.kind == Kind.REPORTED:
        report = alert.article.reports.filter(WAITING).order_by("received_at").first()
        return reverse("admin:articles_errorreport_change", args=[report.pk]) if report else form
    return form


alerts_page = admin.site.admin_view(list_page)
alerts_count = admin.site.admin_view(count)
alert_page = admin.site.admin_view(open_page)
