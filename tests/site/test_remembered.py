"""What a process remembers of a page is never what the page said before."""

import pytest
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.test import Client, override_settings
from django.utils import translation

from articles.models import Article, Channel, Person, Publication, Site, User
from articles.site.remembered import remembered
from tests import factories

pytestmark = pytest.mark.django_db


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_a_result_belongs_to_its_arguments_and_to_the_language_that_is_read():
    made: list[str] = []

    @remembered(2)
    def told(word: str) -> str:
        made.append(word)
        return f"{word} {translation.get_language()}"

    with translation.override("en"):
        assert [told("a"), told("a"), told("b")] == ["a en", "a en", "b en"]
    with translation.override("bo"):
        assert told("a") == "a bo"
    assert made == ["a", "b", "a"]
    with override_settings(TIME_ZONE="Asia/Urumqi"), translation.override("bo"):
        told("a")
    assert made == ["a", "b", "a", "a"]


def test_what_changes_without_an_edition_is_seen_at_once(client: Client, published: Article, site: Site, editor: User):
    story = factories.public(published)
    address = f"/a/{story.code}/"
    factories.publish_article(editor, channel=Channel.objects.get(pk=story.channel_id))
    before = {one: text(client, one) for one in (address, "/", "/feed.rss")}
    Site.objects.update(name="湖邊新聞")
    Channel.objects.filter(pk=story.channel_id).update(name="湖邊", name_zh_hant="湖邊", path="lakeside")
    Person.objects.update(slug=Concat(F("slug"), Value("-moved")))
    after = {one: text(client, one) for one in before}
    assert all("湖邊新聞" in page for page in after.values())
    assert all('href="/lakeside/"' in after[one] and 'href="/lakeside/"' not in before[one] for one in (address, "/"))
    assert "-moved/" in after[address]


def test_a_new_edition_is_seen_at_once(client: Client, published: Article, site: Site, editor: User):
    story = factories.public(published)
    pages = [f"/a/{story.code}/", "/", "/feed.rss", "/feed.atom", "/feed.json"]
    assert not any("又下雪了" in text(client, one) for one in pages)
    factories.publish_again(published, by=editor, headline="又下雪了")
    assert all("又下雪了" in text(client, one) for one in pages)
    assert Publication.objects.get(pk=story.pk).edition.number == 2
