"""A report that what is public already answers: nobody waits for a correction that has been published."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from articles.models import Article, Edition, ErrorReport, Event, User
from articles.publishing import (
    NotAllowed,
    Told,
    accept,
    acknowledge,
    appeal,
    decide_appeal,
    decline,
    merge,
    report_error,
    withdraw_by_reader,
)
from articles.publishing.answer_report import NoAnswer, answer, notices_for, put_right, typos_mended
from articles.publishing.clock import database_now
from articles.publishing.figures import reports_since
from articles.publishing.triage import ReportMoved, mark
from tests import factories


def sent(article: Article, number: int = 1) -> ErrorReport:
    told = Told(wrong=f"第{ErrorReport.objects.count()}處不對。", contact="卓嘎")
    return report_error(article, number=number, told=told, sender="192.0.2.1", language="zh-hant").report


@pytest.fixture
def report(published: Article) -> ErrorReport:
    return sent(published)


def now(report: ErrorReport) -> ErrorReport:
    return ErrorReport.objects.get(pk=report.pk)


def last_verb(report: ErrorReport) -> str:
    return Event.objects.filter(thing=f"report {report.reference}").latest("pk").verb


def upheld_on_appeal(report: ErrorReport, editor: User, chief: User) -> ErrorReport:
    decline(report, by=editor, reason="不對。")
    appeal(report, text="請再看。")
    return decide_appeal(report, by=chief, upheld=True, reason="有理。")


class TestANoticeThatStandsAlready:
    @pytest.mark.parametrize(
        "step", [lambda report, by: report, lambda report, by: acknowledge(report, by=by),
                 lambda report, by: accept(report, by=by)],
        ids=["received", "acknowledged", "accepted"],
    )  # fmt: skip
    def test_answers_a_report_that_it_did_not_name(
        self, step: Callable[[ErrorReport, User], Any], report: ErrorReport, editor: User, published: Article
    ):
        step(report, editor)
        notice = factories.correct(published, by=editor).corrections.get()
        before = database_now()
        answer(now(report), notice=notice, by=editor)
        report = now(report)
        assert (report.state, report.correction, report.right_edition) == ("corrected", notice, None)
        assert before <= report.corrected_at <= database_now()
        assert (report.acknowledged_by, report.decided_by) == (editor, editor)
        assert report.acknowledged_at <= report.decided_at <= report.corrected_at
        assert last_verb(report) == "corrected"

    def test_leaves_who_upheld_it_and_when(self, report: ErrorReport, editor: User, chief: User, published: Article):
        decided = accept(report, by=chief).decided_at
        answer(report, notice=factories.correct(published, by=editor).corrections.get(), by=editor)
        assert (now(report).decided_by, now(report).decided_at) == (chief, decided)

    def test_answers_an_upheld_appeal_after_a_retraction_that_did_not_name_it(
        self, report: ErrorReport, editor: User, chief: User, published: Article
    ):
        upheld_on_appeal(report, editor, chief)
        notice = factories.withdraw(published, by=chief, second=editor).corrections.get()
        answer(now(report), notice=notice, by=editor)
        assert (now(report).state, now(report).appeal, now(report).correction) == ("corrected", "upheld", notice)

    def test_answers_a_report_that_came_after_it(self, editor: User, published: Article):
        notice = factories.correct(published, by=editor).corrections.get()
        late = sent(published)
        answer(late, notice=notice, by=editor)
        assert now(late).corrected_at >= now(late).received_at >= notice.at

    def test_answers_those_that_were_merged_into_it(self, report: ErrorReport, editor: User, published: Article):
        same = merge(sent(published), into=report, by=editor)
        notice = factories.correct(published, by=editor).corrections.get()
        answer(report, notice=notice, by=editor)
        assert (now(same).state, now(same).correction) == ("duplicate", notice)
        assert now(same).corrected_at == now(report).corrected_at
        assert last_verb(same) == "corrected"

    def test_must_be_of_the_same_story(self, report: ErrorReport, editor: User):
        elsewhere = factories.correct(factories.publish_article(editor), by=editor).corrections.get()
        assert not notices_for(report).exists()
        with pytest.raises(NoAnswer):
            answer(report, notice=elsewhere, by=editor)
        assert now(report).state == "received"


class TestATypoThatWasMended:
    def test_answers_without_a_notice(self, report: ErrorReport, editor: User, published: Article):
        same = merge(sent(published), into=accept(report, by=editor), by=editor)
        edition = factories.publish_again(published, by=editor, headline="青稞開鐮了")
        put_right(now(report), edition=edition, by=editor)
        report = now(report)
        assert (report.state, report.right_edition, report.correction) == ("corrected", edition, None)
        assert (now(same).state, now(same).right_edition) == ("duplicate", edition)
        assert {last_verb(report), last_verb(same)} == {"put-right"}

    def test_is_counted_as_upheld_and_corrected(self, report: ErrorReport, editor: User, published: Article):
        put_right(report, edition=factories.publish_again(published, by=editor, headline="青稞開鐮了"), by=editor)
        start = report.received_at - timedelta(hours=1)
        (counted,) = reports_since(start, database_now(), {})
        assert (counted.state, counted.corrected) == ("corrected", now(report).corrected_at)

    def test_must_be_later_than_what_was_read_and_bring_no_notice(self, editor: User, published: Article):
        typo = factories.publish_again(published, by=editor, headline="青稞開鐮了")
        report = sent(published, number=typo.number)
        correction = factories.correct(published, by=editor)
        elsewhere = factories.publish_again(factories.publish_article(editor), by=editor, headline="青稞開鐮了")
        assert not typos_mended(report).exists()
        for edition in (Edition.objects.get(article=published, number=1), typo, correction, elsewhere):
            with pytest.raises(NoAnswer):
                put_right(report, edition=edition, by=editor)
        assert now(report).state == "received"


def steps(article: Article, by: User) -> list[Callable[..., ErrorReport]]:
    """Both ways, with something that can answer."""
    typo = factories.publish_again(article, by=by, headline="青稞開鐮了")
    notice = factories.correct(article, by=by).corrections.get()
    return [
        lambda report, by, **seen: answer(report, notice=notice, by=by, **seen),
        lambda report, by, **seen: put_right(report, edition=typo, by=by, **seen),
    ]


class TestBoth:
    def test_need_the_right_to_correct_at_the_reports_desk(
        self, report: ErrorReport, editor: User, reporter: User, stranger: User, published: Article
    ):
        for step in steps(published, editor):
            for user in (reporter, stranger):
                with pytest.raises(NotAllowed):
                    step(report, user)
        assert now(report).state == "received"

    def test_refuse_an_old_view(self, report: ErrorReport, editor: User, published: Article):
        seen = mark(report)
        accept(report, by=editor)
        for step in steps(published, editor):
            with pytest.raises(ReportMoved):
                step(report, editor, seen=seen)

    def test_are_too_late_once_it_was_taken_back(self, report: ErrorReport, editor: User, published: Article):
        withdraw_by_reader(report)
        for step in steps(published, editor):
            with pytest.raises(ReportMoved):
                step(report, editor)
        assert now(report).state == "withdrawn"


def test_no_report_is_corrected_by_nothing(report: ErrorReport):
    with pytest.raises(IntegrityError), transaction.atomic():
        ErrorReport.objects.filter(pk=report.pk).update(state="corrected")
