"""Checking every story against itself: the chain of its editions, their texts, its notices and its erasures."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef

from articles.models import (
    Article,
    Conversion,
    ConversionText,
    Correction,
    CorrectionText,
    Edition,
    EditionPicture,
    EditionText,
    ErasedPart,
    Erasure,
    Language,
    LedgerEntry,
    Publication,
    Unsealed,
)
from articles.publishing import freeze, records
from articles.publishing.clock import stamp
from articles.publishing.ledger import check_public, entries
from articles.publishing.ledger.chunks import in_chunks
from articles.publishing.ledger.faults import ODD, Fault, Faults, Seen

STORIES = 100  # at a time
Kind = LedgerEntry.Kind


@dataclass
class Story:
    """What the checks need of one story besides its editions' texts, which are read one by one."""

    code: str
    notices: list[Correction] = field(default_factory=list)  # newest first
    editions: dict[int, tuple[int, str, str]] = field(default_factory=dict)  # key -> number, digest, time
    newest: tuple[Edition, freeze.Content | None] | None = None
    conversions: list[Conversion] = field(default_factory=list)

    def where(self, number: int) -> str:
        return f"story {self.code}, edition {number}"

    def notice(self, notice: Correction) -> str:
        return f"story {self.code}, notice {notice.right.number}-{notice.place}"


class StoriesCheck:
    def __init__(self, seen: Seen, now: datetime) -> None:
        self.seen, self.now = seen, now
        self.files = check_public.Files()

    def faults(self) -> Faults:
        walked = {"editions": 0, "notices": 0, "conversions": 0, "publications": 0}
        published = Article.objects.filter(Exists(Edition.objects.filter(article=OuterRef("pk"))))
        for articles in in_chunks(published.only("pk", "code"), "pk", STORIES):
            yield from self._chunk({article.pk: Story(article.code) for article in articles}, walked)
        counts: dict[str, Any] = {
            "editions": Edition, "notices": Correction, "conversions": Conversion, "publications": Publication,
        }  # fmt: skip
        for name, model in counts.items():
            beside = model._default_manager.count() - walked[name]
            if beside:
                yield Fault(name, f"{beside} belong to no story that was published")
        for chunk in in_chunks(Erasure.objects.select_related("article").prefetch_related("parts"), "pk", STORIES):
            yield from self._erasures(chunk)

    def _chunk(self, stories: dict[int, Story], walked: dict[str, int]) -> Faults:
        of = Edition.objects.filter(article__in=stories)
        notices = Correction.objects.filter(article__in=stories).select_related("right", "wrong", "supersedes")
        for notice in notices.order_by("-right__number", "place"):
            stories[notice.article_id].notices.append(notice)
            walked["notices"] += 1
        conversions = Conversion.objects.filter(article__in=stories).select_related("edition", "notice__right")
        for conversion in conversions.order_by("pk"):
            stories[conversion.article_id].conversions.append(conversion)
            walked["conversions"] += 1
        converted = [one.pk for story in stories.values() for one in story.conversions]
        self.conversion_texts = ConversionText.objects.in_bulk(converted)
        keys = [key for story in stories.values() for key in [notice.pk for notice in story.notices]]
        self.notice_texts = CorrectionText.objects.in_bulk(keys)
        edition_keys = list(of.values_list("pk", flat=True))
        self.erased = {
            Kind.EDITION: _erased(ErasedPart.Kind.EDITION, edition_keys, Edition),
            Kind.NOTICE: _erased(ErasedPart.Kind.NOTICE, keys, Correction),
            Kind.CONVERSION: _erased(ErasedPart.Kind.CONVERSION, converted, Conversion),
        }
        self.sealed = {
            Kind.EDITION: _sealed(Kind.EDITION, edition_keys),
            Kind.NOTICE: _sealed(Kind.NOTICE, keys),
            Kind.CONVERSION: _sealed(Kind.CONVERSION, converted),
        }
        self.shown: dict[int, set[str]] = defaultdict(set)
        for shown_by, digest in EditionPicture.objects.filter(edition__article__in=stories).values_list(
            "edition", "digest"
        ):
            self.shown[shown_by].add(digest)
        publications = {one.article_id: one for one in Publication.objects.filter(article__in=stories)}
        walked["publications"] += len(publications)
        self.public = check_public.PublicRows(publications, self.files, self.now)
        before: Edition | None = None
        for edition in of.select_related("text").order_by("article_id", "number").iterator(chunk_size=STORIES):
            walked["editions"] += 1
            same = before if before and before.article_id == edition.article_id else None
            yield from self._edition(stories[edition.article_id], edition, same)
            before = edition
        for key, story in stories.items():
            for notice in story.notices:
                yield from self._notice(story, notice)
            standing = None
            for conversion in story.conversions:
                content = yield from self._conversion(story, conversion)
                if story.newest and conversion.edition_id == story.newest[0].pk:
                    standing = content
            if story.newest:
                yield from self.public.faults(story.code, key, *story.newest, story.notices, standing)

    # --- One edition ----------------------------------------------------------------------------------------------
    def _edition(self, story: Story, edition: Edition, before: Edition | None) -> Faults:
        self.seen.editions += 1
        self.seen.step()
        where = story.where(edition.number)
        number, previous = (before.number + 1, before.digest) if before else (1, "")
        if edition.number != number:
            yield Fault(where, f"edition {number} is missing")
        if edition.previous_digest != previous:
            yield Fault(where, "it does not follow the edition before it")
        if before and edition.published_at < before.published_at:
            yield Fault(where, "it is older than the edition that it follows")
        place = self.sealed[Kind.EDITION].get(edition.pk)
        if place is None:
            yield Fault(where, "it is not in the ledger, and does not wait for it")
        elif before and place < self.sealed[Kind.EDITION].get(before.pk, -1):
            yield Fault(where, "it was sealed before the edition that it follows")
        own = [notice.digest for notice in story.notices if notice.right_id == edition.pk]
        if edition.content_digest:
            record = entries.edition_record(edition, own, code=story.code)
            if records.digest({name: value for name, value in record.items() if name != "digest"}) != edition.digest:
                yield Fault(where, "its digest is not that of its record")
        story.editions[edition.pk] = (edition.number, edition.digest, stamp(edition.published_at))
        content = yield from self._text(story, edition, where)
        if content is not None:
            try:
                yield from list(self._content(story, edition, content, where))
            except ODD as error:
                yield Fault(where, f"its text lacks what an edition needs ({type(error).__name__})")
        story.newest = (edition, content)

    def _text(self, story: Story, edition: Edition, where: str) -> Any:
        """Yields faults; returns the content, or None where there is none to be checked."""
        text: EditionText | None = getattr(edition, "text", None)
        erased = edition.pk in self.erased[Kind.EDITION]
        if not text:
            if erased:
                self.seen.erased += 1
            else:
                yield Fault(where, "its text is gone, and no erasure says so")
            return None
        if erased:
            yield Fault(where, "an erasure says that its text is gone, but it is here")
        self.seen.withheld += self.public.is_withheld(edition)
        if edition.content_digest:
            fits = records.salted(text.content, text.salt) == edition.content_digest
        else:
            fits = records.format_1(text.content, salt=text.salt, previous=edition.previous_digest) == edition.digest
        if not fits:
            yield Fault(where, "its text is not the one that was published")
            return None
        try:
            content = text.read()
            canonical = records.canonical(content) == text.content
        except (ValueError, RecursionError):
            content, canonical = None, False
        if not canonical or not isinstance(content, dict):
            yield Fault(where, "its text is not canonical JSON")
            return None
        return content

    def _content(self, story: Story, edition: Edition, content: freeze.Content, where: str) -> Faults:
        first = next(iter(story.editions.values()))[2]
        row = {
            "code": story.code,
            "number": edition.number,
            "kind": edition.kind,
            "published_at": stamp(edition.published_at),
            "first_published_at": first,
        }
        record_format = 2 if edition.content_digest else 1
        for name, value in row.items():
            if content.get(name) != value:
                yield Fault(where, f"its text says {name} {content.get(name)}, its row {value}")
        if content.get("format") not in records.TEXT_FORMATS[record_format]:
            yield Fault(where, f"its text says format {content.get('format')}, its record {record_format}")
        if content.get("notices") != _told(story, edition, content):
            yield Fault(where, "the notices in its text are not those of the story")
        if self.shown[edition.pk] != {picture["digest"] for picture in content["pictures"].values()}:
            yield Fault(where, "the rows of its pictures are not those of its text")
        listed = (content["trail"][-1]["id"], Language(content["language"]).readers)
        if any((one.channel_id, one.readers) != listed for one in story.notices if one.right_id == edition.pk):
            yield Fault(where, "the public log lists its notices in another channel or language")
        yield from self.public.pictures(edition, content, where)

    # --- Its notices ----------------------------------------------------------------------------------------------
    def _notice(self, story: Story, notice: Correction) -> Faults:
        self.seen.notices += 1
        where = story.notice(notice)
        right, wrong = story.editions.get(notice.right_id), story.editions.get(notice.wrong_id)
        if not right or not wrong or wrong[0] >= right[0]:
            yield Fault(where, "it does not tie two editions of its story, the wrong one first")
        elif stamp(notice.at) != right[2]:
            yield Fault(where, "its time is not that of its edition")
        if notice.pk not in self.sealed[Kind.NOTICE]:
            yield Fault(where, "it is not in the ledger, and does not wait for it")
        record = entries.notice_record(notice, code=story.code)
        if records.digest({name: value for name, value in record.items() if name != "digest"}) != notice.digest:
            yield Fault(where, "its digest is not that of its record")
        earlier = notice.supersedes
        if earlier and (earlier.article_id != notice.article_id or earlier.right_id not in story.editions):
            yield Fault(where, "it supersedes a notice of another story")
        text, erased = self.notice_texts.get(notice.pk), notice.pk in self.erased[Kind.NOTICE]
        if text and erased:
            yield Fault(where, "an erasure says that its text is gone, but it is here")
        elif text and records.salted(text.content, text.salt) != notice.text_digest:
            yield Fault(where, "its text is not the one that was published")
        elif not text and not erased:
            yield Fault(where, "its text is gone, and no erasure says so")
        self.seen.erased += erased and not text
        self.seen.withheld += text is not None and self.public.is_withheld(notice.right)

    # --- What it says in the other script -----------------------------------------------------------------------
    def _conversion(self, story: Story, conversion: Conversion) -> Any:
        """Yields faults; returns what it says, or None where there is nothing to be read."""
        self.seen.conversions += 1
        edition, notice = conversion.edition, conversion.notice
        thing: Any = edition or notice
        of = story.where(edition.number) if edition else story.notice(thing) if thing else f"story {story.code}"
        where = f"{of}, in {conversion.language}"
        if not thing or thing.article_id != conversion.article_id:
            yield Fault(where, "it is of another story")
        if conversion.pk not in self.sealed[Kind.CONVERSION]:
            yield Fault(where, "it is not in the ledger, and does not wait for it")
        record = entries.conversion_record(conversion, code=story.code)
        if records.digest({name: value for name, value in record.items() if name != "digest"}) != conversion.digest:
            yield Fault(where, "its digest is not that of its record")
        text, erased = self.conversion_texts.get(conversion.pk), conversion.pk in self.erased[Kind.CONVERSION]
        if not text:
            if not erased:
                yield Fault(where, "its text is gone, and no erasure says so")
            return None
        if erased:
            yield Fault(where, "an erasure says that its text is gone, but it is here")
        if records.salted(text.content, text.salt) != conversion.content_digest:
            yield Fault(where, "its text is not the one that was published")
            return None
        try:
            content = text.read()
        except (ValueError, RecursionError):
            yield Fault(where, "its text is not canonical JSON")
            return None
        return content if isinstance(content, dict) else None

    # --- Erasures -------------------------------------------------------------------------------------------------
    def _erasures(self, erasures: Sequence[Erasure]) -> Faults:
        sealed = _sealed(Kind.ERASURE, [erasure.pk for erasure in erasures])
        owners = _owners([part for erasure in erasures for part in erasure.parts.all()])
        for erasure in erasures:
            self.seen.erasures += 1
            where = f"story {erasure.article.code}, erasure {erasure.pk}"
            record = entries.erasure_record(erasure)
            if records.digest({name: value for name, value in record.items() if name != "digest"}) != erasure.digest:
                yield Fault(where, "its digest is not that of its record")
            if erasure.pk not in sealed:
                yield Fault(where, "it is not in the ledger, and does not wait for it")
            for part in erasure.parts.all():
                if owners.get((part.kind, part.target), erasure.article_id) != erasure.article_id:
                    yield Fault(where, f"it names the {part.kind} {part.target}, which is not of its story")


def _told(story: Story, edition: Edition, content: freeze.Content) -> object:
    """What the content of an edition should say of notices."""
    so_far = [notice for notice in story.notices if notice.right.number <= edition.number]
    if content.get("format") == 1:  # word by word; the words of a notice may have been erased since, apart from these
        told = content["notices"] if isinstance(content.get("notices"), list) else []
        same = [(one.get("number"), one.get("kind")) for one in told] == [(n.right.number, n.kind) for n in so_far]
        return told if same else None
    if edition.kind == Edition.Kind.TAKEDOWN:
        so_far = [notice for notice in so_far if notice.right_id == edition.pk]
    return [freeze.entry(notice, number=notice.right.number) for notice in so_far]


def _erased(kind: str, keys: Sequence[int], of: type[Edition] | type[Correction] | type[Conversion]) -> set[int]:
    """The keys that an erasure in their own story names."""
    named = ErasedPart.objects.filter(kind=kind, target__in=keys)
    own = of._default_manager.filter(pk=OuterRef("target"), article=OuterRef("erasure__article"))
    return set(named.filter(Exists(own)).values_list("target", flat=True))


def _owners(parts: Sequence[ErasedPart]) -> dict[tuple[str, int], int]:
    """(kind, target) -> the article that the edition or notice belongs to; 0 where there is no such thing."""
    found: dict[tuple[str, int], int] = {}
    kinds: dict[str, Any] = {
        ErasedPart.Kind.EDITION.value: Edition,
        ErasedPart.Kind.NOTICE.value: Correction,
        ErasedPart.Kind.CONVERSION.value: Conversion,
    }
    for kind, model in kinds.items():
        keys = [part.target for part in parts if part.kind == kind]
        of = dict(model.objects.filter(pk__in=keys).order_by().values_list("pk", "article"))
        found |= {(kind, key): of.get(key, 0) for key in keys}
    return found


def _sealed(kind: str, keys: Sequence[int]) -> Mapping[int, int]:
    """key -> its place in the ledger; those that wait for it stand behind all others."""
    found = dict.fromkeys(Unsealed.objects.filter(kind=kind, target__in=keys).values_list("target", flat=True), 2**62)
    return found | dict(LedgerEntry.objects.filter(kind=kind, target__in=keys).values_list("target", "number"))
