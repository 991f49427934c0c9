"""Dates, times and numbers as the reader's language writes them; clocks show the region's time."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_time, format_timedelta
from babel.numbers import format_decimal, format_percent

from incubator.web.i18n import current_locale

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


def day(value: date | datetime | None, style: str = "long") -> str:
    """«5 марта 2026 г.»"""
    if value is None:
        return ""
    local = value.astimezone(REGION) if isinstance(value, datetime) else value
    return str(format_date(local, style, locale=current_locale()))


def short_day(value: date | datetime | None) -> str:
    """«5 мар.»"""
    if value is None:
        return ""
    local = value.astimezone(REGION) if isinstance(value, datetime) else value
    return str(format_date(local, "d MMM", locale=current_locale()))


def moment(value: datetime | None) -> str:
    """«5 марта 2026 г., 14:05»"""
    if value is None:
        return ""
    local = value.astimezone(REGION)
    pattern = "d MMMM y, HH:mm"
    return str(format_datetime(local, pattern, locale=current_locale()))


def clock(value: datetime) -> str:
    """«14:05»"""
    return str(format_time(value.astimezone(REGION), "HH:mm", locale=current_locale()))


def ago(value: datetime) -> str:
    """«3 дня назад»"""
    return str(format_timedelta(value - now(), add_direction=True, locale=current_locale(), threshold=1.2))


def iso(value: date | datetime | None) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return "" if value is None else value.isoformat()


def number(value: float, digits: int | None = None) -> str:
    """«1 234,5»"""
    return _number(value, digits, current_locale())


@lru_cache(4096)
def _number(value: float, digits: int | None, locale: str) -> str:
    """A catalogue page shows a hundred of them."""
    pattern = None if digits is None else "#,##0" + ("." + "0" * digits if digits else "")
    return str(format_decimal(value, format=pattern, locale=locale))


def percent(value: float) -> str:
    """``value`` in percent (0–100) as «78 %»."""
    return str(format_percent(value / 100, locale=current_locale()))
