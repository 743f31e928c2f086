"""The audit trail at the desk: to be read by the desk it is about, and written by nobody."""

import csv
import io
from typing import Any, ClassVar

import pytest
from django.http import HttpResponse
from django.test import Client

from articles.models import Article, Channel, Desk, Event, Membership, Tag, User
from articles.publishing.colleagues import disable, enable, note_roles, roles_held
from articles.publishing.door.second_factor import forget_second_factor
from articles.publishing.events import Door, Verb, coming_from, note
from articles.publishing.rights import events_of
from tests import factories
from tests.desk.forms import at_the_desk, open_form, parse
from tests.site.reading import Part

LIST = "/admin/articles/event/"


def main(response: HttpResponse) -> Part:
    assert response.status_code == 200
    return parse(response).one("main")


def rows(user: User, asked: str = "") -> list[str]:
    return [row.words for row in main(at_the_desk(user).get(f"{LIST}{asked}")).all("tbody tr")]


def story_path(article: Article) -> str:
    return f"/admin/articles/article/{article.pk}/history/"


@pytest.fixture
def withdrawn(published: Article, chief: User, editor: User) -> Article:
    factories.withdraw(published, by=chief, second=editor)
    return published


class TestTheList:
    def test_says_who_did_what_to_what_in_words(self, withdrawn: Article, chief: User, editor: User):
        found = rows(editor)
        assert len(found) == 5
        assert "edition 2 retraction" in found[0]
        assert "agreed to a decision" in found[1]
        assert str(editor) in found[1]
        assert "proposed a decision of two" in found[2]
        assert str(chief) in found[2]
        assert "first edition" in found[3]
        assert "began a story" in found[4]

    def test_says_from_what_to_what_in_words(self, published: Article, editor: User, reporter: User):
        note(Verb.ASSIGNED, by=editor, article=published, before=f"user {editor.pk}", after=f"user {reporter.pk}")
        assert f"colleague {editor.pk} → colleague {reporter.pk}" in rows(editor)[0]

    def test_is_narrowed_by_what_happened_and_by_desk(self, withdrawn: Article, editor: User):
        assert len(rows(editor, "?verb=agreed")) == 1
        assert len(rows(editor, f"?desk__id__exact={withdrawn.desk_id}")) == 5

    @pytest.mark.parametrize("asked", ["?verb=nonsense", "?by__password__startswith=x", "?article__body__contains=x",
                                       "?verb=%00", "?desk__id__exact=x"])  # fmt: skip
    def test_answers_no_other_question(self, asked: str, withdrawn: Article, editor: User):
        response = at_the_desk(editor).get(f"{LIST}{asked}", follow=True)
        assert response.status_code == 200
        assert len(parse(response).one("main").all("tbody tr")) == 5

    @pytest.mark.parametrize(
        ("who", "count"), [("reporter", 0), ("editor", 5), ("chief", 5), ("administrator", 5), ("stranger", 0)]
    )
    def test_is_of_the_own_desks(self, who: str, count: int, withdrawn: Article, request: Any):
        assert len(rows(request.getfixturevalue(who))) == count

    def test_and_of_the_house(self, stranger: User, administrator: User, published: Article):
        note(Verb.RENAMED, by=administrator, article=None, thing="channel 7")
        (row,) = rows(stranger)
        assert "channel 7" in row

    def test_is_for_nobody_without_a_role(self, published: Article):
        assert at_the_desk(factories.make_user()).get(LIST).status_code == 403
        assert Client().get(LIST)["Location"].startswith("/admin/login/")

    def test_is_written_by_nobody(self, withdrawn: Article, administrator: User):
        client, before = at_the_desk(administrator), Event.objects.count()
        pk = Event.objects.first().pk  # type: ignore[union-attr]
        assert client.get(f"{LIST}add/").status_code == 403
        for path in (f"{LIST}{pk}/change/", f"{LIST}{pk}/delete/"):
            assert client.get(path).status_code in {403, 404}
            assert client.post(path, {"post": "yes", "verb": "x"}).status_code in {403, 404}
        assert Event.objects.count() == before

    def test_costs_the_same_however_long_it_is(self, withdrawn: Article, editor: User,
                                               django_assert_max_num_queries: Any):  # fmt: skip
        for number in range(60):
            note(Verb.REPORTED, by=None, article=withdrawn, thing=f"report {number}")
        client = at_the_desk(editor)
        with django_assert_max_num_queries(14):
            response = client.get(LIST)
        assert len(main(response).all("tbody tr")) == 50


class TestNarrowing:
    @pytest.mark.parametrize(
        ("asked", "count"),
        [
            ("?verb=begun", 1), ("?verb=nothing", 5), ("?by=0", 5), ("?since=2020-01-01", 5), ("?until=2020-01-01", 0),
            ("?since=2099-01-01", 0), ("?since=never", 5), ("?since=0001-01-01&until=9999-12-31", 5),
        ],
    )  # fmt: skip
    def test_by_what_happened_and_by_days(self, asked: str, count: int, withdrawn: Article, editor: User):
        assert len(rows(editor, asked)) == count

    def test_by_who_did_it(self, withdrawn: Article, editor: User, chief: User):
        by_chief = Event.objects.filter(by=chief).count()
        assert 0 < by_chief < 5
        assert len(rows(editor, f"?by={chief.pk}")) == by_chief

    def test_offers_nobody_of_another_desk(self, withdrawn: Article, editor: User, chief: User, stranger: User):
        page = main(at_the_desk(editor).get(LIST))
        offered = {option["value"] for option in page.all("select[name=by] option")}
        assert {str(editor.pk), str(chief.pk)} <= offered
        assert str(stranger.pk) not in offered
        assert len(rows(editor, f"?by={stranger.pk}")) == 5  # no question of this list

    def test_by_the_code_of_a_story(self, withdrawn: Article, editor: User):
        factories.make_article(editor)
        assert len(rows(editor)) == 6
        assert len(rows(editor, f"?q={withdrawn.code.upper()}")) == 5
        assert rows(editor, "?q=zzzz") == []

    def test_reads_on_where_a_page_ends(self, withdrawn: Article, editor: User):
        for number in range(70):
            note(Verb.REPORTED, by=None, article=withdrawn, thing=f"report {number}")
        first = at_the_desk(editor).get(LIST)
        (older,) = {url for _, url in main(first).links if "before=" in url}
        assert len(rows(editor)) == 50
        assert len(rows(editor, older.removeprefix(LIST))) == 25


class TestTheExport:
    def taken(self, user: User, asked: str = "") -> list[dict[str, str]]:
        response = at_the_desk(user).post(f"{LIST}export/{asked}")
        assert response.status_code == 200
        text = b"".join(response).decode()  # type: ignore[arg-type]
        assert text.startswith("\ufeff")
        return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))

    def test_is_all_that_the_filters_leave(
        self, withdrawn: Article, editor: User, chief: User, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr("articles.desk.events_admin.PIECE", 2)
        found = self.taken(editor)
        keys = list(Event.objects.filter(article=withdrawn).order_by("-pk").values_list("verb", "thing"))
        assert [(row["verb"], row["to what"]) for row in found if row["story"]] == keys
        assert {row["story"] for row in found} <= {withdrawn.code, ""}
        assert [row["verb"] for row in self.taken(editor, "?verb=begun")] == ["begun"]

    def test_is_noted_with_what_was_asked(self, withdrawn: Article, editor: User):
        self.taken(editor, "?verb=begun&since=2020-01-01")
        newest = Event.objects.order_by("-pk")[0]
        assert (newest.verb, newest.by, newest.after) == (Verb.EXPORTED, editor, "since=2020-01-01 verb=begun")

    def test_has_no_line_of_another_desk(self, withdrawn: Article, stranger: User):
        assert self.taken(stranger) == [] or {row["verb"] for row in self.taken(stranger)} == {Verb.EXPORTED}

    def test_has_network_addresses_for_those_alone_who_run_the_people(
        self, withdrawn: Article, editor: User, chief: User
    ):
        assert "address" not in self.taken(editor)[0]
        assert "address" in self.taken(chief)[0]

    def test_has_them_at_the_lines_of_the_own_desks_people_alone(
        self, chief: User, stranger: User, reporter: User, administrator: User
    ):
        there = stranger.memberships.get().desk
        Membership.objects.create(user=chief, desk=there, role="reporter")
        lines = {
            "here": (reporter, chief.memberships.get(role="chief").desk_id), "there": (stranger, there.pk),
            "in": (reporter, None), "house": (administrator, None), "mine": (chief, None),
        }  # fmt: skip
        for name, (by, desk) in lines.items():
            with coming_from(Door.DESK, f"address of {name}"):
                note(Verb.EXPORTED, by=by, article=None, desk=desk, thing=name)
        told = {row["to what"]: row["address"] for row in self.taken(chief)}
        assert {name: told[name] for name in lines} == {
            "here": "address of here", "there": "", "in": "address of in", "house": "", "mine": "address of mine",
        }  # fmt: skip
        shown = main(at_the_desk(chief).get(LIST)).words
        assert [name for name in lines if f"address of {name}" in shown] == ["here", "in", "mine"]
        everything = {row["to what"]: row["address"] for row in self.taken(administrator)}
        assert [everything[name] for name in lines] == [f"address of {name}" for name in lines]

    @pytest.mark.parametrize("begins", ["=", "+", "-", "@", "＝", "\t="])
    def test_holds_no_formula(self, begins: str, withdrawn: Article, editor: User):
        note(Verb.REPORTED, by=None, article=withdrawn, thing=f'{begins}cmd|"/c calc"')
        assert self.taken(editor)[1]["to what"].startswith("'")  # the first is that it was taken

    def test_is_nothing_to_look_at(self, withdrawn: Article, editor: User):
        assert at_the_desk(editor).get(f"{LIST}export/").status_code == 404


class TestWhatConcernsPeople:
    @pytest.fixture
    def shut_out(self, editor: User, administrator: User) -> User:
        """An editor whose second factor was taken away, whose role changed, and who was shut out."""
        forget_second_factor(editor, by=administrator)
        before = roles_held(editor)
        editor.memberships.update(role="reporter")
        note_roles(editor, before=before, by=administrator)
        disable(editor, by=administrator)
        enable(editor, by=administrator)
        return editor

    def told_of(self, user: User, viewer: User) -> set[str]:
        return {event.verb for event in events_of(User.objects.get(pk=viewer.pk)) if event.thing == f"user {user.pk}"}

    VERBS: ClassVar[set[str]] = {"factor-forgotten", "role-changed", "disabled", "enabled"}

    def test_is_for_the_chief_and_for_administrators(self, shut_out: User, chief: User, administrator: User):
        assert self.told_of(shut_out, chief) == self.told_of(shut_out, administrator) == self.VERBS

    def test_is_for_oneself(self, shut_out: User):
        assert self.told_of(shut_out, shut_out) == self.VERBS

    def test_is_for_nobody_else_at_the_desk_or_elsewhere(
        self, shut_out: User, reporter: User, stranger: User, desk: Desk
    ):
        other_editor = factories.make_user(role="editor", desk=desk)
        for viewer in (reporter, other_editor, stranger):
            assert self.told_of(shut_out, viewer) == set()

    def test_is_not_for_the_chief_of_another_desk_to_which_one_belongs_as_a_reporter(
        self, chief: User, stranger: User, administrator: User
    ):
        Membership.objects.create(user=chief, desk=stranger.memberships.get().desk, role="reporter")
        disable(stranger, by=administrator)
        assert self.told_of(stranger, chief) == set()

    def test_who_came_in_is_for_oneself_and_the_chief(
        self, reporter: User, chief: User, editor: User, administrator: User
    ):
        for user in (reporter, administrator):
            note(Verb.LOGGED_IN, by=user, article=None, thing=f"user {user.pk}")
        seen = {viewer: bool(self.told_of(reporter, viewer)) for viewer in (reporter, chief, administrator, editor)}
        assert seen == {reporter: True, chief: True, administrator: True, editor: False}
        assert not self.told_of(administrator, chief)


class TestTheEventsOfAStory:
    def test_are_shown_newest_first(self, withdrawn: Article, editor: User):
        page = main(at_the_desk(editor).get(story_path(withdrawn)))
        found = [row.words for row in page.all("tbody tr")]
        assert len(found) == 5
        assert "edition 2 retraction" in found[0]

    def test_are_linked_from_its_form(self, published: Article, editor: User):
        page = main(at_the_desk(editor).get(f"/admin/articles/article/{published.pk}/change/"))
        assert story_path(published) in {link for _, link in page.links}

    def test_are_for_its_desk_alone(self, withdrawn: Article, stranger: User):
        assert at_the_desk(stranger).get(story_path(withdrawn)).status_code == 404
        assert Client().get(story_path(withdrawn))["Location"].startswith("/admin/login/")

    def test_of_a_draft_are_that_it_was_begun(self, article: Article, editor: User):
        (row,) = main(at_the_desk(editor).get(story_path(article))).all("tbody tr")
        assert "began a story" in row.words

    def test_of_a_story_of_before_the_trail_are_none(self, article: Article, editor: User):
        older = Article.objects.get(pk=article.pk)
        older.pk, older.code, older.begun_key = None, "2345678abc", None
        older.save(force_insert=True)
        assert main(at_the_desk(editor).get(story_path(older))).all(".empty")


class TestRenaming:
    @pytest.mark.parametrize("model", ["channel", "topic", "source", "person", "tag", "desk"])
    def test_is_noted_without_the_words(self, model: str, published: Article, administrator: User):
        things = {
            "channel": published.channel, "source": published.source, "topic": factories.make_topic(),
            "person": published.people.get(), "tag": Tag.objects.create(name="青稞", slug="barley"),
            "desk": published.desk,
        }  # fmt: skip
        thing: Any = things[model]
        before = Event.objects.count()
        path = f"/admin/articles/{model}/{thing.pk}/change/"
        form = open_form(at_the_desk(administrator), path, f"{model}_form")
        assert form.send(name="新名字").status_code == 302
        event = Event.objects.latest("pk")
        assert Event.objects.count() == before + 1
        assert (event.verb, event.thing, event.by) == ("renamed", f"{model} {thing.pk}", administrator)

    def test_is_not_noted_of_what_keeps_its_name(self, published: Article, administrator: User):
        before = Event.objects.count()
        path = f"/admin/articles/channel/{published.channel_id}/change/"
        assert open_form(at_the_desk(administrator), path, "channel_form").send(order="7").status_code == 302
        assert Event.objects.count() == before

    def test_is_not_noted_of_something_new(self, administrator: User):
        form = open_form(at_the_desk(administrator), "/admin/articles/channel/add/", "channel_form")
        assert form.send(name="天氣", slug="weather", order="0").status_code == 302
        assert Channel.objects.get().name == "天氣"
        assert not Event.objects.exists()
