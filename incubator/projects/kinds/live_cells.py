"""Cells of a section as cells of a sheet that computes. Pure."""

from collections.abc import Mapping, Sequence

from incubator.core.languages import _
from incubator.projects.kinds.cells import PLACES, Column, Holds
from incubator.projects.kinds.printing import Cells
from incubator.tabular.live_sheets import Look, SheetWriter, Value, letters

_LOOKS = {Holds.MONEY: Look.MONEY, Holds.QUANTITY: Look.QUANTITY, Holds.WHOLE: Look.WHOLE, Holds.PERCENT: Look.PERCENT}


def value_of(column: Column, cell: str, *, is_checked: bool = False) -> Value:
    """Return a cell's number, or the words that stand in it; what is no number stays as it was typed.

    ``is_checked``: the kind takes no number in which something is wrong.
    """
    is_number = column.holds in PLACES and not (is_checked and column.problem(cell))
    number = column.number(cell) if is_number else None
    return column.shown(column.typed(cell)) if number is None else number


def put_typed(
    page: SheetWriter, row: int, at: int, column: Column, cell: str, *, choices: str = "", is_checked: bool = False
) -> str:
    """Put a cell that somebody filled in; return its address. ``choices``: where its choices stand, if they are many."""
    options = tuple(column.options().values()) if column.options and not choices else ()
    value = value_of(column, cell, is_checked=is_checked)
    return page.typed(row, at, value, _LOOKS.get(column.holds, Look.TEXT), options or choices)


def put_rows(
    page: SheetWriter, top: int, places: Sequence[int], columns: Sequence[Column], rows: Sequence[Cells], *,
    choices: Mapping[str, str] | None = None, is_checked: bool = False,
) -> None:  # fmt: skip
    """Put rows with their heads above them, and empty ones for what is still to come.

    ``places``: where each column lies; ``rows``: with as many empty ones at the end as there shall be.
    """
    for place, column in zip(places, columns, strict=True):
        page.put(top, place, column.label(), Look.HEAD)
        listed = (choices or {}).get(column.key, "")
        for number, row in enumerate(rows, 1):
            if row:
                put_typed(
                    page, top + number, place, column, row.get(column.key, ""), choices=listed, is_checked=is_checked
                )
            else:
                options = tuple(column.options().values()) if column.options and not listed else ()
                page.typed(top + number, place, None, _LOOKS.get(column.holds, Look.TEXT), options or listed)


def put_title(page: SheetWriter, title: str) -> None:
    page.put(0, 0, title, Look.TITLE)
    page.put(1, 0, _("Меняйте жёлтые клетки: остальное пересчитается само."), Look.QUIET)


def here(row: int, column: int) -> str:
    """Return an address for formulas that stand row by row."""
    return f"{letters(column)}{row + 1}"
