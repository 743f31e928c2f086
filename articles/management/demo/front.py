"""The front that the chief has arranged: a few stories pinned by hand above what follows by itself."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from articles.management.demo.archive import Table
from articles.models import Article, User
from articles.publishing import Wanted, arrange, launch
from articles.publishing.clock import database_now
from articles.publishing.fronts import SITE, front_at


def curate(articles: Mapping[str, Article], slots: Sequence[Table], *, by: User) -> None:
    """articles: by slug; slots: as newsroom.toml has them, each with the first letters of its story's slug."""
    now = database_now().replace(second=0, microsecond=0)
    wanted = []
    for slot in slots:
        article = next(article for slug, article in articles.items() if slug.startswith(slot["story"]))
        mark = slot.get("mark", "")
        wanted.append(
            Wanted(
                story=article.pk, seen=article.editions.count(), headline=slot.get("headline", ""), mark=mark,
                until=now + timedelta(hours=slot["hours"]) if mark else None,
            )
        )  # fmt: skip
    front = front_at(SITE)
    assert front
    draft = arrange(front, seen=0, slots=wanted, by=by)
    launch(front, seen=draft.saves, by=by)
