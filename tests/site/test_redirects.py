"""Old addresses lead to where a thing stands now: pages, feeds, archives, in every language; and to nothing else."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

import pytest
from django.test import Client

from articles.models import Channel, Credit, Listing, OldAddress, Person, Publication, Site, Tag, Topic, User
from articles.publishing import agree, propose
from tests import factories
from tests.factories import correct, make_article, publish_again, publish_article, withdraw

EDITOR = Credit.Role.EDITOR.value
AT = datetime(2026, 3, 5, 1, tzinfo=UTC)


@pytest.fixture
def things(site: Site, administrator: User) -> dict[str, Any]:
    """One of each, with a story that is public."""
    channel = factories.make_channel("農牧", slug="farming")
    below = factories.make_channel("青稞", slug="barley", parent=channel)
    topic, person = factories.make_topic(slug="harvest"), factories.make_person(slug="dazhen")
    publish_article(administrator, at=AT, channel=below, topic=topic, tags=["青稞"], credits=[(person.pk, EDITOR)])
    return {"channel": channel, "below": below, "topic": topic, "person": person, "tag": Tag.objects.get()}


def move(thing: Any, slug: str) -> None:
    thing = type(thing).objects.get(pk=thing.pk)
    thing.slug = slug
    thing.save()


def led(client: Client, path: str) -> tuple[int, str]:
    response = client.get(path)
    return response.status_code, unquote(response.get("Location", ""))


BELOW = ["", "archive/", "archive/2026/", "archive/2026/03/", "archive/2026/03/05/"]
FEEDS = ["feed.rss", "feed.atom", "feed.json"]
PLACES = {
    "channel": ("/farming/", "/田地/"), "below": ("/farming/barley/", "/farming/新/"),
    "topic": ("/topic/harvest/", "/topic/秋收/"), "tag": ("/tag/青稞/", "/tag/ནས/"),
    "person": ("/people/dazhen/", "/people/達珍/"),
}  # fmt: skip


@pytest.mark.parametrize("kind", PLACES)
def test_every_page_and_feed_of_a_thing_goes_along(kind: str, client: Client, things: dict[str, Any]):
    old, new = PLACES[kind]
    move(things[kind], new.strip("/").rpartition("/")[2])
    for prefix in ("", "/zh-hans"):
        for below in BELOW + FEEDS:
            assert led(client, f"{prefix}{old}{below}") == (301, f"{prefix}{new}{below}")
            assert client.get(f"{prefix}{new}{below}").status_code == 200, below


def test_a_channel_moved_takes_all_below_it_along(client: Client, things: dict[str, Any]):
    move(things["channel"], "fields")
    assert led(client, "/farming/barley/archive/2026/03/") == (301, "/fields/barley/archive/2026/03/")
    below = Channel.objects.get(pk=things["below"].pk)
    below.parent = None
    below.save()
    for old in ("/farming/barley/", "/fields/barley/"):
        assert led(client, f"{old}feed.rss") == (301, "/barley/feed.rss")


def test_the_log_of_corrections_of_a_channel_goes_along(client: Client, things: dict[str, Any], editor: User):
    move(things["channel"], "田地")
    for kind in ("", "kind/correction/"):
        assert led(client, f"/corrections/{kind}channel/farming/") == (301, f"/corrections/{kind}channel/田地/")
    assert client.get("/corrections/channel/nowhere/").status_code == 404
    assert led(client, "/en/corrections/channel/farming/archive/2026/03/") == (
        301, "/en/corrections/channel/田地/archive/2026/03/",
    )  # fmt: skip


def test_chains_are_one_step_and_going_back_makes_no_circle(client: Client, things: dict[str, Any]):
    for slug in ("one", "two", "three"):
        move(things["topic"], slug)
    for slug in ("harvest", "one", "two"):
        assert led(client, f"/topic/{slug}/") == (301, "/topic/three/")
    move(things["topic"], "harvest")
    assert client.get("/topic/harvest/").status_code == 200
    assert led(client, "/topic/three/") == (301, "/topic/harvest/")


def test_a_question_in_the_address_does_not_go_along(client: Client, things: dict[str, Any]):
    move(things["topic"], "秋收")
    for asked in ("?utm_source=x", "?next=//evil.example", "?a=b&c=%0d%0aSet-Cookie:x"):
        assert led(client, f"/topic/harvest/{asked}") == (301, "/topic/秋收/")


def test_the_answer_is_asked_for_again_and_sets_nothing(client: Client, things: dict[str, Any]):
    move(things["topic"], "秋收")
    response = client.get("/topic/harvest/")
    assert response["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert not response.cookies
    assert client.head("/topic/harvest/").status_code == 301
    assert client.post("/topic/harvest/").status_code == 405


def test_an_address_taken_by_something_new_belongs_to_it(client: Client, things: dict[str, Any], editor: User):
    move(things["tag"], "barley")
    assert led(client, "/tag/青稞/") == (301, "/tag/barley/")
    Tag.objects.filter(pk=things["tag"].pk).update(name="大麥")
    publish_article(editor, headline="新的", tags=["青稞"])
    page = client.get("/tag/青稞/")
    assert page.status_code == 200
    assert "新的" in page.content.decode()
    move(Tag.objects.get(name="青稞"), "highland-barley")
    assert led(client, "/tag/青稞/") == (301, "/tag/highland-barley/")


class TestWhatIsNotPublic:
    def test_has_no_old_address(self, client: Client, editor: User, site: Site):
        topic, person = factories.make_topic(slug="secret"), factories.make_person(slug="whistle")
        make_article(editor, topic=topic, tags=["機密"], credits=[(person.pk, EDITOR)])
        for thing, old in ((topic, "/topic/secret/"), (person, "/people/whistle/"), (Tag.objects.get(), "/tag/機密/")):
            move(thing, "other")
            assert client.get(old).status_code == 404, old
        credits = [(person.pk, EDITOR)]
        publish_article(editor, topic=topic, tags=["機密"], credits=credits)
        for old in ("/topic/secret/", "/people/whistle/", "/tag/機密/"):
            assert client.get(old).status_code == 404, old

    def test_any_more_is_led_to_nowhere(self, client: Client, editor: User, site: Site):
        article = publish_article(editor, tags=["青稞"])
        move(Tag.objects.get(), "barley")
        publish_again(article, by=editor, tags=[])
        assert led(client, "/tag/青稞/") == (404, "")
        assert led(client, "/tag/青稞/feed.rss") == (404, "")

    def test_in_a_language_is_led_to_nowhere_there(self, client: Client, things: dict[str, Any]):
        move(things["topic"], "秋收")
        for below in ("", "feed.rss", "archive/2026/"):
            assert led(client, f"/en/topic/harvest/{below}") == (404, "")

    def test_a_person_without_a_page_answers_at_both_words_as_before(self, client: Client, things: dict[str, Any]):
        move(things["person"], "達珍")
        Person.objects.update(has_page=False)
        assert led(client, "/people/dazhen/") == led(client, "/people/達珍/") == (410, "")

    def test_a_topic_whose_only_story_was_taken_down_is_gone_at_both_words_and_leads_to_none(
        self, client: Client, editor: User, chief: User, site: Site
    ):
        article = publish_article(editor, topic=factories.make_topic(slug="harvest"))
        move(Topic.objects.get(), "secret-name")
        withdraw(article, by=chief, second=editor, act="takedown")
        for path in ("/topic/harvest/", "/topic/harvest/feed.rss", "/topic/harvest/archive/", "/topic/secret-name/"):
            assert led(client, path) == (410, ""), path
        assert client.get("/topic/secret-name/feed.rss").status_code == 200  # as long as it tells of the takedown
        Publication.objects.update(published_at=AT)
        assert client.get("/topic/secret-name/feed.rss").status_code == 410

    def test_is_told_by_no_list_and_no_word_of_the_answer(self, client: Client, things: dict[str, Any], editor: User):
        hidden = factories.make_topic("機密專題", slug="hidden")
        OldAddress.objects.create(kind=Listing.Kind.TOPIC, word="forged", target=hidden.pk)
        response = client.get("/topic/forged/")
        assert response.status_code == 404
        assert "hidden" not in response.content.decode()


def test_an_erased_tag_takes_its_old_address_along(client: Client, editor: User, chief: User, site: Site):
    article = publish_article(editor, tags=["要刪的名字"])
    move(Tag.objects.get(), "other")
    assert OldAddress.objects.exists()
    publish_again(article, by=editor, tags=[])
    terms = {"editions": [1], "notices": []}
    agree(propose(article, act="erasure", by=chief, text="依法。", reason="判決", erase=terms), by=editor)
    assert not Tag.objects.exists()
    assert not OldAddress.objects.exists()


def test_a_story_leads_to_the_new_words_at_once(client: Client, things: dict[str, Any], editor: User):
    article = publish_article(editor, channel=things["below"], tags=["青稞"])
    move(things["tag"], "barley")
    move(things["channel"], "fields")
    correct(article, by=editor)
    page = client.get(f"/a/{article.code}/").content.decode()
    assert 'href="/tag/barley/"' in page
    assert 'href="/fields/barley/"' in page
