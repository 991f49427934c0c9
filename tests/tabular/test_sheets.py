"""Writing tables: numbers and dates as such, texts as texts, and no formulas."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zipfile import ZipFile

import pytest
from python_calamine import load_workbook

from incubator.tabular.sheets import FORMULA, LONGEST_CELL, Cell, as_csv, as_xlsx

COLUMNS = ("id", "text", "share", "day", "moment")
ROW: tuple[Cell, ...] = (7, "Мост, «новый»\n2", 2.5, date(2026, 2, 3), datetime(2026, 2, 3, 21, 30, tzinfo=UTC))


def read(content: bytes) -> list[list[Any]]:
    return load_workbook(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def xml(content: bytes, part: str = "xl/worksheets/sheet1.xml") -> str:
    with ZipFile(io.BytesIO(content)) as parts:
        return parts.read(part).decode()


def test_a_workbook_has_real_numbers_and_dates_in_the_regions_time() -> None:
    content = as_xlsx(COLUMNS, iter([ROW, (None, "", Decimal("0.1"), True, 10**17)]), name="ideas")
    assert read(content) == [
        list(COLUMNS),
        [7, ROW[1], 2.5, date(2026, 2, 3), datetime(2026, 2, 4, 0, 30)],
        ["", "", 0.1, True, "100000000000000000"],
    ]
    assert load_workbook(io.BytesIO(content)).sheet_names == ["ideas"]


def test_a_workbook_is_pleasant_to_open() -> None:
    sheet = xml(as_xlsx(COLUMNS, [(1, "Ж" * 30, 1.0, None, None)] * 3))
    assert '<pane ySplit="1"' in sheet
    assert '<autoFilter ref="A1:E4"/>' in sheet
    assert '<col min="2" max="2" width="32.7' in sheet


def test_a_csv_opens_in_excel() -> None:
    text = as_csv(COLUMNS, [ROW, (-5, None, -0.5, None, True)]).decode("utf-8")
    assert text == (
        "\ufeffid,text,share,day,moment\r\n"
        '7,"Мост, «новый»\n2",2.5,2026-02-03,2026-02-04 00:30\r\n'
        "-5,,-0.5,,True\r\n"
    )  # fmt: skip


@pytest.mark.parametrize("start", FORMULA)
def test_a_text_is_never_a_formula(start: str) -> None:
    cell = f"{start}HYPERLINK(1)"
    assert f"'{cell}" in as_csv([cell], [[cell]]).decode("utf-8-sig")
    content = as_xlsx([cell], [[cell], ["{=1}"], ["https://example.org"]])
    assert "<f>" not in xml(content)
    assert "hyperlink" not in xml(content).replace("HYPERLINK", "").lower()
    assert 'quotePrefix="1"' in xml(content, "xl/styles.xml")
    assert [row[0].strip("\t\r\n") for row in read(content)[:2]] == [cell.strip("\t\r\n")] * 2


def test_odd_cells_are_written_all_the_same() -> None:
    odd: list[Cell] = ["x" * 40_000, "\x00\x1b_x0041_", "\ud800", float("inf"), date(1812, 9, 7), ""]
    rows = read(as_xlsx(["odd"], [[cell] for cell in odd]))
    assert len(rows[1][0]) == LONGEST_CELL
    assert rows[5][0] == "1812-09-07"
    assert as_csv(["odd"], [[cell] for cell in odd]).startswith(b"\xef\xbb\xbfodd\r\n")


def test_a_table_without_rows_is_its_header() -> None:
    assert read(as_xlsx(COLUMNS, [])) == [list(COLUMNS)]
    assert as_csv(COLUMNS, []).decode("utf-8-sig") == "id,text,share,day,moment\r\n"
