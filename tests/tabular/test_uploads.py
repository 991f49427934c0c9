"""Uploaded tables: read, or refused in bounded time and memory."""

import io
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from xlsxwriter import Workbook

from incubator.tabular.reading import MEMORY
from incubator.tabular.sheets import as_csv, as_xlsx
from incubator.tabular.uploads import uploaded_rows
from tests.tabular.open_document import ods, raw_ods
from tests.tabular.test_rows import XLS

MOST = 5000


def cells(*places: str) -> bytes:
    out = io.BytesIO()
    with Workbook(out) as book:
        page = book.add_worksheet()
        for place in places:
            page.write(place, "submission")
    return out.getvalue()


def changed(change: Callable[[bytes], bytes]) -> bytes:
    """Return a workbook of two cells whose sheet was changed by ``change``."""
    out = io.BytesIO()
    with ZipFile(io.BytesIO(cells("A1", "A2"))) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for part in old.namelist():
            content = old.read(part)
            new.writestr(part, change(content) if part.endswith("sheet1.xml") else content)
    return out.getvalue()


def bomb() -> bytes:
    """Return a few kilobytes that unpack to fifty megabytes."""
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as parts:
        parts.writestr("xl/worksheets/sheet1.xml", b" " * 50_000_000)
    return out.getvalue()


def laughter() -> bytes:
    """Return one long text to which fifty thousand cells refer: kilobytes of file, gigabytes of table."""
    rows = b"".join(b'<row><c t="s"><v>0</v></c></row>' for _row in range(50_000))
    sheet = changed(lambda xml: re.sub(rb"<sheetData>.*</sheetData>", b"<sheetData>" + rows + b"</sheetData>", xml))
    out = io.BytesIO()
    with ZipFile(io.BytesIO(sheet)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for part in old.namelist():
            content = old.read(part)
            long = content.replace(b"submission", b"x" * 1_000_000) if part.endswith("sharedStrings.xml") else content
            new.writestr(part, long)
    return out.getvalue()


def document(table: str, folder: Path) -> bytes:
    return raw_ods(folder / "made.ods", table).read_bytes()


CELL = '<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell>'
CELL_TO_THE_EDGE = CELL.replace(" ", ' table:number-columns-repeated="16384" ', 1)
HOSTILE: dict[str, tuple[str, Callable[[Path], bytes]]] = {
    "the last cell of a sheet": ("x.xlsx", lambda _: cells("A1", "XFD1048576")),
    "a cell beyond any sheet": ("x.xlsx", lambda _: changed(lambda xml: xml.replace(b'r="A2"', b'r="XFD4000000000"'))),
    "too wide": ("x.xlsx", lambda _: cells("A1", "CZ1")),
    "a bomb": ("x.xlsx", lambda _: bomb()),
    "one text a million times": ("x.xlsx", lambda _: laughter()),
    "broken": ("x.xlsx", lambda _: cells("A1")[:-300]),
    "cut off": ("x.xls", lambda _: XLS.read_bytes()[:2000]),
    "no workbook": ("x.ods", lambda _: b"PK not a zip"),
    "billions of cells": (
        "x.ods",
        lambda folder: document(
            f'<table:table-row table:number-rows-repeated="1048576">{CELL_TO_THE_EDGE}</table:table-row>',
            folder,
        ),
    ),
    "an unknown ending": ("x.pdf", lambda _: b"%PDF"),
    "no ending": ("x\0", lambda _: b""),
    "a wide csv": ("x.csv", lambda _: ",".join(f"c{n}" for n in range(40_000)).encode() + b"\n1" * 4000),
}


#: Prints why a table was refused, and the bytes that the largest process took that read it.
READ_APART = """
import json, resource, sys
from pathlib import Path
from incubator.tabular.rows import UnknownFormat
from incubator.tabular.uploads import uploaded_rows
name, file, most = json.load(sys.stdin)
try:
    uploaded_rows(name, Path(file).read_bytes(), most=most)
except UnknownFormat as refused:
    print(json.dumps([str(refused), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024]))
"""


@pytest.mark.parametrize("case", HOSTILE)
def test_what_asks_for_too_much_is_refused(tmp_path: Path, case: str) -> None:
    name, made = HOSTILE[case]
    content = made(tmp_path)
    assert len(content) < 512 * 1024  # the maximum size of a request
    file = tmp_path / "content"
    file.write_bytes(content)
    # In a process of its own: a child counts as at least as large as the process that started it.
    read = subprocess.run(
        [sys.executable, "-c", READ_APART], input=json.dumps([name, str(file), MOST]), capture_output=True, text=True,
        check=True, timeout=600,
    )  # fmt: skip
    said, peak = json.loads(read.stdout)
    assert 0 < len(said) < 400
    assert peak < MEMORY


@pytest.mark.parametrize(
    ("name", "made", "rows"),
    [
        ("x.xlsx", lambda _: cells("A1", "A1048000"), 1),
        ("x.xlsx", lambda _: changed(lambda xml: xml.replace(b'ref="A1:A2"', b'ref="A1:XFD4000000000"')), 1),
        ("x.ods", lambda f: document(f"<table:table-row>{CELL}</table:table-row>" * 2, f), 1),
        (
            "x.ods",
            lambda f: document(f'<table:table-row table:number-rows-repeated="4000000">{CELL}</table:table-row>', f),
            MOST + 1,
        ),
        ("x.csv", lambda _: b"submission,mentor\n" + b"1,a@example.org\n" * 6000, MOST + 1),
        ("x.csv", lambda _: b"submission,mentor\n" + b"9" * 5000 + b",a@b.ru\n", 1),
        ("x.csv", lambda _: b"\xff\xfe\0\0,\n" * 20, 0),  # in UTF-16, as its mark says, this is one line
        ("x.csv", lambda _: b"\xff\xee,\n" * 20, 19),
        ("x.csv\0.csv", lambda _: b"submission,mentor\n1,\n", 1),
        (
            "x.xlsx",
            lambda _: changed(lambda xml: re.sub(rb'<c r="A2".*?</c>', b"<c><v>" + b"9" * 5000 + b"</v></c>", xml)),
            0,
        ),
    ],
)
def test_a_table_is_read_no_further_than_it_may_be_long(
    tmp_path: Path, name: str, made: Callable[[Path], bytes], rows: int
) -> None:
    assert len(uploaded_rows(name, made(tmp_path), most=MOST)) == rows


@pytest.mark.parametrize("kind", ["csv", "xlsx", "ods"])
def test_the_longest_table_is_read_whole_and_one_more_row_can_be_told(tmp_path: Path, kind: str) -> None:
    columns = ["submission", "title", "stage", "mentor", "name", "state", "due"]
    row = ["12345", "Ж" * 40, "project", "mentor@example.org", "Мария Кузнецова", "assigned", "2026-02-03"]
    rows = [row] * (MOST + 1)
    match kind:
        case "csv":
            content = as_csv(columns, rows)
        case "xlsx":
            content = as_xlsx(columns, rows)
        case _:
            content = ods(tmp_path / "long.ods", [columns, *rows]).read_bytes()
    assert len(uploaded_rows(f"table.{kind}", content, most=MOST)) == MOST + 1
