"""What a list costs does not grow with the desks one belongs to, their members, or what they have."""

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import Desk, Membership, Site, User
from tests import factories
from tests.desk.doors import DOORS
from tests.desk.forms import at_the_desk
from tests.desk.test_matrix import things_of
from tests.harness.once import on_one_database

OTHERS = {"": "/admin/", "calendar/": "/admin/calendar/", "alerts/": "/admin/alerts/"}
LISTS = OTHERS | {
    route: f"/admin/{route}"
    for route in DOORS
    if route.startswith("articles/") and route.count("/") == 2 and route != "articles/site/"
}
MOST, HOME = 18, 32  # the home page draws ten lists


def costs(client: Client) -> dict[str, int]:
    found = {}
    for path in [*LISTS.values(), "/admin/articles/article/?q=青稞", "/admin/articles/event/?q=青稞"]:
        client.get(path)  # the first one fills what this process remembers
        with CaptureQueriesContext(connection) as queries:
            if client.get(path).status_code == 200:
                found[path] = len(queries)
    return found


@on_one_database
def test_lists_cost_the_same_with_many_desks_members_and_things(
    desk: Desk, editor: User, reporter: User, chief: User, site: Site
):
    things_of(desk, editor, reporter, chief)
    clients = {user.username: at_the_desk(user) for user in (chief, editor, reporter)}
    few = {name: costs(client) for name, client in clients.items()}
    for number in range(5):
        other = factories.make_desk(name=f"第{number}編輯部")
        people = [factories.make_user(role=role, desk=other) for role in ("editor", "reporter", "chief", "editor")]
        things_of(other, *people[:3])
        for user in (chief, editor, reporter):
            Membership.objects.create(user=user, desk=other, role=user.memberships.get(desk=desk).role)
    assert {name: costs(client) for name, client in clients.items()} == few
    for found in few.values():
        assert found.pop("/admin/") <= HOME
        assert max(found.values()) <= MOST, found
