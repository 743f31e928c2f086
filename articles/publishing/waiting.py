"""What waits for its time on a story, and what ends the wait before it.

`Schedule.error` of what was cancelled without a person is one of the words below, or a sentence.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from articles.language.passages import Passage
from articles.models import Article, Correction, Edition, Publication, Schedule
from articles.publishing import stages
from articles.publishing.notes import Note

Stage = Article.Stage
WITHDRAWN, ERASED, PASSED = "withdrawn", "erasure", "edition"  # the last one with the number of the edition


def pending(article: Article) -> "QuerySet[Schedule]":
    return article.schedules.filter(state=Schedule.State.PENDING)


def cancel(rows: "QuerySet[Schedule]", *, why: str, at: datetime) -> None:
    rows.update(state=Schedule.State.CANCELLED, error=why, closed_at=at)


def after_edition(article: Article, edition: Edition, *, before: Edition | None, at: datetime) -> None:
    """End what makes no sense after `edition`, of the locked `article`, which is the version that it was made of.

    A withdrawal ends every publication that waits. A version that went out, and what is older, would bring older words
    back. Who brings a story back means it to stay, so that an end that was scheduled before is off.
    """
    withdrawing = {Edition.Kind.RETRACTION, Edition.Kind.TAKEDOWN}
    waiting = pending(article)
    publications = Q(act=Schedule.Act.PUBLISH)
    if edition.kind == Edition.Kind.TAKEDOWN:
        cancel(waiting, why=WITHDRAWN, at=at)
    elif edition.kind == Edition.Kind.RETRACTION:
        cancel(waiting.filter(publications), why=WITHDRAWN, at=at)
    else:
        older = waiting.filter(publications, version__number__lte=article.version)
        cancel(older, why=f"{PASSED} {edition.number}", at=at)
        if before and before.kind in withdrawing:
            cancel(waiting.exclude(publications), why=f"{PASSED} {edition.number}", at=at)
    if edition.kind in withdrawing:
        leave_stage(article)


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


def write_terms(kind: str | None, noted: Sequence[Note]) -> str:
    """What publish() is to be told then, as JSON; what notes refer to by its key."""
    notes = []
    for note in noted:
        said: dict[str, Any] = {name: getattr(note, name) for name in note.__dataclass_fields__}
        said["passage"] = note.passage.as_selectors() if isinstance(note.passage, Passage) else note.passage
        said["supersedes"] = note.supersedes.pk if note.supersedes else None
        said["reports"] = [report.pk for report in note.reports]
        notes.append(said)
    return json.dumps({"kind": kind, "noted": notes}, ensure_ascii=False)


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
