"""Protection against guessing: attempts counted in the database, per account and per address."""

import hashlib
from datetime import timedelta

from incubator.core.clock import now
from incubator.core.languages import _
from incubator.core.refusals import TooOften
from incubator.people.tables import Attempt

WINDOW = timedelta(minutes=15)
PER_ACCOUNT = 8
PER_ADDRESS = 60  # a computer class shares one address


def _key(kind: str, value: str) -> str:
    """Return a digest, so that neither addresses nor accounts are stored in clear text."""
    return f"{kind}:{hashlib.sha256(value.encode('utf-8', 'replace')).hexdigest()[:40]}"


async def refuse_too_many(action: str, *, account: str, address: str) -> None:
    """Raise TooOften when the account or the address used up its attempts."""
    since = now() - WINDOW
    for key, most in (
        (_key(f"{action}-account", account), PER_ACCOUNT),
        (_key(f"{action}-address", address), PER_ADDRESS),
    ):
        if await Attempt.count().where((Attempt.key == key) & (Attempt.at > since)) >= most:
            raise TooOften(_("Слишком много попыток. Подождите 15 минут или восстановите пароль по почте."))


async def count_attempt(action: str, *, account: str, address: str) -> None:
    at = now()
    await Attempt.insert(
        Attempt(key=_key(f"{action}-account", account), at=at),
        Attempt(key=_key(f"{action}-address", address), at=at),
    )
    await Attempt.delete().where(Attempt.at < at - WINDOW)


async def forget_attempts(action: str, *, account: str) -> None:
    """Reset the account's count after a success."""
    await Attempt.delete().where(Attempt.key == _key(f"{action}-account", account))
