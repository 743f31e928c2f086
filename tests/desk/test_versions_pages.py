"""The versions of a working copy: listed, compared, brought back; and the page of preview links."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import Article, PreviewLink, User
from tests import factories
from tests.desk.forms import Form, at_the_desk, open_form, parse
from tests.harness.once import on_one_database
from tests.site.reading import Part


@pytest.fixture
def at_desk(editor: User) -> Client:
    return at_the_desk(editor)


def versions(article: Article) -> str:
    return f"/admin/articles/article/{article.pk}/versions/"


def numbers(page: Part) -> list[str]:
    return [row.all("td")[2].words for row in page.all("tbody tr")]


def test_each_tells_who_saved_what_when_and_how(at_desk: Client, article: Article, editor: User, chief: User):
    factories.change(article, by=chief, headline="青稞今天開鐮", body="<p>短了。</p>", tags=["收成"])
    page = parse(at_desk.get(versions(article)))
    assert numbers(page) == ["2", "1"]
    newest, first = [row.words for row in page.all("tbody tr")]
    assert "dazhen" in newest
    assert all(word in newest for word in ("saved", "headline", "tags", "characters", "now"))
    assert "yinxiaoyan" in first
    assert "the beginning" in first


@on_one_database
def test_many_are_shown_page_by_page_at_the_same_cost(at_desk: Client, article: Article, editor: User):
    factories.change(article, by=editor, headline="二")
    at_desk.get(versions(article))
    with CaptureQueriesContext(connection) as few:
        at_desk.get(versions(article))
    for number in range(3, 35):
        factories.change(article, by=editor, headline=f"第{number}版")
    with CaptureQueriesContext(connection) as many:
        page = parse(at_desk.get(versions(article)))
    assert len(many) == len(few)
    rows = page.all("tbody tr")
    assert len(rows) == 30
    assert "the beginning" not in rows[-1].words
    ((_, older),) = [link for link in page.links if "before" in link[1]]
    assert numbers(parse(at_desk.get(versions(article) + older))) == ["4", "3", "2", "1"]


@pytest.mark.parametrize("before", ["x", "-1", "0", "9" * 30, "٣", "\x00"])
def test_any_page_may_be_asked_for(before: str, at_desk: Client, article: Article):
    assert at_desk.get(versions(article), {"before": before}).status_code == 200


class TestComparing:
    def compared(self, client: Client, article: Article, a: str, b: str) -> str:
        page = parse(client.get(f"{versions(article)}compare/", {"a": a, "b": b}))
        return page.one("section.changes").words

    def test_any_two(self, at_desk: Client, article: Article, editor: User):
        factories.change(article, by=editor, headline="青稞今天開鐮", body="<p>上朗縣的青稞昨天開鐮了。</p>")
        shown = self.compared(at_desk, article, "1", "2")
        assert "version 1" in shown
        assert "new:今天" in shown
        assert "new:昨天" in shown
        assert "old:今天" in self.compared(at_desk, article, "2", "1")
        assert "Nothing that readers would see differs." in self.compared(at_desk, article, "2", "2")

    def test_with_what_is_public(self, at_desk: Client, published: Article, editor: User):
        factories.change(published, by=editor, headline="青稞今天開鐮")
        shown = self.compared(at_desk, published, "public", "2")
        assert "edition 1, as readers see it" in shown
        assert "new:今天" in shown
        assert "Nothing that readers" in self.compared(at_desk, published, "public", "1")

    @pytest.mark.parametrize("a", ["", "0", "99", "x", "public", "9" * 30])
    def test_what_is_not_there_leads_back_with_a_word(self, a: str, at_desk: Client, article: Article):
        response = at_desk.get(f"{versions(article)}compare/", {"a": a, "b": "1"}, follow=True)
        assert "Choose two versions" in response.content.decode()


class TestBringingBack:
    def test_is_one_button(self, at_desk: Client, article: Article, editor: User):
        factories.change(article, by=editor, headline="改過的")
        form = open_form(at_desk, versions(article), "back-1")
        assert at_desk.post(form.part["action"], form.values).status_code == 302
        article.refresh_from_db()
        assert (article.headline, article.version) == ("青稞開鐮", 3)

    def test_is_refused_once_somebody_has_saved(self, at_desk: Client, article: Article, editor: User, chief: User):
        factories.change(article, by=editor, headline="改過的")
        form = open_form(at_desk, versions(article), "back-1")
        factories.change(article, by=chief, headline="她的")
        response = at_desk.post(form.part["action"], form.values, follow=True)
        assert "Somebody has saved this story" in response.content.decode()
        article.refresh_from_db()
        assert article.headline == "她的"

    @pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 30, "٢"])
    def test_takes_no_other_version_field(self, seen: str, at_desk: Client, article: Article, editor: User):
        factories.change(article, by=editor, headline="改過的")
        at_desk.post(f"{versions(article)}1/bring-back/", {"seen": seen})
        article.refresh_from_db()
        assert article.version == 2

    def test_of_a_version_that_is_not_there_is_a_wrong_address(self, at_desk: Client, article: Article):
        assert at_desk.post(f"{versions(article)}9/bring-back/", {"seen": "1"}).status_code == 404


class TestPreviewLinks:
    @pytest.fixture
    def form(self, at_desk: Client, article: Article) -> Form:
        return open_form(at_desk, f"/admin/articles/article/{article.pk}/links/")

    def test_are_made_and_shown_once(self, form: Form, at_desk: Client, article: Article):
        page = at_desk.post(form.path, form.values | {"name": "村長"}, follow=True).content.decode()
        (key,) = re.findall(r"/preview/([2-9a-z]{26})/", page)
        assert Client().get(f"/preview/{key}/").status_code == 200
        again = at_desk.get(form.path).content.decode()
        assert "村長" in again
        assert key not in again

    def test_are_taken_back(self, form: Form, at_desk: Client):
        page = at_desk.post(form.path, form.values, follow=True).content.decode()
        (key,) = re.findall(r"/preview/([2-9a-z]{26})/", page)
        at_desk.post(form.path, {"revoke": PreviewLink.objects.get().pk})
        assert Client().get(f"/preview/{key}/").status_code == 404
        assert "taken back" in at_desk.get(form.path).content.decode()

    @pytest.mark.parametrize("hours", ["", "0", "73", "x", "9" * 30])
    def test_say_what_is_wrong(self, hours: str, form: Form, at_desk: Client):
        page = parse(at_desk.post(form.path, form.values | {"hours": hours, "name": "村長"}))
        assert page.all("ul.errorlist")
        assert not PreviewLink.objects.exists()

    @pytest.mark.parametrize("key", ["", "x", "0", "9" * 30])
    def test_that_are_not_there_are_not_taken_back(self, key: str, form: Form, at_desk: Client):
        assert at_desk.post(form.path, {"revoke": key}).status_code == 302
