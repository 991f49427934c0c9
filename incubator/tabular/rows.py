"""Rows of a file, whatever it is: JSON Lines, CSV or Excel."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from incubator.core.text import clean

#: Columns that a table of a stranger may have.
WIDEST = 100


class UnknownFormat(Exception):
    """Not one of the endings we read, or not what its ending promises."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a row; ``row`` counts from 1 as an editor or Excel shows it."""

    row: int
    column: str
    text: str

    def __str__(self) -> str:
        return f"row {self.row}, {self.column}: {self.text}" if self.column else f"row {self.row}: {self.text}"


@dataclass(frozen=True, slots=True)
class Row:
    number: int
    values: dict[str, Any]
    problem: str = ""
    """Why it could not be read at all."""

    def text(self, column: str) -> str:
        """The value as text: lists are joined, nothing becomes empty, control characters go."""
        value = self.values.get(column)
        if value is None:
            return ""
        if isinstance(value, (list, tuple)):
            value = ", ".join(str(v) for v in value)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return clean(str(value))


def read_rows(path: Path, *, most: int | None = None) -> list[Row]:
    """All rows of ``path``; of a stranger's file ``most`` and one more, so that too many can be told. Raises UnknownFormat."""
    readers: dict[str, Callable[[Path], Iterator[Row]]] = {
        ".jsonl": _json_lines,
        ".csv": _csv,
        ".xlsx": partial(_xlsx, most=most),
    }
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise UnknownFormat(f"{path.name}: expected .jsonl, .csv or .xlsx")
    try:
        return list(islice(reader(path), None if most is None else most + 1))
    except UnknownFormat:
        raise
    except Exception as error:
        raise UnknownFormat(f"{path.name} cannot be read as {path.suffix}: {error}") from error


def _decoded(path: Path) -> str:
    """UTF-8, or what Excel writes on a Russian Windows."""
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1251", "replace")


def _json_lines(path: Path) -> Iterator[Row]:
    for number, line in enumerate(_decoded(path).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            yield Row(number, {}, "is not valid JSON")
            continue
        if isinstance(value, dict):
            yield Row(number, value)
        else:
            yield Row(number, {}, "is not a JSON object")


def _csv(path: Path) -> Iterator[Row]:
    text = _decoded(path)
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    csv.field_size_limit(1_000_000)
    for number, row in enumerate(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter), start=2):
        yield Row(number, {k: v for k, v in row.items() if k is not None})


def _xlsx(path: Path, most: int | None = None) -> Iterator[Row]:
    book = load_workbook(path, read_only=True, data_only=True)
    sheet = book.worksheets[0]
    # Rows that are missing count too: one in the last line of a sheet stands for a million.
    bounds = {} if most is None else {"max_row": most + 2, "max_col": WIDEST}
    rows = sheet.iter_rows(values_only=True, **bounds)
    header = next(rows, ())
    names = [str(name) if name is not None else "" for name in header]
    for number, values in enumerate(rows, start=2):
        if any(v is not None for v in values):
            yield Row(number, dict(zip(names, values, strict=False)))
