"""The steps of a story in its form: the buttons that each stage offers, pressed with and without a changed text."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from articles.models import Alert, Article, Desk, DraftVersion, Event, User
from articles.publishing import approve, assign, spike, submit
from articles.publishing.clock import database_now
from tests import factories
from tests.desk.forms import Form, at_the_desk, open_form, parse, shown_again
from tests.harness.once import on_postgresql
from tests.publishing.desk_steps import Stage, anew, story

NEW = "/admin/articles/article/add/"


def path(article: Article) -> str:
    return f"/admin/articles/article/{article.pk}/change/"


def form_of(user: User, article: Article) -> Form:
    return open_form(at_the_desk(user), path(article), "article_form")


def offered(form: Form) -> dict[str, bool]:
    """The steps that the form offers, and whether each is the strong one."""
    found = {}
    for button in [*form.part.all("button"), *form.part.all("input[type=submit]")]:
        name = button.get("value") if button.get("name") == "_step" else button.get("name")
        if button.get("name") in {"_step", "_publish"}:
            found[name or ""] = "default" in (button.get("class") or "")
    return found


def press(form: Form, step: str, /, **changes: Any) -> Any:
    return form.send("_sent", _step=step, **changes)


def said(client: Client) -> str:
    return parse(client.get("/admin/")).one(".messagelist").words


@on_postgresql
class TestTheOneStrongButton:
    @pytest.mark.parametrize(
        ("rule", "who", "stage", "strong"),
        [
            ("none", "reporter", Stage.DRAFT, "submit"),
            ("none", "editor", Stage.DRAFT, "_publish"),
            ("first", "chief", Stage.DRAFT, "submit"),
            ("none", "reporter", Stage.REVIEW, None),
            ("first", "chief", Stage.REVIEW, "approve"),
            ("none", "chief", Stage.REVIEW, "_publish"),
            ("first", "chief", Stage.APPROVED, "_publish"),
            ("none", "reporter", Stage.SPIKED, "restore"),
            ("none", "editor", Stage.CHANGED, "_publish"),
            ("every", "editor", Stage.CHANGED, "submit"),
        ],
    )
    def test_is_the_next_step(self, rule: str, who: str, stage: Stage, strong: str | None, reporter: User,
                              administrator: User, desk: Desk, request: pytest.FixtureRequest):  # fmt: skip
        article = story(stage, by=reporter, second=administrator, desk=desk)
        Desk.objects.update(approval=rule)
        steps = offered(form_of(request.getfixturevalue(who), article))
        assert [step for step, is_strong in steps.items() if is_strong] == ([strong] if strong else [])

    def test_of_a_new_story_follows_from_the_role(self, reporter: User, editor: User):
        assert offered(open_form(at_the_desk(reporter), NEW, "article_form")) == {"submit": True}
        steps = offered(open_form(at_the_desk(editor), NEW, "article_form"))
        assert steps == {"submit": False, "_publish": True}

    def test_is_never_offered_for_what_would_be_refused(self, desk: Desk, editor: User, reporter: User):
        article = story(Stage.REVIEW, by=reporter, second=editor, desk=desk)
        assert set(offered(form_of(reporter, article))) == {"take-back", "spike"}


class TestPressingAStep:
    def test_alone_makes_no_new_version(self, article: Article, editor: User):
        response = press(form_of(editor, article), "submit")
        assert response["Location"] == path(article)
        after = anew(article)
        assert (after.stage, after.version, after.submitted_by) == (Stage.REVIEW, 1, editor)

    def test_saves_what_was_typed_first_and_steps_with_it(self, article: Article, editor: User):
        press(form_of(editor, article), "submit", headline="改了一字")
        after = anew(article)
        assert (after.stage, after.version, after.headline) == (Stage.REVIEW, 2, "改了一字")

    def test_of_a_new_story_begins_it_and_hands_it_in(self, reporter: User):
        press(open_form(at_the_desk(reporter), NEW, "article_form"), "submit", headline="新稿", body="<p>正文</p>")
        assert Article.objects.get().stage == Stage.REVIEW

    def test_is_not_taken_where_the_text_cannot_be_saved(self, article: Article, editor: User):
        form = form_of(editor, article)
        again = shown_again(form, press(form, "submit", headline=" ", standfirst="留著"))
        assert again["standfirst"] == "留著"
        assert anew(article).stage == Stage.DRAFT

    def test_is_not_taken_of_what_somebody_else_has_changed(self, article: Article, editor: User, chief: User):
        form = form_of(chief, story_in_review(article, editor))
        factories.change(article, by=editor, headline="改了一字")
        press(form, "approve")
        assert (anew(article).stage, anew(article).headline) == (Stage.REVIEW, "改了一字")

    def test_that_is_refused_leaves_the_text_saved_and_says_why(self, article: Article, editor: User):
        form = form_of(editor, article)
        Desk.objects.update(approval="first")
        submit(article, seen=1, by=editor)
        press(form, "approve", headline="改了一字")
        assert (anew(article).stage, anew(article).headline) == (Stage.REVIEW, "改了一字")
        assert "somebody else approves it" in said(form.client)

    def test_approves_what_stands_there(self, article: Article, editor: User, chief: User):
        press(form_of(chief, story_in_review(article, editor)), "approve")
        assert (anew(article).stage, anew(article).approved_version) == (Stage.APPROVED, 1)

    def test_sends_back_with_the_comment(self, article: Article, editor: User, chief: User):
        press(form_of(chief, story_in_review(article, editor)), "send-back", _text="請補出處。")
        assert anew(article).stage == Stage.DRAFT
        assert article.comments.get().text == "請補出處。"

    def test_sends_nothing_back_without_one(self, article: Article, editor: User, chief: User):
        form = form_of(chief, story_in_review(article, editor))
        press(form, "send-back", _text=" ")
        assert anew(article).stage == Stage.REVIEW
        assert "Write the comment first" in said(form.client)

    @pytest.mark.parametrize("step", ["nonsense", "", "\x00", "publish"])
    def test_that_is_none_changes_nothing(self, step: str, article: Article, editor: User):
        press(form_of(editor, article), step)
        assert (anew(article).stage, anew(article).version) == (Stage.DRAFT, 1)


def story_in_review(article: Article, by: User) -> Article:
    return submit(article, seen=1, by=by)


class TestTheSpike:
    def test_has_a_way_back_right_beside_it(self, article: Article, editor: User):
        form = form_of(editor, article)
        press(form, "spike")
        page = parse(form.client.get(path(article)))
        (undo,) = [one for one in page.all("form") if one.get("class") == "undo"]
        assert undo.get("action") == f"/admin/articles/article/{article.pk}/step/"
        client = Client(enforce_csrf_checks=True)
        client.cookies = form.client.cookies
        token = undo.one("input[name=csrfmiddlewaretoken]")["value"]
        client.post(undo["action"], {"_step": "restore", "csrfmiddlewaretoken": token})
        assert anew(article).stage == Stage.DRAFT

    def test_keeps_what_somebody_was_typing_meanwhile_on_the_page(self, article: Article, editor: User, chief: User):
        form = form_of(editor, article)
        spike(article, seen=1, by=chief)
        again = shown_again(form, form.send("_continue", headline="我正在寫"))
        assert again["headline"].strip() == "我正在寫"
        assert "Restore it first" in again.page.one("main").words
        assert anew(article).headline == "青稞開鐮"

    def test_is_left_by_the_strong_button_of_the_form(self, article: Article, editor: User, chief: User):
        spike(article, seen=1, by=chief)
        press(form_of(editor, article), "restore")
        assert anew(article).stage == Stage.DRAFT


class TestAStepByItself:
    def test_needs_the_version_that_was_seen(self, article: Article, editor: User):
        client = at_the_desk(editor)
        for seen in ("", "7", "-1", "x", "9" * 30):
            client.post(f"/admin/articles/article/{article.pk}/step/", {"_step": "submit", "_seen": seen})
            assert anew(article).stage == Stage.DRAFT
        client.post(f"/admin/articles/article/{article.pk}/step/", {"_step": "submit", "_seen": "1"})
        assert anew(article).stage == Stage.REVIEW

    def test_is_not_for_a_look(self, article: Article, editor: User):
        assert at_the_desk(editor).get(f"/admin/articles/article/{article.pk}/step/").status_code == 404


@on_postgresql
class TestTheHandsItIsIn:
    def test_are_chosen_in_the_form_and_make_no_version(self, article: Article, editor: User, reporter: User):
        form = form_of(editor, article)
        response = press(form, "submit", assignee=str(reporter.pk), due_at="2031-05-01T10:30")
        assert response.status_code == 302
        after = anew(article)
        assert (after.assignee, after.version) == (reporter, 1)
        assert after.due_at
        assert f"{after.due_at.astimezone(article.desk.zone):%Y-%m-%d %H:%M}" == "2031-05-01 10:30"
        assert Alert.objects.filter(user=reporter, kind="assigned").exists()

    def test_are_shown_in_the_zone_of_the_desk(self, article: Article, editor: User, desk: Desk):
        Desk.objects.update(time_zone="Asia/Kathmandu")
        form_of(editor, article).send("_continue", due_at="2031-05-01T10:30")
        assert form_of(editor, article)["due_at"] == "2031-05-01T10:30"
        due = anew(article).due_at
        assert due
        assert f"{due:%H:%M}" == "04:45"

    def test_that_somebody_else_chose_meanwhile_stay(self, article: Article, editor: User, chief: User):
        form = form_of(editor, article)
        assign(article, by=chief, to=chief, due=None)
        form.send("_continue", headline="改了一字")
        assert (anew(article).headline, anew(article).assignee) == ("改了一字", chief)

    @pytest.mark.parametrize("due", ["x", "0001-01-01T00:00", "9999-12-31T23:59", "2031-02-30T10:00", "\x00"])
    def test_that_name_no_time_are_an_error_at_the_field(self, due: str, article: Article, editor: User):
        form = form_of(editor, article)
        assert shown_again(form, form.send("_continue", due_at=due)).errors("due_at")
        assert anew(article).due_at is None

    @pytest.mark.parametrize("hour", [5, 6])  # both are shown as 01:30
    def test_that_the_clocks_show_twice_stay_as_they_stand(self, hour: int, article: Article, editor: User):
        Desk.objects.update(time_zone="America/New_York")
        due = datetime(2031, 11, 2, hour, 30, tzinfo=UTC)
        assign(article, by=editor, to=None, due=due)
        form = form_of(editor, article)
        assert form["due_at"] == "2031-11-02T01:30"
        form.send("_continue", headline="改了一字")
        assert (anew(article).headline, anew(article).due_at) == ("改了一字", due)

    def test_that_were_opened_in_another_zone_stay_as_they_stand(self, article: Article, editor: User, desk: Desk):
        due = datetime(2031, 3, 8, 18, 30, tzinfo=UTC)  # 02:30 in Shanghai, a time that New York skips that night
        assign(article, by=editor, to=None, due=due)
        form = form_of(editor, article)
        assert form["due_at"] == "2031-03-09T02:30"
        Desk.objects.update(time_zone="America/New_York")
        form.send("_continue", headline="改了一字")
        assert (anew(article).headline, anew(article).due_at) == ("改了一字", due)

    @pytest.mark.parametrize("typed", ["2031-11-02T01:30", "2031-03-09T02:30"])
    def test_that_are_typed_anew_must_be_one_time(self, typed: str, article: Article, editor: User, desk: Desk):
        Desk.objects.update(time_zone="America/New_York")
        form = form_of(editor, article)
        again = shown_again(form, form.send("_continue", due_at=typed, headline="改了一字"))
        assert "The clocks are changed that night" in again.errors("due_at")
        assert (again["due_at"], again["headline"]) == (typed, "改了一字")
        assert anew(article).due_at is None

    @pytest.mark.parametrize("who", ["stranger", "administrator"])
    def test_are_those_of_the_desk(self, who: str, article: Article, editor: User, request: pytest.FixtureRequest):
        form, other = form_of(editor, article), request.getfixturevalue(who)
        assert str(other.pk) not in form.choices("assignee")
        assert shown_again(form, form.send("_continue", assignee=str(other.pk))).errors("assignee")

    def test_of_a_new_story_may_be_chosen_at_once(self, editor: User, chief: User):
        form = open_form(at_the_desk(editor), NEW, "article_form")
        form.send("_continue", headline="新稿", assignee=str(chief.pk))
        assert Article.objects.get().assignee == chief

    def test_may_take_it_out_of_ones_own_sight(self, article: Article, editor: User, reporter: User):
        assign(article, by=editor, to=reporter)
        response = form_of(reporter, article).send("_continue", assignee=str(editor.pk))
        assert response["Location"] == "/admin/articles/article/"


@on_postgresql
class TestAStoryThatNeverWasPublic:
    @pytest.mark.parametrize("stage", [Stage.DRAFT, Stage.REVIEW, Stage.APPROVED])
    def test_has_no_link_to_a_public_page(self, stage: Stage, editor: User, chief: User, desk: Desk):
        article = story(stage, by=editor, second=chief, desk=desk)
        links = {link for _, link in parse(at_the_desk(editor).get(path(article))).one("main").links}
        assert f"/a/{article.code}/" not in links

    def test_has_one_once_it_is(self, published: Article, editor: User, chief: User):
        factories.change(published, by=editor, headline="改了一字")
        submit(published, seen=2, by=editor)
        approve(published, seen=2, by=chief)
        links = {link for _, link in parse(at_the_desk(editor).get(path(published))).one("main").links}
        assert f"/a/{published.code}/" in links


def test_everything_that_was_decided_is_in_the_trail_with_where_it_came_from(
    article: Article, editor: User, chief: User
):
    press(form_of(editor, article), "submit")
    press(form_of(chief, article), "send-back", _text="請補出處。")
    press(form_of(editor, article), "spike")
    found = Event.objects.filter(article=article).exclude(verb="begun").order_by("pk")
    assert list(found.values_list("verb", "by", "before", "after", "door", "address")) == [
        ("submitted", editor.pk, "draft", "review", "desk", "127.0.0.1"),
        ("returned", chief.pk, "review", "draft", "desk", "127.0.0.1"),
        ("spiked", editor.pk, "draft", "spiked", "desk", "127.0.0.1"),
    ]
    assert DraftVersion.objects.filter(article=article).count() == 1
    assert database_now() >= found[0].at
