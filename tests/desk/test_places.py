"""Places at the desk: the library of them, and the line of them on the story form."""

import json

import pytest
from django.test import Client

from articles.models import Article, Place, User
from tests import factories
from tests.desk.forms import Form, at_the_desk, open_form, parse, shown_again
from tests.factories import change, make_article, make_place, publish_article
from tests.harness.once import on_postgresql


@pytest.fixture
def client(editor: User) -> Client:
    return at_the_desk(editor)


@pytest.fixture
def places(db: None) -> dict[str, Place]:
    named = {"540100": "拉薩市", "540102": "城關區", "540121": "林周縣", "540202": "城關區"}
    return {code: make_place(code, name, name_en=f"Place {code}") for code, name in named.items()}


def story_form(client: Client, article: Article) -> Form:
    return open_form(client, f"/admin/articles/article/{article.pk}/change/", "article_form")


def codes(article: Article) -> list[str]:
    return [place.code for place in Article.objects.get(pk=article.pk).places.all()]


@on_postgresql
class TestTheStoryForm:
    @pytest.mark.parametrize(
        ("typed", "expected"),
        [
            ("540121", ["540121"]), ("林周縣", ["540121"]), ("Place 540100，林周縣 540121", ["540100", "540121"]),
            ("林周縣、林周縣 540121；540121", ["540121"]), ("城關區 540202", ["540202"]), ("", []), (" , ", []),
        ],
    )  # fmt: skip
    def test_takes_codes_and_names(
        self, typed: str, expected: list[str], client: Client, editor: User, places: dict[str, Place]
    ):
        article = make_article(editor)
        assert story_form(client, article).send("_continue", places=typed).status_code == 302
        assert codes(article) == expected

    def test_shows_them_as_they_can_be_sent_again(self, client: Client, editor: User, places: dict[str, Place]):
        article = make_article(editor, places=[places["540121"].pk, places["540102"].pk])
        form = story_form(client, article)
        assert form["places"] == "城關區 540102, 林周縣 540121"
        form.send("_continue")
        assert Article.objects.get(pk=article.pk).version == article.version

    @pytest.mark.parametrize(
        ("typed", "says"),
        [
            ("城關區", "More than one place is called “城關區”. Add the code: 城關區 540102, 城關區 540202."),
            ("無此地", "No place is called “無此地”"), ("549999", "No place is called “549999”"),
            ("a\u202eb", "No place is called"), ("林周縣,無此地", "No place is called “無此地”"),
            (",".join(str(540130 + number) for number in range(25)), "25 places"),
        ],
    )  # fmt: skip
    def test_tells_what_it_cannot_take_and_keeps_what_was_typed(
        self, typed: str, says: str, client: Client, editor: User, places: dict[str, Place]
    ):
        article = make_article(editor)
        form = story_form(client, article)
        again = shown_again(form, form.send("_continue", places=typed, headline="留著的標題"))
        assert says in again.page.one("main").words
        assert (again["places"], again["headline"]) == (typed, "留著的標題")
        assert codes(article) == []

    def test_a_new_story_has_them_from_the_start(self, client: Client, editor: User, places: dict[str, Place]):
        factories.make_source()
        form = open_form(client, "/admin/articles/article/add/", "article_form")
        assert form.send("_continue", headline="新的", places="林周縣").status_code == 302
        assert codes(Article.objects.get()) == ["540121"]


class TestAMerge:
    def test_keeps_what_either_side_added_and_lets_go_what_one_took_out(
        self, client: Client, editor: User, chief: User, places: dict[str, Place]
    ):
        article = make_article(editor, places=[places["540121"].pk])
        form = story_form(client, article)
        change(article, by=chief, places=[places["540100"].pk, places["540121"].pk])
        again = shown_again(form, form.send("_continue", places="城關區 540202"))
        assert again["places"] == "城關區 540202, 拉薩市 540100"
        assert "拉薩市" in again.page.one("main").words
        assert again.send("_continue").status_code == 302
        assert codes(article) == ["540100", "540202"]


class TestComparing:
    def test_versions_tell_places_that_changed(self, client: Client, editor: User, places: dict[str, Place]):
        article = publish_article(editor, places=[places["540121"].pk])
        article = change(article, by=editor, places=[places["540100"].pk])
        rows = parse(client.get(f"/admin/articles/article/{article.pk}/versions/")).one("main")
        assert "places" in rows.words
        page = parse(client.get(f"/admin/articles/article/{article.pk}/versions/compare/?a=public&b=2")).one("main")
        assert "林周縣" in page.words
        assert "拉薩市" in page.words
        page = parse(client.get(f"/admin/articles/article/{article.pk}/publish/")).one("main")
        assert "拉薩市" in page.words


class TestOffering:
    def ask(self, client: Client, words: str) -> list[tuple[str, str]]:
        answer = client.get("/admin/articles/place/find/", {"q": words})
        assert answer.status_code == 200
        return [(one["value"], one["more"]) for one in json.loads(answer.content)["found"]]

    def test_finds_by_name_in_every_script_and_by_code(self, client: Client, places: dict[str, Place]):
        expected = [("林周縣 540121", "拉薩市 › county")]
        for words in ("林周", "540121", "place 540121", "54012"):
            assert self.ask(client, words) == expected, words
        assert len(self.ask(client, "城關")) == 2
        assert self.ask(client, "540100") == [("拉薩市 540100", "prefecture")]

    @pytest.mark.parametrize("asked", ["", " ", "\x00", "無", "x" * 5000])
    def test_takes_every_question(self, asked: str, client: Client, places: dict[str, Place]):
        assert self.ask(client, asked) == []


class TestTheLibrary:
    @pytest.mark.parametrize(
        ("typed", "says"),
        [("540000", "write CN-XZ"), ("abc", "no code of a place"), ("540121", "already exists"), ("", "required")],
    )
    def test_tells_what_is_no_code(self, typed: str, says: str, client: Client, places: dict[str, Place]):
        form = open_form(client, "/admin/articles/place/add/")
        again = shown_again(form, form.send(name="新縣", code=typed))
        assert says in again.page.one("main").words
        assert again["name"] == "新縣"

    def test_takes_small_letters(self, client: Client):
        form = open_form(client, "/admin/articles/place/add/")
        assert form.send(name="西藏", code="cn-xz").status_code == 302
        assert Place.objects.get().code == "CN-XZ"

    def test_what_a_story_tells_of_does_not_become_another_place(
        self, client: Client, editor: User, places: dict[str, Place]
    ):
        make_article(editor, places=[places["540121"].pk])
        assert "code" not in open_form(client, f"/admin/articles/place/{places['540121'].pk}/change/")
        assert "code" in open_form(client, f"/admin/articles/place/{places['540102'].pk}/change/")
