"""What templates are given: small, finished objects, every attribute always there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import translation
from django.utils.safestring import SafeString

from articles.language.passages import Passage
from articles.site.renderings import Text

PictureAddress = Callable[[str, int, str], str]  # digest, width, kind ("webp", "jpg") -> address


@dataclass(frozen=True)
class Link:
    name: str
    url: str = ""
    lang: str = ""  # BCP 47, where the name is in another language than the page
    current: bool = False
    hreflang: str = ""
    elsewhere: bool = False  # of a language: it leads to the front, because this page does not exist in it


@dataclass(frozen=True)
class Topic:
    name: str
    url: str
    lang: str
    banner: str


@dataclass(frozen=True)
class Picture:
    src: str
    srcset_webp: str
    srcset_jpeg: str
    width: int
    height: int
    alt: str
    caption: str = ""
    credit: str = ""
    lang: str = ""  # of alt and of its own credit, where it differs from the text around
    credit_lang: str = ""  # of the credit that is shown


@dataclass(frozen=True)
class Card:
    code: str
    lang: str
    kicker: str
    headline: str
    mark: str
    standfirst: str
    url: str
    channel: Link
    time: datetime
    picture: Picture | None
    headline_lang: str = ""  # of a headline that a front has of its own, where it differs from `lang`
    flag: str = ""  # what a front says of it for now: "breaking", "live"
    flag_label: str = ""
    _pieces: dict[Any, SafeString] = field(default_factory=dict, init=False, compare=False, repr=False)

    def written(self, how: tuple[object, ...], write: Callable[[], SafeString]) -> SafeString:
        """What stands on pages of it, written once for each language and form (pieces.py)."""
        asked = (translation.get_language(), *how)
        if asked not in self._pieces:
            self._pieces[asked] = write()
        return self._pieces[asked]


@dataclass(frozen=True)
class Reply:
    name: str
    text: str


@dataclass(frozen=True)
class Notice:
    """What a notice says. `erased`: its words were removed by law, only its kind and time stand.

    Which page it stands on decides `change_url`: empty where the passage is not marked in its text.
    """

    number: int  # of the edition that brought it
    place: int
    kind: str
    label: str
    css: str
    time: datetime
    text: str
    was: str = ""
    now: str = ""
    serious: bool = False
    field: str = ""
    erased: bool = False
    superseded: bool = False
    digest: str = ""
    reply: Reply | None = None
    passage: Passage | None = None  # where it stood, in the edition that was wrong
    passage_now: Passage | None = None  # where what is right stands, in the edition that brought it
    field_label: str = ""  # "in the headline"
    ground_label: str = ""  # of a takedown
    edition_url: str = ""  # of the edition that brought it
    change_url: str = ""  # of the mark in the text
    successor: "Notice | None" = None  # what superseded it
    erased_at: datetime | None = None
    erased_note: str = ""  # on which ground, in public words

    @property
    def anchor(self) -> str:
        return f"notice-{self.number}-{self.place}"


@dataclass(frozen=True)
class Role:
    label: str
    people: Sequence[Link]


@dataclass(frozen=True)
class Change:
    kind_label: str
    time: datetime
    headline: str
    url: str
    text: str
    lang: str


@dataclass(frozen=True)
class Section:
    channel: Link
    cards: Sequence[Card]


@dataclass(frozen=True)
class Band:
    topic: Link
    standfirst: str
    cards: Sequence[Card]


@dataclass(frozen=True)
class Front:
    lead: Card | None
    seconds: Sequence[Card]
    latest: Sequence[Card]
    sections: Sequence[Section]
    coverage: Sequence[Band]
    changes: Sequence[Change]
    archive_url: str
    corrections_url: str = ""
    picks: Sequence[Card] = ()  # pinned by hand, beyond lead and seconds
    until: datetime | None = None  # when a mark on it ends, and it has to be made anew


@dataclass(frozen=True)
class Day:
    number: int
    url: str
    current: bool


@dataclass(frozen=True)
class Calendar:
    title: str
    weekdays: Sequence[str]
    weeks: Sequence[Sequence[Day | None]]


@dataclass(frozen=True)
class Fact:
    label: str
    text: str


@dataclass(frozen=True)
class Part:
    """A section of a topic's page."""

    name: str
    lang: str
    cards: list[Card]


@dataclass(frozen=True)
class Moment:
    """A line of a timeline; iso: "2026", "2026-05" or "2026-05-03"; url: of the story that tells of it."""

    iso: str
    when: str
    text: str
    url: str


@dataclass(frozen=True)
class TopicPage:
    picture: Picture | None
    facts: Sequence[Fact]
    sections: Sequence[Part]
    timeline: Sequence[Moment]
    ended: str  # the day on which its coverage ended, in words
    ended_on: date | None
    shown: frozenset[int] = frozenset()  # the stories of its sections, by key


@dataclass(frozen=True)
class ListPage:
    kind: str
    title: str
    cards: Sequence[Card]
    label: str = ""  # what kind of thing it is of
    lang: str = ""
    line: str = ""  # of a person
    trail: Sequence[Link] = ()
    standfirst: str = ""
    children: Sequence[Link] = ()
    children_label: str = ""
    portrait: Picture | None = None
    feed: Link | None = None
    period: str = ""
    periods: Sequence[Link] = ()  # the years of an archive, or the months of a year
    periods_label: str = ""
    archive: Link | None = None
    topic: TopicPage | None = None
    calendar: Calendar | None = None
    newer: Link | None = None
    older: Link | None = None
    empty: str = ""
    until: datetime | None = None  # when a mark on it ends, and it has to be made anew


@dataclass(frozen=True)
class Story:
    lang: str
    code: str
    number: int
    kicker: str
    headline: str
    mark: str  # what stands before the headline: that it was corrected, or the story withdrawn
    title: str  # the headline with its mark, as plain text
    standfirst: str
    published: datetime
    updated: datetime | None  # by an act that readers are told of
    modified: datetime  # by any edition
    topic: Topic | None
    trail: Sequence[Link]
    source: Link
    byline: Sequence[Role]
    editors: Sequence[Link]
    lead: Picture | None
    body: SafeString
    tags: Sequence[Link]
    places: Sequence[Link] = ()
    notices_top: Sequence[Notice] = ()
    notices_foot: Sequence[Notice] = ()
    permalink: str = ""
    qr_url: str = ""
    report_url: str = ""
    json_ld: SafeString = field(default_factory=lambda: SafeString(""))
    related: Sequence[Card] = ()
    history_url: str = ""
    corrections_url: str = ""
    policy_url: str = ""
    same: Sequence[Text] = ()  # the other public stories that say the same
    original: Link | None = None  # of a text that was converted: the one that it was converted from
    retracted_url: str = ""  # of a retracted story: the edition at which its text stands
