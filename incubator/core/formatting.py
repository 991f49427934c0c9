"""Dates, times and numbers in the reader's language; times are in the region's time zone."""

import math
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from babel.dates import TIMEDELTA_UNITS, format_date, format_datetime, format_time, format_timedelta, get_month_names
from babel.numbers import format_decimal, format_percent

from incubator.core.clock import REGION, day_of, now
from incubator.core.languages import _, current_locale
from incubator.core.rounding import half_up


def day(value: date | datetime | None, style: str = "long") -> str:
    """«5 марта 2026 г.»"""
    if value is None:
        return ""
    return _date(_day(value), style, current_locale())


def short_day(value: date | datetime | None) -> str:
    """«5 мар.»"""
    if value is None:
        return ""
    return _date(_day(value), "d MMM", current_locale())


def days(first: date, last: date) -> str:
    """«5–20 мая», «5 мая – 2 июн.»"""
    if first == last:
        return short_day(last)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{short_day(last)}"
    return f"{short_day(first)} – {short_day(last)}"


def short_month(value: date) -> str:
    """«сент.»"""
    return _date(value, "LLL", current_locale())


def _day(value: date | datetime) -> date:
    return day_of(value) if isinstance(value, datetime) else value


#: What English needs instead: Babel's short day of «en» is 7/9/12, which most of the world reads as the seventh of September.
_ENGLISH = {"short": "d MMM y", "long": "d MMMM y"}


@lru_cache(1024)
def _date(value: date, style: str, locale: str) -> str:
    return str(format_date(value, _ENGLISH.get(style, style) if locale == "en" else style, locale=locale))


def month_name(month: int) -> str:
    """«март»: the month's name where it stands alone; 1 is January."""
    return _month_names(current_locale())[month]


@lru_cache(8)
def _month_names(locale: str) -> dict[int, str]:
    return dict(get_month_names("wide", "stand-alone", locale))


def moment(value: datetime | None) -> str:
    """«5 марта 2026 г., 14:05»"""
    if value is None:
        return ""
    return _moment(value.astimezone(REGION).replace(second=0, microsecond=0), current_locale())


@lru_cache(1024)
def _moment(local: datetime, locale: str) -> str:
    return str(format_datetime(local, "d MMMM y, HH:mm", locale=locale))


def deadline(value: datetime | None) -> str:
    """«15 марта 2026, 23:59 (МСК)»: a moment that binds, with the zone in which it is meant."""
    return "" if value is None else _("%(moment)s (МСК)", moment=moment(value))


def clock(value: datetime) -> str:
    """«14:05»"""
    return str(format_time(value.astimezone(REGION), "HH:mm", locale=current_locale()))


def ago(value: datetime) -> str:
    """«3 дня назад»"""
    delta = value - now()
    seconds = 86400 * delta.days + delta.seconds
    for unit, size in TIMEDELTA_UNITS:
        count = abs(seconds) / size
        if count >= _ENOUGH or unit == "second":
            break
    # All moments that are as many units ago have the same words, so only the first of them asks Babel.
    key = (current_locale(), unit, round(count), seconds >= 0)
    if key not in _ago:
        _ago[key] = str(format_timedelta(delta, add_direction=True, locale=key[0], threshold=_ENOUGH))
    return _ago[key]


#: A unit is used from this many of it.
_ENOUGH = 1.2
_ago: dict[tuple[str, str, int, bool], str] = {}


def later(wait: timedelta) -> str:
    """«через 5 минут», rounded up to whole seconds, minutes or hours."""
    seconds = max(1, math.ceil(wait.total_seconds()))
    unit = 1 if seconds < 60 else 60 if seconds < 3600 else 3600
    whole = timedelta(seconds=math.ceil(seconds / unit) * unit)
    return str(format_timedelta(whole, add_direction=True, locale=current_locale(), threshold=1))


def iso(value: date | datetime | None) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return "" if value is None else value.isoformat()


def number(value: float | Decimal, digits: int | None = None) -> str:
    """«1 234,5»; without ``digits`` as many decimal places as it has, up to three."""
    return _number(value, digits, current_locale())


@lru_cache(4096)
def _number(value: float | Decimal, digits: int | None, locale: str) -> str:
    """Format a number; cached, because a catalogue page shows a hundred of them."""
    if digits is None:
        return str(format_decimal(half_up(value, 3).normalize(), locale=locale))
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return str(format_decimal(half_up(value, digits), format=pattern, locale=locale))


def money(value: Decimal) -> str:
    """«1 200,50 ₽», without kopecks where there are none."""
    return f"{number(value, 0 if value == value.to_integral_value() else 2)}\N{NO-BREAK SPACE}₽"


def percent(value: float | Decimal, digits: int = 0) -> str:
    """Return ``value``, a percentage from 0 to 100, as «78 %»."""
    return _percent(value, digits, current_locale())


@lru_cache(4096)
def _percent(value: float | Decimal, digits: int, locale: str) -> str:
    return str(format_percent(half_up(value, digits) / 100, locale=locale, decimal_quantization=False))


def dialled(phone: str) -> str:
    """Return what a telephone dials of a number that was written for people."""
    return "".join(each for each in phone if each.isdigit() or each == "+")


def size(value: int) -> str:
    """Return a size in bytes as people read it: «512 КБ»."""
    if value < 1024 * 1024:
        return _("%(n)s КБ", n=number(value / 1024, 0))
    return _("%(n)s МБ", n=number(value / 1024 / 1024, 0))
