"""Whoever changes an address word, by whichever door, leaves the old one behind: for what readers could open alone."""

import pytest
from django.db import IntegrityError, transaction

from articles.models import Channel, Credit, OldAddress, Person, Tag, Topic, User
from tests import factories


def kept() -> set[tuple[str, str, int]]:
    return set(OldAddress.objects.values_list("kind", "word", "target"))


def test_each_kind_leaves_its_word_behind(editor: User):
    person = factories.make_person(slug="dazhen")
    topic, channel = factories.make_topic(slug="harvest"), factories.make_channel(slug="farming")
    credits = [(person.pk, Credit.Role.EDITOR.value)]
    factories.publish_article(editor, topic=topic, channel=channel, credits=credits, tags=["青稞"])
    tag = Tag.objects.get()
    for thing in (person, topic, channel, tag):
        thing.slug = "changed"
        thing.save()
    assert kept() == {
        ("person", "dazhen", person.pk), ("topic", "harvest", topic.pk), ("channel", "farming", channel.pk),
        ("tag", "青稞", tag.pk),
    }  # fmt: skip


def test_what_only_drafts_name_leaves_no_trace(editor: User):
    topic, person = factories.make_topic(slug="secret"), factories.make_person(slug="source-name")
    factories.make_article(editor, topic=topic, tags=["機密"], credits=[(person.pk, Credit.Role.EDITOR.value)])
    for thing in (topic, person, Tag.objects.get()):
        thing.slug = "changed"
        thing.save()
    assert kept() == set()


def test_a_channel_takes_all_paths_below_along(db: None):
    top = factories.make_channel(slug="farming")
    middle = factories.make_channel(slug="barley", parent=top)
    lowest = factories.make_channel(slug="seed", parent=middle)
    top.slug = "agriculture"
    top.save()
    assert kept() == {
        ("channel", "farming", top.pk), ("channel", "farming/barley", middle.pk),
        ("channel", "farming/barley/seed", lowest.pk),
    }  # fmt: skip
    middle.refresh_from_db()
    middle.parent = None
    middle.save()
    assert ("channel", "agriculture/barley/seed", lowest.pk) in kept()
    assert Channel.objects.get(pk=lowest.pk).path == "barley/seed"


def test_a_chain_of_changes_leads_to_the_thing_itself_and_going_back_leaves_no_circle(db: None):
    channel = factories.make_channel(slug="one")
    for slug in ("two", "three", "one"):
        channel.slug = slug
        channel.save()
    assert kept() == {("channel", "two", channel.pk), ("channel", "three", channel.pk)}


def test_a_word_that_is_taken_belongs_to_who_took_it(db: None):
    first = factories.make_channel(slug="farming")
    first.slug = "agriculture"
    first.save()
    second = factories.make_channel(slug="farming")
    assert kept() == set()
    second.slug = "fields"
    second.save()
    assert kept() == {("channel", "farming", second.pk)}


def test_a_save_that_fails_leaves_nothing_behind(db: None):
    channel = factories.make_channel(slug="farming")
    channel.slug = "archive"  # reserved
    with pytest.raises(IntegrityError), transaction.atomic():
        channel.save()
    assert kept() == set()


def test_saving_anything_else_leaves_nothing_behind(db: None):
    channel = factories.make_channel(slug="farming")
    channel.name = "田"
    channel.save()
    Channel.objects.get(pk=channel.pk).save()
    assert kept() == set()


@pytest.mark.parametrize("make", [factories.make_topic, factories.make_person])
def test_what_is_new_has_no_old_address(make, db: None):
    thing: Topic | Person = make(slug="new")
    thing.save()
    assert kept() == set()
