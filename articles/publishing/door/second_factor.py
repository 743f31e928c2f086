"""A colleague's second factor: set up, asked for, taken away, and forgotten where it was lost."""

import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from articles.language.words import one_line, unusable_characters
from articles.models import AuthenticatorApp, Desk, Passkey, RecoveryCode, User
from articles.models.codes import ALPHABET
from articles.publishing.clock import database_now
from articles.publishing.colleagues import end_sessions, require_over
from articles.publishing.door import passkeys, totp
from articles.publishing.errors import NotAllowed, PublishingError
from articles.publishing.events import Verb, note

CODES = 10  # recovery codes
GROUPS, LETTERS = 4, 4  # of one: some 79 bits
MOST_PASSKEYS = 10


class WrongCode(PublishingError):
    def __init__(self) -> None:
        super().__init__(
            _("This code does not count. A code of the app counts for half a minute and once, a recovery code once.")
        )


class WrongPasskey(PublishingError):
    def __init__(self) -> None:
        super().__init__(_("The passkey was not accepted. Try again, or use another way."))


class FactorDemanded(PublishingError):
    def __init__(self) -> None:
        super().__init__(_("Your desk demands a second factor. Set up another one first, then remove this."))


class TooManyPasskeys(PublishingError):
    def __init__(self) -> None:
        super().__init__(_("You have as many passkeys as can be kept. Remove one first."))


@dataclass(frozen=True)
class Standing:
    """has: a second factor is set up; owes: a desk demands one, and there is none."""

    has: bool
    owes: bool


def standing(user: User) -> Standing:
    """Whether a colleague has a second factor, and whether one is demanded: one question to the database.

    Of administrators it is demanded as soon as any desk demands it.
    """
    demanding = Desk.objects.filter(demands_second_factor=True)
    if not user.is_superuser:
        demanding = demanding.filter(memberships__user=OuterRef("pk"))
    app = Exists(AuthenticatorApp.objects.filter(user=OuterRef("pk")))
    passkey = Exists(Passkey.objects.filter(user=OuterRef("pk")))
    has_app, has_passkey, demanded = User.objects.filter(pk=user.pk).values_list(app, passkey, Exists(demanding))[0]
    has = has_app or has_passkey
    return Standing(has, demanded and not has)


# --- Setting up ---------------------------------------------------------------------------------------------------
@transaction.atomic
def add_app(user: User, *, secret: str, code: str) -> list[str]:
    """Take the authenticator app that shows this code for this secret, in the place of an earlier one.

    Returns new recovery codes, if there were none. Raises WrongCode.
    """
    locked(user)
    now = database_now()
    step = totp.step_of(tidy(code), secret, at=now.timestamp())
    if step is None:
        raise WrongCode
    values = {"secret": totp.seal(secret), "last_step": step, "added_at": now}
    AuthenticatorApp.objects.update_or_create(user=user, defaults=values)
    return _added(user, "app")


@transaction.atomic
def add_passkey(user: User, *, answer: Mapping[str, Any], state: passkeys.State, origin: str, name: str) -> list[str]:
    """Take the passkey that the browser has made. Returns new recovery codes, if there were none.

    Raises WrongPasskey or TooManyPasskeys.
    """
    locked(user)
    if user.passkeys.count() >= MOST_PASSKEYS:
        raise TooManyPasskeys
    try:
        key = passkeys.take_new(answer, state, origin=origin)
        with transaction.atomic():
            Passkey.objects.create(
                user=user,
                name=called(name) or _("Passkey"),
                credential=key.credential,
                public_key=key.public_key,
                uses=key.uses,
                added_at=database_now(),
            )
    except (passkeys.BadAnswer, IntegrityError) as error:
        raise WrongPasskey from error
    return _added(user, "passkey")


@transaction.atomic
def new_recovery_codes(user: User) -> list[str]:
    """Ten new codes in the place of the old ones. They can be read only here."""
    locked(user)
    codes = [_new_code() for _number in range(CODES)]
    RecoveryCode.objects.filter(user=user).delete()
    RecoveryCode.objects.bulk_create(RecoveryCode(user=user, digest=_digest(code)) for code in codes)
    note(Verb.FACTOR_SET, by=user, article=None, thing=f"user {user.pk}", after="recovery codes")
    return codes


def _added(user: User, what: str) -> list[str]:
    end_sessions(user)
    note(Verb.FACTOR_SET, by=user, article=None, thing=f"user {user.pk}", after=what)
    return [] if user.recovery_codes.filter(used_at=None).exists() else new_recovery_codes(user)


# --- Asking for it ------------------------------------------------------------------------------------------------
@transaction.atomic
def take_code(user: User, code: str) -> None:
    """A code of the app, or a recovery code; each counts once. Raises WrongCode."""
    code = tidy(code)
    if not (_take_app_code(user, code) or _take_recovery_code(user, code)):
        raise WrongCode


def _take_app_code(user: User, code: str) -> bool:
    app = AuthenticatorApp.objects.filter(user=user).first()
    secret = totp.unseal(app.secret) if app else None
    if not (app and secret):
        return False
    step = totp.step_of(code, secret, at=database_now().timestamp(), after=app.last_step)
    fresh = AuthenticatorApp.objects.filter(pk=app.pk, secret=app.secret, last_step__lt=step or 0)
    return bool(step) and fresh.update(last_step=step) == 1  # of two at once, one


def _take_recovery_code(user: User, code: str) -> bool:
    found = RecoveryCode.objects.filter(user=user, digest=_digest(code), used_at=None)
    if found.update(used_at=database_now()) != 1:
        return False
    note(Verb.FACTOR_USED, by=user, article=None, thing=f"user {user.pk}", after="recovery code")
    return True


@transaction.atomic
def take_passkey(user: User, *, answer: Mapping[str, Any], state: passkeys.State, origin: str) -> None:
    """Raises WrongPasskey; also for a copy of a key, which counts behind the one it was copied from."""
    keys = dict(user.passkeys.values_list("credential", "public_key"))
    try:
        credential, uses = passkeys.check_one(answer, state, origin=origin, known=list(keys.values()))
    except passkeys.BadAnswer as error:
        raise WrongPasskey from error
    used = Passkey.objects.filter(user=user, credential=credential)
    counted = used.filter(uses__lt=uses) if uses else used.filter(uses=0)  # many devices do not count
    if counted.update(uses=uses, used_at=database_now()) != 1:
        raise WrongPasskey


# --- Taking away --------------------------------------------------------------------------------------------------
@transaction.atomic
def remove_app(user: User) -> None:
    """Raises FactorDemanded."""
    locked(user)
    if AuthenticatorApp.objects.filter(user=user).delete()[0]:
        _removed(user, "app")


@transaction.atomic
def remove_passkey(user: User, pk: int) -> None:
    """Raises FactorDemanded."""
    locked(user)
    if user.passkeys.filter(pk=pk).delete()[0]:
        _removed(user, "passkey")


def _removed(user: User, what: str) -> None:
    left = standing(user)
    if left.owes:
        raise FactorDemanded  # and the transaction takes it back
    if not left.has:
        RecoveryCode.objects.filter(user=user).delete()
    note(Verb.FACTOR_REMOVED, by=user, article=None, thing=f"user {user.pk}", before=what)


@transaction.atomic
def forget_second_factor(user: User, *, by: User | None) -> None:
    """For a colleague who has lost it: every factor goes, and every session ends; the password stays.

    by: somebody over them, or None for the operator. Raises NotAllowed, also for oneself.
    """
    if by:
        require_over(by, user)
        if by == user:
            raise NotAllowed
    locked(user)
    kinds = [("app", AuthenticatorApp), ("passkey", Passkey), ("recovery codes", RecoveryCode)]
    gone = [name for name, kind in kinds if kind.objects.filter(user=user).delete()[0]]  # type: ignore[attr-defined]
    end_sessions(user)
    desk = user.memberships.values_list("desk", flat=True).first()
    note(Verb.FACTOR_FORGOTTEN, by=by, article=None, desk=desk, thing=f"user {user.pk}", before=", ".join(gone))


# --- What is typed ------------------------------------------------------------------------------------------------
def locked(user: User) -> None:
    User.objects.select_for_update(no_key=True).get(pk=user.pk)


def tidy(code: str) -> str:
    """As it would be shown: full-width digits, capitals, spaces and hyphens make no difference."""
    return "".join(letter for letter in unicodedata.normalize("NFKC", code[:100]).lower() if letter.isalnum())


def called(name: str) -> str:
    return one_line(name.translate({int(one[2:], 16): None for one in unusable_characters(name)}))[:60]


def _new_code() -> str:
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(LETTERS)) for _ in range(GROUPS))


def _digest(code: str) -> str:
    return sha256(f"newsroom recovery {tidy(code)}".encode()).hexdigest()
