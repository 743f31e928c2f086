"""The first page of the desk: today on a line, what waits for me, corrections of this month."""

from datetime import UTC, datetime, timedelta

from articles.desk.today import HOUR, Day, Entry, _place, today
from articles.models import Article, Desk, Schedule, User
from articles.publishing.clock import database_now
from tests import factories
from tests.desk.forms import at_the_desk, parse
from tests.harness.once import on_one_database


def words_of(user: User, part: str) -> str:
    found = parse(at_the_desk(user).get("/admin/")).all(f"section[aria-labelledby={part}]")
    return found[0].words if found else ""


def put(article: Article, **values: object) -> None:
    Article.objects.filter(pk=article.pk).update(**values)


class TestToReview:
    def test_stands_what_was_submitted_to_ones_desk(
        self, article: Article, editor: User, reporter: User, stranger: User
    ):
        put(article, stage="review", submitted_by=reporter)
        assert "青稞開鐮" in words_of(editor, "review")
        assert words_of(stranger, "review") == words_of(reporter, "review") == ""

    def test_stands_nothing_of_ones_own(self, article: Article, editor: User):
        put(article, stage="review", submitted_by=editor)
        assert words_of(editor, "review") == ""


class TestDue:
    def test_stands_what_is_due_soon_and_what_is_late(self, article: Article, editor: User):
        put(article, due_at=database_now() + timedelta(hours=1))
        assert "青稞開鐮" in words_of(editor, "due")
        assert "overdue" not in words_of(editor, "due")
        put(article, due_at=database_now() - timedelta(minutes=1))
        assert "overdue" in words_of(editor, "due")

    def test_stands_nothing_that_a_colleague_has(self, article: Article, editor: User, chief: User):
        put(article, due_at=database_now(), assignee=chief)
        assert words_of(editor, "due") == ""
        assert "青稞開鐮" in words_of(chief, "due")


class TestToday:
    def test_shows_what_is_scheduled_with_its_time(self, article: Article, editor: User, desk: Desk, stranger: User):
        at = database_now().replace(second=0, microsecond=0)
        Schedule.objects.create(
            article=article, desk=desk, act="publish", due_at=at, try_at=at, zone="Asia/Shanghai", at=at, by=editor,
            version=article.versions.get(),
        )  # fmt: skip
        told = words_of(editor, "today")
        assert f"{at.astimezone(desk.zone):%H:%M}" in told
        assert "青稞開鐮" in told
        assert "scheduled" in told
        assert "青稞開鐮" not in words_of(stranger, "today")

    def test_shows_embargoes_that_end_what_is_due_and_what_went_out(
        self, article: Article, published: Article, editor: User
    ):
        put(article, embargo_until=database_now(), embargo_zone="Asia/Shanghai", due_at=database_now())
        told = words_of(editor, "today")
        assert "embargo ends" in told
        assert "due" in told
        assert "published" in told

    def test_is_the_day_of_ones_desk(self, article: Article, editor: User, desk: Desk):
        Desk.objects.filter(pk=desk.pk).update(time_zone="Pacific/Kiritimati")
        day = today(User.objects.get(pk=editor.pk))
        assert day.zone == "Pacific/Kiritimati"
        assert day.date.utcoffset() == timedelta(hours=14)

    def test_says_so_where_nothing_happens(self, editor: User):
        assert "Nothing is scheduled" in words_of(editor, "today")


class TestTheLine:
    def entries(self, *hours: float) -> Day:
        start = datetime(2026, 11, 27, tzinfo=UTC)
        times = [start + timedelta(hours=hour) for hour in hours]
        made = [Entry(at, "done", "", "一二三四五六七八九十", "zh-Hant", "") for at in times]
        day = Day(start, "UTC", 0, made)
        _place(day)
        return day

    def test_gives_every_entry_its_place_in_the_day(self):
        assert [entry.x for entry in self.entries(0, 6, 12.5).entries] == [0, 6 * HOUR, 12.5 * HOUR]

    def test_lays_labels_that_would_touch_below_each_other(self):
        assert [entry.row for entry in self.entries(6, 6.1, 6.2, 14).entries] == [0, 1, 2, 0]

    def test_turns_a_label_round_at_the_end_of_the_day(self):
        early, late = self.entries(1, 23.5).entries
        assert (early.before, late.before) == (False, True)

    def test_leaves_to_the_list_what_has_no_room(self):
        assert [bool(entry.label) for entry in self.entries(*[8] * 8).entries] == [True] * 6 + [False] * 2


def test_corrections_of_this_month_are_drawn_and_named(published: Article, editor: User, stranger: User):
    assert words_of(editor, "corrections") == ""
    factories.correct(published, by=editor)
    response = at_the_desk(editor).get("/admin/")
    told = parse(response).one("section[aria-labelledby=corrections]")
    assert told.one("h2 small").words == "1"
    assert response.content.count(b'class="bar') == 6
    assert "青稞開鐮" in told.words
    assert words_of(stranger, "corrections") == ""


@on_one_database
def test_costs_as_many_queries_with_many_desks_and_stories_as_with_few(editor: User, desk: Desk):
    def queries() -> int:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        client = at_the_desk(User.objects.get(pk=editor.pk))
        client.get("/admin/")
        with CaptureQueriesContext(connection) as seen:
            client.get("/admin/")
        return len(seen)

    def more(count: int) -> None:
        for _ in range(count):
            other = factories.make_desk()
            factories.make_user(role="editor", desk=other)
            factories.Membership.objects.create(user=editor, desk=other, role="editor")
            by = User.objects.get(pk=editor.pk)
            put(factories.make_article(by, desk=other), due_at=database_now(), stage="review")
            factories.correct(factories.publish_article(by, desk=other), by=by)

    more(2)
    few = queries()
    more(4)
    assert queries() == few
