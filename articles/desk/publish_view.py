"""Publishing: what readers will see, what is still missing, and the one button."""

from django import forms
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from articles.desk.base import stage_mark
from articles.models import Edition, Publication
from articles.models.checks import check_line
from articles.publishing import PublishingError, publish
from articles.publishing.freeze import fingerprint, freeze, same_words
from articles.publishing.issue import missing_parts
from articles.publishing.notes import MAX_NOTE
from articles.publishing.rights import Right, articles_of, may


class PublishForm(forms.Form):
    seen = forms.IntegerField(widget=forms.HiddenInput)
    words = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)
    kind = forms.ChoiceField(
        label=_("Kind of change"),
        choices=[choice for choice in Edition.Kind.choices if choice[0] != Edition.Kind.INITIAL],
        widget=forms.RadioSelect,
        required=False,
    )
    note = forms.CharField(
        label=_("Note to readers"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=MAX_NOTE,
        validators=[check_line],
        required=False,
        help_text=_("What is new, in one or two sentences. Readers see it on the page. Not needed for a typo."),
    )


def publish_page(request: HttpRequest, pk: int) -> HttpResponse:
    article = articles_of(request.user).with_parts().filter(pk=pk).first()  # type: ignore[arg-type]
    if not article:
        raise Http404
    publication = Publication.objects.select_related("edition__text").filter(article=article).first()
    frozen = freeze(article)
    missing = missing_parts(frozen)
    unchanged = publication is not None and same_words(frozen, publication.edition.text.read())
    form = PublishForm(request.POST or None, initial={"seen": article.version, "words": fingerprint(frozen)})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            edition = publish(
                article,
                seen=given["seen"],
                by=request.user,  # type: ignore[arg-type]
                kind=given["kind"] or None,
                note=given["note"],
                words=given["words"],
            )
        except PublishingError as error:
            form.add_error(None, str(error))
        else:
            _tell(request, edition)
            return HttpResponseRedirect(reverse("admin:articles_article_change", args=[pk]))
    context = {
        **admin.site.each_context(request),
        "title": now("Publish"),
        "article": article,
        "stage_mark": stage_mark(article),
        "form": form,
        "public": publication,
        "missing": missing,
        "unchanged": unchanged,
        "may_publish": may(request.user, Right.PUBLISH, article.desk_id),
        "opts": article._meta,
        "is_popup": False,
    }
    return TemplateResponse(request, "desk/publish.html", context)


def _tell(request: HttpRequest, edition: Edition) -> None:
    url = reverse("permalink", args=[edition.article.code])
    messages.success(
        request,
        format_html(
            '{} <a href="{}">{}</a>',
            now("Edition %(number)d is public.") % {"number": edition.number}, url, now("Read it"),
        ),
    )  # fmt: skip
    edition.outbox.refresh_from_db()
    if not edition.outbox.done_at:
        messages.warning(request, now("Not everything that follows a publication has succeeded yet; it is tried again "
                                      "by itself."))  # fmt: skip
