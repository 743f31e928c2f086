"""What becomes of a reader's report, step by step; and that no door can take a step that is not there."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from articles.models import Article, Correction, CorrectionText, Desk, Edition, ErrorReport, Event, Site, User
from articles.publishing import (
    NotAllowed,
    Note,
    SecondPerson,
    Told,
    accept,
    acknowledge,
    appeal,
    decide_appeal,
    decline,
    forget_contacts,
    merge,
    publish,
    publish_reply,
    reopen,
    report_error,
    set_spam,
    withdraw_by_reader,
)
from articles.publishing.answer_report import answer, put_right
from articles.publishing.clock import database_now
from articles.publishing.errors import Withdrawn
from articles.publishing.reader_steps import APPEAL_DAYS, AppealClosed, AppealMissing
from articles.publishing.triage import (
    Act,
    AnswerMissing,
    OtherReport,
    ReportMoved,
    UnpublishedChanges,
    acts,
    mark,
    move_reports,
)
from tests import factories
from tests.conftest import CommittedDatabase
from tests.harness.threads import at_once

State = ErrorReport.State
DAY = timedelta(days=1)


def sent(article: Article, **told: Any) -> ErrorReport:
    number = ErrorReport.objects.count()
    told = {"wrong": f"第{number}處不對。", "contact": "卓嘎"} | told
    return report_error(
        article, number=1, told=Told(**told), sender=f"192.0.2.{number}", language="zh-hant"
    ).report  # fmt: skip


@pytest.fixture
def report(published: Article) -> ErrorReport:
    return sent(published)


@pytest.fixture
def reply(published: Article) -> ErrorReport:
    return sent(published, wrong="", concerned=True, reply="我沒有說過。\n從來沒有。", reply_name="卓嘎")


def now(report: ErrorReport) -> ErrorReport:
    return ErrorReport.objects.get(pk=report.pk)


def verbs(report: ErrorReport) -> list[str]:
    return list(Event.objects.filter(thing=f"report {report.reference}").order_by("pk").values_list("verb", flat=True))


def ago(report: ErrorReport, **days: float) -> None:
    """Set times so many days back."""
    ErrorReport.objects.filter(pk=report.pk).update(
        **{name: getattr(now(report), name) - timedelta(days=count) for name, count in days.items()}
    )


def answered(report: ErrorReport, by: User) -> ErrorReport:
    """Answered by a notice that did not name it."""
    return answer(report, notice=factories.correct(report.article, by=by).corrections.get(), by=by)


def mended(report: ErrorReport, by: User) -> ErrorReport:
    """Answered by an edition without a notice."""
    return put_right(report, edition=factories.publish_again(report.article, by=by, headline="青稞開鐮了"), by=by)


STEPS: dict[str, Callable[[ErrorReport, User], Any]] = {
    Act.ACKNOWLEDGE: lambda report, by: acknowledge(report, by=by),
    Act.ACCEPT: lambda report, by: accept(report, by=by),
    Act.ANSWER: answered,
    Act.PUT_RIGHT: mended,
    Act.DECLINE: lambda report, by: decline(report, by=by, reason="與記錄相符。"),
    Act.MERGE: lambda report, by: merge(report, into=sent(report.article), by=by),
    Act.SPAM: lambda report, by: set_spam(report, by=by),
    Act.REOPEN: lambda report, by: reopen(report, by=by),
    Act.PUBLISH_REPLY: lambda report, by: publish_reply(report, by=by, text="當事人的答辯。"),
    Act.UPHOLD: lambda report, by: decide_appeal(report, by=by, upheld=True, reason="有理。"),
    Act.DISMISS: lambda report, by: decide_appeal(report, by=by, upheld=False, reason="無理。"),
}
LEGAL = {
    "received": {"acknowledge", "accept", "answer", "put-right", "decline", "merge", "spam"},
    "acknowledged": {"accept", "answer", "put-right", "decline", "merge", "spam"},
    "accepted": {"answer", "put-right", "decline"},
    "corrected": set[str](),
    "declined": {"reopen"},
    "duplicate": {"reopen"},
    "withdrawn": set[str](),
    "spam": {"reopen"},
    "appealed": {"uphold", "dismiss"},
    "appeal upheld": {"answer", "put-right"},
    "appeal dismissed": set[str](),
}


def brought_to(state: str, report: ErrorReport, editor: User, chief: User) -> ErrorReport:
    if state in {"declined", "appealed", "appeal upheld", "appeal dismissed"}:
        decline(report, by=editor, reason="與記錄相符。")
        if state != "declined":
            appeal(report, text="請再看。")
        if state.startswith("appeal "):
            decide_appeal(report, by=chief, upheld=state.endswith("upheld"), reason="看過了。")
    elif state == "corrected":
        factories.correct(report.article, by=editor, reports=[report])
    elif state == "withdrawn":
        withdraw_by_reader(report)
    elif state != "received":
        step = {"acknowledged": "acknowledge", "accepted": "accept", "duplicate": "merge", "spam": "spam"}[state]
        STEPS[step](report, editor)
    return now(report)


class TestTheStateMachine:
    @pytest.mark.parametrize("state", LEGAL)
    def test_lets_through_the_legal_steps_alone(
        self, state: str, report: ErrorReport, editor: User, chief: User, administrator: User
    ):
        brought_to(state, report, editor, chief)
        offered = acts(now(report), administrator)
        assert offered == LEGAL[state]
        before = ErrorReport.objects.filter(pk=report.pk).values().get()
        for act in set(Act) - offered:
            with pytest.raises(ReportMoved):
                STEPS[act](report, administrator)
        assert ErrorReport.objects.filter(pk=report.pk).values().get() == before

    @pytest.mark.parametrize("state", LEGAL)
    def test_each_legal_step_is_noted(
        self, state: str, report: ErrorReport, editor: User, chief: User, administrator: User
    ):
        brought_to(state, report, editor, chief)
        noted = len(verbs(report))
        for act in sorted(LEGAL[state])[:1]:
            STEPS[act](report, administrator)
            assert len(verbs(report)) == noted + 1
            assert Event.objects.latest("pk").by == administrator

    def test_a_reply_is_answered_by_standing_there_itself(self, reply: ErrorReport, administrator: User):
        assert not acts(reply, administrator) & {Act.ANSWER, Act.PUT_RIGHT}
        for step in (answered, mended):
            with pytest.raises(ReportMoved):
                step(reply, administrator)

    def test_refuses_what_was_decided_on_an_old_view(self, report: ErrorReport, editor: User, chief: User):
        seen = mark(report)
        accept(report, by=chief, seen=seen)
        with pytest.raises(ReportMoved):
            decline(report, by=editor, reason="不對。", seen=seen)
        assert now(report).state == State.ACCEPTED

    def test_lets_one_of_two_decide_who_do_it_at_once(
        self, committed_db: CommittedDatabase, report: ErrorReport, editor: User, chief: User
    ):
        seen = mark(report)
        results = at_once(
            lambda: accept(report, by=chief, seen=seen), lambda: decline(report, by=editor, reason="不對。", seen=seen)
        )
        assert sum(isinstance(result, ReportMoved) for result in results) == 1
        assert len(verbs(report)) == 2


class TestRights:
    @pytest.mark.parametrize("act", ["acknowledge", "accept", "decline", "merge", "spam"])
    def test_reporters_and_other_desks_decide_nothing(
        self, act: str, report: ErrorReport, reporter: User, stranger: User
    ):
        for user in (reporter, stranger):
            assert acts(report, user) == set()
            with pytest.raises(NotAllowed):
                STEPS[act](report, user)

    @pytest.mark.parametrize("act", ["accept", "decline", "spam", "publish-reply"])
    def test_a_reply_is_the_chiefs_to_decide(self, act: str, reply: ErrorReport, editor: User, chief: User):
        assert acts(reply, editor) == {"acknowledge"}
        with pytest.raises(NotAllowed):
            STEPS[act](reply, editor)
        assert STEPS[act](reply, chief)


class TestAReportOfAnError:
    def test_is_taken_up_upheld_and_closed_by_the_correction(
        self, report: ErrorReport, editor: User, published: Article
    ):
        acknowledge(report, by=editor)
        accept(report, by=editor)
        edition = factories.correct(published, by=editor, reports=[now(report)])
        report = now(report)
        assert (report.state, report.correction) == (State.CORRECTED, Correction.objects.get(right=edition))
        assert (report.acknowledged_by, report.decided_by) == (editor, editor)
        assert verbs(report) == ["reported", "acknowledged", "accepted", "corrected"]

    def test_is_declined_with_a_reason(self, report: ErrorReport, editor: User):
        for reason in ("", " \n", "\x00", "字" * 2001):
            with pytest.raises(AnswerMissing):
                decline(report, by=editor, reason=reason)
        decline(report, by=editor, reason="與記錄相符。\n見附件。")
        report = now(report)
        assert (report.state, report.reason, report.decided_by) == (State.DECLINED, "與記錄相符。\n見附件。", editor)
        assert report.acknowledged_by == editor

    def test_opened_again_waits_as_before(self, report: ErrorReport, editor: User):
        decline(report, by=editor, reason="不對。")
        reopen(report, by=editor)
        report = now(report)
        assert (report.state, report.reason, report.decided_at, report.decided_by) == ("acknowledged", "", None, None)


class TestMerging:
    def test_shares_the_outcome(self, report: ErrorReport, published: Article, editor: User):
        same, third = sent(published), sent(published)
        merge(third, into=same, by=editor)
        merge(same, into=report, by=editor)  # the third goes with it
        assert now(third).duplicate_of == now(same).duplicate_of == report
        factories.correct(published, by=editor, reports=[report])
        for one in (report, same, third):
            assert now(one).correction is not None
            assert verbs(one)[-1] == "corrected"

    def test_shares_a_refusal_which_each_may_appeal(self, report: ErrorReport, published: Article, editor: User):
        same = sent(published)
        merge(same, into=report, by=editor)
        decline(report, by=editor, reason="不對。")
        assert (now(same).state, now(same).reason) == ("declined", "不對。")
        assert appeal(same, text="請再看。")
        reopen(report, by=editor)
        assert now(same).appeal == "open"

    def test_takes_it_back_with_the_refusal(self, report: ErrorReport, published: Article, editor: User):
        same = sent(published)
        merge(same, into=report, by=editor)
        decline(report, by=editor, reason="不對。")
        reopen(report, by=editor)
        assert (now(same).state, now(same).reason, now(same).duplicate_of) == ("duplicate", "", report)

    @pytest.mark.parametrize("how", ["withdrawn", "spam"])
    def test_leaves_somebody_waiting_in_the_place_of_one_that_goes(
        self, how: str, report: ErrorReport, published: Article, editor: User
    ):
        heir, third = sent(published), sent(published)
        for one in (heir, third):
            merge(one, into=report, by=editor)
        withdraw_by_reader(report) if how == "withdrawn" else set_spam(report, by=editor)
        assert (now(heir).state, now(heir).duplicate_of, now(heir).decided_at) == ("received", None, None)
        assert (now(third).state, now(third).duplicate_of) == ("duplicate", heir)

    @pytest.mark.parametrize("how", [answered, mended])
    def test_with_a_corrected_one_shares_what_was_published(
        self, how: Callable[[ErrorReport, User], Any], report: ErrorReport, published: Article, editor: User
    ):
        how(report, editor)
        late = sent(published)
        merge(late, into=now(report), by=editor)
        late, first = now(late), now(report)
        assert (late.state, late.duplicate_of) == ("duplicate", first)
        shared = (first.correction, first.right_edition, first.corrected_at)
        assert (late.correction, late.right_edition, late.corrected_at) == shared
        assert acts(late, editor) == set()

    def test_only_with_an_open_or_corrected_one_of_the_same_kind_and_story(
        self, report: ErrorReport, reply: ErrorReport, editor: User, chief: User
    ):
        elsewhere, declined = sent(factories.publish_article(editor)), sent(report.article)
        decline(declined, by=editor, reason="不對。")
        for other in (report, reply, elsewhere, declined):
            with pytest.raises(OtherReport):
                merge(report, into=other, by=chief)


class TestAppeals:
    @pytest.fixture
    def declined(self, report: ErrorReport, editor: User) -> ErrorReport:
        return decline(report, by=editor, reason="不對。")

    def test_are_decided_by_somebody_else(
        self, declined: ErrorReport, editor: User, chief: User, administrator: User, site: Site
    ):
        appeal(declined, text="請再看。")
        assert now(declined).decide_by - now(declined).appealed_at == timedelta(hours=site.decide_hours)
        with pytest.raises(NotAllowed):
            decide_appeal(declined, by=editor, upheld=True, reason="有理。")
        decide_appeal(declined, by=chief, upheld=True, reason="有理。")
        report = now(declined)
        assert (report.state, report.appeal, report.appeal_reason) == ("accepted", "upheld", "有理。")
        assert (report.decided_by, report.appeal_decided_by) == (editor, chief)
        assert verbs(report) == ["reported", "declined", "appealed", "appeal-upheld"]

    def test_not_by_the_chief_who_declined(self, report: ErrorReport, chief: User, administrator: User):
        decline(report, by=chief, reason="不對。")
        appeal(report, text="請再看。")
        assert acts(now(report), chief) == set()
        with pytest.raises(SecondPerson):
            decide_appeal(report, by=chief, upheld=False, reason="不對。")
        decide_appeal(report, by=administrator, upheld=False, reason="查過了，不對。")
        assert (now(report).state, now(report).appeal) == ("declined", "dismissed")

    def test_are_made_once(self, declined: ErrorReport, chief: User):
        appeal(declined, text="請再看。")
        with pytest.raises(AppealClosed):
            appeal(declined, text="請再看。")
        decide_appeal(declined, by=chief, upheld=False, reason="不對。")
        with pytest.raises(AppealClosed):
            appeal(declined, text="請再看。")

    def test_within_thirty_days(self, declined: ErrorReport):
        ago(declined, decided_at=APPEAL_DAYS + 0.01)
        with pytest.raises(AppealClosed):
            appeal(declined, text="請再看。")
        ago(declined, decided_at=-0.02)
        assert appeal(declined, text="請再看。")

    def test_with_words(self, declined: ErrorReport):
        for text in ("", "字" * 2001):
            with pytest.raises(AppealMissing):
                appeal(declined, text=text)

    def test_only_against_a_refusal(self, report: ErrorReport, editor: User):
        for state in ("received", "accepted"):
            if state == "accepted":
                accept(report, by=editor)
            with pytest.raises(AppealClosed):
                appeal(report, text="請再看。")

    def test_that_were_upheld_end_in_the_correction(
        self, declined: ErrorReport, editor: User, chief: User, published: Article
    ):
        appeal(declined, text="請再看。")
        decide_appeal(declined, by=chief, upheld=True, reason="有理。")
        factories.correct(published, by=chief, reports=[now(declined)])
        assert now(declined).state == "corrected"


class TestReplies:
    def test_stand_beside_the_story_in_an_editors_note(self, reply: ErrorReport, chief: User, published: Article):
        accept(reply, by=chief)
        edition = publish_reply(reply, by=chief, text="當事人對本報導的答辯。")
        assert (edition.number, edition.kind) == (2, "editors-note")
        notice = Correction.objects.get(right=edition)
        words = CorrectionText.objects.get(correction=notice).read()
        assert words["reply"] == {"name": "卓嘎", "text": "我沒有說過。\n從來沒有。"}
        assert (now(reply).state, now(reply).correction) == ("corrected", notice)
        first, second = Edition.objects.filter(article=published).order_by("number")
        assert first.text.read()["body"] == second.text.read()["body"]

    def test_carry_no_unpublished_change_along(self, reply: ErrorReport, chief: User, published: Article):
        factories.change(published, by=chief, headline="還沒有發布的標題")
        with pytest.raises(UnpublishedChanges):
            publish_reply(reply, by=chief, text="答辯。")
        assert Edition.objects.filter(article=published).count() == 1
        assert now(reply).state == "received"

    def test_that_were_taken_back_are_not_published(self, reply: ErrorReport, chief: User, published: Article):
        withdraw_by_reader(reply)
        with pytest.raises(ReportMoved):
            publish_reply(reply, by=chief, text="答辯。")
        assert Edition.objects.filter(article=published).count() == 1

    def test_to_a_retracted_story_wait_for_two(self, reply: ErrorReport, chief: User, editor: User, published: Article):
        factories.withdraw(published, by=chief, second=editor)
        with pytest.raises(Withdrawn):
            publish_reply(reply, by=chief, text="答辯。")

    def test_are_refused_with_a_reason_and_the_same_appeal(
        self, reply: ErrorReport, chief: User, administrator: User, published: Article
    ):
        decline(reply, by=chief, reason="沒有講到報導。")
        appeal(reply, text="講到了。")
        decide_appeal(reply, by=administrator, upheld=True, reason="講到了。")
        publish_reply(reply, by=chief, text="答辯。")
        assert now(reply).state == "corrected"


class TestAStoryThatMovesToAnotherDesk:
    @pytest.fixture
    def other(self) -> Desk:
        return factories.make_desk()

    def test_takes_what_waits_with_it(self, report: ErrorReport, published: Article, other: Desk, editor: User):
        upheld, appealed, spam = sent(published), sent(published), sent(published)
        elsewhere = sent(factories.publish_article(editor))
        accept(upheld, by=editor)
        appeal(decline(appealed, by=editor, reason="不對。"), text="請再看。")
        set_spam(spam, by=editor)
        move_reports(published, other, editor)
        for one in (report, upheld, appealed):
            assert now(one).desk == other
            assert verbs(one)[-1] == "moved"
        for one in (spam, elsewhere):
            assert now(one).desk == one.desk
        move_reports(published, other, editor)
        assert verbs(report).count("moved") == 1

    def test_is_where_a_report_waits_again(self, report: ErrorReport, published: Article, other: Desk, editor: User):
        reopened, heir = sent(published), sent(published)
        merge(heir, into=report, by=editor)
        for one in (sent(published), reopened):
            decline(one, by=editor, reason="不對。")
        declined = ErrorReport.objects.filter(state="declined").exclude(pk=reopened.pk).get()
        move_reports(published, other, editor)
        Article.objects.filter(pk=published.pk).update(desk=other)
        appeal(declined, text="請再看。")
        reopen(reopened, by=editor)
        withdraw_by_reader(report)
        for one in (declined, reopened, heir):
            assert now(one).desk == other


class TestTakingBack:
    def test_forgets_at_once_how_to_reach_the_reader(self, report: ErrorReport):
        withdraw_by_reader(report)
        assert (now(report).state, now(report).contact) == ("withdrawn", "")
        assert Event.objects.latest("pk").by is None
        with pytest.raises(ReportMoved):
            withdraw_by_reader(report)

    def test_is_too_late_after_the_answer(self, report: ErrorReport, editor: User, published: Article):
        factories.correct(published, by=editor, reports=[report])
        with pytest.raises(ReportMoved):
            withdraw_by_reader(report)

    def test_a_correction_may_name_it_all_the_same_and_leaves_it_as_it_is(
        self, report: ErrorReport, editor: User, published: Article
    ):
        withdraw_by_reader(report)
        article = factories.change(published, by=editor, body="<p>昨天開鐮。</p>")
        note = Note(kind="correction", text="更正。", was="今天", now="昨天", reports=[report])
        publish(article, seen=article.version, by=editor, noted=[note])
        assert now(report).state == "withdrawn"


class TestForgetting:
    def test_contact_and_origin_go_a_term_after_the_decision(self, report: ErrorReport, editor: User, site: Site):
        decline(report, by=editor, reason="不對。")
        ago(report, received_at=200, decided_at=site.contact_days - 0.01)
        assert forget_contacts() == 0
        assert now(report).contact == "卓嘎"
        ago(report, decided_at=0.02)
        assert forget_contacts() == 1
        report = now(report)
        assert (report.contact, report.origin) == ("", "")
        assert report.wrong
        assert report.forgotten_at
        assert verbs(report)[-1] == "forgotten"
        assert forget_contacts() == 0

    def test_not_while_a_report_or_an_appeal_waits(self, report: ErrorReport, published: Article, editor: User):
        upheld, appealed = sent(published), sent(published)
        accept(upheld, by=editor)
        decline(appealed, by=editor, reason="不對。")
        appeal(appealed, text="請再看。")
        for one in (report, upheld, appealed):
            ago(one, received_at=900)
        for one in (upheld, appealed):
            ago(one, decided_at=900)
        assert forget_contacts() == 1  # the upheld one is decided: the form promised how long its contact is kept
        assert now(upheld).contact == ""
        assert now(appealed).contact == now(report).contact == "卓嘎"

    def test_a_declined_reply_keeps_its_name_while_an_appeal_can_bring_it_to_the_public(
        self, published: Article, chief: User, site: Site
    ):
        site.contact_days = 1
        site.save()
        refused = sent(published, wrong="", concerned=True, reply="我的話。", reply_name="央金")
        decline(refused, by=chief, reason="不對。")
        ago(refused, received_at=29, decided_at=29)
        assert forget_contacts() == 0
        ago(refused, decided_at=2)
        assert forget_contacts() == 1
        assert now(refused).reply_name == ""

    def test_an_answered_appeal_counts_as_the_decision(
        self, report: ErrorReport, editor: User, chief: User, site: Site
    ):
        decline(report, by=editor, reason="不對。")
        appeal(report, text="請再看。")
        decide_appeal(report, by=chief, upheld=False, reason="不對。")
        ago(report, received_at=900, decided_at=900)
        assert forget_contacts() == 0
        ago(report, appeal_decided_at=site.contact_days + 1)
        assert forget_contacts() == 1

    def test_of_spam_every_word_goes_after_a_week(self, report: ErrorReport, editor: User):
        set_spam(report, by=editor)
        ago(report, received_at=8, decided_at=6.99)
        assert forget_contacts() == 0
        ago(report, decided_at=0.02)
        assert forget_contacts() == 1
        report = now(report)
        assert (report.wrong, report.right, report.passage, report.contact, report.origin) == ("",) * 5
        assert acts(report, editor) == set()

    def test_what_was_taken_back_goes_too(self, report: ErrorReport, site: Site):
        withdraw_by_reader(report)
        ago(report, received_at=site.contact_days + 1)
        assert forget_contacts() == 1
        assert now(report).origin == ""

    def test_a_published_reply_keeps_its_name(self, reply: ErrorReport, published: Article, chief: User, site: Site):
        refused = sent(published, wrong="", concerned=True, reply="別的話。", reply_name="央金")
        decline(refused, by=chief, reason="不對。")
        publish_reply(reply, by=chief, text="答辯。")
        for one in (reply, refused):
            ago(one, received_at=900, decided_at=site.contact_days + 1)
        assert forget_contacts() == 2
        assert (now(reply).reply_name, now(refused).reply_name) == ("卓嘎", "")
        assert now(reply).forgotten_at <= database_now()
