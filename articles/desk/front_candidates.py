"""What can be put on a front: the newest public stories of the site or the channel, or what somebody seeks."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as now

from articles.desk import keyset
from articles.desk.base import sought
from articles.desk.front_form import thumb_of
from articles.desk.keyset import Key
from articles.desk.story_list import BY_ENTRY, shares
from articles.models import Article, Front, Language, Listing, Publication, User, site_language
from articles.publishing.fronts import headline_of
from articles.search.query import Search

SHOWN = 12
KEYS = [
    Key("first_published_at", True, lambda row: row.first_published_at),
    Key("publication_id", True, lambda row: row.publication_id),
]


@dataclass(frozen=True)
class Candidate:
    story: Publication

    @property
    def headline(self) -> str:
        return headline_of(self.story)

    @property
    def thumb(self) -> str:
        return thumb_of(self.story)


@dataclass(frozen=True)
class Found:
    rows: list[Candidate]
    query: str
    readers: str
    older: str = ""  # where the next ones begin
    more: bool = False  # of what was sought there is more than is shown


def readers_of() -> list[tuple[str, str]]:
    """Whose stories can be looked through."""
    names = {"zh": now("Chinese"), "en": now("English"), "bo": now("Tibetan")}
    return [(readers, names[readers]) for readers in dict.fromkeys(language.readers for language in Language)]


def candidates(front: Front, user: User, *, readers: str = "", query: str = "", cursor: str = "") -> Found:
    """The newest, from `cursor` on; or what holds the words of `query`, among the stories that the person may see."""
    readers = readers if readers in dict(readers_of()) else site_language().readers
    words = sought(query).strip()
    if words:
        return _sought(front, user, words, readers)
    kind = Listing.Kind.CHANNEL if front.place else Listing.Kind.SITE
    listed = Listing.objects.on(kind, front.place, readers).standing()
    listed = listed.select_related("publication__edition", "publication__channel")
    start = keyset.read(Listing, KEYS, cursor) if cursor else None
    rows = list(keyset.page(listed, KEYS, start, SHOWN, backwards=False))
    older = keyset.written(KEYS, rows[SHOWN - 1]) if len(rows) > SHOWN else ""
    return Found([Candidate(row.publication) for row in rows[:SHOWN]], "", readers, older)


def _sought(front: Front, user: User, words: str, readers: str) -> Found:
    """By the desk's own search, the newest story first; and any public story by its code."""
    standing = Publication.objects.filter(state=Publication.State.STANDING)
    stories = standing.select_related("edition", "channel")
    if by_code := stories.filter(code=words.rstrip("/").rpartition("/")[2].lower()).first():
        return Found([Candidate(by_code)], words, readers)
    question = Search(words, shares(user))
    if not question.possible:
        return Found([], words, readers)
    found: Any = Article.objects.filter(search_entry__tokens__match=question.expression(), publication__in=standing)
    if front.place:
        listed = {"kind": Listing.Kind.CHANNEL, "target": front.place}
        found = found.filter(**{f"publication__listings__{name}": value for name, value in listed.items()})
    keys = list(found.order_by(BY_ENTRY.order).values_list("pk", flat=True)[: SHOWN + 1])
    by_key = stories.in_bulk(keys[:SHOWN])
    rows = [Candidate(by_key[key]) for key in keys[:SHOWN] if key in by_key]
    return Found(rows, words, readers, more=len(keys) > SHOWN)
