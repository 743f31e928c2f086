"""What an edition freezes: every word that readers see in a story, as canonical content (format 4).

docs/architecture.md lists the fields, docs/corrections.md what the digests are taken over (records.py).
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import CharField, QuerySet

from articles.language import markup, words
from articles.models import Article, Channel, Correction, Edition, Language, Picture, Place, place_codes
from articles.models.names import other_script
from articles.models.prepared import all_told, each, prepared
from articles.publishing.clock import stamp
from articles.publishing.records import canonical, sha256

# 1: notices stood in the content word by word; from 2 on, by digest, so that their words can be erased; from 3 on a
# figure may have a credit of its own; from 4 on a story names places.
FORMAT = 4
Content = dict[str, Any]


def freeze(article: Article) -> Content:
    """The working copy as readers would see it, without what only an edition has (number, kind, times, notes).

    Expects an article from `Article.objects.with_parts()`; other articles cost a query per part.
    """
    language = article.language
    body = markup.clean(article.body)
    wanted = [int(key) for key in markup.pictures_in(body) if _is_key(key)]
    found = Picture.objects.filter(pk__in=wanted, erased_at=None) if wanted else Picture.objects.none()
    pictures = {str(picture.pk): picture for picture in found}

    def kept(key: str, caption: str, credit: str) -> str:
        cite = f"<cite>{credit}</cite>" if credit else ""
        figure = f'<figure data-picture="{key}"><figcaption>{caption}</figcaption>{cite}</figure>'
        return figure if key in pictures else ""

    body = markup.clean(markup.replace_figures(body, kept))
    lead = article.lead_picture
    if lead:
        pictures[str(lead.pk)] = lead
    return {
        "format": FORMAT,
        "code": article.code,
        "language": language,
        "zone": article.desk.time_zone,
        "headline": words.one_line(article.headline),
        "kicker": words.one_line(article.kicker),
        "standfirst": words.one_line(article.standfirst),
        "body": body,
        "lead": _lead(article, lead) if lead else None,
        "pictures": {key: freeze_picture(picture, language) for key, picture in pictures.items()},
        "trail": [_named(channel, language) for channel in _trail(article.channel)],
        "source": _named(article.source, language) if article.source else None,
        "topic": _topic(article),
        "credits": [
            {"role": credit.role} | _named(credit.person, language) for credit in article.credits.all()
        ],
        "tags": [{"id": tag.pk, "name": tag.name} for tag in sorted(article.tags.all(), key=lambda tag: tag.pk)],
        "places": _places(article),
    }  # fmt: skip


def _named(thing: Any, language: str) -> Content:
    name, own = thing.named(language)
    return {"id": thing.pk, "name": name} | ({} if own == language else {"lang": own})


def _trail(channel: Channel | None) -> list[Channel]:
    return channel.trail() if channel else []


def _topic(article: Article) -> Content | None:
    if not article.topic:
        return None
    topic = _named(article.topic, article.language)
    return topic | {"banner": article.topic.banner if article.topic.banner and "lang" not in topic else topic["name"]}


def _places(article: Article) -> list[Content]:
    """With the keys of the places that each lies in, the highest first: the story stands on their lists, too."""
    places = sorted(article.places.all(), key=lambda place: place.code)
    if not places:
        return []
    above = list(dict.fromkeys(code for place in places for code in place_codes.above(place.code)))
    known: dict[str, int] = dict(_known(len(above))(**each("code", above)))
    return [
        {"code": place.code, "within": [known[code] for code in place_codes.above(place.code) if code in known]}
        | _named(place, article.language)
        for place in places
    ]


@prepared
def _known(count: int) -> QuerySet[Any, Any]:
    return Place.objects.filter(code__in=all_told("code", count, CharField())).order_by().values_list("code", "pk")


def _is_key(text: str) -> bool:
    return text.isdecimal() and len(text) <= 18  # what a bigint holds


def freeze_picture(picture: Picture, language: str) -> Content:
    """Its words as readers of `language` see them: converted where they were written in the other Chinese script."""
    alt, credit = (_in_script(text, picture.language, language) for text in (picture.alt, picture.credit))
    return {
        "digest": picture.digest,
        "alt": alt,
        "credit": credit,
        "language": language if Language(language).other_script == picture.language else picture.language,
        "width": picture.width,
        "height": picture.height,
        "widths": picture.all_widths,
    }


def _lead(article: Article, lead: Picture) -> Content:
    credit = words.one_line(article.lead_credit)
    return {"picture": str(lead.pk), "caption": _lead_caption(article, lead)} | ({"credit": credit} if credit else {})


def _lead_caption(article: Article, lead: Picture) -> str:
    if article.lead_caption:
        return words.one_line(article.lead_caption)
    readable = {article.language, Language(article.language).other_script}
    return _in_script(lead.caption, lead.language, article.language) if lead.language in readable else ""


def _in_script(text: str, written: str, wanted: str) -> str:
    return other_script(text, Language(written), Language(wanted)) if Language(wanted).other_script == written else text


def as_edition(
    words_of_it: Content, *, number: int, kind: str, at: datetime, first: datetime, notices: Iterable[Content] = ()
) -> Content:
    """Frozen words completed to the content of edition `number`; notices: see `entry`, the newest first."""
    return words_of_it | {
        "number": number,
        "kind": kind,
        "published_at": stamp(at),
        "first_published_at": stamp(first),
        "notices": list(notices),
    }


def entry(notice: Correction, *, number: int) -> Content:
    """What the content of an edition says of a notice: all but its words, which stand apart (CorrectionText)."""
    return {
        "number": number,
        "place": notice.place,
        "kind": notice.kind,
        "weight": notice.weight,
        "field": notice.field,
        "at": stamp(notice.at),
        "digest": notice.digest,
        "ground": notice.ground,
        "supersedes": notice.supersedes.digest if notice.supersedes else "",
    }


def withdrawn(before: Content, kind: str, *, keep_headline: bool = True) -> Content:
    """The words that stay of a story after a retraction, or after a takedown."""
    words_of_it = _words(before) | {"format": FORMAT, "standfirst": "", "body": "", "lead": None, "pictures": {}}
    if kind == Edition.Kind.TAKEDOWN:
        headline = before["headline"] if keep_headline else ""
        words_of_it |= {"kicker": "", "headline": headline, "topic": None, "credits": []}
        words_of_it |= {"tags": [], "places": []}
        words_of_it["stood_on"] = [[kind, target] for kind, target in stands_on(before)]
    return words_of_it


def stands_on(content: Content) -> list[tuple[str, int]]:
    """The public lists that a story of this content stands on, as (Listing.kind, key). Of a takedown: stood on, by
    key alone, because the feeds of those lists must still tell that it went."""
    if "stood_on" in content:
        return [(kind, target) for kind, target in content["stood_on"]]
    lists = [("site", 0)]
    lists += [("channel", channel["id"]) for channel in content["trail"]]
    lists += [("topic", content["topic"]["id"])] if content["topic"] else []
    lists += [("tag", tag["id"]) for tag in content["tags"]]
    places = content.get("places", [])
    lists += [("place", place) for place in dict.fromkeys(key for one in places for key in (one["id"], *one["within"]))]
    lists += [("person", person) for person in dict.fromkeys(one["id"] for one in content["credits"])]
    return lists


EDITION_ONLY = {"format", "number", "kind", "published_at", "first_published_at", "notices"}


def same_words(new: Content, before: Content) -> bool:
    """Whether an edition of `new` would show nothing that the content `before` does not show."""
    return _words(new) == _words(before)


def _words(content: Content) -> Content:
    return {"places": []} | {field: value for field, value in content.items() if field not in EDITION_ONLY}


def fingerprint(words_of_it: Content) -> str:
    """A digest of frozen words, to tell whether they are still those that somebody was shown.

    It is that of format 3 where they are the same in both, so that what was approved or scheduled stays so over a new
    release.
    """
    added = {} if words_of_it["places"] else {"places"}
    return sha256(canonical({field: value for field, value in words_of_it.items() if field not in added} | _AS_BEFORE))


_AS_BEFORE = {"format": 3}


def card_of(content: Content) -> Content:
    """What lists show of a story."""
    lead = content["lead"]
    card = {field: content[field] for field in ("language", "zone", "kicker", "headline", "standfirst")}
    card["picture"] = content["pictures"][lead["picture"]] if lead else None
    card["channel"] = content["trail"][-1]
    card["authors"] = [credit["name"] for credit in content["credits"] if credit["role"] == "author"]
    card["mark"] = headline_mark(content)
    return card


def headline_mark(content: Content) -> str:
    """What must stand before a headline: "retraction", "takedown", "correction" of the headline itself, or nothing."""
    if content["kind"] in Edition.WITHDRAWING:
        return str(content["kind"])
    wrong = {Correction.Kind.CORRECTION, Correction.Kind.CLARIFICATION}
    marked = any(notice["kind"] in wrong and notice.get("field") == Correction.Field.HEADLINE
                 for notice in content["notices"])  # fmt: skip
    return Correction.Kind.CORRECTION.value if marked else ""
