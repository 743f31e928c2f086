"""What readers ask for on the search page: what its form and its addresses hold, read and checked."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from articles.language.words import MAX_SLUG, one_line, unusable_characters
from articles.models import Channel, Listing, Publication, Topic
from articles.search.public_entry import Kind
from articles.search.question import MOST_CHARACTERS, After, Question
from articles.site import addresses, dates
from articles.site.frame import Surroundings

MOST_TOPICS = 100  # that may be chosen from
KEYS = ("q", "channel", "topic", "kind", "from", "to")


@dataclass(frozen=True)
class Option:
    value: str
    name: str
    lang: str = ""
    chosen: bool = False


@dataclass
class Asked:
    """What somebody asked for. typed: by key, as it was; notes: what of it could not be used, in words for them."""

    typed: dict[str, str]
    channel: Channel | None = None
    topic: Topic | None = None
    kind: str = ""
    first: date | None = None
    last: date | None = None
    after: After | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        return self.typed["q"]

    @property
    def filtered(self) -> bool:
        return any(self.typed[key] for key in KEYS[1:])

    def question(self, readers: str) -> Question:
        return Question(
            self.words,
            readers,
            channel=self.channel.pk if self.channel else None,
            topic=self.topic.pk if self.topic else None,
            kind=self.kind,
            since=_morning(self.first) if self.first else None,
            until=_morning(self.last + timedelta(days=1)) if self.last else None,
            after=self.after,
        )

    def address(self, after: After | None = None, *, how: str = "", without: Sequence[str] = ()) -> str:
        """The search page that asks the same, from another place on. how: search_page.LOOSELY or EVERYWHERE."""
        asked = {key: value for key in KEYS if key not in without and (value := self.typed[key])}
        if after:
            asked["after"] = after.written()
            asked |= {how: "1"} if how else {}
        return f"{reverse('site:search')}?{urlencode(asked)}"


def read(request: HttpRequest, around: Surroundings, topics: Sequence[Topic]) -> Asked:
    """What the address asks for. What it cannot mean is left out, said, and kept as it was typed."""
    asked = Asked({key: _usable(request.GET.get(key, "")) for key in KEYS})
    if len(asked.words) > MOST_CHARACTERS:
        asked.notes.append(
            _("This is very long: only its first %(count)d characters were sought.") % {"count": MOST_CHARACTERS}
        )
    asked.typed = {key: value[:MOST_CHARACTERS] for key, value in asked.typed.items()}
    if path := asked.typed["channel"]:
        asked.channel = next((one for one in around.channels.values() if one.path == path), None)
        if not asked.channel:
            asked.notes.append(_("There is no such channel, so all channels were searched."))
    if slug := asked.typed["topic"]:
        asked.topic = next((one for one in topics if one.slug == slug), None) or _topic(slug, around)
        if not asked.topic:
            asked.notes.append(_("There is no such topic, so all topics were searched."))
    if kind := asked.typed["kind"]:
        asked.kind = kind if kind in set(Kind) else ""
        if not asked.kind:
            asked.notes.append(_("There is no such kind of story, so all were searched."))
    asked.first, asked.last = (_day(asked, key) for key in ("from", "to"))
    if asked.first and asked.last and asked.first > asked.last:
        asked.first, asked.last = asked.last, asked.first
        asked.typed["from"], asked.typed["to"] = asked.typed["to"], asked.typed["from"]
        asked.notes.append(_("The last day came before the first one; they were exchanged."))
    if place := request.GET.get("after", ""):
        asked.after = After.read(place)
        if not asked.after:
            asked.notes.append(_("The address of this page is incomplete, so the first results are shown."))
    return asked


def _usable(text: str) -> str:
    return one_line("".join(letter for letter in text[:2000] if not unusable_characters(letter)))


def _day(asked: Asked, key: str) -> date | None:
    typed = asked.typed[key]
    if not typed:
        return None
    try:
        day = date.fromisoformat(typed)
        if dates.FIRST_YEAR <= day.year <= 9998:
            return day
    except ValueError:
        pass
    asked.notes.append(_("“%(day)s” is no day; write it like 2026-11-28. It was left out.") % {"day": typed})
    return None


def _morning(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=dates.site_zone())


def public_topics(readers: str) -> list[Topic]:
    """Topics of which these readers have a story; the first MOST_TOPICS in the desk's order."""
    return list(_public(readers).order_by("order", "pk")[:MOST_TOPICS])


def _topic(slug: str, around: Surroundings) -> Topic | None:
    return _public(around.language.readers).filter(slug=slug[:MAX_SLUG]).first()


def _public(readers: str) -> "QuerySet[Topic]":
    listed = Listing.objects.filter(kind=Listing.Kind.TOPIC, target=OuterRef("pk"), readers=readers)
    standing = listed.shown_in(addresses.page_language()).exclude(state=Publication.State.DOWN)
    return Topic.objects.filter(Exists(standing))


def channel_options(asked: Asked, around: Surroundings) -> list[Option]:
    """All channels, each below the one that it is part of."""
    channels = sorted(around.channels.values(), key=lambda one: [(above.order, above.pk) for above in one.trail()])
    return [
        Option(one.path, f"{'　' * (len(one.trail()) - 1)}{link.name}", link.lang, chosen=one == asked.channel)
        for one in channels
        for link in [around.channel_link(one)]
    ]


def topic_options(asked: Asked, around: Surroundings, topics: Sequence[Topic]) -> list[Option]:
    options = []
    others = [asked.topic] if asked.topic and asked.topic not in topics else []
    for one in [*topics, *others]:
        name, lang = one.named(around.language)
        options.append(Option(one.slug, name, "" if lang == around.language else lang, chosen=one == asked.topic))
    return options


def kind_options(asked: Asked) -> list[Option]:
    names = {Kind.PICTURES: _("With pictures"), Kind.CORRECTED: _("Corrected"), Kind.RETRACTED: _("Retracted")}
    return [Option(kind.value, name, chosen=kind.value == asked.kind) for kind, name in names.items()]
