"""The story form: what is typed is saved as typed, or nothing is saved and what was typed stays on the page."""

import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.desk import article_admin
from articles.models import MAX_BODY, Article, Credit, Desk, Membership, Person, Publication, User
from articles.publishing import approve, save_draft, submit
from tests import factories
from tests.conftest import Case
from tests.desk.forms import Form, at_the_desk, open_form, shown_again
from tests.harness.once import on_postgresql
from tests.publishing.test_schedules import scheduled

NEW = "/admin/articles/article/add/"


def change_path(article: Article) -> str:
    return reverse("admin:articles_article_change", args=[article.pk])


def story_form(client: Client, article: Article) -> Form:
    return open_form(client, change_path(article), "article_form")


@pytest.fixture
def at_desk(editor: User) -> Client:
    return at_the_desk(editor)


@pytest.fixture
def form(at_desk: Client, article: Article) -> Form:
    return story_form(at_desk, article)


@pytest.fixture
def people(desk: Desk) -> list[Person]:
    return [factories.make_person(name) for name in ("達珍", "殷小燕", "尼瑪")]


def credits(*rows: tuple[Person, str, object]) -> dict[str, Any]:
    """Person, role and order of each row, as the form names them."""
    values: dict[str, Any] = {"credits__TOTAL_FORMS": len(rows)}
    for place, (person, role, order) in enumerate(rows):
        values |= {
            f"credits__{place}__person": person.pk,
            f"credits__{place}__role": role,
            f"credits__{place}__order": order,
        }
    return values


def names_on(article: Article) -> list[tuple[str, str]]:
    return list(article.credits.values_list("person__name", "role"))


class TestWriting:
    def test_a_new_story_is_saved_as_typed(self, at_desk: Client, editor: User, desk: Desk, people: list[Person]):
        channel, source, topic = factories.make_channel(), factories.make_source(), factories.make_topic()
        picture = factories.make_picture(editor)
        response = open_form(at_desk, NEW, "article_form").send(
            "_continue",
            headline="青稞開鐮",
            kicker="上朗縣",
            standfirst="比去年早五天。",
            body="<p>上朗縣的青稞開鐮了。</p><h2>收成</h2><p>多兩成。</p>",
            channel=channel.pk,
            source=source.pk,
            topic=topic.pk,
            tags="青稞、秋收，農牧",
            lead_picture=picture.pk,
            lead_caption="開鐮的早晨。",
            **credits((people[0], "editor", ""), (people[2], "author", "")),
        )
        article = Article.objects.get()
        assert (response.status_code, response["Location"]) == (302, change_path(article))
        assert (article.headline, article.kicker, article.standfirst) == ("青稞開鐮", "上朗縣", "比去年早五天。")
        assert article.body == "<p>上朗縣的青稞開鐮了。</p><h2>收成</h2><p>多兩成。</p>"
        assert (article.desk, article.channel, article.source, article.topic) == (desk, channel, source, topic)
        assert (article.lead_picture, article.lead_caption) == (picture, "開鐮的早晨。")
        assert {tag.name for tag in article.tags.all()} == {"青稞", "秋收", "農牧"}
        assert names_on(article) == [("達珍", "editor"), ("尼瑪", "author")]
        assert (article.version, article.stage, article.created_by) == (1, Article.Stage.DRAFT, editor)
        assert not Publication.objects.exists()

    def test_a_headline_is_all_that_a_story_needs_to_be_begun(self, at_desk: Client):
        assert open_form(at_desk, NEW, "article_form").send("_continue", headline="青稞開鐮").status_code == 302
        assert Article.objects.get().headline == "青稞開鐮"

    def test_what_is_saved_untouched_stays_as_it_is(self, at_desk: Client, editor: User, people: list[Person]):
        article = factories.make_article(
            editor, kicker="上朗縣", tags=["青稞", "秋收"], lead_picture=factories.make_picture(editor),
            credits=[(people[1].pk, "editor"), (people[0].pk, "editor"), (people[2].pk, "author")],
        )  # fmt: skip
        before = factories.draft_of(article)
        assert story_form(at_desk, article).send("_continue").status_code == 302
        article.refresh_from_db()
        assert factories.draft_of(article) == before

    def test_every_save_raises_the_version(self, at_desk: Client, article: Article):
        for version in (2, 3):
            story_form(at_desk, article).send("_continue", headline=f"第{version}版")
            article.refresh_from_db()
            assert (article.version, article.headline) == (version, f"第{version}版")

    def test_a_save_that_changes_nothing_makes_no_version(self, at_desk: Client, article: Article):
        story_form(at_desk, article).send("_continue")
        article.refresh_from_db()
        assert article.version == 1

    @pytest.mark.parametrize("button", ["_publish", "_continue"])
    def test_what_was_approved_stays_so_on_the_way_to_publishing(
        self, button: str, article: Article, desk: Desk, editor: User, chief: User
    ):
        Desk.objects.filter(pk=desk.pk).update(approval=Desk.Approval.EVERY)
        submit(article, seen=1, by=editor)
        approve(article, seen=1, by=chief)
        story_form(at_the_desk(editor), article).send(button)
        article.refresh_from_db()
        assert (article.stage, article.approved_version, article.version) == (Article.Stage.APPROVED, 1, 1)

    def test_what_is_scheduled_stays_so(self, article: Article, editor: User):
        scheduled(article, editor)
        story_form(at_the_desk(editor), article).send("_continue")
        article.refresh_from_db()
        assert (article.stage, article.version) == (Article.Stage.SCHEDULED, 1)

    def test_a_save_says_who_and_changes_nothing_public(self, published: Article, chief: User):
        before = factories.public(published).edition
        response = story_form(at_the_desk(chief), published).send("_continue", headline="別的標題")
        assert response.status_code == 302
        published.refresh_from_db()
        assert (published.changed_by, published.stage) == (chief, Article.Stage.CHANGED)
        assert factories.public(published).edition == before

    def test_saving_leads_back_to_the_form_or_on_to_publishing(self, form: Form, at_desk: Client, article: Article):
        assert form.send("_continue")["Location"] == change_path(article)
        publish_page = reverse("admin:articles_article_publish", args=[article.pk])
        assert story_form(at_desk, article).send("_publish")["Location"] == publish_page

    def test_the_body_is_sanitised(self, form: Form, article: Article):
        form.send(
            "_continue",
            body='<p onclick="x()">一</p><script>alert(1)</script><p style="color:red"><b>二</b>'
            '<a href="javascript:x()">三</a><img src=x onerror=x()></p><iframe src="//x"></iframe>',
        )
        article.refresh_from_db()
        assert article.body == "<p>一</p><p>二<a>三</a></p>"

    def test_a_headline_with_tags_is_shown_as_text(self, form: Form, at_desk: Client, article: Article):
        form.send("_continue", headline="<script>alert(1)</script>")
        again = story_form(at_desk, article)
        assert again["headline"] == "<script>alert(1)</script>"
        assert b"<script>alert(1)" not in again.response.content

    @pytest.mark.parametrize("typed", ["好消息😀", "བོད་ཡིག", "𠀀𠮷", "e\u0301", "שלום\u200f"])
    def test_any_writing_is_welcome(self, typed: str, form: Form, article: Article):
        assert form.send("_continue", headline=typed).status_code == 302
        article.refresh_from_db()
        assert article.headline == typed.replace("e\u0301", "é")

    def test_breaks_pasted_into_a_headline_become_spaces(self, form: Form, article: Article):
        form.send("_continue", headline="青稞\r\n開鐮\n了 ")
        article.refresh_from_db()
        assert article.headline == "青稞 開鐮 了"


@on_postgresql
class TestCredits:
    def test_stand_in_the_order_that_was_given(self, form: Form, article: Article, people: list[Person]):
        dazhen, yin, nima = people
        form.send("_continue", **credits((dazhen, "editor", 2), (yin, "editor", 1), (nima, "author", "")),
                  credits__INITIAL_FORMS=0)  # fmt: skip
        assert names_on(article) == [("殷小燕", "editor"), ("達珍", "editor"), ("尼瑪", "author")]

    def test_rows_are_numbered_from_one_when_they_are_read_again(
        self, form: Form, at_desk: Client, article: Article, people: list[Person]
    ):
        form.send("_continue", **credits((people[0], "editor", 7), (people[1], "editor", 9)), credits__INITIAL_FORMS=0)
        again = story_form(at_desk, article)
        assert [again[f"credits-{place}-order"] for place in (0, 1)] == ["1", "2"]

    def test_one_can_be_taken_off(self, at_desk: Client, editor: User, people: list[Person]):
        article = factories.make_article(editor, credits=[(people[0].pk, "editor"), (people[1].pk, "editor")])
        story_form(at_desk, article).send("_continue", credits__0__DELETE="on")
        assert names_on(article) == [("殷小燕", "editor")]

    def test_a_row_without_a_person_is_passed_over(self, form: Form, article: Article, people: list[Person]):
        values = credits((people[0], "editor", 1)) | {
            "credits__TOTAL_FORMS": 2, "credits__INITIAL_FORMS": 0, "credits__1__person": "",
            "credits__1__role": "author", "credits__1__order": "5",
        }  # fmt: skip
        assert form.send("_continue", **values).status_code == 302
        assert names_on(article) == [("達珍", "editor")]

    def test_of_another_story_are_not_touched(self, form: Form, article: Article, editor: User, people: list[Person]):
        other = factories.make_article(editor, credits=[(people[1].pk, "editor")])
        form.send("_continue", credits__0__id=other.credits.get().pk, credits__0__person=people[2].pk)
        assert names_on(other) == [("殷小燕", "editor")]

    @pytest.mark.parametrize(
        "wrong",
        [
            {"credits__0__role": "king"},
            {"credits__0__person": "999999"},
            {"credits__0__person": "x"},
            {"credits__0__order": "-1"},
            {"credits__0__order": "99999999999"},
            {"credits__TOTAL_FORMS": "x"},
            {"credits__TOTAL_FORMS": None},
            {"credits__TOTAL_FORMS": "99999999"},
        ],
    )
    def test_that_cannot_be_are_refused(self, wrong: dict[str, Any], form: Form, article: Article):
        before = names_on(article)
        response = form.send("_continue", headline="別的標題", **wrong)
        assert shown_again(form, response)["headline"] == "別的標題"
        article.refresh_from_db()
        assert (article.version, article.headline) == (1, "青稞開鐮")
        assert names_on(article) == before


class TestSomebodyElseSaved:
    def test_the_second_save_is_refused_and_its_words_stay_on_the_page(self, form: Form, article: Article, chief: User):
        factories.change(article, by=chief, headline="她的標題")
        typed = {"headline": "我的標題", "body": "<p>我的正文。</p>", "tags": "我的"}
        again = shown_again(form, form.send("_continue", **typed))

        assert {name: again[name] for name in typed} == typed
        assert "Somebody has saved this story since you opened it." in again.part.words
        article.refresh_from_db()
        assert (article.headline, article.version) == ("她的標題", 2)

    def test_sending_it_once_more_does_not_force_it_through(self, form: Form, article: Article, chief: User):
        factories.change(article, by=chief, headline="她的標題")
        again = shown_again(form, form.send("_continue", headline="我的標題"))
        assert shown_again(again, again.send("_continue"))["headline"] == "我的標題"
        article.refresh_from_db()
        assert article.headline == "她的標題"

    @on_postgresql
    @pytest.mark.parametrize("seen", [None, "", "0", "-1", "2", "x", "1.5", "99999999999999999999999"])
    def test_a_save_must_say_which_version_it_saw(self, seen: str | None, form: Form, article: Article):
        again = shown_again(form, form.send("_continue", seen=seen, headline="我的標題"))
        assert again["headline"] == "我的標題"
        article.refresh_from_db()
        assert (article.headline, article.version) == ("青稞開鐮", 1)

    def test_also_between_our_look_and_our_lock(
        self, committed_db: object, article: Article, editor: User, chief: User, monkeypatch: pytest.MonkeyPatch
    ):
        """On PostgreSQL the other save comes in between; on SQLite, one writer at a time, it has to wait for ours."""
        mine, hers = (story_form(at_the_desk(user), article) for user in (editor, chief))
        answers: dict[str, Any] = {}

        def send_hers() -> None:
            try:
                answers["hers"] = hers.send("_continue", headline="她的標題")
            finally:
                connections.close_all()

        other = threading.Thread(target=send_hers)

        def meanwhile(*args: Any, **values: Any) -> Article:
            if threading.current_thread() is not other and not other.ident:
                other.start()
                other.join(timeout=60 if connection.vendor == "postgresql" else 0.5)
            return save_draft(*args, **values)

        monkeypatch.setattr(article_admin, "save_draft", meanwhile)
        answers["mine"] = mine.send("_continue", headline="我的標題")
        other.join(timeout=60)

        won, lost = ("hers", "mine") if connection.vendor == "postgresql" else ("mine", "hers")
        words = {"mine": "我的標題", "hers": "她的標題"}
        assert answers[won].status_code == 302
        again = shown_again({"mine": mine, "hers": hers}[lost], answers[lost])
        assert again["headline"] == words[lost]
        assert "Somebody has saved this story since you opened it." in again.part.words
        article.refresh_from_db()
        assert (article.headline, article.version) == (words[won], 2)


READING = ("SELECT", "DECLARE", "FETCH", "CLOSE", "SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")  # how statements begin
BAD = {
    "empty headline": ("headline", ""),
    "a headline of spaces": ("headline", " \u3000 "),
    "a headline of 10,000 characters": ("headline", "長" * 10_000),
    "NUL in the headline": ("headline", "青\x00稞"),
    "a control character in the headline": ("headline", "青\x07稞"),
    "DEL in the headline": ("headline", "青\x7f稞"),
    "a mark that turns the reading direction": ("headline", "青\u202e稞"),
    "a mark that isolates": ("headline", "青\u2067稞"),
    "a long kicker": ("kicker", "長" * 61),
    "NUL in the kicker": ("kicker", "青\x00稞"),
    "a long standfirst": ("standfirst", "長" * 501),
    "an escape in the standfirst": ("standfirst", "青\x1b稞"),
    "a reordering mark in the caption": ("lead_caption", "青\u202e稞"),
    "a body of 2 MB": ("body", f"<p>{'b' * 2 * 2**20}</p>"),
    "a body just too long": ("body", f"<p>{'長' * MAX_BODY}</p>"),
    "NUL in the body": ("body", "<p>青\x00稞</p>"),
    "a tag of 300 characters": ("tags", "長" * 300),
    "NUL in a tag": ("tags", "青\x00稞"),
    "a reordering mark in a tag": ("tags", "青\u202e稞"),
    "a tag without a letter": ("tags", "😀"),
    "thirteen tags": ("tags", ",".join(f"標籤{number}" for number in range(13))),
    "a line of tags of 4,000 characters": ("tags", "長," * 2000),
}
FORGED = [
    ("channel", "999999"),
    ("channel", "x"),
    ("source", "-1"),
    ("topic", "99999999999999999999"),
    ("lead_picture", "999999"),
    ("lead_picture", "x"),
    ("lead_picture", "99999999999999999999"),
    ("language", "xx"),
    ("desk", "999999"),
    ("desk", ""),
]


@on_postgresql
class TestBadInput:
    def test_is_told_at_the_field_and_keeps_what_was_typed(self, case: Case, form: Form, article: Article):
        for what, (field, typed) in BAD.items():
            with case(what=what):
                others = {"headline": "我的標題", "standfirst": "我的導語。"} | {field: typed}
                again = shown_again(form, form.send("_continue", **others))
                assert again.errors(field)
                for name, value in others.items():
                    assert again[name] == value.replace("\x00", "\ufffd"), name  # a browser shows NUL as U+FFFD
                article.refresh_from_db()
                assert (article.headline, article.version) == ("青稞開鐮", 1)

    @pytest.mark.parametrize(("field", "typed"), [[*BAD.values()][number] for number in (0, 3, 13, 16)])
    def test_begins_no_story(self, field: str, typed: str, at_desk: Client):
        form = open_form(at_desk, NEW, "article_form")
        again = shown_again(form, form.send("_continue", **{"headline": "我的標題"} | {field: typed}))
        assert again.errors(field)
        assert not Article.objects.exists()

    def test_choices_that_were_not_offered_are_refused(self, case: Case, form: Form, article: Article):
        for field, value in FORGED:
            with case(field=field, value=value):
                again = shown_again(form, form.send("_continue", headline="我的標題", **{field: value}))
                assert again.errors(field)
                article.refresh_from_db()
                assert article.version == 1

    @pytest.mark.parametrize("field", ["headline", "kicker", "tags"])
    def test_lone_surrogates_are_refused_like_other_broken_characters(
        self, field: str, form: Form, article: Article, at_desk: Client
    ):
        values = form.values | {"headline": "我的標題"} | {field: "SURROGATE", "_continue": "1"}
        body = urlencode(values).replace("SURROGATE", "%E9%9D%92%ED%A0%80%E7%A8%9E")
        response = at_desk.post(form.path, body, content_type="application/x-www-form-urlencoded")
        again = shown_again(form, response)
        assert again.errors(field)
        article.refresh_from_db()
        assert (article.headline, article.version) == ("青稞開鐮", 1)

    def test_lone_surrogates_in_the_body_do_no_harm(self, form: Form, article: Article, at_desk: Client):
        body = urlencode(form.values | {"body": "<p>SURROGATE</p>"}).replace("SURROGATE", "%ED%A0%80%E7%A8%9E")
        response = at_desk.post(form.path, body, content_type="application/x-www-form-urlencoded")
        assert response.status_code in {200, 302}
        article.refresh_from_db()
        article.body.encode()

    def test_an_empty_form_is_answered_with_what_is_missing(self, at_desk: Client):
        response = at_desk.post(NEW, {})
        assert response.status_code == 200
        assert not Article.objects.exists()

    def test_what_is_no_form_at_all_is_refused(self, form: Form, at_desk: Client, article: Article):
        response = at_desk.post(form.path, b"\xff\xfe{]", content_type="application/json")
        assert response.status_code == 200
        article.refresh_from_db()
        assert article.version == 1

    def test_a_summary_above_leads_to_each_field(self, form: Form):
        again = shown_again(form, form.send("_continue", headline="", tags="😀"))
        assert [target for _, target in again.page.one(".error-summary").links] == ["#id_headline", "#id_tags"]


@on_postgresql
class TestChannels:
    """Of the tree of channels nobody can make a circle."""

    @pytest.fixture
    def at_house(self, administrator: User) -> Client:
        return at_the_desk(administrator)

    @pytest.fixture
    def refused(self, at_house: Client) -> Callable[[Any, Any], None]:
        def check(channel: Any, parent: Any) -> None:
            form = open_form(at_house, reverse("admin:articles_channel_change", args=[channel.pk]), "channel_form")
            again = shown_again(form, form.send(parent=parent.pk, description="我打的字"))
            assert again.errors("parent")
            assert again["description"] == "我打的字"
            path = channel.path
            channel.refresh_from_db()
            assert (channel.path, channel.description) == (path, "")

        return check

    def test_a_channel_is_not_its_own_parent(self, refused: Callable[[Any, Any], None]):
        channel = factories.make_channel()
        refused(channel, channel)

    def test_nor_below_what_is_below_it(self, refused: Callable[[Any, Any], None]):
        top = factories.make_channel()
        middle = factories.make_channel(parent=top)
        refused(top, middle)
        refused(top, factories.make_channel(parent=middle))

    def test_nor_four_levels_deep(self, refused: Callable[[Any, Any], None]):
        third = factories.make_channel(parent=factories.make_channel(parent=factories.make_channel()))
        refused(factories.make_channel(), third)

    @pytest.mark.parametrize("slug", ["", "a b", "UPPER", "admin", "zh-hans", "12", "青\x00稞", "長" * 81, "a/b"])
    def test_an_address_word_that_cannot_be_is_told_at_the_field(self, slug: str, at_house: Client):
        form = open_form(at_house, "/admin/articles/channel/add/", "channel_form")
        again = shown_again(form, form.send(name="農牧", slug=slug))
        assert again.errors("slug")
        assert again["name"] == "農牧"

    def test_two_channels_of_one_address_are_told_apart(self, at_house: Client):
        factories.make_channel(slug="farming")
        form = open_form(at_house, "/admin/articles/channel/add/", "channel_form")
        again = shown_again(form, form.send(name="農牧", slug="farming"))
        assert again.errors("slug")
        assert again["name"] == "農牧"


@on_postgresql
class TestWhatTheFormDoesNotGive:
    def test_fields_that_are_not_in_it_are_not_taken(self, form: Form, article: Article, chief: User):
        code = article.code
        forged = {
            "stage": "published", "code": "zzzzzzzzzz", "version": "99", "created_by": chief.pk, "changed_by": chief.pk,
            "first_published": "2001-01-01", "created_at": "2001-01-01", "changed_at": "2001-01-01", "id": "4711",
            "pk": "4711", "people": "1", "publication": "1",
        }  # fmt: skip
        begun = article.created_at
        assert form.send("_continue", headline="別的標題", **forged).status_code == 302
        article.refresh_from_db()
        assert (article.stage, article.code, article.version) == (Article.Stage.DRAFT, code, 2)
        assert article.created_by.username == article.changed_by.username == "yinxiaoyan"
        assert article.created_at == begun
        assert article.changed_at.year > 2001
        assert Article.objects.count() == 1
        assert not Publication.objects.exists()

    @pytest.mark.parametrize("button", ["_save", "_addanother", "_popup", "action"])
    def test_other_buttons_only_save(self, button: str, form: Form, article: Article):
        form.send(button, headline="別的標題")
        assert Article.objects.count() == 1
        article.refresh_from_db()
        assert article.version == 2

    def test_looking_changes_nothing(self, at_desk: Client, article: Article, published: Article):
        paths = ["/admin/", "/admin/articles/article/", NEW, "/admin/articles/picture/choose/", "/admin/language/"]
        for story in (article, published):
            path = change_path(story)
            paths += [path, f"{path}?headline=x&_continue=1", path.replace("change", "publish"),
                      path.replace("change", "preview"), path.replace("change", "delete"),
                      path.replace("change", "history")]  # fmt: skip
        for path in paths:
            for ask in (at_desk.get, at_desk.head):
                with CaptureQueriesContext(connection) as asked:
                    ask(path)
                statements = [query["sql"] for query in asked if not query["sql"].lstrip("(").startswith(READING)]
                # but for the session's own clock, by which it ends when nobody is there
                assert [one for one in statements if not one.startswith('UPDATE "django_session"')] == [], path


@on_postgresql
class TestDeleting:
    """A story is never deleted; nobody is offered what cannot be done."""

    @pytest.mark.parametrize("who", ["editor", "chief", "administrator"])
    def test_is_not_offered(self, who: str, article: Article, request: pytest.FixtureRequest):
        client = at_the_desk(request.getfixturevalue(who))
        form = story_form(client, article)
        listed = client.get("/admin/articles/article/").content
        assert b"/delete/" not in form.response.content
        assert b"delete_selected" not in listed

    @pytest.mark.parametrize("who", ["editor", "chief", "administrator"])
    def test_is_refused(self, who: str, article: Article, request: pytest.FixtureRequest):
        client = at_the_desk(request.getfixturevalue(who))
        path = change_path(article).replace("change", "delete")
        assert client.get(path).status_code == 403
        assert client.post(path, {"post": "yes"}).status_code == 403
        forged = {"action": "delete_selected", "_selected_action": article.pk, "post": "yes"}
        client.post("/admin/articles/article/", forged)
        assert Article.objects.filter(pk=article.pk).exists()


@on_postgresql
class TestDesks:
    """Working copies are seen and changed by their own desk alone."""

    @pytest.mark.parametrize("page", ["change", "publish", "preview", "delete", "history"])
    def test_to_others_a_story_is_as_one_that_does_not_exist(self, page: str, article: Article, stranger: User):
        client = at_the_desk(stranger)
        theirs = change_path(article).replace("change", page)
        nobodys = theirs.replace(f"/{article.pk}/", "/999999/")
        for ask in (client.get, client.post):
            answers = [ask(path) for path in (theirs, nobodys)]
            assert answers[0].status_code == answers[1].status_code
            assert answers[0].status_code in {302, 403, 404}
            said = [answer.get("Location", "") for answer in answers]
            assert said[0] == said[1]
            assert article.headline not in answers[0].content.decode()

    def test_who_forges_a_save_of_another_desks_story_changes_nothing(
        self, form: Form, article: Article, stranger: User
    ):
        values = form.values | {"headline": "別人改的", "_continue": "1"}
        assert at_the_desk(stranger).post(form.path, values).status_code == 404
        article.refresh_from_db()
        assert (article.headline, article.version) == ("青稞開鐮", 1)

    @pytest.mark.parametrize("who", ["reporter", "editor", "chief"])
    def test_nobody_moves_a_story_to_a_desk_that_is_not_theirs(
        self, who: str, article: Article, stranger: User, request: pytest.FixtureRequest
    ):
        theirs = stranger.memberships.get().desk
        Article.objects.update(assignee=request.getfixturevalue(who))  # without which no reporter sees it
        form = story_form(at_the_desk(request.getfixturevalue(who)), article)
        assert str(theirs.pk) not in form.choices("desk")
        assert shown_again(form, form.send("_continue", desk=theirs.pk)).errors("desk")
        article.refresh_from_db()
        assert article.desk != theirs

    def test_nobody_begins_a_story_there_either(self, at_desk: Client, stranger: User):
        theirs = stranger.memberships.get().desk
        form = open_form(at_desk, NEW, "article_form")
        assert shown_again(form, form.send("_continue", headline="我的", desk=theirs.pk)).errors("desk")
        assert not Article.objects.exists()

    def test_who_works_at_both_desks_moves_it(self, editor: User, article: Article, stranger: User):
        theirs = stranger.memberships.get().desk
        Membership.objects.create(user=editor, desk=theirs, role="reporter")
        assert story_form(at_the_desk(editor), article).send("_continue", desk=theirs.pk).status_code == 302
        article.refresh_from_db()
        assert article.desk == theirs

    def test_somebody_without_a_role_writes_nothing(self, desk: Desk):
        client = at_the_desk(factories.make_user())
        assert client.get(NEW).status_code == 403
        assert client.post(NEW, {"headline": "我的", "desk": desk.pk}).status_code == 403
        assert not Credit.objects.exists()
        assert not Article.objects.exists()


@on_postgresql
class TestTheStoryThatThisOneTranslates:
    @pytest.fixture
    def original(self, published: Article) -> Article:
        return published

    @pytest.fixture
    def translation(self, editor: User, desk: Desk) -> Article:
        return factories.make_article(editor, headline="Harvest begins", language="en")

    @pytest.mark.parametrize(
        "typed", ["{code}", " {code} ", "{CODE}", "/a/{code}/", "https://news.example/en/a/{code}/", "/a/{code}"]
    )
    def test_is_named_by_its_code_or_its_address(
        self, typed: str, at_desk: Client, original: Article, translation: Article
    ):
        written = typed.format(code=original.code, CODE=original.code.upper())
        assert story_form(at_desk, translation).send("_continue", translation_of=written).status_code == 302
        translation.refresh_from_db()
        assert translation.translation_of == original
        form = story_form(at_desk, translation)
        assert form["translation_of"] == original.code
        assert form.send("_continue").status_code == 302
        translation.refresh_from_db()
        assert (translation.translation_of, translation.version) == (original, 2)  # nothing was changed by it

    def test_is_taken_away_again(self, at_desk: Client, original: Article, editor: User):
        article = factories.make_article(editor, language="en", translation_of=original)
        assert story_form(at_desk, article).send("_continue", translation_of="").status_code == 302
        article.refresh_from_db()
        assert article.translation_of is None

    def test_is_named_when_a_story_is_begun(self, at_desk: Client, original: Article):
        form = open_form(at_desk, NEW, "article_form")
        form.send("_continue", headline="Harvest begins", language="en", translation_of=original.code)
        assert Article.objects.get(headline="Harvest begins").translation_of == original

    @pytest.mark.parametrize("typed", ["zzzzzzzzzz", "x", "青稞", "12", "' OR 1=1", "/a/", "長" * 301, "青\x00稞"])
    def test_must_be_there(self, typed: str, at_desk: Client, translation: Article):
        form = story_form(at_desk, translation)
        again = shown_again(form, form.send("_continue", translation_of=typed, headline="Kept"))
        assert again.errors("translation_of")
        assert again["headline"] == "Kept"
        translation.refresh_from_db()
        assert translation.translation_of is None

    def test_is_another_one(self, at_desk: Client, translation: Article):
        form = story_form(at_desk, translation)
        again = shown_again(form, form.send("_continue", translation_of=translation.code))
        assert "A story cannot translate itself." in again.errors("translation_of")

    def test_is_no_translation_itself(self, at_desk: Client, original: Article, translation: Article, editor: User):
        middle = factories.make_article(editor, language="zh-Hans", translation_of=original)
        form = story_form(at_desk, translation)
        again = shown_again(form, form.send("_continue", translation_of=middle.code, headline="Kept"))
        assert "This is a translation itself." in again.errors("translation_of")
        assert again["headline"] == "Kept"

    def test_has_no_translations_of_its_own_here(
        self, at_desk: Client, original: Article, translation: Article, editor: User
    ):
        factories.make_article(editor, language="zh-Hans", translation_of=translation)
        form = story_form(at_desk, translation)
        again = shown_again(form, form.send("_continue", translation_of=original.code))
        assert "Other stories translate this one" in again.errors("translation_of")

    def test_keeps_its_original_out_of_its_own_language(self, at_desk: Client, original: Article, editor: User):
        factories.make_article(editor, language="zh-Hans", translation_of=original)
        form = story_form(at_desk, original)
        again = shown_again(form, form.send("_continue", language="zh-Hans", headline="Kept"))
        assert "A translation of this story is in that language." in again.errors("language")
        assert again["headline"] == "Kept"
        assert story_form(at_desk, original).send("_continue", language="en").status_code == 302

    def test_of_another_desk_is_named_once_it_is_public(self, at_desk: Client, translation: Article, stranger: User):
        theirs = Desk.objects.get(memberships__user=stranger)
        draft = factories.make_article(stranger, desk=theirs)
        public = factories.publish_article(stranger, desk=theirs)
        form = story_form(at_desk, translation)
        again = shown_again(form, form.send("_continue", translation_of=draft.code))
        assert "No story has this code." in again.errors("translation_of")
        assert story_form(at_desk, translation).send("_continue", translation_of=public.code).status_code == 302
