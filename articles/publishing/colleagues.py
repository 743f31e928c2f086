"""The people of the desk: how they come in, and how they are kept out."""

from typing import Any

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from articles.models import Membership, User
from articles.publishing.errors import NotAllowed, PublishingError
from articles.publishing.events import Verb, note
from articles.publishing.rights import Right, may


class OwnWelcomeLink(PublishingError):
    def __init__(self) -> None:
        super().__init__(_("A welcome link is for somebody else. Change your own password under your name."))


class WelcomeTokens(PasswordResetTokenGenerator):
    """A link ends with the sessions of whom it is for: one from before they were shut out never opens again."""

    key_salt = "newsroom.welcome"

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        return f"{super()._make_hash_value(user, timestamp)} {user.sessions_ended}"


welcome_tokens = WelcomeTokens()


def require_over(by: User, user: User) -> None:
    """Raises NotAllowed unless `by` runs the people of a desk to which `user` belongs, and `user` is below them.

    Administrators are over everybody; a chief is over the reporters and editors of their own desks who are chief
    nowhere.
    """
    if by.is_active and by.is_superuser:
        return
    theirs = list(Membership.objects.filter(user=user).values_list("desk_id", "role"))
    below = not user.is_superuser and all(role != Membership.Role.CHIEF for _desk, role in theirs)
    if not (below and theirs and all(may(by, Right.PEOPLE, desk) for desk, _role in theirs)):
        raise NotAllowed


def welcome_link(user: User, *, by: User | None) -> str:
    """A path that lets its bearer set the user's password, once, within PASSWORD_RESET_TIMEOUT.

    by: somebody over them, or None for the operator, and for the worker who sends it. That it was made is noted, never
    the link. Raises NotAllowed, or OwnWelcomeLink: who may change their own password knows the old one.
    """
    if by:
        require_over(by, user)
        if by == user:
            raise OwnWelcomeLink
    note(Verb.WELCOME_LINK, by=by, article=None, desk=a_desk_of(user), thing=f"user {user.pk}")
    return reverse("welcome", args=[urlsafe_base64_encode(force_bytes(user.pk)), welcome_tokens.make_token(user)])


def end_sessions(user: User) -> None:
    """Log a colleague out everywhere, for good: a cookie kept from before never counts again."""
    User.objects.filter(pk=user.pk).update(sessions_ended=F("sessions_ended") + 1)
    user.refresh_from_db(fields=["sessions_ended"])


@transaction.atomic
def disable(user: User, *, by: User) -> None:
    """Keep a colleague out from now on: no session of theirs counts any more. Raises NotAllowed, also for oneself."""
    require_over(by, user)
    if user == by:
        raise NotAllowed
    user.is_active = False
    user.save(update_fields=["is_active"])
    end_sessions(user)
    note(Verb.DISABLED, by=by, article=None, desk=a_desk_of(user), thing=f"user {user.pk}")


@transaction.atomic
def enable(user: User, *, by: User) -> None:
    """Let a colleague in again. Raises NotAllowed."""
    require_over(by, user)
    user.is_active = True
    user.save(update_fields=["is_active"])
    note(Verb.ENABLED, by=by, article=None, desk=a_desk_of(user), thing=f"user {user.pk}")


def a_desk_of(user: User) -> int | None:
    """The desk whose chief reads what happens to this colleague."""
    return user.memberships.order_by("pk").values_list("desk_id", flat=True).first()


Roles = dict[int | None, str]  # by desk; for the whole house: administrator


def roles_held(user: User) -> Roles:
    """As they stand in the database now."""
    held: Roles = dict(Membership.objects.filter(user=user).values_list("desk_id", "role"))
    if User.objects.filter(pk=user.pk, is_superuser=True).exists():
        held[None] = "administrator"
    return held


def note_roles(user: User, *, before: Roles, by: User) -> None:
    """Say in the audit trail which roles have changed since `before`, desk by desk."""
    after = roles_held(user)
    for desk in sorted(before.keys() | after.keys(), key=lambda key: key or 0):
        was, is_now = before.get(desk, ""), after.get(desk, "")
        if was != is_now:
            thing = f"user {user.pk}"
            note(Verb.ROLE_CHANGED, by=by, article=None, desk=desk, thing=thing, before=was, after=is_now)


def note_email(user: User, *, by: User) -> None:
    """Say in the audit trail that letters go elsewhere from now on, also those with a new password; not where."""
    note(Verb.EMAIL_CHANGED, by=by, article=None, desk=a_desk_of(user), thing=f"user {user.pk}")
