"""The private page of one report: where it stands, why it was decided so, and what its reader can still do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, UnreadablePostError
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from articles.models import ErrorReport, Language, Page, Publication
from articles.models.report import digest_of_key
from articles.publishing import reader_steps
from articles.publishing.errors import PublishingError
from articles.publishing.report_error import passage_of
from articles.site import addresses, form_token
from articles.site.errors import bad_request
from articles.site.form_token import Token, private_page
from articles.site.frame import Surroundings, frame

State, Appeal, Track = ErrorReport.State, ErrorReport.Appeal, ErrorReport.Track


@dataclass(frozen=True)
class Step:
    name: str
    time: datetime


@dataclass(frozen=True)
class Said:
    """What the reader wrote, with the name of its field."""

    name: str
    text: str


@dataclass(frozen=True)
class ReportStatus:
    reference: str
    address: str
    headline: str
    lang: str
    story_url: str
    css: str
    words: str  # where it stands, in a sentence
    due: datetime | None
    reason: str
    notice_url: str
    changes_url: str  # where a typo was mended, which no notice tells of
    steps: Sequence[Step]
    said: Sequence[Said]
    appeal_text: str
    appeal_reason: str
    may_take_back: bool
    may_appeal: bool
    appeal_days: int
    token: str
    trouble: str
    typed: str
    policy_url: str


@private_page
def report_status(request: HttpRequest, code: str, key: str) -> HttpResponse:
    found = ErrorReport.objects.select_related(
        "article__desk", "edition", "correction__right", "right_edition", "duplicate_of__correction__right",
        "duplicate_of__right_edition",
    )  # fmt: skip
    report = found.filter(key_digest=digest_of_key(key), article__code=code).first()
    if not report:
        raise Http404
    if request.method != "POST":
        return _page(request, report, key)
    try:
        act, text = request.POST.get("act", ""), request.POST.get("appeal", "")
        token = form_token.check(request.POST.get("token", ""), "status", key, haste=0)
    except UnreadablePostError:  # nobody is left to read the answer
        return bad_request(request)
    if not form_token.from_our_page(request):
        return _page(request, report, key, status=403, typed=text, trouble=_(
            "Your browser does not say that this form stood on our page, so it was not taken. Look through your text "
            "here, and send it again."))  # fmt: skip
    if token != Token.GOOD:
        return _page(request, report, key, status=422, typed=text, trouble=_(
            "This form was opened too long ago. Look through your text, and send it again."))  # fmt: skip
    try:
        if act == "take-back":
            reader_steps.withdraw_by_reader(report)
        elif act == "appeal":
            reader_steps.appeal(report, text=text)
    except PublishingError as error:
        return _page(request, report, key, status=422, typed=text, trouble=str(error))
    return HttpResponseRedirect(reverse("site:report-status", args=[code, key]), status=303)


def _page(
    request: HttpRequest, report: ErrorReport, key: str, *, status: int = 200, trouble: str = "", typed: str = ""
) -> HttpResponse:
    around = Surroundings()
    context = frame(request, around, everywhere=True, robots="noindex")
    context["status"] = _status(report, key, trouble=trouble, typed=typed)
    return TemplateResponse(request, "site/report_status.html", context, status=status)


def _status(report: ErrorReport, key: str, *, trouble: str, typed: str) -> ReportStatus:
    publication = Publication.objects.get(article=report.article)
    down = publication.state == Publication.State.DOWN
    zone = report.article.desk.zone
    first = report.duplicate_of if report.state == State.DUPLICATE and report.duplicate_of else report
    story_url = addresses.story_path(publication.code, publication.language)
    return ReportStatus(
        reference=report.reference,
        address=addresses.absolute(reverse("site:report-status", args=[publication.code, key])),
        headline="" if down else publication.read_card()["headline"],
        lang=publication.language,
        story_url=story_url,
        css=report.appeal if report.appeal == Appeal.OPEN else report.state,
        words=_words(report, first),
        due=_due(first, zone),
        reason=first.reason,
        notice_url=_notice_url(first, story_url) if not down else "",
        changes_url=_changes_url(first, publication) if not down else "",
        steps=_steps(report, zone),
        said=_said(report, with_passage=not down),
        appeal_text=report.appeal_text,
        appeal_reason=report.appeal_reason,
        may_take_back=reader_steps.may_take_back(report),
        may_appeal=reader_steps.may_appeal(report),
        appeal_days=reader_steps.APPEAL_DAYS,
        token=form_token.issue("status", key),
        trouble=trouble,
        typed=typed,
        policy_url=reverse("site:page", args=[Page.Slug.POLICY]),
    )


def _words(report: ErrorReport, first: ErrorReport) -> str:
    """first: the report that this one was merged with, or itself."""
    if report.appeal == Appeal.OPEN and report.state == State.DECLINED:
        return _("You have appealed. Somebody who did not take part in the decision looks at it.")
    words = {
        State.RECEIVED: _("We have received it. Nobody has looked at it yet."),
        State.ACKNOWLEDGED: _("An editor is checking it."),
        State.ACCEPTED: _("You are right. The correction is being written."),
        State.CORRECTED: _("You were right. The story says so."),
        State.DECLINED: _("Nothing was changed in the story."),
        State.WITHDRAWN: _("You have taken it back."),
        State.SPAM: _("The desk did not take it for a report."),
    }
    if first.right_edition:
        words[State.CORRECTED] = _("You were right. It has been put right.")
    if report.track == Track.REPLY:
        words |= {
            State.ACCEPTED: _("Your reply will be published beside the story."),
            State.CORRECTED: _("Your reply stands beside the story."),
            State.DECLINED: _("Your reply was not published."),
        }
    told = words.get(State(first.state), "")
    if first is not report:
        return _("Somebody else had reported the same before you.") + " " + told
    return told


def _due(report: ErrorReport, zone: ZoneInfo) -> datetime | None:
    """By when the reader can expect the next answer."""
    if report.state == State.RECEIVED:
        return report.acknowledge_by.astimezone(zone)
    if report.state == State.ACKNOWLEDGED or report.appeal == Appeal.OPEN:
        return report.decide_by.astimezone(zone)
    return None


def _notice_url(report: ErrorReport, story_url: str) -> str:
    notice = report.correction
    return f"{story_url}#notice-{notice.right.number}-{notice.place}" if notice else ""


def _changes_url(report: ErrorReport, publication: Publication) -> str:
    if not report.right_edition:
        return ""
    with translation.override(Language(publication.language).interface):
        return reverse("site:changes", args=[publication.code, report.right_edition.number])


def _steps(report: ErrorReport, zone: ZoneInfo) -> list[Step]:
    steps = [
        (_("Received"), report.received_at),
        (_("Taken up"), report.acknowledged_at),
        (_("Decided"), report.decided_at),
        (_("Appealed"), report.appealed_at),
        (_("Appeal decided"), report.appeal_decided_at),
        (_("Published"), report.corrected_at),
    ]
    done = [Step(name, at.astimezone(zone)) for name, at in steps if at]
    return sorted(done, key=lambda step: step.time)


def _said(report: ErrorReport, *, with_passage: bool) -> list[Said]:
    passage, _found = passage_of(report)
    said = [
        (_("Passage"), passage.exact if passage and with_passage else ""),
        (_("What is wrong"), report.wrong),
        (_("What is right"), report.right),
        (_("Evidence"), report.evidence),
        (_("Your reply"), report.reply),
        (_("Name below the reply"), report.reply_name),
        (_("How to reach you"), report.contact),
    ]
    return [Said(name, text) for name, text in said if text]
