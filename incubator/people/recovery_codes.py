"""Recovery codes: ten on paper, each in place of a second factor once. Only their hashes are stored."""

from incubator.core.clock import now
from incubator.core.printed_codes import in_groups, new_code, typed_code
from incubator.people.hashing import hash_secret
from incubator.people.tables import RecoveryCode

HOW_MANY = 10
#: Characters, five bits each: a fast hash is enough for 80 bits.
_LENGTH = 16


def is_recovery_code(code: str) -> bool:
    """Return whether it has the length of one; the code of an app is shorter."""
    return len(typed_code(code)) == _LENGTH


async def make_codes(person_id: int) -> list[str]:
    """Return new codes; the ones before do not work any more. Call inside a transaction."""
    codes = [in_groups(new_code(_LENGTH)) for _ in range(HOW_MANY)]
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
    return hash_secret(typed_code(code))
