"""The people of the desk: how they come in, and how they are kept out."""

from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from articles.models import Membership, User
from articles.publishing.errors import NotAllowed
from articles.publishing.rights import Right, may


def require_over(by: User, user: User) -> None:
    """Raises NotAllowed unless `by` runs the people of a desk to which `user` belongs, and `user` is below them.

    Administrators are over everybody; a chief is over the reporters and editors of their own desks who are chief
    nowhere.
    """
    if by.is_active and by.is_superuser:
        return
    theirs = list(Membership.objects.filter(user=user).values_list("desk_id", "role"))
    below = not user.is_superuser and all(role != Membership.Role.CHIEF for _, role in theirs)
    if not (below and theirs and all(may(by, Right.PEOPLE, desk) for desk, _ in theirs)):
        raise NotAllowed


def welcome_link(user: User, *, by: User) -> str:
    """A path that lets its bearer set the user's password, once, within PASSWORD_RESET_TIMEOUT. Raises NotAllowed."""
    require_over(by, user)
    return reverse(
        "welcome",
        args=[urlsafe_base64_encode(force_bytes(user.pk)), default_token_generator.make_token(user)],
    )


@transaction.atomic
def disable(user: User, *, by: User) -> None:
    """Keep a colleague out from now on: no session of theirs counts any more. Raises NotAllowed, also for oneself."""
    require_over(by, user)
    if user == by:
        raise NotAllowed
    user.is_active = False
    user.save(update_fields=["is_active"])


@transaction.atomic
def enable(user: User, *, by: User) -> None:
    """Let a colleague in again. Raises NotAllowed."""
    require_over(by, user)
    user.is_active = True
    user.save(update_fields=["is_active"])
