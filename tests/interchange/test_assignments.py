"""Assignments as a table: out, in with a look first, and whatever somebody uploads instead."""

import io
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook

from incubator.interchange.assignments import COLUMNS, rows_of
from incubator.projects.tables import Submission
from incubator.reviews.assignment.assign import assign
from incubator.reviews.tables import Assignment
from incubator.tabular.rows import UnknownFormat
from tests.browser import signed_in
from tests.cast import Cast, submitted


async def test_assignments_as_a_table(cast: Cast) -> None:
    submission = await submitted(cast)
    await assign(submission, cast.mentor, by=cast.organiser)
    office = await signed_in(cast.organiser)
    table = (await office.open("/organiser/assignments/table.csv")).content.decode("utf-8-sig")
    assert table.splitlines()[0] == ",".join(COLUMNS)
    assert cast.mentor.email in table
    workbook = await office.open("/organiser/assignments/table.xlsx")
    assert workbook.content[:2] == b"PK"

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
    assert await Assignment.count() == 1  # nothing happened yet
    await office.send("/organiser/assignments")
    assert "Назначено: 1" in office.text
    assert await Assignment.count() == 2
    await office.open("/organiser/assignments")
    office.page = await office.http.post(
        "/organiser/assignments/check",
        data={"csrf": office.csrf()},
        files={"file": ("x.pdf", b"%PDF", "application/pdf")},
    )
    assert office.page.status_code == 422
    assert "Нужна таблица CSV или XLSX" in office.text


def _bomb() -> bytes:
    """A workbook of a few kilobytes that unpacks to fifty megabytes."""
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as parts:
        parts.writestr("xl/worksheets/sheet1.xml", b" " * 50_000_000)
    return out.getvalue()


def _gap() -> bytes:
    """A sheet with a cell in its last line but one, and nothing between."""
    book = Workbook()
    sheet = book.active
    assert sheet
    sheet["A1"], sheet["A1048000"] = "submission", "1"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_an_uploaded_table_is_read_no_further_than_it_may_be_long() -> None:
    assert len(rows_of("gap.xlsx", _gap())) <= 5001
    many = b"submission,mentor\n" + b"1,a@example.org\n" * 6000
    assert len(rows_of("long.csv", many)) == 5001
    with pytest.raises(UnknownFormat):
        rows_of("wide.csv", ",".join(f"c{n}" for n in range(40_000)).encode() + b"\n1" * 4000)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.csv\0.csv", b"submission,mentor\n1,\n"),
        ("x\0", b""),
        ("x.xlsx", b"PK not a zip"),
        ("bomb.xlsx", _bomb()),
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
