"""Tables as text: the encoding, the separator and the records of a CSV file, read a line at a time."""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from incubator.core.languages import _, ngettext
from incubator.tabular.rows import UnknownFormat

#: Separators in the order of preference.
DELIMITERS = ";,\t|"
#: Bytes from the start of the file by which its encoding and its separator are guessed.
_SAMPLE = 65_536
#: Characters of the longest cell.
_LONGEST_CELL = 1_000_000
#: Encodings in which Russian programs save, besides UTF-8: Windows, «CSV (MS-DOS)», «CSV (Macintosh)», old Unix.
_RUSSIAN = ("cp1251", "cp866", "mac_cyrillic", "koi8_r")
#: Russian letters, and those among them that Russian texts have most: the right encoding has more of them than a wrong one.
_LETTERS, _FREQUENT = frozenset("абвгдеёжзийклмнопрстуфхцчшщъыьэюя"), frozenset("оеаинтс")

#: A record's values, or why it could not be read.
Record = tuple[list[Any], str]


def encoding_of(path: Path) -> str:
    """Return the name of the file's encoding. Raises UnknownFormat for a file that is no text."""
    with path.open("rb") as file:
        start = file.read(_SAMPLE)
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if start.startswith(mark):
            return name
    if b"\0" in start:
        return _wide_encoding(start)
    return (
        "utf-8" if _is_utf8(path) or _is_damaged_utf8(start) else max(_RUSSIAN, key=lambda name: _likeness(start, name))
    )


def _wide_encoding(start: bytes) -> str:
    """Return which UTF-16 it is, without a mark: separators and line ends have a zero byte on one side."""
    even, odd = start[::2].count(0), start[1::2].count(0)
    name = "utf-16-le" if odd > even else "utf-16-be"
    text = start.decode(name, "replace")
    if sum(letter.isprintable() or letter.isspace() for letter in text) > 0.9 * len(text):
        return name
    raise UnknownFormat(_("это не текст и не таблица"))


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while portion := file.read(1 << 20):
                decoder.decode(portion)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _is_damaged_utf8(start: bytes) -> bool:
    """Return whether it is UTF-8 with a few wrong bytes: in another encoding hardly any two bytes make a Russian letter."""
    text = start.decode("utf-8", "replace").lower()
    return sum(letter in _LETTERS for letter in text) > 20 * text.count("\ufffd")


def _likeness(start: bytes, encoding: str) -> int:
    text = start.decode(encoding, "replace").lower()
    return sum(letter in _LETTERS for letter in text) + sum(letter in _FREQUENT for letter in text)


def records(path: Path) -> Iterator[tuple[int, Record]]:
    """Yield each record with its number, which counts from 1 as Excel does. Raises UnknownFormat."""
    csv.field_size_limit(_LONGEST_CELL)
    encoding = encoding_of(path)
    delimiter, is_said = _delimiter(path, encoding)
    with path.open(encoding=encoding, errors="replace", newline="") as lines:
        if is_said:
            next(lines)
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        number = int(is_said)
        while True:
            number += 1
            begins = reader.line_num + 1
            try:
                values = next(reader)
            except StopIteration:
                return
            except csv.Error:
                yield number, ([], _quote_problem(reader.line_num - begins + 1))
            else:
                has_swallowed = reader.line_num > begins and _has_swallowed(values, delimiter)
                yield number, (list(values), _quote_problem(reader.line_num - begins + 1) if has_swallowed else "")


def _has_swallowed(values: list[str], delimiter: str) -> bool:
    """Return whether a value has a whole row in it: one quotation mark began it, and another one far below ended it."""
    width = len(values)
    return width > 2 and any(line.count(delimiter) >= width - 1 for value in values for line in value.split("\n")[1:])


def _quote_problem(lines: int) -> str:
    problem = _(
        'кавычка не закрыта или стоит посреди значения: значение с кавычками пишут "так, с ""двойными"" внутри"'
    )
    if lines < 2:
        return problem
    swallowed = ngettext("прочитать не удалось %(n)s строку", "прочитать не удалось %(n)s строк", lines)
    return f"{problem} ({swallowed})"


def _delimiter(path: Path, encoding: str) -> tuple[str, bool]:
    """Return the separator, and whether the first line says it, as Excel writes: ``sep=;``."""
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        sample = file.read(_SAMPLE)
    said = sample[:8].casefold()
    if said.startswith("sep=") and len(said) > 4 and said[4] not in "\r\n" and sample[5:6] in {"\r", "\n", ""}:
        return sample[4], True
    whole = sample.rpartition("\n")[0] or sample
    return max(DELIMITERS, key=lambda d: (_evenness(whole, d), -DELIMITERS.index(d))), False


def _evenness(sample: str, delimiter: str) -> tuple[float, int]:
    """Return the share of records that have the usual number of values, more than one; and that number."""
    try:
        widths = Counter(
            len(row) for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter) if any(row)
        )
    except csv.Error:
        return 0.0, 0
    usual, times = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
    return (times / widths.total(), usual) if usual > 1 else (0.0, 0)
