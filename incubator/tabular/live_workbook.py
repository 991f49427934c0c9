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
#: Points of one line, and how many of them a row shows at most.
_LINE_HEIGHT, _MOST_LINES = 15, 8
_NUMBERS = frozenset({Look.MONEY, Look.MONEY_IF_ANY, Look.QUANTITY, Look.WHOLE, Look.PERCENT})
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
        self._made: dict[tuple[Look, bool, bool, bool, bool], Format] = {}

    def of(self, cell: LiveCell, *, is_above_numbers: bool = False) -> "Format":
        """Return the format of a cell; a head stands above its numbers, not above the text beside them."""
        is_text = isinstance(cell.value, str) and cell.value.startswith(FORMULA) and not cell.formula
        is_right = is_above_numbers and cell.look is Look.HEAD
        key = (cell.look, cell.is_typed, cell.is_strong, is_text, is_right)
        if key not in self._made:
            typed = {"bg_color": _TYPED, "border": 1, "border_color": _LINE, "text_wrap": True} if cell.is_typed else {}
            strong = {"bold": True} if cell.is_strong else {}
            text = {"quote_prefix": True} if is_text else {}
            right = {"align": "right", "indent": 1, "valign": "top"} if is_right or cell.look in _NUMBERS else {}
            self._made[key] = self._book.add_format({**_LOOKS[cell.look], **typed, **strong, **text, **right})
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
    for row, lines in _lines(sheet).items():
        page.set_row(row, lines * _LINE_HEIGHT)
    for (row, column), cell in sheet.cells.items():
        below = sheet.cells.get((row + 1, column))
        look = formats.of(cell, is_above_numbers=below is not None and below.look in _NUMBERS)
        _write_cell(page, row, column, cell, look)
        if source := _choices(cell):
            page.data_validation(row, column, row, column, {"validate": "list", "source": source})
    page.freeze_panes(*sheet.frozen)
    page.set_landscape()
    page.set_paper(9)
    page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.5)  # inches
    page.fit_to_pages(1, 0)  # as wide as the paper, on as many of them as it takes: a year on one is too small to read


def _lines(sheet: LiveSheet) -> dict[int, int]:
    """Return the rows that need more than one line, and how many: a program that opens the file does not find that out itself."""
    found: dict[int, int] = {}
    for (row, column), cell in sheet.cells.items():
        found[row] = max(found.get(row, 1), _lines_of(cell, sheet.widths[column]))
    return {row: lines for row, lines in found.items() if lines > 1}


def _lines_of(cell: LiveCell, width: int) -> int:
    """Return how many lines a cell takes that wraps: a character more, since the letters of a head are bold."""
    wraps = cell.look is Look.HEAD or (cell.is_typed and cell.look is Look.TEXT)
    return min(_MOST_LINES, len(cell.value) // width + 1) if wraps and isinstance(cell.value, str) else 1


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
