"""The rules that each desk sets itself: its chief changes them, and the trail tells from what to what."""

import pytest

from articles.models import Desk, Event, Site, User
from tests import factories
from tests.desk.forms import at_the_desk, open_form


def path(desk: Desk) -> str:
    return f"/admin/articles/desk/{desk.pk}/change/"


@pytest.mark.parametrize(
    ("given", "before", "after"),
    [
        ({"approval": "first"}, "approval none", "approval first"),
        ({"editors_publish": None}, "editors_publish yes", "editors_publish no"),
        ({"editors_correct": None}, "editors_correct yes", "editors_correct no"),
    ],
)
def test_a_chief_changes_a_rule(given: dict, before: str, after: str, desk: Desk, chief: User, site: Site):
    open_form(at_the_desk(chief), path(desk), "desk_form").send(**given)
    event = Event.objects.get(verb="rule-changed")
    assert (event.by, event.desk, event.before, event.after) == (chief, desk, before, after)


def test_what_stays_is_not_noted(desk: Desk, chief: User, site: Site):
    open_form(at_the_desk(chief), path(desk), "desk_form").send()
    assert not Event.objects.filter(verb="rule-changed").exists()


def test_a_chief_names_no_desk(desk: Desk, chief: User, site: Site):
    client = at_the_desk(chief)
    client.post(path(desk), {"name": "別的", "slug": "other", "approval": "every", "time_zone": "Europe/Paris"})
    desk.refresh_from_db()
    assert (desk.name, desk.slug, desk.time_zone) != ("別的", "other", "Europe/Paris")
    assert desk.approval == Desk.Approval.EVERY


@pytest.mark.parametrize("who", ["editor", "reporter", "stranger"])
def test_nobody_else_changes_them(who: str, desk: Desk, request: pytest.FixtureRequest):
    response = at_the_desk(request.getfixturevalue(who)).post(path(desk), {"approval": "every"})
    assert response.status_code in {403, 404}
    assert Desk.objects.get(pk=desk.pk).approval == Desk.Approval.NONE


def test_a_chief_of_one_desk_sets_no_rule_of_another(desk: Desk, chief: User):
    other = factories.make_desk()
    assert at_the_desk(chief).post(path(other), {"approval": "every"}).status_code in {403, 404}
    assert Desk.objects.get(pk=other.pk).approval == Desk.Approval.NONE
