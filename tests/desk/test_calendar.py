"""The planning calendar: real days and weeks, of one's own stories, by the clock of one's desk."""

import re
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.desk.calendar_view import CAP
from articles.models import Article, Desk, Membership, Schedule, User
from articles.publishing import set_embargo
from articles.publishing.clock import database_now
from tests import factories
from tests.desk.forms import at_the_desk, parse
from tests.harness.once import on_one_database
from tests.publishing.test_fronts import arranged
from tests.publishing.test_fronts import scheduled as launch_scheduled
from tests.publishing.test_schedules import ZONE, minute, scheduled
from tests.site.reading import Part

URL = "/admin/calendar/"


def look(client: Client, **asked: Any) -> Part:
    response = client.get(URL, asked)
    assert response.status_code == 200
    return parse(response).one("main")


def days(page: Part) -> list[str]:
    return [one["datetime"] for one in page.all(".day-number time")]


def cell(page: Part, day: date) -> str:
    (found,) = (one.words for one in page.all("td") if one.all(f"time[datetime={day}]"))
    return str(found)


def local(at: datetime, zone: str = ZONE) -> datetime:
    return at.astimezone(ZoneInfo(zone))


def put_due(article: Article, at: datetime) -> None:
    """As a schedule stands that was made long ago."""
    Schedule.objects.filter(article=article).update(due_at=at, try_at=at)


class TestItsDays:
    def test_a_month_is_of_whole_weeks_that_begin_on_monday(self, editor: User):
        shown = days(look(at_the_desk(editor), date="2027-01-15"))
        assert (shown[0], shown[-1], len(shown)) == ("2026-12-28", "2027-01-31", 35)
        assert date.fromisoformat(shown[0]).weekday() == 0

    @pytest.mark.parametrize("month", ["2027-02-01", "2028-02-29", "2026-12-31"])
    def test_every_day_of_a_month_is_there_once(self, month: str, editor: User):
        shown = [one for one in days(look(at_the_desk(editor), date=month)) if one[:7] == month[:7]]
        assert len(shown) == len(set(shown)) == {"2027-02": 28, "2028-02": 29, "2026-12": 31}[month[:7]]

    def test_a_week_and_a_day(self, editor: User):
        client = at_the_desk(editor)
        assert days(look(client, view="week", date="2027-01-01"))[::6] == ["2026-12-28", "2027-01-03"]
        assert days(look(client, view="day", date="2027-01-01")) == ["2027-01-01"]

    @pytest.mark.parametrize(("view", "before", "after"), [
        ("month", "2026-12-01", "2027-02-01"),
        ("week", "2027-01-24", "2027-02-07"),
        ("day", "2027-01-30", "2027-02-01"),
    ])  # fmt: skip
    def test_one_leads_to_the_next(self, view: str, before: str, after: str, editor: User):
        page = look(at_the_desk(editor), view=view, date="2027-01-31")
        (back,), (forth,) = page.all("a[rel=prev]"), page.all("a[rel=next]")
        assert f"date={before}" in back["href"]
        assert f"date={after}" in forth["href"]

    def test_today_is_the_one_of_the_desk(self, editor: User, desk: Desk):
        Desk.objects.update(time_zone="Pacific/Kiritimati")
        page = look(at_the_desk(editor))
        (marked,) = page.all("a[aria-current=date] time")
        assert marked["datetime"] == f"{local(database_now(), 'Pacific/Kiritimati'):%Y-%m-%d}"
        assert "Pacific/Kiritimati" in page.words

    @pytest.mark.parametrize("asked", [
        {"date": "nonsense"}, {"date": "0001-01-01"}, {"date": "9999-12-31"}, {"date": "2027-02-30"},
        {"view": "year"}, {"desk": "x"}, {"desk": "9" * 40}, {"channel": "-1"}, {"date": "\x00"},
    ])  # fmt: skip
    def test_an_address_that_makes_no_sense_shows_what_it_can(self, asked: dict[str, str], editor: User):
        assert days(look(at_the_desk(editor), **asked))


class TestWhatStandsInIt:
    def test_everything_at_its_hour_by_the_clock_of_the_desk(
        self, editor: User, reporter: User, article: Article, desk: Desk
    ):
        row = scheduled(article, editor, minute(days=1))
        embargoed = factories.make_article(editor, desk=desk, headline="封存的稿")
        set_embargo(embargoed, by=editor, until=minute(days=2), zone="Europe/Berlin")
        due = factories.make_article(editor, desk=desk, headline="要交的稿")
        Article.objects.filter(pk=due.pk).update(due_at=minute(days=3))
        published = factories.publish_article(editor, desk=desk, headline="刊出的稿")
        arranged(editor, published)
        launch = launch_scheduled(editor, minute(days=4))
        client = at_the_desk(editor)
        expected = [
            (launch.due_at, "scheduled", "Front: Front of the site"),
            (row.due_at, "scheduled", "青稞開鐮"),
            (Article.objects.get(pk=embargoed.pk).embargo_until, "embargo ends", "封存的稿"),
            (Article.objects.get(pk=due.pk).due_at, "due", "要交的稿"),
            (factories.public(published).first_published_at, "published", "刊出的稿"),
        ]
        for at, word, headline in expected:
            assert at
            for view in ("month", "week", "day"):
                said = cell(look(client, view=view, date=f"{local(at):%Y-%m-%d}"), local(at).date())
                assert re.search(rf"{local(at):%H:%M}\s*{word}\s*{headline}", said), (view, said)
        day = {"view": "day", "date": f"{local(launch.due_at):%Y-%m-%d}"}
        assert ("scheduled Front: Front of the site", "/admin/articles/front/site/") in [
            (f"scheduled {words}", url) for words, url in look(client, **day).one("table").links
        ]
        assert "Front of the site" not in look(at_the_desk(reporter), **day).words

    def test_a_day_has_its_hours_from_midnight_to_midnight(self, editor: User, desk: Desk, article: Article):
        scheduled(article, editor)
        zone = ZoneInfo(ZONE)
        day = date(2027, 5, 3)
        client = at_the_desk(editor)
        start = datetime(2027, 5, 3, tzinfo=zone)
        for at, inside in [
            (start - timedelta(minutes=1), False), (start, True), (start + timedelta(hours=24, minutes=-1), True),
            (start + timedelta(hours=24), False),
        ]:  # fmt: skip
            put_due(article, at)
            assert ("青稞開鐮" in cell(look(client, date=f"{day}"), day)) == inside

    def test_in_the_order_of_their_hours(self, editor: User, desk: Desk):
        start = minute(days=1)
        for hours in (2, 0, 1):
            article = factories.make_article(editor, desk=desk, headline=f"第{hours}篇")
            scheduled(article, editor, start)
            put_due(article, datetime(2027, 5, 3, 9 + hours, tzinfo=ZoneInfo(ZONE)))
        said = cell(look(at_the_desk(editor), date="2027-05-03"), date(2027, 5, 3))
        assert re.findall(r"scheduled\s*第(.)篇", said) == ["0", "1", "2"]

    def test_a_full_day_says_that_there_is_more_and_leads_to_all_of_it(self, editor: User, desk: Desk):
        start = datetime(2027, 5, 3, 9, tzinfo=ZoneInfo(ZONE))
        for number in range(CAP["month"] + 1):
            article = factories.make_article(editor, desk=desk, headline=f"第{number}篇")
            Article.objects.filter(pk=article.pk).update(due_at=start + timedelta(minutes=number))
        client = at_the_desk(editor)
        page = look(client, date="2027-05-03")
        assert f"第{CAP['month']}篇" not in page.words
        (more,) = page.all("a.more")
        whole = look(client, **dict(part.split("=") for part in more["href"][1:].split("&")))
        assert f"第{CAP['month']}篇" in whole.words
        assert not whole.all("a.more")

    def test_is_of_the_persons_own_desks_and_of_a_reporter_their_own(
        self, editor: User, reporter: User, stranger: User, administrator: User, article: Article
    ):
        scheduled(article, editor)
        own = factories.make_article(reporter, desk=article.desk, headline="尼瑪的稿")
        Article.objects.filter(pk=own.pk).update(due_at=minute(hours=1))
        day = {"view": "week", "date": f"{local(minute(hours=1)):%Y-%m-%d}"}
        seen = {user.username: look(at_the_desk(user), **day).words for user in
                (editor, reporter, stranger, administrator)}  # fmt: skip
        assert [name for name, words in seen.items() if "青稞開鐮" in words] == ["yinxiaoyan", "admin"]
        assert [name for name, words in seen.items() if "尼瑪的稿" in words] == ["yinxiaoyan", "nima", "admin"]

    def test_can_be_of_one_desk_one_channel_or_mine_alone(self, editor: User, chief: User, desk: Desk):
        other = factories.make_desk()
        Membership.objects.create(user=editor, desk=other, role="editor")
        factories.make_channel()  # of the others
        channel = factories.make_channel()
        stories = {
            "一": factories.make_article(editor, desk=desk, headline="甲稿一"),
            "二": factories.make_article(chief, desk=desk, headline="甲稿二"),
            "三": factories.make_article(editor, desk=other, headline="甲稿三", channel=channel),
        }
        Article.objects.update(due_at=minute(hours=1))
        client = at_the_desk(editor)
        day = {"view": "day", "date": f"{local(minute(hours=1)):%Y-%m-%d}"}

        def shown(**asked: Any) -> str:
            return "".join(re.findall("甲稿(.)", look(client, **day | asked).words))

        assert sorted(shown()) == sorted(stories)
        assert sorted(shown(desk=desk.pk)) == sorted("一二")
        assert shown(channel=channel.pk) == "三"
        assert sorted(shown(mine=1)) == sorted("一三")

    def test_a_schedule_leads_to_where_it_is_moved_and_back(self, editor: User, reporter: User, desk: Desk):
        article = factories.make_article(reporter, desk=desk)
        row = scheduled(article, editor)
        day = {"view": "week", "date": f"{local(row.due_at):%Y-%m-%d}"}
        client = at_the_desk(editor)
        (move,) = look(client, **day).all("a.move")
        page = parse(client.get(move["href"])).one("main")
        assert any(link.startswith(f"{URL}?view=week") for _, link in page.links)
        assert look(at_the_desk(reporter), **day).all("a.move") == []


@on_one_database
def test_it_costs_the_same_whatever_stands_in_it(editor: User, desk: Desk):
    client = at_the_desk(editor)
    counts = []
    for number in range(2):
        for place in range(1 + 5 * number):
            article = factories.make_article(editor, desk=desk, headline=f"第{number}{place}篇")
            scheduled(article, editor, minute(hours=1))
            factories.publish_article(editor, desk=desk)
        client.get(URL)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(URL, {"view": "month"})
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_rail_leads_to_it(editor: User):
    links = parse(at_the_desk(editor).get("/admin/")).one("nav[id=desk-nav]").links
    assert URL in [link for _, link in links]
