"""Which record of a table names its columns, and how columns are told apart. Pure."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from incubator.core.text import clean_line

#: Records from the top among which the headings are looked for.
LOOKED_AT = 20


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column of a table."""

    name: str
    """What rows call it: its heading; with its letter, if it has none or another column has the same."""
    heading: str
    """As written, without the blanks around it."""
    letter: str
    is_repeated: bool = False
    """Another column has the same heading."""


def find_headings(records: Sequence[Sequence[Any]], is_known: Callable[[str], bool] | None = None) -> int:
    """Return the place of the record that names the columns: a title above it, or notes, are passed over.

    It is the one with most headings that ``is_known`` recognises, at least two; else the first that fills most of the table's width.
    """
    first = records[:LOOKED_AT]
    if is_known is not None:
        recognised = [
            sum(is_known(heading_of(value)) for value in record if value not in (None, "")) for record in first
        ]
        if recognised and max(recognised) > 1:
            return recognised.index(max(recognised))
    filled = [sum(value not in (None, "") for value in record) for record in first]
    wide = max(filled, default=0)
    return next((place for place, count in enumerate(filled) if count > 0.6 * wide or count == wide > 0), 0)


def heading_of(value: Any) -> str:
    """Return a heading as it is written in a cell: one line, without blanks around it."""
    return clean_line("" if value is None else str(value))


def columns_of(headings: Sequence[Any]) -> tuple[TableColumn, ...]:
    """Return the columns; those without a heading, and those with the same, are called by their letters too."""
    names = [heading_of(value) for value in headings]
    while names and not names[-1]:
        names.pop()
    times = Counter(map(str.casefold, names))
    return tuple(_column(name, place, times) for place, name in enumerate(names))


def _column(heading: str, place: int, times: Counter[str]) -> TableColumn:
    letter = letter_of(place)
    is_repeated = bool(heading) and times[heading.casefold()] > 1
    name = f"{heading} [{letter}]" if is_repeated or not heading else heading
    return TableColumn(name.strip(), heading, letter, is_repeated)


def letter_of(place: int) -> str:
    """Return the letters by which a spreadsheet names its column number ``place``, from 0 on: A, …, Z, AA, …"""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
