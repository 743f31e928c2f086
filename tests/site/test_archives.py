"""The archive of every list by year: what has stories, what leads on, and what it costs."""

from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import Channel, Credit, Desk, Site, User
from tests import factories
from tests.conftest import Case
from tests.factories import publish_article, withdraw
from tests.harness.once import on_one_database
from tests.site.reading import headlines, main_of, read

EDITOR = Credit.Role.EDITOR.value
NEW_YEAR = datetime(2025, 12, 31, 16, tzinfo=UTC)  # the beginning of 2026 in Shanghai, the site's zone
LISTS = ["", "/farming", "/topic/harvest", "/tag/青稞", "/people/dazhen", "/places/540121"]


@pytest.fixture(autouse=True)
def _named(site: Site, desk: Desk) -> None:
    """Every list here has a site around it and somebody who could write."""


@pytest.fixture
def stories(administrator: User) -> None:
    """One in 2023, one in the last second of 2025, one in the first of 2026, and one in May 2026; on every list."""
    shared = {
        "channel": factories.make_channel("農牧", slug="farming"), "topic": factories.make_topic(slug="harvest"),
        "tags": ["青稞"], "credits": [(factories.make_person(slug="dazhen").pk, EDITOR)],
        "places": [factories.make_place("540121", "林周縣").pk],
    }  # fmt: skip
    for at in (datetime(2023, 6, 1, tzinfo=UTC), NEW_YEAR - timedelta(seconds=1), NEW_YEAR,
               datetime(2026, 5, 3, tzinfo=UTC)):  # fmt: skip
        publish_article(administrator, at=at, headline=f"{at:%Y-%m}", **shared)


@pytest.mark.usefixtures("stories")
class TestEveryList:
    def test_names_the_years_that_have_a_story(self, case: Case, client: Client):
        for top in LISTS:
            with case(top=top):
                page = read(client, f"{top}/archive/")
                years = [(f"{year}年", f"/archive/{year}/") for year in (2026, 2025, 2023)]
                assert [(name, path[-14:]) for name, path in page.one(".periods").links] == years
                assert len(page.all("h1")) == 1

    def test_shows_the_months_of_a_year_and_leads_to_those_that_have_a_story(self, case: Case, client: Client):
        for top in LISTS:
            with case(top=top):
                page = read(client, f"{top}/archive/2026/")
                assert [(name, path[-9:]) for name, path in page.one(".periods").links] == [
                    ("1月", "/2026/01/"), ("5月", "/2026/05/"),
                ]  # fmt: skip
                assert len(page.all(".periods li")) == 12
                assert page.none(".pager .newer")
                ((name, older),) = page.one(".pager .older").links
                assert name == "2025年"
                assert headlines(read(client, page.one(".periods").links[0][1])) == ["2025-12"]
                page = read(client, older)
                assert [name for name, _ in page.one(".periods").links] == ["12月"]
                assert [name for name, _ in page.one(".pager").links] == ["2026年", "2023年"]

    def test_a_month_leads_up_to_its_year_and_to_all_years(self, case: Case, client: Client):
        for top in LISTS:
            with case(top=top):
                trail = read(client, f"{top}/archive/2026/05/03/").one(".list-head .trail").links
                led = [unquote(path).removeprefix(f"{top}/archive/") for _, path in trail[-3:]]
                assert led == ["", "2026/", "2026/05/"]
                for _, path in trail:
                    assert client.get(path).status_code == 200, path

    def test_years_without_a_story_are_not_there(self, case: Case, client: Client):
        for top in LISTS:
            with case(top=top):
                for year in ("2024", "2027", "1899", "0000", "9999", "9998", "20260", "２０２６"):
                    assert client.get(f"{top}/archive/{year}/").status_code == 404, year

    def test_a_year_that_is_past_never_changes(self, client: Client, administrator: User):
        paths = [f"{top}/archive/{year}/" for top in LISTS for year in (2023, 2025)]
        before = {path: main_of(client.get(path).content) for path in paths}
        publish_article(administrator, at=datetime(2026, 9, 1, tzinfo=UTC), tags=["青稞"])
        assert {path: main_of(client.get(path).content) for path in paths} == before


def test_the_newest_page_leads_to_all_years(client: Client, stories: None):
    for top in LISTS[1:]:
        assert [path[-9:] for _, path in read(client, f"{top}/").one(".archive .years").links] == ["/archive/"], top


def test_a_list_without_a_story_has_no_archive(client: Client, editor: User, chief: User):
    factories.make_channel("天氣", slug="weather")
    for path in ("/archive/", "/archive/2026/", "/weather/archive/", "/weather/archive/2026/"):
        assert client.get(path).status_code == 404, path
    article = publish_article(editor, channel=factories.make_channel("農牧", slug="farming"))
    assert client.get("/farming/archive/").status_code == 200
    withdraw(article, by=chief, second=editor, act="takedown")
    assert client.get("/farming/archive/").status_code == 410


def test_each_language_has_the_years_of_its_own_stories(client: Client, administrator: User):
    publish_article(administrator, at=NEW_YEAR)
    publish_article(administrator, at=datetime(2024, 2, 2, tzinfo=UTC), language="en")
    assert [name for name, _ in read(client, "/en/archive/").one(".periods").links] == ["2024"]
    assert [name for name, _ in read(client, "/en/archive/2024/").one(".periods").links] == ["February"]
    assert client.get("/en/archive/2026/").status_code == 404


@on_one_database
def test_what_it_costs_does_not_grow_with_the_archive(client: Client, administrator: User, stories: None):
    def costs() -> list[int]:
        counted = []
        for path in ("/farming/archive/", "/farming/archive/2026/", "/archive/", "/archive/2026/"):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(path).status_code == 200
            counted.append(len(queries))
        return counted

    few = costs()
    channel = Channel.objects.get(slug="farming")
    for number in range(30):
        publish_article(administrator, at=datetime(1995 + number, 3, 1, tzinfo=UTC), channel=channel)
    assert costs() == few
    assert max(few) <= 6


def test_the_years_of_a_century_are_all_found(client: Client, administrator: User):
    publish_article(administrator, at=datetime(1901, 1, 1, tzinfo=UTC))
    publish_article(administrator, at=NEW_YEAR)
    assert [name for name, _ in read(client, "/archive/").one(".periods").links] == ["2026年", "1901年"]
