"""Notices to colleagues: written in the transaction of what they tell, read in the admin, and mailed by the worker.

A notice holds no word of a story. Whether somebody may see the story is asked when the notice is shown or mailed, not
when it is written: roles change in between.
"""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet

from articles.models import Alert, Article, Front, User
from articles.publishing.clock import database_now
from articles.publishing.rights import Right, may, seen_by

MOST = 100  # unread notices that are counted: more than the bell shows


def tell(kind: str, about: Article | Front, users: Iterable[User | None], by: User | None, target: int = 0) -> None:
    """Tell these colleagues, in the caller's transaction; each once, and never the one who did it.

    target: the key of the comment, report or schedule that it is about. What somebody has not read yet is not told
    twice: it only becomes new again.
    """
    told = {user.pk: user for user in users if user and user.is_active and user != by}
    if not told:
        return
    now = database_now()
    of: dict[str, Any] = {"front": about} if isinstance(about, Front) else {"article": about}
    unread = Alert.objects.filter(user__in=told, kind=kind, target=target, read_at=None, **of)
    known = set(unread.values_list("user_id", flat=True))
    unread.update(at=now, actor=by)
    Alert.objects.bulk_create(
        [
            Alert(
                user=user, kind=kind, target=target, actor=by, at=now, **of,
                **({"mail": Alert.Mail.WAITING, "mail_at": now} if wants_mail(user) else {}),
            )
            for key, user in sorted(told.items())
            if key not in known
        ],
        ignore_conflicts=True,
    )  # fmt: skip


def done(kind: str, article: Article) -> None:
    """What was told waits no longer: nobody has to read of it any more."""
    Alert.objects.filter(article=article, kind=kind, read_at=None).update(read_at=database_now())


def wants_mail(user: User) -> bool:
    return bool(settings.EMAIL_HOST and user.mail_alerts and user.email)


def alerts_of(user: User) -> "QuerySet[Alert]":
    """What this person is told now: nothing of stories and fronts that they may not see any more."""
    seen = seen_by(user, "article__") & Q(front=None)
    if may(user, Right.FRONT):
        seen |= Q(front__isnull=False)
    return Alert.objects.filter(seen, user=user)


def unread(user: User) -> int:
    """How many notices wait, counted up to MOST."""
    return len(alerts_of(user).filter(read_at=None).order_by().values_list("pk")[:MOST])


def mark_read(user: User, keys: Iterable[int] | None = None) -> int:
    """Mark these notices of the person, or all of them, as read; the number of those that were not."""
    mine = Alert.objects.filter(user=user, read_at=None)
    if keys is not None:
        mine = mine.filter(pk__in=list(keys))
    return mine.update(read_at=database_now())
