"""Protection against guessing passwords, without locking out who knows theirs.

Wrong passwords from one address (or known device) against one account pause that pair alone, longer each time. An account
also takes only so many wrong passwords from everywhere, which does not concern browsers in which its owner signed in
before. One address may belong to a whole school: its limit over all accounts is a classful of mistakes and more.
"""

from dataclasses import dataclass
from datetime import timedelta

from incubator.core.clock import now
from incubator.core.languages import _
from incubator.core.logins import is_login
from incubator.core.networks import network_of
from incubator.db import writing
from incubator.people.rate_limits import DAY, HOUR, Limit, give_back, key_of, lock_key, take, too_often
from incubator.people.tables import Attempt, Throttle

#: Wrong passwords before the first pause, and the pauses; the last one repeats.
FREE = 5
PAUSES = tuple(timedelta(seconds=s) for s in (30, 60, 120, 300, 900))
#: Wrong passwords in a row are forgotten after this time without another one.
FORGOTTEN_AFTER = timedelta(hours=12)
#: Wrong passwords in an hour: against one account from unknown browsers, and from one address against any account.
PER_ACCOUNT, PER_ADDRESS = 30, 400
#: Wrong codes of a second factor, at signing in: three of a million are right at any moment.
CODES = ((10, HOUR), (30, DAY))


@dataclass(frozen=True, slots=True)
class Guess:
    """An attempt that was counted before its password was looked at."""

    key: str
    rows: list[int]


def pause_after(failures: int) -> timedelta:
    """Return how long to wait after so many wrong passwords in a row."""
    if failures < FREE:
        return timedelta(0)
    return PAUSES[min(failures - FREE, len(PAUSES) - 1)]


async def begin_guess(account: str, *, address: str, device: str = "", what: str = "sign-in") -> Guess:
    """Count an attempt to sign in as ``account``; raise TooOften if it comes too early.

    ``device`` identifies a browser in which this account signed in before; empty: there is none. ``what`` is tried: whoever
    tries codes of cards uses up no passwords of a school behind the same address.
    """
    network = network_of(address)
    key = key_of("sign-in", f"{account} {device or network}")
    message = (
        _("Слишком много неверных попыток. Новую карточку с кодом даст педагог.")
        if is_login(account)
        else _("Слишком много неверных паролей. Пароль можно восстановить по почте.")
    )
    async with writing():
        await _count(key, message)
        if device:
            return Guess(key, [])
        own = await take((Limit(key_of("sign-in-account", account), PER_ACCOUNT, HOUR),), message)
        common = _("Слишком много неверных попыток из этой сети.")
        shared = await take((Limit(key_of(f"{what}-address", network), PER_ADDRESS, HOUR),), common)
        return Guess(key, [*own, *shared])


async def begin_code(person_id: int, *, is_signed_in: bool) -> Guess:
    """Count an attempt to show a second factor's code; raise TooOften if it comes too early.

    Whoever tries at signing in knows the password already: they get few attempts from wherever they come. That keeps
    nobody out who is signed in, nor a passkey, which cannot be guessed.
    """
    key = key_of("code", f"{person_id} {is_signed_in}")
    message = _("Слишком много неверных кодов.")
    async with writing():
        await _count(key, message)
        if is_signed_in:
            return Guess(key, [])
        limits = (
            Limit(key_of("code-hour", str(person_id)), *CODES[0]),
            Limit(key_of("code-day", str(person_id)), *CODES[1]),
        )
        return Guess(key, await take(limits, message))


async def _count(key: str, message: str) -> None:
    """Count one more in a row under ``key``; raise TooOften while it pauses. Call inside a transaction."""
    row = await lock_key(key)
    at = now()
    if row.until > at:
        raise too_often(row.until - at, message)
    row.failures = 1 if row.at < at - FORGOTTEN_AFTER else row.failures + 1
    row.at, row.until = at, at + pause_after(row.failures)
    await row.save([Throttle.failures, Throttle.at, Throttle.until])


async def guessed_right(guess: Guess) -> None:
    """Forget the attempt and the wrong passwords before it."""
    async with writing():
        await Throttle.delete().where(Throttle.key == guess.key)
        await give_back(guess.rows)


async def forget_guesses(account: str) -> None:
    """Let everybody try passwords again, after the owner of ``account`` proved the mailbox."""
    await Attempt.delete().where(Attempt.key == key_of("sign-in-account", account))
