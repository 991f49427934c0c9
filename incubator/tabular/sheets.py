"""Writing tables as CSV and XLSX files, with cells that are never formulas."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, islice, zip_longest
from math import isfinite
from typing import TYPE_CHECKING

from incubator.core.clock import REGION

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

Cell = str | int | float | Decimal | bool | date | datetime | None

#: What spreadsheets take for the start of a formula (OWASP, CSV injection); the typographic minus too.
FORMULA = ("=", "+", "-", "−", "@", "\t", "\r", "＝", "＋", "－", "＠")
#: Excel's limits: rows below the header, characters in a cell, digits of a whole number.
MOST_ROWS, LONGEST_CELL, EXACT = 1_048_575, 32_767, 10**15
#: Number of rows inspected for the widths of columns, and the limits of those widths in characters.
_LOOKED_AT, _NARROWEST, _WIDEST = 200, 6, 60


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return UTF-8 with the byte order mark that Excel expects; an apostrophe precedes text that looks like a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerows([_harmless(cell) for cell in row] for row in chain([columns], rows))
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(columns: Sequence[str], rows: Iterable[Sequence[Cell]], *, name: str = "table") -> bytes:
    """Return a workbook with one sheet: numbers as numbers, dates as dates, moments in the region's time.

    ``name``: title of the sheet, at most 31 characters. Rows are written one at a time and are never all in memory.
    Raises ValueError for more than MOST_ROWS.
    """
    from xlsxwriter import Workbook

    out = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(out, options) as book:
        sheet = book.add_worksheet(name)
        formats = {
            str: book.add_format({"quote_prefix": True}),
            date: book.add_format({"num_format": "yyyy-mm-dd"}),
            datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        }
        coming = iter(rows)
        first = list(islice(coming, _LOOKED_AT))
        for place, width in enumerate(_widths([columns, *first])):
            sheet.set_column(place, place, width)
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, columns, book.add_format({"bold": True}))
        number = 0
        for number, row in enumerate(chain(first, coming), start=1):
            if number > MOST_ROWS:
                raise ValueError(f"more than {MOST_ROWS} rows")
            for place, cell in enumerate(row):
                _write(sheet, number, place, cell, formats)
        if columns:
            sheet.autofilter(0, 0, number, len(columns) - 1)
    return out.getvalue()


def _widths(rows: Sequence[Sequence[Cell]]) -> list[int]:
    """Return the width of each column, in characters."""
    columns = zip_longest(*([len(_text(cell)) for cell in row] for row in rows), fillvalue=0)
    return [min(_WIDEST, max(_NARROWEST, *lengths) + 2) for lengths in columns]


def _write(sheet: "Worksheet", row: int, column: int, cell: Cell, formats: dict[type, object]) -> None:
    if isinstance(cell, datetime) and cell.year >= 1900:
        sheet.write_datetime(row, column, _local(cell), formats[datetime])
    elif isinstance(cell, date) and cell.year >= 1900:  # Excel's calendar starts there
        sheet.write_datetime(row, column, cell, formats[date])
    elif isinstance(cell, bool):
        sheet.write_boolean(row, column, cell)
    elif _is_exact(cell):
        sheet.write_number(row, column, cell)
    elif cell not in (None, ""):
        # The format "text" keeps it text even after editing.
        text = _text(cell)[:LONGEST_CELL]
        sheet.write_string(row, column, text, formats[str] if text.startswith(FORMULA) else None)


def _is_exact(cell: Cell) -> bool:
    """Return whether a workbook stores the number exactly."""
    return abs(cell) < EXACT if isinstance(cell, int) else isinstance(cell, (float, Decimal)) and isfinite(cell)


def _harmless(cell: Cell) -> str:
    text = _text(cell)
    return f"'{text}" if isinstance(cell, str) and text.startswith(FORMULA) else text


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return _local(cell).isoformat(" ", "minutes")
    return cell.isoformat() if isinstance(cell, date) else str(cell).encode("utf-8", "replace").decode()


def _local(moment: datetime) -> datetime:
    """Return the moment in the region's time, which is what readers expect."""
    return moment.astimezone(REGION).replace(tzinfo=None) if moment.tzinfo else moment
