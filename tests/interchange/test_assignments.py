"""Assignments as a table: export, import after a check, and invalid uploads."""

import io
from datetime import date
from pathlib import Path

import pytest
from python_calamine import load_workbook
from xlsxwriter import Workbook

from incubator.interchange.assignments import ASSIGNMENTS
from incubator.projects.tables import Submission
from incubator.reviews.assignment.assign import assign
from incubator.reviews.tables import Assignment
from incubator.tabular.sheets import Cell, as_xlsx
from tests.browser import signed_in
from tests.cast import Cast, submitted
from tests.tabular.open_document import ods


async def test_assignments_as_a_table(cast: Cast) -> None:
    submission = await submitted(cast)
    await assign(submission, cast.mentor, by=cast.organiser)
    office = await signed_in(cast.organiser)
    table = (await office.open("/organiser/assignments/table.csv")).content.decode("utf-8-sig")
    assert table.splitlines()[0] == ",".join(ASSIGNMENTS.keys)
    assert cast.mentor.email in table
    workbook = await office.open("/organiser/assignments/table.xlsx")
    rows_of_office = load_workbook(io.BytesIO(workbook.content)).get_sheet_by_name("assignments").to_python()
    assert rows_of_office[0] == list(ASSIGNMENTS.keys)
    assert rows_of_office[1][0] == submission.id
    assert isinstance(rows_of_office[1][ASSIGNMENTS.keys.index("due")], date)

    await office.open("/organiser/assignments")
    rows = [
        "submission,mentor", f"{submission.id},{cast.second_mentor.email}", f"{submission.id},{cast.mentor.email}",
        f"{submission.id},{cast.coach.email}", f"{submission.id},nobody@example.org", "77777,x@example.org",
        f"{submission.id},",
    ]  # fmt: skip
    office.page = await office.http.post(
        "/organiser/assignments/check", data={"csrf": office.csrf()},
        files={"file": ("table.csv", "\n".join(rows).encode(), "text/csv")},
    )  # fmt: skip
    assert "Новых назначений: 1. Уже есть: 1. С ошибками: 3." in office.text
    assert await Assignment.count() == 1  # nothing has changed yet
    await office.send("/organiser/assignments")
    assert "Назначен 1 рецензент" in office.text
    assert await Assignment.count() == 2
    await office.open("/organiser/assignments")
    office.page = await office.http.post(
        "/organiser/assignments/check",
        data={"csrf": office.csrf()},
        files={"file": ("x.pdf", b"%PDF", "application/pdf")},
    )
    assert office.page.status_code == 422
    assert "Нужна таблица CSV, XLSX, XLS или ODS" in office.text


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
async def test_a_spreadsheet_comes_back_with_mentors(cast: Cast, tmp_path: Path, kind: str) -> None:
    submission = await submitted(cast)
    columns = ["submission", "mentor"]
    row: tuple[Cell, ...] = (submission.id, cast.mentor.email.upper())
    content = as_xlsx(columns, [row]) if kind == "xlsx" else ods(tmp_path / "table.ods", [columns, row]).read_bytes()
    office = await signed_in(cast.organiser)
    await office.open("/organiser/assignments")
    assert 'accept=".csv,.xlsx,.xls,.ods"' in office.page.text
    office.page = await office.http.post(
        "/organiser/assignments/check", data={"csrf": office.csrf()}, files={"file": (f"table.{kind}", content)}
    )
    assert "Новых назначений: 1. Уже есть: 0. С ошибками: 0." in office.text


def _corner() -> bytes:
    """A sheet of two cells that demands more memory than there is."""
    out = io.BytesIO()
    with Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write("A1", "submission")
        sheet.write("XFD1048576", "1")
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.csv\0.csv", b"submission,mentor\n1,\n"),
        ("x\0", b""),
        ("x.xlsx", b"PK not a zip"),
        ("x.xls", b"\xd0\xcf\x11\xe0 broken"),
        ("corner.xlsx", _corner()),
        ("x.csv", b"\xff\xfe\0\0,\n" * 20),
        ("x.csv", b"submission,mentor\n" + b"9" * 5000 + b",a@b.ru\n"),
    ],
)
async def test_a_table_of_anything_is_answered(cast: Cast, name: str, content: bytes) -> None:
    office = await signed_in(cast.organiser)
    await office.open("/organiser/assignments")
    office.page = await office.http.post(
        "/organiser/assignments/check", data={"csrf": office.csrf()}, files={"file": (name, content, "text/csv")}
    )
    assert office.page.status_code in {200, 422}
    await office.post(
        "/organiser/assignments", [("csrf", office.csrf()), ("pair", "9" * 5000 + " a@b.ru"), ("pair", "x")]
    )
    assert office.page.status_code == 200


async def test_a_cell_is_never_a_formula(cast: Cast) -> None:
    submission = await submitted(cast)
    await Submission.update({Submission.title: "=HYPERLINK(1)"}).where(Submission.id == submission.id)
    office = await signed_in(cast.organiser)
    table = (await office.open("/organiser/assignments/table.csv")).content.decode("utf-8-sig")
    assert ",'=HYPERLINK(1)," in table
