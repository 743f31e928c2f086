"""What the page of a topic says beside its list of stories: facts, sections placed by hand, a timeline, its end.

All of it is furniture, and costs three queries, whatever the topic holds.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Protocol, TypeVar

from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from articles.models import Language, Listing, Publication, Topic, TopicFact, TopicMoment, TopicStory
from articles.models.names import other_script
from articles.publishing.freeze import freeze_picture
from articles.publishing.topics import SHOWN
from articles.site import addresses, dates, keys, lists, pictures
from articles.site.frame import Surroundings
from articles.site.renderings import card_in
from articles.site.things import Fact, Moment, Part, TopicPage

FACTS = 20
MOMENTS = 100
SECTIONS = 20
State = Publication.State


class Written(Protocol):
    language: str


One = TypeVar("One", bound=Written)


def told(topic: Topic, around: Surroundings) -> TopicPage:
    picture = topic.picture
    keys.on_newest(Listing.Kind.TOPIC, topic.pk)
    sections, shown = _sections(topic, around)
    return TopicPage(
        picture=pictures.shown(freeze_picture(picture, around.language), lang=around.language) if picture else None,
        facts=[
            Fact(label=_said(fact.label, fact.language, around), text=_said(fact.text, fact.language, around))
            for fact in _readable(TopicFact.objects.filter(topic=topic)[: FACTS * len(Language)], around)
        ],
        sections=sections,
        shown=shown,
        timeline=[_moment(moment, around) for moment in _readable(_moments(topic), around)],
        ended=dates.day(topic.ended_on) if topic.ended_on else "",
        ended_on=topic.ended_on,
    )


def not_below(topic: Topic, page: TopicPage) -> "QuerySet[TopicStory, Any]":
    """The keys of the stories that the list below the sections leaves out: what stands in one, and what was placed and
    withdrawn. What a section has no room for goes on there."""
    left_out = Q(article__in=page.shown) | ~Q(article__publication__state=State.STANDING)
    return TopicStory.objects.filter(left_out, topic=topic).order_by().values("article")


def has_placed(topic: Topic, readers: str) -> bool:
    return standing(topic, readers).exists()


def standing(topic: Topic, readers: str) -> "QuerySet[TopicStory]":
    """What somebody placed, and stands, and can be read; what was withdrawn is not there, without anybody's doing."""
    return TopicStory.objects.filter(
        topic=topic, article__publication__state=State.STANDING, article__publication__readers=readers
    )


def _sections(topic: Topic, around: Surroundings) -> tuple[list[Part], frozenset[int]]:
    """And the keys of the stories in them."""
    number = Window(RowNumber(), partition_by="section", order_by=("order", "pk"))
    rows: QuerySet[Any] = (
        standing(topic, around.language.readers)
        .annotate(
            number=number,
            code=F("article__publication__code"),
            channel=F("article__publication__channel"),
            card=card_in(around.language, "article__publication__"),
            first=F("article__publication__first_published_at"),
        )
        .filter(number__lte=SHOWN)
        .select_related("section")
        .order_by("section__order", "section", "order", "pk")
    )
    parts: dict[int, Part] = {}
    shown = set()
    for row in rows[: SECTIONS * SHOWN]:
        name, lang = row.section.named(around.language)
        part = parts.setdefault(row.section_id, Part(name=name, lang="" if lang == around.language else lang, cards=[]))
        found = lists.row(row.article_id, row.code, row.channel, row.first, row.card)
        part.cards.append(lists.card(found, around))
        shown.add(row.article_id)
    keys.on_stories(shown)
    return list(parts.values()), frozenset(shown)


def _moments(topic: Topic) -> Iterable[Any]:
    return TopicMoment.objects.filter(topic=topic).annotate(
        code=F("article__publication__code"),
        story_language=F("article__publication__language"),
        state=F("article__publication__state"),
    )[: MOMENTS * len(Language)]


def _moment(moment: Any, around: Surroundings) -> Moment:
    stands = moment.state == State.STANDING
    here = stands and Language(moment.story_language).readers == around.language.readers  # or it leads on to its own
    return Moment(
        iso=moment.when,
        when=_known(moment.when),
        text=_said(moment.text, moment.language, around),
        url=addresses.story_path(moment.code, around.language if here else moment.story_language) if stands else "",
    )


def _known(when: str) -> str:
    """A day, month or year in words, as far as it is known."""
    year, *rest = (int(part) for part in when.split("-"))
    if not rest:
        return dates.year(year)
    return dates.month(date(year, rest[0], 1)) if len(rest) == 1 else dates.day(date(year, *rest))


def _said(text: str, language: str, around: Surroundings) -> str:
    return text if language == around.language else other_script(text, Language(language), around.language)


def _readable(rows: Iterable[One], around: Surroundings) -> Sequence[One]:
    """What is written in the language of the page; where nothing is, what is written in its other script."""
    found = list(rows)
    own = [row for row in found if row.language == around.language]
    return own or [row for row in found if Language(row.language) == around.language.other_script]
