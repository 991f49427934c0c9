"""Importing projects: formats, reports, repeated runs, and real ones."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from incubator.history.tables import Event
from incubator.interchange.import_report import ImportReport
from incubator.interchange.project_context import UnknownField
from incubator.interchange.project_import import ProjectImport
from incubator.interchange.projects import import_rows
from incubator.programme.tables import Season
from incubator.projects.document import frozen_parts
from incubator.projects.tables import Answer, Project, Submission
from incubator.publication.tables import Publication, PublicVersion
from incubator.showcase.catalogue import PER_PAGE, find
from incubator.showcase.filters import Wish
from incubator.tabular.rows import UnknownFormat
from tests.browser import Browser
from tests.interchange.files import Bar, as_csv, json_lines, xlsx
from tests.sample import Source, each_source, rows_of
from tests.scale import part_of
from tests.tabular.open_document import ods
from tests.tabular.test_rows import XLS

ROWS = [
    {"id": "1", "Название": "Умная кормушка", "Беда": "Телята не допивают", "Район": "Лужский район"},
    {"id": "2", "Название": "Тёплая плитка", "Беда": "У двери лёд", "Район": "Тосненский район"},
    {"id": "3", "Название": "Чистый берег", "Беда": "Пластик в реке", "Район": "Подпорожский район"},
]


def wish(**changes: Any) -> ProjectImport:
    mapping = {"title": "Название", "problem": "Беда", "municipality": "Район"}
    usual = ProjectImport(mapping, id_column="id", season="2024", stage="idea", publish=True, source="ideas")
    return replace(usual, **changes)


async def bring(
    path: Path, *, dry_run: bool = False, batch: int = 2, bar: Bar | None = None, **changes: Any
) -> ImportReport:
    return await import_rows(path, wish(**changes), dry_run=dry_run, batch=batch, progress=bar or Bar())


@pytest.mark.parametrize("kind", ["jsonl", "csv", "excel-csv", "xlsx", "xls", "ods"])
async def test_every_format_brings_the_same(sqlite: Any, tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"ideas.{kind.rpartition('-')[2]}"
    match kind:
        case "jsonl":
            json_lines(path, ROWS)
        case "csv":
            as_csv(path, ROWS)
        case "excel-csv":  # as a Russian Excel saves it
            as_csv(path, ROWS, delimiter=";", encoding="cp1251")
        case "xlsx":
            xlsx(path, ROWS)
        case "xls":
            path = XLS  # contains the same ideas
        case "ods":
            ods(path, [list(ROWS[0]), *(list(row.values()) for row in ROWS)])
    report = await bring(path)
    assert (report.rows, report.created, report.problems) == (3, 3, [])
    projects = await Project.objects(Project.municipality).order_by(Project.id)
    assert [p.title for p in projects] == [row["Название"] for row in ROWS]
    assert [p.municipality.title_ru for p in projects] == [row["Район"] for row in ROWS]
    assert {a.text for a in await Answer.objects()} == {row["Беда"] for row in ROWS}
    browser = Browser()
    await browser.open("/showcase?q=кормушка")
    assert "/showcase/umnaya-kormushka" in browser.text


async def test_a_dry_run_writes_nothing(database: Any, tmp_path: Path) -> None:
    report = await bring(json_lines(tmp_path / "ideas.jsonl", ROWS), dry_run=True)
    assert report.created == 3
    assert not await Project.exists()
    assert not await Season.exists()
    assert not await Event.exists()


async def test_again_changes_nothing(database: Any, tmp_path: Path) -> None:
    path = json_lines(tmp_path / "ideas.jsonl", ROWS)
    await bring(path)
    again = await bring(json_lines(path, [*ROWS, {"id": "4", "Название": "Новая"}]))
    assert (again.created, again.known) == (1, 3)
    assert await Project.count() == await Submission.count() == await Publication.count() == 4


async def test_an_import_that_broke_off_is_simply_started_again(database: Any, tmp_path: Path) -> None:
    path = json_lines(tmp_path / "ideas.jsonl", [{"id": str(n), "Название": f"Проект {n}"} for n in range(10)])
    with pytest.raises(KeyboardInterrupt):
        await bring(path, batch=3, bar=Bar(breaks_after=6), mapping={})
    assert await Project.count() == await Submission.count() == 6
    rest = await bring(path, batch=3, mapping={})
    assert (rest.created, rest.known) == (4, 6)
    assert await Project.count() == 10


async def test_bad_rows_are_named_and_skipped(database: Any, tmp_path: Path) -> None:
    path = json_lines(
        tmp_path / "ideas.jsonl",
        [
            ROWS[0],
            {"id": "", "Название": "Без номера"},
            {"id": "5", "Название": "  "},
            {"id": "6", "Название": "Где это", "Район": "Атлантида"},
            {"id": "7", "Название": "ж" * 201},
            {"id": "8", "Название": "Роман", "Беда": "а" * 20_001},
        ],
    )
    with path.open("a", encoding="utf-8") as more:
        more.write('{"id": "9", \n[1, 2]\n')
    report = await bring(path)
    assert report.created == 1
    assert [(p.row, p.column) for p in report.problems] == [
        (2, "id"), (3, "Название"), (4, "Район"), (5, "Название"), (6, "Беда"), (7, ""), (8, ""),
    ]  # fmt: skip
    assert "Атлантида" in str(report.problems[2])
    assert await Project.count() == 1


async def test_an_unknown_field_or_file_is_said_before_anything_is_written(database: Any, tmp_path: Path) -> None:
    with pytest.raises(UnknownField, match="colour"):
        await bring(json_lines(tmp_path / "ideas.jsonl", ROWS), mapping={"colour": "Цвет"}, dry_run=True)
    (tmp_path / "ideas.docx").write_bytes(b"PK")
    with pytest.raises(UnknownFormat, match=r"\.csv, \.xlsx, \.xls, \.ods или \.jsonl"):
        await bring(tmp_path / "ideas.docx")
    (tmp_path / "ideas.xlsx").write_bytes(b"not a workbook")
    with pytest.raises(UnknownFormat):
        await bring(tmp_path / "ideas.xlsx")


async def test_sources_whose_names_look_alike_do_not_mix(database: Any, tmp_path: Path) -> None:
    path = json_lines(tmp_path / "ideas.jsonl", ROWS[:1])
    await bring(path, source="file_1")
    report = await bring(path, source="fileX1")
    assert (await bring(path, source="file_1")).known == 1
    assert report.created == 1


@each_source
async def test_real_projects(sqlite: Any, tmp_path: Path, source: Source) -> None:
    rows = part_of(rows_of(source.projects))
    path = json_lines(tmp_path / "projects.jsonl", rows)
    mapping = {"title": "title", "pitch": "summary", "problem": "description_html", "organisation": "organisation"}
    report = await bring(path, batch=100, mapping=mapping, season="2019-2025", stage="project")
    assert (report.rows, report.created, report.problems) == (len(rows), len(rows), [])
    browser = Browser()
    await browser.open("/showcase?season=2019-2025")
    assert browser.text.count('class="card"') == min(len(rows), PER_PAGE)
    assert (await find(Wish("", {"season": ("2019-2025",)}))).total == len(rows)
    assert "<script" not in browser.page.text.split("<main")[1].split("</main>")[0]


async def test_an_import_publishes_no_telephone_numbers_and_addresses(database: Any, tmp_path: Path) -> None:
    path = json_lines(
        tmp_path / "ideas.jsonl",
        [
            {
                "id": "1",
                "title": "Мост",
                "help_wanted": "Звоните 8 921 123-45-67",
                "organisation": "Кружок, 8 921 123-45-67",
                "pitch": "Пишите на most@mail.ru, ждём",
            }
        ],
    )
    wish = ProjectImport({}, "id", "2024", "idea", publish=True, source="ideas")
    await import_rows(path, wish, dry_run=False, batch=10, progress=Bar())
    row, entry = await PublicVersion.objects().first(), await Publication.objects().first()
    assert row
    assert entry
    assert [part.text for part in frozen_parts(row)] == ["Пишите на ▮▮▮, ждём"]
    assert "most@mail.ru" not in row.content
    assert (entry.help_wanted, entry.pitch) == ("Звоните ▮▮▮", "Пишите на ▮▮▮, ждём")
    assert entry.organisation == "Кружок, ▮▮▮"
    answer = await Answer.objects().first()
    assert answer
    assert answer.text == "Пишите на most@mail.ru, ждём"  # the team's own document stays whole
