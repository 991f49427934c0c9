"""Limits that are counted in the database, so that every process keeps them: at most so many acts in a window."""

import hashlib
import ipaddress
from collections.abc import Iterable
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


def key_of(kind: str, value: str) -> str:
    """Return a digest, so that neither addresses nor accounts are stored in clear text."""
    return f"{kind}:{hashlib.sha256(value.encode('utf-8', 'replace')).hexdigest()[:40]}"


def network_of(address: str) -> str:
    """Return what one client can be told from: an IPv4 address, or the network /64 that one household has of IPv6."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(ip, ipaddress.IPv6Address):
        return str(ip.ipv4_mapped or ipaddress.ip_network((ip, 64), strict=False))
    return str(ip)


async def take(limits: Iterable[Limit], message: str) -> list[int]:
    """Count one act under every limit and return the ids of its rows. Call inside a transaction.

    Raises TooOften, with ``message`` and the time when it will be possible, if a limit is used up: then nothing counts.
    """
    limits = sorted(limits, key=lambda limit: limit.key)
    at = now()
    for key in dict.fromkeys(limit.key for limit in limits):
        await lock_key(key)
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


async def _require_room(limit: Limit, at: datetime, message: str) -> None:
    recent = (
        await Attempt.select(Attempt.at)
        .where((Attempt.key == limit.key) & (Attempt.at > at - limit.window))
        .order_by(Attempt.at, ascending=False)
        .limit(limit.most)
    )
    if len(recent) >= limit.most:
        raise too_often(recent[-1]["at"] + limit.window - at, message)


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
