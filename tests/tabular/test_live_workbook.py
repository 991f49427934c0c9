"""How a workbook with formulas looks where it is opened and printed."""

import io
from decimal import Decimal
from typing import Any

from openpyxl import load_workbook

from incubator.tabular.live_sheets import Look, SheetWriter
from incubator.tabular.live_workbook import as_workbook


def page_of(writer: SheetWriter, widths: list[int]) -> Any:
    return load_workbook(io.BytesIO(as_workbook([writer.sheet(widths)], title="x"))).worksheets[0]


def test_a_long_text_is_not_cut_by_the_row_below() -> None:
    writer = SheetWriter("x")
    for row, text in enumerate(("квадратный метр щита", "метр", "Очень долгое название статьи расходов " * 3)):
        writer.typed(row, 0, text, Look.TEXT)
    page = page_of(writer, [16])
    assert [page.row_dimensions[row].height for row in (1, 2, 3)] == [30, None, 120]


def test_a_head_stands_above_its_numbers() -> None:
    writer = SheetWriter("x")
    writer.put(0, 0, "Что", Look.HEAD)
    writer.put(0, 1, "Цена, ₽", Look.HEAD)
    writer.typed(1, 0, "Клей", Look.TEXT)
    writer.typed(1, 1, Decimal(300), Look.MONEY)
    page = page_of(writer, [20, 12])
    assert [page.cell(1, column).alignment.horizontal for column in (1, 2)] == [None, "right"]
    assert (page.cell(2, 2).alignment.horizontal, page.cell(2, 2).alignment.indent) == ("right", 1)


def test_it_is_printed_as_wide_as_the_paper_on_as_many_pages_as_it_takes() -> None:
    writer = SheetWriter("x")
    writer.put(0, 0, "x")
    page = page_of(writer, [16])
    assert (page.page_setup.fitToWidth or 1, page.page_setup.fitToHeight, page.page_setup.orientation) == (
        1,
        0,
        "landscape",
    )
