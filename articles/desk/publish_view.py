"""Publishing: what changes, what readers are told of it, what is still missing, and the one button."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as now

from articles.desk import script_view, style_view, timing_view
from articles.desk.base import desk_page, stage_mark
from articles.desk.changes import changes, public_text, suggestions
from articles.desk.duties_view import where_else
from articles.desk.notice_form import NoticeForm, from_report, kinds, reports_to_answer
from articles.models import Article, Decision, Edition, ErrorReport, Publication
from articles.publishing import EditionPassed, PublishingError, duties, publish
from articles.publishing.convert import would_differ
from articles.publishing.freeze import Content, fingerprint, freeze, same_words
from articles.publishing.issue import SILENT_KINDS, missing_parts
from articles.publishing.rights import Right, articles_of, may
from articles.publishing.withdraw import STATES

TOLD = 5  # reports that are named after publishing
FURTHER = ["n2", "n3"]  # prefixes of the second and the third notice of one edition


class PublishForm(forms.Form):
    """What the person had before them. stands: the number of the public edition by now, 0 for none."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    words = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)
    after = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, stands: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stands = stands
        self.initial["after"] = stands

    def clean(self) -> dict[str, Any]:
        """Refused once: the page that says so shows what stands now, and a second click is meant."""
        given = super().clean() or {}
        if given.get("after", self.stands) != self.stands:
            renewed: Any = self.data.copy()  # type: ignore[attr-defined]
            renewed["after"] = str(self.stands)
            self.data = renewed
            raise ValidationError(str(EditionPassed(self.stands)), code="passed")
        return given


def publish_page(request: HttpRequest, pk: int) -> HttpResponse:
    article = articles_of(request.user).with_parts().filter(pk=pk).first()  # type: ignore[arg-type]
    if not article:
        raise Http404
    publication = Publication.objects.select_related("edition__text").filter(article=article).first()
    frozen = freeze(article)
    form = PublishForm(
        request.POST or None,
        stands=publication.edition.number if publication else 0,
        initial={"seen": article.version, "words": fingerprint(frozen)},
    )
    notices = _notices(request, article, publication)
    timing = timing_view.TimingForm(request, article, public=bool(publication))
    if request.method == "POST" and form.is_valid() & _valid(notices) & (timing.is_valid() or not timing.wanted):
        given, told = form.cleaned_data, _told(notices)
        try:
            if timing.wanted:
                return timing_view.schedule_from(
                    request, article, timing, seen=given["seen"], words=given["words"], told=told
                )
            edition = publish(article, by=request.user, **given, **told)  # type: ignore[arg-type]
        except EditionPassed:  # between our look and the verb's; the page now finds it itself
            return publish_page(request, pk)
        except PublishingError as error:
            form.add_error(None, str(error))
        else:
            tell_published(request, edition)
            return HttpResponseRedirect(reverse("admin:articles_article_change", args=[pk]))
    return desk_page(
        request,
        "desk/publish.html",
        title=now("Publish"),
        article=article,
        stage_mark=stage_mark(article),
        form=form,
        notices=notices,
        public=publication,
        missing=missing_parts(frozen),
        style=style_view.of_story(article),
        script=script_view.other_script(article, frozen),
        may_publish=may(request.user, Right.PUBLISH, article.desk_id),
        **timing_view.timing_context(article, request.user, timing),
        **(_next_edition(request, article, publication, frozen, notices) if publication else {}),
    )


def _notices(request: HttpRequest, article: Article, publication: Publication | None) -> list[NoticeForm]:
    """The notices that the next edition may bring: none with the first edition, and of a withdrawn story."""
    if not publication or publication.state != Publication.State.STANDING:
        return []
    known: dict[str, Any] = {"article": article, "public": publication.edition}
    data = request.POST or None
    first = NoticeForm(data, initial=from_report(article, request.GET.get("report", "")), **known)
    return [first, *(NoticeForm(data, prefix=prefix, first=False, **known) for prefix in FURTHER)]


def _valid(notices: Sequence[NoticeForm]) -> bool:
    """Whether the notices can be published as they stand; what a typo would bring unseen is an error."""
    if not all(notice.is_valid() for notice in notices):
        return False
    if notices and notices[0].cleaned_data["kind"] in SILENT_KINDS and not all(one.empty for one in notices[1:]):
        notices[0].add_error("kind", now("A typo brings no notice. Choose another kind, or empty the further notices."))
        return False
    return True


def _told(notices: Sequence[NoticeForm]) -> dict[str, Any]:
    """What publish() is to be told of the kind of the edition."""
    if not notices:
        return {}
    noted = [one.as_note() for one in notices if not one.empty and one.cleaned_data["kind"] not in SILENT_KINDS]
    return {"noted": noted} if noted else {"kind": notices[0].cleaned_data["kind"]}


def _next_edition(
    request: HttpRequest, article: Article, publication: Publication, frozen: Content, notices: Sequence[NoticeForm]
) -> dict[str, Any]:
    """What the page shows beside the form once a story is public."""
    before = publication.edition.text.read()
    unchanged = same_words(frozen, before)
    other_script = unchanged and would_differ(article, frozen, publication.edition)
    standing = publication.state == Publication.State.STANDING
    user: Any = request.user
    chief = may(user, Right.DECIDE, article.desk_id)
    acts = [act for act in (Decision.Act.RESTORATION, Decision.Act.ERASURE, Decision.Act.TAKEDOWN)
            if publication.state in STATES[act] and not (standing and act == Decision.Act.TAKEDOWN)]  # fmt: skip
    return {
        "unchanged": unchanged,
        "other_script": other_script,
        "standing": standing,
        "state_word": state_word(publication),
        "kinds": kinds(article, user, unchanged=unchanged, other_script=other_script,
                       chosen=notices[0]["kind"].value() or "") if notices else [],
        "report": (notices[0].initial.get("reports") or [""])[0] if notices else "",
        "changes": [] if unchanged or not standing else changes(before, frozen),
        "suggestions": suggestions(before, frozen) if standing and not unchanged else [],
        "public_text": public_text(before),
        "where_else": where_else(duties.places(article), user),
        "decision": article.decisions.filter(state=Decision.State.OPEN).first(),
        "by_two": [(act.label, reverse("admin:articles_article_propose", args=[article.pk, act.value]))
                   for act in acts] if chief else [],
    }  # fmt: skip


def state_word(publication: Publication) -> str:
    """What became of a public story, in a sentence."""
    words = {
        Publication.State.STANDING: now("Readers see edition %(number)d."),
        Publication.State.RETRACTED: now("This story was retracted: readers see the notice of edition %(number)d."),
        Publication.State.DOWN: now("This story was taken down: readers see the notice of edition %(number)d."),
    }
    return words[Publication.State(publication.state)] % {"number": publication.edition.number}


def tell_published(request: HttpRequest, edition: Edition) -> None:
    """What the person reads after it: also what they were not asked for, and may still have to do."""
    url = reverse("permalink", args=[edition.article.code])
    told = now("Edition %(number)d is public.") % {"number": edition.number}
    if ErrorReport.objects.filter(correction__right=edition).exists():
        told += " " + now("Whoever reported it sees the answer.")
    messages.success(request, format_html('{} <a href="{}">{}</a>', told, url, now("Read it")))
    if waiting := reports_to_answer(edition.article)[:TOLD]:
        links = [(reverse("admin:articles_errorreport_change", args=[one.pk]), one.reference) for one in waiting]
        messages.warning(
            request,
            format_html(
                "{} {}",
                now("Upheld reports of this story still wait for a correction:"),
                format_html_join(" ", '<a href="{}">{}</a>', links),
            ),
        )
    if duty := edition.corrections.filter(duties__state="open").first():
        url = reverse("admin:articles_article_places", args=[duty.article_id])
        messages.warning(request, format_html('{} <a href="{}">{}</a>', now("The error stood elsewhere too."), url,
                                              now("See where")))  # fmt: skip
    edition.outbox.refresh_from_db()
    if not edition.outbox.done_at:
        messages.warning(request, now("Not everything that follows a publication has succeeded yet; it is tried again "
                                      "by itself."))  # fmt: skip
