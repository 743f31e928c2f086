"""The preview links of a story: made, seen, and taken back."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from articles.desk.base import desk_page, short_time
from articles.desk.keys import key_of
from articles.models import Article, PreviewLink
from articles.publishing import PublishingError, make_link, revoke, versions
from articles.publishing.clock import database_now
from articles.publishing.preview_links import HOURS, MOST_HOURS, open_links
from articles.publishing.rights import articles_of

MOST = 50  # links that are listed


class LinkForm(forms.Form):
    name = forms.CharField(label=_("For whom"), max_length=100, required=False, help_text=_("Only the desk sees this."))
    hours = forms.IntegerField(label=_("For how many hours"), min_value=1, max_value=MOST_HOURS, initial=HOURS)


def links_page(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: the links, and a form for a new one. POST: makes one of what stands now, or takes `revoke` back."""
    article = articles_of(request.user).select_related("desk").filter(pk=pk).first()  # type: ignore[arg-type]
    if not article:
        raise Http404
    here = HttpResponseRedirect(reverse("admin:articles_article_links", args=[pk]))
    by: Any = request.user
    form = LinkForm(
        request.POST if request.method == "POST" and "revoke" not in request.POST else None, label_suffix=""
    )
    try:
        if request.method == "POST" and "revoke" in request.POST:
            if link := _link(article, request.POST["revoke"]):
                revoke(link, by=by)
                messages.success(request, now("The link does not open any more."))
            return here
        if form.is_valid():
            version = versions.standing(article)
            _made, key = make_link(article, version=version, by=by, **form.cleaned_data)
            _tell(request, key)
            return here
    except PublishingError as error:
        messages.error(request, str(error))
        return here
    at, zone = database_now(), article.desk.zone
    rows = [
        {
            "link": link,
            "made": short_time(link.at, zone),
            "ends": short_time(link.expires_at, zone),
            "is_open": link.revoked_at is None and link.expires_at > at,
        }
        for link in article.preview_links.select_related("by__person", "version").order_by("-pk")[:MOST]
    ]
    return desk_page(request, "desk/links.html", title=now("Preview links"), article=article, form=form, rows=rows,
                     most=MOST_HOURS, open_count=open_links(article, at).count())  # fmt: skip


def _link(article: Article, key: str) -> PreviewLink | None:
    return article.preview_links.select_related("article").filter(pk=key_of(key)).first()


def _tell(request: HttpRequest, key: str) -> None:
    """The one time that the address can be seen."""
    address = request.build_absolute_uri(reverse("preview-link", args=[key]))
    messages.success(
        request,
        format_html(
            '{} <input class="link" readonly value="{}" aria-label="{}" data-copy="{}" data-copied="{}">',
            now("Whoever has this link sees the story as it stands now. It is shown once: copy it."),
            address, now("Preview link"), now("Copy"), now("Copied"),
        ),
    )  # fmt: skip
