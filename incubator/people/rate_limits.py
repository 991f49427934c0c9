"""Limits that are counted in the database, so that every process keeps them: at most so many acts in a window."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from incubator.core.clock import now
from incubator.core.formatting import later
from incubator.core.languages import _
from incubator.core.refusals import TooOften
from incubator.people.tables import Attempt, Throttle

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
#: Rows that are older count for no limit.
KEPT = DAY


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``most`` acts under ``key`` in any ``window``."""

    key: str
    most: int
    window: timedelta

    def opens_at(self, recent: Sequence[datetime]) -> datetime | None:
        """Return when there is room after the ``most`` last acts in the window, newest first; None: now."""
        return recent[-1] + self.window if len(recent) >= self.most else None


@dataclass(frozen=True, slots=True)
class Pauses:
    """Acts under ``key`` that have to wait: after so many in a day for ``pauses[so many]``, whose last one repeats."""

    key: str
    pauses: tuple[timedelta, ...]
    window: timedelta = DAY

    @property
    def most(self) -> int:
        return len(self.pauses)

    def opens_at(self, recent: Sequence[datetime]) -> datetime | None:
        return recent[0] + self.pauses[min(len(recent), self.most - 1)] if recent else None


def key_of(kind: str, value: str) -> str:
    """Return a digest, so that neither addresses nor accounts are stored in clear text."""
    return f"{kind}:{hashlib.sha256(value.encode('utf-8', 'replace')).hexdigest()[:40]}"


async def take(limits: Iterable[Limit | Pauses], message: str) -> list[int]:
    """Count one act under every limit and return the ids of its rows. Call inside a transaction.

    Raises TooOften, with ``message`` and the time when it will be possible, if a limit is used up: then nothing counts.
    """
    limits = sorted(limits, key=lambda limit: limit.key)
    for key in dict.fromkeys(limit.key for limit in limits):
        await lock_key(key)
    at = now()  # after the wait for the lock: before it, those who had it first would seem to act in the future
    for limit in limits:
        await _require_room(limit, at, message)
    rows = await Attempt.insert(*(Attempt(key=key, at=at) for key in dict.fromkeys(limit.key for limit in limits)))
    return [row["id"] for row in rows]


async def lock_key(key: str) -> Throttle:
    """Lock the key until the end of this transaction and return its row."""
    at = now()
    await Throttle.insert(Throttle(key=key, at=at, until=at)).on_conflict(target=Throttle.key, action="DO NOTHING")
    await Throttle.update({Throttle.key: key}).where(Throttle.key == key)
    row = await Throttle.objects().get(Throttle.key == key)
    assert row is not None
    return row


async def has_room(limit: Limit | Pauses) -> bool:
    """Return whether one more act may be counted, and keep it so until the end of this transaction."""
    await lock_key(limit.key)
    return await _waits(limit, now()) is None


async def _require_room(limit: Limit | Pauses, at: datetime, message: str) -> None:
    if wait := await _waits(limit, at):
        raise too_often(wait, message)


async def _waits(limit: Limit | Pauses, at: datetime) -> timedelta | None:
    """Return for how long there is no room; None: there is."""
    recent = (
        await Attempt.select(Attempt.at)
        .where((Attempt.key == limit.key) & (Attempt.at > at - limit.window))
        .order_by(Attempt.at, ascending=False)
        .limit(limit.most)
    )
    opens_at = limit.opens_at([row["at"] for row in recent])
    return opens_at - at if opens_at is not None and opens_at > at else None


def too_often(wait: timedelta, message: str) -> TooOften:
    """Return the refusal, with ``message`` in front of the time when it will be possible."""
    again = _("Повторить можно %(when)s.", when=later(wait))
    return TooOften(f"{message} {again}")


async def give_back(rows: list[int]) -> None:
    """Forget an act that does not count after all."""
    if rows:
        await Attempt.delete().where(Attempt.id.is_in(rows))


async def forget_attempts() -> int:
    """Delete what counts for no limit any more; return how many rows."""
    old = now() - KEPT
    rows = await Attempt.delete().where(Attempt.at < old).returning(Attempt.id)
    rows += await Throttle.delete().where((Throttle.at < old) & (Throttle.until < now())).returning(Throttle.id)
    return len(rows)
