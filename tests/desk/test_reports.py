"""Readers' reports at the desk: a queue with a clock, and each report beside what stands there today."""

import itertools
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.desk.reports_admin import waiting_for
from articles.models import Article, Correction, Desk, Edition, ErrorReport, Event, Membership, User
from articles.publishing import Told, accept, appeal, decline, forget_contacts, report_error, set_spam
from tests import factories
from tests.conftest import Case
from tests.desk.forms import at_the_desk, parse
from tests.harness.once import on_one_database, on_postgresql

LIST = "/admin/articles/errorreport/"
HOUR = timedelta(hours=1)


def sent(article: Article, **told: Any) -> ErrorReport:
    number = ErrorReport.objects.count()
    told = {"wrong": f"第{number}處不對。", "passage": "多兩成", "contact": "卓嘎"} | told
    words = Told(**told)
    return report_error(
        article, number=1, told=words, sender=f"10.0.{number // 250}.{number % 250}", language="en"
    ).report


def page_of(report: ErrorReport) -> str:
    return f"{LIST}{report.pk}/change/"


def act(client: Client, report: ErrorReport, act: str, **fields: Any) -> HttpResponse:
    """Press a button of the report's page as it stands."""
    page = parse(client.get(page_of(report)))
    (button,) = (one for one in page.one("main").all("button") if one.get("value") == act)
    (form,) = (
        one for one in page.all(".acts form") if any(each.element is button.element for each in one.all("button"))
    )
    hidden = {one["name"]: one["value"] for one in form.all("input")}
    return client.post(page_of(report), hidden | {"act": act} | fields)


def buttons(client: Client, report: ErrorReport) -> set[str]:
    return {one["value"] for one in parse(client.get(page_of(report))).all(".acts button")}


def rows(client: Client, question: str = "") -> list[str]:
    """The references in the list, in order."""
    page = parse(client.get(LIST + question))
    return [one.words for one in page.one("main").all("td .code") + page.one("main").all("th .code")]


def moved(report: ErrorReport, hours: float) -> None:
    """As if it had come in so many hours earlier."""
    names = ("received_at", "acknowledge_by", "decide_by")
    ErrorReport.objects.filter(pk=report.pk).update(**{name: getattr(report, name) - hours * HOUR for name in names})


@pytest.fixture
def report(published: Article) -> ErrorReport:
    return sent(published, right="多三成", evidence="https://example.org/<b>")


class TestTheQueue:
    def test_shows_what_waits_by_its_term(self, published: Article, editor: User):
        late, soon, later = sent(published), sent(published), sent(published)
        moved(late, 25)
        moved(soon, 20)
        done, appealed = sent(published), sent(published)
        set_spam(done, by=editor)
        appeal(decline(appealed, by=editor, reason="不對。"), text="請看。")
        shown = [late.reference, soon.reference, later.reference, appealed.reference]
        assert rows(at_the_desk(editor)) == shown

    def test_tells_the_time_that_is_left_and_marks_what_is_late(self, published: Article, editor: User):
        late, soon = sent(published), sent(published)
        moved(late, 26.5)
        moved(soon, 4.5)
        page = parse(at_the_desk(editor).get(LIST))
        clocks = [(one.words, "overdue" in one["class"]) for one in page.all("td .clock")]
        assert clocks == [("overdue by 2 h", True), ("due in 19 h", False)]

    def test_says_what_it_is_about(self, report: ErrorReport, editor: User):
        words = parse(at_the_desk(editor).get(LIST)).one("table").words
        for part in ("青稞開鐮", report.reference, "多兩成", "received"):
            assert part in words

    @pytest.mark.parametrize("state", ["received", "spam", "all"])
    def test_can_show_the_others(self, state: str, report: ErrorReport, published: Article, editor: User):
        spam = set_spam(sent(published), by=editor)
        expected = {"received": [report], "spam": [spam], "all": [spam, report]}[state]
        assert rows(at_the_desk(editor), f"?state={state}") == [one.reference for one in expected]

    def test_finds_a_report_in_any_state_by_what_the_reader_reads_out(
        self, report: ErrorReport, published: Article, editor: User
    ):
        set_spam(report, by=editor)
        client = at_the_desk(editor)
        for words in (report.reference, report.reference.lower(), published.code):
            assert rows(client, f"?q={words}") == [report.reference]
        for words in ("ZZZZZZZZ", "%00", "%ff", "第0處"):
            assert rows(client, f"?q={words}") == []

    @pytest.mark.parametrize(
        "question", ["?state=nonsense", "?state=%00", "?article__body=x", "?desk__id__exact=x", "?o=1.2"]
    )
    def test_survives_what_no_filter_asks(self, question: str, report: ErrorReport, editor: User):
        assert at_the_desk(editor).get(LIST + question).status_code in {200, 302}

    def test_is_the_desks_own(self, report: ErrorReport, editor: User, stranger: User, administrator: User):
        assert rows(at_the_desk(stranger)) == []
        assert rows(at_the_desk(administrator)) == rows(at_the_desk(editor)) == [report.reference]

    def test_offers_to_sort_by_the_desks_that_one_may_see(
        self, report: ErrorReport, desk: Desk, editor: User, administrator: User
    ):
        third, unseen = factories.make_desk(), factories.make_desk()

        def offered(user: User) -> set[str]:
            """The keys of the desks in the filter."""
            links = [url for _, url in parse(at_the_desk(user).get(LIST)).links if "desk__id__exact=" in url]
            return {url.rpartition("=")[2] for url in links}

        assert offered(editor) == set()
        Membership.objects.create(user=editor, desk=third, role="chief")
        assert offered(User.objects.get(pk=editor.pk)) == {str(desk.pk), str(third.pk)}
        assert str(unseen.pk) in offered(administrator)
        client = at_the_desk(User.objects.get(pk=editor.pk))
        assert rows(client, f"?desk__id__exact={desk.pk}") == [report.reference]
        assert rows(client, f"?desk__id__exact={third.pk}") == rows(client, f"?desk__id__exact={unseen.pk}") == []

    def test_is_not_for_reporters(self, report: ErrorReport, reporter: User):
        client = at_the_desk(reporter)
        assert client.get(LIST).status_code == 403
        assert client.get(page_of(report)).status_code == 404
        assert LIST not in {url for _, url in parse(client.get("/admin/")).one("nav").links}

    @on_one_database
    def test_costs_the_same_however_many_wait(self, published: Article, editor: User):
        client = at_the_desk(editor)

        def cost() -> int:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(LIST).status_code == 200
            return len(queries)

        sent(published)
        cost()  # what is read once for a session
        few = cost()
        for _ in range(30):
            sent(published)
        assert cost() == few <= 11

    def test_shows_fifty_of_a_flood(self, report: ErrorReport, editor: User):
        values = {field.attname: getattr(report, field.attname) for field in ErrorReport._meta.concrete_fields
                  if field.name not in {"id", "reference", "key_digest"}}  # fmt: skip
        ErrorReport.objects.bulk_create(
            ErrorReport(**values, reference=f"F{number:07}", key_digest=f"{number:064}") for number in range(3000)
        )
        client = at_the_desk(editor)
        client.get(LIST)  # what is read once for a session
        with CaptureQueriesContext(connection) as queries:
            assert len(rows(client)) == 50
        assert len(queries) <= 11

    def test_nobody_adds_changes_or_deletes_a_report_there(self, report: ErrorReport, administrator: User):
        client = at_the_desk(administrator)
        assert client.get(f"{LIST}add/").status_code == 403
        assert client.post(f"{LIST}{report.pk}/delete/", {"post": "yes"}).status_code == 403
        assert ErrorReport.objects.count() == 1


class TestTheFirstPage:
    def test_counts_what_waits_and_what_is_late(self, published: Article, editor: User, stranger: User, reporter: User):
        assert waiting_for(editor) == {}
        sent(published)
        moved(sent(published), 25)
        set_spam(sent(published), by=editor)
        assert waiting_for(editor) == {"open": 2, "overdue": 1, "url": LIST}
        assert waiting_for(stranger) == waiting_for(reporter) == {}


@on_postgresql
class TestTheReport:
    def test_shows_all_that_was_written_as_plain_text(self, editor: User, published: Article):
        evil = '<script>alert(1)</script> https://evil.example/ <a href="https://evil.example">x</a>'
        report = sent(published, wrong=evil, right=evil, evidence="https://evil.example/x", contact=evil, passage=evil)
        page = parse(at_the_desk(editor).get(page_of(report)))
        assert page.one("main").words.count("<script>alert(1)</script>") == 4
        assert not page.one("main").all("script")
        assert not [url for _, url in page.one("main").links if "evil" in url]

    def test_puts_the_passage_beside_what_stands_there_today(
        self, report: ErrorReport, published: Article, editor: User
    ):
        factories.correct(published, by=editor, body="<p>上朗縣的青稞開鐮了。</p><h2>收成</h2><p>比去年多三成。</p>")
        read, today = parse(at_the_desk(editor).get(page_of(report))).all(".beside blockquote")
        assert (read.words, read.one("mark").words) == ("比去年多兩成。", "多兩成")
        assert (today.one("del").words, today.one("ins").words) == ("兩", "三")
        assert today.words == "比去年多兩三成。"

    def test_says_when_the_passage_is_gone_or_never_stood_there(
        self, report: ErrorReport, published: Article, editor: User
    ):
        never = sent(published, passage="這裡沒有的字")
        factories.correct(published, by=editor, body="<p>全部改寫，另起一篇。</p>")
        client = at_the_desk(editor)
        assert len(parse(client.get(page_of(report))).all(".beside blockquote")) == 1
        page = parse(client.get(page_of(never)))
        assert page.one(".beside blockquote").words == "這裡沒有的字"
        assert page.all(".beside .help")

    def test_of_a_story_that_went_still_opens(self, report: ErrorReport, published: Article, chief: User, editor: User):
        factories.withdraw(published, by=chief, second=editor, act="takedown", keep_headline=False)
        assert at_the_desk(editor).get(page_of(report)).status_code == 200

    def test_lists_its_steps_and_the_other_reports_on_the_story(
        self, report: ErrorReport, published: Article, editor: User
    ):
        other = sent(published)
        client = at_the_desk(editor)
        act(client, report, "acknowledge")
        page = parse(client.get(page_of(report)))
        assert [step.one("span").words for step in page.all(".trail li")] == [
            "a reader reported an error", f"took up a report {editor}",
        ]  # fmt: skip
        assert [url for _, url in page.one(".others").links] == [page_of(other)]

    def test_is_not_there_for_other_desks_and_unknown_numbers(self, report: ErrorReport, stranger: User, editor: User):
        assert at_the_desk(stranger).get(page_of(report)).status_code == 404
        assert at_the_desk(stranger).post(page_of(report), {"act": "spam", "seen": "received."}).status_code == 404
        client = at_the_desk(editor)
        for number in ("999999", "x", "٣", "9" * 30, "%00"):
            assert client.get(f"{LIST}{number}/change/").status_code == 404

    def test_belongs_to_those_who_correct_at_its_desk(self, report: ErrorReport, editor: User, desk: Desk):
        Membership.objects.filter(user=editor).update(role="reporter")
        assert at_the_desk(User.objects.get(pk=editor.pk)).get(page_of(report)).status_code in {403, 404}


@on_postgresql
class TestTheSteps:
    def test_upholding_leads_to_the_correction(self, report: ErrorReport, editor: User):
        response = act(at_the_desk(editor), report, "accept")
        assert response["Location"] == f"/admin/articles/article/{report.article_id}/publish/?report={report.pk}"
        report.refresh_from_db()
        assert (report.state, report.decided_by) == ("accepted", editor)
        links = {url for _, url in parse(at_the_desk(editor).get(page_of(report))).one(".acts").links}
        assert response["Location"] in links

    def test_a_notice_that_did_not_name_it_answers_it(self, report: ErrorReport, published: Article, editor: User):
        client = at_the_desk(editor)
        assert "answer" not in buttons(client, report)
        older = factories.correct(published, by=editor).corrections.get()
        newer = factories.correct(published, by=editor, body="<p>上朗縣的青稞前天開鐮了。</p>").corrections.get()
        options = parse(client.get(page_of(report))).one("[id=notice]").all("option")
        assert [one["value"] for one in options] == [str(newer.pk), str(older.pk)]
        act(client, report, "answer", with_key=str(older.pk))
        report.refresh_from_db()
        assert (report.state, report.correction) == ("corrected", older)
        page = parse(client.get(page_of(report)))
        assert page.one("a.answer")["href"] == f"/a/{published.code}/#notice-2-1"
        assert not page.all(".acts button")

    def test_a_typo_that_was_mended_answers_it(self, report: ErrorReport, published: Article, editor: User):
        client = at_the_desk(editor)
        assert "put-right" not in buttons(client, report)
        edition = factories.publish_again(published, by=editor, headline="青稞開鐮了")
        assert "answer" not in buttons(client, report)
        act(client, report, "put-right", with_key=str(edition.pk))
        report.refresh_from_db()
        assert (report.state, report.right_edition) == ("corrected", edition)
        page = parse(client.get(page_of(report)))
        assert page.one("a.answer")["href"] == f"/a/{published.code}/v/2/changes/"

    def test_answering_by_nothing_changes_nothing(
        self, case: Case, report: ErrorReport, published: Article, editor: User
    ):
        factories.publish_again(published, by=editor, headline="青稞開鐮了")
        factories.correct(published, by=editor)
        client = at_the_desk(editor)
        keys = ["", "0", "-1", "x", "999999", "9" * 19, "9" * 400, "\x00"]
        for how, key in itertools.product(("answer", "put-right"), keys):
            with case(how=how, key=key):
                response = act(client, report, how, with_key=key)
                assert parse(response).one(".errornote").words
                report.refresh_from_db()
                assert report.state == "received"

    def test_merging_is_offered_with_what_was_corrected(self, report: ErrorReport, published: Article, editor: User):
        first, declined = sent(published), sent(published)
        decline(declined, by=editor, reason="不對。")
        factories.correct(published, by=editor, reports=[first])
        client = at_the_desk(editor)
        (option,) = parse(client.get(page_of(report))).one("[id=into]").all("option")
        act(client, report, "merge", into=option["value"])
        report.refresh_from_db()
        assert (report.duplicate_of, report.correction) == (first, Correction.objects.get())

    def test_declining_wants_a_reason_and_keeps_what_was_typed(self, report: ErrorReport, editor: User):
        client = at_the_desk(editor)
        response = act(client, report, "decline", text=" ")
        assert parse(response).one(".errornote").words
        response = act(client, report, "decline", text="字" * 2001)
        assert parse(response).one("textarea[id=reason]").element.text.strip() == "字" * 2001
        act(client, report, "decline", text="與記錄相符。")
        report.refresh_from_db()
        assert (report.state, report.reason) == ("declined", "與記錄相符。")

    def test_merging(self, report: ErrorReport, published: Article, editor: User):
        first = sent(published)
        act(at_the_desk(editor), report, "merge", into=first.reference)
        report.refresh_from_db()
        assert report.duplicate_of == first

    @pytest.mark.parametrize("into", ["", "ZZZZZZZZ", "\x00", "x" * 500])
    def test_merging_with_nothing_changes_nothing(
        self, into: str, report: ErrorReport, published: Article, editor: User
    ):
        sent(published)
        response = act(at_the_desk(editor), report, "merge", into=into)
        assert parse(response).one(".errornote").words
        report.refresh_from_db()
        assert report.state == "received"

    def test_spam_and_back(self, report: ErrorReport, editor: User):
        client = at_the_desk(editor)
        act(client, report, "spam")
        assert buttons(client, report) == {"reopen"}
        act(client, report, "reopen")
        report.refresh_from_db()
        assert report.state == "acknowledged"

    def test_an_appeal_is_offered_to_a_chief_who_did_not_decide(self, report: ErrorReport, editor: User, chief: User):
        appeal(decline(report, by=editor, reason="不對。"), text="請看第三頁。")
        assert buttons(at_the_desk(editor), report) == set()
        client = at_the_desk(chief)
        assert buttons(client, report) == {"uphold", "dismiss"}
        act(client, report, "uphold", text="有理。")
        report.refresh_from_db()
        assert (report.state, report.appeal, report.appeal_reason) == ("accepted", "upheld", "有理。")

    def test_a_reply_is_published_by_the_chief(self, published: Article, editor: User, chief: User):
        report = sent(published, wrong="", concerned=True, reply="我沒有說過。", reply_name="卓嘎")
        assert buttons(at_the_desk(editor), report) == {"acknowledge"}
        client = at_the_desk(chief)
        assert {"publish-reply", "decline"} <= buttons(client, report)
        act(client, report, "publish-reply", text="當事人對本報導的答辯。")
        notice = Correction.objects.get()
        assert (notice.kind, notice.text.read()["reply"]["name"]) == ("editors-note", "卓嘎")

    def test_an_old_view_is_refused(self, report: ErrorReport, editor: User, chief: User):
        client = at_the_desk(editor)
        seen = {"act": "decline", "seen": "received.", "text": "不對。"}
        accept(report, by=chief)
        response = client.post(page_of(report), seen)
        assert parse(response).one(".errornote").words
        report.refresh_from_db()
        assert report.state == "accepted"

    @pytest.mark.parametrize(
        "fields",
        [
            {},
            {"act": "nonsense", "seen": "x"},
            {"act": "accept"},
            {"act": "\x00", "seen": "\x00"},
            {"act": ["accept", "spam"], "seen": "x"},
        ],
    )
    def test_hostile_forms_change_nothing(self, fields: dict[str, Any], report: ErrorReport, editor: User):
        events = Event.objects.count()
        assert at_the_desk(editor).post(page_of(report), fields).status_code == 200
        assert Event.objects.count() == events

    def test_need_a_form_of_ours(self, report: ErrorReport, editor: User):
        client = at_the_desk(editor, enforce_csrf_checks=True)
        assert client.post(page_of(report), {"act": "accept", "seen": "received."}).status_code == 403

    def test_nothing_public_changes_by_them(self, report: ErrorReport, editor: User):
        client = at_the_desk(editor)
        before = Client().get(f"/a/{report.article.code}/").content
        act(client, report, "acknowledge")
        act(client, report, "accept")
        assert Client().get(f"/a/{report.article.code}/").content == before
        assert Edition.objects.count() == 1

    def test_contact_that_was_erased_is_said_to_be(self, report: ErrorReport, editor: User):
        decline(report, by=editor, reason="不對。")
        ErrorReport.objects.update(
            received_at=report.received_at - 900 * 24 * HOUR, decided_at=report.received_at - 900 * 24 * HOUR
        )
        forget_contacts()
        words = parse(at_the_desk(editor).get(page_of(report))).one(".says").words
        assert "卓嘎" not in words
        assert "erased" in words
