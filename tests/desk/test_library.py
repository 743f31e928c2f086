"""Channels, topics, sources and tags in the admin."""

import pytest
from django.test import Client

from articles.models import Article, Tag, User
from tests import factories


@pytest.fixture
def at_desk(client: Client, editor: User) -> Client:
    client.force_login(editor)
    return client


def test_a_tibetan_tag_is_saved_unchanged(at_desk: Client):
    tag = Tag.objects.create(name="བོད་ཡིག")
    page = at_desk.post(f"/admin/articles/tag/{tag.pk}/change/", {"name": tag.name, "slug": tag.slug})
    assert page.status_code == 302, page.context["errors"]
    tag.refresh_from_db()
    assert (tag.name, tag.slug) == ("བོད་ཡིག", "བོད་ཡིག")


@pytest.mark.parametrize(
    ("field", "typed"),
    [("name", "a, b"), ("name", "a\u202eb"), ("name", "、"), ("name", "長" * 101), ("slug", "x" * 81), ("slug", "a b")],
)
def test_what_no_tag_can_be_is_told_at_its_field(field: str, typed: str, at_desk: Client):
    page = at_desk.post("/admin/articles/tag/add/", {"name": "青稞", "slug": "barley"} | {field: typed})
    assert page.status_code == 200
    assert page.context["adminform"].form.errors[field]
    assert not Tag.objects.exists()


def test_an_address_that_readers_have_met_is_not_changed_any_more(at_desk: Client, published: Article, editor: User):
    topic, unused = factories.make_topic(slug="harvest"), factories.make_topic(slug="unused")
    factories.publish_again(published, by=editor, topic=topic)
    for one, kept in ((topic, "harvest"), (unused, "changed")):
        typed = {"name": one.name, "slug": "changed", "order": "0"}
        assert at_desk.post(f"/admin/articles/topic/{one.pk}/change/", typed).status_code == 302
        one.refresh_from_db()
        assert one.slug == kept


@pytest.mark.parametrize("order", ["99999999", "-1", "x"])
def test_numbers_are_refused_alike_on_both_databases(order: str, at_desk: Client):
    page = at_desk.post("/admin/articles/topic/add/", {"name": "專題", "slug": "harvest", "order": order})
    assert page.status_code == 200
    assert page.context["adminform"].form.errors["order"]
