"""Reading rows from JSON Lines, CSV, or a spreadsheet of Excel or LibreOffice."""

import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from incubator.core.text import clean
from incubator.tabular.spreadsheet_process import Task

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


class UnknownFormat(Exception):
    """A file with an unsupported extension, or with contents that do not match it."""


@dataclass(frozen=True, slots=True)
class Problem:
    """An error in a row; ``row`` counts from 1, as an editor or Excel shows it."""

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
    """Why the whole row could not be read."""

    def text(self, column: str) -> str:
        """Return the value as text: lists are joined, None becomes empty, control characters are removed."""
        value = self.values.get(column)
        if value is None:
            return ""
        if isinstance(value, (list, tuple)):
            value = ", ".join(str(v) for v in value)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return clean(str(value))


def read_rows(path: Path, *, most: int | None = None) -> list[Row]:
    """Return all rows of ``path``; with ``most``, that many and one more, to detect too many. Raises UnknownFormat."""
    readers: dict[str, Callable[[Path], Iterator[Row]]] = {
        ".jsonl": _json_lines,
        ".csv": _csv,
        **dict.fromkeys(SPREADSHEETS, partial(_spreadsheet, most=most)),
    }
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise UnknownFormat(f"{path.name}: expected .jsonl, .csv, .xlsx, .xls or .ods")
    try:
        return list(islice(reader(path), None if most is None else most + 1))
    except UnknownFormat:
        raise
    except Exception as error:
        raise UnknownFormat(f"{path.name} cannot be read as {path.suffix}: {error}") from error


def _decoded(path: Path) -> str:
    """Decode UTF-8, or the encoding that Excel uses on a Russian Windows."""
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


def _spreadsheet(path: Path, most: int | None = None) -> Iterator[Row]:
    """Yield the rows below the first non-empty one, which names the columns."""
    names: list[str] = []
    for number, line in enumerate(_sheet(path, most).splitlines(), start=1):
        values = msgspec.json.decode(line, type=list[Any])
        if all(value is None for value in values):
            continue
        if names:
            yield Row(number, dict(zip(names, values, strict=False)))
        else:
            names = ["" if value is None else str(value) for value in values]


def _sheet(path: Path, most: int | None) -> bytes:
    """Return the first sheet, one row per line, read in a separate process (see ``spreadsheet_process``)."""
    task = Task(str(path), OWN_MEMORY) if most is None else Task(str(path), MEMORY, most + 2, WIDEST, LONGEST)
    done = subprocess.run(
        [sys.executable, "-m", "incubator.tabular.spreadsheet_process"],
        input=msgspec.json.encode(task), capture_output=True, timeout=None if most is None else PATIENCE,
    )  # fmt: skip
    if done.returncode:
        # calamine aborts when it runs out of memory; then it prints a stack trace.
        said = "too large" if done.returncode < 0 else done.stderr.decode("utf-8", "replace").strip()
        raise UnknownFormat(f"{path.name}: {said}")
    return done.stdout
