"""The rows of one story, by model, made by the functions that publish() uses."""

import random
import secrets
from collections import defaultdict
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from benchmarks.seeding.texts import Texts, body_of

OTHERS = {"en": 19, "bo": 53}  # one of so many stories is in this language
MANY, WHICH, EDITIONS = 10, 7, 5  # one of so many stories has so many editions
ZONE = "Asia/Shanghai"
NOTICED = {3: "correction", 5: "update"}  # editions that bring a notice; the others are typos
BETWEEN = timedelta(hours=1)
Rows = dict[str, list[tuple[Any, ...]]]


def edition_before(number: int) -> int:
    """How many editions the stories before this one have together."""
    return number - 1 + (EDITIONS - 1) * _many_before(number)


def _many_before(number: int) -> int:
    return (number - 1 + MANY - WHICH) // MANY


def editions_of(number: int) -> int:
    return EDITIONS if number % MANY == WHICH else 1


def language_of(number: int) -> str:
    return next((one for one, every in OTHERS.items() if number % every == every // 2), "zh-Hant")


class Stories:
    def __init__(self, reference: Any, texts: Texts) -> None:
        """reference: the things that stories name (reference.py)."""
        from articles import models
        from articles.language import words
        from articles.publishing import convert, freeze, issue, notes, records, script_forms
        from articles.publishing.ledger import entries
        from articles.search import indexing, moments, names, public_entry

        self.models, self.texts, self.to = models, texts, reference
        self.freeze, self.issue, self.notes, self.records, self.entries = freeze, issue, notes, records, entries
        self.indexing, self.moments, self.names, self.public_entry = indexing, moments, names, public_entry
        self.one_line = words.one_line
        source, target = models.Language.ZH_HANT, models.Language.ZH_HANS
        pairs = script_forms.pairs_for(desk=reference.desk.pk, source=source, target=target)
        self.converter = convert.Converter(source, target, pairs)
        self.converter_name = self.converter.name
        self._frozen = dict[Any, Any]()

    def rows(self, number: int, at: datetime) -> tuple[Rows, list[tuple[str, int, str]]]:
        """The rows of story `number`, and what the ledger is to seal of it: kind, key, record."""
        return _Story(self, number, at).made()

    def frozen(self, thing: Any, language: str, how: Any) -> Any:
        key = (type(thing), thing.pk, language)
        if key not in self._frozen:
            self._frozen[key] = how(thing)
        return self._frozen[key]


class _Story:
    def __init__(self, of: Stories, number: int, at: datetime) -> None:
        self.of, self.number, self.at, to = of, number, at, of.to
        self.chance = random.Random(number)
        choose = self.chance.choice
        self.language = language_of(number)
        self.channel, self.source, self.topic = (
            choose(to.channels),
            choose(to.sources),
            choose([None, None, *to.topics]),
        )
        self.author, self.editor = choose(to.people[:20]), choose(to.people[20:])
        self.tags = sorted(self.chance.sample(to.tags, 2), key=lambda tag: tag.pk)
        self.places = [choose(to.places)] if number % 3 else []
        self.code = "".join(self.chance.choices(to.alphabet, k=to.code_length))
        self.headline = of.texts.headline(self.chance, self.language)
        self.standfirst = of.texts.standfirst(self.chance, self.language, number)
        self.paragraphs = of.texts.paragraphs(self.chance, self.language, number)
        self.found: Rows = defaultdict(list)
        self.sealed: list[tuple[str, int, str]] = []

    def made(self) -> tuple[Rows, list[tuple[str, int, str]]]:
        count = editions_of(self.number)
        before: Any = None
        told: list[Any] = []  # the story's notices, with the numbers of their editions, the newest first
        for number in range(1, count + 1):
            if number > 1:
                self.paragraphs[0] = self.chance.choice(self.of.texts.pieces[self.language])
            before, told = self._edition(number, before, told)
        self._working_copy(count, before.published_at)
        return self.found, self.sealed

    # --- An edition ----------------------------------------------------------------------------------------------
    def _edition(self, number: int, before: Any, told: list[Any]) -> tuple[Any, list[Any]]:
        of, m, freeze = self.of, self.of.models, self.of.freeze
        at = self.at + (number - 1) * BETWEEN
        words = self._words()
        notice, kind = None, "initial" if number == 1 else NOTICED.get(number, "typo")
        if number in NOTICED:
            notice, notice_text = self._notice(number, kind, words, before, at)
            told = [(notice, number), *told]
        # Making a row's instance is dear; where nothing asks for a real one, what has the same attributes does.
        make: Any = m.Edition if editions_of(self.number) > 1 else SimpleNamespace
        key = edition_before(self.number) + number
        edition = make(
            pk=key, id=key, article_id=self.number, number=number, kind=kind, published_at=at, by_id=of.to.user.pk,
            second_id=None, previous_digest=before.digest if before else "",
        )  # fmt: skip
        notices = [freeze.entry(one, number=right) for one, right in told]
        content = freeze.as_edition(words, number=number, kind=kind, at=at, first=self.at, notices=notices)
        text, salt = of.records.canonical(content), self._salt()
        edition.content_digest = of.records.salted(text, salt)
        brought = [notice.digest] if notice else []
        edition.digest = of.records.digest(of.records.of_edition(edition, code=self.code, notices=brought))
        self._add("Edition", edition)
        self.found["EditionText"].append((edition.pk, text, salt))
        self._seal("edition", edition, of.entries.edition_record(edition, brought, code=self.code))
        if notice:
            notice.right = edition
            self._add("Correction", notice)
            self.found["CorrectionText"].append((notice.pk, notice_text.content, notice_text.salt))
            self._seal("notice", notice, of.entries.notice_record(notice, code=self.code))
        converted = self._converted(edition, content, notice, notice_text.read() if notice else None)
        self.found["Outbox"].append((edition.pk, at, at, 1, at, ""))
        self.found["Event"].append((at, of.to.user.pk, "published", self.number, of.to.desk.pk,
                                    f"edition {number} {kind}", "command"))  # fmt: skip
        if number == editions_of(self.number):
            self._public(edition, content, converted, notice)
        return edition, told

    def _words(self) -> dict[str, Any]:
        """As freeze() makes them; `seed` compares some stories with what that says of them."""
        of, freeze, language = self.of, self.of.freeze, self.language
        named = lambda thing: of.frozen(thing, language, lambda one: freeze._named(one, language))  # noqa: E731
        about = lambda **parts: SimpleNamespace(language=language, **parts)  # noqa: E731
        body = body_of(self.paragraphs)
        return {
            "format": freeze.FORMAT, "code": self.code, "language": language, "zone": ZONE, "headline": self.headline,
            "kicker": "", "standfirst": self.standfirst, "body": body, "lead": None, "pictures": {},
            "trail": [named(one) for one in of.to.trails[self.channel.pk]], "source": named(self.source),
            "topic": of.frozen(self.topic, language, lambda topic: freeze._topic(about(topic=topic)))
            if self.topic else None,
            "credits": [{"role": "author"} | named(self.author), {"role": "editor"} | named(self.editor)],
            "tags": [{"id": tag.pk, "name": tag.name} for tag in self.tags],
            "places": [one for place in self.places for one in of.frozen(
                place, language, lambda place: freeze._places(about(places=SimpleNamespace(all=lambda: [place]))))],
        }  # fmt: skip

    def _notice(self, number: int, kind: str, words: dict[str, Any], before: Any, at: datetime) -> tuple[Any, Any]:
        wrong = {"was": self.headline[:6], "now": self.headline[-6:]} if kind == "correction" else {}
        note = self.of.notes.Note(kind=kind, text=f"第 {self.number} 篇，第 {number} 版。", **wrong).checked()
        notice, text = self.of.notes.write(
            note, article=self.of.models.Article(pk=self.number, code=self.code), place=1, wrong=before,
            right_number=number, channel=words["trail"][-1]["id"], language=self.language, before="",
            after=words["body"], by=self.of.to.user, at=at,
        )  # fmt: skip
        notice.pk = 2 * _many_before(self.number) + sum(one <= number for one in NOTICED)
        return notice, text

    def _converted(self, edition: Any, content: Any, notice: Any, said: Any) -> Any:
        """What the edition says in the other script; it is kept, and the words of its notice."""
        if self.language != "zh-Hant":
            return None
        converted = self.of.converter.content(content)
        self._keep(converted, edition.pk, edition.published_at, edition=edition)
        if notice:
            key = self.of.to.editions + notice.pk  # behind those of all editions
            self._keep(self.of.converter.notice(said), key, edition.published_at, notice=notice)
        return converted

    def _keep(self, content: Any, key: int, at: datetime, *, edition: Any = None, notice: Any = None) -> None:
        of, converter = self.of, self.of.converter
        text, salt = of.records.canonical(content), self._salt()
        made = SimpleNamespace(
            pk=key, id=key, article_id=self.number, edition=edition, edition_id=edition and edition.pk, notice=notice,
            notice_id=notice and notice.pk, language=converter.target.value, converter=of.converter_name, at=at,
            content_digest=of.records.salted(text, salt), digest="",
        )  # fmt: skip
        record = of.entries.conversion_record(made, code=self.code)
        made.digest = of.records.digest({name: value for name, value in record.items() if name != "digest"})
        self._add("Conversion", made)
        self.found["ConversionText"].append((key, text, salt))
        self._seal("conversion", made, record | {"digest": made.digest})

    # --- What follows from the last one ------------------------------------------------------------------------------
    def _public(self, edition: Any, content: Any, converted: Any, notice: Any) -> None:
        of, found = self.of, self.found
        row = of.issue.shown_as(edition, content, notice.pk if notice else None, converted)
        row |= {"article_id": self.number, "original_id": self.number, "draft_version": edition.number, "only_in": ""}
        found["Publication"].append(tuple(row[name] for name in of.to.columns["Publication"]))
        readers, first, state = row["readers"], row["first_published_at"], row["state"]
        found["Listing"] += [(self.number, kind, target, readers, first, state)
                             for kind, target in of.freeze.stands_on(content)]  # fmt: skip
        moment = of.moments.moment_of(first)
        found["PublicEntry"].append((self.number, moment, edition.pk))
        publication = SimpleNamespace(readers=readers, state=state)
        found["PublicTokens"].append((moment, of.to.tokens(*of.public_entry.words_of(
            publication, content, converted, moment))))  # fmt: skip
        keys = dict.fromkeys(of.names.key_of(one["headline"]) for one in (content, converted) if one)
        found["Suggestion"] += [("headline", self.number, readers, key) for key in keys if key]

    def _working_copy(self, version: int, changed: datetime) -> None:
        of, found, user, desk = self.of, self.found, self.of.to.user.pk, self.of.to.desk.pk
        body = body_of(self.paragraphs)
        found["Article"].append((
            self.number, self.code, desk, "published", version, self.language, self.headline, "", self.standfirst, body,
            self.channel.pk, self.source.pk, self.topic.pk if self.topic else None, self.at, user, changed, user,
        ))  # fmt: skip
        found["Credit"] += [(self.number, self.author.pk, "author", 0), (self.number, self.editor.pk, "editor", 1)]
        found["TaggedArticle"] += [(self.number, tag.pk) for tag in self.tags]
        found["PlaceOfArticle"] += [(self.number, place.pk) for place in self.places]
        credits = [SimpleNamespace(person=person) for person in (self.author, self.editor)]
        entry = of.indexing.entry(SimpleNamespace(
            code=self.code, headline=self.headline, kicker="", standfirst=self.standfirst, lead_caption="",
            lead_credit="", tags=_All(self.tags), credits=_All(credits), body=body, desk_id=desk, created_by_id=user,
            assignee_id=None,
        ))  # fmt: skip
        found["SearchEntry"].append((self.number, of.to.tokens(entry)))

    # --- Small things ---------------------------------------------------------------------------------------------
    def _add(self, name: str, instance: Any) -> None:
        self.found[name].append(tuple(getattr(instance, one) for one in self.of.to.columns[name]))

    def _seal(self, kind: str, thing: Any, record: Any) -> None:
        self.sealed.append((kind, thing.pk, self.of.records.canonical(record)))

    def _salt(self) -> str:
        return secrets.token_hex(32)


class _All:
    def __init__(self, things: list[Any]) -> None:
        self.things = things

    def all(self) -> list[Any]:
        return self.things
