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
from articles.search.question import MOST_CHARACTERS, Found
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
from newsroom.delivery.public import public_page

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
    possible: bool  # whether it holds anything that can be sought
    more_url: str
    first_url: str  # of the first page, on those that follow
    unfiltered_url: str
    languages: Sequence[Link]  # the same, in what readers of other languages have
    archive_url: str
    suggest_url: str


@public_page
def search_page(request: HttpRequest) -> HttpResponse:
    around = Surroundings()
    readers = around.language.readers
    topics = public_topics(readers)
    asked = read(request, around, topics)
    question = asked.question(readers)
    found, loose = engine().find(question), False
    if not found.hits and not question.after and question.can_be_looser:
        question = question.looser()
        found = engine().find(question)
        loose = bool(found.hits)
    elif request.GET.get("some") and question.can_be_looser and question.after:  # a later page of such an answer
        found, loose = engine().find(question.looser()), True
    context = frame(request, around, everywhere=True, robots="noindex", current=asked.channel)
    context["search"] = SearchPage(
        asked=asked,
        most=MOST_CHARACTERS,
        channels=channel_options(asked, around),
        topics=topic_options(asked, around, topics),
        kinds=kind_options(asked),
        results=results(found, question.phrases, around),
        loose=loose,
        possible=question.possible,
        more_url=asked.address(found.after) + ("&some=1" if loose else "") if found.after else "",
        first_url=asked.address() if asked.after else "",
        unfiltered_url=asked.address(without=("channel", "topic", "kind", "from", "to")) if asked.filtered else "",
        languages=_other_languages(asked, around),
        archive_url=_archive(readers),
        suggest_url=reverse("site:suggest"),
    )
    context["frame"] = replace(
        context["frame"],  # type: ignore[type-var]
        languages=[
            replace(link, url=_with_words(link.url, asked))
            for link in context["frame"].languages  # type: ignore[attr-defined]
        ],
    )
    return TemplateResponse(request, "site/search.html", context)


def results(found: Found, phrases: Sequence[Phrase], around: Surroundings) -> list[Result]:
    """What is found as the page shows it, by two queries: cards, and texts in the script of the page."""
    keys = [hit.publication for hit in found.hits]
    if not keys:
        return []
    rows = Publication.objects.filter(pk__in=keys).exclude(state=Publication.State.DOWN)
    rows = rows.filter(only_in__in=["", around.language.value])
    publications = {one.pk: one for one in rows.annotate(card_here=renderings.card_in(around.language))}
    said = contents(list(publications.values()), around.language)
    return [_result(publications[key], said[key], phrases, around) for key in keys if key in said]


def contents(publications: Sequence[Publication], language: Language) -> dict[int, Content]:
    """What stories say on pages of this language, by their keys, by one query."""
    texts = renderings.stored([one.edition_id for one in publications], language)
    return {one.pk: json.loads(texts[one.edition_id]) for one in publications if one.edition_id in texts}


def _result(publication: Publication, content: Content, phrases: Sequence[Phrase], around: Surroundings) -> Result:
    row = lists.Row(
        kind=Listing.Kind.SITE,
        target=0,
        first_published_at=publication.first_published_at,
        publication_id=publication.pk,
        code=publication.code,
        channel_id=publication.channel_id,
        card=json.loads(publication.card_here),  # type: ignore[attr-defined]
    )
    card = lists.card(row, around)
    text = [content["standfirst"], *blocks(content)]
    lead = content["lead"]
    passage = highlights.passage([*text, *([lead["caption"]] if lead else [])], phrases)
    beside = [] if passage else highlights.passage(above(content), phrases)
    if not passage:
        begin = next(filter(None, text), "")
        passage = highlights.beginning(begin, SHORT) if begin else []
    return Result(card=card, headline=highlights.marked(card.headline, phrases), passage=passage, beside=beside)


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
