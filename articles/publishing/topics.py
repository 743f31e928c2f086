"""What the desk says on a topic's page: which stories stand in its sections, and that somebody changed it."""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from articles.models import (
    Article,
    Event,
    Language,
    Listing,
    Publication,
    Topic,
    TopicFact,
    TopicMoment,
    TopicSection,
    TopicStory,
    User,
)
from articles.publishing import events
from articles.publishing.purging import purge
from articles.publishing.rights import Right, require

MOST_SECTIONS = 20
MOST_STORIES = 50  # of one section
SHOWN = 12  # of these, in each language; stories of the topic that come behind them stand in the list below
Placed = Sequence[tuple[TopicSection, Sequence[Article]]]


def placeable() -> "QuerySet[Publication]":
    """The stories that may be placed: of any desk, if readers see them, and they stand."""
    return Publication.objects.filter(state=Publication.State.STANDING)


def state_of(topic: Topic) -> str:
    """What its page says now, as a digest: another one, and somebody has changed it."""
    parts: list[QuerySet[Any]] = [
        Topic.objects.filter(pk=topic.pk), TopicFact.objects.filter(topic=topic),
        TopicSection.objects.filter(topic=topic), TopicMoment.objects.filter(topic=topic),
    ]  # fmt: skip
    said = [list(rows.order_by("pk").values_list()) for rows in parts]
    placed = topic.placed.order_by("section", "order", "article").values_list("section", "article")
    return sha256(repr([said, list(placed)]).encode("utf-8", "surrogatepass")).hexdigest()


def changed_by(topic: Topic) -> str:
    """Who changed it last; a dash where nobody is known."""
    verbs = [events.Verb.TOPIC_CHANGED, events.Verb.RENAMED, events.Verb.READDRESSED]
    last = Event.objects.filter(verb__in=verbs, thing=f"topic {topic.pk}").select_related("by__person").order_by("-pk")
    event = last.first()
    return str(event.by) if event and event.by else "–"


def nowhere(topic: Topic, sections: Iterable[Sequence[Article]]) -> Article | None:
    """The first story that readers would find nowhere: behind those that its section shows, and not of this topic."""
    behind = []
    for stories in sections:
        before: dict[str, int] = {}
        for article in stories:
            readers = Language(article.language).readers
            before[readers] = before.get(readers, 0) + 1
            if before[readers] > SHOWN:
                behind.append(article)
    listed = Listing.objects.filter(kind=Listing.Kind.TOPIC, target=topic.pk or 0,
                                    publication__in=[article.pk for article in behind])  # fmt: skip
    of_topic = set(listed.values_list("publication", flat=True)) if behind else set()
    return next((article for article in behind if article.pk not in of_topic), None)


@transaction.atomic
def place_stories(topic: Topic, placed: Placed, *, by: User) -> bool:
    """Have the sections of a topic hold these stories, in this order. Returns whether anything changed.

    What was placed before and has been withdrawn since may stay: readers do not see it. A story that is named twice
    stands where it is named first; one that cannot be placed is left out. Raises NotAllowed.
    """
    require(by, Right.LIBRARY)
    Topic.objects.select_for_update(no_key=True).get(pk=topic.pk)
    before = list(topic.placed.order_by("section", "order", "pk").values_list("section", "article"))
    kept = {article for _, article in before}
    wanted = {article.pk for _, stories in placed for article in stories}
    allowed = kept | set(placeable().filter(pk__in=wanted).values_list("pk", flat=True))
    rows: dict[int, TopicStory] = {}
    for section, stories in placed:
        for order, article in enumerate(stories[:MOST_STORIES]):
            if article.pk in allowed:
                rows.setdefault(article.pk, TopicStory(topic=topic, section=section, article=article, order=order))
    if sorted(before) == sorted((row.section_id, row.article_id) for row in rows.values()) and _in_order(before, rows):
        return False
    topic.placed.all().delete()
    TopicStory.objects.bulk_create(rows.values())
    purge(None)
    return True


def _in_order(before: Sequence[tuple[int, int]], rows: dict[int, Any]) -> bool:
    now = sorted(rows.values(), key=lambda row: (row.section_id, row.order))
    return [(row.section_id, row.article_id) for row in now] == list(before)


def note_changed(verb: events.Verb, thing: str, parts: Iterable[str], *, by: User) -> None:
    """Say in the audit trail what of a page of ours was changed, by the names of its parts, never by their words."""
    if told := ", ".join(dict.fromkeys(parts)):
        events.note(verb, by=by, article=None, thing=thing, after=told[:200])
