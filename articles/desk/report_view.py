"""One reader's report: what it says beside what stands there today, what has been done, and what can be done now."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as now

from articles.desk.notice_form import notice_name
from articles.desk.report_marks import clock, state_mark
from articles.language import differences, passages
from articles.models import Correction, Edition, ErrorReport, Event, Language, Publication, User
from articles.publishing import PublishingError, triage
from articles.publishing.answer_report import NoAnswer, answer, notices_for, put_right, typos_mended
from articles.publishing.events import Verb
from articles.publishing.notes import MAX_NOTE
from articles.publishing.report_error import layer_of, passage_of
from articles.publishing.triage import MAX_ANSWER, Act

OTHERS = 20
ANSWERS = 50  # notices, or editions, to choose from
STEPS = 100
MAX_KEY = 2**63 - 1
AROUND = 120  # characters shown on each side of a passage


class ActForm(forms.Form):
    """One step. `text`: the reason, the answer or the note, where the step has one."""

    act = forms.ChoiceField(choices=[(act.value, act.value) for act in Act])
    seen = forms.CharField(max_length=40)
    text = forms.CharField(max_length=4 * MAX_ANSWER, required=False, strip=False)
    into = forms.CharField(max_length=12, required=False)
    with_key = forms.IntegerField(min_value=1, max_value=MAX_KEY, required=False)  # of a notice, or of an edition


@dataclass(frozen=True)
class Quote:
    """A passage with what stands around it, in one edition."""

    number: int
    before: str
    pieces: list[differences.Piece]
    after: str
    found: bool = True


def report_page(request: HttpRequest, object_id: str, reports: "QuerySet[ErrorReport]") -> HttpResponse:
    """The page; a POST takes one step. reports: those that this person may see."""
    report = _find(object_id, reports)
    typed = {"act": "", "text": ""}
    trouble = ""
    if request.method == "POST":
        form = ActForm(request.POST)
        if form.is_valid():
            typed = form.cleaned_data
            try:
                return _do(request, report, typed)
            except PublishingError as error:
                trouble = str(error)
        else:
            trouble = now("This step is not known, or its text is too long. Nothing was changed.")
        report = _find(object_id, reports)
    return TemplateResponse(request, "desk/report.html", _context(request, report, reports, typed, trouble))


def _find(object_id: str, reports: "QuerySet[ErrorReport]") -> ErrorReport:
    if not (object_id.isascii() and object_id.isdecimal() and len(object_id) < 18):
        raise Http404
    found = reports.select_related(
        "article__desk", "desk", "edition", "duplicate_of", "correction__right", "correction__text",
        "right_edition", "acknowledged_by__person",
        "decided_by__person", "appeal_decided_by__person",
    ).filter(pk=object_id).first()  # fmt: skip
    if not found:
        raise Http404
    return found


def _do(request: HttpRequest, report: ErrorReport, given: dict[str, Any]) -> HttpResponse:
    by: Any = request.user
    act, seen, text = Act(given["act"]), given["seen"], given["text"]
    here = HttpResponseRedirect(reverse("admin:articles_errorreport_change", args=[report.pk]))
    if act == Act.ACCEPT:
        triage.accept(report, by=by, seen=seen)
        messages.success(request, now("Upheld. The reader sees that the correction is being written."))
        return here if report.track == ErrorReport.Track.REPLY else HttpResponseRedirect(_publish_url(report))
    if act == Act.ACKNOWLEDGE:
        triage.acknowledge(report, by=by, seen=seen)
    elif act == Act.DECLINE:
        triage.decline(report, by=by, reason=text, seen=seen)
    elif act == Act.MERGE:
        into = report.article.reports.filter(reference=given["into"].upper()).first()
        if not into:
            raise triage.OtherReport
        triage.merge(report, into=into, by=by, seen=seen)
    elif act == Act.ANSWER:
        answer(report, notice=_chosen(notices_for(report), given), by=by, seen=seen)
    elif act == Act.PUT_RIGHT:
        put_right(report, edition=_chosen(typos_mended(report), given), by=by, seen=seen)
    elif act == Act.SPAM:
        triage.set_spam(report, by=by, seen=seen)
    elif act == Act.REOPEN:
        triage.reopen(report, by=by, seen=seen)
    elif act == Act.PUBLISH_REPLY:
        edition = triage.publish_reply(report, by=by, text=text, seen=seen)
        messages.success(request, now("Edition %(number)d is public.") % {"number": edition.number})
        return here
    else:
        triage.decide_appeal(report, by=by, upheld=act == Act.UPHOLD, reason=text, seen=seen)
    messages.success(request, now("Done. The reader’s private page says so."))
    return here


def _chosen(rows: "QuerySet[Any]", given: dict[str, Any]) -> Any:
    found = rows.filter(pk=given["with_key"] or 0).first()
    if not found:
        raise NoAnswer
    return found


def _publish_url(report: ErrorReport) -> str:
    return reverse("admin:articles_article_publish", args=[report.article_id]) + f"?report={report.pk}"


def _context(
    request: HttpRequest, report: ErrorReport, reports: "QuerySet[ErrorReport]", typed: dict[str, Any], trouble: str
) -> dict[str, Any]:
    user: User = request.user  # type: ignore[assignment]
    publication = Publication.objects.select_related("edition").get(article=report.article_id)
    here = reports.filter(article=report.article_id).exclude(pk=report.pk).select_related("desk")
    stood, stands = _quotes(report, publication.edition)
    for other in (others := list(here[:OTHERS])):
        other.mark, other.clock = state_mark(other), clock(other)  # type: ignore[attr-defined]
    same = here.filter(track=report.track, state__in=[*ErrorReport.OPEN_STATES, ErrorReport.State.CORRECTED])
    acts = triage.acts(report, user)
    return {
        **admin.site.each_context(request),
        "title": now("Report %(reference)s") % {"reference": report.reference},
        "report": report,
        "opts": ErrorReport._meta,
        "is_popup": False,
        "mark": state_mark(report),
        "clock": clock(report),
        "seen": triage.mark(report),
        "acts": {act.name.lower() for act in acts},
        "notices": _names(notices_for(report)[:ANSWERS]) if Act.ANSWER in acts else [],
        "typos": _names(typos_mended(report)[:ANSWERS]) if Act.PUT_RIGHT in acts else [],
        "answer": _answer(report),
        "publication": publication,
        "stood": stood,
        "stands": stands,
        "steps": _steps(report),
        "others": others,
        "mergeable": list(same.order_by("received_at")[:OTHERS]),
        "publish_url": _publish_url(report) if report.state == ErrorReport.State.ACCEPTED else "",
        "typed": typed,
        "trouble": trouble,
        "max_answer": MAX_ANSWER,
        "max_note": MAX_NOTE,
        "note": _note(report.article.language),
    }


def _names(answers: "QuerySet[Correction] | QuerySet[Edition]") -> Sequence[tuple[int, str]]:
    """What can answer it, as (key, name)."""
    return [(one.pk, _name(one)) for one in answers]


def _name(one: Correction | Edition) -> str:
    return notice_name(one) if isinstance(one, Correction) else f"{one.number}: {one.get_kind_display()}"


def _answer(report: ErrorReport) -> tuple[str, str]:
    """What answered it, as (address, name); empty while nothing has."""
    code = report.article.code
    if notice := report.correction:
        return reverse("permalink", args=[code]) + f"#notice-{notice.right.number}-{notice.place}", _name(notice)
    if edition := report.right_edition:
        with translation.override(Language(report.article.language).interface):
            address = reverse("site:changes", args=[code, edition.number])
        return address, _name(edition)
    return "", ""


def _note(language: str) -> str:
    """What readers are told before a reply unless the chief writes something else: in the story's language."""
    with translation.override(Language(language).interface):
        return now("Reply of a person whom this story concerns.")


def _quotes(report: ErrorReport, standing: Edition) -> tuple[Quote | None, Quote | None]:
    """The passage in the edition that was read, and what stands in its place today."""
    passage, found = passage_of(report)
    if not passage:
        return None, None
    exact = [differences.Piece("same", passage.exact)]
    old = Quote(report.edition.number, passage.prefix, exact, passage.suffix, found)
    if not found:
        return old, None
    old = _around(layer_of(report.edition), passage.start, passage.end, passage.exact, report.edition.number) or old
    if report.edition_id == standing.pk:
        return old, None
    layer = layer_of(standing)
    place = passages.find(layer, passage)
    if not place:
        return old, Quote(standing.number, "", [], "", found=False)
    return old, _around(layer, *place, passage.exact, standing.number)


def _around(layer: str, start: int, end: int, was: str, number: int) -> Quote | None:
    """The passage with its paragraph; what differs from `was` is marked in it. None where the text was erased."""
    if not layer:
        return None
    first = max(layer.rfind("\n", 0, start) + 1, start - AROUND)
    last = layer.find("\n", end)
    last = min(len(layer) if last < 0 else last, end + AROUND)
    return Quote(number, layer[first:start], differences.compare(was, layer[start:end]), layer[end:last])


def _steps(report: ErrorReport) -> list[Event]:
    events = Event.objects.filter(article=report.article_id, thing=f"report {report.reference}")
    steps = list(events.select_related("by__person").order_by("pk")[:STEPS])
    for step in steps:
        step.words = Verb(step.verb).label if step.verb in Verb.values else step.verb  # type: ignore[attr-defined]
        step.local = step.at.astimezone(report.desk.zone)  # type: ignore[attr-defined]
    return steps
