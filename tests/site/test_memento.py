"""A story as it stood at a time: Memento (RFC 7089) and links between versions (RFC 5829)."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from urllib.parse import urlsplit

import pytest
from django.test import Client

from articles.models import Article, Desk, Edition, Site, User
from articles.publishing import agree, issue_as_of, propose
from tests.conftest import Case
from tests.factories import change, publish_again, publish_article, withdraw
from tests.harness.once import on_one_database

DAYS = [datetime(2026, 3, day, 9, 30, 15, 250_000, tzinfo=UTC) for day in (1, 5, 9, 20)]
LINK = re.compile(r'<(?P<url>[^<>"\s]+)>(?P<more>(?:; [a-z]+="[^"]*")*)(?:,\s+|\s*$)')
PARAMETER = re.compile(r'; ([a-z]+)="([^"]*)"')


def links(text: str) -> list[tuple[str, dict[str, str]]]:
    """Links as RFC 8288 and RFC 6690 write them; fails where one character is out of place."""

    def read() -> Iterator[tuple[str, dict[str, str]]]:
        place = 0
        while place < len(text):
            found = LINK.match(text, place)
            assert found, text[place:]
            yield urlsplit(found["url"]).path, dict(PARAMETER.findall(found["more"]))
            assert urlsplit(found["url"]).scheme.startswith("http")
            place = found.end()

    return list(read())


def by_relation(text: str) -> dict[str, str]:
    return {rel: url for url, more in links(text) for rel in more["rel"].split() if rel != "memento"}


def http(moment: datetime) -> str:
    return format_datetime(moment.replace(microsecond=0), usegmt=True)


@pytest.fixture(autouse=True)
def _named(site: Site) -> None:
    """Every page here has a name."""


@pytest.fixture
def story(administrator: User, desk: Desk) -> Article:
    """A story of four editions, published on DAYS."""
    article = publish_article(administrator, desk=desk, at=DAYS[0])
    for number, at in enumerate(DAYS[1:], start=2):
        article = change(article, by=administrator, headline=f"第{number}版")
        issue_as_of(article, at=at, by=administrator, loaded_by=administrator, kind="typo")
    return article


@on_one_database
class TestTheStory:
    def test_it_names_its_timegate_its_timemap_and_its_history(self, client: Client, story: Article):
        own = f"/a/{story.code}/"
        assert links(client.get(own)["Link"]) == [
            (f"{own}timegate/", {"rel": "timegate"}),
            (f"{own}timemap/", {"rel": "timemap", "type": "application/link-format"}),
            (f"{own}history/", {"rel": "version-history"}),
        ]

    def test_a_converted_page_leads_to_the_editions_that_were_written(self, client: Client, story: Article):
        (gate, _), *_ = links(client.get(f"/zh-hans/a/{story.code}/")["Link"])
        assert gate == f"/zh-hans/a/{story.code}/timegate/"
        assert client.get(gate)["Location"] == f"/a/{story.code}/timegate/"


class TestTimeGate:
    def asked(self, client: Client, story: Article, when: str) -> str:
        response = client.get(f"/a/{story.code}/timegate/", headers={"accept-datetime": when})
        assert response.status_code == 302
        assert response["Vary"] == "accept-datetime"
        where: str = response["Location"]
        return where.removeprefix(f"/a/{story.code}/")

    @pytest.mark.parametrize(
        ("when", "edition"),
        [
            (DAYS[1], 2),
            (DAYS[1] - timedelta(seconds=1), 1),
            (DAYS[1] + timedelta(seconds=1), 2),
            (DAYS[3] - timedelta(days=1), 3),
            (DAYS[0] - timedelta(days=400), 1),
            (DAYS[3] + timedelta(days=4000), 4),
            (datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC), 4),
        ],
    )
    def test_it_leads_to_what_stood_then(self, when: datetime, edition: int, client: Client, story: Article):
        assert self.asked(client, story, http(when)) == f"v/{edition}/"

    def test_the_time_of_a_memento_leads_back_to_it(self, client: Client, story: Article):
        for number in range(1, 5):
            when = client.get(f"/a/{story.code}/v/{number}/")["Memento-Datetime"]
            assert self.asked(client, story, when) == f"v/{number}/"

    def test_without_a_time_it_leads_to_the_newest(self, client: Client, story: Article):
        response = client.get(f"/a/{story.code}/timegate/")
        assert response["Location"] == f"/a/{story.code}/v/4/"
        assert response["Vary"] == "accept-datetime"

    NONE = (
        "", "yesterday", "2026-03-05T09:30:15Z", "Thu, 05 Mar 2026 09:30:15", "Thu, 05 Mar 2026 09:30:15 +0800",
        "Thu, 35 Mar 2026 09:30:15 GMT", "Thu, 05 Mar 2026 25:30:15 GMT", "Thursday, 05-Mar-26 09:30:15 GMT",
        "Thu, 05 Foo 2026 09:30:15 GMT", "x" * 5000, "Thu, ٠٥ Mar 2026 09:30:15 GMT",
    )  # fmt: skip

    @on_one_database
    def test_a_time_that_is_none_is_refused(self, case: Case, client: Client, story: Article):
        for when in self.NONE:
            with case(when=when):
                response = client.get(f"/a/{story.code}/timegate/", headers={"accept-datetime": when})
                assert response.status_code == 400
                assert response["Vary"] == "accept-datetime"

    def test_it_names_the_mementos_around(self, client: Client, story: Article):
        own = f"/a/{story.code}/"
        response = client.get(f"{own}timegate/", headers={"accept-datetime": http(DAYS[1])})
        assert links(response["Link"]) == [
            (own, {"rel": "original"}),
            (f"{own}timemap/", {"rel": "timemap", "type": "application/link-format"}),
            (f"{own}v/1/", {"rel": "first prev memento", "datetime": http(DAYS[0])}),
            (f"{own}v/2/", {"rel": "memento", "datetime": http(DAYS[1])}),
            (f"{own}v/3/", {"rel": "next memento", "datetime": http(DAYS[2])}),
            (f"{own}v/4/", {"rel": "last memento", "datetime": http(DAYS[3])}),
        ]

    def test_of_editions_within_one_second_the_last_stood(self, client: Client, administrator: User, desk: Desk):
        article = publish_article(administrator, desk=desk, at=DAYS[0])
        article = change(article, by=administrator, headline="改了")
        soon = DAYS[0] + timedelta(milliseconds=600)
        issue_as_of(article, at=soon, by=administrator, loaded_by=administrator, kind="typo")
        assert self.asked(client, article, http(DAYS[0])) == "v/2/"


@on_one_database
class TestMemento:
    def test_it_says_its_time_and_its_place(self, client: Client, story: Article):
        own = f"/a/{story.code}/"
        response = client.get(f"{own}v/3/")
        assert response["Memento-Datetime"] == http(DAYS[2])
        assert by_relation(response["Link"]) == {
            "original": own,
            "latest-version": own,
            "timegate": f"{own}timegate/",
            "timemap": f"{own}timemap/",
            "version-history": f"{own}history/",
            "predecessor-version": f"{own}v/2/",
            "successor-version": f"{own}v/4/",
            "first": f"{own}v/1/",
            "prev": f"{own}v/2/",
            "next": f"{own}v/4/",
            "last": f"{own}v/4/",
        }
        mementos = {url: more["datetime"] for url, more in links(response["Link"]) if "memento" in more["rel"].split()}
        assert mementos == {f"{own}v/{number}/": http(at) for number, at in enumerate(DAYS, start=1)}

    def test_the_first_has_none_before_and_the_last_none_after(self, client: Client, story: Article):
        first, last = (by_relation(client.get(f"/a/{story.code}/v/{number}/")["Link"]) for number in (1, 4))
        assert "predecessor-version" not in first
        assert "prev" not in first
        assert "successor-version" not in last
        assert "next" not in last

    def test_addresses_are_absolute_and_in_the_language_of_the_story(self, client: Client, editor: User, desk: Desk):
        article = publish_article(editor, desk=desk, language="bo", headline="ནས།")
        for path in ("", "v/1/", "timegate/"):
            response = client.get(f"/bo/a/{article.code}/{path}")
            assert all(url.startswith(f"/bo/a/{article.code}/") for url, _ in links(response["Link"]))

    def test_an_erased_one_is_none_but_keeps_its_place(
        self, client: Client, published: Article, chief: User, editor: User
    ):
        publish_again(published, by=editor, headline="另一個")
        agree(
            propose(published, act="erasure", by=chief, text="依法。", reason="法", erase={"editions": [1]}), by=editor
        )
        response = client.get(f"/a/{published.code}/v/1/")
        assert response.status_code == 410
        assert "Memento-Datetime" not in response
        assert by_relation(response["Link"])["successor-version"] == f"/a/{published.code}/v/2/"
        assert client.get(f"/a/{published.code}/timemap/").content.decode().count("datetime=") == 2


class TestTimeMap:
    def test_it_lists_every_memento_with_its_time(self, client: Client, story: Article):
        own = f"/a/{story.code}/"
        response = client.get(f"{own}timemap/")
        assert response["Content-Type"] == "application/link-format"
        assert links(response.content.decode()) == [
            (own, {"rel": "original"}),
            (f"{own}timegate/", {"rel": "timegate"}),
            (
                f"{own}timemap/",
                {"rel": "self", "type": "application/link-format", "from": http(DAYS[0]), "until": http(DAYS[3])},
            ),
            (f"{own}v/1/", {"rel": "first memento", "datetime": http(DAYS[0])}),
            (f"{own}v/2/", {"rel": "memento", "datetime": http(DAYS[1])}),
            (f"{own}v/3/", {"rel": "memento", "datetime": http(DAYS[2])}),
            (f"{own}v/4/", {"rel": "last memento", "datetime": http(DAYS[3])}),
        ]

    def test_a_story_with_one_edition_has_one_that_is_first_and_last(self, client: Client, published: Article):
        (memento,) = [
            more
            for _, more in links(client.get(f"/a/{published.code}/timemap/").content.decode())
            if "datetime" in more
        ]
        assert memento["rel"] == "first last memento"

    def test_more_than_five_hundred_go_on_in_an_older_map(self, client: Client, story: Article, administrator: User):
        digest = story.editions.get(number=4).digest
        rows = []
        for number in range(5, 503):
            rows.append(
                Edition(article=story, number=number, kind="typo", by=administrator, digest=f"{number:064x}",
                        previous_digest=digest, published_at=DAYS[3] + timedelta(hours=number))
            )  # fmt: skip
            digest = f"{number:064x}"
        Edition.objects.bulk_create(rows)
        text = client.get(f"/a/{story.code}/timemap/").content.decode()
        mementos = [url for url, more in links(text) if "memento" in more["rel"].split()]
        assert mementos[0].endswith("/v/3/")
        assert len(mementos) == 500
        (older,) = re.findall(r'<([^>]*)>; rel="timemap"', text)
        rest = links(client.get(older).content.decode())
        assert [url for url, more in rest if "memento" in more["rel"]] == [f"/a/{story.code}/v/{n}/" for n in (1, 2)]


@pytest.mark.parametrize(("ground", "status"), [("legal", 451), ("safety", 410)])
def test_of_a_story_that_is_down_there_is_no_memento(
    ground: str, status: int, client: Client, published: Article, chief: User, editor: User
):
    withdraw(published, by=chief, second=editor, act="takedown", ground=ground)
    for path in ("", "timegate/", "timemap/", "v/1/", "v/2/"):
        response = client.get(f"/a/{published.code}/{path}", headers={"accept-datetime": http(DAYS[0])})
        assert response.status_code == status, path
        assert "memento" not in response.get("Link", "")
