"""Who has a story's form open, and who of them is writing: what the windows tell each other.

It guards nothing: what guards the text is the version in save_draft. The lock is advisory, lapses with its window, and
can be taken over; who lost it so is told.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from articles.models import Alert, Article, Presence, User
from articles.publishing import alerts, events
from articles.publishing.clock import database_now
from articles.publishing.rights import Right, require_on

LAPSE = timedelta(seconds=45)  # after its last sign of life a window counts as closed
MOST = 20  # windows that are told of


@dataclass(frozen=True)
class Here:
    """What a window learns by its sign of life."""

    holds: bool  # whether it is the one that writes
    others: Sequence[Presence]  # the other windows, the writer first; also one's own
    taken_by: User | None  # who took the writing over from this window, until it writes again


def others(article: Article, *, tab: str = "") -> list[Presence]:
    """The windows that have the story open now, but for the one named by its key (see `_key`)."""
    found = article.present.filter(seen_at__gt=database_now() - LAPSE).exclude(tab=tab)
    return list(found.select_related("user__person").order_by("-holds", "since", "pk")[:MOST])


@transaction.atomic
def here(article: Article, *, by: User, tab: str) -> Here:
    """A window's sign of life: every 15 seconds while the form is open. The first window that gives one writes.

    tab: made up by the window, anything up to 200 characters. Raises NotAllowed.
    """
    require_on(by, Right.WRITE, article)
    now = database_now()
    _forget(article, now)
    mine = _mine(article, by, tab, now)
    if not mine.holds and not mine.taken_by_id:
        mine.holds = _hold(mine)
    return Here(mine.holds, others(article, tab=mine.tab), mine.taken_by)


@transaction.atomic
def take_over(article: Article, *, by: User, tab: str) -> Here:
    """Let this window write from now on; who wrote until now is told in their window, and by a notice.

    Raises NotAllowed.
    """
    Article.objects.select_for_update(no_key=True).get(pk=article.pk)  # two who take over at once do so in turn
    require_on(by, Right.WRITE, article)
    now = database_now()
    _forget(article, now)
    mine = _mine(article, by, tab, now)
    for writer in article.present.filter(holds=True).exclude(pk=mine.pk).select_related("user"):
        Presence.objects.filter(pk=writer.pk).update(holds=False, taken_by=by)
        if writer.user_id != by.pk:
            events.note(events.Verb.TAKEN_OVER, by=by, article=article, before=f"user {writer.user_id}",
                        after=f"user {by.pk}", at=now)  # fmt: skip
            alerts.tell(Alert.Kind.TAKEN_OVER, article, [writer.user], by)
    Presence.objects.filter(pk=mine.pk).update(holds=True, taken_by=None)
    return Here(True, others(article, tab=mine.tab), None)


def leave(article: Article, *, by: User, tab: str) -> None:
    """The window was closed."""
    article.present.filter(user=by, tab=_key(by, tab)).delete()


def forget_windows() -> None:
    """For the worker: rows of windows that nobody closed, a bounded number a round."""
    lapsed = Presence.objects.filter(seen_at__lte=database_now() - LAPSE).values_list("pk", flat=True)[:500]
    Presence.objects.filter(pk__in=list(lapsed)).delete()


def _key(by: User, tab: str) -> str:
    """A window belongs to its person: nobody speaks for another's."""
    return hashlib.sha256(f"{by.pk}/{tab[:200]}".encode(errors="replace")).hexdigest()[:32]


def _mine(article: Article, by: User, tab: str, now: datetime) -> Presence:
    row = {"article": article, "tab": _key(by, tab)}
    found, _ = Presence.objects.update_or_create(
        **row, defaults={"seen_at": now}, create_defaults={"seen_at": now, "since": now, "user": by}
    )
    return found


def _hold(mine: Presence) -> bool:
    if Presence.objects.filter(article=mine.article_id, holds=True).exists():
        return False
    try:
        with transaction.atomic():
            Presence.objects.filter(pk=mine.pk).update(holds=True)
    except IntegrityError:  # another window was first
        return False
    return True


def _forget(article: Article, now: datetime) -> None:
    article.present.filter(seen_at__lte=now - LAPSE).delete()
