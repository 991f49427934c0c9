"""The process that opens a spreadsheet. A small file can demand more memory than there is; then only this process ends.

calamine stores a sheet as a full rectangle, so a single cell in XFD1048576, in a file of five kilobytes, demands
550 gigabytes; when memory is refused it aborts, which no ``except`` catches.
"""

import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

import msgspec
from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum, load_workbook

from incubator.tabular.spreadsheet_marks import Marks, marks_of


class Task(msgspec.Struct):
    """What to read, and its limits; 0 means no limit."""

    path: str
    kind: str
    """What the file is: ``.xlsx``, ``.xls`` or ``.ods``, whatever its name says."""
    sheet: str
    """Its name; empty: the first visible one with anything in it."""
    memory: int
    """Bytes of address space."""
    rows: int = 0
    """Maximum number of rows from the top, without empty ones."""
    columns: int = 0
    """Maximum number of columns; a wider sheet is refused."""
    size: int = 0
    """Maximum bytes of all rows together."""


class SheetInfo(msgspec.Struct):
    """What is known of the sheet that is read, and of its book: the first line of the output."""

    name: str
    visible: tuple[str, ...]
    hidden: tuple[str, ...] = ()
    hidden_rows: int = 0
    """Rows that a filter or a person has hidden; they are read all the same."""


class TableTooLarge(Exception):
    """The table exceeds a limit of the task."""


class NoSuchSheet(Exception):
    """No visible sheet has this name; the message lists those that there are."""


def limit(memory: int) -> None:
    """Limit the memory of this process, if the system supports that."""
    try:
        import resource
    except ImportError:
        return
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def chosen_sheet(book: CalamineWorkbook, name: str) -> tuple[CalamineSheet, SheetInfo]:
    """Return the sheet to be read. Raises NoSuchSheet, and IndexError if there is none at all."""
    visible, hidden = _sheet_names(book, is_visible=True), _sheet_names(book, is_visible=False)
    if name and name not in visible:
        raise NoSuchSheet(", ".join(visible))
    found = name or _first_filled(book, visible or hidden)
    others = tuple(each for each in hidden if each != found)
    return book.get_sheet_by_name(found), SheetInfo(found, tuple(visible), others)


def _sheet_names(book: CalamineWorkbook, *, is_visible: bool) -> list[str]:
    return [
        each.name
        for each in book.sheets_metadata
        if each.typ == SheetTypeEnum.WorkSheet and (each.visible == SheetVisibleEnum.Visible) is is_visible
    ]


def _first_filled(book: CalamineWorkbook, names: list[str]) -> str:
    """Return the first sheet with anything in it; the first if all are empty."""
    return next((name for name in names if book.get_sheet_by_name(name).end is not None), names[0])


def plain(value: Any) -> str | int | float | bool | dict[str, str] | None:
    """Return a cell as a JSON value: whole numbers without a fraction, dates and times under their kind, None for an empty one."""
    if isinstance(value, str):
        return value.replace("_x000D_", "") or None  # how a workbook writes the end of a line
    if isinstance(value, float) and value.is_integer():
        return int(value) if abs(value) < 2**63 else str(value)
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    if isinstance(value, (date, time)):
        return {"time" if isinstance(value, time) else "date": value.isoformat()}
    if isinstance(value, timedelta):
        return _duration(value)
    return value if isinstance(value, (str, int, float)) else str(value)


def _duration(value: timedelta) -> str:
    """Return hours, minutes and, if there are any, seconds, as a spreadsheet shows them: «26:30»."""
    minutes, seconds = divmod(abs(round(value.total_seconds())), 60)
    hours, minutes = divmod(minutes, 60)
    shown = f"{hours}:{minutes:02d}" + (f":{seconds:02d}" if seconds else "")
    return f"-{shown}" if value < timedelta() else shown


def lines(task: Task) -> Iterator[bytes]:
    """Yield what is known of the sheet, then each row that is not empty with its number, as JSON. Raises TableTooLarge, NoSuchSheet, and errors for a broken file."""
    with load_workbook(task.path) as book:
        sheet, info = chosen_sheet(book, task.sheet)
        if task.columns and sheet.end and sheet.end[1] >= task.columns:
            raise TableTooLarge(f"{sheet.end[1] + 1} > {task.columns}")
        marks = marks_of(task.path, task.kind, info.name)
        info.hidden_rows = marks.hidden_rows
        yield msgspec.json.encode(info)
        size = 0
        filled = ((n, row) for n, row in enumerate(_cells(sheet, marks), 1) if any(cell is not None for cell in row))
        for number, row in islice(filled, task.rows or None):
            line = msgspec.json.encode([number, *row])
            size += len(line)
            if task.size and size > task.size:
                raise TableTooLarge(f"> {task.size // 1_000_000} MB")
            yield line


def _cells(sheet: CalamineSheet, marks: Marks) -> Iterator[list[Any]]:
    """Yield the rows; a cell that spans several rows has its value in each, and a failed formula says what it shows."""
    spans = {
        (row, first[1]): first
        for first, last in sheet.merged_cell_ranges or []
        for row in range(first[0] + 1, last[0] + 1)
    }
    carried: dict[tuple[int, int], Any] = {}
    origins = set(spans.values())
    for number, row in enumerate(sheet.iter_rows()):
        values = [_marked(plain(value), (number, place), marks) for place, value in enumerate(row)]
        for place in range(len(values)):
            if (number, place) in origins:
                carried[number, place] = values[place]
            elif (number, place) in spans:
                values[place] = carried.get(spans[number, place])
        yield values


def _marked(value: Any, place: tuple[int, int], marks: Marks) -> Any:
    """Return what a cell holds, or what it shows where that is another thing."""
    if place in marks.bad:
        return {"bad": marks.bad[place]}
    if place in marks.percent and isinstance(value, (int, float)):
        return f"{value * 100:.10g} %".replace(".", ",")
    return value


def main() -> None:
    """Read a task from standard input, write one line for the sheet and one for each row; errors go to standard error."""
    task = msgspec.json.decode(sys.stdin.buffer.read(), type=Task)
    limit(task.memory)
    try:
        for line in lines(task):
            sys.stdout.buffer.write(line + b"\n")
    except Exception as error:  # noqa: BLE001 - of a stranger's file anything can be wrong
        sys.exit(f"{type(error).__name__}: {error}"[:300])


if __name__ == "__main__":
    main()
