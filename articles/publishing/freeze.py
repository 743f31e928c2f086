"""What an edition freezes: every word that readers see in a story, as canonical content (format 1).

docs/architecture.md lists the fields. The digest is SHA-256 over the canonical JSON (RFC 8785) of content, salt and
the digest of the story's edition before.
"""

import hashlib
from datetime import UTC, datetime
from typing import Any

import rfc8785

from articles.language import markup, words
from articles.models import Article, Channel, Picture

FORMAT = 1
Content = dict[str, Any]


def stamp(moment: datetime) -> str:
    """A moment as canonical content writes it: UTC, milliseconds, RFC 3339."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def freeze(article: Article) -> Content:
    """The working copy as readers would see it, without what only an edition has (number, kind, times, notes).

    Expects an article from `Article.objects.with_parts()`; other articles cost a query per part.
    """
    language = article.language
    body = markup.clean(article.body)
    wanted = [int(key) for key in markup.pictures_in(body) if _is_key(key)]
    pictures = {str(picture.pk): picture for picture in Picture.objects.filter(pk__in=wanted)} if wanted else {}

    def kept(key: str, caption: str) -> str:
        return f'<figure data-picture="{key}"><figcaption>{caption}</figcaption></figure>' if key in pictures else ""

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
        "lead": {"picture": str(lead.pk), "caption": _lead_caption(article, lead)} if lead else None,
        "pictures": {key: freeze_picture(picture) for key, picture in pictures.items()},
        "trail": [_named(channel, language) for channel in _trail(article.channel)],
        "source": _named(article.source, language) if article.source else None,
        "topic": _topic(article),
        "credits": [
            {"role": credit.role} | _named(credit.person, language) for credit in article.credits.all()
        ],
        "tags": [{"id": tag.pk, "name": tag.name} for tag in sorted(article.tags.all(), key=lambda tag: tag.pk)],
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


def _is_key(text: str) -> bool:
    return text.isdecimal() and len(text) <= 18  # what a bigint holds


def freeze_picture(picture: Picture) -> Content:
    return {
        "digest": picture.digest,
        "alt": picture.alt,
        "credit": picture.credit,
        "language": picture.language,
        "width": picture.width,
        "height": picture.height,
        "widths": picture.all_widths,
    }


def _lead_caption(article: Article, lead: Picture) -> str:
    if article.lead_caption:
        return words.one_line(article.lead_caption)
    return lead.caption if lead.language == article.language else ""


def as_edition(
    words_of_it: Content, *, number: int, kind: str, note: str, at: datetime, before: Content | None
) -> Content:
    """Frozen words completed to the content of edition `number`, after the content `before`.

    Notices never disappear: those of the editions before stand on, the newest first.
    """
    notices = list(before["notices"]) if before else []
    if note:
        notices.insert(0, {"number": number, "kind": kind, "at": stamp(at), "text": note})
    return words_of_it | {
        "number": number,
        "kind": kind,
        "published_at": stamp(at),
        "first_published_at": before["first_published_at"] if before else stamp(at),
        "notices": notices,
    }


EDITION_ONLY = {"number", "kind", "published_at", "first_published_at", "notices"}


def same_words(new: Content, before: Content) -> bool:
    """Whether an edition of `new` would show nothing that the content `before` does not show."""
    return new == {field: value for field, value in before.items() if field not in EDITION_ONLY}


def fingerprint(words_of_it: Content) -> str:
    """A digest of frozen words, to tell whether they are still those that somebody was shown."""
    return hashlib.sha256(canonical(words_of_it).encode("utf-8")).hexdigest()


def canonical(content: Content) -> str:
    """Canonical JSON, RFC 8785."""
    return rfc8785.dumps(content).decode("utf-8")


def digest_of(content: str, *, salt: str, previous: str) -> str:
    """SHA-256, hexadecimal, over the canonical JSON of {content, previous, salt}, `content` being canonical."""
    whole = f'{{"content":{content},"previous":"{previous}","salt":"{salt}"}}'
    return hashlib.sha256(whole.encode("utf-8")).hexdigest()


def card_of(content: Content) -> Content:
    """What lists show of a story."""
    lead = content["lead"]
    card = {field: content[field] for field in ("language", "zone", "kicker", "headline", "standfirst")}
    card["picture"] = content["pictures"][lead["picture"]] if lead else None
    card["channel"] = content["trail"][-1]
    card["authors"] = [credit["name"] for credit in content["credits"] if credit["role"] == "author"]
    return card
