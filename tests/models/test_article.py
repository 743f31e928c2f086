"""A working copy comes with its parts: what an edition freezes asks for none of them again."""

from collections.abc import Callable

import pytest
from pytest_django import DjangoAssertNumQueries

from articles.models import Article, User, article_with_parts
from tests import factories

pytestmark = pytest.mark.django_db

READ: list[Callable[[int], Article]] = [article_with_parts, lambda key: Article.objects.with_parts().get(pk=key)]


@pytest.mark.parametrize("read", READ, ids=["one", "as one of several"])
def test_its_parts_are_there(
    read: Callable[[int], Article], editor: User, django_assert_num_queries: DjangoAssertNumQueries
):
    later, sooner = (factories.make_person(name) for name in ("達珍", "殷小燕"))
    places = [factories.make_place(code).pk for code in ("540121", "540100")]
    credits = [(sooner.pk, "author"), (later.pk, "editor"), (sooner.pk, "editor")]
    made = factories.make_article(editor, credits=credits, places=places, tags=["青稞", "收成"])
    factories.make_article(editor, tags=["青稞"])  # what is another's is not its own

    article = read(made.pk)

    with django_assert_num_queries(0):
        assert [(one.person, one.role) for one in article.credits.all()] == [
            (sooner, "author"), (later, "editor"), (sooner, "editor")
        ]  # fmt: skip
        assert [one.code for one in article.places.all()] == ["540100", "540121"]
        assert {one.name for one in article.tags.all()} == {"青稞", "收成"}


def test_another_tag_is_seen_after_it_was_given(editor: User):
    article = article_with_parts(factories.make_article(editor, tags=["青稞"]).pk)
    article.tags.add("收成")
    assert {one.name for one in article.tags.all()} == {"青稞", "收成"}
