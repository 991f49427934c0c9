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
from incubator.reviews.assignment.decline import decline
from incubator.reviews.assignment.mentors import change_capacity
from incubator.reviews.reviewing.review import Opinion, save_review
from incubator.reviews.tables import Assignment, Mentor
from incubator.tabular.sheets import Cell, as_xlsx
from tests.browser import Browser, signed_in
from tests.cast import Cast, send, submitted
from tests.mail.sent import subjects
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
    assert "Назначен 1 наставник" in office.text
    assert await Assignment.count() == 2
    await office.open("/organiser/assignments")
    office.page = await office.http.post(
        "/organiser/assignments/check",
        data={"csrf": office.csrf()},
        files={"file": ("x.pdf", b"%PDF", "application/pdf")},
    )
    assert office.page.status_code == 422
    assert "Не получилось прочитать: " in office.text


async def upload(office: Browser, rows: list[str], **fields: str) -> None:
    await office.open("/organiser/assignments")
    office.page = await office.http.post(
        "/organiser/assignments/check", data={"csrf": office.csrf(), **fields},
        files={"file": ("table.csv", "\n".join(rows).encode(), "text/csv")},
    )  # fmt: skip


async def who_is_on(submission: Submission) -> set[int]:
    rows = await Assignment.select(Assignment.mentor).where(
        (Assignment.submission == submission.id) & Assignment.open()
    )
    return {row["mentor"] for row in rows}


async def test_a_table_replaces_where_that_is_asked(cast: Cast) -> None:
    submission = await submitted(cast)
    first = await assign(submission, cast.mentor, by=cast.organiser)
    await save_review(first, Opinion({}, "Черновик о проблеме", "", ""), version=0, by=cast.mentor)
    await assign(submission, cast.second_mentor, by=cast.organiser)
    office = await signed_in(cast.organiser)
    rows = [
        "submission,mentor",
        f"{submission.id},{cast.second_mentor.email}",
        f"{submission.id},{cast.idle_mentor.email}",
    ]
    await upload(office, rows, mode="add")
    assert "Будет снято" not in office.text
    await upload(office, rows, mode="replace")
    assert "Новых назначений: 1. Уже есть: 1. С ошибками: 0. Будет снято: 1." in " ".join(office.text.split())
    assert "есть черновик" in office.text
    assert await who_is_on(submission) == {cast.mentor.id, cast.second_mentor.id}  # nothing has changed yet
    await office.send("/organiser/assignments")
    assert "Назначен 1 наставник" in office.text
    assert "Снято 1 назначение" in office.text
    assert await who_is_on(submission) == {cast.second_mentor.id, cast.idle_mentor.id}
    assert (await subjects(cast.mentor))[-1] == "Рецензия на «Тихий улей» больше не нужна"
    former = await signed_in(cast.mentor)
    assert (await former.open(f"/reviews/{first.id}")).status_code == 200
    assert "Черновик о проблеме" in former.page.text


async def test_replacing_spares_sent_reviews_and_rows_that_are_wrong(cast: Cast) -> None:
    submission = await submitted(cast)
    sent = await assign(submission, cast.mentor, by=cast.organiser)
    await send(sent, submission, cast.mentor)
    await assign(submission, cast.second_mentor, by=cast.organiser)
    office = await signed_in(cast.organiser)
    await upload(office, ["submission,mentor", f"{submission.id},"], mode="replace")
    assert "Будет снято: 1." in office.text
    assert "рецензия уже отправлена" in office.text
    await upload(office, ["submission,mentor", f"{submission.id},wrong@example.org"], mode="replace")
    assert "Будет снято: 0." in office.text  # a typing mistake takes nobody off
    await upload(office, ["submission,mentor", "77777,x@example.org"], mode="replace")
    assert "Будет снято: 0." in office.text


async def test_a_table_says_who_would_have_more_than_they_offer(cast: Cast) -> None:
    submission = await submitted(cast)
    await assign(submission, cast.mentor, by=cast.organiser)
    await change_capacity(cast.idle_mentor.id, 0, by=cast.organiser)
    await change_capacity(cast.second_mentor.id, 1, by=cast.organiser)
    office = await signed_in(cast.organiser)
    asked = [f"{submission.id},{cast.idle_mentor.email}", f"{submission.id},{cast.second_mentor.email}"]
    await upload(office, ["submission,mentor", *asked], mode="replace")
    assert "больше рецензий, чем они готовы" in office.text
    assert "Вера Тихая: ждут 1, предел 0" in " ".join(office.text.split())
    assert "Борис Волков: ждут" not in " ".join(office.text.split())
    await upload(office, ["submission,mentor", asked[1]], mode="replace")
    assert "больше рецензий, чем они готовы" not in office.text


async def test_a_table_says_whose_limit_of_a_season_it_exceeds(cast: Cast) -> None:
    submission = await submitted(cast)
    await Mentor.update({Mentor.season_capacity: 0}).where(Mentor.person == cast.idle_mentor.id)
    await Mentor.update({Mentor.season_capacity: 1}).where(Mentor.person == cast.second_mentor.id)
    office = await signed_in(cast.organiser)
    asked = [f"{submission.id},{cast.idle_mentor.email}", f"{submission.id},{cast.second_mentor.email}"]
    await upload(office, ["submission,mentor", *asked])
    said = " ".join(office.text.split())
    assert "Вера Тихая: за сезон 1, предел 0" in said
    assert "Борис Волков: за сезон" not in said
    await change_capacity(cast.idle_mentor.id, 0, by=cast.organiser)
    await upload(office, ["submission,mentor", *asked])
    assert "Вера Тихая: ждут 1, предел 0; за сезон 1, предел 0" in " ".join(office.text.split())
    await assign(submission, cast.idle_mentor, by=cast.organiser)
    await office.open("/organiser/proposal")
    assert "Вера Тихая: ждут 1, предел 0; за сезон 1, предел 0 · лишняя 1" in " ".join(office.text.split())
    mentor = await signed_in(cast.idle_mentor)
    await mentor.open("/desk/offer")
    await mentor.send("/desk/offer", capacity="4", season_capacity="0", languages=["ru"])
    assert "За сезон у вас уже 1 рецензия" in mentor.text
    assert "это больше нового предела. Она остаётся" not in mentor.text


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe\0\0", "Заявка;Наставник\n1;a@b.ru".encode(), b"submission,mentor\n"]
)
async def test_a_table_without_submissions_is_refused(cast: Cast, content: bytes) -> None:
    office = await signed_in(cast.organiser)
    await office.open("/organiser/assignments")
    office.page = await office.http.post(
        "/organiser/assignments/check", data={"csrf": office.csrf(), "mode": "replace"},
        files={"file": ("table.csv", content, "text/csv")},
    )  # fmt: skip
    assert office.page.status_code == 422
    assert "нет ни одной заявки" in office.text
    assert "Что получится" not in office.text


async def test_the_exported_table_comes_back_without_effect(cast: Cast) -> None:
    """Rows of the past ask for nothing, and whoever is assigned stays."""
    submission = await submitted(cast)
    gone = await assign(submission, cast.mentor, by=cast.organiser)
    await decline(gone, reason="Отпуск", is_conflict=False, by=cast.mentor)
    await assign(submission, cast.second_mentor, by=cast.organiser)
    office = await signed_in(cast.organiser)
    table = (await office.open("/organiser/assignments/table.csv")).content.decode("utf-8-sig")
    for mode in ("add", "replace"):
        await upload(office, table.splitlines(), mode=mode)
        assert "Новых назначений: 0. Уже есть: 1. С ошибками: 0." in office.text
        assert not office.has_form("/organiser/assignments")
    await upload(office, ["submission,mentor", f"{submission.id},{cast.mentor.email}"], mode="add")
    assert "Новых назначений: 1." in office.text  # a row without a state asks them again


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
