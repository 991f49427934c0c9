"""What time it is: one clock for everybody, which the demo and tests can set; deadlines are kept by the region's day."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

REGION = ZoneInfo("Europe/Moscow")

_clock: ContextVar[datetime | None] = ContextVar("clock", default=None)


def now() -> datetime:
    """This moment, in UTC; what the clock was set to inside ``clock_at``."""
    return _clock.get() or datetime.now(UTC)


@contextmanager
def clock_at(moment: datetime) -> Iterator[None]:
    """Inside, it is ``moment``: for telling a story that happened, and for tests of deadlines."""
    token = _clock.set(moment)
    try:
        yield
    finally:
        _clock.reset(token)


def today() -> date:
    """The day in the region, by which deadlines are kept."""
    moment = _clock.get()
    return _day_at(int(moment.timestamp() if moment else time.time()) // 3600)


@lru_cache(8)
def _day_at(hour: int) -> date:
    """The region's day in an hour since 1970; its midnight is a full hour of UTC."""
    return datetime.fromtimestamp(hour * 3600, REGION).date()


def as_moment(value: datetime | str) -> datetime:
    """What a raw query answers: SQLite keeps moments as text."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def as_day(value: date | str | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value
