"""One row of a table as it was read, and what is wrong with it."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from incubator.core.languages import _
from incubator.core.text import clean

#: What spreadsheets show, and write into CSV files, where a formula has failed or a column is too narrow; in both languages.
_ERROR = re.compile(r"#[^\s#]{1,14}[!?]|#(?:N/A|Н/Д)|(?:Err|Ошибка):\d{3}|#{3,}")


class UnknownFormat(Exception):
    """A file that cannot be read; the message says why, in the reader's language."""


@dataclass(frozen=True, slots=True)
class Problem:
    """An error in a row; ``row`` counts from 1, as an editor or Excel shows it. 0: the whole table."""

    row: int
    column: str
    text: str

    def __str__(self) -> str:
        if not self.row:
            return self.text
        place = _("строка %(row)s", row=self.row)
        return f"{place}, {self.column}: {self.text}" if self.column else f"{place}: {self.text}"


@dataclass(frozen=True, slots=True)
class BadCell:
    """A cell whose formula has no value: ``shown`` is what stands there instead, or empty if nothing was stored."""

    shown: str


@dataclass(frozen=True, slots=True)
class Row:
    number: int
    values: dict[str, Any]
    """By the names of the columns. Dates, moments and times of a spreadsheet are such objects; a failed formula is a BadCell."""
    problem: str = ""
    """Why the whole row could not be read."""

    def text(self, column: str) -> str:
        """Return the value as text: lists are joined, None becomes empty, dates are in ISO 8601, control characters are removed."""
        value = self.values.get(column)
        if isinstance(value, (date, time)):
            return _whole_day(value).isoformat()
        return _text(value)

    def readable(self, column: str) -> str:
        """Return the value as a Russian reader writes it: «03.02.2026», «2,5», «да»."""
        value = self.values.get(column)
        if isinstance(value, bool):
            return "да" if value else "нет"
        if isinstance(value, (date, time)):
            value = _whole_day(value)
            form = "%H:%M" if isinstance(value, time) else "%d.%m.%Y"
            return value.strftime(f"{form} %H:%M" if isinstance(value, datetime) else form)
        if isinstance(value, float):
            return _text(value).replace(".", ",")
        return _text(value)

    def fault(self, column: str) -> str:
        """Return why the cell has no value, in the reader's language; empty if it is sound."""
        value = self.values.get(column)
        if isinstance(value, BadCell) and not value.shown:
            return _("формула без сохранённого значения: откройте файл в Excel или LibreOffice и сохраните ещё раз")
        shown = value.shown if isinstance(value, BadCell) else value.strip() if isinstance(value, str) else ""
        if isinstance(value, BadCell) or _ERROR.fullmatch(shown):
            return _("в ячейке ошибка %(error)s: исправьте формулу или впишите значение", error=shown)
        if isinstance(value, str) and "\ufffd" in value:
            return _("в тексте испорченный символ: сохраните файл ещё раз в UTF-8")
        return ""

    @property
    def is_blank(self) -> bool:
        return not any(
            self.values[column] not in (None, "") and (self.text(column) or self.fault(column))
            for column in self.values
        )


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, BadCell):
        return value.shown
    if isinstance(value, (list, tuple)):
        value = ", ".join(str(v) for v in value)
    if isinstance(value, float):
        # Fifteen digits, as a spreadsheet shows: 0.1 + 0.2 is 0.3.
        value = int(value) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"
    return clean(str(value))


def _whole_day(value: date | time) -> date | time:
    """Return the day of a moment at midnight, which is a date in a spreadsheet."""
    return value.date() if isinstance(value, datetime) and value.time() == time() else value
