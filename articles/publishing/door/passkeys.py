"""Passkeys (WebAuthn): what is asked of the browser, and what its answer is worth. Knows no database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:  # read when somebody comes with a passkey: few processes ever need it
    from fido2.server import Fido2Server
    from fido2.webauthn import AttestedCredentialData

Asked = dict[str, Any]  # for the browser, as JSON
State = dict[str, Any]  # to be kept until it answers


@dataclass(frozen=True)
class Key:
    """A passkey as it is kept: both in base64url."""

    credential: str
    public_key: str
    uses: int


class BadAnswer(Exception):
    """The browser's answer proves nothing."""


def ask_for_new(*, origin: str, site: str, user: str, name: str, known: Sequence[str]) -> tuple[Asked, State]:
    """What makes a browser offer to make a passkey. origin: the desk's, as a browser writes it; known: public keys."""
    from fido2.webauthn import (
        PublicKeyCredentialUserEntity,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    entity = PublicKeyCredentialUserEntity(id=user.encode(), name=name, display_name=name)
    options, state = _server(origin, site).register_begin(
        entity,
        [_data(key) for key in known],
        resident_key_requirement=ResidentKeyRequirement.DISCOURAGED,
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return dict(options), dict(state)


def take_new(answer: Mapping[str, Any], state: State, *, origin: str) -> Key:
    """The passkey that was made. Raises BadAnswer."""
    from fido2.utils import websafe_encode

    try:
        made = _server(origin).register_complete(state, answer)
    except Exception as error:  # whatever a forged answer makes the library stumble over
        raise BadAnswer from error
    if not made.credential_data:
        raise BadAnswer
    data = made.credential_data
    return Key(websafe_encode(data.credential_id), websafe_encode(bytes(data)), made.counter)


def ask_for_one(*, origin: str, known: Sequence[str]) -> tuple[Asked, State]:
    """What makes a browser ask for one of these passkeys."""
    from fido2.webauthn import UserVerificationRequirement

    options, state = _server(origin).authenticate_begin(
        [_data(key) for key in known], user_verification=UserVerificationRequirement.PREFERRED
    )
    return dict(options), dict(state)


def check_one(answer: Mapping[str, Any], state: State, *, origin: str, known: Sequence[str]) -> tuple[str, int]:
    """The key of the passkey that was used, and how often it has been by its own count. Raises BadAnswer."""
    from fido2.utils import websafe_encode
    from fido2.webauthn import AuthenticationResponse

    try:
        used = _server(origin).authenticate_complete(state, [_data(key) for key in known], answer)
        counted = AuthenticationResponse.from_dict(answer).response.authenticator_data.counter
    except Exception as error:
        raise BadAnswer from error
    return websafe_encode(used.credential_id), counted


def _server(origin: str, site: str = "") -> "Fido2Server":
    from fido2.server import Fido2Server
    from fido2.webauthn import PublicKeyCredentialRpEntity

    party = PublicKeyCredentialRpEntity(id=urlsplit(origin).hostname or "", name=site or "Newsroom")
    return Fido2Server(party, verify_origin=lambda said: said == origin)


def _data(public_key: str) -> "AttestedCredentialData":
    from fido2.utils import websafe_decode
    from fido2.webauthn import AttestedCredentialData

    return AttestedCredentialData(websafe_decode(public_key))
