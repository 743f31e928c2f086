"""Colleagues come in by a link that works once, and go out at once; a chief runs only the own desk's people."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from articles.models import Desk, Event, Membership, User
from tests import factories
from tests.desk.forms import Form, at_the_desk, open_form, parse, shown_again
from tests.harness.once import on_postgresql

LIST = "/admin/articles/user/"
ADD = f"{LIST}add/"
PASSWORD = "一個很長的密碼 4711"


def change_path(user: User) -> str:
    return reverse("admin:articles_user_change", args=[user.pk])


def act_path(user: User, act: str) -> str:
    return reverse("admin:articles_user_act", args=[user.pk, act])


def link_in(client: Client, response: HttpResponse) -> str:
    """The welcome link that the page after this answer shows, as a path."""
    assert response.status_code == 302
    link = parse(client.get(response["Location"])).one("input.link")["value"]
    assert link.startswith("http://testserver/admin/welcome/")
    return link.removeprefix("http://testserver")


def follow(link: str, password: str = PASSWORD) -> tuple[Client, HttpResponse]:
    """A new colleague opens the link in a browser of their own and sets a password, if it lets them."""
    client = Client()
    opened = client.get(link)
    if opened.status_code != 302:
        return client, opened
    form = open_form(client, opened["Location"])
    return client, form.send(new_password1=password, new_password2=password)


def role(desk: Desk, name: str, row: int = 0) -> dict[str, Any]:
    return {f"memberships__{row}__desk": desk.pk, f"memberships__{row}__role": name}


@pytest.fixture
def house(administrator: User) -> Client:
    """An administrator's browser."""
    return at_the_desk(administrator)


@pytest.fixture
def form(house: Client) -> Form:
    return open_form(house, ADD, "user_form")


@on_postgresql
class TestComingIn:
    def test_a_colleague_is_added_with_role_desk_and_public_person(self, form: Form, desk: Desk):
        person = factories.make_person("央金")
        response = form.send(username="yangjin", person=person.pk, **role(desk, "editor"))
        assert response.status_code == 302
        colleague = User.objects.get(username="yangjin")
        assert colleague.person == person
        assert [(one.desk, one.role) for one in colleague.memberships.all()] == [(desk, "editor")]
        assert (colleague.is_staff, colleague.is_superuser) == (True, False)
        assert not colleague.has_usable_password()

    def test_the_link_sets_a_password_and_leads_to_the_desk(self, form: Form, house: Client, desk: Desk):
        link = link_in(house, form.send(username="yangjin", **role(desk, "editor")))
        client, response = follow(link)
        assert (response.status_code, response["Location"]) == (302, "/admin/")
        page = parse(client.get("/admin/"))
        assert page.one("button.who").words == "yangjin"
        assert Client().login(username="yangjin", password=PASSWORD)

    def test_the_link_works_once(self, form: Form, house: Client, desk: Desk):
        link = link_in(house, form.send(username="yangjin", **role(desk, "editor")))
        follow(link)
        client, response = follow(link, "別人的密碼 4711")
        assert response.status_code == 200
        assert parse(response).none("input[type=password]")
        assert client.get("/admin/").status_code == 302
        assert User.objects.get(username="yangjin").check_password(PASSWORD)

    def test_a_weak_password_is_refused_and_the_link_still_works(self, form: Form, house: Client, desk: Desk):
        link = link_in(house, form.send(username="yangjin", **role(desk, "editor")))
        _, response = follow(link, "12345678")
        assert parse(response).all(".errorlist")
        assert follow(link)[1].status_code == 302

    def test_the_link_ends_with_the_disabled_account(self, form: Form, house: Client, desk: Desk):
        link = link_in(house, form.send(username="yangjin", **role(desk, "editor")))
        house.post(act_path(User.objects.get(username="yangjin"), "disable"))
        assert follow(link)[1].status_code == 200
        assert not User.objects.get(username="yangjin").has_usable_password()

    def test_the_link_ends_after_its_days(self, form: Form, house: Client, desk: Desk, settings: Any):
        link = link_in(house, form.send(username="yangjin", **role(desk, "editor")))
        settings.PASSWORD_RESET_TIMEOUT = -1
        assert follow(link)[1].status_code == 200

    @pytest.mark.parametrize("link", ["MQ/x-y", "x/y", "MQ/set-password", "MjAwMDAwMDAwMDAwMDAwMDAw/a-b", "%00/%00"])
    def test_a_link_that_nobody_gave_opens_nothing(self, link: str, db: None):
        response = Client().get(f"/admin/welcome/{link}/")
        assert response.status_code in {200, 404}
        assert b'type="password"' not in response.content

    def test_a_new_link_can_be_given(self, house: Client, reporter: User):
        link = link_in(house, house.post(act_path(reporter, "link")))
        assert follow(link)[1].status_code == 302
        reporter.refresh_from_db()
        assert reporter.check_password(PASSWORD)

    @pytest.mark.parametrize("username", ["", "nima", "長" * 151, "a b", "青\x00稞", "\u202e"])
    def test_a_user_name_that_cannot_be_is_told_at_the_field(
        self, username: str, form: Form, reporter: User, desk: Desk
    ):
        again = shown_again(form, form.send(username=username, first_name="央金", **role(desk, "editor")))
        assert again.errors("username")
        assert again["first_name"] == "央金"

    def test_somebody_without_a_role_would_be_seen_by_nobody(self, form: Form):
        again = shown_again(form, form.send(username="yangjin"))
        assert "Give this colleague a role at one desk at least." in again.part.words
        assert not User.objects.filter(username="yangjin").exists()

    def test_a_person_belongs_to_one_colleague(self, form: Form, desk: Desk, reporter: User):
        person = factories.make_person("尼瑪")
        reporter.person = person
        reporter.save()
        again = shown_again(form, form.send(username="yangjin", person=person.pk, **role(desk, "editor")))
        assert again.errors("person")

    def test_an_administrator_makes_administrators(self, form: Form, house: Client):
        link = link_in(house, form.send(username="yangjin", is_superuser="on"))
        assert User.objects.get(username="yangjin").is_superuser
        assert follow(link)[0].get("/admin/articles/site/", follow=True).status_code == 200

    def test_a_link_from_before_one_was_shut_out_stays_shut_when_one_is_let_in_again(
        self, house: Client, reporter: User
    ):
        link = link_in(house, house.post(act_path(reporter, "link")))
        for act in ("disable", "enable"):
            house.post(act_path(reporter, act))
        client, response = follow(link)
        assert response.status_code == 200
        assert client.get("/admin/").status_code == 302
        assert User.objects.get(pk=reporter.pk).check_password(factories.PASSWORD)
        assert follow(link_in(house, house.post(act_path(reporter, "link"))))[1].status_code == 302

    def test_nobody_gives_themselves_a_link(self, house: Client, administrator: User):
        page = parse(house.post(act_path(administrator, "link"), follow=True))
        assert "A welcome link is for somebody else." in page.one(".messagelist .error").words
        assert page.none("input.link")
        access = page.one("section.access")
        assert access.none("button")
        assert "/admin/password_change/" in [link for _, link in access.links]

    def test_that_a_link_was_made_is_noted_for_whom_and_by_whom_and_never_the_link(
        self, house: Client, administrator: User, reporter: User, desk: Desk
    ):
        link = link_in(house, house.post(act_path(reporter, "link")))
        event = Event.objects.get(verb="welcome-link")
        assert (event.thing, event.by, event.desk) == (f"user {reporter.pk}", administrator, desk)
        assert (event.before, event.after) == ("", "")
        assert link.split("/")[-2] not in str(Event.objects.values_list())


class TestGoingOut:
    def test_a_disabled_colleague_is_out_at_once(self, house: Client, reporter: User):
        theirs = at_the_desk(reporter)
        assert theirs.get("/admin/").status_code == 200
        assert house.post(act_path(reporter, "disable"))["Location"] == change_path(reporter)
        assert theirs.get("/admin/").status_code == 302
        assert theirs.get("/admin/articles/article/").status_code == 302
        assert not Client().login(username="nima", password=factories.PASSWORD)

    def test_an_enabled_colleague_comes_in_again(self, house: Client, reporter: User):
        house.post(act_path(reporter, "disable"))
        house.post(act_path(reporter, "enable"))
        assert Client().login(username="nima", password=factories.PASSWORD)

    def test_nobody_locks_themselves_out(self, house: Client, administrator: User):
        response = house.post(act_path(administrator, "disable"), follow=True)
        assert parse(response).one(".messagelist .error").words
        administrator.refresh_from_db()
        assert administrator.is_active

    @pytest.mark.parametrize("act", ["link", "disable", "enable", "delete", "x"])
    def test_nothing_happens_by_a_link_alone(self, act: str, house: Client, reporter: User):
        assert house.get(act_path(reporter, act)).status_code == 404
        reporter.refresh_from_db()
        assert reporter.is_active

    def test_other_acts_do_not_exist(self, house: Client, reporter: User):
        assert house.post(act_path(reporter, "promote")).status_code == 404
        assert house.post(f"{LIST}999999/do/disable/").status_code == 404

    def test_colleagues_are_never_deleted(self, house: Client, reporter: User):
        path = reverse("admin:articles_user_delete", args=[reporter.pk])
        assert house.post(path, {"post": "yes"}).status_code == 403
        assert User.objects.filter(pk=reporter.pk).exists()


@on_postgresql
class TestAChief:
    @pytest.fixture
    def at_desk(self, chief: User) -> Client:
        return at_the_desk(chief)

    @pytest.fixture
    def chiefs_form(self, at_desk: Client) -> Form:
        return open_form(at_desk, ADD, "user_form")

    @pytest.mark.parametrize("given", ["reporter", "editor"])
    def test_adds_reporters_and_editors_of_the_own_desk(
        self, given: str, chiefs_form: Form, at_desk: Client, desk: Desk
    ):
        link = link_in(at_desk, chiefs_form.send(username="yangjin", **role(desk, given)))
        assert follow(link)[1].status_code == 302
        assert User.objects.get(username="yangjin").memberships.get().role == given

    def test_is_offered_no_more_than_that(self, chiefs_form: Form, desk: Desk, stranger: User):
        assert chiefs_form.choices("memberships-0-role") == ["", "reporter", "editor"]
        assert chiefs_form.choices("memberships-0-desk") == ["", str(desk.pk)]
        assert "is_superuser" not in chiefs_form
        assert chiefs_form.part.none("input[name=is_superuser]")

    def test_cannot_make_chiefs(self, chiefs_form: Form, desk: Desk):
        again = shown_again(chiefs_form, chiefs_form.send(username="yangjin", **role(desk, "chief")))
        assert again.errors("memberships-0-role")
        assert not User.objects.filter(username="yangjin").exists()

    def test_cannot_make_administrators(self, chiefs_form: Form, desk: Desk):
        chiefs_form.send(username="yangjin", is_superuser="1", is_staff="1", **role(desk, "editor"))
        assert not User.objects.filter(is_superuser=True).exists()

    def test_cannot_leave_out_the_role_by_forging_an_administrator(self, chiefs_form: Form):
        again = shown_again(chiefs_form, chiefs_form.send(username="yangjin", is_superuser="1"))
        assert "Give this colleague a role at one desk at least." in again.part.words
        assert not User.objects.filter(username="yangjin").exists()

    def test_cannot_give_roles_at_other_desks(self, chiefs_form: Form, stranger: User):
        theirs = stranger.memberships.get().desk
        again = shown_again(chiefs_form, chiefs_form.send(username="yangjin", **role(theirs, "editor")))
        assert again.errors("memberships-0-desk")
        assert not User.objects.filter(username="yangjin").exists()

    def test_changes_the_role_of_a_reporter(self, at_desk: Client, reporter: User):
        form = open_form(at_desk, change_path(reporter), "user_form")
        assert form.send(memberships__0__role="editor").status_code == 302
        assert reporter.memberships.get().role == "editor"

    def test_cannot_promote_a_colleague_beyond(self, at_desk: Client, reporter: User, stranger: User):
        form = open_form(at_desk, change_path(reporter), "user_form")
        theirs = stranger.memberships.get().desk
        for forged in ({"memberships__0__role": "chief"}, {"memberships__0__desk": theirs.pk}):
            shown_again(form, form.send(**forged))
        form.send(is_superuser="1", is_staff="", is_active="")
        reporter.refresh_from_db()
        assert (reporter.is_superuser, reporter.is_staff, reporter.is_active) == (False, True, True)
        assert [(one.desk.slug, one.role) for one in reporter.memberships.all()] == [("langtso", "reporter")]

    def test_sees_the_own_desk_alone(
        self, at_desk: Client, reporter: User, editor: User, stranger: User, administrator: User
    ):
        names = [part.words for part in parse(at_desk.get(LIST)).all("td.field-username")]
        assert names == ["dazhen", "nima", "yinxiaoyan"]

    def test_has_no_hand_in_other_desks_or_over_administrators(
        self, at_desk: Client, stranger: User, administrator: User, editor: User
    ):
        for other in (stranger, administrator):
            assert at_desk.get(change_path(other)).status_code == 404
            assert at_desk.post(change_path(other), {"username": "x"}).status_code == 404
            for act in ("link", "disable", "enable"):
                assert at_desk.post(act_path(other, act)).status_code == 404
            other.refresh_from_db()
            assert (other.is_active, other.username) == (True, other.username)

    def test_only_looks_at_equals_and_at_who_works_for_other_desks_too(
        self, at_desk: Client, chief: User, desk: Desk, stranger: User, reporter: User
    ):
        equal = factories.make_user("tsering", role="chief", desk=desk)
        Membership.objects.create(user=reporter, desk=stranger.memberships.get().desk, role="reporter")
        for other in (equal, reporter, chief):
            page = parse(at_desk.get(change_path(other)))
            assert page.none("input[name=username]")
            assert page.none("section.access")
            assert at_desk.post(change_path(other), {"username": "x"}).status_code == 403
            for act in ("link", "disable", "enable"):
                refused = at_desk.post(act_path(other, act))
                page = parse(at_desk.get(refused["Location"]))
                assert "Your role at this desk does not allow this." in page.one(".messagelist .error").words
                assert page.none("input.link")
            before = other.username
            other.refresh_from_db()
            assert (other.is_active, other.username) == (True, before)


class TestOthers:
    @pytest.mark.parametrize("who", ["reporter", "editor"])
    def test_see_no_colleagues(self, who: str, chief: User, request: pytest.FixtureRequest):
        client = at_the_desk(request.getfixturevalue(who))
        for path in (LIST, ADD, change_path(chief)):
            assert client.get(path).status_code == 403, path
            assert client.post(path, {"username": "x"}).status_code == 403, path
        assert client.post(act_path(chief, "disable")).status_code in {403, 404}
        chief.refresh_from_db()
        assert chief.is_active
        assert f'href="{LIST}"' not in client.get("/admin/").content.decode()


class TestPasswords:
    def test_are_never_shown(self, house: Client, reporter: User, administrator: User):
        for path in (LIST, change_path(reporter), change_path(administrator), f"{change_path(reporter)[:-7]}history/"):
            content = house.get(path, follow=True).content.decode()
            for user in (reporter, administrator):
                assert user.password not in content
            assert "pbkdf2" not in content

    def test_are_not_set_by_others(self, house: Client, reporter: User):
        form = open_form(house, change_path(reporter), "user_form")
        form.send(password="x", password1=PASSWORD, password2=PASSWORD)
        reporter.refresh_from_db()
        assert reporter.check_password(factories.PASSWORD)

    def test_are_changed_by_oneself_who_knows_the_old_one(self, reporter: User):
        client = at_the_desk(reporter)
        form = open_form(client, "/admin/password_change/")
        new = {"new_password1": PASSWORD, "new_password2": PASSWORD}
        assert shown_again(form, form.send(old_password="falsch", **new)).page.all(".errorlist")
        assert form.send(old_password=factories.PASSWORD, **new).status_code == 302
        assert client.get("/admin/").status_code == 200
        assert Client().login(username="nima", password=PASSWORD)


@pytest.mark.parametrize("column", ["password__startswith", "email__contains", "last_login__gt", "is_superuser__exact"])
def test_nothing_that_the_list_does_not_show_can_be_asked_of_it(column: str, client: Client, chief: User, editor: User):
    """Password hashes could otherwise be read letter by letter."""
    client.force_login(chief)
    where = "/admin/articles/user/"
    assert client.get(where, {column: "pbkdf2"})["Location"] == f"{where}?e=1"


def test_the_last_administrator_stays_one(client: Client, administrator: User):
    client.force_login(administrator)
    posted = {"username": "admin", "memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}
    page = client.post(f"/admin/articles/user/{administrator.pk}/change/", posted)
    assert page.status_code == 200
    assert User.objects.get(pk=administrator.pk).is_superuser
