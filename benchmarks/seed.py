"""Fill a database with N published stories, fast, as publish() would have made them.

    DJANGO_SETTINGS_MODULE=newsroom.settings python -m benchmarks.seed 100000

Rows go in by COPY (PostgreSQL) or executemany (SQLite); content, digests, lists and cards are made by the very
functions that publish() uses, so a seeded edition verifies like any other.
"""

import json
import random
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import chain, islice
from typing import Any

import django

CHUNK = 2000  # stories a transaction
EVERY = {"en": 20, "bo": 50}  # one of so many stories is in this language
ENGLISH = """barley river road school bridge market morning snow lake valley teacher harvest bus stone museum water
price village repair open winter letter grain children weather record council visit"""
TIBETAN = "བོད་ལྗོངས་ཀྱི་སློབ་གྲྭ་གསར་པ་ཆུ་མཚོ་རི་བོ་ལམ་ཁ་བ་ལོ་ཏོག་ནས་ཞིང་པ་དགེ་རྒན་གྲོང་ཚོ་ཉིན་མོ་ཁྲོམ་ར"
CHARACTERS = (
    "高原青稞湖邊公路天氣學校圖書館早市騎行博物館氣象站牧場溫室木碗石橋水位班車收成田裡今年去年每天上午下午三個五輛十里"
)
STORIES_A_DAY = 30
ZONE = "Asia/Shanghai"


def main(count: int) -> None:
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    started = time.perf_counter()
    Seeder().run(count)
    took = time.perf_counter() - started
    print(f"{count} stories in {took:.1f} s: {count / took:,.0f} a second")


class Seeder:
    def __init__(self) -> None:
        from django.db import connection, transaction

        from articles import models
        from articles.language import tokens
        from articles.models.codes import ALPHABET, LENGTH
        from articles.publishing import freeze, records
        from articles.search import moments, names, public_entry, tables
        from articles.search.scope import marks_of

        self.tokens, self.plain, self.vector, self.marks_of = tokens.tokens, tokens.plain, tables.vector, marks_of
        self.words_of, self.moment_of, self.key_of = public_entry.words_of, moments.moment_of, names.key_of
        self.new_code = lambda: "".join(self.random.choices(ALPHABET, k=LENGTH))

        self.connection, self.models, self.freeze, self.records = connection, models, freeze, records
        self.random = random.Random(7)
        self.words = "".join(self.random.choices(CHARACTERS, k=100_000))  # every text is a piece of this
        with transaction.atomic():
            self._reference_data()

    def _reference_data(self) -> None:
        m = self.models
        m.Site.objects.get_or_create(pk=1, defaults={"name": "朗措新聞"})
        self.desk, _ = m.Desk.objects.get_or_create(slug="seed", defaults={"name": "編輯部", "time_zone": ZONE})
        self.user, _ = m.User.objects.get_or_create(username="seed", defaults={"is_superuser": True, "is_staff": True})
        tops = [m.Channel.objects.get_or_create(slug=f"c{n}", parent=None, defaults={"name": f"頻道{n}"})[0]
                for n in range(8)]  # fmt: skip
        self.channels = tops + [
            m.Channel.objects.get_or_create(slug=f"s{n}", parent=tops[n % 8], defaults={"name": f"子頻道{n}"})[0]
            for n in range(16)
        ]
        self.sources = [
            m.Source.objects.get_or_create(slug=f"so{n}", defaults={"name": f"來源{n}"})[0] for n in range(5)
        ]
        self.people = [
            m.Person.objects.get_or_create(slug=f"p{n}", defaults={"name": f"人物{n}"})[0] for n in range(40)
        ]
        self.topics = [m.Topic.objects.get_or_create(slug=f"t{n}", defaults={"name": f"專題{n}"})[0] for n in range(20)]
        self.tags = [m.Tag.objects.get_or_create(name=f"標籤{n}", defaults={"slug": f"tag{n}"})[0] for n in range(500)]
        self.province, _ = m.Place.objects.get_or_create(code="CN-XZ", defaults={"name": "省"})
        self.prefecture, _ = m.Place.objects.get_or_create(code="549900", defaults={"name": "地區"})
        self.places = [
            m.Place.objects.get_or_create(code=f"5499{n}", defaults={"name": f"縣{n}"})[0] for n in range(21, 41)
        ]
        self.trails = {channel.pk: channel.trail() for channel in self.channels}
        self._add_defaults()

    def run(self, count: int) -> None:
        from articles.management.progress import bar

        indexes = self._without_indexes() if self.connection.vendor == "postgresql" else []
        last = self.models.Article.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        self.random.seed(last)  # a second run adds other stories
        newest = datetime.now(UTC).replace(microsecond=0)
        numbers = iter(bar(range(1, count + 1), "stories", count))
        while chunk := list(islice(numbers, CHUNK)):
            self._write([self._story(last + number, newest - timedelta(days=(count - number) / STORIES_A_DAY))
                         for number in chunk])  # fmt: skip
        self._finish(indexes)

    def _text(self, length: int, language: str = "zh-Hant") -> str:
        if language == "en":
            return " ".join(self.random.choices(ENGLISH.split(), k=max(length // 4, 3)))
        if language == "bo":
            return "་".join(self.random.choices(TIBETAN.split("་"), k=max(length // 2, 5))) + "།"
        start = int(self.random.random() * (len(self.words) - length))
        return self.words[start : start + length]

    def _story(self, pk: int, at: datetime) -> dict[str, list[tuple[Any, ...]]]:
        """The rows of one story, by model."""
        choose = self.random.choice
        channel, source, topic = choose(self.channels), choose(self.sources), choose([None, None, *self.topics])
        author, editor, tags = choose(self.people[:20]), choose(self.people[20:]), self.random.sample(self.tags, 2)
        places = [choose(self.places)] if pk % 3 else []
        language = next((one for one, every in EVERY.items() if pk % every == every // 2), "zh-Hant")
        readers = language.split("-")[0]
        code, headline = self.new_code(), self._text(18, language)
        length = 2000 if pk % 50 == 0 else 300
        parts = (self._text(min(100, length - start), language) for start in range(0, length, 100))
        body = "".join(f"<p>{part}</p>" for part in parts)
        trail = self.trails[channel.pk]
        named = lambda thing: {"id": thing.pk, "name": thing.name}  # noqa: E731
        frozen = {
            "format": self.freeze.FORMAT, "code": code, "language": language, "zone": ZONE, "headline": headline,
            "kicker": "", "standfirst": self._text(30, language), "body": body, "lead": None, "pictures": {},
            "trail": [named(one) for one in trail], "source": named(source),
            "topic": named(topic) | {"banner": topic.name} if topic else None,
            "credits": [{"role": "author"} | named(author), {"role": "editor"} | named(editor)],
            "tags": [named(tag) for tag in sorted(tags, key=lambda tag: tag.pk)],
            "places": [{"code": place.code, "within": [self.province.pk, self.prefecture.pk]} | named(place)
                       for place in places],
        }  # fmt: skip
        words = "\n".join([code, headline, frozen["standfirst"], *(tag.name for tag in tags), author.name, editor.name,
                           self.plain(body)])  # fmt: skip
        stored = at if self.connection.vendor == "postgresql" else at.strftime("%Y-%m-%d %H:%M:%S.%f")
        content = self.freeze.as_edition(frozen, number=1, kind="initial", at=at, first=at)
        # For content like this (ASCII keys, no floats) json.dumps writes RFC 8785 too, at a multiple of the speed.
        text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        if pk % 10_000 == 1:
            assert text == self.records.canonical(content)
        salt = f"{self.random.getrandbits(256):064x}"
        content_digest = self.records.salted(text, salt)
        record = {"act": "edition", "format": 2, "code": code, "number": 1, "kind": "initial",
                  "at": content["published_at"], "previous": "", "content": content_digest, "notices": []}  # fmt: skip
        card = json.dumps(self.freeze.card_of(content), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        lists = [("site", 0), *(("channel", one.pk) for one in trail), *(("tag", tag.pk) for tag in tags),
                 ("person", author.pk), ("person", editor.pk), *([("topic", topic.pk)] if topic else []),
                 *(("place", one.pk) for one in [*places, self.province, self.prefecture] if places)]  # fmt: skip
        if pk % 10_000 == 1:
            assert set(lists) == set(self.freeze.stands_on(content))
        user, desk = self.user.pk, self.desk.pk
        moment = self.moment_of(at)
        return {
            "Article": [(pk, code, desk, "published", 1, language, headline, "", frozen["standfirst"], body,
                         channel.pk, source.pk, topic.pk if topic else None, None, "", "", "", "", stored, user, stored,
                         user)],
            "Credit": [(pk, author.pk, "author", 0), (pk, editor.pk, "editor", 1)],
            "TaggedArticle": [(pk, tag.pk) for tag in tags],
            "PlaceOfArticle": [(pk, place.pk) for place in places],
            "SearchEntry": [(pk, self._found_by(words))],
            "Edition": [(pk, pk, 1, "initial", stored, user, content_digest, self.records.digest(record), "")],
            "EditionText": [(pk, text, salt)],
            "Publication": [(pk, code, pk, language, readers, channel.pk, topic.pk if topic else None, source.pk,
                             stored, stored, stored, "standing", card, pk)],
            "Listing": [(pk, kind, target, readers, stored, "standing") for kind, target in lists],
            "PublicEntry": [(pk, moment, pk)],
            "PublicTokens": [(moment, self._public(readers, content, moment))],
            "Suggestion": [("headline", pk, readers, self._bytes(self.key_of(headline)))],
            "Unsealed": [("edition", pk, stored)],
            "Outbox": [(pk, stored, stored, 1, stored, "")],
        }  # fmt: skip

    def _found_by(self, words: str) -> str:
        marks = self.marks_of(self.models.Article(desk=self.desk, created_by=self.user))
        found = [*marks, *self.tokens(words)]
        return self.vector(found) if self.connection.vendor == "postgresql" else " ".join(found)

    def _public(self, readers: str, content: dict[str, Any], moment: int) -> str:
        words, anywhere = self.words_of(
            self.models.Publication(readers=readers, state="standing"), content, None, moment
        )
        if self.connection.vendor == "postgresql":
            return self.vector(words, anywhere)
        return " ".join([*words, *anywhere])

    def _bytes(self, key: bytes) -> Any:
        return f"\\x{key.hex()}" if self.connection.vendor == "postgresql" else key

    COLUMNS = {
        "Article": "id code desk_id stage version language headline kicker standfirst body channel_id source_id "
        "topic_id lead_picture_id lead_caption lead_credit embargo_zone approved_words created_at created_by_id "
        "changed_at changed_by_id",
        "Credit": "article_id person_id role order",
        "TaggedArticle": "content_object_id tag_id",
        "PlaceOfArticle": "article_id place_id",
        "SearchEntry": "rowid tokens",
        "Edition": "id article_id number kind published_at by_id content_digest digest previous_digest",
        "EditionText": "edition_id content salt",
        "Publication": "article_id code edition_id language readers channel_id topic_id source_id first_published_at "
        "published_at changed_at state card original_id",
        "Listing": "publication_id kind target readers first_published_at state",
        "PublicEntry": "publication_id moment edition_id",
        "PublicTokens": "rowid tokens",
        "Suggestion": "kind target readers key",
        "Unsealed": "kind target at",
        "Outbox": "edition_id created_at claimed_until attempts done_at error",
    }

    def _model(self, name: str) -> Any:
        return self.models.Article.places.through if name == "PlaceOfArticle" else getattr(self.models, name)

    def _add_defaults(self) -> None:
        """Columns that are not given below, and may not be empty, have what their model would write."""
        self.columns: dict[str, list[str]] = {}
        self.defaults: dict[str, list[Any]] = {}
        for name, given in self.COLUMNS.items():
            fields = [field for field in self._model(name)._meta.concrete_fields
                      if not field.null and not field.primary_key and field.column not in given.split()]  # fmt: skip
            self.columns[name] = [*given.split(), *(field.column for field in fields)]
            self.defaults[name] = [field.get_default() for field in fields]

    def _write(self, stories: Sequence[dict[str, list[tuple[Any, ...]]]]) -> None:
        from django.db import transaction

        with transaction.atomic(), self.connection.cursor() as cursor:
            for name, columns in self.columns.items():
                table = self._model(name)._meta.db_table
                quoted = ", ".join(f'"{column}"' for column in columns)
                rest = self.defaults[name]
                rows = [(*row, *rest) for row in chain.from_iterable(story[name] for story in stories)]
                if self.connection.vendor == "postgresql":
                    with cursor.copy(f"COPY {table} ({quoted}) FROM STDIN") as copy:
                        copy.write("".join("\t".join(map(_field, row)) + "\n" for row in rows))
                else:  # the driver's own cursor, whose question marks need no rewriting
                    marks = ", ".join("?" * len(columns))
                    self.connection.connection.executemany(f"INSERT INTO {table} ({quoted}) VALUES ({marks})", rows)

    def _without_indexes(self) -> list[str]:
        """Take the plain indexes off, to be built in one go at the end; the statements that do so."""
        tables = [self._model(name)._meta.db_table for name in self.COLUMNS]
        with self.connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit = off")
            cursor.execute("SET maintenance_work_mem = '256MB'")
            # The keys are right by making; this session need not look each of them up.
            cursor.execute("SET session_replication_role = replica")
            cursor.execute(
                "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s) "
                "AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = indexname)",
                [tables],
            )
            found = cursor.fetchall()
            for name, _ in found:
                cursor.execute(f'DROP INDEX "{name}"')
        return [definition for _, definition in found]

    def _finish(self, indexes: list[str]) -> None:
        """Put the indexes back, sequences behind the keys that were given, and let the planner know what there is."""
        from django.core.management.color import no_style

        with self.connection.cursor() as cursor:
            for definition in indexes:
                cursor.execute(definition)
            for statement in self.connection.ops.sequence_reset_sql(
                no_style(), [self._model(name) for name in self.COLUMNS]
            ):
                cursor.execute(statement)
            cursor.execute("ANALYZE")


def _field(value: object) -> str:
    """A value as COPY reads it. No text of ours holds a tab, a backslash or a line break, but canonical JSON may."""
    if value is None:
        return r"\N"
    text = str(value)
    return text.replace("\\", "\\\\") if "\\" in text else text


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
