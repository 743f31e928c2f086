"""The two engines that need nothing but the database at hand. They differ in how one walk along an index is written.

Both hold the same tokens (public_entry.py) in one column, and answer a question by walks, one for each rank: each is
bounded by the page's length, goes from the newest to the oldest, and leaves out what a better rank has. A filter is a
mark among the tokens, and days are a span of the index, so that no filter reads a row that it does not want.

So that a common word is not sought in all the years for one page of it, the walks are made in reaches: two months, the
year before, and all the rest. What nearer ones have found says how far back a farther one must look; where a page is
full of what is newer and stands better than all the rest could, none is made.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from articles.models import ConversionText, EditionText, Publication, PublicEntry, PublicTokens
from articles.models.prepared import all_told, each, prepared
from articles.search import moments, names, tables
from articles.search.expressions import Dialect, Fts5, Tsquery, Wanted, exact, wanted, words_alone
from articles.search.public_entry import ABOVE, HEAD, mark, words_of
from articles.search.question import BONUS, Engine, Found, Hit, Question, Rank, halves
from articles.search.time_limit import TooLong, time_limit

RANKS = (Rank.HEADLINE, Rank.ABOVE, Rank.TEXT)
FIELD = {Rank.HEADLINE: HEAD, Rank.ABOVE: ABOVE, Rank.TEXT: ""}
BETTER = {Rank.HEADLINE: None, Rank.ABOVE: HEAD, Rank.TEXT: ABOVE}  # what an earlier rank holds
TABLE = PublicTokens._meta.db_table
REACHES = (2, 12)  # spells (moments.A_SPELL); then all the rest
LONGEST = 2.0  # seconds that one question may take

Walk = tuple[str, list[Any]]  # SQL that gives moments, and its parameters
Reach = tuple[int, int, Sequence[int]]  # from which moment on, before which, and the marks of its months; none for all


@prepared
def _texts(count: int) -> QuerySet[EditionText]:
    return EditionText.objects.filter(edition__pk__in=all_told("edition", count))


@prepared
def _converted(count: int) -> QuerySet[Any, Any]:
    texts = ConversionText.objects.filter(conversion__edition__pk__in=all_told("edition", count))
    return texts.values_list("conversion__edition", "content")


class OwnDatabase:
    """What both have in common. `update` in a transaction that has locked the publications."""

    dialect: Dialect

    def update(self, publications: Sequence[Publication]) -> None:
        down = [one.pk for one in publications if one.state == Publication.State.DOWN]
        standing = [one for one in publications if one.state != Publication.State.DOWN]
        self._remove(down)
        editions = [one.edition_id for one in standing]
        asked = each("edition", editions)
        texts = {text.edition_id: text.read() for text in _texts(len(editions))(**asked)}
        converted = {edition: json.loads(content) for edition, content in _converted(len(editions))(**asked)}
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
        hits: list[Hit] = []
        try:
            with time_limit(LONGEST):
                for reach in range(len(REACHES) + 1):
                    hits += self._in_reach(question, reach, hits)
        except TooLong:
            return Found(_best(hits)[: question.limit], broken_off=True)
        best = _best(hits)
        page = best[: question.limit]
        return Found(page, page[-1].after if len(best) > question.limit else None)

    def _in_reach(self, question: Question, number: int, so_far: Sequence[Hit]) -> list[Hit]:
        """What is found in one reach of every rank, but for what could not stand on the page."""
        full = len(so_far) > question.limit
        worst = _best(so_far)[question.limit].after.score if full else 0
        walks: list[tuple[int, Walk]] = []
        for rank in RANKS:
            reaches = _reaches(*question.between(rank))
            if number < len(reaches):
                start, end, spells = reaches[number]
                start = max(start, worst - BONUS[rank])
                if start < end:
                    walks.append((rank, self._walk(question, rank, (start, end, spells))))
        if not walks:
            return []
        each = " UNION ALL ".join(
            f"SELECT {rank} AS rank, moment FROM ({sql}) AS walk{rank}"  # noqa: S608 - our own words
            for rank, (sql, _) in walks
        )
        entries = PublicEntry._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT entry.publication_id, found.moment, found.rank FROM ({each}) AS found "  # noqa: S608 - our own
                f"JOIN {entries} AS entry ON entry.moment = found.moment",
                [value for _, (_, values) in walks for value in values],
            )
            return [Hit(*row) for row in cursor.fetchall()]

    def scrub(self) -> None:
        tables.scrub(TABLE)
        names.scrub()

    def _walk(self, question: Question, rank: int, reach: Reach) -> Walk:
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

    def _walk(self, question: Question, rank: int, reach: Reach) -> Walk:
        start, end, _ = reach
        sql = (
            f"SELECT rowid AS moment FROM {TABLE} "  # noqa: S608 - our own table
            "WHERE tokens MATCH %s AND rowid >= %s AND rowid < %s ORDER BY rowid DESC LIMIT %s"
        )
        return sql, [self._asked(question, rank, side_by_side=True), start, end, question.limit + 1]


class Postgresql(OwnDatabase):
    """GIN knows which rows hold a token, but not in which order, nor where: single tokens are asked of it, marks of the
    month let it pass over the others, the rows are sorted without being read, and looked at from the newest on to see
    what stands side by side, until the page is full.

    What is sought is hidden from the planner in a subquery, and the moment in a sum: it would else choose to read the
    whole table in order wherever it holds a word for a common one, and it cannot know what reading a row's tokens
    costs.
    """

    dialect = Tsquery()

    def _walk(self, question: Question, rank: int, reach: Reach) -> Walk:
        start, end, spells = reach
        values = [start, end, question.limit + 1]
        span = "AND rowid + 0 >= %s AND rowid + 0 < %s ORDER BY rowid + 0 DESC"
        in_spells = [self.dialect.any([self.dialect.word(mark("spell", one)) for one in spells])] if spells else []
        words = self.dialect.all([*in_spells, self._asked(question, rank, side_by_side=False)])
        if self._by_words_alone(question):
            sql = f"SELECT rowid AS moment FROM {TABLE} WHERE tokens @@ (SELECT %s::tsquery) {span} LIMIT %s"  # noqa: S608
            return sql, [words, *values]
        likely = f"SELECT rowid, tokens FROM {TABLE} WHERE tokens @@ (SELECT %s::tsquery) {span} OFFSET 0"  # noqa: S608
        sql = f"SELECT rowid AS moment FROM ({likely}) AS likely WHERE tokens @@ %s::tsquery LIMIT %s"  # noqa: S608
        return sql, [words, start, end, self._words(question, "", alone=False), question.limit + 1]

    def _by_words_alone(self, question: Question) -> bool:
        asked: list[Wanted] = [wanted(phrase) for phrase in question.phrases]
        if question.loose:
            asked += [wanted(half) for phrase in question.phrases for both in halves(phrase) for half in both]
        return not any(one.row for one in asked)


def _best(hits: Sequence[Hit]) -> list[Hit]:
    return sorted(hits, key=lambda hit: (-hit.after.score, hit.rank))


def _reaches(low: int, high: int) -> list[Reach]:
    """The spans of time, the newest first, in which stories between two moments are sought one after the other."""
    # One month to come is within the first reach: no clock is so wrong.
    last = moments.spell_of(min(high, moments.moment_of(datetime.now(UTC)) + moments.A_SPELL))
    found: list[Reach] = []
    for size in REACHES:
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
