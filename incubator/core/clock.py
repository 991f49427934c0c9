"""The current time, from one clock that the demo and tests can set; deadlines follow the region's calendar day."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from datetime import time as wall_time
from functools import lru_cache
from zoneinfo import ZoneInfo

REGION = ZoneInfo("Europe/Moscow")

_clock: ContextVar[datetime | None] = ContextVar("clock", default=None)
#: The moment in a list, because the body may be read in another task than the one that answers.
_arrival: ContextVar[list[datetime] | None] = ContextVar("arrival", default=None)


def now() -> datetime:
    """Return the current moment in UTC, or the moment set by ``clock_at``."""
    return _clock.get() or datetime.now(UTC)


def arrival() -> datetime:
    """Return when the request arrived, and outside of one the current moment: whoever sent in time is in time, however long they wait for a lock."""
    arrived = _arrival.get()
    return arrived[0] if arrived else now()


@contextmanager
def arriving() -> Iterator[Callable[[], None]]:
    """Let what happens inside the block have arrived now, or whenever the function that is yielded was called last."""
    moment = [now()]
    token = _arrival.set(moment)

    def arrived() -> None:
        moment[0] = now()

    try:
        yield arrived
    finally:
        _arrival.reset(token)


@contextmanager
def clock_at(moment: datetime) -> Iterator[None]:
    """Set the clock to ``moment`` inside the block: for demo data set in the past, and for tests of deadlines."""
    token = _clock.set(moment)
    try:
        yield
    finally:
        _clock.reset(token)


def today() -> date:
    """Return today's date in the region's time zone, by which deadlines are kept."""
    moment = _clock.get()
    return _day_at(int(moment.timestamp() if moment else time.time()) // 3600)


def day_of(moment: datetime) -> date:
    """Return the region's date at ``moment``."""
    return moment.astimezone(REGION).date()


def end_of_day(day: date) -> datetime:
    """Return the last second of ``day`` in the region: a deadline that names a day lasts until then."""
    return datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=REGION)


def end_of_minute(day: date, at: wall_time) -> datetime:
    """Return the last second of a minute of ``day`` in the region: a deadline that names 18:00 lasts until 18:00:59."""
    return end_of_day(day).replace(hour=at.hour, minute=at.minute)


def seconds_until_tomorrow() -> float:
    """Return how long today lasts in the region."""
    return max(1.0, (end_of_day(today()) - now()).total_seconds() + 1)


@lru_cache(8)
def _day_at(hour: int) -> date:
    """Return the region's date at an hour counted since 1970; the region's midnight falls on a full hour of UTC."""
    return datetime.fromtimestamp(hour * 3600, REGION).date()


def as_moment(value: datetime | str) -> datetime:
    """Return a moment from a raw query; SQLite stores moments as text."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def as_day(value: date | str | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value
