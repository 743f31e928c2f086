"""The story form saves itself through the same verb as everybody, tells who is here, and eats no text."""

import html
import itertools
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from articles.desk.sessions import IDLE
from articles.models import Article, Desk, Presence, User
from articles.publishing import presence
from tests import factories
from tests.conftest import Case, Size
from tests.desk.forms import Form, at_the_desk, open_form, parse
from tests.harness.once import on_postgresql

NEW = "/admin/articles/article/add/"
OURS = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def at_desk(editor: User) -> Client:
    return at_the_desk(editor)


@pytest.fixture
def form(at_desk: Client, article: Article) -> Form:
    return open_form(at_desk, f"/admin/articles/article/{article.pk}/change/", "article_form")


def autosave(form: Form, number: int = 0, **changes: Any) -> Any:
    path = f"/admin/articles/article/{number}/autosave/" if number else "/admin/articles/article/autosave/"
    values = {name: value for name, value in (form.values | {"tab": "a"} | changes).items() if value is not None}
    return form.client.post(path, values, headers={"Accept": "application/json"})


class TestSaving:
    def test_is_not_held_by_a_due_time_that_the_clocks_show_twice(self, at_desk: Client, article: Article, desk: Desk):
        Desk.objects.update(time_zone="America/New_York")
        due = datetime(2031, 11, 2, 6, 30, tzinfo=UTC)
        Article.objects.update(due_at=due)
        form = open_form(at_desk, f"/admin/articles/article/{article.pk}/change/", "article_form")
        assert autosave(form, article.pk, headline="青稞今天開鐮").json()["version"] == 2
        assert Article.objects.get().due_at == due

    def test_makes_a_version_of_what_is_typed(self, form: Form, article: Article, editor: User):
        response = autosave(form, article.pk, headline="青稞今天開鐮", tags="青稞, 收成")
        assert response.status_code == 200
        answer = response.json()
        assert (answer["version"], answer["holds"]) == (2, True)
        assert "<time" in answer["saved"]
        article.refresh_from_db()
        assert (article.headline, article.version, article.changed_by) == ("青稞今天開鐮", 2, editor)
        assert article.versions.first().how == "autosaved"
        again = autosave(form, article.pk, seen=2, headline="青稞昨天開鐮", tags="青稞, 收成")
        assert again.json()["version"] == 3
        assert article.credits.count() == 1  # the rows that the page knew are gone, and are rows all the same

    def test_of_what_stands_already_makes_none(self, form: Form, article: Article):
        assert autosave(form, article.pk).json()["version"] == 1
        assert article.versions.count() == 1

    def test_by_hand_counts_as_that_and_hands_the_story_over(self, form: Form, article: Article, chief: User):
        autosave(form, article.pk, headline="青稞昨天開鐮")
        answer = autosave(form, article.pk, seen=2, headline="青稞昨天開鐮", how="saved", assignee=chief.pk).json()
        assert (answer["version"], answer["told"].startswith("Saved at")) == (3, True)
        article.refresh_from_db()
        assert article.assignee == chief
        assert [one.how for one in article.versions.all()[:2]] == ["saved", "autosaved"]
        again = autosave(form, article.pk, seen=3, headline="青稞昨天開鐮", how="saved", assignee=chief.pk)
        assert again.json()["version"] == 3

    def test_over_somebody_elses_text_is_refused_and_says_whose(self, form: Form, article: Article, chief: User):
        factories.change(article, by=chief, headline="她的標題")
        response = autosave(form, article.pk, headline="我的標題")
        assert response.status_code == 409
        assert "dazhen has saved this story at" in response.json()["stale"]
        article.refresh_from_db()
        assert (article.headline, article.version) == ("她的標題", 2)

    @on_postgresql
    @pytest.mark.parametrize("seen", [None, "", "0", "1", "3", "-2", "99999999999999999999", "two", "2 ", "２", "\x00"])
    def test_takes_no_other_version_than_the_one_that_stands(
        self, seen: str | None, form: Form, article: Article, editor: User
    ):
        factories.change(article, by=editor, headline="第二版")
        assert autosave(form, article.pk, seen=seen, headline="繞過去").status_code == 409
        article.refresh_from_db()
        assert (article.headline, article.version) == ("第二版", 2)

    def test_says_what_is_wrong_by_field_and_changes_nothing(self, form: Form, article: Article):
        response = autosave(form, article.pk, headline=" ", tags="，".join("甲乙丙丁戊己庚辛壬癸子丑寅"))
        assert response.status_code == 422
        assert set(response.json()["errors"]) == {"headline", "tags"}
        article.refresh_from_db()
        assert article.version == 1

    @on_postgresql
    def test_never_fails_of_what_it_is_sent(self, case: Case, form: Form, article: Article):
        broken = "\ud800".encode("utf-8", "surrogatepass").decode("latin-1")
        names = ["headline", "body", "tags", "desk", "channel", "credits-0-person", "begun"]
        for name, value in itertools.product(names, ("\x00", broken, "9" * 30, "-1", "<script>")):
            with case(name=name, value=value):
                assert autosave(form, article.pk, **{name: value}).status_code in {200, 422}

    def test_of_a_spiked_story_says_so(self, form: Form, article: Article):
        Article.objects.filter(pk=article.pk).update(stage="spiked")
        response = autosave(form, article.pk, headline="別的")
        assert (response.status_code, "spiked" in response.json()["refused"]) == (409, True)


class TestANewStory:
    @pytest.fixture
    def blank(self, at_desk: Client, desk: Desk) -> Form:
        return open_form(at_desk, NEW, "article_form")

    def test_is_begun_by_its_first_save_and_only_once(self, blank: Form):
        answer = autosave(blank, headline="青稞", body="<p>一</p>").json()
        assert answer["version"] == 1
        article = Article.objects.get()
        assert answer["address"] == f"/admin/articles/article/{article.pk}/change/"
        assert answer["autosave"] == f"/admin/articles/article/{article.pk}/autosave/"
        assert autosave(blank, headline="青稞", body="<p>一，二</p>").json()["version"] == 2
        assert Article.objects.count() == 1

    def test_needs_a_headline(self, blank: Form):
        assert "headline" in autosave(blank, body="<p>一</p>").json()["errors"]
        assert not Article.objects.exists()

    def test_is_one_also_where_the_form_is_sent_twice(self, blank: Form):
        for _ in range(2):
            assert blank.send("_continue", headline="青稞").status_code == 302
        assert Article.objects.count() == 1

    def test_form_that_is_sent_again_later_overwrites_nobody(self, blank: Form, chief: User):
        blank.send("_continue", headline="青稞")
        factories.change(Article.objects.get(), by=chief, headline="她的標題")
        again = parse(blank.send("_continue", headline="回到從前"))
        assert "Somebody has saved this story" in again.one("main").words
        article = Article.objects.get()
        assert (article.headline, article.version) == ("她的標題", 2)

    def test_key_of_somebody_else_is_no_way_to_their_story(self, blank: Form, chief: User):
        blank.send("_continue", headline="青稞")
        other = at_the_desk(chief)
        other.post(NEW, blank.values | {"headline": "別人的", "_continue": "1"})
        assert Article.objects.get(begun_key=blank["begun"]).headline == "青稞"


class TestWhoIsHere:
    def beat(self, client: Client, article: Article, **values: Any) -> Any:
        path = f"/admin/articles/article/{article.pk}/here/"
        return client.post(path, {"tab": "b", "seen": article.version} | values).json()

    def test_is_told_by_name_and_the_second_does_not_save(self, form: Form, article: Article, chief: User):
        autosave(form, article.pk)
        told = self.beat(at_the_desk(chief), article)
        assert not told["holds"]
        assert "yinxiaoyan is writing here since" in told["who"]
        assert "take-over" in told["who"]
        theirs = Form(at_the_desk(chief), form.path, at_the_desk(chief).get(form.path), "article_form")
        answer = autosave(theirs, article.pk, tab="b", headline="另一個窗口")
        assert answer.json()["paused"]
        article.refresh_from_db()
        assert article.version == 1

    def test_who_is_taken_over_is_told_at_the_next_sign_of_life(
        self, form: Form, at_desk: Client, article: Article, chief: User
    ):
        autosave(form, article.pk)
        assert self.beat(at_the_desk(chief), article, act="take-over")["holds"]
        told = self.beat(at_desk, article, tab="a")
        assert "dazhen has taken the writing over" in html.unescape(told["who"])
        assert autosave(form, article.pk, headline="我的").json()["paused"]

    def test_is_in_the_page_for_those_without_a_script(self, form: Form, article: Article, chief: User):
        presence.here(article, by=chief, tab="x")
        page = parse(form.client.get(form.path))
        assert "dazhen is writing here since" in page.one("[id=who-is-here]").words

    def test_a_closed_window_is_gone(self, at_desk: Client, article: Article):
        self.beat(at_desk, article)
        at_desk.post(f"/admin/articles/article/{article.pk}/here/", {"tab": "b", "act": "leave"})
        assert not Presence.objects.exists()

    def test_a_save_by_somebody_is_told(self, at_desk: Client, article: Article, chief: User):
        assert "stale" not in self.beat(at_desk, article)
        factories.change(article, by=chief, headline="她的標題")
        assert "dazhen has saved this story" in self.beat(at_desk, article)["stale"]


class TestAFormThatComesTooLate:
    """Its page gives the text back, and a way to send it again."""

    TEXT = "<p>寫了一下午的文字。</p>"

    def resend(self, client: Client, response: Any) -> Any:
        """Press the button of the page that holds the text."""
        page = Form(client, "", response, "kept-form")
        return client.post(page.part["action"], page.values, headers=OURS)

    def test_after_logging_out_in_another_window_it_is_all_there(self, editor: User, article: Article, size: Size):
        client = at_the_desk(editor, enforce_csrf_checks=True)
        path = reverse("admin:articles_article_change", args=[article.pk])
        for number in range(size(small=5, full=50)):
            form = open_form(client, path, "article_form")
            typed = {"body": f"<p>第{number}次寫的文字。</p>", "headline": f"標題{number}"}
            Session.objects.all().delete()
            kept = client.post(path, form.values | typed | {"_continue": "1"}, headers=OURS)
            assert kept.status_code == 403
            assert f"第{number}次寫的文字。" in html.unescape(kept.content.decode())
            client.force_login(editor)
            assert self.resend(client, kept).status_code == 302
            article.refresh_from_db()
            assert (article.body, article.headline) == (typed["body"], typed["headline"])

    def test_after_logging_in_anew_too(self, editor: User, article: Article):
        client = at_the_desk(editor, enforce_csrf_checks=True)
        form = open_form(client, reverse("admin:articles_article_change", args=[article.pk]), "article_form")
        client.post("/admin/login/", {})  # as in another window
        client.cookies["csrf"] = "b" * 32
        kept = form.send("_continue", body=self.TEXT)
        assert kept.status_code == 403
        assert self.TEXT not in html.unescape(kept.content.decode())  # whoever sent it did not say that it was we
        values = form.values | {"body": self.TEXT, "_continue": "1"}
        kept = client.post(form.path, values, headers=OURS)
        assert kept.status_code == 403
        assert self.TEXT in html.unescape(kept.content.decode())
        assert self.resend(client, kept).status_code == 302
        article.refresh_from_db()
        assert article.body == self.TEXT

    def test_where_a_second_factor_is_demanded_meanwhile_too(self, form: Form, article: Article, desk: Desk):
        desk.demands_second_factor = True
        desk.save()
        kept = form.client.post(form.path, form.values | {"body": self.TEXT, "_continue": "1"}, headers=OURS)
        assert kept.status_code == 403
        assert self.TEXT in html.unescape(kept.content.decode())
        assert "/second-factor/" in kept.content.decode()

    def test_an_open_window_alone_keeps_no_session_alive(self, form: Form, article: Article):
        rested = form.client.session
        rested["seen"] -= IDLE - 60
        rested.save()
        form.client.post(f"/admin/articles/article/{article.pk}/here/", {"tab": "a"})
        assert form.client.session["seen"] == rested["seen"]
        autosave(form, article.pk, headline="還在寫")
        assert form.client.session["seen"] > rested["seen"]

    def test_what_another_site_sends_is_not_prepared_for_anybody(self, article: Article):
        path = reverse("admin:articles_article_change", args=[article.pk])
        for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {}):
            response = Client().post(path, {"headline": "假的標題"}, headers=headers)
            assert response.status_code == 302
            assert "假的標題" not in response.content.decode()

    def test_no_password_is_ever_given_back(self, article: Article):
        path = reverse("admin:articles_user_add")
        values = {"username": "somebody", "password": "hunter2-hunter2-hunter2", "otp": "123456"}
        page = Client().post(path, values, headers=OURS).content.decode()
        assert "somebody" in page
        assert "hunter2" not in page

    def test_a_script_is_told_in_one_word(self, form: Form, article: Article):
        Session.objects.all().delete()
        response = autosave(form, article.pk, headline="別的")
        assert (response.status_code, response.json()) == (401, {"ended": True, "forged": False})
