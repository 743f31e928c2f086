"""What a page may weigh: on a cheap phone with one bar of signal, that is the difference (docs/reading.md).

What a browser really fetches is counted in tests/journeys/test_first_view.py.
"""

import gzip
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from articles.models import Article, User
from tests import factories
from tests.harness.once import on_one_database
from tests.site.reading import Part, parse, read

HTML_AND_CSS = 30_000  # bytes, gzip
SCRIPT = 10_000
REQUESTS = 8  # with one picture, the logo and the icon; a Tibetan page has its font beside
QR = 3_000
FONT = 160_000
PARAGRAPH = "<p>達噶山口十一月初下了第一場雪，公路養護隊連夜撒鹽，早上八點恢復通車，{}輛車先後過了山口。</p>"


def packed(data: bytes) -> int:
    return len(gzip.compress(data, 6))


def file(address: str) -> bytes:
    found = finders.find(address.removeprefix("/static/"))
    assert found, address
    return Path(found).read_bytes()


def styles(page: Part) -> list[str]:
    return [link["href"] for link in page.all("link[rel=stylesheet]")]


def scripts(page: Part) -> list[str]:
    return [script["src"] for script in page.all("script[src]")]


@pytest.fixture
def story(administrator: User, editor: User) -> Article:
    """A long story with everything: some 2,000 characters, a topic, tags, a correction, six others beside it."""
    logo = factories.make_picture(editor, upload=factories.image_bytes(700, 200))
    factories.make_site(tagline="湖邊四縣，每天的事", logo=logo)
    body = "".join(PARAGRAPH.format(number) for number in range(46))
    shared = {"topic": factories.make_topic("初雪", banner="初雪專題"), "tags": ["初雪", "通車", "公路", "山口"]}
    for number in range(8):
        factories.publish_article(editor, headline=f"第{number + 1}則很長很長的公路與天氣消息", **shared)
    picture = factories.make_picture(editor, upload=factories.image_bytes(2000, 1200))
    story = factories.publish_article(
        editor, headline="達噶山口初雪", standfirst="夜裡下了十二厘米。" * 4, body=body, lead_picture=picture, **shared
    )
    factories.correct(story, by=editor, body=body.replace("45輛", "46輛"), was="45輛車", now="46輛車")
    return story


@on_one_database
def test_a_long_story_and_its_styles_are_thirty_kilobytes_at_most(client: Client, story: Article):
    for prefix in ("", "/zh-hans"):
        html = client.get(f"{prefix}/a/{story.code}/").content
        page = parse(html)
        assert len(page.one(".body").words) > 2000
        assert packed(html) + sum(packed(file(one)) for one in styles(page)) <= HTML_AND_CSS


@on_one_database
def test_all_scripts_together_are_ten_kilobytes_at_most_and_none_holds_the_page_up(client: Client, story: Article):
    page = parse(client.get(f"/a/{story.code}/").content)
    late = [mount["data-module"] for mount in page.all("div[data-module]")]
    assert late == ["/static/site/read-aloud.js"]
    assert sum(packed(file(one)) for one in scripts(page) + late) <= SCRIPT
    waiting = [script["src"] for script in page.all("script[src]") if script.get("type") != "module"]
    assert waiting == ["/static/site/early.js"]
    assert packed(file(waiting[0])) < 500


@on_one_database
def test_a_story_asks_for_eight_things_at_most(client: Client, story: Article):
    page = parse(client.get(f"/a/{story.code}/").content)
    pictures, icons = page.all("figure.lead img") + page.all(".name img"), page.all("link[rel=icon]")
    assert len(pictures) == 2
    assert 1 + len(styles(page)) + len(scripts(page)) + len(pictures) + len(icons) <= REQUESTS
    assert (pictures[1]["width"], pictures[1]["height"]) == ("700", "200")  # its room is kept while it comes


@on_one_database
def test_front_and_lists_stay_within_the_same_budget(client: Client, story: Article):
    for path in ("/", "/tag/初雪/"):
        answer = client.get(path)
        page = parse(answer.content)
        assert packed(answer.content) + sum(packed(file(one)) for one in styles(page)) <= HTML_AND_CSS
        assert sum(packed(file(one)) for one in scripts(page)) <= SCRIPT


@on_one_database
def test_the_code_to_photograph_weighs_little_and_is_there_without_scripts(client: Client, story: Article):
    image = read(client, f"/a/{story.code}/").one("details.qr img")
    assert image["alt"]
    assert image["loading"] == "lazy"  # a closed one is not fetched
    answer = client.get(image["src"])
    assert answer["Content-Type"] == "image/svg+xml"
    assert packed(answer.content) <= QR


def test_the_tibetan_face_is_one_file_that_waits_for_tibetan_letters():
    css = file("/static/site/base.css").decode()
    face = css[css.index("@font-face") :]
    face = face[: face.index("}")]
    assert css.count("@font-face") == 1
    assert "font-display: swap" in face
    assert "unicode-range: U+0F00-0FFF" in face
    font = file("/static/site/fonts/noto-serif-tibetan.woff2")
    assert font[:4] == b"wOF2"
    assert len(font) <= FONT
    assert "SIL OPEN FONT LICENSE Version 1.1" in file("/static/site/fonts/OFL.txt").decode()
