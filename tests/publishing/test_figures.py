"""The figures of the accuracy page, checked against examples counted by hand."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import Article, Correction, ErrorReport, User
from articles.publishing import Note, issue_as_of
from articles.publishing.figures import Errors, Figures, Report, Term, figures, months_until, p90, term, year
from tests import factories
from tests.factories import change, publish_article

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
THEN = datetime(2026, 11, 2, tzinfo=UTC)
NEVER = Term(None, None)


def hours(*numbers: float) -> list[timedelta]:
    return [timedelta(hours=number) for number in numbers]


class TestTerms:
    @pytest.mark.parametrize(
        ("spans", "expected"),
        [
            ([], NEVER),
            (hours(3), Term(3, 3)),
            (hours(4, 2), Term(3, 4)),
            (hours(9, 1, 5), Term(5, 9)),
            (hours(*range(1, 11)), Term(5.5, 9)),
            (hours(*range(1, 21)), Term(10.5, 18)),
            (hours(0.5, 100), Term(50.25, 100)),
        ],
    )
    def test_are_the_median_and_what_nine_of_ten_stayed_within(self, spans: list[timedelta], expected: Term):
        assert term(spans) == expected

    def test_the_ninetieth_percentile_is_a_value_that_occurred(self):
        assert p90([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]) == 10
        assert p90([7]) == 7


class TestCounting:
    def report(self, state: str, **after: float) -> Report:
        moments = {name: THEN + timedelta(hours=number) for name, number in after.items()}
        return Report(state=state, at=THEN, **moments)

    def test_is_right_for_a_handful_counted_by_hand(self):
        reports = [
            self.report("received"),
            self.report("acknowledged", acknowledged=2),
            self.report("declined", acknowledged=4, decided=10),
            self.report("accepted", acknowledged=6, decided=20),
            self.report("corrected", acknowledged=8, decided=30, corrected=40),
            self.report("withdrawn", acknowledged=1),
        ]
        errors = [Errors(THEN, by_reader=True), Errors(THEN, by_reader=False), Errors(THEN, by_reader=False)]
        found = figures(reports, errors, stories=40)
        assert (found.received, found.decided, found.upheld) == (6, 3, 2)
        assert found.upheld_share == pytest.approx(2 / 3)
        assert found.acknowledge == Term(4, 8)
        assert found.decide == Term(20, 30)
        assert found.correct == Term(40, 40)
        assert found.per_thousand == 75
        assert found.readers_share == pytest.approx(1 / 3)

    def test_of_nothing_is_nothing_and_no_share(self):
        found = figures([], [], stories=0)
        assert found == Figures(0, 0, 0, NEVER, NEVER, NEVER, 0, 0, 0)
        assert (found.upheld_share, found.per_thousand, found.readers_share) == (None, None, None)


def test_a_year_is_the_twelve_months_that_end_with_this_one():
    assert months_until(date(2026, 3, 31)) == [
        *(date(2025, month, 1) for month in range(4, 13)), date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1),
    ]  # fmt: skip
    assert months_until(date(2026, 12, 1))[0] == date(2026, 1, 1)


class TestAYearOfRows:
    @pytest.fixture
    def story(self, administrator: User) -> Article:
        top = factories.make_channel("農牧", slug="farming")
        below = factories.make_channel("青稞", slug="barley", parent=top)
        return publish_article(administrator, at=THEN, channel=below)

    def report(self, story: Article, received: datetime = THEN, **values: object) -> ErrorReport:
        times = {"received_at": received, "acknowledge_by": received, "decide_by": received}
        return ErrorReport.objects.create(
            **{"article": story, "desk": story.desk, "edition": story.editions.last(), "language": "zh-hant",
               "key_digest": f"{ErrorReport.objects.count():064}"} | times | values
        )  # fmt: skip

    def correct(self, story: Article, at: datetime, *, by: User, kind: str = "correction", **note: object) -> None:
        article = change(story, by=by, body=f"<p>{at}</p>")
        one = Note(**{"kind": kind, "text": "改。", "was": "甲", "now": "乙"} | note)
        issue_as_of(article, at=at, by=by, loaded_by=by, noted=[one])

    def whole(self) -> Figures:
        return year(NOW, ZONE).whole

    def test_leaves_out_spam_and_replies(self, story: Article):
        self.report(story)
        self.report(story, state="spam")
        self.report(story, track="reply", reply="我沒有。")
        assert self.whole().received == 1

    def test_begins_with_the_first_moment_of_its_first_month_by_the_calendar_of_the_site(self, story: Article):
        start = datetime(2025, 12, 1, tzinfo=ZONE)
        self.report(story, received=start - timedelta(seconds=1))
        self.report(story, received=start)
        self.report(story, received=NOW + timedelta(seconds=1))
        found = year(NOW, ZONE)
        assert found.whole.received == 1
        assert dict(found.months)[date(2025, 12, 1)].received == 1

    def test_a_duplicate_follows_the_report_that_it_repeats(self, story: Article, administrator: User):
        first = self.report(story, state="declined", decided_at=THEN + timedelta(hours=5))
        self.report(story, state="duplicate", duplicate_of=first, received=THEN + timedelta(hours=1))
        undecided = self.report(story, state="acknowledged")
        self.report(story, state="duplicate", duplicate_of=undecided, decided_at=THEN + timedelta(hours=1))
        found = self.whole()
        assert (found.received, found.decided, found.upheld) == (4, 2, 0)
        assert found.decide == Term(4.5, 5)
        self.correct(story, THEN + timedelta(hours=9), by=administrator)
        notice = Correction.objects.get()
        ErrorReport.objects.filter(pk=first.pk).update(
            state="corrected", correction=notice, corrected_at=THEN + timedelta(hours=9)
        )
        found = self.whole()
        assert (found.decided, found.upheld) == (2, 2)
        assert found.correct == Term(8.5, 9)

    def test_counts_what_says_that_something_was_wrong(self, story: Article, administrator: User):
        report = self.report(story)
        kinds = ["update", "clarification", "correction", "editors-note"]
        for number, kind in enumerate(kinds, start=1):
            reports = [report] if kind == "correction" else []
            self.correct(story, THEN + timedelta(hours=number), by=administrator, kind=kind, reports=reports)
        found = self.whole()
        assert (found.corrections, found.by_readers, found.stories) == (2, 1, 1)
        assert found.per_thousand == 2000

    def test_gives_everything_to_its_month_and_its_top_channel(self, story: Article, administrator: User):
        other = factories.make_channel("交通", slug="roads")
        publish_article(administrator, at=datetime(2026, 5, 31, 16, 0, tzinfo=UTC), channel=other)  # 1 June here
        self.report(story)
        self.correct(story, THEN + timedelta(days=1), by=administrator)
        found = year(NOW, ZONE)
        months = dict(found.months)
        assert [month for month, one in months.items() if one.stories] == [date(2026, 6, 1), date(2026, 11, 1)]
        assert (months[date(2026, 11, 1)].corrections, months[date(2026, 11, 1)].received) == (1, 1)
        channels = dict(found.channels)
        assert set(channels) == {story.channel.parent_id, other.pk}
        assert (channels[story.channel.parent_id].corrections, channels[story.channel.parent_id].received) == (1, 1)
        assert (channels[other.pk].stories, channels[other.pk].corrections) == (1, 0)
        assert sum(one.stories for one in channels.values()) == found.whole.stories == 2

    def test_takes_four_queries_whatever_there_is(self, story: Article):
        for number in range(20):
            self.report(story, received=THEN + timedelta(hours=number))
        with CaptureQueriesContext(connection) as queries:
            assert self.whole().received == 20
        assert len(queries) == 4
