"""What the public finds: filters and words, pages, and only what was published."""

import re
from pathlib import Path
from typing import Any

import pytest

from incubator.db import counting
from incubator.interchange.projects import ProjectImport, import_rows
from incubator.projects.tables import Project
from incubator.showcase.catalogue import PER_PAGE, Wish
from tests.browser import Browser
from tests.interchange.files import Bar, json_lines

TOLD = [
    {"id": "hive", "title": "Тихий улей", "pitch": "Датчик слушает пчёл", "cluster": "agro", "municipality": "Лужский район"},
    {"id": "ice", "title": "Тёплая плитка", "pitch": "У двери школы нет льда", "cluster": "energy", "municipality": "Тосненский район"},
    {"id": "trough", "title": "Умная кормушка", "pitch": "Телята пьют вовремя", "cluster": "agro", "municipality": "Тосненский район"},
]  # fmt: skip


async def show(
    tmp_path: Path, rows: list[dict[str, str]], *, season: str = "2024", stage: str = "idea", publish: bool = True
) -> None:
    path = json_lines(tmp_path / f"{season}-{stage}.jsonl", rows)
    wish = ProjectImport({}, "id", season, stage, publish=publish, source=path.stem)
    report = await import_rows(path, wish, dry_run=False, batch=50, progress=Bar())
    assert report.problems == []


@pytest.fixture
async def told(database: Any, tmp_path: Path) -> None:
    await show(tmp_path, TOLD)
    await show(tmp_path, [{"id": "later", "title": "Речной дозор", "pitch": "Пчёл нет"}], season="2025", stage="plan")
    await show(
        tmp_path, [{"id": "secret", "title": "Ещё не показан", "pitch": "Пчёлы"}], stage="project", publish=False
    )
    await Project.update({Project.state: "graduated"}).where(Project.title == "Речной дозор")


async def titles(address: str) -> list[str]:
    browser = Browser()
    response = await browser.open(address)
    assert response.status_code == 200
    return re.findall(r'<h3><a href="/showcase/[^"]+">([^<]+)</a>', browser.text)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Речной дозор", "Умная кормушка", "Тёплая плитка", "Тихий улей"]),
        ("stage=idea", ["Умная кормушка", "Тёплая плитка", "Тихий улей"]),
        ("stage=plan", []),  # it graduated
        ("stage=graduated", ["Речной дозор"]),
        ("season=2025", ["Речной дозор"]),
        ("cluster=agro", ["Умная кормушка", "Тихий улей"]),
        ("cluster=agro&municipality=tosno", ["Умная кормушка"]),
        ("q=пчела", ["Речной дозор", "Тихий улей"]),
        ("q=ПЧЁЛАМИ+датчики", ["Тихий улей"]),
        ("q=теплые+плитки", ["Тёплая плитка"]),
        ("q=Лужский", ["Тихий улей"]),
        ("q=%25", ["Речной дозор", "Умная кормушка", "Тёплая плитка", "Тихий улей"]),
        ("q=трактор", []),
        ("stage=nonsense&page=-3&cluster=", ["Речной дозор", "Умная кормушка", "Тёплая плитка", "Тихий улей"]),
    ],
)
async def test_what_is_found(told: None, query: str, expected: list[str]) -> None:
    assert await titles(f"/showcase?{query}") == expected


async def test_nothing_found_says_what_to_do(told: None) -> None:
    browser = Browser()
    await browser.open("/showcase?q=трактор&cluster=agro")
    assert 'href="/showcase"' in browser.text.split("<main")[1]


async def test_what_is_not_published_is_nowhere(told: None) -> None:
    secret = await Project.objects().get(Project.title == "Ещё не показан")
    assert secret
    browser = Browser()
    for address in ("/", "/showcase", "/showcase?q=показан", "/showcase?stage=project"):
        await browser.open(address)
        assert "Ещё не показан" not in browser.text
    assert (await browser.open(f"/showcase/{secret.slug}")).status_code == 404


async def test_pages_show_each_project_once(database: Any, tmp_path: Path) -> None:
    number = PER_PAGE * 2 + 3
    await show(tmp_path, [{"id": str(n), "title": f"Проект {n}"} for n in range(number)])
    pages = [await titles(f"/showcase?page={n}") for n in (1, 2, 3, 4)]
    assert [len(page) for page in pages] == [PER_PAGE, PER_PAGE, 3, 0]
    assert len({title for page in pages for title in page}) == number


async def test_the_number_of_queries_does_not_grow(database: Any, tmp_path: Path) -> None:
    async def queries(address: str) -> int:
        with counting() as seen:
            await Browser().open(address)
        return len(seen)

    await show(tmp_path, TOLD[:1])
    few = [await queries(address) for address in ("/", "/showcase", "/showcase?q=улей&cluster=agro")]
    await show(tmp_path, [{"id": str(n), "title": f"Проект {n}", "cluster": "agro"} for n in range(30)], stage="plan")
    assert [await queries(a) for a in ("/", "/showcase", "/showcase?q=улей&cluster=agro")] == few
    project = await Project.objects().get(Project.title == "Тихий улей")
    assert project
    assert await queries(f"/showcase/{project.slug}") <= 12


def test_a_filter_keeps_the_others_and_begins_at_page_one() -> None:
    wish = Wish.of({"q": "hive", "cluster": "agro", "page": "3"})
    assert wish.url(stage="idea") == "/showcase?q=hive&stage=idea&cluster=agro"
    assert wish.url(page=2) == "/showcase?q=hive&cluster=agro&page=2"
    assert wish.url(q="", cluster="") == "/showcase"
