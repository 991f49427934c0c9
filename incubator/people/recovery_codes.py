"""Recovery codes: ten on paper, each in place of a second factor once. Only their hashes are stored."""

import secrets

from incubator.core.clock import now
from incubator.people.hashing import hash_secret
from incubator.people.tables import RecoveryCode

HOW_MANY = 10
#: Without letters and digits that look alike on paper.
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
_LENGTH, _GROUP = 16, 4


def new_code() -> str:
    """Return 79 random bits: a fast hash is enough."""
    signs = "".join(secrets.choice(_SIGNS) for _ in range(_LENGTH))
    return "-".join(signs[n : n + _GROUP] for n in range(0, _LENGTH, _GROUP))


def as_typed(code: str) -> str:
    """Return the code in its stored form: however it was spaced and in whichever case."""
    return "".join(sign for sign in code.casefold() if sign.isalnum())


def is_recovery_code(code: str) -> bool:
    """Return whether it has the length of one; the code of an app is shorter."""
    return len(as_typed(code)) == _LENGTH


async def make_codes(person_id: int) -> list[str]:
    """Return new codes; the ones before do not work any more. Call inside a transaction."""
    codes = [new_code() for _ in range(HOW_MANY)]
    await RecoveryCode.delete().where(RecoveryCode.person == person_id)
    await RecoveryCode.insert(*(RecoveryCode(person=person_id, code_hash=_hash(code)) for code in codes))
    return codes


async def use_code(person_id: int, code: str) -> bool:
    """Return whether it is one of the person's codes that was not used, and use it. Call inside a transaction."""
    mine = (RecoveryCode.person == person_id) & (RecoveryCode.code_hash == _hash(code)) & RecoveryCode.unused()
    return bool(await RecoveryCode.update({RecoveryCode.used_at: now()}).where(mine).returning(RecoveryCode.id))


async def codes_left(person_id: int) -> int:
    """Return how many codes still work."""
    return int(await RecoveryCode.count().where((RecoveryCode.person == person_id) & RecoveryCode.unused()))


def _hash(code: str) -> str:
    return hash_secret(as_typed(code))
