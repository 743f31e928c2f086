"""Nobody raises themselves or others to their own role or above; each change wants a fresh proof, and is noted."""

import time
from typing import Any

import pytest
from django.test import Client

from articles.models import Desk, Event, Membership, User
from tests import factories
from tests.desk.forms import at_the_desk, open_form, parse, shown_again
from tests.harness.once import on_postgresql

pytestmark = on_postgresql

PEOPLE = ["reporter", "editor", "chief", "other_chief", "stranger", "nobody", "administrator"]
RANK = {"reporter": 1, "editor": 2, "stranger": 2, "chief": 3, "other_chief": 3, "administrator": 4, "nobody": 0}


def path(user: User) -> str:
    return f"/admin/articles/user/{user.pk}/change/"


def forged(user: User, desk: Desk, role: str) -> dict[str, Any]:
    """Everything that somebody could wish for, sent to the form of this colleague without having read it."""
    membership = user.memberships.filter(desk=desk).first()
    return {
        "username": user.username, "is_superuser": "on" if role == "administrator" else "", "is_staff": "on",
        "is_active": "on", "role": role, "groups": "1", "user_permissions": "1", "proof": factories.PASSWORD,
        "memberships-TOTAL_FORMS": "1", "memberships-INITIAL_FORMS": "1" if membership else "0",
        "memberships-0-id": membership.pk if membership else "", "memberships-0-user": user.pk,
        "memberships-0-desk": desk.pk, "memberships-0-role": role if role != "administrator" else "chief",
    }  # fmt: skip


@pytest.fixture
def people(
    reporter: User, editor: User, chief: User, stranger: User, administrator: User, desk: Desk
) -> dict[str, User]:
    return {
        "reporter": reporter, "editor": editor, "chief": chief, "stranger": stranger, "administrator": administrator,
        "other_chief": factories.make_user("tsering", role="chief", desk=desk), "nobody": factories.make_user("nobody"),
    }  # fmt: skip


def held(users: Any) -> list[Any]:
    rows = Membership.objects.order_by("user", "desk").values_list("user__username", "desk", "role")
    return [*rows, *users.order_by("pk").values_list("username", "is_superuser", "is_staff", "is_active")]


@pytest.mark.parametrize("who", PEOPLE[:-1])
def test_no_forged_form_raises_anybody_to_ones_own_role_or_above(who: str, people: dict[str, User], desk: Desk):
    """Over all pairs and roles, at the own desk and elsewhere."""
    by = people[who]
    client = at_the_desk(by)
    there = people["stranger"].memberships.get().desk
    for whom, user in people.items():
        for where in (desk, there):
            for role in ("reporter", "editor", "chief", "administrator"):
                before = held(User.objects)
                answer = client.post(path(user), forged(user, where, role))
                may = who in {"chief", "other_chief"} and RANK[whom] in {1, 2} and whom != "stranger"
                if may and where == desk and role in {"reporter", "editor"}:
                    assert answer.status_code == 302, (whom, where, role)
                else:
                    assert held(User.objects) == before, (whom, where, role)
    assert User.objects.filter(is_superuser=True).count() == 1
    assert set(Membership.objects.filter(role="chief").values_list("user__username", flat=True)) == {
        "dazhen",
        "tsering",
    }


@pytest.mark.parametrize("who", PEOPLE[:-1])
def test_no_forged_form_adds_an_equal_or_somebody_above(who: str, people: dict[str, User], desk: Desk):
    client = at_the_desk(people[who])
    for role in ("chief", "administrator"):
        new = forged(people[who], desk, role) | {"username": f"new-{role}", "memberships-INITIAL_FORMS": "0"}
        client.post("/admin/articles/user/add/", new | {"memberships-0-id": "", "memberships-0-user": ""})
    assert not User.objects.filter(username__startswith="new-").exists()


class TestAFreshProof:
    @pytest.fixture
    def late(self, chief: User) -> Client:
        """The chief's browser, a quarter of an hour after the password."""
        client = at_the_desk(chief)
        client.get("/admin/")
        session = client.session
        session["proved"] = time.time() - 15 * 60
        session.save()
        return client

    @pytest.mark.parametrize("proof", ["", "falsch", "000000"])
    def test_is_wanted_to_change_a_role_and_nothing_typed_is_lost(self, proof: str, late: Client, reporter: User):
        form = open_form(late, path(reporter), "user_form")
        again = shown_again(form, form.send(memberships__0__role="editor", first_name="尼瑪", proof=proof))
        assert again.errors("proof")
        assert (again["memberships-0-role"], again["first_name"]) == ("editor", "尼瑪")
        assert reporter.memberships.get().role == "reporter"
        assert again.send(proof=factories.PASSWORD).status_code == 302
        assert reporter.memberships.get().role == "editor"
        assert "proof" not in open_form(late, path(reporter), "user_form")

    def test_is_not_passed_by_leaving_the_field_out(self, late: Client, reporter: User):
        form = open_form(late, path(reporter), "user_form")
        form.send(memberships__0__role="editor", proof=None)
        assert reporter.memberships.get().role == "reporter"

    def test_is_wanted_to_add_a_colleague(self, late: Client, desk: Desk):
        form = open_form(late, "/admin/articles/user/add/", "user_form")
        new = {"memberships__0__desk": desk.pk, "memberships__0__role": "editor"}
        again = shown_again(form, form.send(username="yangjin", **new))
        assert again.errors("proof")
        assert again.send(proof=factories.PASSWORD).status_code == 302

    def test_is_wanted_to_take_a_lost_second_factor_away(self, late: Client, reporter: User):
        factories.give_app(reporter)
        page = parse(late.get(path(reporter)))
        assert page.one(".forget input[name=proof]")
        act = f"/admin/articles/user/{reporter.pk}/do/forget/"
        for proof in ({}, {"proof": "falsch"}):
            assert late.post(act, proof)["Location"] == path(reporter)
            assert hasattr(User.objects.get(pk=reporter.pk), "authenticator_app")
        late.post(act, {"proof": factories.PASSWORD})
        assert not hasattr(User.objects.get(pk=reporter.pk), "authenticator_app")
        told = parse(late.get(path(reporter))).one(".messagelist .success").words
        assert "has no second factor any more" in told

    @pytest.mark.parametrize("act", ["link", "disable", "enable"])
    @pytest.mark.parametrize("proof", [{}, {"proof": ""}, {"proof": "falsch"}, {"proof": "000000"}])
    def test_is_wanted_for_who_may_come_in(self, act: str, proof: dict[str, str], late: Client, reporter: User):
        reporter.is_active = act != "enable"
        reporter.save()
        assert parse(late.get(path(reporter))).one(".access .acts input[name=proof]")
        answer = late.post(f"/admin/articles/user/{reporter.pk}/do/{act}/", proof)
        page = parse(late.get(answer["Location"]))
        assert page.one(".messagelist .error").words
        assert page.none("input.link")
        assert User.objects.get(pk=reporter.pk).is_active == (act != "enable")
        assert not Event.objects.filter(thing=f"user {reporter.pk}").exists()

    @pytest.mark.parametrize("act", ["link", "disable", "enable"])
    def test_once_given_lets_each_of_them_happen(self, act: str, late: Client, reporter: User):
        late.post(f"/admin/articles/user/{reporter.pk}/do/{act}/", {"proof": factories.PASSWORD})
        assert Event.objects.filter(thing=f"user {reporter.pk}").exists()
        assert parse(late.get(path(reporter))).none(".access input[name=proof]")

    def test_is_wanted_for_the_rules_of_the_desk_and_nothing_chosen_is_lost(self, late: Client, desk: Desk):
        desk.demands_second_factor = True
        desk.save()
        session = late.session
        session["second"] = True
        session.save()
        form = open_form(late, f"/admin/articles/desk/{desk.pk}/change/", "desk_form")
        again = shown_again(form, form.send(approval="every", demands_second_factor=None))
        assert again.errors("proof")
        assert (again["approval"], "demands_second_factor" in again) == ("every", False)
        assert Desk.objects.get(pk=desk.pk).demands_second_factor
        assert again.send(proof=factories.PASSWORD).status_code == 302
        assert not Desk.objects.get(pk=desk.pk).demands_second_factor


class TestTheTrail:
    def test_tells_that_an_address_changed_by_whom_and_not_to_what(self, chief: User, reporter: User, desk: Desk):
        form = open_form(at_the_desk(chief), path(reporter), "user_form")
        form.send(email="nima@news.example")
        event = Event.objects.get(verb="email-changed")
        assert (event.by, event.thing, event.desk) == (chief, f"user {reporter.pk}", desk)
        assert (event.before, event.after) == ("", "")
        open_form(at_the_desk(chief), path(reporter), "user_form").send(first_name="尼瑪")
        assert Event.objects.filter(verb="email-changed").count() == 1

    def test_tells_each_role_before_and_after_by_whom_and_from_where(
        self, administrator: User, reporter: User, desk: Desk
    ):
        elsewhere = factories.make_desk()
        client = at_the_desk(administrator, REMOTE_ADDR="10.0.0.7")
        form = open_form(client, path(reporter), "user_form")
        form.send(memberships__0__role="editor", memberships__1__desk=elsewhere.pk, memberships__1__role="reporter",
                  memberships__TOTAL_FORMS="2")  # fmt: skip
        events = Event.objects.filter(verb="role-changed").order_by("pk")
        assert [(one.desk, one.before, one.after) for one in events] == [
            (desk, "reporter", "editor"), (elsewhere, "", "reporter")
        ]  # fmt: skip
        assert {(one.by, one.thing, one.door, one.address) for one in events} == {
            (administrator, f"user {reporter.pk}", "desk", "10.0.0.7")
        }

    def test_tells_who_became_administrator_and_who_ceased_to_be(self, administrator: User, reporter: User):
        client = at_the_desk(administrator)
        for box in ("on", None):
            open_form(client, path(reporter), "user_form").send(is_superuser=box)
        events = Event.objects.filter(verb="role-changed").order_by("pk")
        assert [(one.before, one.after) for one in events] == [("", "administrator"), ("administrator", "")]

    def test_tells_nothing_where_nothing_changed(self, chief: User, reporter: User):
        open_form(at_the_desk(chief), path(reporter), "user_form").send(first_name="尼瑪")
        assert not Event.objects.filter(verb="role-changed").exists()
