"""What a reader says is stored whole or refused with reasons; and nobody can flood the desk."""

import json
from contextlib import suppress
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.language import passages
from articles.models import Article, ErrorReport, Event, Site, User
from articles.models.report import digest_of_key
from articles.publishing import Told, WrongEdition, report_error
from articles.publishing.errors import Withdrawn
from articles.publishing.report_error import (
    A_DAY,
    AN_HOUR,
    LIMITS,
    Receipt,
    ReportRefused,
    TooManyReports,
    passage_of,
)
from tests import factories
from tests.conftest import CommittedDatabase, Size
from tests.harness.threads import at_once

HOUR = timedelta(hours=1)


def send(article: Article, sender: str = "192.0.2.7", number: int = 1, **told: object) -> Receipt:
    told = {"wrong": "不是今天，是昨天。"} | told
    return report_error(article, number=number, told=Told(**told), sender=sender, language="zh-hant")  # type: ignore[arg-type]


def refused(article: Article, **told: object) -> set[str]:
    with pytest.raises(ReportRefused) as refusal:
        send(article, **told)
    assert not ErrorReport.objects.exists()
    return set(refusal.value.errors)


class TestWhatIsStored:
    def test_every_word_with_its_passage_term_and_edition(self, published: Article, site: Site):
        told = {"passage": "上朗縣的青稞", "wrong": "第一行\r\n第二行", "right": "昨天", "contact": " 卓嘎  138 ",
                "evidence": "https://example.org/青稞"}  # fmt: skip
        receipt = send(published, **told)
        report = ErrorReport.objects.get()
        assert (report.article, report.desk, report.edition.number) == (published, published.desk, 1)
        assert (report.state, report.track, report.language) == ("received", "error", "zh-hant")
        assert (report.wrong, report.right, report.contact) == ("第一行\n第二行", "昨天", "卓嘎 138")
        assert report.evidence == "https://example.org/青稞"
        passage, found = passage_of(report)
        assert passage == passages.Passage("上朗縣的青稞", "", "開鐮了。\n收成\n比去年多兩成。", 0, 6)
        assert found
        assert report.acknowledge_by - report.received_at == site.acknowledge_hours * HOUR
        assert report.decide_by - report.received_at == site.decide_hours * HOUR
        assert (report.reference, len(report.reference)) == (receipt.report.reference, 8)

    def test_of_the_secret_only_a_digest(self, published: Article):
        receipt = send(published)
        report = ErrorReport.objects.get()
        assert len(receipt.key) == 26
        assert report.key_digest == digest_of_key(receipt.key)
        values = " ".join(str(value) for value in ErrorReport.objects.values_list()[0])
        assert receipt.key not in values
        assert send(published, wrong="另一處").key != receipt.key

    def test_of_the_address_only_a_keyed_hash(self, published: Article):
        send(published, sender="192.0.2.7")
        row = " ".join(str(value) for value in ErrorReport.objects.values_list()[0])
        assert "192.0.2.7" not in row
        assert len(ErrorReport.objects.get().origin) == 64

    def test_a_reply_of_a_person_concerned_with_its_own_term(self, published: Article, site: Site):
        send(published, wrong="", concerned=True, reply="我沒有說過這句話。", reply_name="卓嘎")
        report = ErrorReport.objects.get()
        assert (report.track, report.reply, report.reply_name) == ("reply", "我沒有說過這句話。", "卓嘎")
        assert report.decide_by - report.received_at == site.reply_hours * HOUR
        assert Event.objects.get(thing=f"report {report.reference}").verb == "replied"

    def test_the_act_in_the_audit_trail_without_a_word_of_it(self, published: Article):
        report = send(published).report
        event = Event.objects.get(verb="reported")
        assert (event.article, event.by, event.thing) == (published, None, f"report {report.reference}")

    def test_a_passage_that_does_not_stand_there_as_a_quote_without_a_place(self, published: Article):
        report = send(published, passage="這裡沒有的字", prefix="前", suffix="後").report
        passage, found = passage_of(report)
        assert passage
        assert (passage.exact, passage.prefix, passage.suffix, found) == ("這裡沒有的字", "前", "後", False)
        assert [part["type"] for part in json.loads(report.passage)] == ["TextQuoteSelector"]

    def test_a_passage_of_the_edition_that_was_read(self, published: Article, editor: User):
        factories.correct(published, by=editor)
        report = send(published, number=1, passage="上朗縣的青稞開鐮了").report
        assert report.edition.number == 1
        assert passage_of(report)[1]
        assert not passage_of(send(published, number=2, passage="上朗縣的青稞開鐮了").report)[1]

    def test_nothing_that_no_page_can_hold(self, published: Article):
        report = send(published, wrong="a\x00b\ud800\u202ec\ufffd", contact="\x1bx").report
        report.refresh_from_db()
        assert (report.wrong, report.contact) == ("abc", "x")


class TestWhatIsRefused:
    @pytest.mark.parametrize("field", LIMITS)
    def test_what_is_longer_than_its_limit(self, field: str, published: Article):
        fill = "https://example.org/" if field == "evidence" else ""
        reply = {"concerned": True, "reply_name": "卓嘎", "reply": "是"} if field.startswith("reply") else {}
        most = fill + "字" * (LIMITS[field] - len(fill))
        assert refused(published, **reply | {field: most + "字"}) == {field}
        assert send(published, **reply | {field: most})

    @pytest.mark.parametrize("wrong", ["", "  \n ", "\x00", "\u3000"])
    def test_a_report_that_says_nothing(self, wrong: str, published: Article):
        assert refused(published, wrong=wrong, right="昨天") == {"wrong"}

    @pytest.mark.parametrize(
        "address",
        ["javascript:alert(1)", "data:text/html,x", "ftp://x.org/", "example.org", "https://", "http://[", "//x"],
    )
    def test_evidence_that_is_no_web_address(self, address: str, published: Article):
        assert refused(published, evidence=address) == {"evidence"}

    def test_a_reply_without_its_words_or_name(self, published: Article):
        assert refused(published, wrong="", concerned=True) == {"reply", "reply_name"}
        assert refused(published, reply="我沒有說過。") == {"concerned"}

    def test_what_no_form_offers(self, published: Article, article: Article):
        for story, number in ((published, 2), (published, 0)):
            with pytest.raises(WrongEdition):
                send(story, number=number)
        with pytest.raises(Withdrawn):
            send(article)

    def test_anything_about_a_story_that_was_taken_down(self, published: Article, chief: User, editor: User):
        factories.withdraw(published, by=chief, second=editor, act="takedown")
        with pytest.raises(Withdrawn):
            send(published)

    def test_nothing_about_one_that_was_retracted(self, published: Article, chief: User, editor: User):
        factories.withdraw(published, by=chief, second=editor)
        assert send(published, number=2)


class TestTheSameAgain:
    def test_is_the_report_that_is_there(self, published: Article):
        first, second = send(published), send(published)
        assert (first.report.pk, first.key) == (second.report.pk, second.key)
        assert ErrorReport.objects.count() == 1

    def test_but_not_from_another_address_or_with_another_word(self, published: Article):
        send(published)
        send(published, sender="192.0.2.8")
        send(published, right="昨天")
        assert ErrorReport.objects.count() == 3

    def test_nor_much_later(self, published: Article):
        send(published)
        ErrorReport.objects.update(received_at=ErrorReport.objects.get().received_at - timedelta(minutes=11))
        send(published)
        assert ErrorReport.objects.count() == 2


class TestFloods:
    def test_of_one_address_no_more_than_thirty_are_stored_a_day(self, editor: User, size: Size):
        stories = [factories.publish_article(editor) for _ in range(3)]
        for number in range(size(small=A_DAY + 10, full=10_000)):
            story = stories[number % 3]
            if number < A_DAY:
                send(story, wrong=f"第{number}處")
            else:
                with pytest.raises(TooManyReports) as refusal:
                    send(story, wrong=f"第{number}處")
                assert 0 < refusal.value.seconds <= 24 * 3600
        assert ErrorReport.objects.count() == A_DAY
        assert send(stories[0], sender="192.0.2.8")

    def test_yesterdays_do_not_count(self, published: Article):
        for number in range(A_DAY):
            send(published, wrong=f"第{number}處")
        ErrorReport.objects.update(origin="昨天")
        assert send(published)

    def test_of_a_hundred_addresses_thirty_each(self, editor: User, size: Size):
        addresses, posts = size(small=3, full=100), size(small=35, full=100)
        for address in range(addresses):
            story = factories.publish_article(editor)
            for number in range(posts):
                try:
                    send(story, sender=f"192.0.2.{address}", wrong=f"第{number}處")
                except TooManyReports:
                    assert number >= A_DAY
        assert ErrorReport.objects.count() == addresses * A_DAY
        assert set(ErrorReport.objects.values_list("origin", flat=True).distinct()) != {""}

    def test_posts_at_once_are_counted_too(self, committed_db: CommittedDatabase, editor: User):
        stories = [factories.publish_article(editor) for _ in range(4)]

        def post(place: int) -> int:
            stored = 0
            for number in range(10):
                with suppress(TooManyReports):
                    send(stories[place], wrong=f"第{number}處")
                    stored += 1
            return stored

        stored = at_once(*(partial(post, place) for place in range(4)))
        assert sum(count for count in stored if isinstance(count, int)) == A_DAY
        assert ErrorReport.objects.count() == A_DAY

    def test_the_same_report_sent_twice_at_once_is_one(self, committed_db: CommittedDatabase, published: Article):
        receipts = at_once(*[lambda: send(published)] * 4)
        assert len({receipt.key for receipt in receipts if isinstance(receipt, Receipt)}) == 1
        assert ErrorReport.objects.count() == 1

    def test_of_one_story_do_not_keep_out_who_has_not_written_yet(self, published: Article):
        """Sixty an hour is all for those who have; so a few addresses cannot silence the readers of a story."""
        for number in range(AN_HOUR):
            send(published, sender=f"192.0.2.{number}")
        with pytest.raises(TooManyReports):
            send(published, sender="192.0.2.1", wrong="再來一次。")
        assert send(published, sender="198.51.100.1")
        with pytest.raises(TooManyReports):
            send(published, sender="198.51.100.1", wrong="再來一次。")
        ErrorReport.objects.update(received_at=ErrorReport.objects.first().received_at - HOUR - timedelta(seconds=1))  # type: ignore[union-attr]
        assert send(published, sender="198.51.100.1", wrong="又一次。")

    def test_the_limit_costs_the_same_whatever_is_stored(self, published: Article):
        def cost() -> int:
            with CaptureQueriesContext(connection) as queries:
                send(published, wrong=str(ErrorReport.objects.count()))
            return len(queries)

        cost()  # the desk is told of the first one that waits
        first = cost()
        for number in range(10):
            send(published, wrong=f"第{number}處")
        assert cost() == first
