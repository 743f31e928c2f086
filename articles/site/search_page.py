"""The readers' search page: a form that works by its address alone, and what is found, best and newest first."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from articles.language import highlights
from articles.language.highlights import Pieces
from articles.language.tokens import Phrase
from articles.models import Language, Listing, Publication, site_language
from articles.publishing.freeze import Content
from articles.search.engine import engine
from articles.search.public_entry import above, blocks
from articles.search.question import MOST_CHARACTERS, Found, Question
from articles.site import addresses, dates, lists, renderings
from articles.site.frame import Surroundings, frame
from articles.site.search_form import (
    Asked,
    Option,
    channel_options,
    kind_options,
    public_topics,
    read,
    topic_options,
)
from articles.site.things import Card, Link
from newsroom.delivery.public import passing_page

LOOSELY, EVERYWHERE = "some", "all"  # in addresses: how a page was found that goes on
SHORT = 140  # characters of a text that is shown where nothing of what was sought stands in it


@dataclass(frozen=True)
class Result:
    card: Card
    headline: Pieces
    passage: Pieces
    beside: Pieces  # a name or tag that was found, where the text itself has nothing of it


@dataclass(frozen=True)
class SearchPage:
    asked: Asked
    most: int  # characters of a question
    channels: Sequence[Option]
    topics: Sequence[Option]
    kinds: Sequence[Option]
    results: Sequence[Result]
    loose: bool  # no story has all that was sought
    elsewhere: bool  # no story in the language of the page has it
    broken_off: bool  # it took too long
    possible: bool  # whether it holds anything that can be sought
    more_url: str
    first_url: str  # of the first page, on those that follow
    unfiltered_url: str
    languages: Sequence[Link]  # the same, in what readers of other languages have
    archive_url: str
    suggest_url: str


@passing_page
def search_page(request: HttpRequest) -> HttpResponse:
    around = Surroundings()
    readers = around.language.readers
    topics = public_topics(readers)
    asked = read(request, around, topics)
    found, question, how = find(asked.question(readers), request)
    context = frame(request, around, everywhere=True, robots="noindex", current=asked.channel)
    context["search"] = SearchPage(
        asked=asked,
        most=MOST_CHARACTERS,
        channels=channel_options(asked, around),
        topics=topic_options(asked, around, topics),
        kinds=kind_options(asked),
        results=results(found, question.sought, around),
        loose=how == LOOSELY,
        elsewhere=how == EVERYWHERE,
        broken_off=found.broken_off,
        possible=question.possible,
        more_url=asked.address(found.after, how=how) if found.after else "",
        first_url=asked.address() if asked.after else "",
        unfiltered_url=asked.address(without=("channel", "topic", "kind", "from", "to")) if asked.filtered else "",
        languages=_other_languages(asked, around),
        archive_url=_archive(readers),
        suggest_url=reverse("site:suggest"),
    )
    context["frame"] = replace(
        context["frame"],  # type: ignore[type-var]
        languages=tuple(
            replace(link, url=_with_words(link.url, asked))
            for link in context["frame"].languages  # type: ignore[attr-defined]
        ),
    )
    return TemplateResponse(request, "site/search.html", context)


def find(question: Question, request: HttpRequest) -> tuple[Found, Question, str]:
    """What is found, by which question, and how: as it was asked; where that finds nothing, in what is written in other
    languages, or loosely. Later pages go on as the first one was found."""
    ways = {"": question, EVERYWHERE: replace(question, readers="")}
    ways |= {LOOSELY: question.looser()} if question.can_be_looser else {}
    if question.after:
        how = next((way for way in (EVERYWHERE, LOOSELY) if request.GET.get(way) and way in ways), "")
        ways = {how: ways[how]}
    for how, asked in ways.items():
        found = engine().find(asked)
        if found.hits or found.broken_off:
            return found, asked, how
    return Found([]), question, ""


def results(found: Found, phrases: Sequence[Phrase], around: Surroundings) -> list[Result]:
    """What is found as the page shows it, by two queries: cards, and texts in the script of the page."""
    keys = [hit.publication for hit in found.hits]
    if not keys:
        return []
    rows = Publication.objects.filter(pk__in=keys).exclude(state=Publication.State.DOWN)
    if around.language.other_script:
        rows = rows.filter(only_in__in=["", around.language.value])
    publications = {one.pk: one for one in rows.annotate(card_here=renderings.card_in(around.language))}
    said = contents(list(publications.values()), around.language)
    return [_result(publications[key], said[key], phrases, around) for key in keys if key in said]


def contents(publications: Sequence[Publication], language: Language) -> dict[int, Content]:
    """What stories say on pages of this language, by their keys, by one query."""
    texts = renderings.stored([one.edition_id for one in publications], language)
    return {one.pk: json.loads(texts[one.edition_id]) for one in publications if one.edition_id in texts}


def _result(publication: Publication, content: Content, phrases: Sequence[Phrase], around: Surroundings) -> Result:
    shown: str = publication.card_here  # type: ignore[attr-defined]
    card = lists.card(lists.row_of(publication, shown), around)
    text = [content["standfirst"], *blocks(content)]
    lead = content["lead"]
    passage = highlights.passage([*text, *([lead["caption"]] if lead else [])], phrases)
    beside = [] if passage else highlights.passage(above(content), phrases)
    if not passage:
        begin = next(filter(None, text), "")
        passage = highlights.beginning(begin, SHORT) if begin else []
    lang = card.lang or around.language
    pieces = [highlights.marked(card.headline, phrases), passage, beside]
    return Result(card, *(highlights.with_languages(one, lang) for one in pieces))


def _other_languages(asked: Asked, around: Surroundings) -> list[Link]:
    """The same search among stories that readers of other languages have: of Chinese once, for both scripts."""
    if not asked.words:
        return []
    first: dict[str, Language] = {}
    for language in [site_language(), *Language]:
        first.setdefault(language.readers, language)
    return [
        Link(
            name=str(dict(settings.LANGUAGES)[language.interface]) if readers != "zh" else "中文",
            url=_with_words(addresses.in_language(reverse("site:search"), language), asked),
            lang=language.value,
            hreflang=language.value,
        )
        for readers, language in first.items()
        if readers != around.language.readers
    ]


def _with_words(url: str, asked: Asked) -> str:
    """The search page of another language, asked for the same words."""
    return f"{url}?{urlencode({'q': asked.words})}" if asked.words else url


def _archive(readers: str) -> str:
    """Where all stories stand by month: the newest month that has one."""
    newest = lists.on(Listing.Kind.SITE, 0, readers).values_list("first_published_at", flat=True).first()
    if not newest:
        return ""
    month = newest.astimezone(dates.site_zone())
    return reverse("site:archive", args=[f"{month:%Y}", f"{month:%m}"])
