"""The two engines that need nothing but the database at hand. They differ in how one walk along an index is written.

Both hold the same tokens (public_entry.py) in one column, and answer a question by three walks, one for each rank: each
is bounded by the page's length, goes from the newest to the oldest, and leaves out what an earlier rank has. A filter
is a mark among the tokens, and days are a span of the index, so that no filter reads a row that it does not want.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from articles.models import ConversionText, EditionText, Publication, PublicEntry, PublicTokens
from articles.search import moments, names, tables
from articles.search.expressions import Dialect, Fts5, Tsquery, Wanted, exact, wanted, words_alone
from articles.search.public_entry import ABOVE, HEAD, mark, words_of
from articles.search.question import Engine, Found, Hit, Question, Rank, halves

RANKS = (Rank.HEADLINE, Rank.ABOVE, Rank.TEXT)
FIELD = {Rank.HEADLINE: HEAD, Rank.ABOVE: ABOVE, Rank.TEXT: ""}
BETTER = {Rank.HEADLINE: None, Rank.ABOVE: HEAD, Rank.TEXT: ABOVE}  # what an earlier rank holds
TABLE = PublicTokens._meta.db_table

Walk = tuple[str, list[Any]]  # SQL that gives moments, and its parameters


class OwnDatabase:
    """What both have in common. `update` in a transaction that has locked the publications."""

    dialect: Dialect

    def update(self, publications: Sequence[int]) -> None:
        found = Publication.objects.filter(pk__in=publications).order_by("pk")
        down = [one.pk for one in found if one.state == Publication.State.DOWN]
        standing = [one for one in found if one.state != Publication.State.DOWN]
        self._remove(down)
        editions = [one.edition_id for one in standing]
        texts = {text.edition_id: text.read() for text in EditionText.objects.filter(edition__in=editions)}
        others = ConversionText.objects.filter(conversion__edition__in=editions).select_related("conversion")
        converted = {other.conversion.edition_id or 0: other.read() for other in others}
        entries = []
        for one in standing:
            if one.edition_id in texts:
                moment = moments.settle(one.pk, one.edition_id, one.first_published_at)
                words = words_of(one, texts[one.edition_id], converted.get(one.edition_id), moment)
                entries.append((moment, *words))
        tables.write(TABLE, entries)
        names.keep(standing, texts, converted)
        names.forget(down)

    def _remove(self, publications: Sequence[int]) -> None:
        gone = PublicEntry.objects.filter(pk__in=publications)
        PublicTokens.objects.filter(moment__in=list(gone.values_list("moment", flat=True))).delete()
        gone.delete()

    def find(self, question: Question) -> Found:
        if not question.possible:
            return Found([])
        walks = [(rank, *self._walk(question, rank)) for rank in RANKS]
        each = " UNION ALL ".join(
            f"SELECT {rank} AS rank, moment FROM ({sql}) AS walk{rank}"  # noqa: S608 - our own words
            for rank, sql, _ in walks
        )
        entries = PublicEntry._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT entry.publication_id, found.moment, found.rank FROM ({each}) AS found "  # noqa: S608 - our own
                f"JOIN {entries} AS entry ON entry.moment = found.moment",
                [value for _, _, values in walks for value in values],
            )
            hits = [Hit(*row) for row in cursor.fetchall()]
        hits.sort(key=lambda hit: (-hit.after.score, hit.rank))
        page = hits[: question.limit]
        return Found(page, page[-1].after if len(hits) > question.limit else None)

    def scrub(self) -> None:
        tables.scrub(TABLE)
        names.scrub()

    def _walk(self, question: Question, rank: int) -> Walk:
        raise NotImplementedError

    def _marks(self, question: Question) -> list[str]:
        asked = [("readers", question.readers), ("channel", question.channel), ("topic", question.topic),
                 ("kind", question.kind)]  # fmt: skip
        return [self.dialect.word(mark(kind, value)) for kind, value in asked if value]

    def _asked(self, question: Question, rank: int, *, side_by_side: bool) -> str:
        """The stories of a rank: its words stand in the field that it is about, and not all in one that goes before.

        side_by_side: with what of it must stand so, somewhere in the story; a field's own tokens have no order.
        """
        field, better = FIELD[rank], BETTER[rank]
        parts = self._marks(question)
        if side_by_side:
            parts.append(self._words(question, "", alone=False))
        if field or not side_by_side:
            parts.append(self._words(question, field, alone=True))
        asked = self.dialect.all(parts)
        return asked if better is None else self.dialect.without(asked, self._words(question, better, alone=True))

    def _words(self, question: Question, sign: str, *, alone: bool) -> str:
        """The words of a question within one field; alone: by single tokens, which finds all that is meant, and more
        where some must stand side by side."""
        write = words_alone if alone else exact
        parts = []
        for phrase in question.phrases:
            part = write(wanted(phrase), self.dialect, sign)
            if question.loose:
                apart = [
                    self.dialect.all([write(wanted(half), self.dialect, sign) for half in both])
                    for both in halves(phrase)
                ]
                part = self.dialect.any([part, *apart])
            parts.append(part)
        return self.dialect.any(parts) if question.loose else self.dialect.all(parts)


class Sqlite(OwnDatabase):
    """FTS5 gives what it finds by rowid, from the last to the first, and knows where each token stands."""

    dialect = Fts5()

    def _walk(self, question: Question, rank: int) -> Walk:
        low, high = question.between(rank)
        sql = (
            f"SELECT rowid AS moment FROM {TABLE} "  # noqa: S608 - our own table
            "WHERE tokens MATCH %s AND rowid >= %s AND rowid < %s ORDER BY rowid DESC LIMIT %s"
        )
        return sql, [self._asked(question, rank, side_by_side=True), low, high, question.limit + 1]


class Postgresql(OwnDatabase):
    """GIN knows which rows hold a token, but not in which order, nor where: single tokens are asked of it, the rows are
    sorted without being read, and only the first of them are looked at to see what stands side by side.

    So that a common word is not sought in all the years for one page of it, each walk is made in three reaches: the
    newest two months, the year before, and all the rest, of which the later two are made only if the page is not full
    yet. Marks say in which month a story appeared, so GIN itself passes over the others.

    What is sought is hidden from the planner in a subquery, and the moment in a sum: it would else choose to read the
    whole table in order wherever it holds a word for a common one, and it cannot know what reading a row's tokens
    costs.
    """

    dialect = Tsquery()
    REACHES = (2, 12)  # spells (moments.A_SPELL); then all the rest

    def _walk(self, question: Question, rank: int) -> Walk:
        low, high = question.between(rank)
        most = question.limit + 1
        parts, values, missing = [], [], ""
        for number, (start, end, spells) in enumerate(_reaches(low, high, self.REACHES)):
            sql, more = self._reach(question, rank, start, end, spells, missing)
            parts.append(f"reach{number} AS MATERIALIZED ({sql})")
            values += [*more, most]
            missing += f" - (SELECT count(*) FROM reach{number})"  # noqa: S608 - our own words, as all below
        every = " UNION ALL ".join(f"SELECT moment FROM reach{number}" for number in range(len(parts)))  # noqa: S608
        sql = f"WITH {', '.join(parts)} SELECT moment FROM ({every}) AS every ORDER BY moment DESC LIMIT %s"  # noqa: S608
        return sql, [*values, most]

    def _reach(self, question: Question, rank: int, start: int, end: int, spells: Sequence[int], missing: str) -> Walk:
        """A walk between two moments. missing: SQL that takes from a page what nearer reaches have; empty for the
        first."""
        gate, values = (f"AND %s{missing} > 0 ", [question.limit + 1]) if missing else ("", [])
        span = f"{gate}AND rowid + 0 >= %s AND rowid + 0 < %s ORDER BY rowid + 0 DESC"
        values += [start, end]
        in_spells = [self.dialect.any([self.dialect.word(mark("spell", one)) for one in spells])] if spells else []
        words = self.dialect.all([*in_spells, self._asked(question, rank, side_by_side=False)])
        if self._by_words_alone(question):
            sql = f"SELECT rowid AS moment FROM {TABLE} WHERE tokens @@ (SELECT %s::tsquery) {span} LIMIT %s"  # noqa: S608
            return sql, [words, *values]
        likely = f"SELECT rowid, tokens FROM {TABLE} WHERE tokens @@ (SELECT %s::tsquery) {span} OFFSET 0"  # noqa: S608
        sql = f"SELECT rowid AS moment FROM ({likely}) AS likely WHERE tokens @@ %s::tsquery LIMIT %s"  # noqa: S608
        return sql, [words, *values, self._words(question, "", alone=False)]

    def _by_words_alone(self, question: Question) -> bool:
        asked: list[Wanted] = [wanted(phrase) for phrase in question.phrases]
        if question.loose:
            asked += [wanted(half) for phrase in question.phrases for both in halves(phrase) for half in both]
        return not any(one.row for one in asked)


def _reaches(low: int, high: int, sizes: Sequence[int]) -> list[tuple[int, int, Sequence[int]]]:
    """The spans of time, the newest first, in which stories between two moments are sought one after the other: each
    from when, until when, and the marks of its months, none where it is all the rest."""
    # One month to come is within the first reach: no clock is so wrong.
    last = moments.spell_of(min(high, moments.moment_of(datetime.now(UTC)) + moments.A_SPELL))
    found: list[tuple[int, int, Sequence[int]]] = []
    for size in sizes:
        first = last - size
        start = max(first * moments.A_SPELL, low)
        if start >= high or first <= 0:
            break
        found.append((start, high, range(first, last + 1)))
        high, last = start, first
    return [*found, (low, high, ())] if low < high or not found else found


def engine() -> Engine:
    """The engine of this newsroom."""
    return Postgresql() if connection.vendor == "postgresql" else Sqlite()
