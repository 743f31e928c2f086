"""Who may do what, at which desk. The only place that decides it."""

from enum import StrEnum

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, F, Q, QuerySet, Value, When

from articles.models import Article, ArticleQuerySet, Desk, Event, Membership, User
from articles.publishing.errors import NotAllowed

Role = Membership.Role


class Right(StrEnum):
    WRITE = "write"  # begin and change working copies (a reporter: own ones, see may_on), add pictures
    PUBLISH = "publish"  # first editions, typos, updates
    CORRECT = "correct"  # corrections; readers' reports
    DECIDE = "decide"  # clarifications, editor's notes, replies, appeals; what is withdrawn or erased
    FRONT = "front"  # arranging the fronts of the site and of its channels, which belong to no desk
    LAUNCH = "launch"  # showing an arrangement to readers
    LIBRARY = "library"  # topics, sources, people, tags
    PEOPLE = "people"  # the desk's reporters and editors
    SITE = "site"  # the site itself, desks, channels, pages; everybody's account


_ROLES: dict[Right, set[str]] = {
    Right.WRITE: {Role.REPORTER, Role.EDITOR, Role.CHIEF},
    Right.PUBLISH: {Role.EDITOR, Role.CHIEF},
    Right.CORRECT: {Role.EDITOR, Role.CHIEF},
    Right.DECIDE: {Role.CHIEF},
    Right.FRONT: {Role.EDITOR, Role.CHIEF},
    Right.LAUNCH: {Role.EDITOR, Role.CHIEF},
    Right.LIBRARY: {Role.EDITOR, Role.CHIEF},
    Right.PEOPLE: {Role.CHIEF},
    Right.SITE: set(),
}


def roles(user: User | AnonymousUser) -> dict[int, str]:
    """The user's role by desk. Read once per user object, so once per request."""
    return {desk: role for desk, (role, _) in _standing(user).items()}


# What a desk may keep to its chief, by its own rule.
_RULES = {
    Right.PUBLISH: "editors_publish",
    Right.CORRECT: "editors_correct",
    Right.LAUNCH: "editors_launch",
}


def _standing(user: User | AnonymousUser) -> dict[int, tuple[str, set[Right]]]:
    """The user's role by desk, and the rights that the desk keeps from its editors."""
    if not isinstance(user, User) or not user.is_active:
        return {}
    if not hasattr(user, "_standing"):
        rows = user.memberships.values_list("desk_id", "role", *(f"desk__{rule}" for rule in _RULES.values()))
        user._standing = {  # type: ignore[attr-defined]
            desk: (role, {right for right, allowed in zip(_RULES, rules, strict=True) if not allowed})
            for desk, role, *rules in rows
        }
    return user._standing  # type: ignore[attr-defined]


def _allows(right: Right, role: str, kept: set[Right]) -> bool:
    return role in _ROLES[right] and not (role == Role.EDITOR and right in kept)


def may(user: User | AnonymousUser, right: Right, desk: Desk | int | None = None) -> bool:
    """Whether `user` has `right` at `desk`; without a desk, at any. Administrators have every right everywhere."""
    if not user.is_active:
        return False
    if user.is_superuser:
        return True
    standing = _standing(user)
    if desk is None:
        return any(_allows(right, *one) for one in standing.values())
    key = desk.pk if isinstance(desk, Desk) else desk
    return key in standing and _allows(right, *standing[key])


def require(user: User | AnonymousUser, right: Right, desk: Desk | int | None = None) -> None:
    if not may(user, right, desk):
        raise NotAllowed


def may_on(user: User | AnonymousUser, right: Right, article: Article) -> bool:
    """Whether `user` has `right` on this very story: a reporter writes what they began, or what is assigned to them."""
    if not may(user, right, article.desk_id):
        return False
    if right != Right.WRITE or user.is_superuser or roles(user).get(article.desk_id) != Role.REPORTER:
        return True
    return user.pk in {article.created_by_id, article.assignee_id}


def require_on(user: User | AnonymousUser, right: Right, article: Article) -> None:
    if not may_on(user, right, article):
        raise NotAllowed


def desks_where(user: User, right: Right) -> "QuerySet[Desk]":
    if user.is_active and user.is_superuser:
        return Desk.objects.all()
    return Desk.objects.filter(pk__in=[desk for desk, standing in _standing(user).items() if _allows(right, *standing)])


def colleagues_with(right: Right, desk: Desk) -> list[User]:
    """Who has `right` at this desk by their role there; the administrators where nobody has."""
    kept = {one for one, rule in _RULES.items() if not getattr(desk, rule)}
    allowed = [role for role in Role if _allows(right, role, kept)]
    active = User.objects.filter(is_active=True).order_by("pk")
    found = list(active.filter(memberships__desk=desk, memberships__role__in=allowed))
    return found or list(active.filter(is_superuser=True))


def seen_by(user: User, story: str = "") -> Q:
    """The condition that `user` may see a working copy: those of their desks; where they are a reporter, their own.

    story: the way from the rows asked for to the story, as in "article__".
    """
    if user.is_active and user.is_superuser:
        return Q()
    held = roles(user)
    whole = [desk for desk, role in held.items() if role != Role.REPORTER]
    own = [desk for desk, role in held.items() if role == Role.REPORTER]
    seen = Q(**{f"{story}desk__in": whole})
    if own:
        mine = Q(**{f"{story}created_by": user}) | Q(**{f"{story}assignee": user})
        seen |= Q(**{f"{story}desk__in": own}) & mine
    return seen


def articles_of(user: User) -> ArticleQuerySet:
    """The working copies that `user` may see."""
    return Article.objects.filter(seen_by(user))


def events_of(user: User) -> "QuerySet[Event]":
    """The lines of the audit trail that `user` may read: of the working copies they may see, of their desks, and of the
    house, such as a renamed channel. What concerns people (who came in, who was shut out, whose role or password was
    changed) is for administrators and for who runs the people of the desk; everybody reads what concerns themselves."""
    if user.is_active and user.is_superuser:
        return Event.objects.all()
    held = list(roles(user))
    of_people = Q(thing__startswith="user ")
    work = (Q(desk=None) | Q(desk__in=held)) & ~of_people
    own = Q(thing=f"user {user.pk}") | Q(by=user) & of_people
    seen = Q(article=None) & (work | own | _of_their_people(user))
    return Event.objects.filter(seen | (Q(desk__in=held) & seen_by(user, "article__")))


def with_addresses(events: "QuerySet[Event]", user: User) -> "QuerySet[Event]":
    """The same lines, each with `told_address`: the network address that it came from, for who runs the people there;
    for others it is empty."""
    if user.is_active and user.is_superuser:
        return events.annotate(told_address=F("address"))
    told = Case(When(_of_their_people(user), then=F("address")), default=Value(""))
    return events.annotate(told_address=told)


def _of_their_people(user: User) -> Q:
    """Lines of the desks whose people `user` runs, and of no desk but by somebody who belongs to one of these."""
    led = [desk for desk, standing in _standing(user).items() if _allows(Right.PEOPLE, *standing)]
    people = Membership.objects.filter(desk__in=led).values("user")
    return Q(desk__in=led) | Q(desk=None, by__in=people, by__is_superuser=False)
