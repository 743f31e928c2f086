"""The lists that readers may open, of the site, a channel, topic, tag, person or place; and what each is called."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import unquote

from django.core.exceptions import ValidationError
from django.db.models import Exists, Model, OuterRef, QuerySet
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from articles.models import (
    Channel,
    Language,
    Listing,
    OldAddress,
    Person,
    Place,
    Tag,
    Topic,
    nearest_above,
    place_codes,
)
from articles.models.prepared import prepared, told
from articles.publishing.freeze import freeze_picture
from articles.site import addresses, keys, lists, pictures, topic_page
from articles.site.frame import Surroundings
from articles.site.things import Link, ListPage

BELOW = 1000  # places below one that are looked through for those that have a page


@dataclass(frozen=True)
class PublicList:
    """A list that readers may open: its key, its words, its address."""

    kind: str
    target: int
    url: str
    page: ListPage
    channel: Channel | None = None
    topic: Topic | None = None
    place: Place | None = None
    must_have_stories: bool = True

    @property
    def key(self) -> lists.Key:
        return self.kind, self.target

    @property
    def archive_url(self) -> str:
        return f"{self.url}archive/"

    def year_url(self, year: int) -> str:
        return f"{self.archive_url}{year:04}/"

    def month_url(self, when: date) -> str:
        return f"{self.url}archive/{when:%Y}/{when:%m}/"

    def day_url(self, when: date) -> str:
        return f"{self.month_url(when)}{when:%d}/"

    def is_open(self, readers: str) -> bool:
        """Whether these readers find a page here."""
        if not self.must_have_stories or lists.has_any(*self.key, readers):
            return True
        return bool(self.topic and topic_page.has_placed(self.topic, readers))

    def languages(self, *, archive: bool = False, span: tuple[datetime, datetime] | None = None) -> list[Language]:
        """Those in which it has a story to show: on its newest page; in its archive; or there between two moments. By
        one query."""
        if span:
            keys.on_past(*self.key, until=span[1])
        else:
            keys.on_newest(*self.key)
        if not span and not self.topic:
            shown = next(iter(_languages(self.kind, bool(self.channel) and not archive)(target=self.target)), ())
            return [language for language, is_there in zip(Language, shown, strict=False) if is_there]
        asked: list[list[QuerySet[Any]]] = []
        for language in Language:
            found = Listing.objects.on(Listing.Kind(self.kind), self.target, language.readers).shown_in(language)
            found = found.standing() if self.channel and not archive else found
            found = found.filter(first_published_at__gte=span[0], first_published_at__lt=span[1]) if span else found
            placed = topic_page.standing(self.topic, language.readers) if self.topic and not archive else None
            asked.append([found] if placed is None else [found, placed])
        return [language for language, is_there in zip(Language, lists.any_of(asked), strict=True) if is_there]

    def nothing(self, readers: str, start: datetime | None = None, until: datetime | None = None) -> Exception:
        """What to raise where these readers find nothing of it, in all or in a span of time: Gone where something
        stood that was taken down, else Http404."""
        keys.on_newest(*self.key)
        stood = Listing.objects.taken_down(Listing.Kind(self.kind), self.target, readers)
        if start and until:
            stood = stood.filter(first_published_at__gte=start, first_published_at__lt=until)
        return Gone() if stood.exists() else Http404()


@prepared
def _languages(kind: str, standing: bool) -> QuerySet[Any, Any]:
    """Of each language whether the list has a story to show in it; no row where no list has any."""
    asked = []
    for language in Language:
        found = Listing.objects.on(Listing.Kind(kind), told("target"), language.readers).shown_in(language).order_by()
        asked.append(Exists(found.standing() if standing else found))
    return Listing.objects.order_by().values_list(*asked)[:1]


class Gone(Exception):  # its answer is not kept: it stands at as many addresses as there are days
    """What was public here has been withdrawn."""


class Moved(Exception):
    """What was public here has another address by now."""

    def __init__(self, url: str) -> None:
        self.url = url
        super().__init__(url)


def find(kind: str, word: str, around: Surroundings) -> PublicList:
    """Raises Http404, or Gone."""
    return the_site(around) if kind == "site" else FIND[kind](around, word)


def find_here(request: HttpRequest, kind: str, word: str, around: Surroundings) -> PublicList:
    """As `find`; raises Moved where the word once led to what these readers find at another one now.

    What follows the list's own address, as the month of an archive, goes along; a question in the address does not.
    """
    try:
        return find(kind, word, around)
    except Http404:
        moved = moved_to(kind, word, around)
        if not moved:
            raise
    own = unquote(addresses.of(kind, word))
    raise Moved(moved.url + request.path.removeprefix(own))


def moved_to(kind: str, word: str, around: Surroundings) -> PublicList | None:
    """Where readers find now what once stood at this word; None also where they find it nowhere.

    Raises Gone where all of it was taken down: it is not led on from there, because its new name may be what had to go.
    """
    target = OldAddress.objects.of(kind, word) if kind in MODELS else None
    if not target:
        return None
    model = MODELS[kind]
    address = model._default_manager.filter(pk=target).values_list(model.address_column, flat=True).first()  # type: ignore[attr-defined]
    try:
        found = find(kind, address, around) if address else None
    except Http404:
        return None
    readers = around.language.readers
    if found and not found.is_open(readers):
        if isinstance(nothing := found.nothing(readers), Gone):
            raise nothing
        return None
    return found


def the_site(around: Surroundings) -> PublicList:
    page = ListPage(kind="site", title=_("All stories"), cards=())
    return PublicList(Listing.Kind.SITE, 0, addresses.of("front"), page)


def a_channel(around: Surroundings, path: str) -> PublicList:
    channel = next((channel for channel in around.channels.values() if channel.path == path), None)
    if not channel:
        raise Http404
    link = around.channel_link(channel)
    page = ListPage(
        kind="channel",
        title=link.name,
        lang=link.lang,
        cards=(),
        trail=[around.channel_link(above) for above in channel.trail()[:-1]],
        standfirst=around.words(channel.description),
        children=[around.channel_link(child) for child in around.channels.values() if child.parent_id == channel.pk],
        children_label=_("Parts of this channel"),
        empty=_("No story stands in this channel yet."),
    )
    return PublicList(Listing.Kind.CHANNEL, channel.pk, link.url, page, channel=channel, must_have_stories=False)


def a_topic(around: Surroundings, slug: str) -> PublicList:
    topic = Topic.objects.select_related("picture").filter(slug=slug).first()
    if not topic:
        raise Http404
    name, lang = topic.named(around.language)
    page = ListPage(
        kind="topic",
        label=_("Special coverage"),
        title=name,
        lang="" if lang == around.language else lang,
        standfirst=topic.said("standfirst", around.language),
        cards=(),
    )
    return PublicList(Listing.Kind.TOPIC, topic.pk, addresses.of("topic", slug), page, topic=topic)


def a_tag(around: Surroundings, slug: str) -> PublicList:
    tag = Tag.objects.filter(slug=slug).first()
    if not tag:
        raise Http404
    name = around.words(tag.name) or tag.name
    page = ListPage(kind="tag", label=_("Tag"), title=name, lang=around.lang_of(name), cards=())
    return PublicList(Listing.Kind.TAG, tag.pk, addresses.of("tag", slug), page)


def a_person(around: Surroundings, slug: str) -> PublicList:
    person = Person.objects.select_related("portrait").filter(slug=slug).first()
    if not person:
        raise Http404
    if not person.has_page:
        if Listing.objects.filter(kind=Listing.Kind.PERSON, target=person.pk).exists():
            raise Gone
        raise Http404  # nobody whom only drafts name is told apart from nobody at all
    name, lang = person.named(around.language)
    portrait = person.portrait
    page = ListPage(
        kind="person",
        label=_("Our people"),
        title=name,
        lang="" if lang == around.language else lang,
        line=person.said("line", around.language),
        standfirst=person.said("biography", around.language),
        portrait=pictures.shown(freeze_picture(portrait, around.language), lang=around.language) if portrait else None,
        cards=(),
    )
    return PublicList(Listing.Kind.PERSON, person.pk, addresses.of("person", slug), page)


def a_place(around: Surroundings, code: str) -> PublicList:
    try:
        place_codes.check_place_code(code)
    except ValidationError as error:
        raise Http404 from error
    found = {one.code: one for one in Place.objects.filter(code__in=[code, *place_codes.above(code)])}
    place = found.pop(code, None)
    if not place:
        raise Http404
    name, lang = place.named(around.language)
    above = sorted(found.values(), key=lambda one: one.level_number)
    page = ListPage(
        kind="place",
        label=str(place.level.label),
        title=name,
        lang="" if lang == around.language else lang,
        cards=(),
        trail=[Link(name=_("Places"), url=addresses.of("places")), *(place_link(one, around) for one in above)],
        children_label=_("Places here"),
    )
    return PublicList(Listing.Kind.PLACE, place.pk, addresses.of("place", code), page, place=place)


def place_link(place: Place, around: Surroundings) -> Link:
    name, lang = place.named(around.language)
    return around.link(name, lang, addresses.of("place", place.code))


def with_page(language: Language) -> Exists:
    """The condition that readers of this language find a page of a place."""
    found = Listing.objects.on(Listing.Kind.PLACE, OuterRef("pk"), language.readers)  # type: ignore[arg-type]
    return Exists(found.shown_in(language).order_by())


def right_below(place: Place, around: Surroundings) -> list[Link]:
    """The places with a page that lie in this one, and in none between."""
    found = Place.objects.all().below(place.code).filter(with_page(around.language))
    below = sorted(found.upper_first()[:BELOW], key=lambda one: one.code)
    known = {one.code: one for one in [place, *below]}
    return [place_link(one, around) for one in below if nearest_above(one.code, known) is place]


FIND = {"channel": a_channel, "topic": a_topic, "tag": a_tag, "person": a_person, "place": a_place}
MODELS: dict[str, type[Model]] = {"channel": Channel, "topic": Topic, "tag": Tag, "person": Person}
