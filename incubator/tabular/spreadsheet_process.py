"""The process that opens a spreadsheet. A small file can demand more memory than there is; then only this process ends.

calamine stores a sheet as a full rectangle, so a single cell in XFD1048576, in a file of five kilobytes, demands
550 gigabytes; when memory is refused it aborts, which no ``except`` catches.
"""

import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, time
from itertools import islice
from typing import Any

import msgspec
from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum, load_workbook


class Task(msgspec.Struct):
    """What to read, and its limits; 0 means no limit."""

    path: str
    memory: int
    """Bytes of address space."""
    rows: int = 0
    """Maximum number of rows from the top, including empty or missing ones."""
    columns: int = 0
    """Maximum number of columns; a wider sheet is refused."""
    size: int = 0
    """Maximum bytes of all rows together."""


class TableTooLarge(Exception):
    """The table exceeds a limit of the task."""


def limit(memory: int) -> None:
    """Limit the memory of this process, if the system supports that."""
    try:
        import resource
    except ImportError:
        return
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def first_sheet(book: CalamineWorkbook) -> CalamineSheet:
    """Return the first visible worksheet. Raises IndexError if there is none."""
    places = [n for n, sheet in enumerate(book.sheets_metadata) if sheet.typ == SheetTypeEnum.WorkSheet]
    shown = [n for n in places if book.sheets_metadata[n].visible == SheetVisibleEnum.Visible]
    return book.get_sheet_by_index((shown or places)[0])


def plain(value: Any) -> str | int | float | bool | None:
    """Return a cell as a JSON value: whole numbers without a fraction, dates in ISO 8601, None for an empty one."""
    if value == "" and isinstance(value, str):
        return None
    if isinstance(value, float) and value.is_integer():
        return int(value) if abs(value) < 2**63 else str(value)
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, (date, time)):
        return value.isoformat()
    return value if isinstance(value, (str, int, float)) else str(value)


def rows(task: Task) -> Iterator[bytes]:
    """Yield each row as JSON. Raises TableTooLarge, and calamine's errors for a broken file."""
    with load_workbook(task.path) as book:
        sheet = first_sheet(book)
        if task.columns and sheet.end and sheet.end[1] >= task.columns:
            raise TableTooLarge(f"{sheet.end[1] + 1} columns, at most {task.columns}")
        size = 0
        for row in islice(sheet.iter_rows(), task.rows or None):
            line = msgspec.json.encode([plain(value) for value in row])
            size += len(line)
            if task.size and size > task.size:
                raise TableTooLarge(f"more than {task.size} bytes of text")
            yield line


def main() -> None:
    """Read a task from standard input, write one row per line to standard output and errors to standard error."""
    task = msgspec.json.decode(sys.stdin.buffer.read(), type=Task)
    limit(task.memory)
    try:
        for line in rows(task):
            sys.stdout.buffer.write(line + b"\n")
    except Exception as error:  # noqa: BLE001 - of a stranger's file anything can be wrong
        sys.exit(f"{type(error).__name__}: {error}"[:300])


if __name__ == "__main__":
    main()
