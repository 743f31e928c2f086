"""Times at the desk: scheduling on the page of publishing, moving, cancelling, the embargo, a takedown for later."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from articles.models import Article, Decision, Desk, Edition, Schedule, User
from articles.publishing import agree, propose, run_due, set_embargo
from tests import factories
from tests.desk.forms import Form, at_the_desk, open_form, parse, shown_again
from tests.publishing.test_schedules import ZONE, make_due, minute, scheduled


def path(article: Article, page: str = "publish") -> str:
    return f"/admin/articles/article/{article.pk}/{page}/"


def at(**ahead: float) -> dict[str, Any]:
    local = minute(**ahead).astimezone(ZoneInfo(ZONE))
    return {"date": f"{local:%Y-%m-%d}", "time": f"{local:%H:%M}", "zone": ZONE}


def moment(said: dict[str, Any]) -> datetime:
    local = datetime.fromisoformat(f"{said['date']} {said['time']}")
    return local.replace(tzinfo=ZoneInfo(said["zone"]))


def on_page(said: dict[str, Any]) -> dict[str, Any]:
    return {f"at__{name}": value for name, value in said.items()}


class TestScheduling:
    def test_is_a_second_button_beside_publishing_now(self, editor: User, article: Article):
        form = open_form(at_the_desk(editor), path(article))
        assert form["at-zone"] == ZONE  # the desk's
        said = at(hours=3)
        response = form.send("schedule", **on_page(said))
        assert response["Location"] == path(article)
        row = Schedule.objects.get()
        assert (row.due_at, row.zone, row.by, row.version.number) == (moment(said), ZONE, editor, 1)
        page = parse(form.client.get(path(article))).one("main")
        assert f"{row.due_at.astimezone(ZoneInfo(ZONE)):%Y-%m-%d %H:%M} ({ZONE})" in page.words
        assert not Edition.objects.exists()

    def test_publishing_now_is_as_before(self, editor: User, article: Article):
        open_form(at_the_desk(editor), path(article)).send(**on_page(at(hours=3)))
        assert Edition.objects.count() == 1
        assert not Schedule.objects.exists()

    @pytest.mark.parametrize(("said", "told"), [
        ({"date": "", "time": ""}, "This field is required."),
        ({"date": "2020-01-01", "time": "12:00"}, "This time has passed."),
        ({"date": "2099-01-01", "time": "12:00"}, "more than two years"),
        ({"date": "2027-03-28", "time": "02:30", "zone": "Europe/Berlin"}, "does not exist"),
        ({"date": "2027-10-31", "time": "02:30", "zone": "Europe/Berlin"}, "Say which."),
        ({"date": "2028-01-01", "time": "02:30", "zone": "Europe/Nowhere"}, "is no time zone"),
    ])  # fmt: skip
    def test_says_what_is_wrong_and_keeps_what_was_typed(
        self, said: dict[str, str], told: str, editor: User, article: Article
    ):
        form = open_form(at_the_desk(editor), path(article))
        again = shown_again(form, form.send("schedule", **on_page(said)))
        assert told in again.page.one("main").words
        assert {name: again[f"at-{name}"] for name in said} == said
        assert not Schedule.objects.exists()

    def test_of_a_public_story_takes_its_kind_and_notices(self, editor: User, published: Article):
        factories.change(published, by=editor, headline="改了")
        form = open_form(at_the_desk(editor), path(published))
        refused = shown_again(form, form.send("schedule", **on_page(at(hours=3))))
        assert not Schedule.objects.exists()
        said = on_page(at(hours=3)) | {"kind": "update", "note": "補充產量。"}
        assert refused.send("schedule", **said).status_code == 302
        make_due()
        run_due()
        assert factories.notices(published.editions.get(number=2)) == ["補充產量。"]

    def test_after_something_that_goes_out_before_asks_what_change_it_will_be(self, editor: User, article: Article):
        scheduled(article, editor)
        factories.change(article, by=editor, headline="改了")
        form = open_form(at_the_desk(editor), path(article))
        form.send("schedule", **on_page(at(hours=3)), at__change="update", at__note="新的標題。")
        make_due()
        assert run_due() == 2
        assert factories.notices(article.editions.get(number=2)) == ["新的標題。"]

    def test_is_not_offered_to_who_may_not_publish(self, reporter: User, editor: User, desk: Desk):
        article = factories.make_article(reporter, desk=desk)
        client = at_the_desk(reporter)
        assert "at-date" not in open_form(client, path(article))
        said = {"schedule": "1", "seen": "1", "after": "0"}
        said |= {f"at-{name}": value for name, value in at(hours=1).items()}
        assert client.post(path(article), said).status_code == 200
        assert not Schedule.objects.exists()


class TestTheListOfWhatWaits:
    def test_says_what_became_of_each(self, editor: User, chief: User, published: Article):
        factories.change(published, by=editor, headline="改了")
        scheduled(published, editor, kind="typo")
        factories.withdraw(published, by=chief, second=editor)
        page = parse(at_the_desk(editor).get(path(published))).one("main")
        assert "The story was withdrawn before." in page.words

    def test_says_why_something_failed(self, editor: User, chief: User, article: Article):
        scheduled(article, editor)
        editor.memberships.update(role="reporter")
        make_due()
        run_due()
        page = parse(at_the_desk(chief).get(path(article))).one("main")
        assert "failed" in page.words
        assert Schedule.objects.get().error in page.words


class TestASchedule:
    def open(self, user: User, row: Schedule, came: str = "") -> Form:
        return open_form(at_the_desk(user), f"{path(row.article)[:-8]}schedule/{row.pk}/{came}")

    def test_is_moved(self, editor: User, article: Article):
        row = scheduled(article, editor)
        form = self.open(editor, row)
        local = row.due_at.astimezone(ZoneInfo(ZONE))
        assert (form["date"], form["time"], form["zone"]) == (f"{local:%Y-%m-%d}", f"{local:%H:%M}", ZONE)
        said = at(hours=9)
        assert form.send("move", **said)["Location"] == path(article)
        assert Schedule.objects.get().due_at == moment(said)

    def test_is_cancelled(self, editor: User, article: Article):
        row = scheduled(article, editor)
        self.open(editor, row).send("cancel")
        assert (Schedule.objects.get().state, Schedule.objects.get().closed_by) == ("cancelled", editor)

    def test_leads_back_to_the_calendar_as_it_was(self, editor: User, article: Article):
        row = scheduled(article, editor)
        response = self.open(editor, row, "?from=%3Fview%3Dweek").send("move", **at(hours=9))
        assert response["Location"] == "/admin/calendar/?view=week"

    @pytest.mark.parametrize("came", ["https://evil.example/", "//evil.example/", "/admin/"])
    def test_leads_nowhere_else(self, came: str, editor: User, article: Article):
        row = scheduled(article, editor)
        response = self.open(editor, row, f"?from={came}").send("move", **at(hours=9))
        assert response["Location"] == path(article)

    def test_says_what_is_wrong_and_keeps_what_was_typed(self, editor: User, article: Article):
        form = self.open(editor, scheduled(article, editor))
        again = shown_again(form, form.send("move", date="2020-01-01", time="12:00"))
        assert "This time has passed." in again.page.one("main").words
        assert (again["date"], again["time"]) == ("2020-01-01", "12:00")

    def test_that_is_gone_says_so(self, editor: User, article: Article):
        row = scheduled(article, editor)
        form = self.open(editor, row)
        form.send("cancel")
        assert "does not wait any more" in parse(form.send("cancel")).one("main").words

    def test_of_another_story_is_not_found(self, editor: User, article: Article, published: Article):
        row = scheduled(article, editor)
        client = at_the_desk(editor)
        assert client.get(f"{path(published)[:-8]}schedule/{row.pk}/").status_code == 404

    def test_is_shown_to_a_reporter_without_a_button(self, reporter: User, editor: User, desk: Desk):
        article = factories.make_article(reporter, desk=desk)
        row = scheduled(article, editor)
        page = parse(at_the_desk(reporter).get(f"{path(article)[:-8]}schedule/{row.pk}/")).one("main")
        assert page.none("button[name=move]")
        assert page.none("button[name=cancel]")


class TestTheEmbargo:
    def test_is_set_and_lifted(self, editor: User, article: Article):
        form = open_form(at_the_desk(editor), path(article, "embargo"))
        said = at(hours=5)
        assert form.send("set", **said)["Location"] == path(article)
        article.refresh_from_db()
        assert (article.embargo_until, article.embargo_zone) == (moment(said), ZONE)
        assert "Nothing of it is public before" in parse(form.client.get(path(article))).one("main").words
        form.client.post(path(article, "embargo"), {"lift": "1"})
        article.refresh_from_db()
        assert article.embargo_until is None

    def test_says_what_is_wrong_and_keeps_what_was_typed(self, editor: User, article: Article):
        scheduled(article, editor)
        form = open_form(at_the_desk(editor), path(article, "embargo"))
        said = at(hours=5)
        again = shown_again(form, form.send("set", **said))
        assert "which is before that" in again.page.one("main").words
        assert {name: again[name] for name in said} == said

    def test_of_a_public_story_is_not_asked_for(self, editor: User, published: Article):
        client = at_the_desk(editor)
        page = parse(client.get(path(published, "embargo"))).one("main")
        assert "public already" in page.words
        assert page.none("button[name=set]")
        said = {"set": "1"} | at(hours=5)
        assert "public already" in parse(client.post(path(published, "embargo"), said)).one("main").words

    def test_is_told_where_somebody_publishes_all_the_same(self, editor: User, article: Article):
        set_embargo(article, by=editor, until=minute(hours=2), zone=ZONE)
        form = open_form(at_the_desk(editor), path(article))
        assert "under embargo until" in parse(form.send()).one("main").words
        assert "under embargo until" in parse(form.send("schedule", **on_page(at(hours=1)))).one("main").words
        assert not Edition.objects.exists()


class TestATakedownForLater:
    SAID = {"note": "刊載權到期。", "reason": "合約", "ground": "rights"}

    def test_is_proposed_with_its_time_and_waits_for_it(self, chief: User, editor: User, published: Article):
        form = open_form(at_the_desk(chief), path(published, "propose/takedown"))
        said = at(days=9)
        response = form.send(**self.SAID, **on_page(said))
        decision = Decision.objects.get()
        assert decision.due_at == moment(said)
        client = at_the_desk(editor)
        assert ZONE in parse(client.get(response["Location"])).one("main").words
        client.post(response["Location"], {"agree": "1"})
        assert Schedule.objects.get().decision == decision
        page = parse(client.get(response["Location"])).one("main")
        assert "waits for its time" in page.words
        assert published.editions.count() == 1

    def test_happens_at_once_where_nothing_is_said(self, chief: User, published: Article):
        open_form(at_the_desk(chief), path(published, "propose/takedown")).send(**self.SAID)
        assert Decision.objects.get().due_at is None

    def test_says_what_is_wrong_and_keeps_what_was_typed(self, chief: User, published: Article):
        form = open_form(at_the_desk(chief), path(published, "propose/takedown"))
        again = shown_again(form, form.send(**self.SAID, at__date="2030-01-01"))
        assert "Give the date and the time, or neither." in again.page.one("main").words
        assert (again["note"], again["at-date"]) == (self.SAID["note"], "2030-01-01")
        assert not Decision.objects.exists()

    def test_is_of_no_other_act(self, chief: User, published: Article):
        assert "at-date" not in open_form(at_the_desk(chief), path(published, "propose/retraction"))

    def test_names_what_came_of_it(self, chief: User, editor: User, published: Article):
        terms: dict[str, Any] = {"text": "刊載權到期。", "reason": "合約", "ground": "rights"}
        decision = propose(published, act="takedown", by=chief, due_at=minute(days=9), zone=ZONE, **terms)
        agree(decision, by=editor)
        factories.correct(published, by=editor)
        make_due()
        run_due()
        page = parse(at_the_desk(chief).get(f"/admin/articles/decision/{decision.pk}/change/")).one("main")
        assert "edition 3" in page.words


class TestWhatIsOverdue:
    def banner(self, user: User, page: str = "/admin/") -> str:
        return " ".join(one.words for one in parse(at_the_desk(user).get(page)).all("div.late-banner"))

    @pytest.mark.parametrize("page", ["/admin/", "/admin/articles/article/", "/admin/calendar/"])
    def test_stands_on_every_page_for_who_may_publish_there(
        self, page: str, editor: User, reporter: User, stranger: User, administrator: User, article: Article
    ):
        scheduled(article, editor)
        make_due(ago=timedelta(seconds=20))
        assert self.banner(editor, page) == ""
        make_due(ago=timedelta(seconds=62))
        assert "青稞開鐮" in self.banner(editor, page)
        assert "青稞開鐮" in self.banner(administrator, page)
        assert self.banner(reporter, page) == self.banner(stranger, page) == ""

    def test_is_told_by_the_health_page(self, editor: User, article: Article, client: Client):
        scheduled(article, editor)
        assert client.get("/health/ready/").json()["schedules_overdue"] is False
        make_due(ago=timedelta(seconds=62))
        answer = client.get("/health/ready/")
        assert (answer.status_code, answer.json()["schedules_overdue"]) == (200, True)


def test_a_schedule_can_name_a_time_in_any_zone(editor: User, article: Article):
    due = minute(days=3)
    local = due.astimezone(ZoneInfo("America/New_York"))
    form = open_form(at_the_desk(editor), path(article))
    said = {"date": f"{local:%Y-%m-%d}", "time": f"{local:%H:%M}", "zone": "America/New_York"}
    form.send("schedule", **on_page(said))
    assert (Schedule.objects.get().due_at, Schedule.objects.get().zone) == (due, "America/New_York")
