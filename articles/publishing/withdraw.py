"""What takes two persons: one proposes, another one agrees, and then it is done in that very transaction."""

import json
from datetime import datetime
from typing import Any

from django.db import transaction

from articles.language.words import one_line
from articles.models import Article, Correction, Decision, Edition, ErrorReport, Publication, Schedule, User
from articles.publishing import events, waiting
from articles.publishing.clock import database_now
from articles.publishing.erase import after_erasure, check_erasure, erase_now
from articles.publishing.errors import (
    DecisionClosed,
    DecisionOpen,
    DecisionOutdated,
    MinuteTaken,
    NotAllowed,
    NotReady,
    ReasonMissing,
    SecondPerson,
    WrongEdition,
)
from articles.publishing.freeze import freeze
from articles.publishing.issue import issue, locked, missing_parts
from articles.publishing.notes import Note
from articles.publishing.outbox import deliver
from articles.publishing.rights import Right, may, require
from articles.publishing.schedules import check_due
from articles.publishing.waiting import name_of, when

Act = Decision.Act
KINDS = {
    Act.RETRACTION: Edition.Kind.RETRACTION,
    Act.TAKEDOWN: Edition.Kind.TAKEDOWN,
    Act.RESTORATION: Edition.Kind.EDITORS_NOTE,
}
# A story must stand to be retracted, and be withdrawn to be brought back; a retracted one may be taken down.
STATES = {
    Act.RETRACTION: {Publication.State.STANDING},
    Act.TAKEDOWN: {Publication.State.STANDING, Publication.State.RETRACTED},
    Act.RESTORATION: {Publication.State.RETRACTED, Publication.State.DOWN},
    Act.ERASURE: set(Publication.State),
}


@transaction.atomic
def propose(
    article: Article,
    *,
    act: str,
    by: User,
    text: str,
    reason: str = "",
    ground: str = "",
    keep_headline: bool = True,
    was: str = "",
    now: str = "",
    cause: str = "",
    reports: tuple[int, ...] = (),
    erase: dict[str, list[int]] | None = None,
    due_at: datetime | None = None,
    zone: str = "",
) -> Decision:
    """Propose to retract, take down, bring back or erase; nothing public changes until a second person agrees.

    text: what the public will be told; reason: the legal or safety reason, kept at the desk (demanded of a takedown
    and an erasure); ground: of a takedown, a Correction.Ground; keep_headline: whether the stub may repeat it; erase:
    see erase.check_erasure; due_at, zone: of a takedown, when it takes effect (schedules.check_due), or at once.

    Raises NotAllowed, WrongEdition (a story that is not public, or not in the state for it), DecisionOpen,
    ReasonMissing, DuePassed, DueTooFar, or what publish() raises for the notice.
    """
    article = locked(article)
    require(by, Right.DECIDE, article.desk_id)
    publication = Publication.objects.select_related("edition").filter(article=article).first()
    if not publication or publication.state not in STATES[Act(act)]:
        raise WrongEdition
    if article.decisions.filter(state=Decision.State.OPEN).exists():
        raise DecisionOpen
    reason = one_line(reason)
    if act in {Act.TAKEDOWN, Act.ERASURE} and not reason:
        raise ReasonMissing
    note = Note(kind=KINDS.get(Act(act), Edition.Kind.EDITORS_NOTE), text=text, was=was, now=now).checked()
    terms: dict[str, Any] = {
        "text": note.text,
        "was": note.was,
        "now": note.now,
        "ground": ground if act == Act.TAKEDOWN else "",
        "keep_headline": keep_headline,
        "cause": cause,
        "reports": list(reports),
        "seen": article.version,
    }
    if act == Act.TAKEDOWN and ground not in Correction.Ground.values:
        raise ReasonMissing
    if due_at:
        check_due(due_at, zone)
        terms["zone"] = zone
    if act == Act.RESTORATION and (missing := missing_parts(freeze(article))):
        raise NotReady(missing)
    if act == Act.ERASURE:
        terms["erase"] = check_erasure(article, erase or {})
    decision = Decision.objects.create(
        article=article,
        act=act,
        edition=publication.edition,
        terms=json.dumps(terms, ensure_ascii=False),
        reason=reason,
        due_at=due_at,
        at=database_now(),
        by=by,
    )
    events.note(events.Verb.PROPOSED, by=by, article=article, thing=f"decision {decision.pk} {act}")
    return decision


def may_second(user: User, decision: Decision) -> bool:
    """Whether this person can be the second one: an editor of the desk or above, or an administrator; not the first."""
    return user.pk != decision.by_id and may(user, Right.PUBLISH, decision.article.desk_id)


def agree(decision: Decision, *, by: User) -> Edition | None:
    """Agree as the second person; the edition that follows from it: none from an erasure, and none yet from a takedown
    whose time is still to come, which then waits for it (run_due.py).

    Raises NotAllowed, SecondPerson, DecisionClosed, DecisionOutdated when the story has gone on since, MinuteTaken, or
    what the act itself raises; then nothing is done, and the decision stays open.
    """
    with transaction.atomic(durable=True):
        article = locked(decision.article)
        decision = Decision.objects.select_for_update(of=("self",)).select_related("by", "edition").get(pk=decision.pk)
        _require_second(decision, by)
        proposed_by = decision.by
        if not may(proposed_by, Right.DECIDE, article.desk_id):  # who proposed it may have left since
            raise NotAllowed
        publication = Publication.objects.get(article=article)
        if publication.edition_id != decision.edition_id:
            raise DecisionOutdated
        terms = json.loads(decision.terms)
        at = database_now()
        _close(decision, Decision.State.AGREED, by=by, verb=events.Verb.AGREED)
        edition = None
        if decision.act == Act.ERASURE:
            erase_now(article, terms["erase"], note=terms["text"], by=proposed_by, second=by, at=at)
        elif decision.due_at and decision.due_at > at:
            _wait(article, decision, due_at=decision.due_at, zone=terms["zone"], at=at)
        else:
            if decision.act == Act.RESTORATION and article.version != terms["seen"]:
                raise DecisionOutdated
            edition = carry_out(article, decision, at=at)
    if edition:
        deliver(edition.outbox)
    elif decision.act == Act.ERASURE:
        after_erasure(article)
    return edition


def carry_out(article: Article, decision: Decision, *, at: datetime) -> Edition:
    """The inner step of `agree`, and of the worker at the time agreed on: the edition that both stand for.

    A report that was declined while a takedown waited is not answered by it.
    """
    terms = json.loads(decision.terms)
    reports = article.reports.filter(pk__in=terms["reports"])
    if decision.due_at:
        reports = reports.exclude(state=ErrorReport.State.DECLINED)
    note = Note(
        kind=KINDS[Act(decision.act)], text=terms["text"], was=terms["was"], now=terms["now"],
        ground=terms["ground"], cause=terms["cause"], reports=list(reports),
    )  # fmt: skip
    return issue(
        article, kind=None, noted=[note], by=decision.by, second=decision.second, at=at,
        keep_headline=terms["keep_headline"],
    )  # fmt: skip


def _wait(article: Article, decision: Decision, *, due_at: datetime, zone: str, at: datetime) -> None:
    if waiting.pending(article).filter(due_at=due_at).exists():
        raise MinuteTaken
    made = Schedule.objects.create(
        article=article, desk=article.desk, act=Schedule.Act.TAKEDOWN, decision=decision, due_at=due_at, try_at=due_at,
        zone=zone, at=at, by=decision.by,
    )  # fmt: skip
    events.note(events.Verb.SCHEDULED, by=decision.by, article=article, thing=name_of(made), after=when(made), at=at)


@transaction.atomic
def refuse(decision: Decision, *, by: User, answer: str) -> None:
    """Refuse as the second person, with an answer. Raises NotAllowed, SecondPerson, DecisionClosed, ReasonMissing."""
    decision = Decision.objects.select_for_update(of=("self",)).select_related("article").get(pk=decision.pk)
    _require_second(decision, by)
    decision.answer = one_line(answer)
    if not decision.answer:
        raise ReasonMissing
    _close(decision, Decision.State.REFUSED, by=by, verb=events.Verb.REFUSED)


@transaction.atomic
def withdraw_proposal(decision: Decision, *, by: User) -> None:
    """Take one's own proposal back. Raises NotAllowed or DecisionClosed."""
    decision = Decision.objects.select_for_update(of=("self",)).select_related("article").get(pk=decision.pk)
    if decision.by_id != by.pk and not may(by, Right.DECIDE, decision.article.desk_id):
        raise NotAllowed
    if decision.state != Decision.State.OPEN:
        raise DecisionClosed
    decision.state, decision.decided_at = Decision.State.WITHDRAWN, database_now()
    decision.save()
    events.note(events.Verb.WITHDREW, by=by, article=decision.article, thing=f"decision {decision.pk} {decision.act}")


def _require_second(decision: Decision, by: User) -> None:
    if not may(by, Right.PUBLISH, decision.article.desk_id):
        raise NotAllowed
    if decision.state != Decision.State.OPEN:
        raise DecisionClosed
    if by.pk == decision.by_id:
        raise SecondPerson


def _close(decision: Decision, state: str, *, by: User, verb: events.Verb) -> None:
    decision.state, decision.second, decision.decided_at = state, by, database_now()
    decision.save()
    events.note(verb, by=by, article=decision.article, thing=f"decision {decision.pk} {decision.act}")
