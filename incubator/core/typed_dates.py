"""Dates as people type them: «3.2.2026», «3 февраля 2026», «2026-02-03», «03/02/26». Pure."""

import re
from datetime import date

_MONTHS = [
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
]
_NOMINATIVE = [
    "январь",
    "февраль",
    "март",
    "апрель",
    "май",
    "июнь",
    "июль",
    "август",
    "сентябрь",
    "октябрь",
    "ноябрь",
    "декабрь",
]
_DATES = (
    re.compile(r"(?<!\d)(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?:[ T]00:00(?::00)?)?(?!\d)"),
    re.compile(r"(?<!\d)(?P<d>\d{1,2})\s*[./\-–]\s*(?P<m>\d{1,2})\s*[./\-–]\s*(?P<y>\d{4}|\d{2})(?!\d)"),
    re.compile(r"(?<!\d)(?P<d>\d{1,2})\s+(?P<w>[а-яё]{3,8})\.?\s+(?P<y>\d{4}|\d{2})(?!\d)", re.IGNORECASE),
)


def date_in(text: str) -> re.Match[str] | None:
    """Return where a date stands in ``text``, if any; ``dated`` says which."""
    return next((match for pattern in _DATES if (match := pattern.search(text))), None)


def dated(found: re.Match[str], today: date) -> date | None:
    """Return the date that ``date_in`` found; None if no calendar has it. Years of two digits are not after ``today``."""
    parts = found.groupdict()
    year, day = int(parts["y"]), int(parts["d"])
    month = int(parts["m"]) if parts.get("m") else _month(parts.get("w") or "")
    if len(parts["y"]) == 2:
        year += 2000 if 2000 + year <= today.year else 1900
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month(word: str) -> int:
    """Return the number of a month, shortened or not; 0 if it is none."""
    low = word.lower()
    names = enumerate(zip(_MONTHS, _NOMINATIVE, strict=True), 1)
    return next((n for n, (of, name) in names if of.startswith(low) or name == low), 0)
