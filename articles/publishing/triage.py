"""What becomes of a reader's report: each step takes its row's lock, and refuses what its state does not allow.

received → acknowledged → accepted → corrected (by an edition that names it, see notes.Note.reports, or by what stands
already, see answer_report.py), or declined with a reason the reader is given; merged with another one; set aside as
spam; taken back. A refusal may be appealed once, and somebody else decides. The reply (答辯) of a person concerned is
the chief's to decide.
"""

from enum import StrEnum

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from articles.models import Article, Desk, Edition, ErrorReport, Publication, User
from articles.publishing import events
from articles.publishing.clock import database_now
from articles.publishing.errors import NotAllowed, PublishingError, SecondPerson
from articles.publishing.freeze import freeze, same_words
from articles.publishing.issue import issue, locked
from articles.publishing.notes import Note
from articles.publishing.outbox import deliver
from articles.publishing.report_error import one_at_a_time, tidy
from articles.publishing.rights import Right, may, require

State, Appeal, Track, Verb = ErrorReport.State, ErrorReport.Appeal, ErrorReport.Track, events.Verb
MAX_ANSWER = 2000  # characters of a reason, an appeal, an answer to it
WAITING = Q(state__in=ErrorReport.OPEN_STATES) | Q(state=State.DECLINED, appeal=Appeal.OPEN)


class Act(StrEnum):
    ACKNOWLEDGE = "acknowledge"
    ACCEPT = "accept"
    ANSWER = "answer"
    PUT_RIGHT = "put-right"
    DECLINE = "decline"
    MERGE = "merge"
    SPAM = "spam"
    REOPEN = "reopen"
    PUBLISH_REPLY = "publish-reply"
    UPHOLD = "uphold"
    DISMISS = "dismiss"


# From which states a step can be taken; of a declined report, only while it is not appealed.
FROM: dict[Act, set[str]] = {
    Act.ACKNOWLEDGE: {State.RECEIVED},
    Act.ACCEPT: {State.RECEIVED, State.ACKNOWLEDGED},
    Act.ANSWER: set(ErrorReport.OPEN_STATES),
    Act.PUT_RIGHT: set(ErrorReport.OPEN_STATES),
    Act.DECLINE: set(ErrorReport.OPEN_STATES),
    Act.MERGE: {State.RECEIVED, State.ACKNOWLEDGED},
    Act.SPAM: {State.RECEIVED, State.ACKNOWLEDGED},
    Act.REOPEN: {State.DECLINED, State.DUPLICATE, State.SPAM},
    Act.PUBLISH_REPLY: set(ErrorReport.OPEN_STATES),
    Act.UPHOLD: {State.DECLINED},
    Act.DISMISS: {State.DECLINED},
}
ON_APPEAL = {Act.UPHOLD, Act.DISMISS}
OF_ERRORS = {Act.ANSWER, Act.PUT_RIGHT}  # a reply is answered by standing there itself


class ReportMoved(PublishingError):
    """Somebody was quicker, or the step does not fit the state."""

    def __init__(self) -> None:
        super().__init__(
            _("Somebody has dealt with this report in the meantime. Nothing was changed: look at it again.")
        )


class AnswerMissing(PublishingError):
    def __init__(self) -> None:
        super().__init__(_("Write the answer in one or a few sentences, 2,000 characters at most. The reader sees it."))


class OtherReport(PublishingError):
    def __init__(self) -> None:
        words = _("A report can be merged only with an open or a corrected one of the same kind on the same story.")
        super().__init__(words)


class UnpublishedChanges(PublishingError):
    def __init__(self) -> None:
        super().__init__(
            _(
                "The working copy of this story holds changes that are not public, and a reply must not carry them "
                "along. Publish them or take them back first, then publish the reply."
            )
        )


def mark(report: ErrorReport) -> str:
    """Where it stands, for a form to send back as `seen`."""
    return f"{report.state}.{report.appeal}"


def acts(report: ErrorReport, user: User) -> set[Act]:
    """The steps that this person could take now."""
    return {act for act in Act if _fits(report, act) and _allowed(report, act, user)}


def _fits(report: ErrorReport, act: Act) -> bool:
    if act == Act.PUBLISH_REPLY and (report.track != Track.REPLY or not report.reply):  # it may have been erased
        return False
    if act in OF_ERRORS and report.track != Track.ERROR:
        return False
    if act == Act.REOPEN and (report.forgotten_at or report.corrected_at or report.appeal):
        return False
    if act == Act.DECLINE and report.appeal:  # the appeal was upheld, and that stands
        return False
    return report.state in FROM[act] and (act in ON_APPEAL) == (report.appeal == Appeal.OPEN)


def _allowed(report: ErrorReport, act: Act, user: User) -> bool:
    chiefs = act in ON_APPEAL or (report.track == Track.REPLY and act != Act.ACKNOWLEDGE)
    own = act in ON_APPEAL and user.pk == report.decided_by_id
    return may(user, Right.DECIDE if chiefs else Right.CORRECT, report.desk_id) and not own


def taken(report: ErrorReport, act: Act, *, by: User, seen: str) -> ErrorReport:
    """The report with its row locked. Raises NotAllowed, SecondPerson or ReportMoved."""
    row = locked_report(report)
    if not _allowed(row, act, by):
        if act in ON_APPEAL and may(by, Right.DECIDE, row.desk_id):
            raise SecondPerson
        raise NotAllowed
    if not _fits(row, act) or (seen and seen != mark(row)):
        raise ReportMoved
    return row


def locked_report(report: ErrorReport) -> ErrorReport:
    found = ErrorReport.objects.select_for_update(of=("self",)).select_related("article")
    return found.get(pk=report.pk)


def worded(text: str, missing: type[PublishingError] = AnswerMissing) -> str:
    text = tidy(text)
    if not text or len(text) > MAX_ANSWER:
        raise missing()
    return text


def note(report: ErrorReport, verb: events.Verb, by: User | None) -> None:
    events.note(verb, by=by, article=report.article, thing=f"report {report.reference}")


def _take_up(report: ErrorReport, by: User) -> None:
    if not report.acknowledged_at:
        report.acknowledged_at, report.acknowledged_by = database_now(), by


def _decide(report: ErrorReport, state: str, *, by: User, reason: str = "") -> None:
    _take_up(report, by)
    report.state, report.reason, report.decided_at, report.decided_by = state, reason, database_now(), by


# --- The desk ---------------------------------------------------------------------------------------------------------
@transaction.atomic
def acknowledge(report: ErrorReport, *, by: User, seen: str = "") -> ErrorReport:
    """Say that it is being checked. Raises NotAllowed or ReportMoved, as all these do.

    seen: `mark` of the report that the person had before them.
    """
    report = taken(report, Act.ACKNOWLEDGE, by=by, seen=seen)
    _take_up(report, by)
    report.state = State.ACKNOWLEDGED
    report.save()
    note(report, Verb.ACKNOWLEDGED, by)
    return report


@transaction.atomic
def accept(report: ErrorReport, *, by: User, seen: str = "") -> ErrorReport:
    """Uphold it; the edition that names it among its reports closes it."""
    report = taken(report, Act.ACCEPT, by=by, seen=seen)
    _decide(report, State.ACCEPTED, by=by)
    report.save()
    note(report, Verb.ACCEPTED, by)
    return report


@transaction.atomic
def decline(report: ErrorReport, *, by: User, reason: str, seen: str = "") -> ErrorReport:
    """Refuse it, and those merged into it, with a reason that the readers are given. Raises AnswerMissing, too."""
    reason = worded(reason)
    report = taken(report, Act.DECLINE, by=by, seen=seen)
    for one in [report, *merged_into(report)]:
        _decide(one, State.DECLINED, by=by, reason=reason)
        one.save()
        note(one, Verb.DECLINED, by)
    return report


@transaction.atomic
def merge(report: ErrorReport, *, into: ErrorReport, by: User, seen: str = "") -> ErrorReport:
    """Close it as one that says what `into` says; it shares its outcome, past or to come. Raises OtherReport, too."""
    first, second = sorted([report, into], key=lambda one: one.pk)  # locks in one order
    locked_report(first), locked_report(second)
    report, into = taken(report, Act.MERGE, by=by, seen=seen), locked_report(into)
    same = (report.article_id, report.track) == (into.article_id, into.track)
    if report.pk == into.pk or not same or into.state not in {*ErrorReport.OPEN_STATES, State.CORRECTED}:
        raise OtherReport
    for one in [report, *merged_into(report)]:
        _decide(one, State.DUPLICATE, by=by)
        one.duplicate_of = into
        one.correction, one.right_edition, one.corrected_at = into.correction, into.right_edition, into.corrected_at
        one.save()
        note(one, Verb.MERGED, by)
    return report


@transaction.atomic
def set_spam(report: ErrorReport, *, by: User, seen: str = "") -> ErrorReport:
    """Set it aside as no report; its texts are erased some days later."""
    report = taken(report, Act.SPAM, by=by, seen=seen)
    hand_on(report)
    _decide(report, State.SPAM, by=by)
    report.save()
    note(report, Verb.SPAM, by)
    return report


@transaction.atomic
def reopen(report: ErrorReport, *, by: User, seen: str = "") -> ErrorReport:
    """Take a decision back that was not appealed."""
    report = taken(report, Act.REOPEN, by=by, seen=seen)
    for one in merged_into(report, State.DECLINED).filter(appeal=Appeal.NONE, decided_at__gte=report.decided_at):
        one.state, one.reason = State.DUPLICATE, ""
        one.save()
    report.state, report.reason, report.duplicate_of = State.ACKNOWLEDGED, "", None
    report.decided_at = report.decided_by = None
    report.desk_id = report.article.desk_id  # the story may have moved since
    report.save()
    note(report, Verb.REOPENED, by)
    return report


@transaction.atomic
def decide_appeal(report: ErrorReport, *, by: User, upheld: bool, reason: str, seen: str = "") -> ErrorReport:
    """Answer an appeal, as somebody other than who decided. Raises SecondPerson and AnswerMissing, too."""
    reason = worded(reason)
    report = taken(report, Act.UPHOLD if upheld else Act.DISMISS, by=by, seen=seen)
    report.appeal = Appeal.UPHELD if upheld else Appeal.DISMISSED
    report.appeal_reason, report.appeal_decided_at, report.appeal_decided_by = reason, database_now(), by
    if upheld:
        report.state, report.duplicate_of = State.ACCEPTED, None
    report.save()
    note(report, Verb.APPEAL_UPHELD if upheld else Verb.APPEAL_DISMISSED, by)
    return report


def publish_reply(report: ErrorReport, *, by: User, text: str, seen: str = "") -> Edition:
    """Put the reply of a person concerned beside the story, by an edition with nothing else new.

    text: what the editor's note says before the reply. Raises UnpublishedChanges where the working copy would carry
    more along, or what publish() raises.
    """
    with transaction.atomic(durable=True):
        article = locked(report.article)
        report = taken(report, Act.PUBLISH_REPLY, by=by, seen=seen)
        require(by, Right.DECIDE, article.desk_id)
        publication = Publication.objects.select_related("edition__text").get(article=article)
        standing = publication.state == Publication.State.STANDING  # of a withdrawn one, issue() says what to do
        if standing and not same_words(freeze(article), publication.edition.text.read()):
            raise UnpublishedChanges
        note = Note(
            kind=Edition.Kind.EDITORS_NOTE, text=text, reply=(report.reply_name, report.reply), reports=[report]
        )
        edition = issue(article, kind=None, noted=[note], by=by, at=database_now())
    deliver(edition.outbox)
    return edition


def merged_into(report: ErrorReport, state: str = State.DUPLICATE) -> QuerySet[ErrorReport]:
    """Those that share its outcome, with their rows locked."""
    found = ErrorReport.objects.select_for_update(of=("self",)).select_related("article")
    return found.filter(duplicate_of=report, state=state).order_by("pk")


def hand_on(report: ErrorReport) -> None:
    """The first of those merged into a report that goes takes its place: somebody still waits for an answer."""
    heirs = list(merged_into(report))
    for heir in heirs:
        heir.duplicate_of = heirs[0]
        if heir is heirs[0]:
            heir.state, heir.duplicate_of = report.state, None
            heir.decided_at, heir.decided_by, heir.desk_id = report.decided_at, report.decided_by, report.desk_id
        heir.save()


def move_reports(article: Article, desk: Desk, by: User) -> None:
    """What waits of a story goes with it to its new desk. For the verb that moves the story, in its transaction."""
    one_at_a_time(f"story {article.pk}")  # a report that is just coming in goes along
    waiting = ErrorReport.objects.select_for_update(of=("self",)).select_related("article").order_by("pk")
    for report in waiting.filter(WAITING, article=article).exclude(desk=desk):
        report.desk = desk
        report.save(update_fields=["desk"])
        note(report, Verb.MOVED, by)
