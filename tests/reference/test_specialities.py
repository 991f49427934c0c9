"""Specialities imported from a table: added, updated, and errors reported."""

from pathlib import Path

from incubator.reference.specialities import load_specialities
from incubator.reference.tables import Speciality
from incubator.tabular.reading import read_rows
from tests.interchange.files import as_csv, xlsx

GOOD = [
    {"code": "09.02.07", "name": "Информационные системы и программирование", "level": "СПО"},
    {"code": "35.02.05", "name": "Агрономия", "level": "СПО"},
]


async def test_they_are_added_and_changed(database: object, tmp_path: Path) -> None:
    assert await load_specialities(read_rows(xlsx(tmp_path / "list.xlsx", GOOD))) == (2, [])
    changed = [{**GOOD[1], "name": "Агрономия и экология"}, {"code": "15.01.05", "name": "Сварщик", "level": ""}]
    assert await load_specialities(read_rows(as_csv(tmp_path / "list.csv", changed))) == (2, [])
    rows = await Speciality.select(Speciality.code, Speciality.title, Speciality.level).order_by(Speciality.code)
    assert [tuple(row.values()) for row in rows] == [
        ("09.02.07", "Информационные системы и программирование", "СПО"),
        ("15.01.05", "Сварщик", ""),
        ("35.02.05", "Агрономия и экология", "СПО"),
    ]


async def test_what_is_wrong_is_named_and_left_out(database: object, tmp_path: Path) -> None:
    rows = [
        {"code": "9.2.7", "name": "Без нулей"},
        {"code": "09.02.07", "name": ""},
        {"code": "35.02.05", "name": "А" * 201},
    ]
    count, problems = await load_specialities(
        read_rows(as_csv(tmp_path / "list.csv", [*rows, {"code": "15.01.05", "name": "Сварщик"}]))
    )
    assert count == 1
    assert [(problem.row, problem.column) for problem in problems] == [(2, "code"), (3, "name"), (4, "name")]
    assert await Speciality.count() == 1
