"""Reading a table from JSON Lines, CSV, or a spreadsheet of Excel or LibreOffice: its columns, its rows, and what is odd about it."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import chain, islice
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

import msgspec

from incubator.core.languages import _, ngettext
from incubator.tabular import delimited
from incubator.tabular.delimited import Record
from incubator.tabular.headings import LOOKED_AT, TableColumn, columns_of, find_headings
from incubator.tabular.rows import BadCell, Row, UnknownFormat
from incubator.tabular.spreadsheet_process import SheetInfo, Task

#: Maximum number of columns in an uploaded table.
WIDEST = 100
#: Maximum bytes of text in it.
LONGEST = 20_000_000
#: Memory limit for reading it, in bytes: the widest and longest table takes a fifth.
MEMORY = 512 * 2**20
#: Time limit for reading it, in seconds.
PATIENCE = 30
#: Memory limit for reading a file given on the command line, in bytes.
OWN_MEMORY = 4 * 2**30

SPREADSHEETS = (".xlsx", ".xls", ".ods")
_TEXTS = (".csv", ".tsv", ".txt")
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_PAGE = (b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta")


@dataclass(slots=True)
class TableFile:
    """A table that is being read; ``rows`` can be gone through once."""

    columns: tuple[TableColumn, ...]
    rows: Iterator[Row]
    notes: tuple[str, ...] = ()
    """What somebody should know about the file, in the reader's language: other sheets, rows that a filter hides."""
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    """The names of all visible sheets."""

    def named(self, name: str) -> list[TableColumn]:
        """Return the columns with this name or heading, whatever its case and the blanks around it."""
        wanted = " ".join(name.split()).casefold()
        exact = [column for column in self.columns if column.name.casefold() == wanted]
        return exact or [column for column in self.columns if column.heading.casefold() == wanted]


def read_rows(path: Path, *, most: int | None = None) -> list[Row]:
    """Return all rows of ``path``; with ``most``, that many and one more, to detect too many. Raises UnknownFormat."""
    return list(islice(open_table(path, most=most).rows, None if most is None else most + 1))


def open_table(
    path: Path, *, sheet: str = "", is_known: Callable[[str], bool] | None = None, most: int | None = None
) -> TableFile:
    """Return the table in ``path``. ``is_known`` recognises headings; ``most`` rows are wanted of an uploaded file, which is limited.

    ``sheet`` names the sheet of a workbook; without it, the first visible one with anything in it is read. What the file holds
    decides how it is read, not its ending alone. Raises UnknownFormat.
    """
    try:
        kind = _kind(path)
        if kind == ".jsonl":
            return _json_lines(path)
        if kind == ".csv":
            return _table(delimited.records(path), is_known, most, may_be_torn=True)
        info, numbered = _sheet(path, kind, sheet, most)
        table = _table(numbered, is_known, most)
        table.notes, table.sheet, table.sheets = tuple(_notes(info)), info.name, info.visible
        return table
    except (ValueError, OSError, IndexError) as error:
        raise UnknownFormat(_("файл не получилось прочитать: %(error)s", error=error)) from error


def _kind(path: Path) -> str:
    """Return the ending that fits what the file holds."""
    ending = path.suffix.lower()
    if ending not in {".jsonl", *_TEXTS, *SPREADSHEETS}:
        raise UnknownFormat(_("нужна таблица .csv, .xlsx, .xls, .ods или .jsonl"))
    with path.open("rb") as file:
        start = file.read(512)
    if start.startswith(_ZIP):
        return ".ods" if b"opendocument.spreadsheet" in start or ending == ".ods" else ".xlsx"
    if start.startswith(_OLE):
        return ".xls"
    if start.lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith(_PAGE):
        raise UnknownFormat(_("внутри веб-страница или XML, а не таблица: откройте файл в Excel и сохраните как XLSX"))
    if ending in SPREADSHEETS:
        if ending == ".xls" and b"\0" not in start and b"\t" in start.partition(b"\n")[0]:
            return ".csv"  # some programs call a text .xls
        raise UnknownFormat(_("это не книга Excel или LibreOffice, или файл повреждён"))
    return ".jsonl" if ending == ".jsonl" else ".csv"


def _table(
    numbered: Iterator[tuple[int, Record]], is_known: Callable[[str], bool] | None, most: int | None, *,
    may_be_torn: bool = False,
) -> TableFile:  # fmt: skip
    """Return the table below the headings that are found among the first records."""
    first = list(islice(filter(_says_something, numbered), LOOKED_AT))
    readable = [each for each in first if not each[1][1]]
    if not readable:
        return TableFile((), iter([Row(number, {}, problem) for number, (_values, problem) in first]))
    place, (headings, _sound) = readable[find_headings([record[0] for _number, record in readable], is_known)]
    if most is not None:
        _require_narrow(headings)
    columns = columns_of(headings)
    rows = _rows(chain((each for each in first if each[0] > place), numbered), columns)
    return TableFile(columns, _untorn(rows, len(columns)) if may_be_torn else (row for row, _width in rows))


def _require_narrow(headings: list[Any]) -> None:
    if len(headings) > WIDEST and _is_filled(headings[WIDEST:]):
        raise UnknownFormat(_("столбцов %(n)s, а можно не больше %(most)s", n=len(headings), most=WIDEST))


def _says_something(numbered: tuple[int, Record]) -> bool:
    values, problem = numbered[1]
    return bool(problem) or _is_filled(values)


def _is_filled(values: list[Any]) -> bool:
    return any(
        value is not None and value != "" and not (isinstance(value, str) and value.isspace()) for value in values
    )


def _rows(numbered: Iterator[tuple[int, Record]], columns: tuple[TableColumn, ...]) -> Iterator[tuple[Row, int]]:
    """Yield each row that is not empty, and how many values it has. More than the headings name are a problem."""
    names, is_first = [column.name for column in columns], True
    for number, (values, problem) in numbered:
        if problem:
            yield Row(number, {}, problem), 0
        elif _is_filled(values):
            surplus = [value for value in values[len(names) :] if _is_filled([value])]
            if is_first and _is_numbering(values):
                continue
            is_first = False
            yield Row(number, dict(zip(names, values, strict=False)), _surplus(len(names), surplus)), len(values)


def _is_numbering(values: list[Any]) -> bool:
    """Return whether the row below the headings only numbers the columns: 1, 2, 3, …"""
    said = [str(value).strip() for value in values if _is_filled([value])]
    return len(said) > 2 and said == [str(number) for number in range(1, len(said) + 1)]


def _surplus(width: int, surplus: list[Any]) -> str:
    if not surplus:
        return ""
    return _(
        "значений больше, чем столбцов (%(columns)s): лишнее – «%(text)s». Если разделитель стоит внутри текста, возьмите "
        "текст в кавычки", columns=width, text=str(surplus[0])[:40],
    )  # fmt: skip


def _untorn(rows: Iterator[tuple[Row, int]], width: int) -> Iterator[Row]:
    """Yield the rows; two neighbours that together are as wide as one were torn by a line break without quotes."""
    before: tuple[Row, int] | None = None
    for row, count in rows:
        if before is not None:
            is_torn = not row.problem and not before[0].problem and before[1] < width and before[1] + count == width + 1
            if is_torn and width > 2 and count < width:
                problem = _("строка разорвана переносом: текст с переносом надо взять в кавычки")
                yield Row(before[0].number, before[0].values, problem)
                before = Row(row.number, row.values, problem), 0
                continue
            yield before[0]
        before = row, count
    if before is not None:
        yield before[0]


def _json_lines(path: Path) -> TableFile:
    """Return the table of a file with one JSON object a line; its columns are all keys that occur."""
    keys: dict[str, None] = {}
    for row in _json_rows(path):
        keys.update(dict.fromkeys(row.values))
    columns = columns_of(list(keys))
    names = {key: column.name for key, column in zip(keys, columns, strict=False)}
    rows = (
        Row(row.number, {names[key]: value for key, value in row.values.items() if key in names}, row.problem)
        for row in _json_rows(path)
    )
    return TableFile(columns, rows)


def _json_rows(path: Path) -> Iterator[Row]:
    with path.open(encoding=delimited.encoding_of(path), errors="replace", newline="\n") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                value = json.loads(line)
            except (ValueError, RecursionError):
                yield Row(number, {}, _("это не JSON"))
                continue
            if isinstance(value, dict):
                yield Row(number, value)
            else:
                yield Row(number, {}, _("это JSON, но не объект"))


def _sheet(path: Path, kind: str, sheet: str, most: int | None) -> tuple[SheetInfo, Iterator[tuple[int, Record]]]:
    """Return what is known of a sheet, and its records, read in a separate process (see ``spreadsheet_process``)."""
    task = Task(str(path), kind, sheet, OWN_MEMORY)
    if most is not None:
        task = Task(str(path), kind, sheet, MEMORY, most + LOOKED_AT + 2, WIDEST, LONGEST)
    lines = TemporaryFile()  # noqa: SIM115 - closed after the last record
    try:
        done = subprocess.run(
            [sys.executable, "-m", "incubator.tabular.spreadsheet_process"], input=msgspec.json.encode(task), stdout=lines,
            stderr=subprocess.PIPE, timeout=None if most is None else PATIENCE,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        lines.close()
        raise UnknownFormat(_("таблица слишком большая")) from None
    if done.returncode:
        lines.close()
        raise UnknownFormat(_why(done.returncode, done.stderr.decode("utf-8", "replace").strip()))
    lines.seek(0)
    return msgspec.json.decode(lines.readline(), type=SheetInfo), _sheet_records(lines)


def _why(status: int, said: str) -> str:
    """Return in the reader's language why the process has failed."""
    if status < 0:  # calamine aborts when it runs out of memory; then it prints a stack trace.
        return _("таблица слишком большая")
    kind, _colon, rest = said.partition(": ")
    if kind == "NoSuchSheet":
        return _("такого листа нет. Есть: %(sheets)s", sheets=rest)
    known = {
        "TableTooLarge": _("таблица слишком большая (%(what)s)", what=rest),
        "PasswordError": _("книга закрыта паролем: снимите пароль и сохраните её"),
        "MemoryError": _("таблица слишком большая"),
    }
    return known.get(kind) or _("это не книга Excel или LibreOffice, или файл повреждён")


def _sheet_records(lines: IO[bytes]) -> Iterator[tuple[int, Record]]:
    with lines:
        for line in lines:
            number, *values = msgspec.json.decode(line, type=list[Any])
            yield number, ([_value(value) for value in values], "")


_TAGGED: dict[str, Callable[[str], Any]] = {
    "bad": BadCell, "date": date.fromisoformat, "moment": datetime.fromisoformat, "time": time.fromisoformat,
}  # fmt: skip


def _value(value: Any) -> Any:
    if isinstance(value, dict):
        ((kind, text),) = value.items()
        return _TAGGED[kind](text)
    return value


def _notes(info: SheetInfo) -> Iterator[str]:
    if others := [name for name in info.visible if name != info.name]:
        yield _("Прочитан лист «%(name)s». В книге есть ещё: %(others)s.", name=info.name, others=", ".join(others))
    if info.hidden:
        yield _("Скрытые листы не читаются: %(sheets)s.", sheets=", ".join(info.hidden))
    if info.hidden_rows:
        yield ngettext(
            "Скрыта или отфильтрована %(n)s строка: она прочитана тоже.",
            "Скрыто или отфильтровано %(n)s строк: они прочитаны тоже.",
            info.hidden_rows,
        )
