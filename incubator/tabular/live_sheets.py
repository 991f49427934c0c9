"""Sheets that go on computing where they are opened: cells with what somebody typed, and cells with formulas. Pure.

A formula keeps the value that the site has computed, so that a reader that does not compute shows the same number.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

Value = str | Decimal | int | None


class Look(StrEnum):
    TITLE = "title"
    QUIET = "quiet"
    HEAD = "head"
    TEXT = "text"
    MONEY = "money"
    """Roubles and kopecks."""
    MONEY_IF_ANY = "money_if_any"
    """The same; nothing is shown of zero."""
    QUANTITY = "quantity"
    WHOLE = "whole"
    PERCENT = "percent"
    """A number of percent, not a part of one."""


@dataclass(frozen=True, slots=True)
class LiveCell:
    value: Value
    look: Look = Look.TEXT
    formula: str = ""
    """Without «=», in English, with commas, as files store it."""
    is_typed: bool = False
    """Somebody may type here."""
    options: Sequence[str] | str = ()
    """What to choose from, or where that stands."""
    is_strong: bool = False


@dataclass(frozen=True, slots=True)
class LiveSheet:
    title: str
    cells: Mapping[tuple[int, int], LiveCell]
    """By row and column, from 0."""
    widths: Sequence[int]
    """In characters."""
    frozen: tuple[int, int] = (0, 0)
    """So many rows and columns stay in sight."""


@dataclass(slots=True)
class SheetWriter:
    """Fills a sheet cell by cell, and knows where each of them is."""

    title: str
    cells: dict[tuple[int, int], LiveCell] = field(default_factory=dict)

    def put(self, row: int, column: int, value: Value, look: Look = Look.TEXT, *, is_strong: bool = False) -> None:
        self.cells[row, column] = LiveCell(value, look, is_strong=is_strong)

    def typed(self, row: int, column: int, value: Value, look: Look, options: Sequence[str] | str = ()) -> str:
        """Put a cell that somebody may type in; return its address."""
        self.cells[row, column] = LiveCell(value, look, is_typed=True, options=options)
        return address(row, column)

    def follows(
        self, row: int, column: int, formula: str, value: Value, look: Look = Look.MONEY, *, is_strong: bool = False
    ) -> str:
        """Put a formula with the value that it has now; return its address."""
        self.cells[row, column] = LiveCell(value, look, formula, is_strong=is_strong)
        return address(row, column)

    def sheet(self, widths: Sequence[int], frozen: tuple[int, int] = (0, 0)) -> LiveSheet:
        return LiveSheet(self.title, self.cells, widths, frozen)


def letters(column: int) -> str:
    """Return the name of a column: A, …, Z, AA."""
    name = ""
    while column >= 0:
        column, letter = column // 26 - 1, column % 26
        name = chr(ord("A") + letter) + name
    return name


def address(row: int, column: int) -> str:
    """Return the address of a cell, which stays the same wherever a formula is copied."""
    return f"${letters(column)}${row + 1}"


def span(first_row: int, last_row: int, column: int) -> str:
    """Return the addresses of cells below one another, both ends included."""
    return f"{address(first_row, column)}:{address(last_row, column)}"
