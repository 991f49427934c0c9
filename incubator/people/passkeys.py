"""Passkeys (WebAuthn): what the browser is asked, and whether its answer is genuine.

A passkey belongs to the host of the site's address: it works only there, and nowhere over plain HTTP except on the
programmer's own machine. The library is loaded when it is first needed; most server processes never do.
"""

import hashlib
import ipaddress
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from incubator import config
from incubator.core.clock import now
from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.people.hashing import hash_secret
from incubator.people.tables import Passkey, Person, Session

#: How long a browser may take for its answer.
ANSWERED_WITHIN = timedelta(minutes=5)
#: Bytes of an answer; a longer one is nobody's.
LONGEST = 16 * 1024


class NoPasskey(Refusal):
    """The browser's answer proves nothing."""

    def __init__(self) -> None:
        super().__init__(_("Ключ не подошёл. Попробуйте ещё раз или выберите другой способ."))


@dataclass(frozen=True, slots=True)
class Place:
    """Where passkeys work."""

    host: str
    origin: str


def place_of_passkeys() -> Place | None:
    """Return where passkeys work; None if they cannot: browsers need https and a name, or ``localhost``."""
    url = urlsplit(config.settings.base_url)
    host = url.hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        is_local = host == "localhost" or host.endswith(".localhost")
        is_safe = url.scheme == "https" or is_local
        return Place(host, f"{url.scheme}://{url.netloc}") if host and is_safe else None
    return None


async def options_to_add(person: Person, *, session: str) -> dict[str, Any]:
    """Return what ``navigator.credentials.create()`` is asked. Raises Refusal where passkeys cannot work."""
    from webauthn import generate_registration_options
    from webauthn.helpers import options_to_json
    from webauthn.helpers.structs import AuthenticatorSelectionCriteria, ResidentKeyRequirement

    options = generate_registration_options(
        rp_id=_place().host, rp_name=_("От идеи к делу"), user_id=_handle(person), user_name=person.email,
        user_display_name=person.name, exclude_credentials=await _known(person),
        authenticator_selection=AuthenticatorSelectionCriteria(resident_key=ResidentKeyRequirement.PREFERRED),
    )  # fmt: skip
    await _remember(options.challenge, session)
    return dict(json.loads(options_to_json(options)))


async def options_to_show(person: Person, *, session: str) -> dict[str, Any]:
    """Return what ``navigator.credentials.get()`` is asked. Raises Refusal where passkeys cannot work."""
    from webauthn import generate_authentication_options
    from webauthn.helpers import options_to_json

    options = generate_authentication_options(rp_id=_place().host, allow_credentials=await _known(person))
    await _remember(options.challenge, session)
    return dict(json.loads(options_to_json(options)))


async def new_passkey(person: Person, answer: str, *, session: str, name: str) -> Passkey:
    """Return the passkey that the browser made, not saved yet. Call inside a transaction. Raises NoPasskey."""
    from webauthn import verify_registration_response
    from webauthn.helpers import bytes_to_base64url

    challenge, place = await _take(session), _place()
    with _Genuine():
        made = verify_registration_response(
            credential=_read(answer), expected_challenge=challenge, expected_rp_id=place.host,
            expected_origin=place.origin,
        )  # fmt: skip
        return Passkey(
            person=person.id, name=name, credential_id=bytes_to_base64url(made.credential_id),
            public_key=bytes_to_base64url(made.credential_public_key), sign_count=made.sign_count, created_at=now(),
        )  # fmt: skip


async def use_passkey(person: Person, answer: str, *, session: str) -> None:
    """Check the browser's answer and note that the passkey was used. Call inside a transaction. Raises NoPasskey."""
    from webauthn import verify_authentication_response
    from webauthn.helpers import base64url_to_bytes

    challenge, place = await _take(session), _place()
    with _Genuine():
        credential = _read(answer)
        mine = (Passkey.person == person.id) & (Passkey.credential_id == str(credential["id"]))
        known = await Passkey.objects().where(mine).first()
        if known is None:
            raise NoPasskey
        shown = verify_authentication_response(
            credential=credential, expected_challenge=challenge, expected_rp_id=place.host,
            expected_origin=place.origin, credential_public_key=base64url_to_bytes(known.public_key),
            credential_current_sign_count=known.sign_count,
        )  # fmt: skip
    noted: dict[Any, Any] = {Passkey.sign_count: shown.new_sign_count, Passkey.used_at: now()}
    as_read = (Passkey.id == known.id) & (Passkey.sign_count == known.sign_count)
    if not await Passkey.update(noted).where(as_read).returning(Passkey.id):
        raise NoPasskey


class _Genuine:
    """Turns whatever is wrong with an answer that a browser, or somebody else, has sent into NoPasskey."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _trace: Any) -> None:
        from webauthn.helpers.exceptions import WebAuthnException

        wrong = (WebAuthnException, ValueError, KeyError, TypeError, IndexError, AttributeError, OverflowError)
        if isinstance(error, (*wrong, RecursionError)):
            raise NoPasskey from None


def _read(answer: str) -> dict[str, Any]:
    if len(answer) > LONGEST:
        raise NoPasskey
    return dict(json.loads(answer))


def _place() -> Place:
    place = place_of_passkeys()
    if place is None:
        raise Refusal(_("Ключи доступа работают только на сайте с https. Возьмите приложение с кодами."))
    return place


def _handle(person: Person) -> bytes:
    """Return what the passkey knows the account by: it says nothing about the person."""
    return hashlib.sha256(f"passkey:{person.id}:{person.created_at.timestamp()}".encode()).digest()


async def _known(person: Person) -> list[Any]:
    from webauthn.helpers import base64url_to_bytes
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor

    rows = await Passkey.select(Passkey.credential_id).where(Passkey.person == person.id).order_by(Passkey.id)
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(row["credential_id"])) for row in rows]


async def _remember(challenge: bytes, session: str) -> None:
    asked: dict[Any, Any] = {Session.challenge: challenge.hex(), Session.challenge_until: now() + ANSWERED_WITHIN}
    await Session.update(asked).where(Session.token_hash == hash_secret(session))


async def _take(session: str) -> bytes:
    """Return what the session's browser was asked to sign, once."""
    mine = Session.token_hash == hash_secret(session)
    row = await Session.select(Session.challenge, Session.challenge_until).where(mine).first()
    if row is None or not row["challenge"] or row["challenge_until"] < now():
        raise NoPasskey
    same = mine & (Session.challenge == row["challenge"])
    if not await Session.update({Session.challenge: ""}).where(same).returning(Session.id):
        raise NoPasskey
    return bytes.fromhex(row["challenge"])
