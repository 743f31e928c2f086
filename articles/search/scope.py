"""Whose stories are sought. Each entry bears marks of its desk and its people, so that a search within somebody's
rights is one look into the index."""

from typing import NamedTuple

from articles.models import Article

SIGN = "\u00a7"  # no token of a text holds it, and FTS5 takes it for a letter


class Share(NamedTuple):
    """The stories of a desk; with a person, only those that they began or are assigned to."""

    desk: int
    person: int | None = None

    @property
    def mark(self) -> str:
        return f"{SIGN}d{self.desk}" if self.person is None else f"{SIGN}d{self.desk}p{self.person}"


def marks_of(article: Article) -> list[str]:
    people = {person for person in (article.created_by_id, article.assignee_id) if person}
    own = [Share(article.desk_id, person).mark for person in sorted(people)]
    return [Share(article.desk_id).mark, *own]
