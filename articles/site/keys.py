"""What public pages stand on, and what each act takes from under them: all keys of the page store, in one place.

A page names, while it is made, what it was made of (newsroom/delivery/standing.py); an act names what it changes. The
rules that keep the two together:

- `story`      what one story says and whether it stands: its own pages, and every page that shows its card.
- `family`     which other languages say the same.
- `newest`     the newest of a list (site, channel, topic …), and which languages have it.
- `month`      the stories of a list in one month, by the site's calendar, with their cards.
- `file`       the stories of one file of the sitemap: so many, in the order in which they were begun.
- `past`       which months and days of a list have a story at all. It moves only when a story comes or goes elsewhere
               than at the end of the list: an archive that is brought in, a takedown, a return, another channel.
- `front`      what somebody has pinned to a front.
- `notices`    the log of notices, its feed, and what fronts tell of it.

Everything else that pages show (names of channels, people and topics, pages about the site, places, pictures of the
site itself) is furniture: it is changed seldom, and then the whole store is emptied.
"""

import functools
import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Model, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from articles.models import (
    Channel,
    Front,
    Listing,
    Page,
    PageVersion,
    Person,
    Picture,
    Place,
    Publication,
    Site,
    Source,
    Tag,
    Topic,
    TopicFact,
    TopicMoment,
    TopicSection,
    TopicStory,
    site_language,
)
from articles.models.prepared import Prepared, all_told, each, filled, prepared, told
from articles.publishing.purging import purge
from articles.site import dates
from articles.site.addresses import bare, in_language, story_path
from articles.site.renderings import languages_of
from newsroom.delivery import standing

NOTICES = "notices"
UNSETTLED = timedelta(minutes=5)  # in which what was published before may still come to be seen behind it
# Stories in a file of the sitemap, few enough to be made anew at once: the format allows 50,000 addresses and 50 MiB in
# a file and in the index; a story may have two addresses, with some 700 bytes each.
FILE = 1_000
AT_A_TIME = 16  # keys in a question, of what is to be made anew
Key = tuple[str, int]  # Listing.kind and target


def story(publication: int) -> str:
    return f"s:{publication}"


def family(original: int | None) -> str:
    return f"t:{original}"


def newest(kind: str, target: int) -> str:
    return f"n:{kind}:{target}"


def past(kind: str, target: int) -> str:
    return f"p:{kind}:{target}"


def month(kind: str, target: int, at: datetime) -> str:
    return f"m:{kind}:{target}:{at.astimezone(dates.site_zone()):%Y-%m}"


def file_of(publication: int) -> int:
    """The number of the sitemap's file that names a story."""
    return publication // FILE + 1


def stories_of_file(number: int) -> tuple[int, int]:
    """The first and the last key that may stand in a file."""
    return (number - 1) * FILE, number * FILE - 1


def file(publication: int) -> str:
    return f"x:{file_of(publication)}"


def front(place: int) -> str:
    return f"f:{place}"


# --- Which answers may be kept, and by which part of their question -------------------------------------------------
NEVER = re.compile(
    r"/(?:admin|static|media|health|preview|\.well-known)(?:/|$)"
    r"|/(?:search|a/[^/]+/(?:report|timegate)|corrections/accuracy(?:\.csv)?)(?:/|$)"
)
LONGEST = 500  # characters of a path
FURTHER = re.compile(r"/a/[^/]+/(?:history(?:\.json)?|timemap)/?")


@functools.lru_cache(maxsize=10_000)
def kept_by(path: str) -> frozenset[str] | None:
    """The names in the question of an address that matter; None where its answer is never kept."""
    if len(path) > LONGEST or NEVER.match(address := bare(path)):
        return None
    return frozenset({"before"} if FURTHER.fullmatch(address) else ())


# --- What pages stand on ----------------------------------------------------------------------------------------------
def on_stories(publications: Iterable[int]) -> None:
    standing.on(*map(story, publications))


def on_family(original: int | None) -> None:
    standing.on(family(original))


def on_newest(kind: str, target: int) -> None:
    standing.on(newest(kind, target))


def on_months(kind: str, target: int, moments: Iterable[datetime]) -> None:
    """Those in which these moments lie."""
    standing.on(*(month(kind, target, moment) for moment in moments))


def on_file(number: int) -> None:
    standing.on(file(stories_of_file(number)[0]))


def on_past(kind: str, target: int, *, until: datetime | None = None) -> None:
    """until: when the span of time that is shown is over; before that its end is the list's own."""
    standing.on(past(kind, target))
    if until and until > timezone.now():
        on_newest(kind, target)


def first_read(keys: Collection[str]) -> list[str]:
    """The addresses that readers ask for first when these keys were purged: the stories, their channels, the fronts."""
    named = {kind: {int(key[2:]) for key in keys if key.startswith(kind)} for kind in ("s:", "f:")}
    publications = _asked(_standing, named["s:"])
    if not publications and not named["f:"]:
        return []
    channels = {*_asked(_channels, [story.pk for story in publications]), *named["f:"]}
    paths = _asked(_paths, channels)
    tops = ["/", *(f"/{path}/" for path in paths)]  # as stores know them: not quoted
    stories = [(story.code, language) for story in publications for language in languages_of(story)]
    languages = {language for _, language in stories} or {site_language()}
    return [
        *(story_path(code, language) for code, language in stories),
        *(in_language(top, language) for top in tops for language in languages),
    ]


def _asked(query: Callable[[int], Prepared], keys: Iterable[int]) -> list[Any]:
    """What a query finds of any number of keys, AT_A_TIME of them."""
    keys = sorted(keys)
    parts = [filled(keys[at : at + AT_A_TIME]) for at in range(0, len(keys), AT_A_TIME)]
    return [found for part in parts for found in query(len(part))(**each("key", part))]


@prepared
def _standing(count: int) -> QuerySet[Publication]:
    return Publication.objects.filter(article__pk__in=all_told("key", count)).exclude(state=Publication.State.DOWN)


@prepared
def _channels(count: int) -> "QuerySet[Any, Any]":
    lists = Listing.objects.filter(publication__article__pk__in=all_told("key", count), kind=Listing.Kind.CHANNEL)
    return lists.order_by().values_list("target", flat=True)


@prepared
def _paths(count: int) -> "QuerySet[Any, Any]":
    return Channel.objects.filter(pk__in=all_told("key", count)).values_list("path", flat=True)


# --- What acts change -------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Stand:
    """How a story stands in public at one moment."""

    lists: frozenset[Key]
    state: str  # a list shows what stands, and marks what was retracted
    only_in: str
    original: int | None

    @property
    def places(self) -> set[tuple[Key, str, str]]:
        return {(key, self.state, self.only_in) for key in self.lists}


def stand_of(publication: Publication) -> Stand:
    """By its lists, whose rows say the same as the story's own; of that, only what the act itself has written."""
    rows = _lists()(publication=publication.pk)
    only_in = rows[0][2] if rows else publication.only_in
    lists = frozenset((kind, target) for kind, target, _ in rows)
    return Stand(lists, publication.state, only_in, publication.original_id)


class Watch:
    """Around the writing of a story's public rows, in the transaction of the act."""

    def __init__(self, publication: Publication | None) -> None:
        self.before = stand_of(publication) if publication else None

    def changed(self, publication: Publication) -> set[str]:
        """The keys of all that the act has changed."""
        after = stand_of(publication)
        before = self.before
        first = publication.first_published_at
        keys = {story(publication.pk), file(publication.pk), family(after.original)}
        keys |= {family(before.original), NOTICES} if before else set()
        for kind, target in after.lists | (before.lists if before else frozenset()):
            keys |= {newest(kind, target), month(kind, target, first)}
        if before or first < (_newest().first() or first):
            moved = after.places ^ (before.places if before else set())
            keys |= {past(kind, target) for (kind, target), *_ in moved}
        if before and before.state != after.state:  # a front may show its picture with another story
            live = Front.objects.exclude(live=None).order_by()
            keys |= {front(place) for place in live.values_list("place", flat=True)}
        families = {after.original, before.original if before else None} - {None}
        keys |= _of_siblings(publication.pk, families)
        for placed in (TopicStory, TopicMoment):
            keys |= {newest(Listing.Kind.TOPIC, topic) for topic in _placed(placed)(article=publication.pk)}
        return keys


@prepared
def _lists() -> QuerySet[Any, Any]:
    return Listing.objects.filter(publication=told("publication")).values_list("kind", "target", "only_in")


@prepared
def _newest() -> QuerySet[Any, Any]:
    return Publication.objects.order_by("-first_published_at").values_list("first_published_at", flat=True)[:1]


@prepared
def _placed(model: type[Model]) -> QuerySet[Any, Any]:
    return model._default_manager.filter(article=told("article")).order_by().values_list("topic", flat=True)


@prepared
def _others(count: int) -> QuerySet[Any, Any]:
    of_families = Listing.objects.filter(publication__original__pk__in=all_told("original", count))
    others = of_families.exclude(publication=told("publication")).order_by()
    return others.values_list("publication", "kind", "target", "first_published_at")


def _of_siblings(publication: int, families: Collection[int | None]) -> set[str]:
    """Which of two Chinese texts a list shows may change with the other one; and each names the other."""
    keys = set()
    others = _others(len(families))(publication=publication, **each("original", families))
    for other, kind, target, first in others:
        keys |= {story(other), file(other), newest(kind, target), past(kind, target), month(kind, target, first)}
        keys.add(NOTICES)
    return keys


FURNITURE = {Site, Channel, Topic, TopicFact, TopicMoment, TopicSection, TopicStory, Tag, Person, Place, Source, Page,
             PageVersion, Picture}  # fmt: skip
UNSEEN = {Topic, Tag, Person, Source, Picture}  # new ones: no page shows them before something names them


def furniture_moved(sender: type[Model], created: bool = False, **_: object) -> None:
    """A receiver of Django's signals: everything may show it, so nothing that is kept may stay."""
    if sender in FURNITURE and not (created and sender in UNSEEN):
        Site.objects.update(furniture_moved_at=Now())
        purge(None)


def launched(place: int) -> set[str]:
    """The keys of all that the launch of a front changes."""
    return {front(place)}
