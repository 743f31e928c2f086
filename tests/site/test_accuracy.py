"""The accuracy page: the same numbers as charts, as a table and as a CSV, and nothing about persons."""

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client

from articles.models import Article, ErrorReport, Site, User
from articles.publishing.clock import database_now
from articles.site.accuracy import harmless
from tests import factories
from tests.factories import correct, publish_article
from tests.site.reading import read


@pytest.fixture(autouse=True)
def _named(site: Site) -> None:
    """A site with a name."""


@pytest.fixture
def year_of_figures(editor: User) -> Article:
    """One story, two reports, one correction that a report led to."""
    story = publish_article(editor, channel=factories.make_channel("=農牧", slug="farming", name_en="=SUM(A1)"))
    now = database_now()
    for number, values in enumerate(
        [
            {"acknowledged_at": now + timedelta(hours=3)},
            {"state": "declined", "decided_at": now + timedelta(hours=30), "decided_by": editor, "reason": "核實無誤"},
        ]
    ):
        report = ErrorReport.objects.create(
            article=story, desk=story.desk, edition=story.editions.get(), language="zh-hant",
            key_digest=f"{number:064}", received_at=now, acknowledge_by=now, decide_by=now,
            contact="reader@example.org", wrong="日期寫錯", **values,
        )  # fmt: skip
    correct(story, by=editor, reports=[ErrorReport.objects.get(key_digest="0" * 64)])
    assert report.pk
    return story


def rows(client: Client, path: str = "/corrections/accuracy.csv") -> list[dict[str, str]]:
    text = client.get(path).content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_table_says_what_the_rows_say(client: Client, year_of_figures: Article):
    page = read(client, "/en/corrections/accuracy/")
    months, channels = page.one("main").all("table")
    now = months.all("tbody tr")[0]
    assert [cell.words for cell in now.all("td")][:3] == ["2", "2", "1 (50 %)"]
    assert [cell.words for cell in now.all("td")][-4:] == ["1", "1", "1000", "1 (100 %)"]
    assert len(months.all("tbody tr")) == 12
    empty = months.all("tbody tr")[5]
    assert empty.one("td.none").words  # that no report came in is said in words
    assert channels.all("tbody tr")[0].one("th").words == "=SUM(A1)"


def test_charts_say_their_numbers_without_colour_and_without_sight(client: Client, year_of_figures: Article):
    page = read(client, "/en/corrections/accuracy/")
    charts = page.one("main").all("[role=img]")
    assert len(charts) == 6
    for chart in charts:
        title, words = chart["aria-labelledby"].split()
        assert chart.one(f"[id={title}]").words
        assert chart.one(f"[id={words}]").words.count(":") == 12
        assert len(chart.all(".bar")) == len(chart.all(".value")) == 12
        assert chart.none("[style]")
    received = charts[0]
    assert [label.words for label in received.all(".value")] == ["0"] * 11 + ["2"]
    assert received.all(".bar")[-1]["height"] == "80.0"
    assert received.all(".bar")[0]["height"] == "0.0"


def test_nobody_is_named(client: Client, year_of_figures: Article, editor: User):
    for path in ("/corrections/accuracy/", "/corrections/accuracy.csv"):
        text = client.get(path).content.decode()
        for secret in ("reader@example.org", "日期寫錯", "核實無誤", editor.username):
            assert secret not in text


def test_the_csv_has_the_same_numbers(client: Client, year_of_figures: Article):
    whole, *months = rows(client)
    assert whole["reports_received"] == "2"
    assert (whole["reports_decided"], whole["reports_upheld"], whole["upheld_share"]) == ("2", "1", "0.5")
    assert (whole["stories_published"], whole["corrections"], whole["corrections_per_1000_stories"]) == (
        "1", "1", "1000",
    )  # fmt: skip
    assert whole["corrections_by_readers_share"] == "1"
    assert [row["reports_received"] for row in months[:12]] == ["0"] * 11 + ["2"]
    assert months[0]["upheld_share"] == ""


def test_the_csv_is_one_that_spreadsheets_read_and_run_nothing_of(client: Client, year_of_figures: Article):
    response = client.get("/en/corrections/accuracy.csv")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response.content.startswith(b"\xef\xbb\xbf")
    assert response.content.count(b"\r\n") == response.content.count(b"\n") == 1 + 1 + 12 + 1
    assert rows(client, "/en/corrections/accuracy.csv")[-1]["channel"] == "'=SUM(A1)"
    assert rows(client)[-1]["channel"] == "'=農牧"


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+1",
        "-1",
        "@x",
        "\t=1",
        "\r=1",
        "\n=1",
        "\tx",
        " =1",
        "\u3000＝1",
        "＝1",
        "＋1",
        "－1",
        "＠x",
        "\ufeff=1",
        "\u200b=1",
        " \n@x",
        "|x",
    ],
)
def test_a_cell_that_a_spreadsheet_would_run_is_text(cell: str):
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", " ", "農牧", "a=1", " 農牧", "1"])
def test_a_harmless_cell_stays_as_it_is(cell: str):
    assert harmless(cell) == cell


def test_a_new_site_has_a_page_without_a_number_to_divide_by(client: Client):
    page = read(client, "/corrections/accuracy/")
    assert page.one("main").all("[role=img]")
    assert rows(client)[0]["upheld_share"] == ""


@pytest.mark.parametrize("prefix", ["", "/zh-hans", "/en", "/bo"])
def test_is_there_in_every_language(prefix: str, client: Client, year_of_figures: Article):
    page = read(client, f"{prefix}/corrections/accuracy/")
    links = [path for _, path in page.one("main").links]
    assert {f"{prefix}/corrections/", f"{prefix}/corrections/policy/", f"{prefix}/corrections/accuracy.csv"} <= set(
        links
    )
