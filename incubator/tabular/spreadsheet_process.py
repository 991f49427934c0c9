"""The process that opens a spreadsheet: a small file can ask for more memory than there is, and then only this ends.

calamine keeps a sheet as a full rectangle, so that one cell in XFD1048576, a file of five kilobytes, asks for
550 gigabytes; where memory is refused it aborts, which no ``except`` catches.
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
    """What to read and what it may cost; 0 is no limit."""

    path: str
    memory: int
    """Bytes of address space."""
    rows: int = 0
    """From the top, those that are empty or missing too."""
    columns: int = 0
    """A sheet that is wider is refused."""
    size: int = 0
    """Bytes of all rows together."""


class TableTooLarge(Exception):
    """More than the task allows."""


def limit(memory: int) -> None:
    """Of this process from now on; nothing where the system has no limits."""
    try:
        import resource
    except ImportError:
        return
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def first_sheet(book: CalamineWorkbook) -> CalamineSheet:
    """The first worksheet that is not hidden. Raises IndexError where there is none."""
    places = [n for n, sheet in enumerate(book.sheets_metadata) if sheet.typ == SheetTypeEnum.WorkSheet]
    shown = [n for n in places if book.sheets_metadata[n].visible == SheetVisibleEnum.Visible]
    return book.get_sheet_by_index((shown or places)[0])


def plain(value: Any) -> str | int | float | bool | None:
    """A cell as JSON has it: whole numbers without a fraction, dates in ISO 8601, None for an empty one."""
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
    """Each row as JSON. Raises TableTooLarge, and what calamine raises for a broken file."""
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
    """Read a task from standard input, write a row a line to standard output; what is wrong goes to standard error."""
    task = msgspec.json.decode(sys.stdin.buffer.read(), type=Task)
    limit(task.memory)
    try:
        for line in rows(task):
            sys.stdout.buffer.write(line + b"\n")
    except Exception as error:  # noqa: BLE001 - of a stranger's file anything can be wrong
        sys.exit(f"{type(error).__name__}: {error}"[:300])


if __name__ == "__main__":
    main()
