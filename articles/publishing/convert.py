"""The other Chinese script: what an edition and its notices say there, converted in the act of publication.

The converted text stands beside the edition with a digest of its own, and is an act of its own in the ledger. It is
made once: a later converter, glossary or name changes nothing that readers were shown. Re-issuing is an edition.
"""

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings

from articles.language import markup, scripts
from articles.models import (
    Article,
    Channel,
    Conversion,
    ConversionText,
    Correction,
    Edition,
    Language,
    Person,
    Place,
    Source,
    Topic,
    in_language,
    site_language,
)
from articles.publishing import records
from articles.publishing.freeze import Content
from articles.publishing.script_forms import Pairs, pairs_for

Names = Mapping[tuple[str, int], str]  # ("person", 7) -> its name in the target script, as somebody gave it
NAMED: dict[str, Any] = {"person": Person, "channel": Channel, "source": Source, "topic": Topic, "place": Place}


class Converter:
    """From one script to the other, with the forms of one story."""

    def __init__(self, source: Language, target: Language, pairs: Pairs = (), names: Names | None = None) -> None:
        self.source, self.target, self.pairs = source, target, pairs
        self.names = names or {}
        self.quotes: bool = settings.CONVERT_QUOTES

    @property
    def name(self) -> str:
        """Which converter it is, and what it was given."""
        given = records.sha256(records.canonical([list(pair) for pair in self.pairs]))[:16] if self.pairs else "none"
        marks = "; quotes" if self.quotes else ""
        return f"{scripts.VERSION}; {self.source.tag}>{self.target.tag}; forms {given}{marks}"

    def text(self, text: str) -> str:
        if not text:
            return text
        return scripts.convert(text, self.source.tag, self.target.tag, self.pairs, quotes=self.quotes)

    def html(self, html: str) -> str:
        if not html:
            return html
        return markup.clean(
            scripts.convert_html(html, self.source.tag, self.target.tag, self.pairs, quotes=self.quotes)
        )

    def content(self, content: Content) -> Content:
        """An edition's content in the target script: all its words, and nothing but words."""
        lead, topic = content["lead"], content["topic"]
        made = content | {name: self.text(content[name]) for name in ("headline", "kicker", "standfirst")}
        return made | {
            "language": self.target.value,
            "converted_from": self.source.value,
            "body": self.html(content["body"]),
            "lead": lead | {name: self.text(lead[name]) for name in ("caption", "credit") if name in lead}
            if lead
            else None,
            "pictures": {key: self.picture(picture) for key, picture in content["pictures"].items()},
            "trail": [self.named("channel", channel) for channel in content["trail"]],
            "source": self.named("source", content["source"]) if content["source"] else None,
            "topic": self.topic(topic) if topic else None,
            "credits": [self.named("person", credit) for credit in content["credits"]],
            "tags": [tag | {"name": self.text(tag["name"])} for tag in content["tags"]],
            "places": [self.named("place", place) for place in content.get("places", ())],
            "notices": [self.notice(entry) if "text" in entry else entry for entry in content.get("notices", ())],
        }

    def named(self, kind: str, thing: Content) -> Content:
        """A name: as somebody gave it in the target script; else converted, where it is in the source script."""
        rest = {key: value for key, value in thing.items() if key != "lang"}
        if own := self.names.get((kind, thing["id"])):
            return rest | {"name": own}
        if "lang" not in thing or thing["lang"] == self.source:
            return rest | {"name": self.text(thing["name"])}
        return rest if thing["lang"] == self.target else thing

    def topic(self, topic: Content) -> Content:
        named = self.named("topic", topic)
        banner = named["name"] if topic["banner"] == topic["name"] else self.text(topic["banner"])
        return named | {"banner": named["name"] if "lang" in named else banner}

    def picture(self, picture: Content) -> Content:
        if picture["language"] != self.source:
            return picture
        words = {name: self.text(picture[name]) for name in ("alt", "credit")}
        return picture | words | {"language": self.target.value}

    def notice(self, said: Content) -> Content:
        """The words of a notice. Its passages keep their places: converting changes no length, but for given forms."""
        made = said | {name: self.text(said.get(name, "")) for name in ("text", "was", "now")}
        for name in ("passage", "passage_now"):
            if said.get(name):
                made[name] = [self._selector(one) for one in said[name]]
        if reply := said.get("reply"):
            made["reply"] = {name: self.text(words) for name, words in reply.items()}
        return made

    def _selector(self, selector: Content) -> Content:
        if "exact" not in selector:
            return selector
        parts = [selector.get(name, "") for name in ("prefix", "exact", "suffix")]
        whole = self.text("".join(parts))
        if len(whole) != sum(map(len, parts)):
            return selector | {name: self.text(selector.get(name, "")) for name in ("prefix", "exact", "suffix")}
        start, end = len(parts[0]), len(parts[0]) + len(parts[1])
        return selector | {"prefix": whole[:start], "exact": whole[start:end], "suffix": whole[end:]}


def converter_for(content: Content, article: Article, *, own: str = "") -> Converter | None:
    """The converter of a Chinese text of this story with all forms that hold for it; None for other languages."""
    source = Language(content["language"])
    target = source.other_script
    if not target:
        return None
    return Converter(source, target, pairs_for(desk=article.desk_id, source=source, target=target, own=own),
                     names_of(content, target, named_by(article)))  # fmt: skip


def named_by(article: Article) -> dict[tuple[str, int], Any]:
    """What a working copy names, by kind and key; at no cost for an article from `Article.objects.with_parts()`."""
    things: list[tuple[str, Any]] = [("person", credit.person) for credit in article.credits.all()]
    things += [("channel", channel) for channel in article.channel.trail()] if article.channel else []
    things += [("place", place) for place in article.places.all()]
    things += [("source", article.source), ("topic", article.topic)]
    return {(kind, thing.pk): thing for kind, thing in things if thing}


def names_of(content: Content, target: Language, at_hand: Mapping[tuple[str, int], Any]) -> Names:
    """The names in the target script that somebody gave to what this content names; what is not at hand is looked up,
    by one query a kind."""
    wanted = {
        "person": {credit["id"] for credit in content["credits"]},
        "channel": {channel["id"] for channel in content["trail"]},
        "source": {content["source"]["id"]} if content["source"] else set(),
        "topic": {content["topic"]["id"]} if content["topic"] else set(),
        "place": {place["id"] for place in content.get("places", ())},
    }
    own, of_site = in_language("name", target), site_language() == target
    given: dict[tuple[str, int], str] = {}
    for kind, keys in wanted.items():
        things = [thing for (one, key), thing in at_hand.items() if one == kind and key in keys]
        if elsewhere := keys - {thing.pk for thing in things}:
            things += NAMED[kind].objects.filter(pk__in=elsewhere).only("name", own).order_by()
        given |= {(kind, thing.pk): getattr(thing, own) or (thing.name if of_site else "") for thing in things}
    return {key: name for key, name in given.items() if name}


def convert_edition(
    article: Article,
    edition: Edition,
    content: Content,
    notices: Iterable[tuple[Correction, Mapping[str, Any]]],
    *,
    own: str,
    at: datetime,
) -> tuple[Content | None, list[Conversion]]:
    """Keep an edition, and the notices that came with it, in the other script: what it says there, and the rows made.

    Nothing where it is not Chinese. In the caller's transaction; the rows still have to be sealed.
    """
    converter = converter_for(content, article, own=own)
    if not converter:
        return None, []
    converted = converter.content(content)
    made = [_keep(article, converter, converted, edition=edition, number=edition.number, at=at)]
    for notice, said in notices:
        words = converter.notice(dict(said))
        made.append(_keep(article, converter, words, notice=notice, number=edition.number, at=at))
    return converted, made


def _keep(
    article: Article,
    converter: Converter,
    content: Content,
    *,
    number: int,
    at: datetime,
    edition: Edition | None = None,
    notice: Correction | None = None,
) -> Conversion:
    text, salt = records.canonical(content), secrets.token_hex(32)
    conversion = Conversion(
        article=article, edition=edition, notice=notice, language=converter.target.value, converter=converter.name,
        at=at, content_digest=records.salted(text, salt),
    )  # fmt: skip
    source = edition.digest if edition else notice.digest if notice else ""
    place = notice.place if notice else 0
    conversion.digest = records.digest(
        records.of_conversion(conversion, code=article.code, edition=number, place=place, source=source)
    )
    conversion.save(force_insert=True)
    ConversionText.objects.create(conversion=conversion, content=text, salt=salt)
    return conversion


def converted_of(edition: Edition) -> Content | None:
    """What an edition says in the other script, as it was kept; None where it has none, or where that was erased."""
    text = ConversionText.objects.filter(conversion__edition=edition).first()
    return text.read() if text else None


def would_differ(article: Article, content: Content, before: Edition) -> bool:
    """Whether an edition of the same words would say something else in the other script than the one before does."""
    converter = converter_for(content, article, own=article.script_forms)
    if not converter:
        return False
    stands = converted_of(before)
    if stands is None:
        return True
    made = converter.content(content)
    stands = {"places": []} | stands  # of what was converted before stories named any
    apart = {"format", "number", "kind", "published_at", "first_published_at", "notices"}
    return any(made.get(name) != stands.get(name) for name in made.keys() - apart)
