"""Uploaded tables: checked before they are parsed, and read only up to a limit."""

import csv
import io
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import BadZipFile, ZipFile

from incubator.tabular.rows import SPREADSHEETS, WIDEST, Row, UnknownFormat, read_rows

#: Extensions that a file field accepts.
ACCEPTED = (".csv", *SPREADSHEETS)
#: Maximum bytes; five thousand rows from LibreOffice are a third of this.
UNPACKED = 20_000_000


def uploaded_rows(name: str, content: bytes, *, most: int) -> list[Row]:
    """Return the rows of an uploaded table, at most ``most`` and one more. Blocks: call it in a thread.

    Raises UnknownFormat, also for a file that would unpack to more than UNPACKED bytes or is wider than WIDEST.
    """
    suffix = Path(name.replace("\0", "")).suffix.lower()
    if suffix not in ACCEPTED:
        raise UnknownFormat(f"expected one of {', '.join(ACCEPTED)}")
    if suffix == ".csv":
        _refuse_wide(content)
    elif suffix != ".xls":
        _refuse_bombs(content)
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"table{suffix}"
        path.write_bytes(content)
        return read_rows(path, most=most)


def _refuse_bombs(content: bytes) -> None:
    try:
        with ZipFile(io.BytesIO(content)) as parts:
            size = sum(part.file_size for part in parts.infolist())
    except (BadZipFile, NotImplementedError) as error:
        raise UnknownFormat(str(error)) from error
    if size > UNPACKED:
        raise UnknownFormat(f"{size} bytes when unpacked")


def _refuse_wide(content: bytes) -> None:
    """Check the first row, whatever the separator: a reader creates all of its columns for every row."""
    text = content.decode("utf-8", "replace")
    try:
        widest = max(len(next(csv.reader(io.StringIO(text, newline=""), delimiter=d), [])) for d in ",;\t")
    except csv.Error as error:
        raise UnknownFormat(str(error)) from error
    if widest > WIDEST:
        raise UnknownFormat(f"{widest} columns, at most {WIDEST}")
