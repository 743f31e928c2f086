"""Who may do what, at which desk. The only place that decides it."""

from enum import StrEnum

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from articles.models import Article, ArticleQuerySet, Desk, Membership, User
from articles.publishing.errors import NotAllowed

Role = Membership.Role


class Right(StrEnum):
    WRITE = "write"  # begin and change working copies, add pictures
    PUBLISH = "publish"  # first editions, typos, updates
    CORRECT = "correct"  # corrections; readers' reports
    DECIDE = "decide"  # clarifications, editor's notes, replies, appeals; what is withdrawn or erased
    LIBRARY = "library"  # topics, sources, people, tags
    PEOPLE = "people"  # the desk's reporters and editors
    SITE = "site"  # the site itself, desks, channels, pages; everybody's account


_ROLES: dict[Right, set[str]] = {
    Right.WRITE: {Role.REPORTER, Role.EDITOR, Role.CHIEF},
    Right.PUBLISH: {Role.EDITOR, Role.CHIEF},
    Right.CORRECT: {Role.EDITOR, Role.CHIEF},
    Right.DECIDE: {Role.CHIEF},
    Right.LIBRARY: {Role.EDITOR, Role.CHIEF},
    Right.PEOPLE: {Role.CHIEF},
    Right.SITE: set(),
}


def roles(user: User | AnonymousUser) -> dict[int, str]:
    """The user's role by desk. Read once per user object, so once per request."""
    if not isinstance(user, User) or not user.is_active:
        return {}
    if not hasattr(user, "_roles"):
        user._roles = dict(user.memberships.values_list("desk_id", "role"))  # type: ignore[attr-defined]
    return user._roles  # type: ignore[attr-defined]


def may(user: User | AnonymousUser, right: Right, desk: Desk | int | None = None) -> bool:
    """Whether `user` has `right` at `desk`; without a desk, at any. Administrators have every right everywhere."""
    if not user.is_active:
        return False
    if user.is_superuser:
        return True
    allowed = _ROLES[right]
    if desk is None:
        return any(role in allowed for role in roles(user).values())
    return roles(user).get(desk.pk if isinstance(desk, Desk) else desk) in allowed


def require(user: User | AnonymousUser, right: Right, desk: Desk | int | None = None) -> None:
    if not may(user, right, desk):
        raise NotAllowed


def desks_where(user: User, right: Right) -> "QuerySet[Desk]":
    if user.is_active and user.is_superuser:
        return Desk.objects.all()
    return Desk.objects.filter(pk__in=[desk for desk, role in roles(user).items() if role in _ROLES[right]])


def articles_of(user: User) -> ArticleQuerySet:
    """The working copies that `user` may see: those of their desks."""
    if user.is_active and user.is_superuser:
        return Article.objects.all()
    return Article.objects.filter(desk__in=list(roles(user)))
