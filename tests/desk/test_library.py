"""Channels, topics, sources and tags in the admin."""

import pytest
from django.test import Client

from articles.models import Event, OldAddress, Tag, User
from tests import factories
from tests.desk.forms import at_the_desk, open_form, parse


@pytest.fixture
def at_desk(client: Client, editor: User) -> Client:
    client.force_login(editor)
    return client


def test_a_tibetan_tag_is_saved_unchanged(at_desk: Client):
    tag = Tag.objects.create(name="བོད་ཡིག")
    page = at_desk.post(f"/admin/articles/tag/{tag.pk}/change/", {"name": tag.name, "slug": tag.slug})
    assert page.status_code == 302, page.content.decode()
    tag.refresh_from_db()
    assert (tag.name, tag.slug) == ("བོད་ཡིག", "བོད་ཡིག")


@pytest.mark.parametrize(
    ("field", "typed"),
    [("name", "a, b"), ("name", "a\u202eb"), ("name", "、"), ("name", "長" * 101), ("slug", "x" * 81), ("slug", "a b")],
)
def test_what_no_tag_can_be_is_told_at_its_field(field: str, typed: str, at_desk: Client):
    page = at_desk.post("/admin/articles/tag/add/", {"name": "青稞", "slug": "barley"} | {field: typed})
    assert page.status_code == 200
    assert parse(page).one(f"ul[id=id_{field}_error]").words
    assert not Tag.objects.exists()


def test_an_address_that_readers_have_met_may_change_and_the_desk_is_told_what_becomes_of_it(editor: User):
    client = at_the_desk(editor)
    article = factories.publish_article(editor, tags=["青稞", "秋收"])
    barley, harvest = (article.tags.get(name=name) for name in ("青稞", "秋收"))
    form = open_form(client, f"/admin/articles/tag/{barley.pk}/change/")
    page = client.get(form.send(slug="barley").headers["Location"])
    assert "are led to the new one, for ever" in parse(page).one("ul.messagelist").words
    event = Event.objects.get(verb="readdressed")
    assert (event.thing, event.by, event.before, event.after) == (f"tag {barley.pk}", editor, "", "")

    page = client.get(open_form(client, f"/admin/articles/tag/{harvest.pk}/change/").send(slug="青稞")["Location"])
    told = parse(page).one("ul.messagelist").words
    assert "The address word “青稞” used to lead readers to “青稞”. From now on it leads here." in told
    assert client.get("/tag/青稞/").status_code == 200
    assert client.get("/tag/秋收/")["Location"] == "/tag/%E9%9D%92%E7%A8%9E/"


def test_an_address_that_no_reader_has_met_leaves_no_trace(editor: User):
    tag = Tag.objects.create(name="青稞", slug="secret")
    client = at_the_desk(editor)
    open_form(client, f"/admin/articles/tag/{tag.pk}/change/").send(slug="barley")
    assert not OldAddress.objects.exists()


@pytest.mark.parametrize("order", ["99999999", "-1", "x"])
def test_numbers_are_refused_alike_on_both_databases(order: str, at_desk: Client):
    page = at_desk.post("/admin/articles/topic/add/", {"name": "專題", "slug": "harvest", "order": order})
    assert page.status_code == 200
    assert parse(page).one("ul[id=id_order_error]").words
