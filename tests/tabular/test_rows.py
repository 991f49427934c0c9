"""Reading tables: the same rows from every format."""

from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from xlsxwriter import Workbook

from incubator.tabular.reading import read_rows
from incubator.tabular.rows import Row, UnknownFormat
from incubator.tabular.sheets import as_csv, as_xlsx
from tests.tabular.open_document import ods

COLUMNS = ["id", "Название", "Беда", "Район", "Когда", "Доля"]
ROWS: list[list[Any]] = [
    [1, "Умная кормушка", "Телята не допивают", "Лужский район", date(2026, 2, 3), 2.5],
    [2, "Тёплая плитка", "У двери лёд", "Тосненский район", date(2026, 2, 4), 0.25],
    [3, "Чистый берег", "Пластик в реке", "Подпорожский район", date(2026, 2, 5), 1],
]
XLS = Path(__file__).parents[1] / "data" / "ideas.xls"


def written(folder: Path, kind: str) -> Path:
    path = folder / f"ideas.{kind}"
    match kind:
        case "xls":
            return XLS
        case "ods":
            return ods(path, [COLUMNS, *ROWS])
        case "xlsx":
            path.write_bytes(as_xlsx(COLUMNS, ROWS))
        case "csv":
            path.write_bytes(as_csv(COLUMNS, ROWS))
    return path


@pytest.mark.parametrize("kind", ["csv", "xlsx", "xls", "ods"])
def test_every_format_has_the_same_rows(tmp_path: Path, kind: str) -> None:
    rows = read_rows(written(tmp_path, kind))
    assert [row.number for row in rows] == [2, 3, 4]
    assert [[row.text(column) for column in COLUMNS] for row in rows] == [[str(v) for v in row] for row in ROWS]
    assert list(rows[0].values) == COLUMNS


def sheet(path: Path, fill: Any, *, name: str = "table.xlsx") -> list[Row]:
    book = Workbook(path / name)
    fill(book)
    book.close()
    return read_rows(path / name)


def test_cells_of_every_kind(tmp_path: Path) -> None:
    def fill(book: Workbook) -> None:
        page = book.add_worksheet()
        page.write_row(0, 0, ["moment", "midnight", "time", "yes", "wrong", "huge", "zeros", "none"])
        page.write_datetime(1, 0, datetime(2026, 2, 3, 10, 30), book.add_format({"num_format": "yyyy-mm-dd hh:mm"}))
        page.write_datetime(1, 1, datetime(2026, 2, 3), book.add_format({"num_format": "yyyy-mm-dd hh:mm"}))
        page.write_datetime(1, 2, time(10, 30), book.add_format({"num_format": "hh:mm"}))
        page.write_boolean(1, 3, True)
        page.write_formula(1, 4, "=1/0", value="#DIV/0!")
        page.write_number(1, 5, 1e300)
        page.write_string(1, 6, "007")

    (row,) = sheet(tmp_path, fill)
    texts = {name: row.text(name) for name in row.values}
    assert texts == {
        "moment": "2026-02-03T10:30:00", "midnight": "2026-02-03", "time": "10:30:00", "yes": "True", "wrong": "#DIV/0!",
        "huge": "1e+300", "zeros": "007", "none": "",
    }  # fmt: skip
    assert {name: row.readable(name) for name in ("moment", "midnight", "time", "yes")} == {
        "moment": "03.02.2026 10:30", "midnight": "03.02.2026", "time": "10:30", "yes": "да",
    }  # fmt: skip
    assert [name for name in row.values if row.fault(name)] == ["wrong"]


def test_rows_are_counted_as_the_sheet_shows_them_and_hidden_sheets_are_not_read(tmp_path: Path) -> None:
    def fill(book: Workbook) -> None:
        hidden, page = book.add_worksheet("notes"), book.add_worksheet("ideas")
        hidden.write(0, 0, "secret")
        hidden.hide()
        page.activate()
        page.set_first_sheet()
        page.write(2, 1, "title")
        page.write(5, 1, "Мост")

    (row,) = sheet(tmp_path, fill)
    assert (row.number, row.text("title"), row.text("secret")) == (6, "Мост", "")


def test_an_empty_sheet_has_no_rows(tmp_path: Path) -> None:
    assert sheet(tmp_path, lambda book: book.add_worksheet()) == []


@pytest.mark.parametrize("name", ["x.xlsx", "x.xls", "x.ods", "x.docx", "x"])
def test_what_cannot_be_read_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"not a table")
    with pytest.raises(UnknownFormat, match=r"книга|нужна таблица"):
        read_rows(tmp_path / name)
