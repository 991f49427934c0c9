"""Single-use links that prove control of a mailbox: hashed, expiring, redeemed by a compare-and-set."""

from datetime import timedelta
from typing import Any

from incubator.core.clock import now
from incubator.people.hashing import hash_secret, new_secret
from incubator.people.tables import AddressChange, Person, Token

CONFIRM = "confirm"
RESET = "reset"
SIGN_IN = "sign_in"
MERGE = "merge"

#: At least as long as the longest pause between two mails to one mailbox (mail_limits.py): its owner always has one that works.
LASTS = {CONFIRM: timedelta(days=7), RESET: timedelta(days=1), SIGN_IN: timedelta(days=30), MERGE: timedelta(days=1)}


async def issue(person: Person, purpose: str, *, lasts: timedelta | None = None) -> str:
    """Return a new secret for a link; earlier ones for the same purpose stop working. ``lasts``: if not as long as a mailed one."""
    at = now()
    await Token.update({Token.used_at: at}).where(
        (Token.person == person.id) & (Token.purpose == purpose) & Token.used_at.is_null()
    )
    secret = new_secret()
    await Token(
        person=person.id, purpose=purpose, token_hash=hash_secret(secret), expires_at=at + (lasts or LASTS[purpose])
    ).save()
    return secret


async def end_all(person: Person, *, kept: str = "") -> None:
    """End every link of the person but those for the purpose ``kept``, and a change of address that was asked for.

    Call inside a transaction.
    """
    at = now()
    await Token.update({Token.used_at: at}).where(
        (Token.person == person.id) & (Token.purpose != kept) & Token.used_at.is_null()
    )
    await AddressChange.update({AddressChange.ended_at: at}).where(
        (AddressChange.person == person.id) & AddressChange.ended_at.is_null()
    )


def _alive(secret: str, purpose: str) -> Any:
    return (
        (Token.token_hash == hash_secret(secret))
        & (Token.purpose == purpose)
        & Token.used_at.is_null()
        & (Token.expires_at > now())
    )


async def holder(secret: str, purpose: str) -> Person | None:
    """Return the person of a valid token, without redeeming it."""
    token = await Token.objects(Token.person).where(_alive(secret, purpose)).first()
    return token.person if token else None


async def is_open(person: Person, purpose: str) -> bool:
    """Return whether a link for ``purpose`` was mailed to the person and still works."""
    mine = (Token.person == person.id) & (Token.purpose == purpose)
    return await Token.exists().where(mine & Token.used_at.is_null() & (Token.expires_at > now()))


async def redeem(secret: str, purpose: str) -> Person | None:
    """Redeem the token; return None if it is unknown, expired or used. Call inside a transaction."""
    used = await Token.update({Token.used_at: now()}).where(_alive(secret, purpose)).returning(Token.person)
    if not used:
        return None
    return await Person.objects().get(Person.id == used[0]["person"])
