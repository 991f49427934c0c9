"""The cells of a sheet: what can be typed into one, how it is stored, and how it is shown. Pure.

A cell is stored as it was typed, so that nothing is lost; what can be read as a number or a date is stored in one spelling.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from incubator.core.formatting import day
from incubator.core.formatting import number as formatted
from incubator.core.languages import _
from incubator.core.text import clean, clean_line
from incubator.core.typed_numbers import NotANumber, plain_number, typed_number
from incubator.core.visible import says_something
from incubator.core.web_address import WebAddress, web_address
from incubator.projects.kinds.file_ref import FileRef


class Holds(StrEnum):
    """What a cell holds."""

    LINE = "line"
    TEXT = "text"
    MONEY = "money"
    """Roubles and kopecks."""
    QUANTITY = "quantity"
    """With up to three decimal places."""
    WHOLE = "whole"
    PERCENT = "percent"
    DATE = "date"
    CHOICE = "choice"
    LINK = "link"
    FILE = "file"
    """An attached picture or paper, put here by an upload and never typed (``file_ref.py``)."""


#: Decimal places of the cells that hold numbers.
PLACES = {Holds.MONEY: 2, Holds.QUANTITY: 3, Holds.WHOLE: 0, Holds.PERCENT: 2}
#: What cells hold in which somebody writes what they like.
WORDS = frozenset({Holds.LINE, Holds.TEXT, Holds.LINK})
#: A day as people here write it, and spreadsheets show it.
_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", re.A)
#: What nobody types on purpose; it is kept for them to shorten.
_LONGEST_CELL = 4000


@dataclass(frozen=True, slots=True)
class Column:
    """A cell of its own, or a column of a sheet's rows."""

    key: str
    label: Callable[[], str]
    holds: Holds = Holds.LINE
    longest: int = 200
    hint: Callable[[], str] | None = None
    options: Callable[[], dict[str, str]] | None = None
    """Of a choice: the words by value; the first is what an untouched cell holds, with the value "" if that is no choice yet."""
    least: Decimal | None = Decimal(0)
    """Of a number; None: also below zero."""
    most: Decimal | None = None
    """Of a number; beyond it nobody means it."""
    is_needed: bool = False
    """A row that says anything has to say this."""
    group: Callable[[], str] | None = None
    """Of a cell of its own: the heading of the group that begins with it."""
    is_folded: bool = False
    """Its group is folded in the form as long as nothing is written there; whoever needs none of it passes by."""

    def typed(self, text: str) -> str:
        """Return what was typed as it is stored."""
        if self.holds is Holds.TEXT:
            return clean(text)
        line = clean_line(text)
        if self.holds in PLACES:
            number = self.number(line)
            return line if number is None else plain_number(number)
        if self.holds is Holds.CHOICE and self.options and line not in self.options():
            return next(iter(self.options()))
        return _SPELT[self.holds](line) if self.holds in _SPELT else line

    def number(self, cell: str) -> Decimal | None:
        """Return the number that the cell holds; None if it is empty or no number."""
        try:
            return typed_number(cell, places=PLACES[self.holds]) if cell else None
        except NotANumber:
            return None

    def date(self, cell: str) -> date | None:
        try:
            return date.fromisoformat(cell)
        except ValueError:
            return None

    def file(self, cell: str) -> FileRef | None:
        """Return the attachment that the cell names; None for a cell that names none."""
        return FileRef.of(cell) if self.holds is Holds.FILE else None

    def link(self, cell: str) -> WebAddress | None:
        """Return the address that the cell leads to; None for a cell that does not lead anywhere."""
        return web_address(cell) if self.holds is Holds.LINK else None

    def shown(self, cell: str) -> str:
        """Return the cell as a reader sees it, in their language."""
        if self.holds is Holds.CHOICE and self.options:
            return self.options().get(cell, cell)
        if self.holds is Holds.DATE:
            return day(self.date(cell), "short") or cell
        if self.holds is Holds.FILE:
            return _name_of(FileRef.of(cell))
        number = self.number(cell) if self.holds in PLACES else None
        if number is None:
            return cell
        has_kopecks = self.holds is Holds.MONEY and number != number.to_integral_value()
        return formatted(number, 2 if has_kopecks else None)

    def problem(self, cell: str) -> str:
        """Return what is wrong with the cell; empty if nothing is."""
        if not cell:
            return ""
        if self.holds in PLACES:
            return self._problem_of_number(cell)
        if self.holds is Holds.DATE and self.date(cell) is None:
            return _("«%(text)s» – не дата", text=cell[:40])
        if self.holds is Holds.LINK and web_address(cell) is None:
            return _("«%(text)s» – не ссылка: нужна вся, с https://", text=cell[:40])
        over = len(cell) - self.longest
        return _("лишних знаков: %(n)s", n=over) if over > 0 else ""

    def _problem_of_number(self, cell: str) -> str:
        number = self.number(cell)
        if number is None and PLACES[self.holds] == 0:
            return _("«%(text)s» – не целое число", text=cell[:40])
        if number is None:
            return _("«%(text)s» – не число", text=cell[:40])
        if self.least is not None and number < self.least:
            return _("меньше %(n)s не бывает", n=formatted(self.least)) if self.least else _("меньше нуля не бывает")
        return (
            _("больше %(n)s не бывает", n=formatted(self.most)) if self.most is not None and number > self.most else ""
        )

    def says_something(self, cell: str) -> bool:
        """Return whether somebody wrote here: a choice says something only where one could have been left open."""
        if self.holds is Holds.CHOICE:
            return bool(cell and self.options and "" in self.options())
        return says_something(cell)


def _spelt_day(line: str) -> str:
    written = _DAY.fullmatch(line)
    return f"{written[3]}-{written[2]:0>2}-{written[1]:0>2}" if written else line


def _spelt_link(line: str) -> str:
    """Return an address with its host in letters, so that a name in it is found and hidden like any other."""
    return str(web_address(line) or line)


#: How what can be read is stored, where that is not as it was typed.
_SPELT: dict[Holds, Callable[[str], str]] = {
    Holds.DATE: _spelt_day,
    Holds.LINK: _spelt_link,
    Holds.FILE: lambda line: line if FileRef.of(line) else "",
}


def _name_of(file: FileRef | None) -> str:
    """Return what a file is called in words, without the name that somebody gave it."""
    if file is None:
        return ""
    if file.is_picture:
        return _("картинка № %(n)s", n=file.id)
    return _("PDF № %(n)s", n=file.id) if file.is_pdf else _("файл № %(n)s", n=file.id)
