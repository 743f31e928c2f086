"""A picture's credit, and another one in one use of it: wherever readers see the picture, now and in old formats."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from articles.models import Article, Picture, Site, User
from articles.publishing import freeze
from articles.publishing.ledger.seal import seal
from articles.publishing.ledger.verify import verify
from tests import factories
from tests.desk.forms import at_the_desk
from tests.harness.once import on_one_database
from tests.site.reading import Part, parse, read

pytestmark = on_one_database


@pytest.fixture
def pictures(editor: User) -> list[Picture]:
    return [factories.make_picture(editor, alt="田", caption=""), factories.make_picture(editor, alt="湖", caption="")]


def body_of(pictures: list[Picture], *credits: str) -> str:
    figures = (
        f'<figure data-picture="{picture.pk}"><figcaption>圖說</figcaption>'
        f"{credit and f'<cite>{credit}</cite>'}</figure>"
        for picture, credit in zip(pictures, credits, strict=True)
    )
    return f"<p>正文。</p>{''.join(figures)}"


@pytest.fixture
def story(editor: User, site: Site, pictures: list[Picture]) -> Article:
    """With two pictures, the second credited to somebody else here."""
    return factories.publish_article(editor, body=body_of(pictures, "", "尼瑪&amp;達珍攝，縣檔案館提供"))


def credits(page: Part) -> list[str]:
    return [part.words for part in page.one("article").all(".credit")]


def test_the_credit_of_one_use_stands_in_place_of_the_pictures_own(client: Client, story: Article):
    here = "尼瑪&達珍攝，縣檔案館提供"
    assert credits(read(client, f"/a/{story.code}/")) == ["白瑪拉姆攝", here]
    for form in ("rss", "atom", "json"):
        answer = client.get(f"/feed.{form}").content
        told = json.dumps(json.loads(answer), ensure_ascii=False) if form == "json" else answer.decode()
        assert told.count("白瑪拉姆攝") == told.count("縣檔案館提供") > 0, form  # in the text, and beside the picture


def test_the_preview_shows_it_as_the_page_will(story: Article, editor: User):
    page = parse(at_the_desk(editor).get(reverse("preview", args=[story.pk])).content)
    assert credits(page) == ["白瑪拉姆攝", "尼瑪&達珍攝，縣檔案館提供"]


def test_an_edition_freezes_it(story: Article, pictures: list[Picture]):
    content = story.editions.get().text.read()
    assert content["format"] == freeze.FORMAT == 4
    assert content["body"] == body_of(pictures, "", "尼瑪&amp;達珍攝，縣檔案館提供")


def test_history_shows_which_credit_took_which_ones_place(
    client: Client, story: Article, editor: User, pictures: list[Picture]
):
    factories.publish_again(story, by=editor, body=body_of(pictures, "縣檔案館", "尼瑪攝"))
    page = read(client, f"/a/{story.code}/v/2/changes/")
    first, second, *_ = page.all("figcaption .credit")
    assert [part.words.split()[-1] for part in first.all("del")] == ["白瑪拉姆攝"]
    assert [part.words.split()[-1] for part in first.all("ins")] == ["縣檔案館"]
    assert "縣檔案館提供" in "".join(part.words for part in second.all("del"))

    factories.publish_again(story, by=editor, body=body_of(pictures, "", "尼瑪攝"))
    only = read(client, f"/a/{story.code}/v/3/changes/").all("figcaption .credit")[0]
    assert [part.words.split()[-1] for part in only.all("del")] == ["縣檔案館"]
    assert [part.words.split()[-1] for part in only.all("ins")] == ["白瑪拉姆攝"]


def test_the_publish_page_shows_what_changes_of_it(story: Article, editor: User, pictures: list[Picture]):
    factories.change(story, by=editor, body=body_of(pictures, "", "尼瑪攝"))
    page = at_the_desk(editor).get(reverse("admin:articles_article_publish", args=[story.pk])).content.decode()
    changes = page[page.index('class="changed-body"') :]
    assert "縣檔案館提供" in changes[: changes.index("</dd>")]


def test_editions_of_the_format_before_stand_as_they_were_and_verify(
    client: Client, editor: User, site: Site, pictures: list[Picture], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(freeze, "FORMAT", 2)
    story = factories.publish_article(editor, body=body_of(pictures, "", ""))
    monkeypatch.undo()
    factories.publish_again(story, by=editor, body=body_of(pictures, "", "尼瑪攝"))
    seal()
    assert [edition.text.read()["format"] for edition in story.editions.order_by("number")] == [2, freeze.FORMAT]
    assert list(verify()) == []
    assert credits(read(client, f"/a/{story.code}/v/1/")) == ["白瑪拉姆攝", "白瑪拉姆攝"]
    assert credits(read(client, f"/a/{story.code}/")) == ["白瑪拉姆攝", "尼瑪攝"]


class TestTheLeadPicture:
    def lead(self, editor: User, picture: Picture, **values: str) -> Article:
        return factories.publish_article(editor, lead_picture=picture, **values)

    def test_has_its_own_credit_or_another_one_here(
        self, client: Client, editor: User, site: Site, pictures: list[Picture]
    ):
        own = self.lead(editor, pictures[0])
        other = self.lead(editor, pictures[1], lead_credit="縣檔案館 <b>")
        assert credits(read(client, f"/a/{own.code}/")) == ["白瑪拉姆攝"]
        assert credits(read(client, f"/a/{other.code}/")) == ["縣檔案館 <b>"]
        assert "credit" not in own.editions.get().text.read()["lead"]
        assert other.editions.get().text.read()["lead"]["credit"] == "縣檔案館 <b>"
        assert "縣檔案館 &amp;lt;b&amp;gt;" in client.get("/feed.rss").content.decode()

    def test_tells_in_history_which_credit_took_which_ones_place(
        self, client: Client, editor: User, site: Site, pictures: list[Picture]
    ):
        story = self.lead(editor, pictures[0])
        factories.publish_again(story, by=editor, lead_credit="縣檔案館")
        changed = read(client, f"/a/{story.code}/v/2/changes/")
        words = " ".join(part.words for part in changed.all("del") + changed.all("ins"))
        assert "白瑪拉姆攝" in words
        assert "縣檔案館" in words
        seal()
        assert list(verify()) == []
