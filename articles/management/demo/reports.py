"""Readers' reports of the demo, brought in with the times that they had: an archive, like its stories."""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from articles.language import passages
from articles.management.demo.archive import Table
from articles.models import Article, Edition, ErrorReport, User
from articles.models.report import digest_of_key
from articles.publishing import events
from articles.publishing.clock import database_now

State = ErrorReport.State
ACKNOWLEDGE, DECIDE, REPLY = timedelta(hours=24), timedelta(hours=72), timedelta(hours=120)


@dataclass
class Reports:
    chief: User
    editor: User

    def _report(self, article: Article, table: Table, received: datetime, **values: Any) -> ErrorReport:
        edition = article.editions.filter(published_at__lte=received).first() or article.editions.earliest("number")
        track = table.get("track", ErrorReport.Track.ERROR)
        report = ErrorReport.objects.create(
            key_digest=digest_of_key(secrets.token_urlsafe(24)),
            track=track,
            article=article,
            desk=article.desk,
            edition=edition,
            language=article.language.lower(),
            passage=_passage(edition, table.get("passage", "")),
            wrong=table["wrong"],
            right=table.get("right", ""),
            evidence=table.get("evidence", ""),
            contact=table.get("contact", ""),
            reply=table.get("reply", ""),
            reply_name=table.get("name", ""),
            received_at=received,
            acknowledge_by=received + ACKNOWLEDGE,
            decide_by=received + (REPLY if track == ErrorReport.Track.REPLY else DECIDE),
            **values,
        )
        self._note(report, events.Verb.REPLIED if report.reply else events.Verb.REPORTED, None, received)
        return report

    def _note(self, report: ErrorReport, verb: events.Verb, by: User | None, at: datetime) -> None:
        events.note(verb, by=by, article=report.article, thing=f"report {report.reference}", at=at)

    def _by(self, report: Table) -> User:
        return self.chief if report.get("track") == "reply" else self.editor

    def behind(self, article: Article, table: Table, at: datetime) -> ErrorReport:
        """The report that led to the notice published at `at`: upheld, and about to be closed by it."""
        received = at - timedelta(hours=table["hours_before"])
        taken_up = received + timedelta(hours=table["acknowledged"])
        decided = min(received + timedelta(hours=table["decided"]), at - timedelta(minutes=5))
        by = self._by(table)
        report = self._report(
            article, table, received, state=State.ACCEPTED, acknowledged_at=min(taken_up, decided),
            acknowledged_by=by, decided_at=decided, decided_by=by, forgotten_at=_forgotten(decided),
        )  # fmt: skip
        self._note(report, events.Verb.ACKNOWLEDGED, by, min(taken_up, decided))
        self._note(report, events.Verb.ACCEPTED, by, decided)
        return report

    def old(self, article: Article, table: Table, *, first: datetime) -> None:
        """A report of the year before that led to nothing new: declined, or one of several that said the same."""
        received = first + timedelta(hours=table["after"])
        decided = received + timedelta(hours=table["decided"])
        values: Table = {}
        if table["state"] == State.DUPLICATE:
            twin = article.reports.filter(state=State.CORRECTED).first()
            if twin:
                values = {"duplicate_of": twin, "correction": twin.correction, "corrected_at": twin.corrected_at}
        report = self._report(
            article, table, received, state=table["state"], reason=table["reason"], decided_at=decided,
            acknowledged_at=received + timedelta(hours=table["acknowledged"]), acknowledged_by=self.editor,
            decided_by=self.editor, forgotten_at=_forgotten(decided), **values,
        )  # fmt: skip
        verb = events.Verb.MERGED if values else events.Verb.DECLINED
        self._note(report, verb, self.editor, decided)

    def waiting(self, article: Article, table: Table) -> None:
        """A report of these days, in the state in which the desk finds it."""
        now, state = database_now(), table["state"]
        received = max(now - timedelta(hours=table["hours_ago"]), article.editions.earliest("number").published_at)
        step = (now - received) / 4
        values: Table = {"state": state}
        by = self._by(table)
        if state not in {State.RECEIVED, State.WITHDRAWN}:
            values |= {"acknowledged_at": received + step, "acknowledged_by": by}
        if state in {State.ACCEPTED, State.DECLINED, State.SPAM}:
            values |= {"decided_at": received + 2 * step, "decided_by": by, "reason": table.get("reason", "")}
        if "appeal" in table:
            answered = "appeal_reason" in table
            values |= {"appeal": "dismissed" if answered else "open", "appeal_text": table["appeal"],
                       "appealed_at": received + 3 * step}  # fmt: skip
            if answered:
                values |= {"appeal_reason": table["appeal_reason"], "appeal_decided_at": now - step / 2,
                           "appeal_decided_by": self.chief if by == self.editor else self.editor}  # fmt: skip
        report = self._report(article, table, received, **values)
        for name, verb in (("acknowledged", events.Verb.ACKNOWLEDGED), ("decided", _VERBS.get(state))):
            if verb and values.get(f"{name}_at"):
                self._note(report, verb, by, values[f"{name}_at"])


_VERBS = {
    State.ACCEPTED.value: events.Verb.ACCEPTED,
    State.DECLINED.value: events.Verb.DECLINED,
    State.SPAM.value: events.Verb.SPAM,
}


def _passage(edition: Edition, words: str) -> str:
    found = passages.quote(passages.text_layer(edition.text.read()["body"]), words) if words else None
    return json.dumps(found.as_selectors(), ensure_ascii=False) if found else ""


def _forgotten(decided: datetime) -> datetime | None:
    """When the worker would have erased contact data by now, it has."""
    gone = decided + timedelta(days=90)
    return gone if gone < database_now() else None
