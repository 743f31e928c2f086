"""Every address below /admin/: closed to visitors, and nobody with a small role can break it open or make it fail."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from articles.models import Article, Membership, Page, Site, Tag, User
from tests import factories
from tests.desk.forms import at_the_desk, open_form, parse
from tests.harness.once import on_postgresql

OPEN = {"/admin/login/", "/admin/login/password/", "/admin/welcome/MQ/x-y/"}


def addresses(values: dict[str, Any]) -> list[str]:
    """Each address below /admin/, with `values` in the place of its parts."""

    def walk(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[str]:
        for one in patterns:
            route = before + str(one.pattern)
            if isinstance(one, URLResolver):
                yield from walk(one.url_patterns, route)
            elif route.startswith("admin/"):
                yield route

    def fill(route: str) -> str:
        named = re.sub(r"\(\?P<(\w+)>[^()]*\)", r"<\1>", route).replace("^", "").replace("$", "").replace("\\Z", "")
        model = re.match(r"admin/articles/(\w+)/", named)
        own = {"object_id": values["pk"].get(model[1], 1), "pk": values["pk"].get(model[1], 1)} if model else {}
        return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda part: str((values | own).get(part[1], 1)), named)

    return sorted({fill(route) for route in walk(get_resolver().url_patterns, "")})


def read_out(response: Any) -> None:
    """A file that is not read would stay open."""
    if response.streaming:
        response.getvalue()


@pytest.fixture
def everything(
    article: Article, chief: User, editor: User, reporter: User, stranger: User, administrator: User, site: Site
) -> dict[str, Any]:
    """One of each thing there is, and what stands for it in an address."""
    picture = factories.make_picture(editor)
    topic, tag = factories.make_topic(), Tag.objects.create(name="青稞", slug="青稞")
    person = factories.make_person()
    return {
        "pk": {
            "article": article.pk, "picture": picture.pk, "topic": topic.pk, "tag": tag.pk, "person": person.pk,
            "source": article.source.pk, "channel": article.channel.pk, "desk": article.desk.pk, "user": chief.pk,
            "page": Page.objects.get(slug="about").pk, "site": 1,
        },
        "digest": picture.digest, "width": 640, "kind": "webp", "act": "link", "uidb64": "MQ", "token": "x-y",
        "app_label": "articles", "url": "nothing-here", "content_type_id": 1, "object_id": 1,
    }  # fmt: skip


@on_postgresql
def test_the_walk_meets_every_kind_of_page(everything: dict[str, Any]):
    found = addresses(everything)
    pk = everything["pk"]["article"]
    story = f"/admin/articles/article/{pk}"
    assert {"/admin/", "/admin/login/", "/admin/language/", f"{story}/publish/", f"{story}/preview/"} <= set(found)
    assert len(found) > 60
    assert not [path for path in found if re.search(r"[<>()?]", path)]


@on_postgresql
def test_visitors_are_asked_to_log_in(everything: dict[str, Any]):
    for path in addresses(everything):
        for ask in ("get", "post", "head", "delete"):
            response = getattr(Client(), ask)(path)
            if path in OPEN:
                assert response.status_code in {200, 405}, path
            else:
                assert response.status_code == 302, (ask, path)
                assert response["Location"].startswith(("/admin/login/?next=", "/admin/")), path
                if path == "/admin/login/second/":  # nobody is on the way in
                    assert response["Location"] == "/admin/login/", path
                elif path != "/admin/logout/":
                    assert response["Location"].startswith("/admin/login/?next="), path


def test_a_login_leads_back_and_never_to_another_site(editor: User):
    stories = "/admin/articles/article/"
    for asked, reached in ((stories, stories), ("https://evil.example/", "/admin/")):
        client = Client()
        form = open_form(client, f"/admin/login/?next={asked}", "login-form")
        assert form.send(username="yinxiaoyan", password=factories.PASSWORD)["Location"] == reached


@on_postgresql
def test_no_address_fails_for_a_reporter(everything: dict[str, Any], reporter: User):
    """The test's browser raises what the server would answer with 500. Other roles: test_matrix.py."""
    before = Article.objects.get().headline, Site.objects.get().name, Membership.objects.count(), User.objects.count()
    client = at_the_desk(reporter)
    for path in addresses(everything):
        for ask in ("get", "post", "put"):
            response = getattr(client, ask)(path)
            assert response.status_code < 500, (ask, path)
            if path == "/admin/logout/":
                client = at_the_desk(reporter)
            if response.status_code == 200 and ask == "get" and "text/html" in response["Content-Type"]:
                policy = response["Content-Security-Policy"]
                assert "unsafe-inline" not in policy, path
                assert "unsafe-eval" not in policy, path
                assert "default-src 'none'" in policy, path
            read_out(response)
    after = Article.objects.get().headline, Site.objects.get().name, Membership.objects.count(), User.objects.count()
    assert after == before


@on_postgresql
def test_what_does_not_exist_fails_for_nobody(everything: dict[str, Any], administrator: User):
    client = at_the_desk(administrator)
    there = set(addresses(everything))  # those that name no thing are the same every time
    for name in ("0", "999999", "99999999999999999999999", "9" * 5000, "x", "%00", "_5F", "長", "-1", "%ED%A0%80"):
        nothing = everything | {"pk": dict.fromkeys(everything["pk"], name), "object_id": name, "digest": name}
        for path in set(addresses(nothing)) - there:
            response = client.get(path)
            assert response.status_code < 500, path
            read_out(response)


@on_postgresql
def test_the_house_of_an_administrator_has_no_page_that_fails(everything: dict[str, Any], administrator: User):
    client = at_the_desk(administrator)
    for path in addresses(everything):
        response = client.get(path)
        assert response.status_code < 500, path
        if response.status_code == 200 and "text/html" in response["Content-Type"]:
            assert "unsafe" not in response["Content-Security-Policy"], path
        read_out(response)


def test_scripts_of_the_desk_carry_the_nonce_of_their_page(editor: User):
    client = at_the_desk(editor)
    nonces = set()
    for _ in range(2):
        response = client.get("/admin/articles/article/add/")
        (nonce,) = re.findall(r"'nonce-([^']+)'", response["Content-Security-Policy"])
        inline = [script for script in parse(response).all("script") if not script.get("src")]
        assert inline
        assert {script["nonce"] for script in inline if script.get("type") != "application/json"} == {nonce}
        nonces.add(nonce)
    assert len(nonces) == 2


@pytest.mark.parametrize(
    ("username", "password"),
    [("yinxiaoyan", "falsch"), ("nobody", "x"), ("", ""), ("\x00", "\x00"), ("長" * 10_000, "長" * 10_000)],
)
def test_a_wrong_login_says_nothing_of_who_exists(username: str, password: str, editor: User):
    client = Client(headers={"Accept-Language": "en"})
    form = open_form(client, "/admin/login/", "login-form")
    response = form.send(username=username, password=password)
    assert response.status_code == 200
    said = parse(response).one("main").words
    assert ("correct" in said) or ("required" in said) or ("Null characters" in said) or ("at most" in said), said
    assert client.get("/admin/").status_code == 302


def test_logging_out_takes_a_post_and_ends_the_session(editor: User):
    client = at_the_desk(editor)
    assert client.get("/admin/logout/").status_code == 405
    assert client.get("/admin/").status_code == 200
    client.post("/admin/logout/")
    assert client.get("/admin/").status_code == 302


def test_somebody_who_is_no_longer_staff_is_out(editor: User):
    client = at_the_desk(editor)
    editor.is_staff = False
    editor.save()
    assert client.get("/admin/articles/article/").status_code == 302


def test_the_home_of_the_desk_shows_ones_own_work(editor: User, article: Article, stranger: User):
    assert "青稞開鐮" in parse(at_the_desk(editor).get("/admin/")).one("main").words
    assert "青稞開鐮" not in parse(at_the_desk(stranger).get("/admin/")).one("main").words


def test_the_home_of_a_new_newsroom_says_what_is_to_be_done(administrator: User):
    page = parse(at_the_desk(administrator).get("/admin/"))
    assert [link for _, link in page.one("ul.steps").links] == [
        f"/admin/articles/{model}/add/" for model in ("channel", "source", "person", "article")
    ]


def test_the_rail_leads_where_one_may_go(reporter: User, administrator: User):
    def places(user: User) -> set[str]:
        page = parse(at_the_desk(user).get("/admin/"))
        return {link for _, link in page.one("nav[id=desk-nav]").links}

    library = ["article", "picture", "person", "topic", "source", "tag", "channel", "desk"]
    house = ["user", "site", "page"]
    for user, shut in ((reporter, house), (administrator, [])):
        client, found = at_the_desk(user), places(user)
        for model in library + house:
            path = f"/admin/articles/{model}/"
            assert (path in found) == (model not in shut), path
            assert client.get(path, follow=True).status_code == (403 if model in shut else 200), path
