"""Role × desk × every address below /admin/, own and another desk's things: who gets in, and who finds nothing there.

What each role may do stands in doors.py, one line an address; an address that is missing there fails the test.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from articles.models import Article, Desk, Duty, Event, GlossaryEntry, Page, Site, StyleRule, Tag, User
from articles.publishing import Note, Told, propose, report_error, schedule
from articles.publishing.clock import database_now
from tests import factories
from tests.desk.doors import DOORS
from tests.desk.forms import at_the_desk
from tests.harness.once import on_postgresql

ROLES = ["administrator", "chief", "editor", "reporter", "stranger", "nobody"]  # stranger: an editor elsewhere
SHUT = {403, 404, 405}


def routes() -> list[str]:
    """Each address below /admin/ as it is written, without `admin/` and without what regular expressions add."""

    def walk(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[str]:
        for one in patterns:
            route = before + str(one.pattern)
            if isinstance(one, URLResolver):
                yield from walk(one.url_patterns, route)
            elif route.startswith("admin/"):
                yield route.removeprefix("admin/").replace("^", "").replace("$", "").replace("\\Z", "")

    return sorted(set(walk(get_resolver().url_patterns, "")))


@dataclass
class Things:
    """One of each thing there is, by model, and what stands for other parts of an address, by their names."""

    pk: dict[str, Any]
    parts: dict[str, Any]

    def path(self, route: str) -> str:
        model = match[1] if (match := re.match(r"articles/(\w+)/", route)) else ""
        pk = self.pk.get(model, 1)
        values = {"pk": pk, "object_id": pk, "content_type_id": 1, "app_label": "articles", "url": "nothing-here"}

        def value(part: re.Match[str]) -> str:
            return str((values | self.parts).get(part[1]) or self.parts[f"{model}.{part[1]}"])

        return "/admin/" + re.sub(r"<(?:\w+:)?(\w+)>", value, re.sub(r"\(\?P<(\w+)>[^()]*\)", r"<\1>", route))


PARTS = {
    "width": 640, "kind": "webp", "number": 1, "uidb64": "MQ", "token": "x-y",
    "user.act": "link", "article.act": "retraction", ".act": "codes",
    "alert": 987654321, "front.which": "site",
}  # fmt: skip


def things_of(desk: Desk, editor: User, colleague: User, chief: User) -> Things:
    """What a desk has: a story with a report, a proposal and a duty, a picture, a colleague; and the house's things."""
    story = factories.publish_article(editor, desk=desk, topic=factories.make_topic())
    picture = factories.make_picture(editor)
    factories.correct(story, by=editor)
    Article.objects.filter(pk=story.pk).update(assignee=colleague)  # a reporter sees what is theirs
    report = report_error(story, number=1, told=Told(wrong="不對"), sender=f"10.0.0.{desk.pk}", language="en").report
    proposal = propose(story, act="retraction", by=chief, text="不成立。", reason="查核")
    pk = {
        "article": story.pk, "errorreport": report.pk, "decision": proposal.pk, "picture": picture.pk,
        "duty": Duty.objects.filter(desk=desk).exclude(place="related")[0].pk,
        "event": Event.objects.filter(desk=desk)[0].pk, "user": colleague.pk, "desk": desk.pk,
        "source": story.source.pk, "channel": story.channel.pk, "topic": story.topic.pk,
        "person": factories.make_person().pk, "page": Page.objects.get(slug="about").pk, "site": 1,
        "place": factories.make_place(f"54{desk.pk % 90 + 10}21").pk,
        "tag": Tag.objects.create(name=desk.name, slug=desk.slug).pk,
        "glossaryentry": GlossaryEntry.objects.create(desk=desk, language="zh-Hant", right="達珍").pk,
        "stylerule": StyleRule.objects.create(desk=desk, code="dash", state="off").pk,
    }  # fmt: skip
    clarified = [Note(kind="clarification", text="指上朗縣。")]
    due_at = (database_now() + timedelta(days=1)).replace(second=0, microsecond=0)
    story.refresh_from_db()
    row = schedule(story, seen=story.version, by=chief, due_at=due_at, zone=desk.time_zone, noted=clarified)
    return Things(pk, PARTS | {"digest": picture.digest, "schedule": row.pk})


def nothing_like(things: Things) -> Things:
    return Things(dict.fromkeys(things.pk, 987654321), PARTS | {"digest": "0" * 64, "schedule": 987654321})


@dataclass
class World:
    own: Things
    other: Things
    missing: Things


@pytest.fixture
def world(desk: Desk, editor: User, reporter: User, chief: User, stranger: User, administrator: User,
          site: Site) -> World:  # fmt: skip
    own = things_of(desk, editor, reporter, chief)
    there = stranger.memberships.get().desk
    theirs = [factories.make_user(f"their-{role}", role=role, desk=there) for role in ("reporter", "chief")]
    return World(own, things_of(there, stranger, *theirs), nothing_like(own))


def ask(client: Client, method: str, path: str) -> HttpResponse:
    response: HttpResponse = getattr(client, method)(path)
    if response.streaming:
        response.getvalue()  # a file that is not read would stay open
    assert response.status_code < 500, (method, path)
    return response


def said(response: HttpResponse, path: str) -> tuple[int, str, str]:
    """What somebody outside can tell two answers apart by."""
    text = "" if response.streaming else response.content.decode()
    text = re.sub(r'nonce="[^"]+"|name="csrfmiddlewaretoken" value="\w+"', "", text.replace(path, "HERE"))
    return response.status_code, response.get("Location", "").replace(path, "HERE"), text


def all_rows() -> dict[str, list[dict[str, Any]]]:
    """Everything that the newsroom keeps, but for when somebody came in last."""
    rows = {model.__name__: list(model._default_manager.order_by("pk").values()) for model in
            apps.get_app_config("articles").get_models()}  # fmt: skip
    for row in rows["User"]:
        row.pop("last_login")
    return rows


def test_every_address_of_the_admin_stands_in_the_table():
    assert sorted(set(routes()) - DOORS.keys()) == [], "say in doors.py who may go there"
    assert sorted(DOORS.keys() - set(routes())) == [], "these addresses do not exist any more"


@on_postgresql
@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_what_the_table_says_and_nothing_else(role: str, world: World, request: pytest.FixtureRequest):
    user = factories.make_user("nobody") if role == "nobody" else request.getfixturevalue(role)
    client = at_the_desk(user)
    wrong: list[str] = []
    at_the_end: list[str] = []
    before = all_rows()
    for route, door in DOORS.items():
        for method, allowed in (("get", door.look), ("post", door.send)):
            path = world.own.path(route)
            outside = door.of_desk and role in {"stranger", "nobody"}
            may = not outside and ("editor" if role == "stranger" else role) in allowed
            if may and method == "post":
                at_the_end.append(path)
            elif (status := ask(client, method, path).status_code) and (status in SHUT) == may:
                wrong.append(f"{method} {path}: {status}, which {'is refused' if may else 'should be refused'}")
            if not door.of_desk or role == "administrator":
                continue
            there, gone = world.own if outside else world.other, world.missing
            answers = [said(ask(client, method, things.path(route)), things.path(route)) for things in (there, gone)]
            if answers[0] != answers[1]:
                wrong.append(f"{method} {there.path(route)}: tells that it exists: {answers[0][:2]} {answers[1][:2]}")
    assert wrong == []
    assert all_rows() == before
    for path in at_the_end:
        assert ask(at_the_desk(user), "post", path).status_code not in SHUT, path
