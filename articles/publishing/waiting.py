"""What waits for its time on a story, and what ends the wait before it.

`Schedule.error` of what was cancelled without a person is one of the words below, or a sentence.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from articles.language.passages import Passage
from articles.models import Alert, Article, Correction, Edition, Publication, Schedule, User
from articles.models.prepared import prepared, told
from articles.publishing import alerts, events, stages
from articles.publishing.errors import ApprovedOtherwise, NotApproved
from articles.publishing.notes import Note

Stage = Article.Stage
WITHDRAWN, ERASED, PASSED = "withdrawn", "erasure", "edition"  # the last one with the number of the edition


def pending(article: Article) -> "QuerySet[Schedule]":
    return article.schedules.filter(state=Schedule.State.PENDING)


def name_of(schedule: Schedule) -> str:
    """As the audit trail names it."""
    return f"version {schedule.version.number}" if schedule.version else Edition.Kind.TAKEDOWN.value


def when(schedule: Schedule) -> str:
    return f"{schedule.due_at.astimezone(ZoneInfo(schedule.zone)):%Y-%m-%d %H:%M} {schedule.zone}"


def cancel(rows: "QuerySet[Schedule]", *, why: str, at: datetime) -> None:
    rows.update(state=Schedule.State.CANCELLED, error=why, closed_at=at)


def after_edition(article: Article, edition: Edition, *, before: Edition | None, at: datetime) -> None:
    """End what makes no sense after `edition`, of the locked `article`, which is the version that it was made of.

    A withdrawal ends every publication that waits. A version that went out, and what is older, would bring older words
    back. Who brings a story back means it to stay, so that an end that was scheduled before is off.
    """
    if _waits()(article=article.pk):
        waiting = pending(article).filter(closed_at=None)  # and is not being done just now (run_due.py)
        waited = list(waiting.select_related("by", "version"))
        _end(waiting, article, edition, back=bool(before and before.kind in Edition.WITHDRAWING), at=at)
        left = set(waiting.values_list("pk", flat=True))
        for row in waited:
            if row.pk not in left:
                tell_ended(row, article, by=edition.by, at=at)
    if edition.kind in Edition.WITHDRAWING:
        leave_stage(article)


@prepared
def _waits() -> "QuerySet[Any, Any]":
    waiting = Schedule.objects.filter(article=told("article"), state=Schedule.State.PENDING, closed_at=None)
    return waiting.order_by().values_list("pk", flat=True)[:1]


def _end(waiting: "QuerySet[Schedule]", article: Article, edition: Edition, *, back: bool, at: datetime) -> None:
    """back: whether this edition brings a withdrawn story back."""
    publications = Q(act=Schedule.Act.PUBLISH)
    if edition.kind == Edition.Kind.TAKEDOWN:
        cancel(waiting, why=WITHDRAWN, at=at)
    elif edition.kind == Edition.Kind.RETRACTION:
        cancel(waiting.filter(publications), why=WITHDRAWN, at=at)
    else:
        older = waiting.filter(publications, version__number__lte=article.version)
        cancel(older, why=f"{PASSED} {edition.number}", at=at)
        if back:
            cancel(waiting.exclude(publications), why=f"{PASSED} {edition.number}", at=at)


def tell_ended(row: Schedule, article: Article, *, by: User | None, at: datetime) -> None:
    """That it will not be; whoever scheduled it is told where readers were to be told something with it."""
    events.note(events.Verb.UNSCHEDULED, by=by, article=article, thing=name_of(row), before=when(row), at=at)
    if json.loads(row.terms).get("noted"):
        alerts.tell(Alert.Kind.SCHEDULE_FAILED, article, [row.by], by, target=row.pk)


def enter_stage(article: Article, version: int) -> None:
    """The working copy is scheduled where this very version of it is."""
    Article.objects.filter(pk=article.pk, version=version).update(stage=Stage.SCHEDULED)


def leave_stage(article: Article) -> None:
    """Where the working copy waits for no time any more, it stands again where it stood before."""
    now = Article.objects.get(pk=article.pk)
    waits = pending(now).filter(act=Schedule.Act.PUBLISH, version__number=now.version)
    if now.stage != Stage.SCHEDULED or waits.exists():
        return
    publication = Publication.objects.filter(article=now).first()
    if publication and publication.draft_version == now.version:
        stage = Stage.PUBLISHED
    elif now.approved_version == now.version:
        stage = Stage.APPROVED
    else:
        stage = Stage.REVIEW if now.submitted_by_id else Stage(stages.written(now))
    Article.objects.filter(pk=now.pk).update(stage=stage)


def write_terms(kind: str | None, noted: Sequence[Note], approved: str) -> str:
    """What publish() is to be told then, as JSON; what notes refer to by its key. approved: the fingerprint of what
    was approved, empty where nobody had to."""
    notes = []
    for note in noted:
        said: dict[str, Any] = {name: getattr(note, name) for name in note.__dataclass_fields__}
        said["passage"] = note.passage.as_selectors() if isinstance(note.passage, Passage) else note.passage
        said["supersedes"] = note.supersedes.pk if note.supersedes else None
        said["reports"] = [report.pk for report in note.reports]
        notes.append(said)
    return json.dumps({"kind": kind, "noted": notes, "approved": approved}, ensure_ascii=False)


def require_approved_as(schedule: Schedule, article: Article) -> None:
    """Raises NotApproved or ApprovedOtherwise where its desk wants approval, and what is to go out had or has none.

    article: the version that is to go out. What was scheduled before fingerprints were kept is taken as approved.
    """
    approved = json.loads(schedule.terms).get("approved")
    if approved is None or not stages.approval_wanted(article):
        return
    if not approved:
        raise NotApproved
    if not stages.reads_as(article, approved):
        raise ApprovedOtherwise


def read_terms(schedule: Schedule) -> tuple[str | None, list[Note]]:
    """The kind and the notes that `write_terms` wrote."""
    terms = json.loads(schedule.terms)
    notes = []
    for said in terms.get("noted", []):
        passage = said["passage"]
        said["passage"] = passage if isinstance(passage, str) else Passage.from_selectors(passage) or ""
        said["supersedes"] = Correction.objects.filter(pk=said["supersedes"]).first() if said["supersedes"] else None
        said["reports"] = list(schedule.article.reports.filter(pk__in=said["reports"]).order_by("pk"))
        said["reply"] = tuple(said["reply"]) if said["reply"] else None
        notes.append(Note(**said))
    return terms.get("kind"), notes
