"""Writing sheets with formulas as a workbook."""

import io
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from incubator.tabular.live_sheets import LiveCell, LiveSheet, Look
from incubator.tabular.sheets import FORMULA, LONGEST_CELL

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_PINE, _TYPED, _HEAD, _LINE, _MUTED = "#005f40", "#fff6dc", "#e6f3ec", "#d5d3cb", "#57606e"
_LOOKS: dict[Look, dict[str, Any]] = {
    Look.TITLE: {"bold": True, "font_size": 16, "font_color": _PINE},
    Look.QUIET: {"font_color": _MUTED, "indent": 1},
    Look.HEAD: {
        "bold": True,
        "bg_color": _HEAD,
        "bottom": 1,
        "bottom_color": _PINE,
        "text_wrap": True,
        "valign": "top",
    },
    Look.TEXT: {"valign": "top"},
    Look.MONEY: {"num_format": "#,##0.00"},
    Look.MONEY_IF_ANY: {"num_format": "#,##0.00;-#,##0.00;"},
    Look.QUANTITY: {"num_format": "#,##0.###"},
    Look.WHOLE: {"num_format": "#,##0"},
    Look.PERCENT: {"num_format": "0.##"},
}
#: Excel's limits: characters of a sheet's name, and of the choices that stand in the cell itself.
_LONGEST_NAME, _LONGEST_CHOICES = 31, 255
#: Points of a row with a head in two lines.
_TWO_LINES = 30
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


def as_workbook(sheets: Sequence[LiveSheet], *, title: str, author: str = "") -> bytes:
    """Return a workbook; cells that somebody may type in are marked, texts are never formulas."""
    from xlsxwriter import Workbook

    out = io.BytesIO()
    with Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}) as book:
        book.set_properties({"title": title, "author": author})
        formats = _Formats(book)
        for name, sheet in zip(_names(sheets), sheets, strict=True):
            _write(book.add_worksheet(name), sheet, formats)
    return out.getvalue()


class _Formats:
    """The formats of a workbook, each made once."""

    def __init__(self, book: "Workbook") -> None:
        self._book = book
        self._made: dict[tuple[Look, bool, bool, bool], Format] = {}

    def of(self, cell: LiveCell) -> "Format":
        is_text = isinstance(cell.value, str) and cell.value.startswith(FORMULA) and not cell.formula
        key = (cell.look, cell.is_typed, cell.is_strong, is_text)
        if key not in self._made:
            typed = {"bg_color": _TYPED, "border": 1, "border_color": _LINE, "text_wrap": True} if cell.is_typed else {}
            strong = {"bold": True} if cell.is_strong else {}
            text = {"quote_prefix": True} if is_text else {}
            self._made[key] = self._book.add_format({**_LOOKS[cell.look], **typed, **strong, **text})
        return self._made[key]


def _names(sheets: Sequence[LiveSheet]) -> Iterator[str]:
    """Yield a name for each sheet that no other has, whatever its case."""
    taken: set[str] = set()
    for number, sheet in enumerate(sheets, 1):
        name = " ".join(sheet.title.translate(_FORBIDDEN).split())[:_LONGEST_NAME].strip() or str(number)
        if name.casefold() in taken:
            name = f"{name[: _LONGEST_NAME - 4]} {number}"
        taken.add(name.casefold())
        yield name


def _write(page: "Worksheet", sheet: LiveSheet, formats: _Formats) -> None:
    for column, width in enumerate(sheet.widths):
        page.set_column(column, column, width)
    for row in {at[0] for at, cell in sheet.cells.items() if _needs_two_lines(cell, sheet.widths[at[1]])}:
        page.set_row(row, _TWO_LINES)
    for (row, column), cell in sheet.cells.items():
        _write_cell(page, row, column, cell, formats.of(cell))
        if source := _choices(cell):
            page.data_validation(row, column, row, column, {"validate": "list", "source": source})
    page.freeze_panes(*sheet.frozen)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 1)


def _needs_two_lines(cell: LiveCell, width: int) -> bool:
    return cell.look is Look.HEAD and isinstance(cell.value, str) and len(cell.value) >= width


def _write_cell(page: "Worksheet", row: int, column: int, cell: LiveCell, look: "Format") -> None:
    if cell.formula:
        page.write_formula(row, column, f"={cell.formula}", look, _stored(cell.value))
    elif cell.value is None or cell.value == "":
        page.write_blank(row, column, None, look)
    elif isinstance(cell.value, str):
        page.write_string(row, column, cell.value[:LONGEST_CELL], look)
    else:
        page.write_number(row, column, cell.value, look)


def _choices(cell: LiveCell) -> list[str] | str:
    """Return what to choose from as a file stores it; nothing if it is too much to be stored."""
    if isinstance(cell.options, str):
        return f"={cell.options}" if cell.options else ""
    return list(cell.options) if len(",".join(cell.options)) <= _LONGEST_CHOICES else ""


def _stored(value: str | Decimal | int | None) -> str | float | int:
    """Return a computed value as a file stores it."""
    if value is None:
        return ""
    return float(value) if isinstance(value, Decimal) else value
