"""Places on the reader's side: the line on a story, the page of each, the tree of all; nothing that is not public."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import Place, Site, User
from articles.site.place_pages import with_pages
from tests.factories import make_article, make_place, publish_again, publish_article, withdraw
from tests.harness.once import on_one_database
from tests.site.reading import headlines, read, structured_data


@pytest.fixture
def places(site: Site) -> dict[str, Place]:
    named = {"CN-XZ": "西藏", "540100": "拉薩市", "540102": "城關區", "540121": "林周縣", "540102001": "八廓街道"}
    return {code: make_place(code, name, name_en=f"Place {code}") for code, name in named.items()}


def test_a_story_names_its_places_each_leading_to_its_page(
    client: Client, editor: User, places: dict[str, Place], settings
):
    article = publish_article(editor, places=[places["540121"].pk, places["540102001"].pk])
    page = read(client, f"/a/{article.code}/")
    assert page.one("article .places").links == [
        ("八廓街道", "/places/540102001/"), ("林周縣", "/places/540121/"),
    ]  # fmt: skip
    assert structured_data(page)["contentLocation"][1] == {
        "@type": "Place", "name": "林周縣", "identifier": "540121", "url": f"{settings.SITE_ADDRESS}/places/540121/",
    }  # fmt: skip


def test_a_story_without_places_says_nothing_of_them(client: Client, editor: User, site: Site):
    page = read(client, f"/a/{publish_article(editor).code}/")
    assert page.none("article .places")
    assert "contentLocation" not in structured_data(page)


def test_a_place_shows_its_stories_and_those_of_all_that_lies_in_it(
    client: Client, editor: User, places: dict[str, Place]
):
    for code in ("540102001", "540121"):
        publish_article(editor, headline=places[code].name, places=[places[code].pk])
    assert headlines(read(client, "/places/540121/")) == ["林周縣"]
    for code in ("540100", "CN-XZ"):
        assert headlines(read(client, f"/places/{code}/")) == ["林周縣", "八廓街道"], code
    page = read(client, "/places/540100/")
    assert page.one("h1").words == "拉薩市"
    assert [path for _, path in page.one(".list-head .trail").links] == ["/places/", "/places/CN-XZ/"]
    assert page.one(".children").links == [("城關區", "/places/540102/"), ("林周縣", "/places/540121/")]
    assert read(client, "/places/CN-XZ/").one(".children").links == [("拉薩市", "/places/540100/")]
    assert read(client, "/places/540102001/").none(".children")


def test_what_lies_in_no_known_county_stands_below_the_next_place_above(client: Client, editor: User, site: Site):
    prefecture, township = make_place("540100", "拉薩市"), make_place("540102001", "八廓街道")
    publish_article(editor, places=[township.pk])
    assert read(client, f"/places/{prefecture.code}/").one(".children").links == [("八廓街道", "/places/540102001/")]


def test_all_places_with_stories_stand_in_one_tree(client: Client, editor: User, places: dict[str, Place]):
    publish_article(editor, places=[places["540102001"].pk])
    page = read(client, "/places/")
    assert [path for _, path in page.one(".tree").links] == [
        "/places/CN-XZ/", "/places/540100/", "/places/540102/", "/places/540102001/",
    ]  # fmt: skip
    assert page.one(".tree ul ul ul ul").links == [("八廓街道", "/places/540102001/")]


def test_of_too_many_places_the_upper_ones_are_shown(
    client: Client, editor: User, chief: User, places: dict[str, Place]
):
    publish_article(editor, places=[places["540102001"].pk, places["540121"].pk])
    publish_article(editor, places=[make_place("540200", "日喀則市").pk])
    publish_article(editor, language="en", places=[make_place("540300", "昌都市").pk])
    gone = publish_article(editor, places=[make_place("540400", "林芝市").pk])
    withdraw(gone, by=chief, second=editor, act="takedown")
    upper = ["540100", "540200", "CN-XZ"]
    assert [one.code for one in with_pages("zh", most=3)] == upper
    assert [one.code for one in with_pages("zh", most=5)] == ["540100", "540102", "540121", "540200", "CN-XZ"]
    assert [one.code for one in with_pages("en")] == ["540300", "CN-XZ"]


def test_what_only_a_draft_names_does_not_exist(client: Client, editor: User, places: dict[str, Place]):
    make_article(editor, places=[places["540121"].pk])
    for path in ("/places/", "/places/540121/", "/places/540100/", "/places/540121/feed.rss"):
        assert client.get(path).status_code == 404, path
    publish_article(editor, places=[places["540102"].pk])
    assert client.get("/places/540121/").status_code == 404
    assert "林周縣" not in client.get("/places/540100/").content.decode()
    assert "林周縣" not in client.get("/places/").content.decode()


def test_a_place_taken_off_at_the_next_edition_leads_nowhere_any_more(
    client: Client, editor: User, places: dict[str, Place]
):
    article = publish_article(editor, places=[places["540121"].pk])
    publish_again(article, by=editor, kind="typo", places=[])
    assert client.get("/places/540121/").status_code == 404
    page = read(client, f"/a/{article.code}/v/2/changes/")
    assert page.one(".difference-places del").words.endswith("林周縣")


def test_a_stub_leaves_the_page_and_stays_in_the_feed(
    client: Client, editor: User, chief: User, places: dict[str, Place]
):
    article = publish_article(editor, places=[places["540121"].pk])
    withdraw(article, by=chief, second=editor, act="takedown")
    assert client.get("/places/540121/").status_code == 410
    assert f"newsroom:{article.code}" in client.get("/places/540121/feed.rss").content.decode()


@pytest.mark.parametrize("form", ["rss", "atom", "json"])
def test_a_place_has_a_feed(form: str, client: Client, editor: User, places: dict[str, Place]):
    article = publish_article(editor, places=[places["540121"].pk])
    assert f"newsroom:{article.code}" in client.get(f"/places/540100/feed.{form}").content.decode()


def test_each_language_has_its_own_stories_and_names(client: Client, editor: User, places: dict[str, Place]):
    publish_article(editor, places=[places["540121"].pk])
    publish_article(editor, headline="Harvest", language="en", places=[places["540102"].pk])
    page = read(client, "/en/places/540100/")
    assert (page.one("h1").words, headlines(page)) == ("Place 540100", ["Harvest"])
    assert page.one(".children").links == [("Place 540102", "/en/places/540102/")]
    assert client.get("/en/places/540121/").status_code == 404


@pytest.mark.parametrize(
    "code", ["540121 ", "cn-xz", "５４０１２１", "54", "0", "540122", "999999999", "%00", "x" * 80]
)
def test_a_code_that_is_no_place_is_not_there(code: str, client: Client, editor: User, places: dict[str, Place]):
    publish_article(editor, places=[places["540121"].pk])
    assert client.get(f"/places/{code}/").status_code == 404


@on_one_database
def test_what_the_pages_cost_does_not_grow(client: Client, editor: User, places: dict[str, Place]):
    def costs() -> list[int]:
        counted = []
        for path in ("/places/", "/places/540100/", "/places/540100/feed.rss"):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(path).status_code == 200
            counted.append(len(queries))
        return counted

    publish_article(editor, places=[places["540121"].pk])
    few = costs()
    for number in range(22, 28):
        publish_article(editor, places=[make_place(f"5401{number}").pk, make_place(f"5401{number}001").pk])
    assert costs() == few
    assert max(few) <= 8


def test_a_place_that_exists_in_one_script_says_so_on_other_pages(client: Client, editor: User, site: Site):
    place = make_place("540121", "林周縣")
    publish_article(editor, language="bo", places=[place.pk])
    page = read(client, "/bo/places/540121/")
    assert page.one("h1 span")["lang"] == "zh-Hant"
