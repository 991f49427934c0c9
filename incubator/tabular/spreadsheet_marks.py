"""What calamine does not say of a sheet: formulas that failed or were never computed, rows that are hidden, numbers that are percent.

Runs in the process that opens spreadsheets, under its limits of memory and time; expat itself stops entities that grow.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO, Any
from xml.etree.ElementTree import Element, iterparse
from zipfile import ZipFile

#: Spans of repeated rows or cells in LibreOffice's files; wider ones are padding up to the edge of the sheet.
_PADDING = 1000


@dataclass(slots=True)
class Marks:
    bad: dict[tuple[int, int], str] = field(default_factory=dict)
    """By row and column from 0: what a failed formula shows; empty if its value was never stored."""
    percent: set[tuple[int, int]] = field(default_factory=set)
    """Cells, likewise, that show their number as percent."""
    hidden_rows: int = 0


def marks_of(path: str, kind: str, sheet: str) -> Marks:
    """Return the marks of the sheet with this name; ``kind`` is ``.xlsx``, ``.xls`` or ``.ods``."""
    return _READERS[kind](path, sheet)


def _of_xlsx(path: str, sheet: str) -> Marks:
    marks, number = Marks(), -1
    with ZipFile(path) as parts:
        name = _part_of(parts, sheet)
        if name not in parts.namelist():
            return marks
        percent = _percent_styles(parts)
        with parts.open(name) as content:
            for row in _ends(content, "row"):
                number = int(row.get("r") or number + 2) - 1
                _read_row(row, number, marks, percent)
    return marks


def _percent_styles(parts: ZipFile) -> set[str]:
    """Return the numbers of the styles that show percent: two formats that every book has, and its own with that sign."""
    if "xl/styles.xml" not in parts.namelist():
        return set()
    formats = {"9", "10"}
    with parts.open("xl/styles.xml") as content:
        for each in _ends(content, "numFmt"):
            if shows_percent(each.get("formatCode", "")):
                formats.add(each.get("numFmtId", ""))
    with parts.open("xl/styles.xml") as content:
        cells = next(_ends(content, "cellXfs"), None)
        return {str(n) for n, each in enumerate(cells if cells is not None else ()) if each.get("numFmtId") in formats}


def shows_percent(number_format: str) -> bool:
    """Return whether a format multiplies by a hundred: a percent sign that is neither quoted nor escaped."""
    return "%" in re.sub(r'"[^"]*"|\\.', "", number_format)


def _part_of(parts: ZipFile, sheet: str) -> str:
    """Return the name of the part with a sheet: the book names a relation, and the relations name the part."""
    with parts.open("xl/workbook.xml") as content:
        relation = next(
            (value for each in _ends(content, "sheet") if each.get("name") == sheet
             for name, value in each.items() if name.endswith("}id")), "",
        )  # fmt: skip
    with parts.open("xl/_rels/workbook.xml.rels") as content:
        target = next(
            (each.get("Target", "") for each in _ends(content, "Relationship") if each.get("Id") == relation), ""
        )
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _read_row(row: Element, number: int, marks: Marks, percent: set[str]) -> None:
    marks.hidden_rows += row.get("hidden") in {"1", "true"} and len(row) > 0
    place = -1
    for cell in row:
        place = _column(cell.get("r", "")) if cell.get("r") else place + 1
        if cell.get("s") in percent and cell.get("t", "n") == "n":
            marks.percent.add((number, place))
        if (shown := _failed(cell)) is not None:
            marks.bad[number, place] = shown


def _failed(cell: Element) -> str | None:
    """Return what a cell shows whose formula failed; empty if its value was never stored, None if it is sound."""
    parts = {_name(part): part.text or "" for part in cell}
    if cell.get("t") == "e":
        return parts.get("v", "")
    return "" if "f" in parts and not parts.get("v") and cell.get("t") != "str" else None


def _column(reference: str) -> int:
    """Return the column of «C12», from 0."""
    column = 0
    for letter in reference.rstrip("0123456789")[:4]:  # the last column of a sheet has three letters
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1


def _of_ods(path: str, sheet: str) -> Marks:
    """Return hidden rows and percent; what failed is read as text («#REF!»), and LibreOffice always stores values."""
    marks, current, number = Marks(), "", 0
    with ZipFile(path) as parts, parts.open("content.xml") as content:
        for event, element in iterparse(content, events=("start", "end")):  # noqa: S314 - see the module
            name = _name(element)
            if name == "table" and event == "start":
                current, number = _attribute(element, "name"), 0
            elif name == "table-row" and event == "end":
                times = int(_attribute(element, "number-rows-repeated") or 1)
                if current == sheet and times < _PADDING:
                    _read_ods_row(element, range(number, number + times), marks)
                number += times
                element.clear()
    return marks


def _read_ods_row(row: Element, numbers: range, marks: Marks) -> None:
    """Read a row that stands for as many as ``numbers``."""
    if _attribute(row, "visibility") in {"filter", "collapse"}:
        marks.hidden_rows += len(numbers)
    places = list(_percent_places(row))
    marks.percent |= {(number, place) for number in numbers for place in places}


def _percent_places(row: Element) -> Iterator[int]:
    """Yield the columns of a row of LibreOffice's that hold percent."""
    place = 0
    for cell in row:
        times = int(_attribute(cell, "number-columns-repeated") or 1)
        if _attribute(cell, "value-type") == "percentage" and times < _PADDING:
            yield from range(place, place + times)
        place += times


def _of_xls(path: str, sheet: str) -> Marks:
    import xlrd

    marks = Marks()
    with suppress(xlrd.XLRDError, AssertionError), _opened_xls(path) as book:
        page = book.sheet_by_name(sheet)
        marks.hidden_rows = sum(bool(info.hidden) for number, info in page.rowinfo_map.items() if number < page.nrows)
        for number in range(page.nrows):
            for place, kind in enumerate(page.row_types(number)):
                if kind == xlrd.XL_CELL_NUMBER and _is_percent(book, page, number, place):
                    marks.percent.add((number, place))
                if kind == xlrd.XL_CELL_ERROR:
                    shown = xlrd.error_text_from_code.get(page.cell_value(number, place), "#?")
                    marks.bad[number, place] = shown
    return marks


def _is_percent(book: Any, page: Any, number: int, place: int) -> bool:
    if not book.formatting_info:
        return False
    looks = book.format_map.get(book.xf_list[page.cell_xf_index(number, place)].format_key)
    return looks is not None and shows_percent(looks.format_str)


def _opened_xls(path: str) -> Any:
    """Return the book; without its formats, and so without what is hidden, if those are broken."""
    import xlrd

    try:
        return xlrd.open_workbook(path, formatting_info=True, on_demand=True, logfile=_Silent())
    except Exception:  # noqa: BLE001 - xlrd asserts and indexes its way through formats
        return xlrd.open_workbook(path, on_demand=True, logfile=_Silent())


class _Silent:
    """Where xlrd writes its warnings."""

    def write(self, _text: str) -> None: ...


_READERS: dict[str, Callable[[str, str], Marks]] = {".xlsx": _of_xlsx, ".xls": _of_xls, ".ods": _of_ods}


def _ends(content: IO[bytes], name: str) -> Iterator[Element]:
    """Yield the elements of this name, whatever their namespace, and free each after that."""
    for _event, element in iterparse(content):  # noqa: S314 - see the module
        if _name(element) == name:
            yield element
            element.clear()


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _attribute(element: Element, name: str) -> str:
    return next((value for key, value in element.items() if key.rpartition("}")[2] == name), "")
