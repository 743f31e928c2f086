"""What is worth a look in the other Chinese script before it is published: characters with several counterparts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from django.utils.translation import gettext as now

from articles.language import scripts
from articles.models import Article, Language
from articles.publishing.convert import Converter, converter_for
from articles.publishing.freeze import Content

MOST = 30  # places that are shown
AROUND = 10  # characters on each side

_TAG = re.compile(r"<[^>]*>|<[^>]*$|^[^<]*>")


@dataclass(frozen=True)
class Place:
    """One character as it stands, with what stands around it; what it becomes, and what else it could be."""

    field: str
    before: str
    letter: str
    after: str
    given: str
    others: str


@dataclass(frozen=True)
class OtherScript:
    language: Language
    lang: str  # of the story
    places: list[Place]
    more: int  # places that are not shown


def other_script(article: Article, frozen: Content) -> OtherScript | None:
    """What to look at in a working copy; None where it is not Chinese."""
    converter = converter_for(frozen, article, own=article.script_forms)
    if not converter:
        return None
    found = list(_places(converter, frozen))
    return OtherScript(converter.target, converter.source, found[:MOST], max(0, len(found) - MOST))


def _places(converter: Converter, frozen: Content) -> Iterator[Place]:
    tags = converter.source.tag, converter.target.tag
    for field, text in _lines(frozen, converter.source):
        for doubt in scripts.doubtful(text, *tags, converter.pairs):
            yield _place(field, text, doubt)
    for doubt in scripts.doubtful_html(frozen["body"], *tags, converter.pairs):
        yield _place(now("body"), frozen["body"], doubt, html=True)


def _lines(frozen: Content, source: Language) -> Iterator[tuple[str, str]]:
    """All that is converted beside the body, and was not given by somebody in both scripts."""
    yield now("kicker"), frozen["kicker"]
    yield now("headline"), frozen["headline"]
    yield now("standfirst"), frozen["standfirst"]
    lead, topic = frozen["lead"], frozen["topic"]
    if lead:
        yield now("caption"), lead["caption"]
        yield now("credit"), lead.get("credit", "")
    for picture in frozen["pictures"].values():
        if picture["language"] == source:
            yield now("description of a picture"), picture["alt"]
            yield now("credit"), picture["credit"]
    if topic and topic["banner"] != topic["name"]:
        yield now("banner"), topic["banner"]
    for tag in frozen["tags"]:
        yield now("tag"), tag["name"]


def _place(field: str, text: str, doubt: scripts.Doubt, *, html: bool = False) -> Place:
    wide = 20 * AROUND if html else AROUND
    before, after = text[max(0, doubt.start - wide) : doubt.start], text[doubt.end : doubt.end + wide]
    if html:
        before, after = (unescape(_TAG.sub("", part)) for part in (before, after))
    letter = text[doubt.start : doubt.end]
    letter = unescape(letter) if html else letter
    return Place(field, before[-AROUND:], letter, after[:AROUND], doubt.given, " ".join(doubt.others))
