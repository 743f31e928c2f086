"""Notices at the desk: the bell, the list, the way to each thing, and what a person chooses for themselves."""

import pytest
from django.test import Client, override_settings

from articles.models import Alert, Article, Membership, User
from articles.publishing import Told, alerts, assign, comment, report_error, send_back, submit
from articles.publishing.rights import roles
from tests import factories
from tests.desk.forms import at_the_desk, open_form, parse

LIST, COUNT, SETTINGS = "/admin/alerts/", "/admin/alerts/count/", "/admin/settings/"


@pytest.fixture
def told(article: Article, editor: User, reporter: User) -> Alert:
    assign(article, by=editor, to=reporter)
    return Alert.objects.get()


def lines(client: Client, query: str = "") -> list[str]:
    return [row.words for row in parse(client.get(LIST + query)).one("main").all(".alerts li")]


class TestTheBell:
    def test_counts_what_was_not_read_on_every_page(self, told: Alert, reporter: User):
        bell = parse(at_the_desk(reporter).get("/admin/")).one("a[class=bell]")
        assert (bell.words, bell.get("href"), bell.get("aria-label")) == ("1", LIST, "1 notice you have not read")

    def test_is_empty_where_nothing_waits(self, told: Alert, editor: User):
        assert parse(at_the_desk(editor).get("/admin/")).one("a[class=bell]").words == ""

    def test_answers_only_what_is_new(self, told: Alert, reporter: User, editor: User, article: Article):
        client = at_the_desk(reporter)
        first = client.get(COUNT)
        assert first.json() == {"count": 1, "shown": "1", "words": "1 notice you have not read"}
        same = client.get(COUNT, headers={"if-none-match": first["ETag"]})
        assert (same.status_code, same.content) == (304, b"")
        alerts.tell(Alert.Kind.OVERDUE, article, [reporter], editor)
        assert client.get(COUNT, headers={"if-none-match": first["ETag"]}).json()["count"] == 2

    def test_costs_one_query_however_many_wait(self, told: Alert, reporter: User, django_assert_num_queries):
        roles(reporter)  # every page reads them, once
        with django_assert_num_queries(1):
            assert alerts.unread(reporter) == 1
        Alert.objects.bulk_create(
            Alert(user=reporter, kind="commented", article=told.article, target=number, at=told.at)
            for number in range(1, 200)
        )
        with django_assert_num_queries(1):
            assert alerts.unread(reporter) == alerts.MOST  # more than the bell shows
        assert at_the_desk(reporter).get(COUNT).json()["shown"] == "99+"

    def test_is_for_those_who_came_in(self, told: Alert):
        for address in (LIST, COUNT, SETTINGS, f"{LIST}{told.pk}/"):
            assert Client().get(address)["Location"].startswith("/admin/login/")


class TestTheList:
    def test_says_what_of_which_story_and_by_whom(self, told: Alert, reporter: User, editor: User):
        (line,) = lines(at_the_desk(reporter))
        for part in ("was assigned to you", told.article.headline, str(editor)):
            assert part in line

    def test_marks_one_or_all_as_read(self, told: Alert, reporter: User, editor: User, article: Article):
        alerts.tell(Alert.Kind.OVERDUE, article, [reporter], editor)
        client = at_the_desk(reporter)
        client.post(LIST, {"read": str(told.pk)})
        assert Alert.objects.get(read_at=None).kind == "overdue"
        client.post(LIST, {"read": "all"})
        assert not Alert.objects.filter(read_at=None).exists()

    @pytest.mark.parametrize("read", ["", "x", "-1", "9" * 30, "\x00", "²"])
    def test_marks_nothing_for_what_is_no_notice(self, read: str, told: Alert, reporter: User):
        assert at_the_desk(reporter).post(LIST, {"read": read}).status_code == 302
        assert Alert.objects.filter(read_at=None).count() == 1

    def test_of_somebody_else_is_neither_seen_nor_marked_nor_opened(self, told: Alert, chief: User):
        client = at_the_desk(chief)
        assert lines(client) == []
        client.post(LIST, {"read": str(told.pk)})
        assert client.get(f"{LIST}{told.pk}/").status_code == 404
        assert Alert.objects.get().read_at is None

    def test_of_a_story_that_one_may_not_see_any_more_is_gone(self, told: Alert, reporter: User):
        Membership.objects.filter(user=reporter).delete()
        client = at_the_desk(reporter)
        assert lines(client) == []
        assert client.get(f"{LIST}{told.pk}/").status_code == 404
        assert client.get(COUNT).json()["count"] == 0

    def test_is_read_on_from_where_one_stands(self, told: Alert, reporter: User):
        Alert.objects.bulk_create(
            Alert(user=reporter, kind="commented", article=told.article, target=number, at=told.at)
            for number in range(1, 70)
        )
        client = at_the_desk(reporter)
        first = lines(client)
        (older,) = [link for _, link in parse(client.get(LIST)).one("main").links if "before=" in link]
        assert (len(first), len(lines(client, older))) == (50, 20)
        assert client.get(f"{LIST}?before=9999999").status_code == 404


class TestOpeningOne:
    def test_leads_to_the_story_and_marks_it_read(self, told: Alert, reporter: User):
        response = at_the_desk(reporter).get(f"{LIST}{told.pk}/")
        assert response["Location"] == f"/admin/articles/article/{told.article_id}/change/"
        assert Alert.objects.get().read_at

    def test_leads_to_the_comment(self, article: Article, editor: User, chief: User):
        made = comment(article, by=chief, text="查一下")
        response = at_the_desk(editor).get(f"{LIST}{Alert.objects.get().pk}/")
        assert response["Location"] == f"/admin/articles/article/{article.pk}/comments/#comment-{made.pk}"

    def test_of_a_returned_story_leads_to_what_is_to_be_done(self, article: Article, editor: User, chief: User):
        submit(article, seen=1, by=editor)
        send_back(article, seen=1, by=chief, text="請補出處。")
        key = Alert.objects.get(kind="returned").pk
        assert "/comments/#comment-" in at_the_desk(editor).get(f"{LIST}{key}/")["Location"]

    def test_leads_to_the_readers_report(self, committed_db: object, published: Article, editor: User, chief: User):
        report = report_error(published, number=1, told=Told(wrong="不對"), sender="10.0.0.1", language="en").report
        assert set(Alert.objects.values_list("user", "kind")) == {(editor.pk, "reported"), (chief.pk, "reported")}
        key = Alert.objects.get(user=editor).pk
        assert (
            at_the_desk(editor).get(f"{LIST}{key}/")["Location"] == f"/admin/articles/errorreport/{report.pk}/change/"
        )


class TestMySettings:
    def test_are_the_language_and_the_letters(self, editor: User):
        form = open_form(at_the_desk(editor), SETTINGS)
        assert form.send("save", language="zh-hans", mail_alerts="on").status_code == 302
        editor.refresh_from_db()
        assert (editor.language, editor.mail_alerts) == ("zh-hans", True)

    def test_change_nothing_else_and_nobody_else(self, editor: User, chief: User):
        form = open_form(at_the_desk(editor), SETTINGS)
        form.send("save", mail_alerts="on", is_superuser="on", email="x@y.example", username="root", pk=str(chief.pk))
        editor.refresh_from_db()
        chief.refresh_from_db()
        assert (editor.is_superuser, editor.email, editor.username) == (False, "", "yinxiaoyan")
        assert not chief.mail_alerts

    @pytest.mark.parametrize(
        ("server", "email", "told"),
        [("", "", "sends no letters yet"), ("mail.example", "", "No e-mail address of yours"),
         ("mail.example", "a@news.example", "Letters go to a@news.example")],
    )  # fmt: skip
    def test_say_where_letters_would_go(self, server: str, email: str, told: str, editor: User):
        User.objects.filter(pk=editor.pk).update(email=email)
        with override_settings(EMAIL_HOST=server):
            page = parse(at_the_desk(User.objects.get(pk=editor.pk)).get(SETTINGS))
        assert told in page.one("main").words

    def test_refuse_a_language_that_the_desk_does_not_speak(self, editor: User):
        form = open_form(at_the_desk(editor), SETTINGS)
        assert form.send("save", language="bo").status_code == 200
        assert factories.PASSWORD not in form.response.content.decode()
