"""Uploaded tables: checked before they are parsed, and read only up to a limit."""

import io
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import BadZipFile, ZipFile

from incubator.core.languages import _
from incubator.tabular.reading import SPREADSHEETS, read_rows
from incubator.tabular.rows import Row, UnknownFormat

#: Extensions that a file field accepts.
ACCEPTED = (".csv", *SPREADSHEETS)
#: Maximum bytes; five thousand rows from LibreOffice are a third of this.
UNPACKED = 20_000_000


def uploaded_rows(name: str, content: bytes, *, most: int) -> list[Row]:
    """Return the rows of an uploaded table, at most ``most`` and one more. Blocks: call it in a thread.

    Raises UnknownFormat, also for a file that would unpack to more than UNPACKED bytes or is wider than WIDEST.
    """
    suffix = require_acceptable(name, content)
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"table{suffix}"
        path.write_bytes(content)
        return read_rows(path, most=most)


def require_acceptable(name: str, content: bytes) -> str:
    """Return the ending of a table's name. Raises UnknownFormat for another one, and for what would unpack to too much."""
    suffix = Path(name.replace("\0", "")).suffix.lower()
    if suffix not in ACCEPTED:
        raise UnknownFormat(_("нужна таблица .csv, .xlsx, .xls или .ods"))
    if content.startswith(b"PK"):
        _refuse_bombs(content)
    return suffix


def _refuse_bombs(content: bytes) -> None:
    try:
        with ZipFile(io.BytesIO(content)) as parts:
            size = sum(part.file_size for part in parts.infolist())
    except (BadZipFile, NotImplementedError) as error:
        raise UnknownFormat(_("это не книга Excel или LibreOffice, или файл повреждён")) from error
    if size > UNPACKED:
        raise UnknownFormat(_("таблица слишком большая"))
