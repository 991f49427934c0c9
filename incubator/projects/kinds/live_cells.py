"""Cells of a section as cells of a sheet that computes. Pure."""

from collections.abc import Sequence

from incubator.core.languages import _
from incubator.projects.kinds.cells import PLACES, Column, Holds
from incubator.projects.kinds.printing import Cells
from incubator.tabular.live_sheets import Look, SheetWriter, Value, letters

_LOOKS = {Holds.MONEY: Look.MONEY, Holds.QUANTITY: Look.QUANTITY, Holds.WHOLE: Look.WHOLE, Holds.PERCENT: Look.PERCENT}


def value_of(column: Column, cell: str) -> Value:
    """Return a cell's number, or the words that stand in it; what is no number stays as it was typed."""
    number = column.number(cell) if column.holds in PLACES else None
    return column.shown(cell) if number is None else number


def put_typed(page: SheetWriter, row: int, at: int, column: Column, cell: str) -> str:
    """Put a cell that somebody filled in; return its address."""
    options = tuple(column.options().values()) if column.options else ()
    return page.typed(row, at, value_of(column, cell), _LOOKS.get(column.holds, Look.TEXT), options)


def put_rows(
    page: SheetWriter, top: int, places: Sequence[int], columns: Sequence[Column], rows: Sequence[Cells]
) -> None:
    """Put rows with their heads above them, and empty ones for what is still to come.

    ``places``: where each column lies; ``rows``: with as many empty ones at the end as there shall be.
    """
    for place, column in zip(places, columns, strict=True):
        page.put(top, place, column.label(), Look.HEAD)
        for number, row in enumerate(rows, 1):
            put_typed(page, top + number, place, column, row.get(column.key, "") if row else "")


def put_title(page: SheetWriter, title: str) -> None:
    page.put(0, 0, title, Look.TITLE)
    page.put(1, 0, _("Меняйте жёлтые клетки: остальное пересчитается само."), Look.QUIET)


def here(row: int, column: int) -> str:
    """Return an address for formulas that stand row by row."""
    return f"{letters(column)}{row + 1}"
