"""The demo's pictures, presentations and papers: drawn from texts, with the numbers of their projects, shown as far as people agree."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest

from incubator.demo import drawings, story
from incubator.projects.kinds.files import JUDGES
from tests.demo.telling import column

FILES = [(chapter, told) for chapter in story.projects() for told in chapter.get("file", [])]
#: Numbers that a project says in words, or that any text has.
SMALL = 20


def named(told: dict[str, Any]) -> Iterator[str]:
    yield from (told[key] for key in ("picture", "cover") if key in told)
    yield from (slide["picture"] for slide in told.get("slides", []) if "picture" in slide)


def test_each_drawing_is_in_the_story_and_the_story_names_no_other() -> None:
    assert {name for _chapter, told in FILES for name in named(told)} == set(drawings.names())


@pytest.mark.parametrize("name", drawings.names())
def test_a_drawing_names_only_what_it_has(name: str) -> None:
    svg = drawings.svg_of(name)
    ElementTree.fromstring(svg)
    ids = re.findall(r'\sid="([^"]+)"', svg)
    assert len(ids) == len(set(ids))
    assert {*re.findall(r"url\(#([^)]+)\)", svg), *re.findall(r'href="#([^"]+)"', svg)} <= set(ids)
    assert "data:" not in svg  # drawn, not a picture inside a drawing


async def test_a_drawing_becomes_a_picture_three_by_two() -> None:
    content = await drawings.picture("uley-na-vesah")
    assert content.startswith(b"\x89PNG")
    assert (int.from_bytes(content[16:20]), int.from_bytes(content[20:24])) == (1200, 800)


def words_of(chapter: dict[str, Any]) -> str:
    return re.sub(r"(?<=\d)[\s_](?=\d)", "", repr({key: chapter[key] for key in chapter if key != "file"}))


def numbers_of(told: dict[str, Any]) -> list[str]:
    shown = [figure for slide in told.get("slides", []) for figure, _words in slide.get("figures", [])]
    found = [re.sub(r"(?<=\d)\s(?=\d)", "", figure) for figure in shown]
    return [number for figure in found for number in re.findall(r"\d+(?:,\d+)?", figure)]


DECKS = [(chapter, told) for chapter, told in FILES if "slides" in told]


@pytest.mark.parametrize(("chapter", "told"), DECKS, ids=[chapter["title"] for chapter, _told in DECKS])
def test_a_presentation_says_the_numbers_of_its_project(chapter: dict[str, Any], told: dict[str, Any]) -> None:
    assert 6 <= len(told["slides"]) + 1 <= 8
    assert any(slide.get("shows_money") for slide in told["slides"])
    text = words_of(chapter)
    for number in numbers_of(told):
        if "," in number or int(number) >= SMALL:
            assert re.search(rf"(?<![\d,]){number}(?!\d)", text), number


def test_tables_add_up() -> None:
    totals = 0
    for _chapter, told in FILES:
        rows = told.get("note", {}).get("rows", [])
        if rows and rows[-1][0] == "Всего":
            totals += 1
            assert sum(int(row[1]) for row in rows[1:-1]) == int(rows[-1][1]), rows
    assert totals >= 2


def test_the_showcase_has_pictures_beside_drawn_covers(told: Path) -> None:
    covers = column(told, "SELECT cover != '' FROM publication")
    assert covers.count(1) >= 6
    assert covers.count(0) >= 2
    assert len(column(told, "SELECT DISTINCT project FROM attachment")) >= 8
    assert column(told, "SELECT id FROM attachment WHERE sort = 'pdf' AND pages >= 6")
    assert not column(told, "SELECT id FROM attachment WHERE is_to_look_at")


def pictures(told: Path, name: str) -> str:
    (address,) = column(
        told, f"SELECT '/files/' || id || '/' || code || '-0-480.webp' FROM attachment WHERE name = '{name}.png'"
    )
    return str(address)


def test_a_face_is_public_where_everybody_on_it_agreed_and_not_elsewhere(told: Path, site: str) -> None:
    without = [
        told["picture"]
        for chapter, told in FILES
        if "picture" in told
        for mate in chapter["member"]
        if mate["given"] in told.get("on", []) and "photo" not in mate["consents"]
    ]
    assert "seti-bereg" in without
    with httpx.Client(base_url=site) as visitor:
        for name in without:
            assert visitor.get(pictures(told, name)).status_code == 404, name
        for name in ("seti-press", "zakvaska-ruki", "seti-prichal"):
            assert visitor.get(pictures(told, name)).status_code == 200, name
        (slug,) = column(told, "SELECT slug FROM project WHERE title = 'Вторая жизнь сетей'")
        page = visitor.get(f"/showcase/{slug}").text
        assert pictures(told, "seti-press").removesuffix("480.webp") in page
        assert pictures(told, "seti-bereg").removesuffix("480.webp") not in page
        assert "Проверка на морозе" in page
        assert "Опрос садоводов" not in page  # for judges alone


def test_some_papers_are_for_judges_alone(told: Path) -> None:
    values = column(told, "SELECT text FROM answer WHERE key = 'appendices'")
    assert sum(f'"readers":"{JUDGES}"' in str(value) for value in values) >= 2
