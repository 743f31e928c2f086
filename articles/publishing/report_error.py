"""糾錯: a reader's report of an error, or the reply (答辯) of a person whom a story concerns.

It is stored whole, or refused with what is wrong of each field. Limits are counted in the database, under a lock: they
hold for all processes together, and where nothing can be counted nothing is stored.
"""

import json
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from django.db import connection, transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from articles.language import markup, passages
from articles.language.words import one_line, unusable_characters
from articles.models import (
    Alert,
    Article,
    ConversionText,
    Edition,
    EditionText,
    ErrorReport,
    Language,
    Publication,
    Site,
)
from articles.models.codes import ALPHABET
from articles.models.report import digest_of_key, new_reference
from articles.publishing import alerts, events
from articles.publishing.clock import database_now
from articles.publishing.errors import PublishingError, Withdrawn, WrongEdition
from articles.publishing.rights import Right, colleagues_with

LIMITS = {  # characters
    "passage": 1000, "wrong": 2000, "right": 2000, "evidence": 500, "contact": 200, "reply_name": 100, "reply": 10_000,
}  # fmt: skip
LINES = {"evidence", "contact", "reply_name"}  # of one line
A_DAY = 30  # reports stored of one address and day
AN_HOUR = 60  # reports stored on one story and hour, for those who have reported on it within that hour
AN_HOUR_FROM_ALL = 600  # for everybody else
AGAIN = timedelta(minutes=10)  # the same words from the same address are the same report for so long
KEY_LENGTH = 26  # characters of 31: some 128 bits

Track = ErrorReport.Track


class ReportRefused(PublishingError):
    """Fields that cannot be taken; `errors` says of each what is wrong, and what to do."""

    def __init__(self, errors: dict[str, str]) -> None:
        self.errors = errors
        super().__init__(" ".join(errors.values()))


class TooManyReports(PublishingError):
    """`seconds`: until it is worth trying again."""

    def __init__(self, words: str, *, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(words)


@dataclass(frozen=True, kw_only=True)
class Told:
    """What the reader wrote. prefix, suffix: what stands around the passage; reply: of a person concerned."""

    passage: str = ""
    prefix: str = ""
    suffix: str = ""
    wrong: str = ""
    right: str = ""
    evidence: str = ""
    contact: str = ""
    concerned: bool = False
    reply_name: str = ""
    reply: str = ""

    def tidied(self) -> "Told":
        """As it would be stored."""
        kept = {name: tidy(getattr(self, name)) for name in LIMITS}
        kept |= {name: one_line(kept[name]) for name in LINES}
        around = {name: tidy(getattr(self, name)) for name in ("prefix", "suffix")}
        return Told(concerned=self.concerned, **kept | around)

    def errors(self) -> dict[str, str]:
        """What cannot be taken of it, by field. Expects it to be tidied."""
        found = {}
        if self.concerned:
            if not self.reply:
                found["reply"] = _("Write the reply that is to stand beside the story, or clear the box above.")
            if not self.reply_name:
                found["reply_name"] = _("Write the name that is to stand below the reply.")
        elif self.reply:
            found["concerned"] = _("You have written a reply. Say by this box that the story concerns you.")
        elif not self.wrong:
            found["wrong"] = _("Say in a few words what is wrong.")
        if self.evidence and not is_web_address(self.evidence):
            found["evidence"] = _("This is no address of a web page. Copy one that begins with https:// or http://.")
        for name, most in LIMITS.items():
            count = len(getattr(self, name))
            if count > most:
                too_long = _("This is too long: %(count)d characters, and %(most)d can be sent. Please shorten it.")
                found[name] = too_long % {"count": count, "most": most}
        return found


@dataclass(frozen=True)
class Receipt:
    """key: the secret of the status address; it can be had only here."""

    report: ErrorReport
    key: str


def tidy(text: str) -> str:
    """Typed text in NFC, with its lines, and without what no page or database can hold."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = text.translate({int(name[2:], 16): None for name in unusable_characters(text)})
    return "\n".join(one_line(line) for line in text.split("\n")).strip()


def is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and " " not in text
    except ValueError:
        return False


def report_error(article: Article, *, number: int, told: Told, sender: str, language: str) -> Receipt:
    """Store what a reader says of the story's edition `number`.

    sender: the address of the reader's connection, of which only a keyed hash for this day is kept; language: of the
    form, as Django names it. The same words from the same address within minutes are the report that is there already.
    Raises ReportRefused, TooManyReports, or for what no form offers WrongEdition or Withdrawn.
    """
    told = told.tidied()
    if errors := told.errors():
        raise ReportRefused(errors)
    with transaction.atomic(durable=True):
        now = database_now()
        origin = origin_of(sender, now)
        one_at_a_time(origin, f"story {article.pk}")
        publication = Publication.objects.select_related("article").filter(article=article).first()
        if not publication or publication.state == Publication.State.DOWN:
            raise Withdrawn
        article = publication.article
        edition = article.editions.filter(number=number).first()
        if not edition:
            raise WrongEdition
        words = _words(edition, told, language)
        if receipt := _sent_again(article, edition, words, origin, now):
            return receipt
        _count(article, origin, now)
        site = Site.objects.first() or Site()
        track = Track.REPLY if told.concerned else Track.ERROR
        reference = new_reference()
        key = _key(reference, origin)
        report = ErrorReport.objects.create(
            reference=reference,
            key_digest=digest_of_key(key),
            track=track,
            article=article,
            desk_id=article.desk_id,
            edition=edition,
            language=language,
            origin=origin,
            received_at=now,
            acknowledge_by=now + timedelta(hours=site.acknowledge_hours),
            decide_by=now + timedelta(hours=site.reply_hours if track == Track.REPLY else site.decide_hours),
            **words,
        )
        verb = events.Verb.REPLIED if track == Track.REPLY else events.Verb.REPORTED
        events.note(verb, by=None, article=article, thing=f"report {reference}", at=now)
        waits_for = Right.DECIDE if track == Track.REPLY else Right.CORRECT
        alerts.tell(Alert.Kind.REPORTED, article, colleagues_with(waits_for, article.desk), by=None)
    return Receipt(report, key)


def _words(edition: Edition, told: Told, language: str) -> dict[str, str]:
    kept = {name: getattr(told, name) for name in LIMITS if name not in {"passage", "reply_name", "reply"}}
    reply = {"reply_name": told.reply_name, "reply": told.reply} if told.concerned else {}
    return kept | reply | {"passage": anchored(edition, told.passage, told.prefix, told.suffix, language)}


def layer_of(edition: Edition) -> str:
    """The text of an edition in which passages are named; empty where it was erased."""
    text = EditionText.objects.filter(edition=edition).first()
    return _layer(text.read()) if text else ""


def converted_layer_of(edition: Edition, language: str) -> str:
    """The same text as pages of the other Chinese script show it (`language`: as Django names it); empty where they do
    not."""
    texts = ConversionText.objects.filter(conversion__edition=edition)
    text = texts.filter(conversion__language=Language.of_interface(language)).first()
    return _layer(text.read()) if text else ""


def _layer(content: dict[str, Any]) -> str:
    return passages.text_layer(markup.CLEANERS[content["format"]](content["body"]))


def anchored(edition: Edition, exact: str, prefix: str, suffix: str, language: str) -> str:
    """The passage as JSON; one that does not stand in the edition is kept as a quote without a place.

    Its words may be those of the other script, on whose page it was chosen: what is kept stands in the edition itself.
    """
    if not exact:
        return ""
    layer = layer_of(edition)
    found = passages.quote(layer, exact, prefix, suffix)
    if not found and (converted := converted_layer_of(edition, language)):
        there = passages.quote(converted, exact, prefix, suffix)
        found = passages.select(layer, *same_place(converted, layer, there.start, there.end)) if there else None
    around = {"prefix": prefix[-passages.MAX_CONTEXT :], "suffix": suffix[: passages.MAX_CONTEXT]}
    selectors = found.as_selectors() if found else [{"type": "TextQuoteSelector", "exact": exact} | around]
    return json.dumps(selectors, ensure_ascii=False)


def same_place(layer: str, other: str, start: int, end: int) -> tuple[int, int]:
    """Where a passage of a text layer stands in the layer of the other script. Converting changes the length of no
    text but by forms that somebody gave; in a line with such a form it is the whole line."""
    if len(layer) == len(other):
        return start, end
    lines, others = layer.split("\n"), other.split("\n")
    if len(lines) != len(others):
        return 0, len(other)
    places = []
    for place, behind in ((start, False), (end, True)):
        at = there = 0
        for line, its in zip(lines, others, strict=True):
            if place <= at + len(line):
                inside = place - at
                places.append(there + (inside if len(line) == len(its) else len(its) if behind else 0))
                break
            at, there = at + len(line) + 1, there + len(its) + 1
    return places[0], places[1]


def passage_of(report: ErrorReport) -> tuple[passages.Passage | None, bool]:
    """The passage that a report names, and whether it was found in the edition."""
    selectors = json.loads(report.passage) if report.passage else []
    return passages.Passage.from_selectors(selectors), len(selectors) > 1


def origin_of(sender: str, now: datetime) -> str:
    """What is kept of an address: nobody without our secret can tell whose it was, and no two days can be tied."""
    return salted_hmac("newsroom.report.origin", f"{now:%Y-%m-%d} {sender}", algorithm="sha256").hexdigest()


def _key(reference: str, origin: str) -> str:
    """The secret of the status address. Only its digest is stored; of a report sent twice it is made again."""
    made = salted_hmac("newsroom.report.key", f"{reference} {origin}", algorithm="sha256").digest()
    number, letters = int.from_bytes(made), []
    for _place in range(KEY_LENGTH):
        number, letter = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[letter])
    return "".join(letters)


def one_at_a_time(*names: str) -> None:
    """Hold these names until the end of the transaction. SQLite needs nothing: it has one writer at a time."""
    if connection.vendor == "postgresql":
        keys = sorted(int.from_bytes(sha256(f"newsroom report {name}".encode()).digest()[:8], signed=True)
                      for name in names)  # fmt: skip
        with connection.cursor() as cursor:
            for key in keys:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])


def _sent_again(
    article: Article, edition: Edition, words: dict[str, str], origin: str, now: datetime
) -> Receipt | None:
    same = {name: words.get(name, "") for name in LIMITS}
    twin = ErrorReport.objects.filter(
        article=article,
        edition=edition,
        origin=origin,
        received_at__gt=now - AGAIN,
        state__in=ErrorReport.OPEN_STATES,
        **same,
    ).first()
    key = _key(twin.reference, origin) if twin else ""
    return Receipt(twin, key) if twin and twin.key_digest == digest_of_key(key) else None


def _count(article: Article, origin: str, now: datetime) -> None:
    if ErrorReport.objects.filter(origin=origin)[:A_DAY].count() >= A_DAY:
        raise TooManyReports(
            _("Too many reports have come from your connection today. Keep your text, and send it tomorrow."),
            seconds=24 * 3600 - (now.hour * 3600 + now.minute * 60 + now.second),
        )
    lately = ErrorReport.objects.filter(article=article, received_at__gt=now - timedelta(hours=1))
    lately = lately.exclude(state=ErrorReport.State.SPAM)
    # Nobody can keep the readers of a story from being heard with a few addresses: who has not written yet gets in.
    most = AN_HOUR if lately.filter(origin=origin).exists() else AN_HOUR_FROM_ALL
    if lately[:most].count() >= most:
        raise TooManyReports(
            _("Very many reports on this story have come in the last hour. Keep your text, and send it an hour later."),
            seconds=3600,
        )
